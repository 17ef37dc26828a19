//! What can be wrong with coded content. "Not yet" is not here: it is [`None`].

use super::Coding;
use std::fmt;

/// Why content cannot be decoded, or not further. The pieces handed out before it are the part
/// that is kept; no checksum vouches for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// More than [`MAX_CODINGS`](super::MAX_CODINGS) codings, counted over all lines.
    TooMany,
    /// A coding that is not in [`ACCEPT_ENCODING`](super::ACCEPT_ENCODING).
    Unknown,
    /// The bytes are not what the coding's format allows, or a checksum or length is wrong.
    Corrupt(Coding),
    /// The content ended before the coding's end mark.
    Truncated(Coding),
    /// Bytes follow the coding's end mark that do not belong there.
    Trailing(Coding),
    /// A zstd window larger than 8 MB (RFC 9659).
    Window,
    /// There is no memory for a decoder.
    Memory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooMany => f.write_str("too many content codings in the answer"),
            Error::Unknown => f.write_str("unrecognized content coding in the answer"),
            Error::Corrupt(coding) => write!(f, "the answer's {coding} content is corrupt"),
            Error::Truncated(coding) => {
                write!(f, "the answer's {coding} content ends before its end mark")
            }
            Error::Trailing(coding) => {
                write!(f, "bytes after the end of the answer's {coding} content")
            }
            Error::Window => f.write_str("the answer's zstd content asks for a window over 8 MB"),
            Error::Memory => f.write_str("no memory to decode the answer's content"),
        }
    }
}

impl std::error::Error for Error {}
