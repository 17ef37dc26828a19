//! A session's directory: `session.json` under `lock` (SESSIONS.md).

use super::atomic::{self, Audience};
use super::error::{Doing, Error};
use super::lock::{self, Known, Lock, PATIENCE};
use super::session_json::{self, Kept, Rest, SCHEMA};
use super::{Loaded, Saved};
use crate::base::Wall;
use crate::cookie::{Jar, Limits, Refusal};
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The file with the cookies and all else that is kept.
pub(super) const FILE: &str = "session.json";

/// The lock's file; never replaced.
pub(super) const LOCK: &str = "lock";

/// How often a directory is made anew for a session, while another process removes it.
const TRIES: u32 = 100;

/// The directory of session `name`: below `home` (the directory of all sessions) for a name of
/// letters, digits, `.`, `_` and `-`; itself where it holds a `/`.
///
/// # Errors
/// [`Error::Name`] for anything else, so that no name leads out of `home`.
pub fn dir_of(home: &Path, name: &str) -> Result<PathBuf, Error> {
    if name.contains('/') {
        return Ok(PathBuf::from(name));
    }
    match is_name(name) {
        true => Ok(home.join(name)),
        false => Err(Error::Name { name: name.to_owned() }),
    }
}

/// Whether a session in the directory of all sessions can be called this.
pub(super) fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && !name.starts_with(['.', '-']) && name.chars().all(allowed)
}

/// A session that was opened; its cookies are in the jar that was given.
#[derive(Debug)]
pub struct SessionFile {
    dir: PathBuf,
    met: Met,
}

/// What was there when the session was last read or saved: what is there when it is saved next has
/// to be the same session, or changes to one that was renamed or removed would begin another.
#[derive(Debug)]
enum Met {
    /// None yet; a save makes it.
    Nothing,
    /// One that nobody has written to yet: it has no lock.
    Unlocked,
    /// One with this lock.
    Locked(Known),
}

impl SessionFile {
    /// Reads the session in `dir` into `jar`; its cookies count as no change. Makes nothing: a
    /// session that does not exist is an empty one, and `Loaded::missing` says so.
    ///
    /// # Errors
    /// Any [`Error`]: a file that cannot be read or understood is never taken for an empty one.
    pub fn open(dir: &Path, jar: &mut Jar, now: Wall) -> Result<(SessionFile, Loaded), Error> {
        let path = dir.join(FILE);
        let lock = lock::shared(&dir.join(LOCK), PATIENCE)?;
        let text = atomic::read_regular(&path)?;
        let met = match (&text, lock) {
            (None, _) => Met::Nothing,
            (Some(_), None) => Met::Unlocked,
            (Some(_), Some(lock)) => Met::of(dir, lock)?,
        };
        let loaded = match text {
            Some(text) => load(&path, &text, jar, now)?.1,
            None => Loaded { missing: 1, ..Loaded::default() },
        };
        Ok((SessionFile { dir: dir.to_owned(), met }, loaded))
    }

    /// The session's directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Applies what `jar` set and removed to what the file holds now, and replaces it; makes the
    /// directory (0700) where there is none. No change means no write. Afterwards the jar has no
    /// changes.
    ///
    /// # Errors
    /// Any [`Error`]; the jar then still has its changes. The file is as it was, unless only the
    /// sync of its directory failed. [`Error::Gone`] where it was there before and is no more.
    pub fn save(&mut self, jar: &mut Jar, now: Wall) -> Result<Saved, Error> {
        if !jar.has_changes() {
            return Ok(Saved::Unchanged);
        }
        let alone = self.alone()?;
        let path = atomic::target(&self.dir.join(FILE))?;
        atomic::sweep(&path);
        let old = atomic::read_regular(&path)?;
        let mut there = Jar::with_limits(Limits::NONE);
        let mut rest = match &old {
            Some(text) => load(&path, text, &mut there, now)?.0,
            None if matches!(self.met, Met::Unlocked) => return Err(self.gone()),
            None => Rest::default(),
        };
        if jar.is_cleared() {
            rest.forget_refused();
        }
        there.merge(jar, now);
        there.expire(now);
        let text = session_json::write(there.iter(), &rest);
        let saved = if old.as_deref() == Some(&text[..]) {
            Saved::Unchanged
        } else {
            atomic::write_locked(&path, &text, Audience::Secret)?;
            Saved::Written { cookies: there.len(), left_out: 0 }
        };
        jar.settle();
        self.met = Met::of(&self.dir, alone)?;
        Ok(saved)
    }

    /// The lock of the session that was met, or of one that is made now.
    fn alone(&self) -> Result<Lock, Error> {
        let path = self.dir.join(LOCK);
        let vanished = |error: &Error| matches!(error, Error::Io { doing: Doing::Locking, source, .. } if source.kind() == io::ErrorKind::NotFound);
        match &self.met {
            Met::Locked(known) => match lock::exclusive_there(&path, PATIENCE) {
                Ok(lock) if lock.is(known) => Ok(lock),
                Err(error) if !vanished(&error) => Err(error),
                _ => Err(self.gone()),
            },
            Met::Unlocked => match lock::exclusive(&path, PATIENCE) {
                Err(error) if vanished(&error) => Err(self.gone()),
                lock => lock,
            },
            Met::Nothing => {
                let mut tries = 0;
                loop {
                    make_dir(&self.dir)?;
                    match lock::exclusive(&path, PATIENCE) {
                        // Somebody removes sessions of this name.
                        Err(error) if vanished(&error) && tries < TRIES => tries += 1,
                        lock => return lock,
                    }
                }
            }
        }
    }

    fn gone(&self) -> Error {
        Error::Gone { dir: self.dir.clone() }
    }
}

impl Met {
    fn of(dir: &Path, lock: Lock) -> Result<Met, Error> {
        lock.let_go().map(Met::Locked).map_err(Error::io(Doing::Locking, dir.join(LOCK)))
    }
}

/// Makes a directory, and those above it, for the owner only.
pub(super) fn make_dir(dir: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(Error::io(Doing::MakingDirectory, dir))
}

pub(super) fn load(
    path: &Path,
    text: &[u8],
    jar: &mut Jar,
    now: Wall,
) -> Result<(Rest, Loaded), Error> {
    let mut loaded = Loaded::default();
    let rest = session_json::read(text, |cookie| {
        let answer = jar.load(cookie, now);
        loaded.count(answer);
        match answer {
            Ok(()) | Err(Refusal::Expired) => Kept::Yes,
            Err(_) => Kept::No,
        }
    });
    let broken = |line, what| Error::Session { path: path.to_owned(), line, what };
    let rest = rest.map_err(|error| broken(error.line, error.what))?;
    match rest.schema {
        Some(SCHEMA) => Ok((rest, loaded)),
        Some(found) if found > SCHEMA => Err(Error::Schema { path: path.to_owned(), found }),
        _ => Err(broken(1, "it has no schema number")),
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
