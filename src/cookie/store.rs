//! The storage model: a `Set-Cookie` line and where it came from go in, a verdict comes out
//! (RFC 6265bis section 5.7).

use super::admit;
use super::domain::{domain_matches, is_address};
use super::jar::Jar;
use super::limits::LIFETIME;
use super::path::{default_path, path_matches};
use super::record::{Cookie, Key};
use super::set_cookie::SetCookie;
use super::suffix::{is_public_suffix, site, site_of};
use super::verdict::{Refusal, Verdict};
use crate::base::{Origin, Scheme, Wall};
use std::fmt;
use url::Url;

/// A cookie's name and what became of it. `Display` says both and never the value.
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    /// The name as the line gives it; empty for a nameless cookie.
    pub name: Box<[u8]>,
    /// What the jar did.
    pub verdict: Verdict,
}

/// Bytes of a name that a message shows; a refused name may be as long as the line.
const SHOWN_NAME: usize = 64;

impl Stored {
    /// The cookie, as a message calls it.
    pub fn called(&self) -> String {
        let shown = self.name.get(..SHOWN_NAME);
        match (&*self.name, shown) {
            ([], _) => "nameless cookie".to_owned(),
            (_, Some(start)) => format!("cookie {}…", start.escape_ascii()),
            (name, None) => format!("cookie {}", name.escape_ascii()),
        }
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.called(), self.verdict)
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether cookies that are `Secure` may come from and go to an origin: https, or this machine.
pub(super) fn is_secure(origin: &Origin) -> bool {
    origin.scheme == Scheme::Https || origin.is_loopback()
}

impl Jar {
    /// Stores every `Set-Cookie` line of one response, in order; refuses those beyond
    /// [`Limits::per_response`](super::Limits::per_response). One answer a line.
    pub fn store_all<'l>(
        &mut self,
        lines: impl IntoIterator<Item = &'l [u8]>,
        url: &Url,
        now: Wall,
    ) -> Vec<Stored> {
        let mut room = self.limits.per_response;
        let mut all = Vec::new();
        for line in lines {
            if room == 0 {
                let verdict = Verdict::Refused(Refusal::ResponseFull);
                all.push(Stored { name: SetCookie::name_in(line).into(), verdict });
                continue;
            }
            let stored = self.store(line, url, now);
            room -= usize::from(!matches!(stored.verdict, Verdict::Refused(_)));
            all.push(stored);
        }
        all
    }

    /// Stores one `Set-Cookie` line (its value, without the field's name) that `url` answered.
    pub fn store(&mut self, line: &[u8], url: &Url, now: Wall) -> Stored {
        let verdict = self.receive(line, url, now).unwrap_or_else(Verdict::Refused);
        Stored { name: SetCookie::name_in(line).into(), verdict }
    }

    fn receive(&mut self, line: &[u8], url: &Url, now: Wall) -> Result<Verdict, Refusal> {
        let origin = Origin::of(url).ok_or(Refusal::NotHttp)?;
        let mut cookie = judge(&SetCookie::parse(line)?, &origin, url, now)?;
        if !cookie.secure && !is_secure(&origin) && self.has_secure_under(&cookie.key, now) {
            return Err(Refusal::SecureOverlay);
        }
        cookie.created = self.distinct(now);
        let key = cookie.key.clone();
        let verdict = self.admit(cookie, now);
        self.queue_up(&key, now);
        if verdict == Verdict::Created {
            self.make_room(&key, now)?;
        }
        Ok(verdict)
    }

    /// Step 16: whether a `Secure` cookie of the same name would be covered. Domains are compared
    /// both ways, paths by whole segments.
    fn has_secure_under(&self, new: &Key, now: Wall) -> bool {
        let Some(shard) = self.sites.get(site_of(&new.domain)) else { return false };
        shard.iter().any(|old| {
            old.secure
                && old.key.name == new.name
                && (domain_matches(&old.key.domain, &new.domain)
                    || domain_matches(&new.domain, &old.key.domain))
                && path_matches(&new.path, &old.key.path)
                && !old.is_expired(now)
        })
    }

