//! Where answers are written, when there is something to write.

use super::plan::Output;
use super::print;
use crate::base::system_words;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// A destination that is opened at the first byte: a transfer that fails before leaves the
/// file that was there as it was.
pub(super) struct Writer {
    to: Output,
    open: Option<File>,
}

impl Writer {
    pub(super) fn new(to: Output) -> Writer {
        Writer { to, open: None }
    }

    /// # Errors
    /// The file cannot be made, or the disk is full, or nobody reads any more.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open()?.write_all(bytes)
    }

    /// Makes the file even if there was nothing to write.
    pub(super) fn open(&mut self) -> io::Result<&mut File> {
        match &mut self.open {
            Some(file) => Ok(file),
            closed => Ok(closed.insert(open(&self.to)?)),
        }
    }

    /// Opens a file to add to what is there.
    pub(super) fn append_to(&mut self, path: &Path) -> io::Result<()> {
        let file = File::options().append(true).create(true).open(path)?;
        self.open = Some(file);
        Ok(())
    }

    /// The file, if it is one and was opened.
    pub(super) fn file(&self) -> Option<&Path> {
        match (&self.to, &self.open) {
            (Output::File(path), Some(_)) => Some(path),
            _ => None,
        }
    }

    /// Whether a person would see these bytes on their terminal without having asked for it.
    pub(super) fn is_unasked_terminal(&self) -> bool {
        self.to == Output::Stdout { asked: false } && print::stdout_is_terminal()
    }
}

fn open(to: &Output) -> io::Result<File> {
    match to {
        Output::Stdout { .. } => print::stdout(),
        Output::File(path) => create(path).map_err(|error| {
            let text = format!("{}: {}", path.display(), system_words(&error));
            io::Error::new(error.kind(), text)
        }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the file a person named with -o, -O or -D")]
fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}
