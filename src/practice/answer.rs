//! An answer as plain data: a status, fields, and a script of what to send and where to wait.

use crate::base::Headers;
use std::borrow::Cow;
use std::time::Duration;

/// One answer; `send` plays it.
#[derive(Debug)]
pub(super) struct Answer {
    /// The final status.
    pub(super) status: u16,
    /// The answer's own fields. Date, Server, Connection and framing are added where it is sent.
    pub(super) headers: Headers,
    /// How the client learns where the content ends.
    pub(super) framing: Framing,
    /// The content, step by step.
    pub(super) script: Vec<Step>,
    /// Fields behind the last chunk; only with [`Framing::Chunked`].
    pub(super) trailers: Headers,
    /// An interim answer before this one (RFC 9110 section 15.2).
    pub(super) interim: Option<(u16, Headers)>,
    /// How long to wait before the first byte.
    pub(super) delay: Duration,
}

/// How the end of the content is known (RFC 9112 section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes are announced. A script that sends fewer ends the connection.
    Length(u64),
    /// Chunk by chunk; the first one carries this extension.
    Chunked(&'static str),
    /// Until the connection closes.
    UntilClose,
}

/// One step of sending content.
#[derive(Debug)]
pub(super) enum Step {
    /// Sends these bytes, as one chunk if there are chunks.
    Bytes(Cow<'static, [u8]>),
    /// Sends so many bytes of 0, 1, 2, … 250, 0, 1, …
    Pattern(u64),
    /// Sends what is not sent yet, and waits.
    Pause(Duration),
}

impl Answer {
    /// An answer without content.
    pub(super) fn new(status: u16) -> Answer {
        Answer {
            status,
            headers: Headers::new(),
            framing: Framing::Length(0),
            script: Vec::new(),
            trailers: Headers::new(),
            interim: None,
            delay: Duration::ZERO,
        }
    }

    /// An answer in plain text.
    pub(super) fn text(status: u16, text: impl Into<Vec<u8>>) -> Answer {
        let answer = Answer::new(status).field("Content-Type", "text/plain; charset=utf-8");
        answer.content(text.into())
    }

    /// A page.
    pub(super) fn html(status: u16, page: String) -> Answer {
        let answer = Answer::new(status).field("Content-Type", "text/html; charset=utf-8");
        answer.content(page.into_bytes())
    }

    /// A redirect to `location`, with a line of text for clients that do not follow.
    pub(super) fn redirect(status: u16, location: &str) -> Answer {
        Answer::text(status, format!("It goes on at {location}\n")).field("Location", location)
    }

    /// With one more field line.
    pub(super) fn field(mut self, name: &str, value: impl AsRef<[u8]>) -> Answer {
        self.headers.push(name, value);
        self
    }

    /// With this content and its length.
    pub(super) fn content(mut self, content: impl Into<Cow<'static, [u8]>>) -> Answer {
        let content = content.into();
        self.framing = Framing::Length(content.len() as u64);
        self.script = vec![Step::Bytes(content)];
        self
    }

    /// With this framing and script.
    pub(super) fn script(mut self, framing: Framing, script: Vec<Step>) -> Answer {
        self.framing = framing;
        self.script = script;
        self
    }

    /// Whether the status forbids content (RFC 9110 section 6.4.1).
    pub(super) fn is_bare(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }
}
