//! Forms with files (`-F`): what arrives at a server.

use crate::support::client::{Home, cruller};
use crate::support::door::{self, accept};
use libtest_mimic::Trial;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread::JoinHandle;

pub fn tests() -> Vec<Trial> {
    trials![
        fields_and_files_arrive_as_browsers_send_them,
        a_content_type_of_ones_own_gets_the_boundary,
        a_pipe_goes_in_chunks_and_its_length_need_not_be_known,
        a_file_is_encoded_while_it_is_sent,
        a_file_that_breaks_its_promise_is_a_failure,
        a_file_that_is_not_there_is_known_before_anything_is_sent,
        one_request_is_of_one_kind,
    ]
}

/// Answers one request; its head, and everything behind it until the client closes.
fn one_form(door: TcpListener) -> JoinHandle<(String, String)> {
    std::thread::spawn(move || {
        let mut stream = accept(&door);
        let head = door::head(&mut stream).expect("a request");
        let chunked = head.contains("Transfer-Encoding: chunked");
        if head.contains("Expect: 100-continue") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").expect("somebody who listens");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let length = length.map_or(0, |length| length.parse().expect("a length"));
        let (mut content, mut byte) = (Vec::new(), [0]);
        while if chunked { !content.ends_with(b"0\r\n\r\n") } else { content.len() < length } {
            if stream.read(&mut byte).expect("content") == 0 {
                break;
            }
            content.push(byte[0]);
        }
        // A client that gave up hears nothing any more.
        let _ = stream.write_all(b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n");
        (head, String::from_utf8(content).expect("text"))
    })
}

/// What arrives when `fetch` is run with `flags`: the head, and the content with `B` for each
/// boundary and no CR.
fn arriving(home: &Home, flags: &[&str]) -> (String, String) {
    let door = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let url = format!("http://{}/", door.local_addr().expect("a bound socket"));
    let arrived = one_form(door);
    let words = ["fetch", "-q", "-sS", &url];
    home.run(words.into_iter().chain(flags.iter().copied())).ok();
    let (head, content) = arrived.join().expect("a server that does not panic");
    let boundary = head.split("boundary=").nth(1).and_then(|rest| rest.lines().next());
    let boundary = boundary.expect("a boundary").to_owned();
    assert_eq!(boundary.len(), 46, "{boundary}");
    (head.replace(&boundary, "B"), content.replace(&boundary, "B").replace('\r', ""))
}

fn fields_and_files_arrive_as_browsers_send_them() {
    let home = Home::new();
    home.write("a.txt", "file\n");
    home.write("page.html", "<p>");
    let (head, content) = arriving(
        &home,
        &["-F", "name=Ada", "-F", "f=@a.txt", "-F", "p=<page.html", "--form-string", "s=@x;type=y"],
    );
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Content-Type: multipart/form-data; boundary=B\r\n"), "{head}");
    let expected = "--B\nContent-Disposition: form-data; name=\"name\"\n\nAda\n\
        --B\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\n\
        Content-Type: text/plain\n\nfile\n\n\
        --B\nContent-Disposition: form-data; name=\"p\"\nContent-Type: text/html\n\n<p>\n\
        --B\nContent-Disposition: form-data; name=\"s\"\n\n@x;type=y\n--B--\n";
    assert_eq!(content, expected);
}

fn a_content_type_of_ones_own_gets_the_boundary() {
    let flags = ["-F", "a=1", "-H", "Content-Type: multipart/related"];
    let (head, content) = arriving(&Home::new(), &flags);
    assert_eq!(head.matches("Content-Type").count(), 1);
    assert!(head.contains("Content-Type: multipart/related; boundary=B\r\n"), "{head}");
    assert!(content.contains("Content-Disposition: attachment; name=\"a\"\n"), "{content}");
}

fn a_pipe_goes_in_chunks_and_its_length_need_not_be_known() {
    let home = Home::new();
    let pipe = home.file("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let writer = std::thread::spawn(move || std::fs::write(pipe, "through a pipe"));
    let (head, content) = arriving(&home, &["-F", "f=@pipe"]);
    writer.join().expect("a writer").expect("a reader");
    assert!(head.contains("Transfer-Encoding: chunked\r\n"), "{head}");
    assert!(content.contains("application/octet-stream") && content.contains("through a pipe"));
}

fn a_file_is_encoded_while_it_is_sent() {
    let home = Home::new();
    home.write("f", "x".repeat(100));
    let (_, content) = arriving(&home, &["-F", "f=@f;encoder=base64"]);
    assert!(content.contains("Content-Transfer-Encoding: base64\n"), "{content}");
    let (line, rest) = ("eHh4".repeat(19), "eHh4".repeat(14));
    assert!(content.contains(&format!("\n\n{line}\n{rest}eA==\n--B--")), "{content}");
}

fn a_file_that_breaks_its_promise_is_a_failure() {
    let home = Home::new();
    home.write("f", "ä");
    let door = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let url = format!("http://{}/", door.local_addr().expect("a bound socket"));
    let arrived = one_form(door);
    let ran = home.run(["fetch", "-q", "-sS", "-F", "f=@f;encoder=7bit", &url]);
    ran.failed_saying(26, "7bit");
    let (_, content) = arrived.join().expect("a server that does not panic");
    assert!(!content.contains("--\r\n"), "{content}");
    cruller(["fetch", "-q", "-F", "f=ä;encoder=7bit", &url]).failed_saying(26, "7bit");
}

fn a_file_that_is_not_there_is_known_before_anything_is_sent() {
    let home = Home::new();
    for piece in ["f=@missing", "f=<missing", "f=@.", "f=x;headers=@missing"] {
        home.run(["fetch", "-q", "-F", piece, "http://127.0.0.1:1/"]).failed(26);
    }
}

fn one_request_is_of_one_kind() {
    for flags in [["-Fa=b", "-dx"], ["-I", "-Fa=b"], ["-I", "-dx"]] {
        let ran = cruller(["fetch", "-q", flags[0], flags[1], "http://127.0.0.1:1/"]);
        ran.failed_saying(2, "You can only select one HTTP request method!");
    }
}
