//! Downloads that go on where an earlier one broke off (`-C`), and are never spliced from two.
//!
//! A download that breaks off leaves a note beside its file, `.NAME.cruller-part`: the
//! validator of what it is a part of. `-C -` asks with it (`If-Range`, RFC 9110 section
//! 13.1.5), so that a server that has something else by now sends all of that, and the file is
//! begun anew. Without a note all is as in curl: who sends the bytes that were asked for is
//! believed.

use crate::base::Head;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest validator that is noted; entity tags are a few dozen bytes.
const LONGEST_NOTE: u64 = 1024;

/// What becomes of the content of a download.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    resume: Option<Resume>,
    /// None where the file will hold more than the content, or something made of it.
    note: Option<Note>,
}

/// What an answer's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is written where it goes.
    On,
    /// It is all of something else: what is there goes.
    Anew,
    /// Not needed.
    Nothing,
    /// It is of no use, and why.
    Refused(&'static str),
}

impl Part {
    /// A download, and whether its file will hold its content and nothing else.
    pub(super) fn new(resume: Option<Resume>, pure: bool) -> Part {
        Part { resume, note: pure.then(Note::default) }
    }

    /// Whether something goes on.
    pub(super) fn resumes(&self) -> bool {
        self.resume.is_some()
    }

    /// The final head is there; the content goes to `file`, if it goes to one.
    pub(super) fn begins(&mut self, head: &Head, file: Option<&Path>) -> Step {
        if let Some(note) = &mut self.note {
            let length = head.headers.get("Content-Length");
            let length = length.and_then(|length| std::str::from_utf8(length).ok());
            note.whole = length.and_then(|length| length.trim().parse().ok());
        }
        let note = self.note.as_mut().zip(file);
        let Some(resume) = &self.resume else {
            if let Some((note, file)) = note {
                note.begins(file, validator(head).filter(|_| head.status == 200));
            }
            return Step::On;
        };
        let step = resume.fit(head);
        match (step, note) {
            (Step::Anew, Some((note, file))) => note.begins(file, validator(head)),
            (Step::On | Step::Nothing, Some((note, file))) => {
                note.goes_on(file, resume.validator.clone());
            }
            _ => {}
        }
        step
    }

    /// So many bytes have been written.
    pub(super) fn came(&mut self, bytes: usize) {
        if let Some(note) = &mut self.note {
            note.came(bytes);
        }
    }

    /// Nothing more comes, and whether that is how it should be.
    pub(super) fn ends(&mut self, well: bool) {
        match &mut self.note {
            Some(note) if well => note.complete(),
            Some(note) => note.broke_off(),
            None => {}
        }
    }
}

/// What goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resume {
    /// At which byte.
    pub(super) from: u64,
    /// The validator of what is there.
    pub(super) validator: Option<String>,
    /// That byte is the end of the file that is there.
    pub(super) at_end: bool,
}

impl Resume {
    /// How the answer with this head fits, by curl's rules and one more: what says that it is
    /// something else is not added.
    pub(super) fn fit(&self, head: &Head) -> Step {
        let range = head.headers.get("Content-Range").unwrap_or_default();
        if head.status == 206 && first_byte(range) == Some(self.from) {
            let now = head.headers.get("ETag").filter(|tag| tag.starts_with(b"\""));
            let noted = self.validator.as_deref().filter(|noted| noted.starts_with('"'));
            return match noted.zip(now) {
                Some((noted, now)) if noted.as_bytes() != now => {
                    Step::Refused("the file has changed on the server")
                }
                _ => Step::On,
            };
        }
        match head.status {
            206 => Step::Refused("the server sends other bytes than it was asked for"),
            416 => match whole(range) {
                Some(length) if self.at_end && length < self.from => {
                    Step::Refused("the server has less of it than is here")
                }
                _ => Step::Nothing,
            },
            200 if self.validator.is_some() => Step::Anew,
            200..300 if head.headers.get_str("Content-Length") == Some(&self.from.to_string()) => {
                Step::Nothing
            }
            _ => Step::Refused("the server does not seem to support byte ranges: cannot resume"),
        }
    }
}

/// The first number of a `Content-Range`, however it begins: some leave out the unit.
fn first_byte(range: &[u8]) -> Option<u64> {
    let at = range.iter().position(|&b| b.is_ascii_digit() || b == b'*')?;
    let digits = range[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&range[at..at + digits]).ok()?.parse().ok()
}

/// The length of the whole in a `Content-Range`.
fn whole(range: &[u8]) -> Option<u64> {
    std::str::from_utf8(range).ok()?.rsplit_once('/')?.1.trim().parse().ok()
}

/// What an `If-Range` may say of this answer: a strong entity tag, or a date that a second has
/// passed since (RFC 9110 section 8.8.2.2).
pub(super) fn validator(head: &Head) -> Option<String> {
    let fields = &head.headers;
    let tag = fields.get_str("ETag").filter(|tag| tag.len() > 1 && tag.starts_with('"'));
    if let Some(tag) = tag.filter(|tag| tag.ends_with('"')) {
        return Some(tag.to_owned());
    }
    let date = |name| httpdate::parse_http_date(fields.get_str(name)?).ok();
    let modified = date("Last-Modified")?;
    let strong = date("Date")?.duration_since(modified).ok()? >= Duration::from_secs(1);
    strong.then(|| fields.get_str("Last-Modified").map(str::to_owned))?
}

/// The note beside a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// Where it is; nowhere for what is no file.
    path: Option<PathBuf>,
    validator: Option<String>,
    came: u64,
    /// How many are to come, where that was announced.
    whole: Option<u64>,
    /// Whether it is there.
    there: bool,
}

