//! This end of connections, as it was typed: interface, ports, and what packets are like.

use super::exit::Failure;
use crate::net::{Announced, Interface, Keepalive, Local};
use std::ops::RangeInclusive;
use std::time::Duration;

/// What was typed about this end.
#[derive(Clone, Debug, Default)]
pub(super) struct LocalWords {
    pub(super) interface: Option<String>,
    pub(super) ports: Option<String>,
    pub(super) happy_eyeballs: Option<String>,
    pub(super) no_keepalive: bool,
    pub(super) keepalive_time: Option<String>,
    pub(super) keepalive_count: Option<String>,
    pub(super) delayed: bool,
    pub(super) tos: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) multipath: bool,
    pub(super) haproxy: bool,
    pub(super) haproxy_client: Option<String>,
}

/// # Errors
/// A value that makes no sense.
pub(super) fn of(words: &LocalWords) -> Result<Local, Failure> {
    let mut keepalive = Keepalive { off: words.no_keepalive, ..Keepalive::default() };
    if let Some(text) = &words.keepalive_time {
        keepalive.every = Duration::from_secs(number("--keepalive-time", text, u32::MAX)?.into());
    }
    if let Some(text) = &words.keepalive_count {
        keepalive.count = number("--keepalive-cnt", text, u32::MAX)?;
    }
    let head_start = words.happy_eyeballs.as_deref().map(|text| {
        let millis = number("--happy-eyeballs-timeout-ms", text, u32::MAX)?;
        Ok::<_, Failure>(Duration::from_millis(millis.into()))
    });
    let priority = words.priority.as_deref();
    Ok(Local {
        interface: words.interface.as_deref().map(interface).transpose()?,
        ports: words.ports.as_deref().map(ports).transpose()?,
        keepalive,
        delayed: words.delayed,
        tos: words.tos.as_deref().map(tos).transpose()?,
        priority: priority.map(|text| number("--vlan-priority", text, 7)).transpose()?,
        multipath: words.multipath,
        head_start: head_start.transpose()?,
    })
}

/// What a server is told of this end, if anything.
///
/// # Errors
/// A client's address that is none.
pub(super) fn announced(words: &LocalWords) -> Result<Option<Announced>, Failure> {
    match &words.haproxy_client {
        None => Ok(words.haproxy.then(Announced::default)),
        Some(text) => {
            let bad = || Failure::usage(format!("--haproxy-clientip: \"{text}\" is no address"));
            Ok(Some(Announced { client: Some(text.parse().map_err(|_| bad())?) }))
        }
    }
}

fn number(flag: &str, text: &str, most: u32) -> Result<u32, Failure> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && *number <= most);
    number.ok_or_else(|| Failure::usage(format!("{flag} takes a number, not \"{text}\"")))
}

/// `name`, `if!name`, `host!name`, or `ifhost!name!host`.
fn interface(text: &str) -> Result<Interface, Failure> {
    let named = if let Some(name) = text.strip_prefix("if!") {
        Interface::Device(name.into())
    } else if let Some(host) = text.strip_prefix("host!") {
        Interface::Host(host.into())
    } else if let Some(both) = text.strip_prefix("ifhost!") {
        let both = both.split_once('!').filter(|(name, host)| !name.is_empty() && !host.is_empty());
        let bad = || Failure::usage(format!("--interface takes ifhost!NAME!HOST, not \"{text}\""));
        let (name, host) = both.ok_or_else(bad)?;
        Interface::Both(name.into(), host.into())
    } else {
        Interface::Either(text.into())
    };
    match text.ends_with('!') || text.is_empty() {
        true => Err(Failure::usage("--interface takes the name of an interface, or an address")),
        false => Ok(named),
    }
}

/// A port, or a range of them.
fn ports(text: &str) -> Result<RangeInclusive<u16>, Failure> {
    let bad = || Failure::usage(format!("--local-port takes ports like 4000-4010, not \"{text}\""));
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| {
        let plain = text.trim().bytes().all(|b| b.is_ascii_digit());
        text.trim().parse::<u16>().ok().filter(|port| plain && *port > 0).ok_or_else(bad)
    };
    let (first, last) = (port(first)?, port(last)?);
    if first > last { Err(bad()) } else { Ok(first..=last) }
}

/// A type of service by its number or one of its names (RFC 1349, RFC 2474 and after).
fn tos(text: &str) -> Result<u32, Failure> {
    let bad = || Failure::usage(format!("--ip-tos takes 0 to 255 or a name, not \"{text}\""));
    let name = text.to_ascii_uppercase();
    let digits = |text: &str| -> Vec<u32> { text.chars().filter_map(|c| c.to_digit(8)).collect() };
    let value = match name.as_str() {
        "LOWDELAY" => 0x10,
        "THROUGHPUT" => 0x08,
        "RELIABILITY" | "LE" => 0x04,
        "LOWCOST" | "MINCOST" | "ECT0" => 0x02,
        "ECT1" => 0x01,
        "EF" => 0xb8,
        "VOICE-ADMIT" => 0xb0,
        _ => match (name.get(..2), name.get(2..).map(digits).as_deref()) {
            (Some("CS"), Some([class])) if name.len() == 3 => class << 5,
            (Some("AF"), Some([class @ 1..=4, drop @ 1..=3])) if name.len() == 4 => {
                (class << 5) | (drop << 3)
            }
            _ => number("--ip-tos", text, 255).map_err(|_| bad())?,
        },
    };
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_named_in_four_ways() {
        assert_eq!(interface("lo"), Ok(Interface::Either("lo".into())));
        assert_eq!(interface("if!lo"), Ok(Interface::Device("lo".into())));
        assert_eq!(interface("host!a.example"), Ok(Interface::Host("a.example".into())));
        let both = Interface::Both("lo".into(), "127.0.0.1".into());
        assert_eq!(interface("ifhost!lo!127.0.0.1"), Ok(both));
        for bad in ["", "if!", "host!", "ifhost!lo", "ifhost!lo!"] {
            assert!(interface(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ports_are_one_or_a_range() {
        assert_eq!(ports("4000"), Ok(4000..=4000));
        assert_eq!(ports("4000-4010"), Ok(4000..=4010));
        assert_eq!(ports("4000 - 4010"), Ok(4000..=4010));
        for bad in ["", "0", "-1", "10-9", "70000", "+1", "a"] {
            assert!(ports(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_service_has_a_number_or_a_name() {
        for (text, value) in [("AF11", 0x28), ("af43", 0x98), ("cs7", 0xe0), ("EF", 0xb8), ("7", 7)]
        {
            assert_eq!(tos(text), Ok(value), "{text}");
        }
        for bad in ["", "256", "AF51", "AF10", "CS8", "CS", "x", "-1"] {
            assert!(tos(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_client_that_is_announced_has_an_address() {
        let words = |text: &str| LocalWords {
            haproxy_client: Some(text.to_owned()),
            ..LocalWords::default()
        };
        assert!(announced(&words("2001:db8::1")).is_ok_and(|announced| announced.is_some()));
        assert!(announced(&words("a\r\nb")).is_err());
        assert_eq!(announced(&LocalWords::default()), Ok(None));
    }
}
