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
use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
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
    /// The reason for an error of ours; `serde_json`'s own words may quote a value.
    why: Option<&'static str>,
    each: &'e mut dyn FnMut(Cookie) -> Kept,
}

impl Reading<'_> {
    fn cookie(&mut self, entry: Value) -> Result<(), &'static str> {
        let Value::Object(object) = entry else { return Err("a cookie is no object") };
        let mut members = object.clone();
        let cookie = cookie_of(&mut members)?;
        let key = (!members.is_empty()).then(|| cookie.key.clone());
        match ((self.each)(cookie), key) {
            (Kept::No, _) => self.rest.refused.push(object),
            (Kept::Yes, Some(mut key)) => {
                key.domain = domain::canonical(&key.domain).unwrap_or(key.domain);
                self.rest.extras.insert(key, members);
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

/// Takes a cookie's members out of its object; what stays is not ours.
fn cookie_of(members: &mut Object) -> Result<Cookie, &'static str> {
    let domain = text(members, "domain")?.ok_or("a cookie has no domain")?;
    let key = Key {
        host_only: flag(members, "host_only")?.unwrap_or(true),
        path: bytes(members, "path", "path_b64")?.unwrap_or_else(|| b"/".to_vec()).into(),
        name: bytes(members, "name", "name_b64")?.ok_or("a cookie has no name")?.into(),
        partition: {
            let partitioned = flag(members, "partitioned")?.unwrap_or(false);
            let named = text(members, "partition")?.map(|site| Site(site.into()));
            partitioned.then(|| named.unwrap_or_else(|| site(&domain)))
        },
        domain: domain.into(),
    };
    let value = bytes(members, "value", "value_b64")?.ok_or("a cookie has no value")?;
    let created = time(members, "created")?.unwrap_or_default();
    let mut cookie = Cookie::new(key, &value, created);
    cookie.secure = flag(members, "secure")?.unwrap_or(false);
    cookie.http_only = flag(members, "http_only")?.unwrap_or(false);
    cookie.same_site = SameSite::read(text(members, "same_site")?.unwrap_or_default().as_bytes());
    cookie.expires = time(members, "expires")?;
    cookie.received = time(members, "received")?;
    cookie.accessed = time(members, "accessed")?.unwrap_or(created);
    cookie.source = text(members, "source")?.map(Into::into);
    Ok(cookie)
}

fn text(members: &mut Object, name: &str) -> Result<Option<String>, &'static str> {
    match members.shift_remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err("a cookie's text is no string"),
    }
}

fn bytes(members: &mut Object, name: &str, b64: &str) -> Result<Option<Vec<u8>>, &'static str> {
    let coded = text(members, b64)?;
    match (text(members, name)?, coded) {
        (Some(plain), _) => Ok(Some(plain.into_bytes())),
        (None, Some(coded)) => {
            STANDARD.decode(coded).map(Some).map_err(|_| "a cookie's base64 is broken")
        }
        (None, None) => Ok(None),
    }
}

fn flag(members: &mut Object, name: &str) -> Result<Option<bool>, &'static str> {
    match members.shift_remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(truth)),
        Some(_) => Err("a cookie's flag is neither true nor false"),
    }
}

fn time(members: &mut Object, name: &str) -> Result<Option<Wall>, &'static str> {
    match members.shift_remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_i64().map(|ms| Some(Wall(ms))).ok_or("a cookie's time is no whole number")
        }
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
