//! One entry of an archive, from its text.

use super::cookies::Listed;
use super::{Answer, Exchange, time};
use crate::base::{Content, Head, Headers, Method, Request, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'e> {
    started_date_time: String,
    #[serde(borrow)]
    request: Asked<'e>,
    #[serde(borrow)]
    response: Option<Answered<'e>>,
    /// What Chrome writes where nothing was sent: `disk`, `memory`.
    #[serde(rename = "_fromCache")]
    from_cache: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'e> {
    method: String,
    url: String,
    http_version: Option<String>,
    #[serde(borrow)]
    headers: Option<Vec<&'e RawValue>>,
    #[serde(borrow)]
    post_data: Option<&'e RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered<'e> {
    status: i64,
    status_text: Option<String>,
    http_version: Option<String>,
    #[serde(borrow)]
    headers: Option<Vec<&'e RawValue>>,
    #[serde(borrow)]
    cookies: Option<Vec<&'e RawValue>>,
    #[serde(borrow)]
    content: Option<&'e RawValue>,
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

/// The exchange an entry stands for; `None` where it is none.
pub(super) fn read(text: &str) -> Option<Exchange> {
    let entry: Entry<'_> = serde_json::from_str(text).ok()?;
    let started = time::parse(&entry.started_date_time)?;
    let url = Url::parse(&entry.request.url).ok()?;
    let answer = entry.response.and_then(|answered| answer(&answered, &url));
    let request = Request {
        method: Method::new(&entry.request.method),
        version: version(entry.request.http_version.as_deref()),
        headers: headers(entry.request.headers.as_deref()),
        content: match content(entry.request.post_data) {
            Some(bytes) => Content::Bytes(bytes.into()),
            None => Content::None,
        },
        url,
    };
    Some(Exchange { started, request, answer, from_cache: entry.from_cache.is_some() })
}

/// A status that no answer has (0, -1) means that there was none.
fn answer(answered: &Answered<'_>, url: &Url) -> Option<Answer> {
    let status = u16::try_from(answered.status).ok().filter(|n| (100..1000).contains(n))?;
    let head = Head {
        status,
        version: version(answered.http_version.as_deref()),
        reason: answered.status_text.clone().unwrap_or_default().into_bytes(),
        headers: headers(answered.headers.as_deref()),
    };
    let listed = answered.cookies.iter().flatten();
    let listed = listed.filter_map(|cookie| serde_json::from_str::<Listed>(cookie.get()).ok());
    let listed = listed.filter_map(|cookie| cookie.line(url)).collect();
    Some(Answer { head, content: content(answered.content), listed })
}

fn version(text: Option<&str>) -> Version {
    match text {
        Some(text) if text.eq_ignore_ascii_case("HTTP/1.0") => Version::Http10,
        _ => Version::Http11,
    }
}

/// The fields, in order; a field that makes no sense is left out.
fn headers(list: Option<&[&RawValue]>) -> Headers {
    let pairs = list.unwrap_or_default().iter();
    let pairs = pairs.filter_map(|pair| serde_json::from_str::<Pair>(pair.get()).ok());
    let fields = pairs.filter(|pair| !pair.name.starts_with(':'));
    fields.map(|pair| (pair.name, pair.value)).collect()
}

/// The bytes of a `postData` or `content` object.
fn content(object: Option<&RawValue>) -> Option<Vec<u8>> {
    let Text { text, encoding } = serde_json::from_str(object?.get()).ok()?;
    match encoding.as_deref() {
        Some("base64") => STANDARD.decode(text?).ok(),
        _ => text.map(String::into_bytes),
    }
}
