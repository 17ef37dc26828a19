//! What a reader of a saved answer must know about it, and why a file cannot be read.

use super::{MAX_CONTENT, MAX_KEPT};
use crate::{coding, h1, har, warc};
use std::fmt;

/// Something about a saved answer that is not in the answer itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The file does not say what was asked for.
    NoUrl,
    /// Nothing says when it came.
    Undated,
    /// The status line names HTTP/2 or 3; the rest is read as HTTP/1.1.
    OtherVersion,
    /// A proxy's answer to CONNECT stands before it.
    Tunnel,
    /// The head announces chunks, and the content has none: whoever saved it undid them.
    Unchunked,
    /// The head names codings, and the content has none: whoever saved it undid them.
    Decoded,
    /// The codings cannot be undone; the content stands there as it was saved, or as far as it
    /// could be decoded.
    Damaged(coding::Error),
    /// The framing contradicts itself; everything behind the head is taken for content.
    Framing(h1::Error),
    /// The content ends too early: so many bytes, where that is known.
    Cut(Option<u64>),
    /// So many bytes stand behind the content.
    Trailing(usize),
    /// The file does not hold the content.
    NoContent,
    /// The content is larger than [`MAX_CONTENT`]: that much of it is there.
    LargeContent,
    /// The record holds only the head, because the content was that of an earlier one; whether
    /// that is in the file.
    Revisit(bool),
    /// It came out of a browser's cache.
    FromCache,
    /// There are other answers in the file.
    More,
    /// So many entries cannot be read.
    Malformed(usize),
    /// The archive is damaged from here on.
    Torn(warc::Error),
    /// Only so much of the archive was looked at: [`MAX_KEPT`].
    Stopped,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::NoUrl => f.write_str("the file does not say what URL was asked for"),
            Note::Undated => f.write_str("nothing says when it came: taken as now"),
            Note::OtherVersion => {
                f.write_str("the status line is not of HTTP/1: the rest is read as if it were")
            }
            Note::Tunnel => f.write_str("a proxy's answer to CONNECT stands before it"),
            Note::Unchunked => f.write_str("the chunked coding was undone before it was saved"),
            Note::Decoded => f.write_str("the content codings were undone before it was saved"),
            Note::Damaged(error) => write!(f, "the content cannot be decoded: {error}"),
            Note::Framing(error) => {
                write!(f, "{error}: everything behind the head is taken for content")
            }
            Note::Cut(Some(owed)) => write!(f, "the content ends {owed} bytes too early"),
            Note::Cut(None) => f.write_str("the content ends before its last chunk"),
            Note::Trailing(bytes) => write!(f, "{bytes} bytes behind the content are left out"),
            Note::NoContent => f.write_str("the file does not hold the content"),
            Note::LargeContent => {
                write!(f, "the content is larger than {} MiB: cut there", MAX_CONTENT >> 20)
            }
            Note::Revisit(true) => f.write_str("the content is that of an earlier record"),
            Note::Revisit(false) => f.write_str(
                "the content is that of an earlier record, which the file does not hold",
            ),
            Note::FromCache => f.write_str("it came out of the browser's cache"),
            Note::More => f.write_str("the file holds more answers: a URL chooses one"),
            Note::Malformed(entries) => {
                write!(f, "{entries} entries of the archive cannot be read")
            }
            Note::Torn(error) => write!(f, "the archive is damaged: {error}"),
            Note::Stopped => {
                write!(f, "only the first {} MiB of the archive were looked at", MAX_KEPT >> 20)
            }
        }
    }
}

/// Why a file holds no answer that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is none of the kinds that are read.
    Unknown,
    /// It is empty.
    Empty,
    /// The answer's head cannot be read.
    Head(h1::Error),
    /// The archive cannot be opened.
    Har(har::Error),
    /// The archive cannot be read up to its first answer.
    Warc(warc::Error),
    /// There is no answer in the archive.
    NoAnswer,
    /// There is none to the URL that was asked for.
    NotThere,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unknown => f.write_str(
                "neither an answer with its head (as of curl -i), nor a HAR, nor a WARC",
            ),
            Error::Empty => f.write_str("it is empty"),
            Error::Head(error) => error.fmt(f),
            Error::Har(error) => write!(f, "not a HAR: {error}"),
            Error::Warc(error) => write!(f, "not a WARC: {error}"),
            Error::NoAnswer => f.write_str("there is no answer in the archive"),
            Error::NotThere => f.write_str("the archive has no answer to that URL"),
        }
    }
}

impl std::error::Error for Error {}
