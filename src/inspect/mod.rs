//! Floor 4: what happened in a fetch, and why.
//!
//! ```text
//!  the network, or a file (saved: a raw answer, HAR, WARC) ──▶ Capture ──▶ archive: HAR 1.2
//!      two of them ──▶ comparison, by `compare`
//!
//!  Capture ──▶ a Block for each hop: heads by group, readings, verdicts, TLS, times, defects
//!    + Jar      └▶ Unfinished, where there was no answer
//!    + now  ──▶ the Whole: cookies, caching, crawling, the page, what it is a sign of
//! ```
//!
//! 1. `message` sorts the fields of a head as the registry groups them, and `reading` says of each
//!    what its value means here.
//! 2. `certificate` reads who the server says it is, `waterfall` turns times into stretches.
//! 3. `defects` names everything that was tolerated, with the section that it offends.
//! 4. `ended` knows whose doing it is that there is not more content, `crawler` what a crawler makes
//!    of the answer.
//! 5. `secret` masks what is as good as a password; whoever prints a report for reading asks it.
//! 6. `archive` writes what was captured as a HAR 1.2.
//!
//! Nothing here prints, reads a clock or a file: a [`Report`] is a pure function of what was
//! captured, and the same for reading, for programs and for an archive.

pub mod archive;
pub mod certificate;
pub mod comparison;
mod crawler;
mod defects;
mod ended;
mod message;
pub mod reading;
pub mod saved;
pub mod secret;
pub mod signs;
mod waterfall;
mod whole;

pub use certificate::Certificate;
pub use defects::Noted;
pub use ended::{Ended, Extent};
pub use message::{Line, Message};
pub use waterfall::Stretch;
pub use whole::{Kept, Whole};

use crate::base::Wall;
use crate::client::{Capture, Hop, Unanswered};
use crate::cookie::Jar;
use crate::registry;
use reading::{About, Side, Sizes};
use waterfall::Times;
use whole::End;

/// Everything about a fetch that is worth telling.
#[derive(Debug)]
pub struct Report<'c> {
    /// What it is made from.
    pub capture: &'c Capture,
    /// The hops, in order.
    pub hops: Vec<Block<'c>>,
    /// The one that got no answer.
    pub unfinished: Option<Unfinished<'c>>,
    /// What all of it comes to; `None` where nothing was answered.
    pub whole: Option<Whole>,
    /// What must be known of where it is from, if that is a file.
    pub notes: Vec<saved::Note>,
}

/// One hop.
#[derive(Debug)]
pub struct Block<'c> {
    /// What it is made from.
    pub hop: &'c Hop,
    /// What its status means, or its class where the status is not registered.
    pub meaning: Option<String>,
    /// The request's head.
    pub sent: Message,
    /// The answer's.
    pub received: Message,
    /// The server's certificate, where it showed one that could be read.
    pub certificate: Option<Certificate>,
    /// How much of its content was taken.
    pub extent: Extent,
    /// How the time went.
    pub stretches: Vec<Stretch>,
    /// What was tolerated.
    pub defects: Vec<Noted>,
}

/// A hop without an answer.
#[derive(Debug)]
pub struct Unfinished<'c> {
    /// What it is made from.
    pub lost: &'c Unanswered,
    /// The request's head, where it came to that.
    pub sent: Option<Message>,
    /// The server's certificate, where it showed one that could be read.
    pub certificate: Option<Certificate>,
    /// How the time went.
    pub stretches: Vec<Stretch>,
}

