//! What a cache asks with whether an answer is still good (RFC 9111 section 4.3.1).

use crate::base::{Headers, Wall, http_date};

/// The validators of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as it came.
    pub tag: Option<(Tag, Vec<u8>)>,
    /// `Last-Modified`, as it came, where it is a date.
    pub modified: Option<Vec<u8>>,
    /// There is a `Last-Modified`, and it is no date.
    pub bad_date: bool,
}

/// What an entity tag is good for (RFC 9110 section 8.8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// The same tag means the same bytes.
    Strong,
    /// The same tag means as good as the same content.
    Weak,
    /// It lacks its quotes, or holds what may not stand in them; clients send it back all the same.
    Malformed,
}

impl Tag {
    /// What a tag's text makes it; `None` where there is none.
    pub fn of(text: &[u8]) -> Option<Tag> {
        let (kind, opaque) = match text.strip_prefix(b"W/") {
            Some(opaque) => (Tag::Weak, opaque),
            None => (Tag::Strong, text),
        };
        let inside = opaque.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
        let plain = |b: &u8| *b == b'!' || (b'#'..=b'~').contains(b) || *b >= 0x80;
        match inside {
            Some(inside) if inside.iter().all(plain) => Some(kind),
            _ => (!text.is_empty()).then_some(Tag::Malformed),
        }
    }
}

impl Validators {
    pub(super) fn of(headers: &Headers, received: Wall) -> Validators {
        let tag = headers.get("ETag").and_then(|text| Some((Tag::of(text)?, text.to_vec())));
        let given = headers.get("Last-Modified");
        let modified = given.filter(|text| http_date(text, received).is_some());
        let bad_date = given.is_some() && modified.is_none();
        Validators { tag, modified: modified.map(<[u8]>::to_vec), bad_date }
    }

    /// The field that counts, by name: servers pass over the date where there is a tag.
    pub fn name(&self) -> Option<&'static str> {
        match (&self.tag, &self.modified) {
            (Some(_), _) => Some("ETag"),
            (None, Some(_)) => Some("Last-Modified"),
            (None, None) => None,
        }
    }

    /// The fields of the conditional request.
    pub fn request(&self) -> Vec<(&'static str, &[u8])> {
        let tag = self.tag.as_ref().map(|(_, text)| ("If-None-Match", text.as_slice()));
        let modified = self.modified.as_deref().map(|text| ("If-Modified-Since", text));
        tag.into_iter().chain(modified).collect()
    }
}
