//! Who stood on the way: proxies, CDNs, and what they left in the message.

use super::About;
use super::text::{
    figure, has_param, head, is, listed, names, number, pair, param, quote, split, unquote,
};

/// More members of a list than these are not counted.
const MOST_MEMBERS: usize = 1000;

/// RFC 9110 section 7.6.3: a member for each proxy, the nearest to the sender first.
pub(super) fn via(value: &[u8], _: &About<'_>) -> Option<String> {
    let words = |member: &'_ [u8]| -> Option<String> {
        let mut parts = member.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
        let (version, by) = (parts.next()?, parts.next()?);
        let old = version == b"1.0" || is(version, "HTTP/1.0");
        Some(format!("{}{}", quote(by), if old { " (HTTP/1.0)" } else { "" }))
    };
    let number = split(value, b',').take(MOST_MEMBERS).count();
    let through = listed(split(value, b',').take(MOST_MEMBERS).filter_map(words));
    match number {
        0 => None,
        1 => Some(format!("through a proxy, {through}")),
        _ => Some(format!("through {number} proxies: {through}")),
    }
}

/// Who asked the first proxy, by its account.
pub(super) fn forwarded_for(value: &[u8], _: &About<'_>) -> Option<String> {
    let first = split(value, b',').next()?;
    let proxies = split(value, b',').skip(1).count();
    let behind = match proxies {
        0 => String::new(),
        1 => ", through a proxy".to_owned(),
        _ => format!(", through {proxies} proxies"),
    };
    Some(format!("asked by {}{behind}", quote(first)))
}

/// RFC 7239.
pub(super) fn forwarded(value: &[u8], _: &About<'_>) -> Option<String> {
    let first = split(value, b',').next()?;
    let by = split(first, b';').map(pair).find(|(name, _)| is(name, "for"))?.1?;
    Some(format!("asked by {}", quote(&by)))
}

/// Who asked, by the account of the last proxy.
pub(super) fn client(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("asked by {}", quote(value)))
}

pub(super) fn forwarded_host(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("the proxy was asked for {}", quote(value)))
}

pub(super) fn forwarded_proto(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("the proxy was asked by {}", quote(value)))
}

/// Cloudflare's: a number of the request, and the airport that the data centre is near to.
pub(super) fn cf_ray(value: &[u8], _: &About<'_>) -> Option<String> {
    let at = value.iter().rposition(|b| *b == b'-')?;
    Some(format!("Cloudflare, near the airport {}", airport(&value[at + 1..])?))
}

/// Amazon's: the airport, and a number of the data centre.
pub(super) fn amazon_pop(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("CloudFront, near the airport {}", airport(value.get(..3)?)?))
}

/// Fastly's: a member for each cache, the nearest to the client last.
pub(super) fn served_by(value: &[u8], _: &About<'_>) -> Option<String> {
    let caches = split(value, b',').take(MOST_MEMBERS).count();
    let last = split(value, b',').take(MOST_MEMBERS).last()?;
    let named = last.strip_prefix(b"cache-")?;
    let near = airport(named.get(..3)?.to_ascii_uppercase().as_slice())?.to_owned();
    Some(match caches {
        1 => format!("Fastly, near the airport {near}"),
        _ => format!("Fastly, {caches} caches, the nearest near the airport {near}"),
    })
}

fn airport(code: &[u8]) -> Option<&str> {
    let code = code.get(..3)?;
    code.iter().all(u8::is_ascii_uppercase).then(|| std::str::from_utf8(code).ok()).flatten()
}

/// Fastly's: `S` when it began, `VS` and `VE` milliseconds until it was looked for and ended.
pub(super) fn timer(value: &[u8], _: &About<'_>) -> Option<String> {
    let end = split(value, b',').find_map(|part| number(part.strip_prefix(b"VE")?))?;
    Some(format!("took the cache {} ms", figure(end)))
}

/// A challenge in place of what was asked for.
pub(super) fn mitigated(value: &[u8], _: &About<'_>) -> Option<String> {
    is(value, "challenge").then(|| "Cloudflare's check came in place of the answer".to_owned())
}

pub(super) fn cdn_loop(value: &[u8], _: &About<'_>) -> Option<String> {
    let cdns = names(split(value, b',').take(MOST_MEMBERS).map(head));
    (!cdns.is_empty()).then(|| format!("passed through {cdns}"))
}

/// RFC 9209: a member for each proxy, the nearest to the server first.
pub(super) fn proxy_status(value: &[u8], _: &About<'_>) -> Option<String> {
    let words = |member: &[u8]| {
        let name = quote(&unquote(head(member)));
        let status = param(member, "received-status");
        match (param(member, "error"), status) {
            (Some(error), _) => format!("{name}: {}", quote(&error)),
            (None, Some(status)) => format!("{name}: got {}", quote(&status)),
            (None, None) => name,
        }
    };
    let said = listed(split(value, b',').map(words));
    (!said.is_empty()).then_some(said)
}

/// RFC 9421: what the signature covers.
pub(super) fn signature_input(value: &[u8], _: &About<'_>) -> Option<String> {
    let (_, rest) = pair(split(value, b',').next()?);
    let rest = rest?;
    let end = rest.iter().position(|b| *b == b')')?;
    let covered = rest[..end].strip_prefix(b"(")?;
    let parts: Vec<_> = covered.split(|b| *b == b' ').take(64).map(unquote).collect();
    let covered = names(parts.iter().map(|part| part.as_ref()).filter(|part| !part.is_empty()));
    let expires = if has_param(&rest[end..], "expires") { ", for a while" } else { "" };
    (!covered.is_empty()).then(|| format!("signed{expires}: {covered}"))
}
