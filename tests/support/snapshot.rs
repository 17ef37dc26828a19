//! Whole outputs kept as files under `fixtures/inspect/`, with what differs each time masked.
//!
//! `CRULLER_SNAPSHOTS=write cargo test` writes them anew; read the difference before it is kept.

use super::in_package;
use regex::Regex;

/// What differs each time, and what stands for it: as long as it was, or at the end of its line.
const MASKS: [(&str, &str); 8] = [
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"localhost:\d+", "localhost:PORT"),
    (
        r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
        "Day, 00 Mon 0000 00:00:00 GMT",
    ),
    (
        r"(?m)^(.{16}(?:resolve|connect|TLS|send|first byte|body|gave up)) +[\d.]+ m?s +█+$",
        "$1  TIME  BAR",
    ),
    (r"(?m)^(.{16}total) +[\d.]+ m?s$", "$1  TIME"),
    (r"\b[\d,]+ days? left", "N days left"),
    (r"\bcruller/\d+\.\d+\.\d+", "cruller/VERSION"),
    (r"\b\d+(?:\.\d+)? m?s\b", "TIME"),
];

/// Holds `text` against the file of this name.
#[track_caller]
pub fn check(name: &str, text: &str) {
    let path = in_package("fixtures/inspect").join(name);
    let masked = masked(text);
    if std::env::var_os("CRULLER_SNAPSHOTS").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, &masked).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = masked.lines().zip(kept.lines()).position(|(now, then)| now != then);
    let line = differs.unwrap_or(masked.lines().count().min(kept.lines().count()));
    assert!(
        masked == kept,
        "{} differs from line {}; it is now:\n{masked}",
        path.display(),
        line + 1
    );
}

/// The text without what differs each time.
pub fn masked(text: &str) -> String {
    MASKS.iter().fold(text.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern).expect("a pattern").replace_all(&text, *with).into_owned()
    })
}