    /// Lets one cookie go where `key` made its domain, or the jar, one too many. The new one
    /// itself goes where all others come before it; then it was refused.
    fn make_room(&mut self, key: &Key, now: Wall) -> Result<(), Refusal> {
        if self.count(&key.domain) > self.limits.per_domain {
            let first = self.goes_first(Some(&key.domain), now);
            // One goes for the one that came, also where the jar is beyond its total.
            return self.evict(first, key, now, Refusal::DomainFull);
        }
        if self.len() > self.limits.total {
            let first = self.goes_first(None, now);
            self.evict(first, key, now, Refusal::JarFull)?;
        }
        Ok(())
    }

    fn evict(
        &mut self,
        goes: Option<Key>,
        new: &Key,
        now: Wall,
        full: Refusal,
    ) -> Result<(), Refusal> {
        let Some(goes) = goes else { return Ok(()) };
        self.remove(&goes, now);
        if goes == *new { Err(full) } else { Ok(()) }
    }
}

/// Steps 2 to 22 of section 5.7, but for step 16, which asks the jar.
fn judge(read: &SetCookie<'_>, origin: &Origin, url: &Url, now: Wall) -> Result<Cookie, Refusal> {
    if read.name.is_empty() && read.value.is_empty() {
        return Err(Refusal::Empty);
    }
    let (domain, host_only) = scope(read, origin, url)?;
    if read.secure && !is_secure(origin) {
        return Err(Refusal::SecureFromInsecure);
    }
    let path = read.path.unwrap_or_else(|| default_path(url.path().as_bytes()));
    let key = Key {
        domain: domain.into(),
        path: path.into(),
        name: read.name.into(),
        host_only,
        // Nothing is embedded here, so the top-level site is the cookie's own.
        partition: read.partitioned.then(|| site(&origin.host)),
    };
    let mut cookie = Cookie::new(key, read.value, now);
    cookie.secure = read.secure;
    cookie.http_only = read.http_only;
    cookie.same_site = read.same_site;
    cookie.expires = lifetime(read, now);
    cookie.received = Some(now);
    cookie.source = Some(origin.to_string().into());
    admit::promises(&cookie, read.path == Some(b"/"))?;
    Ok(cookie)
}

/// Steps 7 to 10: the cookie's domain, and whether it is for the very host only.
fn scope<'a>(
    read: &'a SetCookie<'_>,
    origin: &'a Origin,
    url: &Url,
) -> Result<(&'a str, bool), Refusal> {
    let host = &*origin.host;
    let given = read.domain.as_deref().unwrap_or_default();
    if !given.is_ascii() {
        return Err(Refusal::DomainNotAscii);
    }
    let mut given = std::str::from_utf8(given).map_err(|_| Refusal::DomainNotAscii)?;
    // A final dot counts where the URL has one too; elsewhere it is another name.
    if url.host_str().is_some_and(|typed| typed.ends_with('.')) {
        given = given.strip_suffix('.').unwrap_or(given);
    }
    if given.is_empty() {
        return Ok((host, true));
    }
    if given == host {
        // A public suffix may set cookies for itself; an address has no hosts below it.
        return Ok((host, is_address(host) || is_public_suffix(host)));
    }
    if is_public_suffix(given) {
        return Err(Refusal::PublicSuffix);
    }
    if !domain_matches(host, given) {
        return Err(Refusal::DomainMismatch);
    }
    // Both are tails of the host: s3.amazonaws.com is a suffix, so nobody there speaks for
    // amazonaws.com.
    if given.len() < site_of(host).len() {
        return Err(Refusal::AboveSuffix);
    }
    Ok((given, false))
}

/// Step 6 and section 5.5: when the cookie ends. `Max-Age` wins; 400 days at most.
fn lifetime(read: &SetCookie<'_>, now: Wall) -> Option<Wall> {
    let latest = now.plus_secs(LIFETIME);
    match (read.max_age, read.expires) {
        (Some(age), _) if age <= 0 => Some(Wall(i64::MIN)),
        (Some(age), _) => Some(now.plus_secs(age.min(LIFETIME))),
        (None, Some(end)) => Some(end.min(latest)),
        (None, None) => None,
    }
}
