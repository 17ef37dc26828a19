//! The files that `inspect` writes and reads, as programs that nobody here wrote take and make them.

use crate::support::client::Home;
use crate::support::in_package;
use crate::support::programs::{installed, missing};
use cruller::base::{Content, Head, Headers, Method, Tick, Version, Wall};
use cruller::client::{Capture, Hop, Timings, Unanswered};
use cruller::cookie::Jar;
use cruller::inspect::archive;
use cruller::inspect::saved::{self, Note};
use cruller::net::{Established, TlsFacts};
use libtest_mimic::{Completion, Failed, Trial};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use url::Url;

pub fn tests() -> Vec<Trial> {
    let mut trials = trials![
        a_fetch_stands_in_its_archive_with_everything_that_is_known,
        a_fetch_without_an_answer_stands_there_too,
        an_archive_is_read_again,
        content_of_which_only_the_front_was_kept_is_not_passed_off_as_whole,
    ];
    trials.push(Trial::ignorable_test(
        "inspect_formats::an_archive_holds_against_the_schema_of_har",
        an_archive_holds_against_the_schema_of_har,
    ));
    trials.push(Trial::ignorable_test(
        "inspect_formats::what_curl_prints_is_read",
        what_curl_prints_is_read,
    ));
    trials.push(Trial::ignorable_test(
        "inspect_formats::what_wget_records_is_read",
        what_wget_records_is_read,
    ));
    trials
}

const MS: u64 = 1_000_000;

/// 2026-01-15T08:30:00.123Z
const WHEN: Wall = Wall(1_768_465_800_123);

fn hop(number: u64, asked: &str, method: Method, head: &str, status: u16, fields: &str) -> Hop {
    let lines = fields.lines().map(|line| line.split_once(": ").expect("a field"));
    let headers: Headers = lines.collect();
    let url = Url::parse(asked).unwrap();
    let at = |ms: u64| Tick(number * 100 * MS + ms * MS);
    let secure = url.scheme() == "https";
    let tls = secure.then(|| TlsFacts {
        version: "TLSv1.3",
        suite: "TLS_AES_256_GCM_SHA384".into(),
        chain: Arc::new([]),
        verdict: 0,
    });
    Hop {
        method,
        url,
        asked: asked.to_owned(),
        sent: format!("{head}\r\n\r\n").into_bytes(),
        carried: Content::None,
        interims: Vec::new(),
        head: Head { status, version: Version::Http11, reason: b"Found".to_vec(), headers },
        raw_head: b"HTTP/1.1 302 Found\r\n\r\n".to_vec(),
        unmet: false,
        trailers: Headers::new(),
        established: Some(Established {
            number,
            peer: "[2001:db8::1]:443".parse().ok(),
            local: "[2001:db8::2]:50000".parse().ok(),
            proxied: false,
            tls,
            untrusted: None,
            tunnel: None,
            resolved: at(2),
            connected: at(12),
            secured: if secure { at(42) } else { at(12) },
        }),
        reused: false,
        cookies: Vec::new(),
        defects: Vec::new(),
        when: Wall(WHEN.0 + i64::try_from(number).unwrap() * 100),
        timings: Timings { began: at(0), sent: at(43), first_byte: at(60), ended: at(65) },
        uploaded: 0,
        received: 0,
        decoded: 0,
    }
}

/// A form that is sent, a redirect, and a coded page.
fn a_login() -> Capture {
    let mut login = hop(
        0,
        "https://shop.example/login?next=%2F&x=%C3%A9#top",
        Method::POST,
        "POST /login?next=%2F HTTP/1.1\r\nHost: shop.example\r\nCookie: seen=1; sid=old\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 19",
        302,
        "Location: http://shop.example/\nSet-Cookie: sid=31d4; Path=/; Secure; HttpOnly; SameSite=Lax\n\
         Set-Cookie: kept=1; Max-Age=60; Domain=.shop.example\nContent-Length: 5",
    );
    login.carried = b"user=ann&password=x".to_vec().into();
    login.uploaded = 19;
    let mut page = hop(
        1,
        "http://shop.example/",
        Method::GET,
        "GET / HTTP/1.1\r\nHost: shop.example",
        200,
        "Content-Type: text/html\nContent-Encoding: gzip",
    );
    page.reused = true;
    (page.received, page.decoded) = (30, 12);
    Capture { hops: vec![login, page], content: b"<p>Hello</p>".to_vec(), ..Capture::default() }
}

/// A picture, and behind it a host that is not there.
fn a_failure() -> Capture {
    let mut moved =
        hop(0, "http://a.example/", Method::GET, "GET / HTTP/1.1", 301, "Location: //b");
    moved.when = WHEN;
    let began = Tick(500 * MS);
    let lost = Unanswered {
        method: Method::GET,
        url: Url::parse("http://b/").unwrap(),
        asked: "http://b/".to_owned(),
        sent: Vec::new(),
        carried: Content::None,
        established: None,
        reused: false,
        when: WHEN,
        timings: Timings { began, sent: began, first_byte: began, ended: Tick(501 * MS) },
        uploaded: 0,
    };
    Capture { hops: vec![moved], unanswered: Some(lost), ..Capture::default() }
}

