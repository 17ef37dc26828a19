//! Cookies, without their values. Whether one is kept is the jar's to say.

use super::About;
use super::text::{away, count, moment, quote};
use crate::base::Wall;
use crate::cookie::{SameSite, SetCookie};

/// Of a session: till the program ends. Else for how long, and who may see it.
pub(super) fn set_cookie(value: &[u8], about: &About<'_>) -> Option<String> {
    let name = match SetCookie::name_in(value) {
        b"" => "(no name)".to_owned(),
        name => quote(name),
    };
    let Ok(cookie) = SetCookie::parse(value) else {
        return Some(format!("{name}: cannot be read (RFC 6265bis section 5.6)"));
    };
    let came = about.came();
    let until = match (cookie.max_age, cookie.expires) {
        (Some(seconds), _) => Some(came.plus_secs(seconds.max(0))),
        (None, expires) => expires,
    };
    let life = match until {
        None => "for this session".to_owned(),
        Some(at) if at <= came => "deleted".to_owned(),
        Some(at) => lasting(at, about.now),
    };
    let site = match cookie.same_site {
        SameSite::Strict => Some("SameSite=Strict"),
        SameSite::Lax => Some("SameSite=Lax"),
        SameSite::None => Some("SameSite=None"),
        SameSite::Default => None,
    };
    let domain = cookie.domain.as_deref().filter(|domain| !domain.is_empty());
    let subdomains = domain.map(|domain| format!("{} and below", quote(domain)));
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

fn lasting(at: Wall, now: Wall) -> String {
    match away(at, now).strip_prefix("in ") {
        Some(span) if at.secs() - now.secs() < 86_400 => format!("for {span}"),
        Some(span) => format!("for {span}, until {}", &moment(at, now)[..10]),
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
