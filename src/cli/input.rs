//! Files that a person named to be sent or obeyed, and standard input.

use super::exit::{Failure, code};
use crate::base::system_words;
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

/// A password, typed on the terminal without an echo.
///
/// # Errors
/// Exit 2 where there is no terminal to ask on.
pub(super) fn password(user: &str) -> Result<String, Failure> {
    rpassword::prompt_password(format!("Password of {user}: ")).map_err(|_| {
        Failure::usage("-u without a password, and no terminal to ask for it")
            .hint("-u USER:PASSWORD gives it, -u USER: an empty one")
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

fn unreadable(file: &str, error: &io::Error) -> Failure {
    Failure::new(code::READ, format!("cannot read {file}: {}", system_words(error)))
}
