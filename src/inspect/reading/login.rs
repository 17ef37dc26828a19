//! Logins (RFC 9110 section 11): schemes and realms, never secrets.

use super::About;
use super::text::{is, listed, pair, quote, split};
use crate::auth::{Challenge, challenges};

/// So much of a line is read: challenges have a few hundred bytes, tickets some thousands.
const MOST_READ: usize = 64 * 1024;

/// The scheme only. A scheme that nobody knows may be a bare secret, and is not shown.
pub(super) fn authorization(value: &[u8], about: &About<'_>) -> Option<String> {
    const SCHEMES: [&str; 12] = [
        "Basic",
        "Bearer",
        "Digest",
        "Negotiate",
        "NTLM",
        "HOBA",
        "DPoP",
        "GNAP",
        "PrivateToken",
        "SCRAM-SHA-256",
        "AWS4-HMAC-SHA256",
        "Token",
    ];
    let word = value.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let Some(scheme) = SCHEMES.iter().find(|scheme| is(word, scheme)) else {
        return Some("a login of an unknown scheme, not shown".to_owned());
    };
    let open = matches!(*scheme, "Basic" | "Bearer" | "Token") && about.is_secure() == Some(false);
    let open = if open { ", readable by anybody on the way" } else { "" };
    Some(match *scheme {
        "Basic" => format!("user and password by Basic, not shown{open}"),
        "Digest" => "user and proof of the password by Digest".to_owned(),
        "Bearer" => format!("a token, not shown{open}"),
        scheme => format!("a login by {scheme}, not shown{open}"),
    })
}

/// What is asked for, scheme by scheme.
pub(super) fn challenge(value: &[u8], _: &About<'_>) -> Option<String> {
    let all = challenges(&value[..value.len().min(MOST_READ)]);
    if all.is_empty() {
        return Some("asks for nothing (RFC 9110 section 11.6.1)".to_owned());
    }
    Some(format!("asks for {}", listed(all.iter().map(asked))))
}

fn asked(challenge: &Challenge) -> String {
    let scheme = quote(challenge.scheme.as_bytes());
    let text = |name: &str| challenge.param(name).filter(|v| !v.is_empty()).map(quote);
    let realm = text("realm").map(|realm| format!(" for \"{realm}\"")).unwrap_or_default();
    let more = if challenge.is("Digest") {
        let stale = if challenge.says("stale", "true") { ", only the nonce is stale" } else { "" };
        format!(" by {}{stale}", text("algorithm").unwrap_or_else(|| "MD5".to_owned()))
    } else {
        match text("error") {
            Some(error) => format!(": {error}"),
            None => text("scope").map(|scope| format!(", scope {scope}")).unwrap_or_default(),
        }
    };
    format!("{scheme}{realm}{more}")
}

/// RFC 7616 section 3.5.
pub(super) fn info(value: &[u8], _: &About<'_>) -> Option<String> {
    let has = |name: &str| split(value, b',').any(|part| is(pair(part).0, name));
    match (has("rspauth"), has("nextnonce")) {
        (true, true) => Some("the server's own proof, and a nonce for next time".to_owned()),
        (true, false) => Some("the server's own proof of the password".to_owned()),
        (false, true) => Some("a nonce for next time".to_owned()),
        (false, false) => None,
    }
}

/// RFC 8053: a login that would be welcome.
pub(super) fn optional(value: &[u8], about: &About<'_>) -> Option<String> {
    Some(format!("a login is welcome: {}", challenge(value, about)?))
}
