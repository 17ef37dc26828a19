//! Records of an archive: answers, with the requests that they answer.

use super::{Body, Error, Exchange, Found, Link, MAX_KEPT, Note, chain, content, raw};
use crate::base::{Content, Method};
use crate::h1::head::{end_of_head, parse_request};
use crate::warc::{self, Kind, Record};
use std::borrow::Cow;
use url::Url;

/// The chain that is meant, in the order of the file.
pub(super) fn read(file: &[u8], wanted: Option<&Url>) -> Result<Found<'static>, Error> {
    let Kept { records, mut notes, torn } = kept(file);
    let (mut answers, mut malformed) = (Vec::new(), 0);
    for record in records.iter().filter(|r| matches!(r.kind(), Kind::Response | Kind::Revisit)) {
        match raw::read_final(&record.block, &Method::GET) {
            Ok(answer) => answers.push((record, url_of(record), answer.head)),
            Err(_) => malformed += 1,
        }
    }
    let links: Vec<Link<'_>> =
        answers.iter().map(|(_, url, head)| Link { url: url.as_ref(), head }).collect();
    let numbers = chain(&links, wanted);
    if numbers.is_empty() {
        return Err(match torn {
            _ if !answers.is_empty() => Error::NotThere,
            Some(error) => Error::Warc(error),
            None => Error::NoAnswer,
        });
    }
    if malformed > 0 {
        notes.push(Note::Malformed(malformed));
    }
    if wanted.is_none() && answers.len() > numbers.len() {
        notes.push(Note::More);
    }
    let chosen = numbers.iter().map(|&number| exchange(answers[number].0, &records));
    Ok(Found { exchanges: chosen.collect::<Result<_, _>>()?, notes })
}

/// What of an archive is looked at.
struct Kept<'f> {
    records: Vec<Record<'f>>,
    notes: Vec<Note>,
    torn: Option<warc::Error>,
}

/// The records of HTTP, up to the first fault.
fn kept(file: &[u8]) -> Kept<'_> {
    let mut kept = Kept { records: Vec::new(), notes: Vec::new(), torn: None };
    let mut undone = 0;
    for record in warc::records(file) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                kept.notes.push(Note::Torn(error));
                kept.torn = Some(error);
                break;
            }
        };
        let of_http = match record.kind() {
            Kind::Response | Kind::Request | Kind::Revisit => {
                record.is_http() && !record.is_segment()
            }
            _ => false,
        };
        if of_http {
            if let Cow::Owned(block) = &record.block {
                undone += block.len();
            }
            kept.records.push(record);
        }
        if undone > MAX_KEPT {
            kept.notes.push(Note::Stopped);
            break;
        }
    }
    kept
}

fn url_of(record: &Record<'_>) -> Option<Url> {
    Url::parse(record.target()?).ok()
}

/// The record that a revisit has its content from.
fn original<'r, 'f>(revisit: &Record<'_>, all: &'r [Record<'f>]) -> Option<&'r Record<'f>> {
    let field = |name| revisit.fields.get_str(name);
    let id = field("WARC-Refers-To");
    let url = field("WARC-Refers-To-Target-URI").or(revisit.target());
    let date = field("WARC-Refers-To-Date");
    let digest = field("WARC-Payload-Digest");
    let mut answers = all.iter().filter(|record| record.kind() == Kind::Response);
    answers.find(|record| {
        let by_id = id.is_some_and(|id| record.id() == Some(id.trim_matches(['<', '>'])));
        let by_date = date.is_some() && record.fields.get_str("WARC-Date") == date;
        let by_digest = digest.is_some() && record.fields.get_str("WARC-Payload-Digest") == digest;
        by_id || (record.target() == url && (by_date || by_digest))
    })
}

/// The request that an answer is to: each names the other, or nobody does and the URL and the
/// time are the same.
fn request<'r, 'f>(answer: &Record<'_>, all: &'r [Record<'f>]) -> Option<&'r Record<'f>> {
    let names = |one: &Record<'_>, other: &Record<'_>| {
        other.id().is_some_and(|id| one.concurrent_to().any(|named| named == id))
    };
    let beside = |one: &Record<'_>| {
        one.target() == answer.target()
            && one.fields.get("WARC-Date") == answer.fields.get("WARC-Date")
    };
    let requests = || all.iter().filter(|record| record.kind() == Kind::Request);
    let named = requests().find(|one| names(one, answer) || names(answer, one));
    named.or_else(|| requests().find(|one| beside(one)))
}

fn exchange(record: &Record<'_>, all: &[Record<'_>]) -> Result<Exchange<'static>, Error> {
    let asked = request(record, all).and_then(|request| {
        let end = end_of_head(&request.block, 0)?;
        let (head, content) = request.block.split_at(end);
        Some((parse_request(head).ok()?, head.to_vec(), content.to_vec()))
    });
    let method = asked.as_ref().map_or(Method::GET, |(head, ..)| Method::new(&head.method));
    let source = original(record, all).filter(|_| record.kind() == Kind::Revisit);
    let answer = raw::read_final(&record.block, &method).map_err(Error::Head)?;
    let mut exchange = owned(Exchange::of(answer, method, url_of(record)));
    exchange.when = record.date();
    if let Some((_, head, content)) = asked {
        exchange.sent = head;
        if !content.is_empty() {
            exchange.carried = Content::from(content);
        }
    }
    if record.kind() == Kind::Revisit && exchange.head.status != 304 {
        // What is missing is missing because of the revisit.
        exchange.notes.retain(|note| !matches!(note, Note::NoContent | Note::Unchunked));
        exchange.notes.push(Note::Revisit(source.is_some()));
        exchange.content = match source.map(|source| raw::read_final(&source.block, &Method::GET)) {
            // Coded as it was then, whatever this head says.
            Some(Ok(then)) => {
                let coded = then.content.unwrap_or_default();
                let received = coded.len() as u64;
                Body::Plain(content::decoded(&then.head.headers, coded).0, Some(received))
            }
            _ => Body::Missing,
        };
    }
    Ok(exchange)
}

/// Free of the file: a compressed one does not stand in memory.
fn owned(exchange: Exchange<'_>) -> Exchange<'static> {
    let content = match exchange.content {
        Body::Coded(coded) => Body::Coded(Cow::Owned(coded.into_owned())),
        Body::Plain(content, received) => Body::Plain(content, received),
        Body::Missing => Body::Missing,
    };
    Exchange { content, ..exchange }
}
