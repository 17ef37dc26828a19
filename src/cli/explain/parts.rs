//! A value: as a whole, and part by part, by the words that the registry knows.
//!
//! What is secret is left out, and that is everything in such a field but the words that the
//! registry knows and the names of cookies: what looks like a scheme may be a password.

use crate::inspect::reading::{self, About};
use crate::net::clock;
use crate::registry::{self, Field, Group, Parts, Secret, Value};

/// What stands for a secret.
const HIDDEN: &str = "…";

/// So much of a value is shown as a whole.
pub(super) const MOST_SHOWN: usize = 200;

/// Names of fields with such a piece are taken for secret ones where nothing else is known.
const SECRETIVE: [&str; 8] =
    ["auth", "token", "secret", "key", "passw", "session", "cookie", "credential"];

/// A part of a value, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// As it was written; what is secret is left out.
    pub(super) text: String,
    /// `None` where nobody here knows the word.
    pub(super) meaning: Option<String>,
}

/// The value as it may be shown.
pub(super) fn shown(field: &Field, value: &str) -> Option<String> {
    (field.secret == Secret::No).then(|| value.to_owned())
}

/// The value of a field that nobody knows, where its name does not sound like a secret's.
pub(super) fn shown_of_stranger(name: &str, value: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    (!SECRETIVE.iter().any(|piece| name.contains(piece))).then(|| value.to_owned())
}

/// What the value says as a whole, where that can be told without the rest of its message.
pub(super) fn reading(field: &Field, value: &str) -> Option<String> {
    let side = match field.side {
        registry::Side::Request => reading::Side::Request,
        registry::Side::Both if is_asked(field, value) => reading::Side::Request,
        _ => reading::Side::Response,
    };
    let about = About { side, ..About::nothing(clock::wall()) };
    reading::of(&field.name, value.as_bytes(), &about)
}

/// Whether a value that could stand in either message is a request's: by what the field is about,
/// or because all of it means something there, and some of it only there.
fn is_asked(field: &Field, value: &str) -> bool {
    let parts = of(field, value);
    let says = |part: &Part, how: fn(&str) -> bool| part.meaning.as_deref().is_some_and(how);
    let somehow = parts.iter().all(|part| says(part, |text| text.contains("in a request: ")));
    let only = parts.iter().any(|part| says(part, |text| text.starts_with("in a request: ")));
    field.group == Group::RequestContext || (somehow && only)
}

/// The parts of a value; none where it is not taken apart.
pub(super) fn of(field: &Field, value: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let commas = || split(value, ',').into_iter();
    match field.parts {
        Parts::Whole => {}
        Parts::Semicolons => members(field, &split(value, ';'), &mut parts),
        Parts::Cookies => {
            let pieces: Vec<&str> = value.split(';').map(str::trim).collect();
            members(field, &pieces, &mut parts);
        }
        Parts::Commas => commas().for_each(|item| members(field, &[item], &mut parts)),
        Parts::Items => commas().for_each(|item| members(field, &split(item, ';'), &mut parts)),
        Parts::Logins => commas().for_each(|item| members(field, &login(field, item), &mut parts)),
        Parts::Robots => commas().for_each(|item| robot(field, item, &mut parts)),
    }
    parts
}

/// What stands together: an item and its parameters, a cookie and its attributes.
fn members(field: &Field, members: &[&str], parts: &mut Vec<Part>) {
    for (at, member) in members.iter().enumerate().filter(|(_, member)| !member.is_empty()) {
        let first = match field.secret {
            Secret::All if field.parts == Parts::Cookies => true,
            _ => at == 0,
        };
        let named = field.first.clone().filter(|_| first);
        // The first part is no word where it is a name, a type or a number of seconds.
        let free = matches!(field.parts, Parts::Semicolons | Parts::Cookies) && named.is_some();
        let value = known(field, member).filter(|_| !free);
        let text = text(field, member, first, value.is_some());
        let meaning = value.map(|value| value.meaning.clone()).or(named);
        parts.push(Part { text, meaning });
    }
}

/// A scheme with its first parameter is two parts: `Basic realm="x"`.
fn login<'t>(field: &Field, item: &'t str) -> Vec<&'t str> {
    match item.split_once([' ', '\t']) {
        Some((scheme, inner))
            if inner.contains('=')
                && known(field, scheme).is_some()
                && known(field, inner.trim_start()).is_some() =>
        {
            vec![scheme, inner.trim_start()]
        }
        _ => vec![item],
    }
}

