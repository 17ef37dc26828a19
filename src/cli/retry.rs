//! `--retry`: what is tried again, and when.
//!
//! Only what may pass by itself: a timeout, a name that does not resolve, an answer that says
//! "later". Where the server's `Retry-After` is later than our own next try, it is what counts.

use super::exit::{Failure, code};
use super::typed::Typed;
use super::values;
use crate::base::{Tick, Wall};
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

/// The first wait; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest of our own waits, as in curl.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// A server that asks for more than this is not waited for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// When to try again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Retry {
    times: u32,
    /// A wait of one length, in place of growing ones.
    delay: Option<Duration>,
    /// How long after the first try another one may begin.
    max_time: Option<Duration>,
    all_errors: bool,
    refused: bool,
}

/// The server asks for a wait that is too long; nothing is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooLate {
    /// Longer than anybody waits.
    ForUs(Duration),
    /// Longer than `--retry-max-time` leaves.
    ForThePerson,
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TooLate::ForUs(asked) => write!(
                f,
                "not tried again: the server asks for a wait of {} s, and {} s are the most",
                asked.as_secs(),
                LONGEST_ASKED.as_secs()
            ),
            TooLate::ForThePerson => f.write_str(
                "The Retry-After: time would make this command line exceed the maximum allowed \
                 time for retries.",
            ),
        }
    }
}

/// How a try ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) exit: u8,
    pub(super) status: u16,
    pub(super) retry_after: String,
}

impl Retry {
    pub(super) fn of(typed: &Typed) -> Result<Retry, Failure> {
        let seconds = |flag, text: &Option<String>| match text {
            Some(text) => values::seconds(flag, text),
            None => Ok(None),
        };
        let times = typed.retry.as_deref().map(|text| values::count("retry", text));
        Ok(Retry {
            times: times.transpose()?.unwrap_or(0),
            delay: seconds("retry-delay", &typed.retry_delay)?,
            max_time: seconds("retry-max-time", &typed.retry_max_time)?,
            all_errors: typed.retry_all_errors,
            refused: typed.retry_connrefused,
        })
    }

    /// How long to wait before the next try, after `tries` of them since `began`; `None` where
    /// there is no other. A wait of our own is not counted against the time, as in curl.
    ///
    /// # Errors
    /// There would be one, if the server did not ask for too long a wait.
    pub(super) fn wait(
        &self,
        tries: u32,
        began: Tick,
        now: (Tick, Wall),
        outcome: &Outcome,
    ) -> Result<Option<Duration>, TooLate> {
        let over =
            |wait| self.max_time.is_some_and(|most| (now.0 - began).saturating_add(wait) >= most);
        if tries >= self.times || !self.may_pass(outcome) || over(Duration::ZERO) {
            return Ok(None);
        }
        let own = self.delay.unwrap_or_else(|| growing(tries));
        match asked(&outcome.retry_after, now.1) {
            Some(asked) if asked <= own => Ok(Some(own)),
            Some(asked) if asked > LONGEST_ASKED => Err(TooLate::ForUs(asked)),
            Some(asked) if over(asked) => Err(TooLate::ForThePerson),
            Some(asked) => Ok(Some(asked)),
            None => Ok(Some(own)),
        }
    }

    fn may_pass(&self, outcome: &Outcome) -> bool {
        let later = matches!(outcome.status, 408 | 429 | 500 | 502 | 503 | 504 | 522 | 524);
        match outcome.exit {
            0 | code::HTTP_STATUS if later => true,
            0 => false,
            code::TIMEOUT | code::RESOLVE | code::PROXY => true,
            code::CONNECT => self.refused || self.all_errors,
            _ => self.all_errors,
        }
    }
}

