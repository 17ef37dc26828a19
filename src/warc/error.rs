//! What is wrong with an archive, and where.

use super::read::{MAX_HEAD, MAX_MEMBER};
use std::fmt;

/// Why a walk over records ended before the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where the record, or the gzip member that holds it, begins in the file.
    pub at: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a record. No variant holds anything of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no `WARC/` where a record should begin.
    NotARecord,
    /// It is of a version other than 1.0 and 1.1.
    Version,
    /// A line of its head is no field.
    NotAField,
    /// Its head is longer than [`MAX_HEAD`].
    LongHead,
    /// It has no `Content-Length`, two different ones, or one that is no number.
    Length,
    /// Behind its block there are no two empty lines: its `Content-Length` is wrong.
    Unended,
    /// Its gzip member cannot be undone.
    Gzip,
    /// Its gzip member is larger than [`MAX_MEMBER`] when it is undone.
    LargeMember,
    /// The file ends within it.
    Torn,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotARecord => f.write_str("no WARC record begins there"),
            Fault::Version => f.write_str("a version of WARC other than 1.0 and 1.1"),
            Fault::NotAField => f.write_str("a line of its head is no field"),
            Fault::LongHead => write!(f, "its head is longer than {MAX_HEAD} bytes"),
            Fault::Length => f.write_str("its Content-Length is missing or no number"),
            Fault::Unended => f.write_str("it does not end where its Content-Length says"),
            Fault::Gzip => f.write_str("its gzip member is damaged"),
            Fault::LargeMember => {
                write!(f, "its gzip member holds more than {} MiB", MAX_MEMBER >> 20)
            }
            Fault::Torn => f.write_str("the file ends within it"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record at byte {}: {}", self.at, self.fault)
    }
}

impl std::error::Error for Error {}
