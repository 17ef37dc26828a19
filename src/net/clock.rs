//! The one place where the clock is read.

#![expect(clippy::disallowed_methods, reason = "this is where the clock is read")]

use crate::base::{Tick, Wall};
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The calendar, now. Before 1970 it is 1970.
pub fn wall() -> Wall {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The stopwatch, now. Zero is the first call in this process.
pub fn tick() -> Tick {
    static START: OnceLock<Instant> = OnceLock::new();
    let now = Instant::now();
    Tick::default() + now.duration_since(*START.get_or_init(|| now))
}
