//! What browsers are told to do, and to let be.

use super::About;
use super::text::{head, is, listed, names, number, pair, quote, say, says, split, unquote};
use crate::base::Span;
use crate::hsts;

/// RFC 6797.
pub(super) fn hsts(value: &[u8], about: &About<'_>) -> Option<String> {
    if about.is_secure() == Some(false) {
        return Some("ignored, as it came by http (RFC 6797 section 8.1)".to_owned());
    }
    if about.get("Strict-Transport-Security").is_some_and(|first| first.trim_ascii() != value) {
        return Some("ignored: only the first counts (RFC 6797 section 8.1)".to_owned());
    }
    let Some(policy) = hsts::policy(value) else {
        return Some("makes no sense, ignored (RFC 6797 section 6.1)".to_owned());
    };
    if policy.seconds == 0 {
        return Some("the host may be spoken to by http again".to_owned());
    }
    let below = if policy.subdomains { ", subdomains too" } else { "" };
    let preload = split(value, b';').any(|part| is(part, "preload"));
    let preload = if preload { ", preload" } else { "" };
    Some(format!("https only for {}{below}{preload}", Span(policy.seconds.unsigned_abs())))
}

pub(super) fn frame_options(value: &[u8], about: &About<'_>) -> Option<String> {
    let mut policies =
        about.headers.into_iter().flat_map(|headers| headers.all("Content-Security-Policy"));
    let ancestors = policies.any(|policy| {
        policy.split(|b| matches!(b, b';' | b',')).any(|directive| {
            let word = directive.trim_ascii().split(u8::is_ascii_whitespace).next();
            word.is_some_and(|word| is(word, "frame-ancestors"))
        })
    });
    let said = match value {
        _ if ancestors => "has no effect beside frame-ancestors",
        _ if is(value, "DENY") => "not to be framed",
        _ if is(value, "SAMEORIGIN") => "framed by its own origin only",
        _ if is(head(value), "ALLOWALL") => "means nothing: anybody may frame it",
        _ => "means nothing to browsers",
    };
    Some(said.to_owned())
}

/// The last word that is known counts.
pub(super) fn referrer_policy(value: &[u8], _: &About<'_>) -> Option<String> {
    const KNOWN: [(&str, &str); 8] = [
        ("no-referrer", "links from here tell nothing of this page"),
        ("no-referrer-when-downgrade", "links tell this URL, but not to http"),
        ("origin", "links tell this host, not the page"),
        ("origin-when-cross-origin", "links to elsewhere tell this host only"),
        ("same-origin", "links to elsewhere tell nothing"),
        ("strict-origin", "links tell this host, but not to http"),
        ("strict-origin-when-cross-origin", "links to elsewhere tell this host, but not to http"),
        ("unsafe-url", "links tell this whole URL to anybody"),
    ];
    let find = |word: &[u8]| KNOWN.iter().find(|(known, _)| is(word, known));
    match split(value, b',').filter_map(find).last() {
        Some((_, words)) => Some((*words).to_owned()),
        None => Some("unknown: browsers do as if it were not there".to_owned()),
    }
}

/// `camera=(), geolocation=(self)`.
pub(super) fn permissions_policy(value: &[u8], _: &About<'_>) -> Option<String> {
    let features = || split(value, b',').map(pair);
    let number = features().count();
    let denied = features().filter(|(_, list)| list.as_deref().is_some_and(|list| list == b"()"));
    let denied = denied.count();
    match (number, denied) {
        (0, _) => None,
        (1, 0) => Some("an ability of the browser limited".to_owned()),
        (_, 0) => Some(format!("{number} abilities of the browser limited")),
        (_, _) if number == denied => {
            Some(format!("forbids {}", names(features().map(|(name, _)| name))))
        }
        (_, _) => Some(format!("{number} abilities of the browser limited, {denied} forbidden")),
    }
}

pub(super) fn feature_policy(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete: now Permissions-Policy".to_owned())
}

pub(super) fn opener_policy(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match head(value) {
        b"same-origin" => "windows of other origins cannot reach this one",
        b"same-origin-allow-popups" => "only windows that it opens can reach it",
        b"noopener-allow-popups" => "the window that opened it cannot reach it",
        b"unsafe-none" => "as if it were not there",
        _ => "unknown: as if it were not there",
    })
}

pub(super) fn embedder_policy(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match head(value) {
        b"require-corp" => "embeds only what lets itself be embedded",
        b"credentialless" => "embeds what is elsewhere without cookies",
        b"unsafe-none" => "as if it were not there",
        _ => "unknown: as if it were not there",
    })
}

