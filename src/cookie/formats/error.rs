//! Why a file could not be read, or a format not be written.

use super::{Format, MAX_BYTES};
use std::fmt;

/// What went wrong with a whole file. One bad entry is not an error: it is counted.
/// No variant holds anything of the file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// More than [`MAX_BYTES`] bytes.
    TooLarge,
    /// The JSON cannot be read from here on.
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// The format does not say where its cookies belong, and no URL was given.
    NeedsUrl(Format),
    /// The URL that was given, or that stands in a curl line, is not http or https.
    NotHttp,
    /// A quote that is opened in this line of a curl line is not closed.
    Quote {
        /// The line, counted from 1.
        line: usize,
    },
    /// No `curl` command in it.
    NoCommand,
    /// A HAR is read by the room `har`; its answers make an [`Import`](super::Import).
    IsHar,
    /// A format that comes in only.
    NotWritten(Format),
}

impl From<serde_json::Error> for Error {
    /// Keeps the place and the kind: the words of `serde_json` may quote a value.
    fn from(error: serde_json::Error) -> Error {
        use serde_json::error::Category;
        let what = match error.classify() {
            Category::Eof => "it ends too early",
            Category::Data => "not what the format has there",
            Category::Syntax | Category::Io => "not JSON",
        };
        Error::Json { line: error.line(), column: error.column(), what }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooLarge => write!(f, "larger than {MAX_BYTES} bytes"),
            Error::Json { line, column, what } => write!(f, "line {line}, column {column}: {what}"),
            Error::NeedsUrl(format) => {
                write!(f, "the format {format} does not say where its cookies belong: give --url")
            }
            Error::NotHttp => f.write_str("the cookies' URL is not http or https"),
            Error::Quote { line } => write!(f, "line {line}: a quote is opened and not closed"),
            Error::NoCommand => f.write_str("no curl command in it"),
            Error::IsHar => f.write_str("a HAR is not a list of cookies"),
            Error::NotWritten(format) => write!(f, "the format {format} is read, not written"),
        }
    }
}

impl std::error::Error for Error {}
