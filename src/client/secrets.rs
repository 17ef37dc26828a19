//! The one place that decides whether secrets may go to an origin.

use crate::base::Origin;

/// Guards everything that was given for the first origin: credentials, an `Authorization` or
/// `Cookie` field, cookies given as text.
///
/// An origin is scheme, host and port. Once the chain has left it, the secrets are dropped for
/// the rest of the chain, also where it comes back (CVE-2018-1000007, CVE-2022-27774,
/// CVE-2024-45336).
pub(super) struct Secrets {
    given_for: Origin,
    dropped: bool,
    /// The person trusts every host of the chain (`--location-trusted`).
    everybody: bool,
}

impl Secrets {
    pub(super) fn given_for(origin: Origin, everybody: bool) -> Secrets {
        Secrets { given_for: origin, dropped: false, everybody }
    }

    /// Asked once a hop, in order.
    pub(super) fn allowed(&mut self, origin: &Origin) -> bool {
        self.dropped |= *origin != self.given_for;
        self.everybody || !self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Address;

    fn origin(url: &str) -> Origin {
        Address::parse(url).unwrap().origin
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for other in ["https://a.example/", "http://b.example/", "http://a.example:81/"] {
            let mut secrets = Secrets::given_for(origin("http://a.example/"), false);
            assert!(secrets.allowed(&origin("http://A.example:80/x")));
            assert!(!secrets.allowed(&origin(other)), "{other}");
        }
    }

    #[test]
    fn what_was_dropped_once_is_not_sent_again() {
        let mut secrets = Secrets::given_for(origin("http://a.example/"), false);
        assert!(!secrets.allowed(&origin("http://b.example/")));
        assert!(!secrets.allowed(&origin("http://a.example/")));
    }
}
