//! How a fetch ended, and how much of a hop's content came: whose doing it is that there is not
//! more. What we cut ourselves says nothing of the server.

use super::defects::{Noted, noted};
use super::saved::Note;
use crate::base::{Headers, Method};
use crate::client::{self, Capture, Hop};
use crate::{coding, h1, net};

/// How a fetch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Well.
    Whole,
    /// We stopped: a deadline, a limit, a signal, nobody who takes it.
    Stopped(String),
    /// The content broke off.
    Cut(Noted),
    /// The content cannot be read on: its chunks or its codings are wrong.
    Unreadable(Noted),
    /// More redirects than are followed.
    Redirects(String),
    /// The next request could not be made, or got no answer.
    Unfinished(String),
    /// It was saved, and its content was not.
    NotSaved,
}

impl Ended {
    /// What this error says of the answer that came before it.
    pub fn of(error: &client::Error) -> Ended {
        use client::Error as E;
        use coding::Error as Coding;
        use net::Error as Net;
        let words = || error.to_string();
        match error {
            E::Net(Net::Timeout { .. } | Net::TooSlow(_))
            | E::Coding(Coding::Memory)
            | E::Net(Net::Exchange(h1::Error::HeadTooLarge))
            | E::TooMuchContent(_)
            | E::Sink(_) => Ended::Stopped(words()),
            E::Net(Net::Exchange(h1::Error::ContentCut(_)) | Net::Receive(_)) => {
                Ended::Cut(noted("RFC 9112 section 8", words()))
            }
            E::Net(Net::TlsCut) => Ended::Cut(noted("RFC 9112 section 9.8", words())),
            E::Net(Net::Exchange(h1::Error::Chunk | h1::Error::Head(_))) => {
                Ended::Unreadable(noted("RFC 9112 section 7.1", words()))
            }
            E::Coding(Coding::Truncated(_)) => Ended::Cut(noted("RFC 9110 section 8.4.1", words())),
            E::Coding(Coding::Window) => Ended::Unreadable(noted("RFC 9659 section 3", words())),
            E::Coding(_) => Ended::Unreadable(noted("RFC 9110 section 8.4.1", words())),
            E::TooManyRedirects(_) => Ended::Redirects(words()),
            _ => Ended::Unfinished(words()),
        }
    }

    /// What a file says of the content that it holds.
    pub fn of_notes(notes: &[Note]) -> Ended {
        let said = |note: &Note| match note {
            Note::NoContent | Note::Revisit(false) => Some(Ended::NotSaved),
            Note::LargeContent => Some(Ended::Stopped(note.to_string())),
            Note::Cut(_) => Some(Ended::Cut(noted("RFC 9112 section 8", note.to_string()))),
            Note::Damaged(error) => Some(Ended::of(&client::Error::Coding(*error))),
            _ => None,
        };
        notes.iter().find_map(said).unwrap_or(Ended::Whole)
    }

    /// What is wrong with the content, where that is the server's doing.
    pub(super) fn fault(&self) -> Option<&Noted> {
        match self {
            Ended::Cut(noted) | Ended::Unreadable(noted) => Some(noted),
            _ => None,
        }
    }

    /// The words, where it did not end well.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Ended::Whole => None,
            Ended::Stopped(words) | Ended::Redirects(words) | Ended::Unfinished(words) => {
                Some(words)
            }
            Ended::Cut(noted) | Ended::Unreadable(noted) => Some(&noted.text),
            Ended::NotSaved => Some("the file does not hold the content"),
        }
    }
}

/// How much of a hop's content was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It has none: an answer to HEAD, 204, 304, a length of nothing.
    Nothing,
    /// It was passed over, to its end or not, or is not in the file.
    PassedOver,
    /// All that the server sent.
    Whole,
    /// As far as we wanted it.
    Stopped,
    /// As far as it came.
    Cut,
    /// As far as it could be read.
    Unreadable,
}

impl Extent {
    /// Of this hop, which is the last one of the fetch or not.
    pub(super) fn of(hop: &Hop, last: bool, capture: &Capture, ended: &Ended) -> Extent {
        let bodiless = hop.method == Method::HEAD || matches!(hop.head.status, 204 | 304);
        if bodiless || (announced(&hop.head.headers) == Some(0) && hop.received == 0) {
            return Extent::Nothing;
        }
        // What comes before another request is not read to its end, nor what nobody asked for.
        if !last || hop.unmet || capture.unanswered.is_some() {
            return Extent::PassedOver;
        }
        match ended {
            _ if capture.cut => Extent::Stopped,
            Ended::Whole => Extent::Whole,
            Ended::Stopped(_) => Extent::Stopped,
            Ended::Cut(_) => Extent::Cut,
            Ended::Unreadable(_) => Extent::Unreadable,
            Ended::Redirects(_) | Ended::Unfinished(_) | Ended::NotSaved => Extent::PassedOver,
        }
    }
}

/// The length that is announced, where it counts (RFC 9112 section 6.3): all members agree, and
/// no transfer coding says otherwise.
pub(super) fn announced(headers: &Headers) -> Option<u64> {
    let coded = |member: &[u8]| !member.is_empty() && !member.eq_ignore_ascii_case(b"identity");
    if headers.members("Transfer-Encoding").any(coded) {
        return None;
    }
    let number = |member: &[u8]| {
        let digits = !member.is_empty() && member.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(member).ok().filter(|_| digits)?.parse::<u64>().ok()
    };
    let mut lengths = headers.members("Content-Length").map(number);
    let first = lengths.next()??;
    lengths.all(|length| length == Some(first)).then_some(first)
}

/// What was announced and what came, where these differ and it is the server's doing.
pub(super) fn unlike_announced(hop: &Hop, extent: Extent) -> Option<(u64, u64)> {
    if !matches!(extent, Extent::Whole | Extent::Cut) {
        return None;
    }
    // Whoever saved it may have undone its codings: then nobody knows how large it was.
    let undone = hop.established.is_none()
        && hop.head.headers.has("Content-Encoding")
        && hop.received == hop.decoded;
    let announced = announced(&hop.head.headers).filter(|_| !undone)?;
    (announced != hop.received).then_some((announced, hop.received))
}

/// The same in words.
pub(super) fn unlike_in_words((announced, came): (u64, u64)) -> String {
    format!("Content-Length says {announced}, and {came} bytes came")
}