fn entries(text: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(text).unwrap();
    all["log"]["entries"].as_array().unwrap().clone()
}

fn a_fetch_stands_in_its_archive_with_everything_that_is_known() {
    let text = archive::har(&[(&a_login(), None)]);
    let entries = entries(&text);
    let (login, page) = (&entries[0], &entries[1]);
    assert_eq!(login["startedDateTime"], "2026-01-15T08:30:00.123Z");
    assert_eq!(login["time"], 65.0);
    let timings = json!({"blocked": -1, "dns": 2.0, "connect": 40.0, "ssl": 30.0, "send": 1.0,
        "wait": 17.0, "receive": 5.0});
    assert_eq!(login["timings"], timings);
    assert_eq!(login["serverIPAddress"], "2001:db8::1");
    assert_eq!(login["request"]["url"], "https://shop.example/login?next=%2F&x=%C3%A9");
    assert_eq!(login["request"]["cookies"][1], json!({"name": "sid", "value": "old"}));
    assert_eq!(login["request"]["postData"]["params"][1]["name"], "password");
    assert_eq!(login["request"]["headers"][3]["value"], "19");
    let response = &login["response"];
    assert_eq!(response["redirectURL"], "http://shop.example/");
    assert_eq!(
        (&response["bodySize"], &response["content"]["size"]),
        (&json!(-1), &json!(-1)),
        "nobody read it"
    );
    let cookies = json!([
        {"name": "sid", "value": "31d4", "path": "/", "httpOnly": true, "secure": true, "sameSite": "Lax"},
        {"name": "kept", "value": "1", "domain": "shop.example", "httpOnly": false, "secure": false,
            "expires": "2026-01-15T08:31:00.123Z"},
    ]);
    assert_eq!(response["cookies"], cookies);
    let timings = json!({"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 43.0,
        "wait": 17.0, "receive": 5.0});
    assert_eq!(page["timings"], timings, "on a connection that was there");
    assert_eq!(page["response"]["bodySize"], 30);
    let content =
        json!({"size": 12, "mimeType": "text/html", "compression": -18, "text": "<p>Hello</p>"});
    assert_eq!(page["response"]["content"], content);
}

fn a_fetch_without_an_answer_stands_there_too() {
    let entries = entries(&archive::har(&[(&a_failure(), Some("could not resolve host b"))]));
    assert_eq!(entries[0]["response"]["status"], 301);
    assert!(entries[0]["response"].get("_error").is_none());
    assert_eq!(entries[1]["response"]["status"], 0);
    assert_eq!(entries[1]["response"]["_error"], "could not resolve host b");
    assert_eq!(entries[1]["time"], 1.0);
}

fn content_of_which_only_the_front_was_kept_is_not_passed_off_as_whole() {
    let mut page = a_login();
    page.content.truncate(5);
    let response = &entries(&archive::har(&[(&page, None)]))[1]["response"];
    assert!(response["content"].get("text").is_none(), "{response}");
    assert_eq!((&response["content"]["size"], &response["bodySize"]), (&json!(-1), &json!(-1)));
}

fn an_archive_is_read_again() {
    let login = a_login();
    let text = archive::har(&[(&login, None), (&a_failure(), Some("no"))]);
    let all: Vec<_> = cruller::har::read(text.as_bytes()).unwrap().map(Result::unwrap).collect();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].started, WHEN);
    assert_eq!(all[0].request.content, login.hops[0].carried);
    assert_eq!(all[0].set_cookies().len(), 2);
    let page = all[1].answer.as_ref().unwrap();
    assert_eq!(page.head.headers, login.hops[1].head.headers);
    assert_eq!(page.content.as_deref(), Some(&login.content[..]));
    assert!(all[3].answer.is_none());
}

/// Where `.ci/run` installs what npm calls `har-validator`.
const VALIDATOR: &str = "target/har/node_modules/har-validator/lib/async.js";

/// Its words against a text that is no archive; none where it is one.
fn against_the_schema(node: &PathBuf, text: &str) -> Option<String> {
    let script = "const har = require(process.argv[1]).har; \
        har(JSON.parse(require('fs').readFileSync(0)), error => { \
            if (error) { console.log(JSON.stringify(error.errors)); process.exitCode = 1 } })";
    let mut judge = Command::new(node)
        .args(["-e", script])
        .arg(in_package(VALIDATOR))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    judge.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = judge.wait_with_output().unwrap();
    (!said.status.success()).then(|| String::from_utf8(said.stdout).unwrap())
}