/// A rule, and in front of it perhaps the robot that it and the next ones are for.
fn robot(field: &Field, item: &str, parts: &mut Vec<Part>) {
    match item.split_once(':') {
        Some((_, rule)) if known(field, item).is_none() && known(field, rule.trim()).is_some() => {
            let name = &item[..item.len() - rule.len()];
            parts.push(Part { text: name.to_owned(), meaning: field.first.clone() });
            robot(field, rule.trim(), parts);
        }
        _ if item.is_empty() => {}
        _ => {
            let meaning = known(field, item).map(|value| value.meaning.clone());
            parts.push(Part { text: item.to_owned(), meaning });
        }
    }
}

/// A part as it is shown.
fn text(field: &Field, member: &str, first: bool, known: bool) -> String {
    let (word, behind) = member.split_at(end_of_word(field, member));
    let separator = behind.get(..1).unwrap_or_default();
    match (field.secret, field.parts) {
        (Secret::No, _) => member.to_owned(),
        // A cookie without a name is all value; what is no attribute may be another cookie.
        (_, Parts::Cookies) if behind.is_empty() && first => HIDDEN.to_owned(),
        (_, Parts::Cookies) if first || !known => match behind.is_empty() {
            true => member.to_owned(),
            false => format!("{word}{separator}{HIDDEN}"),
        },
        (_, Parts::Cookies) => member.to_owned(),
        _ if !known => HIDDEN.to_owned(),
        _ if behind.is_empty() => member.to_owned(),
        _ => format!("{word}{separator}{HIDDEN}"),
    }
}

/// The word of the registry that this part begins with.
fn known<'f>(field: &'f Field, member: &str) -> Option<&'f Value> {
    let (word, behind) = member.split_at(end_of_word(field, member));
    let argument = behind.strip_prefix('=').unwrap_or_default();
    if field.parts == Parts::Commas && !argument.starts_with('"') && argument.contains([';', ' ']) {
        // Neither a token nor quoted: whoever reads the field passes over it.
        return None;
    }
    let word = word.trim_end();
    let find = |name: &str| field.values.iter().find(|value| value.name.eq_ignore_ascii_case(name));
    behind.starts_with('=').then(|| find(&format!("{word}="))).flatten().or_else(|| find(word))
}

/// `max-age=60`, `Basic dXNlcg==`, `max-snippet: 50`.
fn end_of_word(field: &Field, member: &str) -> usize {
    let ends: &[char] = match field.parts {
        Parts::Cookies => &['='],
        Parts::Robots => &['=', ':', ' ', '\t'],
        _ => &['=', ' ', '\t'],
    };
    member.find(ends).unwrap_or(member.len())
}

