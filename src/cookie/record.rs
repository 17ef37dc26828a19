//! A stored cookie and its key (RFC 6265bis section 5.7).

use crate::base::{Site, Wall};
use std::fmt;

/// What makes a cookie that one and no other: a new one with the same key takes its place.
///
/// Ordered by domain first, so that a sorted list holds a domain's cookies side by side.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Canonical host, without a leading dot.
    pub domain: Box<str>,
    /// The path, beginning with `/`; any bytes but controls.
    pub path: Box<[u8]>,
    /// The name, possibly empty; any bytes but controls, `=` and `;`.
    pub name: Box<[u8]>,
    /// Whether only the very host gets it, not the hosts below.
    pub host_only: bool,
    /// The top-level site a `Partitioned` cookie belongs to.
    pub partition: Option<Site>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.host_only { "" } else { "." };
        write!(f, "{} {dot}{}{}", self.name.escape_ascii(), self.domain, self.path.escape_ascii())?;
        match &self.partition {
            Some(site) => write!(f, " in {}", site.0),
            None => Ok(()),
        }
    }
}

/// The `SameSite` attribute (section 5.6.7). Stored and shown; a command line is no site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Not given, or not understood: as browsers do, like `Lax`.
    #[default]
    Default,
    /// Also from other sites; needs `Secure`.
    None,
    /// From other sites only when navigating.
    Lax,
    /// Never from other sites.
    Strict,
}

impl SameSite {
    /// The value's meaning, read without case.
    pub fn read(value: &[u8]) -> SameSite {
        [SameSite::None, SameSite::Lax, SameSite::Strict]
            .into_iter()
            .find(|same_site| value.eq_ignore_ascii_case(same_site.as_str().as_bytes()))
            .unwrap_or_default()
    }

    /// In lower case: `default`, `none`, `lax` or `strict`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SameSite::Default => "default",
            SameSite::None => "none",
            SameSite::Lax => "lax",
            SameSite::Strict => "strict",
        }
    }
}

/// One cookie with every field of the storage model. Its value is a secret: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    /// Name, domain, host-only flag, path and partition.
    pub key: Key,
    /// The value as it came; any bytes but controls and `;`.
    pub value: Box<[u8]>,
    /// Only over secure connections, and to this machine.
    pub secure: bool,
    /// Hidden from scripts; kept, for those who read the jar.
    pub http_only: bool,
    /// `SameSite`.
    pub same_site: SameSite,
    /// When it ends, capped when it was received; `None` for a session cookie.
    pub expires: Option<Wall>,
    /// When a cookie with this key first came. Distinct within a run, so that cookies of one
    /// millisecond keep their order.
    pub created: Wall,
    /// When it was last set; `None` where a file did not say.
    pub received: Option<Wall>,
    /// When it was last sent or set.
    pub accessed: Wall,
    /// The origin that set it, if known (never a path or a query: those may hold secrets).
    pub source: Option<Box<str>>,
    /// Its turn among cookies created in the same millisecond.
    pub(super) order: u64,
    /// Set in this run: not merely loaded from the file that is saved to.
    pub(super) live: bool,
}

impl Cookie {
    /// A session cookie of no special kind, created at `created`; change its fields at will.
    pub fn new(key: Key, value: &[u8], created: Wall) -> Cookie {
        Cookie {
            key,
            value: value.into(),
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            expires: None,
            created,
            received: None,
            accessed: created,
            source: None,
            order: 0,
            live: false,
        }
    }

    /// Whether its time is over (section 5.7).
    pub fn is_expired(&self, now: Wall) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    /// Whether both came from the same setting: all that a `Set-Cookie` decides is equal.
    /// When they were created or last sent does not matter.
    pub fn is_same_setting(&self, other: &Cookie) -> bool {
        self.key == other.key
            && self.value == other.value
            && self.expires == other.expires
            && self.secure == other.secure
            && self.http_only == other.http_only
            && self.same_site == other.same_site
            && self.received == other.received
    }

    /// As it stands in a `Cookie` line: `name=value`, or the bare value of a nameless one.
    pub(super) fn write_pair(&self, out: &mut Vec<u8>) {
        if !self.key.name.is_empty() {
            out.extend_from_slice(&self.key.name);
            out.push(b'=');
        }
        out.extend_from_slice(&self.value);
    }

    /// Bytes that [`Cookie::write_pair`] writes.
    pub(super) fn pair_len(&self) -> usize {
        self.key.name.len() + usize::from(!self.key.name.is_empty()) + self.value.len()
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("key", &self.key)
            .field("value", &format_args!("({} bytes)", self.value.len()))
            .field("secure", &self.secure)
            .field("http_only", &self.http_only)
            .field("same_site", &self.same_site)
            .field("expires", &self.expires)
            .field("created", &self.created)
            .field("received", &self.received)
            .field("accessed", &self.accessed)
            .field("source", &self.source)
            .finish()
    }
}
