//! The Netscape jar of `-b FILE -c FILE`, with the care a session gets.
//!
//! 1. `-b FILE` alone: [`import`]. The cookies count as ours and go into whatever is saved.
//! 2. `-c FILE` alone: [`JarFile::look`]. What the file holds is not sent, and stays in it.
//! 3. Both with one file: [`JarFile::open`]. [`open_all`] sorts a command line out.
//!
//! Comments and lines that are not understood stay in the file, before the cookies. A file with
//! content that is neither the format's first line nor a cookie in columns is never saved to.
//!
//! The lock is `.NAME.lock` beside the file. The format has no receive times: between two
//! settings of one cookie the one that is saved later stays.

use super::atomic::{self, Audience};
use super::error::Error;
use super::jar_text::{self, Form, Read};
use super::lock::{self, PATIENCE};
use super::{Loaded, Saved};
use crate::base::Wall;
use crate::cookie::{Jar, Limits, Refusal};
use std::fmt;
use std::path::{Path, PathBuf};
use url::Url;

/// A Netscape jar that is going to be saved to.
pub struct JarFile {
    /// As it was given; resolved anew at each save.
    path: PathBuf,
    /// For `Set-Cookie:` lines without a `Domain`.
    url: Option<Url>,
}

impl fmt::Debug for JarFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JarFile").field(&self.path).finish()
    }
}

/// Sorts out the files of a command line: reads every `-b` file into `jar` and opens the `-c`
/// file, which may be one of them. `url` is the first request's: the host of `Set-Cookie:` lines
/// without a `Domain`.
///
/// # Errors
/// [`Error`] of the first file that cannot be read, or of a `-c` file that cannot be saved to. A
/// file that does not exist is counted.
pub fn open_all(
    read: &[PathBuf],
    save: Option<&Path>,
    jar: &mut Jar,
    url: Option<&Url>,
    now: Wall,
) -> Result<(Option<JarFile>, Loaded), Error> {
    let mut loaded = Loaded::default();
    let target = save.and_then(|path| atomic::target(path).ok());
    let mut file = None;
    for path in read {
        let same = target.is_some() && atomic::target(path).ok() == target;
        if same {
            let (opened, more) = JarFile::open(path, jar, url, now)?;
            file = Some(opened);
            loaded += more;
        } else {
            loaded += import(path, jar, url, now)?;
        }
    }
    match save {
        Some(path) if file.is_none() => {
            let (looked_at, more) = JarFile::look(path, url, now)?;
            loaded += more;
            Ok((Some(looked_at), loaded))
        }
        _ => Ok((file, loaded)),
    }
}

/// Reads the cookies of a file into `jar` as changes: they are part of what is saved.
///
/// # Errors
/// [`Error::Io`] and [`Error::TooLarge`]. A file that does not exist is counted.
pub fn import(path: &Path, jar: &mut Jar, url: Option<&Url>, now: Wall) -> Result<Loaded, Error> {
    match atomic::read(path)? {
        Some(text) => Ok(import_bytes(&text, jar, url, now)),
        None => Ok(Loaded { missing: 1, ..Loaded::default() }),
    }
}

/// [`import`] of what was read elsewhere (`-b -`).
pub fn import_bytes(text: &[u8], jar: &mut Jar, url: Option<&Url>, now: Wall) -> Loaded {
    jar_text::read(text, url, now, |cookie, _| jar.offer(cookie, now)).loaded
}

impl JarFile {
    /// A file to save to; nothing is read, nothing is made yet.
    pub fn create(path: &Path) -> JarFile {
        JarFile { path: path.to_owned(), url: None }
    }

    /// A file to save to only. Its cookies are not used; what will stay in it without being
    /// understood is counted, as [`Loaded::kept`].
    ///
    /// # Errors
    /// What [`JarFile::save`] would not overwrite either: [`Error::NotAJar`], [`Error::NotAFile`],
    /// [`Error::Io`], [`Error::TooLarge`].
    pub fn look(path: &Path, url: Option<&Url>, now: Wall) -> Result<(JarFile, Loaded), Error> {
        let target = atomic::target(path)?;
        let mut loaded = Loaded::default();
        if let Some(text) = atomic::read_regular(&target)? {
            let mut unused = Jar::with_limits(Limits::NONE);
            let read = jar_text::read(&text, url, now, |cookie, _| unused.load(cookie, now));
            loaded.kept = read.loaded.skipped;
            insist(&read, &target)?;
        }
        Ok((JarFile { path: path.to_owned(), url: url.cloned() }, loaded))
    }

    /// A file to read from and save to. Its cookies go into `jar` and count as no change.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::TooLarge`], [`Error::Busy`], [`Error::NotAFile`] and
    /// [`Error::NotAJar`]. A file that does not exist is counted.
    pub fn open(
        path: &Path,
        jar: &mut Jar,
        url: Option<&Url>,
        now: Wall,
    ) -> Result<(JarFile, Loaded), Error> {
        let target = atomic::target(path)?;
        let text = {
            let _shared = lock::shared(&lock::beside(&target), PATIENCE)?;
            atomic::read_regular(&target)?
        };
        let loaded = match text {
            Some(text) => {
                let read = jar_text::read(&text, url, now, |cookie, _| jar.load(cookie, now));
                insist(&read, &target)?;
                read.loaded
            }
            None => Loaded { missing: 1, ..Loaded::default() },
        };
        Ok((JarFile { path: path.to_owned(), url: url.cloned() }, loaded))
    }

    /// Applies what `jar` set and removed to what the file holds now, and replaces it. A file that
    /// is missing is made, even without cookies; otherwise no change means no write. Afterwards
    /// the jar has no changes.
    ///
    /// # Errors
    /// Any [`Error`]; the jar then still has its changes. The file is as it was, unless only the
    /// sync of its directory failed.
    pub fn save(&mut self, jar: &mut Jar, now: Wall) -> Result<Saved, Error> {
        let target = atomic::target(&self.path)?;
        let exists = atomic::replaceable(&target)?.is_some();
        let new = jar.is_new_to(&target);
        if exists && !new && !jar.has_changes() {
            return Ok(Saved::Unchanged);
        }
        let _alone = lock::exclusive(&lock::beside(&target), PATIENCE)?;
        atomic::sweep(&target);
        let old = atomic::read_regular(&target)?;
        let mut there = Jar::with_limits(Limits::NONE);
        let text = old.as_deref().unwrap_or_default();
        let read = jar_text::read(text, self.url.as_ref(), now, |cookie, form| match form {
            Form::Columns => there.load(cookie, now),
            // Such a line stays as it is, until the cookie changes.
            Form::Answer if jar.has_changed(&cookie.key) => Err(Refusal::Expired),
            Form::Answer => Ok(()),
        });
        insist(&read, &target)?;
        there.merge_columns(jar, new, now);
        there.expire(now);
        let cookies = there.in_order();
        let (text, left_out) = read.write(&cookies, jar.is_cleared());
        if old.as_deref() == Some(&text[..]) {
            jar.settle_in(&target);
            return Ok(Saved::Unchanged);
        }
        atomic::write_locked(&target, &text, Audience::Secret)?;
        jar.settle_in(&target);
        Ok(Saved::Written { cookies: cookies.len() - left_out, left_out })
    }
}

/// A file with content that is no jar is not saved to.
fn insist(read: &Read, target: &Path) -> Result<(), Error> {
    match read.is_jar {
        true => Ok(()),
        false => Err(Error::NotAJar { path: target.to_owned() }),
    }
}

#[cfg(test)]
#[path = "jar_tests.rs"]
mod tests;
