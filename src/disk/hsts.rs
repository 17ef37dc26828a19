//! The file of hosts that are spoken to by https only, with the care a jar gets.

use super::atomic::{self, Audience};
use super::error::Error;
use super::lock::{self, PATIENCE};
use crate::base::Wall;
use crate::hsts::Store;
use std::borrow::Cow;
use std::path::Path;

/// Reads a file into `store`; one that does not exist is empty.
///
/// # Errors
/// [`Error::Io`], [`Error::TooLarge`], [`Error::Busy`], [`Error::NotAList`].
pub fn load(path: &Path, store: &mut Store, now: Wall) -> Result<(), Error> {
    let target = atomic::target(path)?;
    let _shared = lock::shared(&lock::beside(&target), PATIENCE)?;
    if let Some(text) = atomic::read(&target)? {
        store.read(&list(&target, &text)?, now);
    }
    Ok(())
}

/// A file of something else is neither obeyed nor written over.
fn list<'t>(path: &Path, text: &'t [u8]) -> Result<Cow<'t, str>, Error> {
    let text = String::from_utf8_lossy(text);
    match Store::is_list(&text) {
        true => Ok(text),
        false => Err(Error::NotAList { path: path.to_owned() }),
    }
}

/// Puts what `store` has learnt into what the file holds now, and replaces it. Nothing learnt:
/// nothing is written.
///
/// # Errors
/// Any [`Error`]; the file is as it was, unless only the sync of its directory failed.
pub fn save(path: &Path, store: &Store, now: Wall) -> Result<(), Error> {
    if !store.has_learnt() {
        return Ok(());
    }
    let target = atomic::target(path)?;
    let _alone = lock::exclusive(&lock::beside(&target), PATIENCE)?;
    atomic::sweep(&target);
    let mut there = Store::default();
    if let Some(text) = atomic::read_regular(&target)? {
        there.read(&list(&target, &text)?, now);
    }
    there.apply(store);
    atomic::write_locked(&target, there.write(now).as_bytes(), Audience::Secret)
}
