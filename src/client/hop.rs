//! One hop: an exchange on a connection, and what came of it.

use super::capture::{Flow, Hop, Notice, Sink, Timings};
use super::error::Error;
use crate::base::{Head, Headers, Request, Tick};
use crate::coding::{self, Coding, Decoder};
use crate::cookie::Receipt;
use crate::h1::{Exchange, Limits, Target};
use crate::net::{Conn, Deadlines, Event, Transfer, clock};
use std::io;

/// Content of a followed redirect that is read, and thrown away undecoded, so that the
/// connection can be used again. More is cheaper to cut off than to read.
const MOST_DRAINED: u64 = 64 * 1024;

/// What is done with the content of a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Decoded and handed on.
    Wanted,
    /// Read past: a redirect is followed.
    Drained,
}

/// What the client decides when the final head is there.
pub(super) struct Verdict {
    pub(super) content: Content,
    pub(super) cookies: Vec<Receipt>,
}

/// One exchange, ready to go.
pub(super) struct Ready<'r> {
    pub(super) request: &'r Request,
    pub(super) target: &'r Target,
    pub(super) limits: Limits,
    pub(super) deadlines: Deadlines,
    /// Undo the content codings.
    pub(super) decode: bool,
    pub(super) began: Tick,
}

/// How a hop ended. The hop is there as soon as there was a final head.
pub(super) struct Ended {
    pub(super) hop: Option<Hop>,
    /// The connection, if it may be used again.
    pub(super) conn: Option<Conn>,
    pub(super) result: Result<Flow, Error>,
}

/// Drives the exchange to its end. `decide` is asked once, with the final head.
pub(super) async fn run(
    conn: Conn,
    ready: &Ready<'_>,
    sink: &mut dyn Sink,
    decide: &mut dyn FnMut(&Head) -> Verdict,
) -> Ended {
    let mut hop = None;
    let mut conn_back = None;
    let result = drive(conn, ready, sink, decide, &mut hop, &mut conn_back).await;
    Ended { hop, conn: conn_back, result }
}

async fn drive(
    conn: Conn,
    ready: &Ready<'_>,
    sink: &mut dyn Sink,
    decide: &mut dyn FnMut(&Head) -> Verdict,
    kept: &mut Option<Hop>,
    conn_back: &mut Option<Conn>,
) -> Result<Flow, Error> {
    let mut exchange =
        Exchange::new(ready.request, ready.target, ready.limits).map_err(Error::Request)?;
    let mut sent = Vec::new();
    exchange.write(&mut sent);
    tell(sink, Notice::Connected(&conn))?;
    tell(sink, Notice::Sent(&sent))?;
    let content = ready.request.content.clone();
    let mut transfer = Transfer::new(conn, exchange, sent.clone(), content, ready.deadlines);
    let mut defects = Vec::new();
    let (hop, wanted) = loop {
        match transfer.next().await? {
            Event::Interim(head, raw) => tell(sink, Notice::Interim(&head, raw))?,
            Event::Defect(defect) => {
                tell(sink, Notice::Defect(defect))?;
                defects.push(defect);
                Flow::On
            }
            Event::Head(head, raw) => {
                let raw_head = raw.to_vec();
                let verdict = decide(&head);
                let hop = Hop {
                    method: ready.request.method.clone(),
                    url: ready.request.url.clone(),
                    sent,
                    head,
                    raw_head,
                    trailers: Headers::new(),
                    established: transfer.conn().established.clone(),
                    reused: transfer.conn().exchanges > 0,
                    cookies: verdict.cookies,
                    defects,
                    timings: Timings {
                        began: ready.began,
                        first_byte: transfer.first_byte().unwrap_or_default(),
                        ended: Tick::default(),
                    },
                    received: 0,
                    decoded: 0,
                };
                break (kept.insert(hop), verdict.content);
            }
            // The exchange gives a head before anything that belongs to its content.
            Event::Data(_) | Event::End(_) => Flow::On,
        };
    };
    let flow = tell(sink, Notice::Head(hop, wanted == Content::Drained))?;
    let ended = match (wanted, flow) {
        (Content::Drained, _) => drain(&mut transfer, hop).await,
        (Content::Wanted, Flow::Enough) => Ok(Flow::Enough),
        (Content::Wanted, Flow::On) => receive(&mut transfer, ready, hop, sink).await,
    };
    hop.timings.ended = clock::tick();
    let flow = ended?;
    tell(sink, Notice::Ended(hop))?;
    *conn_back = transfer.finish();
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
    // Made when there is content: an answer without any may name codings nobody knows.
    let mut decoder = None;
    loop {
        match transfer.next().await? {
            Event::Data(mut data) => {
                hop.received += data.len() as u64;
                let decoder = match &mut decoder {
                    Some(decoder) => decoder,
                    none => none.insert(Decoder::new(&codings(&hop.head, ready.decode)?)?),
                };
                while let Some(piece) = decoder.decode(&mut data)? {
                    hop.decoded += piece.len() as u64;
                    if tell(sink, Notice::Content(piece))? == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
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
            Event::Interim(..) | Event::Head(..) => {}
        }
    }
}

/// Reads the content of a followed redirect, raw and only so much. Where it ends badly the
/// redirect stands all the same: the connection is not used again.
async fn drain(transfer: &mut Transfer, hop: &mut Hop) -> Result<Flow, Error> {
    while hop.received < MOST_DRAINED {
        match transfer.next().await {
            Ok(Event::Data(data)) => hop.received += data.len() as u64,
            Ok(Event::End(_)) => break,
            Ok(_) => {}
            Err(error @ crate::net::Error::Timeout { .. }) => return Err(error.into()),
            Err(_) => break,
        }
    }
    Ok(Flow::On)
}

/// What must be undone, first applied first: content codings if wanted, then transfer codings,
/// which belong to the connection and are always undone. The limit counts both.
fn codings(head: &Head, decode: bool) -> Result<Vec<Coding>, Error> {
    let mut all = Vec::new();
    if decode {
        all = coding::parse(&head.headers, "Content-Encoding")?;
    }
    let mut transfer = head.headers.clone();
    transfer.retain(|field| field.is("Transfer-Encoding"));
    if !transfer.is_empty() {
        let names: Headers = transfer
            .members("Transfer-Encoding")
            .filter(|member| !member.eq_ignore_ascii_case(b"chunked"))
            .map(|member| ("TE", member))
            .collect();
        all.extend(coding::parse(&names, "TE")?);
    }
    Ok(all)
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Sink(error)
    }
}
