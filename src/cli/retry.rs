//! `--retry`: what is tried again, and when.
//!
//! Only what may pass by itself: a timeout, a name that does not resolve, an answer that says
//! "later". The server's `Retry-After` goes before our own patience.

use super::exit::{Failure, code};
use super::typed::Typed;
use super::values;
use crate::base::{Tick, Wall};
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
    /// there is no other.
    pub(super) fn wait(
        &self,
        tries: u32,
        began: Tick,
        now: (Tick, Wall),
        outcome: &Outcome,
    ) -> Option<Duration> {
        if tries >= self.times || !self.may_pass(outcome) {
            return None;
        }
        let own = || self.delay.unwrap_or_else(|| growing(tries));
        let wait = asked(&outcome.retry_after, now.1).unwrap_or_else(own);
        let fits = self.max_time.is_none_or(|most| now.0 - began + wait <= most);
        (fits && wait <= LONGEST_ASKED).then_some(wait)
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

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
fn asked(text: &str, now: Wall) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs).filter(|wait| !wait.is_zero());
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
            assert_eq!(wait.is_some(), again, "{exit} {status}");
        }
        let all = Retry { all_errors: true, ..retry(1) };
        assert!(all.wait(0, Tick(0), NOW, &outcome(18, 200, "")).is_some());
        let refused = Retry { refused: true, ..retry(1) };
        assert!(refused.wait(0, Tick(0), NOW, &outcome(7, 0, "")).is_some());
    }

    #[test]
    fn waits_grow_and_the_tries_end() {
        let busy = outcome(0, 503, "");
        let waits: Vec<u64> = (0..4)
            .filter_map(|tries| retry(3).wait(tries, Tick(0), NOW, &busy))
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4]);
        assert_eq!(growing(60), LONGEST_WAIT);
    }

    #[test]
    fn what_the_server_asks_for_goes_first_within_reason() {
        let wait = |text| retry(1).wait(0, Tick(0), NOW, &outcome(0, 503, text));
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(1)));
        assert_eq!(wait("0"), Some(FIRST_WAIT));
        assert_eq!(wait("soon"), Some(FIRST_WAIT));
        assert_eq!(wait("999999"), None);
        let short = Retry { max_time: Some(Duration::from_secs(5)), ..retry(1) };
        assert_eq!(short.wait(0, Tick(0), NOW, &outcome(0, 503, "7")), None);
    }
}
