//! The field lines of a head, sorted as the registry groups fields, each with what it says.

use super::reading::{self, About};
use crate::base::Headers;
use crate::cookie::Stored;
use crate::h1::head;
use crate::registry::{self, Group};

/// One field line.
#[derive(Debug)]
pub struct Line {
    /// The name as it was written.
    pub name: String,
    /// The value as it came.
    pub value: Vec<u8>,
    /// What it is about.
    pub group: Group,
    /// What the value says, where that can be told in a line.
    pub reading: Option<String>,
    /// Of a `Set-Cookie` line: what became of the cookie.
    pub stored: Option<Stored>,
}

impl Line {
    /// Whether the field has this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A head in its groups: those of one group stand together, in the order they came.
#[derive(Debug, Default)]
pub struct Message {
    /// The request line or the status line.
    pub start: Vec<u8>,
    /// The field lines, by [`Group::ALL`]'s order.
    pub lines: Vec<Line>,
    /// Bytes of the head as it went over the wire.
    pub size: usize,
}

impl Message {
    /// From a head as it went over the wire and its fields; `stored` belongs to the `Set-Cookie`
    /// lines, in order.
    pub(super) fn new(
        raw: &[u8],
        headers: &Headers,
        stored: &[Stored],
        about: &About<'_>,
    ) -> Message {
        let mut verdicts = stored.iter();
        let mut lines: Vec<Line> = headers
            .iter()
            .map(|field| Line {
                name: field.name.to_owned(),
                value: field.value.to_vec(),
                group: registry::group(field.name),
                reading: reading::of(field.name, field.value, about),
                stored: if field.is("Set-Cookie") { verdicts.next().cloned() } else { None },
            })
            .collect();
        let place = |group| Group::ALL.iter().position(|other| *other == group);
        lines.sort_by_key(|line| place(line.group));
        Message { start: first_line(raw).to_vec(), lines, size: raw.len() }
    }
}

fn first_line(raw: &[u8]) -> &[u8] {
    let line = raw.split(|&b| b == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The fields of a request's head as it went over the wire; none where it did not come to that.
pub(super) fn request_fields(raw: &[u8]) -> Headers {
    head::parse_request(raw).map(|request| request.headers).unwrap_or_default()
}
