//! The heads of a hop: fields by their groups, each with what it says.

use super::measure::bytes;
use crate::cli::paper::{Ink, Paper, columns};
use crate::cli::print::visible;
use crate::cookie::Verdict;
use crate::inspect::{Line, Message, secret};

/// A value is shown up to so many characters; a policy may have thousands.
const LONGEST: usize = 400;

/// The widest column of names; a longer name has a line to itself.
const WIDEST_NAME: usize = 26;

/// A head, its lines as far as they are wanted.
pub(super) fn head(
    paper: &mut Paper,
    (label, column): (&str, usize),
    message: &Message,
    secrets: bool,
    wanted: impl Fn(&Line) -> bool,
) {
    let lines: Vec<&Line> = message.lines.iter().filter(|line| wanted(line)).collect();
    let size = bytes(message.size as u64);
    let start = value(&message.start, None, secrets);
    paper.row(3, (Ink::Label, label), column, &[(Ink::Plain, &format!("{start}  ({size})"))]);
    let widest =
        lines.iter().map(|line| columns(&visible(line.name.as_bytes()))).max().unwrap_or(0);
    let at = 7 + widest.min(WIDEST_NAME) + 2;
    let mut group = None;
    for line in lines {
        if group != Some(line.group) {
            paper.paragraph(5, &[(Ink::Faint, line.group.heading())]);
            group = Some(line.group);
        }
        field(paper, line, at, secrets);
    }
}

fn field(paper: &mut Paper, line: &Line, column: usize, secrets: bool) {
    let shown = value(&line.value, Some(&line.name), secrets);
    let name = shortened(line.name.as_bytes());
    paper.row(7, (Ink::Name, &name), column, &[(Ink::Plain, &shown)]);
    if let Some(text) = &line.reading {
        reading(paper, column, Ink::Faint, text);
    }
    if let Some(stored) = &line.stored {
        let tone = match stored.verdict {
            Verdict::Refused(_) => Ink::Bad,
            Verdict::Created | Verdict::Replaced | Verdict::Removed => Ink::Good,
        };
        reading(paper, column, tone, &stored.verdict.to_string());
    }
}

/// What something says, below it.
fn reading(paper: &mut Paper, column: usize, tone: Ink, text: &str) {
    paper.row(column, (Ink::Label, "→"), column + 2, &[(tone, &visible(text.as_bytes()))]);
}

/// A URL as a title; of a saved answer nobody may know it.
pub(super) fn url(url: &str, secrets: bool) -> String {
    if url.is_empty() {
        "(no URL is known)".to_owned()
    } else {
        value(url.as_bytes(), None, secrets)
    }
}

/// A value on one line, without its secrets unless they are wanted, and not for pages.
pub(super) fn value(value: &[u8], name: Option<&str>, secrets: bool) -> String {
    let masked = match (secrets, name) {
        (true, _) => None,
        (false, Some(name)) => secret::masked(name, value),
        (false, None) => Some(secret::without_passwords(value).into_owned()),
    };
    cut(visible(masked.as_deref().unwrap_or(value)), value.len())
}

/// What is no value, on one line, and not for pages either.
pub(super) fn shortened(text: &[u8]) -> String {
    cut(visible(text), text.len())
}

fn cut(text: String, size: usize) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({})", &text[..end], bytes(size as u64)),
        None => text,
    }
}
