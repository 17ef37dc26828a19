//! The exchange itself: bytes in, steps out.

use super::chunked::{Chunked, Piece};
use super::{Defect, Error, Fate, Framing, Target, Why, fate, framing, head, request};
use crate::base::{Content, Head, Headers, Method, Request, Tick};
use std::collections::VecDeque;
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
}

impl Default for Limits {
    /// curl's numbers: 300 KiB, 5,000 lines, 100 KiB for one of them, and one second. Servers that send more want to
    /// fill memory (CVE-2023-38039); RFC 9110 section 10.1.1 asks not to wait for ever.
    fn default() -> Limits {
        Limits {
            head_bytes: 300 * 1024,
            head_lines: 5000,
            line_bytes: 100 * 1024,
            expect_timeout: Duration::from_secs(1),
        }
    }
}

/// What [`Exchange::read`] saw.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'i> {
    /// Nothing yet: offer the same bytes again with more behind them.
    NeedMore,
    /// A 1xx head; the final one is still to come.
    Interim(Head),
    /// The final head.
    Head(Head),
    /// Content, with its framing undone and its codings not.
    Data(&'i [u8]),
    /// A deviation that was tolerated; it stands before the step it was seen in.
    Defect(Defect),
    /// The exchange is over; the trailers, usually none.
    End(Headers),
}

/// What may be done with the request's content now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    /// Wait: `Expect: 100-continue` was sent. Ask again at this time, or after a step.
    Held(Tick),
    /// Send it.
    Open,
    /// All of it has been handed over, or there was none.
    Done,
    /// A final answer came first; the rest is not sent.
    Abandoned,
}

/// One request and its answer.
#[derive(Debug)]
pub struct Exchange {
    method: Method,
    sent: Headers,
    encoded: Vec<u8>,
    limits: Limits,
    upload: Waiting,
    chunked_upload: bool,
    state: State,
    spent: Spent,
    noted: VecDeque<Defect>,
    bare_lf_noted: bool,
    fate: Fate,
}

/// Where the reading is.
#[derive(Debug)]
enum State {
    /// Before or in a head; bytes before this were searched for its end already.
    Head {
        searched: usize,
    },
    /// A final head of so many bytes was parsed; its defects are handed out first.
    Final(Box<Head>, usize, Framing),
    /// An interim head was parsed; likewise.
    Interim(Box<Head>, usize),
    /// This much content is left.
    Length(u64),
    Chunked(Chunked),
    Trailers {
        searched: usize,
    },
    UntilClose,
    Ended,
}

#[derive(Debug)]
enum Waiting {
    NotAsked,
    For100,
    Until(Tick),
    Open,
    Done,
    Abandoned,
}

/// The budget for everything header-like, spent so far.
#[derive(Debug, Default)]
struct Spent {
    bytes: usize,
    lines: usize,
}

impl Exchange {
    /// Begins an exchange. The request's fields are complete: nothing is added here.
    ///
    /// # Errors
    /// [`Error::UnsafeRequest`] where a byte would end a line early.
    pub fn new(request: &Request, target: &Target, limits: Limits) -> Result<Exchange, Error> {
        let mut encoded = Vec::with_capacity(512);
        request::encode(request, target, &mut encoded)?;
        let says = |name, word: &[u8]| {
            request.headers.members(name).any(|member| member.eq_ignore_ascii_case(word))
        };
        let chunked_upload = says("Transfer-Encoding", b"chunked");
        let nothing = match &request.content {
            Content::None => true,
            // Even no content has a last chunk.
            Content::Bytes(bytes) => bytes.is_empty() && !chunked_upload,
        };
        let upload = match () {
            () if nothing => Waiting::Done,
            () if says("Expect", b"100-continue") => Waiting::NotAsked,
            () => Waiting::Open,
        };
        Ok(Exchange {
            method: request.method.clone(),
            sent: request.headers.clone(),
            encoded,
            limits,
            upload,
            chunked_upload,
            state: State::Head { searched: 0 },
            spent: Spent::default(),
            noted: VecDeque::new(),
            bare_lf_noted: false,
            fate: Fate::Close(Why::Unfinished),
        })
    }

