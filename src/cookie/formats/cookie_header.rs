//! A `Cookie` field: pairs between semicolons, with or without the field's name in front.
//!
//! It says neither domain nor path: the URL's host and `/` are taken, and `Secure` where the
//! URL is https. See the module above.

use super::export::{ELSEWHERE, Form, Place};
use super::{Error, Format, Import, Loss, Warning};
use crate::base::{Origin, Scheme, Wall};
use crate::cookie::prefix::Prefix;
use crate::cookie::{Cookie, Key};
use std::collections::HashSet;
use url::Url;

/// Reads a file: one field, or several lines of them.
pub(super) fn read(bytes: &[u8], url: Option<&Url>) -> Result<Import, Error> {
    let url = url.ok_or(Error::NeedsUrl(Format::CookieHeader))?;
    let origin = Origin::of(url).ok_or(Error::NotHttp)?;
    let mut pairs = Pairs::default();
    for line in bytes.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        pairs.read([field_value(line).unwrap_or(line)], &origin);
    }
    Ok(pairs.into_import())
}

/// What follows `Cookie:`, if a line begins so.
pub(super) fn field_value(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"Cookie:";
    let named = line.get(..NAME.len())?.eq_ignore_ascii_case(NAME);
    named.then(|| &line[NAME.len()..])
}

/// The pairs of `Cookie` fields. Of equal names in one request the first one counts: it has the
/// longer path. Of two requests the later one does; the jar sees to that.
#[derive(Default)]
pub(super) struct Pairs {
    cookies: Vec<Cookie>,
    repeated: usize,
}

impl Pairs {
    /// Reads the values of the fields that one request took to `origin`.
    pub(super) fn read<'v>(&mut self, values: impl IntoIterator<Item = &'v [u8]>, origin: &Origin) {
        let mut names = HashSet::new();
        let pairs = values.into_iter().flat_map(|value| value.split(|&b| b == b';')).map(trim);
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|&b| b == b'=') {
                Some(at) => (trim(&pair[..at]), trim(&pair[at + 1..])),
                None => (&[][..], pair),
            };
            match names.insert(name) {
                true => self.cookies.push(cookie(name, value, origin)),
                false => self.repeated += 1,
            }
        }
    }

    /// What they bring.
    pub(super) fn into_import(self) -> Import {
        let warnings = match self.repeated {
            0 => Vec::new(),
            n => vec![Warning::Repeated(n)],
        };
        Import { cookies: self.cookies, warnings, ..Import::default() }
    }
}

fn cookie(name: &[u8], value: &[u8], origin: &Origin) -> Cookie {
    let key = Key {
        domain: origin.host.clone(),
        path: b"/"[..].into(),
        name: name.into(),
        host_only: true,
        partition: None,
    };
    let mut cookie = Cookie::new(key, value, Wall(0));
    let promised = Prefix::of(name).is_some() && origin.is_loopback();
    cookie.secure = origin.scheme == Scheme::Https || promised;
    cookie
}

/// Without the spaces and tabs around it.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// One line, as it would be sent.
pub(super) const FORM: Form =
    Form { open: b"Cookie: ", between: b"; ", close: b"\n", write, read: read_back };

fn write(cookie: &Cookie, _: &Place<'_>) -> Result<Vec<u8>, Loss> {
    if cookie.key.name.is_empty() && cookie.value.contains(&b'=') {
        return Err(Loss::Nameless);
    }
    let mut out = Vec::new();
    cookie.write_pair(&mut out);
    Ok(out)
}

fn read_back(entry: &[u8], place: &Place<'_>) -> Option<Cookie> {
    let elsewhere = || Origin { scheme: Scheme::Https, host: ELSEWHERE.into(), port: 443 };
    let origin = place.url.and_then(Origin::of).unwrap_or_else(elsewhere);
    let mut pairs = Pairs::default();
    pairs.read([entry], &origin);
    pairs.cookies.pop()
}
