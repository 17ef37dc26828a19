//! One cookie of `session.json`, read and written without a tree in between: a million are many.

use crate::base::{Site, Wall};
use crate::cookie::{Cookie, Key, SameSite, site};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// A JSON object whose members keep their order.
pub(super) type Object = Map<String, Value>;

/// The cookie a JSON object stands for, and the members that are not ours. Only name, value and
/// domain must be there.
pub(super) fn read(json: &str) -> Result<(Cookie, Object), &'static str> {
    let mut draft = Draft { why: "a cookie is no object", ..Draft::default() };
    let read = (&mut draft).deserialize(&mut serde_json::Deserializer::from_str(json));
    // The own words of `serde_json` may quote a value.
    read.map_err(|_| draft.why)?;
    let extras = std::mem::take(&mut draft.extras);
    Ok((draft.cookie()?, extras))
}

/// What the members of an object say.
#[derive(Default)]
struct Draft<'t> {
    name: Option<Cow<'t, str>>,
    name_b64: Option<Cow<'t, str>>,
    value: Option<Cow<'t, str>>,
    value_b64: Option<Cow<'t, str>>,
    domain: Option<Cow<'t, str>>,
    host_only: Option<bool>,
    path: Option<Cow<'t, str>>,
    path_b64: Option<Cow<'t, str>>,
    secure: Option<bool>,
    http_only: Option<bool>,
    same_site: Option<Cow<'t, str>>,
    partitioned: Option<bool>,
    partition: Option<Cow<'t, str>>,
    expires: Option<i64>,
    created: Option<i64>,
    received: Option<i64>,
    accessed: Option<i64>,
    source: Option<Cow<'t, str>>,
    extras: Object,
    /// What is wrong if the member that is being read is.
    why: &'static str,
}

impl Draft<'_> {
    fn cookie(self) -> Result<Cookie, &'static str> {
        let domain = self.domain.ok_or("a cookie has no domain")?;
        let partition = self.partitioned.unwrap_or(false).then(|| match &self.partition {
            Some(named) => Site((**named).into()),
            None => site(&domain),
        });
        let path = bytes(self.path, self.path_b64)?;
        let key = Key {
            path: path.map_or_else(|| b"/"[..].into(), Vec::into_boxed_slice),
            name: bytes(self.name, self.name_b64)?.ok_or("a cookie has no name")?.into(),
            host_only: self.host_only.unwrap_or(true),
            partition,
            domain: domain.into(),
        };
        let value = bytes(self.value, self.value_b64)?.ok_or("a cookie has no value")?;
        let created = Wall(self.created.unwrap_or_default());
        let mut cookie = Cookie::new(key, &value, created);
        cookie.secure = self.secure.unwrap_or(false);
        cookie.http_only = self.http_only.unwrap_or(false);
        cookie.same_site = SameSite::read(self.same_site.unwrap_or_default().as_bytes());
        cookie.expires = self.expires.map(Wall);
        cookie.received = self.received.map(Wall);
        cookie.accessed = self.accessed.map_or(created, Wall);
        cookie.source = self.source.map(Into::into);
        Ok(cookie)
    }
}

/// What stands as text, else what stands in base64.
fn bytes(
    plain: Option<Cow<'_, str>>,
    coded: Option<Cow<'_, str>>,
) -> Result<Option<Vec<u8>>, &'static str> {
    match (plain, coded) {
        (Some(plain), _) => Ok(Some(plain.into_owned().into_bytes())),
        (None, Some(coded)) => {
            STANDARD.decode(&*coded).map(Some).map_err(|_| "a cookie's base64 is broken")
        }
        (None, None) => Ok(None),
    }
}

