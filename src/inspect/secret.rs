//! What is as good as a password is not shown: a value's length stands for it.
//!
//! Cookie values, credentials, what a field calls a token or a key to an API, and passwords in
//! URLs, wherever these stand.

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
    if is("Set-Cookie") || is("Set-Cookie2") {
        let end = value.iter().position(|&b| b == b';').unwrap_or(value.len());
        let (pair, attributes) = value.split_at(end);
        return Some([&pair_masked(pair.trim_ascii()), attributes].concat());
    }
    if is("Authentication-Info") || is("Proxy-Authentication-Info") || names_a_secret(name) {
        return Some(length(value.trim_ascii()).into_bytes());
    }
    match without_passwords(value) {
        Cow::Owned(masked) => Some(masked),
        Cow::Borrowed(_) => None,
    }
}

/// Whether a field's name says that its value is a secret: `X-Auth-Token`, `X-Api-Key`.
fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let word = |word: &str| ["token", "secret", "password", "passwd", "apikey"].contains(&word);
    let key = ["api-key", "auth-key", "access-key", "secret-key", "private-key"];
    name.split('-').any(word) || key.iter().any(|end| name.ends_with(end))
}

/// The same for text.
pub fn text_without_passwords(text: &str) -> Cow<'_, str> {
    match without_passwords(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
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

/// The text with the password of every URL in it masked: what stands between `//user:` and `@`.
/// A password may hold whatever does not end the authority (RFC 3986 section 3.2.1), and escapes
/// where it has been made visible; a word too much is masked rather than one too few.
pub fn without_passwords(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(found) = find(&text[at..], b"//") {
        let start = at + found + 2;
        at = start;
        let end = text[start..].iter().position(|b| b"/?# \t\"<>".contains(b));
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
    fn what_a_field_calls_a_secret_is_one() {
        for name in ["X-Api-Key", "x-auth-token", "X-CSRF-Token", "X-XSRF-TOKEN", "X_Api_Key"] {
            assert_eq!(shown(name, "hunter2"), "(7 bytes)", "{name}");
        }
        assert_eq!(shown("Set-Cookie2", "sid=hunter2; Version=1"), "sid=(7 bytes); Version=1");
        assert_eq!(shown("Authentication-Info", "nextnonce=\"hunter2\""), "(19 bytes)");
        for name in ["Idempotency-Key", "Sec-WebSocket-Key", "Keep-Alive", "X-Tokens-Left"] {
            assert_eq!(shown(name, "hunter2"), "hunter2", "{name}");
        }
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
            ("//u:p@h/", "//u:***@h/"),
            ("http:////u:p@h/", "http:////u:***@h/"),
            ("http://u:it's;a,b\\c@h/", "http://u:***@h/"),
        ] {
            assert_eq!(shown("Location", value), expected);
        }
    }
}
