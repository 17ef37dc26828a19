//! Writing an archive: HAR 1.2, as browsers' developer tools import it.
//!
//! 1. A [`Page`] is one fetch, an [`Entry`] one exchange of it.
//! 2. An archive is a recording: cookies, credentials and content stand in it as they are. Who
//!    keeps the file keeps the secrets.
//! 3. JSON holds characters, not bytes. A field that is not UTF-8 is read as ISO-8859-1, as
//!    browsers do; content that is not goes in base64, so that [`read`](super::read) gives the
//!    same bytes back.
//! 4. What is not known is not made up: sizes are -1, the times that are optional too.

use crate::base::{Head, Headers, Method, Version, Wall, iso_time};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Exchanges that belong together: one fetch with its redirects.
#[derive(Debug)]
pub struct Page<'p> {
    /// What it is called.
    pub title: Cow<'p, str>,
    /// Its exchanges, in their order.
    pub entries: Vec<Entry<'p>>,
}

/// One exchange.
#[derive(Debug)]
pub struct Entry<'e> {
    /// When it began.
    pub started: Wall,
    /// Where its time went.
    pub times: Times,
    /// What was asked.
    pub request: Asked<'e>,
    /// What came back; `None` where it ended before there was a head.
    pub answer: Option<Answered<'e>>,
    /// Why it ended as it did, where that was not well.
    pub error: Option<&'e str>,
    /// The address at the other end.
    pub peer: Option<IpAddr>,
    /// What tells this connection from the others.
    pub connection: Option<u64>,
}

/// How long the parts of an exchange took. They add up to the whole; connecting includes TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Resolving; `None` where the connection was there already.
    pub dns: Option<Duration>,
    /// Connecting, with TLS; likewise.
    pub connect: Option<Duration>,
    /// TLS alone; `None` where there is none.
    pub ssl: Option<Duration>,
    /// Sending the request.
    pub send: Duration,
    /// Up to the first byte of the answer.
    pub wait: Duration,
    /// Up to the last one.
    pub receive: Duration,
}

/// A request.
#[derive(Debug)]
pub struct Asked<'e> {
    /// Its method.
    pub method: &'e Method,
    /// The absolute URL, without a fragment.
    pub url: &'e str,
    /// The version that was claimed.
    pub version: Version,
    /// Its fields.
    pub headers: Headers,
    /// Bytes of its head; `None` where nothing was sent.
    pub head_size: Option<usize>,
    /// Its content, where it was kept.
    pub content: Option<&'e [u8]>,
    /// Bytes of its content that went out.
    pub sent: u64,
}

/// An answer.
#[derive(Debug)]
pub struct Answered<'e> {
    /// Its head.
    pub head: &'e Head,
    /// Bytes of that head as they came, where they are known.
    pub head_size: Option<usize>,
    /// The cookies it set.
    pub cookies: Vec<Cookie>,
    /// Its content, decoded; `None` where it was not kept.
    pub content: Option<&'e [u8]>,
    /// Bytes of its content as they came; `None` where nobody counted.
    pub received: Option<u64>,
}

/// A cookie that an answer set.
#[derive(Debug)]
pub struct Cookie {
    /// Its name.
    pub name: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
    /// `Path`, where it was given.
    pub path: Option<Vec<u8>>,
    /// `Domain`, where it was given.
    pub domain: Option<Vec<u8>>,
    /// When it ends, where it does.
    pub expires: Option<Wall>,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `Secure`.
    pub secure: bool,
    /// `SameSite`, where it was given.
    pub same_site: Option<&'static str>,
}

/// The archive of these pages, as a text that ends with a line end.
pub fn write(pages: &[Page<'_>]) -> String {
    let id = |number: usize| format!("page_{}", number + 1);
    let listed: Vec<Value> = pages.iter().enumerate().map(|(i, p)| page(p, &id(i))).collect();
    let numbered = pages.iter().enumerate();
    let entries = numbered.flat_map(|(i, p)| p.entries.iter().map(move |e| entry(e, &id(i))));
    let all = json!({"log": {
        "version": "1.2",
        "creator": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "pages": listed,
        "entries": entries.collect::<Vec<Value>>(),
    }});
    format!("{all:#}\n")
}

fn page(page: &Page<'_>, id: &str) -> Value {
    let started = page.entries.first().map(|entry| entry.started).unwrap_or_default();
    json!({
        "startedDateTime": iso_time(started),
        "id": id,
        "title": page.title,
        // Nothing is loaded or drawn.
        "pageTimings": {"onContentLoad": -1, "onLoad": -1},
    })
}

fn entry(entry: &Entry<'_>, page: &str) -> Value {
    let times = &entry.times;
    let parts = [times.dns, times.connect, Some(times.send), Some(times.wait), Some(times.receive)];
    let mut all = json!({
        "pageref": page,
        "startedDateTime": iso_time(entry.started),
        "time": millis(parts.into_iter().flatten().sum()),
        "request": request(&entry.request),
        "response": response(entry.answer.as_ref(), entry.error),
        "cache": {},
        "timings": {
            "blocked": -1,
            "dns": optional(times.dns.map(millis)),
            "connect": optional(times.connect.map(millis)),
            "ssl": optional(times.ssl.map(millis)),
            "send": millis(times.send),
            "wait": millis(times.wait),
            "receive": millis(times.receive),
        },
    });
    if let Some(peer) = entry.peer {
        all["serverIPAddress"] = peer.to_string().into();
    }
    if let Some(connection) = entry.connection {
        all["connection"] = connection.to_string().into();
    }
    if let Some(error) = entry.error {
        all["comment"] = error.into();
    }
    all
}

fn request(asked: &Asked<'_>) -> Value {
    let cookies = asked.headers.all("Cookie").flat_map(|line| line.split(|&b| b == b';'));
    let cookies = cookies.map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty()).map(|pair| {
        let equals = pair.iter().position(|&b| b == b'=');
        let (name, value) = equals.map_or((&[][..], pair), |at| (&pair[..at], &pair[at + 1..]));
        json!({"name": text(name), "value": text(value)})
    });
    let url = Url::parse(asked.url).ok();
    let query = url.iter().flat_map(Url::query_pairs);
    let query = query.map(|(name, value)| json!({"name": name, "value": value}));
    let mut all = json!({
        "method": asked.method.as_str(),
        "url": asked.url,
        "httpVersion": asked.version.as_str(),
        "cookies": cookies.collect::<Vec<_>>(),
        "headers": fields(&asked.headers),
        "queryString": query.collect::<Vec<_>>(),
        "headersSize": optional(asked.head_size),
        "bodySize": asked.sent,
    });
    if asked.content.is_some() || asked.sent > 0 {
        all["postData"] = posted(asked);
    }
    all
}

