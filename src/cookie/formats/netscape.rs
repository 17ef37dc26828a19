//! The Netscape cookie file, as curl, Wget, Python and browser add-ons write it.
//!
//! One cookie a line, seven columns between tabs: domain, whether the hosts
//! below get it too, path, secure, expiry in seconds, name, value. Read
//! leniently, written strictly. What the format cannot hold (`SameSite`,
//! partitions, times of creation and receipt) is lost.

use super::export::{Form, Place};
use super::{Import, Loss, Warning};
use crate::base::Wall;
use crate::cookie::{Cookie, Key};

/// The first line, by which other programs know the format; then a line of ours.
const HEADER: &[u8] = b"# Netscape HTTP Cookie File\n\
    # Written by cruller: domain, hosts below, path, secure, expires, name, value\n\n";

/// Marks a cookie that is `HttpOnly`; otherwise a line that begins with `#` is a comment.
pub(super) const HTTP_ONLY: &[u8] = b"#HttpOnly_";

/// What one line of a file is.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A cookie, created and accessed at time zero: the format does not say when.
    Cookie {
        /// The cookie, not checked yet; the jar's door does that.
        cookie: Cookie,
        /// The domain begins with a dot and column two says `FALSE`; the dot won.
        contradiction: bool,
    },
    /// A comment or an empty line.
    Nothing,
    /// Something else.
    Malformed,
}

/// Reads a whole file.
pub(super) fn read(bytes: &[u8]) -> Import {
    let mut import = Import::default();
    let mut contradictions = 0;
    for (i, line) in bytes.split(|&b| b == b'\n').enumerate() {
        match read_line(line) {
            Line::Cookie { cookie, contradiction } => {
                contradictions += usize::from(contradiction);
                import.cookies.push(cookie);
            }
            Line::Nothing => {}
            Line::Malformed => import.malformed_at(i + 1),
        }
    }
    if contradictions > 0 {
        import.warnings.push(Warning::Contradictions(contradictions));
    }
    import
}

/// Reads one line, with or without its line end.
pub fn read_line(line: &[u8]) -> Line {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (line, http_only) = match line.strip_prefix(HTTP_ONLY) {
        Some(rest) => (rest, true),
        None if line.starts_with(b"#") || line.trim_ascii().is_empty() => return Line::Nothing,
        None => (line, false),
    };
    match columns(line) {
        Some(columns) => cookie_of(&columns, http_only).unwrap_or(Line::Malformed),
        None => Line::Malformed,
    }
}

/// Seven columns; six where the value is missing. The last one may hold tabs. A line without
/// enough tabs is split at runs of white space.
fn columns(line: &[u8]) -> Option<[&[u8]; 7]> {
    let mut columns = [&[][..]; 7];
    let tabs = line.iter().filter(|&&b| b == b'\t').count();
    if tabs >= 5 {
        for (column, text) in columns.iter_mut().zip(line.splitn(7, |&b| b == b'\t')) {
            *column = text;
        }
        return Some(columns);
    }
    let mut rest = line.trim_ascii();
    for (i, column) in columns.iter_mut().enumerate() {
        if i == 6 {
            *column = rest;
            break;
        }
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        *column = &rest[..end];
        rest = rest[end..].trim_ascii_start();
    }
    Some(columns)
}

fn cookie_of(columns: &[&[u8]; 7], http_only: bool) -> Option<Line> {
    let [domain, below, path, secure, expires, name, value] = *columns;
    let domain = without_port(std::str::from_utf8(domain.trim_ascii()).ok()?);
    let below = flag(below)?;
    let bare = domain.trim_start_matches('.');
    let dot = bare.len() < domain.len();
    let key = Key {
        domain: bare.into(),
        path: path.into(),
        name: name.into(),
        host_only: !(dot || below),
        partition: None,
    };
    let mut cookie = Cookie::new(key, value, Wall(0));
    cookie.secure = flag(secure)?;
    cookie.http_only = http_only;
    cookie.expires = expiry(expires)?;
    Some(Line::Cookie { cookie, contradiction: dot && !below })
}

/// Wget puts the port behind a host that had an unusual one; cookies know no ports.
fn without_port(domain: &str) -> &str {
    match domain.rsplit_once(':') {
        Some((host, port))
            if (!host.contains(':') || host.ends_with(']'))
                && !port.is_empty()
                && port.bytes().all(|b| b.is_ascii_digit()) =>
        {
            host
        }
        _ => domain,
    }
}

