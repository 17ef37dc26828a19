//! `session.json`: one object, one cookie a line, sorted; members we do not know are kept.
//!
//! ```json
//! {
//! "schema": 1,
//! "cookies": [
//! {"name":"sid","value":"…","domain":"example.com","host_only":true,"path":"/", … }
//! ]
//! }
//! ```
//!
//! Times are milliseconds since 1970-01-01T00:00:00Z; `expires` is null for a session cookie. A
//! name, value or path that is not UTF-8 stands in base64 as `name_b64`, `value_b64`, `path_b64`.
//! Read as a stream: the cookies of a big file never stand in memory as JSON.

use crate::base::{Site, Wall};
use crate::cookie::{Cookie, Key, SameSite, domain, site};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// The schema this code writes, and the latest it understands.
pub(super) const SCHEMA: u64 = 1;

type Object = Map<String, Value>;

/// What a file holds besides the cookies that are in the jar.
#[derive(Default)]
pub(super) struct Rest {
    /// The schema number, if there is one.
    pub(super) schema: Option<u64>,
    /// Members of the top level that are not ours, in order.
    pub(super) members: Object,
    /// Members of cookies that are not ours.
    extras: HashMap<Key, Object>,
    /// Cookies that the jar refused: kept as they are.
    refused: Vec<Object>,
}

/// Why a file is not a session: a line and a reason.
pub(super) struct Broken {
    pub(super) line: usize,
    pub(super) what: &'static str,
}

/// What the jar did with a cookie that was read.
pub(super) enum Kept {
    /// It is in the jar, or need not be: it has expired.
    Yes,
    /// It is not, and must stay in the file.
    No,
}

/// Reads a file, handing each cookie to `each`.
pub(super) fn read(text: &[u8], mut each: impl FnMut(Cookie) -> Kept) -> Result<Rest, Broken> {
    let mut reading = Reading { rest: Rest::default(), why: None, each: &mut each };
    let mut json = serde_json::Deserializer::from_slice(text);
    let result = Top(&mut reading).deserialize(&mut json).and_then(|()| json.end());
    match result {
        Ok(()) => Ok(reading.rest),
        Err(error) => Err(Broken {
            line: error.line(),
            what: reading.why.unwrap_or(match error.classify() {
                serde_json::error::Category::Eof => "the file ends too early",
                serde_json::error::Category::Data => "not the object that a session is",
                _ => "not JSON",
            }),
        }),
    }
}

struct Reading<'e> {
    rest: Rest,
    /// The reason for an error of ours; the own words of `serde_json` may quote a value.
    why: Option<&'static str>,
    each: &'e mut dyn FnMut(Cookie) -> Kept,
}

impl Reading<'_> {
    fn cookie(&mut self, entry: Value) -> Result<(), &'static str> {
        let Value::Object(mut object) = entry else { return Err("a cookie is no object") };
        let cookie = cookie_of(&object)?;
        let stranger = object.keys().any(|name| !OURS.contains(&name.as_str()));
        let key = stranger.then(|| cookie.key.clone());
        match ((self.each)(cookie), key) {
            (Kept::No, _) => self.rest.refused.push(object),
            (Kept::Yes, Some(mut key)) => {
                object.retain(|name, _| !OURS.contains(&name.as_str()));
                key.domain = domain::canonical(&key.domain).unwrap_or(key.domain);
                self.rest.extras.insert(key, object);
            }
            (Kept::Yes, None) => {}
        }
        Ok(())
    }
}

/// The whole object.
struct Top<'r, 'e>(&'r mut Reading<'e>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a session")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "cookies" => map.next_value_seed(Cookies(self.0))?,
                "schema" => self.0.rest.schema = map.next_value::<Value>()?.as_u64(),
                _ => {
                    self.0.rest.members.insert(name, map.next_value()?);
                }
            }
        }
        Ok(())
    }
}

/// The list of cookies.
struct Cookies<'r, 'e>(&'r mut Reading<'e>);

impl<'de> DeserializeSeed<'de> for Cookies<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cookies<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cookies")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element::<Value>()? {
            if let Err(why) = self.0.cookie(entry) {
                self.0.why = Some(why);
                return Err(A::Error::custom(why));
            }
        }
        Ok(())
    }
}

/// The members of a cookie that this code reads and writes.
const OURS: [&str; 18] = [
    "name",
    "name_b64",
    "value",
    "value_b64",
    "domain",
    "host_only",
    "path",
    "path_b64",
    "secure",
    "http_only",
    "same_site",
    "partitioned",
    "partition",
    "expires",
    "created",
    "received",
    "accessed",
    "source",
];

