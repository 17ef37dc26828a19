//! Content that is read while it is sent: pipes that block, files that change, hundreds of
//! megabytes.

use crate::support::client::{Home, Running};
use crate::support::door;
use libtest_mimic::{Completion, Failed, Trial};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

pub fn tests() -> Vec<Trial> {
    let memory = Trial::ignorable_test("upload::a_large_upload_takes_little_memory", || {
        a_large_upload_takes_little_memory()
    });
    let mut tests = trials![
        standard_input_goes_in_chunks_as_it_comes,
        standard_input_of_a_length_that_was_announced,
        standard_input_that_ends_before_its_length,
        a_refusal_is_heard_while_standard_input_says_nothing,
        a_refusal_is_heard_while_a_file_is_sent,
        a_deadline_holds_while_standard_input_says_nothing,
        a_signal_ends_an_upload_that_waits_for_standard_input,
        an_upload_that_is_killed_does_not_look_complete,
        a_file_that_shrinks_is_not_sent_as_whole,
        nothing_is_tried_again_that_cannot_be_sent_again,
        a_rate_holds_for_what_is_sent,
        a_rate_holds_for_what_comes,
    ];
    tests.push(memory);
    tests
}

/// Starts `fetch -T - …` with a pipe for standard input, and takes its connection and head.
fn piped(more: &[&str]) -> (Running, Box<dyn Write>, TcpStream, Home) {
    let home = Home::new();
    let (door, url) = door::open("http");
    let (input, feed) = std::io::pipe().unwrap();
    let words = ["fetch", "-T", "-", "-H", "Expect:"].iter().chain(more).copied();
    let client = Running::fed(home.command(words.chain([url.as_str()])), input);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    (client, Box::new(feed), stream, home)
}

fn came(stream: &mut TcpStream, text: &str) {
    let mut bytes = vec![0; text.len()];
    stream.read_exact(&mut bytes).unwrap();
    assert_eq!(String::from_utf8_lossy(&bytes), text);
}

fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const NO: &[u8] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";

fn standard_input_goes_in_chunks_as_it_comes() {
    let (client, mut feed, mut stream, _home) = piped(&[]);
    feed.write_all(b"one").unwrap();
    came(&mut stream, "3\r\none\r\n");
    feed.write_all(b"and two").unwrap();
    came(&mut stream, "7\r\nand two\r\n");
    drop(feed);
    came(&mut stream, "0\r\n\r\n");
    stream.write_all(OK).unwrap();
    assert_eq!(client.finish().ok().text(), "ok");
}

fn standard_input_of_a_length_that_was_announced() {
    let (client, mut feed, mut stream, _home) = piped(&["-H", "Content-Length: 3"]);
    feed.write_all(b"one and more").unwrap();
    came(&mut stream, "one");
    stream.write_all(OK).unwrap();
    assert_eq!(client.finish().ok().text(), "ok");
    assert_eq!(rest(&mut stream), "");
}

fn standard_input_that_ends_before_its_length() {
    let (client, mut feed, mut stream, _home) = piped(&["-H", "Content-Length: 5"]);
    feed.write_all(b"one").unwrap();
    drop(feed);
    assert_eq!(rest(&mut stream), "one");
    client.finish().failed_saying(26, "2 bytes");
}

fn a_refusal_is_heard_while_standard_input_says_nothing() {
    let (client, feed, mut stream, _home) = piped(&["-w", "%{http_code} %{size_upload}"]);
    stream.write_all(NO).unwrap();
    assert_eq!(client.finish().ok().text(), "no403 0");
    assert_eq!(rest(&mut stream), "");
    drop(feed);
}

