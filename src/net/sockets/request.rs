//! Where a request ends, for a server that answers each with the same bytes.
//!
//! A request of HTTP/1.x (RFC 9112 section 2.1) ends with the empty line behind its head:
//! who is answered before may not have sent it yet. Anything else is answered as soon as it
//! is seen to be no HTTP.

/// Bytes of a head, after which it is answered whether it has ended or not: what common
/// servers take at most.
const LONGEST_HEAD: usize = 64 * 1024;

/// A request, as far as it came.
#[derive(Debug, Default)]
pub(super) struct Request {
    part: Part,
    seen: usize,
    /// The first line, of which the end matters.
    line: Vec<u8>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Part {
    /// Capital letters, until a space.
    #[default]
    Method,
    /// To the end of the first line.
    Target,
    /// Inside a field line.
    Field,
    /// At the beginning of a line.
    LineStart,
}

impl Request {
    /// Takes what came; whether the request is to be answered now.
    pub(super) fn take(&mut self, bytes: &[u8]) -> bool {
        self.seen += bytes.len();
        let ended = bytes.iter().any(|byte| self.ends_with(*byte));
        ended || self.seen > LONGEST_HEAD
    }

    fn ends_with(&mut self, byte: u8) -> bool {
        match (&self.part, byte) {
            (Part::Method, b' ') => self.part = Part::Target,
            (Part::Method, b'A'..=b'Z') => {}
            (Part::Method, _) => return true,
            (Part::Target, b'\n') => {
                let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
                let version = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
                if !version.starts_with(b"HTTP/1.") {
                    return true;
                }
                self.part = Part::LineStart;
            }
            (Part::Target, _) => self.line.push(byte),
            (Part::LineStart, b'\n') => return true,
            (Part::LineStart, b'\r') => {}
            (Part::Field, b'\n') => self.part = Part::LineStart,
            (Part::LineStart | Part::Field, _) => self.part = Part::Field,
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many bytes it is answered, coming one at a time.
    fn answered_after(text: &[u8]) -> Option<usize> {
        let mut request = Request::default();
        text.iter().position(|byte| request.take(&[*byte])).map(|at| at + 1)
    }

    #[test]
    fn a_head_is_answered_behind_its_empty_line() {
        for text in [
            &b"GET / HTTP/1.0\r\n\r\n"[..],
            b"GET / HTTP/1.1\nHost: a\n\n",
            b"POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n",
        ] {
            assert_eq!(answered_after(&[text, b"more"].concat()), Some(text.len()));
            assert!(Request::default().take(text));
        }
        assert_eq!(answered_after(b"GET / HTTP/1.1\r\nHost: a\r\n"), None);
    }

    #[test]
    fn what_is_no_http_is_answered_at_once() {
        assert_eq!(answered_after(b"hello"), Some(1));
        assert_eq!(answered_after(b"\x16\x03\x01"), Some(1));
        assert_eq!(answered_after(b"GET /\r\nHost"), Some(7));
        assert_eq!(answered_after(b"PING\r\n"), Some(5));
        assert_eq!(answered_after(b"HELO me\r\n"), Some(9));
    }

    #[test]
    fn a_head_that_never_ends_is_answered_all_the_same() {
        let head = [&b"GET / HTTP/1.1\r\nA: "[..], &vec![b'x'; LONGEST_HEAD]].concat();
        assert_eq!(answered_after(&head), Some(LONGEST_HEAD + 1));
    }
}
