//! Fields that caches read (RFC 9111), and those in which they tell what they did.

use super::About;
use super::text::{
    away, date as read_date, is, listed, moment, number, pair, quote, says, split, unquote,
};
use crate::base::{Headers, Method, Span, http_date};
use crate::caching::{Answer, Delta, Directives, Judgement, Tag, Vary, judge};

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
    let words = match about.headers {
        Some(_) => judged.to_string(),
        None => judged.alone(),
    };
    Some(format!("{words}{unknown}"))
}

/// No server's clock is so far behind, unless nobody minds it: caches are a likelier reason.
const CACHED: u64 = 3600;

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
    let Delta::Seconds(seconds) = Delta::read(first) else {
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
        Some(at) if at <= about.now => away(at, about.now),
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
        Some(Tag::Malformed) => {
            format!("malformed: {} (RFC 9110 section 8.8.3)", wrong_in_tag(value))
        }
    })
}

fn wrong_in_tag(value: &[u8]) -> &'static str {
    let opaque = value.strip_prefix(b"W/").unwrap_or(value);
    match opaque.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) {
        None if value.starts_with(b"w/") => "the W is a capital",
        None => "not in quotes",
        Some(_) if split(value, b',').nth(1).is_some() => "more than one",
        Some(inside) if inside.contains(&b'"') => "a quote inside the quotes",
        Some(inside) if inside.iter().any(u8::is_ascii_whitespace) => "white space inside",
        Some(_) => "a control character inside",
    }
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
    let made = at.plus_secs(i64::try_from(aged).unwrap_or(i64::MAX)).secs();
    // It was made while it was waited for.
    let asked = about.requested.map_or(received.secs(), |requested| requested.secs());
    let ahead = made.saturating_sub(received.secs()).max(0).unsigned_abs();
    let behind = asked.saturating_sub(made).max(0).unsigned_abs();
    Some(match (ahead, behind) {
        (..=SAME_TIME, ..=SAME_TIME) => "agrees with this machine's clock".to_owned(),
        (0, CACHED..) => format!("dated {} ago: from a cache, or a wrong clock", Span(behind)),
        (0, behind) => format!("{} behind this machine's clock", Span(behind)),
        (ahead, _) => format!("{} ahead of this machine's clock", Span(ahead)),
    })
}

/// RFC 9110 section 12.5.5.
pub(super) fn vary(value: &[u8], _: &About<'_>) -> Option<String> {
    let alone: Headers = [("Vary", value)].into_iter().collect();
    match Vary::of(&alone) {
        Vary::Nothing => None,
        Vary::Anything => Some("a copy answers no other request".to_owned()),
        Vary::On(names) => {
            let personal = ["cookie", "authorization", "user-agent"];
            let found = names.iter().find(|name| personal.contains(&name.as_str()));
            let rarely = match found.map(String::as_str) {
                Some("user-agent") => ": one for each program",
                Some(_) => ": hardly ever two users'",
                None => "",
            };
            let names = listed(names.iter().map(|name| quote(name.as_bytes())));
            Some(format!("a copy answers requests with the same {names}{rarely}"))
        }
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

pub(super) fn no_vary_search(value: &[u8], _: &About<'_>) -> Option<String> {
    let all = split(value, b',').any(|member| pair(member).0 == b"params");
    Some(match all {
        true => "caches may pass over what the query says".to_owned(),
        false => "caches may pass over the order of the query".to_owned(),
    })
    .filter(|_| !value.is_empty())
}
