//! Floor 4: what happened in a fetch, and why, for people and for programs.
//!
//! ```text
//!  Capture ─▶ archive: a HAR 1.2 document
//! ```

pub mod archive;
