//! `%{url.PART}` and `%{urle.PART}`.

use url::Url;

/// The parts, in the order of `%{json}`.
pub(super) const PARTS: [&str; 10] = [
    "fragment", "host", "options", "password", "path", "port", "query", "scheme", "user", "zoneid",
];

/// A part of a URL; `None` where there is no part of that name, the inner one where the URL has
/// none.
pub(super) fn part(url: &str, part: &str) -> Option<Option<String>> {
    if !PARTS.contains(&part) {
        return None;
    }
    let text = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let (text, zone) = without_zone(&text);
    if part == "zoneid" {
        return Some(zone);
    }
    let Ok(parsed) = Url::parse(&text) else { return Some(None) };
    Some(match part {
        "scheme" => Some(parsed.scheme().to_owned()),
        "user" => Some(parsed.username().to_owned()).filter(|user| !user.is_empty()),
        "password" => parsed.password().map(str::to_owned),
        "host" => parsed.host_str().map(str::to_owned),
        "port" => parsed.port_or_known_default().map(|port| port.to_string()),
        "path" => Some(parsed.path().to_owned()),
        "query" => parsed.query().map(str::to_owned),
        "fragment" => parsed.fragment().map(str::to_owned),
        // Of mail's URLs only.
        _ => None,
    })
}

/// Takes the zone out of an IPv6 address (RFC 6874).
fn without_zone(url: &str) -> (String, Option<String>) {
    let found = url.split_once('[').and_then(|(before, rest)| {
        let (address, behind) = rest.split_once(']')?;
        let (address, zone) = address.split_once('%')?;
        let zone = zone.strip_prefix("25").unwrap_or(zone);
        Some((format!("{before}[{address}]{behind}"), Some(zone.to_owned())))
    });
    found.unwrap_or_else(|| (url.to_owned(), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found() {
        let url = "https://me:secret@[fe80::1%25eth0]/a?b#c";
        let found = PARTS.map(|name| part(url, name).unwrap());
        let expected = [
            Some("c"),
            Some("[fe80::1]"),
            None,
            Some("secret"),
            Some("/a"),
            Some("443"),
            Some("b"),
            Some("https"),
            Some("me"),
            Some("eth0"),
        ];
        assert_eq!(found, expected.map(|text| text.map(str::to_owned)));
        assert_eq!(part("h.example:81", "port"), Some(Some("81".to_owned())));
        assert_eq!(part("h.example", "user"), Some(None));
        assert_eq!(part("h.example", "nonsense"), None);
        assert_eq!(part("http://", "host"), Some(None));
    }
}
