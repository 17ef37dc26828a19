//! HTTP archives, HAR 1.2, as browsers and test tools write and read them.
//!
//! ```text
//!   bytes ─► read ─► one entry at a time ─► Exchange { started, request, answer }
//!                                            └─► set_cookies: lines for a jar
//!
//!   Page { entries: Entry { request, answer, times } } ─► write ─► text
//! ```
//!
//! 1. The file is parsed once; its entries stay text until they are asked for, so that a big
//!    archive stands in memory once and a bad entry spoils no other.
//! 2. An entry becomes the [`Request`] that was sent and the [`Answer`] to it. Names that begin with a
//!    colon are no fields (HTTP/2 writes its request line so) and are left out.
//! 3. Entries come in the file's order, which is often that of the end of the transfers: who
//!    needs the order of time sorts by [`Exchange::started`].
//!
//! Writing has a file of its own: [`writing`].

mod cookies;
mod entry;
mod error;
pub mod writing;

pub use error::Error;
pub use writing::write;

use crate::base::{Head, Request, Wall};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fmt;

/// The largest archive that is read. There is no limit on the nesting of JSON: what nobody asks
/// for is skipped without recursion.
pub const MAX_BYTES: usize = 1 << 30;

/// One entry of an archive.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When the request was made.
    pub started: Wall,
    /// What was asked.
    pub request: Request,
    /// What came back; `None` where the request was aborted or blocked.
    pub answer: Option<Answer>,
    /// It came out of the browser's cache: nothing was sent, and its cookies were not set again.
    pub from_cache: bool,
}

/// What a request was answered.
#[derive(Clone)]
pub struct Answer {
    /// Status and fields. HTTP/2 and 3 are shown as HTTP/1.1.
    pub head: Head,
    /// The content with its codings undone; `None` where the archive does not hold it.
    pub content: Option<Vec<u8>>,
    /// How many bytes it was when it came, where the archive says.
    pub received: Option<u64>,
    /// The archive's own list of cookies, as `Set-Cookie` lines.
    listed: Vec<Vec<u8>>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({:?} bytes)", self.head, self.content.as_ref().map(Vec::len))
    }
}

impl Exchange {
    /// The `Set-Cookie` lines that the answer brought, in order: those of its fields, or, where an
    /// archive was cleaned of them, those that its list of cookies stands for.
    pub fn set_cookies(&self) -> Vec<Vec<u8>> {
        let Some(answer) = self.answer.as_ref().filter(|_| !self.from_cache) else {
            return Vec::new();
        };
        // Some tools join the lines of one name with a line end.
        let fields = answer.head.headers.all("Set-Cookie");
        let lines: Vec<Vec<u8>> = fields
            .flat_map(|value| value.split(|&b| b == b'\n'))
            .map(|line| line.trim_ascii().to_vec())
            .filter(|line| !line.is_empty())
            .collect();
        if lines.is_empty() { answer.listed.clone() } else { lines }
    }
}

/// An entry that is no exchange: without a time or a URL, or with something else in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// The entries of an archive, in its order.
pub struct Entries<'f>(std::vec::IntoIter<&'f RawValue>);

impl Iterator for Entries<'_> {
    type Item = Result<Exchange, Malformed>;

    fn next(&mut self) -> Option<Result<Exchange, Malformed>> {
        self.0.next().map(|entry| entry::read(entry.get()).ok_or(Malformed))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} entries)", self.0.len())
    }
}

/// Opens an archive.
///
/// # Errors
/// Where it is too large, not JSON, or has no list `log.entries`.
pub fn read(bytes: &[u8]) -> Result<Entries<'_>, Error> {
    #[derive(Deserialize)]
    struct File<'f> {
        #[serde(borrow)]
        log: Log<'f>,
    }
    #[derive(Deserialize)]
    struct Log<'f> {
        #[serde(borrow)]
        entries: Vec<&'f RawValue>,
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let file: File<'_> = serde_json::from_slice(bytes)?;
    Ok(Entries(file.log.entries.into_iter()))
}

#[cfg(test)]
mod tests;
