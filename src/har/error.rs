//! Why an archive could not be opened.

use super::MAX_BYTES;
use std::fmt;

/// What is wrong with a whole archive. One bad entry is not an error.
/// No variant holds anything of the archive's content.
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
}

impl From<serde_json::Error> for Error {
    /// Keeps the place and the kind: the words of `serde_json` may quote a value.
    fn from(error: serde_json::Error) -> Error {
        use serde_json::error::Category;
        let what = match error.classify() {
            Category::Eof => "it ends too early",
            Category::Data => "not what an archive has there",
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
        }
    }
}

impl std::error::Error for Error {}
