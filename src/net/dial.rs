//! From a route to a connection: pooled, or resolved, connected and secured.

use super::local::Local;
use super::pool::Pool;
use super::socket::{Conn, Established, Polite, Stream};
use super::socks::{self, Socks};
use super::tls::{Tls, TlsFacts, TlsSettings};
use super::tunnel::{self, Tunnel};
use super::{Deadlines, Error, Family, Phase, Pin, TlsFault, clock, connect, resolve};
use crate::base::{Origin, Scheme, Tick};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use tokio::io::AsyncWriteExt;

/// Everything that makes a connection what it is; the pool's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// Who is spoken to: the name in `Host`, in SNI and in the certificate. A proxy that
    /// forwards is one.
    pub origin: Origin,
    /// Whether that is a proxy.
    pub forwarded: bool,
    /// Where the connection goes instead (`--connect-to`): host and port.
    pub connect_to: Option<(Box<str>, u16)>,
    /// The Unix socket that the connection is made to in place of any host.
    pub unix: Option<PathBuf>,
    /// The SOCKS proxy that everything else is reached through.
    pub socks: Option<Socks>,
    /// The proxy that a tunnel goes through, and the login it was opened with.
    pub through: Option<Through>,
    /// The one address family to use.
    pub family: Option<Family>,
    /// How it is secured, where the scheme is https.
    pub tls: TlsSettings,
    /// This end of it.
    pub local: Local,
    /// What the server is told of this end before anything else.
    pub announced: Option<Announced>,
}

/// The line of the PROXY protocol, version 1, that tells a server who connects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Announced {
    /// Said to be the client's address, in place of the true one.
    pub client: Option<IpAddr>,
}

impl Announced {
    fn line(&self, established: &Established) -> String {
        let Some((local, peer)) = established.local.zip(established.peer) else {
            return "PROXY UNKNOWN\r\n".to_owned();
        };
        let family = if peer.is_ipv6() { "TCP6" } else { "TCP4" };
        let client = self.client.unwrap_or(local.ip());
        format!("PROXY {family} {client} {} {} {}\r\n", peer.ip(), local.port(), peer.port())
    }
}

/// A proxy, as far as it makes one connection different from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Through {
    /// Its canonical host.
    pub host: Box<str>,
    /// Its port.
    pub port: u16,
    /// How the way to it is secured, if it is.
    pub tls: Option<TlsSettings>,
    /// Who logs in there: another user's tunnel is another tunnel.
    pub login: Option<Secret>,
    /// The fields that it is asked with first: they may say who asks, or where it shall lead.
    pub asked_with: Secret,
}

/// A place that is connected to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// A canonical host and a port.
    Host(Box<str>, u16),
    /// A Unix socket; a path that begins with NUL is an abstract name.
    Unix(PathBuf),
}

/// A value that `Debug` does not show.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(pub Box<[u8]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Route {
    /// The host and port at the end of the TCP connection, or of what SOCKS makes of it.
    pub fn target(&self) -> (&str, u16) {
        match (&self.through, &self.connect_to) {
            (Some(proxy), _) => (&proxy.host, proxy.port),
            (None, Some((host, port))) => (host, *port),
            (None, None) => (&self.origin.host, self.origin.port),
        }
    }

    /// What is connected to first.
    fn first(&self) -> Endpoint {
        match (&self.unix, &self.socks) {
            (Some(path), _) => Endpoint::Unix(path.clone()),
            (None, Some(socks)) => socks.at.clone(),
            (None, None) => {
                let (host, port) = self.target();
                Endpoint::Host(host.into(), port)
            }
        }
    }

    /// Whether a proxy is on the way.
    fn is_proxied(&self) -> bool {
        self.forwarded || self.socks.is_some() || self.through.is_some()
    }
}

