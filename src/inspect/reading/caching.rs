//! Fields that caches read (RFC 9111), and those in which they tell what they did.

use super::About;
use super::text::{
    away, date as read_date, has_param, head, is, listed, moment, number, param, quote, says,
    split, unquote,
};
use crate::base::{Headers, Method, Span, Wall, http_date};
use crate::caching::{Answer, Directives, Judgement, Tag, Vary, judge};

/// Clocks that differ by no more agree: dates have whole seconds, and answers take their time.
const SAME_TIME: u64 = 1;

pub(super) fn control(value: &[u8], about: &About<'_>) -> Option<String> {
    if about.is_request() {
        return asked(value);
    }
    if is_later_line("Cache-Control", value, about) {
        return Some("counted with the line above".to_owned());
    }
    let judged = judgement("Cache-Control", value, about);
    let repeated = judged.control.repeated.first();
    let unknown = match judged.control.unknown {
        _ if repeated.is_some() => "; given twice: the first counts (RFC 9111 section 4.2.1)",
        0 => "",
        1 => "; one directive is unknown",
        _ => "; some directives are unknown",
    };
    Some(format!("{judged}{unknown}"))
}

/// What caches make of the message; of this field alone where no more is known.
fn judgement(name: &str, value: &[u8], about: &About<'_>) -> Judgement {
    let nothing = Headers::new();
    let alone: Headers = [(name, value)].into_iter().collect();
    let answer = Answer {
        method: about.method.unwrap_or(&Method::GET),
        request: about.request.unwrap_or(&nothing),
        status: about.status.unwrap_or(200),
        headers: about.headers.filter(|headers| headers.has(name)).unwrap_or(&alone),
        requested: about.requested.unwrap_or(about.came()),
        received: about.came(),
    };
    judge(&answer, about.now)
}

/// Whether this is not the first line of a field that is read as a whole.
fn is_later_line(name: &str, value: &[u8], about: &About<'_>) -> bool {
    about.get(name).is_some_and(|first| first.trim_ascii() != value)
}

/// `Cache-Control` of a request (RFC 9111 section 5.2.1).
fn asked(value: &[u8]) -> Option<String> {
    let mut read = Directives::default();
    read.line(value);
    let span = |seconds: u64| Span(seconds).to_string();
    let seconds = [
        (read.max_age.seconds().filter(|age| *age > 0).map(span), "nothing older than "),
        (read.min_fresh.seconds().map(span), "only what stays fresh for "),
        (read.max_stale.seconds().map(span), "what is stale is welcome, for "),
        (
            read.stale_if_error.seconds().map(span),
            "what is stale is welcome if the server fails, for ",
        ),
    ];
    let flags = [
        (read.no_store, "caches are to store nothing"),
        (read.no_cache.is_whole(), "no cache is to answer without asking the server"),
        (read.max_age.seconds() == Some(0), "a cache is to ask the server first"),
        (read.only_if_cached, "only from a cache, else 504"),
        (read.no_transform, "nobody is to change the content"),
    ];
    let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, words)| words.to_owned());
    let seconds = seconds.into_iter().filter_map(|(span, words)| Some(format!("{words}{}", span?)));
    let words: Vec<String> = flags.chain(seconds).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// RFC 9111 section 5.1.
pub(super) fn age(value: &[u8], about: &About<'_>) -> Option<String> {
    let first = value.split(|b| *b == b',').next().unwrap_or_default().trim_ascii();
    let Some(seconds) = number(first) else {
        return Some("no number of seconds, passed over (RFC 9111 section 5.1)".to_owned());
    };
    let more = if first.len() < value.len() { "; of several ages the first counts" } else { "" };
    let since = match (about.received, about.now.secs() - about.came().secs()) {
        (Some(_), later @ 2..) => {
            format!("; {} old now", Span(seconds.saturating_add(later.unsigned_abs())))
        }
        _ => String::new(),
    };
    let words = match seconds {
        0 => "just made or revalidated".to_owned(),
        _ => format!("{} in caches when it came", Span(seconds)),
    };
    Some(words + &since + more)
}

/// RFC 9111 section 5.3.
pub(super) fn expires(value: &[u8], about: &About<'_>) -> Option<String> {
    let when = match http_date(value, about.now) {
        Some(at) => format!("{}, {}", away(at, about.now), moment(at, about.now)),
        None => "no date, so stale (RFC 9111 section 5.3)".to_owned(),
    };
    let control = about.headers.map(Directives::of).unwrap_or_default();
    let by = match control {
        _ if control.no_store => "no-store",
        _ if control.no_cache.is_whole() => "no-cache",
        _ if control.max_age != Default::default() => "max-age",
        _ => return Some(when),
    };
    Some(format!("{when}; has no effect beside {by}"))
}

/// RFC 9111 section 5.4.
pub(super) fn pragma(value: &[u8], about: &About<'_>) -> Option<String> {
    if !says(value, "no-cache") {
        return Some("obsolete (RFC 9111 section 5.4)".to_owned());
    }
    Some(match (about.is_request(), about.headers.is_some_and(|h| h.has("Cache-Control"))) {
        (true, true) => "has no effect beside Cache-Control".to_owned(),
        (true, false) => "no cache is to answer without asking the server".to_owned(),
        (false, _) => "means nothing in an answer (RFC 9111 section 5.4)".to_owned(),
    })
}

