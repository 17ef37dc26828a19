//! An answer's list of cookies, as the `Set-Cookie` lines that it stands for.
//!
//! Used where an archive has no such fields. A cookie whose parts would not be read back as they
//! are is left out: a list cannot bring in what a line could not.

use crate::base::parse_iso_time;
use serde::Deserialize;
use url::Url;

/// A cookie object (HAR 1.2, `cookies`), with the members that browsers add.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    name: String,
    value: String,
    path: Option<String>,
    domain: Option<String>,
    expires: Option<String>,
    http_only: Option<bool>,
    secure: Option<bool>,
    same_site: Option<String>,
}

impl Listed {
    /// The line, if there is one.
    ///
    /// 1. A domain that is the URL's host without a dot may be the attribute or only where the
    ///    cookie came from: the narrower one is taken, this host only.
    /// 2. An end before the epoch's is how tools write that there is none.
    pub(super) fn line(&self, url: &Url) -> Option<Vec<u8>> {
        let mut line = format!("{}={}", self.name, self.value);
        let mut attribute = |name: &str, value: &str| {
            line.push_str("; ");
            line.push_str(name);
            line.push_str(value);
        };
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(path) = given(&self.path) {
            attribute("Path=", &path);
        }
        let host = url.host_str().unwrap_or_default();
        if let Some(domain) = given(&self.domain).filter(|domain| domain != host) {
            attribute("Domain=", &domain);
        }
        if let Some(end) = given(&self.expires)
            && parse_iso_time(&end).is_none_or(|end| end.0 > 0)
        {
            attribute("Expires=", &cookie_date(&end));
        }
        if self.secure == Some(true) {
            attribute("Secure", "");
        }
        if self.http_only == Some(true) {
            attribute("HttpOnly", "");
        }
        if let Some(word) = given(&self.same_site) {
            attribute("SameSite=", &word);
        }
        let parts = [Some(&self.name), Some(&self.value), self.path.as_ref(), self.domain.as_ref()];
        let more = [self.expires.as_ref(), self.same_site.as_ref()];
        let sound = !self.name.contains('=')
            && parts.iter().chain(&more).flatten().all(|part| !part.contains(';'));
        sound.then(|| line.into_bytes())
    }
}

/// An ISO 8601 time in the words of an HTTP date; anything else as it is, for the jar to judge.
fn cookie_date(text: &str) -> String {
    use std::time::{Duration, SystemTime};
    /// The last second that an HTTP date can name.
    const LAST: u64 = 253_402_300_799;
    match parse_iso_time(text).and_then(|end| u64::try_from(end.secs()).ok()) {
        Some(secs) => {
            httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(secs.min(LAST)))
        }
        None => text.to_owned(),
    }
}
