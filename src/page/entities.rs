//! Character references, undone (HTML standard, 13.2.5.72 to 13.2.5.84).
//!
//! The names are the standard's (section 13.5), in `entities.txt`: a name, its code points, and
//! `!` where it counts without a semicolon, too. The file is sorted by bytes, and searched as
//! the text it is.

use encoding_rs::Encoding;
use std::borrow::Cow;

const NAMES: &str = include_str!("entities.txt");

/// Bytes of the longest name.
const LONGEST: usize = 31;

/// Bytes of the longest name that needs no semicolon.
const LONGEST_BARE: usize = 6;

/// Text between tags, or in `title` and `textarea`: decoded, its references undone.
pub fn text<'i>(raw: &'i [u8], encoding: &'static Encoding) -> Cow<'i, str> {
    decode(raw, encoding, false)
}

/// The value of an attribute: decoded, its references undone. In there, `&copy=1` is no sign of
/// copyright but part of somebody's query.
pub fn attribute<'i>(raw: &'i [u8], encoding: &'static Encoding) -> Cow<'i, str> {
    decode(raw, encoding, true)
}

fn decode<'i>(raw: &'i [u8], encoding: &'static Encoding, attribute: bool) -> Cow<'i, str> {
    let (text, _) = encoding.decode_without_bom_handling(raw);
    if memchr::memchr3(b'&', b'\r', 0, text.as_bytes()).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = memchr::memchr3(b'&', b'\r', 0, rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match mark {
            // CR LF and CR are line ends, as LF is (section 13.2.3.5).
            b'\r' => {
                out.push('\n');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            0 => out.push('\u{fffd}'),
            _ => rest = &rest[reference(rest, attribute, &mut out)..],
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what the reference behind an `&` stands for; how many bytes of `rest` it was.
fn reference(rest: &str, attribute: bool, out: &mut String) -> usize {
    let found = match rest.strip_prefix('#') {
        Some(number) => numeric(number, out).map(|length| length + 1),
        None => named(rest, attribute, out),
    };
    found.unwrap_or_else(|| {
        out.push('&');
        0
    })
}

fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (digits, radix, mark) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let number = digits[..length].chars().try_fold(0u32, |number, digit| {
        number.checked_mul(radix)?.checked_add(digit.to_digit(radix)?)
    });
    out.push(character(number.unwrap_or(u32::MAX)));
    Some(mark + length + usize::from(digits[length..].starts_with(';')))
}

/// The character of a number: 80 to 9F are what windows-1252 has there.
fn character(number: u32) -> char {
    match u8::try_from(number) {
        Ok(0) => '\u{fffd}',
        Ok(byte @ 0x80..=0x9f) => {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().next().unwrap_or('\u{fffd}')
        }
        _ => char::from_u32(number).unwrap_or('\u{fffd}'),
    }
}

fn named(rest: &str, attribute: bool, out: &mut String) -> Option<usize> {
    let bytes = rest.as_bytes();
    let length =
        bytes.iter().take(LONGEST + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if length <= LONGEST
        && bytes.get(length) == Some(&b';')
        && let Some(entry) = entry(&rest[..length])
    {
        entry.write(out);
        return Some(length + 1);
    }
    let (length, entry) = (2..=length.min(LONGEST_BARE))
        .rev()
        .find_map(|length| Some((length, entry(&rest[..length]).filter(|found| found.bare)?)))?;
    let next = bytes.get(length);
    if attribute && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
        return None;
    }
    entry.write(out);
    Some(length)
}

/// A line of the table.
struct Entry {
    points: &'static str,
    bare: bool,
}

impl Entry {
    fn write(&self, out: &mut String) {
        for point in self.points.split(',') {
            let number = u32::from_str_radix(point, 16).ok();
            out.extend(number.and_then(char::from_u32));
        }
    }
}

/// Looks a name up: the half of the text that it can be in is halved, at ends of lines.
fn entry(name: &str) -> Option<Entry> {
    let mut text = NAMES;
    while !text.is_empty() {
        let middle = text.as_bytes()[..text.len() / 2].iter().rposition(|&b| b == b'\n');
        let begin = middle.map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &text.as_bytes()[begin..])? + begin;
        let (found, value) = text[begin..end].split_once(' ')?;
        match name.cmp(found) {
            std::cmp::Ordering::Less => text = &text[..begin],
            std::cmp::Ordering::Greater => text = &text[end + 1..],
            std::cmp::Ordering::Equal => {
                let points = value.strip_suffix('!');
                return Some(Entry { points: points.unwrap_or(value), bare: points.is_some() });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_text(raw: &str) -> String {
        text(raw.as_bytes(), encoding_rs::UTF_8).into_owned()
    }

    fn in_attribute(raw: &str) -> String {
        attribute(raw.as_bytes(), encoding_rs::UTF_8).into_owned()
    }

    #[test]
    fn the_table_is_sorted_and_every_line_of_it_is_found() {
        let lines: Vec<&str> = NAMES.lines().collect();
        assert_eq!(lines.len(), 2125);
        assert!(NAMES.ends_with('\n'));
        let (mut longest, mut longest_bare) = (0, 0);
        let mut before = "";
        for line in lines {
            let (name, value) = line.split_once(' ').unwrap();
            assert!(before < name, "{before} stands before {name}");
            before = name;
            let found = entry(name).unwrap_or_else(|| panic!("{name}"));
            let mut out = String::new();
            found.write(&mut out);
            let points: Vec<String> = out.chars().map(|c| format!("{:X}", u32::from(c))).collect();
            assert_eq!(points.join(","), value.trim_end_matches('!'), "{name}");
            longest = longest.max(name.len());
            if found.bare {
                longest_bare = longest_bare.max(name.len());
            }
        }
        assert_eq!((longest, longest_bare), (LONGEST, LONGEST_BARE));
        for absent in ["", "A", "zzz", "amq", "AELIG"] {
            assert!(entry(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn references_are_undone() {
        for (raw, want) in [
            ("a &amp; b &lt;&gt;", "a & b <>"),
            ("&copy2 &COPY;", "©2 ©"),
            ("&notit; &notin; &noti", "¬it; ∉ ¬i"),
            ("&amp;lt;", "&lt;"),
            ("& &; &x; &amp", "& &; &x; &"),
            ("&#65;&#x41;&#X41 &#65x", "AAA Ax"),
            ("&#; &#x; &#xg;", "&#; &#x; &#xg;"),
            ("&#0;&#xd800;&#x110000;&#99999999999999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("&#128;&#x99;&#x81;", "€™\u{81}"),
            ("&bne; &NotEqualTilde;", "=\u{20e5} ≂\u{338}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&CounterClockwiseContourIntegrals;", "&CounterClockwiseContourIntegrals;"),
            ("a\r\nb\rc\0", "a\nb\nc\u{fffd}"),
            ("&&amp;&", "&&&"),
            ("&é", "&é"),
        ] {
            assert_eq!(in_text(raw), want, "{raw}");
        }
    }

    #[test]
    fn in_an_attribute_a_name_without_a_semicolon_may_be_a_part_of_a_query() {
        for (raw, want) in [
            ("?a=1&copy=2", "?a=1&copy=2"),
            ("?a=1&copyx", "?a=1&copyx"),
            ("?a=1&copy", "?a=1©"),
            ("?a=1&copy&b", "?a=1©&b"),
            ("?a=1&copy;=2", "?a=1©=2"),
            ("?a=1&amp;b=2&amp", "?a=1&b=2&"),
            ("&notit;", "&notit;"),
        ] {
            assert_eq!(in_attribute(raw), want, "{raw}");
        }
    }

    #[test]
    fn what_has_no_reference_is_not_copied() {
        assert!(matches!(text(b"plain", encoding_rs::UTF_8), Cow::Borrowed("plain")));
    }

    #[test]
    fn bytes_are_decoded_first() {
        assert_eq!(text(b"caf\xe9 &eacute;", encoding_rs::WINDOWS_1252), "café é");
    }
}
