//! What is as good as a password is not shown: a value's length stands for it.
//!
//! Cookie values, credentials, and passwords in URLs, wherever these stand.

use std::borrow::Cow;

/// The value of a field with its secrets masked; `None` where it holds none.
pub fn masked(name: &str, value: &[u8]) -> Option<Vec<u8>> {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("Authorization") || is("Proxy-Authorization") {
        return Some(credentials(value));
    }
    if is("Cookie") {
        let pairs: Vec<_> =
            value.split(|&b| b == b';').map(|pair| pair_masked(pair.trim_ascii())).collect();
        return Some(pairs.join(&b"; "[..]));
    }
    if is("Set-Cookie") {
        let end = value.iter().position(|&b| b == b';').unwrap_or(value.len());
        let (pair, attributes) = value.split_at(end);
        return Some([&pair_masked(pair.trim_ascii()), attributes].concat());
    }
    match without_passwords(value) {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
    }
}

/// The scheme, and how much there is behind it.
fn credentials(value: &[u8]) -> Vec<u8> {
    match value.iter().position(|&b| b == b' ') {
        Some(space) => [&value[..=space], length(value[space..].trim_ascii()).as_bytes()].concat(),
        None => length(value).into_bytes(),
    }
}

/// `name=(32 bytes)`; of a nameless cookie, which has nothing but its value, the length.
fn pair_masked(pair: &[u8]) -> Vec<u8> {
    match pair.iter().position(|&b| b == b'=') {
        Some(equals) => {
            let value = pair[equals + 1..].trim_ascii();
            [&pair[..=equals], length(value).as_bytes()].concat()
        }
        None => length(pair).into_bytes(),
    }
}

fn length(value: &[u8]) -> String {
    match value.len() {
        1 => "(1 byte)".to_owned(),
        many => format!("({many} bytes)"),
    }
}

/// The text with the password of every URL in it masked: what stands between `://user:` and `@`.
pub fn without_passwords(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(found) = find(&text[at..], b"://") {
        let start = at + found + 3;
        at = start;
        let end = text[start..].iter().position(|b| b"/?#\\ \t\"'<>,;".contains(b));
        let authority = &text[start..end.map_or(text.len(), |end| start + end)];
        let Some(last) = authority.iter().rposition(|&b| b == b'@') else { continue };
        let Some(colon) = authority[..last].iter().position(|&b| b == b':') else { continue };
        out.extend_from_slice(&text[done..=start + colon]);
        out.extend_from_slice(b"***");
        done = start + last;
        at = done;
    }
    match out.is_empty() {
        true => Cow::Borrowed(text),
        false => {
            out.extend_from_slice(&text[done..]);
            Cow::Owned(out)
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, value: &str) -> String {
        let masked = masked(name, value.as_bytes());
        String::from_utf8(masked.unwrap_or_else(|| value.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn values_of_cookies_are_lengths() {
        for (name, value, expected) in [
            (
                "Cookie",
                "sid=hunter2; a=b=c;  empty=",
                "sid=(7 bytes); a=(3 bytes); empty=(0 bytes)",
            ),
            ("cookie", "hunter2", "(7 bytes)"),
            ("Set-Cookie", "sid=hunter2; Path=/; HttpOnly", "sid=(7 bytes); Path=/; HttpOnly"),
            ("SET-COOKIE", "=hunter2", "=(7 bytes)"),
            ("Set-Cookie", "hunter2", "(7 bytes)"),
            ("Set-Cookie", "", "(0 bytes)"),
        ] {
            assert_eq!(shown(name, value), expected);
        }
    }

    #[test]
    fn credentials_keep_their_scheme_only() {
        assert_eq!(shown("Authorization", "Basic YWRhOng="), "Basic (8 bytes)");
        assert_eq!(shown("proxy-authorization", "token"), "(5 bytes)");
        assert_eq!(shown("Authorization", "Digest username=\"a\", b=c"), "Digest (17 bytes)");
    }

    #[test]
    fn a_password_in_a_url_is_masked_wherever_it_stands() {
        for (value, expected) in [
            ("http://ada:hunter2@a.example/x?y=1", "http://ada:***@a.example/x?y=1"),
            (
                "<https://u:p@q@h/>; rel=next, <http://b:c@d/>",
                "<https://u:***@h/>; rel=next, <http://b:***@d/>",
            ),
            ("http://ada@a.example/", "http://ada@a.example/"),
            ("http://a.example:80/@x", "http://a.example:80/@x"),
            ("://", "://"),
        ] {
            assert_eq!(shown("Location", value), expected);
        }
    }
}
