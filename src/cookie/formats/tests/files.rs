//! A file of each producer: told by its content, and every field of every cookie read.

use super::*;

/// A file in its producer's layout, and what is in it.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) bytes: &'static [u8],
    pub(super) format: Format,
    pub(super) url: Option<&'static str>,
    pub(super) cookies: &'static [&'static str],
    /// Names and reasons.
    refused: &'static [&'static str],
    malformed: usize,
    warnings: &'static [Warning],
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../fixtures/cookies/formats/", $name)))
    };
}

const fn file<const N: usize>(
    (name, bytes): (&'static str, &'static [u8; N]),
    format: Format,
    cookies: &'static [&'static str],
) -> File {
    File { name, bytes, format, url: None, cookies, refused: &[], malformed: 0, warnings: &[] }
}

pub(super) const FILES: [File; 12] = [
    file(
        file!("netscape-curl.txt"),
        Format::Netscape,
        &[
            ".shop.example/ seen=1 secure until 1924992000000",
            "shop.example/a/ lang=en-US until 1826890990000",
            "shop.example/ empty=",
            "shop.example/ sid=31d4d96e407aad42 secure http_only",
            "127.0.0.1/ local=c2F0 http_only",
            "[::1]/ six=yes",
        ],
    ),
    file(
        file!("netscape-wget.txt"),
        Format::Netscape,
        &[
            "localhost/ empty=",
            "localhost/a/ theme=dark until 1924992000000",
            "localhost/ sid=31d4d96e407aad42",
            ".shop.example/ lang=en-US secure until 1826890990000",
        ],
    ),
    file(
        file!("netscape-yt-dlp.txt"),
        Format::Netscape,
        &[
            ".video.example/ PREF=f6=40000000&tz=UTC secure until 1924992000000",
            ".video.example/ YSC=DwKYllHNwuw secure",
            ".video.example/ SID=31d4d96e407aad42 secure http_only until 1826890990000",
            "www.video.example/ =bare",
        ],
    ),
    File {
        refused: &[
            "cookie super: refused because its Domain is a public suffix (section 5.7 step 9)",
            "cookie old: refused because it has expired (section 5.7)",
        ],
        malformed: 1,
        warnings: &[Warning::Contradictions(1)],
        ..file(
            file!("netscape-add-on.txt"),
            Format::Netscape,
            &[
                ".shop.example/ seen=1 until 1924992000000",
                ".shop.example/ sid=31d4d96e407aad42 secure",
                "shop.example/ note=a\tb",
                "shop.example/cart cart=two words until 1826890990000",
            ],
        )
    },
    file(
        file!("cookie-editor.json"),
        Format::ExtensionJson,
        &[
            ".shop.example/ sid=31d4d96e407aad42 secure http_only lax until 1924992000520",
            "shop.example/cart cart=\"two words\"",
            "widget.example/ __Host-chat=caf\u{e9} secure none until 1826890990000 in shop.example",
        ],
    ),
    File {
        refused: &[
            "cookie ad: refused because it is SameSite=None without Secure (section 5.7 step 19)",
        ],
        ..file(
            file!("edit-this-cookie.json"),
            Format::ExtensionJson,
            &[
                ".shop.example/ seen=1 until 1924992000520",
                "shop.example/ sid=31d4d96e407aad42 secure http_only strict",
            ],
        )
    },
    file(
        file!("storage-state.json"),
        Format::StorageState,
        &[
            "shop.example/ sid=31d4d96e407aad42 secure http_only lax",
            ".shop.example/ seen=1 lax until 1924992000519",
            "widget.example/ chat=caf\u{e9} secure none until 1826890990000 in shop.example",
        ],
    ),
    file(
        file!("curl-chrome.txt"),
        Format::CurlLine,
        &[
            "shop.example/ sid=31d4d96e407aad42 secure",
            "shop.example/ greeting=it's me! secure",
            "shop.example/ __Host-csrf=a=b secure",
        ],
    ),
    file(
        file!("curl-firefox.txt"),
        Format::CurlLine,
        &["shop.example/ lang=en-US", "shop.example/ theme=dark"],
    ),
    File {
        url: Some("https://shop.example/cart/7"),
        warnings: &[Warning::Repeated(1)],
        ..file(
            file!("cookie-header.txt"),
            Format::CookieHeader,
            &[
                "shop.example/ sid=31d4d96e407aad42 secure",
                "shop.example/ lang=en-US secure",
                "shop.example/ =bare secure",
                "shop.example/ quoted=\"a b\" secure",
            ],
        )
    },
    File {
        url: Some("https://shop.example/account/login"),
        refused: &[
            "cookie evil: refused because the host is not in its Domain (section 5.7 step 10)",
        ],
        ..file(
            file!("head-dump.txt"),
            Format::SetCookieDump,
            &[
                "shop.example/ sid=31d4d96e407aad42 secure http_only lax",
                ".shop.example/ lang=en-US until 1830297600000",
                "www.shop.example/ =bare",
            ],
        )
    },
    file(
        file!("j2team.json"),
        Format::ExtensionJson,
        &[
            ".shop.example/ sid=31d4d96e407aad42 secure http_only none until 1893456000500",
            "www.shop.example/ theme=dark",
        ],
    ),
];

