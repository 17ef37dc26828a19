//! The host in a URL: as it was typed, as it is sent, and what the `url` crate is told.
//!
//! That crate knows neither a name whose last label is a number (RFC 3986 has it) nor the scope
//! of an IPv6 address (RFC 6874). Both are cut out of the text before it is parsed, and kept
//! here beside what it made of the rest.

use crate::base::{canonical_host, numbered_name};
use std::ops::Range;
use url::Url;

/// What the `url` crate is given in place of a name it does not know. The domain `invalid` has
/// no hosts (RFC 6761 section 6.4), and none of its are ever asked for: see [`Host::canonical`].
const STAND_IN: &str = "name.invalid";

/// The longest scope that is taken: more than any system names its interfaces with.
const LONGEST_SCOPE: usize = 32;

/// The host of an address.
#[derive(Clone, Debug)]
pub(super) struct Host {
    /// As it was typed; where it is no name of its own, as it is sent.
    pub(super) typed: Box<str>,
    /// As it stands in `Host`: ASCII, in the case it was typed in, a final dot and all.
    pub(super) sent: Box<str>,
    /// The canonical name, where the URL has a stand-in.
    pub(super) name: Option<Box<str>>,
    /// The scope of an IPv6 address: the interface it belongs to.
    scope: Option<Box<str>>,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    typed: String,
    name: Option<Box<str>>,
    scope: Option<Box<str>>,
}

/// An absolute URL with what the `url` crate does not know taken out of it.
pub(super) fn find(text: &str) -> (String, Found) {
    let place = place_in(text);
    let typed = text[place.clone()].to_owned();
    let mut known = text.to_owned();
    if let Some((address, scope)) = scope_of(&typed) {
        known.replace_range(place, &address);
        let scope = Some(scope.into());
        return (known, Found { typed: address, name: None, scope });
    }
    let name = numbered_name(&typed);
    // One that is an IPv4 address is no name.
    let name = name.filter(|_| url::Host::parse(&typed).is_err());
    if name.is_some() {
        known.replace_range(place, STAND_IN);
    }
    (known, Found { typed, name, scope: None })
}

impl Host {
    /// What the `url` crate made of the text, and what was found in it.
    pub(super) fn of(url: &Url, found: Found) -> Option<Host> {
        let Found { typed, name, scope } = found;
        let read = url.host_str().filter(|host| *host != ".")?;
        let sent = match typed.eq_ignore_ascii_case(read) || name.is_some() {
            true => typed.clone(),
            false => read.to_owned(),
        };
        // What is no name in ASCII is shown as it was typed; `%41` and `0x7f.1` are not.
        let typed = if typed.is_ascii() { sent.clone() } else { typed };
        Some(Host { typed: typed.into(), sent: sent.into(), name, scope })
    }

    /// The host of the origin, where the URL says `read`.
    pub(super) fn canonical(&self, read: Box<str>) -> Box<str> {
        match (&self.name, &self.scope) {
            (Some(name), _) => canonical_host(name).into(),
            (None, Some(scope)) => format!("{}%{scope}]", read.trim_end_matches(']')).into(),
            (None, None) => read,
        }
    }
}

/// Where the host stands in an absolute URL.
fn place_in(text: &str) -> Range<usize> {
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    let start = text[start..end].rfind('@').map_or(start, |at| start + at + 1);
    let authority = &text[start..end];
    let length = match authority.find(']').filter(|_| authority.starts_with('[')) {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    start..start + length
}

/// `[fe80::1%25lo]`, or with a bare `%` as people write it: the address, and the scope.
fn scope_of(host: &str) -> Option<(String, &str)> {
    let inner = host.strip_prefix('[')?.strip_suffix(']')?;
    let (address, scope) = inner.split_once('%')?;
    let scope = scope.strip_prefix("25").filter(|rest| !rest.is_empty()).unwrap_or(scope);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let sound = !scope.is_empty() && scope.len() <= LONGEST_SCOPE && scope.bytes().all(plain);
    (sound && scope != "25").then(|| (format!("[{address}]"), scope))
}
