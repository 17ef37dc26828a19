//! Everything that was tolerated in an answer, each with the section that it offends.
//!
//! 1. What the exchange tolerated on the way (`h1::Defect`), once a kind.
//! 2. Fields that may stand there once, and stand there more often.
//! 3. Values that break their own grammar: dates, tags, lengths, redirects.
//! 4. What a status needs and lacks, or has and must not have.
//! 5. Cookies that were refused.
//! 6. Content that is not what its fields say.

use super::ended::{self, Extent};
use super::message::request_fields;
use crate::base::{Head, Headers, Version};
use crate::client::Hop;
use crate::cookie::Verdict;
use crate::h1::Defect;
use crate::page::Page;
use url::Url;

/// Something that was tolerated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What is wrong, in words; may quote the server.
    pub text: String,
    /// Where the rule is written.
    pub section: String,
}

pub(super) fn noted(section: impl Into<String>, text: impl Into<String>) -> Noted {
    Noted { text: text.into(), section: section.into() }
}

/// Fields that hold one value and no list.
const SINGLE: [&str; 14] = [
    "Access-Control-Allow-Origin",
    "Age",
    "Content-Disposition",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Expires",
    "Last-Modified",
    "Location",
    "Retry-After",
    "Server",
    "Strict-Transport-Security",
];

