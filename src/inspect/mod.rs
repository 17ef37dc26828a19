//! Floor 4: what happened in a fetch, and why, for people and for programs.
//!
//! ```text
//!  Capture ─▶ archive: a HAR 1.2 document
//!  a file (raw answer, HAR, WARC) ─▶ saved: a Capture
//! ```

pub mod archive;
pub mod saved;
