//! A [`Capture`] as a HAR 1.2 archive (`--har`).
//!
//! The archive is a recording: cookies, credentials and content stand in it as they went over the
//! wire. Masking is for what people read, and this is for programs.

use crate::base::{Content, Method, Tick, Version, Wall};
use crate::client::{Capture, Hop, Timings, Unanswered};
use crate::cookie::{SameSite, SetCookie};
use crate::h1::head::{RequestHead, parse_request};
use crate::har::writing::{self, Answered, Asked, Cookie, Entry, Page, Times};
use crate::net::Established;
use url::Url;

/// The archive of some fetches, a page each, with what the fetch failed with, if it did.
pub fn har(fetches: &[(&Capture, Option<&str>)]) -> String {
    let pages: Vec<Page<'_>> =
        fetches.iter().map(|(capture, error)| page(capture, *error)).collect();
    writing::write(&pages)
}

fn page<'c>(capture: &'c Capture, error: Option<&'c str>) -> Page<'c> {
    let last = capture.hops.len().checked_sub(1).filter(|_| capture.unanswered.is_none());
    let hops = capture.hops.iter().enumerate().map(|(number, hop)| {
        let is_last = Some(number) == last;
        answered(hop, is_last.then_some(&capture.content[..]), error.filter(|_| is_last))
    });
    let entries = hops.chain(capture.unanswered.iter().map(|lost| unanswered(lost, error)));
    let first = capture.hops.first().map(|hop| &hop.asked);
    let first = first.or(capture.unanswered.as_ref().map(|lost| &lost.asked));
    Page { title: first.map_or("", String::as_str).into(), entries: entries.collect() }
}

/// `content` is what came of the fetch, where this hop is its last.
fn answered<'c>(hop: &'c Hop, content: Option<&'c [u8]>, error: Option<&'c str>) -> Entry<'c> {
    let announced = hop.head.headers.get_str("Content-Length").and_then(|said| said.parse().ok());
    let without = hop.method == Method::HEAD || matches!(hop.head.status, 204 | 304);
    // Of a hop that another follows only the end is looked for, and perhaps not found.
    let whole = hop.decoded > 0 || without || (hop.received == 0 && announced.unwrap_or(0) == 0);
    // Whoever captured it may have kept the front only, and that is not the content.
    let content = content.filter(|kept| whole && kept.len() as u64 == hop.decoded);
    let counted = content.is_some() || announced == Some(hop.received);
    let lines = hop.head.headers.all("Set-Cookie");
    let answer = Answered {
        head: &hop.head,
        head_size: (!hop.raw_head.is_empty()).then_some(hop.raw_head.len()),
        cookies: lines.filter_map(|line| cookie(line, hop.when)).collect(),
        content,
        received: counted.then_some(hop.received),
    };
    let asked = Sent {
        method: &hop.method,
        url: &hop.url,
        typed: &hop.asked,
        head: &hop.sent,
        content: &hop.carried,
        uploaded: hop.uploaded,
    };
    let made = hop.established.as_ref();
    entry(hop.when, times(&hop.timings, made, hop.reused), &asked, Some(answer), error, made)
}

fn unanswered<'c>(lost: &'c Unanswered, error: Option<&'c str>) -> Entry<'c> {
    let asked = Sent {
        method: &lost.method,
        url: &lost.url,
        typed: &lost.asked,
        head: &lost.sent,
        content: &lost.carried,
        uploaded: lost.uploaded,
    };
    let made = lost.established.as_ref();
    let error = error.or(Some("no answer"));
    entry(lost.when, times(&lost.timings, made, lost.reused), &asked, None, error, made)
}

fn entry<'c>(
    started: Wall,
    times: Times,
    sent: &Sent<'c>,
    answer: Option<Answered<'c>>,
    error: Option<&'c str>,
    made: Option<&Established>,
) -> Entry<'c> {
    let peer = made.and_then(|made| made.peer).map(|peer| peer.ip());
    let connection = made.map(|made| made.number);
    Entry { started, times, request: sent.asked(), answer, error, peer, connection }
}

/// A request as the client knows it.
struct Sent<'c> {
    method: &'c Method,
    url: &'c Url,
    typed: &'c str,
    head: &'c [u8],
    content: &'c Content,
    uploaded: u64,
}

impl<'c> Sent<'c> {
    fn asked(&self) -> Asked<'c> {
        let head = parse_request(self.head).ok();
        let version = head.as_ref().map_or(Version::Http11, |head| head.version);
        let headers = head.map(|RequestHead { headers, .. }| headers).unwrap_or_default();
        // As it was typed, unless a program would not take that for a URL.
        let graphic = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
        let typed = Some(self.typed).filter(|typed| typed.bytes().all(graphic));
        let url = typed.filter(|typed| Url::parse(typed).is_ok()).unwrap_or(self.url.as_str());
        let content = match self.content {
            Content::Bytes(bytes) if self.uploaded > 0 => Some(&bytes[..]),
            _ => None,
        };
        Asked {
            method: self.method,
            url: url.split('#').next().unwrap_or_default(),
            version,
            headers,
            head_size: (!self.head.is_empty()).then_some(self.head.len()),
            content,
            sent: self.uploaded,
        }
    }
}

/// A cookie as its line says; `None` where nobody could read it.
fn cookie(line: &[u8], received: Wall) -> Option<Cookie> {
    let read = SetCookie::parse(line).ok()?;
    let max_age = read.max_age.map(|seconds| received.plus_secs(seconds));
    Some(Cookie {
        name: read.name.to_vec(),
        value: read.value.to_vec(),
        path: read.path.map(<[u8]>::to_vec),
        domain: read.domain,
        expires: max_age.or(read.expires),
        http_only: read.http_only,
        secure: read.secure,
        same_site: match read.same_site {
            SameSite::Default => None,
            SameSite::None => Some("None"),
            SameSite::Lax => Some("Lax"),
            SameSite::Strict => Some("Strict"),
        },
    })
}

/// The parts of the whole, one behind the other: where two overlap, as an answer that comes
/// before all of its request went, the later part is the shorter.
fn times(timings: &Timings, made: Option<&Established>, reused: bool) -> Times {
    let mut at = timings.began;
    let mut until = |end: Tick| {
        let span = end - at;
        at = at.max(end);
        span
    };
    // A connection that was there already was made before.
    let made = made.filter(|_| !reused);
    let dns = made.map(|made| until(made.resolved));
    let connected = made.map(|made| until(made.connected));
    let secured = made.map(|made| until(made.secured));
    Times {
        dns,
        connect: connected.zip(secured).map(|(tcp, tls)| tcp + tls),
        ssl: secured.filter(|_| made.is_some_and(|made| made.tls.is_some())),
        send: until(timings.sent),
        wait: until(timings.first_byte),
        receive: until(timings.ended),
    }
}