pub(super) fn resource_policy(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        b"same-origin" => "to be embedded by its own origin only",
        b"same-site" => "to be embedded by its own site only",
        b"cross-origin" => "anybody may embed it",
        _ => "unknown: as if it were not there",
    })
}

pub(super) fn agent_cluster(value: &[u8], _: &About<'_>) -> Option<String> {
    (head(value) == b"?1").then(|| "kept apart from its sister hosts".to_owned())
}

pub(super) fn xss_protection(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value.first() {
        Some(b'0') => "off: the filter that browsers had is gone anyway",
        _ => "obsolete: browsers have no such filter any more",
    })
}

pub(super) fn cross_domain(value: &[u8], _: &About<'_>) -> Option<String> {
    is(value, "none").then(|| "no policy files for Flash and PDF".to_owned())
}

pub(super) fn download_options(value: &[u8], _: &About<'_>) -> Option<String> {
    is(value, "noopen").then(|| "only Internet Explorer knew it".to_owned())
}

pub(super) fn dns_prefetch(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match is(value, "on") {
        true => "names in links may be looked up beforehand",
        false => "names in links are not looked up beforehand",
    })
}

pub(super) fn clear_site_data(value: &[u8], about: &About<'_>) -> Option<String> {
    if about.is_secure() == Some(false) {
        return Some("ignored, as it came by http".to_owned());
    }
    let members = || split(value, b',');
    if members().any(|member| !member.starts_with(b"\"")) {
        return Some("makes no sense without quotes".to_owned());
    }
    if members().any(|member| member == b"\"*\"") {
        return Some("a browser forgets all it holds of this site".to_owned());
    }
    let kinds = listed(members().map(|member| quote(&unquote(member))));
    (!kinds.is_empty()).then(|| format!("a browser forgets its {kinds}"))
}

/// The value is JSON; only what every such value has is looked for.
pub(super) fn nel(value: &[u8], _: &About<'_>) -> Option<String> {
    let age = json_number(value, "max_age");
    Some(match age {
        Some(0) => "browsers no longer report failures".to_owned(),
        Some(age) => format!("browsers report failed requests, for {}", Span(age)),
        None => "browsers report failed requests".to_owned(),
    })
}

pub(super) fn report_to(value: &[u8], _: &About<'_>) -> Option<String> {
    let age = json_number(value, "max_age").map(|age| format!(", for {}", Span(age)));
    Some(format!("where browsers send reports{}", age.unwrap_or_default()))
}

/// The number behind `"name":`, wherever it stands.
fn json_number(value: &[u8], name: &str) -> Option<u64> {
    let value = &value[..value.len().min(4096)];
    let text = String::from_utf8_lossy(value);
    let at = text.find(&format!("\"{name}\""))?;
    let rest = text[at + name.len() + 2..].trim_start().strip_prefix(':')?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    number(&rest.as_bytes()[..digits])
}

pub(super) fn reporting_endpoints(value: &[u8], _: &About<'_>) -> Option<String> {
    let ends = names(split(value, b',').map(|member| pair(member).0));
    (!ends.is_empty()).then(|| format!("where browsers send reports: {ends}"))
}

pub(super) fn expect_ct(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete: browsers insist on logged certificates anyway".to_owned())
}

pub(super) fn key_pins(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete: browsers no longer pin keys".to_owned())
}

pub(super) fn timing_allow_origin(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(match says(value, "*") {
        true => "any site's scripts may see how long it took".to_owned(),
        false => format!("scripts of {} may see how long it took", names(split(value, b','))),
    })
}

pub(super) fn accept_ch(value: &[u8], _: &About<'_>) -> Option<String> {
    let hints = names(split(value, b','));
    (!hints.is_empty()).then(|| format!("asks browsers for {hints}"))
}

pub(super) fn service_worker(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("its worker may serve {} and below", quote(value)))
}

pub(super) fn opener_report_only(value: &[u8], about: &About<'_>) -> Option<String> {
    opener_policy(value, about).map(|words| format!("only reported: {words}"))
}

pub(super) fn embedder_report_only(value: &[u8], about: &About<'_>) -> Option<String> {
    embedder_policy(value, about).map(|words| format!("only reported: {words}"))
}

pub(super) fn compatible(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("only Internet Explorer knew it".to_owned())
}

pub(super) fn speculation_rules(value: &[u8], _: &About<'_>) -> Option<String> {
    let place = quote(&unquote(split(value, b',').next()?));
    Some(format!("browsers find at {place} what to fetch beforehand"))
}