/// What was tolerated in one hop, of whose content so much was taken.
pub(super) fn of(hop: &Hop, extent: Extent) -> Vec<Noted> {
    let head = &hop.head;
    let mut all = Vec::new();
    for defect in &hop.defects {
        let one = noted(defect.section(), defect.words());
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.extend(repeated(&head.headers));
    all.extend(dates(head));
    all.extend(values(&head.headers));
    all.extend(location(hop));
    all.extend(framing(head, &all));
    all.extend(unasked(hop));
    all.extend(lacking(head));
    all.extend(superfluous(head, hop.url.scheme()));
    if let Some(unlike) = ended::unlike_announced(hop, extent) {
        all.push(noted("RFC 9112 section 6.3", ended::unlike_in_words(unlike)));
    }
    if hop.decoded > 0 && !head.headers.has("Content-Type") {
        all.push(noted("RFC 9110 section 8.3", "content without a Content-Type"));
    }
    for stored in &hop.cookies {
        if let Verdict::Refused(refusal) = stored.verdict {
            let text = format!("{} refused: {}", stored.called(), refusal.words());
            let section = match refusal.section() {
                of_its_own if of_its_own.starts_with("CHIPS") => of_its_own.to_owned(),
                section => format!("RFC 6265bis {section}"),
            };
            all.push(noted(section, text));
        }
    }
    all
}

/// What was tolerated in the content of the last hop.
pub(super) fn of_page(page: &Page) -> Vec<Noted> {
    let mut all = Vec::new();
    let declared = page.media.declared.as_deref().unwrap_or_default();
    if page.media.contradicts() && declared != page.media.name() {
        let text = format!("Content-Type says {declared}, and it looks like {}", page.media.name());
        all.push(noted("RFC 9110 section 8.3", text));
    }
    if let Some(label) = &page.unknown_charset {
        let text = format!("Content-Type names a charset that nobody knows: \"{}\"", cut(label));
        all.push(noted("RFC 9110 section 8.3.2", text));
    }
    if let Some(charset) = &page.charset {
        if let Some((other, how)) = charset.contradicted {
            let (name, other) = (charset.name(), other.name());
            let text = format!("its charset is {name} ({}), and {other} {how}", charset.how);
            all.push(noted("HTML standard section 13.2.3.2", text));
        }
        if page.malformed {
            let text = format!("some of its bytes mean nothing in {}", charset.name());
            all.push(noted("Encoding standard section 4.1", text));
        }
    }
    if page.canonicals_differ() {
        let text = "the canonical address of its Link field is not that of its link element";
        all.push(noted("RFC 6596 section 3", text));
    }
    all
}

fn repeated(headers: &Headers) -> impl Iterator<Item = Noted> {
    SINGLE.iter().filter_map(|name| {
        let values: Vec<_> = headers.all(name).collect();
        let how = match values.as_slice() {
            [] | [_] => return None,
            [first, rest @ ..] if rest.iter().all(|value| value == first) => "with one value",
            _ => "with different values",
        };
        Some(noted(
            "RFC 9110 section 5.3",
            format!("{name} stands there {} times, {how}", values.len()),
        ))
    })
}

/// Dates that are none, or are written as nobody writes them any more.
fn dates(head: &Head) -> impl Iterator<Item = Noted> {
    const SECTION: &str = "RFC 9110 section 5.6.7";
    let fields = ["Date", "Expires", "Last-Modified", "Retry-After"];
    fields.into_iter().filter_map(|name| {
        let value = head.headers.get(name)?;
        let text = String::from_utf8_lossy(value).into_owned();
        let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if name == "Retry-After" && number {
            return None;
        }
        match httpdate::parse_http_date(&text) {
            Ok(date) if httpdate::fmt_http_date(date) == text => None,
            Ok(_) => Some(noted(SECTION, format!("{name} is a date of an obsolete format"))),
            Err(_) if name == "Expires" => {
                let what = format!("Expires is no date (\"{}\"), which means the past", cut(&text));
                Some(noted("RFC 9111 section 5.3", what))
            }
            Err(_) => Some(noted(SECTION, format!("{name} is no date: \"{}\"", cut(&text)))),
        }
    })
}

/// Values that break their own grammar.
fn values(headers: &Headers) -> Vec<Noted> {
    let mut all = Vec::new();
    if let Some(tag) = headers.get("ETag") {
        let opaque = tag.strip_prefix(b"W/").unwrap_or(tag);
        let quoted = opaque.len() >= 2 && opaque.starts_with(b"\"") && opaque.ends_with(b"\"");
        if !quoted {
            all.push(noted("RFC 9110 section 8.8.3", "ETag is not in quotes"));
        }
    }
    let number = |value: &[u8]| !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    if headers.get("Age").is_some_and(|age| !number(age)) {
        all.push(noted("RFC 9111 section 5.1", "Age is no number of seconds"));
    }
    if let Some(kind) = headers.get("Content-Type") {
        let essence = kind.split(|&b| b == b';').next().unwrap_or_default().trim_ascii();
        let halves: Vec<_> = essence.split(|&b| b == b'/').collect();
        if halves.len() != 2 || halves.iter().any(|half| half.is_empty()) {
            let shown = cut(&String::from_utf8_lossy(essence)).to_owned();
            all.push(noted(
                "RFC 9110 section 8.3.1",
                format!("Content-Type is no media type: \"{shown}\""),
            ));
        }
    }
    for field in headers.iter().filter(|field| !field.value.is_ascii()) {
        let text = format!("{} holds bytes that are not ASCII", field.name);
        all.push(noted("RFC 9110 section 5.5", text));
    }
    all
}

/// What is wrong with where a redirect leads.
fn location(hop: &Hop) -> Option<Noted> {
    const SECTION: &str = "RFC 9110 section 10.2.2";
    let head = &hop.head;
    let redirects = matches!(head.status, 301 | 302 | 303 | 307 | 308);
    match head.headers.get("Location") {
        None if redirects => Some(noted("RFC 9110 section 15.4", "a redirect without Location")),
        Some([]) if redirects => Some(noted(SECTION, "an empty Location, which leads nowhere")),
        Some(to) if to.iter().any(|b| !b.is_ascii_graphic()) => {
            Some(noted("RFC 3986 section 2", "Location holds characters that no URL may hold"))
        }
        Some(to) if to.contains(&b'\\') => {
            Some(noted("RFC 3986 section 2", "Location holds a backslash"))
        }
        Some(to) if redirects => unfollowable(to, &hop.url),
        _ => None,
    }
}

/// A Location that nobody can follow over HTTP.
fn unfollowable(to: &[u8], base: &Url) -> Option<Noted> {
    let to = String::from_utf8_lossy(to);
    match base.join(&to) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => None,
        Ok(url) => {
            let text = format!("Location leads to {}:, which is not http", url.scheme());
            Some(noted("RFC 9110 section 10.2.2", text))
        }
        // Of a saved answer nobody may know what it is relative to.
        Err(url::ParseError::RelativeUrlWithoutBase) => None,
        Err(why) => Some(noted("RFC 3986 section 3", format!("Location is no URL: {why}"))),
    }
}

