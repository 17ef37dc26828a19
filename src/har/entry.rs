//! One entry of an archive, from its text.

use super::cookies::Listed;
use super::{Answer, Exchange};
use crate::base::{Content, Head, Headers, Method, Request, Version, parse_iso_time};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

/// Only a time and a request with a URL make an exchange. Everything else stays text until it is
/// looked at, so that a member which is not what it should be spoils only itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'e> {
    started_date_time: String,
    #[serde(borrow)]
    request: Asked<'e>,
    #[serde(borrow)]
    response: Option<&'e RawValue>,
    /// What Chrome writes where nothing was sent: `disk`, `memory`.
    #[serde(borrow, rename = "_fromCache")]
    from_cache: Option<&'e RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'e> {
    method: String,
    url: String,
    #[serde(borrow)]
    http_version: Option<&'e RawValue>,
    #[serde(borrow)]
    headers: Option<&'e RawValue>,
    #[serde(borrow)]
    post_data: Option<&'e RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered<'e> {
    #[serde(borrow)]
    status: Option<&'e RawValue>,
    #[serde(borrow)]
    status_text: Option<&'e RawValue>,
    #[serde(borrow)]
    http_version: Option<&'e RawValue>,
    #[serde(borrow)]
    headers: Option<&'e RawValue>,
    #[serde(borrow)]
    cookies: Option<&'e RawValue>,
    #[serde(borrow)]
    content: Option<&'e RawValue>,
    #[serde(borrow)]
    body_size: Option<&'e RawValue>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

/// Content of either side. Kept as text until here: a text that is no Unicode spoils only itself.
#[derive(Deserialize)]
struct Text {
    text: Option<String>,
    encoding: Option<String>,
}

/// A member, if it is what it should be.
fn lenient<'e, T: Deserialize<'e>>(member: Option<&'e RawValue>) -> Option<T> {
    serde_json::from_str(member?.get()).ok()
}

/// The members of a list; what is no list has none.
fn members(list: Option<&RawValue>) -> Vec<&RawValue> {
    lenient(list).unwrap_or_default()
}

/// The exchange an entry stands for; `None` where it is none.
pub(super) fn read(text: &str) -> Option<Exchange> {
    let entry: Entry<'_> = serde_json::from_str(text).ok()?;
    let started = parse_iso_time(&entry.started_date_time)?;
    let url = Url::parse(&entry.request.url).ok()?;
    let answered: Option<Answered<'_>> = lenient(entry.response);
    let answer = answered.and_then(|answered| answer(&answered, &url));
    let request = Request {
        method: Method::new(&entry.request.method),
        version: version(entry.request.http_version),
        headers: headers(entry.request.headers),
        content: match content(entry.request.post_data) {
            Some(bytes) => Content::Bytes(bytes.into()),
            None => Content::None,
        },
        url,
    };
    let from_cache = entry.from_cache.is_some_and(|said| !matches!(said.get(), "false" | "\"\""));
    Some(Exchange { started, request, answer, from_cache })
}

/// A status that no answer has (0, -1) means that there was none.
fn answer(answered: &Answered<'_>, url: &Url) -> Option<Answer> {
    let head = Head {
        status: status(answered.status?.get())?,
        version: version(answered.http_version),
        reason: lenient::<String>(answered.status_text).unwrap_or_default().into_bytes(),
        headers: headers(answered.headers),
    };
    let listed = members(answered.cookies).into_iter();
    let listed = listed.filter_map(|cookie| lenient::<Listed>(Some(cookie)));
    let listed = listed.filter_map(|cookie| cookie.line(url)).collect();
    Some(Answer {
        head,
        content: content(answered.content),
        received: lenient(answered.body_size),
        listed,
    })
}

/// `200`, and as some tools write it: `200.0`, `"200"`.
fn status(text: &str) -> Option<u16> {
    let number = text.trim_matches('"');
    let whole = number.split_once('.').map_or(number, |(whole, fraction)| {
        if fraction.bytes().all(|b| b == b'0') { whole } else { number }
    });
    whole.parse().ok().filter(|n| (100..1000).contains(n))
}

fn version(text: Option<&RawValue>) -> Version {
    match lenient::<String>(text) {
        Some(text) if text.eq_ignore_ascii_case("HTTP/1.0") => Version::Http10,
        _ => Version::Http11,
    }
}

/// The fields, in order; a field that makes no sense is left out.
fn headers(list: Option<&RawValue>) -> Headers {
    let pairs = members(list).into_iter().filter_map(|pair| lenient::<Pair>(Some(pair)));
    let fields = pairs.filter(|pair| !pair.name.starts_with(':'));
    fields.map(|pair| (pair.name, pair.value)).collect()
}

/// The bytes of a `postData` or `content` object.
fn content(object: Option<&RawValue>) -> Option<Vec<u8>> {
    let Text { text, encoding } = lenient(object)?;
    match encoding.as_deref() {
        Some("base64") => STANDARD.decode(text?).ok(),
        _ => text.map(String::into_bytes),
    }
}
