//! The content of a request: how long it is, and reading it (RFC 9112 sections 6 and 7).

use super::incoming::{HEAD_LIMIT, Incoming};
use super::request::{Refusal, Trouble};
use crate::base::Version;
use crate::h1::head::RequestHead;
use std::io::Write;

/// Largest content of a request.
pub(super) const CONTENT_LIMIT: usize = 1024 * 1024;
/// Longest line with a chunk's size.
const SIZE_LINE_LIMIT: usize = 4096;

/// How the end of a request's content is known.
#[derive(Debug, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
}

/// Reads the content behind a head.
pub(super) fn read(head: &RequestHead, incoming: &mut Incoming<'_>) -> Result<Vec<u8>, Trouble> {
    let framing = framing(head)?;
    let mut content = Vec::new();
    if framing == Framing::Length(0) {
        return Ok(content);
    }
    invite(head, incoming)?;
    match framing {
        Framing::Length(length) => incoming.exactly(length, &mut content)?,
        Framing::Chunked => chunks(incoming, &mut content)?,
    }
    Ok(content)
}

/// RFC 9112 section 6.3, with everything doubtful refused: two parties that disagree on where
/// a request ends are how requests get smuggled.
fn framing(head: &RequestHead) -> Result<Framing, Refusal> {
    let mut codings = head.headers.members("Transfer-Encoding");
    let mut lengths = head.headers.all("Content-Length");
    if head.headers.has("Transfer-Encoding") {
        if lengths.next().is_some() || head.version == Version::Http10 {
            return Err(Refusal::new(400, "Transfer-Encoding does not belong here."));
        }
        return match (codings.next(), codings.next()) {
            (Some(coding), None) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Framing::Chunked),
            _ => Err(Refusal::new(501, "The only transfer coding this site knows is chunked.")),
        };
    }
    let Some(length) = lengths.next() else { return Ok(Framing::Length(0)) };
    let digits = std::str::from_utf8(length).ok().filter(|l| !l.is_empty());
    let digits = digits.filter(|l| l.bytes().all(|b| b.is_ascii_digit()));
    match (digits, lengths.next()) {
        (Some(digits), None) => match digits.parse() {
            Ok(length) if length <= CONTENT_LIMIT => Ok(Framing::Length(length)),
            _ => Err(TOO_LARGE),
        },
        _ => Err(Refusal::new(400, "Content-Length is one number.")),
    }
}

const TOO_LARGE: Refusal = Refusal { status: 413, why: "The content is larger than 1 MiB." };

/// Answers `Expect: 100-continue` (RFC 9110 section 10.1.1): the client may send its content.
fn invite(head: &RequestHead, incoming: &Incoming<'_>) -> Result<(), Trouble> {
    let Some(expected) = head.headers.get("Expect") else { return Ok(()) };
    if !expected.eq_ignore_ascii_case(b"100-continue") {
        return Err(Refusal::new(417, "Only 100-continue can be expected here.").into());
    }
    if head.version == Version::Http11 && !incoming.has_more() {
        let mut stream = incoming.stream();
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| Trouble::Gone)?;
    }
    Ok(())
}

/// Undoes the chunked coding; extensions and trailer fields are read and dropped.
fn chunks(incoming: &mut Incoming<'_>, content: &mut Vec<u8>) -> Result<(), Trouble> {
    const BROKEN: Refusal = Refusal { status: 400, why: "The chunked coding is broken." };
    loop {
        let line = incoming.line(SIZE_LINE_LIMIT)?;
        let size = line.split(|&b| b == b';').next().unwrap_or_default().trim_ascii_end();
        let size = std::str::from_utf8(size).ok().filter(|s| !s.is_empty()).ok_or(BROKEN)?;
        if !size.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BROKEN.into());
        }
        let size = usize::from_str_radix(size, 16).map_err(|_| TOO_LARGE)?;
        if size == 0 {
            break;
        }
        if size > CONTENT_LIMIT - content.len() {
            return Err(TOO_LARGE.into());
        }
        incoming.exactly(size, content)?;
        if !incoming.line(SIZE_LINE_LIMIT)?.is_empty() {
            return Err(BROKEN.into());
        }
    }
    let mut left = HEAD_LIMIT;
    loop {
        let line = incoming.line(left)?;
        if line.is_empty() {
            return Ok(());
        }
        left = left.saturating_sub(line.len());
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn post(fields: &str, content: &str) -> String {
        format!(
            "POST /headers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n\r\n{content}"
        )
    }

    #[test]
    fn content_comes_by_length_or_in_chunks() {
        let site = talk::site();
        let plain = talk::ask(&site, &post("Content-Length: 5", "hello"));
        assert!(plain.text().ends_with("(5 bytes of content)\nhello"), "{}", plain.text());
        let chunked = "2;x=\"y\"\r\nhe\r\n0003\r\nllo\r\n0\r\nTrailer: dropped\r\n\r\n";
        let chunked = talk::ask(&site, &post("Transfer-Encoding: chunked", chunked));
        assert!(chunked.text().ends_with("(5 bytes of content)\nhello"), "{}", chunked.text());
    }

    #[test]
    fn framing_that_can_be_read_in_two_ways_is_refused() {
        let site = talk::site();
        for (status, fields, content) in [
            (400, "Content-Length: 1\r\nContent-Length: 2", "ab"),
            (400, "Content-Length: +1", "a"),
            (400, "Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            (501, "Transfer-Encoding: gzip", ""),
            (501, "Transfer-Encoding: chunked, chunked", ""),
            (400, "Transfer-Encoding: chunked", "+1\r\na\r\n0\r\n\r\n"),
            (400, "Transfer-Encoding: chunked", "1\r\nab\r\n0\r\n\r\n"),
            (400, "Transfer-Encoding: chunked", "\n"),
            (413, "Content-Length: 1048577", ""),
            (413, "Content-Length: 99999999999999999999999", ""),
            (413, "Transfer-Encoding: chunked", "100001\r\n"),
            (413, "Transfer-Encoding: chunked", "fffffffffffffffff\r\n"),
            (417, "Content-Length: 1\r\nExpect: a-miracle", ""),
        ] {
            assert_eq!(talk::ask(&site, &post(fields, content)).status, status, "{fields:?}");
        }
    }

    #[test]
    fn the_largest_content_still_fits() {
        let site = talk::site();
        let fields = format!("Content-Length: {CONTENT_LIMIT}");
        let answer = talk::ask(&site, &post(&fields, &"x".repeat(CONTENT_LIMIT)));
        assert_eq!(answer.status, 200);
    }

    #[test]
    fn a_client_that_asks_before_it_sends_is_told_to_go_on() {
        let site = talk::site();
        let mut stream = TcpStream::connect(site.addr()).unwrap();
        let head = post("Content-Length: 4\r\nExpect: 100-Continue", "");
        stream.write_all(head.as_bytes()).unwrap();
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).unwrap();
        assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"good").unwrap();
        assert!(talk::one_answer(&mut stream).text().ends_with("content)\ngood"));
    }

    #[test]
    fn content_that_would_be_refused_is_not_asked_for() {
        let site = talk::site();
        let answer = talk::ask(&site, &post("Content-Length: 2000000\r\nExpect: 100-continue", ""));
        assert_eq!(answer.status, 413);
    }
}
