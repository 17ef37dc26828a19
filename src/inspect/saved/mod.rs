//! Answers out of files (`--from`): what was saved becomes a [`Capture`], as if it had been fetched.
//!
//! ```text
//!            ┌─ HTTP/… ────────── raw:  an answer as it came (curl -i), perhaps a chain of them
//!  a file ───┼─ {"log": … ─────── har:  entries of a browser
//!            └─ WARC/… or gzip ── warc: records of an archive
//!                                   │
//!                 which of them? ───┴──▶ one exchange, and the redirects that follow from it
//!                                          │
//!                    codings undone ───────┴──▶ Capture, and Notes on what is not as it came
//! ```
//!
//! 1. What the file is, its content says and not its name.
//! 2. The URL that was asked for chooses the exchange; without one it is the first that has an
//!    answer. What follows from it by `Location` is its chain, up to [`MAX_HOPS`].
//! 3. Cookies are stored as they would have been when the answers came.
//! 4. What the file does not hold is not made up: there is no connection, and no timings; what
//!    whoever saved it had undone already is told of as a [`Note`].

mod content;
mod har;
mod note;
mod raw;
#[cfg(test)]
mod tests;
mod warc;

pub use note::{Error, Note};

use crate::base::{Content, Head, Headers, Method, Wall, http_date};
use crate::client::{Capture, Hop, Timings, location};
use crate::cookie::Jar;
use crate::h1::Defect;
use std::borrow::Cow;
use url::Url;

/// As many hops are shown of one chain: as many as curl follows.
pub const MAX_HOPS: usize = 50;

/// The most decoded content that is kept: what is inspected is a page, and a bomb is larger.
pub const MAX_CONTENT: usize = 64 << 20;

/// The most that is undone of a compressed archive to find an answer in it.
pub const MAX_KEPT: usize = 512 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An answer with its head.
    Raw,
    /// A HAR.
    Har,
    /// A WARC.
    Warc,
}

/// What was saved.
#[derive(Debug)]
pub struct Saved {
    /// What the file is.
    pub kind: Kind,
    /// The chain; there is at least one hop. One to nobody knows what has an empty
    /// [`Hop::asked`].
    pub capture: Capture,
    /// What must be known about it.
    pub notes: Vec<Note>,
}

/// Reads a file. `wanted` is what was asked for, or which answer is meant where there are many;
/// its cookies go into `jar`; `now` stands in where nothing says when it came.
///
/// # Errors
/// See [`Error`]; none quotes the file.
pub fn read(file: &[u8], wanted: Option<&Url>, jar: &mut Jar, now: Wall) -> Result<Saved, Error> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file).trim_ascii_start();
    let (kind, found) = match file {
        [] => return Err(Error::Empty),
        [b'{', ..] => (Kind::Har, har::read(file, wanted)?),
        [0x1f, 0x8b, ..] => (Kind::Warc, warc::read(file, wanted)?),
        _ if file.starts_with(b"WARC/") => (Kind::Warc, warc::read(file, wanted)?),
        _ if file.starts_with(b"HTTP/") => (Kind::Raw, chain_of_raw(file, wanted)?),
        _ => return Err(Error::Unknown),
    };
    let Found { exchanges, mut notes } = found;
    let mut capture = Capture::default();
    let mut exchanges = exchanges.into_iter().peekable();
    while let Some(exchange) = exchanges.next() {
        let is_last = exchanges.peek().is_none();
        let (mut hop, content, said) = exchange.hop(jar, now)?;
        if is_last {
            notes.extend(said);
            capture.content = content_of(&mut hop, content, &mut notes);
        }
        capture.hops.push(hop);
    }
    Ok(Saved { kind, capture, notes })
}

/// What a file gave.
struct Found<'f> {
    /// The chain, in its order; at least one.
    exchanges: Vec<Exchange<'f>>,
    /// What is to be said of the file.
    notes: Vec<Note>,
}

/// One exchange of a file.
struct Exchange<'f> {
    method: Method,
    url: Option<Url>,
    /// The request's head, where the file has it.
    sent: Vec<u8>,
    carried: Content,
    when: Option<Wall>,
    head: Head,
    raw_head: Vec<u8>,
    trailers: Headers,
    defects: Vec<Defect>,
    content: Body<'f>,
    notes: Vec<Note>,
}

/// Content in a file.
enum Body<'f> {
    /// With its codings, as far as anybody knows.
    Coded(Cow<'f, [u8]>),
    /// Without them; and how large it was when it came, where that is known.
    Plain(Vec<u8>, Option<u64>),
    Missing,
}

