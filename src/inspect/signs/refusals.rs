//! Answers that refuse: challenges, blocks, limits, maintenance.

use super::marks;
use super::scene::Scene;
use super::{Confidence, Kind, Sign};
use crate::base::Span;

/// The one that refuses, if one does.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Sign> {
    let challenge = marks::sign(Kind::Challenge, "challenge", scene);
    let blocked = legal(scene).or_else(|| marks::sign(Kind::Blocked, "blocked", scene));
    // The surer one; of two alike, the challenge, which may be passed.
    let guard = match (challenge, blocked) {
        (Some(one), Some(other)) if other.confidence > one.confidence => Some(other),
        (one, other) => one.or(other),
    };
    let sure = guard.as_ref().is_some_and(|guard| guard.confidence == Confidence::Certain);
    // A guard may say 429 to whoever comes for the first time: then it is no limit.
    let limit = if sure { None } else { too_many(scene) };
    let stated = limit.iter().any(|limit| limit.confidence == Confidence::Certain);
    let guard = guard.filter(|_| !stated);
    guard
        .or(limit)
        .or_else(|| maintenance(scene))
        .or_else(|| come_later(scene))
        .into_iter()
        .collect()
}

/// 451, and who asked for it (RFC 7725).
fn legal(scene: &Scene<'_>) -> Option<Sign> {
    (scene.status() == 451).then(|| {
        let evidence = vec!["status 451: withheld for legal reasons".to_owned()];
        Sign::new(Kind::Blocked, Confidence::Certain, evidence)
    })
}

fn too_many(scene: &Scene<'_>) -> Option<Sign> {
    (scene.status() == 429).then(|| {
        let mut evidence = vec!["status 429".to_owned()];
        evidence.extend(retry_after(scene));
        evidence.extend(spent(scene));
        Sign::new(Kind::RateLimit, Confidence::Certain, evidence)
    })
}

fn maintenance(scene: &Scene<'_>) -> Option<Sign> {
    let mut titled = scene.titled("maintenance titles");
    let unavailable = scene.status() == 503;
    if titled.is_empty() && unavailable {
        titled = scene.titled("maintenance words");
    }
    if titled.is_empty() || !(unavailable || scene.ok() && scene.bare()) {
        return None;
    }
    let mut evidence = vec![format!("status {}", scene.status())];
    evidence.extend(titled);
    evidence.extend(retry_after(scene));
    let sure = if unavailable { Confidence::Certain } else { Confidence::Likely };
    Some(Sign::new(Kind::Maintenance, sure, evidence))
}

/// 503 that says when to come again (RFC 9110 section 10.2.3).
fn come_later(scene: &Scene<'_>) -> Option<Sign> {
    let when = retry_after(scene).filter(|_| scene.status() == 503)?;
    let evidence = vec!["status 503".to_owned(), when];
    Some(Sign::new(Kind::RateLimit, Confidence::Likely, evidence))
}

fn retry_after(scene: &Scene<'_>) -> Option<String> {
    let value = scene.headers().get_str("retry-after")?;
    Some(match value.parse() {
        Ok(seconds) => format!("Retry-After: {}", Span(seconds)),
        Err(_) => format!("Retry-After: {}", value.escape_debug()),
    })
}

/// An answer like any other that says it was the last one for now.
pub(super) fn used_up(scene: &Scene<'_>, signs: &[Sign]) -> Option<Sign> {
    if signs.iter().any(|sign| sign.kind == Kind::RateLimit) {
        return None;
    }
    let spent = spent(scene)?;
    // Some refuse so in place of 429.
    Some(match scene.status() {
        403 | 503 => {
            let evidence = vec![format!("status {}", scene.status()), spent];
            Sign::new(Kind::RateLimit, Confidence::Certain, evidence)
        }
        _ => Sign::new(Kind::LimitReached, Confidence::Likely, vec![spent]),
    })
}

/// The field that says that nothing remains: `RateLimit-Remaining: 0` and its kin, or
/// `RateLimit: "default";r=0;t=30` (draft-ietf-httpapi-ratelimit-headers).
fn spent(scene: &Scene<'_>) -> Option<String> {
    let headers = scene.headers();
    for name in ["RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"] {
        if headers.get(name) == Some(b"0") {
            return Some(format!("the field `{name}: 0`"));
        }
    }
    let members = headers.members("ratelimit");
    let mut words = members.flat_map(|member| member.split(|&byte| byte == b';'));
    let none = |word: &[u8]| {
        let word: Vec<u8> =
            word.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
        matches!(word.as_slice(), b"r=0" | b"remaining=0")
    };
    words.any(none).then(|| "the field `RateLimit` says that nothing remains".to_owned())
}
