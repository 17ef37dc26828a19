//! The phases of a hop, one after the other, as developer tools draw them.

use crate::base::Tick;
use crate::client::Timings;
use crate::net::Established;
use std::time::Duration;

/// One stretch of a hop's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What went on: `resolve`, `connect`, `TLS`, `send`, `first byte`, `body`.
    pub name: &'static str,
    /// When it began, since the hop did.
    pub from: Duration,
    /// How long it took.
    pub took: Duration,
}

/// What is known of a hop's times.
pub(super) struct Times<'t> {
    /// The hop's own.
    pub(super) timings: &'t Timings,
    /// Its connection, where it was made for it.
    pub(super) made: Option<&'t Established>,
    /// It came to a first byte.
    pub(super) answered: bool,
    /// It had content to send.
    pub(super) uploaded: bool,
}

/// The stretches that there were, in order. What was not reached has none; the last one of a hop
/// without an answer goes on to its end.
pub(super) fn stretches(times: &Times<'_>) -> Vec<Stretch> {
    let Timings { began, sent, first_byte, ended } = *times.timings;
    let mut ends = Vec::new();
    if let Some(made) = times.made {
        ends.push(("resolve", made.resolved));
        ends.push(("connect", made.connected));
        if made.tls.is_some() {
            ends.push(("TLS", made.secured));
        }
    }
    if times.uploaded && sent > began {
        // An answer may come before all is sent.
        ends.push(("send", if times.answered { sent.min(first_byte) } else { sent }));
    }
    if times.answered {
        ends.push(("first byte", first_byte));
        ends.push(("body", ended));
    } else {
        ends.push(("gave up", ended));
    }
    let mut at = began;
    let stretch = |(name, end): (&'static str, Tick)| {
        let (from, took) = (at - began, end - at);
        at = at.max(end);
        Stretch { name, from, took }
    };
    ends.into_iter().map(stretch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn timings(sent: u64, first_byte: u64, ended: u64) -> Timings {
        let tick = |ms: u64| Tick((10 + ms) * MS);
        Timings {
            began: tick(0),
            sent: tick(sent),
            first_byte: tick(first_byte),
            ended: tick(ended),
        }
    }

    fn made(resolved: u64, connected: u64) -> Established {
        let tick = |ms: u64| Tick((10 + ms) * MS);
        Established {
            number: 0,
            peer: None,
            local: None,
            proxied: false,
            tls: None,
            untrusted: None,
            tunnel: None,
            resolved: tick(resolved),
            connected: tick(connected),
            secured: tick(connected),
        }
    }

    fn of(
        timings: &Timings,
        made: Option<&Established>,
        answered: bool,
    ) -> Vec<(&'static str, u64, u64)> {
        let times = Times { timings, made, answered, uploaded: true };
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap();
        stretches(&times).iter().map(|it| (it.name, ms(it.from), ms(it.took))).collect()
    }

    #[test]
    fn stretches_follow_each_other_without_gaps() {
        let (timings, made) = (timings(6, 9, 12), made(2, 5));
        let all = of(&timings, Some(&made), true);
        let expected = [
            ("resolve", 0, 2),
            ("connect", 2, 3),
            ("send", 5, 1),
            ("first byte", 6, 3),
            ("body", 9, 3),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_connection_that_was_there_takes_no_time() {
        let all = of(&timings(1, 4, 4), None, true);
        assert_eq!(all, [("send", 0, 1), ("first byte", 1, 3), ("body", 4, 0)]);
    }

    #[test]
    fn what_was_not_reached_has_no_stretch() {
        let all = of(&timings(0, 0, 30), Some(&made(1, 2)), false);
        assert_eq!(all, [("resolve", 0, 1), ("connect", 1, 1), ("gave up", 2, 28)]);
    }

    #[test]
    fn an_answer_before_the_end_of_the_upload_makes_nothing_negative() {
        let all = of(&timings(20, 4, 21), None, true);
        assert_eq!(all, [("send", 0, 4), ("first byte", 4, 0), ("body", 4, 17)]);
    }
}
