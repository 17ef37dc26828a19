//! The syntax of `-F`: `name=content` with its parameters, several files, parts within parts.
//!
//! ```text
//!  name=text  name=@file  name=<file            content, an upload, a field read from a file
//!  ;type=text/x; charset=y  ;filename=z  ;headers="A: b"  ;headers=@file  ;encoder=base64
//!  name=@one,two;type=image/gif,three           several files for one name
//!  =(;type=multipart/alternative  …  =)         parts within a part
//!  "a word with ; , \" and \\ in it"
//! ```

use crate::cli::exit::{Failure, code};
use crate::client::multipart::Encoding;

/// One `-F` or `--form-string` as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct FormPiece {
    pub(in crate::cli) text: String,
    /// `--form-string`: the content means itself.
    pub(in crate::cli) literal: bool,
}

/// A part as it was typed; no file has been looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) name: Option<String>,
    pub(super) filename: Option<String>,
    pub(super) media_type: Option<String>,
    pub(super) fields: Vec<Lines>,
    pub(super) encoding: Option<Encoding>,
    pub(super) content: Content,
}

/// Further field lines of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// This one.
    One(String),
    /// Those in a file.
    File(String),
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    /// What is in a file, which is uploaded as such.
    Upload(String),
    /// What is in a file.
    File(String),
    Parts(Vec<Typed>),
}

impl Default for Content {
    fn default() -> Content {
        Content::Text(String::new())
    }
}

