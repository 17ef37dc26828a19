//! Where else to go, and what there is to do: redirects, links, what robots may.

use super::About;
use super::text::{
    away, count, date, head, is, moment, names, number, pair, param, quote, quote_up_to, split,
    split_links, unquote,
};
use crate::base::{Origin, Span, Wall};
use std::borrow::Cow;
use url::Url;

/// A longer reference is not resolved: no URL that anybody follows is longer.
const LONGEST_REFERENCE: usize = 16 * 1024;

/// A URL as it is shown, up to so many characters.
const SHOWN: usize = 72;

pub(super) fn shown(url: &Url) -> String {
    quote_up_to(without_login(url).as_bytes(), SHOWN)
}

/// A reference as it is meant; `None` where it is none, or nobody knows from where.
pub(super) fn place(reference: &[u8], about: &About<'_>) -> Option<Url> {
    if reference.is_empty() || reference.len() > LONGEST_REFERENCE {
        return None;
    }
    let text = std::str::from_utf8(reference).ok()?;
    match about.url {
        Some(url) => url.join(text).ok(),
        None => Url::parse(text).ok(),
    }
}

/// A password in a URL is a secret.
fn without_login(url: &Url) -> String {
    if url.username().is_empty() && url.password().is_none() {
        return url.as_str().to_owned();
    }
    let mut bare = url.clone();
    let done = bare.set_username("").and_then(|()| bare.set_password(None));
    if done.is_ok() { bare.as_str().to_owned() } else { String::new() }
}

/// What it leads to, and how far away that is (RFC 9110 section 10.2.2).
pub(super) fn location(value: &[u8], about: &About<'_>) -> Option<String> {
    if value.is_empty() {
        return Some("empty: leads nowhere".to_owned());
    }
    if value.len() > LONGEST_REFERENCE {
        return Some("too long to be followed".to_owned());
    }
    let from = about.url?;
    let text = String::from_utf8_lossy(value);
    let Ok(to) = from.join(&text) else { return Some("no URL: leads nowhere".to_owned()) };
    let given_whole = Url::parse(&text).is_ok();
    let target = if given_whole { String::new() } else { format!(": {}", shown(&to)) };
    let what = match (Origin::of(from), Origin::of(&to)) {
        (_, None) => format!("to {}:, which is not followed", quote(to.scheme().as_bytes())),
        _ if from == &to => "this URL itself".to_owned(),
        (Some(here), Some(there)) if here == there => "same origin".to_owned(),
        (Some(here), Some(there)) if here.host == there.host => {
            match (from.scheme(), to.scheme()) {
                ("http", "https") => "same host, by https from now on".to_owned(),
                ("https", "http") => "same host, down to http: readable on the way".to_owned(),
                _ => "same host, another port".to_owned(),
            }
        }
        (_, Some(there)) => {
            let down = from.scheme() == "https" && to.scheme() == "http";
            let down = if down { ", down to http: readable on the way" } else { "" };
            format!("another host, {}{down}", quote(there.host.as_bytes()))
        }
    };
    let unused = match about.status {
        Some(201 | 202 | 300..=303 | 307 | 308) | None => "",
        Some(_) => "; not followed with this status",
    };
    Some(format!("{what}{target}{unused}"))
}

/// `5; url=/next`, as in the `meta` element.
pub(super) fn refresh(value: &[u8], about: &About<'_>) -> Option<String> {
    let end = value.iter().position(|b| matches!(b, b';' | b',')).unwrap_or(value.len());
    let delay =
        value[..end].split(|b| *b == b'.').next().and_then(|text| number(text.trim_ascii()));
    let Some(delay) = delay else { return Some("no number of seconds: does nothing".to_owned()) };
    let rest = value.get(end + 1..).unwrap_or_default().trim_ascii();
    let to = match pair(rest) {
        (name, Some(to)) if is(name, "url") => to.into_owned(),
        _ => unquote(rest).into_owned(),
    };
    let bare = to.strip_prefix(b"'").map(|to| to.strip_suffix(b"'").unwrap_or(to));
    let bare = bare.unwrap_or(&to);
    let to = place(bare, about).map_or_else(|| quote(bare), |url| shown(&url));
    let when = if delay == 0 { "at once".to_owned() } else { format!("after {}", Span(delay)) };
    Some(match to.is_empty() {
        true => format!("a browser loads this page again {when}"),
        false => format!("a browser goes to {to} {when}; fetch does not"),
    })
}

