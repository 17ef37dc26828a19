//! URL globbing: `{a,b}` and `[1-9]` in a URL, as curl expands them.
//!
//! ```text
//!  http://{one,two}.example/[01-10:3].html     2 × 4 URLs, the last part turning fastest
//! ```
//!
//! `\{`, `\}`, `\[` and `\]` stand for themselves; an IPv6 address in brackets is no range.
//! The parts are numbered from 1, and `#1` in an output name is the first one's current text.

use super::exit::{Failure, code};
use std::net::Ipv6Addr;

/// The most URLs that one pattern may stand for. More is a mistake, or wants a crawler.
const MOST_URLS: u64 = 10_000_000;

/// A URL with its parts that vary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    pieces: Vec<Piece>,
    count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Set(Vec<String>),
    /// `[1-9]`, `[001-100:2]`: numbers, padded to a width.
    Numbers {
        first: u64,
        step: u64,
        count: u64,
        width: usize,
    },
    /// `[a-z]`, `[a-z:2]`.
    Letters {
        first: u8,
        step: u64,
        count: u64,
    },
}

impl Piece {
    fn count(&self) -> u64 {
        match self {
            Piece::Text(_) => 1,
            Piece::Set(words) => words.len() as u64,
            Piece::Numbers { count, .. } | Piece::Letters { count, .. } => *count,
        }
    }

    fn nth(&self, n: u64) -> String {
        match self {
            Piece::Text(text) => text.clone(),
            Piece::Set(words) => {
                usize::try_from(n).ok().and_then(|n| words.get(n)).cloned().unwrap_or_default()
            }
            Piece::Numbers { first, step, width, .. } => {
                format!("{:0width$}", first + step * n, width = *width)
            }
            Piece::Letters { first, step, .. } => {
                u8::try_from(u64::from(*first) + step * n).map(char::from).unwrap_or('?').into()
            }
        }
    }
}

impl Glob {
    /// A URL that stands for itself (`--globoff`).
    pub(super) fn literal(url: &str) -> Glob {
        Glob { pieces: vec![Piece::Text(url.to_owned())], count: 1 }
    }

    /// Reads a pattern.
    ///
    /// # Errors
    /// Exit 3, with the column where it stops making sense.
    pub(super) fn parse(url: &str) -> Result<Glob, Failure> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        while let Some(c) = url[at..].chars().next() {
            let rest = &url[at..];
            let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
            let (piece, length) = match (c, escaped) {
                (_, Some(bracket @ ('{' | '}' | '[' | ']'))) => {
                    text.push(bracket);
                    at += 2;
                    continue;
                }
                // Nothing in brackets is no pattern: forms name their lists so.
                ('[', _) if rest.starts_with("[]") => {
                    text.push_str("[]");
                    at += 2;
                    continue;
                }
                ('[', _) if ipv6_length(rest).is_none() => range(rest, at)?,
                ('{', _) => set(rest, at)?,
                ('}', _) => return Err(bad("unmatched close brace", at)),
                (']', _) if !text_is_in_address(&text) => {
                    return Err(bad("unmatched close bracket", at));
                }
                (c, _) => {
                    text.push(c);
                    at += c.len_utf8();
                    continue;
                }
            };
            pieces.push(Piece::Text(std::mem::take(&mut text)));
            pieces.push(piece);
            at += length;
        }
        pieces.push(Piece::Text(text));
        let count = pieces.iter().try_fold(1u64, |all, piece| all.checked_mul(piece.count()));
        match count.filter(|count| *count <= MOST_URLS) {
            Some(count) => Ok(Glob { pieces, count }),
            None => Err(Failure::new(code::MALFORMED_URL, "the pattern stands for too many URLs")),
        }
    }

    /// The URLs in their order, each with the current text of its parts.
    pub(super) fn urls(&self) -> impl Iterator<Item = (String, Vec<String>)> + '_ {
        (0..self.count).map(|n| self.nth(n))
    }

    fn nth(&self, mut n: u64) -> (String, Vec<String>) {
        let mut texts: Vec<String> = Vec::with_capacity(self.pieces.len());
        for piece in self.pieces.iter().rev() {
            texts.push(piece.nth(n % piece.count().max(1)));
            n /= piece.count().max(1);
        }
        texts.reverse();
        let varies = |piece: &&Piece| !matches!(piece, Piece::Text(_));
        let parts = self.pieces.iter().zip(&texts).filter(|(piece, _)| varies(piece));
        let parts = parts.map(|(_, text)| text.clone()).collect();
        (texts.concat(), parts)
    }
}

/// Replaces `#1`, `#2` … in an output name by the parts; any other `#` stays.
pub(super) fn name(template: &str, parts: &[String]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(hash) = rest.find('#') {
        out.push_str(&rest[..hash]);
        let digits = &rest[hash + 1..];
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let number = digits[..length].parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        match number.and_then(|n| parts.get(n)) {
            Some(part) => out.push_str(part),
            None => out.push_str(&rest[hash..=hash + length]),
        }
        rest = &digits[length..];
    }
    out.push_str(rest);
    out
}

