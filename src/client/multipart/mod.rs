//! Multipart content (RFC 2046 section 5.1, RFC 7578): parts laid out as segments to be sent.
//!
//! A pure machine: what a source holds is not read here. Text becomes bytes, a source stays a
//! source, and between them stand boundaries and the fields of each part, as curl writes them.

mod encoded;
mod encoding;

pub use encoding::{Encoder, Encoding, NotSevenBit};

use std::hash::{BuildHasher, Hasher, RandomState};

/// A part, `S` being whatever can be read later: a file, standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<S> {
    /// What the field is called.
    pub name: Option<String>,
    /// The name of the file that it is said to be.
    pub filename: Option<String>,
    /// What it is, where somebody said so.
    pub media_type: Option<String>,
    /// Further field lines, `Name: value`.
    pub fields: Vec<String>,
    /// How it is encoded.
    pub encoding: Option<Encoding>,
    /// What it holds.
    pub body: Body<S>,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<S> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What is read when it is sent.
    Source {
        /// Where it is read.
        source: S,
        /// The file's path, whose ending tells what it is; a pipe has none.
        path: Option<String>,
    },
    /// Parts of its own.
    Parts(Vec<Part<S>>),
}

/// A piece of the content, in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<S> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What the source holds, encoded.
    Source(S, Option<Encoding>),
}

/// How names stand in quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escaping {
    /// A quote is `%22`, as browsers have it (the URL and HTML standards).
    #[default]
    Percent,
    /// A quote is `\"` and a backslash `\\`.
    Backslash,
}

/// Content, laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout<S> {
    /// The value of `Content-Type`, the boundary in it.
    pub media_type: String,
    /// The content.
    pub segments: Vec<Segment<S>>,
}

/// What a form is.
const FORM_DATA: &str = "multipart/form-data";

/// What parts within a part are, where nobody said.
const MIXED: &str = "multipart/mixed";

/// Lays parts out; `media_type` is what the whole is said to be, a form unless given.
///
/// # Errors
/// Text with other bytes than its encoding promises.
pub fn layout<S>(
    parts: Vec<Part<S>>,
    media_type: Option<&str>,
    escaping: Escaping,
    boundary: &mut dyn FnMut() -> String,
) -> Result<Layout<S>, NotSevenBit> {
    let own = boundary();
    let media_type = media_type.unwrap_or(FORM_DATA);
    let mut writer = Writer { escaping, boundary, segments: Vec::new(), text: Vec::new() };
    writer.parts(parts, media_type, &own)?;
    writer.flush();
    Ok(Layout { media_type: format!("{media_type}; boundary={own}"), segments: writer.segments })
}

/// A boundary that no content has: 22 letters and digits, some 130 bits, behind the dashes
/// that servers look for.
pub fn random_boundary() -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const LENGTH: usize = 22;
    // Keys that the system gives each hash map: as good a source as any of the standard library.
    let keys = RandomState::new();
    let mut text = "-".repeat(24);
    for at in 0..LENGTH {
        let mut hasher = keys.build_hasher();
        hasher.write_usize(at);
        let letter = usize::try_from(hasher.finish() % 62).unwrap_or_default();
        text.push(char::from(LETTERS[letter]));
    }
    text
}

struct Writer<'b, S> {
    escaping: Escaping,
    boundary: &'b mut dyn FnMut() -> String,
    segments: Vec<Segment<S>>,
    /// Bytes since the last source.
    text: Vec<u8>,
}

