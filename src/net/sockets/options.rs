//! Socket options: setsockopt, and getsockopt to see what the system made of it.

use super::Error;
use socket2::Socket;
use std::fmt;
use std::io;
use std::time::Duration;

/// An option that can be set, by the name that its manual page has.
struct Known {
    name: &'static str,
    set: fn(&Socket, u32) -> io::Result<()>,
    get: fn(&Socket) -> io::Result<u32>,
}

/// socket(7), tcp(7), ip(7), ipv6(7). A switch is 0 or 1.
const KNOWN: &[Known] = &[
    Known {
        name: "SO_RCVBUF",
        set: |socket, value| socket.set_recv_buffer_size(size(value)),
        get: |socket| socket.recv_buffer_size().map(number),
    },
    Known {
        name: "SO_SNDBUF",
        set: |socket, value| socket.set_send_buffer_size(size(value)),
        get: |socket| socket.send_buffer_size().map(number),
    },
    Known {
        name: "TCP_NODELAY",
        set: |socket, value| socket.set_tcp_nodelay(value != 0),
        get: |socket| socket.tcp_nodelay().map(u32::from),
    },
    Known {
        name: "SO_REUSEADDR",
        set: |socket, value| socket.set_reuse_address(value != 0),
        get: |socket| socket.reuse_address().map(u32::from),
    },
    Known {
        name: "SO_REUSEPORT",
        set: |socket, value| socket.set_reuse_port(value != 0),
        get: |socket| socket.reuse_port().map(u32::from),
    },
    Known {
        name: "SO_KEEPALIVE",
        set: |socket, value| socket.set_keepalive(value != 0),
        get: |socket| socket.keepalive().map(u32::from),
    },
    Known {
        name: "SO_BROADCAST",
        set: |socket, value| socket.set_broadcast(value != 0),
        get: |socket| socket.broadcast().map(u32::from),
    },
    // In seconds; 0 makes close a reset.
    Known {
        name: "SO_LINGER",
        set: |socket, value| socket.set_linger(Some(Duration::from_secs(value.into()))),
        get: |socket| {
            let linger = socket.linger()?.unwrap_or_default();
            Ok(u32::try_from(linger.as_secs()).unwrap_or(u32::MAX))
        },
    },
    Known {
        name: "TCP_MAXSEG",
        set: |socket, value| socket.set_tcp_mss(value),
        get: |socket| socket.tcp_mss(),
    },
    Known {
        name: "IP_TTL",
        set: |socket, value| socket.set_ttl_v4(value),
        get: |socket| socket.ttl_v4(),
    },
    Known {
        name: "IP_TOS",
        set: |socket, value| socket.set_tos_v4(value),
        get: |socket| socket.tos_v4(),
    },
    Known {
        name: "IPV6_V6ONLY",
        set: |socket, value| socket.set_only_v6(value != 0),
        get: |socket| socket.only_v6().map(u32::from),
    },
];

/// How many of [`KNOWN`], from its top, are shown for every peer.
const THAT_MATTER: usize = 4;

fn size(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// `NAME=VALUE`, of a name that is known.
#[derive(Clone, Copy)]
pub struct Setting {
    known: &'static Known,
    value: u32,
}

/// Why a text is no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongSetting {
    /// The name is not known.
    Name,
    /// The value is no number, `on` or `off`.
    Value,
}

impl Setting {
    /// Reads `TCP_NODELAY=1`, `TCP_NODELAY=on`, `SO_RCVBUF=4096`.
    ///
    /// # Errors
    /// The part that makes no sense.
    pub fn parse(text: &str) -> Result<Setting, WrongSetting> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let known = KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(name));
        let known = known.ok_or(WrongSetting::Name)?;
        let value = match value {
            "on" => 1,
            "off" => 0,
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                // The system takes an int.
                let int = digits.parse::<u32>().ok().filter(|value| i32::try_from(*value).is_ok());
                int.ok_or(WrongSetting::Value)?
            }
            _ => return Err(WrongSetting::Value),
        };
        Ok(Setting { known, value })
    }

    /// The names that are known.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.name)
    }

    /// Sets it, and says what the system made of it.
    ///
    /// # Errors
    /// [`Error::Option`]
    pub(super) fn apply(self, socket: &Socket) -> Result<u32, Error> {
        let made = (self.known.set)(socket, self.value).and_then(|()| (self.known.get)(socket));
        made.map_err(|source| Error::Option { setting: self, source })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.known.name, self.value)
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The options that matter, those that this socket has.
pub(super) fn that_matter(socket: &Socket) -> Vec<(&'static str, u32)> {
    let shown = KNOWN.iter().take(THAT_MATTER);
    shown.filter_map(|known| Some((known.name, (known.get)(socket).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_a_known_name_and_a_number() {
        for (text, shown) in [
            ("SO_RCVBUF=4096", "SO_RCVBUF=4096"),
            ("tcp_nodelay=on", "TCP_NODELAY=1"),
            ("SO_LINGER=0", "SO_LINGER=0"),
            ("SO_KEEPALIVE=off", "SO_KEEPALIVE=0"),
        ] {
            assert_eq!(Setting::parse(text).unwrap().to_string(), shown);
        }
        for (text, why) in [
            ("", WrongSetting::Name),
            ("SO_NONSENSE=1", WrongSetting::Name),
            ("SO_RCVBUF", WrongSetting::Value),
            ("SO_RCVBUF=", WrongSetting::Value),
            ("SO_RCVBUF=-1", WrongSetting::Value),
            ("SO_RCVBUF=+1", WrongSetting::Value),
            ("SO_RCVBUF=4k", WrongSetting::Value),
            ("SO_RCVBUF=2147483648", WrongSetting::Value),
        ] {
            assert_eq!(Setting::parse(text).unwrap_err(), why, "{text}");
        }
    }
}
