//! `%time{…}`: the time in UTC, by the letters of `strftime` in the POSIX locale.

use crate::base::Wall;

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes `now` as `format` says; a letter that means nothing stands for itself.
pub(super) fn strftime(format: &str, now: Wall) -> String {
    let date = Date::of(now);
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(c) = letters.next() {
        match (c, letters.clone().next()) {
            ('%', Some(letter)) => {
                letters.next();
                match date.piece(letter) {
                    Some(piece) => out.push_str(&piece),
                    None => out.extend(['%', letter]),
                }
            }
            (c, _) => out.push(c),
        }
    }
    out
}

/// A moment, taken apart.
struct Date {
    secs: i64,
    millis: i64,
    year: i64,
    /// From 1.
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// From Sunday, 0.
    weekday: i64,
    /// From 1.
    day_of_year: i64,
}

impl Date {
    fn of(now: Wall) -> Date {
        let (secs, millis) = (now.0.div_euclid(1000), now.0.rem_euclid(1000));
        let (days, of_day) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        Date {
            secs,
            millis,
            year,
            month,
            day,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
            weekday: (days + 4).rem_euclid(7),
            day_of_year: days - first_day(year) + 1,
        }
    }

    fn piece(&self, letter: char) -> Option<String> {
        let name =
            |names: &[&str], at: i64| usize::try_from(at).map_or("", |at| names[at]).to_owned();
        let short = |name: String| name[..3].to_owned();
        let hour_of_12 = (self.hour + 11) % 12 + 1;
        let (iso_year, iso_week) = self.iso_week();
        Some(match letter {
            'a' => short(name(&DAYS, self.weekday)),
            'A' => name(&DAYS, self.weekday),
            'b' | 'h' => short(name(&MONTHS, self.month - 1)),
            'B' => name(&MONTHS, self.month - 1),
            'c' => self.pieces("%a %b %e %T %Y"),
            'C' => format!("{:02}", self.year / 100),
            'd' => format!("{:02}", self.day),
            'D' | 'x' => self.pieces("%m/%d/%y"),
            'e' => format!("{:2}", self.day),
            'f' => format!("{:06}", self.millis * 1000),
            'F' => self.pieces("%Y-%m-%d"),
            'g' => format!("{:02}", iso_year.rem_euclid(100)),
            'G' => iso_year.to_string(),
            'H' => format!("{:02}", self.hour),
            'I' => format!("{hour_of_12:02}"),
            'j' => format!("{:03}", self.day_of_year),
            'k' => format!("{:2}", self.hour),
            'l' => format!("{hour_of_12:2}"),
            'm' => format!("{:02}", self.month),
            'M' => format!("{:02}", self.minute),
            'n' => "\n".to_owned(),
            'p' => if self.hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if self.hour < 12 { "am" } else { "pm" }.to_owned(),
            'r' => self.pieces("%I:%M:%S %p"),
            'R' => self.pieces("%H:%M"),
            's' => self.secs.to_string(),
            'S' => format!("{:02}", self.second),
            't' => "\t".to_owned(),
            'T' | 'X' => self.pieces("%H:%M:%S"),
            'u' => (if self.weekday == 0 { 7 } else { self.weekday }).to_string(),
            'U' => format!("{:02}", (self.day_of_year + 6 - self.weekday) / 7),
            'V' => format!("{iso_week:02}"),
            'w' => self.weekday.to_string(),
            'W' => format!("{:02}", (self.day_of_year + 6 - (self.weekday + 6) % 7) / 7),
            'y' => format!("{:02}", self.year.rem_euclid(100)),
            'Y' => self.year.to_string(),
            'z' => "+0000".to_owned(),
            'Z' => "GMT".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }

    fn pieces(&self, format: &str) -> String {
        strftime(format, Wall(self.secs * 1000 + self.millis))
    }

    /// The year and week of ISO 8601: a week is of the year that its Thursday is in.
    fn iso_week(&self) -> (i64, i64) {
        let from_monday = (self.weekday + 6) % 7;
        let thursday = self.secs.div_euclid(86_400) - from_monday + 3;
        let (year, _, _) = civil(thursday);
        (year, (thursday - first_day(year)) / 7 + 1)
    }
}

/// The first of January, in days since 1970.
fn first_day(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

/// Year, month and day of a number of days since 1970, in the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // 400 years have 146,097 days; a first guess is off by one at most.
    let mut year = 1970 + (days * 400).div_euclid(146_097);
    while first_day(year + 1) <= days {
        year += 1;
    }
    while first_day(year) > days {
        year -= 1;
    }
    let leap = i64::from(first_day(year + 1) - first_day(year) == 366);
    let lengths = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut month, mut day) = (1, days - first_day(year));
    for length in lengths {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    (year, month, day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_date_writes_it() {
        let now = Wall(1_708_819_629_042);
        for (format, text) in [
            ("%F %T.%f", "2024-02-25 00:07:09.042000"),
            ("%a, %d %b %Y %H:%M:%S %Z", "Sun, 25 Feb 2024 00:07:09 GMT"),
            ("%A %B %C %D %e", "Sunday February 20 02/25/24 25"),
            ("%g %G %V %u %w %U %W %j", "24 2024 08 7 0 08 08 056"),
            ("%I %k %l %p %P %r %R", "12  0 12 AM am 12:07:09 AM 00:07"),
            ("%s %y %z %% %Q %", "1708819629 24 +0000 % %Q %"),
            ("%c", "Sun Feb 25 00:07:09 2024"),
        ] {
            assert_eq!(strftime(format, now), text, "{format}");
        }
    }

    #[test]
    fn years_begin_and_end_where_they_should() {
        for (secs, text) in [
            (0, "1970-01-01 4 001 1970-W01"),
            (951_782_400, "2000-02-29 2 060 2000-W09"),
            (1_609_459_199, "2020-12-31 4 366 2020-W53"),
            (1_609_459_200, "2021-01-01 5 001 2020-W53"),
            (4_107_542_400, "2100-03-01 1 060 2100-W09"),
            (-1, "1969-12-31 3 365 1970-W01"),
        ] {
            assert_eq!(strftime("%F %w %j %G-W%V", Wall(secs * 1000)), text);
        }
    }
}
