//! Signals that ask the process to end, for runs that have something to save first.
//!
//! 1. Whoever waits in [`interrupted`] hears of the first one, stops, and saves.
//! 2. Where nobody can hear, because a write to a full pipe or the wait for a lock holds
//!    everything up, [`watch`] ends the process: at the second signal, or when the first
//!    one has had no effect for a while.

use super::exit::code;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What stopping and saving may take after a signal; less than whoever sent it waits before
/// sending SIGKILL.
const GRACE: Duration = Duration::from_secs(2);

/// Waits for a signal that asks the process to end; the exit code of whoever is ended by it.
pub(super) async fn interrupted() -> u8 {
    let mut interrupt = heard(SignalKind::interrupt());
    let mut terminate = heard(SignalKind::terminate());
    let mut hang_up = heard(SignalKind::hangup());
    tokio::select! {
        () = told(&mut interrupt) => code::INTERRUPTED,
        () = told(&mut terminate) => code::TERMINATED,
        () = told(&mut hang_up) => code::HUNG_UP,
    }
}

/// Listens to a signal, unless the process was started to ignore it (`nohup`, or a script's `&`).
/// Where it cannot be watched, it ends the process as ever.
pub(super) fn heard(kind: SignalKind) -> Option<Signal> {
    let bit = 1u64.checked_shl(kind.as_raw_value().unsigned_abs().wrapping_sub(1));
    let is_ignored = bit.is_some_and(|bit| ignored() & bit != 0);
    if is_ignored { None } else { signal(kind).ok() }
}

/// Waits for a signal; for ever, where nobody listens.
pub(super) async fn told(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// The signals that were ignored when the process began, a bit each; none where the system does
/// not tell.
#[expect(clippy::disallowed_methods, reason = "the system tells it in a file")]
fn ignored() -> u64 {
    static IGNORED: OnceLock<u64> = OnceLock::new();
    *IGNORED.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    })
}

/// Whether an exit code is that of a process ended by a signal.
pub(super) fn ended_by_one(exit: u8) -> bool {
    [code::HUNG_UP, code::INTERRUPTED, code::TERMINATED].contains(&exit)
}

/// Makes the limit on a file's size (`ulimit -f`) an error like a full disk: unheard, SIGXFSZ
/// ends the process in the midst of a write and without a word.
pub(super) fn outlive_size_limit() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        let heard = Arc::new(AtomicBool::new(false));
        // Where it cannot be heard, it ends the process as ever.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, heard);
    });
}

/// Sees to it, on a thread of its own, that a signal ends the process. Once is enough.
pub(super) fn watch() {
    watch_and(|| ());
}

/// Likewise, and `last` is what is done before.
#[expect(clippy::disallowed_methods, clippy::exit, reason = "nobody else is left to end it")]
pub(super) fn watch_and(last: fn()) {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        std::thread::spawn(move || {
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            let exit = runtime.block_on(async {
                let exit = interrupted().await;
                let _ = tokio::time::timeout(GRACE, interrupted()).await;
                exit
            });
            last();
            std::process::exit(i32::from(exit));
        });
    });
}
