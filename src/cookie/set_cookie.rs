//! Reads one `Set-Cookie` line (RFC 6265bis section 5.6).
//!
//! Bytes in; what the line says out. Nothing is judged here but its form:
//! whether the cookie is kept is the storage model's business (`store.rs`).

use super::date;
use super::record::SameSite;
use super::verdict::Refusal;
use crate::base::Wall;
use std::fmt;

/// The most bytes a cookie's name and value may have together (section 5.6, step 5).
pub const MAX_NAME_AND_VALUE: usize = 4096;

/// The most bytes an attribute's value may have; a longer attribute is ignored
/// (section 5.6, attribute step 6).
pub const MAX_ATTRIBUTE_VALUE: usize = 1024;

/// What one `Set-Cookie` line says. Of repeated attributes the last one counts.
#[derive(Clone, PartialEq, Eq)]
pub struct SetCookie<'l> {
    /// The name, possibly empty.
    pub name: &'l [u8],
    /// The value as it came, quotes kept; possibly empty.
    pub value: &'l [u8],
    /// `Max-Age` in seconds, saturated; wins over `expires`.
    pub max_age: Option<i64>,
    /// `Expires`, not capped yet.
    pub expires: Option<Wall>,
    /// `Domain` without one leading dot, in lower case. An empty one is as good as none.
    pub domain: Option<Vec<u8>>,
    /// `Path`, where it begins with a slash; `None` means the default path.
    pub path: Option<&'l [u8]>,
    /// `Secure`, with or without a value.
    pub secure: bool,
    /// `HttpOnly`, with or without a value.
    pub http_only: bool,
    /// `SameSite`.
    pub same_site: SameSite,
    /// `Partitioned` (CHIPS), with or without a value.
    pub partitioned: bool,
}

impl<'l> SetCookie<'l> {
    /// Reads a line, without its field name and line end.
    ///
    /// # Errors
    /// [`Refusal::ControlCharacter`] and [`Refusal::TooLarge`]; anything else can be read.
    pub fn parse(line: &'l [u8]) -> Result<SetCookie<'l>, Refusal> {
        if line.iter().any(|&b| is_control(b)) {
            return Err(Refusal::ControlCharacter);
        }
        let mut parts = line.split(|&b| b == b';');
        let (name, value) = name_and_value(parts.next().unwrap_or_default());
        if name.len() + value.len() > MAX_NAME_AND_VALUE {
            return Err(Refusal::TooLarge);
        }
        let mut read = SetCookie {
            name,
            value,
            max_age: None,
            expires: None,
            domain: None,
            path: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            partitioned: false,
        };
        parts.for_each(|attribute| read.attribute(attribute));
        Ok(read)
    }

    /// The name that a line gives, even if the line cannot be read: for messages.
    pub fn name_in(line: &'l [u8]) -> &'l [u8] {
        name_and_value(line.split(|&b| b == b';').next().unwrap_or_default()).0
    }

    fn attribute(&mut self, text: &'l [u8]) {
        let (name, value) = match split_once(text, b'=') {
            Some((name, value)) => (trim(name), trim(value)),
            None => (trim(text), &[][..]),
        };
        if value.len() > MAX_ATTRIBUTE_VALUE {
            return;
        }
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("Expires") {
            self.expires = date::parse(value).or(self.expires);
        } else if is("Max-Age") {
            self.max_age = max_age(value).or(self.max_age);
        } else if is("Domain") {
            let bare = value.strip_prefix(b".").unwrap_or(value);
            self.domain = Some(bare.to_ascii_lowercase());
        } else if is("Path") {
            self.path = value.starts_with(b"/").then_some(value);
        } else if is("Secure") {
            self.secure = true;
        } else if is("HttpOnly") {
            self.http_only = true;
        } else if is("SameSite") {
            self.same_site = SameSite::read(value);
        } else if is("Partitioned") {
            self.partitioned = true;
        }
    }
}

impl fmt::Debug for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetCookie")
            .field("name", &self.name.escape_ascii().to_string())
            .field("value", &format_args!("({} bytes)", self.value.len()))
            .field("max_age", &self.max_age)
            .field("expires", &self.expires)
            .field("domain", &self.domain.as_ref().map(|d| d.escape_ascii().to_string()))
            .field("path", &self.path.map(|p| p.escape_ascii().to_string()))
            .field("secure", &self.secure)
            .field("http_only", &self.http_only)
            .field("same_site", &self.same_site)
            .field("partitioned", &self.partitioned)
            .finish()
    }
}

/// The control characters that refuse a cookie: all but the tab (section 5.6, step 1).
pub(super) fn is_control(b: u8) -> bool {
    b.is_ascii_control() && b != b'\t'
}

/// A pair without `=` is all value (section 5.6, step 3).
fn name_and_value(pair: &[u8]) -> (&[u8], &[u8]) {
    match split_once(pair, b'=') {
        Some((name, value)) => (trim(name), trim(value)),
        None => (&[], trim(pair)),
    }
}

fn split_once(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|&b| b == at)?;
    Some((&text[..place], &text[place + 1..]))
}

