//! The progress meter: one line on a terminal's standard error, for as long as it takes.

use super::print;
use crate::base::Tick;
use crate::net::clock;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

/// What is over sooner needs no meter.
const FIRST: Duration = Duration::from_millis(500);

/// As often as the line is drawn: fast enough to look alive, slow enough to be read.
const EVERY: Duration = Duration::from_millis(250);

/// The speed is that of so many drawings: long enough not to jump, short enough to be true.
const SPEED_OVER: usize = 12;

/// How it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// Numbers.
    #[default]
    Line,
    /// A bar (`-#`).
    Bar,
}

/// What the transfers of a run have done so far; they count, the meter looks.
#[derive(Debug, Default)]
pub(super) struct Counts {
    received: Cell<u64>,
    expected: Cell<Option<u64>>,
    sent: Cell<u64>,
    to_send: Cell<Option<u64>>,
    under_way: Cell<u64>,
    done: Cell<u64>,
}

impl Counts {
    /// A transfer begins. Alone it has all counts to itself.
    pub(super) fn begin(&self) {
        if self.under_way.get() == 0 {
            self.received.set(0);
            self.sent.set(0);
        }
        self.under_way.set(self.under_way.get() + 1);
        self.expect(None, None);
    }

    /// A transfer is over.
    pub(super) fn end(&self) {
        self.under_way.set(self.under_way.get().saturating_sub(1));
        self.done.set(self.done.get() + 1);
    }

    /// How much a transfer will receive, and send. What several do together nobody knows.
    pub(super) fn expect(&self, received: Option<u64>, sent: Option<u64>) {
        let alone = self.under_way.get() <= 1;
        self.expected.set(received.filter(|_| alone));
        self.to_send.set(sent.filter(|_| alone));
    }

    /// A request begins: what came before it was another page.
    pub(super) fn request(&self, to_send: Option<u64>) {
        if self.under_way.get() <= 1 {
            self.received.set(0);
            self.sent.set(0);
        }
        self.expect(None, to_send);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.received.set(self.received.get() + bytes as u64);
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.sent.set(self.sent.get() + bytes as u64);
    }
}

/// The meter of a run.
pub(super) struct Meter<'c> {
    counts: &'c Counts,
    style: Style,
    began: Tick,
    /// Bytes moved at the last drawings.
    lately: RefCell<VecDeque<(Tick, u64)>>,
    drawn: Cell<bool>,
}

impl<'c> Meter<'c> {
    pub(super) fn new(counts: &'c Counts, style: Style) -> Meter<'c> {
        let began = clock::tick();
        let lately = RefCell::new(VecDeque::from([(began, 0)]));
        Meter { counts, style, began, lately, drawn: Cell::new(false) }
    }

    /// Draws for as long as it is let.
    pub(super) async fn run(&self) -> Infallible {
        tokio::time::sleep(FIRST).await;
        loop {
            self.draw();
            tokio::time::sleep(EVERY).await;
        }
    }

    /// The last drawing stays, if there was any.
    pub(super) fn finish(&self) {
        if self.drawn.get() {
            self.draw();
            print::keep_line();
        }
    }

    fn draw(&self) {
        let seen = self.look();
        let width = print::terminal_width();
        let line = match self.style {
            Style::Line => seen.line(),
            Style::Bar => seen.bar(width),
        };
        // The last column stays free: some terminals break the line there.
        print::transient(&line.chars().take(width.saturating_sub(1)).collect::<String>());
        self.drawn.set(true);
    }

    fn look(&self) -> Seen {
        let (now, counts) = (clock::tick(), self.counts);
        let receives = counts.received.get() > 0 || counts.to_send.get().is_none();
        let (moved, total) = match receives {
            true => (counts.received.get(), counts.expected.get()),
            false => (counts.sent.get(), counts.to_send.get()),
        };
        let mut lately = self.lately.borrow_mut();
        if let Some((then, _)) = lately.back().copied().filter(|(_, last)| *last > moved) {
            // Another transfer.
            lately.clear();
            lately.push_back((then, 0));
        }
        lately.push_back((now, moved));
        if lately.len() > SPEED_OVER {
            lately.pop_front();
        }
        let (then, before) = lately.front().copied().unwrap_or((self.began, 0));
        Seen {
            sends: !receives,
            moved,
            total,
            speed: speed(moved - before, now - then),
            elapsed: now - self.began,
            under_way: counts.under_way.get(),
            done: counts.done.get(),
        }
    }
}

/// What there is to be seen at one moment.
struct Seen {
    sends: bool,
    moved: u64,
    total: Option<u64>,
    /// Bytes a second.
    speed: u64,
    elapsed: Duration,
    under_way: u64,
    done: u64,
}

impl Seen {
    fn percent(&self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        u64::try_from(u128::from(self.moved.min(total)) * 100 / u128::from(total)).ok()
    }

