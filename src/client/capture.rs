//! What happened: told while it happens, and kept.

use super::Address;
use crate::base::{Content, Head, Headers, Method, Tick, Wall};
use crate::cookie::{Jar, Stored};
use crate::h1::Defect;
use crate::net::{Conn, Established, Opened};
use std::io;
use url::Url;

/// One exchange of a fetch.
#[derive(Debug)]
pub struct Hop {
    /// The method that was sent.
    pub method: Method,
    /// The URL that was asked for, without credentials.
    pub url: Url,
    /// The same with its path as it was typed.
    pub asked: String,
    /// The request's head as it went over the wire.
    pub sent: Vec<u8>,
    /// What followed that head; a source may be spent.
    pub carried: Content,
    /// The 1xx heads before the final one.
    pub interims: Vec<Head>,
    /// The final head.
    pub head: Head,
    /// Its bytes as they came.
    pub raw_head: Vec<u8>,
    /// Its content is not what was asked for: 304, or a condition that does not hold.
    pub unmet: bool,
    /// Trailers behind a chunked answer.
    pub trailers: Headers,
    /// What the connection is; `None` where the hop is not known from the network, but from a file.
    pub established: Option<Established>,
    /// Whether the connection had carried an exchange before.
    pub reused: bool,
    /// What became of each `Set-Cookie` line, in order; empty where the cookie engine is off.
    pub cookies: Vec<Stored>,
    /// What was tolerated.
    pub defects: Vec<Defect>,
    /// The calendar when the hop began.
    pub when: Wall,
    /// When things happened.
    pub timings: Timings,
    /// Content bytes of the request that were handed to the connection.
    pub uploaded: u64,
    /// Content bytes as they came, framing undone.
    pub received: u64,
    /// Content bytes after decoding.
    pub decoded: u64,
}

/// An exchange that ended before there was a final head: what is known of it all the same.
#[derive(Debug)]
pub struct Unanswered {
    /// The method that was, or was to be, sent.
    pub method: Method,
    /// The URL that was asked for, without credentials.
    pub url: Url,
    /// The same with its path as it was typed.
    pub asked: String,
    /// The request's head as it went over the wire; empty where it did not come to that.
    pub sent: Vec<u8>,
    /// What follows, or would have followed, that head.
    pub carried: Content,
    /// The connection, as far as it was made: perhaps only to a proxy.
    pub established: Option<Established>,
    /// Whether the connection had carried an exchange before.
    pub reused: bool,
    /// The calendar when the exchange began.
    pub when: Wall,
    /// When things happened; what did not, when the exchange began.
    pub timings: Timings,
    /// Content bytes of the request that were handed to the connection.
    pub uploaded: u64,
}

/// When the parts of a hop happened. Connecting is in [`Established`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// The hop began.
    pub began: Tick,
    /// The last byte of the request was handed to the connection.
    pub sent: Tick,
    /// The first byte of the answer came.
    pub first_byte: Tick,
    /// The last byte came.
    pub ended: Tick,
}

/// What a [`Sink`] is told, in the order it happens.
#[derive(Debug)]
pub enum Notice<'n> {
    /// A hop begins: the jar, and the URL that cookies are looked up for.
    Cookies(&'n Jar, &'n Url),
    /// There is a connection.
    Connected(&'n Conn),
    /// A proxy was asked for a tunnel: what was sent, and the heads that came.
    Tunnel(&'n Opened),
    /// The request's head is on its way.
    Sent(&'n [u8]),
    /// A 1xx answer: its head and its bytes.
    Interim(&'n Head, &'n [u8]),
    /// The lines of a head that were sound before it broke; the fetch fails after this.
    Broken(&'n [u8]),
    /// The final head of a hop, its cookies stored already; whether another request follows.
    Head(&'n Hop, bool),
    /// A piece of the request's content is on its way, framed.
    Went(&'n [u8]),
    /// Content as it came, framing undone, codings not.
    Came(&'n [u8]),
    /// Decoded content of the last hop.
    Content(&'n [u8]),
    /// A deviation that was tolerated.
    Defect(Defect),
    /// The hop is over; whether another request follows.
    Ended(&'n Hop, bool),
    /// The hop goes here by https, because the host is spoken to so (RFC 6797).
    Secured(&'n Address),
    /// The next hop goes here.
    Redirect(&'n Address),
}

/// Whether the rest is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    On,
    /// The content is not wanted: the connection is closed, and the fetch ends well.
    Enough,
}

/// Whoever wants to know.
pub trait Sink {
    /// Takes a notice.
    ///
    /// # Errors
    /// It cannot be written; the fetch ends with [`Error::Sink`](super::Error::Sink).
    fn take(&mut self, notice: Notice<'_>) -> io::Result<Flow>;

    /// A hop is over, or broke behind its head: for whoever keeps a record. A chain of
    /// redirects may be long and its heads large, so nobody else does.
    fn keep(&mut self, hop: Hop) {
        drop(hop);
    }

    /// The last exchange ended before there was a head; the fetch fails after this.
    fn lose(&mut self, unanswered: Unanswered) {
        drop(unanswered);
    }
}

/// A record of everything that happened in one fetch, in order.
#[derive(Debug, Default)]
pub struct Capture {
    /// The hops; one more than there were redirects followed.
    pub hops: Vec<Hop>,
    /// The decoded content of the last one.
    pub content: Vec<u8>,
    /// The most content that is taken; the connection is closed over the rest. `None` takes all.
    pub most: Option<usize>,
    /// Whether there was more content than that.
    pub cut: bool,
    /// The one that got no answer.
    pub unanswered: Option<Unanswered>,
}

impl Sink for Capture {
    fn take(&mut self, notice: Notice<'_>) -> io::Result<Flow> {
        if let Notice::Content(piece) = notice {
            let room = self.most.map_or(usize::MAX, |most| most.saturating_sub(self.content.len()));
            self.cut = piece.len() > room;
            self.content.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        Ok(if self.cut { Flow::Enough } else { Flow::On })
    }

    fn keep(&mut self, hop: Hop) {
        self.hops.push(hop);
    }

    fn lose(&mut self, unanswered: Unanswered) {
        self.unanswered = Some(unanswered);
    }
}
