//! Archives of browsers, whole and broken.

use super::*;
use crate::base::{Method, Version};
use proptest::prelude::*;

const CHROME: &[u8] = include_bytes!("../../fixtures/cookies/formats/chrome.har");
const FIREFOX: &[u8] = include_bytes!("../../fixtures/cookies/formats/firefox.har");

fn exchanges(bytes: &[u8]) -> Vec<Exchange> {
    read(bytes).unwrap().map(Result::unwrap).collect()
}

fn lines(exchange: &Exchange) -> Vec<String> {
    exchange.set_cookies().into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
}

/// An archive of one entry whose response has these members.
fn with_response(members: &str) -> Exchange {
    let text = format!(
        r#"{{"log":{{"entries":[{{"startedDateTime":"2026-01-15T08:30:00Z",
        "request":{{"method":"GET","url":"https://a.example/x"}},
        "response":{{"status":200,{members}}}}}]}}}}"#
    );
    exchanges(text.as_bytes()).remove(0)
}

#[test]
fn an_archive_of_chrome_is_read() {
    let all = exchanges(CHROME);
    let login = &all[0];
    assert_eq!(login.started, Wall(1_798_794_000_250));
    assert_eq!((&login.request.method, login.request.version), (&Method::POST, Version::Http11));
    assert_eq!(login.request.url.as_str(), "https://shop.example/login?next=%2F");
    assert_eq!(login.request.content, b"user=ann&password=open+sesame".to_vec().into());
    let names: Vec<&str> = login.request.headers.iter().map(|field| field.name).collect();
    assert_eq!(names, ["accept", "content-type", "cookie"], "no pseudo fields");
    let answer = login.answer.as_ref().unwrap();
    assert_eq!((answer.head.status, answer.content.as_deref()), (302, None));
    assert_eq!(
        lines(login),
        [
            "sid=31d4d96e407aad42; path=/; secure; HttpOnly; SameSite=Lax",
            "seen=1; Domain=shop.example; Max-Age=86400",
        ]
    );
    assert_eq!(all[1].answer.as_ref().unwrap().content.as_deref(), Some(&b"<p>Hello</p>"[..]));
    let image = all[2].answer.as_ref().unwrap();
    assert_eq!(image.content.as_deref(), Some(&b"GIF89a"[..]));
    assert!(all[2].from_cache && lines(&all[2]).is_empty(), "a cache sets no cookies");
    assert!(all[3].answer.is_none(), "blocked");
}

#[test]
fn an_archive_of_firefox_is_read() {
    let all = exchanges(FIREFOX);
    assert_eq!(all[0].started, Wall(1_798_794_000_250), "its zone is the browser's");
    assert_eq!(all[0].request.method.as_str(), "GET");
    assert_eq!(
        lines(&all[0]),
        ["theme=dark; path=/; expires=Fri, 31 Dec 2027 23:00:00 GMT; SameSite=Strict", "bare"]
    );
    assert_eq!(lines(&all[1]), ["theme=; path=/; max-age=0"]);
}

#[test]
fn lines_that_a_tool_joined_are_taken_apart() {
    let joined = r#""headers":[{"name":"set-cookie","value":"a=1; Path=/\nb=2\n"}]"#;
    assert_eq!(lines(&with_response(joined)), ["a=1; Path=/", "b=2"]);
}

