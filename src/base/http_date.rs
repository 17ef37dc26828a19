//! The dates of HTTP as its grammar has them (RFC 9110 section 5.6.7), and nothing else.
//!
//! [`parse_date`](super::parse_date) reads whatever a person or a server may have meant; here a
//! date that breaks the grammar is none, because what a cache does depends on it (RFC 9111
//! section 4.2). Letters of either case and more than one space are read, a zone other than GMT is not.

use super::Wall;
use super::date::{MONTHS, WEEKDAYS, compact_date, days_from_epoch};

/// A date of two digits for its year that would lie further ahead than this lies in the past.
const FURTHEST_AHEAD: i64 = 50;

/// The words of the longest layout; a text of more is no date.
const MOST_WORDS: usize = 6;

/// The moment that one of the three layouts names; `now` says which century a year of two digits
/// belongs to.
pub fn http_date(text: &[u8], now: Wall) -> Option<Wall> {
    let text = std::str::from_utf8(text).ok()?;
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let mut parts = [""; MOST_WORDS];
    let mut found = 0;
    for word in &mut words {
        *parts.get_mut(found)? = word;
        found += 1;
    }
    let (day, month, year, time) = match parts[..found] {
        [name, day, month, year, time, zone] if is_short(name.strip_suffix(',')?) => {
            zoned(zone)?;
            (number(day, 2)?, month, number(year, 4)?, time)
        }
        [name, date, time, zone] if is_long(name.strip_suffix(',')?) => {
            zoned(zone)?;
            let mut date = date.splitn(3, '-');
            let (day, month, year) = (date.next()?, date.next()?, date.next()?);
            (number(day, 2)?, month, century(number(year, 2)?, now), time)
        }
        [name, month, day, time, year] if is_short(name) => {
            (number(day, 2).or_else(|| number(day, 1))?, month, number(year, 4)?, time)
        }
        _ => return None,
    };
    let (month, _) = (1..).zip(MONTHS).find(|(_, known)| known.eq_ignore_ascii_case(month))?;
    let mut time = time.splitn(3, ':');
    let mut next = || number(time.next()?, 2);
    let (hour, minute, second) = (next()?, next()?, next()?);
    let begins = days_from_epoch(year, month, 1);
    let ends = days_from_epoch(year + month / 12, month % 12 + 1, 1);
    let sound = day >= 1 && day <= ends - begins && hour <= 23 && minute <= 59 && second <= 60;
    let secs = (begins + day - 1) * 86_400 + hour * 3600 + minute * 60 + second;
    sound.then(|| Wall::from_secs(secs))
}

fn is_short(name: &str) -> bool {
    WEEKDAYS.iter().any(|day| day[..3].eq_ignore_ascii_case(name))
}

fn is_long(name: &str) -> bool {
    WEEKDAYS.iter().any(|day| day.eq_ignore_ascii_case(name))
}

fn zoned(zone: &str) -> Option<()> {
    zone.eq_ignore_ascii_case("GMT").then_some(())
}

/// Exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The year of this century, or of the last one where that is too far ahead.
fn century(year: i64, now: Wall) -> i64 {
    let this: i64 = compact_date(now)[..4].parse().unwrap_or(1970);
    let year = this - this % 100 + year;
    if year > this + FURTHEST_AHEAD { year - 100 } else { year }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22.
    const NOW: Wall = Wall(1_795_305_600_000);

    fn read(text: &str) -> Option<i64> {
        http_date(text.as_bytes(), NOW).map(Wall::secs)
    }

    #[test]
    fn the_three_layouts_name_one_moment_in_any_case() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "sun, 06 nov 1994 08:49:37 gmt",
            "Mon, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(read(text), Some(784_111_777), "{text}");
        }
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read("Thu, 29 Feb 2024 23:59:60 GMT"), Some(1_709_251_200));
    }

    #[test]
    fn two_digits_are_a_year_at_most_fifty_years_ahead() {
        assert_eq!(read("Sunday, 01-Jan-76 00:00:00 GMT"), Some(3_345_062_400));
        assert_eq!(read("Saturday, 01-Jan-77 00:00:00 GMT"), Some(220_924_800));
    }

    #[test]
    fn what_breaks_the_grammar_is_no_date() {
        for text in [
            "",
            "0",
            "-1",
            "now",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "06 Nov 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "1994-11-06T08:49:37Z",
            "784111777",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(http_date(b"\xff, 06 Nov 1994 08:49:37 GMT", NOW), None);
    }
}
