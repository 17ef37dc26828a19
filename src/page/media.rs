//! What the content is: what the Content-Type field says, and what the bytes look like.
//!
//! The declared type holds, as it does in a browser, until the bytes cannot be that: a picture
//! where HTML was announced, HTML where a picture was, JSON announced as HTML. Then the bytes
//! are believed, and both are told.

use super::magic;
use crate::base::Headers;
use memchr::memchr;

/// What can be said about content, by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HTML, in either syntax.
    Html,
    /// JSON.
    Json,
    /// XML that is not XHTML.
    Xml,
    /// Any other text.
    Text,
    /// Anything else.
    Binary,
}

/// The type of content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The media type of the Content-Type field in lower case, without its parameters.
    pub declared: Option<String>,
    /// The media type that the bytes look like, where they look like anything.
    pub looks_like: Option<&'static str>,
    /// What the content was taken for.
    pub kind: Kind,
    /// The declared type is missing or impossible, and the bytes decided.
    pub sniffed: bool,
}

impl Media {
    /// The type that it was taken for.
    pub fn name(&self) -> &str {
        let declared = self.declared.as_deref().filter(|_| !self.sniffed);
        declared.or(self.looks_like).unwrap_or("application/octet-stream")
    }

    /// Whether the server says one thing and the bytes another.
    pub fn contradicts(&self) -> bool {
        self.sniffed && self.declared.is_some()
    }
}

/// The longest media type that is taken for one (RFC 6838 allows 127 bytes on both sides).
const MOST_TYPE: usize = 255;

/// The last Content-Type field, as browsers take it: its media type and its `charset`.
pub(super) fn declared(headers: &Headers) -> (Option<String>, Option<&[u8]>) {
    let Some(value) = headers.all("content-type").last() else { return (None, None) };
    let end = memchr(b';', value).unwrap_or(value.len());
    let essence = value[..end].trim_ascii();
    let token = |b: &u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(b);
    let valid = essence.len() <= MOST_TYPE
        && essence.iter().all(token)
        && essence.iter().filter(|b| **b == b'/').count() == 1;
    let essence = String::from_utf8_lossy(essence).to_ascii_lowercase();
    (valid.then_some(essence), parameter(&value[end..], b"charset"))
}

/// A parameter of a field's value; the quotes around it do not belong to it.
fn parameter<'v>(value: &'v [u8], name: &[u8]) -> Option<&'v [u8]> {
    let mut rest = value;
    loop {
        rest = &rest[memchr(b';', rest)? + 1..];
        let end = rest.iter().position(|b| matches!(b, b';' | b'='))?;
        let found = rest[..end].trim_ascii();
        if rest[end] == b';' {
            rest = &rest[end..];
            continue;
        }
        let behind = rest[end + 1..].trim_ascii_start();
        let (value, behind) = match behind.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = memchr(b'"', quoted).unwrap_or(quoted.len());
                (&quoted[..end], &quoted[end..])
            }
            None => {
                let end = memchr(b';', behind).unwrap_or(behind.len());
                (behind[..end].trim_ascii(), &behind[end..])
            }
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = behind;
    }
}

/// What the content is.
pub(super) fn of(content: &[u8], declared: Option<String>) -> Media {
    let looks_like = magic::look(content);
    let looked = looks_like.map_or(Kind::Binary, kind_of);
    let said = declared.as_deref().filter(|name| !says_nothing(name)).map(kind_of);
    let lie = match (said, looked) {
        (None, _) => true,
        // Bytes that begin as nothing known are what they are said to be.
        _ if looks_like.is_none() => false,
        (Some(Kind::Binary), looked) => looked == Kind::Html || looked == Kind::Json,
        (Some(_), Kind::Binary) => true,
        // Text may show HTML, and HTML may begin with a brace: only whole JSON is none.
        (Some(Kind::Html), Kind::Json) => super::data::is_json(content),
        (Some(Kind::Json), Kind::Html) => true,
        (Some(Kind::Xml), Kind::Html) => true,
        _ => false,
    };
    let kind = if lie { looked } else { said.unwrap_or(looked) };
    Media { declared, looks_like, kind, sniffed: lie }
}

