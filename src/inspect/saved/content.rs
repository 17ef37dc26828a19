//! The content of a saved answer, its codings undone where that was not done before.

use super::{MAX_CONTENT, Note};
use crate::base::Headers;
use crate::coding::{self, Coding, Decoder};
use std::borrow::Cow;

/// The content that is meant, and what is to be said of it.
pub(super) fn decoded(headers: &Headers, saved: Cow<'_, [u8]>) -> (Vec<u8>, Option<Note>) {
    let codings = match codings(headers) {
        Ok(codings) => codings,
        Err(error) => return cut(saved, Some(Note::Damaged(error))),
    };
    if codings.is_empty() || saved.is_empty() {
        return cut(saved, None);
    }
    if was_decoded(headers, &saved) {
        return cut(saved, Some(Note::Decoded));
    }
    let mut content = Vec::new();
    match undo(&codings, &saved, &mut content) {
        Ok(true) => (content, None),
        Ok(false) => (content, Some(Note::LargeContent)),
        Err(error) if content.is_empty() => cut(saved, Some(Note::Damaged(error))),
        Err(error) => (content, Some(Note::Damaged(error))),
    }
}

fn cut(saved: Cow<'_, [u8]>, note: Option<Note>) -> (Vec<u8>, Option<Note>) {
    let large = saved.len() > MAX_CONTENT;
    let mut content = saved.into_owned();
    content.truncate(MAX_CONTENT);
    (content, if large { Some(Note::LargeContent) } else { note })
}

/// Appends the decoded content to `content`; whether all of it has room.
fn undo(
    codings: &[Coding],
    mut coded: &[u8],
    content: &mut Vec<u8>,
) -> Result<bool, coding::Error> {
    let mut decoder = Decoder::new(codings)?;
    while let Some(piece) = decoder.decode(&mut coded)? {
        let room = MAX_CONTENT - content.len();
        content.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            return Ok(false);
        }
    }
    decoder.finish().map(|()| true)
}

/// What must be undone, first applied first: content codings, then transfer codings.
fn codings(headers: &Headers) -> Result<Vec<Coding>, coding::Error> {
    let mut lines = Headers::new();
    headers.all("Content-Encoding").for_each(|value| lines.push("coding", value));
    for member in headers.members("Transfer-Encoding") {
        if !member.eq_ignore_ascii_case(b"chunked") {
            lines.push("coding", member);
        }
    }
    coding::parse(&lines, "coding")
}

/// Whether codings are named and the content has none of them: gzip and zstd have a mark at their
/// front, and what deflate and br make is never clean text.
pub(super) fn was_decoded(headers: &Headers, saved: &[u8]) -> bool {
    /// As much of the front is looked at: two kilobytes of clean text are no accident.
    const ENOUGH: usize = 2048;
    let Ok(codings) = codings(headers) else { return false };
    let front = &saved[..saved.len().min(ENOUGH)];
    match codings.last() {
        Some(Coding::Gzip) => !front.starts_with(b"\x1f\x8b"),
        // A frame, or one that is skipped (RFC 8878 sections 3.1.1 and 3.1.2).
        Some(Coding::Zstd) => {
            !matches!(front, [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
        }
        Some(Coding::Deflate | Coding::Brotli) => is_text(front),
        None => false,
    }
}

/// Clean UTF-8, perhaps cut within a character.
fn is_text(bytes: &[u8]) -> bool {
    let whole = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c);
    whole && !bytes.iter().any(control)
}
