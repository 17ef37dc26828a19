//! Heads: status line or request line, and fields (RFC 9112 sections 3 to 5).
//!
//! The only file that knows httparse. It starts again from the first byte at
//! each call, so both functions are called once, when the empty line is there.

use super::Error;
use crate::base::{Headers, Version};

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
        httparse::Error::Status => Error::Head("status line"),
        httparse::Error::Token => Error::Head("first line"),
        httparse::Error::TooManyHeaders => Error::HeadTooLarge,
    }
}
