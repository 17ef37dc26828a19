//! `-F`, `--form-string`, `--form-escape`: a filled-in form, sent as multipart content.
//!
//! `parse` reads what was typed; here files are looked at and everything is laid out by
//! `client::multipart`. A file is read when it is sent; standard input is read at once, because
//! its length is wanted and a redirect may want it again.

mod parse;

use super::exit::{Failure, code};
use super::{input, print, source};
use crate::base::Content;
use crate::client::HeaderLine;
use crate::client::multipart::{self, Body, Escaping, Part};
pub(super) use parse::FormPiece;
use parse::{Lines, Typed};
use std::path::Path;

/// A form as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) pieces: Vec<FormPiece>,
    /// `--form-escape`.
    escaping: Escaping,
}

/// Content, and what it is.
pub(super) struct Laid {
    pub(super) media_type: String,
    pub(super) content: Content,
}

impl Form {
    /// `--form-escape`, and its opposite.
    pub(super) fn escape(&mut self, on: bool) {
        self.escaping = if on { Escaping::Backslash } else { Escaping::Percent };
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Files looked at, everything laid out. A `Content-Type` among `headers` says what the
    /// whole is, and is taken from there: it goes out with the boundary.
    ///
    /// # Errors
    /// A piece that means nothing, or a file that is not there.
    pub(super) fn content(&self, headers: &mut Vec<HeaderLine>) -> Result<Option<Laid>, Failure> {
        if self.is_empty() {
            return Ok(None);
        }
        let (typed, warnings) = parse::parts(&self.pieces)?;
        for warning in warnings {
            print::warning(&warning);
        }
        let parts = typed.into_iter().map(part).collect::<Result<Vec<_>, _>>()?;
        let mut media_type = None;
        headers.retain(|line| match line {
            HeaderLine::Set(name, value) if name.trim().eq_ignore_ascii_case("Content-Type") => {
                media_type.get_or_insert_with(|| value.clone());
                false
            }
            _ => true,
        });
        let boundary = &mut multipart::random_boundary;
        let layout = multipart::layout(parts, media_type.as_deref(), self.escaping, boundary)
            .map_err(|wrong| Failure::new(code::READ, format!("-F: {wrong}")))?;
        let segments = layout.segments.into_iter().map(multipart::Segment::into_content);
        let mut segments: Vec<Content> = segments.collect();
        let content = match (segments.pop(), segments.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Content::joined(segments.into_iter().chain(last)),
        };
        Ok(Some(Laid { media_type: layout.media_type, content }))
    }
}

fn part(typed: Typed) -> Result<Part<Content>, Failure> {
    let mut filename = typed.filename;
    let body = match typed.content {
        parse::Content::Text(text) => Body::Bytes(text.into_bytes()),
        parse::Content::File(file) => source(file)?,
        parse::Content::Upload(file) => {
            filename = filename.or_else(|| Some(last_of(&file)));
            source(file)?
        }
        parse::Content::Parts(parts) => {
            Body::Parts(parts.into_iter().map(part).collect::<Result<_, _>>()?)
        }
    };
    let mut fields = Vec::new();
    for lines in typed.fields {
        match lines {
            Lines::One(line) => fields.push(line),
            Lines::File(file) => fields.extend(field_lines(&file)?),
        }
    }
    let (name, media_type, encoding) = (typed.name, typed.media_type, typed.encoding);
    Ok(Part { name, filename, media_type, fields, encoding, body })
}

fn source(file: String) -> Result<Body<Content>, Failure> {
    if file == "-" {
        let source = Content::from(input::read("-")?);
        return Ok(Body::Source { source, path: None });
    }
    Ok(Body::Source { source: source::file(&file)?, path: Some(file) })
}

/// The name of an uploaded file: the last part of its path.
fn last_of(file: &str) -> String {
    let name = Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| file.to_owned())
}

/// The field lines in a file: a line that begins with white space goes on with the one before;
/// empty lines and those with `#` in front are passed over.
fn field_lines(file: &str) -> Result<Vec<String>, Failure> {
    let text = String::from_utf8_lossy(&input::read(file)?).into_owned();
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.replace('\r', "");
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line.trim_end()),
            _ if line.trim().is_empty() || line.starts_with('#') => {}
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    Ok(lines)
}
