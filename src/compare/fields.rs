//! The fields of two answers.

use super::{Answer, Body, Difference, Options};
use crate::base::{Headers, Wall, is_made_anew, parse_date};
use std::collections::BTreeMap;

/// Fields that say when, on which connection and by which machine an answer came.
const VOLATILE: [&str; 38] = [
    "age",
    "alt-svc",
    "cf-cache-status",
    "cf-ray",
    "connection",
    "date",
    "eagleid",
    "fastly-debug-digest",
    "keep-alive",
    "nel",
    "report-to",
    "reporting-endpoints",
    "server-timing",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "via",
    "x-akamai-transformed",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amz-id-2",
    "x-azure-ref",
    "x-backend",
    "x-cache",
    "x-cache-hits",
    "x-cache-lookup",
    "x-debug-token",
    "x-envoy-upstream-service-time",
    "x-message-id",
    "x-request-start",
    "x-response-time",
    "x-runtime",
    "x-served-by",
    "x-timer",
    "x-trace",
    "x-varnish",
    "x-vercel-id",
    "x-nf-request-id",
];

/// Fields that count what is left to this client.
const COUNTING: [&str; 2] = ["ratelimit", "x-ratelimit-"];

/// Fields that describe the content: where it is the same they tell of the machine that has it.
const OF_CONTENT: [&str; 8] = [
    "content-digest",
    "content-encoding",
    "content-length",
    "content-md5",
    "digest",
    "etag",
    "last-modified",
    "repr-digest",
];

/// How far two lifetimes may be apart that were told as dates, in seconds: the clock ticks while
/// an answer is made.
const SLACK: u64 = 2;

/// The values of one field on both sides.
#[derive(Default)]
struct Both<'a> {
    name: &'a str,
    a: Vec<&'a [u8]>,
    b: Vec<&'a [u8]>,
}

/// The fields that differ, and the names of those that do not count.
pub(super) fn compare(
    a: &Answer<'_>,
    b: &Answer<'_>,
    options: &Options,
    body: &Body,
) -> (Vec<Difference>, Vec<String>) {
    let (mut differ, mut ignored) = (Vec::new(), Vec::new());
    for (name, both) in fields(a.headers, b.headers) {
        let text = |answer: &Answer<'_>, values: &[&[u8]]| {
            let whole = String::from_utf8_lossy(&values.join(&b", "[..])).into_owned();
            let shown = if options.strict { whole } else { normalised(&name, whole, answer) };
            (!values.is_empty()).then_some(shown)
        };
        let (one, other) = (text(a, &both.a), text(b, &both.b));
        if one == other {
            continue;
        }
        if !options.strict && is_volatile(&name, a.headers, b.headers, body) {
            ignored.push(both.name.to_owned());
        } else {
            differ.push(Difference::new(both.name, one.as_deref(), other.as_deref()));
        }
    }
    (differ, ignored)
}

/// Every field but cookies, by its name in lower case.
fn fields<'a>(a: &'a Headers, b: &'a Headers) -> BTreeMap<String, Both<'a>> {
    let mut all: BTreeMap<String, Both<'a>> = BTreeMap::new();
    let sides = [a, b].into_iter().enumerate();
    for (side, field) in sides.flat_map(|(side, h)| h.iter().map(move |field| (side, field))) {
        if field.is("Set-Cookie") {
            continue;
        }
        let both = all.entry(field.name.to_ascii_lowercase()).or_default();
        if both.name.is_empty() {
            both.name = field.name;
        }
        if side == 0 { both.a.push(field.value) } else { both.b.push(field.value) }
    }
    all
}

fn is_volatile(name: &str, a: &Headers, b: &Headers, body: &Body) -> bool {
    let same = matches!(body, Body::Same | Body::Decoded | Body::Normalised(_));
    VOLATILE.contains(&name)
        || COUNTING.iter().any(|front| name.starts_with(front))
        || is_made_anew(name)
        || (same && OF_CONTENT.contains(&name))
        || (name == "expires" && same_lifetime(a, b))
}

/// Whether `Expires` says of both that they live as long, or that both are stale when they come.
fn same_lifetime(a: &Headers, b: &Headers) -> bool {
    let lifetime = |headers: &Headers| match (date(headers, "Expires"), date(headers, "Date")) {
        (None, _) if !headers.has("Expires") => None,
        // What is no date is over (RFC 9111 section 5.3).
        (None, _) => Some(0),
        (Some(end), Some(now)) => Some(end.saturating_sub(now).max(0)),
        (Some(_), None) => None,
    };
    match (lifetime(a), lifetime(b)) {
        (Some(one), Some(other)) => one.abs_diff(other) <= SLACK,
        _ => false,
    }
}

/// A field's date, in seconds.
pub(super) fn date(headers: &Headers, name: &str) -> Option<i64> {
    parse_date(headers.get_str(name)?).map(Wall::secs)
}

/// A value without what is made anew in it, and without its side's own origin.
fn normalised(name: &str, value: String, answer: &Answer<'_>) -> String {
    match name {
        "location" | "content-location" => answer.place(&value),
        "content-security-policy" | "content-security-policy-report-only" => {
            blanked(&value, "'nonce-", '\'')
        }
        "www-authenticate" | "proxy-authenticate" => {
            blanked(&blanked(&value, "nonce=\"", '"'), "opaque=\"", '"')
        }
        _ => value,
    }
}

/// The value with everything from behind each `front` to the next `end` replaced by one mark.
fn blanked(value: &str, front: &str, end: char) -> String {
    let mut parts = value.split(front);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.find(end).map_or("", |at| &part[at..]);
        all.push_str(front);
        all.push('…');
        all.push_str(rest);
    }
    all
}
