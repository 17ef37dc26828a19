//! The one driver loop: bytes between a socket and an exchange, under deadlines.
//!
//! ```text
//!   content ──▶ exchange ──▶ out ──▶ socket ──▶ buffer ──▶ exchange ──▶ Event
//! ```
//!
//! While the socket takes bytes it is given them; whenever it does not, and
//! between two pieces of content, it is read, because a server may answer, or
//! refuse, before the request has gone. One buffer of 64 KiB serves the whole
//! transfer; it grows only for a head that does not fit, and a head has a limit.

use super::socket::{Conn, Stream};
use super::speed::{Allowed, Pace, Slowness, Speeds};
use super::supply::Supply;
use super::{Deadlines, Error, Phase, clock};
use crate::base::{Content, Head, Headers, Tick};
use crate::h1::{self, Defect, Exchange, Fate, Framing, Step, Upload};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Bytes read at a time. Large enough that a system call is not what a download waits for,
/// small enough to stay in the second-level cache.
const SCRATCH: usize = 64 * 1024;

/// A read of at least this much under TLS, a full record (RFC 8446 section 5.1), means a sender
/// who is fast.
const FULL_RECORD: usize = 16 * 1024;

/// Turns of the runtime that are let pass after one, some eight microseconds in all, so that the
/// next read finds several. Asleep at once, this process would be woken for every single record,
/// at the sender's cost: a GiB took a twentieth longer than curl's.
const TURNS_TO_GATHER: usize = 16;

