//! Floor 1: what a cache makes of an answer (RFC 9111), as pure calculation.
//!
//! In: a request, its answer, when they went and came, the time now. Out: a [`Judgement`], in
//! numbers and in words. Nothing is stored here.
//!
//! ```text
//!  may it be stored?     section 3      storing.rs     no-store, private, Authorization, status
//!  for how long fresh?   section 4.2    lifetime.rs    s-maxage, max-age, Expires, a guess
//!  how old is it now?    section 4.2.3  age.rs         Age, Date, how long it took to come
//!  and then?             section 4.2.4  view.rs        revalidate, or serve it stale (RFC 5861)
//!  asked with what?      section 4.3.1  validators.rs  If-None-Match, If-Modified-Since
//!  for which requests?   section 4.1    vary.rs        the fields that Vary names
//! ```
//!
//! Each question is put twice: for a *private* cache, such as a browser's, and for a *shared*
//! one, such as a CDN's. What a cache may choose is said as what caches do, and what the
//! specification leaves open (a guess without an explicit lifetime) is called a guess.
//!
//! RFC 5861 (`stale-while-revalidate`, `stale-if-error`) and RFC 8246 (`immutable`) are part of it.

mod age;
mod control;
mod lifetime;
mod note;
mod storing;
mod validators;
mod vary;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use age::{Age, Dated};
pub use control::{Delta, Directives, LONGEST, Scope};
pub use lifetime::{Lifetime, Source};
pub use note::Note;
pub use storing::Refusal;
pub use validators::{Tag, Validators};
pub use vary::Vary;
pub use view::{Again, Because, Cache, View};

use crate::base::{Headers, Method, Wall};

/// What is judged: an answer, and the request that it answers.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// The fields of the request.
    pub request: &'a Headers,
    /// The status of the answer.
    pub status: u16,
    /// The fields of the answer.
    pub headers: &'a Headers,
    /// When the request was sent.
    pub requested: Wall,
    /// When the answer came.
    pub received: Wall,
}

/// What caches make of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// A cache of one user.
    pub private: View,
    /// A cache of many.
    pub shared: View,
    /// How old the answer is, and how that is known.
    pub age: Age,
    /// What its `Cache-Control` says.
    pub control: Directives,
    /// What the cache asks with whether it is still good.
    pub validators: Validators,
    /// Which requests it answers.
    pub vary: Vary,
    /// What is worth knowing besides.
    pub notes: Vec<Note>,
}

/// Judges an answer at the time `now`.
pub fn judge(answer: &Answer<'_>, now: Wall) -> Judgement {
    let control = Directives::of(answer.headers);
    let age = Age::of(answer, now);
    let validators = Validators::of(answer.headers, answer.received);
    let vary = Vary::of(answer.headers);
    let view = |cache| View::of(cache, answer, &control, &age, &validators, &vary);
    let (private, shared) = (view(Cache::Private), view(Cache::Shared));
    let notes = note::all(answer, &control, &age, &validators, &private, &shared);
    Judgement { private, shared, age, control, validators, vary, notes }
}
