//! Two clocks that must never be mixed up.
//!
//! [`Wall`] is the calendar: cookie lifetimes, dates, records. It can jump.
//! [`Tick`] is the stopwatch: deadlines, delays, timings. It cannot.
//! Both are plain numbers; who reads the clock is the edge (`net/clock.rs`).

use std::ops::{Add, Sub};
use std::time::Duration;

/// Wall-clock time: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wall(pub i64);

impl Wall {
    /// The latest time that can be expressed.
    pub const MAX: Wall = Wall(i64::MAX);

    /// From whole seconds since the epoch, saturating.
    pub const fn from_secs(secs: i64) -> Wall {
        Wall(secs.saturating_mul(1000))
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time and `secs` seconds more (or fewer), saturating.
    pub const fn plus_secs(self, secs: i64) -> Wall {
        Wall(self.0.saturating_add(secs.saturating_mul(1000)))
    }
}

/// Monotonic time: nanoseconds since some fixed moment before the program's first use of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(pub u64);

impl Tick {
    /// So much earlier; not before the stopwatch began.
    pub fn minus(self, span: Duration) -> Tick {
        Tick(self.0.saturating_sub(u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl Add<Duration> for Tick {
    type Output = Tick;

    /// Saturates: a deadline beyond the end of time is no deadline.
    fn add(self, span: Duration) -> Tick {
        Tick(self.0.saturating_add(u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl Sub for Tick {
    type Output = Duration;

    /// The time between two ticks; zero where the order is the other way round.
    fn sub(self, earlier: Tick) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_before_the_epoch_round_down() {
        assert_eq!(Wall(-1).secs(), -1);
        assert_eq!(Wall(1999).secs(), 1);
    }

    #[test]
    fn a_deadline_beyond_the_end_of_time_is_the_end_of_time() {
        assert_eq!(Tick(5) + Duration::MAX, Tick(u64::MAX));
        assert_eq!(Tick(5) - Tick(9), Duration::ZERO);
    }
}
