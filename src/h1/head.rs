//! Heads: status line or request line, and fields (RFC 9112 sections 3 to 5).
//!
//! The only file that knows httparse. It starts again from the first byte at
//! each call, so both functions are called once, when the empty line is there.

use super::{Error, framing};
use crate::base::{Head, Headers, Version};
use std::borrow::Cow;
use std::fmt;

/// The head of a request, as the practice site reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method, any token.
    pub method: String,
    /// The request target, as it came.
    pub target: String,
    /// HTTP/1.0 or HTTP/1.1.
    pub version: Version,
    /// The field lines.
    pub headers: Headers,
}

/// Where the head at the front of `input` ends: the index behind its empty line.
///
/// Looks at `input[from..]` only, so a caller who remembers how far it looked
/// (less three bytes) pays for each byte once. Bare LF ends a line too.
pub fn end_of_head(input: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(lf) = input.get(at..)?.iter().position(|&b| b == b'\n') {
        let next = at + lf + 1;
        match input.get(next..) {
            Some([b'\n', ..]) => return Some(next + 1),
            Some([b'\r', b'\n', ..]) => return Some(next + 2),
            _ => at = next,
        }
    }
    None
}

/// Parses a complete request head. `head` ends with its empty line.
///
/// # Errors
/// [`Error::Head`] where it is not a request head, [`Error::Version`] for other versions.
pub fn parse_request(head: &[u8]) -> Result<RequestHead, Error> {
    let mut slots = vec![httparse::EMPTY_HEADER; count_lines(head)];
    let mut request = httparse::Request::new(&mut slots);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(Error::HeadCut),
        Err(error) => return Err(reason(error)),
    }
    let headers = request.headers.iter().map(|h| (h.name, h.value)).collect();
    Ok(RequestHead {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        version: version(request.version),
        headers,
    })
}

/// A deviation from the specification that was tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// A line ended with LF alone (RFC 9112 section 2.2).
    BareLf,
    /// A field went on in the next line (RFC 9112 section 5.2).
    ObsoleteFolding,
    /// White space between a field's name and its colon (RFC 9112 section 5.1).
    SpaceBeforeColon,
    /// Control characters in the head (RFC 9110 section 5.5).
    ControlCharacters,
    /// A line that is not a field was passed over (RFC 9112 section 5).
    NotAField,
    /// `Content-Length` stands there more than once, with one value (RFC 9110 section 8.6).
    RepeatedLength,
    /// `Transfer-Encoding` and `Content-Length` together (RFC 9112 section 6.3).
    LengthAndTransferEncoding,
}

impl Defect {
    /// What was done, in words.
    pub fn words(self) -> &'static str {
        match self {
            Defect::BareLf => "a line ends with LF alone",
            Defect::ObsoleteFolding => "obsolete line folding",
            Defect::SpaceBeforeColon => "white space before a colon",
            Defect::ControlCharacters => "control characters in a field",
            Defect::NotAField => "a line that is not a field",
            Defect::RepeatedLength => "Content-Length repeated",
            Defect::LengthAndTransferEncoding => "Content-Length beside Transfer-Encoding",
        }
    }

    /// Where the rule is written that it breaks.
    pub fn section(self) -> &'static str {
        match self {
            Defect::BareLf => "RFC 9112 section 2.2",
            Defect::ObsoleteFolding => "RFC 9112 section 5.2",
            Defect::SpaceBeforeColon => "RFC 9112 section 5.1",
            Defect::ControlCharacters => "RFC 9110 section 5.5",
            Defect::NotAField => "RFC 9112 section 5",
            Defect::RepeatedLength => "RFC 9110 section 8.6",
            Defect::LengthAndTransferEncoding => "RFC 9112 section 6.3",
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.words(), self.section())
    }
}

