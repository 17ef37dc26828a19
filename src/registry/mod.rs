//! Floor 1: what status codes, fields and methods mean.
//!
//! ```text
//!  status.txt   one entry a code, and a class  ─┐
//!  fields.txt   one entry a field, and a family ─┼─▶ entry ─▶ Status, Class, Field, Method
//!  methods.txt  one entry a method             ─┘
//! ```
//!
//! The facts are those of IANA's registries (HTTP status codes, HTTP field names, HTTP methods)
//! and of the documents that they name; the words are ours. The files are compiled in
//! deflated (`build.rs`), inflated when something is first asked, which takes half a millisecond,
//! and a look-up walks one until it finds the entry. A run that asks nothing pays nothing.
//!
//! # The format
//!
//! ```text
//! # A comment, on a line of its own.
//! 404 Not Found
//!     meaning: There is nothing at this URL, or the server
//!         does not say that there is.
//!     defined: RFC 9110 section 15.5.5
//! ```
//!
//! A line that begins at the left margin begins an entry. A line that is indented by four spaces
//! is a key and its value; one that is indented by eight goes on with the value before. Which
//! keys there are stands at the top of each file.

mod entry;
mod field;
mod iana;
mod method;
mod near;
mod status;

pub use field::{Field, Group, Parts, Secret, Side, Value, family, field, fields, group};
pub use iana::standing;
pub use method::{Method, method, methods};
pub use near::near;
pub use status::{Class, Retry, Status, Ways, class, status, statuses};

use entry::Keys;
use std::fmt;

/// How a name stands with IANA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Registered, and in use.
    Registered,
    /// Registered for the time being.
    Provisional,
    /// Registered, and better not used any more.
    Deprecated,
    /// Registered, and replaced or given up.
    Obsoleted,
    /// The number is taken, and means nothing.
    Unused,
    /// Not registered; some use it all the same.
    Unregistered,
}

impl Standing {
    const ALL: [(&'static str, Standing); 6] = [
        ("registered", Standing::Registered),
        ("provisional", Standing::Provisional),
        ("deprecated", Standing::Deprecated),
        ("obsoleted", Standing::Obsoleted),
        ("unused", Standing::Unused),
        ("unregistered", Standing::Unregistered),
    ];

    /// By its word; a name about which nothing is said is registered.
    fn of(word: Option<&str>) -> Standing {
        let word = word.unwrap_or_default();
        let known = Standing::ALL.iter().find(|(name, _)| *name == word);
        known.map_or(Standing::Registered, |(_, standing)| *standing)
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        let known = Standing::ALL.iter().find(|(_, standing)| *standing == self);
        known.map_or("", |(name, _)| name)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What commands do on meeting it, where that is worth a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// `fetch`.
    pub fetch: Option<String>,
    /// A crawl.
    pub crawl: Option<String>,
    /// A replay.
    pub replay: Option<String>,
}

impl Commands {
    fn of(keys: &Keys) -> Commands {
        Commands { fetch: keys.get("fetch"), crawl: keys.get("crawl"), replay: keys.get("replay") }
    }

    /// What this says, and what it leaves open from somewhere else.
    fn or(self, other: Commands) -> Commands {
        Commands {
            fetch: self.fetch.or(other.fetch),
            crawl: self.crawl.or(other.crawl),
            replay: self.replay.or(other.replay),
        }
    }

    /// The commands that there is something to say of, and what they do.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("fetch", &self.fetch), ("crawl", &self.crawl), ("replay", &self.replay)];
        all.into_iter().filter_map(|(command, does)| Some((command, does.as_deref()?)))
    }
}
