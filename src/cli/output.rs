//! Where answers are written, when there is something to write.

use super::naming::{Clobber, FileTo, Named};
use super::plan::Output;
use super::{print, signals};
use crate::base::{Headers, system_words};
use std::fs::{DirBuilder, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A destination that is opened at the first byte: a transfer that fails before leaves the
/// file that was there as it was.
#[derive(Debug)]
pub(super) struct Writer {
    to: Output,
    open: Option<File>,
    /// How long the file was when it was opened.
    length: u64,
    /// Whether it was not there before.
    made: bool,
    /// Heads that wait until the file has its name (`-J`).
    held: Option<Vec<u8>>,
}

impl Writer {
    pub(super) fn new(to: Output) -> Writer {
        let held = to.awaits_name().then(Vec::new);
        Writer { to, open: None, length: 0, made: false, held }
    }

    /// For a file that is written over.
    pub(super) fn over(path: &Path) -> Writer {
        let (clobber, path) = (Clobber::Always, path.to_owned());
        let (create_dirs, named, remove_on_error) = (false, Named::Here, false);
        let file = FileTo { path, clobber, create_dirs, named, remove_on_error };
        Writer::new(Output::File(file))
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
            closed => {
                let (file, made) = open(&mut self.to)?;
                self.made = made;
                self.length = file.metadata().map_or(0, |there| there.len());
                Ok(closed.insert(file))
            }
        }
    }

    /// Opens a file to add to what is there.
    pub(super) fn append_to(path: &Path) -> io::Result<Writer> {
        let file = File::options().append(true).create(true).open(path)?;
        Ok(Writer { open: Some(file), ..Writer::new(Output::Stdout { asked: true }) })
    }

    /// Writes a head, as soon as the file has its name.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn write_head(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.held {
            Some(held) => held.extend_from_slice(bytes),
            None => self.write(bytes)?,
        }
        Ok(())
    }

    /// The last head has come: the file gets the name that it gives, if it gives one that counts.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn name_from(&mut self, headers: Option<&Headers>) -> io::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        if let (Output::File(file), Some(headers)) = (&mut self.to, headers) {
            file.name_from(headers);
        }
        if held.is_empty() { Ok(()) } else { self.write(&held) }
    }

    /// Empties the file: what it held is of something else.
    ///
    /// # Errors
    /// It cannot be emptied.
    pub(super) fn begin_anew(&mut self) -> io::Result<()> {
        let file = self.open()?;
        file.set_len(0)?;
        file.rewind()?;
        self.length = 0;
        Ok(())
    }

    /// The file that is written, or will be, unless a number is to be added to its name.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.to {
            Output::File(file) if file.clobber != Clobber::Never => Some(&file.path),
            _ => None,
        }
    }

    /// The file, if it is one and was opened.
    pub(super) fn file(&self) -> Option<&Path> {
        match (&self.to, &self.open) {
            (Output::File(file), Some(_)) => Some(&file.path),
            _ => None,
        }
    }

    /// Removes what a failed transfer has written, where that was wanted.
    pub(super) fn failed(&mut self) {
        if let (Output::File(file), Some(_)) = (&self.to, &self.open)
            && file.remove_on_error
            && file.path.is_file()
        {
            let _ = std::fs::remove_file(&file.path);
            self.open = None;
        }
    }

    /// Takes back what was written to a file; what went elsewhere has gone.
    pub(super) fn take_back(&mut self) {
        if let (Output::File(_), Some(file)) = (&self.to, &mut self.open) {
            // A device or a pipe cannot be cut, and keeps what it got.
            let _ = file.set_len(self.length);
            let _ = file.seek(SeekFrom::Start(self.length));
        }
    }

    /// Lets go of a file that the next try may have another name for (`-J`); one that was made
    /// for this try goes.
    pub(super) fn let_go(&mut self) {
        let Output::File(file) = &self.to else { return };
        if self.to.awaits_name() {
            if self.open.take().is_some() && self.made {
                let _ = std::fs::remove_file(&file.path);
            }
            self.held = Some(Vec::new());
        }
    }

    /// Whether a person would see these bytes on their terminal without having asked for it.
    pub(super) fn is_unasked_terminal(&self) -> bool {
        self.to == Output::Stdout { asked: false } && print::stdout_is_terminal()
    }
}

impl Output {
    /// Whether the server may still have a name for it.
    fn awaits_name(&self) -> bool {
        matches!(self, Output::File(file) if file.named != Named::Here)
    }
}

/// Opens it; and says whether it was not there before.
fn open(to: &mut Output) -> io::Result<(File, bool)> {
    let Output::File(file) = to else { return Ok((print::stdout()?, false)) };
    let there = file.path.exists();
    let wanted = file.path.clone();
    let made = make(file).map_err(|error| {
        let text = format!("{}: {}", file.path.display(), system_words(&error));
        io::Error::new(error.kind(), text)
    })?;
    Ok((made, !there || file.path != wanted))
}

/// Who may look into folders that are made on the way to a file: not everybody, as in curl.
const FOLDER_MODE: u32 = 0o750;

/// Makes a folder and those it is in, as far as they are not there (`--create-dirs`).
pub(super) fn make_folders(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)
}

/// As many files of one name stand side by side, numbered.
const MOST_NUMBERED: u32 = 100;

/// Makes the file; where it may not be one that is there, its path may get a number.
fn make(file: &mut FileTo) -> io::Result<File> {
    signals::outlive_size_limit();
    if let Some(folder) = file.path.parent().filter(|_| file.create_dirs) {
        make_folders(folder)?;
    }
    match file.clobber {
        Clobber::Usual if file.named == Named::There => File::create_new(&file.path),
        Clobber::Usual | Clobber::Always => create(&file.path),
        Clobber::Extend => File::options().append(true).create(true).open(&file.path),
        Clobber::Never => {
            let mut numbered = file.path.clone();
            for number in 1..=MOST_NUMBERED {
                match File::create_new(&numbered) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    made => {
                        file.path = numbered;
                        return made;
                    }
                }
                numbered = PathBuf::from(format!("{}.{number}", file.path.display()));
            }
            Err(io::ErrorKind::AlreadyExists.into())
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the file a person named with -o, -O or -D")]
fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn folders_on_the_way_are_not_for_everybody() {
        let home = tempfile::tempdir().unwrap();
        make_folders(&home.path().join("a/b")).unwrap();
        for name in ["a", "a/b"] {
            let mode = home.path().join(name).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o027, 0, "{name}: {mode:o}");
        }
    }
}
