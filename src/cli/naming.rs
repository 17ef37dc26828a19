//! The names of files that answers are written to.
//!
//! A name that a server had a hand in is the last part of what it gave and nothing else: not
//! decoded, with no way out of the folder, not hidden, and no flag (CVE-2010-2252,
//! CVE-2016-4971, CVE-2020-8177).

use super::exit::{Failure, code};
use super::glob;
use super::print;
use super::typed::{Destination, Typed};
use crate::base::Headers;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

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
    dir: Option<String>,
    clobber: Clobber,
    create_dirs: bool,
    from_header: bool,
    remove_on_error: bool,
}

impl Naming {
    pub(super) fn of(typed: &Typed) -> Naming {
        Naming {
            dir: typed.output_dir.clone(),
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
            path: match self.dir.as_deref().filter(|dir| !dir.is_empty()) {
                // Below it in any case, as in curl: /name does not lead out of it.
                Some(dir) => PathBuf::from(format!("{dir}/{name}")),
                None => PathBuf::from(name),
            },
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
        match given.and_then(disposition_name) {
            Some(Ok(name)) => {
                self.path.set_file_name(name);
                self.named = Named::There;
            }
            Some(Err(name)) => {
                let (name, path) = (name.display(), self.path.display());
                print::warning(&format!("-J: {path}, not \"{name}\", which is no name for a file"));
            }
            None => {}
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

/// What a `Content-Disposition` (RFC 6266) calls its content in `filename=`, if it does: a name
/// as it came, or one that is refused.
fn disposition_name(value: &[u8]) -> Option<Result<OsString, OsString>> {
    let given = parameters(value).into_iter().find_map(filename)?.trim_ascii();
    let name = match given.first() {
        Some(quote @ (b'"' | b'\'')) => unquoted(&given[1..], *quote),
        _ => given.to_owned(),
    };
    let last = name.rsplit(|b| matches!(b, b'/' | b'\\')).next().unwrap_or_default();
    let last = OsString::from_vec(last.trim_ascii().to_owned());
    Some(if is_harmless(&last) { Ok(last) } else { Err(OsString::from_vec(name)) })
}

/// What stands behind `filename=`, if that is what a parameter is.
fn filename(parameter: &[u8]) -> Option<&[u8]> {
    let (name, value) = parameter.trim_ascii_start().split_at_checked("filename=".len())?;
    name.eq_ignore_ascii_case(b"filename=").then_some(value)
}

/// The parts of a field between its semicolons, those in quotes left out. Single quotes mean
/// something around a `filename` only, where curl takes them.
fn parameters(value: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut from, mut at, mut quote) = (Vec::new(), 0, 0, None);
    while let Some(&byte) = value.get(at) {
        let part = &value[from..at];
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"') if part.trim_ascii_end().ends_with(b"=") => quote = Some(byte),
            (None, b'\'') if filename(part).is_some_and(|v| v.trim_ascii().is_empty()) => {
                quote = Some(byte);
            }
            (None, b';') => {
                parts.push(part);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(value.get(from..).unwrap_or_default());
    parts
}

/// Up to the closing quote, or the end where it is missing; escapes undone.
fn unquoted(quoted: &[u8], quote: u8) -> Vec<u8> {
    let mut name = Vec::new();
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            byte if byte == quote => break,
            b'\\' => name.extend(bytes.next()),
            byte => name.push(byte),
        }
    }
    name
}

/// Whether a name is one for a file in this folder that everybody sees. What is not UTF-8 may be
/// of another character set.
fn is_harmless(name: impl AsRef<OsStr>) -> bool {
    let name = name.as_ref();
    let text = name.to_string_lossy();
    let odd = |c: char| c.is_control() || c == '/' || c == '\\';
    !name.is_empty() && !text.starts_with(['.', '-']) && !text.chars().any(odd)
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
    fn a_name_is_below_the_folder_that_is_for_all() {
        let path = |dir: &str, name: &str| {
            let typed = Typed { output_dir: Some(dir.to_owned()), ..Typed::default() };
            let wanted = Destination::File(name.to_owned());
            Naming::of(&typed).file(&wanted, "http://h/", &[]).map(|file| file.path)
        };
        assert_eq!(path("there", "a"), Ok(PathBuf::from("there/a")));
        assert_eq!(path("there", "/a/b"), Ok(PathBuf::from("there/a/b")));
        assert_eq!(path("", "/a/b"), Ok(PathBuf::from("/a/b")));
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
            ("attachment; name=\"; filename=evil\"; filename=good", Some("good")),
            ("attachment; name=it's; filename=good", Some("good")),
            ("attachment; name=\"\\\"; filename=evil\"; filename=good", Some("good")),
        ] {
            let taken = disposition_name(value.as_bytes()).and_then(Result::ok);
            assert_eq!(taken, name.map(OsString::from), "{value}");
        }
        let latin = disposition_name(b"attachment; filename=\"caf\xe9.txt\"");
        assert_eq!(latin, Some(Ok(OsString::from_vec(b"caf\xe9.txt".to_vec()))));
        let hidden = disposition_name(b"attachment; filename=.bashrc");
        assert_eq!(hidden, Some(Err(OsString::from(".bashrc"))));
    }
}
