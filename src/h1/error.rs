//! What can be wrong with an exchange. "Not yet" is not here: it is a step.

use std::fmt;

/// Why an exchange cannot be started or cannot go on. After an error the connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be written: a byte that would break the head open (CR, LF or NUL).
    UnsafeRequest(&'static str),
    /// What came does not begin like HTTP/1.x: HTTP/0.9, another protocol, noise.
    NotHttp,
    /// An HTTP version that is neither 1.0 nor 1.1.
    Version,
    /// A status line without a status of three digits.
    StatusLine,
    /// The head is not one: the part that broke.
    Head(&'static str),
    /// Everything header-like in this exchange is larger than [`Limits`](super::Limits) allows.
    HeadTooLarge,
    /// `Content-Length` is not a number, or there are two that differ (RFC 9112 section 6.3).
    ContentLength,
    /// A `Transfer-Encoding` that cannot be undone (RFC 9112 section 6.1).
    TransferEncoding,
    /// A chunk's size or the end of its data is malformed (RFC 9112 section 7.1).
    Chunk,
    /// 101 without having been asked (RFC 9110 section 15.2.2).
    UnaskedUpgrade,
    /// The peer ended before the final answer's status line: nothing came, or 1xx only.
    Empty,
    /// The peer ended inside the head.
    HeadCut,
    /// The peer ended inside the content; how many bytes were still owed, where that is known.
    ContentCut(Option<u64>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnsafeRequest(what) => write!(f, "a line break or NUL in {what}"),
            Error::NotHttp => f.write_str("the answer is not HTTP/1.x"),
            Error::Version => f.write_str("unsupported HTTP version in the answer"),
            Error::StatusLine => f.write_str("malformed status line in the answer"),
            Error::Head(what) => write!(f, "malformed {what} in the answer's head"),
            Error::HeadTooLarge => f.write_str("the answer's header fields are too large"),
            Error::ContentLength => f.write_str("invalid Content-Length in the answer"),
            Error::TransferEncoding => f.write_str("unsupported Transfer-Encoding in the answer"),
            Error::Chunk => f.write_str("malformed chunked coding in the answer"),
            Error::UnaskedUpgrade => f.write_str("101 Switching Protocols, which nobody asked for"),
            Error::Empty => f.write_str("empty reply from server"),
            Error::HeadCut => f.write_str("connection closed inside the answer's head"),
            Error::ContentCut(Some(owed)) => {
                write!(f, "transfer closed with {owed} bytes remaining to read")
            }
            Error::ContentCut(None) => {
                f.write_str("transfer closed with outstanding read data remaining")
            }
        }
    }
}

impl std::error::Error for Error {}
