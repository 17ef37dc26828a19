//! bind for Unix sockets: the file that it makes, and the one that is there already.
//!
//! A socket's file stays when its process is gone, and bind refuses to take its place
//! (`EADDRINUSE`). Whether anybody still listens there is asked by a connect of a type that no
//! listener has to accept: nothing is sent, and a living listener hears nothing of it.
//! A file is never removed for a person; our own is, when we are done.

use super::Error;
use super::facts::Name;
use socket2::{Domain, SockAddr, Socket, Type};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The file of a bound socket; dropped, it is gone.
#[derive(Debug)]
pub(super) struct SocketFile(Made);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Made {
    path: PathBuf,
    /// Device and inode: a file that somebody else has put in its place stays.
    identity: (u64, u64),
}

/// The files that stand, for an end of the process at which nothing is dropped.
static STANDING: Mutex<Vec<Made>> = Mutex::new(Vec::new());

/// Removes the files of all sockets of this process, which is about to end.
pub fn remove_all() {
    std::mem::take(&mut *standing()).iter().for_each(Made::remove);
}

fn standing() -> MutexGuard<'static, Vec<Made>> {
    STANDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// bind(2) to a path; an abstract name has no file.
pub(super) fn bind(socket: &Socket, path: &Path) -> Result<Option<SocketFile>, Error> {
    let failed = |source| Error::Bind { at: shown(path), source };
    let address = SockAddr::unix(path).map_err(failed)?;
    socket.bind(&address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => in_the_way(path, &address, source),
        _ => failed(source),
    })?;
    if address.as_pathname().is_none() {
        return Ok(None);
    }
    let made = Made { path: path.to_owned(), identity: identity(path).map_err(failed)? };
    standing().push(made.clone());
    Ok(Some(SocketFile(made)))
}

/// Why a path is taken.
fn in_the_way(path: &Path, address: &SockAddr, source: io::Error) -> Error {
    let is_socket = std::fs::symlink_metadata(path).map(|file| file.file_type().is_socket());
    if matches!(is_socket, Ok(false)) {
        return Error::NoSocket(shown(path));
    }
    let asked = Socket::new(Domain::UNIX, Type::DGRAM, None);
    let asked = asked.and_then(|socket| socket.connect(address));
    match asked {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Error::Stale(shown(path)),
        // It is another type's (`EPROTOTYPE`), or takes datagrams: somebody is there.
        _ => Error::Bind { at: shown(path), source },
    }
}

fn shown(path: &Path) -> Box<str> {
    Name::of_path(path).to_string().into()
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    std::fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}

impl Made {
    fn remove(&self) {
        if identity(&self.path).is_ok_and(|there| there == self.identity) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        standing().retain(|made| *made != self.0);
        self.0.remove();
    }
}
