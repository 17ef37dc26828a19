//! The request target, with its path as it was typed (RFC 9112 section 3.2).
//!
//! The `url` crate re-encodes what it parses; a person who debugs a server
//! wants the bytes that were written. So the target is cut from the text, and
//! only what must be done to it is done: the fragment goes, dot segments are
//! resolved (RFC 3986 section 5.2.4), bytes that cannot stand on a request line
//! are percent-encoded.

use std::fmt;

/// A request target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(String);

impl Target {
    /// The origin-form of a URL's text: path and query, `/` where there is no path.
    pub fn of(url: &str) -> Target {
        let (path, query) = split_query(path_and_query(url));
        Target::build(path, query)
    }

    /// The same with its dot segments left in.
    pub fn as_is(url: &str) -> Target {
        let text = path_and_query(url);
        let (path, query) = split_query(text);
        Target::encoded(path, query)
    }

    /// The target that `reference` leads to from this one (RFC 3986 section 5.2.2).
    pub fn join(&self, reference: &str) -> Target {
        if has_authority(reference) {
            return Target::of(reference);
        }
        let reference = without_fragment(without_scheme(reference));
        let (base_path, base_query) = split_query(&self.0);
        let (path, query) = split_query(reference);
        if path.is_empty() {
            return Target::build(base_path, query.or(base_query));
        }
        if path.starts_with('/') {
            return Target::build(path, query);
        }
        let folder = base_path.rfind('/').map_or("/", |slash| &base_path[..=slash]);
        Target::build(&format!("{folder}{path}"), query)
    }

    /// A target that is sent as it stands, for `--request-target` and `*`.
    pub fn literal(text: &str) -> Target {
        Target(text.to_owned())
    }

    /// As it goes on the request line.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn build(path: &str, query: Option<&str>) -> Target {
        Target::encoded(&remove_dot_segments(path), query)
    }

    fn encoded(path: &str, query: Option<&str>) -> Target {
        let mut text = String::with_capacity(path.len() + query.map_or(0, str::len) + 2);
        if !path.starts_with('/') {
            text.push('/');
        }
        push_encoded(&mut text, path, "%20");
        if let Some(query) = query {
            text.push('?');
            push_encoded(&mut text, query, "+");
        }
        Target(text)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What follows `scheme://authority`, without the fragment.
fn path_and_query(url: &str) -> &str {
    let rest = without_fragment(without_scheme(url));
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.find(['/', '?']).map_or("", |start| &rest[start..])
}

fn has_authority(reference: &str) -> bool {
    without_scheme(reference).starts_with("//")
}

/// Cuts `scheme:` off, if there is one (RFC 3986 section 3.1).
fn without_scheme(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    match end {
        Some(colon) if colon > 0 && text[colon..].starts_with(':') => &text[colon + 1..],
        _ => text,
    }
}

fn without_fragment(text: &str) -> &str {
    text.split('#').next().unwrap_or(text)
}

fn split_query(text: &str) -> (&str, Option<&str>) {
    match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    }
}

/// Resolves `.` and `..`, also where they are written `%2e` (as the URL standard reads them).
fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let body = path.strip_prefix('/').unwrap_or(path);
    let mut last_is_folder = false;
    for segment in body.split('/') {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        last_is_folder = plain == "." || plain == "..";
        match plain.as_str() {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push('/');
    }
    out.push_str(&kept.join("/"));
    if last_is_folder && !kept.is_empty() {
        out.push('/');
    }
    out
}

/// Appends `text`, encoding what would end or break the request line.
fn push_encoded(out: &mut String, text: &str, space: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(space),
            0x21..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_stays_as_it_was_typed() {
        for (url, target) in [
            ("http://h", "/"),
            ("http://h?q", "/?q"),
            ("http://h/a|b\"{c}<d>", "/a|b\"{c}<d>"),
            ("http://h/%7euser/%2Fx", "/%7euser/%2Fx"),
            ("h/a?b?c#d?e", "/a?b?c"),
            ("http://u:p@h:8/x", "/x"),
            ("http://h/a/./b/../c", "/a/c"),
            ("http://h/a/..", "/"),
            ("http://h/a/b/..", "/a/"),
            ("http://h/../../x", "/x"),
            ("http://h/%2e%2E/x", "/x"),
            ("http://h//a//b", "//a//b"),
            ("http://h/?a/../b", "/?a/../b"),
        ] {
            assert_eq!(Target::of(url).as_str(), target, "{url}");
        }
    }

    /// RFC 3986 section 5.4, the rows that this client can meet.
    #[test]
    fn references_are_resolved_as_rfc_3986_shows() {
        let base = Target::of("http://a/b/c/d;p?q");
        for (reference, target) in [
            ("g", "/b/c/g"),
            ("./g", "/b/c/g"),
            ("g/", "/b/c/g/"),
            ("/g", "/g"),
            ("//g", "/"),
            ("?y", "/b/c/d;p?y"),
            ("g?y", "/b/c/g?y"),
            ("#s", "/b/c/d;p?q"),
            ("g#s", "/b/c/g"),
            (";x", "/b/c/;x"),
            ("", "/b/c/d;p?q"),
            (".", "/b/c/"),
            ("..", "/b/"),
            ("../g", "/b/g"),
            ("../..", "/"),
            ("../../../g", "/g"),
            ("/./g", "/g"),
            ("g.", "/b/c/g."),
            ("..g", "/b/c/..g"),
            ("./g/.", "/b/c/g/"),
            ("g;x=1/../y", "/b/c/y"),
            ("g?y/../x", "/b/c/g?y/../x"),
            ("http://h/x", "/x"),
        ] {
            assert_eq!(base.join(reference).as_str(), target, "{reference}");
        }
    }

    #[test]
    fn dot_segments_can_be_left_in() {
        assert_eq!(Target::as_is("http://h/a/../%2e/b?c#d").as_str(), "/a/../%2e/b?c");
    }

    #[test]
    fn what_cannot_stand_on_a_request_line_is_encoded() {
        assert_eq!(Target::of("http://h/a b?c d").as_str(), "/a%20b?c+d");
        assert_eq!(Target::of("http://h/é\u{1}").as_str(), "/%C3%A9%01");
    }
}