/// Types that servers send for what they do not know.
fn says_nothing(name: &str) -> bool {
    matches!(
        name,
        "application/octet-stream"
            | "binary/octet-stream"
            | "application/unknown"
            | "unknown/unknown"
            | "*/*"
    )
}

fn kind_of(name: &str) -> Kind {
    let (top, sub) = name.split_once('/').unwrap_or((name, ""));
    match (top, sub) {
        ("text", "html") | ("application", "xhtml+xml") => Kind::Html,
        ("application" | "text", "json" | "x-json" | "x-ndjson" | "jsonl" | "ndjson") => Kind::Json,
        ("application" | "text", "xml") => Kind::Xml,
        _ if sub.ends_with("+json") => Kind::Json,
        _ if sub.ends_with("+xml") => Kind::Xml,
        ("text", _)
        | ("application", "javascript" | "x-javascript" | "ecmascript" | "yaml" | "toml" | "sql") => {
            Kind::Text
        }
        _ => Kind::Binary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn media(field: &str, content: &[u8]) -> Media {
        let mut headers = Headers::new();
        if !field.is_empty() {
            headers.push("Content-Type", field);
        }
        of(content, declared(&headers).0)
    }

    #[test]
    fn a_charset_is_found_among_the_parameters() {
        for (value, want) in [
            ("text/html; charset=utf-8", Some("utf-8")),
            ("text/html;x=\"a;charset=no\"; Charset = \"koi8-r\"", Some("koi8-r")),
            ("text/html; a; b;charset=latin1;c=d", Some("latin1")),
            ("text/html; charset=\"open", Some("open")),
            ("text/html", None),
            ("text/html; charset", None),
        ] {
            let headers: Headers = [("content-type", value)].into_iter().collect();
            let found = declared(&headers).1;
            assert_eq!(found, want.map(str::as_bytes), "{value}");
        }
    }

    #[test]
    fn the_declared_type_holds_while_the_bytes_allow_it() {
        for (field, content, kind, name, sniffed) in [
            ("Text/HTML; x", &b"anything"[..], Kind::Html, "text/html", false),
            ("text/plain", b"<!doctype html>", Kind::Text, "text/plain", false),
            ("image/svg+xml", b"<svg/>", Kind::Xml, "image/svg+xml", false),
            ("application/xml", b"<?xml version='1.0'?><a/>", Kind::Xml, "application/xml", false),
            ("application/ld+json", b"{}", Kind::Json, "application/ld+json", false),
            ("text/html", b"{not json} <p>", Kind::Html, "text/html", false),
            ("text/csv", b"a,b", Kind::Text, "text/csv", false),
            ("video/mp4", b"zzz", Kind::Binary, "video/mp4", false),
            ("", b"<!DOCTYPE html>", Kind::Html, "text/html", true),
            ("nonsense", b"hello", Kind::Text, "text/plain", true),
            ("application/octet-stream", b"{\"a\":1}", Kind::Json, "application/json", true),
            ("", b"\x00\x01\x02", Kind::Binary, "application/octet-stream", true),
        ] {
            let found = media(field, content);
            assert_eq!((found.kind, found.name(), found.sniffed), (kind, name, sniffed), "{field}");
        }
    }

    #[test]
    fn bytes_that_cannot_be_the_declared_type_are_believed() {
        for (field, content, kind) in [
            ("image/png", &b"<html><body>"[..], Kind::Html),
            ("application/json", b"  <!doctype html>", Kind::Html),
            ("text/html", b"\x89PNG\r\n\x1a\n", Kind::Binary),
            ("text/html", b"{\"a\": [1]}", Kind::Json),
            ("application/pdf", b"<html>", Kind::Html),
        ] {
            let found = media(field, content);
            assert!(found.contradicts() && found.kind == kind, "{field}: {found:?}");
        }
    }
}
