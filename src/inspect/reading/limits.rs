//! When to come again: `Retry-After`, and limits of rate by their drafts and customs.

use super::About;
use super::text::{
    away, date, figure, head, is, listed, moment, number, pair, param, quote, split, unquote,
};
use crate::base::{Span, Wall};

/// A number from here on is a moment, in seconds since 1970; a smaller one is a span. It stands
/// for the year 2001: no server asks for a wait of thirty years.
const MOMENTS: u64 = 1_000_000_000;

/// From here on, a moment in milliseconds.
const MILLISECONDS: u64 = 100_000_000_000;

/// No date is shown of a moment that is so many seconds away, which is where spans end, too.
const FAR: i64 = 1 << 31;

/// A wait that is longer is told of.
const LONG: u64 = 365 * 86_400;

/// RFC 9110 section 10.2.3.
pub(super) fn retry_after(value: &[u8], about: &About<'_>) -> Option<String> {
    let at = match (number(value), date(value, about.now)) {
        (Some(seconds), _) if seconds > LONG => return Some(format!("in {}", Span(seconds))),
        (Some(seconds), _) => after(seconds, about),
        (None, Ok(at)) => at,
        (None, Err(_)) => {
            return Some("neither seconds nor a date (RFC 9110 section 10.2.3)".to_owned());
        }
    };
    Some(when(at, about.now))
}

/// So many seconds after the answer came.
fn after(seconds: u64, about: &About<'_>) -> Wall {
    about.came().plus_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn when(at: Wall, now: Wall) -> String {
    match away(at, now).as_str() {
        "now" => "now".to_owned(),
        past if past.ends_with(" ago") => format!("now: that was {past}"),
        // A moment that far away has no date that anybody means.
        ahead if at.secs().saturating_sub(now.secs()) >= FAR => ahead.to_owned(),
        ahead => format!("{ahead}, at {}", moment(at, now)),
    }
}

/// `"default";r=50;t=30`, or the older `limit=100, remaining=50, reset=30`.
pub(super) fn rate_limit(value: &[u8], about: &About<'_>) -> Option<String> {
    let old = |name: &str| {
        let mut pairs = split(value, b',').map(pair);
        pairs.find_map(|(found, value)| value.filter(|_| is(found, name)).and_then(|v| number(&v)))
    };
    if let Some(left) = old("remaining") {
        let of = old("limit").map(|limit| format!(" of {}", figure(limit))).unwrap_or_default();
        let reset = old("reset")
            .map(|reset| format!(", new ones {}", away(after(reset, about), about.now)));
        return Some(format!("{}{of} requests left{}", figure(left), reset.unwrap_or_default()));
    }
    let policy = |member: &'_ [u8]| {
        let left = number(&param(member, "r")?)?;
        let reset = param(member, "t").and_then(|reset| number(&reset));
        let reset =
            reset.map(|reset| format!(", new ones {}", away(after(reset, about), about.now)));
        Some(format!("{} left{}", figure(left), reset.unwrap_or_default()))
    };
    let words = listed(split(value, b',').filter_map(policy));
    (!words.is_empty()).then_some(words)
}

/// `"default";q=100;w=60`, or the older `100;w=60`.
pub(super) fn policy(value: &[u8], _: &About<'_>) -> Option<String> {
    let words = |member: &'_ [u8]| {
        let first = head(member);
        let quota =
            param(member, "q").and_then(|quota| number(&quota)).or_else(|| number(first))?;
        let window = param(member, "w").and_then(|window| number(&window));
        let window = window.map(|window| format!(" in {}", Span(window))).unwrap_or_default();
        let unit = param(member, "qu").map(|unit| quote(&unit));
        Some(format!("{} {}{window}", figure(quota), unit.unwrap_or_else(|| "requests".to_owned())))
    };
    let words = listed(split(value, b',').filter_map(words));
    (!words.is_empty()).then_some(words)
}

pub(super) fn limit(value: &[u8], _: &About<'_>) -> Option<String> {
    let first = split(value, b',').next()?;
    let quota = number(head(first))?;
    // `100, 100;w=60`: the window stands behind.
    let window = split(value, b',').find_map(|member| param(member, "w"));
    let window = window.and_then(|window| number(&window));
    let window = window.map(|window| format!(" in {}", Span(window)));
    let in_all = window.unwrap_or_else(|| ", in a span it does not tell".to_owned());
    Some(format!("{}{in_all}", requests(quota)))
}

pub(super) fn remaining(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match number(split(value, b',').next()?)? {
        0 => "none left: the next one may be refused".to_owned(),
        left => format!("{} left", requests(left)),
    })
}

pub(super) fn used(value: &[u8], about: &About<'_>) -> Option<String> {
    let used = number(value)?;
    let limit = about.get("X-RateLimit-Limit").and_then(number);
    Some(match limit {
        Some(limit) => format!("{} of {} requests made", figure(used), figure(limit)),
        None => format!("{} made", requests(used)),
    })
}

fn requests(quota: u64) -> String {
    let several = if quota == 1 { "" } else { "s" };
    format!("{} request{several}", figure(quota))
}

/// Nobody says whether it is a span or a moment: large numbers are moments.
pub(super) fn reset(value: &[u8], about: &About<'_>) -> Option<String> {
    let text = unquote(split(value, b',').next()?);
    let whole = text.split(|b| *b == b'.').next().unwrap_or_default();
    let Some(given) = number(whole) else {
        let at = date(&text, about.now).ok()?;
        return Some(when(at, about.now));
    };
    let moment_of = |secs: u64| Wall::from_secs(i64::try_from(secs).unwrap_or(i64::MAX));
    Some(match given {
        0..MOMENTS => format!("{}, taken as seconds", when(after(given, about), about.now)),
        MOMENTS..MILLISECONDS => {
            format!("{}, taken as a moment", when(moment_of(given), about.now))
        }
        _ => format!("{}, taken as milliseconds", when(moment_of(given / 1000), about.now)),
    })
}
