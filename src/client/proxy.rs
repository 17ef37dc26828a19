//! Which proxy a request goes through, and how (RFC 9110 sections 3.7 and 9.3.6).
//!
//! http is forwarded: the proxy is sent the whole URL. https is tunnelled: the proxy is asked
//! by CONNECT for a connection, and sees no more of it. A proxy's login is for the proxy alone.

use super::Credentials;
use crate::base::{Origin, Scheme};
use std::net::IpAddr;

/// An HTTP proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its canonical host.
    pub host: Box<str>,
    /// Its port.
    pub port: u16,
    /// Its login, if it wants one.
    pub credentials: Option<Credentials>,
}

/// The proxies of a fetch, and what goes around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For http.
    pub http: Option<Proxy>,
    /// For https.
    pub https: Option<Proxy>,
    /// Hosts that are spoken to directly.
    pub except: Vec<Direct>,
    /// Tunnel http too (`-p`).
    pub tunnel: bool,
}

/// A host, or many, that no proxy is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direct {
    /// All of them.
    All,
    /// This host and those below it.
    Domain(Box<str>),
    /// The addresses whose first bits are these.
    Network(IpAddr, u8),
}

impl Proxies {
    /// The proxy for `origin`, if it goes through one.
    pub(super) fn for_origin(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = match origin.scheme {
            Scheme::Http => self.http.as_ref(),
            Scheme::Https => self.https.as_ref(),
        };
        proxy.filter(|_| !self.except.iter().any(|direct| direct.holds_for(&origin.host)))
    }
}

impl Direct {
    /// One word of a `NO_PROXY` list: `*`, a name with or without a leading dot, an address, or
    /// a network like `10.0.0.0/8`.
    pub fn parse(word: &str) -> Option<Direct> {
        let word = word.trim().trim_matches('.');
        if word.is_empty() {
            return None;
        }
        if word == "*" {
            return Some(Direct::All);
        }
        let (address, bits) = match word.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (word, None),
        };
        let address = address.trim_start_matches('[').trim_end_matches(']');
        match (address.parse::<IpAddr>(), bits) {
            (Ok(ip), bits) => {
                let whole = if ip.is_ipv4() { 32 } else { 128 };
                let bits = bits.unwrap_or(whole);
                (bits <= whole).then_some(Direct::Network(ip, bits))
            }
            (Err(_), None) => Some(Direct::Domain(word.to_ascii_lowercase().into())),
            (Err(_), Some(_)) => None,
        }
    }

    fn holds_for(&self, host: &str) -> bool {
        match self {
            Direct::All => true,
            Direct::Domain(domain) => {
                let above = host.strip_suffix(&**domain);
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            Direct::Network(network, bits) => {
                let bare = host.trim_start_matches('[').trim_end_matches(']');
                bare.parse().is_ok_and(|ip| shares(ip, *network, *bits))
            }
        }
    }
}

/// Whether the first `bits` bits of two addresses of one family are the same.
fn shares(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    let (one, other, whole) = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits().into(), other.to_bits().into(), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let differ: u128 = one ^ other;
    differ.checked_shr(whole - u32::from(bits)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Address;

    fn is_direct(list: &str, url: &str) -> bool {
        let proxy = Proxy { host: "p".into(), port: 1, credentials: None };
        let except = list.split(',').filter_map(Direct::parse).collect();
        let proxies = Proxies { http: Some(proxy), except, ..Proxies::default() };
        proxies.for_origin(&Address::parse(url).unwrap().origin).is_none()
    }

    #[test]
    fn a_name_stands_for_itself_and_those_below_it() {
        for list in ["example.com", ".example.com", "a, Example.COM."] {
            assert!(is_direct(list, "http://example.com/"), "{list}");
            assert!(is_direct(list, "http://www.example.com:81/"), "{list}");
            assert!(!is_direct(list, "http://notexample.com/"), "{list}");
        }
        assert!(is_direct("*", "http://a/") && !is_direct("", "http://a/"));
    }

    #[test]
    fn addresses_are_compared_by_their_bits() {
        assert!(is_direct("127.0.0.0/8", "http://127.9.9.9/"));
        assert!(!is_direct("127.0.0.0/8", "http://128.0.0.1/"));
        assert!(is_direct("::1", "http://[::1]:80/") && is_direct("0.0.0.0/0", "http://1.2.3.4/"));
        assert!(
            is_direct("10.0.0.1", "http://10.0.0.1/") && !is_direct("10.0.0.1", "http://10.0.0.2/")
        );
        assert_eq!(Direct::parse("10.0.0.0/33"), None);
    }
}
