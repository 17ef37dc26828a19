//! Which hosts are spoken to directly, whatever the proxies: `NO_PROXY`.

use std::net::IpAddr;

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

impl Direct {
    /// A `NO_PROXY` list: words with commas, spaces or tabs between them, or `*` alone for
    /// everything, as in curl.
    pub fn list(text: &str) -> Vec<Direct> {
        match text.trim() {
            "*" => vec![Direct::All],
            text => text.split([',', ' ', '\t']).filter_map(Direct::word).collect(),
        }
    }

    /// A name with or without a leading dot, an address, or a network like `10.0.0.0/8`.
    fn word(word: &str) -> Option<Direct> {
        let word = word.trim_matches('.');
        if word.is_empty() {
            return None;
        }
        let (address, bits) = match word.split_once('/') {
            Some((address, "")) => (address, None),
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

    /// Whether a canonical host is one of them.
    pub(super) fn holds_for(&self, host: &str) -> bool {
        match self {
            Direct::All => true,
            // The tail of an address is no domain.
            Direct::Domain(_) if address(host).is_some() => false,
            Direct::Domain(domain) => {
                let above = host.strip_suffix(&**domain);
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            Direct::Network(network, bits) => {
                address(host).is_some_and(|ip| shares(ip, *network, *bits))
            }
        }
    }
}

/// The address that a canonical host is, without its scope.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.split('%').next().unwrap_or(bare).parse().ok()
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

    fn is_direct(list: &str, host: &str) -> bool {
        Direct::list(list).iter().any(|direct| direct.holds_for(host))
    }

    #[test]
    fn a_name_stands_for_itself_and_those_below_it() {
        for list in ["example.com", ".example.com", "a, Example.COM."] {
            assert!(is_direct(list, "example.com"), "{list}");
            assert!(is_direct(list, "www.example.com"), "{list}");
            assert!(!is_direct(list, "notexample.com"), "{list}");
        }
        assert!(is_direct("*", "a") && !is_direct("", "a"));
    }

    #[test]
    fn addresses_are_compared_by_their_bits() {
        assert!(is_direct("127.0.0.0/8", "127.9.9.9"));
        assert!(!is_direct("127.0.0.0/8", "128.0.0.1"));
        assert!(is_direct("::1", "[::1]") && is_direct("0.0.0.0/0", "1.2.3.4"));
        assert!(is_direct("10.0.0.1", "10.0.0.1") && !is_direct("10.0.0.1", "10.0.0.2"));
        assert_eq!(Direct::list("10.0.0.0/33"), []);
        assert!(is_direct("127.0.0.1/", "127.0.0.1"));
    }

    #[test]
    fn the_tail_of_an_address_is_no_domain() {
        for tail in ["1", "0.1", ".0.0.1"] {
            assert!(!is_direct(tail, "127.0.0.1"), "{tail}");
        }
        assert!(!is_direct("1", "[::1]") && is_direct("1", "a.1"));
    }

    #[test]
    fn words_are_divided_and_a_star_stands_alone() {
        assert!(is_direct("a\tb", "b") && is_direct("a b", "a") && is_direct(" * ", "x"));
        assert!(!is_direct("a,*", "x") && !is_direct("* a", "x"));
    }
}
