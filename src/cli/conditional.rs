//! What depends on how old things are: `-z`, `--etag-compare`, `--etag-save`, `-R`.

use super::exit::{Failure, code};
use super::input;
use super::output::{self, Writer};
use super::plan::Output;
use super::print;
use super::typed::Typed;
use super::write_out::Facts;
use crate::base::{Wall, parse_date, system_words};
use crate::client::{Asks, Condition, HeaderLine};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The flags of this file, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) time_cond: Option<String>,
    pub(super) etag_compare: Option<String>,
    pub(super) etag_save: Option<String>,
    pub(super) remote_time: bool,
}

/// What is done with the age and the entity tag of what came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Where the entity tag is saved; `-` is standard output.
    etag: Option<PathBuf>,
    create_dirs: bool,
    /// The file gets the date that the server gives.
    remote_time: bool,
}

impl Kept {
    /// # Errors
    /// Exit 2: one entity tag is of one URL.
    pub(super) fn of(typed: &Typed) -> Result<Kept, Failure> {
        let Given { etag_compare, etag_save, remote_time, .. } = &typed.conditional;
        if (etag_compare.is_some() || etag_save.is_some()) && typed.urls.len() > 1 {
            return Err(Failure::usage("The etag options only work on a single URL"));
        }
        let etag = etag_save.as_ref().map(PathBuf::from);
        Ok(Kept { etag, create_dirs: typed.create_dirs, remote_time: *remote_time })
    }

    /// Makes sure that the entity tag can be saved: where it cannot, its transfer is left out.
    ///
    /// # Errors
    /// Exit 26, as in curl.
    pub(super) fn is_possible(&self) -> Result<(), Failure> {
        let Some(path) = self.file() else { return Ok(()) };
        let folder = path.parent().filter(|folder| self.create_dirs && !folder.is_dir());
        let made = folder.map_or(Ok(()), output::make_folders);
        match made.and_then(|()| Writer::append_to(path)) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::new(code::READ, unsaved(path, &error))),
        }
    }

    /// Keeps what a transfer that ended well has taught.
    ///
    /// # Errors
    /// Exit 23.
    pub(super) fn keep(&self, facts: &Facts) -> Result<(), Failure> {
        if let Some(path) = &self.etag {
            self.save_etag(path, facts)
                .map_err(|error| Failure::new(code::WRITE, unsaved(path, &error)))?;
        }
        if let (true, Some(path), Some(modified)) =
            (self.remote_time, &facts.file, facts.last_modified())
            && let Err(error) = set_time(path, modified)
        {
            let why = system_words(&error);
            print::warning(&format!("cannot set the time of {}: {why}", path.display()));
        }
        Ok(())
    }

    fn file(&self) -> Option<&Path> {
        self.etag.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// The tag of a good answer, or of a redirect that is not followed; a new answer without one
    /// empties the file, and 304 without one leaves it.
    fn save_etag(&self, path: &Path, facts: &Facts) -> io::Result<()> {
        let tag = facts.header("ETag");
        let status = facts.outcome().status;
        if !(200..400).contains(&status) || (tag.is_empty() && status == 304) {
            return Ok(());
        }
        let text = if tag.is_empty() { tag } else { tag + "\n" };
        match self.file() {
            Some(path) => Writer::over(path).write(text.as_bytes()),
            None => {
                Writer::new(Output::Stdout { asked: path == Path::new("-") }).write(text.as_bytes())
            }
        }
    }
}

fn unsaved(path: &Path, error: &io::Error) -> String {
    format!("cannot save the ETag to {}: {}", path.display(), system_words(error))
}

/// `-z`: a date, or the date of a file; `-` before it asks for what is older. What is neither asks
/// for nothing, as in curl.
pub(super) fn condition(text: &str) -> Option<Condition> {
    let (asks, rest) = match text.chars().next() {
        Some('+') => (Asks::Newer, &text[1..]),
        Some('-') => (Asks::Older, &text[1..]),
        Some('=') => (Asks::NewerByLastModified, &text[1..]),
        _ => (Asks::Newer, text),
    };
    let than = parse_date(rest).or_else(|| time_of(Path::new(rest)));
    if than.is_none() {
        let what = "is neither a date nor a file; fetched whatever its age";
        print::warning(&format!("-z: \"{rest}\" {what}"));
    }
    than.map(|than| Condition { asks, than })
}

/// `--etag-compare`: the tag that an earlier `--etag-save` left; without one, none matches.
///
/// # Errors
/// Exit 26 where the file is there and cannot be read.
pub(super) fn etag_field(file: &str) -> Result<HeaderLine, Failure> {
    let bytes = input::read_if_there(Path::new(file))?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let tag: String = text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')).collect();
    let tag = if tag.trim().is_empty() { "\"\"" } else { tag.trim() };
    Ok(HeaderLine::Set("If-None-Match".to_owned(), tag.to_owned()))
}

fn time_of(path: &Path) -> Option<Wall> {
    let since = path.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Wall::from_secs(i64::try_from(since.as_secs()).ok()?))
}

fn set_time(path: &Path, time: Wall) -> io::Result<()> {
    let Ok(secs) = u64::try_from(time.secs()) else { return Ok(()) };
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(secs);
    match path.is_file() {
        true => File::options().append(true).open(path)?.set_modified(time),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_a_date_or_a_file_and_perhaps_a_sign() {
        let than = Wall::from_secs(784_111_777);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (sign, asks) in [
            ("", Asks::Newer),
            ("+", Asks::Newer),
            ("-", Asks::Older),
            ("=", Asks::NewerByLastModified),
        ] {
            let asked = condition(&format!("{sign}{date}"));
            assert_eq!(asked, Some(Condition { asks, than }), "{sign}");
        }
        assert!(condition("Cargo.toml").is_some());
        assert_eq!(condition("no such file"), None);
        assert_eq!(condition(""), None);
    }
}
