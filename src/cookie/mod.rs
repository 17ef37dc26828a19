//! Cookies as browsers keep them: RFC 6265bis, with the time and the URL as arguments.
//!
//! ```text
//!   Set-Cookie line ─► set_cookie ─► store ─────────► Verdict
//!                      (5.6, date)   (5.7: domain,
//!                                    path, prefix,
//!                                    suffix, limits)
//!                                      │
//!   a line of a file ─► formats ─► admit ─► jar ◄──► merge ◄─ the same file, read again
//!                                            │
//!   a request's URL ──────────────────► retrieve ───► one Cookie line (5.8.3), or an
//!                                                     explanation for every cookie
//! ```
//!
//! 1. A line is read: control characters and oversize refuse it; attributes are understood or
//!    ignored; of repeated ones the last counts.
//! 2. It is judged against the URL it came from: domain and public suffix, `Secure`, the
//!    prefixes, `SameSite`, what it would cover. Every refusal names its step.
//! 3. It takes the place of a cookie with its key, or is added; then the limits are kept.
//! 4. For a request the cookies of its site are looked through, sorted by path length and
//!    age, and joined.
//! 5. A save applies the jar's changes to what the file holds by then.
//!
//! Where browsers all do one thing and the letter leaves room, this does as browsers do: an
//! address given as `Domain` makes a host-only cookie, `__Host-` wants a literal `Path=/`, and
//! `Secure` works on loopback. `SameSite` is stored but not enforced: a command line is no site.

mod admit;
pub mod date;
pub mod domain;
pub mod formats;
mod jar;
pub mod limits;
mod merge;
pub mod path;
pub mod prefix;
mod queue;
mod record;
mod retrieve;
pub mod set_cookie;
mod shard;
mod store;
pub mod suffix;
mod verdict;

pub use jar::Jar;
pub use limits::Limits;
pub use record::{Cookie, Key, SameSite};
pub use retrieve::{Explained, Rule, Sending};
pub use set_cookie::SetCookie;
pub use store::Stored;
pub use suffix::site;
pub use verdict::{Refusal, Verdict};

#[cfg(test)]
mod tests;
