//! Fields of the connection and of the message as a whole, and what servers tell of themselves.

use super::About;
use super::text::{figure, head, is, listed, names, number, pair, param, quote, says, split};
use crate::base::Span;

/// What lists these may say of any length; more members are only counted.
const MOST_MEMBERS: usize = 1000;

/// RFC 9112 section 6.1.
pub(super) fn transfer_encoding(value: &[u8], _: &About<'_>) -> Option<String> {
    let last = split(value, b',').last()?;
    let codings = split(value, b',').take(MOST_MEMBERS).count();
    Some(match (is(last, "chunked"), codings) {
        (true, 1) => "in pieces: the length is not known beforehand".to_owned(),
        (true, _) => format!("{}, in pieces", names(split(value, b',').take(codings - 1))),
        (false, _) => format!("{}; chunked must be last (RFC 9112 section 6.1)", names([last])),
    })
}

/// RFC 9110 section 7.6.1.
pub(super) fn connection(value: &[u8], about: &About<'_>) -> Option<String> {
    if says(value, "close") {
        return Some("closed behind this answer".to_owned())
            .filter(|_| !about.is_request())
            .or(Some("to be closed behind the answer".to_owned()));
    }
    if says(value, "upgrade") {
        return Some("about another protocol, see Upgrade".to_owned());
    }
    if says(value, "keep-alive") {
        return Some("kept for more requests, as HTTP/1.1 does unasked".to_owned());
    }
    let named = names(split(value, b','));
    (!named.is_empty()).then(|| format!("for this connection only: {named}"))
}

pub(super) fn proxy_connection(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("from before HTTP/1.1: means nothing (RFC 9112 appendix C.2.2)".to_owned())
}

/// `timeout=5, max=100`.
pub(super) fn keep_alive(value: &[u8], _: &About<'_>) -> Option<String> {
    let find = |name: &str| {
        let mut pairs = split(value, b',').map(pair);
        pairs.find_map(|(found, value)| value.filter(|_| is(found, name)).and_then(|v| number(&v)))
    };
    match (find("timeout"), find("max")) {
        (Some(idle), Some(most)) => Some(format!(
            "closed when idle for {}, or after {} more requests",
            Span(idle),
            figure(most)
        )),
        (Some(idle), None) => Some(format!("closed when idle for {}", Span(idle))),
        (None, Some(most)) => Some(format!("closed after {} more requests", figure(most))),
        (None, None) => None,
    }
}

/// RFC 9110 section 7.8.
pub(super) fn upgrade(value: &[u8], about: &About<'_>) -> Option<String> {
    let protocols = names(split(value, b','));
    if protocols.is_empty() {
        return None;
    }
    Some(match (about.is_request(), about.status) {
        (true, _) => format!("asks to go on with {protocols}"),
        (false, Some(101)) => format!("goes on with {protocols}"),
        (false, Some(426)) => format!("insists on {protocols}"),
        (false, _) => format!("would speak {protocols}; this client speaks HTTP/1.1"),
    })
}

/// RFC 9110 section 6.6.2.
pub(super) fn trailer(value: &[u8], _: &About<'_>) -> Option<String> {
    let fields = names(split(value, b','));
    (!fields.is_empty()).then(|| format!("{fields} will stand behind the content"))
}

/// RFC 9110 section 10.1.4.
pub(super) fn te(value: &[u8], _: &About<'_>) -> Option<String> {
    let others = names(split(value, b',').map(head).filter(|coding| !is(coding, "trailers")));
    Some(match (says(value, "trailers"), others.is_empty()) {
        (true, true) => "fields behind the content are kept".to_owned(),
        (true, false) => format!("takes {others} on the way, and fields behind the content"),
        (false, false) => format!("takes {others} on the way"),
        (false, true) => return None,
    })
}

