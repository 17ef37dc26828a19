//! Floor 4: what happened in a fetch, and why, for people and for programs.
//!
//! ```text
//!  Capture ─▶ archive: a HAR 1.2 document
//!          ├▶ comparison: two of them, by `compare`
//!          └▶ signs: login wall, challenge, rate limit … with their evidence
//!  a file (raw answer, HAR, WARC) ─▶ saved: a Capture
//!  a field and what is known of its message ─▶ reading: one line of words
//! ```

pub mod archive;
pub mod comparison;
pub mod reading;
pub mod saved;
pub mod signs;
