//! Floor 1: whether two answers are the same, and where they are not; as a pure function.
//!
//! ```text
//!  a ─┐    status ── the same, or the kind of change: a redirect now, a login wall, an error
//!     ├─▶  chain ─── the hops, each against its like
//!  b ─┘    headers ─ field by field; what is made anew for each answer does not count
//!          cookies ─ by name, domain and path: their attributes, not their values
//!          body ──── bytes ─▶ decoded ─▶ normalised (HTML, JSON by path, text) ─▶ similarity
//! ```
//!
//! 1. `a` is what was, or is meant to be; `b` is what came.
//! 2. Fields that differ between any two answers (dates, numbers of requests, the node that
//!    answered) are put aside by name, as [`Comparison::ignored`]; those that describe the
//!    content (its length, its tag) count where the content differs. [`Options::strict`] puts
//!    nothing aside.
//! 3. Places of each side's own origin are compared without it, so that a page of a test server
//!    can be held against the same page of the real one.
//! 4. Secrets are not shown: of cookies a difference names the attributes.
//!
//! Work and memory are linear in the content, up to [`MAX_CONTENT`]; beyond it only bytes are
//! compared. What is shown is bounded by [`MAX_SHOWN`] and [`MAX_TEXT`].
//!
//! Every command that compares uses this: `inspect --diff`, and `replay` when it is built.

mod body;
mod cookies;
mod fields;
mod json;
mod status;
#[cfg(test)]
mod tests;
mod units;

pub use body::{Body, How};
pub use status::{Change, Status};

use crate::base::Headers;
use url::Url;

/// Larger content is compared by its bytes only: its lines would take ten times its size.
pub const MAX_CONTENT: usize = 16 << 20;

/// As many differences of the content are shown; nobody reads more.
pub const MAX_SHOWN: usize = 50;

/// The most characters of one side of a difference.
pub const MAX_TEXT: usize = 200;

/// One answer, with the hops that led to it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The hops in order; the last one is the answer.
    pub hops: &'a [Hop<'a>],
    /// Its fields.
    pub headers: &'a Headers,
    /// Its decoded content; `None` where nobody knows it.
    pub content: Option<&'a [u8]>,
}

/// One hop of a chain of redirects.
#[derive(Clone, Copy, Debug)]
pub struct Hop<'a> {
    /// What was answered.
    pub status: u16,
    /// What was asked for.
    pub url: &'a Url,
}

impl Answer<'_> {
    fn status(&self) -> u16 {
        self.hops.last().map_or(0, |hop| hop.status)
    }

    /// A place, without the origin that this answer's chain began at.
    fn place(&self, url: &str) -> String {
        let own = self.hops.first().map(|hop| hop.url.origin().ascii_serialization());
        let path = own.and_then(|own| url.strip_prefix(&own));
        path.filter(|path| path.starts_with('/')).unwrap_or(url).to_owned()
    }
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Nothing is volatile: every field counts, cookies' values too, and bytes of content.
    pub strict: bool,
    /// Takes HTML apart into its tags and texts, without what is made anew; `None` where the
    /// content is no HTML. The room that knows how is `page`.
    pub outline: fn(&[u8], &Headers) -> Option<Vec<String>>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: a field, a cookie, a line, a path.
    pub at: String,
    /// What is there in `a`; `None` where nothing is.
    pub a: Option<String>,
    /// What is there in `b`.
    pub b: Option<String>,
}

impl Difference {
    fn new(at: impl AsRef<str>, a: Option<&str>, b: Option<&str>) -> Difference {
        Difference { at: shortened(at.as_ref()), a: a.map(shortened), b: b.map(shortened) }
    }
}

/// The front of a text.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing that counts differs.
    Same,
    /// Something does.
    Differs,
    /// Nothing is known to differ, but the content of one side is not known.
    Unknown,
}

/// Two answers, compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The status.
    pub status: Status,
    /// The hops that differ.
    pub chain: Vec<Difference>,
    /// The fields that differ.
    pub headers: Vec<Difference>,
    /// The fields that differ and do not count.
    pub ignored: Vec<String>,
    /// The cookies that differ.
    pub cookies: Vec<Difference>,
    /// The content.
    pub body: Body,
}

impl Comparison {
    /// What it comes to.
    pub fn outcome(&self) -> Outcome {
        let differs = self.status.change != Change::Same
            || !(self.chain.is_empty() && self.headers.is_empty() && self.cookies.is_empty());
        match self.body {
            _ if differs => Outcome::Differs,
            Body::Differs { .. } => Outcome::Differs,
            Body::Unknown => Outcome::Unknown,
            Body::Same | Body::Decoded | Body::Normalised(_) => Outcome::Same,
        }
    }

    /// Whether nothing that counts differs.
    pub fn is_same(&self) -> bool {
        self.outcome() == Outcome::Same
    }
}

/// Compares what came, `b`, with what was, `a`.
pub fn answers(a: &Answer<'_>, b: &Answer<'_>, options: &Options) -> Comparison {
    let body = body::compare(a, b, options);
    let (headers, ignored) = fields::compare(a, b, options, &body);
    Comparison {
        status: status::compare(a, b),
        chain: status::chain(a, b),
        headers,
        ignored,
        cookies: cookies::compare(a, b, options),
        body,
    }
}
