//! The lines of a Netscape jar: the cookies, and all else, which survives a rewriting.

use super::Loaded;
use crate::base::Wall;
use crate::cookie::formats::netscape::{self, Line};
use crate::cookie::{Cookie, Jar, Refusal, SetCookie, Verdict};
use url::Url;

/// The first lines by which programs know the format, after the `#`.
const NAMES: [&[u8]; 2] = [b"Netscape HTTP Cookie File", b"HTTP Cookie File"];

/// Where in a file a cookie stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// On a line of seven columns.
    Columns,
    /// On a `Set-Cookie:` line, which curl reads too.
    Answer,
}

/// What a file holds besides the cookies that were handed out.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The counts.
    pub(super) loaded: Loaded,
    /// Whether it has the format's first line, or one cookie in columns, or nothing at all.
    pub(super) is_jar: bool,
    /// Comments, without those that a new file begins with.
    comments_and_rest: Vec<(bool, Vec<u8>)>,
}

impl Read {
    /// The file for these cookies: behind its first lines all lines that are kept, as they were and
    /// in order. `forget`: only comments are kept. And the cookies that have no place in it.
    pub(super) fn write(&self, cookies: &[&Cookie], forget: bool) -> (Vec<u8>, usize) {
        let head = netscape::write([]).0;
        let (rows, left_out) = netscape::write(cookies.iter().copied());
        let mut text = head.clone();
        let kept = self.comments_and_rest.iter().filter(|(comment, _)| *comment || !forget);
        for (_, line) in kept {
            text.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                text.push(b'\n');
            }
        }
        text.extend_from_slice(&rows[head.len()..]);
        (text, left_out)
    }
}

/// Reads lines of either kind and hands each cookie to `put`. Columns that it refuses for another
/// reason than [`Refusal::Expired`] are kept; `Set-Cookie:` lines are, unless it says so.
pub(super) fn read(
    text: &[u8],
    url: Option<&Url>,
    now: Wall,
    mut put: impl FnMut(Cookie, Form) -> Result<(), Refusal>,
) -> Read {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let head = netscape::write([]).0;
    let mut read = Read { is_jar: text.trim_ascii().is_empty(), ..Read::default() };
    for line in text.split_inclusive(|&b| b == b'\n') {
        let (comment, keep) = if let Some(value) = set_cookie_value(line) {
            let answer = answered(value, url, now)
                .map(|read| read.and_then(|cookie| put(cookie, Form::Answer)));
            match answer {
                Some(answer) => read.loaded.count(answer),
                None => read.loaded.skipped += 1,
            }
            (false, answer != Some(Err(Refusal::Expired)))
        } else {
            match netscape::read_line(line) {
                Line::Cookie { cookie, contradiction } => {
                    read.is_jar = true;
                    read.loaded.contradictions += usize::from(contradiction);
                    let answer = put(cookie, Form::Columns);
                    read.loaded.count(answer);
                    (false, !matches!(answer, Ok(()) | Err(Refusal::Expired)))
                }
                Line::Nothing => {
                    let bare = line.trim_ascii_end();
                    let first = is_first_line(bare);
                    read.is_jar |= first;
                    let ours = first || head.split(|&b| b == b'\n').any(|ours| ours == bare);
                    (true, !ours && !bare.is_empty())
                }
                Line::Malformed => {
                    read.loaded.skipped += 1;
                    (false, true)
                }
            }
        };
        if keep {
            read.comments_and_rest.push((comment, line.to_vec()));
        }
    }
    read
}

fn is_first_line(line: &[u8]) -> bool {
    let name = line.strip_prefix(b"#").map(<[u8]>::trim_ascii);
    name.is_some_and(|name| NAMES.contains(&name))
}

/// The value of a `Set-Cookie:` line, without the white space around it.
fn set_cookie_value(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"Set-Cookie:";
    let named = line.get(..NAME.len())?.eq_ignore_ascii_case(NAME);
    named.then(|| line[NAME.len()..].trim_ascii())
}

/// What a `Set-Cookie:` line of a file sets, as if a secure host had sent it: the one of its
/// `Domain`, else the one of `url`. `None` where there is neither, or it is refused. Received at no
/// known time, as all that stands in such files.
fn answered(line: &[u8], url: Option<&Url>, now: Wall) -> Option<Result<Cookie, Refusal>> {
    let named = SetCookie::parse(line).ok().and_then(|read| read.domain).filter(|d| !d.is_empty());
    let from = match (named, url) {
        (Some(domain), _) => {
            Url::parse(&format!("https://{}/", std::str::from_utf8(&domain).ok()?)).ok()?
        }
        (None, Some(url)) => {
            let mut url = url.clone();
            url.set_scheme("https").ok()?;
            url
        }
        (None, None) => return None,
    };
    let mut alone = Jar::new();
    match alone.store(line, &from, now).verdict {
        Verdict::Refused(refusal) => Some(Err(refusal)),
        Verdict::Removed => Some(Err(Refusal::Expired)),
        Verdict::Created | Verdict::Replaced => {
            let mut cookie = alone.iter().next()?.clone();
            cookie.received = None;
            Some(Ok(cookie))
        }
    }
}
