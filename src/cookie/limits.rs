//! How many cookies are kept, and which go first (RFC 6265bis sections 5.7 and 6.1).

use super::record::Cookie;
use crate::base::Wall;

/// Cookies that one response may set; more are refused. As many as curl takes.
pub const PER_RESPONSE: usize = 50;

/// Cookies kept per domain field: at least 50 are asked for (section 6.1); browsers keep 180.
pub const PER_DOMAIN: usize = 180;

/// Cookies kept in all: at least 3,000 are asked for (section 6.1).
pub const TOTAL: usize = 3000;

/// Bytes of one `Cookie` line. Servers refuse heads much larger than 8 KB.
pub const COOKIE_LINE: usize = 8190;

/// How long a cookie may live after it was received, in seconds: 400 days (section 5.5).
pub const LIFETIME: i64 = 400 * 24 * 60 * 60;

/// The caps on numbers and sizes.
///
/// They hold for what a server sets, and for what a save adds to what others saved meanwhile. What
/// was loaded or imported stays: a jar that is larger than its limits keeps its size, one cookie
/// going for each one that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Cookies a response may set.
    pub per_response: usize,
    /// Cookies per domain field.
    pub per_domain: usize,
    /// Cookies in all.
    pub total: usize,
    /// Bytes of the `Cookie` line.
    pub cookie_line: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            per_response: PER_RESPONSE,
            per_domain: PER_DOMAIN,
            total: TOTAL,
            cookie_line: COOKIE_LINE,
        }
    }
}

impl Limits {
    /// No caps at all.
    pub const NONE: Limits = Limits {
        per_response: usize::MAX,
        per_domain: usize::MAX,
        total: usize::MAX,
        cookie_line: usize::MAX,
    };
}

/// Who goes first: the smallest rank (section 5.7, "remove excess cookies"). Expired, then
/// not `Secure` in a crowded domain, then any in a crowded domain, then any; among equals the
/// one that was used longest ago.
pub(super) fn rank(cookie: &Cookie, crowded: bool, now: Wall) -> (u8, Wall, Wall, u64) {
    let class = match (cookie.is_expired(now), crowded, cookie.secure) {
        (true, _, _) => 0,
        (false, true, false) => 1,
        (false, true, true) => 2,
        (false, false, _) => 3,
    };
    (class, cookie.accessed, cookie.created, cookie.order)
}
