//! Reads a file whole, and replaces one whole: beside it, synced, renamed (HOSTILE.md section 5).
//!
//! The old file is never opened for writing. Whoever is killed, or runs out
//! of disk, leaves the old content.
#![expect(clippy::disallowed_methods, reason = "this room owns the files")]

use super::error::{Doing, Error};
use super::lock::{self, PATIENCE};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The most bytes that are read from one file: a device without end is no cookie jar.
pub const MAX_FILE: u64 = 1 << 30;

/// Names that are tried for the new file before giving up.
const NAMES: u32 = 100;

/// How the name of a new file ends while it is written under the file's lock.
const LOCKED: &str = ".tmp";

/// How it ends otherwise: whoever holds the lock must not take it for a dead one.
const OTHERS: &str = ".part";

/// Who may read the new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The owner only: 0600, whatever the old file had.
    Secret,
    /// Whoever could read the old one, and the owner; a new file is made as 0644.
    AsBefore,
}

/// The bytes of a file; `None` where there is none.
///
/// # Errors
/// [`Error::Io`], and [`Error::TooLarge`] beyond [`MAX_FILE`].
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(Doing::Reading, path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(Error::io(Doing::Reading, path))?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > MAX_FILE) {
        return Err(Error::TooLarge { path: path.to_owned() });
    }
    Ok(Some(bytes))
}

/// [`read`] of a regular file: a pipe would be waited for, and cannot be saved to.
///
/// # Errors
/// As [`read`], and [`Error::NotAFile`] for anything else.
pub(super) fn read_regular(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(Error::NotAFile { path: path.to_owned() }),
        _ => read(path),
    }
}

/// Where a path leads: through symbolic links to the file itself, which may not exist yet.
///
/// # Errors
/// [`Error::Io`] where the links lead in a circle or the directory does not exist.
pub fn target(path: &Path) -> Result<PathBuf, Error> {
    let mut path = path.to_owned();
    // As many links as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => {
                let name =
                    path.file_name().ok_or_else(|| Error::NotAFile { path: path.clone() })?;
                let parent = directory(&path);
                let real = fs::canonicalize(parent).map_err(Error::io(Doing::Reading, parent))?;
                return Ok(real.join(name));
            }
        }
    }
    let circle = io::Error::new(io::ErrorKind::InvalidInput, "too many symbolic links");
    Err(Error::io(Doing::Reading, path)(circle))
}

/// Replaces the file at `path` (no symbolic link: see [`target`]) by these bytes.
///
/// # Errors
/// [`Error::Io`] and [`Error::NotAFile`]; the old file is then as it was. Only where
/// [`Doing::Syncing`] failed, the new one is in its place, and might be gone after a power cut.
pub fn write(path: &Path, bytes: &[u8], audience: Audience) -> Result<(), Error> {
    replace(path, bytes, audience, OTHERS)
}

/// [`write()`] of a file that may be a jar in use: follows links, and takes the lock beside it
/// (`.NAME.lock`, which stays) as a jar's save does.
///
/// # Errors
/// As [`write()`] and [`target`]; [`Error::Busy`] where another process holds the lock for too long.
pub fn write_alone(path: &Path, bytes: &[u8], audience: Audience) -> Result<(), Error> {
    let path = target(path)?;
    replaceable(&path)?;
    let _alone = lock::exclusive(&lock::beside(&path), PATIENCE)?;
    sweep(&path);
    write_locked(&path, bytes, audience)
}

/// [`write`] by who holds the lock of the file: [`sweep`] knows the leftovers of these only.
pub(super) fn write_locked(path: &Path, bytes: &[u8], audience: Audience) -> Result<(), Error> {
    replace(path, bytes, audience, LOCKED)
}

fn replace(path: &Path, bytes: &[u8], audience: Audience, end: &str) -> Result<(), Error> {
    let old = replaceable(path)?;
    let (mut file, beside) = create_beside(path, end)?;
    let done = fill(&mut file, bytes, old.as_ref(), audience)
        .map_err(Error::io(Doing::Writing, path))
        .and_then(|()| fs::rename(&beside, path).map_err(Error::io(Doing::Replacing, path)));
    if done.is_err() {
        // Nothing more can be done about the leftover if this fails too.
        let _ = fs::remove_file(&beside);
        return done;
    }
    let dir = directory(path);
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(Error::io(Doing::Syncing, dir))
}

/// What is at `path` now: a regular file, or nothing; anything else is not to be renamed over.
pub(super) fn replaceable(path: &Path) -> Result<Option<Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Ok(old) if !old.is_file() => Err(Error::NotAFile { path: path.to_owned() }),
        Ok(old) => Ok(Some(old)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(Doing::Writing, path)(error)),
    }
}

fn fill(
    file: &mut File,
    bytes: &[u8],
    old: Option<&Metadata>,
    audience: Audience,
) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(old) = old {
        let new = file.metadata()?;
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            // Only root can give files away; for others the file becomes theirs.
            let _ = std::os::unix::fs::fchown(&*file, Some(old.uid()), Some(old.gid()));
        }
    }
    let before = old.map(|old| old.permissions().mode() & 0o777);
    let mode = match audience {
        Audience::Secret => 0o600,
        Audience::AsBefore => before.unwrap_or(0o644) | 0o600,
    };
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.sync_all()
}

