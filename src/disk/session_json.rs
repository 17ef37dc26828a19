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

use super::session_cookie::{self, Object};
use crate::cookie::{Cookie, Key, domain};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;

/// The schema this code writes, and the latest it understands.
pub(super) const SCHEMA: u64 = 1;

/// What every file that is written here begins with.
pub(super) const BEGINNING: &[u8] = b"{\n\"schema\": ";

/// What a file holds besides the cookies that are in the jar.
#[derive(Default)]
pub(super) struct Rest {
    /// The schema number, if there is one.
    pub(super) schema: Option<u64>,
    /// Members of the top level that are not ours, in order.
    pub(super) members: Object,
    /// Members of cookies that are not ours.
    extras: HashMap<Key, Object>,
    /// Cookies that the jar refused: kept as they are, each on a line.
    refused: Vec<Value>,
}

impl Rest {
    /// The members that are not ours, and how many entries each has: one, where it is no list and
    /// no object.
    pub(super) fn entries(&self) -> impl Iterator<Item = (String, usize)> {
        self.members.iter().map(|(name, value)| {
            let entries = match value {
                Value::Array(list) => list.len(),
                Value::Object(members) => members.len(),
                _ => 1,
            };
            (name.clone(), entries)
        })
    }

    /// Drops the cookies that the jar refused.
    pub(super) fn forget_refused(&mut self) {
        self.refused.clear();
    }
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
    fn cookie(&mut self, entry: &str) -> Result<(), &'static str> {
        let (cookie, extras) = session_cookie::read(entry)?;
        let key = (!extras.is_empty()).then(|| cookie.key.clone());
        match ((self.each)(cookie), key) {
            (Kept::No, _) => {
                self.rest.refused.push(serde_json::from_str(entry).map_err(|_| "not JSON")?);
            }
            (Kept::Yes, Some(mut key)) => {
                key.domain = domain::canonical(&key.domain).unwrap_or(key.domain);
                self.rest.extras.insert(key, extras);
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
        while let Some(entry) = list.next_element::<&RawValue>()? {
            if let Err(why) = self.0.cookie(entry.get()) {
                self.0.why = Some(why);
                return Err(A::Error::custom(why));
            }
        }
        Ok(())
    }
}

/// The file for these cookies and what else it held.
pub(super) fn write<'c>(cookies: impl IntoIterator<Item = &'c Cookie>, rest: &Rest) -> Vec<u8> {
    let mut cookies: Vec<&Cookie> = cookies.into_iter().collect();
    cookies.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let mut out = BEGINNING.to_vec();
    out.extend_from_slice(format!("{SCHEMA},\n").as_bytes());
    for (name, value) in &rest.members {
        session_cookie::quote(&mut out, name);
        out.extend_from_slice(format!(": {value},\n").as_bytes());
    }
    out.extend_from_slice(b"\"cookies\": [");
    let mut joint = &b"\n"[..];
    for cookie in cookies {
        out.extend_from_slice(std::mem::replace(&mut joint, b",\n"));
        session_cookie::write(&mut out, cookie, rest.extras.get(&cookie.key));
    }
    for entry in &rest.refused {
        out.extend_from_slice(std::mem::replace(&mut joint, b",\n"));
        out.extend_from_slice(entry.to_string().as_bytes());
    }
    out.extend_from_slice(b"\n]\n}\n");
    out
}
