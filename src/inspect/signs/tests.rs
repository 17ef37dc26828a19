//! Plays `fixtures/pages/signs/`. A file holds cases; a case is
//!
//! ```text
//! == what it shows
//! > GET https://a.test/list          a request, perhaps with fields
//! > Accept: application/json
//! < 200                              its answer, perhaps with fields
//! < Content-Type: text/html
//! <p>content, or @NAME.html         of the last answer
//! => login-wall certain WHO          every sign that is seen; without one there is none
//! ```

use super::*;
use crate::base::{Content, Head, Headers, Method, Version, Wall};
use crate::client::{Hop, Timings};
use crate::page;
use url::Url;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pages");

fn hop(line: &str) -> Hop {
    let (method, url) = line.split_once(' ').unwrap();
    let url = Url::parse(url).unwrap();
    Hop {
        method: Method::new(method),
        asked: url.to_string(),
        sent: format!("{method} {} HTTP/1.1\r\n", url.path()).into_bytes(),
        url,
        carried: Content::None,
        interims: Vec::new(),
        head: Head {
            status: 0,
            version: Version::Http11,
            reason: Vec::new(),
            headers: Headers::new(),
        },
        raw_head: Vec::new(),
        unmet: false,
        trailers: Headers::new(),
        established: None,
        reused: false,
        cookies: Vec::new(),
        defects: Vec::new(),
        when: Wall(0),
        timings: Timings::default(),
        uploaded: 0,
        received: 0,
        decoded: 0,
    }
}

/// What a case plays, and what is to be seen in it.
fn read(case: &str) -> (Capture, Vec<String>) {
    let mut capture = Capture::default();
    let (mut content, mut wanted) = (String::new(), Vec::new());
    for line in case.lines() {
        if let Some(sign) = line.strip_prefix("=> ") {
            wanted.push(sign.to_owned());
        } else if let Some(text) = line.strip_prefix("> ") {
            match text.split_once(": ") {
                Some(_) => {
                    let sent = &mut capture.hops.last_mut().unwrap().sent;
                    sent.extend_from_slice(format!("{text}\r\n").as_bytes());
                }
                None => capture.hops.push(hop(text)),
            }
        } else if let Some(text) = line.strip_prefix("< ") {
            let head = &mut capture.hops.last_mut().unwrap().head;
            match text.split_once(": ") {
                Some((name, value)) => head.headers.push(name, value),
                None => head.status = text.parse().unwrap(),
            }
        } else if let Some(name) = line.strip_prefix('@') {
            content += &file(name);
        } else if !line.is_empty() && !line.starts_with("# ") {
            content += line;
            content.push('\n');
        }
    }
    let last = capture.hops.last_mut().unwrap();
    capture.content = content.trim_end().as_bytes().to_vec();
    last.received = capture.content.len() as u64;
    (capture, wanted)
}

