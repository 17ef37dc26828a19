//! An answer as it came, head and all: what `curl -i` prints, and the blocks of a WARC.
//!
//! Whoever saved it may have undone its framing and its codings (curl does the first, and the
//! second with `--compressed`) and left the head as it was. So the framing is tried, and where it
//! does not hold everything behind the head is content.

use super::Note;
use super::content;
use crate::base::{Content, Head, Headers, Method, Request, Version};
use crate::h1::{Defect, Error, Exchange, Limits, Step, Target, head};
use std::borrow::Cow;
use url::Url;

/// One answer.
pub(super) struct Answer<'f> {
    pub(super) head: Head,
    pub(super) raw_head: &'f [u8],
    pub(super) defects: Vec<Defect>,
    pub(super) trailers: Headers,
    /// The content, framing undone and codings not; `None` where another head stands in its place.
    pub(super) content: Option<Cow<'f, [u8]>>,
    pub(super) notes: Vec<Note>,
    /// What stands behind it: another answer, or nothing.
    pub(super) rest: &'f [u8],
}

/// Reads the answer at the front of `input` to a request with this method.
///
/// # Errors
/// Its head cannot be read.
pub(super) fn read<'f>(input: &'f [u8], method: &Method) -> Result<Answer<'f>, Error> {
    let end = head::end_of_head(input, 0).ok_or(Error::HeadCut)?;
    let (raw_head, rest) = input.split_at(end);
    let mut notes = Vec::new();
    let known = as_http1(raw_head);
    if matches!(known, Cow::Owned(_)) {
        notes.push(Note::OtherVersion);
    }
    let mut defects = Vec::new();
    let mut exchange = exchange(method)?;
    let first = first_step(&mut exchange, &known, &mut defects);
    let (head, framed) = match first {
        Ok((head, is_final)) => (head, is_final),
        Err(error @ (Error::ContentLength | Error::TransferEncoding)) => {
            defects.clear();
            let head = head::parse_answer(&known, &mut defects)?;
            notes.push(Note::Framing(error));
            (head, false)
        }
        Err(error) => return Err(error),
    };
    let mut answer =
        Answer { head, raw_head, defects, trailers: Headers::new(), content: None, notes, rest };
    if begins_answer(rest) && goes_without(&answer.head) {
        return Ok(answer);
    }
    answer.rest = &[];
    if framed {
        answer.unframe(&mut exchange, rest);
    } else {
        answer.content = Some(Cow::Borrowed(rest));
    }
    Ok(answer)
}

/// The final answer at the front of `input`, past those that are interim.
///
/// # Errors
/// A head cannot be read.
pub(super) fn read_final<'f>(input: &'f [u8], method: &Method) -> Result<Answer<'f>, Error> {
    let mut answer = read(input, method)?;
    while answer.head.is_interim() && !answer.rest.is_empty() {
        answer = read(answer.rest, method)?;
    }
    Ok(answer)
}

impl<'f> Answer<'f> {
    /// Undoes the framing of what stands behind the head, if it has any.
    fn unframe(&mut self, exchange: &mut Exchange, behind: &'f [u8]) {
        let mut content = Cow::Borrowed(&behind[..0]);
        let mut at = 0;
        let ended = loop {
            match exchange.read(&behind[at..], true) {
                Ok((took, step)) => {
                    at += took;
                    match step {
                        Step::Data(piece) if content.is_empty() => content = Cow::Borrowed(piece),
                        Step::Data(piece) => content.to_mut().extend_from_slice(piece),
                        Step::Defect(defect) => self.defects.push(defect),
                        Step::End(trailers) => break Ok(trailers),
                        // There is one head, and nothing more will come.
                        Step::Interim(_) | Step::Head(_) | Step::NeedMore => {
                            break Ok(Headers::new());
                        }
                    }
                }
                Err(error) => break Err(error),
            }
        };
        let left = &behind[at..];
        match ended {
            Ok(trailers) if left.is_empty() || begins_answer(left) => {
                (self.trailers, self.content, self.rest) = (trailers, Some(content), left);
            }
            // The length is that of the coded content.
            Ok(_) | Err(Error::ContentCut(Some(_)))
                if !behind.is_empty() && content::was_decoded(&self.head.headers, behind) =>
            {
                self.content = Some(Cow::Borrowed(behind));
            }
            Ok(trailers) => {
                (self.trailers, self.content) = (trailers, Some(content));
                self.notes.push(Note::Trailing(left.len()));
            }
            // Of an answer to HEAD, too, and of one whose content nobody saved.
            Err(_) if behind.is_empty() => self.notes.push(Note::NoContent),
            Err(Error::ContentCut(owed)) if !content.is_empty() => {
                self.content = Some(content);
                self.notes.push(Note::Cut(owed));
            }
            Err(_) => {
                let (content, trailers) = without_trailers(&self.head, behind);
                (self.content, self.trailers) = (Some(Cow::Borrowed(content)), trailers);
                self.notes.push(Note::Unchunked);
            }
        }
    }
}

