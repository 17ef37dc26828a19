//! What the readings share: members and parameters, dates, sizes, and text from the network.
//!
//! Values are hostile: any bytes, megabytes of them. Everything here takes linear time, and
//! whatever is quoted is short and can be printed.

use crate::base::{Span, Wall, compact_date, http_date, is_unseen, parse_date};
use std::borrow::Cow;
use std::fmt::Display;

/// Text from the network is quoted up to so many characters: what fits beside the rest of a line.
pub(super) const QUOTED: usize = 40;

/// So many things are listed by name.
pub(super) const LISTED: usize = 5;

/// What a reading says of a date that is none.
pub(super) const NO_DATE: &str = "no date (RFC 9110 section 5.6.7)";

/// Text from the network, short and printable: what is not is shown as a replacement character.
pub(super) fn quote(text: &[u8]) -> String {
    quote_up_to(text, QUOTED)
}

pub(super) fn quote_up_to(text: &[u8], most: usize) -> String {
    // No character takes more than four bytes, so a longer text is cut anyway.
    let text = String::from_utf8_lossy(&text[..text.len().min(most * 4 + 4)]);
    let mut shown: String = text.chars().take(most).map(printable).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

/// Control characters, and what cannot be seen.
fn printable(c: char) -> char {
    if c.is_control() || is_unseen(c) { '\u{fffd}' } else { c }
}

/// `1 cookie`, `2 cookies`.
pub(super) fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

/// A number that was read by [`number`], as it is shown.
pub(super) fn figure(read: u64) -> String {
    match read {
        u64::MAX => "more than 10^19".to_owned(),
        _ => read.to_string(),
    }
}

/// A size: `812 bytes`, `12.3 KiB`.
pub(super) fn bytes(size: u64) -> String {
    if size == u64::MAX {
        return "more than 16383 PiB".to_owned();
    }
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let Some(largest) = UNITS.iter().enumerate().rev().find(|(at, _)| size >> (10 * (at + 1)) > 0)
    else {
        return if size == 1 { "1 byte".to_owned() } else { format!("{size} bytes") };
    };
    let (at, unit) = largest;
    let tenths = (u128::from(size) * 10) >> (10 * (at + 1));
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// How many of a hundred `part` is of `whole`, rounded down.
pub(super) fn percent(part: u64, whole: u64) -> u128 {
    u128::from(part) * 100 / u128::from(whole.max(1))
}

/// Digits and nothing else; more than fits is the most there is.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let plain = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    plain.then(|| {
        let more =
            |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
        text.iter().fold(0, more)
    })
}

/// The parts between separators that stand in no quoted string; trimmed, empty ones left out.
pub(super) fn split(text: &[u8], separator: u8) -> Split<'_> {
    Split { rest: Some(text), separator, angles: false }
}

/// The links of `Link` and the like: nothing between `<` and `>` separates.
pub(super) fn split_links(text: &[u8]) -> Split<'_> {
    Split { rest: Some(text), separator: b',', angles: true }
}

pub(super) struct Split<'t> {
    rest: Option<&'t [u8]>,
    separator: u8,
    angles: bool,
}

impl<'t> Iterator for Split<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        loop {
            let rest = self.rest?;
            let (mut quoted, mut escaped, mut angle) = (false, false, false);
            let end = rest.iter().position(|byte| {
                let ends = *byte == self.separator && !quoted && !angle;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' if !angle => quoted = !quoted,
                    b'<' if self.angles && !quoted => angle = true,
                    b'>' if angle => angle = false,
                    _ => {}
                }
                ends
            });
            let part = &rest[..end.unwrap_or(rest.len())];
            self.rest = end.map(|end| &rest[end + 1..]);
            let part = part.trim_ascii();
            if !part.is_empty() {
                return Some(part);
            }
        }
    }
}

/// `name=value`, both trimmed, the value without quotes; a name alone has no value.
pub(super) fn pair(text: &[u8]) -> (&[u8], Option<Cow<'_, [u8]>>) {
    match text.iter().position(|b| *b == b'=') {
        Some(at) => (text[..at].trim_ascii(), Some(unquote(text[at + 1..].trim_ascii()))),
        None => (text.trim_ascii(), None),
    }
}

