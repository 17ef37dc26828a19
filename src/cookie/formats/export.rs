//! Cookies written in a format, and what it could not hold.
//!
//! What is lost is not declared, it is found: every entry is read back as an import would
//! read it, through the jar's own door, and compared field by field.

use super::loss::{Loss, Losses};
use super::{
    Error, Format, cookie_header, extension_json, netscape, set_cookie_dump, storage_state,
};
use crate::base::Wall;
use crate::cookie::{Cookie, Key, Refusal, admit};
use std::collections::HashSet;
use std::fmt;
use url::Url;

/// A file of cookies. `Debug` hides its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Export {
    /// The file.
    pub bytes: Vec<u8>,
    /// Cookies in it.
    pub written: usize,
    /// What it does not hold of the cookies that were given.
    pub losses: Losses,
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("bytes", &format_args!("({})", self.bytes.len()))
            .field("written", &self.written)
            .field("losses", &self.losses)
            .finish()
    }
}

/// How a format frames its entries, writes one and reads it back.
pub(super) struct Form {
    pub(super) open: &'static [u8],
    pub(super) between: &'static [u8],
    pub(super) close: &'static [u8],
    pub(super) write: fn(&Cookie, &Place<'_>) -> Result<Vec<u8>, Loss>,
    pub(super) read: fn(&[u8], &Place<'_>) -> Option<Cookie>,
}

/// Where and when a file will be read again.
pub(super) struct Place<'u> {
    pub(super) url: Option<&'u Url>,
    pub(super) now: Wall,
}

/// A host that no cookie is for: stands in where a format needs a URL and none is known.
pub(super) const ELSEWHERE: &str = "elsewhere.invalid";

/// Writes these cookies in this order; those that have expired are passed over.
///
/// `url` is the one with which the file will be read, for the formats that do not say where their
/// cookies belong ([`Format::CookieHeader`], [`Format::SetCookieDump`]); without one that is lost.
///
/// # Errors
/// [`Error::NotWritten`], [`Error::NotHttp`].
pub fn write<'c>(
    format: Format,
    cookies: impl IntoIterator<Item = &'c Cookie>,
    url: Option<&Url>,
    now: Wall,
) -> Result<Export, Error> {
    let form = match format {
        Format::Netscape => netscape::FORM,
        Format::ExtensionJson => extension_json::FORM,
        Format::StorageState => storage_state::FORM,
        Format::CookieHeader => cookie_header::FORM,
        Format::SetCookieDump => set_cookie_dump::FORM,
        Format::Har | Format::CurlLine => return Err(Error::NotWritten(format)),
    };
    if url.is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
        return Err(Error::NotHttp);
    }
    let place = Place { url, now };
    let mut export = Export { bytes: form.open.to_vec(), written: 0, losses: Losses::default() };
    let mut keys: HashSet<Key> = HashSet::new();
    for cookie in cookies.into_iter().filter(|cookie| !cookie.is_expired(now)) {
        match entry(&form, cookie, &place, &mut keys) {
            Ok((entry, back)) => {
                if export.written > 0 {
                    export.bytes.extend_from_slice(form.between);
                }
                export.bytes.extend_from_slice(&entry);
                export.written += 1;
                export.losses.compare(cookie, &back);
            }
            Err(loss) => export.losses.add(loss),
        }
    }
    export.bytes.extend_from_slice(form.close);
    if export.written == 0 && format == Format::CookieHeader {
        // A field without a value is not sent.
        export.bytes.clear();
    }
    Ok(export)
}

/// One entry and the cookie that will be read from it, or why it is left out.
pub(super) fn entry(
    form: &Form,
    cookie: &Cookie,
    place: &Place<'_>,
    keys: &mut HashSet<Key>,
) -> Result<(Vec<u8>, Cookie), Loss> {
    match admit::checked(cookie.clone()) {
        Ok(_) => {}
        Err(Refusal::ControlCharacter) => return Err(Loss::Control),
        Err(_) => return Err(Loss::Refused),
    }
    let entry = (form.write)(cookie, place)?;
    let back = (form.read)(&entry, place).and_then(|back| admit::checked(back).ok());
    let back = back.ok_or(Loss::Refused)?;
    if back.key.name != cookie.key.name || back.value != cookie.value {
        return Err(Loss::WhiteSpace);
    }
    match keys.insert(back.key.clone()) {
        true => Ok((entry, back)),
        false => Err(Loss::Collision),
    }
}