impl<'c> Report<'c> {
    /// Of what was captured of a fetch that ended so; `jar` holds the cookies as they are now.
    pub fn of(capture: &'c Capture, ended: &Ended, jar: Option<&Jar>, now: Wall) -> Report<'c> {
        let last = capture.hops.len().saturating_sub(1);
        let mut hops: Vec<_> = capture
            .hops
            .iter()
            .enumerate()
            .map(|(at, hop)| Block::of(hop, Extent::of(hop, at == last, capture, ended), now))
            .collect();
        let end = hops.last().map(|last| End { hop: last.hop, extent: last.extent, ended });
        let whole = end.map(|end| Whole::of(capture, &end, jar, now));
        if let Some(last) = hops.last_mut() {
            if let Some(page) = whole.as_ref().and_then(|whole| whole.page.as_ref()) {
                last.defects.extend(defects::of_page(page));
            }
            last.defects.extend(ended.fault().cloned());
        }
        let unfinished = capture.unanswered.as_ref().map(|lost| Unfinished::of(lost, now));
        Report { capture, hops, unfinished, whole, notes: Vec::new() }
    }
}

impl<'c> Block<'c> {
    fn of(hop: &'c Hop, extent: Extent, now: Wall) -> Block<'c> {
        let whole = extent == Extent::Whole;
        let head = &hop.head;
        let request = message::request_fields(&hop.sent);
        let asked = About {
            side: Side::Request,
            method: Some(&hop.method),
            url: Some(&hop.url),
            headers: Some(&request),
            requested: Some(hop.when),
            ..About::nothing(now)
        };
        let answered = About {
            side: Side::Response,
            status: Some(head.status),
            headers: Some(&head.headers),
            request: Some(&request),
            received: Some(received(hop)),
            // What was passed over or cut says nothing of sizes.
            sizes: whole.then_some(Sizes { received: hop.received, decoded: hop.decoded }),
            ..asked
        };
        let made = hop.established.as_ref();
        let mut received = Message::new(&hop.raw_head, &head.headers, &hop.cookies, &answered);
        if made.is_none() {
            // Out of a file: it may be its own Date that says when it came, or another machine.
            let about = About { requested: None, received: None, ..answered };
            for line in received.lines.iter_mut().filter(|line| line.is("Date")) {
                line.reading = reading::of(&line.name, &line.value, &about);
            }
        }
        Block {
            hop,
            meaning: meaning(head.status),
            sent: Message::new(&hop.sent, &request, &[], &asked),
            received,
            extent,
            certificate: made.and_then(certificate_of),
            stretches: waterfall::stretches(&Times {
                timings: &hop.timings,
                made: made.filter(|_| !hop.reused),
                answered: true,
                uploaded: hop.uploaded > 0,
            }),
            defects: defects::of(hop, extent),
        }
    }
}

impl<'c> Unfinished<'c> {
    fn of(lost: &'c Unanswered, now: Wall) -> Unfinished<'c> {
        let request = message::request_fields(&lost.sent);
        let asked = About {
            side: Side::Request,
            method: Some(&lost.method),
            url: Some(&lost.url),
            headers: Some(&request),
            requested: Some(lost.when),
            ..About::nothing(now)
        };
        let made = lost.established.as_ref();
        Unfinished {
            lost,
            sent: (!lost.sent.is_empty()).then(|| Message::new(&lost.sent, &request, &[], &asked)),
            certificate: made.and_then(certificate_of),
            stretches: waterfall::stretches(&Times {
                timings: &lost.timings,
                made: made.filter(|_| !lost.reused),
                answered: lost.timings.first_byte > lost.timings.began,
                uploaded: lost.uploaded > 0,
            }),
        }
    }
}

/// What a status means; of one that is not registered, what its class does.
fn meaning(code: u16) -> Option<String> {
    let class = || registry::class(code).map(|class| class.meaning);
    registry::status(code).map(|status| status.meaning).or_else(class)
}

/// The calendar when the head came.
pub fn received(hop: &Hop) -> Wall {
    let waited = (hop.timings.first_byte - hop.timings.began).as_millis();
    Wall(hop.when.0.saturating_add(i64::try_from(waited).unwrap_or(i64::MAX)))
}

fn certificate_of(made: &crate::net::Established) -> Option<Certificate> {
    Certificate::read(made.shown()?.first()?)
}
