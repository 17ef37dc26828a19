//! Plays an answer on the socket: head, content, end (RFC 9112 sections 4 to 7).

use super::answer::{Answer, Framing, Step};
use super::door::Visitor;
use super::status;
use crate::base::{Headers, Version};
use std::io::{self, BufWriter, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

/// Bytes gathered for one write.
const BUFFER: usize = 64 * 1024;

/// What the request has to say about how it is answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// What the client speaks: HTTP/1.0 knows neither chunks nor interim answers.
    pub(super) version: Version,
    /// HEAD: the content is left out, and nothing else.
    pub(super) head_only: bool,
    /// Whether the client would like to go on.
    pub(super) keep: bool,
}

/// How it went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    /// Bytes of content.
    pub(super) bytes: u64,
    /// Whether the connection may carry another answer.
    pub(super) keep: bool,
}

/// Sends an answer.
pub(super) fn send(
    stream: &TcpStream,
    mut answer: Answer,
    manner: Manner,
    visitor: &Visitor<'_>,
    now: SystemTime,
) -> Sent {
    if manner.version == Version::Http10 && matches!(answer.framing, Framing::Chunked(_)) {
        answer.framing = Framing::UntilClose;
    }
    let keep = manner.keep && answer.framing != Framing::UntilClose;
    let out = BufWriter::with_capacity(BUFFER, stream);
    let mut player = Player { out, visitor, framing: answer.framing, bytes: 0, first: true };
    let played = player.play(&answer, Manner { keep, ..manner }, now);
    let Player { bytes, out, .. } = player;
    // What could not be sent is not sent again when the buffer is dropped.
    drop(out.into_parts());
    // A failed send means that the client is gone: nothing that anybody has to be told.
    let complete = manner.head_only
        || answer.is_bare()
        || match answer.framing {
            Framing::Length(length) => bytes == length,
            Framing::Chunked(_) | Framing::UntilClose => true,
        };
    Sent { bytes, keep: keep && played.is_ok() && complete }
}

struct Player<'s> {
    out: BufWriter<&'s TcpStream>,
    visitor: &'s Visitor<'s>,
    framing: Framing,
    bytes: u64,
    first: bool,
}

impl Player<'_> {
    fn play(&mut self, answer: &Answer, manner: Manner, now: SystemTime) -> io::Result<()> {
        self.pause(answer.delay)?;
        if let (Some((status, fields)), Version::Http11) = (&answer.interim, manner.version) {
            self.status_line(*status)?;
            self.fields(fields)?;
            self.out.write_all(b"\r\n")?;
            self.out.flush()?;
        }
        self.head(answer, manner, now)?;
        if !manner.head_only && !answer.is_bare() {
            for step in &answer.script {
                self.step(step)?;
            }
            if let Framing::Chunked(_) = self.framing {
                self.out.write_all(b"0\r\n")?;
                self.fields(&answer.trailers)?;
                self.out.write_all(b"\r\n")?;
            }
        }
        // send(2): the buffer goes to the kernel, which cuts it into packets as it likes.
        self.out.flush()
    }

    fn head(&mut self, answer: &Answer, manner: Manner, now: SystemTime) -> io::Result<()> {
        self.status_line(answer.status)?;
        write!(self.out, "Date: {}\r\n", httpdate::fmt_http_date(now))?;
        write!(self.out, "Server: cruller-practice\r\n")?;
        self.fields(&answer.headers)?;
        match answer.framing {
            _ if answer.is_bare() => {}
            Framing::Length(length) => write!(self.out, "Content-Length: {length}\r\n")?,
            Framing::Chunked(_) => {
                for field in answer.trailers.iter() {
                    write!(self.out, "Trailer: {}\r\n", field.name)?;
                }
                write!(self.out, "Transfer-Encoding: chunked\r\n")?;
            }
            Framing::UntilClose => {}
        }
        match (manner.keep, manner.version) {
            (false, _) => write!(self.out, "Connection: close\r\n")?,
            (true, Version::Http10) => write!(self.out, "Connection: keep-alive\r\n")?,
            (true, Version::Http11) => {}
        }
        self.out.write_all(b"\r\n")
    }

    fn status_line(&mut self, status: u16) -> io::Result<()> {
        write!(self.out, "HTTP/1.1 {status} {}\r\n", status::reason(status))
    }

    fn fields(&mut self, fields: &Headers) -> io::Result<()> {
        for field in fields.iter() {
            self.out.write_all(field.name.as_bytes())?;
            self.out.write_all(b": ")?;
            self.out.write_all(field.value)?;
            self.out.write_all(b"\r\n")?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Bytes(bytes) => self.piece(bytes),
            Step::Pause(span) => self.pause(*span),
            Step::Pattern(length) => {
                let mut left = *length;
                while left > 0 {
                    let size = usize::try_from(left).unwrap_or(usize::MAX).min(BLOCK.len());
                    self.piece(BLOCK.get(..size).unwrap_or_default())?;
                    left -= size as u64;
                }
                Ok(())
            }
        }
    }

    /// Sends content as one chunk, or as it is. An empty chunk would be the last one.
    fn piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.framing {
            Framing::Chunked(extension) if !bytes.is_empty() => {
                let extension = if self.first { extension } else { "" };
                self.first = false;
                write!(self.out, "{:x}{extension}\r\n", bytes.len())?;
                self.out.write_all(bytes)?;
                self.out.write_all(b"\r\n")?;
                self.out.flush()?;
            }
            _ => self.out.write_all(bytes)?,
        }
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn pause(&mut self, span: Duration) -> io::Result<()> {
        self.out.flush()?;
        if span.is_zero() { Ok(()) } else { self.visitor.pause(span) }
    }
}

/// The pattern of `/bytes/N`, as often as it fits into about 64 KiB. Made when it is asked for: a
/// constant would be part of every copy of the program.
static BLOCK: LazyLock<Box<[u8]>> = LazyLock::new(|| (0..=250).cycle().take(251 * 256).collect());
