//! How long something is, in words.

use std::fmt;

/// The units, largest first: seconds, one of it, several of it.
const UNITS: [(u64, &str, &str); 4] =
    [(DAY, "day", "days"), (3600, "h", "h"), (60, "min", "min"), (1, "s", "s")];

const DAY: u64 = 86_400;

/// What people write for a year, and mean one.
const COMMON_YEAR: u64 = 365 * DAY;

/// A year as long as the calendar's are in the mean.
const MEAN_YEAR: u64 = 31_556_952;

/// Less than two years are shown in days.
const FEW_YEARS: u64 = 2 * MEAN_YEAR;

/// From here on nobody means so many years: 2^31 seconds, which RFC 9111 section 1.2.2 has caches
/// take for whatever is more.
const LONGEST: u64 = 1 << 31;

/// A span of time in whole seconds, shown in its two largest units: `5 min 12 s`, `2 days 3 h`;
/// above a year in one: `400 days`, `2 years`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => return f.write_str("0 s"),
            LONGEST.. => return f.write_str("more than 68 years"),
            COMMON_YEAR => return f.write_str("1 year"),
            years if years % COMMON_YEAR == 0 => return write!(f, "{} years", years / COMMON_YEAR),
            years @ FEW_YEARS.. => return write!(f, "{} years", years / MEAN_YEAR),
            days @ COMMON_YEAR.. => return write!(f, "{} days", days / DAY),
            _ => {}
        }
        let first = UNITS.iter().position(|unit| self.0 >= unit.0).unwrap_or(0);
        let mut rest = self.0;
        for (place, (length, one, several)) in UNITS.iter().enumerate().skip(first).take(2) {
            let count = rest / length;
            rest %= length;
            if count > 0 {
                let gap = if place > first { " " } else { "" };
                let name = if count == 1 { one } else { several };
                write!(f, "{gap}{count} {name}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_largest_units_are_shown() {
        for (seconds, words) in [
            (0, "0 s"),
            (1, "1 s"),
            (59, "59 s"),
            (60, "1 min"),
            (312, "5 min 12 s"),
            (3600, "1 h"),
            (3659, "1 h"),
            (3660, "1 h 1 min"),
            (86_400, "1 day"),
            (2 * 86_400 + 3 * 3600 + 59, "2 days 3 h"),
            (86_400 + 60, "1 day"),
            (364 * DAY + 23 * 3600, "364 days 23 h"),
            (31_536_000, "1 year"),
            (31_536_001, "365 days"),
            (400 * DAY, "400 days"),
            (730 * DAY, "2 years"),
            (730 * DAY + 1, "730 days"),
            (731 * DAY, "2 years"),
            (3650 * DAY, "10 years"),
            // The end of 1994 to the end of 2044.
            (18_263 * DAY, "50 years"),
            (2_147_483_647, "68 years"),
            (2_147_483_648, "more than 68 years"),
        ] {
            assert_eq!(Span(seconds).to_string(), words, "{seconds}");
        }
        assert_eq!(Span(u64::MAX).to_string(), "more than 68 years");
    }
}
