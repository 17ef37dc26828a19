//! Which format a file is in, by its content.

use super::netscape::{self, Line};
use super::{Format, cookie_header, set_cookie_dump, without_mark};
use crate::base::begins_with_curl;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Bytes at the beginning of broken JSON that are searched for a hint.
const GLIMPSE: usize = 4096;

/// The format of a file; `None` where it is none of them. A file that is broken further down is
/// still told by its beginning, so that reading it can say where it is broken.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    let text = without_mark(bytes).trim_ascii_start();
    match text.first()? {
        b'{' => object(text),
        b'[' => list(text),
        _ if begins_with_curl(text) => Some(Format::CurlLine),
        _ => lines(text),
    }
}

fn object(text: &[u8]) -> Option<Format> {
    #[derive(Deserialize)]
    struct Members<'f> {
        log: Option<IgnoredAny>,
        #[serde(borrow)]
        cookies: Option<&'f RawValue>,
        origins: Option<IgnoredAny>,
        // A session of ours is opened, not imported.
        schema: Option<IgnoredAny>,
    }
    let has = |name: &str| glimpsed(text, name);
    match serde_json::from_slice::<Members<'_>>(text) {
        Ok(Members { schema: Some(_), .. }) => None,
        Ok(Members { log: Some(_), .. }) => Some(Format::Har),
        // Some add-ons put their list beside the URL that it is for.
        Ok(Members { cookies: Some(list), .. }) => {
            let entries = serde_json::from_str::<Vec<&RawValue>>(list.get()).unwrap_or_default();
            entries.first().and_then(|first| entry(first)).or(Some(Format::StorageState))
        }
        Ok(Members { origins, .. }) => origins.map(|_| Format::StorageState),
        Err(_) if has("\"schema\"") => None,
        Err(_) if has("\"log\"") => Some(Format::Har),
        Err(_) if has("\"hostOnly\"") || has("\"expirationDate\"") => Some(Format::ExtensionJson),
        Err(_) => has("\"cookies\"").then_some(Format::StorageState),
    }
}

fn list(text: &[u8]) -> Option<Format> {
    let has = |name: &str| glimpsed(text, name);
    let Ok(entries) = serde_json::from_slice::<Vec<&RawValue>>(text) else {
        let state = has("\"expires\"").then_some(Format::StorageState);
        return state.or(has("\"name\"").then_some(Format::ExtensionJson));
    };
    entries.first().map_or(Some(Format::ExtensionJson), |first| entry(first))
}

/// Whose a list is, by its first entry.
fn entry(first: &RawValue) -> Option<Format> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Members {
        expires: Option<IgnoredAny>,
        host_only: Option<IgnoredAny>,
        expiration_date: Option<IgnoredAny>,
        session: Option<IgnoredAny>,
        name: Option<IgnoredAny>,
    }
    match serde_json::from_str::<Members>(first.get()).ok()? {
        Members { expires: Some(_), .. } => Some(Format::StorageState),
        Members { host_only: Some(_), .. }
        | Members { expiration_date: Some(_), .. }
        | Members { session: Some(_), .. } => Some(Format::ExtensionJson),
        Members { name: Some(_), .. } => Some(Format::StorageState),
        _ => None,
    }
}

/// Whether the beginning of broken JSON holds this.
fn glimpsed(text: &[u8], name: &str) -> bool {
    let glimpse = &text[..text.len().min(GLIMPSE)];
    glimpse.windows(name.len()).any(|at| at == name.as_bytes())
}

/// Whether a file is a `session.json` of ours, which is opened and not imported.
pub fn is_session(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Members {
        #[serde(rename = "schema")]
        _schema: u64,
        #[serde(rename = "cookies")]
        _cookies: IgnoredAny,
    }
    let text = without_mark(bytes).trim_ascii_start();
    text.first() == Some(&b'{') && serde_json::from_slice::<Members>(text).is_ok()
}

