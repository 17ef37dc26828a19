//! How the end of an answer's content is known (RFC 9112 section 6.3).

use super::{Defect, Error};
use crate::base::{Head, Headers, Method};

/// The four ways content ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no content, whatever the fields say.
    None,
    /// After this many bytes.
    Length(u64),
    /// With the last chunk and its trailers.
    Chunked,
    /// When the peer closes.
    UntilClose,
}

/// Transfer codings besides `chunked` that the client can undo (RFC 9112 section 7.2).
const KNOWN_CODINGS: [&[u8]; 5] = [b"gzip", b"x-gzip", b"deflate", b"br", b"zstd"];

/// How far a head is believed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// `Content-Length` is not looked at.
    pub(super) no_length: bool,
    /// Codings are left in, so that any will do.
    pub(super) raw: bool,
}

/// The framing of the final answer `head` to a request with `method` and the fields `sent`, and
/// what was tolerated.
pub(super) fn of(
    method: &Method,
    sent: &Headers,
    head: &Head,
    reading: Reading,
) -> Result<(Framing, Option<Defect>), Error> {
    let tunnel = *method == Method::CONNECT && (200..300).contains(&head.status);
    if *method == Method::HEAD || matches!(head.status, 204 | 304) || tunnel {
        return Ok((Framing::None, None));
    }
    let coded = transfer_coding(head, sent.has("TE"), reading.raw)?;
    let length = if reading.no_length { Ok(None) } else { content_length(head) };
    match coded {
        Some(framing) => {
            let both = head.headers.has("Content-Length");
            Ok((framing, both.then_some(Defect::LengthAndTransferEncoding)))
        }
        None => match length? {
            Some((length, repeated)) => {
                Ok((Framing::Length(length), repeated.then_some(Defect::RepeatedLength)))
            }
            None => Ok((Framing::UntilClose, None)),
        },
    }
}

/// What `Transfer-Encoding` makes of it: it wins over a length whatever the order of the fields.
/// Codings other than chunked are for those who `asked` for them with `TE` (section 7.4), and for
/// those who want them left in.
fn transfer_coding(head: &Head, asked: bool, raw: bool) -> Result<Option<Framing>, Error> {
    let mut coded = None;
    let mut whole_line_before = false;
    for value in head.headers.all("Transfer-Encoding") {
        let whole_line = value.eq_ignore_ascii_case(b"chunked");
        if whole_line && whole_line_before {
            // The same line twice: a proxy added what was there. Nobody codes twice.
            continue;
        }
        whole_line_before |= whole_line;
        for member in value.split(|&b| b == b',').map(<[u8]>::trim_ascii) {
            let known = KNOWN_CODINGS.iter().any(|name| member.eq_ignore_ascii_case(name));
            coded = match coded {
                _ if member.is_empty() => coded,
                // Nothing may follow chunked, not even chunked.
                Some(Framing::Chunked) => return Err(Error::TransferEncoding),
                _ if member.eq_ignore_ascii_case(b"chunked") => Some(Framing::Chunked),
                _ if known && asked => Some(Framing::UntilClose),
                _ if raw => Some(Framing::UntilClose),
                // The coding that RFC 2616 knew and that means nothing.
                _ if member.eq_ignore_ascii_case(b"identity") => coded,
                _ => return Err(Error::TransferEncoding),
            };
        }
    }
    Ok(coded)
}

/// The length all `Content-Length` members agree on, and whether there was more than one.
fn content_length(head: &Head) -> Result<Option<(u64, bool)>, Error> {
    let mut agreed = None;
    for value in head.headers.all("Content-Length") {
        for member in value.split(|&b| b == b',') {
            let length = digits(member.trim_ascii()).ok_or(Error::ContentLength)?;
            agreed = match agreed {
                None => Some((length, false)),
                Some((first, _)) if first == length => Some((first, true)),
                Some(_) => return Err(Error::ContentLength),
            };
        }
    }
    Ok(agreed)
}

/// Decimal digits and nothing else; `str::parse` would take a plus sign.
pub(super) fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |number, &b| {
        let digit = b.is_ascii_digit().then(|| u64::from(b - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Version;

    fn framing(fields: &[(&str, &str)]) -> Result<Framing, Error> {
        let headers = fields.iter().copied().collect();
        let head = Head { status: 200, version: Version::Http11, reason: vec![], headers };
        let sent = [("TE", "gzip")].into_iter().collect();
        of(&Method::GET, &sent, &head, Reading::default()).map(|(framing, _)| framing)
    }

    #[test]
    fn a_length_is_digits_and_nothing_else() {
        assert_eq!(framing(&[("Content-Length", "007")]), Ok(Framing::Length(7)));
        for bad in ["+5", "-5", "", "5 5", "0x5", "5;", "18446744073709551616"] {
            assert_eq!(framing(&[("Content-Length", bad)]), Err(Error::ContentLength), "{bad}");
        }
    }

    #[test]
    fn equal_lengths_agree_and_different_ones_do_not() {
        assert_eq!(framing(&[("Content-Length", "5, 5")]), Ok(Framing::Length(5)));
        let two = [("Content-Length", "5"), ("content-length", "6")];
        assert_eq!(framing(&two), Err(Error::ContentLength));
    }

    #[test]
    fn transfer_encoding_wins_whatever_the_order() {
        let te = ("Transfer-Encoding", "chunked");
        let bad_length = ("Content-Length", "5");
        assert_eq!(framing(&[te, bad_length]), Ok(Framing::Chunked));
        assert_eq!(framing(&[bad_length, te]), Ok(Framing::Chunked));
    }

    #[test]
    fn a_transfer_coding_nobody_asked_for_is_refused() {
        let headers = [("Transfer-Encoding", "gzip, chunked")].into_iter().collect();
        let head = Head { status: 200, version: Version::Http11, reason: vec![], headers };
        let got = of(&Method::GET, &Headers::new(), &head, Reading::default());
        assert_eq!(got, Err(Error::TransferEncoding));
    }

    #[test]
    fn the_same_line_twice_is_one() {
        let te = ("Transfer-Encoding", "chunked");
        assert_eq!(framing(&[te, te]), Ok(Framing::Chunked));
        let after = ("Transfer-Encoding", "gzip");
        assert_eq!(framing(&[te, after]), Err(Error::TransferEncoding));
    }

    #[test]
    fn chunked_is_last_and_once_and_an_unknown_coding_is_refused() {
        assert_eq!(framing(&[("Transfer-Encoding", "gzip, chunked")]), Ok(Framing::Chunked));
        assert_eq!(framing(&[("Transfer-Encoding", "gzip")]), Ok(Framing::UntilClose));
        for bad in ["chunked, gzip", "chunked, chunked", "xchunked", "chunked;q=1", "cow"] {
            let got = framing(&[("Transfer-Encoding", bad)]);
            assert_eq!(got, Err(Error::TransferEncoding), "{bad}");
        }
    }
}