/// What a connection is made with.
pub struct Dial<'d> {
    /// The way it takes.
    pub route: &'d Route,
    /// Addresses that go before what the resolver says.
    pub pins: &'d [Pin],
    /// What the proxy that the route goes through is asked.
    pub tunnel: Option<&'d Tunnel>,
    /// How long it may take.
    pub deadlines: Deadlines,
    /// When it was begun: the same for all that a proxy is asked on the way.
    pub began: Tick,
    /// How far it came, where it came to a connection at all: to the server or to a proxy.
    pub reached: &'d Cell<Option<Established>>,
}

/// Makes connections and keeps the idle ones. A new one has none.
#[derive(Default)]
pub struct Dialer {
    /// Connections made so far.
    made: Cell<u64>,
    pool: RefCell<Pool>,
    ready: RefCell<Vec<(TlsSettings, Tls)>>,
}

/// The TLS configurations that are kept ready: a server's, a proxy's, and as many before.
const MOST_READY: usize = 4;

impl Dialer {
    /// An idle connection for `route` that is still good.
    pub fn idle(&self, route: &Route) -> Option<Conn> {
        self.pool.borrow_mut().take(route)
    }

    /// A new connection. `begun` is one to the route's proxy that has not led further yet: the
    /// tunnel is asked for there.
    ///
    /// # Errors
    /// [`Error::Resolve`], [`Error::Connect`], [`Error::Unix`], [`Error::Socks`],
    /// [`Error::Refused`], [`Error::Tls`], [`Error::CaFile`], or [`Error::Timeout`] naming the
    /// phase.
    pub async fn connect(&self, dial: &Dial<'_>, begun: Option<Conn>) -> Result<Conn, Error> {
        let &Dial { route, tunnel, deadlines, began, .. } = dial;
        let start = clock::tick();
        let tls = match route.origin.scheme {
            Scheme::Http => None,
            Scheme::Https => Some(self.tls(&route.tls)?),
        };
        let mut conn = match begun {
            Some(conn) => conn,
            None => self.reach(dial, start).await?,
        };
        let asked = tunnel.map(Tunnel::unanswered);
        dial.reached.set(Some(Established { tunnel: asked, ..conn.established.clone() }));
        if let Some(tunnel) = tunnel {
            let opening = tunnel::open(conn, tunnel, deadlines);
            let (opened, how) = deadlines.guard(Phase::Connect, began, opening).await?;
            conn = opened;
            conn.established.tunnel = Some(how);
            dial.reached.set(Some(conn.established.clone()));
        }
        if let Some(announced) = &route.announced {
            let line = announced.line(&conn.established);
            conn.stream.write_all(line.as_bytes()).await.map_err(Error::Send)?;
        }
        let Some(tls) = tls else { return Ok(conn) };
        let Conn { stream, mut established, exchanges, .. } = conn;
        let securing = secure(&tls, &route.origin.host, stream);
        let secured = deadlines.guard(Phase::Tls, began, securing).await;
        let (stream, facts) = secured.map_err(|error| match route.forwarded {
            true => of_a_proxy(error),
            false => {
                let untrusted = tls.refused().filter(|_| error.is_of_a_certificate());
                dial.reached.set(Some(Established { untrusted, ..established.clone() }));
                error
            }
        })?;
        established.tls = Some(facts);
        established.secured = clock::tick();
        Ok(Conn { stream, established, exchanges, spoken: None })
    }