impl<'f> Exchange<'f> {
    /// An answer as it came, to this request.
    fn of(answer: raw::Answer<'f>, method: Method, url: Option<Url>) -> Exchange<'f> {
        Exchange {
            method,
            url,
            sent: Vec::new(),
            carried: Content::None,
            when: None,
            head: answer.head,
            raw_head: answer.raw_head.to_vec(),
            trailers: answer.trailers,
            defects: answer.defects,
            content: answer.content.map_or(Body::Missing, Body::Coded),
            notes: answer.notes,
        }
    }

    /// The hop, its content, and what is to be said where it is the last one.
    fn hop(self, jar: &mut Jar, now: Wall) -> Result<(Hop, Body<'f>, Vec<Note>), Error> {
        let mut notes = self.notes;
        let date = self.head.headers.get("Date").and_then(|date| http_date(date, now));
        let when = self.when.or(date).unwrap_or_else(|| {
            notes.push(Note::Undated);
            now
        });
        let lines = self.head.headers.all("Set-Cookie");
        let cookies = self.url.as_ref().map(|url| jar.store_all(lines, url, when));
        if self.url.is_none() {
            notes.push(Note::NoUrl);
        }
        let hop = Hop {
            method: self.method,
            asked: self.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            url: self.url.map_or_else(raw::nowhere, Ok).map_err(Error::Head)?,
            sent: self.sent,
            uploaded: self.carried.length().unwrap_or(0),
            carried: self.carried,
            unmet: self.head.status == 304,
            interims: Vec::new(),
            head: self.head,
            raw_head: self.raw_head,
            trailers: self.trailers,
            established: None,
            reused: false,
            cookies: cookies.unwrap_or_default(),
            defects: self.defects,
            when,
            timings: Timings::default(),
            received: 0,
            decoded: 0,
        };
        Ok((hop, self.content, notes))
    }
}

/// The decoded content of the last hop.
fn content_of(hop: &mut Hop, body: Body<'_>, notes: &mut Vec<Note>) -> Vec<u8> {
    let (content, received) = match body {
        Body::Coded(saved) => {
            let received = saved.len() as u64;
            let (content, note) = content::decoded(&hop.head.headers, saved);
            // Nobody knows how large it was.
            let known = note != Some(Note::Decoded);
            notes.extend(note);
            (content, Some(received).filter(|_| known))
        }
        Body::Plain(content, received) => (content, received),
        Body::Missing => {
            if !notes.contains(&Note::NoContent) {
                notes.push(Note::NoContent);
            }
            return Vec::new();
        }
    };
    hop.decoded = content.len() as u64;
    hop.received = received.unwrap_or(hop.decoded);
    content
}

/// What is known of an exchange when a chain is looked for.
struct Link<'l> {
    url: Option<&'l Url>,
    head: &'l Head,
}

/// The exchange that is meant, and those that follow from it, by their numbers; none where there
/// is no such exchange.
fn chain(links: &[Link<'_>], wanted: Option<&Url>) -> Vec<usize> {
    let meant = |link: &Link<'_>| wanted.is_none_or(|url| link.url.is_some_and(|u| same(u, url)));
    let Some(first) = links.iter().position(meant) else { return Vec::new() };
    let mut chain = vec![first];
    let mut at = first;
    while chain.len() < MAX_HOPS {
        let Some(target) = links[at].url.and_then(|url| target(url, links[at].head)) else { break };
        let mut behind = links.iter().skip(at + 1);
        let next = behind.position(|l| l.url.is_some_and(|u| same(u, &target)));
        let Some(next) = next else { break };
        at += 1 + next;
        chain.push(at);
    }
    chain
}

/// Where an answer leads: another URL, or the same once more with a proof.
fn target(url: &Url, head: &Head) -> Option<Url> {
    match head.status {
        401 | 407 | 417 => Some(url.clone()),
        _ => url.join(&String::from_utf8_lossy(location(head)?)).ok(),
    }
}

/// Fragments are not sent.
fn same(one: &Url, other: &Url) -> bool {
    let whole = |url: &Url| url.as_str().split('#').next().unwrap_or_default().len();
    one.as_str()[..whole(one)] == other.as_str()[..whole(other)]
}

/// Answers one behind the other: each follows from the one before it, or is another matter.
fn chain_of_raw<'f>(file: &'f [u8], wanted: Option<&Url>) -> Result<Found<'f>, Error> {
    let mut exchanges: Vec<Exchange<'f>> = Vec::new();
    let (mut notes, mut rest, mut url) = (Vec::new(), file, wanted.cloned());
    loop {
        let answer = match raw::read(rest, &Method::GET) {
            Ok(answer) => answer,
            // The chain is whole up to here.
            Err(_) if !exchanges.is_empty() => {
                notes.push(Note::Trailing(rest.len()));
                break;
            }
            Err(error) => return Err(Error::Head(error)),
        };
        rest = answer.rest;
        let (status, more) = (answer.head.status, !rest.is_empty());
        if answer.content.is_none() && more && matches!(status, 100..300) {
            if status >= 200 {
                notes.push(Note::Tunnel);
            }
            continue;
        }
        let follows = match status {
            401 | 407 | 417 => true,
            _ => location(&answer.head).is_some(),
        };
        let next = url.as_ref().and_then(|url| target(url, &answer.head));
        let absolute =
            || location(&answer.head).and_then(|l| Url::parse(std::str::from_utf8(l).ok()?).ok());
        let next = next.or_else(absolute);
        exchanges.push(Exchange::of(answer, Method::GET, std::mem::replace(&mut url, next)));
        if !more {
            break;
        }
        if !follows || exchanges.len() == MAX_HOPS {
            notes.push(Note::More);
            break;
        }
    }
    Ok(Found { exchanges, notes })
}