/// RFC 8288.
pub(super) fn link(value: &[u8], about: &About<'_>) -> Option<String> {
    let opened = || split_links(value).filter(|link| link.starts_with(b"<"));
    let links = || opened().filter(|link| link.contains(&b'>'));
    let number = links().count();
    if number == 0 && opened().next().is_some() {
        return Some("no link: its < is not closed (RFC 8288 section 3)".to_owned());
    }
    if number == 0 {
        return Some("no link (RFC 8288 section 3)".to_owned());
    }
    let mut kinds: Vec<String> = Vec::new();
    for link in links() {
        let Some(rel) = rel_of(link) else { continue };
        for word in rel.split(|b| *b == b' ').filter(|word| !word.is_empty()) {
            let word = quote_up_to(word, 24).to_ascii_lowercase();
            if kinds.len() < 32 && !kinds.contains(&word) {
                kinds.push(word);
            }
        }
    }
    // The ones that say where to go on, or what this page is called.
    let notable = ["next", "canonical"].into_iter().find_map(|kind| {
        let says = |link: &&[u8]| {
            rel_of(link).is_some_and(|rel| rel.split(|b| *b == b' ').any(|word| is(word, kind)))
        };
        let target = links().find(says).map(target)?;
        let words =
            place(target, about).map_or_else(|| quote_up_to(target, SHOWN), |url| shown(&url));
        Some(format!("; {kind} is {words}"))
    });
    let kinds = names(kinds.iter().map(String::as_bytes));
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {kinds}") };
    Some(format!("{}{kinds}{}", count(number, "link"), notable.unwrap_or_default()))
}

fn rel_of(link: &[u8]) -> Option<Cow<'_, [u8]>> {
    param(behind(link), "rel")
}

/// What stands between `<` and `>`.
fn target(link: &[u8]) -> &[u8] {
    let end = link.iter().position(|b| *b == b'>').unwrap_or(link.len());
    link.get(1..end).unwrap_or_default().trim_ascii()
}

/// The parameters of a link, with the `;` before them.
fn behind(link: &[u8]) -> &[u8] {
    let end = link.iter().position(|b| *b == b'>').unwrap_or(link.len());
    &link[end..]
}

/// RFC 9110 section 10.2.1.
pub(super) fn allow(value: &[u8], about: &About<'_>) -> Option<String> {
    let methods = names(split(value, b','));
    if methods.is_empty() {
        return Some("no method is allowed".to_owned());
    }
    let used = about.method.map(|method| method.as_str().as_bytes());
    let refused = used.filter(|used| !split(value, b',').any(|method| method == *used));
    Some(match refused {
        Some(used) => format!("not {}; try {methods}", quote(used)),
        None => format!("may be asked with {methods}"),
    })
}

pub(super) fn accepted(value: &[u8], _: &About<'_>) -> Option<String> {
    let types = names(split(value, b',').map(head));
    (!types.is_empty()).then(|| format!("takes {types}"))
}

/// Directives for crawlers, perhaps for one of them: `agent: noindex`.
pub(super) fn robots(value: &[u8], _: &About<'_>) -> Option<String> {
    const KNOWN: [(&str, &str); 11] = [
        ("none", "not to be indexed, links not to be followed"),
        ("noindex", "not to be indexed"),
        ("nofollow", "links not to be followed"),
        ("noarchive", "no cached copy to be shown"),
        ("nosnippet", "no excerpt to be shown"),
        ("noimageindex", "images not to be indexed"),
        ("notranslate", "not to be translated"),
        ("noai", "not for training"),
        ("noimageai", "images not for training"),
        ("all", "no limits"),
        ("indexifembedded", "to be indexed where it is embedded"),
    ];
    let mut rest = value;
    let mut agent = String::new();
    if let Some(colon) = value.iter().position(|b| *b == b':') {
        let name = value[..colon].trim_ascii();
        let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let directive =
            ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];
        if name.iter().all(plain) && !directive.iter().any(|known| is(name, known)) {
            agent = format!("{}: ", quote(name));
            rest = &value[colon + 1..];
        }
    }
    if let Some(colon) = rest.iter().position(|b| *b == b':')
        && is(rest[..colon].trim_ascii(), "unavailable_after")
    {
        return Some(format!(
            "{agent}not to be shown after {}",
            quote(rest[colon + 1..].trim_ascii())
        ));
    }
    let said: Vec<&str> = split(rest, b',')
        .filter_map(|word| KNOWN.iter().find(|(known, _)| is(word, known)))
        .map(|(_, words)| *words)
        .take(KNOWN.len())
        .collect();
    let said = match said.is_empty() {
        true if split(rest, b',').next().is_none() => return None,
        true => format!("says {}", names(split(rest, b','))),
        false => said.join(", "),
    };
    Some(format!("{agent}{said}"))
}

/// RFC 9745: `@` and seconds since 1970; drafts had a date, or `true`.
pub(super) fn deprecation(value: &[u8], about: &About<'_>) -> Option<String> {
    let at = match value.strip_prefix(b"@") {
        Some(secs) => number(secs).and_then(|secs| i64::try_from(secs).ok()).map(Wall::from_secs),
        None => date(value, about.now).ok(),
    };
    Some(match at {
        Some(at) if at > about.now => format!("to be given up {}", on(at, about.now)),
        Some(at) => format!("given up {}: look for another", on(at, about.now)),
        None => "given up: look for another".to_owned(),
    })
}

/// RFC 8594.
pub(super) fn sunset(value: &[u8], about: &About<'_>) -> Option<String> {
    Some(match date(value, about.now) {
        Err(why) => why,
        Ok(at) if at > about.now => format!("will be gone {}", on(at, about.now)),
        Ok(at) => format!("was to be gone {}", on(at, about.now)),
    })
}

fn on(at: Wall, now: Wall) -> String {
    format!("{}, {}", away(at, now), moment(at, now))
}

pub(super) fn source_map(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("the source behind this script: {}", quote(value)))
}
