//! A lock file beside the data: many readers, or one writer, for a bounded time.
//!
//! The lock belongs to the open file, so that it ends with the process, however
//! that ends. The file itself stays, until what it locks is renamed or removed as
//! a whole (`sessions.rs`): whoever then gets a lock on a file that is no longer at
//! its path begins again, so that two processes never lock two files of one name.

use super::error::{Doing, Error};
use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a lock is waited for. A save takes milliseconds; who holds it longer hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    held: File,
}

impl Lock {
    /// Lets go, and keeps the file to tell it again.
    pub(super) fn let_go(self) -> io::Result<Known> {
        self.held.unlock()?;
        Ok(Known { file: self.held })
    }

    /// Whether it is the file that was known.
    pub(super) fn is(&self, known: &Known) -> bool {
        same(&self.held, known.file.metadata())
    }
}

/// A lock's file as it was once met. While it is open, no other file can have its number.
#[derive(Debug)]
pub(super) struct Known {
    file: File,
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
    match wait(path, patience, File::options().read(true), File::try_lock_shared) {
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        held => held.map(Some),
    }
}

/// Takes the lock alone, making its file (0600) where there is none.
pub(super) fn exclusive(path: &Path, patience: Duration) -> Result<Lock, Error> {
    let how = File::options().read(true).append(true).create(true).mode(0o600).clone();
    wait(path, patience, &how, File::try_lock)
}

/// Likewise where the file is there; makes none.
pub(super) fn exclusive_there(path: &Path, patience: Duration) -> Result<Lock, Error> {
    wait(path, patience, File::options().read(true), File::try_lock)
}

/// Opening a pipe would wait for its other end.
fn regular(path: &Path) -> Result<(), Error> {
    match path.metadata() {
        Ok(there) if !there.is_file() => Err(Error::NotAFile { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Opens the file and takes its lock. A file that was renamed or removed while it was waited for
/// locks nothing any more: then it begins again with what is there now.
fn wait(
    path: &Path,
    patience: Duration,
    how: &OpenOptions,
    attempt: fn(&File) -> Result<(), TryLockError>,
) -> Result<Lock, Error> {
    let mut waited = Duration::ZERO;
    let mut file = None;
    loop {
        let held = match file.take() {
            Some(file) => file,
            None => {
                regular(path)?;
                how.open(path).map_err(Error::io(Doing::Locking, path))?
            }
        };
        match attempt(&held) {
            Ok(()) if same(&held, path.metadata()) => return Ok(Lock { held }),
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(Error::io(Doing::Locking, path)(error)),
            Err(TryLockError::WouldBlock) if waited >= patience => {
                return Err(Error::Busy { path: path.to_owned(), waited });
            }
            Err(TryLockError::WouldBlock) => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
                file = Some(held);
            }
        }
    }
}

/// Whether an open file is this one.
fn same(file: &File, there: io::Result<Metadata>) -> bool {
    let number = |data: Metadata| (data.dev(), data.ino());
    let (file, there) = (file.metadata().map(number), there.map(number));
    matches!((file, there), (Ok(file), Ok(there)) if file == there)
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
    #[expect(clippy::disallowed_methods, reason = "the test takes the file away itself")]
    fn a_lock_that_was_renamed_or_removed_while_it_was_waited_for_locks_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("lock"), dir.path().join("moved"));
        for removed in [false, true] {
            let held = exclusive(&old, Duration::ZERO).unwrap();
            std::thread::scope(|scope| {
                // Opened anew: a clone would go on holding the lock.
                let known = File::open(&old).unwrap();
                let waiter = scope.spawn(|| exclusive(&old, PATIENCE).unwrap());
                // It may come before the other, and lets go for it: what a thread gives back is
                // held until it is joined.
                let reader = scope.spawn(|| match exclusive_there(&old, PATIENCE) {
                    Ok(lock) => assert!(same(&lock.held, old.metadata())),
                    Err(error) => assert!(matches!(error, Error::Io { .. }), "{error}"),
                });
                // Whether they wait already or come later, what they get is the file at the path.
                match removed {
                    false => std::fs::rename(&old, &new).unwrap(),
                    true => std::fs::remove_file(&old).unwrap(),
                }
                drop(held);
                let got = waiter.join().unwrap();
                assert!(same(&got.held, old.metadata()));
                assert!(!got.is(&Known { file: known }));
                drop(got);
                // The other one came before or after the new file was made.
                reader.join().unwrap();
            });
        }
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
