//! Domain matching (RFC 6265bis section 5.1.3) and canonical hosts (section 5.1.2).

use crate::base::canonical_host;
use std::net::{Ipv4Addr, Ipv6Addr};
use url::Host;

/// Whether `host` domain-matches `domain`; both canonical.
///
/// The same name, or a name that ends in `domain` at a label's border. An
/// address matches only itself.
pub fn domain_matches(host: &str, domain: &str) -> bool {
    if host == domain {
        return true;
    }
    let Some(front) = host.strip_suffix(domain) else { return false };
    !domain.is_empty() && front.ends_with('.') && !is_address(host)
}

/// Whether a canonical host is an IP address: dotted IPv4, or IPv6 with or without brackets.
pub fn is_address(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    inner.parse::<Ipv4Addr>().is_ok() || inner.parse::<Ipv6Addr>().is_ok()
}

/// The canonical spelling of a host that was read from a file, without its leading dot;
/// `None` where it is no host at all.
///
/// The same spelling that a URL's host gets: lower case, IDNA, no final dot, brackets around IPv6.
pub fn canonical(text: &str) -> Option<Box<str>> {
    let text = canonical_host(text);
    let host = match text.parse::<Ipv6Addr>() {
        Ok(v6) => Host::Ipv6(v6),
        Err(_) => Host::parse(text).ok()?,
    };
    let spelled = host.to_string();
    (!spelled.is_empty()).then(|| canonical_host(&spelled).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_matches_itself_and_the_names_below_it() {
        // Host, domain, answer; all of section 5.1.3.
        let cases = [
            ("example.com", "example.com", true),
            ("www.example.com", "example.com", true),
            ("a.b.example.com", "example.com", true),
            ("example.com", "www.example.com", false),
            ("badexample.com", "example.com", false),
            ("example.com", "com", true), // matching knows no public suffixes
            ("example.com", "", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("127.0.0.1", "1", false),
            ("[::1]", "[::1]", true),
            ("a.[::1]", "b", false),
        ];
        for (host, domain, answer) in cases {
            assert_eq!(domain_matches(host, domain), answer, "{host} {domain}");
        }
    }

    #[test]
    fn a_host_from_a_file_is_spelled_as_a_url_spells_it() {
        let cases = [
            ("Example.COM", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
            ("127.1", Some("127.0.0.1")),
            ("::1", Some("[::1]")),
            ("[::1]", Some("[::1]")),
            ("", None),
            ("a b", None),
            ("a/b", None),
            ("a\tb", None),
        ];
        for (text, answer) in cases {
            assert_eq!(canonical(text).as_deref(), answer, "{text}");
        }
    }
}
