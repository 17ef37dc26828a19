//! Whole pages, summarized.

use super::*;

fn page_of(content: &[u8], fields: &[(&str, &str)]) -> Page {
    let headers: Headers = fields.iter().copied().collect();
    let url = Url::parse("https://shop.test/list/?page=2").unwrap();
    summarize(content, &headers, &url).unwrap()
}

fn html_of(content: &str) -> Html {
    let page = page_of(content.as_bytes(), &[("Content-Type", "text/html; charset=utf-8")]);
    let Body::Html(html) = page.body else { panic!("no HTML") };
    *html
}

#[test]
fn a_page_is_told_in_full() {
    let content = include_bytes!("../../fixtures/pages/ordinary.html");
    let page = page_of(
        content,
        &[
            ("Content-Type", "text/html"),
            ("Link", "</list/all>; rel=\"canonical\", </style.css>; rel=preload"),
            ("X-Robots-Tag", "noarchive"),
        ],
    );
    assert_eq!(
        (page.media.name(), page.media.kind, page.media.sniffed),
        ("text/html", Kind::Html, false)
    );
    let charset = page.charset.unwrap();
    assert_eq!((charset.name(), charset.how, page.malformed), ("UTF-8", How::Meta, false));
    assert_eq!(page.linked_canonical.as_deref(), Some("https://shop.test/list/all"));
    assert_eq!(page.canonical(), Some("https://shop.test/list/"));
    assert!(page.canonicals_differ());
    assert!(page.robots.noarchive() && page.robots.nofollow() && !page.robots.noindex());
    let html = page.html().unwrap();
    assert_eq!(html.title.as_deref(), Some("Chairs & tables – Shop"));
    assert_eq!(html.heading.as_deref(), Some("Chairs & tables"));
    assert_eq!(html.description.as_deref(), Some("All of our chairs, and the tables too."));
    assert_eq!(html.language.as_deref(), Some("en-GB"));
    assert_eq!(html.generator.as_deref(), Some("By hand"));
    assert_eq!(html.base.as_deref(), Some("https://shop.test/catalogue/"));
    let links = Links { internal: 5, external: 1, within: 0, other: 2, nofollow: 1, unplaced: 0 };
    assert_eq!(html.links, links);
    assert_eq!((html.inline_scripts, html.linked_scripts), (1, 1));
    assert_eq!((html.images, html.frames, html.translations), (2, 1, 2));
    assert_eq!(html.feeds, ["https://shop.test/catalogue/feed.xml"]);
    assert_eq!(html.sources, ["/shop.js", "https://map.test/embed?x=1&y=2"]);
    assert_eq!(html.needs_javascript, Vec::<String>::new());
    let [search, login] = html.forms.as_slice() else { panic!("{:?}", html.forms) };
    assert_eq!((search.method, search.action.as_str()), ("GET", "https://shop.test/list/?page=2"));
    assert_eq!((search.fields, search.password), (2, false));
    assert_eq!((login.method, login.action.as_str()), ("POST", "https://shop.test/login"));
    assert_eq!((login.fields, login.password), (4, true));
    assert_eq!(login.names, ["user", "pass", "csrf_token", "note"]);
    assert_eq!(login.tokens, ["csrf_token"]);
    assert!(html.opening.starts_with("Shop Chairs & tables Oak chair"), "{}", html.opening);
    assert!(!html.opening.contains("hidden") && !html.opening.contains("var "));
}

#[test]
fn text_in_scripts_titles_of_pictures_and_templates_is_not_seen() {
    let html = html_of(
        "<svg><title>Logo</title></svg><title>Page</title><title>Other</title>\
         <template>secret</template><style>p{}</style><textarea>typed</textarea><p>One<b>two</b>",
    );
    assert_eq!(html.title.as_deref(), Some("Page"));
    assert_eq!(html.opening, "One two");
}

