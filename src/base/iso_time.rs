//! The times of archives: ISO 8601, as `2026-01-15T09:30:00.123+01:00`.

use super::Wall;

/// A date and a time with a zone, to the millisecond; without a zone it is UTC.
pub fn parse_iso_time(text: &str) -> Option<Wall> {
    let mut rest = text.trim_ascii();
    let (year, month, day) = (number(&mut rest, 4)?, part(&mut rest, "-")?, part(&mut rest, "-")?);
    rest = rest.strip_prefix(['T', 't', ' '])?;
    let (hour, minute, second) =
        (number(&mut rest, 2)?, part(&mut rest, ":")?, part(&mut rest, ":")?);
    let in_range = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    if !in_range {
        return None;
    }
    let millis = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            rest = &fraction[end..];
            let first = fraction[..end].bytes().chain(*b"000").take(3);
            first.fold(0, |n, b| n * 10 + i64::from(b - b'0'))
        }
        None => 0,
    };
    let secs = days_from_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Wall((secs - offset(rest)? * 60) * 1000 + millis))
}

/// The same in UTC, to the millisecond. Years that four digits cannot name become the nearest.
pub fn iso_time(time: Wall) -> String {
    /// The first millisecond of year 0 and the last of 9999.
    const RANGE: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);
    let ms = time.0.clamp(RANGE.0, RANGE.1);
    let (day, ms) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Never too late, and a few years too early at most.
    let longest = if day < 0 { 365 } else { 366 };
    let mut year = (1970 + day.div_euclid(longest)).max(0);
    while days_from_epoch(year + 1, 1, 1) <= day {
        year += 1;
    }
    let month = (2..=12).rev().find(|&month| days_from_epoch(year, month, 1) <= day).unwrap_or(1);
    let date = day - days_from_epoch(year, month, 1) + 1;
    let (seconds, fraction) = (ms / 1000, ms % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
}

/// Minutes ahead of UTC: `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let mut digits = zone.strip_prefix(['+', '-'])?;
    let hours = number(&mut digits, 2)?;
    digits = digits.strip_prefix(':').unwrap_or(digits);
    let minutes = if digits.is_empty() { 0 } else { number(&mut digits, 2)? };
    let ahead = hours * 60 + minutes;
    digits.is_empty().then_some(if zone.starts_with('-') { -ahead } else { ahead })
}

/// Exactly so many digits.
fn number(rest: &mut &str, digits: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(digits)?;
    *rest = tail;
    head.bytes().all(|b| b.is_ascii_digit()).then(|| head.parse().ok()).flatten()
}

/// Two digits behind a separator.
fn part(rest: &mut &str, separator: &str) -> Option<i64> {
    *rest = rest.strip_prefix(separator)?;
    number(rest, 2)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, year 0 and later.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    // Days before each month, and the leap days up to last year, or this one from March on.
    let before: i64 = (1..month).map(|month| days_in(1, month)).sum();
    let last = if month > 2 { year } else { year - 1 };
    let leaps = last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400);
    // The year 1970 begins after 477 leap days.
    (year - 1970) * 365 + leaps - 477 + before + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_its_zone_and_to_the_millisecond() {
        let cases = [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.9999Z", 999),
            ("1970-01-01 01:00:00,5+01:00", 500),
            ("1969-12-31T23:59:59.000Z", -1000),
            ("2024-02-29T12:00:00Z", 1_709_208_000_000),
            ("2024-03-01T00:00:00Z", 1_709_251_200_000),
            ("2026-01-15T09:30:00.123+01:00", 1_768_465_800_123),
            ("2026-01-15T03:00:00.123-0530", 1_768_465_800_123),
            ("2026-01-15T08:30:00.123", 1_768_465_800_123),
            ("2000-01-01T00:00:00+00", 946_684_800_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ];
        for (text, ms) in cases {
            assert_eq!(parse_iso_time(text), Some(Wall(ms)), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        for (ms, written) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999Z"),
            (i64::MIN, "0000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso_time(Wall(ms)), written);
        }
        for day in (-719_528..2_932_896).step_by(97) {
            let time = Wall(day * 86_400_000 + day % 1000);
            let within = time.0 >= -62_167_219_200_000;
            assert!(!within || parse_iso_time(&iso_time(time)) == Some(time), "{time:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2026-01-15",
            "2026-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2026-01-15T24:00:00Z",
            "2026-1-15T00:00:00Z",
            "2026-01-15T00:00:00+1",
            "2026-01-15T00:00:00+01:00x",
            "2026-01-15T00:00:00 GMT",
            "\u{e9}026-01-15T00:00:00Z",
            "+026-01-15T00:00:00Z",
        ] {
            assert_eq!(parse_iso_time(text), None, "{text}");
        }
    }
}