/// What happened on the connection.
#[derive(Debug)]
pub enum Event<'b> {
    /// A 1xx answer, and its bytes as they came.
    Interim(Head, &'b [u8]),
    /// The final head, and its bytes as they came.
    Head(Head, &'b [u8]),
    /// Content, framing undone, codings not.
    Data(&'b [u8]),
    /// A deviation that was tolerated.
    Defect(Defect),
    /// A piece of the request's content is on its way, framed.
    Sent(&'b [u8]),
    /// The exchange is over; its trailers.
    End(Headers),
}

/// An exchange on its way over a connection.
pub struct Transfer {
    conn: Conn,
    exchange: Exchange,
    supply: Supply,
    handed: u64,
    out: Vec<u8>,
    written: usize,
    listens_first: bool,
    /// A piece of the content was framed, and nobody was told.
    untold: bool,
    unflushed: bool,
    send_error: Option<io::Error>,
    buffer: Vec<u8>,
    unread: std::ops::Range<usize>,
    end: Option<StreamEnd>,
    deadlines: Deadlines,
    sending: Pace,
    receiving: Pace,
    slowness: Slowness,
    /// Bytes that went or came.
    moved: u64,
    /// Bytes read at a time before there is content.
    first_room: usize,
    sent: Option<Tick>,
    first_byte: Option<Tick>,
    in_body: bool,
}

/// How the peer ended the stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StreamEnd {
    /// Properly: FIN, or `close_notify` under TLS.
    Clean,
    /// TLS without `close_notify`.
    Cut,
}

/// What the socket or the clock did in one turn.
enum Turn {
    Wrote(io::Result<usize>),
    Flushed(io::Result<()>),
    Supplied(io::Result<()>),
    Read(io::Result<usize>),
    TimeIsUp,
}

/// Which parts of a step borrow from the buffer, as places in it.
enum Taken {
    Interim(Head),
    Head(Head),
    Data,
    Defect(Defect),
    Sent,
    End(Headers),
}

impl Transfer {
    /// Puts `exchange` on `conn`: the encoded `head` it wrote, then the request's `content`.
    /// Nothing is sent before [`next`](Self::next).
    pub fn new(
        conn: Conn,
        exchange: Exchange,
        head: Vec<u8>,
        content: Content,
        deadlines: Deadlines,
        speeds: Speeds,
    ) -> Transfer {
        Transfer {
            conn,
            exchange,
            supply: Supply::of(content),
            handed: 0,
            out: head,
            written: 0,
            listens_first: false,
            untold: false,
            unflushed: true,
            send_error: None,
            buffer: vec![0; SCRATCH],
            unread: 0..0,
            end: None,
            deadlines,
            sending: Pace::new(speeds.most),
            receiving: Pace::new(speeds.most),
            slowness: Slowness::new(speeds.least),
            moved: 0,
            first_room: first_room(speeds.most),
            sent: None,
            first_byte: None,
            in_body: false,
        }
    }

    /// The next event. After [`Event::End`] or an error there is nothing more to ask for.
    ///
    /// # Errors
    /// [`Error::Content`], [`Error::Send`], [`Error::Receive`], [`Error::TlsCut`],
    /// [`Error::Exchange`], [`Error::Timeout`].
    pub async fn next(&mut self) -> Result<Event<'_>, Error> {
        let (from, taken) = self.advance().await?;
        let bytes = &self.buffer[from..self.unread.start];
        Ok(match taken {
            Taken::Interim(head) => Event::Interim(head, bytes),
            Taken::Head(head) => Event::Head(head, bytes),
            Taken::Data => Event::Data(bytes),
            Taken::Defect(defect) => Event::Defect(defect),
            Taken::Sent => Event::Sent(&self.out),
            Taken::End(trailers) => Event::End(trailers),
        })
    }

    /// When the last byte of the request was handed over.
    pub fn sent(&self) -> Option<Tick> {
        self.sent
    }

    /// When the first byte of an answer came.
    pub fn first_byte(&self) -> Option<Tick> {
        self.first_byte
    }

    /// After an error inside a head: as much of it as can be shown.
    pub fn broken_head(&self) -> &[u8] {
        let came = &self.buffer[self.unread.clone()];
        if self.in_body { &[] } else { &came[..h1::head::sound_part(came)] }
    }

    /// Whether the connection may live on, as far as the heads have decided.
    pub fn prospect(&self) -> Fate {
        self.exchange.prospect()
    }

    /// Bytes of the request's content that were handed to the connection.
    pub fn uploaded(&self) -> u64 {
        self.handed
    }

    /// How the end of the content is known, once there was a final head.
    pub fn framing(&self) -> Option<Framing> {
        self.exchange.framing()
    }

    /// What was established when the connection was made.
    pub fn conn(&self) -> &Conn {
        &self.conn
    }

    /// The connection, if it may carry another exchange: its fate allows it, everything was
    /// sent, and no byte is left that the answer did not account for.
    pub fn finish(mut self) -> Option<Conn> {
        let leftover = !self.unread.is_empty() || self.written < self.out.len();
        if self.exchange.fate() != Fate::Reuse || leftover || self.end.is_some() {
            return None;
        }
        self.conn.exchanges += 1;
        Some(self.conn)
    }

    /// The connection of an exchange that opened a tunnel, if nothing else has come through it.
    pub(super) fn into_silent_conn(self) -> Option<Conn> {
        let silent = self.unread.is_empty() && self.end.is_none();
        // What the proxy speaks is not what is spoken through it.
        silent.then_some(Conn { spoken: None, ..self.conn })
    }

    /// Turns until the exchange has something to say; returns where its bytes begin.
    async fn advance(&mut self) -> Result<(usize, Taken), Error> {
        loop {
            let from = self.unread.start;
            let offered = &self.buffer[self.unread.clone()];
            let (took, step) = match self.exchange.read(offered, self.end.is_some()) {
                Ok(read) => read,
                Err(error) => return Err(self.cut(error)),
            };
            let taken = match step {
                Step::NeedMore => None,
                Step::Interim(head) => Some(Taken::Interim(head)),
                Step::Head(head) => Some(Taken::Head(head)),
                Step::Data(data) => {
                    // What precedes the data is its framing: taken, and of no interest.
                    let end = from + took;
                    self.unread.start = end;
                    return Ok((end - data.len(), Taken::Data));
                }
                Step::Defect(defect) => Some(Taken::Defect(defect)),
                Step::End(trailers) => Some(Taken::End(trailers)),
            };
            self.unread.start += took;
            match taken {
                Some(Taken::End(_)) if self.is_cut_at_the_end() => return Err(Error::TlsCut),
                Some(Taken::End(trailers)) => {
                    self.finish_upload().await?;
                    return Ok((self.unread.start, Taken::End(trailers)));
                }
                Some(taken) => {
                    if let Taken::Head(head) = &taken {
                        self.in_body = true;
                        // What came along with the head is content by now.
                        self.receiving.spend(self.unread.len());
                        self.conn.spoken = Some(head.version);
                    }
                    return Ok((from, taken));
                }
                None => {
                    self.turn().await?;
                    if std::mem::take(&mut self.untold) {
                        return Ok((self.unread.start, Taken::Sent));
                    }
                }
            }
        }
    }

    /// A server that has answered well may still be reading: it gets the rest.
    async fn finish_upload(&mut self) -> Result<(), Error> {
        let unsent = |this: &Transfer| {
            this.exchange.upload() == Upload::Open
                || this.written < this.out.len()
                || this.unflushed
        };
        while self.exchange.upload() != Upload::Abandoned && unsent(self) {
            self.turn().await?;
            if let Some(source) = self.send_error.take() {
                return Err(Error::Send(source));
            }
        }
        Ok(())
    }

    fn is_cut_at_the_end(&self) -> bool {
        let until_close = self.exchange.fate() == Fate::Close(h1::Why::UntilClose);
        until_close && self.end == Some(StreamEnd::Cut)
    }

    /// An exchange that broke off because the request could not be sent is a failure to send.
    fn cut(&mut self, error: h1::Error) -> Error {
        match (error, self.send_error.take()) {
            (h1::Error::Empty, Some(source)) => Error::Send(source),
            _ => Error::Exchange(error),
        }
    }

    /// One turn: whatever comes first of bytes out, bytes in, and the time.
    async fn turn(&mut self) -> Result<(), Error> {
        let now = clock::tick();
        self.exchange.on_time(now);
        if let Some(least) = self.slowness.look(now, self.moved) {
            return Err(Error::TooSlow(least));
        }
        let open = self.exchange.upload() == Upload::Open;
        let sends_at = self.fill_out(now);
        if self.written == self.out.len() && self.exchange.upload() == Upload::Done {
            self.sent.get_or_insert(now);
        }
        if open && self.exchange.upload() == Upload::Done && self.out.is_empty() {
            // The content ended with nothing left to send: there may be nothing to wait for either.
            return Ok(());
        }
        self.make_room();
        let wake = match self.exchange.upload() {
            Upload::Held(at) => Some(at),
            _ => None,
        };
        let total = self.deadlines.total_at();
        if total.is_some_and(|at| now >= at) {
            return Err(self.missed());
        }
        let (room, receives_at) = match self.receiving.allows(now) {
            // Heads are not content: they are only read in no larger pieces.
            _ if !self.in_body => (self.first_room, None),
            Allowed::Now(bytes) => (bytes, None),
            Allowed::At(at) => (0, Some(at)),
        };
        let times = [wake, total, sends_at, receives_at, self.slowness.next()];
        let first = times.into_iter().flatten().min();
        let mut timer = first.map(|at| Box::pin(tokio::time::sleep(at - now)));
        let timer = timer.as_mut().map(|timer| timer.as_mut());
        match self.wait(timer, room, sends_at.is_none()).await {
            Turn::Wrote(Ok(wrote)) => {
                self.moved += wrote as u64;
                self.written += wrote;
                self.unflushed = true;
            }
            Turn::Flushed(Ok(())) => self.unflushed = false,
            // It is framed when the next turn begins. What was announced is not finished where
            // it cannot be read: the connection goes, and the peer sees that it was cut.
            Turn::Supplied(supplied) => supplied.map_err(Error::Content)?,
            // The peer may have answered before it stopped listening: read on.
            Turn::Wrote(Err(error)) | Turn::Flushed(Err(error)) => self.send_error = Some(error),
            Turn::Read(Ok(0)) => self.end = Some(StreamEnd::Clean),
            Turn::Read(Ok(read)) => {
                self.first_byte.get_or_insert_with(clock::tick);
                self.unread.end += read;
                self.moved += read as u64;
                if self.in_body {
                    self.receiving.spend(read);
                }
                if read >= FULL_RECORD && self.conn.established.tls.is_some() {
                    for _ in 0..TURNS_TO_GATHER {
                        tokio::task::yield_now().await;
                    }
                }
            }
            Turn::Read(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.end = Some(StreamEnd::Cut);
            }
            Turn::Read(Err(error)) => {
                return Err(match self.send_error.take() {
                    Some(source) if !self.in_body => Error::Send(source),
                    _ => Error::Receive(error),
                });
            }
            // The deadline is looked at when the next turn begins.
            Turn::TimeIsUp => {}
        }
        Ok(())
    }

    /// Waits for whatever comes first. At most `room` bytes are read, and content is asked for
    /// only where it may be sent.
    async fn wait(
        &mut self,
        mut timer: Option<Pin<&mut Sleep>>,
        room: usize,
        may_send: bool,
    ) -> Turn {
        let stream = &mut self.conn.stream;
        let to_write = if self.send_error.is_none() { &self.out[self.written..] } else { &[] };
        let to_flush = self.unflushed && self.send_error.is_none();
        let to_supply =
            may_send && self.send_error.is_none() && self.exchange.upload() == Upload::Open;
        let listens_first = std::mem::take(&mut self.listens_first);
        let supply = &mut self.supply;
        let until = self.unread.end.saturating_add(room).min(self.buffer.len());
        let room = &mut self.buffer[self.unread.end..until];
        let to_read = self.end.is_none() && !room.is_empty();
        poll_fn(|cx| {
            if listens_first
                && to_read
                && let Poll::Ready(read) = read_what_is_here(stream, cx, room)
            {
                return Poll::Ready(Turn::Read(read));
            }
            if !to_write.is_empty() {
                if let Poll::Ready(wrote) = Pin::new(&mut *stream).poll_write(cx, to_write) {
                    return Poll::Ready(Turn::Wrote(wrote));
                }
            } else if to_flush && let Poll::Ready(flushed) = Pin::new(&mut *stream).poll_flush(cx) {
                return Poll::Ready(Turn::Flushed(flushed));
            } else if to_supply && let Poll::Ready(supplied) = supply.poll_ready(cx) {
                return Poll::Ready(Turn::Supplied(supplied));
            }
            if to_read && let Poll::Ready(read) = read_what_is_here(stream, cx, room) {
                return Poll::Ready(Turn::Read(read));
            }
            match timer.as_mut().map(|timer| timer.as_mut().poll(cx)) {
                Some(Poll::Ready(())) => Poll::Ready(Turn::TimeIsUp),
                _ => Poll::Pending,
            }
        })
        .await
    }

    /// Frames the next piece of the content, once the last one has gone, or says when it may.
    fn fill_out(&mut self, now: Tick) -> Option<Tick> {
        if self.written < self.out.len() || self.send_error.is_some() {
            return None;
        }
        self.out.clear();
        self.written = 0;
        if self.exchange.upload() != Upload::Open {
            return None;
        }
        let most = match self.sending.allows(now) {
            Allowed::Now(most) => most,
            Allowed::At(at) => return Some(at),
        };
        if let Some((piece, end)) = self.supply.take(most) {
            self.sending.spend(piece.len());
            self.exchange.send(piece, end, &mut self.out);
            self.handed += piece.len() as u64;
            self.untold = !piece.is_empty();
            self.listens_first = true;
        }
        None
    }

    /// Makes room to read into: forgets what was taken, moves the rest to the front, and grows
    /// only where one head fills everything (the exchange has a limit for those).
    fn make_room(&mut self) {
        if self.unread.is_empty() {
            self.unread = 0..0;
        } else if self.unread.end == self.buffer.len() {
            self.buffer.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
            if self.unread.end == self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
    }

    fn missed(&self) -> Error {
        let phase = match (self.in_body, self.exchange.upload()) {
            (true, _) => Phase::Body,
            (false, Upload::Done) if self.written == self.out.len() => Phase::Head,
            (false, _) => Phase::Send,
        };
        self.deadlines.missed(phase, self.deadlines.began)
    }
}

/// Bytes read at a time before the content: under a limit no more than a second's, or what is
/// received with the head would break it. Less than a kilobyte is no read.
fn first_room(rate: Option<u64>) -> usize {
    const LEAST: usize = 1024;
    let rate = rate.filter(|rate| *rate > 0).map(|rate| usize::try_from(rate).unwrap_or(SCRATCH));
    rate.map_or(usize::MAX, |rate| rate.max(LEAST))
}

/// Reads once, and on while TLS holds records that cost no system call: a record is 16 KiB, and
/// whoever takes the content is better served with more.
fn read_what_is_here(
    stream: &mut Stream,
    cx: &mut Context<'_>,
    room: &mut [u8],
) -> Poll<io::Result<usize>> {
    let mut room = ReadBuf::new(room);
    loop {
        let before = room.filled().len();
        match Pin::new(&mut *stream).poll_read(cx, &mut room) {
            Poll::Ready(Ok(())) => {}
            // What came is handed on; the rest is met again at the next read.
            _ if before > 0 => return Poll::Ready(Ok(before)),
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => return Poll::Pending,
        }
        let read = room.filled().len();
        if read == before || room.remaining() == 0 || !stream.holds_more() {
            return Poll::Ready(Ok(read));
        }
    }
}
