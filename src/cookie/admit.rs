//! What a cookie must be to enter a jar, whichever way it comes.
//!
//! The steps of RFC 6265bis section 5.7 that need no URL. A `Set-Cookie` line
//! and a line of a file pass through the same ones, so that a file cannot
//! bring in what a server could not set.

use super::domain::{canonical, is_address};
use super::prefix::Prefix;
use super::record::{Cookie, SameSite};
use super::set_cookie::{MAX_NAME_AND_VALUE, is_control};
use super::suffix::is_public_suffix;
use super::verdict::Refusal;

/// The rules on flags and names: steps 19 to 22, and CHIPS. `explicit_root` is whether
/// `Path=/` was written.
pub(super) fn promises(cookie: &Cookie, explicit_root: bool) -> Result<(), Refusal> {
    if cookie.same_site == SameSite::None && !cookie.secure {
        return Err(Refusal::SameSiteNone);
    }
    match Prefix::of(&cookie.key.name) {
        Some(Prefix::Secure) if !cookie.secure => return Err(Refusal::SecurePrefix),
        Some(Prefix::Host) if !(cookie.secure && cookie.key.host_only && explicit_root) => {
            return Err(Refusal::HostPrefix);
        }
        _ => {}
    }
    if cookie.key.name.is_empty() && Prefix::of(&cookie.value).is_some() {
        return Err(Refusal::NamelessPrefix);
    }
    if cookie.key.partition.is_some() && !cookie.secure {
        return Err(Refusal::Partitioned);
    }
    Ok(())
}

/// The whole check for a cookie from a file: also its form, its domain and its path. Gives it
/// back with its domain in the canonical spelling.
pub(super) fn checked(mut cookie: Cookie) -> Result<Cookie, Refusal> {
    let (name, value, path) = (&cookie.key.name, &cookie.value, &cookie.key.path);
    if [name, value, path].iter().any(|text| text.iter().any(|&b| is_control(b))) {
        return Err(Refusal::ControlCharacter);
    }
    if name.is_empty() && value.is_empty() {
        return Err(Refusal::Empty);
    }
    if name.len() + value.len() > MAX_NAME_AND_VALUE {
        return Err(Refusal::TooLarge);
    }
    if name.iter().any(|b| matches!(b, b'=' | b';')) || value.contains(&b';') {
        return Err(Refusal::BadPair);
    }
    if !path.starts_with(b"/") || path.contains(&b';') {
        return Err(Refusal::BadPath);
    }
    let domain = canonical(&cookie.key.domain).ok_or(Refusal::BadDomain)?;
    if is_address(&domain) {
        // An address has no hosts below it.
        cookie.key.host_only = true;
    } else if !cookie.key.host_only && is_public_suffix(&domain) {
        return Err(Refusal::PublicSuffix);
    }
    cookie.key.domain = domain;
    promises(&cookie, *cookie.key.path == *b"/")?;
    Ok(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Wall;
    use crate::cookie::Key;

    fn cookie(domain: &str, host_only: bool, path: &str, name: &str, value: &str) -> Cookie {
        let key = Key {
            domain: domain.into(),
            path: path.as_bytes().into(),
            name: name.as_bytes().into(),
            host_only,
            partition: None,
        };
        Cookie::new(key, value.as_bytes(), Wall(0))
    }

    #[test]
    fn a_file_cannot_bring_in_what_a_server_could_not_set() {
        let cases = [
            (cookie("a.example", true, "/", "a\n", "b"), Refusal::ControlCharacter),
            (cookie("a.example", true, "/", "a", "b\0"), Refusal::ControlCharacter),
            (cookie("a.example", true, "/\r", "a", "b"), Refusal::ControlCharacter),
            (cookie("a.example", true, "/", "", ""), Refusal::Empty),
            (cookie("a.example", true, "/", "a", &"b".repeat(4096)), Refusal::TooLarge),
            (cookie("a.example", true, "/", "a=c", "b"), Refusal::BadPair),
            (cookie("a.example", true, "/", "a", "b;c"), Refusal::BadPair),
            (cookie("a.example", true, "x", "a", "b"), Refusal::BadPath),
            (cookie("a.example", true, "/;x", "a", "b"), Refusal::BadPath),
            (cookie("a b", true, "/", "a", "b"), Refusal::BadDomain),
            (cookie("", true, "/", "a", "b"), Refusal::BadDomain),
            (cookie("co.uk", false, "/", "a", "b"), Refusal::PublicSuffix),
            (cookie("GitHub.io.", false, "/", "a", "b"), Refusal::PublicSuffix),
            (cookie("a.example", true, "/", "__Secure-a", "b"), Refusal::SecurePrefix),
            (cookie("a.example", true, "/", "__host-a", "b"), Refusal::HostPrefix),
            (cookie("a.example", true, "/", "", "__Host-a"), Refusal::NamelessPrefix),
        ];
        for (cookie, refusal) in cases {
            let shown = format!("{cookie:?}");
            assert_eq!(checked(cookie).err(), Some(refusal), "{shown}");
        }
    }

    #[test]
    fn a_domain_from_a_file_becomes_canonical_and_an_address_host_only() {
        let kept = checked(cookie("B\u{dc}CHER.example", false, "/", "a", "b")).unwrap();
        assert_eq!((&*kept.key.domain, kept.key.host_only), ("xn--bcher-kva.example", false));
        let kept = checked(cookie("127.0.0.1", false, "/", "a", "b")).unwrap();
        assert!(kept.key.host_only);
        assert!(checked(cookie("co.uk", true, "/", "a", "b")).is_ok(), "host-only is fine");
    }
}
