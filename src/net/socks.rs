//! The way through a SOCKS proxy: SOCKS4, `SOCKS4a`, and SOCKS5 (RFC 1928) with a user and a
//! password (RFC 1929). The talk is the `tokio-socks` crate's; who is asked for, and who
//! resolves the name, is decided here.

use super::Error;
use super::dial::{Endpoint, Secret};
use super::resolve::{self, Family, Pin};
use super::socket::Stream;
use std::io;
use std::net::IpAddr;
use tokio_socks::TargetAddr;
use tokio_socks::tcp::{Socks4Stream, Socks5Stream};

/// The most bytes of a user, a password or a host: their lengths are one byte (RFC 1928
/// section 5, RFC 1929 section 2). SOCKS4 has no limit, and nobody needs more there.
const MOST: usize = 255;

/// The most bytes of a `SOCKS4a` request's user and host together: what the crate has room for.
const MOST_OF_BOTH: usize = 500;

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
    stream: Stream,
    socks: &Socks,
    (host, port): (&str, u16),
    (pins, family): (&[Pin], Option<Family>),
) -> Result<Stream, Error> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let name = || TargetAddr::Domain(bare.into(), port);
    let target = match socks.version {
        SocksVersion::V4 => resolved(host, port, pins, Some(Family::V4)).await?,
        SocksVersion::V5 => resolved(host, port, pins, family).await?,
        SocksVersion::V4a => name(),
        SocksVersion::V5Name => match bare.parse::<IpAddr>() {
            Ok(ip) => TargetAddr::Ip((ip, port).into()),
            Err(_) => name(),
        },
    };
    let login = socks.login.as_ref().map(|(user, password)| (&*user.0, &*password.0));
    let v5 = matches!(socks.version, SocksVersion::V5 | SocksVersion::V5Name);
    check(login, bare, v5)?;
    let opened = match login {
        _ if !v5 => {
            let opened = match login.map(|(user, _)| user).filter(|user| !user.is_empty()) {
                Some(user) => {
                    Socks4Stream::connect_with_userid_and_socket(stream, target, user).await
                }
                None => Socks4Stream::connect_with_socket(stream, target).await,
            };
            return opened.map(Socks4Stream::into_inner).map_err(refused);
        }
        Some((user, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, target, user, password).await
        }
        None => Socks5Stream::connect_with_socket(stream, target).await,
    };
    opened.map(Socks5Stream::into_inner).map_err(refused)
}

/// The first address of a name that the proxy does not want.
async fn resolved(
    host: &str,
    port: u16,
    pins: &[Pin],
    family: Option<Family>,
) -> Result<TargetAddr<'static>, Error> {
    match resolve::resolve(host, port, pins, family).await {
        Ok(addresses) => match addresses.first() {
            Some(address) => Ok(TargetAddr::Ip(*address)),
            None => Err(Error::Socks(format!("{host} has no address"))),
        },
        Err(error) => Err(Error::Socks(error.to_string())),
    }
}

/// What has no place in the protocol is not sent.
fn check(login: Option<(&str, &str)>, host: &str, v5: bool) -> Result<(), Error> {
    let bad = |what: &str| Err(Error::Socks(what.to_owned()));
    let (user, password) = login.unwrap_or_default();
    if user.len() > MOST || password.len() > MOST {
        return bad("a user or password of more than 255 bytes");
    }
    if login.is_some() && v5 && (user.is_empty() || password.is_empty()) {
        return bad("SOCKS5 knows no empty user and no empty password (RFC 1929)");
    }
    if host.len() > MOST || (!v5 && user.len() + host.len() > MOST_OF_BOTH) {
        return bad("the name of the host is too long for it");
    }
    // In SOCKS4 a NUL ends what it stands in.
    if !v5 && user.contains('\0') {
        return bad("a NUL in the user");
    }
    Ok(())
}

fn refused(error: tokio_socks::Error) -> Error {
    use tokio_socks::Error as Said;
    Error::Socks(match error {
        Said::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "it closed the connection".to_owned()
        }
        Said::AuthorizationRequired | Said::NoAcceptableAuthMethods => {
            "it wants another login".to_owned()
        }
        Said::PasswordAuthFailure(_) => "it refused the user and password".to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_the_protocol_is_not_sent() {
        let long = "x".repeat(256);
        let most = "x".repeat(255);
        assert!(check(Some((&most, &most)), "h", true).is_ok());
        assert!(check(None, &most, true).is_ok());
        for v5 in [true, false] {
            assert!(check(Some((&long, "p")), "h", v5).is_err());
            assert!(check(Some(("u", &long)), "h", v5).is_err());
            assert!(check(None, &long, v5).is_err());
        }
        assert!(check(Some(("u", "")), "h", true).is_err());
        assert!(check(Some(("u", "")), "h", false).is_ok());
        assert!(check(Some(("a\0b", "")), "h", false).is_err());
        assert!(check(Some((&most, "")), &most, false).is_err());
    }
}
