//! `cruller inspect`: a fetch, shown for reading.
//!
//! 1. `words` is its language: flags of its own before those of `fetch`; `options` are what they
//!    ask for.
//! 2. `running` makes the requests, as `fetch` would, into a bounded `Capture`, and saves cookies.
//! 3. `crate::inspect` makes a report of each. `reader` puts it on paper, hop by hop (`blocks`,
//!    `heads`, `measure`, `body`), and says what it comes to (`ending`); `document` makes JSON of
//!    it, by `schema.json`.
//! 4. `comparing` puts two answers side by side, with the comparison that is used everywhere.

mod blocks;
mod body;
mod comparing;
mod document;
mod ending;
mod heads;
mod measure;
mod options;
mod reader;
mod running;
mod words;

pub(super) use running::run;
pub(super) use words::INSPECT;
