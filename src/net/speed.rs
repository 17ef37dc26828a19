//! How fast a transfer may be, and how slow: two machines that are told the time.
//!
//! ```text
//!  Pace:      bytes moved, time ──▶ so many more now, or not before then
//!  Slowness:  bytes moved, time ──▶ fine, or too slow for too long
//! ```

use crate::base::Tick;
use std::time::Duration;

/// What a person says of speeds; nothing, usually.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speeds {
    /// The most bytes a second, each way.
    pub most: Option<u64>,
    /// What is too slow.
    pub least: Option<Least>,
}

/// Fewer bytes a second than these, for so long, is too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    /// Bytes a second, both ways together.
    pub bytes: u64,
    /// For how long.
    pub during: Duration,
}

/// A second, as ticks count.
const SECOND: u64 = 1_000_000_000;

/// How much of a second's bytes may come at once after a pause. Short bursts are kind to the
/// line; shorter ones are more work than they are worth.
const BURST: u64 = SECOND / 4;

/// Credit that is waited for, likewise.
const WORTH_IT: u64 = SECOND / 8;

/// One direction under a limit: a bucket that fills with the time (RFC 2697's, with one rate).
#[derive(Debug)]
pub(super) struct Pace {
    rate: Option<u64>,
    /// Bytes, times [`SECOND`]; below zero where more came than was wanted.
    credit: i128,
    at: Option<Tick>,
}

/// What a [`Pace`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// So many bytes, at least one.
    Now(usize),
    /// Nothing before this time.
    At(Tick),
}

impl Pace {
    pub(super) fn new(rate: Option<u64>) -> Pace {
        Pace { rate: rate.filter(|rate| *rate > 0), credit: 0, at: None }
    }

    /// What may be moved now.
    pub(super) fn allows(&mut self, now: Tick) -> Allowed {
        let Some(rate) = self.rate.map(i128::from) else { return Allowed::Now(usize::MAX) };
        let byte = i128::from(SECOND);
        let full = (rate * i128::from(BURST)).max(byte);
        let gone = self.at.map_or(BURST, |at| now.0.saturating_sub(at.0));
        self.at = Some(now);
        self.credit = (self.credit + rate * i128::from(gone)).min(full);
        let bytes = self.credit / byte;
        if bytes > 0 {
            return Allowed::Now(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        let wanted = (rate * i128::from(WORTH_IT)).max(byte) - self.credit;
        // Rounded up, so that the credit is there by then.
        let wait = u64::try_from(wanted / rate + 1).unwrap_or(u64::MAX);
        Allowed::At(Tick(now.0.saturating_add(wait)))
    }

    /// So many bytes were moved.
    pub(super) fn spend(&mut self, bytes: usize) {
        if self.rate.is_some() {
            self.credit -= i128::try_from(bytes).unwrap_or(i128::MAX) * i128::from(SECOND);
        }
    }
}

/// Whether a transfer is too slow: no second of the last so many was fast enough.
#[derive(Debug)]
pub(super) struct Slowness {
    least: Option<Least>,
    /// When it was looked at last, and how much had been moved by then.
    looked: Option<(Tick, u64)>,
    /// When it was fast enough for the last time.
    fine: Tick,
}

impl Slowness {
    pub(super) fn new(least: Option<Least>) -> Slowness {
        Slowness { least, looked: None, fine: Tick::default() }
    }

    /// Looks, once a second; gives the limit that was missed.
    pub(super) fn look(&mut self, now: Tick, moved: u64) -> Option<Least> {
        let least = self.least?;
        let Some((then, before)) = self.looked else {
            self.looked = Some((now, moved));
            self.fine = now;
            return None;
        };
        let span = now.0.saturating_sub(then.0);
        if span < SECOND {
            return None;
        }
        self.looked = Some((now, moved));
        let speed = u128::from(moved - before) * u128::from(SECOND) / u128::from(span);
        if speed >= u128::from(least.bytes) {
            self.fine = now;
        }
        (now - self.fine >= least.during).then_some(least)
    }

    /// When to look again.
    pub(super) fn next(&self) -> Option<Tick> {
        self.least.and(self.looked).map(|(then, _)| Tick(then.0.saturating_add(SECOND)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moves `total` bytes, `most` at a time, as fast as the pace allows; how long that takes.
    fn moving(rate: u64, total: usize, most: usize) -> Duration {
        let (mut pace, began) = (Pace::new(Some(rate)), Tick(77));
        let (mut now, mut left) = (began, total);
        while left > 0 {
            match pace.allows(now) {
                Allowed::Now(bytes) => {
                    let bytes = bytes.min(left).min(most);
                    pace.spend(bytes);
                    left -= bytes;
                }
                Allowed::At(at) => {
                    assert!(at > now);
                    now = at;
                }
            }
        }
        now - began
    }

    #[test]
    fn a_rate_is_kept_but_for_a_burst() {
        for (rate, total) in [(1, 10), (100, 1000), (1 << 20, 100 << 20), (u64::MAX, 1 << 30)] {
            let took = moving(rate, total, 16 << 10).as_secs_f64();
            let due = total as f64 / rate as f64;
            assert!(took <= due + 0.2 && took >= (due - 1.3).max(0.0), "{rate}: {took} {due}");
        }
    }

    #[test]
    fn what_came_unasked_is_paid_for() {
        let mut pace = Pace::new(Some(100));
        assert_eq!(pace.allows(Tick(0)), Allowed::Now(25));
        pace.spend(125);
        let Allowed::At(at) = pace.allows(Tick(0)) else { panic!() };
        assert!(at >= Tick(SECOND) && at < Tick(2 * SECOND), "{at:?}");
        assert!(matches!(pace.allows(at), Allowed::Now(_)));
    }

    #[test]
    fn without_a_rate_all_is_allowed() {
        for rate in [None, Some(0)] {
            let mut pace = Pace::new(rate);
            pace.spend(usize::MAX);
            assert_eq!(pace.allows(Tick(0)), Allowed::Now(usize::MAX));
        }
    }

    /// What is said of each second in which so many bytes were moved, 10 a second being enough
    /// and two seconds too long.
    fn looked(seconds: &[u64]) -> Vec<bool> {
        let least = Least { bytes: 10, during: Duration::from_secs(2) };
        let mut slowness = Slowness::new(Some(least));
        assert_eq!(slowness.look(Tick(5), 0), None);
        let (mut now, mut moved) = (Tick(5), 0);
        seconds
            .iter()
            .map(|bytes| {
                moved += bytes;
                now = slowness.next().unwrap();
                assert_eq!(slowness.look(Tick(now.0 - 1), moved), None, "too early");
                slowness.look(now, moved).is_some()
            })
            .collect()
    }

    #[test]
    fn slow_for_too_long_is_too_slow() {
        assert_eq!(looked(&[10, 9, 10, 9, 9]), [false, false, false, false, true]);
        assert_eq!(looked(&[0, 0]), [false, true]);
        assert_eq!(looked(&[100, 0, 100, 0]), [false; 4]);
        assert_eq!(Slowness::new(None).next(), None);
    }
}