/// The specification wants parameters or a text; browsers write both, and read either.
fn posted(asked: &Asked<'_>) -> Value {
    let mime = asked.headers.get("Content-Type").map(text).unwrap_or_default();
    let mut all = Map::new();
    all.insert("mimeType".to_owned(), mime.as_ref().into());
    match asked.content {
        Some(bytes) => {
            put_text(&mut all, bytes);
            let essence = mime.split(';').next().unwrap_or_default().trim();
            if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                let pairs = url::form_urlencoded::parse(bytes);
                let pairs = pairs.map(|(name, value)| json!({"name": name, "value": value}));
                all.insert("params".to_owned(), pairs.collect());
            }
        }
        None => {
            all.insert("text".to_owned(), "".into());
            let why = "not kept: it was read while it was sent";
            all.insert("comment".to_owned(), why.into());
        }
    }
    all.into()
}

/// Without an answer the status is 0 and the reason stands in `_error`, as Chrome writes it.
fn response(answered: Option<&Answered<'_>>, error: Option<&str>) -> Value {
    let mut all = match answered {
        Some(answered) => response_with(answered),
        None => json!({
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": UNKNOWN_TYPE},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        }),
    };
    if let Some(error) = error {
        all["_error"] = error.into();
    }
    all
}

/// What Chrome writes where no type was said.
const UNKNOWN_TYPE: &str = "x-unknown";

fn response_with(answered: &Answered<'_>) -> Value {
    let head = answered.head;
    let mime = head.headers.get("Content-Type").map_or(UNKNOWN_TYPE.into(), text);
    let mut content = Map::new();
    content.insert("size".to_owned(), optional(answered.content.map(<[u8]>::len)));
    content.insert("mimeType".to_owned(), mime.into());
    match (answered.content, answered.received) {
        (Some(bytes), received) => {
            let coded = head.headers.has("Content-Encoding");
            if let Some(received) = received.filter(|_| coded) {
                let saved = i128::from(bytes.len() as u64) - i128::from(received);
                let saved = i64::try_from(saved).unwrap_or_default();
                content.insert("compression".to_owned(), saved.into());
            }
            put_text(&mut content, bytes);
        }
        (None, _) => {
            content.insert("comment".to_owned(), "not kept".into());
        }
    }
    json!({
        "status": head.status,
        "statusText": text(&head.reason),
        "httpVersion": head.version.as_str(),
        "cookies": answered.cookies.iter().map(cookie).collect::<Vec<_>>(),
        "headers": fields(&head.headers),
        "content": content,
        "redirectURL": head.headers.get("Location").map(text).unwrap_or_default(),
        "headersSize": optional(answered.head_size),
        "bodySize": optional(answered.received),
    })
}

fn cookie(cookie: &Cookie) -> Value {
    let mut all = json!({"name": text(&cookie.name), "value": text(&cookie.value)});
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            all[name] = value;
        }
    };
    put("path", cookie.path.as_deref().map(|path| text(path).into()));
    put("domain", cookie.domain.as_deref().map(|domain| text(domain).into()));
    put("expires", cookie.expires.map(|end| iso_time(end).into()));
    put("httpOnly", Some(cookie.http_only.into()));
    put("secure", Some(cookie.secure.into()));
    put("sameSite", cookie.same_site.map(Into::into));
    all
}

fn fields(headers: &Headers) -> Vec<Value> {
    let pairs = headers.iter();
    pairs.map(|field| json!({"name": field.name, "value": text(field.value)})).collect()
}

/// Content of either side: as text where it is one, in base64 where it is not.
fn put_text(object: &mut Map<String, Value>, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => object.insert("text".to_owned(), text.into()),
        Err(_) => {
            object.insert("text".to_owned(), STANDARD.encode(bytes).into());
            object.insert("encoding".to_owned(), "base64".into())
        }
    };
}

/// Bytes of a head as characters.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect::<String>().into(),
    }
}

fn optional<T: Into<Value>>(known: Option<T>) -> Value {
    known.map_or((-1).into(), Into::into)
}

/// Milliseconds, to the microsecond.
fn millis(span: Duration) -> Value {
    let micros = u32::try_from(span.as_micros()).unwrap_or(u32::MAX);
    (f64::from(micros) / 1000.0).into()
}

#[cfg(test)]
mod tests;
