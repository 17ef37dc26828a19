//! The request's content on its way to the connection: bytes in memory, or a source that is
//! read ahead.
//!
//! A source may block: a pipe that nobody writes to, a disk that sleeps. So it is read beside
//! the runtime, one reading ahead: while one is sent the next is made, and no more than two
//! are ever in memory. The connection is heard, and deadlines hold, whatever the source does.

use crate::base::Content;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::task::{JoinHandle, spawn_blocking};

/// Content given to the connection at a time. Large enough that a system call is not what an
/// upload waits for, small enough to stay in the second-level cache.
const PIECE: usize = 64 * 1024;

/// Content read from a source at a time. Each reading is a trip to another thread and back, so
/// it fetches several pieces where they are there: a GiB goes out in two thirds of the time.
const READING: usize = 4 * PIECE;

/// The content that is still to be sent.
pub(super) enum Supply {
    /// In memory, from here on.
    Memory(Arc<Vec<u8>>, usize),
    /// A source that nothing was asked of yet.
    Unopened(Content),
    /// A source being read.
    Open(Ahead),
}

/// A source being read ahead.
pub(super) struct Ahead {
    /// What is read next; `None` behind the end.
    reading: Option<JoinHandle<io::Result<Reading>>>,
    /// What was read before, and how much of it is to be taken; nothing where it was.
    buffer: Vec<u8>,
    filled: Option<usize>,
    taken: usize,
    /// How much is still to come, where that is known: the last piece is known by it.
    left: Option<u64>,
}

/// One piece read, and what it was read from.
struct Reading {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    filled: usize,
}

impl Supply {
    pub(super) fn of(content: Content) -> Supply {
        match content {
            Content::None => Supply::Memory(Arc::default(), 0),
            Content::Bytes(bytes) => Supply::Memory(bytes, 0),
            source @ Content::Source(_) => Supply::Unopened(source),
        }
    }

    /// The next piece of at most so many bytes, and whether it is the last, if one is at hand.
    pub(super) fn take(&mut self, most: usize) -> Option<(&[u8], bool)> {
        match self {
            Supply::Memory(bytes, from) => {
                let rest = &bytes[*from..];
                let piece = &rest[..rest.len().min(PIECE).min(most)];
                *from += piece.len();
                Some((piece, piece.len() == rest.len()))
            }
            Supply::Unopened(_) => None,
            Supply::Open(ahead) => {
                let filled = ahead.filled?;
                let (from, to) =
                    (ahead.taken, filled.min(ahead.taken.saturating_add(most.min(PIECE))));
                ahead.taken = to;
                if to == filled {
                    (ahead.filled, ahead.taken) = (None, 0);
                }
                ahead.left = ahead.left.map(|left| left.saturating_sub((to - from) as u64));
                Some((&ahead.buffer[from..to], filled == 0 || ahead.left == Some(0)))
            }
        }
    }

    /// Waits until a piece is at hand. The first call opens the source.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Supply::Unopened(content) = self {
            let content = std::mem::take(content);
            let left = content.length();
            let reading = spawn_blocking(move || read(content.open()?, vec![0; READING]));
            let (reading, buffer) = (Some(reading), vec![0; READING]);
            *self = Supply::Open(Ahead { reading, buffer, filled: None, taken: 0, left });
        }
        match self {
            Supply::Open(ahead) => ahead.poll_ready(cx),
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl Ahead {
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(reading) = self.reading.as_mut().filter(|_| self.filled.is_none()) else {
            return Poll::Ready(Ok(()));
        };
        let read_before = ready!(Pin::new(reading).poll(cx));
        self.reading = None;
        let Reading { reader, buffer, filled } = read_before.map_err(io::Error::other)??;
        self.filled = Some(filled);
        let free = std::mem::replace(&mut self.buffer, buffer);
        if filled > 0 {
            self.reading = Some(spawn_blocking(move || read(reader, free)));
        }
        Poll::Ready(Ok(()))
    }
}

/// Reads what is there, and waits only where nothing is: a slow writer's bytes go out as they come.
fn read(mut reader: Box<dyn Read + Send>, mut buffer: Vec<u8>) -> io::Result<Reading> {
    loop {
        match reader.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read.map(|filled| Reading { reader, buffer, filled }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Source;
    use std::future::poll_fn;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// What is told, as it is told; it blocks in between.
    struct Told(Mutex<Option<Receiver<Vec<u8>>>>, Option<u64>);

    struct Telling(Receiver<Vec<u8>>, Vec<u8>);

    impl Read for Telling {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.1.is_empty() {
                self.1 = self.0.recv().unwrap_or_default();
            }
            let read = self.1.as_slice().read(out)?;
            self.1.drain(..read);
            Ok(read)
        }
    }

    impl Source for Told {
        fn length(&self) -> Option<u64> {
            self.1
        }

        fn open(&self) -> io::Result<Box<dyn Read + Send>> {
            let told = self.0.lock().unwrap().take();
            Ok(Box::new(Telling(told.ok_or(io::ErrorKind::NotFound)?, Vec::new())))
        }
    }

    fn told(length: Option<u64>) -> (Sender<Vec<u8>>, Supply) {
        let (teller, told) = channel();
        (teller, Supply::of(Content::streamed(Told(Mutex::new(Some(told)), length))))
    }

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
    }

    async fn next(supply: &mut Supply) -> io::Result<(usize, bool)> {
        poll_fn(|cx| supply.poll_ready(cx)).await?;
        Ok(supply.take(PIECE).map(|(piece, end)| (piece.len(), end)).unwrap())
    }

    #[test]
    fn a_source_that_blocks_is_waited_for_beside_the_runtime() {
        run(async {
            let (teller, mut supply) = told(None);
            assert!(supply.take(PIECE).is_none());
            let polled = poll_fn(|cx| Poll::Ready(supply.poll_ready(cx))).await;
            assert!(polled.is_pending() && supply.take(PIECE).is_none());
            teller.send(vec![0; PIECE + 1]).unwrap();
            assert_eq!(next(&mut supply).await.unwrap(), (PIECE, false));
            assert_eq!(next(&mut supply).await.unwrap(), (1, false));
            drop(teller);
            assert_eq!(next(&mut supply).await.unwrap(), (0, true));
            assert!(supply.take(PIECE).is_none());
        });
    }

    #[test]
    fn a_source_that_ends_early_has_no_last_piece() {
        run(async {
            let (teller, mut supply) = told(Some(5));
            teller.send(b"four".to_vec()).unwrap();
            drop(teller);
            assert_eq!(next(&mut supply).await.unwrap(), (4, false));
            let early = next(&mut supply).await.unwrap_err();
            assert_eq!(early.kind(), io::ErrorKind::UnexpectedEof);
        });
    }

    #[test]
    fn a_piece_may_be_taken_in_parts() {
        run(async {
            let (teller, mut supply) = told(Some(5));
            teller.send(b"12345".to_vec()).unwrap();
            poll_fn(|cx| supply.poll_ready(cx)).await.unwrap();
            assert_eq!(supply.take(2), Some((&b"12"[..], false)));
            poll_fn(|cx| supply.poll_ready(cx)).await.unwrap();
            assert_eq!(supply.take(9), Some((&b"345"[..], true)));
        });
    }

    #[test]
    fn memory_is_at_hand_piece_by_piece() {
        let mut supply = Supply::of(Content::from(vec![0; PIECE + 1]));
        assert_eq!(supply.take(PIECE).map(|(piece, end)| (piece.len(), end)), Some((PIECE, false)));
        assert_eq!(supply.take(PIECE).map(|(piece, end)| (piece.len(), end)), Some((1, true)));
    }
}
