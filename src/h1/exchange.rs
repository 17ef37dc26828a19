//! The exchange itself: bytes in, steps out.

use super::budget::{Budget, Limits};
use super::chunked::{Chunked, Piece};
use super::framing::Reading;
use super::upload::{Upload, Uploading};
use super::{Defect, Error, Fate, Framing, Target, Why, fate, framing, head, request};
use crate::base::{Head, Headers, Method, Request, Tick, Version};
use std::collections::VecDeque;

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

/// The status of an answer without a head.
const NO_STATUS: u16 = 0;

/// One request and its answer.
#[derive(Debug)]
pub struct Exchange {
    method: Method,
    sent: Headers,
    encoded: Vec<u8>,
    upload: Uploading,
    state: State,
    budget: Budget,
    noted: VecDeque<Defect>,
    bare_lf_noted: bool,
    /// How far the answer's head is believed; raw content is handed out in its framing.
    reading: Reading,
    fate: Fate,
    framing: Option<Framing>,
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

impl Exchange {
    /// Begins an exchange. The request's fields are complete: nothing is added here.
    ///
    /// # Errors
    /// [`Error::UnsafeRequest`] where a byte would end a line early.
    pub fn new(request: &Request, target: &Target, limits: Limits) -> Result<Exchange, Error> {
        let mut encoded = Vec::with_capacity(512);
        request::encode(request, target, &mut encoded)?;
        Ok(Exchange {
            method: request.method.clone(),
            sent: request.headers.clone(),
            encoded,
            upload: Uploading::of(request),
            state: State::Head { searched: 0 },
            budget: Budget::new(limits),
            noted: VecDeque::new(),
            bare_lf_noted: false,
            reading: Reading::default(),
            fate: Fate::Close(Why::Unfinished),
            framing: None,
        })
    }

    /// Appends the request's head to `out`; the first call only.
    pub fn write(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.encoded);
        self.upload.head_written();
    }

    /// What the answer says of its length means nothing: its content ends with the connection,
    /// unless it is chunked.
    pub fn ignore_length(&mut self) {
        self.reading.no_length = true;
    }

    /// Content is handed out as it comes, chunk sizes, trailers and all. Where it ends is known
    /// all the same.
    pub fn keep_framing(&mut self) {
        self.reading.raw = true;
    }

    /// What may be done with the content at this time.
    pub fn upload(&self) -> Upload {
        self.upload.now()
    }

    /// Tells the time. The wait for 100 begins at the first call after the head was written.
    pub fn on_time(&mut self, now: Tick) {
        self.upload.on_time(now, self.budget.limits().expect_timeout);
    }

    /// Appends a piece of the content, framed as the request's fields say, to `out`.
    pub fn send(&mut self, content: &[u8], end: bool, out: &mut Vec<u8>) {
        self.upload.frame(content, end, out);
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
        match (&self.state, self.upload()) {
            (State::Ended, Upload::Done) => self.fate,
            (State::Ended, _) => Fate::Close(Why::RequestUnsent),
            _ => Fate::Close(Why::Unfinished),
        }
    }

    /// How the end of the content is known, once the final head was read.
    pub fn framing(&self) -> Option<Framing> {
        self.framing
    }

    /// The fate as far as it is decided, before the content is over.
    pub fn prospect(&self) -> Fate {
        match self.upload() {
            Upload::Abandoned => Fate::Close(Why::RequestUnsent),
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
        let cut_short = eof && begins < 5 && !input.is_empty();
        let unlike = input[..begins] != b"HTTP/"[..begins];
        if (unlike || cut_short) && self.budget.limits().http09 && !self.budget.is_begun() {
            // Whoever asks for a head only has no use for an answer without one.
            return match self.method == Method::HEAD {
                true => Err(Error::Head("status line")),
                false => Ok(self.headless()),
            };
        }
        if unlike {
            // Behind an interim answer there is no doubt about the protocol.
            return Err(if !self.budget.is_begun() {
                Error::NotHttp
            } else {
                Error::Head("status line")
            });
        }
        let Some(end) = head::end_of_head(input, searched) else {
            self.budget.check_room(input.len())?;
            if eof {
                return Err(if input.is_empty() { Error::Empty } else { Error::HeadCut });
            }
            // An empty line is at most three bytes after its LF.
            self.state = State::Head { searched: input.len().saturating_sub(3) };
            return Ok((0, Step::NeedMore));
        };
        self.budget.spend(&input[..end])?;
        let mut defects = Vec::new();
        let head = head::parse_answer(&input[..end], &mut defects)?;
        self.noted.extend(defects);
        if head.is_interim() {
            if head.status == 101 {
                return Err(Error::UnaskedUpgrade);
            }
            if head.status == 100 {
                self.upload.on_continue();
            }
            self.state = State::Interim(Box::new(head), end);
        } else {
            let (framing, defect) = framing::of(&self.method, &self.sent, &head, self.reading)?;
            self.noted.extend(defect);
            self.fate = fate::decide(&self.sent, &head, framing);
            self.framing = Some(framing);
            self.upload.on_final(head.status);
            self.state = State::Final(Box::new(head), end, framing);
        }
        self.step(input, eof)
    }

    /// An answer without a head: everything is content (HTTP/0.9).
    fn headless<'i>(&mut self) -> (usize, Step<'i>) {
        self.fate = Fate::Close(Why::UntilClose);
        self.framing = Some(Framing::UntilClose);
        self.upload.on_final(NO_STATUS);
        self.state = State::UntilClose;
        let (version, reason, headers) = (Version::Http10, Vec::new(), Headers::new());
        (0, Step::Head(Head { status: NO_STATUS, version, reason, headers }))
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
        self.budget.spend_bytes(extension)?;
        self.state = State::Chunked(chunked);
        match piece {
            _ if self.reading.raw && took > 0 => Ok((took, Step::Data(&input[..took]))),
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
            self.budget.check_room(input.len())?;
            if eof {
                return Err(Error::ContentCut(None));
            }
            self.state = State::Trailers { searched: input.len().saturating_sub(3) };
            return Ok((0, Step::NeedMore));
        };
        self.budget.spend(&input[..end])?;
        let trailers = head::parse_trailers(&input[..end])?;
        if self.reading.raw {
            self.state = State::Length(0);
            return Ok((end, Step::Data(&input[..end])));
        }
        Ok((end, self.end(trailers)))
    }

    fn end(&mut self, trailers: Headers) -> Step<'static> {
        self.state = State::Ended;
        Step::End(trailers)
    }
}
