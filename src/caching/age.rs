//! How old an answer is (RFC 9111 section 4.2.3).

use super::{Answer, Delta};
use crate::base::{Headers, Wall, http_date};

/// The age of an answer, and what it was calculated from. Seconds, rounded down at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Now.
    pub current: u64,
    /// When it came.
    pub initial: u64,
    /// By the server's `Date` and our clock.
    pub apparent: u64,
    /// The `Age` field, and how long the answer took to come.
    pub corrected: u64,
    /// What the `Age` field says.
    pub field: Delta,
    /// The date that counts: the server's, or when the answer came.
    pub date: Wall,
    /// Where that date comes from.
    pub dated: Dated,
}

/// Where the date of an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The `Date` field.
    ByServer,
    /// There is none: the answer is of when it came (RFC 9110 section 6.6.1).
    NotAtAll,
    /// It is no date.
    Invalid,
}

impl Age {
    pub(super) fn of(answer: &Answer<'_>, now: Wall) -> Age {
        let (date, dated) = date(answer.headers, answer.received);
        let field = field(answer.headers);
        let millis = |later: Wall, earlier: Wall| {
            u64::try_from(later.0.saturating_sub(earlier.0)).unwrap_or(0)
        };
        let apparent = millis(answer.received, date);
        let delay = millis(answer.received, answer.requested);
        let corrected = (field.seconds().unwrap_or(0) * 1000).saturating_add(delay);
        let initial = apparent.max(corrected);
        let current = initial.saturating_add(millis(now, answer.received));
        Age {
            current: current / 1000,
            initial: initial / 1000,
            apparent: apparent / 1000,
            corrected: corrected / 1000,
            field,
            date,
            dated,
        }
    }

    /// By how many seconds the server's clock is ahead of ours; 0 where it is not.
    pub fn ahead(&self, received: Wall) -> u64 {
        u64::try_from(self.date.0.saturating_sub(received.0) / 1000).unwrap_or(0)
    }
}

/// Of several `Date` fields the first counts.
fn date(headers: &Headers, received: Wall) -> (Wall, Dated) {
    match headers.get("Date").map(|text| http_date(text, received)) {
        Some(Some(date)) => (date, Dated::ByServer),
        Some(None) => (received, Dated::Invalid),
        None => (received, Dated::NotAtAll),
    }
}

/// Of several values the first counts, and one that is no number is passed over (section 5.1).
fn field(headers: &Headers) -> Delta {
    let first =
        |value: &'_ [u8]| value.split(|b| *b == b',').next().map(|v| Delta::read(v.trim_ascii()));
    headers.get("Age").and_then(first).unwrap_or_default()
}