fn an_archive_holds_against_the_schema_of_har() -> Result<Completion, Failed> {
    let Some(node) = installed("node") else { return missing("node") };
    if !in_package(VALIDATOR).is_file() {
        return missing("har-validator (npm install --prefix target/har har-validator)");
    }
    let text = archive::har(&[(&a_login(), None), (&a_failure(), Some("no such host"))]);
    assert_eq!(against_the_schema(&node, &text), None, "{text}");
    assert_eq!(against_the_schema(&node, &archive::har(&[])), None);
    for (right, wrong) in [
        ("\"startedDateTime\"", "\"started\""),
        ("2001:db8::1", "a.example"),
        ("\"bodySize\": -1", "\"bodySize\": \"?\""),
        ("2026-01-15T08:31:00.123Z", "in a minute"),
    ] {
        assert!(text.contains(right), "{right}");
        let words = against_the_schema(&node, &text.replace(right, wrong));
        assert!(words.is_some(), "{wrong} was allowed");
    }
    Ok(Completion::Completed)
}

/// What curl prints with these flags is read as what it was: these statuses, and this of it.
fn what_curl_prints_is_read() -> Result<Completion, Failed> {
    let Some(curl) = installed("curl") else { return missing("curl") };
    let home = Home::new();
    let (_site, site) = home.serve();
    let printed = |flags: &str, path: &str| {
        let mut curl = Command::new(&curl);
        curl.arg("-q").args(flags.split(' ')).arg(format!("{site}{path}")).env_clear();
        curl.stdin(Stdio::null()).output().expect("curl runs").stdout
    };
    let cases: [(&str, &str, &[u16], &[Note]); 13] = [
        ("-si", "/about", &[200], &[]),
        ("-siL", "/redirect/chain/3", &[302, 302, 302, 200], &[]),
        ("-si", "/redirect/302", &[302], &[]),
        ("-si", "/interim", &[200], &[]),
        ("-si", "/chunked", &[200], &[Note::Unchunked]),
        ("-si --raw", "/chunked", &[200], &[]),
        ("-si", "/gzip", &[200], &[]),
        ("-si --compressed", "/gzip", &[200], &[Note::Decoded]),
        ("-si --compressed", "/deflate", &[200], &[Note::Decoded]),
        ("-si", "/deflate", &[200], &[]),
        ("-si", "/close", &[200], &[]),
        ("-si", "/status/204", &[204], &[]),
        ("-sI", "/about", &[200], &[Note::NoContent]),
    ];
    for (flags, path, statuses, notes) in cases {
        let text = printed(flags, path);
        let url = Url::parse(&format!("{site}{path}")).unwrap();
        let saved = saved::read(&text, Some(&url), &mut Jar::new(), WHEN).unwrap();
        let seen: Vec<u16> = saved.capture.hops.iter().map(|hop| hop.head.status).collect();
        assert_eq!(seen, statuses, "{flags} {path}");
        assert_eq!(saved.notes, notes, "{flags} {path}");
        let last = saved.capture.hops.last().unwrap().url.path().to_owned();
        let content = if flags == "-sI" { Vec::new() } else { printed("-s --compressed", &last) };
        assert_eq!(saved.capture.content, content, "{flags} {path}");
    }
    let cut = printed("-si", "/cut");
    let saved = saved::read(&cut, None, &mut Jar::new(), WHEN).unwrap();
    assert!(matches!(saved.notes[..], [Note::Cut(Some(_)), Note::NoUrl]), "{:?}", saved.notes);
    Ok(Completion::Completed)
}

fn what_wget_records_is_read() -> Result<Completion, Failed> {
    let Some(wget) = installed("wget") else { return missing("wget") };
    let home = Home::new();
    let (_site, site) = home.serve();
    for (flags, name) in [("--no-warc-compression", "it.warc"), ("--warc-cdx", "it.warc.gz")] {
        let mut wget = Command::new(&wget);
        wget.args(["-q", "--no-config", "-O", "page", "--warc-file=it", flags]);
        wget.arg(format!("{site}/redirect/chain/2")).env_clear().current_dir(home.work());
        assert!(wget.stdin(Stdio::null()).status().expect("wget runs").success());
        let file = std::fs::read(home.file(name)).unwrap();
        let saved = saved::read(&file, None, &mut Jar::new(), WHEN).unwrap();
        assert_eq!((saved.kind, saved.notes.as_slice()), (saved::Kind::Warc, &[][..]));
        let hops = &saved.capture.hops;
        let seen: Vec<u16> = hops.iter().map(|hop| hop.head.status).collect();
        assert_eq!(seen, [302, 302, 200]);
        assert!(
            hops.iter().all(|hop| hop.sent.starts_with(b"GET /") && hop.asked.starts_with(&site))
        );
        let archive = archive::har(&[(&saved.capture, None)]);
        assert_eq!(entries(&archive).len(), 3);
        assert_eq!(saved.capture.content, std::fs::read(home.file("page")).unwrap());
    }
    Ok(Completion::Completed)
}
