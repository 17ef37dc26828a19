//! `<meta http-equiv="refresh">` (HTML standard, 4.2.5.3, "shared declarative refresh steps").

use super::gather::collapsed;
use super::links::resolve;
use url::Url;

/// Digits of a delay that are read: eleven days and more are never.
const MOST_DIGITS: usize = 9;

/// The longest target that is kept.
const MOST_TARGET: usize = 2000;

/// A page that asks to be left, or loaded again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// After how many seconds.
    pub seconds: u32,
    /// Where to, resolved; none is the page itself.
    pub target: Option<String>,
    /// It stands in `noscript`: it is meant for those who run no scripts.
    pub without_scripts: bool,
}

impl Refresh {
    /// Reads the value; none where a browser would take it for nothing.
    pub(super) fn read(content: &str, base: &Url, without_scripts: bool) -> Option<Refresh> {
        let text = content.trim_start();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 && !text.starts_with('.') {
            return None;
        }
        let seconds = text[..digits.min(MOST_DIGITS)].parse().unwrap_or(0);
        let behind = text[digits..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let refresh = Refresh { seconds, target: None, without_scripts };
        if behind.trim().is_empty() {
            return Some(refresh);
        }
        if !behind.starts_with([';', ',']) && !behind.starts_with(char::is_whitespace) {
            return None;
        }
        let behind = behind.trim_start();
        let behind = behind.strip_prefix([';', ',']).unwrap_or(behind).trim_start();
        let url = unprefixed(behind).unwrap_or(behind);
        let url = match url.chars().next() {
            Some(quote @ ('"' | '\'')) => url[1..].split(quote).next().unwrap_or_default(),
            _ => url,
        };
        if url.trim().is_empty() {
            return Some(refresh);
        }
        // What is no address that is fetched is shown as it is.
        let target = resolve(url, base).map_or_else(|| url.to_owned(), String::from);
        Some(Refresh { target: collapsed(&target, MOST_TARGET), ..refresh })
    }
}

/// What is behind `url =`.
fn unprefixed(text: &str) -> Option<&str> {
    let name = text.get(..3).filter(|name| name.eq_ignore_ascii_case("url"))?;
    Some(text[name.len()..].trim_start().strip_prefix('=')?.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_and_target_are_read_as_a_browser_reads_them() {
        let base = Url::parse("https://a.test/x/").unwrap();
        for (content, want) in [
            ("5", Some((5, None))),
            (" 0; url=next", Some((0, Some("https://a.test/x/next")))),
            ("3.7,URL = '/y' rest", Some((3, Some("https://a.test/y")))),
            ("1;\"http://b.test\"", Some((1, Some("http://b.test/")))),
            ("2 z", Some((2, Some("https://a.test/x/z")))),
            (".5; url=z", Some((0, Some("https://a.test/x/z")))),
            ("4; url=", Some((4, None))),
            ("99999999999999; url=z", Some((999_999_999, Some("https://a.test/x/z")))),
            ("0; url=javascript:x()", Some((0, Some("javascript:x()")))),
            ("5x; url=z", None),
            ("url=z", None),
            ("", None),
            ("é", None),
            ("1; é", Some((1, Some("https://a.test/x/%C3%A9")))),
        ] {
            let found = Refresh::read(content, &base, false);
            let found = found.as_ref().map(|found| (found.seconds, found.target.as_deref()));
            assert_eq!(found, want, "{content}");
        }
    }
}
