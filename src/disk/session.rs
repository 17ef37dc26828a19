//! A session's directory: `session.json` under `lock` (SESSIONS.md).

use super::atomic::{self, Audience};
use super::error::{Doing, Error};
use super::lock::{self, PATIENCE};
use super::session_json::{self, Kept, Rest, SCHEMA};
use super::{Loaded, Saved};
use crate::base::Wall;
use crate::cookie::{Jar, Limits, Refusal};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The file with the cookies and all else that is kept.
const FILE: &str = "session.json";

/// The lock's file; never replaced.
const LOCK: &str = "lock";

/// The directory of session `name`: below `home` (the directory of all sessions) for a name of
/// letters, digits, `.`, `_` and `-`; itself where it holds a `/`.
///
/// # Errors
/// [`Error::Name`] for anything else, so that no name leads out of `home`.
pub fn dir_of(home: &Path, name: &str) -> Result<PathBuf, Error> {
    if name.contains('/') {
        return Ok(PathBuf::from(name));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || name.starts_with(['.', '-']) || !name.chars().all(allowed) {
        return Err(Error::Name { name: name.to_owned() });
    }
    Ok(home.join(name))
}

/// A session that was opened; its cookies are in the jar that was given.
#[derive(Debug)]
pub struct SessionFile {
    dir: PathBuf,
}

impl SessionFile {
    /// Reads the session in `dir` into `jar`; its cookies count as no change. Makes nothing: a
    /// session that does not exist is an empty one, and `Loaded::missing` says so.
    ///
    /// # Errors
    /// Any [`Error`]: a file that cannot be read or understood is never taken for an empty one.
    pub fn open(dir: &Path, jar: &mut Jar, now: Wall) -> Result<(SessionFile, Loaded), Error> {
        let session = SessionFile { dir: dir.to_owned() };
        let path = dir.join(FILE);
        let text = {
            let _shared = lock::shared(&dir.join(LOCK), PATIENCE)?;
            atomic::read_regular(&path)?
        };
        let loaded = match text {
            Some(text) => load(&path, &text, jar, now)?.1,
            None => Loaded { missing: 1, ..Loaded::default() },
        };
        Ok((session, loaded))
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
    /// sync of its directory failed.
    pub fn save(&mut self, jar: &mut Jar, now: Wall) -> Result<Saved, Error> {
        if !jar.has_changes() {
            return Ok(Saved::Unchanged);
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .map_err(Error::io(Doing::MakingDirectory, &self.dir))?;
        let _alone = lock::exclusive(&self.dir.join(LOCK), PATIENCE)?;
        let path = atomic::target(&self.dir.join(FILE))?;
        atomic::sweep(&path);
        let old = atomic::read_regular(&path)?;
        let mut there = Jar::with_limits(Limits::NONE);
        let mut rest = match &old {
            Some(text) => load(&path, text, &mut there, now)?.0,
            None => Rest::default(),
        };
        if jar.is_cleared() {
            rest.forget_refused();
        }
        there.merge(jar, now);
        there.expire(now);
        let text = session_json::write(there.iter(), &rest);
        if old.as_deref() == Some(&text[..]) {
            jar.settle();
            return Ok(Saved::Unchanged);
        }
        atomic::write_locked(&path, &text, Audience::Secret)?;
        jar.settle();
        Ok(Saved::Written { cookies: there.len(), left_out: 0 })
    }
}

fn load(path: &Path, text: &[u8], jar: &mut Jar, now: Wall) -> Result<(Rest, Loaded), Error> {
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
