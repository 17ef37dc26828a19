//! Entries of a browser's archive. Their heads are put together again from what they hold: those
//! of HTTP/2 and 3 as HTTP/1 would have them.

use super::{Body, Error, Exchange, Found, Link, Note, chain};
use crate::base::{Head, Headers};
use crate::h1::{self, Limits, Target};
use crate::har;
use std::collections::BTreeMap;
use url::Url;

/// The chain that is meant, in the order of time.
pub(super) fn read(file: &[u8], wanted: Option<&Url>) -> Result<Found<'static>, Error> {
    let mut all = Vec::new();
    let mut malformed = 0;
    for entry in har::read(file).map_err(Error::Har)? {
        match entry {
            Ok(entry) if entry.answer.is_some() => all.push(entry),
            Ok(_) => {}
            Err(har::Malformed) => malformed += 1,
        }
    }
    all.sort_by_key(|entry| entry.started);
    let links = all.iter().filter_map(|entry| {
        let head = &entry.answer.as_ref()?.head;
        Some(Link { url: Some(&entry.request.url), head })
    });
    let chain = chain(&links.collect::<Vec<_>>(), wanted);
    if chain.is_empty() {
        return Err(if all.is_empty() { Error::NoAnswer } else { Error::NotThere });
    }
    let mut notes = Vec::new();
    if malformed > 0 {
        notes.push(Note::Malformed(malformed));
    }
    if wanted.is_none() && all.len() > chain.len() {
        notes.push(Note::More);
    }
    let mut all: BTreeMap<usize, har::Exchange> = all.into_iter().enumerate().collect();
    let exchanges = chain.iter().filter_map(|number| exchange(all.remove(number)?)).collect();
    Ok(Found { exchanges, notes })
}

fn exchange(entry: har::Exchange) -> Option<Exchange<'static>> {
    let lines = entry.set_cookies();
    let har::Exchange { started, request, answer, from_cache } = entry;
    let mut answer = answer?;
    answer.head.headers = with_cookies(&answer.head.headers, &lines);
    let target = Target::of(request.url.as_str());
    let mut sent = Vec::new();
    // A browser may have put into a field what HTTP/1 cannot hold; then there is no head to show.
    if let Ok(mut exchange) = h1::Exchange::new(&request, &target, Limits::default()) {
        exchange.write(&mut sent);
    }
    Some(Exchange {
        method: request.method,
        url: Some(request.url),
        sent,
        carried: request.content,
        when: Some(started),
        content: match answer.content {
            Some(content) => Body::Plain(content, answer.received),
            None => Body::Missing,
        },
        raw_head: written(&answer.head),
        head: answer.head,
        trailers: Headers::new(),
        defects: Vec::new(),
        notes: from_cache.then_some(Note::FromCache).into_iter().collect(),
    })
}

/// The head as HTTP/1 would have it: an archive holds its parts only.
fn written(head: &Head) -> Vec<u8> {
    let line = format!("{} {} ", head.version.as_str(), head.status);
    let mut all = [line.as_bytes(), &head.reason, b"\r\n"].concat();
    for field in head.headers.iter() {
        all.extend([field.name.as_bytes(), b": ", field.value, b"\r\n"].concat());
    }
    all.extend(b"\r\n");
    all
}

/// The fields with one line for each cookie that was set, where the first of them stood.
fn with_cookies(headers: &Headers, lines: &[Vec<u8>]) -> Headers {
    let mut lines = Some(lines);
    let mut all = Headers::new();
    let mut put = |all: &mut Headers| {
        lines.take().into_iter().flatten().for_each(|line| all.push("Set-Cookie", line));
    };
    for field in headers.iter() {
        if field.is("Set-Cookie") {
            put(&mut all);
        } else {
            all.push(field.name, field.value);
        }
    }
    put(&mut all);
    all
}