/// Cut where `at` stands outside of quotes and angle brackets, without the space around.
fn split(text: &str, at: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut quoted, mut bracketed, mut escaped) = (0, false, false, false);
    for (here, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if !bracketed => quoted = !quoted,
            '<' if !quoted => bracketed = true,
            '>' if !quoted => bracketed = false,
            c if c == at && !quoted && !bracketed => {
                pieces.push(text[from..here].trim());
                from = here + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(text[from..].trim());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::field;

    fn read(name: &str, value: &str) -> Vec<(String, bool)> {
        let parts = of(&field(name).unwrap(), value);
        parts.into_iter().map(|part| (part.text, part.meaning.is_some())).collect()
    }

    fn texts(name: &str, value: &str) -> Vec<String> {
        read(name, value).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn every_part_is_found_and_what_is_unknown_is_said_to_be() {
        let parts = read("Cache-Control", "no-store, Max-Age=60,, hokum");
        let expected = [("no-store", true), ("Max-Age=60", true), ("hokum", false)];
        assert_eq!(parts, expected.map(|(text, known)| (text.to_owned(), known)));
    }

    #[test]
    fn quotes_and_brackets_hold_together() {
        let value =
            "<https://a.example/?a=1,2;3>; rel=\"next, prev\"; title=\"a\\\";b\", </b>; rel=prev";
        let expected = [
            "<https://a.example/?a=1,2;3>",
            "rel=\"next, prev\"",
            "title=\"a\\\";b\"",
            "</b>",
            "rel=prev",
        ];
        assert_eq!(texts("Link", value), expected);
        assert!(read("Link", value).iter().all(|(_, known)| *known));
    }

    #[test]
    fn what_is_secret_is_left_out() {
        let set = "sid=7f3c; Path=/; Domain=co.uk; Expires=Wed, 21 Oct 2026 07:28:00 GMT";
        let expected = ["sid=…", "Path=/", "Domain=co.uk", "Expires=Wed, 21 Oct 2026 07:28:00 GMT"];
        assert_eq!(texts("Set-Cookie", set), expected);
        assert_eq!(texts("Set-Cookie", "Secure=7; HttpOnly"), ["Secure=…", "HttpOnly"]);
        assert_eq!(texts("Cookie", "sid=7f3c; a=b"), ["sid=…", "a=…"]);
        assert_eq!(texts("Authorization", "Basic dXNlcg=="), ["Basic …"]);
        let digest = "Digest username=\"ada\", response=\"6629\"";
        assert_eq!(texts("Authorization", digest), ["Digest", "username=…", "response=…"]);
        assert_eq!(texts("Authorization", "dpop eyJh"), ["dpop …"]);
    }

    #[test]
    fn what_only_looks_like_a_scheme_or_a_name_is_left_out() {
        for name in ["Authorization", "Proxy-Authorization"] {
            for value in ["ghp_abcdef", "dXNlcjpwYXNz", "s3cret:pw", "s3cret==", "s3cret more", "ü"]
            {
                assert_eq!(read(name, value), [("…".to_owned(), false)], "{value}");
            }
        }
        assert_eq!(texts("Set-Cookie", "supersecret"), ["…"]);
        assert_eq!(texts("Set-Cookie", "=supersecret; Path=/"), ["=…", "Path=/"]);
        assert_eq!(texts("Set-Cookie", "a=b; sid=secret; Sekure"), ["a=…", "sid=…", "Sekure"]);
        assert_eq!(texts("Cookie", "secret"), ["…"]);
        assert_eq!(texts("Cookie", "a=b; secret"), ["a=…", "…"]);
        for (name, shows) in [("X-Vault-Token", false), ("My-API-Key", false), ("X-Colour", true)] {
            assert_eq!(shown_of_stranger(name, "x").is_some(), shows, "{name}");
        }
    }

    #[test]
    fn in_cookies_quotes_and_brackets_hold_nothing_together() {
        let expected = ["sid=…", "Path=/", "HttpOnly"];
        assert_eq!(texts("Set-Cookie", "sid=a<b; Path=/; HttpOnly"), expected);
        assert_eq!(texts("Set-Cookie", "sid=\"abc; Path=/; HttpOnly"), expected);
        assert_eq!(texts("Cookie", "a=\"x; b=y"), ["a=…", "b=…"]);
        assert!(read("Cookie", "a=\"x; b=y").iter().all(|(_, known)| *known));
    }

    #[test]
    fn a_part_says_nothing_that_its_reading_denies() {
        assert_eq!(read("Cache-Control", "max-age:60"), [("max-age:60".to_owned(), false)]);
        let value = "max-age=60; public";
        assert_eq!(read("Cache-Control", value), [(value.to_owned(), false)]);
        assert_eq!(read("Clear-Site-Data", "*"), [("*".to_owned(), false)]);
        assert_eq!(read("Clear-Site-Data", "\"*\""), [("\"*\"".to_owned(), true)]);
        let said = |value: &str| of(&field("Cache-Control").unwrap(), value).remove(0).meaning;
        assert_ne!(said("no-cache=\"Set-Cookie\""), said("no-cache"));
        assert_ne!(said("private=\"X, Y\""), said("private"));
        assert_eq!(said("max-age=60"), said("max-age"));
        let origin = read("Access-Control-Allow-Origin", "https://a.example");
        assert_eq!(origin, [("https://a.example".to_owned(), true)]);
        let robots = read("X-Robots-Tag", "googlebot: noindex, max-snippet:50, hokum: x");
        let expected = [
            ("googlebot:", true),
            ("noindex", true),
            ("max-snippet:50", true),
            ("hokum: x", false),
        ];
        assert_eq!(robots, expected.map(|(text, known)| (text.to_owned(), known)));
    }

    #[test]
    fn what_only_requests_say_is_read_as_a_request() {
        let control = field("Cache-Control").unwrap();
        for value in
            ["only-if-cached", "max-stale", "min-fresh=5, max-age=60", "no-cache, max-stale"]
        {
            assert!(is_asked(&control, value), "{value}");
        }
        for value in ["max-age=60", "no-store", "public, max-stale", "hokum", ""] {
            assert!(!is_asked(&control, value), "{value}");
        }
        assert!(is_asked(&field("Accept").unwrap(), "text/html"));
    }

    #[test]
    fn a_scheme_and_its_first_parameter_are_two_parts() {
        let expected = ["Digest", "realm=\"a, b\"", "qop=\"auth\"", "Basic", "realm=\"x\""];
        let value = "Digest realm=\"a, b\", qop=\"auth\", Basic realm=\"x\"";
        assert_eq!(texts("WWW-Authenticate", value), expected);
    }

    #[test]
    fn nothing_breaks_on_nonsense() {
        for field in registry::fields() {
            for value in
                ["", ";", ",;,;=", "\"", "\\", "<", "ü=ü; ü", "a=\"b", " ", "= =", "…", ":", "ü:ü"]
            {
                of(&field, value);
            }
        }
    }
}
