//! A lock file beside the data: many readers, or one writer, for a bounded time.
//!
//! The lock belongs to the open file, so that it ends with the process, however
//! that ends. The file itself stays: removing it would let two processes lock
//! two files of one name.
#![expect(clippy::disallowed_methods, reason = "this room owns the files")]

use super::error::{Doing, Error};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a lock is waited for. A save takes milliseconds; who holds it longer hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _held: File,
}

/// `.NAME.lock` beside a file.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(".lock");
    file.with_file_name(name)
}

/// Shares the lock with other readers; `None` where there is no lock file yet, and so no writer.
pub(super) fn shared(path: &Path, patience: Duration) -> Result<Option<Lock>, Error> {
    regular(path)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(Doing::Locking, path)(error)),
    };
    wait(file, path, patience, File::try_lock_shared).map(Some)
}

/// Takes the lock alone, making its file (0600) where there is none.
pub(super) fn exclusive(path: &Path, patience: Duration) -> Result<Lock, Error> {
    regular(path)?;
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::io(Doing::Locking, path))?;
    wait(file, path, patience, File::try_lock)
}

/// Opening a pipe would wait for its other end.
fn regular(path: &Path) -> Result<(), Error> {
    match path.metadata() {
        Ok(there) if !there.is_file() => Err(Error::NotAFile { path: path.to_owned() }),
        _ => Ok(()),
    }
}

fn wait(
    file: File,
    path: &Path,
    patience: Duration,
    attempt: fn(&File) -> Result<(), TryLockError>,
) -> Result<Lock, Error> {
    let mut waited = Duration::ZERO;
    loop {
        match attempt(&file) {
            Ok(()) => return Ok(Lock { _held: file }),
            Err(TryLockError::Error(error)) => return Err(Error::io(Doing::Locking, path)(error)),
            Err(TryLockError::WouldBlock) if waited >= patience => {
                return Err(Error::Busy { path: path.to_owned(), waited });
            }
            Err(TryLockError::WouldBlock) => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_and_a_writer_is_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        assert!(shared(&path, Duration::ZERO).unwrap().is_none(), "no writer was ever there");
        assert!(!path.exists(), "reading creates nothing");
        let writer = exclusive(&path, Duration::ZERO).unwrap();
        assert!(matches!(exclusive(&path, Duration::ZERO), Err(Error::Busy { .. })));
        assert!(matches!(shared(&path, Duration::ZERO), Err(Error::Busy { .. })));
        drop(writer);
        let one = shared(&path, Duration::ZERO).unwrap();
        let two = shared(&path, Duration::ZERO).unwrap();
        assert!(one.is_some() && two.is_some());
        assert!(exclusive(&path, Duration::ZERO).is_err());
    }

    #[test]
    fn who_cannot_lock_says_whose_lock_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let _writer = exclusive(&path, Duration::ZERO).unwrap();
        let error = exclusive(&path, Duration::ZERO).unwrap_err().to_string();
        assert!(error.contains("lock") && error.contains("try again"), "{error}");
    }
}
