//! A whole command line: its words, and those of every file it names, as operations.

use super::config;
use super::env::Env;
use super::exit::Failure;
use super::flags::Opt;
use super::input;
use super::print;
use super::typed::Typed;
use super::words::{self, Said};

/// The words of the configuration file, then those of the command line: one [`Typed`] for each
/// operation.
///
/// # Errors
/// A word that means nothing, or a file that cannot be read.
pub(super) fn read(words: Vec<String>, env: &Env) -> Result<Vec<Typed>, Failure> {
    let disabled = words.first().is_some_and(|word| {
        word == "--disable" || (word.starts_with("-q") && !word.starts_with("--"))
    });
    let mut said = Vec::new();
    if let Some(folder) = env.config.as_ref().filter(|_| !disabled) {
        let path = folder.join("fetch.conf");
        if let Some(bytes) = input::read_if_there(&path)? {
            said = configured(&path.to_string_lossy(), &bytes, 0)?;
        }
    }
    said.extend(with_files(words::read(words)?, 0)?);
    let mut operations = vec![Typed::default()];
    for said in said {
        match (said, operations.last_mut()) {
            // Before any URL it divides nothing: a file may begin with it.
            (Said::Switch(Opt::Next, _), Some(last)) if last.urls.is_empty() => {}
            (Said::Switch(Opt::Next, _), _) => operations.push(Typed::default()),
            (said, Some(last)) => last.take(said),
            (_, None) => {}
        }
    }
    // A `--next` with nothing behind it is no operation.
    if operations.len() > 1 && operations.last().is_some_and(|last| last.urls.is_empty()) {
        operations.pop();
    }
    Ok(operations)
}

/// Files that name files that name files: deeper is a circle.
const MAX_CONFIG_DEPTH: u8 = 8;

/// Puts what the file of each `-K`, and of each `--url @FILE`, says in its place.
fn with_files(said: Vec<Said>, depth: u8) -> Result<Vec<Said>, Failure> {
    let mut all = Vec::with_capacity(said.len());
    for said in said {
        match said {
            Said::Value(Opt::Config, file) => {
                all.extend(configured(&file, &input::read(&file)?, depth + 1)?);
            }
            Said::Value(Opt::Url, url) if url.starts_with('@') => {
                let list = input::read(&url[1..])?;
                let list = String::from_utf8_lossy(&list);
                let lines = list.lines().map(str::trim).filter(|line| !line.is_empty());
                let urls = lines.filter(|line| !line.starts_with('#'));
                all.extend(urls.map(|url| Said::Url(url.to_owned())));
            }
            Said::Switch(Opt::Silent, on) => {
                print::silence(on);
                all.push(Said::Switch(Opt::Silent, on));
            }
            said => all.push(said),
        }
    }
    Ok(all)
}

fn configured(name: &str, bytes: &[u8], depth: u8) -> Result<Vec<Said>, Failure> {
    if depth > MAX_CONFIG_DEPTH {
        return Err(Failure::usage(format!("{name}: configuration files in a circle")));
    }
    let words = config::words(name, &String::from_utf8_lossy(bytes))?;
    with_files(words::read(words)?, depth)
}
