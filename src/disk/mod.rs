//! Files: the only room that reads and writes them, and none of it loses anything.
//!
//! ```text
//!   open ── shared lock, read, unlock ──► a Jar and what it looked like
//!   ...                                   the run; the jar notes what it sets and removes
//!   save ── exclusive lock, read again, apply our changes by key, write beside, sync,
//!           rename, sync the directory, unlock
//! ```
//!
//! 1. The data file is never locked (a rename would orphan the lock) and never opened for
//!    writing: the lock is a file beside it, the new content is another, renamed over it. A
//!    process that is killed leaves the old file or the new one.
//! 2. Nothing changed: nothing is written.
//! 3. A file that cannot be read or understood is an error and is not overwritten; what is not
//!    understood in a jar or session that otherwise is, stays in it.
//! 4. Reading creates nothing, not even a lock.
//!
//! No environment and no clock here: paths and times are arguments.

pub mod atomic;
mod error;
pub mod hsts;
pub mod jar;
mod jar_text;
mod lock;
pub mod private;
pub mod session;
mod session_cookie;
mod session_json;
pub mod sessions;

pub use error::{Doing, Error};
pub use jar::JarFile;
pub use session::SessionFile;

/// What reading cookies from a file came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Cookies that are in the jar now.
    pub cookies: usize,
    /// Cookies left out because they have expired.
    pub expired: usize,
    /// Lines or entries that are malformed, or that no server could have set.
    pub skipped: usize,
    /// How many of those are cookies that no server could have set.
    pub refused: usize,
    /// Lines of a file that is only saved to which are not understood; they stay in it.
    pub kept: usize,
    /// Lines whose domain has a dot and whose second column denies it; the dot won.
    pub contradictions: usize,
    /// Files that do not exist; as good as empty ones.
    pub missing: usize,
}

impl Loaded {
    /// Counts what the jar's door said to one cookie.
    fn count(&mut self, answer: Result<(), crate::cookie::Refusal>) {
        match answer {
            Ok(()) => self.cookies += 1,
            Err(crate::cookie::Refusal::Expired) => self.expired += 1,
            Err(_) => {
                self.skipped += 1;
                self.refused += 1;
            }
        }
    }
}

impl std::ops::AddAssign for Loaded {
    fn add_assign(&mut self, more: Loaded) {
        self.cookies += more.cookies;
        self.expired += more.expired;
        self.skipped += more.skipped;
        self.refused += more.refused;
        self.kept += more.kept;
        self.contradictions += more.contradictions;
        self.missing += more.missing;
    }
}

/// What a save came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The file already says what it should.
    Unchanged,
    /// The file was replaced.
    Written {
        /// Cookies in it.
        cookies: usize,
        /// Cookies the format has no place for.
        left_out: usize,
    },
}