/// Parses a complete answer's head, tolerantly, and names what was tolerated.
///
/// # Errors
/// [`Error::Head`] where it is not a head (NUL and bare CR included), [`Error::Version`].
pub fn parse_answer(head: &[u8], defects: &mut Vec<Defect>) -> Result<Head, Error> {
    if head.contains(&0) {
        return Err(Error::Head("NUL byte"));
    }
    let head = &*without_indented_start(head, defects);
    let parsable = Parsable::of(head, defects);
    let mut slots = vec![httparse::EMPTY_HEADER; count_lines(head)];
    let mut response = httparse::Response::new(&mut slots);
    let parsed = httparse::ParserConfig::default()
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true)
        .ignore_invalid_headers_in_responses(true)
        .parse_response(&mut response, &parsable.text);
    match parsed {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(Error::HeadCut),
        Err(error) => return Err(reason(error)),
    }
    let status = response.code.filter(|code| *code >= 100).ok_or(Error::StatusLine)?;
    let headers = parsable.fields(response.headers, defects);
    note_lines(head, headers.len(), defects)?;
    Ok(Head { status, version: version(response.version), reason: reason_phrase(head), headers })
}

/// Passes over indented lines between the status line and the first field: they go on from
/// nothing (RFC 9112 section 2.2 has them refused or consumed; curl and browsers consume them).
fn without_indented_start<'h>(head: &'h [u8], defects: &mut Vec<Defect>) -> Cow<'h, [u8]> {
    let mut lines = head.split_inclusive(|&b| b == b'\n');
    let status_line = lines.next().unwrap_or_default().len();
    let indented = lines.take_while(|line| line.starts_with(b" ") || line.starts_with(b"\t"));
    match indented.map(<[u8]>::len).sum::<usize>() {
        0 => Cow::Borrowed(head),
        length => {
            defects.push(Defect::NotAField);
            Cow::Owned([&head[..status_line], &head[status_line + length..]].concat())
        }
    }
}

/// How much of a head that was refused can be shown: its whole lines before the first one that
/// no client could go on from. For people who want to know why; nothing is read from it.
pub fn sound_part(head: &[u8]) -> usize {
    let mut end = 0;
    let mut length = None;
    for line in head.split_inclusive(|&b| b == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else { break };
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() || text.contains(&0) || text.contains(&b'\r') {
            break;
        }
        let folded = text.starts_with(b" ") || text.starts_with(b"\t");
        match text.iter().position(|&b| b == b':') {
            None if end == 0 && text.starts_with(b"HTTP/") => {}
            None if !folded => break,
            Some(colon) if text[..colon].eq_ignore_ascii_case(b"Content-Length") => {
                let value = framing::digits(text[colon + 1..].trim_ascii());
                if value.is_none() || length.is_some_and(|other| Some(other) != value) {
                    break;
                }
                length = value;
            }
            _ => {}
        }
        end += line.len();
    }
    end
}

/// Parses a complete trailer section, its empty line included (RFC 9112 section 7.1.2).
///
/// # Errors
/// [`Error::Head`] where a line is not a field.
pub fn parse_trailers(section: &[u8]) -> Result<Headers, Error> {
    let mut slots = vec![httparse::EMPTY_HEADER; count_lines(section)];
    match httparse::parse_headers(section, &mut slots) {
        Ok(httparse::Status::Complete((_, fields))) => {
            Ok(fields.iter().map(|h| (h.name, h.value)).collect())
        }
        Ok(httparse::Status::Partial) => Err(Error::HeadCut),
        Err(_) => Err(Error::Head("trailer field")),
    }
}

/// A head that httparse can read, and the head it was made from, byte for byte as long.
///
/// httparse drops a field whose value holds a control character. Browsers and curl keep
/// it, and so does whoever wants to see why a cookie was refused: such bytes are hidden
/// from httparse, and the values are cut from the original at the same places.
struct Parsable<'h> {
    original: &'h [u8],
    text: Cow<'h, [u8]>,
}

