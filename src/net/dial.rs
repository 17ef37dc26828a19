//! From a route to a connection: pooled, or resolved, connected and secured.

use super::pool::Pool;
use super::socket::{Conn, Established, Polite, Stream};
use super::tls::{Tls, TlsSettings};
use super::tunnel::{self, Tunnel};
use super::{Deadlines, Error, Family, Phase, Pin, clock, connect, resolve};
use crate::base::{Origin, Scheme};
use std::cell::RefCell;
use std::fmt;

/// Everything that makes a connection what it is; the pool's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// Who is spoken to: the name in `Host`, in SNI and in the certificate.
    pub origin: Origin,
    /// Where the connection goes instead (`--connect-to`): host and port.
    pub connect_to: Option<(Box<str>, u16)>,
    /// The proxy that a tunnel goes through, and the login it was opened with.
    pub through: Option<Through>,
    /// The one address family to use.
    pub family: Option<Family>,
    /// How it is secured, where the scheme is https.
    pub tls: TlsSettings,
}

/// A proxy, as far as it makes one connection different from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Through {
    /// Its canonical host.
    pub host: Box<str>,
    /// Its port.
    pub port: u16,
    /// Its `Proxy-Authorization`: another user's tunnel is another tunnel.
    pub login: Option<Secret>,
}

/// A value that `Debug` does not show.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(pub Box<str>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Route {
    /// The host and port the TCP connection is made to.
    pub fn endpoint(&self) -> (&str, u16) {
        match (&self.through, &self.connect_to) {
            (Some(proxy), _) => (&proxy.host, proxy.port),
            (None, Some((host, port))) => (host, *port),
            (None, None) => (&self.origin.host, self.origin.port),
        }
    }
}

/// Makes connections and keeps the idle ones. A new one has none.
#[derive(Default)]
pub struct Dialer {
    pool: RefCell<Pool>,
    ready: RefCell<Option<(TlsSettings, Tls)>>,
}

impl Dialer {
    /// A connection for `route`: an idle one that is still good, unless `fresh`, or a new one.
    /// `pins` are addresses that go before what the resolver says; `tunnel` is asked of the
    /// proxy that the route goes through.
    ///
    /// # Errors
    /// [`Error::Resolve`], [`Error::Connect`], [`Error::Tls`], [`Error::CaFile`], or
    /// [`Error::Timeout`] naming the phase.
    pub async fn connect(
        &self,
        route: &Route,
        pins: &[Pin],
        tunnel: Option<&Tunnel>,
        deadlines: &Deadlines,
        fresh: bool,
    ) -> Result<Conn, Error> {
        if !fresh {
            let idle = self.pool.borrow_mut().take(route);
            if let Some(conn) = idle {
                return Ok(conn);
            }
        }
        let tls = match route.origin.scheme {
            Scheme::Http => None,
            Scheme::Https => Some(self.tls(&route.tls)?),
        };
        let began = clock::tick();
        let (host, port) = route.endpoint();
        let resolving = resolve::resolve(host, port, pins, route.family);
        let addresses = deadlines.guard(Phase::Resolve, began, resolving).await?;
        let resolved = clock::tick();
        let connecting = connect::connect(host, port, &addresses);
        let tcp = deadlines.guard(Phase::Connect, began, connecting).await?;
        let connected = clock::tick();
        let unknown = |source| Error::Connect { host: host.into(), port, source };
        let peer = tcp.peer_addr().map_err(unknown)?;
        let local = tcp.local_addr().map_err(unknown)?;
        let secured = connected;
        let established =
            Established { peer, local, tls: None, tunnel: None, resolved, connected, secured };
        let mut conn = Conn { stream: Stream::Plain(tcp), established, exchanges: 0 };
        if let Some(tunnel) = tunnel {
            let opening = tunnel::open(conn, tunnel, *deadlines);
            let (opened, how) = deadlines.guard(Phase::Connect, began, opening).await?;
            conn = opened;
            conn.established.tunnel = Some(how);
        }
        let Some(tls) = tls else { return Ok(conn) };
        let Conn { stream, mut established, exchanges } = conn;
        let Some(tcp) = stream.into_plain() else { return Err(Error::TlsCut) };
        let securing = tls.secure(&route.origin.host, tcp);
        let (stream, facts) = deadlines.guard(Phase::Tls, began, securing).await?;
        established.tls = Some(facts);
        established.secured = clock::tick();
        let stream = Stream::Tls(Polite(Box::new(stream)));
        Ok(Conn { stream, established, exchanges })
    }

    /// Takes back a connection that may carry another exchange.
    pub fn keep(&self, route: Route, conn: Conn) {
        self.pool.borrow_mut().keep(route, conn);
    }

    /// Keeps up to `many` idle connections, where that is more than are kept anyway.
    pub fn keep_idle(&self, many: usize) {
        self.pool.borrow_mut().at_least(many);
    }

    /// The TLS configuration for these settings; the last one made is kept.
    fn tls(&self, settings: &TlsSettings) -> Result<Tls, Error> {
        let mut ready = self.ready.borrow_mut();
        if let Some((made_for, tls)) = &*ready
            && made_for == settings
        {
            return Ok(tls.clone());
        }
        let tls = Tls::new(settings)?;
        *ready = Some((settings.clone(), tls.clone()));
        Ok(tls)
    }
}
