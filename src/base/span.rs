//! How long something is, in words.

use std::fmt;

/// The units, largest first: seconds, one of it, several of it. A year is 365 days.
const UNITS: [(u64, &str, &str); 5] = [
    (365 * 86_400, "year", "years"),
    (86_400, "day", "days"),
    (3600, "h", "h"),
    (60, "min", "min"),
    (1, "s", "s"),
];

/// A span of time in whole seconds, shown in its two largest units: `5 min 12 s`, `2 days 3 h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = UNITS.iter().position(|unit| self.0 >= unit.0) else {
            return f.write_str("0 s");
        };
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
            (31_536_000, "1 year"),
            (2_147_483_648, "68 years 35 days"),
        ] {
            assert_eq!(Span(seconds).to_string(), words, "{seconds}");
        }
        assert!(Span(u64::MAX).to_string().contains("years"));
    }
}
