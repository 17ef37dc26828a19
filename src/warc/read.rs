//! The walk over a file.

use super::{Error, Fault, Record, Version};
use crate::base::Headers;
use flate2::bufread::GzDecoder;
use std::borrow::Cow;
use std::io::{ErrorKind, Read};
use std::ops::Range;

/// The longest head of a record. Its fields are a dozen short lines and one URI.
pub const MAX_HEAD: usize = 64 * 1024;

/// The most that a gzip member may come to: it is undone in memory, and a bomb is a thousand
/// times its size. Larger records are read from plain files.
pub const MAX_MEMBER: usize = 256 << 20;

/// The records of a file, one after the other; the first fault is the last item.
pub fn records(file: &[u8]) -> Records<'_> {
    Records { file, at: 0, sound: 0, member: None, over: false }
}

/// See [`records`].
pub struct Records<'f> {
    file: &'f [u8],
    /// What stands before this was read.
    at: usize,
    /// What stands before this was read, and well.
    sound: usize,
    /// The gzip member being read.
    member: Option<Member>,
    over: bool,
}

/// A gzip member, undone.
struct Member {
    /// Where it begins in the file.
    at: usize,
    text: Vec<u8>,
    read: usize,
}

/// Where the parts of a record are.
struct Parsed {
    version: Version,
    fields: Headers,
    block: Range<usize>,
    end: usize,
}

impl<'f> Iterator for Records<'f> {
    type Item = Result<Record<'f>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.step().transpose();
        self.over = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<'f> Records<'f> {
    /// Up to where in the file everything was read and is well, gzip members whole.
    pub fn sound(&self) -> u64 {
        self.sound as u64
    }

    fn step(&mut self) -> Result<Option<Record<'f>>, Error> {
        loop {
            if let Some(mut member) = self.member.take() {
                member.read += empty_lines(&member.text[member.read..]);
                if member.read == member.text.len() {
                    self.sound = self.at;
                    continue;
                }
                let record = member.record()?;
                self.member = Some(member);
                return Ok(Some(record));
            }
            self.at += empty_lines(&self.file[self.at..]);
            let rest = &self.file[self.at..];
            let wrong = |fault| Error { at: self.at as u64, fault };
            match rest {
                [] => {
                    self.sound = self.at;
                    return Ok(None);
                }
                [0x1f, 0x8b, ..] | [0x1f] => {
                    let (text, length) = undone(rest).map_err(wrong)?;
                    self.member = Some(Member { at: self.at, text, read: 0 });
                    self.at += length;
                }
                _ => {
                    let Parsed { version, fields, block, end } = parse(rest).map_err(wrong)?;
                    let (at, block) = (self.at as u64, Cow::Borrowed(&rest[block]));
                    self.at += end;
                    self.sound = self.at;
                    return Ok(Some(Record { at, version, fields, block }));
                }
            }
        }
    }
}

impl Member {
    fn record<'f>(&mut self) -> Result<Record<'f>, Error> {
        let at = self.at as u64;
        let parsed = parse(&self.text[self.read..]).map_err(|fault| {
            // The member is whole, so it is the record that is wrong.
            let fault = if fault == Fault::Torn { Fault::Unended } else { fault };
            Error { at, fault }
        });
        let Parsed { version, fields, block, end } = parsed?;
        let block = self.text[self.read..][block].to_vec();
        self.read += end;
        Ok(Record { at, version, fields, block: Cow::Owned(block) })
    }
}

/// How many bytes of line ends stand at the front.
fn empty_lines(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// The gzip member at the front: its text, and how long it is in the file.
fn undone(file: &[u8]) -> Result<(Vec<u8>, usize), Fault> {
    let mut text = Vec::new();
    let mut decoder = GzDecoder::new(file);
    let read = decoder.by_ref().take(MAX_MEMBER as u64 + 1).read_to_end(&mut text);
    match read {
        Ok(_) if text.len() > MAX_MEMBER => Err(Fault::LargeMember),
        Ok(_) => Ok((text, file.len() - decoder.into_inner().len())),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Fault::Torn),
        Err(_) => Err(Fault::Gzip),
    }
}

/// The record at the front.
fn parse(text: &[u8]) -> Result<Parsed, Fault> {
    const MAGIC: &[u8] = b"WARC/";
    if !text.starts_with(MAGIC) {
        return Err(if MAGIC.starts_with(text) { Fault::Torn } else { Fault::NotARecord });
    }
    let front = &text[..text.len().min(MAX_HEAD)];
    let Some(head) = head_of(front) else {
        return Err(if front.len() < text.len() { Fault::LongHead } else { Fault::Torn });
    };
    let mut lines =
        front[..head].split(|&b| b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
    let version = match lines.next().unwrap_or_default().trim_ascii_end() {
        b"WARC/1.0" => Version::V1_0,
        b"WARC/1.1" => Version::V1_1,
        _ => return Err(Fault::Version),
    };
    let fields = fields(lines.filter(|line| !line.is_empty()))?;
    let end = head.checked_add(length(&fields)?).ok_or(Fault::Torn)?;
    let behind = text.get(end..).ok_or(Fault::Torn)?;
    match two_lines(behind) {
        Ok(length) => Ok(Parsed { version, fields, block: head..end, end: end + length }),
        Err(fault) => Err(fault),
    }
}

/// Where the head ends, its empty line included.
fn head_of(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].iter().position(|&b| b == b'\n')? + 1;
        match &text[at..] {
            [b'\n', ..] => return Some(at + 1),
            [b'\r', b'\n', ..] => return Some(at + 2),
            _ => {}
        }
    }
}

/// Named fields; a line that begins with white space goes on from the one before.
fn fields<'t>(lines: impl Iterator<Item = &'t [u8]>) -> Result<Headers, Fault> {
    let mut fields: Vec<(&str, Vec<u8>)> = Vec::new();
    for line in lines {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            let (_, value) = fields.last_mut().ok_or(Fault::NotAField)?;
            value.push(b' ');
            value.extend_from_slice(line.trim_ascii());
            continue;
        }
        let colon = line.iter().position(|&b| b == b':').ok_or(Fault::NotAField)?;
        let name = std::str::from_utf8(&line[..colon]).map_err(|_| Fault::NotAField)?;
        fields.push((name.trim_ascii_end(), line[colon + 1..].trim_ascii().to_vec()));
    }
    Ok(fields.into_iter().collect())
}

/// How long the block is. A number that is larger than any file is a file that ends too early.
fn length(fields: &Headers) -> Result<usize, Fault> {
    let mut all = fields.all("Content-Length");
    let said = all.next().ok_or(Fault::Length)?;
    let digits = !said.is_empty() && said.iter().all(u8::is_ascii_digit);
    if !digits || all.any(|other| other != said) {
        return Err(Fault::Length);
    }
    let said = std::str::from_utf8(said).map_err(|_| Fault::Length)?;
    Ok(said.parse().unwrap_or(usize::MAX))
}

/// The two line ends behind a block, and how long they are: of one kind, or a length that is one
/// too large would pass.
fn two_lines(text: &[u8]) -> Result<usize, Fault> {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    match ends.iter().find(|end| text.starts_with(end)) {
        Some(end) => Ok(end.len()),
        None if ends.iter().any(|end| end.starts_with(text)) => Err(Fault::Torn),
        None => Err(Fault::Unended),
    }
}