impl Note {
    /// The note beside `file`, if there is one.
    pub(super) fn read(file: &Path) -> Option<String> {
        let path = beside(file)?;
        if !path.is_file() {
            return None;
        }
        let mut text = String::new();
        let note = open(&path).ok()?;
        note.take(LONGEST_NOTE).read_to_string(&mut text).ok()?;
        // One that was cut says nothing.
        let line = text.strip_suffix('\n').filter(|line| !line.is_empty())?;
        line.chars().all(|c| (' '..='\u{7e}').contains(&c)).then(|| line.to_owned())
    }

    /// What comes into `file` now is, from its first byte on, what has this validator.
    pub(super) fn begins(&mut self, file: &Path, validator: Option<String>) {
        self.path = beside(file);
        self.validator = validator;
        self.came = 0;
        // It would speak of what is about to be written over.
        self.remove();
    }

    /// The rest comes of what the note speaks of.
    pub(super) fn goes_on(&mut self, file: &Path, validator: Option<String>) {
        self.there = validator.is_some();
        self.path = beside(file).filter(|_| self.there);
        self.validator = validator;
    }

    /// So many bytes have been written. Unless they are all, or the first piece of nobody knows
    /// how many, the note is there from now on: whoever ends the process does not wait for it.
    pub(super) fn came(&mut self, bytes: usize) {
        let first = self.came == 0;
        self.came += bytes as u64;
        let all = self.whole.map_or(first, |whole| self.came >= whole);
        if !all && !self.there {
            self.write();
        }
    }

    /// Nothing more will come.
    pub(super) fn broke_off(&mut self) {
        if self.came > 0 && !self.there {
            self.write();
        }
    }

    /// The file is complete.
    pub(super) fn complete(&mut self) {
        if self.there {
            self.remove();
        }
    }

    /// Without a note all is as in curl, so nobody is told where it cannot be written.
    fn write(&mut self) {
        self.there = true;
        if let (Some(path), Some(validator)) = (&self.path, &self.validator) {
            let written = File::create_new(path)
                .and_then(|mut note| note.write_all(format!("{validator}\n").as_bytes()));
            if written.is_err() {
                self.path = None;
            }
        }
    }

    fn remove(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
        self.there = false;
    }
}

/// `.NAME.cruller-part`, beside a regular file, or one that is not there yet.
fn beside(file: &Path) -> Option<PathBuf> {
    if file.exists() && !file.is_file() {
        return None;
    }
    let name = file.file_name()?.to_str()?;
    Some(file.with_file_name(format!(".{name}.cruller-part")))
}

#[expect(clippy::disallowed_methods, reason = "the note beside a file that a person named")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Version;

    fn head(status: u16, fields: &[(&str, &str)]) -> Head {
        let headers = fields.iter().copied().collect();
        Head { status, version: Version::Http11, reason: Vec::new(), headers }
    }

    fn resume(validator: Option<&str>) -> Resume {
        Resume { from: 50, validator: validator.map(str::to_owned), at_end: true }
    }

    #[test]
    fn only_the_bytes_that_were_asked_for_are_added() {
        for (status, range, rest) in [
            (206, "bytes 50-99/100", true),
            (206, "bytes: 50-99/*", true),
            (206, "50-99/100", true),
            (206, "bytes 49-99/100", false),
            (206, "bytes 500-599/600", false),
            (206, "", false),
            (200, "bytes 50-99/100", false),
            (404, "bytes 50-99/100", false),
        ] {
            let fit = resume(None).fit(&head(status, &[("Content-Range", range)]));
            assert_eq!(fit == Step::On, rest, "{status} {range}");
            assert_eq!(matches!(fit, Step::Refused(_)), !rest, "{status} {range}");
        }
    }

    #[test]
    fn nothing_left_is_no_failure() {
        assert_eq!(resume(None).fit(&head(416, &[])), Step::Nothing);
        assert_eq!(resume(None).fit(&head(200, &[("Content-Length", "50")])), Step::Nothing);
        let less = head(416, &[("Content-Range", "bytes */40")]);
        assert!(matches!(resume(None).fit(&less), Step::Refused(_)));
        let given = Resume { at_end: false, ..resume(None) };
        assert_eq!(given.fit(&less), Step::Nothing);
    }

    #[test]
    fn what_has_changed_is_taken_whole_or_not_at_all() {
        let noted = resume(Some("\"a\""));
        assert_eq!(noted.fit(&head(200, &[("Content-Length", "50")])), Step::Anew);
        let rest = |tag| head(206, &[("Content-Range", "bytes 50-99/100"), ("ETag", tag)]);
        assert_eq!(noted.fit(&rest("\"a\"")), Step::On);
        assert!(matches!(noted.fit(&rest("\"b\"")), Step::Refused(_)));
        assert!(matches!(resume(None).fit(&head(200, &[])), Step::Refused(_)));
    }

    #[test]
    fn a_validator_is_strong() {
        let (early, late) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT");
        let modified = ("Last-Modified", early);
        for (fields, strong) in [
            (vec![("ETag", "\"x\""), modified], Some("\"x\"")),
            (vec![("ETag", "W/\"x\""), modified, ("Date", late)], Some(early)),
            (vec![modified, ("Date", early)], None),
            (vec![modified], None),
            (vec![("ETag", "x")], None),
            (vec![("ETag", "\"")], None),
        ] {
            assert_eq!(validator(&head(200, &fields)).as_deref(), strong, "{fields:?}");
        }
    }
}
