//! Socket options: setsockopt, and getsockopt to see what the system made of it.

use super::Error;
use socket2::Socket;
use std::fmt;
use std::io;
use std::time::Duration;

/// An option that can be set, by the name that its manual page has.
struct Known {
    name: &'static str,
    form: Form,
    set: fn(&Socket, u32) -> io::Result<()>,
    get: fn(&Socket) -> io::Result<u32>,
}

/// What an option's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// 1 or 0, on or off.
    Switch,
    /// A number.
    Number,
    /// A number of seconds; or off, which is not 0.
    Seconds,
}

/// How an option of [`Form::Seconds`] is off, among numbers: the system takes an int.
const OFF: u32 = u32::MAX;

/// socket(7), tcp(7), ip(7), ipv6(7).
const KNOWN: &[Known] = &[
    Known {
        name: "SO_RCVBUF",
        form: Form::Number,
        set: |socket, value| socket.set_recv_buffer_size(size(value)),
        get: |socket| socket.recv_buffer_size().map(number),
    },
    Known {
        name: "SO_SNDBUF",
        form: Form::Number,
        set: |socket, value| socket.set_send_buffer_size(size(value)),
        get: |socket| socket.send_buffer_size().map(number),
    },
    Known {
        name: "TCP_NODELAY",
        form: Form::Switch,
        set: |socket, value| socket.set_tcp_nodelay(value != 0),
        get: |socket| socket.tcp_nodelay().map(u32::from),
    },
    Known {
        name: "SO_REUSEADDR",
        form: Form::Switch,
        set: |socket, value| socket.set_reuse_address(value != 0),
        get: |socket| socket.reuse_address().map(u32::from),
    },
    Known {
        name: "SO_REUSEPORT",
        form: Form::Switch,
        set: |socket, value| socket.set_reuse_port(value != 0),
        get: |socket| socket.reuse_port().map(u32::from),
    },
    Known {
        name: "SO_KEEPALIVE",
        form: Form::Switch,
        set: |socket, value| socket.set_keepalive(value != 0),
        get: |socket| socket.keepalive().map(u32::from),
    },
    Known {
        name: "SO_BROADCAST",
        form: Form::Switch,
        set: |socket, value| socket.set_broadcast(value != 0),
        get: |socket| socket.broadcast().map(u32::from),
    },
    // 0 makes close a reset; off, it goes on sending behind the process's back.
    Known {
        name: "SO_LINGER",
        form: Form::Seconds,
        set: |socket, value| {
            let seconds = (value != OFF).then_some(value);
            socket.set_linger(seconds.map(|seconds| Duration::from_secs(seconds.into())))
        },
        get: |socket| {
            let linger = socket.linger()?;
            Ok(linger.map_or(OFF, |linger| u32::try_from(linger.as_secs()).unwrap_or(OFF)))
        },
    },
    Known {
        name: "TCP_MAXSEG",
        form: Form::Number,
        set: |socket, value| socket.set_tcp_mss(value),
        get: |socket| socket.tcp_mss(),
    },
    Known {
        name: "IP_TTL",
        form: Form::Number,
        set: |socket, value| socket.set_ttl_v4(value),
        get: |socket| socket.ttl_v4(),
    },
    Known {
        name: "IP_TOS",
        form: Form::Number,
        set: |socket, value| socket.set_tos_v4(value),
        get: |socket| socket.tos_v4(),
    },
    Known {
        name: "IPV6_V6ONLY",
        form: Form::Switch,
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

/// An option's value, as it is shown: a number, or `off` where 0 is another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value(u32);

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            OFF => f.write_str("off"),
            number => number.fmt(f),
        }
    }
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
    /// The value is not what the option takes, which is this.
    Value(&'static str),
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
        let value = match (value, known.form) {
            ("on", Form::Switch) => Some(1),
            ("off", Form::Switch) => Some(0),
            ("off", Form::Seconds) => Some(OFF),
            (digits, _) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                // The system takes an int.
                digits.parse::<u32>().ok().filter(|value| i32::try_from(*value).is_ok())
            }
            _ => None,
        };
        let value = value.ok_or(WrongSetting::Value(match known.form {
            Form::Switch => "on or off",
            Form::Number => "a number",
            Form::Seconds => "a number of seconds, or off",
        }))?;
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
    pub(super) fn apply(self, socket: &Socket) -> Result<Value, Error> {
        let made = (self.known.set)(socket, self.value).and_then(|()| (self.known.get)(socket));
        made.map(Value).map_err(|source| Error::Option { setting: self, source })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.known.name, Value(self.value))
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The options that matter, those that this socket has.
pub(super) fn that_matter(socket: &Socket) -> Vec<(&'static str, Value)> {
    let shown = KNOWN.iter().take(THAT_MATTER);
    shown.filter_map(|known| Some((known.name, Value((known.get)(socket).ok()?)))).collect()
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
            ("SO_LINGER=off", "SO_LINGER=off"),
            ("SO_KEEPALIVE=off", "SO_KEEPALIVE=0"),
        ] {
            assert_eq!(Setting::parse(text).unwrap().to_string(), shown);
        }
        for (text, why) in [
            ("", WrongSetting::Name),
            ("SO_NONSENSE=1", WrongSetting::Name),
            ("SO_RCVBUF", WrongSetting::Value("a number")),
            ("SO_RCVBUF=", WrongSetting::Value("a number")),
            ("SO_RCVBUF=-1", WrongSetting::Value("a number")),
            ("SO_RCVBUF=+1", WrongSetting::Value("a number")),
            ("SO_RCVBUF=4k", WrongSetting::Value("a number")),
            ("SO_RCVBUF=on", WrongSetting::Value("a number")),
            ("SO_RCVBUF=2147483648", WrongSetting::Value("a number")),
            ("SO_KEEPALIVE=yes", WrongSetting::Value("on or off")),
            ("SO_LINGER=on", WrongSetting::Value("a number of seconds, or off")),
        ] {
            assert_eq!(Setting::parse(text).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn to_linger_for_no_time_is_not_to_linger_at_all() {
        let socket = Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        for (text, linger, shown) in [
            ("SO_LINGER=7", Some(Duration::from_secs(7)), "7"),
            ("SO_LINGER=off", None, "off"),
            ("SO_LINGER=0", Some(Duration::ZERO), "0"),
        ] {
            let made = Setting::parse(text).unwrap().apply(&socket).unwrap();
            assert_eq!((socket.linger().unwrap(), &*made.to_string()), (linger, shown), "{text}");
        }
    }
}
