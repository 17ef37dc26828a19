//! What everything header-like in one exchange may cost together.

use super::Error;
use std::time::Duration;

/// What one exchange may cost, and how long it waits for `100 Continue`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of everything that is header-like together: status line, fields, every 1xx,
    /// trailers, and the extensions of chunks.
    pub head_bytes: usize,
    /// Lines of the same.
    pub head_lines: usize,
    /// Bytes of one line of a head.
    pub line_bytes: usize,
    /// How long content is held back for a `100 Continue` that was asked for.
    pub expect_timeout: Duration,
    /// Whether an answer that does not begin like HTTP is taken for content without a head, which
    /// is what HTTP/0.9 was.
    pub http09: bool,
}

impl Default for Limits {
    /// curl's numbers: 300 KiB, 5,000 lines, 100 KiB for one of them, and one second. Servers
    /// that send more want to fill memory (CVE-2023-38039); RFC 9110 section 10.1.1 asks not to
    /// wait for ever.
    fn default() -> Limits {
        Limits {
            head_bytes: 300 * 1024,
            head_lines: 5000,
            line_bytes: 100 * 1024,
            expect_timeout: Duration::from_secs(1),
            http09: false,
        }
    }
}

/// The budget, and what is spent of it.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    bytes: usize,
    lines: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Budget {
        Budget { limits, bytes: 0, lines: 0 }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether a head was paid for already.
    pub(super) fn is_begun(&self) -> bool {
        self.lines > 0
    }

    /// Pays for bytes that are not lines of a head.
    pub(super) fn spend_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        self.check_room(bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    /// Pays for a complete head or trailer section.
    pub(super) fn spend(&mut self, section: &[u8]) -> Result<(), Error> {
        self.spend_bytes(section.len())?;
        let lines = section.split_inclusive(|&b| b == b'\n');
        self.lines += lines.clone().count();
        let longest = lines.map(<[u8]>::len).max().unwrap_or(0);
        let fits = self.lines <= self.limits.head_lines && longest <= self.limits.line_bytes;
        if fits { Ok(()) } else { Err(Error::HeadTooLarge) }
    }

    /// Whether so many bytes more could be paid for.
    pub(super) fn check_room(&self, bytes: usize) -> Result<(), Error> {
        let fits = self.bytes.saturating_add(bytes) <= self.limits.head_bytes;
        if fits { Ok(()) } else { Err(Error::HeadTooLarge) }
    }
}
