//! For how long an answer is fresh (RFC 9111 section 4.2.1 and 4.2.2).

use super::view::Cache;
use super::{Age, Answer, Delta, Directives};
use crate::base::http_date;

/// A guess is this part of the time since the answer was last modified: the tenth that section
/// 4.2.2 calls typical, and browsers take.
const GUESSED_PART: i64 = 10;

/// No guess is longer: a week, as in browsers that have a limit.
const LONGEST_GUESS: u64 = 7 * 86_400;

/// For how long, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// From when the server made the answer.
    pub seconds: u64,
    /// Who says so.
    pub source: Source,
}

/// Where a lifetime comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `s-maxage`, which is for shared caches.
    SharedMaxAge,
    /// `max-age`.
    MaxAge,
    /// `Expires`, from `Date` on.
    Expires,
    /// Nobody: a tenth of the time since `Last-Modified`.
    Guess {
        /// It would have been longer than a week.
        capped: bool,
    },
    /// What is said makes no sense, so that the answer is stale: the field or directive.
    Invalid(&'static str),
    /// Nobody, and there is nothing to guess from.
    Nothing,
}

impl Source {
    /// Whether the server says so, in words that make sense or not.
    pub fn is_explicit(self) -> bool {
        !matches!(self, Source::Guess { .. } | Source::Nothing)
    }
}

impl Lifetime {
    pub(super) fn of(
        cache: Cache,
        answer: &Answer<'_>,
        control: &Directives,
        age: &Age,
    ) -> Lifetime {
        let shared = if cache == Cache::Shared { control.s_maxage } else { Delta::Absent };
        for (delta, source, name) in [
            (shared, Source::SharedMaxAge, "s-maxage"),
            (control.max_age, Source::MaxAge, "max-age"),
        ] {
            match delta {
                Delta::Seconds(seconds) => return Lifetime { seconds, source },
                Delta::Invalid => return Lifetime::invalid(name),
                Delta::Absent => {}
            }
        }
        if let Some(text) = answer.headers.get("Expires") {
            let Some(expires) = http_date(text, answer.received) else {
                return Lifetime::invalid("Expires");
            };
            let seconds = u64::try_from(expires.0.saturating_sub(age.date.0) / 1000).unwrap_or(0);
            return Lifetime { seconds, source: Source::Expires };
        }
        Lifetime::guess(answer, control, age)
    }

    fn invalid(name: &'static str) -> Lifetime {
        Lifetime { seconds: 0, source: Source::Invalid(name) }
    }

    /// Allowed where the status lets caches guess, or the server says that it may be stored.
    fn guess(answer: &Answer<'_>, control: &Directives, age: &Age) -> Lifetime {
        let nothing = Lifetime { seconds: 0, source: Source::Nothing };
        let marked = control.public || control.private.is_whole();
        if !is_heuristically_cacheable(answer.status) && !marked {
            return nothing;
        }
        let modified = answer.headers.get("Last-Modified");
        let Some(modified) = modified.and_then(|text| http_date(text, answer.received)) else {
            return nothing;
        };
        let since = age.date.0.saturating_sub(modified.0) / 1000;
        match u64::try_from(since / GUESSED_PART) {
            Ok(0) | Err(_) => nothing,
            Ok(tenth) => {
                let source = Source::Guess { capped: tenth > LONGEST_GUESS };
                Lifetime { seconds: tenth.min(LONGEST_GUESS), source }
            }
        }
    }
}

/// The statuses that are stored without anybody saying so (RFC 9110 section 15.1, and of 451
/// RFC 7725 section 3).
pub(super) fn is_heuristically_cacheable(status: u16) -> bool {
    matches!(status, 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 451 | 501)
}
