//! Floor 1: HTTP authentication (RFC 9110 section 11), without the asking.
//!
//! Challenges in, an `Authorization` value out. Who is asked, and when, is the client's.

mod basic;
mod challenge;
mod digest;
mod netrc;

pub use basic::basic;
pub use challenge::{Challenge, challenges};
pub use digest::{Proof, digest};
pub use netrc::{BadNetrc, Netrc};
