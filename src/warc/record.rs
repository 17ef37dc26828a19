//! One record, and what its named fields say.

use crate::base::{Headers, Wall, parse_iso_time};
use std::borrow::Cow;
use std::fmt;

/// The version a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// ISO 28500:2009.
    V1_0,
    /// ISO 28500:2017.
    V1_1,
}

/// What a record holds (`WARC-Type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the records behind it are, in fields.
    Info,
    /// An answer, head and framing included; or what another protocol brought.
    Response,
    /// Content without a head.
    Resource,
    /// A request.
    Request,
    /// Something about another record.
    Metadata,
    /// An answer whose content is that of an earlier record.
    Revisit,
    /// Another record's content in another format.
    Conversion,
    /// More of the block of a record before it.
    Continuation,
    /// A type that the standard does not name; such records are to be passed over.
    Other,
}

impl Kind {
    fn named(name: &[u8]) -> Kind {
        let known = [
            ("warcinfo", Kind::Info),
            ("response", Kind::Response),
            ("resource", Kind::Resource),
            ("request", Kind::Request),
            ("metadata", Kind::Metadata),
            ("revisit", Kind::Revisit),
            ("conversion", Kind::Conversion),
            ("continuation", Kind::Continuation),
        ];
        let named = known.iter().find(|(word, _)| name.eq_ignore_ascii_case(word.as_bytes()));
        named.map_or(Kind::Other, |(_, kind)| *kind)
    }
}

/// One record of an archive.
#[derive(Clone, PartialEq, Eq)]
pub struct Record<'f> {
    /// Where it, or the gzip member that holds it, begins in the file.
    pub at: u64,
    /// The version it is of.
    pub version: Version,
    /// Its named fields, in order.
    pub fields: Headers,
    /// What was recorded.
    pub block: Cow<'f, [u8]>,
}

impl Record<'_> {
    /// What it holds.
    pub fn kind(&self) -> Kind {
        Kind::named(self.fields.get("WARC-Type").unwrap_or_default())
    }

    /// When it was recorded, if it says so to the second at least.
    pub fn date(&self) -> Option<Wall> {
        parse_iso_time(self.fields.get_str("WARC-Date")?)
    }

    /// The URI that was asked for. The brackets that the grammar of 1.0 had put around it by
    /// mistake, and some writers with it, are left out.
    pub fn target(&self) -> Option<&str> {
        self.uri("WARC-Target-URI")
    }

    /// What other records call it by.
    pub fn id(&self) -> Option<&str> {
        self.uri("WARC-Record-ID")
    }

    /// The record of the same exchange that this one goes with: a request's response, or the
    /// other way round.
    pub fn concurrent_to(&self) -> impl Iterator<Item = &str> {
        let texts = self.fields.all("WARC-Concurrent-To");
        texts.filter_map(|value| std::str::from_utf8(value).ok()).map(unbracketed)
    }

    /// Whether its block is one of HTTP, by its `Content-Type`; a record without one, written
    /// by somebody careless, is judged by its front.
    pub fn is_http(&self) -> bool {
        match self.fields.get("Content-Type") {
            Some(value) => {
                let essence = value.split(|&b| b == b';').next().unwrap_or_default();
                essence.trim_ascii().eq_ignore_ascii_case(b"application/http")
            }
            None => self.block.starts_with(b"HTTP/"),
        }
    }

    /// Whether its block is only a part of what was recorded.
    pub fn is_segment(&self) -> bool {
        self.fields.has("WARC-Segment-Number") || self.kind() == Kind::Continuation
    }

    fn uri(&self, name: &str) -> Option<&str> {
        self.fields.get_str(name).map(unbracketed)
    }
}

fn unbracketed(uri: &str) -> &str {
    uri.strip_prefix('<').and_then(|uri| uri.strip_suffix('>')).unwrap_or(uri)
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, kind, size) = (self.at, self.kind(), self.block.len());
        write!(f, "{kind:?} at {at} of {:?} ({size} bytes)", self.target())
    }
}