/// Transfer codings that may not stand there.
fn framing(head: &Head, known: &[Noted]) -> Vec<Noted> {
    let mut all = Vec::new();
    if !head.headers.has("Transfer-Encoding") {
        return all;
    }
    let identity = |member: &[u8]| member.eq_ignore_ascii_case(b"identity");
    if head.headers.members("Transfer-Encoding").any(identity) {
        let text = "Transfer-Encoding: identity, which is no transfer coding";
        all.push(noted("RFC 9112 section 7", text));
        let beside = Defect::LengthAndTransferEncoding;
        let told = known.iter().any(|noted| noted.text == beside.words());
        if head.headers.has("Content-Length") && !told {
            all.push(noted(beside.section(), beside.words()));
        }
    }
    if head.version == Version::Http10 {
        let text = "Transfer-Encoding in an answer of HTTP/1.0, which has none";
        all.push(noted("RFC 9112 section 6.1", text));
    }
    all
}

/// 304 to a request that did not ask whether something has changed.
fn unasked(hop: &Hop) -> Option<Noted> {
    if hop.head.status != 304 || hop.sent.is_empty() {
        return None;
    }
    let request = request_fields(&hop.sent);
    let conditional = ["If-None-Match", "If-Modified-Since"].iter().any(|name| request.has(name));
    (!conditional).then(|| noted("RFC 9110 section 15.4.5", "304 to a request without a condition"))
}

/// What a status needs, and the head lacks.
fn lacking(head: &Head) -> Vec<Noted> {
    let mut all = Vec::new();
    let mut needs = |section, name: &str, must: bool| {
        if !head.headers.has(name) {
            let whether = if must { "has to have" } else { "should have" };
            all.push(noted(section, format!("{} {whether} {name}", head.status)));
        }
    };
    match head.status {
        401 => needs("RFC 9110 section 15.5.2", "WWW-Authenticate", true),
        405 => needs("RFC 9110 section 15.5.6", "Allow", true),
        407 => needs("RFC 9110 section 15.5.8", "Proxy-Authenticate", true),
        416 => needs("RFC 9110 section 15.5.17", "Content-Range", false),
        426 => needs("RFC 9110 section 15.5.22", "Upgrade", true),
        206 => {
            let kind = head.headers.get("Content-Type").unwrap_or_default();
            let many = kind.get(..10).is_some_and(|it| it.eq_ignore_ascii_case(b"multipart/"));
            if !many {
                needs("RFC 9110 section 15.3.7.1", "Content-Range", true);
            }
        }
        _ => {}
    }
    if (200..500).contains(&head.status) && !head.headers.has("Date") {
        let text = format!("{} without Date, which a server with a clock sends", head.status);
        all.push(noted("RFC 9110 section 6.6.1", text));
    }
    all
}

/// What stands there and must not.
fn superfluous(head: &Head, scheme: &str) -> Vec<Noted> {
    let mut all = Vec::new();
    if head.status == 204 {
        if head.headers.has("Content-Length") {
            all.push(noted("RFC 9110 section 8.6", "204 has no content, and no Content-Length"));
        }
        if head.headers.has("Transfer-Encoding") {
            all.push(noted("RFC 9112 section 6.1", "204 has no content, and no Transfer-Encoding"));
        }
    }
    if scheme == "http" && head.headers.has("Strict-Transport-Security") {
        let text = "Strict-Transport-Security over plain http, where it does not count";
        all.push(noted("RFC 6797 section 7.2", text));
    }
    if head.status >= 600 {
        all.push(noted("RFC 9110 section 15", format!("{} is no status code", head.status)));
    }
    all
}

/// As much of a value is quoted.
fn cut(text: &str) -> &str {
    const ENOUGH: usize = 60;
    text.char_indices().nth(ENOUGH).map_or(text, |(end, _)| &text[..end])
}
