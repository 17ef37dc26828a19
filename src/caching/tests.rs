//! Plays the table in `fixtures/caching/`; its README tells the format.

use super::*;
use crate::base::Span;
use std::time::{Duration, UNIX_EPOCH};

/// When every answer of the table came: Sun, 06 Nov 1994 08:49:37 GMT.
const RECEIVED: i64 = 784_111_777;

/// The sections of the specification, one file for each part.
const FILES: [(&str, &str); 6] = [
    ("storing", include_str!("../../fixtures/caching/storing.txt")),
    ("lifetime", include_str!("../../fixtures/caching/lifetime.txt")),
    ("guess", include_str!("../../fixtures/caching/guess.txt")),
    ("age", include_str!("../../fixtures/caching/age.txt")),
    ("stale", include_str!("../../fixtures/caching/stale.txt")),
    ("asking", include_str!("../../fixtures/caching/asking.txt")),
];

/// One story of the table.
struct Case<'t> {
    method: Method,
    request: Headers,
    status: u16,
    headers: Headers,
    delay: i64,
    at: i64,
    expected: Vec<(&'t str, &'t str)>,
}

fn read<'t>(lines: impl Iterator<Item = &'t str>) -> Case<'t> {
    let mut case = Case {
        method: Method::GET,
        request: Headers::new(),
        status: 200,
        headers: Headers::new(),
        delay: 0,
        at: 0,
        expected: Vec::new(),
    };
    for line in lines {
        let (kind, text) = line.split_at(line.find(' ').unwrap_or(line.len()));
        let text = text.trim();
        let field = |headers: &mut Headers| {
            let (name, value) = text.split_once(':').unwrap();
            headers.push(name, dated(value.trim()));
        };
        match kind {
            ">" if text.contains(':') => field(&mut case.request),
            ">" => case.method = Method::new(text),
            "<" if text.contains(':') => field(&mut case.headers),
            "<" => case.status = text.parse().unwrap(),
            "delay" => case.delay = text.parse().unwrap(),
            "at" => case.at = text.parse().unwrap(),
            _ => case.expected.push((kind, text)),
        }
    }
    case
}

/// `{-300}` is the date of 300 seconds before the answer came.
fn dated(value: &str) -> String {
    let Some((before, rest)) = value.split_once('{') else { return value.to_owned() };
    let (offset, after) = rest.split_once('}').unwrap();
    let secs = RECEIVED + offset.parse::<i64>().unwrap();
    let date = UNIX_EPOCH + Duration::from_secs(secs.try_into().unwrap());
    format!("{before}{}{after}", httpdate::fmt_http_date(date))
}

/// What the judgement says to a question of the table.
fn answer(judgement: &Judgement, question: &str) -> String {
    let notes = || judgement.notes.iter().map(ToString::to_string).collect::<Vec<_>>();
    match question {
        "=" => judgement.to_string(),
        "private" => judgement.private.to_string(),
        "shared" => judgement.shared.to_string(),
        "age" => judgement.age.current.to_string(),
        "initial" => judgement.age.initial.to_string(),
        "apparent" => judgement.age.apparent.to_string(),
        "lifetime" => judgement.private.lifetime.to_string(),
        "again" => judgement.private.again.to_string(),
        "shared-again" => judgement.shared.again.to_string(),
        "vary" => judgement.vary.to_string(),
        "notes" => notes().join("; "),
        "asks" => {
            let fields = judgement.validators.request();
            let field = |(name, value)| format!("{name}: {}", String::from_utf8_lossy(value));
            fields.into_iter().map(field).collect::<Vec<_>>().join("; ")
        }
        other => panic!("the table asks {other}"),
    }
}

#[test]
fn every_case_of_the_table_is_judged_as_the_specification_says() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (file, text) in FILES {
        for story in text.split("\n## ").skip(1) {
            let mut lines = story.lines();
            let name = lines.next().unwrap();
            let case = read(lines.filter(|line| !line.is_empty() && !line.starts_with('#')));
            let received = Wall::from_secs(RECEIVED);
            let judged = judge(
                &Answer {
                    method: &case.method,
                    request: &case.request,
                    status: case.status,
                    headers: &case.headers,
                    requested: received.plus_secs(-case.delay),
                    received,
                },
                received.plus_secs(case.at),
            );
            count += 1;
            assert!(!case.expected.is_empty(), "{file}: {name}: expects nothing");
            for (question, expected) in case.expected {
                let expected = match question {
                    "asks" => dated(expected),
                    _ => expected.to_owned(),
                };
                let said = answer(&judged, question);
                if said != expected {
                    wrong.push(format!("{file}: {name}\n   {question} {said}\n  not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 80, "only {count} cases");
}

#[test]
fn milliseconds_do_not_make_an_answer_older() {
    let headers: Headers = [("Date", dated("{0}"))].into_iter().collect();
    let request = Headers::new();
    let received = Wall(RECEIVED * 1000 + 900);
    let answer = Answer {
        method: &Method::GET,
        request: &request,
        status: 200,
        headers: &headers,
        requested: Wall(received.0 - 950),
        received,
    };
    assert_eq!(judge(&answer, received).age.current, 0);
    assert_eq!(judge(&answer, Wall(received.0 + 99)).age.current, 1);
}

proptest::proptest! {
    /// Whatever a server sends: an answer, in bounded words.
    #[test]
    fn any_bytes_are_judged(
        control in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        words in "(max-age|s-maxage|no-cache|private|public|stale-if-error|=|,|\"|-|9{1,30}|x){0,20}",
        date in proptest::collection::vec(proptest::num::u8::ANY, 0..40),
        status in 0u16..1000,
        times in proptest::array::uniform3(proptest::num::i64::ANY),
    ) {
        let mut headers = Headers::new();
        for name in ["Cache-Control", "Age", "ETag", "Vary"] {
            headers.push(name, &control);
        }
        headers.push("Cache-Control", words);
        for name in ["Date", "Expires", "Last-Modified"] {
            headers.push(name, &date);
        }
        let [requested, received, now] = times.map(Wall);
        for method in ["GET", "POST", "X"] {
            let method = Method::new(method);
            let answer =
                Answer { method: &method, request: &headers, status, headers: &headers, requested, received };
            let judged = judge(&answer, now);
            let said = judged.to_string().len() + judged.vary.to_string().len();
            assert!(said < 3000, "{judged:?}");
            assert!(Span(judged.private.fresh_for()).to_string().len() < 60);
        }
    }
}