/// `{a,b}` at the front of `rest`: its words, and its length.
fn set(rest: &str, at: usize) -> Result<(Piece, usize), Failure> {
    let mut words = vec![String::new()];
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        let Some(word) = words.last_mut() else { break };
        match c {
            '}' if i == 1 => return Err(bad("empty string within braces", at + i)),
            '}' => return Ok((Piece::Set(words), i + 1)),
            ',' => words.push(String::new()),
            '{' | '[' => return Err(bad("nested brace", at + i)),
            ']' => return Err(bad("unexpected close bracket", at + i)),
            '\\' => match chars.next() {
                Some((_, c @ ('{' | '}' | '[' | ']' | ',' | '\\'))) => word.push(c),
                Some((_, c)) => word.extend(['\\', c]),
                None => break,
            },
            c => word.push(c),
        }
    }
    Err(bad("unmatched brace", at))
}

/// `[1-9:2]` or `[a-z:2]` at the front of `rest`, and its length.
fn range(rest: &str, at: usize) -> Result<(Piece, usize), Failure> {
    let wrong = || bad("bad range", at + 1);
    let end = rest.find(']').ok_or_else(wrong)?;
    let (span, step) = match rest[1..end].split_once(':') {
        Some((span, step)) => (span, digits(step).filter(|step| *step > 0).ok_or_else(wrong)?),
        None => (&rest[1..end], 1),
    };
    let (first, last) = span.split_once('-').ok_or_else(wrong)?;
    let piece = match (first.as_bytes(), last.as_bytes()) {
        ([a], [z]) if a.is_ascii_alphabetic() && z.is_ascii_alphabetic() && a <= z => {
            let count = u64::from(z - a) / step + 1;
            Piece::Letters { first: *a, step, count }
        }
        _ => {
            let (a, z) = digits(first).zip(digits(last)).ok_or_else(wrong)?;
            let width = if first.starts_with('0') { first.len() } else { 0 };
            let count = (z.checked_sub(a).ok_or_else(wrong)? / step).saturating_add(1);
            Piece::Numbers { first: a, step, count, width }
        }
    };
    Ok((piece, end + 1))
}

fn digits(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
}

/// The length of `[::1]` or `[fe80::1%25eth0]` at the front of a text.
fn ipv6_length(text: &str) -> Option<usize> {
    let end = text.find(']')?;
    let address = text[1..end].split('%').next()?;
    address.parse::<Ipv6Addr>().is_ok().then_some(end + 1)
}

/// Whether the text ends inside an IPv6 address that [`ipv6_length`] let through.
fn text_is_in_address(text: &str) -> bool {
    text.rfind('[').is_some_and(|open| !text[open..].contains(']'))
}

fn bad(what: &str, at: usize) -> Failure {
    Failure::new(code::MALFORMED_URL, format!("{what} in the URL, column {}", at + 1))
        .hint("-g takes brackets and braces as they are")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(url: &str) -> Result<Vec<String>, u8> {
        let glob = Glob::parse(url).map_err(|failure| failure.code)?;
        Ok(glob.urls().map(|(url, _)| url).collect())
    }

    #[test]
    fn the_last_part_turns_fastest() {
        let urls = expand("http://{a,b}/[1-2]").unwrap();
        assert_eq!(urls, ["http://a/1", "http://a/2", "http://b/1", "http://b/2"]);
    }

    #[test]
    fn ranges_count_letters_or_numbers_with_a_step_and_keep_their_zeros() {
        assert_eq!(expand("[08-10]").unwrap(), ["08", "09", "10"]);
        assert_eq!(expand("[1-9:4]").unwrap(), ["1", "5", "9"]);
        assert_eq!(expand("[a-f:2]").unwrap(), ["a", "c", "e"]);
        assert_eq!(expand("[a-a][1-1][b-b:1][2-2:1]").unwrap(), ["a1b2"]);
        assert_eq!(expand("0[0-1]/x").unwrap(), ["00/x", "01/x"]);
    }

    #[test]
    fn a_backslash_or_an_address_is_no_pattern() {
        assert_eq!(expand(r"http://h/\{\}\/\[x\]").unwrap(), [r"http://h/{}\/[x]"]);
        assert_eq!(expand("http://[::1]:80/{a}").unwrap(), ["http://[::1]:80/a"]);
        assert_eq!(expand(r"{a\,b,c}").unwrap(), ["a,b", "c"]);
    }

    #[test]
    fn what_makes_no_sense_is_a_malformed_url() {
        for bad in
            ["{a", "a}", "{}", "[1-", "[9-1]", "[1-9:0]", "[a-9]", "{a{b}}", "[1-99999999999]", "]"]
        {
            assert_eq!(expand(bad), Err(3), "{bad}");
        }
    }

    #[test]
    fn a_name_takes_the_parts_by_number() {
        let parts = ["x".to_owned(), "07".to_owned()];
        assert_eq!(name("a#1-#2.txt#", &parts), "ax-07.txt#");
        assert_eq!(name("#3#0#a", &parts), "#3#0#a");
    }
}
