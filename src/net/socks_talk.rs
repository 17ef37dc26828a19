//! What is said to a SOCKS proxy: SOCKS4 and `SOCKS4a`, SOCKS5 (RFC 1928) with a user and a
//! password (RFC 1929). Not a byte more than its answer is read.
//!
//! By hand, because the crates refuse the empty password that Tor's users keep their streams
//! apart with, and answers that differ from the letter where nothing depends on it.

use super::Error;
use crate::base::system_words;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Where the proxy is asked to connect to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'t> {
    /// An address.
    Address(SocketAddr),
    /// A name that the proxy resolves.
    Name(&'t str, u16),
}

/// No longer than [`MOST`](super::socks::MOST) bytes each.
pub(super) type Login<'l> = (&'l [u8], &'l [u8]);

/// The address that says in `SOCKS4a` that a name follows.
const A_NAME_FOLLOWS: Ipv4Addr = Ipv4Addr::new(0, 0, 0, 1);

/// Asks for a connection in SOCKS4, in the name of `user`.
///
/// # Errors
/// [`Error::Socks`].
pub(super) async fn v4<S>(stream: &mut S, target: Target<'_>, user: &[u8]) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (ip, port, name) = match target {
        Target::Address(SocketAddr::V4(address)) => (*address.ip(), address.port(), None),
        Target::Address(SocketAddr::V6(_)) => return bad("SOCKS4 knows no IPv6"),
        Target::Name(name, port) => (A_NAME_FOLLOWS, port, Some(name)),
    };
    let mut request = vec![4, 1];
    request.extend(port.to_be_bytes());
    request.extend(ip.octets());
    request.extend(user);
    request.push(0);
    if let Some(name) = name {
        request.extend(name.as_bytes());
        request.push(0);
    }
    say(stream, &request).await?;
    match hear::<8, _>(stream).await? {
        [0, 90, ..] => Ok(()),
        [0, 91, ..] => bad("it refused, or failed"),
        [0, 92, ..] => bad("it refused: it finds no identd here"),
        [0, 93, ..] => bad("it refused: identd here knows another user"),
        _ => bad("it does not speak SOCKS4"),
    }
}

/// Asks for a connection in SOCKS5.
///
/// # Errors
/// [`Error::Socks`].
pub(super) async fn v5<S>(
    stream: &mut S,
    target: Target<'_>,
    login: Option<Login<'_>>,
) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let offer: &[u8] = if login.is_some() { &[5, 2, 0, 2] } else { &[5, 1, 0] };
    say(stream, offer).await?;
    match (hear(stream).await?, login) {
        ([5, 0], _) => {}
        ([5, 2], Some((user, password))) => {
            let mut proof = vec![1];
            counted(&mut proof, user)?;
            counted(&mut proof, password)?;
            say(stream, &proof).await?;
            // Some say 5 for the version of this, and nobody minds.
            let [_, status] = hear(stream).await?;
            if status != 0 {
                return bad("it refused the user and password");
            }
        }
        ([5, _], _) => return bad("it wants another login"),
        _ => return bad("it does not speak SOCKS5"),
    }
    let mut request = vec![5, 1, 0];
    let port = match target {
        Target::Address(SocketAddr::V4(address)) => {
            request.push(1);
            request.extend(address.ip().octets());
            address.port()
        }
        Target::Address(SocketAddr::V6(address)) => {
            request.push(4);
            request.extend(address.ip().octets());
            address.port()
        }
        Target::Name(name, port) => {
            request.push(3);
            counted(&mut request, name.as_bytes())?;
            port
        }
    };
    request.extend(port.to_be_bytes());
    say(stream, &request).await?;
    let [version, answer, _, kind] = hear(stream).await?;
    if version != 5 {
        return bad("it does not speak SOCKS5");
    }
    refused(answer)?;
    // Where its own end is bound is of no use here.
    match kind {
        1 => drop(hear::<6, _>(stream).await?),
        4 => drop(hear::<18, _>(stream).await?),
        3 => {
            let [length] = hear(stream).await?;
            for _ in 0..u16::from(length) + 2 {
                hear::<1, _>(stream).await?;
            }
        }
        _ => return bad("it is bound to an address of no known kind"),
    }
    Ok(())
}

/// The answers of RFC 1928 section 6.
fn refused(answer: u8) -> Result<(), Error> {
    bad(match answer {
        0 => return Ok(()),
        1 => "it failed",
        2 => "its rules do not allow this",
        3 => "it cannot reach the network",
        4 => "it cannot reach the host",
        5 => "the connection was refused",
        6 => "the way is too long for it",
        7 => "it does not know how to connect",
        8 => "it does not know this kind of address",
        _ => "it refused",
    })
}

/// Appends text with its length before it, in one byte.
fn counted(to: &mut Vec<u8>, text: &[u8]) -> Result<(), Error> {
    let Ok(length) = u8::try_from(text.len()) else { return bad("a text is too long for it") };
    to.push(length);
    to.extend(text);
    Ok(())
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<(), Error> {
    let said = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    said.await.map_err(broken)
}

async fn hear<const N: usize, S: AsyncRead + Unpin>(stream: &mut S) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.map_err(broken)?;
    Ok(bytes)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn broken(error: io::Error) -> Error {
    Error::Socks(match error.kind() {
        io::ErrorKind::UnexpectedEof => "it closed the connection".to_owned(),
        _ => system_words(&error),
    })
}

fn bad<T>(what: &str) -> Result<T, Error> {
    Err(Error::Socks(what.to_owned()))
}