fn growing(tries: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1 << tries.min(16)).min(LONGEST_WAIT)
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, however many, or a date.
fn asked(text: &str, now: Wall) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let at = date.duration_since(UNIX_EPOCH).ok()?;
    let now = Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    Some(at.saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: (Tick, Wall) = (Tick(0), Wall(784_111_776_000));

    fn retry(times: u32) -> Retry {
        Retry { times, ..Retry::default() }
    }

    fn outcome(exit: u8, status: u16, retry_after: &str) -> Outcome {
        Outcome { exit, status, retry_after: retry_after.to_owned() }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for (exit, status, again) in [
            (0, 200, false),
            (0, 503, true),
            (22, 429, true),
            (22, 404, false),
            (28, 0, true),
            (6, 0, true),
            (7, 0, false),
            (18, 200, false),
        ] {
            let wait = retry(1).wait(0, Tick(0), NOW, &outcome(exit, status, ""));
            assert_eq!(wait, Ok(again.then_some(FIRST_WAIT)), "{exit} {status}");
        }
        let all = Retry { all_errors: true, ..retry(1) };
        assert_eq!(all.wait(0, Tick(0), NOW, &outcome(18, 200, "")), Ok(Some(FIRST_WAIT)));
        let refused = Retry { refused: true, ..retry(1) };
        assert_eq!(refused.wait(0, Tick(0), NOW, &outcome(7, 0, "")), Ok(Some(FIRST_WAIT)));
    }

    #[test]
    fn waits_grow_and_the_tries_end() {
        let busy = outcome(0, 503, "");
        let waits: Vec<u64> = (0..4)
            .filter_map(|tries| retry(3).wait(tries, Tick(0), NOW, &busy).unwrap())
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4]);
        assert_eq!(growing(60), LONGEST_WAIT);
    }

    #[test]
    fn what_the_server_asks_for_goes_first_within_reason() {
        let wait = |text| retry(1).wait(0, Tick(0), NOW, &outcome(0, 503, text));
        assert_eq!(wait("7"), Ok(Some(Duration::from_secs(7))));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:39 GMT"), Ok(Some(Duration::from_secs(3))));
        assert_eq!(wait("0"), Ok(Some(FIRST_WAIT)));
        assert_eq!(wait("soon"), Ok(Some(FIRST_WAIT)));
        assert_eq!(wait("5000"), Err(TooLate::ForUs(Duration::from_secs(5000))));
        let endless = Duration::from_secs(u64::MAX);
        assert_eq!(wait("99999999999999999999999"), Err(TooLate::ForUs(endless)));
        let short = Retry { max_time: Some(Duration::from_secs(5)), ..retry(1) };
        let asked = short.wait(0, Tick(0), NOW, &outcome(0, 503, "7"));
        assert_eq!(asked, Err(TooLate::ForThePerson));
    }

    #[test]
    fn a_date_that_has_passed_is_no_leave_to_hurry() {
        let slow = Retry { delay: Some(Duration::from_secs(2)), ..retry(20) };
        for date in ["Sun, 06 Nov 1994 08:49:35 GMT", "Sun, 06 Nov 1994 08:49:36 GMT", "1"] {
            let wait = slow.wait(5, Tick(0), NOW, &outcome(0, 503, date));
            assert_eq!(wait, Ok(Some(Duration::from_secs(2))), "{date}");
        }
    }

    #[test]
    fn the_persons_own_wait_has_no_limit() {
        let hours = Duration::from_secs(7200);
        let patient = Retry { delay: Some(hours), ..retry(1) };
        assert_eq!(patient.wait(0, Tick(0), NOW, &outcome(0, 503, "")), Ok(Some(hours)));
        assert_eq!(patient.wait(0, Tick(0), NOW, &outcome(0, 503, "5000")), Ok(Some(hours)));
    }

    #[test]
    fn another_try_begins_as_long_as_there_is_time() {
        let short = Retry { max_time: Some(Duration::from_secs(2)), ..retry(5) };
        let after = |secs: u64, tries| {
            let now = (Tick(0) + Duration::from_secs(secs), NOW.1);
            short.wait(tries, Tick(0), now, &outcome(0, 503, ""))
        };
        assert_eq!(after(1, 1), Ok(Some(Duration::from_secs(2))));
        assert_eq!(after(3, 2), Ok(None));
    }
}