#[test]
fn a_page_that_its_scripts_fill_is_known() {
    for (page, reasons) in [
        ("<div id=root></div><script src=a.js></script>", 2),
        (
            "<noscript>You need to enable JavaScript.</noscript><div id=app> </div><script>1</script>",
            3,
        ),
        ("<app-root></app-root><script src=a.js></script>", 2),
        ("<p>Please enable JavaScript to go on.</p><script src=a.js></script>", 2),
    ] {
        let html = html_of(page);
        assert_eq!(html.needs_javascript.len(), reasons, "{page}: {:?}", html.needs_javascript);
    }
    let long = "word ".repeat(200);
    for page in [
        "<div id=root></div>".to_owned(),
        "<div id=root>Hello</div><script src=a.js></script>".to_owned(),
        format!("<div id=root></div><script src=a.js></script><p>{long}"),
        format!("<noscript>needs JavaScript</noscript><script src=a.js></script><p>{long}"),
        "<p>Short page.</p><script src=a.js></script>".to_owned(),
        "<p>JavaScript is a language.</p><script src=a.js></script>".to_owned(),
        format!("<noscript>Better with JavaScript.</noscript><script>1</script>{}", &long[..200]),
        "<div id=root></div><script type='application/ld+json'>{}</script>".to_owned(),
    ] {
        assert_eq!(html_of(&page).needs_javascript, Vec::<String>::new(), "{page}");
    }
}

#[test]
fn a_page_in_utf16_or_in_a_legacy_encoding_is_read() {
    let text = "<title>Größe</title><a href='/ä'>x</a>";
    let mut wide = vec![0xff, 0xfe];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let page = page_of(&wide, &[("Content-Type", "text/html; charset=latin1")]);
    let charset = page.charset.unwrap();
    assert_eq!((charset.name(), charset.how), ("UTF-16LE", How::ByteOrderMark));
    assert_eq!(page.html().unwrap().title.as_deref(), Some("Größe"));
    assert_eq!((page.html().unwrap().links.internal, page.malformed), (1, false));
    let page = page_of(b"<title>Gr\xf6\xdfe</title>", &[]);
    assert_eq!(page.html().unwrap().title.as_deref(), Some("Größe"));
    assert_eq!(page.charset.unwrap().how, How::Guess);
    let page =
        page_of(b"<title>Gr\xf6\xdfe</title>", &[("Content-Type", "text/html;charset=utf-8")]);
    assert!(page.malformed);
}

#[test]
fn other_content_is_told_by_what_it_is() {
    let of = |content: &[u8], kind: &str| page_of(content, &[("Content-Type", kind)]);
    assert!(matches!(
        of(b"{\"a\":1}", "application/json").body,
        Body::Json(Json { values: 1, .. })
    ));
    assert!(matches!(of(b"{\"a\":1}", "text/html").body, Body::Json(_)));
    let feed = of(b"<?xml version='1.0'?><feed><entry/></feed>", "application/atom+xml");
    assert!(matches!(feed.body, Body::Xml(Xml { is: XmlKind::Atom, entries: 1, .. })));
    assert!(matches!(of(b"a\nb\n", "text/plain").body, Body::Text(Text { lines: 2, .. })));
    let picture = of(b"GIF89a...", "text/html");
    assert_eq!((picture.media.name(), &picture.body), ("image/gif", &Body::Binary));
    assert!(picture.charset.is_none());
    let headers = Headers::new();
    assert!(summarize(b"", &headers, &Url::parse("http://a.test/").unwrap()).is_none());
}

#[test]
fn in_xhtml_an_element_may_close_itself_and_cdata_is_text() {
    let content = b"<?xml version='1.0'?><html><script src='a.js'/><title>T</title>\
                    <p><![CDATA[a<b>]]></p></html>";
    let page = page_of(content, &[("Content-Type", "application/xhtml+xml")]);
    let html = page.html().unwrap();
    assert_eq!((html.title.as_deref(), html.linked_scripts), (Some("T"), 1));
}

#[test]
fn whatever_a_page_holds_what_is_kept_is_little() {
    let big = "x".repeat(10 << 20);
    let many = |piece: &str| piece.repeat(100_000);
    for content in [
        big.clone(),
        format!("<title>{big}"),
        format!("<h1>{big}</h1><meta name=description content='{big}'>"),
        format!("<a href='{big}'><form action='{big}'><input name='{big}'>"),
        format!("<html lang='{big}'><base href='/{big}'><link rel=canonical href='/{big}'>"),
        format!("<meta name=robots content='{big}'><meta http-equiv=refresh content='0;{big}'>"),
        many("<div>"),
        many("<form><input type=password name=a></form>"),
        many("<script src=a></script><iframe src=b></iframe>"),
        many("<link rel=alternate type=application/rss+xml href=/f hreflang=x>"),
        many("<meta name=robots content='noindex,nofollow'>"),
        many("<svg><noscript><template>"),
        many("\0"),
        many("<a href=/>"),
    ] {
        let page = page_of(format!("<html>{content}").as_bytes(), &[("Link", &content[..1000])]);
        let kept = format!("{page:?}").len();
        assert!(kept < 200_000, "{kept} bytes of {}", &content[..60]);
    }
}
