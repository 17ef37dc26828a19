//! Hosts that are spoken to by https only (`--hsts`), and the file they are kept in.

use crate::support::client::{Home, Ran};
use crate::support::door;
use crate::support::tls::Authority;
use libtest_mimic::Trial;
use std::io::Write;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio_rustls::rustls::{ServerConnection, Stream};

pub fn tests() -> Vec<Trial> {
    trials![
        a_host_that_asks_is_spoken_to_by_https_from_then_on,
        what_is_known_goes_by_https_at_once,
        a_connection_in_doubt_teaches_nothing,
        a_file_that_cannot_be_read,
    ]
}

/// Answers so many secure requests with `field`; its URL, with `NAME` for the host.
fn secure_door(home: &Home, requests: usize, field: &'static str) -> (JoinHandle<()>, u16) {
    let authority = Authority::new("known");
    let leaf = authority.leaf(["host.example", "localhost"]);
    home.write("ca.pem", authority.pem());
    let (listener, _) = door::open("https");
    let port = listener.local_addr().unwrap().port();
    let config = leaf.server();
    let server = thread::spawn(move || {
        let mut served = 0;
        while served < requests {
            let mut tcp = door::accept(&listener);
            let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            while let Some(head) = door::head(&mut Stream::new(&mut tls, &mut tcp)) {
                assert!(head.starts_with("GET "), "{head}");
                served += 1;
                let answer = format!("HTTP/1.1 200 OK\r\n{field}Content-Length: 2\r\n\r\nok");
                let _ = Stream::new(&mut tls, &mut tcp).write_all(answer.as_bytes());
            }
        }
    });
    (server, port)
}

fn ask(home: &Home, port: u16, words: &[&str]) -> Ran {
    let resolve = format!("host.example:{port}:127.0.0.1");
    let fixed =
        ["fetch", "-s", "-S", "--cacert", "ca.pem", "--hsts", "hsts", "--resolve", &resolve];
    home.run(fixed.iter().chain(words))
}

fn a_host_that_asks_is_spoken_to_by_https_from_then_on() {
    let home = Home::new();
    let field = "Strict-Transport-Security: max-age=1000; includeSubDomains\r\n";
    let (server, port) = secure_door(&home, 3, field);
    let (secure, open) =
        (format!("https://host.example:{port}/a"), format!("http://host.example:{port}/b"));
    // Within a run, and in the next one.
    let format = "[%{url_effective}]";
    let ran = ask(&home, port, &["-w", format, &secure, &open]).ok();
    assert_eq!(ran.text(), format!("ok[{secure}]ok[https://host.example:{port}/b]"));
    let ran = ask(&home, port, &["-w", format, &open]).ok();
    assert_eq!(ran.text(), format!("ok[https://host.example:{port}/b]"));
    server.join().unwrap();
    let kept = std::fs::read_to_string(home.file("hsts")).unwrap();
    assert!(kept.lines().any(|line| line.starts_with(".host.example \"")), "{kept}");
}

fn what_is_known_goes_by_https_at_once() {
    let home = Home::new();
    home.write("ca.pem", Authority::new("x").pem());
    home.write("hsts", ".example \"unlimited\"\n");
    let words = ["-w", "%{url_effective}", "http://host.example:1/", "--resolve"];
    let words = [&words[..], &["host.example:1:127.0.0.1"]].concat();
    let ran = ask(&home, 1, &words).failed(7);
    assert_eq!(ran.text(), "https://host.example:1/");
    let refused = ask(&home, 1, &["--proto", "=http", "http://host.example/"]);
    refused.failed_saying(1, "\"https\" is disabled");
    assert_eq!(std::fs::read_to_string(home.file("hsts")).unwrap(), ".example \"unlimited\"\n");
}

/// RFC 6797 section 8.1: not over http, not with a certificate that nobody checked, not for an
/// address.
fn a_connection_in_doubt_teaches_nothing() {
    let home = Home::new();
    let (server, port) = secure_door(&home, 1, "Strict-Transport-Security: max-age=1000\r\n");
    ask(&home, port, &["-k", &format!("https://host.example:{port}/")]).ok();
    server.join().unwrap();
    let (_site, url) = home.serve();
    let field = "/response-headers?Strict-Transport-Security=max-age%3D1000";
    ask(&home, port, &["-o", "page", &format!("{url}{field}")]);
    assert!(!home.file("hsts").exists());
}

fn a_file_that_cannot_be_read() {
    let home = Home::new();
    std::fs::create_dir(home.file("hsts")).unwrap();
    home.write("ca.pem", "");
    ask(&home, 1, &["http://127.0.0.1:1/"]).failed_saying(26, "hsts");
}
