//! The little notation of the dialogue files: escapes, words, places.

use libtest_mimic::Trial;

/// `\r \n \t \0 \\ \xHH`, and everything else as it stands.
pub fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let (byte, used) = match rest {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b't', ..] => (b'\t', 1),
            [b'0', ..] => (0, 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', high, low, ..] => (hex(*high)? << 4 | hex(*low)?, 3),
            _ => return Err(format!("an unknown escape in {text:?}")),
        };
        out.push(byte);
        rest = &rest[used..];
    }
    Ok(out)
}

fn hex(digit: u8) -> Result<u8, String> {
    let value = char::from(digit).to_digit(16).ok_or("\\x wants two hex digits")?;
    u8::try_from(value).map_err(|error| error.to_string())
}

/// Splits a command line as a shell would: `'…'` and `"…"` as they stand, `$'…'` with escapes.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let mut word = String::new();
        while let Some(first) = rest.chars().next().filter(|c| *c != ' ') {
            let (open, quote) = match first {
                '$' if rest.starts_with("$'") => (2, '\''),
                '\'' | '"' => (1, first),
                _ => {
                    word.push(first);
                    rest = &rest[first.len_utf8()..];
                    continue;
                }
            };
            let (inside, after) =
                rest[open..].split_once(quote).ok_or("a quote that is never closed")?;
            if open == 2 {
                word += std::str::from_utf8(&unescape(inside)?).map_err(|e| e.to_string())?;
            } else {
                word += inside;
            }
            rest = after;
        }
        words.push(word);
        rest = rest.trim_start();
    }
    Ok(words)
}

/// Puts `value` wherever `name` stands in braces.
pub fn replace(bytes: &[u8], places: &[(&str, String)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    'next: while let [first, tail @ ..] = rest {
        for (name, value) in places {
            if let Some(after) = rest.strip_prefix(format!("{{{name}}}").as_bytes()) {
                out.extend_from_slice(value.as_bytes());
                rest = after;
                continue 'next;
            }
        }
        out.push(*first);
        rest = tail;
    }
    out
}

pub fn tests() -> Vec<Trial> {
    trials![escapes_stand_for_bytes, words_are_split_as_a_shell_does, only_known_places_are_filled]
}

fn escapes_stand_for_bytes() {
    assert_eq!(unescape(r"a\r\n\0\xfe\\").unwrap(), b"a\r\n\0\xfe\\");
    for bad in [r"\q", r"\x1", r"\xzz", "\\"] {
        assert!(unescape(bad).is_err(), "{bad}");
    }
}

fn words_are_split_as_a_shell_does() {
    let line = r#"fetch  -H 'A: b c' "x y"z $'CR\rLF'"#;
    assert_eq!(words(line).unwrap(), ["fetch", "-H", "A: b c", "x yz", "CR\rLF"]);
    assert_eq!(words("a ''").unwrap(), ["a", ""]);
    assert!(words("'open").is_err());
}

fn only_known_places_are_filled() {
    let places = [("url", "http://a/".to_owned())];
    assert_eq!(replace(b"{url}x {no}", &places), b"http://a/x {no}");
}
