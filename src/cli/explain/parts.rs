//! A value: as a whole, and part by part, by the words that the registry knows.

use crate::inspect::reading::{self, About};
use crate::net::clock;
use crate::registry::{self, Field, Parts, Secret, Value};

/// A part of a value, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// As it was written; what is secret is left out.
    pub(super) text: String,
    /// `None` where nobody here knows the word.
    pub(super) meaning: Option<String>,
}

/// What the value says as a whole, where that can be told without the rest of its message.
pub(super) fn reading(field: &Field, value: &str) -> Option<String> {
    let side = match field.side {
        registry::Side::Request => reading::Side::Request,
        _ => reading::Side::Response,
    };
    let about = About { side, ..About::nothing(clock::wall()) };
    reading::of(&field.name, value.as_bytes(), &about)
}

/// The parts of a value; none where it is not taken apart.
pub(super) fn of(field: &Field, value: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    match field.parts {
        Parts::Whole => {}
        Parts::Semicolons => members(field, value, &mut parts),
        Parts::Commas => {
            split(value, ',').into_iter().for_each(|item| members(field, item, &mut parts));
        }
    }
    parts
}

/// What stands between semicolons.
fn members(field: &Field, text: &str, parts: &mut Vec<Part>) {
    for (at, member) in split(text, ';').into_iter().enumerate() {
        if member.is_empty() {
            continue;
        }
        let first = field.first.as_ref().filter(|_| at == 0).cloned();
        let value =
            known(field, member).filter(|_| first.is_none() || field.parts == Parts::Commas);
        let secret = match field.secret {
            Secret::No => false,
            Secret::First => at == 0,
            Secret::All => true,
        };
        let (word, behind) = member.split_at(end_of_word(member));
        let inner = behind.trim_start();
        // A scheme with its first parameter: Basic realm="x".
        let scheme = field.parts == Parts::Commas && behind.starts_with(' ') && inner.contains('=');
        if scheme && !secret && value.is_some() && known(field, inner).is_some() {
            parts.push(part(field, word, word, value, None, false));
            let value = known(field, inner);
            parts.push(part(field, inner, inner, value, None, false));
            continue;
        }
        parts.push(part(field, member, word, value, first, secret));
    }
}

fn part(
    field: &Field,
    text: &str,
    word: &str,
    value: Option<&Value>,
    first: Option<String>,
    secret: bool,
) -> Part {
    let text = match secret && text.len() > word.len() {
        true => format!("{word}{}…", text[word.len()..].get(..1).unwrap_or_default()),
        false => text.to_owned(),
    };
    let meaning = value.map(|value| value.meaning.clone()).or(first);
    let named = || (field.secret == Secret::All && field.values.is_empty()).then(String::new);
    Part { text, meaning: meaning.or_else(named) }
}

/// The word of the registry that this part begins with.
fn known<'f>(field: &'f Field, member: &str) -> Option<&'f Value> {
    let word = member[..end_of_word(member)].trim_matches('"');
    // What has a name of its own with a parameter in it, such as a media type, is found too.
    field.values.iter().find(|value| value.name.eq_ignore_ascii_case(word))
}

/// `max-age=60`, `Basic dXNlcg==`, `max-snippet: 50`.
fn end_of_word(member: &str) -> usize {
    member.find(['=', ':', ' ', '\t']).unwrap_or(member.len())
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
        assert_eq!(texts("Authorization", digest), ["Digest …", "response=…"]);
    }

    #[test]
    fn a_scheme_and_its_first_parameter_are_two_parts() {
        let expected = ["Digest", "realm=\"a, b\"", "qop=\"auth\"", "Basic", "realm=\"x\""];
        let value = "Digest realm=\"a, b\", qop=\"auth\", Basic realm=\"x\"";
        assert_eq!(texts("WWW-Authenticate", value), expected);
    }

    #[test]
    fn nothing_breaks_on_nonsense() {
        for name in ["Link", "Set-Cookie", "Authorization", "Cache-Control", "Age", "Forwarded"] {
            for value in ["", ";", ",;,;=", "\"", "\\", "<", "ü=ü; ü", "a=\"b", " ", "= =", "…"]
            {
                of(&field(name).unwrap(), value);
            }
        }
    }
}
