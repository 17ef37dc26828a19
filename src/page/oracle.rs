//! The scanner against html5ever's tokenizer: the same tags with the same attributes, and the
//! same text, of fixtures, of mutated fixtures and of anything.

use super::entities::{attribute, text};
use super::tokens::{Scanner, Token, Tokens, work};
use encoding_rs::UTF_8;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token as Theirs, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;
use std::cell::{Cell, RefCell};

/// What both say.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Start { name: String, attributes: Vec<(String, String)>, slash: bool },
    End(String),
    Text(String),
}

/// Joins text that came in pieces. A NUL between tags is for the tree to drop, so it counts for
/// neither.
fn push(all: &mut Vec<Said>, said: Said) {
    let Said::Text(piece) = said else { return all.push(said) };
    let piece: String = piece.chars().filter(|c| !matches!(c, '\0' | '\u{fffd}')).collect();
    if piece.is_empty() {
        return;
    }
    match all.last_mut() {
        Some(Said::Text(before)) => before.push_str(&piece),
        _ => all.push(Said::Text(piece)),
    }
}

fn ours(html: &str) -> Vec<Said> {
    let mut all = Vec::new();
    // A mark at the very beginning is not a part of the text.
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    for token in Tokens::new(Scanner::html(), html.as_bytes()) {
        push(&mut all, said(token));
    }
    all
}

fn name(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).to_ascii_lowercase().replace('\0', "\u{fffd}")
}

fn said(token: Token<'_>) -> Said {
    match token {
        Token::Start(tag) => {
            let mut attributes: Vec<(String, String)> = Vec::new();
            for found in tag.attributes() {
                let name = name(found.name);
                if attributes.iter().all(|(before, _)| *before != name) {
                    attributes.push((name, attribute(found.value, UTF_8).into_owned()));
                }
            }
            Said::Start { name: name(tag.name.0), attributes, slash: tag.closes_itself }
        }
        Token::End(found) => Said::End(name(found.0)),
        Token::Text(raw) => Said::Text(text(raw, UTF_8).into_owned()),
        Token::Raw(raw) => {
            let raw = String::from_utf8_lossy(raw);
            Said::Text(raw.replace("\r\n", "\n").replace('\r', "\n"))
        }
    }
}

#[derive(Default)]
struct Sink {
    all: RefCell<Vec<Said>>,
    foreign: Cell<u32>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Theirs, _line: u64) -> TokenSinkResult<()> {
        let mut all = self.all.borrow_mut();
        let tag = match token {
            Theirs::CharacterTokens(text) => {
                push(&mut all, Said::Text(text.to_string()));
                return TokenSinkResult::Continue;
            }
            Theirs::TagToken(tag) => tag,
            _ => return TokenSinkResult::Continue,
        };
        let name = tag.name.to_string();
        let foreign = matches!(name.as_str(), "svg" | "math");
        if tag.kind == TagKind::EndTag {
            self.foreign.set(self.foreign.get().saturating_sub(u32::from(foreign)));
            push(&mut all, Said::End(name));
            return TokenSinkResult::Continue;
        }
        let attributes = tag
            .attrs
            .iter()
            .map(|found| (found.name.local.to_string(), found.value.to_string()))
            .collect();
        let empty = tag.self_closing && (foreign || self.foreign.get() > 0);
        self.foreign.set(self.foreign.get() + u32::from(foreign && !tag.self_closing));
        push(&mut all, Said::Start { name: name.clone(), attributes, slash: tag.self_closing });
        match name.as_str() {
            _ if empty => TokenSinkResult::Continue,
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}

fn theirs(html: &str) -> Vec<Said> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.all.into_inner()
}

#[track_caller]
fn agree(html: &str) {
    assert_eq!(ours(html), theirs(html), "{html:?}");
}