    /// `42%  12.3 MiB of 29.0 MiB  1.2 MiB/s  0:14 left`
    fn line(&self) -> String {
        let mut parts = Vec::new();
        if self.under_way > 1 {
            parts.push(format!("{} done, {} under way", self.done, self.under_way));
        }
        if self.sends {
            parts.push("sent".to_owned());
        }
        parts.extend(self.percent().map(|percent| format!("{percent:>3}%")));
        parts.push(match self.total {
            Some(total) => format!("{} of {}", size(self.moved), size(total)),
            None => size(self.moved),
        });
        parts.push(format!("{}/s", size(self.speed)));
        let left = self.total.map(|total| total.saturating_sub(self.moved));
        parts.push(
            match left.filter(|left| *left > 0).and_then(|left| left.checked_div(self.speed)) {
                Some(seconds) => format!("{} left", clock_face(seconds)),
                None => clock_face(self.elapsed.as_secs()),
            },
        );
        parts.join("  ")
    }

    /// `########         42%`, as wide as the terminal; numbers where the end is not known.
    fn bar(&self, width: usize) -> String {
        const PERCENT: usize = 5;
        let Some(percent) = self.percent() else { return self.line() };
        let room = width.saturating_sub(PERCENT + 1);
        let filled = room * usize::try_from(percent).unwrap_or(0) / 100;
        format!("{:<room$} {percent:>3}%", "#".repeat(filled))
    }
}

/// Bytes a second.
fn speed(bytes: u64, time: Duration) -> u64 {
    let millis = time.as_millis().max(1);
    u64::try_from(u128::from(bytes) * 1000 / millis).unwrap_or(u64::MAX)
}

/// Bytes as a person reads them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let (mut unit, mut divisor) = (0, 1024);
    while unit + 1 < UNITS.len() && bytes / divisor >= 1024 {
        (unit, divisor) = (unit + 1, divisor * 1024);
    }
    let tenths = bytes / (divisor / 10).max(1);
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// `0:14`, `1:02:03`
fn clock_face(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Seen = Seen {
        sends: false,
        moved: 5 << 20,
        total: Some(10 << 20),
        speed: 1 << 20,
        elapsed: Duration::from_secs(5),
        under_way: 1,
        done: 0,
    };

    #[test]
    fn a_line_says_how_much_how_fast_and_how_long_still() {
        assert_eq!(HALF.line(), " 50%  5.0 MiB of 10.0 MiB  1.0 MiB/s  0:05 left");
        let endless = Seen { total: None, ..HALF };
        assert_eq!(endless.line(), "5.0 MiB  1.0 MiB/s  0:05");
        let several = Seen { total: None, under_way: 3, done: 4, ..HALF };
        assert_eq!(several.line(), "4 done, 3 under way  5.0 MiB  1.0 MiB/s  0:05");
        let stuck = Seen { speed: 0, elapsed: Duration::from_secs(3723), sends: true, ..HALF };
        assert_eq!(stuck.line(), "sent   50%  5.0 MiB of 10.0 MiB  0 B/s  1:02:03");
    }

    #[test]
    fn a_bar_is_as_wide_as_the_terminal() {
        assert_eq!(HALF.bar(26), "##########            50%");
        assert_eq!(Seen { moved: 11 << 20, ..HALF }.bar(16), "########## 100%");
        assert_eq!(Seen { total: None, ..HALF }.bar(26), "5.0 MiB  1.0 MiB/s  0:05");
        assert_eq!(HALF.bar(0), "  50%");
    }

    #[test]
    fn counts_of_one_transfer_are_not_those_of_the_next() {
        let counts = Counts::default();
        counts.begin();
        counts.received(10);
        counts.expect(Some(20), None);
        counts.end();
        counts.begin();
        assert_eq!((counts.received.get(), counts.expected.get()), (0, None));
        // Several together have no end that anybody knows.
        counts.begin();
        counts.expect(Some(20), None);
        assert_eq!(counts.expected.get(), None);
    }

    #[test]
    fn sizes_and_times_are_short() {
        for (bytes, text) in [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 30, "5.0 GiB")]
        {
            assert_eq!(size(bytes), text);
        }
        assert_eq!((clock_face(59).as_str(), clock_face(3600).as_str()), ("0:59", "1:00:00"));
    }
}