fn flag(text: &[u8]) -> Option<bool> {
    let text = text.trim_ascii();
    let truth = text.eq_ignore_ascii_case(b"TRUE");
    (truth || text.eq_ignore_ascii_case(b"FALSE")).then_some(truth)
}

/// Seconds since the epoch, a fraction cut off; empty, 0 and -1 mean a session cookie.
fn expiry(text: &[u8]) -> Option<Option<Wall>> {
    let text = text.trim_ascii();
    let (whole, fraction) = match text.iter().position(|&b| b == b'.') {
        Some(dot) => (&text[..dot], &text[dot + 1..]),
        None => (text, &[][..]),
    };
    let digits = whole.strip_prefix(b"-").unwrap_or(whole);
    if !digits.iter().chain(fraction).all(u8::is_ascii_digit)
        || (digits.is_empty() && !text.is_empty())
    {
        return None;
    }
    let secs =
        digits.iter().fold(0i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0')));
    let secs = if digits.len() < whole.len() { -secs } else { secs };
    Some((!matches!(secs, 0 | -1)).then(|| Wall::from_secs(secs)))
}

/// The header and a line for each cookie.
pub(super) const FORM: Form =
    Form { open: HEADER, between: b"", close: b"", write: write_entry, read: read_entry };

/// For other programs a tab has no place in the value either: curl drops such a line, Python the
/// whole file.
fn write_entry(cookie: &Cookie, _: &Place<'_>) -> Result<Vec<u8>, Loss> {
    let mut line = Vec::new();
    match !cookie.value.contains(&b'\t') && write_line(&mut line, cookie) {
        true => Ok(line),
        false => Err(Loss::Tab),
    }
}

fn read_entry(line: &[u8], _: &Place<'_>) -> Option<Cookie> {
    match read_line(line) {
        Line::Cookie { cookie, .. } => Some(cookie),
        Line::Nothing | Line::Malformed => None,
    }
}

/// A whole file of these cookies, in this order, and how many were left out because a tab in
/// their name or path has no place in the format.
pub fn write<'c>(cookies: impl IntoIterator<Item = &'c Cookie>) -> (Vec<u8>, usize) {
    let mut out = HEADER.to_vec();
    let left_out = cookies.into_iter().filter(|cookie| !write_line(&mut out, cookie)).count();
    (out, left_out)
}

