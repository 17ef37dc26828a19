//! Who may read an answer in a browser (the Fetch standard, "CORS protocol").

use super::About;
use super::text::{names, number, quote, say, says, split};
use crate::base::Span;

/// Who may read it; what a browser makes of it where it is said wrongly.
pub(super) fn origin(value: &[u8], about: &About<'_>) -> Option<String> {
    // Names and values here are compared by case.
    let credentials = about.get("Access-Control-Allow-Credentials") == Some(b"true");
    if about.headers.is_some_and(|headers| headers.all("Access-Control-Allow-Origin").count() > 1) {
        return Some("given twice: browsers let nobody read it".to_owned());
    }
    Some(match value {
        b"*" if credentials => {
            "any site, but not with credentials: * does not go with them".to_owned()
        }
        b"*" => "any site's scripts may read it, without credentials".to_owned(),
        b"null" => "sandboxed pages and files may read it, which is anybody".to_owned(),
        _ if value.contains(&b',') || value.contains(&b' ') => {
            "more than one origin: browsers let nobody read it".to_owned()
        }
        _ => {
            let with = if credentials { ", with cookies and logins" } else { "" };
            let asked = about.request.and_then(|request| request.get("Origin"));
            let echo = if asked == Some(value) { " (as asked)" } else { "" };
            format!("scripts of {}{echo} may read it{with}", quote(value))
        }
    })
}

pub(super) fn credentials(value: &[u8], about: &About<'_>) -> Option<String> {
    let any = about.get("Access-Control-Allow-Origin") == Some(b"*");
    say(match value {
        b"true" if any => "has no effect beside an allowed origin of *",
        b"true" => "also where cookies and logins were sent along",
        _ => "means nothing: only true is known, in lower case",
    })
}

pub(super) fn methods(value: &[u8], _: &About<'_>) -> Option<String> {
    allowed(value, "any method, without credentials", "may be sent")
}

pub(super) fn headers(value: &[u8], _: &About<'_>) -> Option<String> {
    let words = allowed(value, "any field but Authorization, without credentials", "may be sent")?;
    let login = value.contains(&b'*') && says(value, "authorization");
    Some(if login { "any field, without credentials".to_owned() } else { words })
}

pub(super) fn exposed(value: &[u8], _: &About<'_>) -> Option<String> {
    allowed(value, "any field, without credentials", "can be read by scripts")
}

fn allowed(value: &[u8], any: &str, what: &str) -> Option<String> {
    if says(value, "*") {
        return Some(any.to_owned());
    }
    let listed = names(split(value, b','));
    (!listed.is_empty()).then(|| format!("{listed} {what}"))
}

/// Browsers have limits of their own.
pub(super) fn max_age(value: &[u8], _: &About<'_>) -> Option<String> {
    if value == b"-1" {
        return Some("browsers ask before each request".to_owned());
    }
    let Some(seconds) = number(value) else { return Some("no number of seconds".to_owned()) };
    let least = match seconds {
        0 => return Some("browsers ask before each request".to_owned()),
        1..=7200 => "",
        7201..=86_400 => "; Chromium 2 h at most",
        _ => "; Firefox 1 day at most, Chromium 2 h",
    };
    Some(format!("browsers need not ask again for {}{least}", Span(seconds)))
}

pub(super) fn request_method(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("a browser asks whether it may send {}", quote(value)))
}

pub(super) fn request_headers(value: &[u8], _: &About<'_>) -> Option<String> {
    let listed = names(split(value, b','));
    (!listed.is_empty()).then(|| format!("a browser asks whether it may send {listed}"))
}

pub(super) fn private_network(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"true").then(|| "pages of the public net may ask this host".to_owned())
}
