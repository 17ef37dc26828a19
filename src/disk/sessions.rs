//! Sessions as a whole: which there are, what they hold, and what becomes of them.
//!
//! 1. Whoever removes or renames one holds its lock, which goes with it. Who waits for that lock
//!    finds that it is not at its path any more, and saves nothing (`lock.rs`, `session.rs`).
//! 2. Only files of ours are removed: `session.json`, the recording, the lock, last, and what
//!    killed writers left. A folder with anything else in it stays.
//! 3. A folder is a session if its `session.json` is one, or if it has none and nothing but such
//!    files.
//! 4. Looking takes no lock: `session.json` is replaced whole.
#![expect(clippy::disallowed_methods, reason = "this room owns the files")]

use super::atomic::{self, Audience};
use super::error::{Doing, Error};
use super::lock::{self, PATIENCE};
use super::session::{self, FILE, LOCK, is_name, make_dir};
use super::{Loaded, session_json};
use crate::base::Wall;
use crate::cookie::{Jar, Limits, formats};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Every exchange, as it went over the wire.
pub(super) const RECORDING: &str = "recording.warc.gz";

/// What a session holds.
#[derive(Debug)]
pub struct Look {
    /// Its cookies that have not expired.
    pub jar: Jar,
    /// What reading them came to.
    pub loaded: Loaded,
    /// What `session.json` holds besides cookies: names, and how many entries each has.
    pub others: Vec<(String, usize)>,
    /// When `session.json` or the recording was last written.
    pub changed: Wall,
    /// Bytes of the recording.
    pub recording: Option<u64>,
    /// Whether another process has its lock alone: it writes to it.
    pub locked: bool,
}

/// What a removal took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Cookies that were not expired; `None` where the file was not understood.
    pub cookies: Option<usize>,
    /// Bytes of the recording.
    pub recording: Option<u64>,
    /// There are other files in the folder, which stays.
    pub stays: bool,
}

/// The names of the sessions in `home`, sorted; none where that is no directory yet.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub fn names(home: &Path) -> Result<Vec<String>, Error> {
    let unread = |error| Error::io(Doing::Reading, home)(error);
    let entries = match fs::read_dir(home) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unread)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unread)?;
        let holds = |file| entry.path().join(file).symlink_metadata().is_ok();
        if let Ok(name) = entry.file_name().into_string()
            && is_name(&name)
            && (holds(FILE) || holds(RECORDING))
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Reads what the session in `dir` holds; waits for nobody and makes nothing.
///
/// # Errors
/// [`Error::NoSession`], [`Error::NotASession`], and any other for a file that cannot be read or
/// understood.
pub fn look(dir: &Path, now: Wall) -> Result<Look, Error> {
    let path = dir.join(FILE);
    let mut jar = Jar::with_limits(Limits::NONE);
    let (rest, loaded) = match atomic::read_regular(&path)? {
        Some(text) => session::load(&path, &text, &mut jar, now)?,
        None => {
            insist(dir)?;
            (session_json::Rest::default(), Loaded::default())
        }
    };
    let locked = matches!(lock::shared(&dir.join(LOCK), Duration::ZERO), Err(Error::Busy { .. }));
    Ok(Look {
        jar,
        loaded,
        others: rest.entries().collect(),
        changed: changed(&path).max(changed(&dir.join(RECORDING))),
        recording: size(&dir.join(RECORDING)),
        locked,
    })
}

/// Removes the session in `dir`, and the directory unless it holds files that are not ours.
///
/// # Errors
/// [`Error::Busy`] where another process holds the lock for too long; [`Error::NoSession`],
/// [`Error::NotASession`]; [`Error::Io`] where something cannot be removed, and stays.
pub fn remove(dir: &Path, now: Wall) -> Result<Removed, Error> {
    insist(dir)?;
    let real = dir.canonicalize().map_err(Error::io(Doing::Reading, dir))?;
    let _alone = lock::exclusive(&real.join(LOCK), PATIENCE).map_err(|error| none(error, dir))?;
    insist(dir)?;
    let mut removed = Removed {
        cookies: look(&real, now).ok().map(|look| look.loaded.cookies),
        recording: size(&real.join(RECORDING)),
        stays: false,
    };
    take_away(&real)?;
    match fs::remove_dir(&real) {
        Ok(()) if dir.is_symlink() => {
            fs::remove_file(dir).map_err(Error::io(Doing::Removing, dir))?;
        }
        Ok(()) => {}
        // Somebody else's files, or the session that another process begins at this moment.
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => removed.stays = true,
        Err(error) => return Err(Error::io(Doing::Removing, dir)(error)),
    }
    Ok(removed)
}

/// Gives the session in `from` the place `to`, where nothing may be.
///
/// # Errors
/// As [`remove`]; [`Error::Taken`].
pub fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    insist(from)?;
    free(to)?;
    let _alone = lock::exclusive(&from.join(LOCK), PATIENCE).map_err(|error| none(error, from))?;
    insist(from)?;
    let (old, new) = (atomic::directory(from), atomic::directory(to));
    make_dir(new)?;
    fs::rename(from, to).map_err(|error| match error.kind() {
        // Made meanwhile by another process.
        io::ErrorKind::DirectoryNotEmpty
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::NotADirectory => Error::Taken { dir: to.to_owned() },
        _ => Error::io(Doing::Renaming, from)(error),
    })?;
    sync(old)?;
    sync(new)
}