fn write_line(out: &mut Vec<u8>, cookie: &Cookie) -> bool {
    let key = &cookie.key;
    if key.name.contains(&b'\t') || key.path.contains(&b'\t') {
        return false;
    }
    if cookie.http_only {
        out.extend_from_slice(HTTP_ONLY);
    }
    if !key.host_only {
        out.push(b'.');
    }
    let word = |truth: bool| if truth { &b"TRUE"[..] } else { b"FALSE" };
    // A moment within the first second would read as a session cookie; it is long over anyway.
    let expires = cookie.expires.map_or(0, |end| end.secs().max(1)).to_string();
    let columns: [&[u8]; 7] = [
        // An IPv6 address stands without brackets, as curl looks for it.
        key.domain.trim_matches(['[', ']']).as_bytes(),
        word(!key.host_only),
        &key.path,
        word(cookie.secure),
        expires.as_bytes(),
        &key.name,
        &cookie.value,
    ];
    for (i, column) in columns.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        out.extend_from_slice(column);
    }
    out.push(b'\n');
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Cookie {
        match read_line(line.as_bytes()) {
            Line::Cookie { cookie, .. } => cookie,
            other => panic!("{line:?}: {other:?}"),
        }
    }

    #[test]
    fn lines_of_other_programs_are_read() {
        // Line, domain, host-only, expiry in seconds, name, value.
        let cases = [
            (
                ".example.com\tTRUE\t/\tFALSE\t1900000000\ta\tb",
                "example.com",
                false,
                Some(1_900_000_000),
                "a",
                "b",
            ), // curl
            ("example.com\tFALSE\t/\tTRUE\t0\ta\tb\r\n", "example.com", true, None, "a", "b"), // CRLF
            ("example.com\tTRUE\t/\tFALSE\t\ta\tb", "example.com", false, None, "a", "b"), // empty expiry
            ("example.com\tFALSE\t/\tFALSE\t-1\ta\tb", "example.com", true, None, "a", "b"), // add-ons
            (
                "example.com\tFALSE\t/\tFALSE\t1900000000.75\ta\tb",
                "example.com",
                true,
                Some(1_900_000_000),
                "a",
                "b",
            ),
            (
                "example.com false / false 1900000000 a b c",
                "example.com",
                true,
                Some(1_900_000_000),
                "a",
                "b c",
            ),
            ("example.com\tFALSE\t/\tFALSE\t0\t\tbare", "example.com", true, None, "", "bare"), // Python
            ("example.com\tFALSE\t/\tFALSE\t0\ta", "example.com", true, None, "a", ""), // curl, blank value
            ("example.com\tFALSE\t/\tFALSE\t0\ta\tb\tc", "example.com", true, None, "a", "b\tc"),
            ("localhost:8080\tFALSE\t/\tFALSE\t0\ta\tb", "localhost", true, None, "a", "b"), // Wget
            ("[::1]:8080\tFALSE\t/\tFALSE\t0\ta\tb", "[::1]", true, None, "a", "b"),
            ("::1\tFALSE\t/\tFALSE\t0\ta\tb", "::1", true, None, "a", "b"), // curl
        ];
        for (line, domain, host_only, expires, name, value) in cases {
            let got = read(line);
            assert_eq!((&*got.key.domain, got.key.host_only), (domain, host_only), "{line}");
            assert_eq!(got.expires.map(Wall::secs), expires, "{line}");
            assert_eq!(
                (&*got.key.name, &*got.value),
                (name.as_bytes(), value.as_bytes()),
                "{line}"
            );
        }
    }

    #[test]
    fn the_dot_wins_over_column_two_with_a_warning() {
        let line = read_line(b".example.com\tFALSE\t/\tFALSE\t0\ta\tb");
        assert!(
            matches!(line, Line::Cookie { contradiction: true, cookie } if !cookie.key.host_only)
        );
    }

    #[test]
    fn httponly_lines_are_no_comments_and_comments_are_nothing() {
        assert!(read("#HttpOnly_.example.com\tTRUE\t/\tFALSE\t0\ta\tb").http_only);
        for line in
            ["", "\r\n", "   ", "# a comment", "#HttpOnly is a word", "# Netscape HTTP Cookie File"]
        {
            assert_eq!(read_line(line.as_bytes()), Line::Nothing, "{line:?}");
        }
    }

    #[test]
    fn what_is_no_cookie_is_malformed() {
        for line in [
            "hello",
            "HTTP/1.1 200 OK",
            "a\tb\tc",
            "example.com\tMAYBE\t/\tFALSE\t0\ta\tb",
            "example.com\tTRUE\t/\tFALSE\tsoon\ta\tb",
            "example.com\tTRUE\t/\tFALSE\t1e9\ta\tb",
            "example.com\tTRUE\t/\tFALSE\t-\ta\tb",
        ] {
            assert_eq!(read_line(line.as_bytes()), Line::Malformed, "{line:?}");
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let lines = [
            "#HttpOnly_.example.com\tTRUE\t/x\tTRUE\t1900000000\ta\tb\tc",
            "example.com\tFALSE\t/\tFALSE\t0\t\tbare",
        ];
        let cookies: Vec<Cookie> = lines.iter().map(|line| read(line)).collect();
        let (text, left_out) = write(&cookies);
        assert_eq!(left_out, 0);
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("# Netscape HTTP Cookie File\n"));
        assert!(text.ends_with(&format!("\n\n{}\n{}\n", lines[0], lines[1])), "{text}");
    }

    #[test]
    fn an_ipv6_address_stands_without_brackets() {
        let mut cookie = read("::1\tFALSE\t/\tFALSE\t0\ta\tb");
        cookie.key.domain = "[::1]".into();
        let text = String::from_utf8(write([&cookie]).0).unwrap();
        assert!(text.ends_with("\n::1\tFALSE\t/\tFALSE\t0\ta\tb\n"), "{text}");
    }

    #[test]
    fn a_name_with_a_tab_has_no_place_in_the_file() {
        let mut cookie = read("example.com\tFALSE\t/\tFALSE\t0\ta\tb");
        cookie.key.name = b"a\tb"[..].into();
        let (text, left_out) = write([&cookie]);
        assert_eq!((text.as_slice(), left_out), (HEADER, 1));
    }
}