impl<'t> DeserializeSeed<'t> for &mut Draft<'t> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for &mut Draft<'t> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cookie")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(Some(name))) = map.next_key_seed(Text(None))? {
            let text = match &*name {
                "name" => &mut self.name,
                "name_b64" => &mut self.name_b64,
                "value" => &mut self.value,
                "value_b64" => &mut self.value_b64,
                "domain" => &mut self.domain,
                "path" => &mut self.path,
                "path_b64" => &mut self.path_b64,
                "same_site" => &mut self.same_site,
                "partition" => &mut self.partition,
                "source" => &mut self.source,
                "host_only" | "secure" | "http_only" | "partitioned" => {
                    self.why = "a cookie's flag is neither true nor false";
                    let truth = map.next_value()?;
                    match &*name {
                        "host_only" => self.host_only = truth,
                        "secure" => self.secure = truth,
                        "http_only" => self.http_only = truth,
                        _ => self.partitioned = truth,
                    }
                    continue;
                }
                "expires" | "created" | "received" | "accessed" => {
                    self.why = "a cookie's time is no whole number";
                    let time = map.next_value()?;
                    match &*name {
                        "expires" => self.expires = time,
                        "created" => self.created = time,
                        "received" => self.received = time,
                        _ => self.accessed = time,
                    }
                    continue;
                }
                _ => {
                    self.why = "a member of a cookie is not JSON";
                    self.extras.insert(name.into_owned(), map.next_value()?);
                    continue;
                }
            };
            self.why = "a cookie's text is no string";
            *text = map.next_value_seed(Text(None))?.0;
        }
        Ok(())
    }
}

/// A string, borrowed where it has no escapes, or null.
struct Text<'t>(Option<Cow<'t, str>>);

impl<'t> DeserializeSeed<'t> for Text<'t> {
    type Value = Text<'t>;

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<Text<'t>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Text<'t> {
    type Value = Text<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<Text<'t>, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'t>, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_unit<E: Error>(self) -> Result<Text<'t>, E> {
        Ok(self)
    }
}

/// Appends a cookie as an object, and the members that are not ours behind its own.
pub(super) fn write(out: &mut Vec<u8>, cookie: &Cookie, extras: Option<&Object>) {
    let key = &cookie.key;
    out.push(b'{');
    put_bytes(out, "name", &key.name);
    put_bytes(out, "value", &cookie.value);
    put_text(out, "domain", Some(&key.domain));
    put_flag(out, "host_only", key.host_only);
    put_bytes(out, "path", &key.path);
    put_flag(out, "secure", cookie.secure);
    put_flag(out, "http_only", cookie.http_only);
    put_text(out, "same_site", Some(cookie.same_site.as_str()));
    put_flag(out, "partitioned", key.partition.is_some());
    if let Some(own) = key.partition.as_ref().filter(|&own| *own != site(&key.domain)) {
        put_text(out, "partition", Some(&own.0));
    }
    put_time(out, "expires", cookie.expires);
    put_time(out, "created", Some(cookie.created));
    put_time(out, "received", cookie.received);
    put_time(out, "accessed", Some(cookie.accessed));
    put_text(out, "source", cookie.source.as_deref());
    for (name, value) in extras.into_iter().flatten() {
        put(out, name, value.to_string().as_bytes());
    }
    out.push(b'}');
}

/// A string as JSON has it.
pub(super) fn quote(out: &mut Vec<u8>, text: &str) {
    // Text is always JSON, and memory always takes it.
    let _ = serde_json::to_writer(out, text);
}

/// A member, with the comma before it.
fn put(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    if !out.ends_with(b"{") {
        out.push(b',');
    }
    quote(out, name);
    out.push(b':');
    out.extend_from_slice(value);
}

fn put_text(out: &mut Vec<u8>, name: &str, text: Option<&str>) {
    match text {
        Some(text) => {
            put(out, name, b"");
            quote(out, text);
        }
        None => put(out, name, b"null"),
    }
}

fn put_bytes(out: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => put_text(out, name, Some(text)),
        Err(_) => put_text(out, &format!("{name}_b64"), Some(&STANDARD.encode(bytes))),
    }
}

fn put_flag(out: &mut Vec<u8>, name: &str, truth: bool) {
    put(out, name, if truth { b"true" } else { b"false" });
}

fn put_time(out: &mut Vec<u8>, name: &str, time: Option<Wall>) {
    match time {
        Some(Wall(ms)) => put(out, name, ms.to_string().as_bytes()),
        None => put(out, name, b"null"),
    }
}