fn a_refusal_is_heard_while_a_file_is_sent() {
    let (door, url) = door::open("http");
    let home = Home::new();
    // A server that reads all it is sent, and more of it than there is time for.
    File::create(home.file("large")).unwrap().set_len(1 << 40).unwrap();
    let client = home.start(["fetch", "-f", "-H", "Expect:", "-T", "large", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    let mut reading = stream.try_clone().unwrap();
    let reader = thread::spawn(move || std::io::copy(&mut reading, &mut std::io::sink()));
    stream.write_all(NO).unwrap();
    client.finish().failed(22);
    drop(stream);
    let _ = reader.join().unwrap();
}

fn a_deadline_holds_while_standard_input_says_nothing() {
    let (client, feed, mut stream, _home) = piped(&["-m", "0.2"]);
    client.finish().failed(28);
    assert_eq!(rest(&mut stream), "");
    drop(feed);
}

fn a_signal_ends_an_upload_that_waits_for_standard_input() {
    let (mut client, mut feed, mut stream, _home) = piped(&["-c", "jar"]);
    feed.write_all(b"one").unwrap();
    came(&mut stream, "3\r\none\r\n");
    assert!(client.signal("TERM"));
    client.finish().failed(143);
    assert_eq!(rest(&mut stream), "");
    drop(feed);
}

fn an_upload_that_is_killed_does_not_look_complete() {
    let (mut client, mut feed, mut stream, _home) = piped(&[]);
    feed.write_all(b"one").unwrap();
    came(&mut stream, "3\r\none\r\n");
    assert!(client.signal("KILL"));
    assert_eq!(rest(&mut stream), "");
    assert!(client.outcome().is_err());
}

fn a_file_that_shrinks_is_not_sent_as_whole() {
    let (door, url) = door::open("http");
    let home = Home::new();
    let path = home.file("shrinks");
    File::create(&path).unwrap().set_len(256 << 20).unwrap();
    let client = home.start(["fetch", "-H", "Expect:", "-T", "shrinks", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(1 << 20).unwrap();
    let came = std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
    assert!(came < 256 << 20, "{came}");
    client.finish().failed(26);
}

fn nothing_is_tried_again_that_cannot_be_sent_again() {
    let (client, feed, mut stream, _home) = piped(&["--retry", "3", "-f"]);
    drop(feed);
    came(&mut stream, "0\r\n\r\n");
    let busy = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(busy).unwrap();
    let ended = client.finish();
    assert!(ended.code == 22 && ended.stderr.contains("can be read only once"), "{ended}");
}

/// Less than it takes at the rate, for the burst that is allowed at once.
const AT_LEAST: Duration = Duration::from_millis(600);

fn a_rate_holds_for_what_is_sent() {
    let (door, url) = door::open("http");
    let home = Home::new();
    home.write("content", vec![b'x'; 20 << 10]);
    let client = home.start(["fetch", "--limit-rate", "20k", "-T", "content", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    let began = Instant::now();
    stream.read_exact(&mut vec![0; 20 << 10]).unwrap();
    assert!(began.elapsed() >= AT_LEAST, "{:?}", began.elapsed());
    stream.write_all(OK).unwrap();
    client.finish().ok();
}

fn a_rate_holds_for_what_comes() {
    let (door, url) = door::open("http");
    let home = Home::new();
    let client = home.start(["fetch", "--limit-rate", "20k", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    let began = Instant::now();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 20480\r\n\r\n").unwrap();
    stream.write_all(&[b'x'; 20 << 10]).unwrap();
    assert_eq!(client.finish().ok().stdout.len(), 20 << 10);
    assert!(began.elapsed() >= AT_LEAST, "{:?}", began.elapsed());
}

fn a_large_upload_takes_little_memory() -> Result<Completion, Failed> {
    const SIZE: u64 = 300 << 20;
    let (door, url) = door::open("http");
    let home = Home::new();
    File::create(home.file("large"))?.set_len(SIZE)?;
    let client = home.start(["fetch", "-H", "Expect:", "-T", "large", &url]);
    let mut stream = door::accept(&door);
    door::head(&mut stream).unwrap();
    let came = std::io::copy(&mut (&stream).take(SIZE), &mut std::io::sink())?;
    let peak = client.peak();
    stream.write_all(OK)?;
    assert_eq!((client.finish().ok().text().as_str(), came), ("ok", SIZE));
    let Some(peak) = peak else {
        return Ok(Completion::ignored_with("there is no /proc to ask how much it was"));
    };
    assert!(peak < 16 << 10, "{peak} KiB at the most");
    Ok(Completion::Completed)
}