fn lines(text: &[u8]) -> Option<Format> {
    let header = [&b"# Netscape HTTP Cookie File"[..], b"# HTTP Cookie File"];
    if header.iter().any(|header| text.starts_with(header)) {
        return Some(Format::Netscape);
    }
    let lines = text.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut cookies = 0;
    for line in lines.filter(|line| !line.trim_ascii().is_empty()) {
        match netscape::read_line(line) {
            Line::Cookie { .. } => return Some(Format::Netscape),
            Line::Nothing => continue,
            Line::Malformed => {}
        }
        if set_cookie_dump::status_of(line).is_some()
            || set_cookie_dump::set_cookie_value(line).is_some()
        {
            return Some(Format::SetCookieDump);
        }
        if !(cookie_header::field_value(line).is_some() || is_pairs(line)) {
            return None;
        }
        cookies += 1;
    }
    (cookies > 0).then_some(Format::CookieHeader)
}

/// Whether a line is `a=b; c=d`, every name a token (RFC 9110 section 5.6.2).
fn is_pairs(line: &[u8]) -> bool {
    let is_token = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b);
    line.split(|&b| b == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty()).all(|pair| {
        let name = pair.iter().position(|&b| b == b'=').map(|at| &pair[..at]);
        name.is_some_and(|name| !name.is_empty() && name.iter().all(is_token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_what_only_it_has() {
        use Format as F;
        let cases: [(&str, Option<Format>); 38] = [
            ("", None),
            (" \r\n", None),
            ("hello", None),
            ("https://a.example/?a=b", None),
            ("<html><a href=x>", None),
            ("# Netscape HTTP Cookie File\n", Some(F::Netscape)),
            ("\u{feff}# HTTP Cookie File\r\n", Some(F::Netscape)),
            ("a.example\tFALSE\t/\tFALSE\t0\ta\tb\n", Some(F::Netscape)),
            ("# a comment\n\n#HttpOnly_.a.example\tTRUE\t/\tFALSE\t0\ta\tb", Some(F::Netscape)),
            ("[]", Some(F::ExtensionJson)),
            (r#"[{"name":"a","hostOnly":true}]"#, Some(F::ExtensionJson)),
            (r#"[{"name":"a","session":true}]"#, Some(F::ExtensionJson)),
            (r#"[{"name":"a","session":true,"expires":-1}]"#, Some(F::StorageState)),
            (r#"[{"name":"a","domain":"b.example"}]"#, Some(F::StorageState)),
            (r#"[{"name":"a","hostOnly":tru"#, Some(F::ExtensionJson)),
            (r#"[{"name":"a","expires":1"#, Some(F::StorageState)),
            ("[1,2]", None),
            ("[{}]", None),
            (r#"{"cookies":[],"origins":[]}"#, Some(F::StorageState)),
            (r#"{"url":"x","cookies":[{"name":"a","hostOnly":true}]}"#, Some(F::ExtensionJson)),
            (r#"{"url":"x","cookies":[{"expirationDate":1.5}]}"#, Some(F::ExtensionJson)),
            (r#"{"cookies":[{"name":"a","expires":-1}]}"#, Some(F::StorageState)),
            (r#"{"cookies":[{"name":"a","hostOnly":tru"#, Some(F::ExtensionJson)),
            (r#"{"origins":[]}"#, Some(F::StorageState)),
            (r#"{"cookies":[{]}"#, Some(F::StorageState)),
            (r#"{"schema":1,"cookies":[]}"#, None),
            (r#"{"schema":1,"cookies":[{]}"#, None),
            (r#"{"log":{"entries":[]}}"#, Some(F::Har)),
            (r#"{"log":{"entries":["#, Some(F::Har)),
            ("{}", None),
            ("curl 'https://a.example/' -b 'a=b'", Some(F::CurlLine)),
            ("$ curl\thttps://a.example/", Some(F::CurlLine)),
            ("curling=1", Some(F::CookieHeader)),
            ("cookie: bare", Some(F::CookieHeader)),
            ("a=b; c=d\r\n", Some(F::CookieHeader)),
            ("set-cookie: a=b", Some(F::SetCookieDump)),
            ("HTTP/2 200 \r\nserver: x\r\n", Some(F::SetCookieDump)),
            ("a=b; hello there", None),
        ];
        for (text, format) in cases {
            assert_eq!(detect(text.as_bytes()), format, "{text}");
        }
    }
}
