//! Cookie name prefixes (RFC 6265bis sections 4.1.3 and 5.4): promises that a name makes.

/// A promise in a cookie's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `__Secure-`: only with the `Secure` attribute.
    Secure,
    /// `__Host-`: `Secure`, no `Domain`, and `Path=/` written out.
    Host,
}

impl Prefix {
    /// The promise that `name` makes, if any; compared without case, since servers do
    /// (section 5.7, steps 20 to 22).
    pub fn of(name: &[u8]) -> Option<Prefix> {
        if starts_with(name, b"__Secure-") {
            Some(Prefix::Secure)
        } else if starts_with(name, b"__Host-") {
            Some(Prefix::Host)
        } else {
            None
        }
    }
}

fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_found_without_case() {
        let cases: [(&[u8], Option<Prefix>); 8] = [
            (b"__Secure-a", Some(Prefix::Secure)),
            (b"__SECURE-a", Some(Prefix::Secure)),
            (b"__Host-a", Some(Prefix::Host)),
            (b"__host-", Some(Prefix::Host)),
            (b"__Host", None),
            (b"_Host-a", None),
            (b" __Host-a", None),
            (b"__Hostile-a", None),
        ];
        for (name, prefix) in cases {
            assert_eq!(Prefix::of(name), prefix, "{}", name.escape_ascii());
        }
    }
}
