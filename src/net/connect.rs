//! TCP connections, raced (RFC 8305, "Happy Eyeballs"), and Unix sockets.

use super::Error;
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
/// [`Error::Connect`] with what the system said of the last address, when all have failed.
pub(super) async fn connect(
    host: &str,
    port: u16,
    addresses: &[SocketAddr],
) -> Result<TcpStream, Error> {
    let failed = |source| Error::Connect { host: host.into(), port, source };
    if let [only] = addresses {
        return TcpStream::connect(only).await.and_then(prepared).map_err(failed);
    }
    let mut waiting = addresses.iter().copied();
    let mut attempts = JoinSet::new();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        let mut more = waiting.len() > 0;
        if let Some(address) = waiting.next() {
            attempts.spawn(TcpStream::connect(address));
            more = waiting.len() > 0;
        }
        // Until somebody wins, the head start is over, or somebody has failed.
        tokio::select! {
            ended = attempts.join_next() => match ended {
                Some(Ok(Ok(stream))) => return prepared(stream).map_err(failed),
                Some(Ok(Err(error))) => last = error,
                Some(Err(_)) | None if !more => return Err(failed(last)),
                Some(Err(_)) | None => {}
            },
            () = tokio::time::sleep(HEAD_START), if more => {}
        }
        if attempts.is_empty() && !more {
            return Err(failed(last));
        }
    }
}

/// Small writes leave at once: a request is written whole, and nobody gains by waiting.
fn prepared(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
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
