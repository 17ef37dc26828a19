//! What a server said: `Set-Cookie` lines alone, or whole heads as curl's `-D` writes them.
//!
//! 1. A head's lines were received when its `Date` says, if it has one: a `Max-Age` counts from
//!    there.
//! 2. After a redirect the next head is of another URL, the one in `Location`.
//! 3. A dump may hold lines of many hosts if each names its `Domain`; otherwise it needs the URL.
//! 4. What follows the last head is content and is not read: a server may write there what it
//!    likes, another server's head for instance.

use super::export::{ELSEWHERE, Form, Place};
use super::{Answer, Error, Format, Import, Loss, Warning};
use crate::base::Wall;
use crate::cookie::{Cookie, Jar, Limits, SameSite, SetCookie, date, site};
use std::time::{Duration, SystemTime};
use url::Url;

/// Reads a file; lines without a date count as received now.
pub(super) fn read(bytes: &[u8], url: Option<&Url>, now: Wall) -> Result<Import, Error> {
    if url.is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
        return Err(Error::NotHttp);
    }
    let mut dump = Dump { url: url.cloned(), now, last: Wall(i64::MIN), import: Import::default() };
    let mut head = Head::default();
    let mut ended = false;
    for line in bytes.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(status) = status_of(line) {
            dump.take(std::mem::take(&mut head))?;
            head.status = Some(status);
            ended = false;
        } else if line.trim_ascii().is_empty() {
            ended = head.status.is_some();
        } else if ended {
            dump.import.warnings.push(Warning::Content);
            break;
        } else if !head.field(line) {
            dump.import.malformed += 1;
        }
    }
    dump.take(head)?;
    Ok(dump.import)
}

/// The value of a `Set-Cookie:` line, without the white space around it.
pub(super) fn set_cookie_value(line: &[u8]) -> Option<&[u8]> {
    match split_field(line)? {
        (name, value) if name.eq_ignore_ascii_case(b"Set-Cookie") => Some(value),
        _ => None,
    }
}

/// The number in `HTTP/1.1 200 OK`, whichever version.
pub(super) fn status_of(line: &[u8]) -> Option<u16> {
    let mut words = line.strip_prefix(b"HTTP/")?.split(|&b| b == b' ');
    words.next()?;
    std::str::from_utf8(words.next()?).ok()?.parse().ok()
}

fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&b| b == b':')?;
    let name = &line[..colon];
    let is_name = !name.is_empty() && name.iter().all(|&b| b.is_ascii_graphic());
    is_name.then(|| (name, line[colon + 1..].trim_ascii()))
}

/// One head, as far as it matters here.
#[derive(Default)]
struct Head {
    status: Option<u16>,
    date: Option<Wall>,
    location: Option<String>,
    lines: Vec<Vec<u8>>,
}

impl Head {
    /// Takes a field in; `false` where the line is none.
    fn field(&mut self, line: &[u8]) -> bool {
        let Some((name, value)) = split_field(line) else { return false };
        if name.eq_ignore_ascii_case(b"Set-Cookie") {
            self.lines.push(value.to_vec());
        } else if name.eq_ignore_ascii_case(b"Date") {
            self.date = date::parse(value);
        } else if name.eq_ignore_ascii_case(b"Location") {
            self.location = std::str::from_utf8(value).ok().map(str::to_owned);
        }
        true
    }

    /// Where the next head comes from, if it is of another URL.
    fn next(&self, url: Option<&Url>) -> Option<Url> {
        let redirect = matches!(self.status, Some(301 | 302 | 303 | 307 | 308));
        let location = self.location.as_deref().filter(|_| redirect)?;
        match url {
            Some(url) => url.join(location).ok(),
            None => Url::parse(location).ok(),
        }
    }
}

struct Dump {
    /// What the next head is of.
    url: Option<Url>,
    now: Wall,
    last: Wall,
    import: Import,
}

impl Dump {
    /// Takes in a head that is complete.
    fn take(&mut self, head: Head) -> Result<(), Error> {
        if head.status.is_none() && head.lines.is_empty() {
            return Ok(());
        }
        // The lines' order is the order in which they came, whatever the servers' clocks say.
        let at = head.date.unwrap_or(self.now).min(self.now).max(self.last);
        self.last = at;
        let next = head.next(self.url.as_ref());
        match &self.url {
            Some(url) if !head.lines.is_empty() => {
                self.import.answers.push(Answer { url: url.clone(), at, lines: head.lines });
            }
            Some(_) => {}
            None => {
                for line in head.lines {
                    match own_url(&line)? {
                        Some(url) => {
                            self.import.answers.push(Answer { url, at, lines: vec![line] });
                        }
                        None => self.import.malformed += 1,
                    }
                }
            }
        }
        self.url = next.or(self.url.take());
        Ok(())
    }
}

/// The secure origin of the `Domain` that a line names; `None` where it cannot be read.
fn own_url(line: &[u8]) -> Result<Option<Url>, Error> {
    let Ok(read) = SetCookie::parse(line) else { return Ok(None) };
    match read.domain.filter(|domain| !domain.is_empty()) {
        None => Err(Error::NeedsUrl(Format::SetCookieDump)),
        Some(domain) => Ok(std::str::from_utf8(&domain).ok().and_then(secure)),
    }
}

fn secure(host: &str) -> Option<Url> {
    Url::parse(&format!("https://{host}/")).ok()
}

/// One line a cookie.
pub(super) const FORM: Form = Form { open: b"", between: b"", close: b"", write, read: read_back };

/// The last second that an HTTP date can name: the end of the year 9999.
const LAST_DATE: u64 = 253_402_300_799;

