//! `--hsts`: the hosts that are spoken to by https only, and the file they are kept in.

use super::exit::{Failure, code};
use crate::client::Client;
use crate::disk;
use crate::hsts::Store;
use crate::net::clock;
use std::path::{Path, PathBuf};

/// The files of a run. All are read, the last is saved to; an empty name keeps them for the run
/// only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Files(pub(super) Vec<PathBuf>);

impl Files {
    /// Reads what is not known to the client yet.
    ///
    /// # Errors
    /// Exit 26 where a file is there and cannot be read.
    pub(super) fn open(&self, client: &Client) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut known = client.hsts.borrow_mut();
        let store = known.get_or_insert_with(Store::default);
        for file in self.named() {
            disk::hsts::load(file, store, clock::wall())
                .map_err(|error| Failure::new(code::READ, error.to_string()))?;
        }
        Ok(())
    }

    /// Saves what the client has learnt.
    ///
    /// # Errors
    /// Exit 23; the file is then as it was.
    pub(super) fn save(&self, client: &Client) -> Result<(), Failure> {
        let known = client.hsts.borrow();
        let (Some(store), Some(file)) = (&*known, self.0.last().filter(|file| is_named(file)))
        else {
            return Ok(());
        };
        disk::hsts::save(file, store, clock::wall())
            .map_err(|error| Failure::new(code::WRITE, error.to_string()))
    }

    fn named(&self) -> impl Iterator<Item = &PathBuf> {
        self.0.iter().filter(|file| is_named(file))
    }
}

fn is_named(file: &Path) -> bool {
    !file.as_os_str().is_empty()
}
