//! Hosts as they are written, made canonical: those of the URL standard, and names that only
//! RFC 3986 knows.

use super::canonical_host;
use url::Host;

/// The longest name there is (RFC 1035 section 2.3.4).
const LONGEST_NAME: usize = 253;

/// The most parts that an IPv4 address is written in.
const MOST_PARTS: usize = 4;

/// The canonical spelling of a host that stands alone, as in an option; `None` where it is none.
pub fn host(text: &str) -> Option<Box<str>> {
    match Host::parse(text) {
        Ok(host) => Some(canonical_host(&host.to_string()).into()),
        Err(_) => numbered_name(text),
    }
}

/// The canonical spelling of a name whose last label is a number, such as `build.example.42`.
///
/// The URL standard takes such a host for an IPv4 address, and refuses it where it is none. RFC
/// 3986 section 3.2.2 has it for a name, and so has curl. Here it is one if some other label is
/// no number in any spelling, or there are more labels than an address has parts: then nothing
/// takes it for an address, `inet_aton` with its octal and hexadecimal parts included.
pub fn numbered_name(text: &str) -> Option<Box<str>> {
    let name = canonical_host(text);
    let labels = || name.split('.');
    let sound = name.len() <= LONGEST_NAME
        && labels().all(|label| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !label.is_empty() && label.bytes().all(plain)
        });
    let numbered = labels().next_back().is_some_and(is_number);
    let named = labels().count() > MOST_PARTS || labels().any(|label| !is_number(label));
    (sound && numbered && named).then(|| name.to_ascii_lowercase().into())
}

/// Whether a label is a number as addresses are written: decimal, octal, or hexadecimal.
fn is_number(label: &str) -> bool {
    let digits = label.bytes().all(|b| b.is_ascii_digit());
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    digits || hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::ToSocketAddrs;

    #[test]
    fn a_name_may_end_in_a_number() {
        for (text, name) in [
            ("test.80", "test.80"),
            ("Test.Remote.Example.COM.1150", "test.remote.example.com.1150"),
            ("a.example.42.", "a.example.42"),
            ("1.2.3.four.5", "1.2.3.four.5"),
            ("x.0x1f", "x.0x1f"),
            ("127.0.0.1.1078", "127.0.0.1.1078"),
        ] {
            assert_eq!(host(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn what_could_be_an_address_is_one_or_nothing() {
        for text in [
            "256.256.256.256",
            "0xzz.1",
            "1..2",
            "a..1",
            ".1",
            "08.0x.1.1",
            "a b.1",
            "a/b.1",
            "a@b.1",
            "[a].1",
            "é.1",
        ] {
            // A label that begins like a hexadecimal number and is none makes it a name.
            assert_eq!(host(text).is_some(), text == "0xzz.1", "{text}");
        }
        assert_eq!(host("0x7f.1").as_deref(), Some("127.0.0.1"));
        assert_eq!(host("127.1.").as_deref(), Some("127.0.0.1"));
    }

    /// The system's own reading of numbers, which knows more spellings than anybody.
    #[test]
    fn the_system_takes_no_such_name_for_an_address() {
        for text in ["a.1", "0xg.1", "127.0.0.1.2", "08a.1.1", "1.2.3.a.4", "127.0.0.one.1"] {
            assert!(numbered_name(text).is_some(), "{text}");
            assert!(text.parse::<std::net::Ipv4Addr>().is_err());
        }
        // The resolver is not asked: only that a number is one for it, and these are refused here.
        for text in ["127.1", "0x7f000001", "0177.0.0.1"] {
            assert!((text, 80).to_socket_addrs().is_ok(), "{text}");
            assert_eq!(numbered_name(text), None, "{text}");
        }
    }
}