#[test]
fn a_list_of_cookies_stands_in_where_there_are_no_fields() {
    let cases = [
        (r#"{"name":"a","value":"b"}"#, Some("a=b")),
        (r#"{"name":"a","value":"b","path":"/x","domain":"a.example"}"#, Some("a=b; Path=/x")),
        (r#"{"name":"a","value":"b","domain":".a.example"}"#, Some("a=b; Domain=.a.example")),
        (
            r#"{"name":"a","value":"b","expires":"2027-01-15T08:00:00.500Z","httpOnly":true,
            "secure":true,"sameSite":"Lax"}"#,
            Some("a=b; Expires=Fri, 15 Jan 2027 08:00:00 GMT; Secure; HttpOnly; SameSite=Lax"),
        ),
        (r#"{"name":"a","value":"b","expires":"1969-12-31T23:59:59.000Z"}"#, Some("a=b")),
        (r#"{"name":"a","value":"b","expires":""}"#, Some("a=b")),
        (r#"{"name":"a","value":"b","expires":null,"secure":false}"#, Some("a=b")),
        (r#"{"name":"a","value":"b; Domain=c.example"}"#, None),
        (r#"{"name":"a=c","value":"b"}"#, None),
        (r#"{"name":"a","value":"b","path":"/; Secure"}"#, None),
        (r#"{"name":"a"}"#, None),
        ("7", None),
    ];
    for (cookie, line) in cases {
        let exchange = with_response(&format!(r#""headers":[],"cookies":[{cookie}]"#));
        assert_eq!(lines(&exchange), line.into_iter().collect::<Vec<_>>(), "{cookie}");
    }
    let both = r#""headers":[{"name":"Set-Cookie","value":"a=1"}],
        "cookies":[{"name":"b","value":"2"}]"#;
    assert_eq!(lines(&with_response(both)), ["a=1"]);
}

#[test]
fn a_bad_entry_spoils_no_other() {
    let good = r#"{"startedDateTime":"2026-01-15T08:30:00Z","request":{"method":"GET",
        "url":"https://a.example/"},"response":{"status":200,"content":{"text":"\ud800"},
        "headers":[7,{"name":"A","value":"b"}],"cookies":null}}"#;
    let text = format!(
        r#"{{"log":{{"version":"1.2","entries":[7,{{}},{good},
        {{"startedDateTime":"soon","request":{{"method":"GET","url":"https://a.example/"}}}},
        {{"startedDateTime":"2026-01-15T08:30:00Z","request":{{"method":"GET","url":"x"}}}}]}}}}"#
    );
    let all: Vec<_> = read(text.as_bytes()).unwrap().collect();
    let sound: Vec<bool> = all.iter().map(Result::is_ok).collect();
    assert_eq!(sound, [false, false, true, false, false]);
    let answer = all[2].as_ref().unwrap().answer.clone().unwrap();
    assert_eq!((answer.head.headers.len(), answer.content), (1, None));
}

#[test]
fn an_odd_member_spoils_only_itself() {
    let field = r#""headers":[{"name":"Set-Cookie","value":"a=1"}]"#;
    let cases = [
        ("\"_fromCache\":false", "\"status\":200"),
        ("\"_fromCache\":null", "\"status\":200.0"),
        ("\"_fromCache\":\"\"", "\"status\":\"200\""),
        ("\"time\":{}", "\"status\":200,\"cookies\":{},\"content\":7,\"statusText\":7"),
        ("\"cache\":7", "\"status\":200,\"httpVersion\":2,\"cookies\":\"none\""),
    ];
    for (member, status) in cases {
        let text = format!(
            r#"{{"log":{{"entries":[{{"startedDateTime":"2026-01-15T08:30:00Z",{member},
            "request":{{"method":"GET","url":"https://a.example/x","httpVersion":1.1,
            "headers":{{}},"postData":[]}},"response":{{{status},{field}}}}}]}}}}"#
        );
        let exchange = exchanges(text.as_bytes()).remove(0);
        assert_eq!(exchange.answer.as_ref().map(|a| a.head.status), Some(200), "{status}");
        assert_eq!(lines(&exchange), ["a=1"], "{member} {status}");
    }
    let fields = with_response(r#""headers":{},"cookies":[{"name":"b","value":"2"}]"#);
    assert_eq!(lines(&fields), ["b=2"]);
    for (response, status) in [("7", None), ("{}", None), (r#"{"status":0}"#, None)] {
        let text = format!(
            r#"{{"log":{{"entries":[{{"startedDateTime":"2026-01-15T08:30:00Z","_fromCache":true,
            "request":{{"method":"GET","url":"https://a.example/x"}},"response":{response}}}]}}}}"#
        );
        let exchange = exchanges(text.as_bytes()).remove(0);
        assert_eq!(exchange.answer.map(|a| a.head.status), status, "{response}");
        assert!(exchange.from_cache);
    }
}

#[test]
fn an_error_names_the_place_and_never_quotes() {
    let cases = [
        ("{\"log\": {\n\"entries\": [hush]}}", "line 2, column 13: not JSON"),
        ("{\"log\": \"hush\"}", "line 1, column 14: not what an archive has there"),
        ("{\"log\": {\"entries\": \"hush\"}}", "line 1, column 26: not what an archive has there"),
        ("{\"hush\": 1}", "line 1, column 11: not what an archive has there"),
        ("{\"log\": {\"entries\": [", "line 1, column 21: it ends too early"),
    ];
    for (text, words) in cases {
        assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), words, "{text}");
    }
}

#[test]
fn secrets_are_not_in_the_debug_output() {
    for exchange in exchanges(CHROME) {
        let shown = format!("{exchange:?}");
        for secret in ["31d4d96e407aad42", "0f4c2b", "sesame", "Hello"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_archive_does_not_panic(at in 0usize..4000, byte: u8, cut in 0usize..4000) {
        let mut bytes = CHROME.to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        for bytes in [&bytes[..], &CHROME[..cut % CHROME.len()]] {
            if let Ok(entries) = read(bytes) {
                entries.flatten().for_each(|exchange| drop(exchange.set_cookies()));
            }
        }
    }

    #[test]
    fn no_text_makes_the_time_panic(text in "[0-9T:.+Z\u{e9} -]{0,30}") {
        crate::base::parse_iso_time(&text);
    }
}
