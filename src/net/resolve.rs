//! From a host to addresses: literals, what the person pinned, the system's resolver.

use super::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// One `--resolve`: this host and port have these addresses, whatever the resolver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Canonical host; `*` is any.
    pub host: Box<str>,
    /// The port it holds for.
    pub port: u16,
    /// The addresses, in order; none takes an earlier pin back.
    pub addresses: Vec<IpAddr>,
}

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Pin {
    fn holds_for(&self, host: &str, port: u16) -> bool {
        self.port == port && (*self.host == *host || &*self.host == "*")
    }
}

/// The addresses of `host`, in the order they should be tried (RFC 8305 section 4).
///
/// `host` is canonical; an IPv6 address stands in brackets. `localhost` never reaches the
/// resolver (RFC 6761 section 6.3). A later pin goes before an earlier one, an exact one
/// before `*`.
///
/// # Errors
/// [`Error::Resolve`] where there is no address, or none of the family that is wanted.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    pins: &[Pin],
    family: Option<Family>,
) -> Result<Vec<SocketAddr>, Error> {
    let mut addresses = lookup(host, port, pins).await?;
    addresses.retain(|address| match family {
        Some(Family::V4) => address.is_ipv4(),
        Some(Family::V6) => address.is_ipv6(),
        None => true,
    });
    if addresses.is_empty() { Err(unresolved(host, None)) } else { Ok(addresses) }
}

async fn lookup(host: &str, port: u16, pins: &[Pin]) -> Result<Vec<SocketAddr>, Error> {
    let exact = pins.iter().rev().find(|pin| pin.holds_for(host, port) && &*pin.host != "*");
    let pin = exact.or_else(|| pins.iter().rev().find(|pin| pin.holds_for(host, port)));
    if let Some(pin) = pin.filter(|pin| !pin.addresses.is_empty()) {
        return Ok(pin.addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect());
    }
    if let Some(ip) = literal(host) {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    if host == "localhost" || host.ends_with(".localhost") {
        let ips: [IpAddr; 2] = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
        return Ok(ips.map(|ip| SocketAddr::new(ip, port)).to_vec());
    }
    // An address with a scope: the system knows the number of the interface.
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => Ok(interleave(found.collect())),
        Err(source) => Err(unresolved(host, Some(source))),
    }
}

fn unresolved(host: &str, source: Option<std::io::Error>) -> Error {
    Error::Resolve { host: host.into(), proxy: false, source }
}

/// The address a host is, if it is one.
fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bare {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::from),
    }
}

/// Alternates the families, beginning with the one the system put first.
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (one, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    let mut mixed = Vec::new();
    loop {
        let pair = [one.next(), other.next()];
        if pair == [None, None] {
            return mixed;
        }
        mixed.extend(pair.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_from_the_one_the_system_prefers() {
        let parse = |text: &str| text.parse::<SocketAddr>().unwrap();
        let [a, b, c] = ["[::1]:1", "[::2]:1", "1.1.1.1:1"].map(parse);
        assert_eq!(interleave(vec![a, b, c]), [a, c, b]);
        assert_eq!(interleave(vec![c, a, b]), [c, a, b]);
    }
}
