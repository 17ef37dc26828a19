//! Addresses as they are typed: `tcp://host:port`, `unix:///path`.

use std::ffi::OsStr;
use std::fmt;
use std::mem::{offset_of, size_of};
use std::net::Ipv6Addr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// Bytes that the path of a Unix socket may have: `sun_path` without its final NUL.
const LONGEST_PATH: usize =
    size_of::<libc::sockaddr_un>() - offset_of!(libc::sockaddr_un, sun_path) - 1;

/// Family and type in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `AF_INET` or `AF_INET6`, `SOCK_STREAM`.
    Tcp,
    /// `AF_INET` or `AF_INET6`, `SOCK_DGRAM`.
    Udp,
    /// `AF_UNIX`, `SOCK_STREAM`.
    Unix,
    /// `AF_UNIX`, `SOCK_DGRAM`.
    UnixGram,
    /// `AF_UNIX`, `SOCK_SEQPACKET`.
    UnixPacket,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Tcp, Kind::Udp, Kind::Unix, Kind::UnixGram, Kind::UnixPacket];

    /// How an address of it begins.
    pub fn scheme(self) -> &'static str {
        match self {
            Kind::Tcp => "tcp",
            Kind::Udp => "udp",
            Kind::Unix => "unix",
            Kind::UnixGram => "unixgram",
            Kind::UnixPacket => "unixpacket",
        }
    }

    /// What socket(2) calls its type.
    pub(super) fn socket_type(self) -> socket2::Type {
        match self {
            Kind::Tcp | Kind::Unix => socket2::Type::STREAM,
            Kind::Udp | Kind::UnixGram => socket2::Type::DGRAM,
            Kind::UnixPacket => socket2::Type::SEQPACKET,
        }
    }

    /// Whether there is a connection, with an end.
    pub fn is_connected(self) -> bool {
        !matches!(self, Kind::Udp | Kind::UnixGram)
    }

    /// Whether what is sent in one piece arrives in one piece.
    pub fn has_messages(self) -> bool {
        !matches!(self, Kind::Tcp | Kind::Unix)
    }

    /// A buffer for what comes.
    pub(super) fn buffer(self) -> Vec<u8> {
        vec![0; if self.has_messages() { super::MESSAGE_BUFFER } else { super::BUFFER }]
    }
}

/// Where it is, in its family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A host and a port. To listen, no host is all IPv4 addresses of this machine, as in the
    /// socket library.
    Port(Box<str>, u16),
    /// A path; one that begins with NUL is an abstract name (Linux), written with an `@`.
    File(PathBuf),
}

/// What to listen at, or to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Family and type.
    pub kind: Kind,
    /// The rest.
    pub place: Place,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// Nothing says of which kind it is.
    NoScheme,
    /// A kind that is not known.
    Scheme,
    /// Raw sockets.
    Raw,
    /// No port, or none that is a number up to 65535.
    Port,
    /// An IPv6 address without brackets, or brackets around something else.
    Brackets,
    /// A host with a character that no host has.
    Host,
    /// A name, perhaps a password, before the host: it is not to be shown.
    User,
    /// No path.
    NoPath,
    /// A path of more bytes than the system has room for.
    LongPath(usize),
    /// NUL ends a path.
    Nul,
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Address, BadAddress> {
        let (scheme, rest) = text.split_once("://").ok_or(BadAddress::NoScheme)?;
        if scheme.eq_ignore_ascii_case("raw") {
            return Err(BadAddress::Raw);
        }
        let kind = Kind::ALL.into_iter().find(|kind| scheme.eq_ignore_ascii_case(kind.scheme()));
        let kind = kind.ok_or(BadAddress::Scheme)?;
        let place = match kind {
            Kind::Tcp | Kind::Udp => port(rest)?,
            Kind::Unix | Kind::UnixGram | Kind::UnixPacket => Place::File(path(rest)?),
        };
        Ok(Address { kind, place })
    }
}

/// `host:port`, `[::1]:port`, `:port`.
fn port(text: &str) -> Result<Place, BadAddress> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    if text.contains('@') {
        return Err(BadAddress::User);
    }
    // `::1` without brackets has a port at its end only by chance.
    if host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) {
        return Err(BadAddress::Brackets);
    }
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let port = port.parse().ok().filter(|_| digits).ok_or(BadAddress::Port)?;
    if let Some(v6) = host.strip_prefix('[') {
        // The interface behind `%` is the resolver's matter.
        let bare = v6.strip_suffix(']').ok_or(BadAddress::Brackets)?;
        let number = bare.split_once('%').map_or(bare, |(number, _)| number);
        number.parse::<Ipv6Addr>().map_err(|_| BadAddress::Brackets)?;
    } else if host.contains(|c: char| c.is_whitespace() || c.is_control() || "/?#@[]\\".contains(c))
    {
        return Err(BadAddress::Host);
    }
    Ok(Place::Port(host.to_ascii_lowercase().into(), port))
}

