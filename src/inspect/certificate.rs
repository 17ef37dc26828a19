//! What a server's certificate says of itself (RFC 5280), for reading: whether it is to be trusted
//! is decided elsewhere. Its DER may be hostile; what cannot be read is told as that.

use crate::base::Wall;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::time::Time;

/// A certificate as a person reads it. Its texts are the server's and may hold anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is: `CN=…,O=…`; may be empty.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The names and addresses it is for.
    pub names: Vec<String>,
    /// Since when it holds.
    pub from: Wall,
    /// Until when.
    pub until: Wall,
}

impl Certificate {
    /// Reads DER; `None` where it is no certificate that could be read.
    pub fn read(der: &[u8]) -> Option<Certificate> {
        let parsed = Parsed::from_der(der).ok()?;
        let tbs = parsed.tbs_certificate();
        let validity = tbs.validity();
        Some(Certificate {
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            names: match tbs.get_extension::<SubjectAltName>() {
                Ok(Some((_, names))) => names.0.iter().filter_map(name).collect(),
                _ => Vec::new(),
            },
            from: wall(&validity.not_before),
            until: wall(&validity.not_after),
        })
    }

    /// Whole days until it ends, rounded down; negative where it has.
    pub fn days_left(&self, now: Wall) -> i64 {
        const DAY: i64 = 86_400;
        (self.until.secs() - now.secs()).div_euclid(DAY)
    }

    /// Whether its own key signed it, as far as its names tell.
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
        GeneralName::IpAddress(address) => {
            let bytes = address.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(|it| IpAddr::V4(Ipv4Addr::from(it)));
            let v6 = <[u8; 16]>::try_from(bytes).map(|it| IpAddr::V6(Ipv6Addr::from(it)));
            v4.or(v6).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

fn wall(time: &Time) -> Wall {
    Wall::from_secs(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// Why the check of a chain came out as it did, by OpenSSL's numbers; `None` where it went well.
pub fn objection(verdict: u32) -> Option<&'static str> {
    Some(match verdict {
        0 => return None,
        9 => "it is not valid yet",
        10 => "it has expired",
        20 => "its issuer is not known",
        23 => "it was revoked",
        62 => "it is not for this name",
        _ => "it did not stand the check",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    fn made() -> Vec<u8> {
        let mut params =
            CertificateParams::new(vec!["a.example".into(), "127.0.0.1".into()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "An\u{1b}[2J example");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 31);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn it_says_whose_it_is_and_until_when() {
        let read = Certificate::read(&made()).unwrap();
        assert!(read.subject.contains("example") && read.is_self_signed());
        assert_eq!(read.names, ["a.example", "127.0.0.1"]);
        assert_eq!(read.from, Wall::from_secs(1_577_836_800));
        assert_eq!(read.days_left(read.from), 30);
        assert_eq!(read.days_left(read.until.plus_secs(1)), -1);
    }

    proptest! {
        #[test]
        fn hostile_der_is_read_or_not_and_nothing_worse(at in 0usize..400, with in any::<u8>(), cut in 0usize..400) {
            let mut der = made();
            let at = at % der.len();
            der[at] = with;
            let _ = Certificate::read(&der);
            let _ = Certificate::read(&der[..cut.min(der.len())]);
        }
    }
}
