//! Encoding a request's head (RFC 9112 sections 3 and 5).

use super::{Error, Target};
use crate::base::Request;

/// Appends the request line, the field lines and the empty line to `out`.
///
/// # Errors
/// [`Error::UnsafeRequest`] where a byte would end a line early. Nothing is appended then.
pub(super) fn encode(request: &Request, target: &Target, out: &mut Vec<u8>) -> Result<(), Error> {
    let method = request.method.as_str();
    if method.is_empty() || !method.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::UnsafeRequest("the method"));
    }
    if !target.as_str().bytes().all(|b| (0x21..0x7f).contains(&b)) {
        return Err(Error::UnsafeRequest("the request target"));
    }
    for field in request.headers.iter() {
        if breaks_a_line(field.name.as_bytes()) {
            return Err(Error::UnsafeRequest("a header name"));
        }
        if breaks_a_line(field.value) {
            return Err(Error::UnsafeRequest("a header value"));
        }
    }
    for part in [method, " ", target.as_str(), " ", request.version.as_str(), "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    for field in request.headers.iter() {
        out.extend_from_slice(field.name.as_bytes());
        out.push(b':');
        if !field.value.is_empty() {
            out.push(b' ');
            out.extend_from_slice(field.value);
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

fn breaks_a_line(text: &[u8]) -> bool {
    text.iter().any(|b| matches!(b, b'\r' | b'\n' | 0))
}
