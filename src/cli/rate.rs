//! `--rate`: how often a transfer may begin.

use super::exit::Failure;
use std::time::Duration;

/// `N`, `N/U` or `N/MU`: N transfers in M seconds, minutes, hours or days; an hour, if nothing is
/// said. The time from one beginning to the next, to the millisecond as in curl.
///
/// # Errors
/// Exit 2.
pub(super) fn parse(text: &str) -> Result<Duration, Failure> {
    let bad =
        || Failure::usage(format!("--rate takes transfers like 2/s or 5/10m, not \"{text}\""));
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u64>().ok().filter(|number| plain && *number > 0).ok_or_else(bad)
    };
    let (many, span) = match text.split_once('/') {
        None => (number(text)?, 3_600_000),
        Some((many, span)) => {
            let unit = span.chars().next_back().ok_or_else(bad)?;
            let millis: u64 = match unit {
                's' => 1000,
                'm' => 60_000,
                'h' => 3_600_000,
                'd' => 86_400_000,
                _ => return Err(bad()),
            };
            let units = &span[..span.len() - 1];
            let units = if units.is_empty() { 1 } else { number(units)? };
            (number(many)?, millis.checked_mul(units).ok_or_else(bad)?)
        }
    };
    Ok(Duration::from_millis(span / many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_time_between_two_beginnings() {
        for (text, millis) in [
            ("2/s", 500),
            ("14/m", 4285),
            ("3/h", 1_200_000),
            ("1/d", 86_400_000),
            ("60", 60_000),
            ("5/15s", 3000),
            ("2000/s", 0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for bad in
            ["", "0/s", "/s", "2/", "2/x", "-1/s", "2/0s", "1.5/s", "1/ö", "2/99999999999999999d"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