#[expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]
fn file(name: &str) -> String {
    let path = format!("{FOLDER}/{name}");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn seen(capture: &Capture) -> Vec<Sign> {
    let last = capture.hops.last().unwrap();
    let page = page::summarize(&capture.content, &last.head.headers, &last.url);
    let ended = Ended::Whole;
    of(capture, page.as_ref(), Extent::of(last, true, capture, &ended), &ended)
}

fn cases(files: &[&str]) -> Vec<(String, String)> {
    let mut cases = Vec::new();
    for name in files {
        let text = file(&format!("signs/{name}.txt"));
        for case in text.split("\n== ").skip(1) {
            let (title, case) = case.split_once('\n').unwrap();
            cases.push((format!("{name}: {title}"), case.to_owned()));
        }
    }
    cases
}

fn play(files: &[&str]) -> usize {
    let cases = cases(files);
    let mut wrong = Vec::new();
    for (title, case) in &cases {
        let (capture, wanted) = read(case);
        let signs = seen(&capture);
        let told: Vec<String> = signs
            .iter()
            .map(|sign| {
                let by = sign.by.map(|by| format!(" {by}")).unwrap_or_default();
                format!("{} {}{by}", sign.kind.slug(), sign.confidence)
            })
            .collect();
        if told != wanted {
            wrong.push(format!("{title}\n  wanted {wanted:?}\n  seen   {told:?}\n  {signs:#?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    cases.len()
}

#[test]
fn every_sign_is_seen_where_it_is() {
    assert!(play(&["refusals", "doors", "contents"]) >= 40);
}

#[test]
fn ordinary_answers_give_no_sign() {
    assert!(play(&["nothing"]) >= 25);
    for (title, case) in cases(&["nothing"]) {
        assert!(!case.contains("\n=> "), "{title}");
    }
}

#[test]
fn every_sign_has_its_evidence_and_its_words() {
    for (title, case) in cases(&["refusals", "doors", "contents"]) {
        for sign in seen(&read(&case).0) {
            assert!(!sign.evidence.is_empty(), "{title}");
            assert!(sign.evidence.iter().all(|words| !words.is_empty()), "{title}");
            assert!(sign.to_string().starts_with(sign.kind.name()), "{title}");
        }
    }
    let sign = Sign {
        kind: Kind::Challenge,
        by: Some("Cloudflare"),
        confidence: Confidence::Certain,
        evidence: Vec::new(),
    };
    assert_eq!(sign.to_string(), "challenge page by Cloudflare (certain)");
}

#[test]
fn nothing_answered_is_no_sign() {
    assert_eq!(of(&Capture::default(), None, Extent::Whole, &Ended::Whole), []);
}

#[test]
fn evidence_says_what_was_found() {
    let (capture, _) = read(
        "> GET https://a.test/\n< 403\n< cf-mitigated: challenge\n< Content-Type: text/html\n\
         <title>Just a moment...</title>",
    );
    assert_eq!(
        seen(&capture)[0].evidence,
        ["status 403", "the field `cf-mitigated: challenge`", "the title \"Just a moment...\""]
    );
}

#[test]
fn content_that_is_shorter_than_announced_is_truncated() {
    let (mut capture, _) = read("> GET https://a.test/x\n< 200\n< Content-Length: 90\nabc");
    assert_eq!(seen(&capture)[0].kind, Kind::Truncated);
    capture.hops[0].method = Method::HEAD;
    assert_eq!(seen(&capture), []);
    capture.hops[0].method = Method::GET;
    capture.hops[0].unmet = true;
    assert_eq!(seen(&capture), []);
}

#[test]
fn what_we_cut_or_lost_is_not_taken_for_the_servers_doing() {
    let (capture, _) = read(
        "> GET https://a.test/x\n< 200\n< Content-Length: 90\n< Content-Type: text/html\n<p>abc <a",
    );
    let page = page::summarize(&capture.content, &Headers::new(), &capture.hops[0].url);
    let kinds = |extent, ended: &Ended| -> Vec<Kind> {
        of(&capture, page.as_ref(), extent, ended).iter().map(|sign| sign.kind).collect()
    };
    let words = || "timed out".to_owned();
    assert_eq!(kinds(Extent::Whole, &Ended::Whole), [Kind::Truncated]);
    assert_eq!(kinds(Extent::Stopped, &Ended::Stopped(words())), []);
    assert_eq!(kinds(Extent::PassedOver, &Ended::Unfinished(words())), []);
    let cut = crate::client::Error::Coding(crate::coding::Error::Unknown);
    assert_eq!(kinds(Extent::Unreadable, &Ended::of(&cut)), [Kind::Unreadable]);
    assert_eq!(kinds(Extent::PassedOver, &Ended::Redirects(words())), [Kind::RedirectLoop]);
}

#[test]
fn a_login_by_password_is_advised_only_where_the_status_asks_for_it() {
    let sign =
        |evidence: &str| Sign::new(Kind::LoginWall, Confidence::Certain, vec![evidence.to_owned()]);
    assert_eq!(
        sign("status 401, WWW-Authenticate: Basic").advice(),
        Some("log in: -u USER:PASSWORD")
    );
    assert!(!sign("a redirect to a.test/login").advice().unwrap().contains("-u"));
}
