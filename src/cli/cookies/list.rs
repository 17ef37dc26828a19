//! Cookies as lines: a table for people, JSON for programs.

use super::Style;
use crate::base::Wall;
use crate::cli::print;
use crate::cli::table::table;
use crate::cookie::{Cookie, Jar, Sending};
use crate::net::clock;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::time::{Duration, UNIX_EPOCH};
use url::Url;

const HEAD: [&str; 6] = ["NAME", "VALUE", "DOMAIN", "PATH", "EXPIRES", "FLAGS"];

/// The cookies for which `wanted` says yes, sorted by domain, path and name.
pub(super) fn list(jar: &Jar, style: Style, wanted: impl Fn(&Cookie) -> bool) -> String {
    let mut cookies: Vec<&Cookie> = jar.iter().filter(|cookie| wanted(cookie)).collect();
    cookies.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    if style.json {
        return cookies.into_iter().map(|cookie| line(object(cookie, style))).collect();
    }
    table(HEAD, cookies.into_iter().map(|cookie| row(cookie, style)))
}

/// The cookies called `name`, perhaps only those that are sent to `url`: with the secrets the
/// bare values, byte by byte, for scripts.
pub(super) fn get(jar: &Jar, style: Style, name: &[u8], url: Option<&Url>) -> Vec<u8> {
    let sent: Option<Vec<_>> = url.map(|url| {
        let all = jar.explain(url, clock::wall()).into_iter();
        let sent = all.filter(|one| matches!(one.sending, Sending::Sent(_)));
        sent.map(|one| one.cookie.key.clone()).collect()
    });
    let wanted = |cookie: &Cookie| {
        *cookie.key.name == *name && sent.as_ref().is_none_or(|sent| sent.contains(&cookie.key))
    };
    if style.show_secrets && !style.json {
        let mut values: Vec<&Cookie> = jar.iter().filter(|cookie| wanted(cookie)).collect();
        values.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        return values.iter().flat_map(|cookie| [&cookie.value[..], b"\n"].concat()).collect();
    }
    list(jar, style, wanted).into_bytes()
}

/// A cookie's value, or only how long it is.
pub(super) fn value(cookie: &Cookie, style: Style) -> String {
    if style.show_secrets {
        visible(&cookie.value)
    } else {
        format!("({} bytes)", cookie.value.len())
    }
}

/// Bytes from a server, as a terminal may show them.
pub(super) fn visible(bytes: &[u8]) -> String {
    print::escaped(&String::from_utf8_lossy(bytes))
}

/// Where a cookie is sent: a dot in front of a domain means the hosts below it too.
pub(super) fn domain(cookie: &Cookie) -> String {
    let dot = if cookie.key.host_only { "" } else { "." };
    format!("{dot}{}", cookie.key.domain)
}

fn row(cookie: &Cookie, style: Style) -> [String; 6] {
    let mut flags = Vec::new();
    flags.extend(cookie.secure.then_some("Secure"));
    flags.extend(cookie.http_only.then_some("HttpOnly"));
    let same_site = format!("SameSite={}", cookie.same_site.as_str());
    flags.extend((cookie.same_site.as_str() != "default").then_some(same_site.as_str()));
    flags.extend(cookie.key.partition.is_some().then_some("Partitioned"));
    let expires = cookie.expires.map_or("session".to_owned(), date);
    [
        visible(&cookie.key.name),
        value(cookie, style),
        domain(cookie),
        visible(&cookie.key.path),
        expires,
        flags.join(" "),
    ]
}

/// A cookie as JSON, with the names that `session.json` uses.
pub(super) fn object(cookie: &Cookie, style: Style) -> Map<String, Value> {
    let mut object = Map::new();
    put_bytes(&mut object, "name", &cookie.key.name);
    match style.show_secrets {
        true => put_bytes(&mut object, "value", &cookie.value),
        false => drop(object.insert("value".to_owned(), Value::Null)),
    }
    object.insert("domain".to_owned(), json!(cookie.key.domain));
    object.insert("host_only".to_owned(), json!(cookie.key.host_only));
    put_bytes(&mut object, "path", &cookie.key.path);
    let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
    put("secure", json!(cookie.secure));
    put("http_only", json!(cookie.http_only));
    put("same_site", json!(cookie.same_site.as_str()));
    put("partitioned", json!(cookie.key.partition.is_some()));
    put("partition", json!(cookie.key.partition.as_ref().map(|site| &site.0)));
    put("expires", json!(cookie.expires.map(|at| at.0)));
    put("created", json!(cookie.created.0));
    put("received", json!(cookie.received.map(|at| at.0)));
    put("accessed", json!(cookie.accessed.0));
    put("source", json!(cookie.source));
    object
}

/// Bytes as text, or, where they are none, in base64 under a name that says so.
pub(super) fn put_bytes(object: &mut Map<String, Value>, name: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => object.insert(name.to_owned(), json!(text)),
        Err(_) => object.insert(format!("{name}_b64"), json!(STANDARD.encode(bytes))),
    };
}

/// One JSON line.
pub(super) fn line(object: Map<String, Value>) -> String {
    format!("{}\n", Value::Object(object))
}

/// `Tue, 22 Dec 2026 13:20:42 GMT`.
fn date(at: Wall) -> String {
    let secs = u64::try_from(at.secs()).unwrap_or(0);
    // httpdate writes four digits of a year and no more.
    let last = 253_402_300_799;
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs.min(last)))
}
