//! The way through a SOCKS proxy: who is asked for, and who resolves the name.

use super::Error;
use super::dial::{Endpoint, Secret};
use super::resolve::{self, Family, Pin};
use super::socket::Stream;
use super::socks_talk::{self, Login, Target};
use std::net::IpAddr;

/// The most bytes of a user, a password or a host: their lengths are one byte (RFC 1928
/// section 5, RFC 1929 section 2). SOCKS4 has no limit, and nobody needs more there.
pub(super) const MOST: usize = 255;

/// A SOCKS proxy, as far as it makes one connection different from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Socks {
    /// What is spoken to it.
    pub version: SocksVersion,
    /// Where it listens.
    pub at: Endpoint,
    /// The user and the password to log in with.
    pub login: Option<(Secret, Secret)>,
}

/// The versions of SOCKS. Some leave the name of the host to the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SocksVersion {
    /// SOCKS4: the name is resolved here, to an IPv4 address.
    V4,
    /// `SOCKS4a`: the name is the proxy's.
    V4a,
    /// SOCKS5, with the name resolved here.
    V5,
    /// SOCKS5, with the name left to the proxy.
    V5Name,
}

/// Asks the proxy at the other end of `stream` for a connection to `host`, which is canonical.
///
/// # Errors
/// [`Error::Socks`] with what the proxy said, or why it was not asked.
pub(super) async fn open(
    mut stream: Stream,
    socks: &Socks,
    (host, port): (&str, u16),
    (pins, family): (&[Pin], Option<Family>),
) -> Result<Stream, Error> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let target = match socks.version {
        SocksVersion::V4 => resolved(host, port, pins, Some(Family::V4)).await?,
        SocksVersion::V5 => resolved(host, port, pins, family).await?,
        SocksVersion::V4a => Target::Name(bare, port),
        SocksVersion::V5Name => match bare.parse::<IpAddr>() {
            Ok(ip) => Target::Address((ip, port).into()),
            Err(_) => Target::Name(bare, port),
        },
    };
    let login = socks.login.as_ref().map(|(user, password)| (&*user.0, &*password.0));
    let v5 = matches!(socks.version, SocksVersion::V5 | SocksVersion::V5Name);
    check(login, bare, v5)?;
    if v5 {
        socks_talk::v5(&mut stream, target, login).await?;
    } else {
        let (user, _) = login.unwrap_or_default();
        socks_talk::v4(&mut stream, target, user).await?;
    }
    if stream.has_more() {
        // Bytes before ours have been sent are nobody's.
        return Err(Error::Socks("it said more than its answer".to_owned()));
    }
    Ok(stream)
}

/// An address of a name that the proxy does not want. It can be asked for one only, and many
/// proxies know no IPv6: IPv4 is taken where there is any.
async fn resolved(
    host: &str,
    port: u16,
    pins: &[Pin],
    family: Option<Family>,
) -> Result<Target<'static>, Error> {
    let addresses = resolve::resolve(host, port, pins, family).await;
    let addresses = addresses.map_err(|error| Error::Socks(error.to_string()))?;
    let v4 = addresses.iter().find(|address| address.is_ipv4());
    match v4.or(addresses.first()) {
        Some(address) => Ok(Target::Address(*address)),
        None => Err(Error::Socks(format!("{host} has no address"))),
    }
}

/// What has no place in the protocol is not sent.
fn check(login: Option<Login<'_>>, host: &str, v5: bool) -> Result<(), Error> {
    let bad = |what: &str| Err(Error::Socks(what.to_owned()));
    let (user, password) = login.unwrap_or_default();
    if user.len() > MOST || password.len() > MOST {
        return bad("a user or password of more than 255 bytes");
    }
    if host.len() > MOST {
        return bad("the name of the host is too long for it");
    }
    // In SOCKS4 a NUL ends what it stands in.
    if !v5 && user.contains(&0) {
        return bad("a NUL in the user");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_the_protocol_is_not_sent() {
        let long = "x".repeat(256);
        let most = "x".repeat(255);
        let login = |user: &'static [u8]| Some((user, &b""[..]));
        assert!(check(Some((most.as_bytes(), most.as_bytes())), "h", true).is_ok());
        assert!(check(None, &most, true).is_ok());
        for v5 in [true, false] {
            assert!(check(Some((long.as_bytes(), b"p")), "h", v5).is_err());
            assert!(check(Some((b"u", long.as_bytes())), "h", v5).is_err());
            assert!(check(None, &long, v5).is_err());
            assert!(check(login(b"u"), "h", v5).is_ok());
        }
        assert!(check(login(b"a\0b"), "h", false).is_err());
        assert!(check(login(b"a\0b"), "h", true).is_ok());
    }
}
