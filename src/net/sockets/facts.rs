//! What a socket says of itself: getsockname, getpeername, family, type, options.

use super::address::path_shown;
use super::options::{self, Value};
use socket2::{Domain, SockAddr, Socket, Type};
use std::fmt;
use std::path::Path;

/// The name of one end, as the system gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Box<str>);

impl Name {
    pub(super) fn of(address: &SockAddr) -> Name {
        let text = if let Some(socket) = address.as_socket() {
            socket.to_string()
        } else if let Some(path) = address.as_pathname() {
            path_shown(path)
        } else if let Some(name) = address.as_abstract_namespace() {
            // Not escaped: who shows it does that, and what is shown can be given back.
            format!("@{}", String::from_utf8_lossy(name))
        } else {
            "(unnamed)".to_owned()
        };
        Name(text.into())
    }

    pub(super) fn of_path(path: &Path) -> Name {
        Name(path_shown(path).into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A socket, as `-v` shows it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// getsockname
    pub local: Name,
    /// getpeername, or where a datagram is from.
    pub peer: Name,
    /// `AF_INET`
    pub family: &'static str,
    /// `SOCK_STREAM`
    pub kind: &'static str,
    /// The options that matter, those that it has.
    pub options: Vec<(&'static str, Value)>,
}

impl Facts {
    /// What is known of a socket; `peer` where it is not connected.
    pub(super) fn of(socket: &Socket, peer: Option<&SockAddr>) -> Facts {
        let name = |address: Option<&SockAddr>| address.map_or(Name("?".into()), Name::of);
        Facts {
            local: name(socket.local_addr().ok().as_ref()),
            peer: name(peer.or(socket.peer_addr().ok().as_ref())),
            family: match socket.domain() {
                Ok(Domain::IPV4) => "AF_INET",
                Ok(Domain::IPV6) => "AF_INET6",
                Ok(Domain::UNIX) => "AF_UNIX",
                _ => "AF_UNSPEC",
            },
            kind: match socket.r#type() {
                Ok(Type::STREAM) => "SOCK_STREAM",
                Ok(Type::DGRAM) => "SOCK_DGRAM",
                Ok(Type::SEQPACKET) => "SOCK_SEQPACKET",
                _ => "SOCK_?",
            },
            options: options::that_matter(socket),
        }
    }
}
