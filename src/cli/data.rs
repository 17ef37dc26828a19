//! What `-d` and its relatives send, or put into the URL.

use super::exit::Failure;
use super::input;
use super::typed::DataPiece;

/// The pieces of `-d` and its relatives, joined by `&`; JSON pieces follow without one.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn joined(pieces: &[DataPiece]) -> Result<Option<Vec<u8>>, Failure> {
    let mut joined: Option<Vec<u8>> = None;
    for piece in pieces {
        let bytes = bytes(piece)?;
        match &mut joined {
            Some(joined) => {
                if !matches!(piece, DataPiece::Json(_)) {
                    joined.push(b'&');
                }
                joined.extend(bytes);
            }
            None => joined = Some(bytes),
        }
    }
    Ok(joined)
}

/// Puts a query behind the one that is there, before the fragment.
pub(super) fn with_query(url: &str, query: &str) -> String {
    let (before, fragment) = match url.split_once('#') {
        Some((before, fragment)) => (before, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let joint = match before.split_once('?') {
        // `http://h?` has a query already, an empty one.
        Some((_, "")) => "",
        Some(_) => "&",
        None => "?",
    };
    format!("{before}{joint}{query}{fragment}")
}

fn bytes(piece: &DataPiece) -> Result<Vec<u8>, Failure> {
    match piece {
        DataPiece::Raw(text) => Ok(text.clone().into_bytes()),
        DataPiece::Form(text) => match text.strip_prefix('@') {
            Some(file) => {
                let mut bytes = input::read(file)?;
                bytes.retain(|b| !matches!(b, b'\r' | b'\n' | 0));
                Ok(bytes)
            }
            None => Ok(text.clone().into_bytes()),
        },
        DataPiece::Binary(text) | DataPiece::Json(text) => match text.strip_prefix('@') {
            Some(file) => input::read(file),
            None => Ok(text.clone().into_bytes()),
        },
        DataPiece::UrlEncode(text) => urlencoded(text).map(String::into_bytes),
    }
}

/// `content`, `=content`, `name=content`, `@file` or `name@file`: the content percent-encoded.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn urlencoded(text: &str) -> Result<String, Failure> {
    let mark = text.find(['=', '@']);
    let (name, content) = match mark {
        None => ("", text.as_bytes().to_vec()),
        Some(at) if text[at..].starts_with('=') => (&text[..at], text[at + 1..].into()),
        Some(at) => (&text[..at], input::read(&text[at + 1..])?),
    };
    let encoded = form_encode(&content);
    Ok(if name.is_empty() { encoded } else { format!("{name}={encoded}") })
}

/// As [`percent_encode`], and a space as `+`, as forms have it.
fn form_encode(bytes: &[u8]) -> String {
    percent_encode(bytes).replace("%20", "+")
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
pub(super) fn percent_encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_goes_behind_the_query_and_before_the_fragment() {
        assert_eq!(with_query("http://h/x?a#f", "b=1"), "http://h/x?a&b=1#f");
        assert_eq!(with_query("http://h/x", "b=1"), "http://h/x?b=1");
        assert_eq!(with_query("http://h/x?", "b=1"), "http://h/x?b=1");
    }

    #[test]
    fn only_the_content_is_encoded() {
        for (text, encoded) in
            [("a b&c", "a+b%26c"), ("=a=b", "a%3Db"), ("n=ä ~", "n=%C3%A4+~"), ("n=", "n=")]
        {
            assert_eq!(urlencoded(text).unwrap(), encoded, "{text}");
        }
    }

    #[test]
    fn pieces_are_joined_and_json_is_not() {
        let piece = |text: &str| DataPiece::Form(text.to_owned());
        let json = |text: &str| DataPiece::Json(text.to_owned());
        assert_eq!(joined(&[piece("a"), piece("")]).unwrap().unwrap(), b"a&");
        assert_eq!(joined(&[json("{"), json("}")]).unwrap().unwrap(), b"{}");
        assert_eq!(joined(&[]).unwrap(), None);
    }
}
