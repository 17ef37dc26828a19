//! What a request asks for, and what it tells of who asks.

use super::About;
use super::content::tongue;
use super::text::{
    LISTED, away, bytes, date, figure, head, is, listed, moment, names, number, pair, param, quote,
    say, split,
};

pub(super) fn host(value: &[u8], about: &About<'_>) -> Option<String> {
    let host = about.url?.host_str()?;
    let named = split(value, b':').next().unwrap_or_default();
    let bare = value.starts_with(b"[") || is(named, host);
    (!bare).then(|| format!("not the host of the URL, {}", quote(host.as_bytes())))
}

/// A member's weight in thousandths, and its name.
type Weighed<'v> = (u16, &'v [u8]);

/// The members by weight, the most wanted first; those of weight 0 apart.
fn weighed(value: &[u8]) -> (Vec<Weighed<'_>>, Vec<&[u8]>) {
    let (mut wanted, mut refused) = (Vec::new(), Vec::new());
    // More than this nobody sends, and nobody is shown.
    for member in split(value, b',').take(64) {
        match param(member, "q").map_or(Some(1000), |weight| thousandths(&weight)) {
            Some(0) => refused.push(head(member)),
            weight => wanted.push((weight.unwrap_or(1000), head(member))),
        }
    }
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    (wanted, refused)
}

/// `0.8` as 800 (RFC 9110 section 12.4.2).
fn thousandths(text: &[u8]) -> Option<u16> {
    let mut parts = text.splitn(2, |b| *b == b'.');
    let whole = match parts.next()? {
        b"0" => 0,
        b"1" => 1000,
        _ => return None,
    };
    let digits = parts.next().unwrap_or_default();
    if digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut places = digits.iter().map(|digit| u16::from(digit - b'0')).chain([0; 3]);
    let mut place = || places.next().unwrap_or(0);
    Some((whole + place() * 100 + place() * 10 + place()).min(1000))
}

fn preference(value: &[u8], any: &str, words: impl Fn(&[u8]) -> String) -> Option<String> {
    let (wanted, refused) = weighed(value);
    let is_any = |name: &[u8]| matches!(name, b"*" | b"*/*");
    let first = wanted.first()?;
    let ranked = wanted.iter().any(|(weight, _)| weight != &first.0);
    let rest = wanted.iter().any(|(_, name)| is_any(name));
    let mut said = String::new();
    for (place, (weight, name)) in wanted.iter().take(LISTED).enumerate() {
        // Of equal weight none is wanted more (section 12.4.2).
        let next = wanted.get(place + 1).map(|(weight, _)| weight);
        let last = next != Some(weight);
        said.push_str(match wanted[..place].last() {
            None => "",
            Some((before, _)) if before == weight && !last => ", ",
            Some((before, _)) if before == weight && (ranked || rest) => " or ",
            Some((before, _)) if before == weight => ", ",
            Some(_) if is_any(name) && next.is_none() => ", else ",
            Some(_) => ", then ",
        });
        said.push_str(&if is_any(name) { any.to_owned() } else { words(name) });
    }
    match wanted.len().saturating_sub(LISTED) {
        0 => {}
        more => said.push_str(&format!(" and {more} more")),
    }
    if !refused.is_empty() {
        said.push_str(&format!("; not {}", names(refused)));
    }
    Some(said)
}

pub(super) fn accept(value: &[u8], _: &About<'_>) -> Option<String> {
    preference(value, "anything", quote).map(|words| format!("wants {words}"))
}

pub(super) fn accept_encoding(value: &[u8], about: &About<'_>) -> Option<String> {
    if value.is_empty() || is(value, "identity") {
        return Some("wants it as it is, not compressed".to_owned());
    }
    let used = if about.is_request() { "takes it compressed: " } else { "takes " };
    preference(value, "any coding", quote).map(|words| format!("{used}{words}"))
}

pub(super) fn accept_language(value: &[u8], _: &About<'_>) -> Option<String> {
    preference(value, "any language", tongue).map(|words| format!("wants {words}"))
}

pub(super) fn accept_charset(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("deprecated: servers pass it over (RFC 9110 section 12.5.2)".to_owned())
}

/// RFC 9110 section 14.2.
pub(super) fn range(value: &[u8], _: &About<'_>) -> Option<String> {
    let (unit, ranges) = pair(value);
    let ranges = ranges.filter(|_| is(unit, "bytes"));
    let Some(ranges) = ranges else { return Some("no range of bytes: passed over".to_owned()) };
    let several = split(&ranges, b',').count();
    if several > 1 {
        return Some(format!("{several} parts"));
    }
    let first = split(&ranges, b',').next().unwrap_or_default();
    let dash = first.iter().position(|b| *b == b'-');
    let (from, to) = dash.map_or((first, first), |at| (&first[..at], &first[at + 1..]));
    Some(match (dash, number(from), number(to)) {
        (Some(_), Some(0), Some(to)) => format!("the first {}", bytes(to.saturating_add(1))),
        (Some(_), Some(from), Some(to)) if from <= to => {
            format!("{} from byte {from}", bytes((to - from).saturating_add(1)))
        }
        (Some(_), Some(from), None) if to.is_empty() => format!("all from byte {from}"),
        (Some(_), None, Some(0)) if from.is_empty() => {
            "the last 0 bytes: nobody can give them (RFC 9110 section 14.1.2)".to_owned()
        }
        (Some(_), None, Some(last)) if from.is_empty() => format!("the last {}", bytes(last)),
        _ => "no range of bytes: passed over".to_owned(),
    })
}

