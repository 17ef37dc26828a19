//! The client's way to a connection: getaddrinfo, socket, setsockopt, bind, connect, and TLS.

use super::super::resolve::{Family, resolve};
use super::super::tls::{TlsFacts, TlsSettings};
use super::address::{BadAddress, path};
use super::calls::{self, Socket};
use super::file::{self, SocketFile};
use super::wire::{self, Wire};
use super::{Address, Error, Facts, Kind, Place, Setting, Value};
use socket2::{SockAddr, Socket as Raw};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// What this end is bound to before it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An address of this machine, and perhaps a port.
    Port(SocketAddr),
    /// A Unix socket's own file, to which others can answer.
    File(PathBuf),
}

impl Source {
    /// Reads `127.0.0.1`, `127.0.0.1:4000`, `::1`, `[::1]`, `[::1]:4000`; for Unix sockets a path.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(kind: Kind, text: &str) -> Result<Source, BadAddress> {
        if !matches!(kind, Kind::Tcp | Kind::Udp) {
            return path(text).map(Source::File);
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let bare = bare.filter(|v6| v6.contains(':')).unwrap_or(text);
        let alone = bare.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0));
        alone.or_else(|_| text.parse()).map(Source::Port).map_err(|_| BadAddress::Host)
    }
}

/// What to connect to, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The peer.
    pub address: Address,
    /// Only addresses of this family.
    pub family: Option<Family>,
    /// What this end is bound to.
    pub source: Option<Source>,
    /// Options, set before anything else.
    pub options: Vec<Setting>,
    /// TLS over it; TCP only.
    pub tls: Option<TlsSettings>,
    /// How long it may take until the connection stands.
    pub timeout: Option<Duration>,
}

/// What is told on the way.
#[derive(Debug)]
pub enum Told<'a> {
    /// An option was set for this address, and the system made this of it.
    Set(&'a str, Setting, Value),
    /// An address did not take the connection, and the next one is tried.
    Refused(&'a Error),
    /// The connection stands.
    Connected(&'a Facts),
    /// TLS was agreed on.
    Secured(&'a TlsFacts),
}

/// Connects.
///
/// # Errors
/// What went wrong at the last address that was tried.
pub async fn connect(plan: &Plan, tell: &mut dyn FnMut(Told<'_>)) -> Result<Wire, Error> {
    let connecting = first_that_takes_it(plan, tell);
    match plan.timeout {
        None => connecting.await,
        Some(limit) => match tokio::time::timeout(limit, connecting).await {
            Ok(done) => done,
            Err(_) => Err(Error::ConnectTimeout(limit)),
        },
    }
}

async fn first_that_takes_it(plan: &Plan, tell: &mut dyn FnMut(Told<'_>)) -> Result<Wire, Error> {
    let addresses = addresses(&plan.address, plan.family).await?;
    let usable = addresses.iter().filter(|peer| match plan.source {
        Some(Source::Port(own)) => peer.as_socket().is_some_and(|p| p.is_ipv4() == own.is_ipv4()),
        _ => true,
    });
    let mut failed: Option<Error> = None;
    for peer in usable {
        if let Some(before) = failed.take() {
            tell(Told::Refused(&before));
        }
        match one(plan, peer, tell).await {
            Ok((socket, file)) => return finish(plan, socket, file, tell).await,
            Err(error @ Error::Connect { .. }) => failed = Some(error),
            Err(other) => return Err(other),
        }
    }
    Err(failed.unwrap_or(Error::Families))
}

/// getaddrinfo(3); a path is an address already.
pub(super) async fn addresses(
    address: &Address,
    family: Option<Family>,
) -> Result<Vec<SockAddr>, Error> {
    match &address.place {
        Place::Port(host, port) => {
            let found = resolve(host, *port, &[], family).await?;
            Ok(found.into_iter().map(SockAddr::from).collect())
        }
        Place::File(path) => {
            let failed = |source| Error::Connect { to: address.to_string().into(), source };
            Ok(vec![SockAddr::unix(path).map_err(failed)?])
        }
    }
}

/// One attempt: socket, setsockopt, bind, connect.
async fn one(
    plan: &Plan,
    peer: &SockAddr,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<(Socket, Option<SocketFile>), Error> {
    let to = match peer.as_socket() {
        Some(peer) => format!("{}://{peer}", plan.address.kind.scheme()),
        None => plan.address.to_string(),
    };
    let failed = |source| Error::Connect { to: to.clone().into(), source };
    let raw = calls::socket(&plan.address, peer.domain()).map_err(failed)?;
    set(&raw, &to, &plan.options, tell)?;
    let file = bind(&raw, plan)?;
    let socket = Socket::connect(raw, peer).await.map_err(failed)?;
    Ok((socket, file))
}

/// setsockopt(2), and what getsockopt(2) says then.
pub(super) fn set(
    socket: &Raw,
    of: &str,
    options: &[Setting],
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<(), Error> {
    options.iter().try_for_each(|setting| {
        tell(Told::Set(of, *setting, setting.apply(socket)?));
        Ok(())
    })
}

/// bind(2), where a source was asked for.
fn bind(socket: &Raw, plan: &Plan) -> Result<Option<SocketFile>, Error> {
    match &plan.source {
        Some(Source::Port(own)) => {
            let bound = socket.bind(&SockAddr::from(*own));
            bound.map_err(|source| Error::Bind { at: own.to_string().into(), source })?;
        }
        Some(Source::File(path)) => return file::bind(socket, path),
        // Who answers a datagram needs a name to send to: Linux makes an abstract one up
        // ("autobind", unix(7)). Elsewhere --source gives one.
        None if plan.address.kind == Kind::UnixGram && cfg!(target_os = "linux") => {
            let nameless = SockAddr::unix("").and_then(|own| socket.bind(&own));
            nameless.map_err(|source| Error::Bind { at: "a name".into(), source })?;
        }
        None => {}
    }
    Ok(None)
}

async fn finish(
    plan: &Plan,
    socket: Socket,
    file: Option<SocketFile>,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<Wire, Error> {
    tell(Told::Connected(&Facts::of(socket.raw(), None)));
    let (kind, to) = (plan.address.kind, plan.address.to_string().into());
    let (sender, receiver) = match (&plan.tls, &plan.address.place) {
        (Some(settings), Place::Port(host, _)) => {
            let (halves, facts) = wire::secure(socket, host, settings).await?;
            tell(Told::Secured(&facts));
            halves
        }
        _ => wire::bare(socket),
    };
    Ok(Wire { kind, to, sender, receiver, _file: file })
}
