//! Out and in again: what a format can hold comes back, field by field.

use super::files::FILES;
use super::*;

/// What comes back of a jar that is written in a format, and what is said to be lost.
fn there_and_back(format: Format, jar: &Jar, from: Option<&str>) -> (Vec<String>, Losses) {
    let at = from.map(url);
    let export = write(format, jar.in_order(), at.as_ref(), NOW).unwrap();
    let (back, imported) = import(format, &export.bytes, from);
    assert_eq!(imported.stored(), export.written);
    assert_eq!(imported.created, export.written, "no two of them are one");
    assert_eq!((imported.refused.len(), imported.malformed), (0, 0), "{format}");
    assert!(imported.warnings.is_empty(), "{format}");
    assert_eq!(detect(&export.bytes), Some(format));
    (all(&back), export.losses)
}

#[test]
fn a_file_comes_back_whole_in_its_own_format() {
    // A dump of two hosts cannot come back as one host's; dumps have a test of their own.
    let own = FILES.iter().filter(|file| file.format.is_written());
    for file in own.filter(|file| file.format != Format::SetCookieDump) {
        let (jar, _) = import(file.format, file.bytes, file.url);
        let (back, losses) = there_and_back(file.format, &jar, file.url);
        // Tabs in values are read, and not passed on to programs that would stumble over them.
        let tabs = file.cookies.iter().filter(|cookie| cookie.contains('\t')).count();
        let kept = file.cookies.iter().filter(|cookie| !cookie.contains('\t'));
        assert_eq!(back, kept.copied().collect::<Vec<_>>(), "{}", file.name);
        assert_eq!((losses.count(Loss::Tab), losses.matter()), (tabs, tabs > 0), "{}", file.name);
    }
}

#[test]
fn the_json_formats_hold_every_field_and_so_each_others_files() {
    for file in &FILES {
        let (jar, _) = import(file.format, file.bytes, file.url);
        for format in [Format::ExtensionJson, Format::StorageState] {
            let (back, losses) = there_and_back(format, &jar, None);
            assert_eq!(back, file.cookies, "{} as {format}", file.name);
            assert!(!losses.matter(), "{} as {format}: {losses}", file.name);
        }
    }
}

#[test]
fn a_netscape_file_loses_what_it_has_no_column_for_and_says_so() {
    let cases = [
        ("cookie-editor.json", "partition lost: 1\nsame_site lost: 2\nfraction of expires lost: 1"),
        ("edit-this-cookie.json", "same_site lost: 1\nfraction of expires lost: 1"),
        ("storage-state.json", "partition lost: 1\nsame_site lost: 3\nfraction of expires lost: 1"),
        ("curl-chrome.txt", ""),
        ("cookie-header.txt", ""),
        ("head-dump.txt", "same_site lost: 1"),
    ];
    for (name, expected) in cases {
        let file = FILES.iter().find(|file| file.name == name).unwrap();
        let (jar, _) = import(file.format, file.bytes, file.url);
        let (back, losses) = there_and_back(Format::Netscape, &jar, None);
        assert_eq!(back.len(), file.cookies.len());
        let report = losses.to_string();
        let fields = report.lines().filter(|line| !line.starts_with("history"));
        assert_eq!(fields.collect::<Vec<_>>().join("\n"), expected, "{name}");
    }
}

#[test]
fn a_set_cookie_dump_comes_back_for_its_url() {
    let (jar, _) = import(
        Format::SetCookieDump,
        b"Set-Cookie: __Host-a=b; Secure; Path=/; SameSite=None; Partitioned\n\
          Set-Cookie: =bare=1; Path=/x; HttpOnly; Expires=Sat, 01 Jan 2028 00:00:00 GMT\n\
          Set-Cookie: c=; Domain=shop.example; SameSite=Strict\n",
        Some("https://www.shop.example/x/y"),
    );
    let expected = [
        "www.shop.example/ __Host-a=b secure none in shop.example",
        "www.shop.example/x =bare=1 http_only until 1830297600000",
        ".shop.example/x c= strict",
    ];
    assert_eq!(all(&jar), expected);
    let (back, losses) =
        there_and_back(Format::SetCookieDump, &jar, Some("https://www.shop.example/"));
    assert_eq!(back, expected);
    assert!(!losses.matter(), "{losses}");
}

#[test]
fn a_netscape_file_in_its_layout_byte_for_byte() {
    let curl = &FILES[0];
    let (jar, _) = import(curl.format, curl.bytes, None);
    let text = String::from_utf8(write(Format::Netscape, jar.in_order(), None, NOW).unwrap().bytes);
    let body = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(body(&text.unwrap()), body(std::str::from_utf8(curl.bytes).unwrap()));
}

#[test]
fn the_json_files_are_laid_out_as_their_producers_do() {
    let cookie = {
        let mut cookie = plain(".shop.example", "sid", "\"x\"");
        cookie.secure = true;
        cookie.same_site = SameSite::Lax;
        cookie.expires = Some(Wall(1_924_992_000_500));
        cookie
    };
    let text =
        |format| String::from_utf8(write(format, [&cookie], None, NOW).unwrap().bytes).unwrap();
    assert_eq!(
        text(Format::ExtensionJson),
        r#"[
    {
        "domain": ".shop.example",
        "expirationDate": 1924992000.5,
        "hostOnly": false,
        "httpOnly": false,
        "name": "sid",
        "path": "/",
        "sameSite": "lax",
        "secure": true,
        "session": false,
        "storeId": null,
        "value": "\"x\""
    }
]
"#
    );
    assert_eq!(
        text(Format::StorageState),
        r#"{
  "cookies": [
    {
      "name": "sid",
      "value": "\"x\"",
      "domain": ".shop.example",
      "path": "/",
      "expires": 1924992000.5,
      "httpOnly": false,
      "secure": true,
      "sameSite": "Lax"
    }
  ],
  "origins": []
}
"#
    );
    assert_eq!(text(Format::CookieHeader), "Cookie: sid=\"x\"\n");
    assert_eq!(
        text(Format::SetCookieDump),
        "Set-Cookie: sid=\"x\"; Path=/; Domain=shop.example; Expires=Wed, 01 Jan 2031 00:00:00 GMT; \
         Secure; SameSite=Lax\n"
    );
}

#[test]
fn no_cookies_are_a_file_too() {
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        let export = write(format, [], None, NOW).unwrap();
        let from = url("https://shop.example/");
        let back = read(format, &export.bytes, Some(&from), NOW).unwrap();
        assert_eq!((back.cookies.len(), back.malformed), (0, 0), "{format}");
        assert!(back.answers.is_empty(), "{format}");
    }
}
