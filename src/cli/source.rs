//! Files and standard input that are read while they are sent.

use super::exit::{Failure, code};
use super::input;
use crate::base::{Content, Source};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

/// A file that is read while it is sent.
///
/// # Errors
/// Exit 26 where it cannot be read, before anything is sent.
pub(super) fn file(name: &str) -> Result<Content, Failure> {
    file_from(name, 0, None)
}

/// Standard input, which has a length only where one was `announced`.
pub(super) fn stdin(announced: Option<u64>) -> Content {
    Content::streamed(Once::new(announced, || Ok(Box::new(io::stdin()))))
}

/// A file from some byte on. A regular file has a length, and can be read again. Anything else
/// ends when it ends, or has the length that was `announced`.
///
/// # Errors
/// Exit 26 where it cannot be read, 18 where there is nothing left, 2 where nobody knows how
/// much there is.
pub(super) fn file_from(name: &str, from: u64, announced: Option<u64>) -> Result<Content, Failure> {
    let Some(whole) = input::length(name)? else {
        let name = name.to_owned();
        if from > 0 {
            return Err(Failure::usage(format!("-C goes with a file, and {name} is none")));
        }
        let open =
            move || -> io::Result<Box<dyn Read + Send>> { Ok(Box::new(input::open_named(&name)?)) };
        return Ok(Content::streamed(Once::new(announced, open)));
    };
    match whole.checked_sub(from).filter(|left| *left > 0 || from == 0) {
        Some(length) => Ok(Content::streamed(FilePart { name: name.to_owned(), from, length })),
        None => {
            let why = format!("{name}: nothing is left behind its first {from} bytes");
            Err(Failure::new(code::PARTIAL, why))
        }
    }
}

/// A file from some byte on.
struct FilePart {
    name: String,
    from: u64,
    length: u64,
}

impl Source for FilePart {
    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut file = input::open_named(&self.name)?;
        if self.from > 0 {
            file.seek(SeekFrom::Start(self.from))?;
        }
        Ok(Box::new(file))
    }
}

/// What can be read once.
struct Once<O> {
    length: Option<u64>,
    open: O,
    opened: AtomicBool,
}

impl<O: Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync> Once<O> {
    fn new(length: Option<u64>, open: O) -> Once<O> {
        Once { length, open, opened: AtomicBool::default() }
    }
}

impl<O: Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync> Source for Once<O> {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn is_ready(&self) -> bool {
        !self.opened.load(Ordering::Relaxed)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.opened.store(true, Ordering::Relaxed);
        (self.open)()
    }
}