/// Makes `to`, where nothing may be, a session that holds what the one in `from` holds at this
/// moment; the number of its cookies.
///
/// # Errors
/// As [`look`]; [`Error::Taken`]; [`Error::Io`]: then there is nothing at `to`.
pub fn copy(from: &Path, to: &Path, now: Wall) -> Result<usize, Error> {
    insist(from)?;
    free(to)?;
    let source = Source::open(from, now)?;
    make_dir(atomic::directory(to))?;
    DirBuilder::new().mode(0o700).create(to).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::Taken { dir: to.to_owned() },
        _ => Error::io(Doing::MakingDirectory, to)(error),
    })?;
    // What another process has put there meanwhile keeps it from being removed.
    let _alone =
        lock::exclusive(&to.join(LOCK), PATIENCE).inspect_err(|_| drop(fs::remove_dir(to)))?;
    if to.join(FILE).exists() {
        // Another process was faster, with a session of its own.
        return Err(Error::Taken { dir: to.to_owned() });
    }
    let cookies = source.cookies;
    if let Err(error) = source.pour(to) {
        // What cannot be taken away either is seen by whoever tries again.
        let _ =
            take_away(to).and_then(|()| fs::remove_dir(to).map_err(Error::io(Doing::Removing, to)));
        return Err(error);
    }
    sync(atomic::directory(to))?;
    Ok(cookies)
}

/// What a copy is made of.
struct Source {
    text: Option<Vec<u8>>,
    cookies: usize,
    /// It is only ever added to: the bytes that are there now will not change.
    recording: Option<io::Take<File>>,
}

impl Source {
    fn open(dir: &Path, now: Wall) -> Result<Source, Error> {
        let _shared = lock::shared(&dir.join(LOCK), PATIENCE)?;
        insist(dir)?;
        let path = dir.join(FILE);
        let text = atomic::read_regular(&path)?;
        let mut cookies = 0;
        if let Some(text) = &text {
            let mut jar = Jar::with_limits(Limits::NONE);
            cookies = session::load(&path, text, &mut jar, now)?.1.cookies;
        }
        let path = dir.join(RECORDING);
        let recording = match size(&path) {
            Some(size) => {
                Some(File::open(&path).map_err(Error::io(Doing::Reading, path))?.take(size))
            }
            None => None,
        };
        Ok(Source { text, cookies, recording })
    }

    fn pour(self, dir: &Path) -> Result<(), Error> {
        if let Some(mut recording) = self.recording {
            let path = dir.join(RECORDING);
            // A name that is swept, should this process be killed.
            let beside = dir.join(format!(".{RECORDING}.{}-0.tmp", std::process::id()));
            let mut new = File::options();
            let poured =
                new.write(true).create_new(true).mode(0o600).open(&beside).and_then(|mut file| {
                    io::copy(&mut recording, &mut file)?;
                    file.sync_all()?;
                    fs::rename(&beside, &path)
                });
            poured.map_err(Error::io(Doing::Writing, path))?;
        }
        match self.text {
            Some(text) => atomic::write_locked(&dir.join(FILE), &text, Audience::Secret),
            None => Ok(()),
        }
    }
}

/// A session is in `dir`, or this says what is.
fn insist(dir: &Path) -> Result<(), Error> {
    let (nothing, other) = (
        || Error::NoSession { dir: dir.to_owned() },
        || Error::NotASession { dir: dir.to_owned() },
    );
    match fs::metadata(dir) {
        Ok(there) if there.is_dir() => {}
        Ok(_) => return Err(other()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(nothing()),
        Err(error) => return Err(Error::io(Doing::Reading, dir)(error)),
    }
    if let Some(text) = atomic::read_regular(&dir.join(FILE))? {
        // One that was damaged is still ours.
        let ours = text.starts_with(session_json::BEGINNING) || formats::is_session(&text);
        return if ours { Ok(()) } else { Err(other()) };
    }
    let mut empty = true;
    // It may have been renamed since.
    let entries =
        fs::read_dir(dir).map_err(|error| none(Error::io(Doing::Reading, dir)(error), dir))?;
    for entry in entries.flatten() {
        empty = false;
        let name = entry.file_name();
        let ours = name == LOCK
            || name == RECORDING
            || [FILE, RECORDING].iter().any(|of| atomic::is_leftover(&name, of));
        if !ours {
            return Err(other());
        }
    }
    if empty { Err(nothing()) } else { Ok(()) }
}

/// Nothing is there.
fn free(dir: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(Doing::Reading, dir)(error)),
        Ok(_) => Err(Error::Taken { dir: dir.to_owned() }),
    }
}

/// Removes the files of ours; for who holds the lock.
fn take_away(dir: &Path) -> Result<(), Error> {
    for name in [FILE, RECORDING, LOCK] {
        let path = dir.join(name);
        if name != LOCK {
            atomic::sweep(&path);
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io(Doing::Removing, path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A directory that vanished while it was looked into or its lock was waited for.
fn none(error: Error, dir: &Path) -> Error {
    match error {
        Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            Error::NoSession { dir: dir.to_owned() }
        }
        error => error,
    }
}

fn size(path: &Path) -> Option<u64> {
    path.metadata().ok().filter(|there| there.is_file()).map(|there| there.len())
}

fn changed(path: &Path) -> Wall {
    let time = path.metadata().and_then(|there| there.modified()).ok();
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Wall(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn sync(dir: &Path) -> Result<(), Error> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(Error::io(Doing::Syncing, dir))
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
