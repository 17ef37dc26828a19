//! What is written, and that it is read again.

use super::super::read;
use super::*;

const GET: Method = Method::GET;

fn head(status: u16, fields: &[(&str, &str)]) -> Head {
    let headers = fields.iter().copied().collect();
    Head { status, version: Version::Http11, reason: b"OK".to_vec(), headers }
}

fn asked<'e>(url: &'e str, fields: &[(&str, &str)], content: Option<&'e [u8]>) -> Asked<'e> {
    Asked {
        method: &GET,
        url,
        version: Version::Http11,
        headers: fields.iter().copied().collect(),
        head_size: Some(40),
        content,
        sent: content.map_or(0, |bytes| bytes.len() as u64),
    }
}

fn written(request: Asked<'_>, answer: Option<Answered<'_>>, error: Option<&str>) -> Value {
    let entry = Entry {
        started: Wall(1_768_465_800_123),
        times: Times::default(),
        request,
        answer,
        error,
        peer: None,
        connection: None,
    };
    let text = write(&[Page { title: "a".into(), entries: vec![entry] }]);
    let read = read(text.as_bytes()).unwrap().next().unwrap().unwrap();
    assert_eq!(read.started, Wall(1_768_465_800_123));
    let mut all: Value = serde_json::from_str(&text).unwrap();
    all["log"]["entries"][0].take()
}

fn answered<'e>(head: &'e Head, content: Option<&'e [u8]>) -> Answered<'e> {
    let received = content.map(|_| 3);
    Answered { head, head_size: Some(17), cookies: Vec::new(), content, received }
}

#[test]
fn content_that_is_no_text_comes_back_as_it_was() {
    let head = head(200, &[("Content-Encoding", "gzip")]);
    for bytes in [&b"plain"[..], b"", b"\xff\x00\x1b", "\u{feff}\u{1f600}\0".as_bytes()] {
        let request = asked("http://a.example/", &[], Some(bytes));
        let entry = Entry {
            started: Wall(0),
            times: Times::default(),
            request,
            answer: Some(answered(&head, Some(bytes))),
            error: None,
            peer: None,
            connection: None,
        };
        let text = write(&[Page { title: "a".into(), entries: vec![entry] }]);
        let read = read(text.as_bytes()).unwrap().next().unwrap().unwrap();
        assert_eq!(read.request.content, bytes.to_vec().into(), "{bytes:?}");
        assert_eq!(read.answer.unwrap().content.as_deref(), Some(bytes), "{bytes:?}");
    }
}

#[test]
fn a_request_is_taken_apart() {
    let fields = [
        ("Cookie", "a=1; b; =c; d=e=f;"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ];
    let url = "https://a.example/x?q=1%202&r&%3D=+";
    let request = &written(asked(url, &fields, Some(b"u=ann&p=o+s")), None, None)["request"];
    let pairs = |name: &str| -> Vec<(String, String)> {
        let of = |pair: &Value, member: &str| pair[member].as_str().unwrap().to_owned();
        let list = request.pointer(name).unwrap().as_array().unwrap();
        list.iter().map(|pair| (of(pair, "name"), of(pair, "value"))).collect()
    };
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    };
    assert_eq!(pairs("/cookies"), owned(&[("a", "1"), ("", "b"), ("", "c"), ("d", "e=f")]));
    assert_eq!(pairs("/queryString"), owned(&[("q", "1 2"), ("r", ""), ("=", " ")]));
    assert_eq!(pairs("/postData/params"), owned(&[("u", "ann"), ("p", "o s")]));
    assert_eq!(request["postData"]["text"], "u=ann&p=o+s");
    assert_eq!((&request["headersSize"], &request["bodySize"]), (&json!(40), &json!(11)));
}

#[test]
fn content_that_was_not_kept_is_said_to_be() {
    let mut request = asked("http://a.example/", &[], None);
    request.sent = 7;
    let head = head(301, &[("Location", "/b")]);
    let entry = written(request, Some(answered(&head, None)), None);
    assert_eq!(entry["request"]["postData"]["text"], "");
    assert!(entry["request"]["postData"]["comment"].is_string());
    let response = &entry["response"];
    assert_eq!((&response["bodySize"], &response["content"]["size"]), (&json!(-1), &json!(-1)));
    assert_eq!(response["redirectURL"], "/b");
    assert!(response["content"].get("text").is_none());
}

#[test]
fn a_coding_says_what_it_saved_and_other_content_does_not() {
    let coded = head(200, &[("Content-Encoding", "br"), ("Content-Type", "text/plain")]);
    let plain = head(200, &[]);
    let of = |head: &Head| {
        let answer = Some(answered(head, Some(b"four")));
        written(asked("http://a.example/", &[], None), answer, None)["response"]["content"].take()
    };
    assert_eq!(of(&coded)["compression"], 1);
    assert!(of(&plain).get("compression").is_none());
    assert_eq!(of(&plain)["mimeType"], "x-unknown");
}

#[test]
fn without_an_answer_the_status_is_0_and_the_reason_is_there() {
    let entry = written(asked("http://a.example/", &[], None), None, Some("no such host"));
    let response = &entry["response"];
    assert_eq!((&response["status"], &response["_error"]), (&json!(0), &json!("no such host")));
    assert_eq!(entry["comment"], "no such host");
}

#[test]
fn the_parts_add_up_and_tls_counts_once() {
    let ms = |n| Some(Duration::from_millis(n));
    let times = Times {
        dns: ms(1),
        connect: ms(20),
        ssl: ms(15),
        send: Duration::from_micros(300),
        wait: Duration::from_millis(4),
        receive: Duration::ZERO,
    };
    let entry = entry(
        &Entry {
            started: Wall(0),
            times,
            request: asked("http://a.example/", &[], None),
            answer: None,
            error: None,
            peer: "::1".parse().ok(),
            connection: Some(7),
        },
        "page_1",
    );
    assert_eq!(entry["time"], 25.3);
    assert_eq!(entry["timings"]["blocked"], -1);
    assert_eq!(entry["timings"]["ssl"], 15.0);
    assert_eq!((&entry["serverIPAddress"], &entry["connection"]), (&json!("::1"), &json!("7")));
}

#[test]
fn a_field_that_is_not_utf_8_is_shown_all_the_same() {
    let mut head = head(200, &[]);
    head.headers.push("X", b"caf\xe9");
    head.reason = b"\x80".to_vec();
    let answer = Some(answered(&head, Some(b"")));
    let entry = written(asked("http://a.example/", &[], None), answer, None);
    assert_eq!(entry["response"]["headers"][0]["value"], "caf\u{e9}");
    assert_eq!(entry["response"]["statusText"], "\u{80}");
}

#[test]
fn a_cookie_has_the_attributes_that_it_was_given() {
    let cookie = |path: Option<&[u8]>, expires, same_site| Cookie {
        name: b"a".to_vec(),
        value: b"1".to_vec(),
        path: path.map(<[u8]>::to_vec),
        domain: None,
        expires,
        http_only: true,
        secure: false,
        same_site,
    };
    let full = super::cookie(&cookie(Some(b"/x"), Some(Wall(0)), Some("Lax")));
    assert_eq!(
        full,
        json!({"name": "a", "value": "1", "path": "/x", "expires": "1970-01-01T00:00:00.000Z",
            "httpOnly": true, "secure": false, "sameSite": "Lax"})
    );
    let bare = super::cookie(&cookie(None, None, None));
    assert_eq!(bare, json!({"name": "a", "value": "1", "httpOnly": true, "secure": false}));
}
