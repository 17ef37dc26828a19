//! What caches on the way were told, and what they did.

use super::About;
use super::text::{
    count, figure, has_param, head, listed, moment, number, param, quote, split, unquote,
};
use crate::base::{Span, Wall};
use crate::caching::Directives;

/// `CDN-Cache-Control` and its like (RFC 9213).
pub(super) fn targeted(value: &[u8], _: &About<'_>) -> Option<String> {
    let mut read = Directives::default();
    read.line(value);
    let age = read.max_age.seconds().or(read.s_maxage.seconds());
    let what = match age {
        _ if read.no_store => "stores nothing".to_owned(),
        _ if read.no_cache.is_whole() => "asks before each use".to_owned(),
        Some(seconds) => format!("keeps it for {}", Span(seconds)),
        None => return Some("for the CDN, in place of Cache-Control (RFC 9213)".to_owned()),
    };
    Some(format!("the CDN {what}, whatever Cache-Control says"))
}

/// `Cache-Status` (RFC 9211): a member for each cache, the nearest to the server first.
pub(super) fn status(value: &[u8], _: &About<'_>) -> Option<String> {
    let caches = split(value, b',').map(|member| {
        let name = quote(&unquote(head(member)));
        let ttl = param(member, "ttl");
        let ttl = ttl.as_deref().map(|ttl| match (ttl.strip_prefix(b"-"), number(ttl)) {
            (_, Some(left)) => format!(", fresh for {}", Span(left)),
            (Some(past), None) => {
                number(past).map(|past| format!(", stale since {}", Span(past))).unwrap_or_default()
            }
            (None, None) => String::new(),
        });
        let forwarded = param(member, "fwd").map(|why| why_forwarded(&why).to_owned());
        let stored = if has_param(member, "stored") { ", stored now" } else { "" };
        match has_param(member, "hit") {
            true => format!("{name}: hit{}", ttl.unwrap_or_default()),
            false => match forwarded {
                Some(why) => format!("{name}: {why}{stored}"),
                None => format!("{name}: does not say"),
            },
        }
    });
    let words = listed(caches);
    (!words.is_empty()).then_some(words)
}

/// Why a cache asked the server (RFC 9211 section 2.2).
fn why_forwarded(why: &[u8]) -> &'static str {
    match why {
        b"bypass" => "told not to answer",
        b"method" => "the method is passed on",
        b"uri-miss" => "miss, nothing of this URL",
        b"vary-miss" => "miss, no copy for such a request",
        b"miss" => "miss",
        b"request" => "had it, the request wants the server",
        b"stale" => "had it, stale",
        b"partial" => "had a part",
        _ => "asked the server",
    }
}

/// `X-Cache` and its like, which nobody specifies.
pub(super) fn hit(value: &[u8], _: &About<'_>) -> Option<String> {
    // Several caches are named in order: the last is the nearest to the client.
    let words = |member: &[u8]| {
        let text = String::from_utf8_lossy(&member[..member.len().min(64)]).to_ascii_lowercase();
        let has = |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == word);
        let known: [(&[&str], &str); 9] = [
            (
                &["revalidated", "refreshhit", "refresh"],
                "revalidated: from a cache, which asked the server",
            ),
            (&["updating"], "from a cache, which asks the server meanwhile"),
            (&["stale"], "from a cache, stale"),
            (&["hit"], "from a cache"),
            (&["expired"], "the cache's copy was stale: from the server"),
            (&["miss"], "not in the cache: from the server"),
            (&["dynamic"], "taken as not cacheable: from the server"),
            (
                &["bypass", "pass", "uncacheable", "none"],
                "not looked up in the cache: from the server",
            ),
            (&["prerender"], "made beforehand, from a cache"),
        ];
        known
            .into_iter()
            .find(|(marks, _)| marks.iter().any(|mark| has(mark)))
            .map(|(_, words)| words)
    };
    let members: Vec<&str> = split(value, b',').take(8).filter_map(words).collect();
    let (nearest, others) = members.split_last()?;
    let had = |words: &&str| words.starts_with("from a cache");
    let caches = members.len();
    Some(match others.iter().any(had) {
        true if !had(nearest) => format!("from a cache, not from the nearest of {caches}"),
        _ if others.is_empty() => (*nearest).to_owned(),
        _ if had(nearest) => format!("{nearest}, the nearest of {caches}"),
        _ => (*nearest).to_owned(),
    })
}

/// How often each cache had it.
pub(super) fn hits(value: &[u8], _: &About<'_>) -> Option<String> {
    let last = split(value, b',').last().and_then(number)?;
    Some(match last {
        0 => "the nearest cache did not have it".to_owned(),
        1 => "the nearest cache has answered with it once".to_owned(),
        times => format!("the nearest cache has answered with it {} times", figure(times)),
    })
}

/// One number where Varnish asked the server, two where it had it.
pub(super) fn varnish(value: &[u8], _: &About<'_>) -> Option<String> {
    let numbers = value.split(u8::is_ascii_whitespace).filter(|part| number(part).is_some());
    match numbers.count() {
        1 => Some("not in Varnish: from the server".to_owned()),
        2 => Some("from Varnish's cache".to_owned()),
        _ => None,
    }
}

/// For nginx: seconds, or `@` and a moment.
pub(super) fn accel_expires(value: &[u8], about: &About<'_>) -> Option<String> {
    if value == b"0" {
        return Some("nginx is not to store it".to_owned());
    }
    match (value.strip_prefix(b"@"), number(value)) {
        (_, Some(seconds)) => Some(format!("nginx keeps it for {}", Span(seconds))),
        (Some(secs), None) => {
            let at = Wall::from_secs(i64::try_from(number(secs)?).ok()?);
            Some(format!("nginx keeps it until {}", moment(at, about.now)))
        }
        (None, None) => Some("for nginx, and makes no sense".to_owned()),
    }
}

/// Names by which a CDN can be told to drop it.
pub(super) fn tags(value: &[u8], _: &About<'_>) -> Option<String> {
    let separates = |b: &u8| b.is_ascii_whitespace() || *b == b',';
    let number = value.split(separates).filter(|tag| !tag.is_empty()).count();
    (number > 0).then(|| format!("dropped from the CDN by any of {}", count(number, "name")))
}
