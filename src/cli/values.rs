//! The values of flags that are more than text.

use super::errand::From;
use super::exit::{Failure, code};
use crate::base;
use crate::client::{ConnectTo, HeaderLine};
use crate::net::Pin;
use std::net::IpAddr;
use std::time::Duration;

/// Seconds with a fraction; 0 is no limit, as in curl.
pub(super) fn seconds(flag: &str, text: &str) -> Result<Option<Duration>, Failure> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let span = text.parse::<f64>().ok().filter(|_| plain);
    match span.and_then(|secs| Duration::try_from_secs_f64(secs).ok()) {
        Some(span) => Ok((!span.is_zero()).then_some(span)),
        None => Err(Failure::usage(format!("--{flag} takes seconds, not \"{text}\""))),
    }
}

/// Bytes, with `k`, `M` or `G` for the powers of 1024, or `B` for themselves.
pub(super) fn bytes(flag: &str, text: &str) -> Result<u64, Failure> {
    let bad = || Failure::usage(format!("--{flag} takes bytes like 500 or 10M, not \"{text}\""));
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'b' | 'B')) => (&text[..at], 0),
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| bad())?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    number.checked_mul(1 << shift).filter(|_| plain).ok_or_else(bad)
}

/// A plain number.
pub(super) fn count(flag: &str, text: &str) -> Result<u32, Failure> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| plain);
    number.ok_or_else(|| Failure::usage(format!("--{flag} takes a number, not \"{text}\"")))
}

/// Where to go on: a byte, or `-` for the end of what is there.
pub(super) fn from(text: &str) -> Result<From, Failure> {
    if text == "-" {
        return Ok(From::End);
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse().ok().filter(|_| plain) {
        Some(byte) => Ok(From::Byte(byte)),
        None => Err(Failure::usage(format!("-C takes a number of bytes or -, not \"{text}\""))),
    }
}

/// A number of redirects; -1 is no limit.
pub(super) fn redirects(text: &str) -> Result<Option<u32>, Failure> {
    if text == "-1" {
        return Ok(None);
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse().ok().filter(|_| plain) {
        Some(most) => Ok(Some(most)),
        None => Err(Failure::usage(format!("--max-redirs takes a number or -1, not \"{text}\""))),
    }
}

/// `Name: value`, `Name:`, `Name;`; `None` for a line that is none of them, which curl drops.
pub(super) fn header(flag: &str, line: &str) -> Result<Option<HeaderLine>, Failure> {
    if line.bytes().any(|b| matches!(b, b'\r' | b'\n' | 0)) {
        return Err(Failure::usage(format!("a line break in a header: {flag} takes one line")));
    }
    if let Some((name, value)) = line.split_once(':') {
        // What stands behind the value stays, as in curl: it is no part of it for any server.
        let (name, value) = (name.to_owned(), value.trim_start());
        return Ok(Some(match value {
            _ if name.trim().is_empty() => return Ok(None),
            "" => HeaderLine::Remove(name),
            value => HeaderLine::Set(name, value.to_owned()),
        }));
    }
    let emptied = line.strip_suffix(';').filter(|name| !name.is_empty());
    Ok(emptied.map(|name| HeaderLine::Empty(name.to_owned())))
}

/// `0-99`, `100-`, `-5` or several of them; a single number means from there on, as in curl.
pub(super) fn range(text: &str) -> Result<String, Failure> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit() || b"-, ".contains(&b)) {
        return Err(Failure::usage(format!("-r takes bytes like 0-99 or 100-, not \"{text}\"")));
    }
    Ok(if text.contains('-') { text.to_owned() } else { format!("{text}-") })
}