/// Content that was chunked, without the trailers that curl prints right behind it: those that
/// the head announces.
fn without_trailers<'f>(head: &Head, mut content: &'f [u8]) -> (&'f [u8], Headers) {
    /// The longest line that is looked at, and as many names: what announces trailers has few.
    const LONGEST: usize = 1000;
    const MOST: usize = 20;
    let names: Vec<&[u8]> = head.headers.members("Trailer").take(MOST).collect();
    let mut found = Vec::new();
    while let Some(text) = content.strip_suffix(b"\r\n") {
        let line = &text[text.len().saturating_sub(LONGEST)..];
        let line = line.rsplit(|&b| b == b'\n').next().unwrap_or_default();
        // Content need not end with a line end, so the name may stand anywhere.
        let at = names.iter().find_map(|name| {
            let here = |window: &[u8]| window.eq_ignore_ascii_case(name);
            let at = line.windows(name.len()).rposition(here)?;
            (line.get(at + name.len()) == Some(&b':')).then_some((at, name))
        });
        let Some((at, name)) = at else { break };
        let value = line[at + name.len() + 1..].trim_ascii().to_vec();
        found.push((String::from_utf8_lossy(name).into_owned(), value));
        content = &text[..text.len() - line.len() + at];
    }
    (content, found.into_iter().rev().collect())
}

/// An exchange that waits for the answer to a request with this method.
fn exchange(method: &Method) -> Result<Exchange, Error> {
    let request = Request {
        method: method.clone(),
        version: Version::Http11,
        url: nowhere()?,
        // Whoever saved it may have asked for transfer codings.
        headers: [("TE", "gzip")].into_iter().collect(),
        content: Content::None,
    };
    Exchange::new(&request, &Target::literal("/"), Limits::default())
}

/// The URL of an answer to nobody knows what.
pub(super) fn nowhere() -> Result<Url, Error> {
    Url::parse("about:blank").map_err(|_| Error::UnsafeRequest("URL"))
}

/// The head, and whether it is a final one.
fn first_step(
    exchange: &mut Exchange,
    head: &[u8],
    defects: &mut Vec<Defect>,
) -> Result<(Head, bool), Error> {
    loop {
        match exchange.read(head, false)?.1 {
            Step::Defect(defect) => defects.push(defect),
            Step::Interim(head) => return Ok((head, false)),
            Step::Head(head) => return Ok((head, true)),
            Step::Data(_) | Step::End(_) | Step::NeedMore => return Err(Error::HeadCut),
        }
    }
}

/// The head with a status line that HTTP/1 has: `curl -i` writes `HTTP/2 200`.
fn as_http1(head: &[u8]) -> Cow<'_, [u8]> {
    let Some(behind) = head.strip_prefix(b"HTTP/") else { return Cow::Borrowed(head) };
    let behind = match behind {
        [b'2' | b'3', b'.', b'0', behind @ ..] | [b'2' | b'3', behind @ ..] => behind,
        _ => return Cow::Borrowed(head),
    };
    match behind {
        [b' ', ..] => Cow::Owned([b"HTTP/1.1", behind].concat()),
        _ => Cow::Borrowed(head),
    }
}

/// Whether a status line stands at the front.
pub(super) fn begins_answer(text: &[u8]) -> bool {
    let Some(behind) = text.strip_prefix(b"HTTP/") else { return false };
    let version = behind.iter().take(3).take_while(|&&b| b.is_ascii_digit() || b == b'.').count();
    match &behind[version..] {
        [b' ', digits @ ..] => digits.len() >= 3 && digits[..3].iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether an answer with this head can stand there without its content, before the one that
/// came after: curl leaves out what it did not want (with `-L`, of logins, of tunnels).
fn goes_without(head: &Head) -> bool {
    let fields = ["Content-Length", "Transfer-Encoding", "Content-Type"];
    let tunnel =
        (200..300).contains(&head.status) && !fields.iter().any(|name| head.headers.has(name));
    matches!(head.status, 100..=199 | 300..=399 | 401 | 407 | 417) || tunnel
}
