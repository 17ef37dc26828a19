//! `--send`: text in which `\r\n` are two bytes.

/// The bytes that a text with escapes stands for: `\r \n \t \0 \a \b \e \f \v \\ \' \"` and
/// `\xHH`.
///
/// # Errors
/// The escape that is none of them.
pub(super) fn undone(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let mut chars = behind.chars();
        let byte = match chars.next() {
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            // `printf` reads octal digits: what is meant by them here is asked for.
            Some('0') if behind.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
                let digits = behind.chars().take_while(char::is_ascii_digit).take(3);
                return Err(format!("\\{}", digits.collect::<String>()));
            }
            Some('0') => 0,
            Some('a') => 0x07,
            Some('b') => 0x08,
            Some('e') => 0x1b,
            Some('f') => 0x0c,
            Some('v') => 0x0b,
            Some('\\') => b'\\',
            Some('\'') => b'\'',
            Some('"') => b'"',
            Some('x') => {
                let digits = [chars.next(), chars.next()].map(|c| c.and_then(|c| c.to_digit(16)));
                let [Some(high), Some(low)] = digits else {
                    return Err(format!("\\{}", behind.chars().take(3).collect::<String>()));
                };
                u8::try_from(high * 16 + low).unwrap_or(u8::MAX)
            }
            other => return Err(format!("\\{}", other.map(String::from).unwrap_or_default())),
        };
        bytes.push(byte);
        rest = chars.as_str();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_bad_ones_named() {
        let undo = |text: &str| undone(text);
        assert_eq!(undo(r"GET / HTTP/1.0\r\n\r\n"), Ok(b"GET / HTTP/1.0\r\n\r\n".to_vec()));
        assert_eq!(undo(r#"\t\0\a\b\e\f\v\\\'\""#), Ok(b"\t\0\x07\x08\x1b\x0c\x0b\\'\"".to_vec()));
        assert_eq!(undo(r"\xff\x00\x7Fé\\n"), Ok(b"\xff\x00\x7f\xc3\xa9\\n".to_vec()));
        assert_eq!(undo(""), Ok(Vec::new()));
        for (text, bad) in [
            (r"a\q", r"\q"),
            ("a\\", "\\"),
            (r"\x", r"\x"),
            (r"\x1", r"\x1"),
            (r"\xgg!", r"\xgg"),
            (r"\010", r"\010"),
            (r"a\00b", r"\00"),
        ] {
            assert_eq!(undo(text), Err(bad.to_owned()), "{text}");
        }
    }
}
