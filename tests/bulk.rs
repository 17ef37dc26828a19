//! Megabytes, which no dialogue carries: uploads that are answered early, heads without number.

use crate::support::client::{Home, Ran};
use crate::support::door;
use libtest_mimic::{Completion, Failed, Trial};
use std::io::Write;
use std::net::TcpStream;
use std::thread;

pub fn tests() -> Vec<Trial> {
    let memory = Trial::ignorable_test("bulk::a_long_chain_takes_little_memory", || {
        a_long_chain_takes_little_memory()
    });
    let mut tests = trials![
        an_early_answer_does_not_cut_an_upload_short,
        a_server_that_answers_and_leaves_in_the_middle_of_an_upload,
    ];
    tests.push(memory);
    tests
}

/// Posts `size` bytes to a server that answers as soon as it has the head; `then` is what it
/// does with the rest.
fn posted<T: Send + 'static>(
    size: usize,
    then: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (Ran, T) {
    let (door, url) = door::open("http");
    let server = thread::spawn(move || {
        let mut stream = door::accept(&door);
        door::head(&mut stream).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        then(stream)
    });
    let home = Home::new();
    home.write("content", vec![b'x'; size]);
    let ran = home.run(["fetch", "-H", "Expect:", "--data-binary", "@content", &url]);
    (ran, server.join().unwrap())
}

fn an_early_answer_does_not_cut_an_upload_short() {
    const SIZE: usize = 8 << 20;
    let (ran, came) = posted(SIZE, |mut rest| std::io::copy(&mut rest, &mut std::io::sink()));
    assert_eq!((ran.ok().text().as_str(), came.unwrap()), ("ok", SIZE as u64));
}

fn a_server_that_answers_and_leaves_in_the_middle_of_an_upload() {
    // More than both sockets hold, so that it cannot all have been sent.
    let (ran, ()) = posted(64 << 20, drop);
    ran.failed(55);
}

/// The largest heads that are allowed, and as many redirects: one after the other, not all
/// at once.
fn a_long_chain_takes_little_memory() -> Result<Completion, Failed> {
    let (door, url) = door::open("http");
    let home = Home::new();
    let client = home.start(["fetch", "-L", &url]);
    let mut stream = door::accept(&door);
    let line = format!("X-Long: {}\r\n", "x".repeat(50_000));
    for _ in 0..50 {
        door::head(&mut stream).unwrap();
        let head = format!(
            "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n{}\r\n",
            line.repeat(5)
        );
        stream.write_all(head.as_bytes()).unwrap();
    }
    door::head(&mut stream).unwrap();
    let peak = client.peak();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
    assert_eq!(client.finish().ok().text(), "ok");
    let Some(peak) = peak else {
        return Ok(Completion::ignored_with("there is no /proc to ask how much it was"));
    };
    assert!(peak < 16 << 10, "{peak} KiB at the most");
    Ok(Completion::Completed)
}