impl<'h> Parsable<'h> {
    fn of(original: &'h [u8], defects: &mut Vec<Defect>) -> Parsable<'h> {
        // A bare CR stays visible: it is an error, the seam of a split response.
        let hidden = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b == 0x7f;
        if !original.iter().copied().any(hidden) {
            return Parsable { original, text: Cow::Borrowed(original) };
        }
        defects.push(Defect::ControlCharacters);
        let text = original.iter().map(|&b| if hidden(b) { b'?' } else { b }).collect();
        Parsable { original, text: Cow::Owned(text) }
    }

    /// The fields, values as they came, folded lines joined by one space.
    fn fields(&self, parsed: &[httparse::Header<'_>], defects: &mut Vec<Defect>) -> Headers {
        let base = self.text.as_ptr().addr();
        let mut headers = Headers::new();
        for field in parsed {
            let start = field.value.as_ptr().addr().wrapping_sub(base);
            // An empty value may point anywhere; it stays empty.
            let value = self.original.get(start..start + field.value.len()).unwrap_or_default();
            if value.contains(&b'\n') {
                defects.push(Defect::ObsoleteFolding);
                headers.push(field.name, unfold(value));
            } else {
                headers.push(field.name, value);
            }
        }
        headers
    }
}

/// Replaces each line break and the white space around it by one space (RFC 9112 section 5.2).
fn unfold(value: &[u8]) -> Vec<u8> {
    let lines = value.split(|&b| b == b'\n').map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(&b' ')
}

/// Notes what can be seen on the lines themselves. A line that has not even a colon is no
/// field of anybody's: the answer is refused, as curl does.
fn note_lines(head: &[u8], fields: usize, defects: &mut Vec<Defect>) -> Result<(), Error> {
    let mut lines = head.split(|&b| b == b'\n').skip(1);
    let mut begun = 0;
    let mut spaced = false;
    for line in lines.by_ref().take_while(|line| !line.is_empty() && *line != b"\r") {
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        begun += usize::from(!folded);
        let name = line.split(|&b| b == b':').next().unwrap_or_default();
        if !folded && name.len() == line.len() {
            return Err(Error::Head("line without a colon"));
        }
        spaced |= !folded && name.ends_with(b" ");
    }
    if spaced {
        defects.push(Defect::SpaceBeforeColon);
    }
    if begun > fields {
        defects.push(Defect::NotAField);
    }
    if head.iter().enumerate().any(|(i, &b)| b == b'\n' && (i == 0 || head[i - 1] != b'\r')) {
        defects.push(Defect::BareLf);
    }
    Ok(())
}

/// The reason phrase, cut from the status line: httparse keeps it only where it is ASCII.
fn reason_phrase(head: &[u8]) -> Vec<u8> {
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii();
    let mut words = line.splitn(3, |&b| b == b' ');
    words.nth(2).unwrap_or_default().trim_ascii_start().to_vec()
}

fn count_lines(head: &[u8]) -> usize {
    head.iter().filter(|&&b| b == b'\n').count()
}

fn version(minor: Option<u8>) -> Version {
    if minor == Some(0) { Version::Http10 } else { Version::Http11 }
}

fn reason(error: httparse::Error) -> Error {
    match error {
        httparse::Error::Version => Error::Version,
        httparse::Error::HeaderName => Error::Head("field name"),
        httparse::Error::HeaderValue => Error::Head("field value"),
        httparse::Error::NewLine => Error::Head("line end"),
        httparse::Error::Status => Error::StatusLine,
        httparse::Error::Token => Error::Head("first line"),
        httparse::Error::TooManyHeaders => Error::HeadTooLarge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(head: &[u8]) -> Result<(Head, Vec<Defect>), Error> {
        let mut defects = Vec::new();
        parse_answer(head, &mut defects).map(|head| (head, defects))
    }

    #[test]
    fn a_clean_head_has_no_defects() {
        let (head, defects) = answer(b"HTTP/1.1 200 Fine thing\r\nA: 1\r\nEmpty:\r\n\r\n").unwrap();
        assert_eq!((head.status, head.reason.as_slice()), (200, &b"Fine thing"[..]));
        assert_eq!(head.headers.get("empty"), Some(&b""[..]));
        assert_eq!(defects, []);
    }

    #[test]
    fn a_missing_reason_and_odd_bytes_in_it_are_kept() {
        assert_eq!(answer(b"HTTP/1.0 404\r\n\r\n").unwrap().0.reason, b"");
        assert_eq!(answer(b"HTTP/1.1 200 \xfcber\r\n\r\n").unwrap().0.reason, b"\xfcber");
    }

    #[test]
    fn what_is_tolerated_is_named() {
        for (head, defect) in [
            (&b"HTTP/1.1 200 OK\nA: 1\n\n"[..], Defect::BareLf),
            (b"HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\r\n", Defect::ObsoleteFolding),
            (b"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", Defect::SpaceBeforeColon),
            (b"HTTP/1.1 200 OK\r\nA: \x011\r\n\r\n", Defect::ControlCharacters),
            (b"HTTP/1.1 200 OK\r\nNo name: 0\r\nA: 1\r\n\r\n", Defect::NotAField),
        ] {
            let (head, defects) = answer(head).unwrap();
            assert_eq!(defects, [defect]);
            assert!(head.headers.has("A"), "{defect}");
        }
    }

    #[test]
    fn a_folded_line_belongs_to_the_line_before() {
        let (head, _) = answer(b"HTTP/1.1 200 OK\r\nA: 1\r\n\t B: 2\r\n\r\n").unwrap();
        assert_eq!(head.headers.get("A"), Some(&b"1 B: 2"[..]));
        assert!(!head.headers.has("B"));
    }

    #[test]
    fn control_characters_reach_the_reader() {
        let (head, _) = answer(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=\x02b\r\n\r\n").unwrap();
        assert_eq!(head.headers.get("set-cookie"), Some(&b"a=\x02b"[..]));
    }

    #[test]
    fn what_comes_before_the_fault_can_be_shown() {
        for (head, shown) in [
            ("HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: -6\r\nB: 2\r\n\r\n", 23),
            ("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", 17),
            ("HTTP/1.1 200 OK\r\nA: 1\r\nB: ", 23),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 36),
            ("HTTP/1.1 200 \0OK\r\nA: 1\r\n\r\n", 0),
            ("nothing like it\r\n", 0),
        ] {
            assert_eq!(sound_part(head.as_bytes()), shown, "{head:?}");
        }
    }

    #[test]
    fn nul_and_a_bare_cr_are_refused() {
        for head in
            [&b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"[..], b"HTTP/1.1 200 OK\r\nA: x\ry\r\n\r\n"]
        {
            assert!(matches!(answer(head), Err(Error::Head(_))));
        }
    }

    #[test]
    fn a_line_without_a_colon_is_refused() {
        let got = answer(b"HTTP/1.1 200 OK\r\nA: 1\r\nnonsense\r\n\r\n");
        assert_eq!(got.unwrap_err(), Error::Head("line without a colon"));
    }

    #[test]
    fn indented_lines_before_the_first_field_are_passed_over() {
        let head = b"HTTP/1.1 200 OK\r\n Set-Cookie: a=b\r\n\tmore\r\nA: 1\r\n\r\n";
        let (head, defects) = answer(head).unwrap();
        assert!(!head.headers.has("Set-Cookie") && head.headers.has("A"));
        assert_eq!(defects, [Defect::NotAField]);
    }

    #[test]
    fn a_status_has_three_digits() {
        for line in ["HTTP/1.1 2 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 OK", "HTTP/1.1 OK"] {
            let head = format!("{line}\r\n\r\n");
            assert_eq!(answer(head.as_bytes()).unwrap_err(), Error::StatusLine, "{line}");
        }
    }

    #[test]
    fn other_versions_are_refused() {
        assert_eq!(answer(b"HTTP/1.2 200 OK\r\n\r\n").unwrap_err(), Error::Version);
    }

    #[test]
    fn the_end_of_a_head_is_found_from_anywhere_before_it() {
        let text = b"a\r\nb\r\n\r\nrest";
        for from in 0..5 {
            assert_eq!(end_of_head(text, from), Some(8));
        }
        assert_eq!(end_of_head(b"a\nb\n\nrest", 0), Some(5));
        assert_eq!(end_of_head(b"a\r\nb\r\n\r", 0), None);
    }
}
