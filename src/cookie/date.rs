//! The cookie-date algorithm (RFC 6265bis section 5.1.1).
//!
//! Not an HTTP date: tokens in any order, junk between them, zones and
//! weekdays ignored, two-digit years. A date it does not understand leaves
//! the cookie without an `Expires`, which is not an error.

use crate::base::Wall;

/// The months by their first three letters; what follows the three is ignored.
const MONTHS: [&[u8; 3]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// The first year of the Gregorian calendar's first full century; earlier dates fail (step 5).
const FIRST_YEAR: i64 = 1601;

/// The moment a cookie-date names, read as UTC; `None` where it names none.
pub fn parse(text: &[u8]) -> Option<Wall> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|&b| is_delimiter(b)).filter(|token| !token.is_empty()) {
        // Each token is tried for what is still missing, in this order (step 2).
        if time.is_none() {
            time = hms(token);
            if time.is_some() {
                continue;
            }
        }
        if day.is_none() {
            day = number(token, 1, 2);
            if day.is_some() {
                continue;
            }
        }
        if month.is_none() {
            month = month_of(token);
            if month.is_some() {
                continue;
            }
        }
        if year.is_none() {
            year = number(token, 2, 4);
        }
    }
    let ((hour, minute, second), day, month, year) = (time?, day?, month?, century(year?));
    let valid = (1..=days_in(month, year)).contains(&day)
        && year >= FIRST_YEAR
        && hour <= 23
        && minute <= 59
        && second <= 59;
    if !valid {
        return None;
    }
    let secs = days_from_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Wall::from_secs(secs))
}

/// Tab, and the printable ASCII characters that are no letter, digit or colon.
fn is_delimiter(b: u8) -> bool {
    matches!(b, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// `min` to `max` digits, then nothing or a non-digit and anything.
fn number(token: &[u8], min: usize, max: usize) -> Option<i64> {
    let (value, rest) = digits(token, min, max)?;
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some(value)
}

/// Up to `max` leading digits as a number, and what follows them.
fn digits(token: &[u8], min: usize, max: usize) -> Option<(i64, &[u8])> {
    let len = token.iter().take(max).take_while(|b| b.is_ascii_digit()).count();
    if len < min {
        return None;
    }
    let value = token[..len].iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
    Some((value, &token[len..]))
}

/// `hh:mm:ss`, one or two digits each, then nothing or a non-digit and anything.
fn hms(token: &[u8]) -> Option<(i64, i64, i64)> {
    let (hour, rest) = digits(token, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 1, 2)?;
    let second = number(rest.strip_prefix(b":")?, 1, 2)?;
    Some((hour, minute, second))
}

/// 1 to 12 for a token that begins with a month's first three letters.
fn month_of(token: &[u8]) -> Option<i64> {
    let head = token.get(..3)?;
    (1..).zip(MONTHS).find(|(_, month)| head.eq_ignore_ascii_case(*month)).map(|(n, _)| n)
}

/// Two-digit years: 70 to 99 are the 1900s, 0 to 69 the 2000s (steps 3 and 4).
fn century(year: i64) -> i64 {
    match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        _ => year,
    }
}

fn days_in(month: i64, year: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days between 1970-01-01 and a Gregorian date; years counted from March, so that the
/// leap day is the last.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110 section 5.6.7.
    const NOV_1994: i64 = 784_111_777;

    #[test]
    fn every_layout_that_names_the_moment_is_read() {
        let cases: [(&str, i64); 18] = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", NOV_1994), // RFC 9110 5.6.7, IMF-fixdate
            ("Sunday, 06-Nov-94 08:49:37 GMT", NOV_1994), // RFC 9110 5.6.7, rfc850-date
            ("Sun Nov  6 08:49:37 1994", NOV_1994),      // RFC 9110 5.6.7, asctime
            ("6 nov 1994 8:49:37", NOV_1994),            // 5.1.1: 1*2DIGIT, no weekday
            ("1994 Nov 6 08:49:37", NOV_1994),           // year is no day: 4 digits
            ("08:49:37 6 November 94", NOV_1994),        // month = 3 letters *OCTET
            ("some 06 other Nov words 1994 08:49:37", NOV_1994), // tokens that match nothing
            ("06 Nov 1994 08:49:37 +0900", NOV_1994),    // zones are ignored
            ("06 Nov 1994 08:49:37 PST", NOV_1994),      // zones are ignored
            ("06th Nov 1994x 08:49:37z", NOV_1994),      // [ non-digit *OCTET ]
            ("Nov/06/1994,08:49:37", NOV_1994),          // delimiters
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),        // the epoch
            ("01 Jan 70 00:00:00", 0),                   // step 3
            ("01 Jan 69 00:00:00", 3_124_224_000),       // step 4: 2069
            ("01 Jan 00 00:00:00", 946_684_800),         // step 4: 2000
            ("29 Feb 2000 00:00:00", 951_782_400),       // a leap day
            ("31 Dec 9999 23:59:59", 253_402_300_799),   // the last four-digit second
            ("01 Jan 1601 00:00:00", -11_644_473_600),   // step 5: the first year allowed
        ];
        for (text, secs) in cases {
            assert_eq!(parse(text.as_bytes()), Some(Wall::from_secs(secs)), "{text}");
        }
    }

    #[test]
    fn what_names_no_moment_fails() {
        let cases = [
            "",
            "06 Nov 1994",                        // no time
            "06 Nov 08:49:37",                    // no year
            "Nov 1994 08:49:37",                  // no day: 1994 has too many digits
            "06 1994 08:49:37",                   // no month
            "31 Feb 2021 00:00:00",               // no such day
            "29 Feb 1900 00:00:00",               // no leap year
            "00 Nov 1994 08:49:37",               // day 0
            "32 Jan 1994 08:49:37",               // day 32
            "31 Dec 1600 23:59:59",               // before 1601
            "06 Nov 1994 24:00:00",               // hour
            "06 Nov 1994 08:60:00",               // minute
            "06 Nov 1994 08:49:60",               // second
            "06 Nov 1994 08:49",                  // time without seconds
            "06 Nov 1994 008:49:37",              // three digits
            "06 Nov 1994 08:49:370",              // three digits
            "06 Nov 19940 08:49:37",              // five digits
            "06 Nov 9 08:49:37",                  // one digit
            "06-11-1994 08:49:37",                // a month in digits
            "Sun, 06 N\u{f6}v 1994 08:49:37 GMT", // letters beyond ASCII
        ];
        for text in cases {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_second_time_or_day_does_not_count() {
        let first = parse(b"06 Nov 1994 08:49:37 10:00:00");
        assert_eq!(first, Some(Wall::from_secs(NOV_1994)));
        // The second small number can only be the year.
        assert_eq!(parse(b"06 07 Nov 1994 08:49:37"), parse(b"06 Nov 07 08:49:37"));
    }
}
