//! Downloads that are killed, and go on.

use crate::support::PATIENCE;
use crate::support::client::Home;
use crate::support::door;
use libtest_mimic::Trial;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::Instant;

pub fn tests() -> Vec<Trial> {
    trials![
        a_download_that_is_killed_goes_on,
        a_download_that_is_terminated_leaves_its_note,
        the_first_bytes_are_noted_before_anybody_can_end_it,
    ]
}

const HALF: usize = 512 << 10;

fn begin(stream: &mut TcpStream, bytes: usize) {
    door::head(stream).unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: {}\r\n\r\n", 2 * HALF);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'1'; bytes]).unwrap();
}

fn until_it_holds(path: &Path, bytes: usize) {
    let began = Instant::now();
    while path.metadata().map_or(0, |about| about.len()) < bytes as u64 {
        assert!(began.elapsed() < PATIENCE, "{} does not grow", path.display());
        thread::yield_now();
    }
}

fn a_download_that_is_killed_goes_on() {
    let (door, url) = door::open("http");
    let home = Home::new();
    let (file, note) = (home.file("f"), home.file(".f.cruller-part"));
    let mut client = home.start(["fetch", "-o", "f", &url]);
    let mut stream = door::accept(&door);
    begin(&mut stream, HALF);
    until_it_holds(&file, HALF);
    assert!(client.signal("KILL"));
    assert!(client.outcome().is_err());
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "\"a\"\n");

    let client = home.start(["fetch", "-C", "-", "-o", "f", &url]);
    let mut stream = door::accept(&door);
    let head = door::head(&mut stream).unwrap();
    assert!(head.contains(&format!("Range: bytes={HALF}-\r\nIf-Range: \"a\"\r\n")), "{head}");
    let range = format!("Content-Range: bytes {HALF}-{}/{}", 2 * HALF - 1, 2 * HALF);
    let head =
        format!("HTTP/1.1 206 Rest\r\nETag: \"a\"\r\n{range}\r\nContent-Length: {HALF}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'2'; HALF]).unwrap();
    client.finish().ok();
    let whole = std::fs::read(&file).unwrap();
    assert!(whole[..HALF].iter().all(|b| *b == b'1') && whole[HALF..].iter().all(|b| *b == b'2'));
    assert_eq!((whole.len(), note.exists()), (2 * HALF, false));
}

fn a_download_that_is_terminated_leaves_its_note() {
    let (door, url) = door::open("http");
    let home = Home::new();
    let mut client = home.start(["fetch", "-c", "jar", "-o", "f", &url]);
    let mut stream = door::accept(&door);
    begin(&mut stream, 5);
    until_it_holds(&home.file("f"), 5);
    assert!(client.signal("TERM"));
    client.finish().failed(143);
    assert!(home.file(".f.cruller-part").exists());
}

fn the_first_bytes_are_noted_before_anybody_can_end_it() {
    for signal in ["KILL", "INT"] {
        let (door, url) = door::open("http");
        let home = Home::new();
        let mut client = home.start(["fetch", "-o", "f", &url]);
        let mut stream = door::accept(&door);
        begin(&mut stream, 5);
        until_it_holds(&home.file("f"), 5);
        assert!(client.signal(signal));
        assert!(client.outcome().is_err(), "{signal}");
        assert!(home.file(".f.cruller-part").exists(), "{signal}");
    }
}
