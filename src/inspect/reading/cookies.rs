//! Cookies, without their values. Whether one is kept is the jar's to say.

use super::About;
use super::text::{away, count, moment, quote};
use crate::base::Wall;
use crate::cookie::{Cookie, Jar, Refusal, SameSite, SetCookie, Verdict};
use std::borrow::Cow;
use url::{Host, Url};

/// Of a session: till the program ends. Else for how long, and who may see it. Where nobody knows
/// who sent it, and thus no jar was asked, one that is refused whoever sends it says so.
pub(super) fn set_cookie(value: &[u8], about: &About<'_>) -> Option<String> {
    let name = match SetCookie::name_in(value) {
        b"" => "(no name)".to_owned(),
        name => quote(name),
    };
    let Ok(cookie) = SetCookie::parse(value) else {
        return Some(format!("{name}: cannot be read (RFC 6265bis section 5.6)"));
    };
    let domain = cookie.domain.as_deref().filter(|domain| !domain.is_empty());
    let came = about.came();
    let url = about.url.map(Cow::Borrowed).or_else(|| likeliest(domain).map(Cow::Owned))?;
    let is_name = matches!(url.host(), Some(Host::Domain(_)));
    let kept = ask(value, &url, came);
    if about.url.is_none() {
        // A public suffix speaks for itself alone.
        let alone = matches!(&kept, Ok(Some(kept)) if kept.key.host_only) && is_name;
        let below = domain.filter(|_| alone).and_then(below).map(|url| ask(value, &url, came));
        match (&kept, domain, below) {
            (Err(refusal), ..) => {
                return Some(format!("{name}: refused because {}", why(*refusal)));
            }
            (_, Some(domain), Some(Err(refusal))) => {
                let (host, why) = (quote(domain), why(refusal));
                return Some(format!("{name}: refused from all hosts but {host}, because {why}"));
            }
            _ => {}
        }
    }
    let asked = match (cookie.max_age, cookie.expires) {
        (Some(seconds), _) => Some(came.plus_secs(seconds.max(0))),
        (None, expires) => expires,
    };
    // What is kept ends when the jar says.
    let until = kept.ok().flatten().map_or(asked, |kept| kept.expires);
    let life = match until {
        None => "for this session".to_owned(),
        Some(at) if at <= came => "deleted".to_owned(),
        Some(at) => lasting(at, about.now, asked > until),
    };
    let site = match cookie.same_site {
        SameSite::Strict => Some("SameSite=Strict"),
        SameSite::Lax => Some("SameSite=Lax"),
        SameSite::None => Some("SameSite=None"),
        SameSite::Default => None,
    };
    // Nothing is below an address.
    let below = if is_name || about.url.is_some() { "and below" } else { "alone" };
    let subdomains = domain.map(|domain| format!("{} {below}", quote(domain)));
    let marks = [
        (cookie.secure, "Secure"),
        (cookie.http_only, "HttpOnly"),
        (cookie.partitioned, "Partitioned"),
    ];
    let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark).chain(site);
    let words: Vec<String> =
        [life].into_iter().chain(subdomains).chain(marks.map(str::to_owned)).collect();
    Some(format!("{name}: {}", words.join(", ")))
}

/// What an empty jar makes of a line: the cookie, nothing where it has expired, or why not.
fn ask(line: &[u8], url: &Url, came: Wall) -> Result<Option<Cookie>, Refusal> {
    let mut jar = Jar::new();
    match jar.store(line, url, came).verdict {
        Verdict::Refused(refusal) => Err(refusal),
        _ => Ok(jar.iter().next().cloned()),
    }
}

/// The URL that most cookies are taken from: https, of the host that `Domain` names.
fn likeliest(domain: Option<&[u8]>) -> Option<Url> {
    let host = domain.and_then(|domain| std::str::from_utf8(domain).ok());
    let own = host.and_then(|host| Url::parse(&format!("https://{host}/")).ok());
    own.or_else(|| Url::parse("https://host.example/").ok())
}

/// A host below that.
fn below(domain: &[u8]) -> Option<Url> {
    Url::parse(&format!("https://host.{}/", std::str::from_utf8(domain).ok()?)).ok()
}

/// With the name of the specification, which an answer may be far from.
fn why(refusal: Refusal) -> String {
    refusal.to_string().replace("(section ", "(RFC 6265bis section ")
}

fn lasting(at: Wall, now: Wall, capped: bool) -> String {
    let most = if capped { ", the most there is" } else { "" };
    match away(at, now).strip_prefix("in ") {
        Some(span) if at.secs().saturating_sub(now.secs()) < 86_400 => format!("for {span}"),
        Some(span) => format!("for {span}{most}, until {}", &moment(at, now)[..10]),
        None => "over by now".to_owned(),
    }
}

/// How many, and how large.
pub(super) fn cookie(value: &[u8], _: &About<'_>) -> Option<String> {
    let cookies = split_plainly(value);
    let size = value.len();
    Some(format!("{}, {size} bytes", count(cookies, "cookie")))
}

/// Cookie values may hold quotes that pair with nothing.
fn split_plainly(value: &[u8]) -> usize {
    value.split(|b| *b == b';').filter(|pair| !pair.trim_ascii().is_empty()).count()
}

pub(super) fn obsolete(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete: nobody reads it (RFC 6265 section 9.3)".to_owned())
}
