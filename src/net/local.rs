//! This end of a connection: where it is bound, and how the system treats it.

use super::error::Error;
use super::resolve::{self, Family, Pin};
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};

/// What a person asked for; part of the pool's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Local {
    /// What it is bound to.
    pub interface: Option<Interface>,
    /// The ports it may have, the first that is free.
    pub ports: Option<RangeInclusive<u16>>,
    /// How the system finds out that a silent peer is gone.
    pub keepalive: Keepalive,
    /// Small writes wait for each other (Nagle's algorithm).
    pub delayed: bool,
    /// The type of service, or traffic class, of its packets.
    pub tos: Option<u32>,
    /// Their priority (Linux).
    pub priority: Option<u32>,
    /// Multipath TCP (RFC 8684; Linux).
    pub multipath: bool,
    /// How long an address has the field to itself, where not the usual time.
    pub head_start: Option<Duration>,
}

/// What a connection is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Interface {
    /// An interface by its name (Linux).
    Device(Box<str>),
    /// An address, or a host's addresses.
    Host(Box<str>),
    /// The one or the other, whichever there is.
    Either(Box<str>),
    /// An interface, and an address.
    Both(Box<str>, Box<str>),
}

/// How the system finds out that a silent peer is gone. The defaults are curl's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keepalive {
    /// It does not.
    pub off: bool,
    /// After so long a silence it asks, and again in between; not for ever where it is zero.
    pub every: Duration,
    /// How often, until it gives up.
    pub count: u32,
}

impl Default for Keepalive {
    fn default() -> Keepalive {
        Keepalive { off: false, every: Duration::from_secs(60), count: 9 }
    }
}

/// An interface that was looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    device: Option<Box<str>>,
    addresses: Vec<IpAddr>,
}

/// Why one attempt failed.
pub(super) enum Failed {
    /// At this end.
    Here(io::Error),
    /// At the other.
    There(io::Error),
}

impl Local {
    /// Looks the interface up.
    ///
    /// # Errors
    /// [`Error::Local`].
    pub(super) async fn bound(&self, pins: &[Pin], family: Option<Family>) -> Result<Bound, Error> {
        let (device, host) = match &self.interface {
            None => (None, None),
            Some(Interface::Device(name)) => (Some(name), None),
            Some(Interface::Host(host)) => (None, Some(host)),
            Some(Interface::Both(name, host)) => (Some(name), Some(host)),
            Some(Interface::Either(name)) => match name.parse::<IpAddr>() {
                Err(_) if is_device(name) => (Some(name), None),
                _ => (None, Some(name)),
            },
        };
        if let Some(name) = device.filter(|name| !is_device(name)) {
            return Err(Error::Local { what: name.clone(), source: None });
        }
        let addresses = match host {
            None => Vec::new(),
            Some(host) => match host.parse::<IpAddr>() {
                Ok(ip) => vec![ip],
                Err(_) => {
                    let found = resolve::resolve(host, 0, pins, family).await;
                    let found =
                        found.map_err(|_| Error::Local { what: host.clone(), source: None })?;
                    found.iter().map(SocketAddr::ip).collect()
                }
            },
        };
        Ok(Bound { device: device.cloned(), addresses })
    }

    /// One attempt to connect.
    pub(super) async fn connect(self, bound: Bound, to: SocketAddr) -> Result<TcpStream, Failed> {
        let socket = self.socket(&bound, to).map_err(Failed::Here)?;
        let socket = TcpSocket::from_std_stream(socket.into());
        let stream = socket.connect(to).await.map_err(Failed::There)?;
        self.settle(&stream).map_err(Failed::There)?;
        Ok(stream)
    }

    fn socket(&self, bound: &Bound, to: SocketAddr) -> io::Result<Socket> {
        let protocol = if self.multipath { multipath()? } else { Protocol::TCP };
        let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(protocol))?;
        socket.set_nonblocking(true)?;
        if let Some(device) = &bound.device {
            bind_device(&socket, device)?;
        }
        match (self.tos, to) {
            (Some(tos), SocketAddr::V4(_)) => socket.set_tos_v4(tos)?,
            (Some(tos), SocketAddr::V6(_)) => socket.set_tclass_v6(tos)?,
            (None, _) => {}
        }
        if let Some(priority) = self.priority {
            set_priority(&socket, priority)?;
        }
        self.bind(&socket, bound, to)?;
        Ok(socket)
    }

    fn bind(&self, socket: &Socket, bound: &Bound, to: SocketAddr) -> io::Result<()> {
        let any: IpAddr = match to {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let ip = match bound.addresses.iter().find(|ip| ip.is_ipv4() == to.is_ipv4()) {
            Some(ip) => *ip,
            None if !bound.addresses.is_empty() => {
                return Err(io::ErrorKind::AddrNotAvailable.into());
            }
            None if self.ports.is_none() => return Ok(()),
            None => any,
        };
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in self.ports.clone().unwrap_or(0..=0) {
            match socket.bind(&SocketAddr::new(ip, port).into()) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
                other => return other,
            }
        }
        Err(last)
    }

    /// What is set once it is connected.
    fn settle(&self, stream: &TcpStream) -> io::Result<()> {
        // A request is written whole, and nobody gains by waiting.
        stream.set_nodelay(!self.delayed)?;
        let Keepalive { off, every, count } = self.keepalive;
        if off {
            return Ok(());
        }
        let mut keepalive = TcpKeepalive::new().with_retries(count);
        if !every.is_zero() {
            keepalive = keepalive.with_time(every).with_interval(every);
        }
        SockRef::from(stream).set_tcp_keepalive(&keepalive)
    }
}

/// Whether there is an interface of this name: the system says so when a socket is bound to it.
fn is_device(name: &str) -> bool {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP));
    socket.is_ok_and(|socket| bind_device(&socket, name).is_ok())
}

#[cfg(target_os = "linux")]
fn bind_device(socket: &Socket, name: &str) -> io::Result<()> {
    socket.bind_device(Some(name.as_bytes()))
}

#[cfg(not(target_os = "linux"))]
fn bind_device(_: &Socket, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
fn set_priority(socket: &Socket, priority: u32) -> io::Result<()> {
    socket.set_priority(priority)
}

#[cfg(not(target_os = "linux"))]
fn set_priority(_: &Socket, _: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
fn multipath() -> io::Result<Protocol> {
    Ok(Protocol::MPTCP)
}

#[cfg(not(target_os = "linux"))]
fn multipath() -> io::Result<Protocol> {
    Err(io::ErrorKind::Unsupported.into())
}
