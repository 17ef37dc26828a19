//! Files that a person named to be sent or obeyed, and standard input.

use super::exit::{Failure, code};
use crate::base::system_words;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file's bytes; `-` is standard input.
///
/// # Errors
/// Exit 26, with the file's name.
pub(super) fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let read = match file {
        "-" => {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        file => read_file(Path::new(file)),
    };
    read.map_err(|error| unreadable(file, &error))
}

/// Likewise, of a file that may have so many bytes at most: no device is read for ever.
///
/// # Errors
/// Exit 26, with the file's name.
pub(super) fn read_bounded(file: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = match file {
        "-" => io::stdin().take(more).read_to_end(&mut bytes),
        file => open(Path::new(file)).and_then(|file| file.take(more).read_to_end(&mut bytes)),
    };
    read.map_err(|error| unreadable(file, &error))?;
    match bytes.len() > most {
        true => Err(Failure::new(code::READ, format!("{file}: larger than {most} bytes"))),
        false => Ok(bytes),
    }
}

/// How long a file is that will be read later; `None` where only its end tells: a pipe, a device.
///
/// # Errors
/// Exit 26, with the file's name, where it cannot be read.
pub(super) fn length(file: &str) -> Result<Option<u64>, Failure> {
    let length = || {
        let about = std::fs::metadata(file)?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // A pipe is opened when it is read: opening it waits for a writer.
        about.is_file().then(|| Ok(open(Path::new(file))?.metadata()?.len())).transpose()
    };
    length().map_err(|error| unreadable(file, &error))
}

/// Opens a file; the error says which.
///
/// # Errors
/// It cannot be opened.
pub(super) fn open_named(file: &str) -> io::Result<File> {
    open(Path::new(file))
        .map_err(|error| io::Error::new(error.kind(), format!("{file}: {}", system_words(&error))))
}

/// A password, typed on the terminal without an echo.
///
/// # Errors
/// Exit 2 where there is no terminal to ask on.
pub(super) fn password(flag: &str, user: &str) -> Result<String, Failure> {
    rpassword::prompt_password(format!("Password of {user}: ")).map_err(|_| {
        Failure::usage(format!("{flag} without a password, and no terminal to ask for it"))
            .hint("USER:PASSWORD gives it, USER: an empty one")
    })
}

/// A file's bytes; `None` where there is no such file.
///
/// # Errors
/// Exit 26, with the file's name.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match read_file(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path.to_string_lossy(), &error)),
    }
}

#[expect(clippy::disallowed_methods, reason = "files that a person named on the command line")]
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[expect(clippy::disallowed_methods, reason = "files that a person named on the command line")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn unreadable(file: &str, error: &io::Error) -> Failure {
    Failure::new(code::READ, format!("cannot read {file}: {}", system_words(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_without_an_end_is_not_read_to_it() {
        let failure = read_bounded("/dev/zero", 1000).unwrap_err();
        assert_eq!(failure, Failure::new(code::READ, "/dev/zero: larger than 1000 bytes"));
        assert_eq!(read_bounded("/dev/null", 0), Ok(Vec::new()));
    }
}
