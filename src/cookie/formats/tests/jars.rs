//! What an import does to a jar that already holds something.

use super::*;
use crate::cookie::{Refusal, Verdict};

fn answer(at: i64, from: &str, lines: &[&str]) -> Answer {
    let lines = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
    Answer { url: url(from), at: Wall(at), lines }
}

/// Replays answers into a jar.
fn replay(jar: &mut Jar, answers: Vec<Answer>) -> Imported {
    Import::of_answers(answers, 0).into_jar(jar, NOW)
}

#[test]
fn answers_are_received_in_the_order_of_their_times() {
    let mut jar = Jar::new();
    let (one, two, three) = (NOW.0 - 3000, NOW.0 - 2000, NOW.0 - 1000);
    let done = replay(
        &mut jar,
        vec![
            answer(three, "https://a.example/", &["sid=new", "gone=; Max-Age=0"]),
            answer(one, "https://a.example/", &["sid=old", "gone=1", "soon=1; Max-Age=2"]),
            answer(two, "http://a.example/", &["sid=plain; Secure", "x=1; Domain=co.uk"]),
        ],
    );
    assert_eq!(all(&jar), ["a.example/ sid=new"]);
    assert_eq!((done.created, done.replaced, done.removed, done.ended), (3, 1, 1, 1));
    let refused: Vec<String> = done.refused.iter().map(ToString::to_string).collect();
    assert_eq!(refused.len(), 2);
    assert!(refused[0].starts_with("cookie sid: refused because it is Secure"), "{refused:?}");
    let sid = jar.in_order()[0];
    assert_eq!((sid.created, sid.received), (Wall(one), Some(Wall(three))));
}

#[test]
fn an_answer_from_the_future_counts_as_received_now() {
    let mut jar = Jar::new();
    replay(&mut jar, vec![answer(i64::MAX, "https://a.example/", &["a=1; Max-Age=60"])]);
    let cookie = jar.in_order()[0];
    assert_eq!((cookie.created, cookie.expires), (NOW, Some(NOW.plus_secs(60))));
}

#[test]
fn a_plain_answer_does_not_cover_a_secure_cookie_of_the_jar() {
    let mut jar = Jar::new();
    jar.store(b"sid=mine; Secure", &url("https://a.example/"), NOW.plus_secs(-9));
    let done = replay(&mut jar, vec![answer(NOW.0 - 1, "http://a.example/", &["sid=theirs"])]);
    assert_eq!(done.refused[0].verdict, Verdict::Refused(Refusal::SecureOverlay));
    assert_eq!(all(&jar), ["a.example/ sid=mine secure"]);
}

#[test]
fn a_file_replaces_and_adds_and_removes_nothing() {
    let mut jar = Jar::new();
    jar.store(b"a=old", &url("http://a.example/"), NOW.plus_secs(-9));
    jar.store(b"b=kept", &url("http://a.example/"), NOW.plus_secs(-8));
    jar.settle();
    let text = b"a.example\tFALSE\t/\tFALSE\t0\tz\tfirst\n\
        a.example\tFALSE\t/\tFALSE\t0\ta\tnew\n\
        a.example\tFALSE\t/\tFALSE\t1600000000\tb\tlong over\n\
        a.example\tFALSE\t/\tFALSE\t0\ty\tsecond\n";
    let done = read(Format::Netscape, text, None, NOW).unwrap().into_jar(&mut jar, NOW);
    assert_eq!((done.created, done.replaced, done.stored()), (2, 1, 3));
    assert_eq!(done.refused[0].verdict, Verdict::Refused(Refusal::Expired));
    // What was there keeps its place; what is new comes behind, in the file's order.
    let names =
        ["a.example/ a=new", "a.example/ b=kept", "a.example/ z=first", "a.example/ y=second"];
    assert_eq!(all(&jar), names);
    assert!(jar.has_changes());
    let received: Vec<_> = jar.in_order().iter().map(|c| c.received).collect();
    assert_eq!(received, [Some(NOW), Some(NOW.plus_secs(-8)), Some(NOW), Some(NOW)]);
}

#[test]
fn the_order_of_a_file_is_the_order_of_creation_and_all_of_it_is_past() {
    let text = "Cookie: c=1; a=2; b=3";
    let (mut jar, _) = import(Format::CookieHeader, text.as_bytes(), Some("http://a.example/"));
    let created: Vec<_> = jar.in_order().iter().map(|c| c.created.0 - NOW.0).collect();
    assert_eq!(created, [-3, -2, -1]);
    let sent = jar.retrieve(&url("http://a.example/"), NOW).unwrap();
    assert_eq!(sent, b"c=1; a=2; b=3");
}

#[test]
fn a_dump_is_judged_like_the_answers_it_was() {
    let text = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Secure\r\nSet-Cookie: b\x01=2\r\n\
        Set-Cookie: c=3; Domain=other.example\r\nSet-Cookie: d=4\r\n\r\n";
    let (jar, done) = import(Format::SetCookieDump, text, Some("http://a.example/x/y"));
    assert_eq!(all(&jar), ["a.example/x d=4"]);
    let why: Vec<Verdict> = done.refused.iter().map(|stored| stored.verdict).collect();
    let reasons = [Refusal::SecureFromInsecure, Refusal::ControlCharacter, Refusal::DomainMismatch];
    assert_eq!(why, reasons.map(Verdict::Refused));
}