/// A member's head, and the first value of a parameter of it, without quotes.
pub(super) fn param<'t>(member: &'t [u8], name: &str) -> Option<Cow<'t, [u8]>> {
    split(member, b';')
        .skip(1)
        .map(pair)
        .find_map(|(found, value)| value.filter(|_| found.eq_ignore_ascii_case(name.as_bytes())))
}

/// Whether a member has a parameter, with or without a value.
pub(super) fn has_param(member: &[u8], name: &str) -> bool {
    split(member, b';').skip(1).any(|part| pair(part).0.eq_ignore_ascii_case(name.as_bytes()))
}

/// What stands before the parameters.
pub(super) fn head(member: &[u8]) -> &[u8] {
    split(member, b';').next().unwrap_or_default()
}

/// A text without the quotes around it, its escapes undone.
pub(super) fn unquote(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(inside) = text.strip_prefix(b"\"") else { return Cow::Borrowed(text) };
    let inside = inside.strip_suffix(b"\"").unwrap_or(inside);
    if !inside.contains(&b'\\') {
        return Cow::Borrowed(inside);
    }
    let mut escaped = false;
    let kept = inside.iter().filter(|byte| {
        escaped = **byte == b'\\' && !escaped;
        !escaped
    });
    Cow::Owned(kept.copied().collect())
}

/// Names from the network, by commas; the rest of many is counted.
pub(super) fn names<'t>(items: impl IntoIterator<Item = &'t [u8]>) -> String {
    listed(items.into_iter().map(|item| quote_up_to(item, 24)))
}

/// Words by commas; the rest of many is counted. Only what is shown is made.
pub(super) fn listed(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut items = items.into_iter();
    let mut text = String::new();
    for item in items.by_ref().take(LISTED) {
        let gap = if text.is_empty() { "" } else { ", " };
        text.push_str(&format!("{gap}{item}"));
    }
    match items.count() {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// Words that are always the same.
pub(super) fn say(words: &str) -> Option<String> {
    Some(words.to_owned())
}

/// Whether a list has this member, without case.
pub(super) fn says(text: &[u8], word: &str) -> bool {
    split(text, b',').any(|member| member.eq_ignore_ascii_case(word.as_bytes()))
}

pub(super) fn is(text: &[u8], word: &str) -> bool {
    text.eq_ignore_ascii_case(word.as_bytes())
}

/// A moment as people write it: the time where it is of the same day, else the date with it.
pub(super) fn moment(at: Wall, now: Wall) -> String {
    let (text, today) = (compact_date(at), compact_date(now));
    let (day, time) = (&text[..8], &text[9..]);
    if text[..8] == today[..8] {
        return format!("{time} UTC");
    }
    format!("{}-{}-{} {} UTC", &day[..4], &day[4..6], &day[6..], &time[..5])
}

/// A date as it is written, and how far away it is: `in 2 min`, `3 h ago`, `now`.
pub(super) fn away(at: Wall, now: Wall) -> String {
    match at.secs().saturating_sub(now.secs()) {
        0 => "now".to_owned(),
        ahead @ 1.. => format!("in {}", Span(ahead.unsigned_abs())),
        behind => format!("{} ago", Span(behind.unsigned_abs())),
    }
}

/// A date of HTTP in words; one that is none says so, and what it may be meant as.
pub(super) fn date(text: &[u8], now: Wall) -> Result<Wall, String> {
    let Some(at) = http_date(text, now) else {
        let text = std::str::from_utf8(text).ok().filter(|text| text.len() < 64);
        // A bare number is a date to `parse_date` where it has eight digits, and to nobody else.
        let text = text.filter(|text| text.contains(|c: char| c.is_ascii_alphabetic()));
        return Err(match text.and_then(parse_date) {
            Some(at) => format!("{NO_DATE}, perhaps {}", moment(at, now)),
            None => NO_DATE.to_owned(),
        });
    };
    Ok(at)
}
