//! One hop: an exchange on a connection, and what came of it.

use super::Address;
use super::capture::{Flow, Hop, Notice, Sink, Timings, Unanswered};
use super::error::Error;
use super::fields;
use crate::base::{Head, Headers, Request, Tick, Version, Wall};
use crate::coding::{self, Coding, Decoder};
use crate::cookie::Stored;
use crate::h1::{Exchange, Fate, Framing, Limits, Target};
use crate::net::{Conn, Deadlines, Established, Event, Phase, Speeds, Transfer, clock};
use std::borrow::Cow;
use std::time::Duration;

/// Content before another request that is read, and thrown away undecoded, so that the
/// connection can be used again. More is cheaper to cut off than to read.
const MOST_DRAINED: u64 = 64 * 1024;

/// How long that may take. A new connection is made in less.
const DRAIN_PATIENCE: Duration = Duration::from_secs(1);

/// What the content of a hop is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Decoded and handed on.
    Wanted,
    /// Read past: another request follows.
    Drained,
    /// Not asked for: a condition does not hold. The connection is closed over it.
    Unmet,
    /// Not wanted: a head was, by a method that brings content (`-I -X GET`). Likewise.
    Unwanted,
}

/// What the client decides when the final head is there.
pub(super) struct Decision {
    pub(super) content: Use,
    pub(super) cookies: Vec<Stored>,
}

/// One exchange, ready to go.
pub(super) struct Ready<'r> {
    pub(super) request: &'r Request,
    pub(super) address: &'r Address,
    pub(super) target: &'r Target,
    pub(super) limits: Limits,
    pub(super) deadlines: Deadlines,
    pub(super) speeds: Speeds,
    /// Undo the content codings.
    pub(super) decode: bool,
    /// Leave the transfer codings, too.
    pub(super) raw: bool,
    /// Content ends when the connection does, whatever length is announced.
    pub(super) ignore_length: bool,
    /// The most content that is taken.
    pub(super) max_content: Option<u64>,
    pub(super) began: Tick,
    /// The same by the calendar.
    pub(super) when: Wall,
    /// The server has answered in HTTP/1.0 before.
    pub(super) old: bool,
}

impl Ready<'_> {
    /// What is known where nothing was sent yet.
    pub(super) fn unanswered(&self, established: Option<Established>) -> Box<Unanswered> {
        let (began, ended) = (self.began, clock::tick());
        Box::new(Unanswered {
            method: self.request.method.clone(),
            url: self.request.url.clone(),
            asked: self.address.to_string(),
            sent: Vec::new(),
            carried: self.request.content.clone(),
            established,
            reused: false,
            when: self.when,
            timings: Timings { began, sent: began, first_byte: began, ended },
            uploaded: 0,
        })
    }
}

/// How a hop ended. The hop is there as soon as there was a final head.
pub(super) struct Ended {
    pub(super) hop: Result<Hop, Box<Unanswered>>,
    /// The connection, if it may be used again.
    pub(super) conn: Option<Conn>,
    /// Whether the server said anything, if only 1xx.
    pub(super) heard: bool,
    pub(super) result: Result<Flow, Error>,
}

impl Ended {
    /// It failed before there was a head.
    pub(super) fn early(error: Error, unanswered: Box<Unanswered>) -> Ended {
        Ended { hop: Err(unanswered), conn: None, heard: false, result: Err(error) }
    }
}

/// Drives the exchange to its end. `decide` is asked once, with the final head.
pub(super) async fn run(
    conn: Conn,
    ready: &Ready<'_>,
    sink: &mut dyn Sink,
    decide: &mut dyn FnMut(&Head) -> Decision,
) -> Ended {
    let mut sent = Vec::new();
    let established = conn.established.clone();
    let mut transfer = match start(conn, ready, sink, &mut sent) {
        Ok(transfer) => transfer,
        Err(error) => return Ended::early(error, ready.unanswered(Some(established))),
    };
    let (mut hop, content) = match head(&mut transfer, ready, &mut sent, sink, decide).await {
        Ok(begun) => begun,
        Err(error) => {
            let heard = transfer.first_byte();
            let mut unanswered = ready.unanswered(Some(established));
            unanswered.sent = sent;
            unanswered.reused = transfer.conn().exchanges > 0;
            unanswered.timings.sent = transfer.sent().unwrap_or(ready.began);
            unanswered.timings.first_byte = heard.unwrap_or(ready.began);
            unanswered.uploaded = transfer.uploaded();
            return Ended { heard: heard.is_some(), ..Ended::early(error, unanswered) };
        }
    };
    let result = rest(&mut transfer, ready, &mut hop, content, sink).await;
    let conn = if result.is_ok() { transfer.finish() } else { None };
    Ended { hop: Ok(hop), conn, heard: true, result }
}

