//! What the JSON formats share: lists of entries, domains with dots, times in seconds.

use super::{Error, Import, Warning};
use crate::base::{Site, Wall, canonical_host};
use crate::cookie::{Cookie, Key, domain, site};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

/// Reads a bare list of entries, or the list in the member `cookies` of an object; what one
/// entry brings is `cookie_of`'s business, and `None` makes it malformed.
pub(super) fn read(
    bytes: &[u8],
    cookie_of: fn(&str) -> Option<(Cookie, Contradiction)>,
) -> Result<Import, Error> {
    #[derive(Deserialize)]
    struct State<'f> {
        #[serde(borrow)]
        cookies: Vec<&'f RawValue>,
    }
    let list: Vec<&RawValue> = match bytes.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice::<State<'_>>(bytes)?.cookies,
        _ => serde_json::from_slice(bytes)?,
    };
    let mut import = Import::default();
    let mut contradictions = 0;
    for (i, entry) in list.into_iter().enumerate() {
        match cookie_of(entry.get()) {
            Some((cookie, Contradiction(dot_and_host_only))) => {
                contradictions += usize::from(dot_and_host_only);
                import.cookies.push(cookie);
            }
            None => import.malformed_at(i + 1),
        }
    }
    if contradictions > 0 {
        import.warnings.push(Warning::Contradictions(contradictions));
    }
    Ok(import)
}

/// Whether a domain's dot and a host-only flag contradicted each other; the dot won.
pub(super) struct Contradiction(pub(super) bool);

/// A cookie by its identity. A dot makes the domain one with hosts below; without a dot the flag
/// decides, and without a flag it is for one host only.
pub(super) fn cookie(
    domain: &str,
    host_only: Option<bool>,
    path: Option<&str>,
    name: &str,
    value: &str,
) -> (Cookie, Contradiction) {
    let bare = domain.trim_start_matches('.');
    let dot = bare.len() < domain.len();
    let key = Key {
        domain: bare.into(),
        path: path.unwrap_or("/").as_bytes().into(),
        name: name.as_bytes().into(),
        host_only: !dot && host_only.unwrap_or(true),
        partition: None,
    };
    let contradiction = Contradiction(dot && host_only == Some(true));
    (Cookie::new(key, value.as_bytes(), Wall(0)), contradiction)
}

/// The domain with its dot, where hosts below it get the cookie too.
pub(super) fn dotted(key: &Key) -> String {
    format!("{}{}", if key.host_only { "" } else { "." }, key.domain)
}

/// Seconds since the epoch as a time, to the millisecond; 0 and -1 mean a session cookie.
pub(super) fn time(secs: f64) -> Option<Wall> {
    #[expect(clippy::cast_possible_truncation, reason = "saturates: the end of time is the end")]
    let ms = (secs * 1000.0).round() as i64;
    (!matches!(ms, 0 | -1000)).then_some(Wall(ms))
}

/// A time as seconds since the epoch: a whole number where it is one.
pub(super) fn seconds(Wall(ms): Wall) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "reading it back shows whether any was lost")]
    match ms % 1000 {
        0 => (ms / 1000).into(),
        _ => (ms as f64 / 1000.0).into(),
    }
}

/// The site a partition key names: a URL or a bare host, as text or as `topLevelSite` of an
/// object. An empty one is none.
///
/// # Errors
/// `Err` where it names none: the cookie then belongs nobody knows where.
pub(super) fn partition(key: Option<&Value>) -> Result<Option<Site>, ()> {
    let text = match key {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(Value::Object(object)) => match object.get("topLevelSite") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text,
            Some(_) => return Err(()),
        },
        Some(_) => return Err(()),
    };
    if text.is_empty() {
        return Ok(None);
    }
    let host = match Url::parse(text) {
        Ok(url) => url.host_str().map(|host| canonical_host(host).into()),
        // What only a browser's own database writes, `(https,example.com)`, is no host.
        Err(_) => domain::canonical(text).filter(|host| !host.contains(['(', ','])),
    };
    host.map(|host: Box<str>| Some(site(&host))).ok_or(())
}

/// The URL that stands for a partition's site.
pub(super) fn top_level(site: &Site) -> String {
    format!("https://{}", site.0)
}

/// An object as text, each line `margin` spaces from the left and each level `step` further.
pub(super) fn indented(object: &Value, margin: usize, step: usize) -> Vec<u8> {
    let pretty = format!("{object:#}");
    let mut out = Vec::new();
    // Strings hold no line ends, so every line begins with an indent of two spaces a level.
    for (i, line) in pretty.lines().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let text = line.trim_start_matches(' ');
        let level = (line.len() - text.len()) / 2;
        out.resize(out.len() + margin + level * step, b' ');
        out.extend_from_slice(text.as_bytes());
    }
    out
}

/// Reads an entry back, as [`read`] would.
pub(super) fn read_back(
    entry: &[u8],
    cookie_of: fn(&str) -> Option<(Cookie, Contradiction)>,
) -> Option<Cookie> {
    cookie_of(std::str::from_utf8(entry).ok()?).map(|(cookie, _)| cookie)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_seconds_with_a_fraction_and_the_rest_is_the_session() {
        let cases = [
            (1_900_000_000.0, Some(1_900_000_000_000)),
            (1_900_000_000.123, Some(1_900_000_000_123)),
            (1_900_000_000.123_456, Some(1_900_000_000_123)),
            (0.0, None),
            (-1.0, None),
            (-2.0, Some(-2000)),
            (1e300, Some(i64::MAX)),
        ];
        for (secs, ms) in cases {
            assert_eq!(time(secs), ms.map(Wall), "{secs}");
        }
        assert_eq!(seconds(Wall(1_900_000_000_000)).to_string(), "1900000000");
        assert_eq!(seconds(Wall(1_900_000_000_123)).to_string(), "1900000000.123");
    }

    #[test]
    fn a_partition_is_named_in_many_ways() {
        let example = || Ok(Some(Site("example.com".into())));
        let cases = [
            (json!(null), Ok(None)),
            (json!(""), Ok(None)),
            (json!({}), Ok(None)),
            (json!({ "topLevelSite": null }), Ok(None)),
            (json!("https://example.com"), example()),
            (json!("https://www.example.com"), example()),
            (json!("Example.com"), example()),
            (
                json!({ "topLevelSite": "https://example.com", "hasCrossSiteAncestor": true }),
                example(),
            ),
            (json!(7), Err(())),
            (json!("(https,example.com)"), Err(())),
            (json!("data:,x"), Err(())),
        ];
        for (key, site) in cases {
            assert_eq!(partition(Some(&key)), site, "{key}");
        }
        assert_eq!(partition(None), Ok(None));
    }
}