/// RFC 9110 section 8.8.3.
pub(super) fn etag(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match Tag::of(value) {
        None => "empty".to_owned(),
        Some(Tag::Strong) => "strong: the same tag means the same bytes".to_owned(),
        Some(Tag::Weak) => "weak: the same tag means as good as the same".to_owned(),
        Some(Tag::Malformed) if value.starts_with(b"w/") => {
            "malformed: the W is a capital (RFC 9110 section 8.8.3)".to_owned()
        }
        Some(Tag::Malformed) => "malformed: not in quotes (RFC 9110 section 8.8.3)".to_owned(),
    })
}

/// RFC 9110 section 8.8.2.
pub(super) fn last_modified(value: &[u8], about: &About<'_>) -> Option<String> {
    Some(match read_date(value, about.now) {
        Err(why) => format!("{why}; passed over"),
        Ok(at) => match at > about.now.plus_secs(60) {
            true => format!("{}: in the future", away(at, about.now)),
            false => format!("changed {}", away(at, about.now)),
        },
    })
}

/// RFC 9110 section 6.6.1.
pub(super) fn date(value: &[u8], about: &About<'_>) -> Option<String> {
    let at = match read_date(value, about.now) {
        Err(why) => return Some(why),
        Ok(at) => at,
    };
    let Some(received) = about.received else { return Some(away(at, about.now)) };
    // An answer that was in a cache is older, and its date with it.
    let aged = about.get("Age").and_then(number).unwrap_or(0);
    let made = Wall::from_secs(at.secs()).plus_secs(i64::try_from(aged).unwrap_or(i64::MAX));
    let by = made.secs().saturating_sub(received.secs());
    Some(match by.unsigned_abs() {
        ..=SAME_TIME => "agrees with this machine's clock".to_owned(),
        apart if by > 0 => format!("{} ahead of this machine's clock", Span(apart)),
        apart => format!("{} behind this machine's clock", Span(apart)),
    })
}

/// RFC 9110 section 12.5.5.
pub(super) fn vary(value: &[u8], _: &About<'_>) -> Option<String> {
    let alone: Headers = [("Vary", value)].into_iter().collect();
    match Vary::of(&alone) {
        Vary::Nothing => None,
        Vary::Anything => Some("a cached copy matches no other request".to_owned()),
        Vary::On(names) => {
            let personal = ["cookie", "authorization", "user-agent"];
            let found = names.iter().find(|name| personal.contains(&name.as_str()));
            let rarely = match found.map(String::as_str) {
                Some("user-agent") => ": one for each program that asks",
                Some(_) => ": hardly ever two users'",
                None => "",
            };
            let names = listed(names.iter().map(|name| quote(name.as_bytes())));
            Some(format!("a cached copy is for requests with the same {names}{rarely}"))
        }
    }
}

/// `CDN-Cache-Control` and its like (RFC 9213).
pub(super) fn targeted(value: &[u8], _: &About<'_>) -> Option<String> {
    let mut read = Directives::default();
    read.line(value);
    let age = read.max_age.seconds().or(read.s_maxage.seconds());
    let what = match age {
        _ if read.no_store => "to store nothing".to_owned(),
        _ if read.no_cache.is_whole() => "to ask before each use".to_owned(),
        Some(seconds) => format!("to keep it for {}", Span(seconds)),
        None => return Some("for the CDN, in place of Cache-Control (RFC 9213)".to_owned()),
    };
    Some(format!("tells the CDN {what}, whatever Cache-Control says"))
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
    match members.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        several => Some(format!("nearest of {} caches: {}", several.len(), several.last()?)),
    }
}

/// How often each cache had it.
pub(super) fn hits(value: &[u8], _: &About<'_>) -> Option<String> {
    let last = split(value, b',').last().and_then(number)?;
    Some(match last {
        0 => "the nearest cache did not have it".to_owned(),
        1 => "the nearest cache has answered with it once".to_owned(),
        times => format!("the nearest cache has answered with it {times} times"),
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

/// Obsolete, and still sent (RFC 9111 section 5.5).
pub(super) fn warning(value: &[u8], _: &About<'_>) -> Option<String> {
    let code = value.split(|b| *b == b' ').next().unwrap_or_default();
    let what = match code {
        b"110" => "stale",
        b"111" => "stale, the server did not answer",
        b"112" => "the cache is cut off",
        b"113" => "fresh by a guess",
        b"199" | b"299" => "a remark",
        b"214" => "changed on the way",
        _ => "unknown",
    };
    let text = split(value, b' ').nth(2).map(|text| quote(&unquote(text)));
    let text = text.filter(|_| is(code, "299") || is(code, "199"));
    Some(format!("{}; obsolete (RFC 9111 section 5.5)", text.unwrap_or_else(|| what.to_owned())))
}
