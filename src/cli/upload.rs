//! `-T`: files and standard input, sent as they are read.

use super::data;
use super::exit::Failure;
use super::source;
use crate::base::Content;

/// What one `-T` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Upload {
    /// A file.
    File(String),
    /// Standard input: `-`, or `.`, which asks curl not to wait for it. Nobody waits here.
    Stdin,
}

impl Upload {
    pub(super) fn named(name: &str) -> Upload {
        match name {
            "-" | "." => Upload::Stdin,
            name => Upload::File(name.to_owned()),
        }
    }

    /// Where it goes: a URL that ends with a folder is completed with the file's name.
    pub(super) fn url(&self, url: String) -> String {
        let Upload::File(name) = self else { return url };
        let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
        let path = before.split_once("://").map_or(before, |(_, rest)| rest);
        let slash = match path.rfind('/') {
            _ if path.contains('?') => return url,
            None => "/",
            Some(at) if at + 1 == path.len() => "",
            Some(_) => return url,
        };
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        format!("{before}{slash}{}{fragment}", in_a_path(last))
    }

    /// What is sent: everything behind the first `from` bytes. What has no length of its own has
    /// the one that was `announced` by the person.
    ///
    /// # Errors
    /// Exit 26 where it cannot be read, 18 where there is nothing behind them, 2 where nobody
    /// knows how much there is.
    pub(super) fn content(&self, from: u64, announced: Option<u64>) -> Result<Content, Failure> {
        match self {
            Upload::Stdin if from > 0 => {
                Err(Failure::usage("-C goes with a file: standard input has no known length"))
            }
            Upload::Stdin => Ok(source::stdin(announced)),
            Upload::File(name) => source::file_from(name, from, announced),
        }
    }
}

/// A name as it stands in a path: percent-encoded, in small letters, as curl writes it there.
fn in_a_path(name: &str) -> String {
    let encoded = data::percent_encode(name.as_bytes());
    let mut parts = encoded.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at(part.len().min(2));
        out.push('%');
        out.push_str(&hex.to_ascii_lowercase());
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::exit::code;
    use super::*;
    use std::io::Read;

    #[test]
    fn a_url_that_ends_with_a_folder_is_completed() {
        let upload = Upload::named("dir/A [%.txt");
        for (url, completed) in [
            ("http://h", "http://h/A%20%5b%25.txt"),
            ("http://h/", "http://h/A%20%5b%25.txt"),
            ("h/x/#f", "h/x/A%20%5b%25.txt#f"),
            ("http://h/x", "http://h/x"),
            ("http://h/?q", "http://h/?q"),
            ("http://h?q=/", "http://h?q=/"),
        ] {
            assert_eq!(upload.url(url.to_owned()), completed);
        }
        assert_eq!(Upload::named("-").url("http://h/".to_owned()), "http://h/");
    }

    #[test]
    fn a_part_of_a_file_is_what_is_behind_its_first_bytes() {
        let name = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE");
        let whole = source::file(name).unwrap().length().unwrap();
        let part = Upload::named(name).content(10, None).unwrap();
        let mut bytes = Vec::new();
        part.open().unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!((part.length(), bytes.len() as u64), (Some(whole - 10), whole - 10));
        assert_eq!(Upload::named(name).content(whole, None).unwrap_err().code, code::PARTIAL);
        assert_eq!(Upload::named("/nonexistent").content(0, None).unwrap_err().code, code::READ);
        assert_eq!(Upload::Stdin.content(1, None).unwrap_err().code, code::USAGE);
    }
}