/// Puts the request on the connection; `sent` is its head.
fn start(
    conn: Conn,
    ready: &Ready<'_>,
    sink: &mut dyn Sink,
    sent: &mut Vec<u8>,
) -> Result<Transfer, Error> {
    let old = ready.old || conn.spoken == Some(Version::Http10);
    let request =
        if old { Cow::Owned(in_1_0(ready.request)?) } else { Cow::Borrowed(ready.request) };
    let mut exchange =
        Exchange::new(&request, ready.target, ready.limits).map_err(Error::Request)?;
    if ready.ignore_length {
        exchange.ignore_length();
    }
    if ready.raw {
        exchange.keep_framing();
    }
    exchange.write(sent);
    tell(sink, Notice::Connected(&conn))?;
    if let Some(opened) = conn.established.tunnel.as_ref().filter(|_| conn.exchanges == 0) {
        tell(sink, Notice::Tunnel(opened))?;
    }
    tell(sink, Notice::Sent(sent))?;
    let content = ready.request.content.clone();
    Ok(Transfer::new(conn, exchange, sent.clone(), content, ready.deadlines, ready.speeds))
}

/// The request for a server that speaks HTTP/1.0, as curl makes it: neither chunks nor `Expect`
/// are known there.
fn in_1_0(request: &Request) -> Result<Request, Error> {
    let mut request = Request { version: Version::Http10, ..request.clone() };
    if fields::is_chunked(&request.headers) {
        return Err(Error::NoLength);
    }
    request.headers.retain(|field| !field.is("Expect"));
    Ok(request)
}

/// Up to the final head: the hop it begins, and what is done with its content.
async fn head(
    transfer: &mut Transfer,
    ready: &Ready<'_>,
    sent: &mut Vec<u8>,
    sink: &mut dyn Sink,
    decide: &mut dyn FnMut(&Head) -> Decision,
) -> Result<(Hop, Use), Error> {
    let (mut defects, mut interims) = (Vec::new(), Vec::new());
    let (head, raw_head) = loop {
        match transfer.next().await {
            Ok(Event::Interim(head, raw)) => {
                tell(sink, Notice::Interim(&head, raw))?;
                interims.push(head);
                continue;
            }
            Ok(Event::Defect(defect)) => {
                defects.push(defect);
                tell(sink, Notice::Defect(defect))?
            }
            Ok(Event::Sent(piece)) => tell(sink, Notice::Went(piece))?,
            Ok(Event::Head(head, raw)) => break (head, raw.to_vec()),
            // The exchange gives a head before anything that belongs to its content.
            Ok(Event::Data(_) | Event::End(_)) => continue,
            Err(error) => {
                tell(sink, Notice::Broken(transfer.broken_head()))?;
                return Err(error.into());
            }
        };
    };
    let Decision { content, cookies } = decide(&head);
    let unmet = content == Use::Unmet || head.status == 304;
    let hop = Hop {
        method: ready.request.method.clone(),
        url: ready.request.url.clone(),
        asked: ready.address.to_string(),
        sent: std::mem::take(sent),
        carried: ready.request.content.clone(),
        interims,
        head,
        raw_head,
        unmet,
        trailers: Headers::new(),
        established: Some(transfer.conn().established.clone()),
        reused: transfer.conn().exchanges > 0,
        cookies,
        defects,
        when: ready.when,
        timings: Timings {
            began: ready.began,
            sent: Tick::default(),
            first_byte: transfer.first_byte().unwrap_or_default(),
            ended: Tick::default(),
        },
        uploaded: 0,
        received: 0,
        decoded: 0,
    };
    Ok((hop, content))
}