/// Without the spaces and tabs around it; other white space stays.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Digits, possibly behind a minus; `None` where it is anything else (section 5.6.2).
fn max_age(value: &[u8]) -> Option<i64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds =
        digits.iter().fold(0i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0')));
    Some(if digits.len() < value.len() { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> SetCookie<'_> {
        SetCookie::parse(line.as_bytes()).unwrap()
    }

    #[test]
    fn a_pair_is_split_at_its_first_equals_sign_and_trimmed() {
        // Line, name, value; section 5.6 steps 2 to 4, and web-platform-tests cookies/name, cookies/value.
        let cases = [
            ("a=b", "a", "b"),
            (" a = b ; Path=/", "a", "b"),
            ("\ta\t=\tb\t", "a", "b"),
            ("a=b=c", "a", "b=c"),
            ("a=\"b c\"", "a", "\"b c\""),
            ("a=\" b ;c\"", "a", "\" b"),
            ("a=b\tc", "a", "b\tc"),
            ("a=b,c=d", "a", "b,c=d"),
            ("a b=c d", "a b", "c d"),
            ("foo", "", "foo"),
            ("=foo", "", "foo"),
            ("==foo", "", "=foo"),
            (" = foo", "", "foo"),
            ("foo=", "foo", ""),
            ("=", "", ""),
            ("", "", ""),
            (";", "", ""),
            ("; Path=/x", "", ""),
            ("a=\u{e4}", "a", "\u{e4}"),
            ("$Version=1", "$Version", "1"),
        ];
        for (line, name, value) in cases {
            let got = read(line);
            assert_eq!((got.name, got.value), (name.as_bytes(), value.as_bytes()), "{line:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept() {
        let got = SetCookie::parse(b"\xff=\xfe\x80").unwrap();
        assert_eq!((got.name, got.value), (&b"\xff"[..], &b"\xfe\x80"[..]));
    }

    #[test]
    fn control_characters_anywhere_refuse_the_line_but_a_tab_survives() {
        for b in (0..=0x1F).chain([0x7F]) {
            for line in [[b'a', b, b'=', b'b'], [b'a', b'=', b, b'b'], [b'a', b'=', b';', b]] {
                let want = if b == b'\t' { None } else { Some(Refusal::ControlCharacter) };
                assert_eq!(SetCookie::parse(&line).err(), want, "{b:#x}");
            }
        }
    }

    #[test]
    fn name_and_value_may_have_4096_bytes_together() {
        let fits = format!("n={}", "v".repeat(4095));
        assert!(SetCookie::parse(fits.as_bytes()).is_ok());
        let long = format!("n={}; Path=/", "v".repeat(4096));
        assert_eq!(SetCookie::parse(long.as_bytes()).err(), Some(Refusal::TooLarge));
    }

    #[test]
    fn an_attribute_value_of_more_than_1024_bytes_is_ignored() {
        let path = format!("/{}", "p".repeat(1023));
        assert_eq!(read(&format!("a=b; Path={path}")).path, Some(path.as_bytes()));
        assert_eq!(read(&format!("a=b; Path=/x; Path={path}p")).path, Some(&b"/x"[..]));
    }

    #[test]
    fn max_age_is_a_whole_number_or_nothing() {
        let cases = [
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("60", Some(60)),
            ("007", Some(7)),
            ("99999999999999999999", Some(i64::MAX)),
            ("-99999999999999999999", Some(-i64::MAX)),
            ("", None),
            ("-", None),
            ("+1", None),
            ("1.5", None),
            ("60s", None),
            ("--1", None),
            ("\"60\"", None),
        ];
        for (text, age) in cases {
            assert_eq!(read(&format!("a=b; max-age={text}")).max_age, age, "{text}");
        }
        assert_eq!(read("a=b; Max-Age=5; Max-Age=x").max_age, Some(5), "a broken one is ignored");
    }

    #[test]
    fn the_last_attribute_of_a_name_counts() {
        assert_eq!(read("a=b; Domain=x.y; DOMAIN=.Z.w").domain, Some(b"z.w".to_vec()));
        assert_eq!(read("a=b; Domain=x.y; Domain=").domain, Some(Vec::new()));
        assert_eq!(read("a=b; Path=/x; Path=y").path, None);
        assert_eq!(read("a=b; SameSite=Lax; SameSite=odd").same_site, SameSite::Default);
    }

    #[test]
    fn flags_count_with_a_value_and_in_any_case() {
        let got = read("a=b; SECURE=x; httponly=false;partitioned = 0;Secured");
        assert!(got.secure && got.http_only && got.partitioned);
        assert!(!read("a=b; Secured; xSecure").secure);
    }

    #[test]
    fn a_path_that_does_not_begin_with_a_slash_is_the_default() {
        for text in ["", "x", "\"/x\"", "%2Fx", "*"] {
            assert_eq!(read(&format!("a=b; Path={text}")).path, None, "{text}");
        }
        assert_eq!(read("a=b; Path= /x ").path, Some(&b"/x"[..]));
    }

    #[test]
    fn the_value_is_not_in_the_debug_output() {
        assert!(!format!("{:?}", read("sid=hush")).contains("hush"));
        assert_eq!(SetCookie::name_in(b"hush\x01"), b"", "a line without = is all value");
    }
}
