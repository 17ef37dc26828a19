//! TCP connections, raced (RFC 8305, "Happy Eyeballs"), and Unix sockets.

use super::Error;
use super::local::{Bound, Failed, Local};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinSet;

/// How long one address has the field to itself before the next one is tried beside it.
///
/// RFC 8305 section 5 allows 100 ms to 2 s and recommends 250 ms; curl takes 200 ms.
const HEAD_START: Duration = Duration::from_millis(200);

/// Connects to the first address that answers. `host` is named in the error.
///
/// # Errors
/// [`Error::Connect`] with what the system said of the last address, when all have failed;
/// [`Error::Local`] where it was this end.
pub(super) async fn connect(
    host: &str,
    port: u16,
    addresses: &[SocketAddr],
    (local, bound): (&Local, &Bound),
) -> Result<TcpStream, Error> {
    let failed = |failed| match failed {
        Failed::There(source) => Error::Connect { host: host.into(), port, source },
        Failed::Here(source) => Error::Local { what: "this end".into(), source: Some(source) },
    };
    let attempt = |address| local.clone().connect(bound.clone(), address);
    if let [only] = addresses {
        return attempt(*only).await.map_err(failed);
    }
    let head_start = local.head_start.unwrap_or(HEAD_START);
    let mut waiting = addresses.iter().copied();
    let mut attempts = JoinSet::new();
    let mut last = Failed::There(io::ErrorKind::AddrNotAvailable.into());
    loop {
        let mut more = waiting.len() > 0;
        if let Some(address) = waiting.next() {
            attempts.spawn(attempt(address));
            more = waiting.len() > 0;
        }
        // Until somebody wins, the head start is over, or somebody has failed.
        tokio::select! {
            ended = attempts.join_next() => match ended {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => last = error,
                Some(Err(_)) | None if !more => return Err(failed(last)),
                Some(Err(_)) | None => {}
            },
            () = tokio::time::sleep(head_start), if more => {}
        }
        if attempts.is_empty() && !more {
            return Err(failed(last));
        }
    }
}

/// Connects to a Unix socket; a path that begins with NUL is an abstract name (Linux).
///
/// # Errors
/// [`Error::Unix`].
pub(super) async fn unix(path: &Path) -> Result<UnixStream, Error> {
    UnixStream::connect(path).await.map_err(|source| Error::Unix { path: shown(path), source })
}

/// An abstract name is written with an `@`.
fn shown(path: &Path) -> PathBuf {
    match path.to_string_lossy().strip_prefix('\0') {
        Some(name) => PathBuf::from(format!("@{name}")),
        None => path.to_owned(),
    }
}
