//! What goes wrong with files, with the path, and what to do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What was being done when the system said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading the file.
    Reading,
    /// Writing its successor beside it.
    Writing,
    /// Putting the successor in its place.
    Replacing,
    /// Syncing the directory after that: the successor is there already.
    Syncing,
    /// Opening or taking the lock.
    Locking,
    /// Making the directory.
    MakingDirectory,
    /// Renaming a session.
    Renaming,
    /// Removing a session's files.
    Removing,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doing::Reading => "read",
            Doing::Writing => "write",
            Doing::Replacing => "replace",
            Doing::Syncing => "sync the directory",
            Doing::Locking => "lock",
            Doing::MakingDirectory => "make the directory",
            Doing::Renaming => "rename",
            Doing::Removing => "remove",
        })
    }
}

/// Why a file could not be read or saved. The old file is as it was, in every case but
/// [`Doing::Syncing`].
#[derive(Debug)]
pub enum Error {
    /// The system refused.
    Io {
        /// What was tried.
        doing: Doing,
        /// On which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another process held the lock for too long.
    Busy {
        /// The lock's file.
        path: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// The path leads to a device, a directory or a pipe: nothing to rename over.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Larger than `atomic::MAX_FILE` bytes.
    TooLarge {
        /// The path.
        path: PathBuf,
    },
    /// The file to save to has content, and neither the format's first line nor a cookie in columns.
    NotAJar {
        /// The path.
        path: PathBuf,
    },
    /// The file has content, and none of it is a host that is https only.
    NotAList {
        /// The path.
        path: PathBuf,
    },
    /// `session.json` is not what it should be.
    Session {
        /// The path.
        path: PathBuf,
        /// Counted from 1; 0 where the file ends early.
        line: usize,
        /// What is wrong there; never a value, which may be a secret.
        what: &'static str,
    },
    /// `session.json` was written by a later version.
    Schema {
        /// The path.
        path: PathBuf,
        /// The number it carries.
        found: u64,
    },
    /// There is no session in this directory.
    NoSession {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory holds something else than a session.
    NotASession {
        /// The directory.
        dir: PathBuf,
    },
    /// The session was removed or renamed while it was in use.
    Gone {
        /// The directory it was in.
        dir: PathBuf,
    },
    /// There is something where a session was to come to stand.
    Taken {
        /// The place.
        dir: PathBuf,
    },
    /// The name of a session has characters that a name cannot have.
    Name {
        /// The name.
        name: String,
    },
}

impl Error {
    pub(super) fn io(doing: Doing, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { doing, path, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { doing, path, source } => {
                write!(f, "cannot {doing} {}: ", path.display())?;
                match source.kind() {
                    _ if *doing == Doing::Syncing => {
                        write!(f, "{}; ", crate::base::system_words(source))?;
                        f.write_str("the new file is there, but may not survive a power cut")
                    }
                    io::ErrorKind::PermissionDenied => {
                        f.write_str("permission denied; check who owns it and its directory")
                    }
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => f.write_str(
                        "the disk is full; the old file is untouched, make room and try again",
                    ),
                    io::ErrorKind::FileTooLarge => f.write_str(
                        "files may not be as large as that here; the old file is untouched, raise the limit (ulimit -f) and try again",
                    ),
                    io::ErrorKind::CrossesDevices => f.write_str(
                        "it is on another file system; copy the session there and remove this one",
                    ),
                    io::ErrorKind::NotFound => f.write_str("no such directory; make it first"),
                    _ => f.write_str(&crate::base::system_words(source)),
                }
            }
            Error::Busy { path, waited } => write!(
                f,
                "another process has held {} for {} s; wait for it or end it, then try again",
                path.display(),
                waited.as_secs()
            ),
            Error::NotAFile { path } => {
                write!(f, "{} is not a regular file; name a file to save to", path.display())
            }
            Error::TooLarge { path } => {
                write!(f, "{} is too large to be a cookie file; check the path", path.display())
            }
            Error::NotAJar { path } => write!(
                f,
                "{} is no Netscape jar and was left alone; name another file to save to",
                path.display()
            ),
            Error::NotAList { path } => write!(
                f,
                "{} is no list of HSTS hosts and was left alone; name another file",
                path.display()
            ),
            Error::Session { path, line, what } => write!(
                f,
                "{} line {line}: {what}; it was left alone, repair it or move it away",
                path.display()
            ),
            Error::Schema { path, found } => write!(
                f,
                "{} has schema {found}, which a later version wrote; use that version",
                path.display()
            ),
            Error::NoSession { dir } => {
                write!(
                    f,
                    "there is no session in {}; session ls lists those there are",
                    dir.display()
                )
            }
            Error::NotASession { dir } => write!(
                f,
                "{} holds no session of ours and was left alone; look into what it is",
                dir.display()
            ),
            Error::Gone { dir } => write!(
                f,
                "the session in {} was removed or renamed meanwhile; its changes were not saved, run it again",
                dir.display()
            ),
            Error::Taken { dir } => {
                write!(
                    f,
                    "{} is there already; choose another name or remove it first",
                    dir.display()
                )
            }
            Error::Name { name } => write!(
                f,
                "{:?} is no session name: use letters, digits, '.', '_' and '-', not beginning with '.' or '-', or a path with a '/'",
                name
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_done_is_said_and_no_more_is_promised_than_is_true() {
        let words = |doing, kind: io::ErrorKind| Error::io(doing, "jar")(kind.into()).to_string();
        let large = words(Doing::Writing, io::ErrorKind::FileTooLarge);
        assert!(large.contains("ulimit -f") && large.contains("untouched"), "{large}");
        let synced = words(Doing::Syncing, io::ErrorKind::StorageFull);
        assert!(synced.contains("new file is there") && !synced.contains("untouched"), "{synced}");
    }
}