/// `[+]HOST:PORT:ADDR[,ADDR]…`, or `-HOST:PORT` to take one back.
pub(super) fn resolve(text: &str) -> Result<Pin, Failure> {
    let bad = || syntax(format!("--resolve takes HOST:PORT:ADDR[,ADDR], not \"{text}\""));
    let (removes, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut parts = colon_parts(rest).into_iter();
    let host = parts.next().filter(|host| !host.is_empty()).ok_or_else(bad)?;
    let port = parts.next().and_then(port).ok_or_else(bad)?;
    let addresses = parts.collect::<Vec<_>>().join(":");
    let addresses = addresses.split(',').map(str::trim).filter(|address| !address.is_empty());
    let addresses: Vec<IpAddr> = addresses
        .map(|address| address.trim_matches(['[', ']']).parse().map_err(|_| bad()))
        .collect::<Result<_, _>>()?;
    if addresses.is_empty() != removes {
        return Err(bad());
    }
    let host = if host == "*" { "*".into() } else { base::host(host).ok_or_else(bad)? };
    Ok(Pin { host, port, addresses })
}

/// `HOST1:PORT1:HOST2:PORT2`, any part empty.
pub(super) fn connect_to(text: &str) -> Result<ConnectTo, Failure> {
    let bad = || syntax(format!("--connect-to takes HOST1:PORT1:HOST2:PORT2, not \"{text}\""));
    let [host, from, to_host, to] = colon_parts(text).try_into().map_err(|_| bad())?;
    let named = |host: &str| match host {
        "" => Ok(None),
        host => base::host(host).map(Some).ok_or_else(bad),
    };
    let numbered = |text: &str| match text {
        "" => Ok(None),
        text => port(text).map(Some).ok_or_else(bad),
    };
    Ok(ConnectTo {
        host: named(host)?,
        port: numbered(from)?,
        to_host: named(to_host)?,
        to_port: numbered(to)?,
    })
}

fn syntax(message: String) -> Failure {
    Failure::new(code::OPTION_SYNTAX, message)
}

/// Splits at colons that are not inside brackets.
fn colon_parts(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|c| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        c == ':' && depth == 0
    })
    .collect()
}

fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_plain_decimal_numbers() {
        assert_eq!(seconds("m", "1.5"), Ok(Some(Duration::from_millis(1500))));
        assert_eq!(seconds("m", "0"), Ok(None));
        for bad in ["", "-1", "1s", "inf", "1e3", "+1", "."] {
            assert!(seconds("m", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("f", "10"), Ok(10));
        assert_eq!(bytes("f", "2k"), Ok(2048));
        assert_eq!(bytes("f", "2B"), Ok(2));
        for bad in ["", "k", "+1", "1.5M", "99999999999G", "1T"] {
            assert!(bytes("f", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_header_line_sets_removes_or_empties() {
        let set = |name: &str, value: &str| HeaderLine::Set(name.into(), value.into());
        assert_eq!(header("-H", "A: b: c "), Ok(Some(set("A", "b: c "))));
        assert_eq!(header("-H", "A:"), Ok(Some(HeaderLine::Remove("A".into()))));
        assert_eq!(header("-H", "A: "), Ok(Some(HeaderLine::Remove("A".into()))));
        assert_eq!(header("-H", "A;"), Ok(Some(HeaderLine::Empty("A".into()))));
        assert_eq!((header("-H", "A; "), header("-H", "nonsense")), (Ok(None), Ok(None)));
        assert!(header("-H", "A: b\r\nC: d").is_err());
    }

    #[test]
    fn resolve_takes_addresses_of_both_families_and_takes_them_back() {
        let pin = resolve("Example.com.:443:127.0.0.1,[::1]").unwrap();
        assert_eq!((&*pin.host, pin.port, pin.addresses.len()), ("example.com", 443, 2));
        assert_eq!(resolve("h:80:::1").unwrap().addresses.len(), 1);
        assert!(resolve("-h:80").unwrap().addresses.is_empty());
        assert_eq!(&*resolve("+*:80:127.0.0.1").unwrap().host, "*");
        for bad in ["h", "h:80", "h:x:127.0.0.1", "h:80:name", ":80:127.0.0.1", "-h:80:127.0.0.1"] {
            assert!(resolve(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn connect_to_has_four_parts_any_of_them_empty() {
        let rule = connect_to("::[::1]:8080").unwrap();
        assert_eq!(
            (rule.host, rule.to_host.as_deref(), rule.to_port),
            (None, Some("[::1]"), Some(8080))
        );
        for bad in ["", "a:1:b", "a:x:b:1", "a:1:b:2:3"] {
            assert!(connect_to(bad).is_err(), "{bad}");
        }
    }
}
