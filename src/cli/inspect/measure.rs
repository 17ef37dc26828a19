//! Numbers as a person reads them, and the bars of the waterfall.

use crate::base::Wall;
use crate::cli::paper::Paper;
use crate::inspect::Stretch;
use std::time::{Duration, UNIX_EPOCH};

/// `0.2 ms`, `128 ms`, `1.24 s`.
pub(super) fn span(span: Duration) -> String {
    let ms = span.as_secs_f64() * 1000.0;
    match ms {
        _ if ms < 99.95 => format!("{ms:.1} ms"),
        _ if ms < 999.5 => format!("{ms:.0} ms"),
        _ => format!("{:.2} s", span.as_secs_f64()),
    }
}

/// `1 byte`, `12,345 bytes`.
pub(super) fn bytes(many: u64) -> String {
    count(many, "byte", "bytes")
}

/// `1 line`, `12,345 lines`.
pub(super) fn count(many: u64, one: &str, several: &str) -> String {
    format!("{} {}", number(many), if many == 1 { one } else { several })
}

/// `12,345`.
pub(super) fn number(many: u64) -> String {
    let digits = many.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `Tue, 22 Dec 2026 13:20:42 GMT`.
pub(super) fn date(at: Wall) -> String {
    // httpdate writes four digits of a year and no more.
    const LAST: u64 = 253_402_300_799;
    let secs = u64::try_from(at.secs()).unwrap_or(0).min(LAST);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs))
}

/// The stretches of a hop below each other, from `column` on, each bar where its time was.
pub(super) fn waterfall(paper: &mut Paper, label: &str, column: usize, stretches: &[Stretch]) {
    const INDENT: usize = 3;
    const NAME: usize = 12;
    const NUMBER: usize = 9;
    let total: Duration = stretches.iter().map(|stretch| stretch.took).sum();
    let room = paper.width().saturating_sub(column + NAME + NUMBER + 2).clamp(1, 40);
    let mut label = label;
    let mut line = |name: &str, number: Duration, bar: &str| {
        let number = span(number);
        let row = format!("{label:width$}{name:NAME$}{number:>NUMBER$}", width = column - INDENT);
        paper.verbatim(&format!("{:INDENT$}{row}{bar}\n", ""));
        label = "";
    };
    for stretch in stretches {
        let (before, length) = bar(stretch, total, room);
        let bar = format!("  {}{}", " ".repeat(before), "█".repeat(length));
        line(stretch.name, stretch.took, &bar);
    }
    line("total", total, "");
}

/// Where the bar begins and how long it is, in columns; never nothing.
fn bar(stretch: &Stretch, total: Duration, room: usize) -> (usize, usize) {
    let total = total.as_nanos().max(1);
    let cells = |span: Duration| {
        usize::try_from(span.as_nanos() * room as u128 / total).unwrap_or(room).min(room)
    };
    let begins = cells(stretch.from).min(room.saturating_sub(1));
    let ends = cells(stretch.from + stretch.took).max(begins + 1);
    (begins, ends - begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_have_their_unit() {
        let micros = Duration::from_micros;
        for (time, text) in [
            (micros(40), "0.0 ms"),
            (micros(240), "0.2 ms"),
            (micros(99_960), "100 ms"),
            (micros(999_600), "1.00 s"),
            (micros(61_234_000), "61.23 s"),
        ] {
            assert_eq!(span(time), text);
        }
        assert_eq!(
            [0, 1, 999, 1000, 1_234_567].map(bytes).join(" "),
            "0 bytes 1 byte 999 bytes 1,000 bytes 1,234,567 bytes"
        );
        assert_eq!([1, 1000].map(|many| count(many, "line", "lines")), ["1 line", "1,000 lines"]);
    }

    #[test]
    fn bars_follow_each_other_and_fill_the_room() {
        let ms = Duration::from_millis;
        let stretch = |from, took| Stretch { name: "x", from: ms(from), took: ms(took) };
        assert_eq!(bar(&stretch(0, 25), ms(100), 40), (0, 10));
        assert_eq!(bar(&stretch(25, 75), ms(100), 40), (10, 30));
        assert_eq!(bar(&stretch(100, 0), ms(100), 40), (39, 1));
        assert_eq!(bar(&stretch(0, 0), ms(0), 40), (0, 1));
    }
}
