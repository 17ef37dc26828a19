//! What would be sent (`--dry-run`), and the record of what was (`--json-out`).

use crate::support::client::Home;
use crate::support::door;
use crate::support::peer::Peer;
use libtest_mimic::Trial;
use serde_json::Value;
use std::io::{Read, Write};

pub fn tests() -> Vec<Trial> {
    trials![
        a_dry_run_shows_the_bytes_that_are_sent,
        a_dry_run_asks_nobody_and_keeps_nothing,
        a_dry_run_of_what_cannot_be_sent,
        a_line_of_json_for_each_transfer,
        the_record_of_a_failure,
        the_record_of_what_got_no_answer,
        a_record_that_cannot_be_written,
    ]
}

/// The same flags with and without `--dry-run`.
fn a_dry_run_shows_the_bytes_that_are_sent() {
    let home = Home::new();
    let large = vec![b'x'; 2 << 20];
    home.write("file", "from a file\n");
    home.write("large", &large);
    let lines: [&[&str]; 6] = [
        &["-H", "X: y", "-u", "me:secret"],
        &["-d", "a=b", "-b", "c=d"],
        &["-X", "PUT", "-d", "@file"],
        &["-d", "@file", "-H", "Transfer-Encoding: chunked"],
        &["--data-binary", "@large"],
        &["-I", "--compressed"],
    ];
    for flags in lines {
        let (door, url) = door::open("http");
        let server = std::thread::spawn(move || {
            let mut stream = door::accept(&door);
            let mut sent = door::head(&mut stream).expect("a request").into_bytes();
            if String::from_utf8_lossy(&sent).contains("Expect: 100-continue") {
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").expect("a listener");
            }
            let head = String::from_utf8_lossy(&sent).into_owned();
            let length = head.split("Content-Length: ").nth(1).and_then(|rest| rest.lines().next());
            let mut content = vec![0; length.map_or(0, |digits| digits.parse().expect("a length"))];
            stream.read_exact(&mut content).expect("the content");
            sent.extend(content);
            while head.contains("chunked") && !sent.ends_with(b"\r\n0\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("a chunk");
                sent.extend(byte);
            }
            stream.write_all(b"HTTP/1.1 204 OK\r\nConnection: close\r\n\r\n").expect("a listener");
            sent
        });
        let words = |more: &[&str]| {
            let words = ["fetch", &url].into_iter().chain(flags.iter().copied());
            words.chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
        };
        let shown = home.run(words(&["--dry-run"])).ok();
        home.run(words(&["-o", "answer"])).ok();
        assert!(server.join().unwrap() == shown.stdout, "{flags:?}: {shown}");
    }
}

fn a_dry_run_asks_nobody_and_keeps_nothing() {
    let home = Home::new();
    let (door, url) = door::open("http");
    let words = ["fetch", "--dry-run", "-c", "jar", "--proxy", &url, "http://a.example/[1-2]"];
    let ran = home.run(words).ok();
    for number in 1..=2 {
        let asked = format!("GET http://a.example/{number} HTTP/1.1\r\nHost: a.example\r\n");
        assert!(ran.text().contains(&asked), "{ran}");
    }
    let ran = home.run(["fetch", "--dry-run", "--proxy", &url, "https://a.example/"]).ok();
    assert!(ran.text().starts_with("CONNECT a.example:443 HTTP/1.1\r\n"), "{ran}");
    assert!(ran.text().contains("\r\n\r\nGET / HTTP/1.1\r\nHost: a.example\r\n"), "{ran}");
    door.set_nonblocking(true).unwrap();
    assert!(door.accept().is_err(), "somebody came");
    assert!(!home.file("jar").exists());
}

fn a_dry_run_of_what_cannot_be_sent() {
    let home = Home::new();
    home.run(["fetch", "--dry-run", "ftp://a.example/"]).failed(1);
    // The others are shown all the same.
    let ran = home.run(["fetch", "--dry-run", "ftp://a.example/", "http://b.example/"]);
    assert!(ran.code == 0 && ran.text().contains("Host: b.example"), "{ran}");
    home.run(["fetch", "--dry-run", "-d", "@not-there", "http://a.example/"]).failed(26);
}