/// Everything behind the head.
async fn rest(
    transfer: &mut Transfer,
    ready: &Ready<'_>,
    hop: &mut Hop,
    content: Use,
    sink: &mut dyn Sink,
) -> Result<Flow, Error> {
    let follows = content == Use::Drained;
    let flow = match (content, tell(sink, Notice::Head(hop, follows))?) {
        (Use::Drained, _) => drain(transfer, hop).await,
        (Use::Unmet | Use::Unwanted, _) | (Use::Wanted, Flow::Enough) => Ok(Flow::Enough),
        (Use::Wanted, Flow::On) => receive(transfer, ready, hop, sink).await,
    };
    hop.timings.sent = transfer.sent().unwrap_or(hop.timings.began);
    hop.timings.ended = clock::tick();
    hop.uploaded = transfer.uploaded();
    let flow = flow?;
    tell(sink, Notice::Ended(hop, follows))?;
    Ok(flow)
}

fn tell(sink: &mut dyn Sink, notice: Notice<'_>) -> Result<Flow, Error> {
    sink.take(notice).map_err(Error::Sink)
}

/// Reads the content, decodes it and hands it on.
async fn receive(
    transfer: &mut Transfer,
    ready: &Ready<'_>,
    hop: &mut Hop,
    sink: &mut dyn Sink,
) -> Result<Flow, Error> {
    let most = ready.max_content.unwrap_or(u64::MAX);
    let fits = |bytes| if bytes > most { Err(Error::TooMuchContent(most)) } else { Ok(()) };
    if let Some(Framing::Length(announced)) = transfer.framing() {
        fits(announced)?;
    }
    // Made when there is content: an answer without any may name codings nobody knows.
    let mut decoder = None;
    loop {
        match transfer.next().await? {
            Event::Data(mut data) => {
                tell(sink, Notice::Came(data))?;
                hop.received += data.len() as u64;
                fits(hop.received)?;
                let decoder = match &mut decoder {
                    Some(decoder) => decoder,
                    none => none.insert(Decoder::new(&codings(&hop.head, ready)?)?),
                };
                let mut more = false;
                while let Some(piece) = decoder.decode(&mut data)? {
                    hop.decoded += piece.len() as u64;
                    fits(hop.decoded)?;
                    if tell(sink, Notice::Content(piece))? == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
                    // A bomb must hold up neither the clock nor a signal.
                    if more {
                        ready.deadlines.check(Phase::Body)?;
                        tokio::task::yield_now().await;
                    }
                    more = true;
                }
            }
            Event::Defect(defect) => {
                tell(sink, Notice::Defect(defect))?;
                hop.defects.push(defect);
            }
            Event::End(trailers) => {
                decoder.as_ref().map_or(Ok(()), Decoder::finish)?;
                hop.trailers = trailers;
                return Ok(Flow::On);
            }
            // There is one final head.
            Event::Sent(piece) => {
                tell(sink, Notice::Went(piece))?;
            }
            Event::Interim(..) | Event::Head(..) => {}
        }
    }
}

/// Reads the content before another request, raw and only so much, and only where that saves
/// the connection. Where it ends badly the other request is made all the same.
async fn drain(transfer: &mut Transfer, hop: &mut Hop) -> Result<Flow, Error> {
    let reading = async {
        while transfer.prospect() == Fate::Reuse && hop.received < MOST_DRAINED {
            match transfer.next().await {
                Ok(Event::Data(data)) => hop.received += data.len() as u64,
                Ok(Event::End(_)) => break,
                Ok(_) => {}
                Err(error @ crate::net::Error::Timeout { .. }) => return Err(error.into()),
                Err(_) => break,
            }
        }
        Ok(Flow::On)
    };
    tokio::time::timeout(DRAIN_PATIENCE, reading).await.unwrap_or(Ok(Flow::On))
}

/// What must be undone, first applied first: content codings if wanted, then transfer codings,
/// which belong to the connection and are always undone. The limit counts both together.
fn codings(head: &Head, ready: &Ready<'_>) -> Result<Vec<Coding>, Error> {
    if ready.raw {
        return Ok(Vec::new());
    }
    let mut lines = Headers::new();
    if ready.decode {
        head.headers.all("Content-Encoding").for_each(|value| lines.push("coding", value));
    }
    for member in head.headers.members("Transfer-Encoding") {
        if !member.eq_ignore_ascii_case(b"chunked") {
            lines.push("coding", member);
        }
    }
    Ok(coding::parse(&lines, "coding")?)
}
