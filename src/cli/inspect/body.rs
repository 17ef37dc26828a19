//! `--body`: content as a person reads it; JSON with its structure visible.

use super::measure::bytes;
use crate::cli::print;
use crate::page::{Kind, Page};
use serde::de::IgnoredAny;

/// The content of an answer, decoded as its page says; a note in place of what is no text.
pub(super) fn shown(content: &[u8], page: &Page, cut: bool) -> String {
    let Some(charset) = page.charset.as_ref().filter(|_| page.media.kind != Kind::Binary) else {
        return format!("({} of {})\n", bytes(content.len() as u64), page.media.name());
    };
    let (readable, encoding) = charset.readable(content);
    let (text, _) = encoding.decode_without_bom_handling(&readable);
    let pretty = serde_json::from_str::<IgnoredAny>(&text).is_ok().then(|| indented(&text));
    let mut out = String::new();
    for line in pretty.as_deref().unwrap_or(&text).lines() {
        out.push_str(&print::escaped(line));
        out.push('\n');
    }
    if cut {
        out.push_str(&format!("… (cut behind {})\n", bytes(content.len() as u64)));
    }
    out
}

/// Sound JSON with a line for each member. Numbers and strings stay as they were written, which
/// they would not if they were read: there are numbers that no machine holds.
fn indented(json: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    let mut rest = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    while let Some(c) = rest.next() {
        if quoted {
            out.push(c);
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            c if c.is_ascii_whitespace() => {}
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = rest.next_if(|&next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Headers;
    use crate::page;

    fn read(content: &[u8], cut: bool) -> String {
        let url = "http://a.example/".parse().unwrap();
        shown(content, &page::summarize(content, &Headers::new(), &url).unwrap(), cut)
    }

    #[test]
    fn json_is_pretty_and_its_numbers_and_strings_are_untouched() {
        let json = br#"{"a":[1,{ },12345678901234567890.10],"b \"}{":"x: [\\"} "#;
        let pretty = "{\n  \"a\": [\n    1,\n    {},\n    12345678901234567890.10\n  ],\n  \"b \\\"}{\": \"x: [\\\\\"\n}\n";
        assert_eq!(read(json, false), pretty);
        assert_eq!(read(b"{not json", false), "{not json\n");
    }

    #[test]
    fn what_would_move_the_cursor_is_escaped_and_what_is_no_text_is_not_shown() {
        assert_eq!(read("a\x1b[2Jb\r\n\u{202e}c".as_bytes(), false), "a\\u{1b}[2Jb\n\\u{202e}c\n");
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0", false), "(10 bytes of image/png)\n");
        assert_eq!(read(b"caf\xe9 and so on", true), "café and so on\n… (cut behind 14 bytes)\n");
    }
}
