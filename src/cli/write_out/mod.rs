//! `-w`: what a transfer was like, in a person's own words.
//!
//! ```text
//!  %{response_code} %{time_total}\n      a variable: a name in %{…}
//!  %header{etag} %header{via:all:, }      a field of the last head, by its name; all of that name
//!  %time{%F %T}                          the time, as strftime writes it
//!  %output{FILE} %output{>>FILE}         what follows goes to a file
//!  %{stderr} %{stdout} %{onerror}        … or there; or is for failures only
//! ```

mod facts;
mod strftime;
mod sums;
mod urls;

use super::exit::{Failure, code};
use super::input;
use super::output::Writer;
use super::print;
use crate::base::system_words;
use crate::net::clock;
pub(super) use facts::Facts;
use std::path::PathBuf;

/// A format, cut into its parts.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteOut {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
    /// A field's first value, or all of them with this between them.
    Header(String, Option<String>),
    Time(String),
    /// Where what follows goes.
    To(Place),
    /// What follows is for failures only.
    OnError,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Stdout,
    Stderr,
    File { path: PathBuf, append: bool },
}

impl WriteOut {
    /// Reads a format; `@FILE` names a file that holds one, `@-` standard input.
    ///
    /// # Errors
    /// A file that cannot be read. A variable that does not exist is told of when it is met.
    pub(super) fn parse(text: &str) -> Result<WriteOut, Failure> {
        match text.strip_prefix('@') {
            Some(file) => {
                let text = input::read(file)?;
                Ok(WriteOut { parts: parts(&String::from_utf8_lossy(&text)) })
            }
            None => Ok(WriteOut { parts: parts(text) }),
        }
    }

    /// Writes what a transfer was like.
    ///
    /// # Errors
    /// What was to be written cannot be.
    pub(super) fn write(&self, facts: &Facts) -> Result<(), Failure> {
        let mut writer = None;
        let mut to_stderr = false;
        for part in &self.parts {
            let text = match part {
                Part::Text(text) => text.clone().into_bytes(),
                Part::Variable(name) => facts.written(name).unwrap_or_else(|| {
                    print::error(&format!("cruller: unknown --write-out variable: '{name}'\n"));
                    Vec::new()
                }),
                Part::Header(name, None) => facts.header_bytes(name).to_vec(),
                Part::Header(name, Some(between)) => facts.headers(name, between),
                Part::Time(format) => strftime::strftime(format, clock::wall()).into_bytes(),
                Part::OnError if facts.exit == 0 => return Ok(()),
                Part::OnError => continue,
                Part::To(place) => {
                    // What cannot be made changes nothing, as in curl.
                    match place.open() {
                        Ok(opened) => (writer, to_stderr) = (opened, *place == Place::Stderr),
                        Err(error) => {
                            let why = system_words(&error);
                            print::warning(&format!("-w goes on where it was: {why}"));
                        }
                    }
                    continue;
                }
            };
            if to_stderr {
                print::error_bytes(&text);
            } else {
                let written = match &mut writer {
                    Some(file) => Writer::write(file, &text),
                    None => print::bytes(&text),
                };
                written.map_err(unwritten)?;
            }
        }
        Ok(())
    }
}

impl Place {
    /// The file, if it is one.
    fn open(&self) -> std::io::Result<Option<Writer>> {
        match self {
            Place::Stdout | Place::Stderr => Ok(None),
            Place::File { path, append } => {
                if *append {
                    return Writer::append_to(path).map(Some);
                }
                let mut writer = Writer::over(path);
                writer.open()?;
                Ok(Some(writer))
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unwritten(error: std::io::Error) -> Failure {
    Failure::new(code::WRITE, format!("cannot write -w: {}", system_words(&error)))
}

/// Cuts a format. What is not understood stands for itself.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (taken, part) = match c {
            '\\' => (escape(rest, &mut plain), None),
            '%' => percent(rest, &mut plain),
            c => {
                plain.push(c);
                (c.len_utf8(), None)
            }
        };
        if let Some(part) = part {
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(part);
        }
        rest = &rest[taken..];
    }
    parts.push(Part::Text(plain));
    parts
}

/// `\n` and its kin; returns how many bytes they took.
fn escape(rest: &str, plain: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some('n') => plain.push('\n'),
        Some('r') => plain.push('\r'),
        Some('t') => plain.push('\t'),
        Some(c) => plain.extend(['\\', c]),
        None => plain.push('\\'),
    }
    1 + rest[1..].chars().next().map_or(0, char::len_utf8)
}

/// `%%`, `%{name}`, `%header{name}`, `%output{file}`; returns how many bytes they took.
fn percent(rest: &str, plain: &mut String) -> (usize, Option<Part>) {
    if rest.starts_with("%%") {
        plain.push('%');
        return (2, None);
    }
    for start in ["%{", "%header{", "%output{", "%time{"] {
        let Some(inner) = rest.strip_prefix(start) else { continue };
        let Some(end) = inner.find('}') else { continue };
        let name = inner[..end].to_owned();
        let part = match (start, name.as_str()) {
            ("%header{", _) => header(&name),
            ("%time{", _) => Part::Time(name),
            ("%output{", _) => Part::To(file(&name)),
            (_, "stdout") => Part::To(Place::Stdout),
            (_, "stderr") => Part::To(Place::Stderr),
            (_, "onerror") => Part::OnError,
            _ => Part::Variable(name),
        };
        return (start.len() + end + 1, Some(part));
    }
    plain.push('%');
    (1, None)
}

/// `name`, or `name:all:between`.
fn header(text: &str) -> Part {
    match text.split_once(":all:") {
        Some((name, between)) => Part::Header(name.to_owned(), Some(between.to_owned())),
        None => Part::Header(text.to_owned(), None),
    }
}

fn file(name: &str) -> Place {
    match name.strip_prefix(">>") {
        Some(path) => Place::File { path: PathBuf::from(path), append: true },
        None => Place::File { path: PathBuf::from(name), append: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_cut_into_its_parts() {
        let text = |text: &str| Part::Text(text.to_owned());
        let cut: Vec<Part> = parts(r"a\t%%%{x}\n%header{Y}%{stderr}b%{open %")
            .into_iter()
            .filter(|part| *part != text(""))
            .collect();
        let expected = [
            text("a\t%"),
            Part::Variable("x".to_owned()),
            text("\n"),
            Part::Header("Y".to_owned(), None),
            Part::To(Place::Stderr),
            text("b%{open %"),
        ];
        assert_eq!(cut, expected);
    }

    #[test]
    fn times_and_all_values_of_a_field_have_words_of_their_own() {
        let all = Part::Header("via".to_owned(), Some(", ".to_owned()));
        assert!(parts("%header{via:all:, }").contains(&all));
        assert!(parts("a%time{%F}b").contains(&Part::Time("%F".to_owned())));
    }

    #[test]
    fn a_file_is_written_anew_or_added_to() {
        let place = |path: &str, append| Part::To(Place::File { path: path.into(), append });
        assert!(parts("%output{>>log}x").contains(&place("log", true)));
        assert!(parts("%output{log}x").contains(&place("log", false)));
    }
}