/// RFC 7838: where else the same can be had.
pub(super) fn alt_svc(value: &[u8], _: &About<'_>) -> Option<String> {
    if is(value, "clear") {
        return Some("other ways to here are to be forgotten".to_owned());
    }
    let first = split(value, b',').next()?;
    let (protocol, place) = pair(head(first));
    let place = place?;
    let at = place.iter().rposition(|b| *b == b':')?;
    let (host, port) = (&place[..at], number(&place[at + 1..])?);
    let protocol = match protocol {
        b"h3" => "HTTP/3".to_owned(),
        b"h2" => "HTTP/2".to_owned(),
        _ if protocol.starts_with(b"h3-") => format!("HTTP/3 ({})", quote(protocol)),
        _ => quote(protocol),
    };
    let host = if host.is_empty() { String::new() } else { format!(" of {}", quote(host)) };
    // Without one, a day (RFC 7838 section 3.1).
    let age = param(first, "ma").and_then(|age| number(&age)).unwrap_or(86_400);
    let more = match split(value, b',').count() {
        1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    let span = Span(age);
    Some(format!("{protocol} on port {port}{host}{more}, for {span}; this client speaks HTTP/1.1"))
}

pub(super) fn server(value: &[u8], _: &About<'_>) -> Option<String> {
    tells_version(value)
}

pub(super) fn powered_by(value: &[u8], _: &About<'_>) -> Option<String> {
    tells_version(value).or_else(|| Some("tells what the site is made with".to_owned()))
}

/// A product with its version, which tells anybody what it is vulnerable to.
fn tells_version(value: &[u8]) -> Option<String> {
    let slash = value.iter().position(|b| *b == b'/')?;
    let version = value[slash + 1..].split(u8::is_ascii_whitespace).next()?;
    let tells = version.first().is_some_and(u8::is_ascii_digit) && version.contains(&b'.');
    let product = value[..slash].rsplit(u8::is_ascii_whitespace).next()?;
    tells.then(|| format!("tells its version: {} {}", quote(product), quote(version)))
}

/// What took how long, by the server's account.
pub(super) fn server_timing(value: &[u8], _: &About<'_>) -> Option<String> {
    let metric = |member: &'_ [u8]| {
        let said = param(member, "desc").filter(|text| !text.is_empty()).map(|said| quote(&said));
        let name = quote(head(member));
        match (said, param(member, "dur").as_deref().and_then(millis)) {
            (said, Some(millis)) => format!("{} {millis} ms", said.unwrap_or(name)),
            (Some(said), None) => format!("{name} {said}"),
            (None, None) => name,
        }
    };
    let words = listed(split(value, b',').map(metric));
    (!words.is_empty()).then_some(words)
}

/// Milliseconds with at most one digit behind the point.
fn millis(text: &[u8]) -> Option<String> {
    let mut parts = text.splitn(2, |b| *b == b'.');
    let whole = number(parts.next()?)?;
    match parts.next().and_then(<[u8]>::first) {
        Some(tenth) if whole < 100 && *tenth != b'0' && tenth.is_ascii_digit() => {
            Some(format!("{whole}.{}", char::from(*tenth)))
        }
        _ => Some(figure(whole)),
    }
}

/// Seconds with a fraction, as Rails writes them.
pub(super) fn runtime(value: &[u8], _: &About<'_>) -> Option<String> {
    let mut parts = value.splitn(2, |b| *b == b'.');
    let whole = number(parts.next()?)?;
    let mut digits = parts.next().unwrap_or_default().iter().filter(|b| b.is_ascii_digit());
    let mut next = || u64::from(digits.next().map_or(0, |digit| digit - b'0'));
    let thousandths = next() * 100 + next() * 10 + next();
    let millis = whole.saturating_mul(1000).saturating_add(thousandths);
    Some(format!("made in {} ms", figure(millis)))
}

/// W3C trace context: version, trace, span, flags.
pub(super) fn traceparent(value: &[u8], _: &About<'_>) -> Option<String> {
    let mut parts = value.splitn(4, |b| *b == b'-');
    let (_, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &[u8], len| text.len() == len && text.iter().all(u8::is_ascii_hexdigit);
    if !hex(trace, 32) || !hex(span, 16) || flags.len() < 2 {
        return Some("malformed".to_owned());
    }
    let sampled = flags.get(1).is_some_and(|b| matches!(b, b'1' | b'3' | b'5' | b'7' | b'9'));
    let kept = if sampled { "recorded" } else { "not recorded" };
    Some(format!("trace {}…, {kept}", quote(&trace[..8])))
}

/// RFC 8470.
pub(super) fn early_data(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"1").then(|| "sent before the handshake was over: it may be a replay".to_owned())
}
