//! Floor 1: content codings (RFC 9110 section 8.4), undone as a pure streaming machine.
//!
//! # The machine
//!
//! ```text
//!             bytes as they come, split anywhere
//!                           │
//!      Content-Encoding:    ▼
//!        gzip, br      ┌──────────┐  64 KiB   ┌──────────┐  64 KiB
//!                      │    br    ├──────────▶│   gzip   ├──────────▶ a piece
//!                      └──────────┘           └──────────┘
//!                       last applied,          first applied,
//!                       first undone           last undone
//! ```
//!
//! One call of [`Decoder::decode`] is one step of one coding: the one nearest
//! to the end that can move at all. It takes from the buffer before it and
//! fills the buffer behind it, so the time and the memory of a call are bounded
//! by fixed buffers, whatever the ratio (brotli reaches 1,000,000:1) and even
//! where a step yields nothing (a gigabyte of padding, of empty members, of
//! skippable frames). Besides its buffer a coding holds its window: 32 KiB for
//! gzip and deflate, at most 8 MiB for zstd, at most 16 MiB for br.
//!
//! # One body
//!
//! ```
//! use cruller::base::Headers;
//! use cruller::coding::{Decoder, Error, parse};
//!
//! fn body(headers: &Headers, arrived: &[&[u8]], page: &mut Vec<u8>) -> Result<(), Error> {
//!     let mut decoder = Decoder::new(&parse(headers, "Content-Encoding")?)?;
//!     for mut bytes in arrived.iter().copied() {
//!         while let Some(piece) = decoder.decode(&mut bytes)? {
//!             page.extend_from_slice(piece); // limits are checked here; a piece may be empty
//!         }
//!     }
//!     decoder.finish() // all of it came
//! }
//! ```
//!
//! # Decode all or fail
//!
//! Half of the content never passes for the whole. What follows the end mark:
//!
//! | coding | accepted | everything else |
//! |---|---|---|
//! | gzip | further members (RFC 1952 section 2.2); zeros to the end, which are padding | [`Error::Trailing`] |
//! | deflate, wrapped (RFC 1950) | nothing | [`Error::Trailing`] |
//! | deflate, raw (RFC 1951) | up to four bytes, as curl: a checksum without its header | [`Error::Trailing`] |
//! | br (RFC 7932) | nothing | [`Error::Trailing`] |
//! | zstd (RFC 8878) | further frames, skippable ones too | [`Error::Corrupt`] |
//!
//! curl fails on whatever follows gzip, zlib and br (its exit 23), second
//! members included; Chromium ignores it, second members included, and so may
//! show half of a page.
//!
//! Content without a single byte is accepted as empty, whatever its codings.

mod brotli;
mod decoder;
mod deflate;
mod error;
mod gzip;
mod inflate;
#[cfg(test)]
mod samples;
mod zstd;

pub use decoder::{Decoder, PIECE};
pub use error::Error;

use crate::base::Headers;
use std::fmt;

/// What `--compressed` asks for, in curl's order.
pub const ACCEPT_ENCODING: &str = "deflate, gzip, br, zstd";

/// As many codings may lie on top of each other.
pub const MAX_CODINGS: usize = 5;

/// A content coding that can be undone (RFC 9110 section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `gzip` or `x-gzip` (RFC 1952).
    Gzip,
    /// `deflate`: zlib-wrapped (RFC 1950), or raw (RFC 1951) as some servers send it.
    Deflate,
    /// `br` (RFC 7932), without large windows.
    Brotli,
    /// `zstd` (RFC 8878), with windows of at most 8 MB (RFC 9659).
    Zstd,
}

impl Coding {
    /// The coding called `name`, without case.
    fn named(name: &[u8]) -> Option<Coding> {
        let known = [
            ("gzip", Coding::Gzip),
            ("x-gzip", Coding::Gzip),
            ("deflate", Coding::Deflate),
            ("br", Coding::Brotli),
            ("zstd", Coding::Zstd),
        ];
        known.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|k| k.1)
    }
}

impl fmt::Display for Coding {
    /// The name as it is registered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Brotli => "br",
            Coding::Zstd => "zstd",
        })
    }
}

/// What the lines of `field` say was applied, in the order it was applied.
///
/// The whole list counts, over all lines (RFC 9110 section 8.4). `identity` is
/// nothing, and so is `none`, which curl takes for it.
pub fn parse(headers: &Headers, field: &str) -> Result<Vec<Coding>, Error> {
    let mut codings = Vec::new();
    for name in headers.members(field) {
        if name.eq_ignore_ascii_case(b"identity") || name.eq_ignore_ascii_case(b"none") {
            continue;
        }
        let coding = Coding::named(name).ok_or(Error::Unknown)?;
        if codings.len() == MAX_CODINGS {
            return Err(Error::TooMany);
        }
        codings.push(coding);
    }
    Ok(codings)
}

/// What one step did.
#[derive(Clone, Copy, Default)]
struct Moved {
    /// Bytes taken from the input.
    consumed: usize,
    /// Bytes put into the output.
    produced: usize,
}

impl Moved {
    /// Not yet: more input is needed.
    const NOTHING: Moved = Moved { consumed: 0, produced: 0 };
}

/// One coding being undone.
trait Machine {
    /// Takes from `input` and fills `out`, at most once each. [`Moved::NOTHING`] asks for more input.
    ///
    /// What is broken stays broken: bytes before the fault may be handed out
    /// first, and then every further step is the error.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error>;

    /// Whether the content may end here, provided that it began.
    fn at_end(&self) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(lines: &[&str]) -> Result<Vec<Coding>, Error> {
        let headers: Headers = lines.iter().map(|line| ("content-encoding", line)).collect();
        parse(&headers, "Content-Encoding")
    }

    #[test]
    fn codings_come_in_the_order_of_all_lines_and_without_case() {
        use Coding::*;
        assert_eq!(parsed(&["GZip, br", "zstd", "x-gzip,deflate"]), {
            Ok(vec![Gzip, Brotli, Zstd, Gzip, Deflate])
        });
    }

    #[test]
    fn identity_and_empty_members_are_nothing() {
        assert_eq!(parsed(&["identity, ,, Identity", "", "none"]), Ok(vec![]));
        assert_eq!(parsed(&[]), Ok(vec![]));
    }

    #[test]
    fn more_than_five_are_refused_however_they_are_spread() {
        assert_eq!(parsed(&["br,br", "br,identity,br", "br"]).map(|c| c.len()), Ok(5));
        assert_eq!(parsed(&["br,br", "br,br", "br", "br"]), Err(Error::TooMany));
        assert_eq!(parsed(&["br,br,br,br,br,br"]), Err(Error::TooMany));
    }

    #[test]
    fn what_is_not_known_is_refused_and_not_skipped() {
        for line in ["compress", "gzip, dcb", "gzip;q=1", "gzip br", "\"gzip\""] {
            assert_eq!(parsed(&[line]), Err(Error::Unknown), "{line}");
        }
    }

    #[test]
    fn all_that_is_asked_for_can_be_undone() {
        assert_eq!(parsed(&[ACCEPT_ENCODING]).map(|c| c.len()), Ok(4));
    }
}
