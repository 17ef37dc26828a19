//! Who asks, from where and how, by their own account.

use super::About;
use super::text::{head, is, listed, param, quote, say, says, split, unquote};
use url::Url;

/// Who it says it is: a crawler that tells so, a browser, a program.
pub(super) fn user_agent(value: &[u8], _: &About<'_>) -> Option<String> {
    let start = String::from_utf8_lossy(&value[..value.len().min(512)]).to_ascii_lowercase();
    let bot = ["bot", "crawler", "spider", "slurp"].iter().any(|mark| start.contains(mark));
    // Later ones pretend to be earlier ones.
    let browsers = [
        ("edg/", "Edge"),
        ("opr/", "Opera"),
        ("firefox/", "Firefox"),
        ("chrome/", "Chrome"),
        ("safari/", "Safari"),
    ];
    let browser = browsers.iter().find(|(mark, _)| start.contains(mark)).map(|(_, name)| *name);
    match (bot, browser) {
        (true, _) => Some("a crawler, by its own account".to_owned()),
        (false, Some(browser)) => Some(format!("says it is {browser}")),
        (false, None) if value.is_empty() => Some("says nothing".to_owned()),
        (false, None) => None,
    }
}

pub(super) fn referer(value: &[u8], about: &About<'_>) -> Option<String> {
    let from = Url::parse(std::str::from_utf8(value.get(..value.len().min(8192))?).ok()?).ok()?;
    let same = about.url.map(|url| url.origin() == from.origin());
    Some(match same {
        Some(true) => "comes from the same origin".to_owned(),
        Some(false) | None => format!("comes from {}", quote(from.host_str()?.as_bytes())),
    })
}

pub(super) fn origin(value: &[u8], about: &About<'_>) -> Option<String> {
    if value == b"null" {
        return Some("who asks is not told".to_owned());
    }
    let from = Url::parse(std::str::from_utf8(value.get(..value.len().min(8192))?).ok()?).ok()?;
    Some(match about.url.map(|url| url.origin() == from.origin()) {
        Some(true) => "asked by the same origin".to_owned(),
        Some(false) | None => "asked by another site's scripts or forms".to_owned(),
    })
    .filter(|_| about.url.is_some())
}

pub(super) fn fetch_site(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        b"none" => "asked for by the person",
        b"same-origin" => "asked for by a page of this origin",
        b"same-site" => "asked for by a page of this site",
        b"cross-site" => "asked for by another site",
        _ => return None,
    })
}

pub(super) fn fetch_mode(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        b"navigate" => "a page is opened",
        b"cors" => "a script wants to read it, if it may",
        b"no-cors" => "a page embeds it",
        b"same-origin" => "a script of the same origin",
        b"websocket" => "a WebSocket is opened",
        _ => return None,
    })
}

pub(super) fn fetch_dest(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match value {
        b"document" => "as a page".to_owned(),
        b"empty" => "by a script".to_owned(),
        b"iframe" | b"frame" => "as a frame".to_owned(),
        other => format!("as {}", quote(other)),
    })
}

pub(super) fn fetch_user(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"?1").then(|| "by a click or a key".to_owned())
}

pub(super) fn from(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("whom to write to about this program".to_owned())
}

pub(super) fn do_not_track(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"1").then(|| "asks not to be tracked; obsolete".to_owned())
}

pub(super) fn privacy_control(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"1").then(|| "asks that nothing be sold or shared".to_owned())
}

pub(super) fn upgrade_insecure(value: &[u8], _: &About<'_>) -> Option<String> {
    (value == b"1").then(|| "would rather be sent to https".to_owned())
}

pub(super) fn requested_with(value: &[u8], _: &About<'_>) -> Option<String> {
    is(value, "XMLHttpRequest").then(|| "says that a script asks".to_owned())
}

pub(super) fn purpose(value: &[u8], _: &About<'_>) -> Option<String> {
    says(head(value), "prefetch").then(|| "fetched beforehand, perhaps for nothing".to_owned())
}

pub(super) fn save_data(value: &[u8], _: &About<'_>) -> Option<String> {
    is(value, "on").then(|| "would rather have less data".to_owned())
}

/// Brands, but for the made-up one that is always among them.
pub(super) fn brands(value: &[u8], _: &About<'_>) -> Option<String> {
    let real = |member: &&[u8]| {
        let name = head(member);
        !(name.windows(3).any(|part| part.eq_ignore_ascii_case(b"not")) && name.len() < 24)
    };
    let brands = listed(split(value, b',').take(64).filter(real).map(|member| {
        let version = param(member, "v").map(|version| format!(" {}", quote(&version)));
        let name = quote(&unquote(head(member)));
        format!("{name}{}", version.unwrap_or_default())
    }));
    (!brands.is_empty()).then(|| format!("says it is {brands}"))
}

pub(super) fn mobile(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        b"?1" => "says it is a phone",
        b"?0" => "says it is no phone",
        _ => return None,
    })
}
