//! Dates as servers and people write them: every layout of HTTP (RFC 9110 section 5.6.7), and
//! what curl's `-z` takes.
//!
//! Up to six parts, in any order, whatever stands between them: a weekday (which nobody checks), a
//! month's first three letters, a time, a zone by name or as `+hhmm`, a day, a year of two or
//! four digits; or `YYYYMMDD`. Day, month and year there must be.

use super::Wall;

pub(super) const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

pub(super) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Zones by name, and the minutes that they are behind UTC.
const ZONES: [(&str, i64); 32] = [
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("wet", 0),
    ("z", 0),
    ("bst", -60),
    ("wat", 60),
    ("ast", 240),
    ("adt", 180),
    ("est", 300),
    ("edt", 240),
    ("cst", 360),
    ("cdt", 300),
    ("mst", 420),
    ("mdt", 360),
    ("pst", 480),
    ("pdt", 420),
    ("yst", 540),
    ("ydt", 480),
    ("hst", 600),
    ("hdt", 540),
    ("cet", -60),
    ("met", -60),
    ("cest", -120),
    ("mest", -120),
    ("eet", -120),
    ("eest", -180),
    ("cct", -480),
    ("jst", -540),
    ("east", -600),
    ("nzst", -720),
    ("nzdt", -780),
];

/// The first whole year of the Gregorian calendar.
const FIRST_YEAR: i64 = 1583;

/// The last year that a date here may name; more is a slip of the finger, or a trap.
const LAST_YEAR: i64 = 9999;

/// More parts than a date has are no date.
const MOST_PARTS: usize = 6;

/// What was found so far.
#[derive(Default)]
struct Found {
    weekday: bool,
    day: Option<i64>,
    month: Option<i64>,
    year: Option<i64>,
    time: Option<(i64, i64, i64)>,
    /// Seconds behind UTC.
    zone: Option<i64>,
    /// A number that could be a day was no day: the next one is the year.
    year_next: bool,
}

/// The moment a date names, in UTC unless it names a zone; `None` where it is no date.
pub fn parse_date(text: &str) -> Option<Wall> {
    let mut found = Found::default();
    let (mut rest, mut before) = (text, ' ');
    for _ in 0..MOST_PARTS {
        let at = rest.find(|c: char| c.is_ascii_alphanumeric());
        let Some(at) = at else { break };
        before = rest[..at].chars().next_back().unwrap_or(before);
        rest = &rest[at..];
        let word = |of: fn(&char) -> bool| rest.chars().take_while(of).count();
        let letters = word(char::is_ascii_alphabetic);
        let taken = if letters > 0 {
            found.name(&rest[..letters].to_ascii_lowercase())?;
            letters
        } else if let Some((time, taken)) = found.time.is_none().then(|| time(rest)).flatten() {
            found.time = Some(time);
            taken
        } else {
            let digits = word(char::is_ascii_digit);
            found.number(&rest[..digits], before)?;
            digits
        };
        before = rest[..taken].chars().next_back().unwrap_or(' ');
        rest = &rest[taken..];
    }
    found.moment()
}

impl Found {
    /// A word: each kind is taken once.
    fn name(&mut self, word: &str) -> Option<()> {
        let weekday = WEEKDAYS.iter().any(|day| *day == word || day[..3] == *word);
        let month = (1..).zip(MONTHS).find(|(_, month)| *month == word);
        let zone = ZONES.iter().find(|(name, _)| *name == word);
        match (month, zone) {
            _ if weekday && !self.weekday => self.weekday = true,
            (Some((number, _)), _) if self.month.is_none() => self.month = Some(number),
            (_, Some((_, behind))) if self.zone.is_none() => self.zone = Some(behind * 60),
            _ => return None,
        }
        Some(())
    }

    /// Digits: a zone behind its sign, a whole date, a day or a year.
    fn number(&mut self, digits: &str, before: char) -> Option<()> {
        let value: i64 = digits.parse().ok()?;
        let signed = matches!(before, '+' | '-');
        if self.zone.is_none() && digits.len() == 4 && value <= 1400 && signed {
            let behind = (value / 100 * 60 + value % 100) * 60;
            self.zone = Some(if before == '+' { -behind } else { behind });
            return Some(());
        }
        let dated = self.day.is_some() || self.month.is_some() || self.year.is_some();
        if digits.len() == 8 && !dated {
            self.year = Some(value / 10_000);
            self.month = Some(value / 100 % 100);
            self.day = Some(value % 100);
            return Some(());
        }
        if self.day.is_none() && !self.year_next {
            self.year_next = true;
            if (1..=31).contains(&value) {
                self.day = Some(value);
                return Some(());
            }
        }
        if self.year.is_some() {
            return None;
        }
        self.year = Some(match value {
            71..=99 => value + 1900,
            0..=70 => value + 2000,
            _ => value,
        });
        self.year_next = self.day.is_some();
        Some(())
    }