impl<S> Writer<'_, S> {
    fn say(&mut self, words: &[&str]) {
        for word in words {
            self.text.extend_from_slice(word.as_bytes());
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.segments.push(Segment::Bytes(std::mem::take(&mut self.text)));
        }
    }

    fn parts(
        &mut self,
        parts: Vec<Part<S>>,
        media_type: &str,
        boundary: &str,
    ) -> Result<(), NotSevenBit> {
        let in_form = is_media_type(media_type, FORM_DATA);
        let mut line_break = "";
        for part in parts {
            self.say(&[line_break, "--", boundary, "\r\n"]);
            line_break = "\r\n";
            self.part(part, in_form)?;
        }
        self.say(&[line_break, "--", boundary, "--\r\n"]);
        Ok(())
    }

    fn part(&mut self, part: Part<S>, in_form: bool) -> Result<(), NotSevenBit> {
        let given = part.media_type.as_deref().or_else(|| field(&part.fields, "Content-Type"));
        let media_type = given.map(str::to_owned).or_else(|| guessed(&part));
        let inner = matches!(part.body, Body::Parts(_)).then(|| (self.boundary)());
        self.disposition(&part, in_form);
        if let Some(media_type) = &media_type {
            self.say(&["Content-Type: ", media_type]);
            if let Some(inner) = &inner {
                self.say(&["; boundary=", inner]);
            }
            self.say(&["\r\n"]);
        }
        if let Some(encoding) = part.encoding
            && field(&part.fields, "Content-Transfer-Encoding").is_none()
        {
            self.say(&["Content-Transfer-Encoding: ", encoding.name(), "\r\n"]);
        }
        for line in part.fields.iter().filter(|line| value(line, "Content-Type").is_none()) {
            self.say(&[line, "\r\n"]);
        }
        self.say(&["\r\n"]);
        match part.body {
            Body::Bytes(bytes) => {
                let mut encoder = Encoder::new(part.encoding);
                encoder.push(&bytes, true, &mut self.text)?;
            }
            Body::Source { source, .. } => {
                self.flush();
                self.segments.push(Segment::Source(source, part.encoding));
            }
            Body::Parts(parts) => {
                let media_type = media_type.unwrap_or_default();
                self.parts(parts, &media_type, &inner.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Which field of the form it is; elsewhere an attachment, if it has a name at all.
    fn disposition(&mut self, part: &Part<S>, in_form: bool) {
        let named = part.name.is_some() || part.filename.is_some();
        let said = field(&part.fields, "Content-Disposition").is_some();
        if said || !(in_form || named) {
            return;
        }
        let kind = if in_form { "form-data" } else { "attachment" };
        self.say(&["Content-Disposition: ", kind]);
        for (label, name) in [("name", &part.name), ("filename", &part.filename)] {
            if let Some(name) = name {
                let name = escaped(name, self.escaping);
                self.say(&["; ", label, "=\"", &name, "\""]);
            }
        }
        self.say(&["\r\n"]);
    }
}

/// The value of the first field called `name`.
fn field<'f>(fields: &'f [String], name: &str) -> Option<&'f str> {
    fields.iter().find_map(|line| value(line, name))
}

fn value<'f>(line: &'f str, name: &str) -> Option<&'f str> {
    let (said, value) = line.split_once(':')?;
    said.eq_ignore_ascii_case(name).then(|| value.trim_start_matches(' '))
}

/// Whether a media type, parameters aside, is `name`.
fn is_media_type(text: &str, name: &str) -> bool {
    let end = text.find([';', ' ', '\t', '\r', '\n']).unwrap_or(text.len());
    text[..end].eq_ignore_ascii_case(name)
}

/// What a part is where nobody said: by its name, as curl knows names. Plain text is said of
/// files only; of a field it goes without saying.
fn guessed<S>(part: &Part<S>) -> Option<String> {
    const UNKNOWN: &str = "application/octet-stream";
    let by_filename = part.filename.as_deref().and_then(by_ending);
    let guess = match &part.body {
        Body::Parts(_) => Some(MIXED),
        Body::Source { path: Some(path), .. } => by_filename
            .or_else(|| by_ending(path))
            .or_else(|| part.filename.is_some().then_some(UNKNOWN)),
        Body::Source { path: None, .. } | Body::Bytes(_) => by_filename,
    };
    guess.filter(|guess| *guess != "text/plain" || part.filename.is_some()).map(str::to_owned)
}

fn by_ending(name: &str) -> Option<&'static str> {
    const ENDINGS: [(&str, &str); 10] = [
        ("gif", "image/gif"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
        ("txt", "text/plain"),
        ("htm", "text/html"),
        ("html", "text/html"),
        ("pdf", "application/pdf"),
        ("xml", "application/xml"),
    ];
    let (_, ending) = name.rsplit_once('.')?;
    let known = ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending));
    known.map(|(_, media_type)| *media_type)
}

/// A name inside quotes. Line breaks never stand as they are: they would end the field.
fn escaped(name: &str, escaping: Escaping) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match (c, escaping) {
            ('\r', _) => out.push_str("%0D"),
            ('\n', _) => out.push_str("%0A"),
            ('"', Escaping::Percent) => out.push_str("%22"),
            ('"' | '\\', Escaping::Backslash) => out.extend(['\\', c]),
            (c, _) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