fn tags(value: &[u8]) -> String {
    match split(value, b',').count() {
        1 => "the tag".to_owned(),
        several => format!("one of {several} tags"),
    }
}

pub(super) fn if_none_match(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match value {
        b"*" => "only if there is nothing yet".to_owned(),
        _ => format!("only if it is no longer {}: else 304", tags(value)),
    })
}

pub(super) fn if_match(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match value {
        b"*" => "only if there is something already: else 412".to_owned(),
        _ => format!("only if it is still {}: else 412", tags(value)),
    })
}

pub(super) fn if_modified_since(value: &[u8], about: &About<'_>) -> Option<String> {
    if about.get("If-None-Match").is_some() {
        return Some("has no effect beside If-None-Match".to_owned());
    }
    Some(since(value, about, "only if changed since"))
}

pub(super) fn if_unmodified_since(value: &[u8], about: &About<'_>) -> Option<String> {
    if about.get("If-Match").is_some() {
        return Some("has no effect beside If-Match".to_owned());
    }
    Some(since(value, about, "only if unchanged since"))
}

fn since(value: &[u8], about: &About<'_>, words: &str) -> String {
    match date(value, about.now) {
        Ok(at) => format!("{words} {}, {}", moment(at, about.now), away(at, about.now)),
        Err(why) => format!("{why}; passed over"),
    }
}

pub(super) fn if_range(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        _ if value.starts_with(b"W/") => "a weak tag never matches: the whole comes",
        _ if value.starts_with(b"\"") => "the part if it is still the tag, else the whole",
        _ => "the part if it is unchanged, else the whole",
    })
}

/// RFC 7240.
pub(super) fn prefer(value: &[u8], about: &About<'_>) -> Option<String> {
    let words = |member: &'_ [u8]| {
        let (name, how) = pair(head(member));
        let how = how.map(|how| quote(&how)).unwrap_or_default();
        match (name, how.as_str()) {
            _ if is(name, "respond-async") => "an answer at once, the work later".to_owned(),
            _ if is(name, "wait") => format!("an answer within {how} s"),
            _ if is(name, "return") && how == "minimal" => "a minimal answer".to_owned(),
            _ if is(name, "return") => "the content back".to_owned(),
            _ if is(name, "handling") => format!("{how} handling of errors"),
            (name, "") => quote(name),
            (name, how) => format!("{} {how}", quote(name)),
        }
    };
    let said = listed(split(value, b',').map(words));
    let how = if about.is_request() { "would like" } else { "followed:" };
    (!said.is_empty()).then(|| format!("{how} {said}"))
}

/// RFC 9218.
pub(super) fn priority(value: &[u8], _: &About<'_>) -> Option<String> {
    let find = |name: &str| split(value, b',').map(pair).find(|(found, _)| is(found, name));
    let urgency = find("u").and_then(|(_, value)| number(&value?)).filter(|urgency| *urgency <= 7);
    let piecewise = find("i").is_some_and(|(_, value)| value.as_deref() != Some(b"?0"));
    let pieces = if piecewise { ", of use in pieces" } else { "" };
    let rank = match urgency.unwrap_or(3) {
        3 => "of the usual urgency".to_owned(),
        urgency => format!("urgency {urgency} (0 is most, 7 least)"),
    };
    Some(format!("{rank}{pieces}"))
}

pub(super) fn expect(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match is(value, "100-continue") {
        true => "asks for leave before it sends the content",
        false => "unknown: likely refused with 417",
    })
}

pub(super) fn max_forwards(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match number(value)? {
        0 => "whoever gets it answers".to_owned(),
        1 => "answered behind one proxy at the latest".to_owned(),
        most => format!("answered behind {} proxies at the latest", figure(most)),
    })
}

/// RFC 7089.
pub(super) fn accept_datetime(value: &[u8], about: &About<'_>) -> Option<String> {
    Some(since(value, about, "as it was on"))
}

pub(super) fn last_event(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("the events behind {}", quote(value)))
}

pub(super) fn idempotency_key(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("sent again, it is to be done once".to_owned())
}

pub(super) fn method_override(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("asks to be taken for {}", quote(value)))
}

pub(super) fn http2_settings(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("for a change to HTTP/2, which is obsolete (RFC 9113 section 3.1)".to_owned())
}

pub(super) fn websocket_protocol(value: &[u8], about: &About<'_>) -> Option<String> {
    let protocols = names(split(value, b','));
    let how = if about.is_request() { "would speak" } else { "speaks" };
    (!protocols.is_empty()).then(|| format!("{how} {protocols} inside"))
}
