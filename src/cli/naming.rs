//! The names of files that answers are written to.
//!
//! A name that a server had a hand in is the last part of what it gave and nothing else: not
//! decoded, with no way out of the folder, not hidden, and no flag (CVE-2010-2252,
//! CVE-2016-4971, CVE-2020-8177).

use super::exit::{Failure, code};
use super::glob;
use super::typed::{Destination, Typed};
use crate::base::Headers;
use std::path::{Path, PathBuf};

/// What a file is called whose URL names none; curl's name, so that scripts find it.
const NO_NAME: &str = "curl_response";

/// A file to be written, once there is something to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileTo {
    pub(super) path: PathBuf,
    pub(super) clobber: Clobber,
    /// Make the folders it is in.
    pub(super) create_dirs: bool,
    pub(super) named: Named,
    /// Remove it where the transfer fails.
    pub(super) remove_on_error: bool,
}

/// Who named a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The person, or the URL.
    Here,
    /// The URL, as long as `Content-Disposition` has no name (`-J`).
    HereSoFar,
    /// The server.
    There,
}

/// What happens to a file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clobber {
    /// It is written over, unless its name came from the server.
    Usual,
    /// It is written over.
    Always,
    /// What comes is added to it.
    Extend,
    /// It stays, and the new one gets a number behind its name.
    Never,
}

/// How the files of an operation are named.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    dir: Option<PathBuf>,
    clobber: Clobber,
    create_dirs: bool,
    from_header: bool,
    remove_on_error: bool,
}

impl Naming {
    pub(super) fn of(typed: &Typed) -> Naming {
        Naming {
            dir: typed.output_dir.as_ref().map(PathBuf::from),
            clobber: match typed.clobber {
                None => Clobber::Usual,
                Some(true) => Clobber::Always,
                Some(false) => Clobber::Never,
            },
            create_dirs: typed.create_dirs,
            from_header: typed.remote_header_name,
            remove_on_error: typed.remove_on_error,
        }
    }

    /// The file for an answer to `url`, whose pattern's parts are `parts`.
    ///
    /// # Errors
    /// Exit 23 where the URL's last part is no name for a file.
    pub(super) fn file(
        &self,
        wanted: &Destination,
        url: &str,
        parts: &[String],
    ) -> Result<FileTo, Failure> {
        let (name, named) = match wanted {
            Destination::RemoteName if self.from_header => (remote_name(url)?, Named::HereSoFar),
            Destination::RemoteName => (remote_name(url)?, Named::Here),
            Destination::File(name) => (glob::name(name, parts), Named::Here),
        };
        Ok(FileTo { named, ..self.plain(&name) })
    }

    /// The file of `-D`, which `--output-dir` says nothing about.
    pub(super) fn heads(&self, name: &str) -> FileTo {
        FileTo { path: PathBuf::from(name), clobber: Clobber::Always, ..self.plain(name) }
    }

    fn plain(&self, name: &str) -> FileTo {
        FileTo {
            path: self.dir.as_deref().unwrap_or(Path::new("")).join(name),
            clobber: self.clobber,
            create_dirs: self.create_dirs,
            named: Named::Here,
            remove_on_error: self.remove_on_error,
        }
    }
}

impl FileTo {
    /// Takes the name that the server gives, if it gives one and was asked for it. The file
    /// must not be there then, unless the person said so.
    pub(super) fn name_from(&mut self, headers: &Headers) {
        let given = headers.get("Content-Disposition").filter(|_| self.named != Named::Here);
        if let Some(name) = given.and_then(disposition_name) {
            self.path.set_file_name(name);
            self.named = Named::There;
        }
    }
}

/// The last part of the URL's path, as it was typed.
fn remote_name(url: &str) -> Result<String, Failure> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.rsplit('/').next() {
        None | Some("") => Ok(NO_NAME.to_owned()),
        Some(name) if is_harmless(name) => Ok(name.to_owned()),
        Some(name) => {
            let why = format!("-O: \"{name}\" at the end of the URL is no name for a file");
            Err(Failure::new(code::WRITE, why).hint("-o FILE gives it one"))
        }
    }
}

/// `filename=` of a `Content-Disposition` (RFC 6266), as far as it is harmless.
fn disposition_name(value: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(value).ok()?;
    // Some leave out what kind of disposition it is.
    let mut rest = value.trim_start();
    while !rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("filename=")) {
        rest = rest[rest.find(';')? + 1..].trim_start();
    }
    let given = rest[9..].trim_start();
    let name = match given.chars().next() {
        Some(quote @ ('"' | '\'')) => unquoted(&given[1..], quote),
        _ => given.split(';').next().unwrap_or(given).trim_end().to_owned(),
    };
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    is_harmless(name).then(|| name.to_owned())
}

/// Up to the closing quote, or the end where it is missing; escapes undone.
fn unquoted(quoted: &str, quote: char) -> String {
    let mut name = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => break,
            '\\' => name.extend(chars.next()),
            c => name.push(c),
        }
    }
    name
}

fn is_harmless(name: &str) -> bool {
    let odd = |c: char| c.is_control() || c == '/' || c == '\\';
    !name.is_empty() && !name.starts_with(['.', '-']) && !name.chars().any(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_url_stays_in_this_folder() {
        for (url, name) in [
            ("http://h/a/b.html?x#y", Some("b.html")),
            ("h/%2e%2e%2fx", Some("%2e%2e%2fx")),
            ("http://h/a/", Some("a")),
            ("http://h/", Some("curl_response")),
            ("http://h", Some("curl_response")),
            ("http://h/..", None),
            ("http://h/.x", None),
            ("http://h/-x", None),
        ] {
            assert_eq!(remote_name(url).ok().as_deref(), name, "{url}");
        }
    }

    #[test]
    fn a_name_from_a_server_is_its_last_part_or_nothing() {
        for (value, name) in [
            ("attachment; filename=a.txt", Some("a.txt")),
            ("inline; x=y; FileName=\"a b;c.txt\"; z", Some("a b;c.txt")),
            ("attachment; filename=\"C:\\\\x\\\\y.txt\"", Some("y.txt")),
            ("attachment; filename=../../etc/passwd", Some("passwd")),
            ("attachment; filename=\"a\\\"b\"", Some("a\"b")),
            ("inline; filename='a b;c.txt'; z", Some("a b;c.txt")),
            ("inline; filename='a.txt", Some("a.txt")),
            ("attachment; filename=.bashrc", None),
            ("attachment; filename=-rf", None),
            ("attachment; filename=", None),
            ("attachment; filename=\"a\u{7}\"", None),
            ("filename=a.txt; x", Some("a.txt")),
            ("attachment", None),
        ] {
            assert_eq!(disposition_name(value.as_bytes()).as_deref(), name, "{value}");
        }
    }
}