/// Reads all pieces of a form; the second are warnings about what was passed over.
///
/// # Errors
/// A piece that means nothing.
pub(super) fn parts(pieces: &[FormPiece]) -> Result<(Vec<Typed>, Vec<String>), Failure> {
    let mut warnings = Vec::new();
    // The part that is being filled is the last one: the form itself lies at the bottom.
    let mut open = vec![Typed { content: Content::Parts(Vec::new()), ..Typed::default() }];
    for piece in pieces {
        let Some((name, value)) = piece.text.split_once('=') else {
            return Err(Failure::usage(format!("-F: \"{}\" is no name=content", piece.text)));
        };
        let name = (!name.is_empty()).then(|| name.to_owned());
        let mut reader = Reader { rest: value, warnings: &mut warnings };
        match value.chars().next().filter(|_| !piece.literal) {
            Some('(') => {
                let part = reader.part(None, &["type", "headers"])?;
                open.push(Typed { name, content: Content::Parts(Vec::new()), ..part });
            }
            Some(')') if name.is_none() && value == ")" => {
                if open.len() < 2 {
                    return Err(Failure::usage("-F: no multipart to terminate by \"=)\""));
                }
                close(&mut open);
            }
            Some('@') => {
                let upload = reader.uploads(name)?;
                add(&mut open, upload);
            }
            Some('<') => {
                reader.rest = &value[1..];
                let mut part = reader.part(None, &["type", "headers", "encoder"])?;
                if let Content::Text(file) = part.content {
                    part.content = Content::File(file);
                }
                add(&mut open, Typed { name, ..part });
            }
            _ if piece.literal => {
                let content = Content::Text(value.to_owned());
                add(&mut open, Typed { name, content, ..Typed::default() });
            }
            _ => {
                let part = reader.part(None, &["type", "filename", "headers", "encoder"])?;
                add(&mut open, Typed { name, ..part });
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let form = open.pop().map(|form| form.content);
    Ok((if let Some(Content::Parts(parts)) = form { parts } else { Vec::new() }, warnings))
}

fn add(open: &mut [Typed], part: Typed) {
    if let Some(Typed { content: Content::Parts(parts), .. }) = open.last_mut() {
        parts.push(part);
    }
}

fn close(open: &mut Vec<Typed>) {
    if let Some(part) = open.pop() {
        add(open, part);
    }
}

/// Reads parameters off the front of what is left.
struct Reader<'t, 'w> {
    rest: &'t str,
    warnings: &'w mut Vec<String>,
}

impl<'t> Reader<'t, '_> {
    /// `@one,two`: one file is a part, several are parts of one.
    fn uploads(&mut self, name: Option<String>) -> Result<Typed, Failure> {
        let mut files = Vec::new();
        // The `@`, and then every comma.
        while !self.rest.is_empty() {
            self.rest = &self.rest[1..];
            let mut part = self.part(Some(','), &["type", "filename", "headers", "encoder"])?;
            if let Content::Text(file) = part.content {
                part.content = Content::Upload(file);
            }
            files.push(part);
        }
        match (files.pop(), files.is_empty()) {
            (Some(only), true) => Ok(Typed { name, ..only }),
            (last, _) => {
                files.extend(last);
                Ok(Typed { name, content: Content::Parts(files), ..Typed::default() })
            }
        }
    }

    /// Content and its parameters, up to `end`. Those that have no meaning here are warned of.
    fn part(&mut self, end: Option<char>, meant: &[&str]) -> Result<Typed, Failure> {
        let mut part = Typed { content: Content::Text(self.word(end)), ..Typed::default() };
        while self.rest.starts_with(';') {
            self.rest = self.rest[1..].trim_start();
            let Some(parameter) = self.parameter() else {
                let unknown = self.word(end);
                if !unknown.is_empty() {
                    self.warnings.push(format!("skip unknown form field: {unknown}"));
                }
                continue;
            };
            let value = self.value(parameter, end)?;
            let at = if meant.contains(&parameter) { parameter } else { "" };
            match (at, value) {
                ("type", Value::Text(text)) => part.media_type = Some(text),
                ("filename", Value::Text(text)) => part.filename = Some(text),
                ("encoder", Value::Text(text)) => part.encoding = Some(encoding(&text)?),
                ("headers", Value::Lines(lines)) => part.fields.push(lines),
                (_, value) => {
                    let what = match parameter {
                        "type" => "content type",
                        "filename" => "filename",
                        other => other,
                    };
                    let text = match value {
                        Value::Text(text) => text,
                        Value::Lines(Lines::One(line) | Lines::File(line)) => line,
                    };
                    self.warnings.push(format!("Field {what} not allowed here: {text}"));
                }
            }
        }
        if end.is_none() && !self.rest.is_empty() {
            self.warnings.push(format!("garbage at end of field specification: {}", self.rest));
        }
        Ok(part)
    }

    /// Takes the name of a parameter and its `=`.
    fn parameter(&mut self) -> Option<&'static str> {
        let (name, behind) = self.rest.split_once('=')?;
        let known = ["type", "filename", "headers", "encoder"];
        let known = known.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
        self.rest = behind;
        Some(known)
    }

    fn value(&mut self, parameter: &str, end: Option<char>) -> Result<Value, Failure> {
        let marked = parameter == "headers" && self.rest.starts_with(['@', '<']);
        if marked {
            self.rest = &self.rest[1..];
        }
        self.rest = self.rest.trim_start();
        let text = if parameter == "type" { self.media_type(end)? } else { self.word(end) };
        Ok(match parameter {
            "headers" if marked => Value::Lines(Lines::File(text)),
            "headers" => Value::Lines(Lines::One(one_line(text)?)),
            "type" => Value::Text(one_line(text)?),
            _ => Value::Text(text),
        })
    }

    /// A media type with its parameters: everything up to one of ours.
    fn media_type(&mut self, end: Option<char>) -> Result<String, Failure> {
        let stops = |c: char| c == ';' || Some(c) == end;
        let bare = &self.rest[..self.rest.find(stops).unwrap_or(self.rest.len())];
        let sound = bare.split_once('/').is_some_and(|(kind, subtype)| {
            let named = |part: &str| part.starts_with(|c: char| !c.is_whitespace() && c != ',');
            !kind.is_empty() && !kind.contains(' ') && named(subtype)
        });
        if !sound {
            return Err(Failure::usage(format!("-F: type=\"{bare}\" is no media type")));
        }
        let whole = self.rest;
        let mut length = bare.len();
        while whole[length..].starts_with(';') {
            self.rest = whole[length + 1..].trim_start();
            if self.parameter().is_some() {
                break;
            }
            let behind = &whole[length + 1..];
            length += 1 + behind.find(stops).unwrap_or(behind.len());
        }
        self.rest = &whole[length..];
        Ok(whole[..length].trim_end().to_owned())
    }

    /// A word in quotes, or all up to `;` or `end`, with the spaces around it taken off. A quote
    /// that is not closed is a letter like any other.
    fn word(&mut self, end: Option<char>) -> String {
        self.rest = self.rest.trim_start();
        let stops = |c: char| c == ';' || Some(c) == end;
        if let Some((word, behind)) = quoted(self.rest) {
            let stop = behind.find(stops).unwrap_or(behind.len());
            if !behind[..stop].trim().is_empty() {
                self.warnings.push("Trailing data after quoted form parameter".to_owned());
            }
            self.rest = &behind[stop..];
            return word;
        }
        let (word, rest): (&'t str, _) =
            self.rest.split_at(self.rest.find(stops).unwrap_or(self.rest.len()));
        self.rest = rest;
        word.trim_end().to_owned()
    }
}

enum Value {
    Text(String),
    Lines(Lines),
}

/// The word in quotes at the beginning of `text`, and what stands behind it. A backslash is one
/// only before a quote or another backslash.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut chars = text.strip_prefix('"')?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            // The quote it began with is before `at`.
            '"' => return Some((word, &text[at + 2..])),
            '\\' => match chars.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => word.push(escaped),
                None => word.push('\\'),
            },
            c => word.push(c),
        }
    }
    None
}

fn encoding(name: &str) -> Result<Encoding, Failure> {
    let known = Encoding::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name));
    known.ok_or_else(|| {
        Failure::new(code::BAD_ARGUMENT, format!("-F: encoder={name} is unknown"))
            .hint("there are binary, 8bit, 7bit, base64 and quoted-printable")
    })
}