fn write(cookie: &Cookie, place: &Place<'_>) -> Result<Vec<u8>, Loss> {
    let key = &cookie.key;
    let mut out = b"Set-Cookie: ".to_vec();
    // The `=` of a nameless cookie keeps one in its value from being taken for it.
    for part in [&key.name[..], b"=", &cookie.value, b"; Path=", &key.path] {
        out.extend_from_slice(part);
    }
    let mut attribute = |text: String| out.extend_from_slice(text.as_bytes());
    if !key.host_only {
        attribute(format!("; Domain={}", key.domain));
    }
    if let Some(end) = cookie.expires {
        let secs = u64::try_from(end.secs()).unwrap_or(0).min(LAST_DATE);
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(secs));
        attribute(format!("; Expires={date}"));
    }
    if cookie.secure {
        attribute("; Secure".to_owned());
    }
    if cookie.http_only {
        attribute("; HttpOnly".to_owned());
    }
    attribute(match cookie.same_site {
        SameSite::Default => String::new(),
        SameSite::None => "; SameSite=None".to_owned(),
        SameSite::Lax => "; SameSite=Lax".to_owned(),
        SameSite::Strict => "; SameSite=Strict".to_owned(),
    });
    let host = place.url.and_then(Url::host_str).unwrap_or(&key.domain);
    if key.partition.as_ref().is_some_and(|partition| *partition == site(host)) {
        attribute("; Partitioned".to_owned());
    }
    out.push(b'\n');
    Ok(out)
}

fn read_back(entry: &[u8], place: &Place<'_>) -> Option<Cookie> {
    let import = read(entry, place.url, place.now).ok().or_else(|| {
        // Without a URL a host-only cookie has to be read somewhere.
        read(entry, secure(ELSEWHERE).as_ref(), place.now).ok()
    })?;
    let mut jar = Jar::with_limits(Limits::NONE);
    import.into_jar(&mut jar, place.now);
    jar.iter().next().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Wall = Wall(1_800_000_000_000);

    fn answers(text: &str, url: Option<&str>) -> Result<Vec<(String, Wall, usize)>, Error> {
        let url = url.map(|url| Url::parse(url).unwrap());
        let import = read(text.as_bytes(), url.as_ref(), NOW)?;
        Ok(import.answers.into_iter().map(|a| (a.url.into(), a.at, a.lines.len())).collect())
    }

    #[test]
    fn heads_after_a_redirect_are_of_the_url_in_its_location() {
        let text = "HTTP/1.1 302 Found\r\nSet-Cookie: a=1\r\nLocation: /in?x\r\n\r\n\
            HTTP/1.1 100 Continue\r\n\r\n\
            HTTP/2 303 \r\nset-cookie: b=2\r\nset-cookie: c=3\r\nlocation: https://b.example/\r\n\r\n\
            HTTP/1.1 200 OK\r\nSet-Cookie: d=4\r\nLocation: /elsewhere\r\n\r\n";
        let urls: Vec<_> = answers(text, Some("http://a.example/x/y")).unwrap();
        let expected =
            [("http://a.example/x/y", 1), ("http://a.example/in?x", 2), ("https://b.example/", 1)];
        let got: Vec<(&str, usize)> = urls.iter().map(|(url, _, n)| (&**url, *n)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_head_came_when_its_date_says_but_never_later_than_now() {
        let text = "HTTP/1.1 200 OK\nSet-Cookie: a=1\nDate: Fri, 01 Jan 2027 00:00:00 GMT\n\n\
            HTTP/1.1 200 OK\nDate: Fri, 01 Jan 2021 00:00:00 GMT\nSet-Cookie: b=2\n\n\
            HTTP/1.1 200 OK\nDate: Fri, 01 Jan 2100 00:00:00 GMT\nSet-Cookie: c=3\n\n";
        let got = answers(text, Some("https://a.example/")).unwrap();
        let first = Wall::from_secs(1_798_761_600);
        assert_eq!(got.iter().map(|a| a.1).collect::<Vec<_>>(), [first, first, NOW]);
    }

    #[test]
    fn lines_that_name_their_domain_need_no_url_and_others_do() {
        let named = "Set-Cookie: a=1; Domain=.a.example\n\nset-cookie:b=2; domain=b.example\n";
        let got = answers(named, None).unwrap();
        assert_eq!((&*got[0].0, &*got[1].0), ("https://a.example/", "https://b.example/"));
        let unnamed = "Set-Cookie: a=1; Domain=a.example\nSet-Cookie: b=2\n";
        assert_eq!(answers(unnamed, None), Err(Error::NeedsUrl(Format::SetCookieDump)));
        assert_eq!(answers(unnamed, Some("ftp://a.example/")), Err(Error::NotHttp));
    }

    #[test]
    fn content_after_a_head_is_not_read_whatever_it_says() {
        let text =
            b"HTTP/1.1 200 OK\n\n<html>\nHTTP/1.1 302 Found\nLocation: https://bank.example/\n\n\
            HTTP/1.1 200 OK\nSet-Cookie: sid=forged\n";
        let import = read(text, Some(&Url::parse("http://a.example/").unwrap()), NOW).unwrap();
        assert_eq!((import.answers.len(), import.warnings), (0, vec![Warning::Content]));
    }

    #[test]
    fn what_is_no_field_is_counted() {
        let url = Url::parse("http://a.example/").unwrap();
        let import =
            read(b"sid=1; Path=/\nSet-Cookie: a=1\n: x\n a: b\n", Some(&url), NOW).unwrap();
        assert_eq!((import.answers.len(), import.malformed), (1, 3));
    }
}
