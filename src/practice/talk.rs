//! For the tests: a site, and a client that takes answers apart without the code under test.

use super::server::{Handle, Site};
use std::io::{Read, Write};
use std::net::TcpStream;

/// One answer. The content is what came behind the head, chunked coding undone.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) content: Vec<u8>,
    pub(super) trailers: String,
}

impl Heard {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields(name).into_iter().next()
    }

    pub(super) fn fields(&self, name: &str) -> Vec<&str> {
        let pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        pairs.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.content).unwrap()
    }

    /// The Cookie line that a client with an empty jar would send next.
    pub(super) fn cookies(&self) -> String {
        let set = self.fields("Set-Cookie");
        let kept = set.iter().filter(|line| !line.contains("Max-Age=0"));
        kept.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
    }
}

/// A site on a free port.
pub(super) fn site() -> Handle {
    Site::bind("127.0.0.1:0".parse().unwrap()).unwrap().spawn().unwrap()
}

/// Asks for a path, on a connection of its own.
pub(super) fn get(site: &Handle, path: &str) -> Heard {
    get_with(site, path, "")
}

/// The same with more field lines, each with its CRLF.
pub(super) fn get_with(site: &Handle, path: &str, fields: &str) -> Heard {
    ask(
        site,
        &format!("GET {path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{fields}\r\n"),
    )
}

/// Sends a form, as a browser would.
pub(super) fn post(site: &Handle, path: &str, fields: &str, form: &str) -> Heard {
    let head = format!("POST {path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{fields}");
    let length = form.len();
    ask(
        site,
        &format!(
            "{head}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        ),
    )
}

/// Sends these bytes and reads one answer.
pub(super) fn ask(site: &Handle, request: &str) -> Heard {
    let mut stream = TcpStream::connect(site.addr()).unwrap();
    // A site that is full, or refuses the head, may hang up before it has everything.
    let _ = stream.write_all(request.as_bytes());
    one_answer(&mut stream)
}

/// Sends these bytes and reads answers until the site closes.
pub(super) fn ask_all(site: &Handle, requests: &str) -> Vec<Heard> {
    let mut stream = TcpStream::connect(site.addr()).unwrap();
    stream.write_all(requests.as_bytes()).unwrap();
    let mut answers = Vec::new();
    while stream.peek(&mut [0]).unwrap() > 0 {
        answers.push(one_answer(&mut stream));
    }
    answers
}

/// Reads one answer to anything but HEAD; byte by byte up to its content, and not beyond its end.
pub(super) fn one_answer(stream: &mut impl Read) -> Heard {
    let head = until(stream, "\r\n\r\n");
    let status = head.get(9..12).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("{head:?}"));
    let mut heard = Heard { status, head, content: Vec::new(), trailers: String::new() };
    let length = heard.field("Content-Length").map(|l| l.parse::<u64>().unwrap());
    if heard.field("Transfer-Encoding") == Some("chunked") {
        loop {
            let line = until(stream, "\r\n");
            let size = line.trim_end().split(';').next().unwrap();
            let Ok(size) = u64::from_str_radix(size, 16) else { break };
            if size == 0 {
                break;
            }
            stream.take(size).read_to_end(&mut heard.content).unwrap();
            assert_eq!(until(stream, "\r\n"), "\r\n");
        }
        while let line = until(stream, "\r\n")
            && !line.trim().is_empty()
        {
            heard.trailers.push_str(&line);
        }
    } else if !matches!(status, 100..=199 | 204 | 304) {
        let _ = stream.take(length.unwrap_or(u64::MAX)).read_to_end(&mut heard.content);
    }
    heard
}

fn until(stream: &mut impl Read, end: &str) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(end.as_bytes()) && stream.read(&mut byte).unwrap() > 0 {
        text.extend_from_slice(&byte);
    }
    String::from_utf8(text).unwrap()
}