    fn moment(&self) -> Option<Wall> {
        let (year, month, day) = (self.year?, self.month?, self.day?);
        let (hour, minute, second) = self.time.unwrap_or_default();
        let sound = (FIRST_YEAR..=LAST_YEAR).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour <= 23
            && minute <= 59
            && second <= 60;
        if !sound {
            return None;
        }
        let secs = days_from_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        Some(Wall::from_secs(secs + self.zone.unwrap_or(0)))
    }
}

/// `hh:mm:ss` or `hh:mm`, one or two digits each; how long it is.
fn time(text: &str) -> Option<((i64, i64, i64), usize)> {
    let pair = |text: &str| {
        let len = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
        Some((text[..len].parse::<i64>().ok()?, len))
    };
    let (hour, end) = pair(text)?;
    let (minute, length) = pair(text[end..].strip_prefix(':')?)?;
    let end = end + 1 + length;
    match text[end..].strip_prefix(':').and_then(pair) {
        Some((second, length)) => Some(((hour, minute, second), end + 1 + length)),
        None => Some(((hour, minute, 0), end)),
    }
}

/// A moment as `YYYYMMDD hh:mm:ss`, in UTC: what curl's files hold, and [`parse_date`] reads.
pub fn compact_date(at: Wall) -> String {
    let secs = at.secs().clamp(0, days_from_epoch(LAST_YEAR + 1, 1, 1) * 86_400 - 1);
    let (days, rest) = (secs / 86_400, secs % 86_400);
    // Within a day of it, and then the day itself: a year is 365.2425 days.
    let mut year = 1970 + days * 400 / 146_097;
    year += i64::from(days_from_epoch(year + 1, 1, 1) <= days);
    year -= i64::from(days_from_epoch(year, 1, 1) > days);
    let begins = |month: &i64| days_from_epoch(year, *month, 1) <= days;
    let month = (1..=12).rev().find(begins).unwrap_or(1);
    let day = days - days_from_epoch(year, month, 1) + 1;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Days between 1970-01-01 and a Gregorian date; years counted from March, so that the
/// leap day is the last.
pub(super) fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layouts_of_http_and_of_people_name_one_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "06 Nov 1994 08:49:37 GMT",
            "06-Nov-94 08:49:37 GMT",
            "1994 Nov 6 08:49:37",
            "GMT 08:49:37 06-Nov-94 Sunday",
            "94 6 Nov 08:49:37",
            "06 Nov 1994 08:49:37",
            "6 nov 1994 8:49:37",
            "1994 Nov 6 10:49:37 +0200",
            "Sun, 06 Nov 1994 03:49:37 -0500",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 09:49:37 CET",
            "19941106 08:49:37",
            "Tue, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse_date(text), Some(Wall::from_secs(784_111_777)), "{text}");
        }
        assert_eq!(parse_date("1 Jan 1970"), Some(Wall(0)));
        assert_eq!(parse_date("Jan 1 1970 00:00"), Some(Wall(0)));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for secs in [0, 784_111_777, 951_782_399, 951_782_400, 4_102_444_800, 253_402_300_799] {
            let written = compact_date(Wall::from_secs(secs));
            assert_eq!(parse_date(&written), Some(Wall::from_secs(secs)), "{written}");
        }
        for day in 0..150_000 {
            let at = Wall::from_secs(day * 86_400);
            assert_eq!(parse_date(&compact_date(at)), Some(at), "{day}");
        }
        assert_eq!(compact_date(Wall::from_secs(784_111_777)), "19941106 08:49:37");
        assert_eq!(compact_date(Wall::MAX), "99991231 23:59:59");
    }

    #[test]
    fn what_names_no_moment_is_no_date() {
        for text in [
            "",
            "nonsense",
            "06 Nov",
            "Nov 1994",
            "1994",
            "06 Nov 1994 24:00:00",
            "06 Nov 1994 08:49:37 XYZ",
            "06 Nov 1400 08:49:37",
            "32 31 30 Nov",
            "19941306",
            "99999999999999999999 Nov",
            "06 Nov 1994 1994",
            "file.txt",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