#[test]
fn every_file_is_told_by_its_content() {
    for file in &FILES {
        assert_eq!(detect(file.bytes), Some(file.format), "{}", file.name);
    }
    let archives: [&[u8]; 2] = [file!("chrome.har").1, file!("firefox.har").1];
    for bytes in archives {
        assert_eq!(detect(bytes), Some(Format::Har));
        assert_eq!(read(Format::Har, bytes, None, NOW).unwrap_err(), Error::IsHar);
    }
}

#[test]
fn every_field_of_every_file_is_read() {
    for file in &FILES {
        let (jar, imported) = import(file.format, file.bytes, file.url);
        assert_eq!(all(&jar), file.cookies, "{}", file.name);
        let refused: Vec<String> = imported.refused.iter().map(ToString::to_string).collect();
        assert_eq!(refused, file.refused, "{}", file.name);
        assert_eq!(imported.malformed, file.malformed, "{}", file.name);
        assert_eq!(imported.warnings, file.warnings, "{}", file.name);
    }
}

#[test]
fn a_mark_in_front_and_other_line_ends_change_nothing() {
    for file in &FILES {
        let text = String::from_utf8(file.bytes.to_vec()).unwrap().replace("\r\n", "\n");
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(detect(text.as_bytes()), Some(file.format), "{}", file.name);
        let (jar, _) = import(file.format, text.as_bytes(), file.url);
        assert_eq!(all(&jar), file.cookies, "{}", file.name);
    }
}

#[test]
fn formats_that_do_not_say_where_their_cookies_belong_ask_for_the_url() {
    let cases: [(Format, &[u8]); 3] = [
        (Format::CookieHeader, b"Cookie: a=hush"),
        (Format::SetCookieDump, b"Set-Cookie: a=hush"),
        (Format::CurlLine, b"curl -b a=hush"),
    ];
    for (format, bytes) in cases {
        let error = read(format, bytes, None, NOW).unwrap_err();
        assert_eq!(error, Error::NeedsUrl(format));
        assert!(error.to_string().ends_with("give --url"), "{error}");
        let file = url("file:///x");
        assert_eq!(read(format, bytes, Some(&file), NOW).unwrap_err(), Error::NotHttp);
    }
}

#[test]
fn values_are_in_no_error_no_warning_and_no_debug_output() {
    for file in &FILES {
        let from = file.url.map(url);
        let read = read(file.format, file.bytes, from.as_ref(), NOW).unwrap();
        let mut seen = format!("{read:?}");
        let mut jar = Jar::new();
        let imported = read.into_jar(&mut jar, NOW);
        seen.push_str(&format!("{imported:?} {jar:?}"));
        seen.push_str(&format!("{:?}", write(Format::Netscape, jar.in_order(), None, NOW)));
        for secret in ["31d4d96e407aad42", "en-US", "two words", "caf", "dark"] {
            assert!(!seen.contains(secret), "{secret} of {} in {seen}", file.name);
        }
    }
}