/// The whole in pieces of this size, each token of a scanner that waits for more.
fn in_pieces(html: &[u8], size: usize) -> Vec<Said> {
    let mut all = Vec::new();
    let mut scanner = Scanner::html();
    let (mut begin, mut end) = (0, 0);
    loop {
        let (taken, token) = scanner.next(&html[begin..end], end == html.len());
        begin += taken;
        match token {
            // Text may be cut in the middle of a character: joined before it is decoded.
            Some(Token::Text(raw) | Token::Raw(raw)) => {
                push(&mut all, Said::Text(raw.iter().map(|&byte| char::from(byte)).collect()));
            }
            Some(token) => push(&mut all, said(token)),
            None if end == html.len() => return all,
            None => end = (end + size).min(html.len()),
        }
    }
}

fn undecoded(html: &[u8]) -> Vec<Said> {
    in_pieces(html, html.len().max(1))
}

/// Pages of ours, and every way to begin and to end something that the standard knows.
const CASES: [&str; 64] = [
    "<p>a</p>",
    "<a href=x title='y z' DATA-Q=\"&amp;&copy=1\">t&eacute;xt</A>",
    "<a b=c=\"d>\">",
    "<a \"foo>bar",
    "<a b= c=\"d>\">",
    "<a =\"x\" ==y>",
    "<a b='c'd=e/f=g>",
    "<a/b/c=d/>",
    "<a href=/x/>",
    "<a b=>c",
    "<a b c=1 b=2>",
    "<a b\u{0}=\u{0}>",
    "<a\u{0}b>",
    "<a\nb\r\n=\r\n'c\r\nd'\x0c>",
    "a < b <3 <> </> </3> <",
    "</",
    "<a",
    "<a b='c",
    "</a b='>'>x",
    "<!DOCTYPE html PUBLIC \"a>b\"><p>",
    "<!doctype>x",
    "<!>x",
    "<!",
    "<!-",
    "<!-x>y",
    "<?php echo '>' ?>x",
    "<![CDATA[ <a> ]]>x",
    "<!--><a>",
    "<!---><a>",
    "<!----><a>",
    "<!-- --!><a>",
    "<!-- --!x --><a>",
    "<!----!><a>",
    "<!---!><a>-->",
    "<!-- -- > --- ---><a>",
    "<!-- a",
    "<!-- a -",
    "<!-- a --",
    "<!-- a --!",
    "<!--<!--><a>",
    "<title>a<b>&amp;</TITLE x=y>c",
    "<title>a</titles></title",
    "<title/>a<b></title/>c",
    "<textarea><p></textarea ><p>",
    "<style>a<b</style>c<i>",
    "<script>if (a<b) '</scripty>'</script><p>",
    "<script><!-- </script><p>",
    "<script><!-- <script> </script> --></script><p>",
    "<script><!-- <script> --> </script><p>",
    "<script><!-- <script> </script> </script><p>",
    "<script><!--> <script> </script><p>",
    "<script><!---> <script> </script><p>",
    "<script><!-- <scriptx> </script><p>",
    "<script><!-- <script/ </script/ x--></script x='>'><p>",
    "<script><!-- <script><p></script",
    "<script>a",
    "<iframe><a></iframe><noframes><a></noframes><noembed><a></noembed><xmp><a></xmp><a>",
    "<noscript><a href=x></noscript>",
    "<plaintext><a></plaintext>",
    "<svg><script href=x /><title/><a></svg><script/><a></script>",
    "<math><style/><b></math>",
    "\u{feff}<p>\u{feff}",
    "é<é><aé é=é>é</aé>",
    "<p>&notit; &ampx; &#x80; &#55296; a\r\rb",
];

#[test]
fn every_case_is_cut_as_a_browser_cuts_it() {
    for html in CASES {
        agree(html);
    }
    let all = CASES.concat();
    agree(&all);
    for end in 0..all.len() {
        if all.is_char_boundary(end) {
            agree(&all[..end]);
        }
    }
}

#[test]
fn the_fixtures_are_cut_as_a_browser_cuts_them() {
    let mut files = 0;
    #[expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pages")).unwrap()
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "html") {
            agree(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
            files += 1;
        }
    }
    assert!(files > 10, "fixtures/pages was not found");
}

