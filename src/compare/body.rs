//! The content: by its bytes, and then by what its type allows.

use super::{Answer, Difference, MAX_CONTENT, Options, json, units};
use crate::base::Headers;
use std::fmt;

/// How two contents were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Byte by byte.
    Bytes,
    /// Line by line, without white space at their ends.
    Text,
    /// By tags and texts, without what is made anew.
    Html,
    /// By path, without what is made anew.
    Json,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            How::Bytes => "bytes",
            How::Text => "text",
            How::Html => "HTML",
            How::Json => "JSON",
        })
    }
}

/// Two contents.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The same bytes, and the same codings.
    Same,
    /// The same bytes in other codings.
    Decoded,
    /// The same but for what does not count.
    Normalised(How),
    /// They differ.
    Differs {
        /// How they were compared.
        how: How,
        /// From 0, nothing in common, to 1.
        similarity: f64,
        /// The first differences.
        differences: Vec<Difference>,
        /// There are more.
        more: bool,
    },
    /// The content of one side is not known.
    Unknown,
}

/// What came of comparing by one of the ways.
pub(super) struct Found {
    pub(super) similarity: f64,
    pub(super) differences: Vec<Difference>,
    pub(super) more: bool,
}

pub(super) fn compare(a: &Answer<'_>, b: &Answer<'_>, options: &Options) -> Body {
    let (Some(one), Some(other)) = (a.content, b.content) else { return Body::Unknown };
    if one == other {
        let coding =
            |headers: &Headers| headers.members("Content-Encoding").collect::<Vec<_>>().concat();
        return if coding(a.headers) == coding(b.headers) { Body::Same } else { Body::Decoded };
    }
    let (how, found) = if one.len().max(other.len()) > MAX_CONTENT {
        (How::Bytes, bytes(one, other))
    } else if !options.strict
        && let Some(one) = (options.outline)(one, a.headers)
        && let Some(other) = (options.outline)(other, b.headers)
    {
        (How::Html, units::compare(&refs(&one), &refs(&other), units::in_tag))
    } else if let Some(found) = json::compare(one, other, options.strict) {
        (How::Json, found)
    } else if let (Some(one), Some(other)) = (text(one), text(other)) {
        let lines = |text| lines(text, options.strict);
        (How::Text, units::compare(&lines(one), &lines(other), units::line))
    } else {
        (How::Bytes, bytes(one, other))
    };
    let Found { similarity, differences, more } = found;
    match differences.is_empty() && !more {
        true if options.strict => {
            // The same but for what only bytes show.
            let Found { differences, .. } = bytes(one, other);
            Body::Differs { how: How::Bytes, similarity, differences, more: false }
        }
        true => Body::Normalised(how),
        false => Body::Differs { how, similarity, differences, more },
    }
}

fn refs(units: &[String]) -> Vec<&str> {
    units.iter().map(String::as_str).collect()
}

/// Content that is text: UTF-8 without NUL.
fn text(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok().filter(|text| !text.contains('\0'))?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn lines(text: &str, strict: bool) -> Vec<&str> {
    match strict {
        true => text.split('\n').collect(),
        // Empty lines at the end are white space, too.
        false => text.trim_end().lines().map(str::trim_end).collect(),
    }
}

/// The first byte that differs, and how much is the same before it and at the end.
fn bytes(a: &[u8], b: &[u8]) -> Found {
    /// As much is shown from there on.
    const SHOWN: usize = 16;
    let same =
        |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(x, y)| x == y).count();
    let front = same(&mut a.iter().zip(b));
    let back = same(&mut a[front..].iter().rev().zip(b[front..].iter().rev()));
    let shown = |side: &[u8]| {
        let part = &side[front.min(side.len())..(front + SHOWN).min(side.len())];
        let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
        (!part.is_empty()).then(|| hex.join(" "))
    };
    let (one, other) = (shown(a), shown(b));
    let at = format!("byte {front}");
    Found {
        similarity: units::share(2 * (front + back) as u64, (a.len() + b.len()) as u64),
        differences: vec![Difference::new(at, one.as_deref(), other.as_deref())],
        more: false,
    }
}
