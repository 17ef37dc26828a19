//! The Netscape jar of `-b FILE -c FILE`, with the care a session gets.
//!
//! 1. `-b FILE` alone: [`import`]. The cookies count as ours and go into whatever is saved.
//! 2. `-c FILE` alone: [`JarFile::create`]. What the file holds is not sent, and stays in it.
//! 3. Both with one file: [`JarFile::open`]. [`open_all`] sorts a command line out.
//!
//! The lock is `.NAME.lock` beside the file. The format has no receive times: between two
//! settings of one cookie the one that is saved later stays.

use super::atomic::{self, Audience};
use super::error::Error;
use super::lock::{self, PATIENCE};
use super::{Loaded, Saved};
use crate::base::Wall;
use crate::cookie::formats::netscape::{self, Line};
use crate::cookie::{Cookie, Jar, Limits, Refusal, SetCookie, Verdict};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use url::Url;

/// A Netscape jar that is going to be saved to.
#[derive(Debug)]
pub struct JarFile {
    /// As it was given; resolved anew at each save.
    path: PathBuf,
}

/// Sorts out the files of a command line: reads every `-b` file into `jar` and opens the `-c`
/// file, which may be one of them. `url` is the first request's: the host of `Set-Cookie:` lines
/// without a `Domain`.
///
/// # Errors
/// [`Error`] of the first file that cannot be read. A file that does not exist is counted.
pub fn open_all(
    read: &[PathBuf],
    save: Option<&Path>,
    jar: &mut Jar,
    url: Option<&Url>,
    now: Wall,
) -> Result<(Option<JarFile>, Loaded), Error> {
    let mut loaded = Loaded::default();
    let target = save.and_then(|path| atomic::target(path).ok());
    for path in read {
        let same = target.is_some() && atomic::target(path).ok() == target;
        loaded +=
            if same { JarFile::open(path, jar, url, now)?.1 } else { import(path, jar, url, now)? };
    }
    Ok((save.map(JarFile::create), loaded))
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
    read_into(text, jar, url, now, |jar, cookie| jar.offer(cookie, now))
}

impl JarFile {
    /// A file to save to; nothing is read, nothing is made yet.
    pub fn create(path: &Path) -> JarFile {
        JarFile { path: path.to_owned() }
    }

    /// A file to read from and save to. Its cookies go into `jar` and count as no change.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::TooLarge`], [`Error::Busy`]. A file that does not exist is counted.
    pub fn open(
        path: &Path,
        jar: &mut Jar,
        url: Option<&Url>,
        now: Wall,
    ) -> Result<(JarFile, Loaded), Error> {
        let target = atomic::target(path)?;
        let text = {
            let _shared = lock::shared(&lock_path(&target), PATIENCE)?;
            atomic::read(&target)?
        };
        let loaded = match text {
            Some(text) => read_into(&text, jar, url, now, |jar, cookie| jar.load(cookie, now)),
            None => Loaded { missing: 1, ..Loaded::default() },
        };
        Ok((JarFile::create(path), loaded))
    }

    /// Applies what `jar` set and removed to what the file holds now, and replaces it. A file that
    /// is missing is made, even without cookies; otherwise no change means no write. Afterwards
    /// the jar has no changes.
    ///
    /// # Errors
    /// Any [`Error`]; the file is then as it was, and the jar still has its changes.
    pub fn save(&mut self, jar: &mut Jar, now: Wall) -> Result<Saved, Error> {
        let target = atomic::target(&self.path)?;
        let exists = atomic::replaceable(&target)?.is_some();
        let new = jar.is_new_to(&target);
        if exists && !new && !jar.has_changes() {
            return Ok(Saved::Unchanged);
        }
        let _alone = lock::exclusive(&lock_path(&target), PATIENCE)?;
        atomic::sweep(&target);
        let old = atomic::read(&target)?;
        let mut there = Jar::with_limits(Limits::NONE);
        let text = old.as_deref().unwrap_or_default();
        let loaded = read_into(text, &mut there, None, now, |jar, cookie| jar.load(cookie, now));
        if loaded.skipped > 0 && loaded.cookies == 0 && loaded.expired == 0 && !has_set_cookie(text)
        {
            return Err(Error::NotAJar { path: target });
        }
        // `Set-Cookie:` lines became changes of the jar that read them; here they are only replaced.
        there.merge_columns(jar, new, now);
        there.expire(now);
        let cookies = there.in_order();
        let (text, left_out) = netscape::write(cookies.iter().copied());
        if old.as_deref() == Some(&text[..]) {
            jar.settle_in(&target);
            return Ok(Saved::Unchanged);
        }
        atomic::write(&target, &text, Audience::Secret)?;
        jar.settle_in(&target);
        Ok(Saved::Written { cookies: cookies.len() - left_out, left_out })
    }
}

/// `.NAME.lock` beside the file.
fn lock_path(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".lock");
    target.with_file_name(name)
}

/// Reads lines of either kind; Netscape cookies go through `put`.
fn read_into(
    text: &[u8],
    jar: &mut Jar,
    url: Option<&Url>,
    now: Wall,
    put: impl Fn(&mut Jar, Cookie) -> Result<(), Refusal>,
) -> Loaded {
    let mut loaded = Loaded::default();
    for line in text.split_inclusive(|&b| b == b'\n') {
        if let Some(value) = set_cookie_value(line) {
            match answered(value, url, now) {
                Some(read) => loaded.count(read.and_then(|cookie| put(jar, cookie))),
                None => loaded.skipped += 1,
            }
            continue;
        }
        match netscape::read_line(line) {
            Line::Cookie { cookie, contradiction } => {
                loaded.contradictions += usize::from(contradiction);
                loaded.count(put(jar, cookie));
            }
            Line::Nothing => {}
            Line::Malformed => loaded.skipped += 1,
        }
    }
    loaded
}

/// The value of a `Set-Cookie:` line, without the white space around it.
fn set_cookie_value(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"Set-Cookie:";
    let named = line.get(..NAME.len())?.eq_ignore_ascii_case(NAME);
    named.then(|| line[NAME.len()..].trim_ascii())
}

fn has_set_cookie(text: &[u8]) -> bool {
    text.split(|&b| b == b'\n').any(|line| set_cookie_value(line).is_some())
}

/// What a `Set-Cookie:` line of a file sets, as if a secure host had sent it: the one of its
/// `Domain`, else the one of `url`. `None` where there is neither, or it is refused. Received at no
/// known time, as all that stands in such files.
fn answered(line: &[u8], url: Option<&Url>, now: Wall) -> Option<Result<Cookie, Refusal>> {
    let named = SetCookie::parse(line).ok().and_then(|read| read.domain).filter(|d| !d.is_empty());
    let from = match (named, url) {
        (Some(domain), _) => {
            Url::parse(&format!("https://{}/", std::str::from_utf8(&domain).ok()?)).ok()?
        }
        (None, Some(url)) => {
            let mut url = url.clone();
            url.set_scheme("https").ok()?;
            url
        }
        (None, None) => return None,
    };
    let mut alone = Jar::new();
    match alone.store(line, &from, now).verdict {
        Verdict::Refused(refusal) => Some(Err(refusal)),
        Verdict::Removed => Some(Err(Refusal::Expired)),
        Verdict::Created | Verdict::Replaced => {
            let mut cookie = alone.iter().next()?.clone();
            cookie.received = None;
            Some(Ok(cookie))
        }
    }
}

#[cfg(test)]
#[path = "jar_tests.rs"]
mod tests;