/// Makes a file of a new name in the same directory; never follows or takes one that is there.
fn create_beside(path: &Path, end: &str) -> Result<(File, PathBuf), Error> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| Error::NotAFile { path: path.to_owned() })?;
    let mut tries = 0;
    loop {
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        beside.push(format!(".{}-{count}{end}", std::process::id()));
        let beside = path.with_file_name(beside);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside) {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < NAMES => {
                tries += 1;
            }
            Err(error) => return Err(Error::io(Doing::Writing, path)(error)),
        }
    }
}

/// The directory a file is in.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Removes what killed writers of `path` left beside it, who had held the lock. Only for who holds
/// it now: then every such file is a dead one.
pub(super) fn sweep(path: &Path) {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return };
    let Ok(entries) = fs::read_dir(directory(path)) else { return };
    for entry in entries.flatten() {
        if is_leftover(&entry.file_name(), name) {
            // A leftover that cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file of this name is what a writer of the file `of` left who held its lock.
pub(super) fn is_leftover(found: &OsStr, of: &str) -> bool {
    let found = found.to_str().and_then(|found| found.strip_prefix('.')?.strip_prefix(of));
    let middle = found.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(LOCKED));
    middle.and_then(|rest| rest.split_once('-')).is_some_and(|(process, count)| {
        process.parse::<u32>().is_ok() && count.parse::<u64>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("jar");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, b"one", Audience::Secret).unwrap();
        write(&path, b"two", Audience::Secret).unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(names(dir.path()), ["jar"]);
    }

    #[test]
    fn a_secret_file_is_0600_and_no_file_is_closed_to_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        // Mode before, audience, mode after.
        let cases = [
            (None, Audience::Secret, 0o600),
            (Some(0o644), Audience::Secret, 0o600),
            (Some(0o444), Audience::Secret, 0o600),
            (Some(0o060), Audience::Secret, 0o600),
            (None, Audience::AsBefore, 0o644),
            (Some(0o640), Audience::AsBefore, 0o640),
            (Some(0o040), Audience::AsBefore, 0o640),
        ];
        for (i, (before, audience, after)) in cases.into_iter().enumerate() {
            let path = dir.path().join(format!("file{i}"));
            if let Some(before) = before {
                fs::write(&path, b"").unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
            }
            write(&path, b"x", audience).unwrap();
            assert_eq!(mode(&path), after, "{before:?} {audience:?}");
        }
    }

    #[test]
    fn a_link_stays_a_link_and_its_target_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        let (link, file) = (dir.path().join("link"), dir.path().join("sub/file"));
        std::os::unix::fs::symlink("sub/file", &link).unwrap();
        let found = target(&link).unwrap();
        assert_eq!(found, fs::canonicalize(dir.path()).unwrap().join("sub/file"));
        write(&found, b"x", Audience::Secret).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"x");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(matches!(write(&link, b"y", Audience::Secret), Err(Error::NotAFile { .. })));
    }

    #[test]
    fn links_in_a_circle_and_devices_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("link", &link).unwrap();
        assert!(matches!(target(&link), Err(Error::Io { .. })));
        assert!(matches!(
            write(Path::new("/dev/null"), b"", Audience::Secret),
            Err(Error::NotAFile { .. })
        ));
        assert!(matches!(write(dir.path(), b"", Audience::Secret), Err(Error::NotAFile { .. })));
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("jar");
        write(&path, b"old", Audience::Secret).unwrap();
        // A file of that name longer than names may be cannot be made beside it.
        let long = dir.path().join("n".repeat(250));
        assert!(matches!(write(&long, b"new", Audience::Secret), Err(Error::Io { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["jar"]);
    }

    #[test]
    fn what_a_killed_writer_left_is_swept_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            ".jar.12-3.tmp",
            ".jar.12-3.part",
            ".jar.x-3.tmp",
            ".other.12-3.tmp",
            "jar",
            ".jar.tmp",
        ] {
            fs::write(dir.path().join(name), b"").unwrap();
        }
        sweep(&dir.path().join("jar"));
        // A .part is of a writer without the lock, who may be alive.
        assert_eq!(
            names(dir.path()),
            [".jar.12-3.part", ".jar.tmp", ".jar.x-3.tmp", ".other.12-3.tmp", "jar"]
        );
    }

    #[test]
    fn writing_alone_waits_for_the_jars_lock_and_follows_links() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("jar"), dir.path().join("link"));
        std::os::unix::fs::symlink("jar", &link).unwrap();
        let held = lock::exclusive(&dir.path().join(".jar.lock"), PATIENCE).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| write_alone(&link, b"new", Audience::Secret));
            // Whatever the other thread does meanwhile, this is there as long as the lock is held.
            write_locked(&path, b"old", Audience::Secret).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"old");
            drop(held);
            writer.join().unwrap().unwrap();
        });
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(dir.path()), [".jar.lock", "jar", "link"]);
    }
}
