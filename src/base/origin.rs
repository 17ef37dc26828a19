//! Who is spoken to: the origin (RFC 6454, RFC 9110 section 4.3.1) and the site.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use url::Url;

/// The two schemes this client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// `http`, port 80.
    Http,
    /// `https`, port 443.
    Https,
}

impl Scheme {
    /// The port that is meant when none is written.
    pub const fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    /// The scheme's name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The scheme of a parsed URL, if it is one of the two.
    pub fn of(url: &Url) -> Option<Scheme> {
        match url.scheme() {
            "http" => Some(Scheme::Http),
            "https" => Some(Scheme::Https),
            _ => None,
        }
    }
}

/// Scheme, host and port: the unit that secrets belong to.
///
/// Two origins are the same only if all three are. The host is canonical
/// (see [`canonical_host`]).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// Canonical host: lower case, no final dot, IDNA; an IPv6 address in brackets.
    pub host: Box<str>,
    /// TCP port, never implied.
    pub port: u16,
}

impl Origin {
    /// The origin of a URL; `None` where the scheme is neither http nor https or there is no host.
    pub fn of(url: &Url) -> Option<Origin> {
        let scheme = Scheme::of(url)?;
        let host = canonical_host(url.host_str()?);
        Some(Origin {
            scheme,
            host: host.into(),
            port: url.port().unwrap_or(scheme.default_port()),
        })
    }

    /// Whether the host is a loopback name or address, which counts as a secure origin for cookies.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme.as_str(), self.host, self.port)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The one spelling of a host that every table is keyed by.
///
/// `url` has already lowered the case and applied IDNA; the final dot of a
/// fully qualified name is dropped here, once.
pub fn canonical_host(host: &str) -> &str {
    match host.strip_suffix('.') {
        Some(bare) if !bare.is_empty() => bare,
        _ => host,
    }
}

/// Whether a canonical host is this machine: `localhost`, `*.localhost`, 127.0.0.0/8 or `[::1]`.
pub fn is_loopback(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    if let Ok(v4) = host.parse::<Ipv4Addr>() {
        return v4.is_loopback();
    }
    let inner = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    inner.parse::<Ipv6Addr>().is_ok_and(|v6| v6.is_loopback())
}

/// A registrable domain (`example.co.uk`), or the host itself where there is none.
///
/// The key that jars, partitions and leases are sharded by; made by `cookie/suffix.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site(pub Box<str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_default_port_and_no_final_dot() {
        let a = Origin::of(&Url::parse("HTTP://Example.COM./x").unwrap()).unwrap();
        let b = Origin::of(&Url::parse("http://example.com:80/y").unwrap()).unwrap();
        assert_eq!(a, b);
        assert_eq!(a.to_string(), "http://example.com:80");
    }

    #[test]
    fn loopback_is_a_name_or_an_address() {
        for host in ["localhost", "a.localhost", "127.8.9.1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "128.0.0.1", "[::2]", "mylocalhost"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn other_schemes_have_no_origin() {
        assert_eq!(Origin::of(&Url::parse("ftp://example.com/").unwrap()), None);
    }
}