/// A path as it stands; `@name` is abstract.
pub(super) fn path(text: &str) -> Result<PathBuf, BadAddress> {
    if text.contains('\0') {
        return Err(BadAddress::Nul);
    }
    if text.is_empty() || text == "@" {
        return Err(BadAddress::NoPath);
    }
    let bytes = match text.strip_prefix('@') {
        Some(name) => [b"\0", name.as_bytes()].concat(),
        None => text.as_bytes().to_vec(),
    };
    match bytes.len() > LONGEST_PATH {
        true => Err(BadAddress::LongPath(bytes.len())),
        false => Ok(PathBuf::from(OsStr::from_bytes(&bytes))),
    }
}

/// A path as a person writes it.
pub(super) fn path_shown(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    text.strip_prefix('\0').map_or_else(|| text.clone().into_owned(), |name| format!("@{name}"))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.kind.scheme();
        match &self.place {
            Place::Port(host, port) => write!(f, "{scheme}://{host}:{port}"),
            Place::File(path) => write!(f, "{scheme}://{}", path_shown(path)),
        }
    }
}

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadAddress::NoScheme => f.write_str("does not say of which kind it is"),
            BadAddress::Scheme => f.write_str("is of a kind that is not spoken here"),
            BadAddress::Raw => {
                f.write_str("raw sockets need privileges (CAP_NET_RAW) and are not spoken here")
            }
            BadAddress::Port => f.write_str("has no port from 0 to 65535 at its end"),
            BadAddress::Brackets => f.write_str("holds an IPv6 address that is not in brackets"),
            BadAddress::Host => f.write_str("has a host with a character that no host has"),
            BadAddress::User => {
                f.write_str("names a user before the @, where a socket has a host and a port")
            }
            BadAddress::NoPath => f.write_str("has no path"),
            BadAddress::LongPath(bytes) => write!(
                f,
                "is too long: a Unix socket's path has {LONGEST_PATH} bytes at most, not {bytes}"
            ),
            BadAddress::Nul => f.write_str("holds a NUL"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, kind: Kind, host: &str, port: u16) {
        let place = Place::Port(host.into(), port);
        assert_eq!(Address::parse(text), Ok(Address { kind, place }), "{text}");
    }

    #[test]
    fn hosts_and_ports() {
        is("tcp://localhost:80", Kind::Tcp, "localhost", 80);
        is("TCP://Example.COM:65535", Kind::Tcp, "example.com", 65535);
        is("udp://127.0.0.1:0", Kind::Udp, "127.0.0.1", 0);
        is("tcp://[::1]:8080", Kind::Tcp, "[::1]", 8080);
        is("udp://[fe80::1%eth0]:53", Kind::Udp, "[fe80::1%eth0]", 53);
        is("tcp://:8080", Kind::Tcp, "", 8080);
    }

    #[test]
    fn paths_and_abstract_names() {
        for (text, kind, path) in [
            ("unix:///run/a.sock", Kind::Unix, "/run/a.sock"),
            ("unix://a.sock", Kind::Unix, "a.sock"),
            ("unixgram:///a:b c", Kind::UnixGram, "/a:b c"),
            ("unixpacket://./@x", Kind::UnixPacket, "./@x"),
            ("unix://@name", Kind::Unix, "\0name"),
            ("unix://@é", Kind::Unix, "\0é"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address, Address { kind, place: Place::File(PathBuf::from(path)) });
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, why) in [
            ("", BadAddress::NoScheme),
            ("localhost:80", BadAddress::NoScheme),
            ("http://localhost:80", BadAddress::Scheme),
            ("raw://eth0", BadAddress::Raw),
            ("tcp://localhost", BadAddress::Port),
            ("tcp://localhost:", BadAddress::Port),
            ("tcp://localhost:http", BadAddress::Port),
            ("tcp://localhost:+80", BadAddress::Port),
            ("tcp://localhost:65536", BadAddress::Port),
            ("tcp://localhost:80/", BadAddress::Port),
            ("tcp://::1:80", BadAddress::Brackets),
            ("tcp://[::1:80", BadAddress::Brackets),
            ("tcp://[::1]", BadAddress::Brackets),
            ("tcp://[localhost]:80", BadAddress::Brackets),
            ("tcp://a b:80", BadAddress::Host),
            ("tcp://me@host:80", BadAddress::User),
            ("tcp://me:secret@127.0.0.1:80", BadAddress::User),
            ("tcp://me:secret@host", BadAddress::User),
            ("tcp://me:s/cr:t@[::1]:80", BadAddress::User),
            ("unix://", BadAddress::NoPath),
            ("unix://@", BadAddress::NoPath),
            ("unix:///a\0b", BadAddress::Nul),
        ] {
            assert_eq!(Address::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_path_is_as_long_as_the_system_has_room_for() {
        let longest = format!("unix:///{}", "x".repeat(LONGEST_PATH - 1));
        assert!(Address::parse(&longest).is_ok());
        let longer = format!("{longest}x");
        assert_eq!(Address::parse(&longer), Err(BadAddress::LongPath(LONGEST_PATH + 1)));
    }
}