    /// Appends the request's head to `out`; the first call only.
    pub fn write(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.encoded);
        if matches!(self.upload, Waiting::NotAsked) {
            self.upload = Waiting::For100;
        }
    }

    /// What may be done with the content at this time.
    pub fn upload(&self) -> Upload {
        match self.upload {
            Waiting::NotAsked | Waiting::For100 => Upload::Held(Tick(0)),
            Waiting::Until(at) => Upload::Held(at),
            Waiting::Open => Upload::Open,
            Waiting::Done => Upload::Done,
            Waiting::Abandoned => Upload::Abandoned,
        }
    }

    /// Tells the time. The wait for 100 begins at the first call after the head was written.
    pub fn on_time(&mut self, now: Tick) {
        match self.upload {
            Waiting::For100 => self.upload = Waiting::Until(now + self.limits.expect_timeout),
            Waiting::Until(at) if now >= at => self.upload = Waiting::Open,
            _ => {}
        }
    }

    /// Appends a piece of the content, framed as the request's fields say, to `out`.
    pub fn send(&mut self, content: &[u8], end: bool, out: &mut Vec<u8>) {
        if self.chunked_upload {
            if !content.is_empty() {
                out.extend_from_slice(format!("{:x}\r\n", content.len()).as_bytes());
                out.extend_from_slice(content);
                out.extend_from_slice(b"\r\n");
            }
            if end {
                out.extend_from_slice(b"0\r\n\r\n");
            }
        } else {
            out.extend_from_slice(content);
        }
        if end {
            self.upload = Waiting::Done;
        }
    }

    /// Takes what it can from `input`, every byte not taken before; `eof` says that no more
    /// will follow. Returns how many bytes were taken, and what they were. A head is taken
    /// whole, with its own step: those bytes are the head as it came.
    ///
    /// # Errors
    /// The answer is malformed, over its limits, or cut. The exchange is over then, and the
    /// content handed out so far is all there is.
    pub fn read<'i>(&mut self, input: &'i [u8], eof: bool) -> Result<(usize, Step<'i>), Error> {
        let read = self.step(input, eof);
        if read.is_err() {
            self.fate = Fate::Close(Why::Unfinished);
        }
        read
    }

    fn step<'i>(&mut self, input: &'i [u8], eof: bool) -> Result<(usize, Step<'i>), Error> {
        if let Some(defect) = self.noted.pop_front() {
            return Ok((0, Step::Defect(defect)));
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Head { searched } => self.read_head(input, searched, eof),
            State::Interim(head, length) => {
                self.state = State::Head { searched: 0 };
                Ok((length, Step::Interim(*head)))
            }
            State::Final(head, length, framing) => {
                self.state = match framing {
                    Framing::None => State::Length(0),
                    Framing::Length(length) => State::Length(length),
                    Framing::Chunked => State::Chunked(Chunked::START),
                    Framing::UntilClose => State::UntilClose,
                };
                Ok((length, Step::Head(*head)))
            }
            State::Length(0) => Ok((0, self.end(Headers::new()))),
            State::Length(left) => self.read_length(input, left, eof),
            State::Chunked(chunked) => self.read_chunked(input, chunked, eof),
            State::Trailers { searched } => self.read_trailers(input, searched, eof),
            State::UntilClose if !input.is_empty() => {
                self.state = State::UntilClose;
                Ok((input.len(), Step::Data(input)))
            }
            State::UntilClose if eof => Ok((0, self.end(Headers::new()))),
            State::UntilClose => {
                self.state = State::UntilClose;
                Ok((0, Step::NeedMore))
            }
            State::Ended => Ok((0, Step::End(Headers::new()))),
        }
    }

    /// Whether the connection may carry another exchange; [`Why::Unfinished`] before the end.
    pub fn fate(&self) -> Fate {
        match (&self.state, &self.upload) {
            (State::Ended, Waiting::Done) => self.fate,
            (State::Ended, _) => Fate::Close(Why::RequestUnsent),
            _ => Fate::Close(Why::Unfinished),
        }
    }

    /// The fate as far as it is decided, before the content is over.
    pub fn prospect(&self) -> Fate {
        match self.upload {
            Waiting::Abandoned => Fate::Close(Why::RequestUnsent),
            _ => self.fate,
        }
    }

    fn read_head<'i>(
        &mut self,
        input: &'i [u8],
        searched: usize,
        eof: bool,
    ) -> Result<(usize, Step<'i>), Error> {
        let begins = input.len().min(5);
        if input[..begins] != b"HTTP/"[..begins] {
            // Behind an interim answer there is no doubt about the protocol.
            return Err(if self.spent.lines == 0 {
                Error::NotHttp
            } else {
                Error::Head("status line")
            });
        }
        let Some(end) = head::end_of_head(input, searched) else {
            self.check_room(input.len())?;
            if eof {
                return Err(if input.is_empty() { Error::Empty } else { Error::HeadCut });
            }
            // An empty line is at most three bytes after its LF.
            self.state = State::Head { searched: input.len().saturating_sub(3) };
            return Ok((0, Step::NeedMore));
        };
        self.spend(&input[..end])?;
        let mut defects = Vec::new();
        let head = head::parse_answer(&input[..end], &mut defects)?;
        self.noted.extend(defects);
        if head.is_interim() {
            if head.status == 101 {
                return Err(Error::UnaskedUpgrade);
            }
            if head.status == 100 && matches!(self.upload, Waiting::For100 | Waiting::Until(_)) {
                self.upload = Waiting::Open;
            }
            self.state = State::Interim(Box::new(head), end);
        } else {
            let (framing, defect) = framing::of(&self.method, &self.sent, &head)?;
            self.noted.extend(defect);
            self.fate = fate::decide(&self.sent, &head, framing);
            self.settle_upload(head.status);
            self.state = State::Final(Box::new(head), end, framing);
        }
        self.step(input, eof)
    }

    /// A refusal that comes before the content has gone ends the upload; another final answer
    /// opens it, because the peer has said all it will say.
    fn settle_upload(&mut self, status: u16) {
        if !matches!(self.upload, Waiting::Done) {
            self.upload = if status >= 300 { Waiting::Abandoned } else { Waiting::Open };
        }
    }

    fn read_length<'i>(
        &mut self,
        input: &'i [u8],
        left: u64,
        eof: bool,
    ) -> Result<(usize, Step<'i>), Error> {
        if input.is_empty() {
            if eof {
                return Err(Error::ContentCut(Some(left)));
            }
            self.state = State::Length(left);
            return Ok((0, Step::NeedMore));
        }
        let take = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
        self.state = State::Length(left - take as u64);
        Ok((take, Step::Data(&input[..take])))
    }

    fn read_chunked<'i>(
        &mut self,
        input: &'i [u8],
        mut chunked: Chunked,
        eof: bool,
    ) -> Result<(usize, Step<'i>), Error> {
        let (took, extension, piece) = chunked.step(input)?;
        self.check_room(extension)?;
        self.spent.bytes += extension;
        self.state = State::Chunked(chunked);
        match piece {
            Piece::Data(data) => Ok((took, Step::Data(data))),
            Piece::BareLf if !self.bare_lf_noted => {
                self.bare_lf_noted = true;
                Ok((took, Step::Defect(Defect::BareLf)))
            }
            Piece::BareLf => {
                let (more, step) = self.step(&input[took..], eof)?;
                Ok((took + more, step))
            }
            Piece::Trailers => {
                let (more, step) = self.read_trailers(&input[took..], 0, eof)?;
                Ok((took + more, step))
            }
            Piece::More if eof => Err(Error::ContentCut(None)),
            Piece::More => Ok((took, Step::NeedMore)),
        }
    }

    fn read_trailers<'i>(
        &mut self,
        input: &'i [u8],
        searched: usize,
        eof: bool,
    ) -> Result<(usize, Step<'i>), Error> {
        let end = match input {
            [b'\n', ..] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            _ => head::end_of_head(input, searched),
        };
        let Some(end) = end else {
            self.check_room(input.len())?;
            if eof {
                return Err(Error::ContentCut(None));
            }
            self.state = State::Trailers { searched: input.len().saturating_sub(3) };
            return Ok((0, Step::NeedMore));
        };
        self.spend(&input[..end])?;
        let trailers = head::parse_trailers(&input[..end])?;
        Ok((end, self.end(trailers)))
    }

    fn end(&mut self, trailers: Headers) -> Step<'static> {
        self.state = State::Ended;
        Step::End(trailers)
    }

    /// Counts a complete head or trailer section against the budget.
    fn spend(&mut self, section: &[u8]) -> Result<(), Error> {
        self.check_room(section.len())?;
        self.spent.bytes += section.len();
        let mut lines = 0;
        let longest = section.split(|&b| b == b'\n').inspect(|_| lines += 1).map(<[u8]>::len).max();
        self.spent.lines += lines;
        let fits = self.spent.lines <= self.limits.head_lines
            && longest.is_none_or(|longest| longest <= self.limits.line_bytes);
        if fits { Ok(()) } else { Err(Error::HeadTooLarge) }
    }

    fn check_room(&self, bytes: usize) -> Result<(), Error> {
        let fits = self.spent.bytes.saturating_add(bytes) <= self.limits.head_bytes;
        if fits { Ok(()) } else { Err(Error::HeadTooLarge) }
    }
}
