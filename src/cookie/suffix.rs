//! Public suffixes and registrable domains (RFC 6265bis section 5.7, step 9; publicsuffix.org).
//!
//! The list is compiled in, its private section included: `github.io` is as
//! public as `co.uk`. A top-level name that is on no list counts as public
//! (the list's default rule `*`).

use super::domain::is_address;
use crate::base::Site;

/// Whether anybody may register a name directly below this canonical host.
pub fn is_public_suffix(host: &str) -> bool {
    !is_address(host)
        && psl::suffix(host.as_bytes()).is_some_and(|s| s.as_bytes() == host.as_bytes())
}

/// The site of a canonical host: its registrable domain, or itself where it has none
/// (an address, a public suffix, a single label).
pub fn site(host: &str) -> Site {
    Site(site_of(host).into())
}

/// [`site`] without the allocation: always a tail of `host`.
pub(super) fn site_of(host: &str) -> &str {
    if is_address(host) {
        return host;
    }
    let len = psl::domain(host.as_bytes()).map_or(host.len(), |d| d.as_bytes().len());
    host.get(host.len().saturating_sub(len)..).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_the_registrable_domain_or_the_host_itself() {
        // publicsuffix.org/list, both sections; the last five have no registrable domain.
        let cases = [
            ("www.example.com", "example.com"),
            ("example.com", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("me.github.io", "me.github.io"),
            ("x.me.github.io", "me.github.io"),
            ("www.ck", "www.ck"), // the exception !www.ck
            ("a.b.unlisted", "b.unlisted"),
            ("github.io", "github.io"),
            ("com", "com"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
        ];
        for (host, expected) in cases {
            assert_eq!(&*site(host).0, expected, "{host}");
        }
    }

    #[test]
    fn the_private_section_counts() {
        for host in ["com", "co.uk", "github.io", "localhost", "unlisted", "foo.ck"] {
            assert!(is_public_suffix(host), "{host}");
        }
        for host in ["example.com", "me.github.io", "www.ck", "127.0.0.1", "[::1]"] {
            assert!(!is_public_suffix(host), "{host}");
        }
    }
}