fn a_line_of_json_for_each_transfer() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let (moved, cookies) = (format!("{url}/redirect/302"), format!("{url}/cookies/refused"));
    let words = ["fetch", "-L", "-c", "jar", "--json-out", "record", "-o", "a", &moved];
    home.run(words.into_iter().chain(["-o", "b", &cookies])).ok();
    let record = std::fs::read_to_string(home.file("record")).unwrap();
    let lines: Vec<Value> = record.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(lines.len(), 2, "{record}");
    assert_eq!((&lines[0]["exit"], &lines[0]["error"]), (&0.into(), &Value::Null));
    assert_eq!(lines[0]["file"], "a");
    let hops = lines[0]["hops"].as_array().unwrap();
    assert_eq!(hops.len(), 2, "{record}");
    assert_eq!(hops[0]["status"], 302);
    assert!(hops[0]["raw_head"].as_str().unwrap().starts_with("HTTP/1.1 302 "));
    assert!(hops[0]["sent_head"].as_str().unwrap().starts_with("GET /redirect/302 HTTP/1.1\r\n"));
    let location = hops[0]["fields"].as_array().unwrap().iter().find(|f| f["name"] == "Location");
    assert!(location.is_some(), "{record}");
    assert_eq!(hops[1]["connection"]["reused"], true);
    assert_eq!(hops[1]["seconds"]["connected"], Value::Null);
    let (began, ended) = (&hops[1]["seconds"]["began"], &hops[1]["seconds"]["ended"]);
    assert!(began.as_f64().unwrap() <= ended.as_f64().unwrap(), "{record}");
    let verdicts = lines[1]["hops"][0]["cookies"].as_array().unwrap();
    assert!(
        verdicts.iter().any(|cookie| cookie["name"] == "good" && cookie["verdict"] == "stored")
    );
    let refused = |cookie: &Value| cookie["verdict"].as_str().unwrap().starts_with("refused");
    assert!(verdicts.iter().any(refused), "{record}");
}

fn the_record_of_a_failure() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let url = format!("{url}/cut");
    let ran = home.run(["fetch", "-s", "-o", "page", "--json-out", "-", &url]);
    let line: Value = ran.text().parse().unwrap();
    assert_eq!((ran.code, &line["exit"]), (18, &18.into()), "{ran}");
    assert_eq!(line["hops"][0]["status"], 200);
    assert!(line["error"].as_str().unwrap().contains("bytes remaining"), "{ran}");
}

fn the_record_of_what_got_no_answer() {
    let home = Home::new();
    let peer = Peer::playing("connection\n> GET /a HTTP/1.1\nclose\n", &home.work());
    let url = format!("{}/a", peer.url());
    let line: Value = home.run(["fetch", "-s", "--json-out", "-", &url]).text().parse().unwrap();
    peer.finish().unwrap();
    let hop = &line["hops"][0];
    assert_eq!((&hop["url"], &hop["status"]), (&url.as_str().into(), &Value::Null), "{line}");
    assert!(hop["sent_head"].as_str().unwrap().starts_with("GET /a HTTP/1.1\r\n"), "{line}");
    assert!(hop["connection"]["peer"].is_string(), "{line}");
    assert_eq!(hop["seconds"]["first_byte"], Value::Null, "{line}");
    let refused = "http://127.0.0.1:1/";
    let line: Value = home.run(["fetch", "-s", "--json-out", "-", refused]).text().parse().unwrap();
    let hop = &line["hops"][0];
    assert_eq!((&hop["connection"], &hop["sent_head"]), (&Value::Null, &Value::Null), "{line}");
}

fn a_record_that_cannot_be_written() {
    let home = Home::new();
    let (door, url) = door::open("http");
    home.run(["fetch", "--json-out", "no/such/folder", &url]).failed_saying(23, "--json-out");
    door.set_nonblocking(true).unwrap();
    assert!(door.accept().is_err(), "it was asked for all the same");
}
