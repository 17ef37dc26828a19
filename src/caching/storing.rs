//! Whether an answer may be stored (RFC 9111 section 3).

use super::lifetime::is_heuristically_cacheable;
use super::view::Cache;
use super::{Answer, Delta, Directives};

/// Why an answer is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The answer says `no-store` (section 5.2.2.5).
    NoStore,
    /// The request said `no-store` (section 5.2.1.5).
    AskedNoStore,
    /// The answer is a final one only when the status is 200 or more.
    Interim,
    /// Answers to this method are not stored (RFC 9110 section 9.2.3).
    Method(String),
    /// An answer to POST is stored only with a lifetime and a `Content-Location` that names the
    /// URL (RFC 9110 section 9.3.3).
    Post,
    /// `must-understand`, and nobody understands this status (section 5.2.2.3).
    NotUnderstood(u16),
    /// `private`, and the cache is shared (section 5.2.2.7).
    Private,
    /// The request was authorized, the cache is shared, and nothing allows it (section 3.5).
    Authorization,
    /// Answers with this status are never stored (RFC 6585 sections 3 to 6).
    Status(u16),
    /// Neither a lifetime, nor `public`, nor this status permits it.
    Nothing(u16),
}

/// Everything that is against it, in the order in which it counts.
pub(super) fn refusals(cache: Cache, answer: &Answer<'_>, control: &Directives) -> Vec<Refusal> {
    let Answer { method, request, status, headers, .. } = *answer;
    let shared = cache == Cache::Shared;
    let given = |delta: Delta| delta != Delta::Absent;
    let lifetime =
        given(control.max_age) || (shared && given(control.s_maxage)) || headers.has("Expires");
    let marked = control.public || (!shared && control.private.is_whole());
    let understood = control.must_understand && is_understood(status);
    // A 304 is not stored for itself: it freshens an answer that is stored already.
    let permitted = lifetime || marked || is_heuristically_cacheable(status) || status == 304;
    let for_all = control.must_revalidate || control.public || (shared && given(control.s_maxage));

    let mut found = Vec::new();
    let mut add = |against: bool, refusal: Refusal| {
        if against {
            found.push(refusal);
        }
    };
    // What must be understood, and is, is stored in spite of a no-store that is for older caches.
    add(control.no_store && !understood, Refusal::NoStore);
    add(Directives::of(request).no_store, Refusal::AskedNoStore);
    add(status < 200, Refusal::Interim);
    match method.as_str() {
        "GET" | "HEAD" => {}
        "POST" => add(!lifetime || !headers.has("Content-Location"), Refusal::Post),
        other => add(true, Refusal::Method(other.to_owned())),
    }
    add(control.must_understand && !is_understood(status), Refusal::NotUnderstood(status));
    add(shared && control.private.is_whole(), Refusal::Private);
    add(shared && request.has("Authorization") && !for_all, Refusal::Authorization);
    let never = matches!(status, 428 | 429 | 431 | 511);
    add(never, Refusal::Status(status));
    add(!permitted && !never && status >= 200, Refusal::Nothing(status));
    found
}

/// The final statuses whose meaning for caches is specified.
fn is_understood(status: u16) -> bool {
    matches!(
        status,
        200..=206 | 300..=305 | 307 | 308 | 400..=417 | 421 | 422 | 425 | 426 | 428 | 429 | 431
            | 451 | 500..=505 | 511
    )
}
