//! The bytes that come in: recv, and a buffer for what came too early.

use super::request::{Refusal, Trouble};
use crate::h1::head::end_of_head;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;

/// Largest head: request line and fields together.
pub(super) const HEAD_LIMIT: usize = 64 * 1024;
/// How much one recv may take.
const SCRATCH: usize = 16 * 1024;

/// The receiving side of a connection.
pub(super) struct Incoming<'s> {
    stream: &'s TcpStream,
    buffer: Vec<u8>,
}

impl<'s> Incoming<'s> {
    /// Nothing received yet.
    pub(super) fn new(stream: &'s TcpStream) -> Incoming<'s> {
        Incoming { stream, buffer: Vec::new() }
    }

    /// The socket, for what has to be said before the request is complete.
    pub(super) fn stream(&self) -> &'s TcpStream {
        self.stream
    }

    /// Whether something was received that nobody has taken.
    pub(super) fn has_more(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// The next head, its empty line included, as it came; `None` where the client has nothing
    /// more to ask. Empty lines before it are skipped (RFC 9112 section 2.2).
    pub(super) fn head(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let mut skipped = 0;
        let mut looked = 0;
        loop {
            let blank = self.buffer.iter().take_while(|&&b| b == b'\r' || b == b'\n').count();
            if looked == 0 && blank > 0 {
                self.buffer.drain(..blank);
                skipped += blank;
            }
            if let Some(end) = end_of_head(&self.buffer, looked) {
                if end > HEAD_LIMIT {
                    return Err(Refusal::new(431, "The head is larger than 64 KiB.").into());
                }
                return Ok(Some(self.take(end)));
            }
            if self.buffer.len() + skipped > HEAD_LIMIT {
                return Err(Refusal::new(431, "The head is larger than 64 KiB.").into());
            }
            looked = self.buffer.len().saturating_sub(3);
            match self.receive() {
                // An idle connection that ends, or is silent for too long, did nothing wrong.
                Err(Trouble::Refused(_)) if self.buffer.is_empty() => return Ok(None),
                Err(trouble) => return Err(trouble),
                Ok(()) => {}
            }
        }
    }

    /// A line without its CRLF; at most `limit` bytes.
    pub(super) fn line(&mut self, limit: usize) -> Result<Vec<u8>, Trouble> {
        let mut looked = 0;
        loop {
            let found = self.buffer.iter().skip(looked).position(|&b| b == b'\n');
            if let Some(end) = found.map(|at| looked + at) {
                let mut line = self.take(end + 1);
                line.truncate(end);
                if line.pop() != Some(b'\r') || line.len() > limit {
                    return Err(Refusal::new(400, "The chunked coding is broken.").into());
                }
                return Ok(line);
            }
            looked = self.buffer.len();
            if looked > limit {
                return Err(Refusal::new(400, "The chunked coding is broken.").into());
            }
            self.receive()?;
        }
    }

    /// Exactly so many bytes, appended to `out`.
    pub(super) fn exactly(&mut self, length: usize, out: &mut Vec<u8>) -> Result<(), Trouble> {
        let end = out.len() + length;
        loop {
            let wanted = (end - out.len()).min(self.buffer.len());
            out.extend(self.buffer.drain(..wanted));
            if out.len() == end {
                return Ok(());
            }
            self.receive()?;
        }
    }

    /// Appends what comes next to the buffer.
    fn receive(&mut self) -> Result<(), Trouble> {
        let mut scratch = [0; SCRATCH];
        // recv(2): waits for the first byte, then takes what the kernel has. TCP is a stream:
        // what was sent in one piece may come in several, and the other way round.
        match self.stream.read(&mut scratch) {
            Ok(0) => Err(Refusal::new(400, "The request ends in the middle.").into()),
            Ok(count) => {
                self.buffer.extend_from_slice(scratch.get(..count).unwrap_or_default());
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) if is_timeout(&error) => {
                Err(Refusal::new(408, "The rest of the request did not come in time.").into())
            }
            Err(_) => Err(Trouble::Gone),
        }
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        self.buffer.drain(..length.min(self.buffer.len())).collect()
    }
}

/// `SO_RCVTIMEO` runs out with one of two names, by system.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