    /// Connects as far as the server, or the HTTP proxy before it; `start` is when it was begun.
    async fn reach(&self, dial: &Dial<'_>, start: Tick) -> Result<Conn, Error> {
        let &Dial { route, pins, deadlines, began, .. } = dial;
        let to_proxy = match route.through.as_ref().and_then(|proxy| proxy.tls.as_ref()) {
            Some(settings) => Some(self.tls(settings)?),
            None => None,
        };
        // Loading the certificates that are trusted comes first, so that nobody is bothered where
        // they cannot be read; but it is TLS that this time goes to.
        let loading = clock::tick() - start;
        let (mut stream, (peer, local), resolved) = first(dial).await?;
        let resolved = resolved.minus(loading).max(began);
        let number = self.made.get();
        self.made.set(number + 1);
        let connected = clock::tick().minus(loading).max(resolved);
        let mut established = Established {
            number,
            peer,
            local,
            proxied: route.is_proxied(),
            tls: None,
            untrusted: None,
            tunnel: None,
            resolved,
            connected,
            secured: connected,
        };
        dial.reached.set(Some(established.clone()));
        if let Some(socks) = route.socks.as_ref().filter(|_| route.unix.is_none()) {
            let opening = socks::open(stream, socks, route.target(), (pins, route.family));
            stream = deadlines.guard(Phase::Connect, began, opening).await?;
        }
        established.connected = clock::tick().minus(loading).max(resolved);
        established.secured = established.connected;
        if let (Some(tls), Some(proxy)) = (to_proxy, &route.through) {
            let securing = secure(&tls, &proxy.host, stream);
            let secured = deadlines.guard(Phase::Tls, began, securing).await;
            (stream, _) = secured.map_err(of_a_proxy)?;
        }
        Ok(Conn { stream, established, exchanges: 0, spoken: None })
    }

    /// Takes back a connection that may carry another exchange.
    pub fn keep(&self, route: Route, conn: Conn) {
        self.pool.borrow_mut().keep(route, conn);
    }

    /// Keeps up to `many` idle connections, where that is more than are kept anyway.
    pub fn keep_idle(&self, many: usize) {
        self.pool.borrow_mut().at_least(many);
    }

    /// The TLS configuration for these settings; the last ones made are kept.
    fn tls(&self, settings: &TlsSettings) -> Result<Tls, Error> {
        let mut ready = self.ready.borrow_mut();
        if let Some((_, tls)) = ready.iter().find(|(made_for, _)| made_for == settings) {
            return Ok(tls.clone());
        }
        let tls = Tls::new(settings)?;
        if ready.len() == MOST_READY {
            ready.remove(0);
        }
        ready.push((settings.clone(), tls.clone()));
        Ok(tls)
    }
}

/// A socket's two ends, where they are addresses.
type Ends = (Option<SocketAddr>, Option<SocketAddr>);

/// Connects to what is connected to first; and says when that had become an address.
async fn first(dial: &Dial<'_>) -> Result<(Stream, Ends, Tick), Error> {
    let &Dial { route, pins, deadlines, began, .. } = dial;
    match route.first() {
        Endpoint::Unix(path) => {
            let connecting = connect::unix(&path);
            let unix = deadlines.guard(Phase::Connect, began, connecting).await?;
            Ok((Stream::Unix(unix), (None, None), began))
        }
        Endpoint::Host(host, port) => {
            let resolving = resolve::resolve(&host, port, pins, route.family);
            let addresses = deadlines.guard(Phase::Resolve, began, resolving).await;
            let addresses = addresses.map_err(|error| match error {
                Error::Resolve { host, source, .. } => {
                    Error::Resolve { host, proxy: route.is_proxied(), source }
                }
                other => other,
            })?;
            let resolved = clock::tick();
            let bound = route.local.bound(pins, route.family);
            let bound = deadlines.guard(Phase::Resolve, began, bound).await?;
            let connecting = connect::connect(&host, port, &addresses, (&route.local, &bound));
            let tcp = deadlines.guard(Phase::Connect, began, connecting).await?;
            let unknown = |source| Error::Connect { host: host.clone(), port, source };
            let peer = tcp.peer_addr().map_err(unknown)?;
            let local = tcp.local_addr().map_err(unknown)?;
            Ok((Stream::Plain(tcp), (Some(peer), Some(local)), resolved))
        }
    }
}

/// Puts TLS over a stream.
async fn secure(tls: &Tls, host: &str, stream: Stream) -> Result<(Stream, TlsFacts), Error> {
    let (secured, facts) = tls.secure(host, stream).await?;
    Ok((Stream::Tls(Polite(Box::new(secured))), facts))
}

/// Whatever TLS could not do was between here and a proxy.
fn of_a_proxy(error: Error) -> Error {
    match error {
        Error::Tls { fault: TlsFault::Certificate, text } => {
            Error::Tls { fault: TlsFault::ProxyCertificate, text }
        }
        other => other,
    }
}
