//! The request's content on its way, and the wait for `100 Continue` (RFC 9110 section 10.1.1).

use crate::base::{Request, Tick};
use std::time::Duration;

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

/// The upload of one exchange.
#[derive(Debug)]
pub(super) struct Uploading {
    state: State,
    chunked: bool,
}

#[derive(Debug)]
enum State {
    /// The head, which asks for a 100, has not been written.
    Unasked,
    /// It has; the wait begins when the time is told.
    Asked,
    Until(Tick),
    Open,
    Done,
    Abandoned,
}

impl Uploading {
    pub(super) fn of(request: &Request) -> Uploading {
        let says = |name, word: &[u8]| {
            request.headers.members(name).any(|member| member.eq_ignore_ascii_case(word))
        };
        let chunked = says("Transfer-Encoding", b"chunked");
        // Even content without a byte has a last chunk.
        let content = &request.content;
        let nothing = content.is_none() || (content.length() == Some(0) && !chunked);
        let state = match nothing {
            true => State::Done,
            false if says("Expect", b"100-continue") => State::Unasked,
            false => State::Open,
        };
        Uploading { state, chunked }
    }

    /// What may be done now.
    pub(super) fn now(&self) -> Upload {
        match self.state {
            State::Unasked | State::Asked => Upload::Held(Tick(0)),
            State::Until(at) => Upload::Held(at),
            State::Open => Upload::Open,
            State::Done => Upload::Done,
            State::Abandoned => Upload::Abandoned,
        }
    }

    /// The head has been written.
    pub(super) fn head_written(&mut self) {
        if matches!(self.state, State::Unasked) {
            self.state = State::Asked;
        }
    }

    /// The wait is over after `patience`.
    pub(super) fn on_time(&mut self, now: Tick, patience: Duration) {
        match self.state {
            State::Asked => self.state = State::Until(now + patience),
            State::Until(at) if now >= at => self.state = State::Open,
            _ => {}
        }
    }

    /// 100 came.
    pub(super) fn on_continue(&mut self) {
        if matches!(self.state, State::Asked | State::Until(_)) {
            self.state = State::Open;
        }
    }

    /// A final answer came. A refusal ends the upload; any other opens it, because the peer has
    /// said all it will say.
    pub(super) fn on_final(&mut self, status: u16) {
        if !matches!(self.state, State::Done) {
            self.state = if status >= 300 { State::Abandoned } else { State::Open };
        }
    }

    /// Appends a piece, framed, to `out`.
    pub(super) fn frame(&mut self, content: &[u8], end: bool, out: &mut Vec<u8>) {
        if self.chunked && !content.is_empty() {
            out.extend_from_slice(format!("{:x}\r\n", content.len()).as_bytes());
        }
        out.extend_from_slice(content);
        if self.chunked && !content.is_empty() {
            out.extend_from_slice(b"\r\n");
        }
        if self.chunked && end {
            out.extend_from_slice(b"0\r\n\r\n");
        }
        if end {
            self.state = State::Done;
        }
    }
}