/// # Errors
/// A line break, which would begin another field.
pub(super) fn one_line(text: String) -> Result<String, Failure> {
    if text.bytes().any(|b| matches!(b, b'\r' | b'\n' | 0)) {
        return Err(Failure::usage("-F: a line break in a field of a part"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> Result<(Vec<Typed>, Vec<String>), Failure> {
        let piece = |text: &&str| FormPiece { text: (*text).to_owned(), literal: false };
        parts(&pieces.iter().map(piece).collect::<Vec<_>>())
    }

    /// The one part of one piece, without a warning.
    fn one(piece: &str) -> Typed {
        let (mut parts, warnings) = read(&[piece]).unwrap();
        assert!(warnings.is_empty() && parts.len() == 1, "{piece}: {parts:?} {warnings:?}");
        parts.remove(0)
    }

    fn named(name: &str, content: Content) -> Typed {
        Typed { name: Some(name.to_owned()), content, ..Typed::default() }
    }

    fn upload(file: &str) -> Content {
        Content::Upload(file.to_owned())
    }

    fn text(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    #[test]
    fn content_is_text_an_upload_or_the_text_in_a_file() {
        assert_eq!(one("a=b c"), named("a", text("b c")));
        assert_eq!(one("a=b=c"), named("a", text("b=c")));
        assert_eq!(one("a= b "), named("a", text("b")));
        assert_eq!(one("a=@f"), named("a", upload("f")));
        assert_eq!(one("a=<-"), named("a", Content::File("-".to_owned())));
        assert_eq!(one("=x"), Typed { content: text("x"), ..Typed::default() });
    }

    #[test]
    fn a_literal_means_itself() {
        for value in ["@f", "<f", "(", "a;type=x/y", "\"q\""] {
            let piece = FormPiece { text: format!("a={value}"), literal: true };
            assert_eq!(parts(&[piece]).unwrap().0, [named("a", text(value))]);
        }
    }

    #[test]
    fn parameters_stand_in_any_order_and_case() {
        let part = one("a=@f; Type=text/x; charset=y;filename=n.t ;encoder=BASE64;headers=A: b");
        let expected = Typed {
            media_type: Some("text/x; charset=y".to_owned()),
            filename: Some("n.t".to_owned()),
            encoding: Some(Encoding::Base64),
            fields: vec![Lines::One("A: b".to_owned())],
            ..named("a", upload("f"))
        };
        assert_eq!(part, expected);
        assert_eq!(one("a=b;headers=@ h").fields, [Lines::File("h".to_owned())]);
    }

    #[test]
    fn quotes_hold_what_would_end_a_word() {
        let part = one(r#"a=@"f;1,2";type=mo/foo;filename="f\\\\ak\\\er,\\an\d;.t\"xt""#);
        assert_eq!(part.content, upload("f;1,2"));
        assert_eq!(part.filename.as_deref(), Some(r#"f\\ak\\er,\an\d;.t"xt"#));
        assert_eq!(one(r#"a=" x;y ""#).content, text(" x;y "));
        assert_eq!(one(r#"a="x"#).content, text("\"x"));
    }

    #[test]
    fn files_with_commas_between_are_parts_of_one() {
        let part = one("a=@f;type=image/gif,g,\"h,i\"");
        let file = |name| Typed { content: upload(name), ..Typed::default() };
        let first = Typed { media_type: Some("image/gif".to_owned()), ..file("f") };
        let files = vec![first, file("g"), file("h,i")];
        assert_eq!(part, named("a", Content::Parts(files)));
    }

    #[test]
    fn parts_stand_within_parts() {
        let (read, _) =
            read(&["a=1", "=(;type=multipart/x", "=2", "=(", "=3", "=)", "=)", "b=4"]).unwrap();
        let plain = |content| Typed { content, ..Typed::default() };
        let inner = plain(Content::Parts(vec![plain(text("3"))]));
        let outer = Typed {
            media_type: Some("multipart/x".to_owned()),
            ..plain(Content::Parts(vec![plain(text("2")), inner]))
        };
        assert_eq!(read, [named("a", text("1")), outer, named("b", text("4"))]);
        assert_eq!(parts(&[]).unwrap().0, []);
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for bad in
            ["a", "=)", "a=b;type=x", "a=b;type=/y", "a=b;encoder=x", "a=b;headers=\"A:\nb\""]
        {
            assert!(read(&[bad]).is_err(), "{bad}");
        }
        assert_eq!(read(&["a=b;encoder=x"]).unwrap_err().code, code::BAD_ARGUMENT);
    }

    #[test]
    fn what_is_passed_over_is_warned_of() {
        for (piece, warning) in [
            ("a=b;nonsense=1", "skip unknown form field: nonsense=1"),
            ("a=<b;filename=c", "Field filename not allowed here: c"),
            ("a=(;encoder=8bit", "Field encoder not allowed here: 8bit"),
            ("a=\"b\"c", "Trailing data after quoted form parameter"),
        ] {
            assert_eq!(read(&[piece]).unwrap().1, [warning], "{piece}");
        }
    }
}
