//! Who is inside: the limit on connections, and the end of the site.
//!
//! A blocking call cannot be told to stop. So the door keeps a second
//! descriptor of each connection's socket, and closing it shuts them all down:
//! every recv and send in progress returns. Pauses are waits on the door's
//! condition, and end with it too.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most connections at a time; each has a thread.
pub(super) const MOST_VISITORS: usize = 256;

/// The door of one site.
#[derive(Debug, Default)]
pub(super) struct Door {
    book: Mutex<Book>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Book {
    inside: BTreeMap<u64, TcpStream>,
    entered: u64,
    closed: bool,
    stopped: bool,
}

/// A connection that was let in; it leaves when this is dropped.
pub(super) struct Visitor<'d> {
    door: &'d Door,
    number: u64,
}

impl Door {
    /// An open door, nobody inside.
    pub(super) fn new() -> Door {
        Door::default()
    }

    /// Lets a connection in, unless there are too many or the site is closed.
    pub(super) fn enter(&self, stream: &TcpStream) -> Option<Visitor<'_>> {
        let second = stream.try_clone().ok()?;
        let mut book = self.book();
        if book.closed || book.inside.len() >= MOST_VISITORS {
            return None;
        }
        book.entered += 1;
        let number = book.entered;
        book.inside.insert(number, second);
        Some(Visitor { door: self, number })
    }

    /// Lets nobody in any more and hangs up on everybody inside.
    pub(super) fn close(&self) {
        let mut book = self.book();
        book.closed = true;
        for stream in book.inside.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Whether the site is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.book().closed
    }

    /// Says that nothing is accepted any more.
    pub(super) fn stopped(&self) {
        self.book().stopped = true;
        self.changed.notify_all();
    }

    /// Waits at most so long for accepting to stop, and tells whether it did.
    pub(super) fn has_stopped(&self, longest: Duration) -> bool {
        let book = self.book();
        let waited = self.changed.wait_timeout_while(book, longest, |book| !book.stopped);
        waited.unwrap_or_else(PoisonError::into_inner).0.stopped
    }

    /// Waits that long, or until the door closes.
    pub(super) fn pause(&self, span: Duration) {
        let book = self.book();
        drop(self.changed.wait_timeout_while(book, span, |book| !book.closed));
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visitor<'_> {
    /// How many connections came before this one, plus one.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Waits that long.
    ///
    /// # Errors
    /// `ConnectionAborted` when the site closed meanwhile.
    pub(super) fn pause(&self, span: Duration) -> io::Result<()> {
        self.door.pause(span);
        if self.door.is_closed() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.door.book().inside.remove(&self.number);
    }
}