#[test]
fn a_page_in_pieces_is_the_same_page() {
    let all = CASES.concat();
    for html in CASES.iter().copied().chain([all.as_str()]) {
        let whole = undecoded(html.as_bytes());
        for size in [1, 2, 3, 5, 8, 64] {
            assert_eq!(in_pieces(html.as_bytes(), size), whole, "{size}: {html:?}");
        }
    }
}

/// Pieces of HTML, so that a random row of them means something.
fn piece() -> impl Strategy<Value = String> {
    let marks = [
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "--!>",
        "--",
        "-",
        "!",
        "<!",
        "<?",
        "=",
        "\"",
        "'",
        "/",
        " ",
        "\n",
        "\r",
        "\t",
        "\x0c",
        "\0",
        "&",
        ";",
        "&amp",
        "&#",
        "&#x4",
        "&not",
        "a",
        "B",
        "x=",
        "é",
        "<a ",
        "<p>",
        "href='",
        "<title>",
        "</title",
        "<textarea>",
        "</textarea>",
        "<script>",
        "</script",
        "<script",
        "</script>",
        "<style ",
        "</style>",
        "<svg>",
        "</svg>",
        "<plaintext>",
        "<![CDATA[",
        "]]>",
        "<noscript>",
        "<math/>",
        "<xmp>",
        "</xmp/>",
        "<!DOCTYPE ",
    ];
    prop_oneof![
        6 => prop::sample::select(marks.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|c| c.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_row_of_marks_is_cut_as_a_browser_cuts_it(pieces in prop::collection::vec(piece(), 0..40)) {
        let html = pieces.concat();
        prop_assert_eq!(ours(&html), theirs(&html), "{:?}", html);
    }

    #[test]
    fn any_row_of_marks_in_pieces_is_the_same(
        pieces in prop::collection::vec(piece(), 0..30),
        size in 1usize..20,
    ) {
        let html = pieces.concat();
        prop_assert_eq!(in_pieces(html.as_bytes(), size), undecoded(html.as_bytes()));
    }

    #[test]
    fn any_bytes_are_summarized(
        begin in prop::sample::select([&b""[..], b"<html>", b"{", b"[", b"<?xml?>", b"\xff\xfe", b"\xfe\xff<"].to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        kind in prop::sample::select(["", "text/html", "text/html; charset=gb18030", "text/html;charset=iso-2022-jp", "application/json", "text/xml", "text/plain"].to_vec()),
    ) {
        let mut headers = crate::base::Headers::new();
        headers.push("Content-Type", kind);
        headers.push("Link", &bytes);
        headers.push("X-Robots-Tag", &bytes);
        let url = url::Url::parse("http://a.test/").unwrap();
        let content = [begin, &bytes].concat();
        prop_assert_eq!(super::summarize(&content, &headers, &url).is_some(), !content.is_empty());
    }
}

/// Bytes that were looked at for one byte of each of these, whole and in packets.
#[test]
fn the_work_grows_as_the_input_does_and_no_faster() {
    let megabyte = 1 << 20;
    let hostile: [(&str, &str); 20] = [
        ("", "<a "),
        ("", "<a b='"),
        ("", "<a b='x"),
        ("<a ", "b=c "),
        ("<a x=\"", "x"),
        ("", "<!--"),
        ("<!--", "-"),
        ("<!--", "--!"),
        ("<script>", "<!--"),
        ("<script><!--", "<script>"),
        ("<script>", "</script"),
        ("<title>", "</titl"),
        ("", "<title>"),
        ("", "</"),
        ("", "<div>"),
        ("", "&amp"),
        ("", "<"),
        ("", "<svg>"),
        ("", "\0"),
        ("<![CDATA[", "]]"),
    ];
    for (begin, again) in hostile {
        let html = format!("{begin}{}", again.repeat(megabyte / again.len()));
        work::take();
        Tokens::new(Scanner::html(), html.as_bytes()).count();
        let once = work::take();
        assert!(once <= 8 * html.len(), "{begin}{again}…: {once}");
        in_pieces(html.as_bytes(), 1000);
        let packets = work::take();
        assert!(packets <= 16 * html.len(), "{begin}{again}… in packets: {packets}");
    }
}
