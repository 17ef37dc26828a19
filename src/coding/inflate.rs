//! What gzip and deflate share: one compressed stream, from its header to its end mark.
//!
//! The wrapping is undone with it: header fields are skipped without being
//! kept, the checksum and the length are checked.

use super::{Coding, Error, Moved};
use flate2::{Decompress, FlushDecompress, Status};

/// The largest window that DEFLATE has, as a power of two (RFC 1951 section 2).
const WINDOW_BITS: u8 = 15;

/// One member of gzip or one body of deflate.
pub(super) struct Inflate {
    inner: Decompress,
    coding: Coding,
    ended: bool,
}

impl Inflate {
    /// A member of a gzip file (RFC 1952).
    pub(super) fn gzip() -> Inflate {
        Inflate { inner: Decompress::new_gzip(WINDOW_BITS), coding: Coding::Gzip, ended: false }
    }

    /// The zlib format (RFC 1950).
    pub(super) fn zlib() -> Inflate {
        Inflate { inner: Decompress::new(true), coding: Coding::Deflate, ended: false }
    }

    /// Nothing but DEFLATE (RFC 1951).
    pub(super) fn raw() -> Inflate {
        Inflate { inner: Decompress::new(false), coding: Coding::Deflate, ended: false }
    }

    /// Whether the end mark has been read. From then on there must be no further step.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    pub(super) fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error> {
        let (taken, given) = (self.inner.total_in(), self.inner.total_out());
        let status = self.inner.decompress(input, out, FlushDecompress::None);
        let moved = Moved {
            consumed: span(taken, self.inner.total_in()),
            produced: span(given, self.inner.total_out()),
        };
        match status {
            Ok(status) => self.ended = status == Status::StreamEnd,
            // What came before the fault goes out first; the stream remembers that it is broken.
            Err(_) if moved.produced > 0 => {}
            Err(_) => return Err(Error::Corrupt(self.coding)),
        }
        Ok(moved)
    }
}

/// The bytes between two totals, which a slice's length bounds.
fn span(from: u64, to: u64) -> usize {
    usize::try_from(to - from).unwrap_or(usize::MAX)
}
