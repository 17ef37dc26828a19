//! The cookies that two answers set.

use super::{Answer, Difference, Options, fields};
use crate::base::{Headers, Wall, parse_date};
use std::collections::BTreeMap;

/// What makes a cookie that one and no other: its name, and the attributes of its scope.
type Key = (String, String, String);

/// The cookies that differ: set by one side only, or with other attributes. Values are made anew
/// with every session, and are secrets: they count in a strict comparison, and are not shown.
pub(super) fn compare(a: &Answer<'_>, b: &Answer<'_>, options: &Options) -> Vec<Difference> {
    let (one, other) = (set(a.headers), set(b.headers));
    let keys: BTreeMap<&Key, ()> = one.keys().chain(other.keys()).map(|key| (key, ())).collect();
    let mut all = Vec::new();
    for key in keys.into_keys() {
        let (mine, theirs) = (one.get(key), other.get(key));
        let attributes = |cookie: Option<&Cookie>| cookie.map(|cookie| cookie.attributes.clone());
        let (from, to) = (attributes(mine), attributes(theirs));
        if from != to {
            all.push(Difference::new(&key.0, from.as_deref(), to.as_deref()));
        } else if options.strict && mine != theirs {
            all.push(Difference::new(&key.0, Some("(a value)"), Some("(another value)")));
        }
    }
    all
}

#[derive(PartialEq, Eq)]
struct Cookie {
    /// All of them, in one order and one spelling.
    attributes: String,
    value: Vec<u8>,
}

/// The cookies of an answer; of two with the same key the later holds.
fn set(headers: &Headers) -> BTreeMap<Key, Cookie> {
    let date = fields::date(headers, "Date");
    headers.all("Set-Cookie").map(|line| read(line, date)).collect()
}

fn read(line: &[u8], now: Option<i64>) -> (Key, Cookie) {
    let mut parts = line.split(|&b| b == b';').map(<[u8]>::trim_ascii);
    let (name, value) = pair(parts.next().unwrap_or_default());
    let (mut domain, mut path) = (String::new(), String::new());
    let mut attributes: BTreeMap<String, String> = BTreeMap::new();
    let mut removed = false;
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = pair(part);
        let text = String::from_utf8_lossy(value).into_owned();
        match name.to_ascii_lowercase().as_str() {
            "domain" => domain = text.trim_start_matches('.').to_ascii_lowercase(),
            "path" => path = text,
            "max-age" => {
                removed = text.starts_with('-') || text == "0";
                attributes.insert("Max-Age".to_owned(), text);
            }
            // A date says how long it lives from now on: what counts is that it does.
            "expires" => {
                let end = parse_date(&text).map(Wall::secs);
                removed |= end.is_some_and(|end| end <= now.unwrap_or(0));
                attributes.insert("Expires".to_owned(), String::new());
            }
            "samesite" => {
                attributes.insert("SameSite".to_owned(), text.to_ascii_lowercase());
            }
            "secure" => {
                attributes.insert("Secure".to_owned(), String::new());
            }
            "httponly" => {
                attributes.insert("HttpOnly".to_owned(), String::new());
            }
            other => {
                attributes.insert(other.to_owned(), text);
            }
        }
    }
    let scope = [("Domain", &domain), ("Path", &path)].into_iter();
    let scope = scope.filter(|(_, value)| !value.is_empty());
    let all = scope.chain(attributes.iter().map(|(name, value)| (name.as_str(), value)));
    let words: Vec<String> = all
        .map(
            |(name, value)| {
                if value.is_empty() { name.to_owned() } else { format!("{name}={value}") }
            },
        )
        .collect();
    let attributes = match removed {
        true => "removed".to_owned(),
        false if words.is_empty() => "set".to_owned(),
        false => words.join("; "),
    };
    let key = (String::from_utf8_lossy(name.as_bytes()).into_owned(), domain, path);
    (key, Cookie { attributes, value: value.to_vec() })
}

fn pair(text: &[u8]) -> (String, &[u8]) {
    let at = text.iter().position(|&b| b == b'=');
    let (name, value) = at.map_or((text, &[][..]), |at| (&text[..at], &text[at + 1..]));
    (String::from_utf8_lossy(name.trim_ascii()).into_owned(), value.trim_ascii())
}
