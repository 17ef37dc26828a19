//! Floor 1: HTTP authentication (RFC 9110 section 11), without the asking.
//!
//! Basic only, so far: what a user and a password in a URL turn into.

mod basic;

pub use basic::basic;