/// The cookie an object stands for. Only name, value and domain must be there.
fn cookie_of(object: &Object) -> Result<Cookie, &'static str> {
    let domain = text(object, "domain")?.ok_or("a cookie has no domain")?;
    let named = text(object, "partition")?.map(|site| Site(site.into()));
    let key = Key {
        domain: domain.into(),
        path: bytes(object, "path", "path_b64")?.unwrap_or(Cow::Borrowed(b"/")).into(),
        name: bytes(object, "name", "name_b64")?.ok_or("a cookie has no name")?.into(),
        host_only: flag(object, "host_only")?.unwrap_or(true),
        partition: flag(object, "partitioned")?
            .unwrap_or(false)
            .then(|| named.unwrap_or_else(|| site(domain))),
    };
    let value = bytes(object, "value", "value_b64")?.ok_or("a cookie has no value")?;
    let created = time(object, "created")?.unwrap_or_default();
    let mut cookie = Cookie::new(key, &value, created);
    cookie.secure = flag(object, "secure")?.unwrap_or(false);
    cookie.http_only = flag(object, "http_only")?.unwrap_or(false);
    cookie.same_site = SameSite::read(text(object, "same_site")?.unwrap_or_default().as_bytes());
    cookie.expires = time(object, "expires")?;
    cookie.received = time(object, "received")?;
    cookie.accessed = time(object, "accessed")?.unwrap_or(created);
    cookie.source = text(object, "source")?.map(Into::into);
    Ok(cookie)
}

fn text<'o>(object: &'o Object, name: &str) -> Result<Option<&'o str>, &'static str> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err("a cookie's text is no string"),
    }
}

fn bytes<'o>(
    object: &'o Object,
    name: &str,
    b64: &str,
) -> Result<Option<Cow<'o, [u8]>>, &'static str> {
    match (text(object, name)?, text(object, b64)?) {
        (Some(plain), _) => Ok(Some(Cow::Borrowed(plain.as_bytes()))),
        (None, Some(coded)) => match STANDARD.decode(coded) {
            Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
            Err(_) => Err("a cookie's base64 is broken"),
        },
        (None, None) => Ok(None),
    }
}

fn flag(object: &Object, name: &str) -> Result<Option<bool>, &'static str> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(_) => Err("a cookie's flag is neither true nor false"),
    }
}

fn time(object: &Object, name: &str) -> Result<Option<Wall>, &'static str> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64() {
            Some(ms) => Ok(Some(Wall(ms))),
            None => Err("a cookie's time is no whole number"),
        },
    }
}

/// The file for these cookies and what else it held.
pub(super) fn write<'c>(cookies: impl IntoIterator<Item = &'c Cookie>, rest: &Rest) -> Vec<u8> {
    let mut cookies: Vec<&Cookie> = cookies.into_iter().collect();
    cookies.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let mut out = format!("{{\n\"schema\": {SCHEMA},\n");
    for (name, value) in &rest.members {
        out.push_str(&format!("{}: {value},\n", Value::from(name.as_str())));
    }
    out.push_str("\"cookies\": [");
    let ours = cookies.into_iter().map(|cookie| object_of(cookie, rest.extras.get(&cookie.key)));
    for (i, object) in ours.chain(rest.refused.iter().cloned()).enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        out.push_str(&Value::Object(object).to_string());
    }
    out.push_str("\n]\n}\n");
    out.into_bytes()
}

fn object_of(cookie: &Cookie, extras: Option<&Object>) -> Object {
    let key = &cookie.key;
    let mut object = Object::new();
    put_bytes(&mut object, "name", &key.name);
    put_bytes(&mut object, "value", &cookie.value);
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("domain", (*key.domain).into());
    put("host_only", key.host_only.into());
    put_bytes(&mut object, "path", &key.path);
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("secure", cookie.secure.into());
    put("http_only", cookie.http_only.into());
    put("same_site", cookie.same_site.as_str().into());
    put("partitioned", key.partition.is_some().into());
    if let Some(partition) = key.partition.as_ref().filter(|&own| *own != site(&key.domain)) {
        put("partition", (*partition.0).into());
    }
    put("expires", cookie.expires.map(|Wall(ms)| ms).into());
    put("created", cookie.created.0.into());
    put("received", cookie.received.map(|Wall(ms)| ms).into());
    put("accessed", cookie.accessed.0.into());
    put("source", cookie.source.as_deref().into());
    for (name, value) in extras.into_iter().flatten() {
        object.insert(name.clone(), value.clone());
    }
    object
}

fn put_bytes(object: &mut Object, name: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => object.insert(name.to_owned(), text.into()),
        Err(_) => object.insert(format!("{name}_b64"), STANDARD.encode(bytes).into()),
    };
}
