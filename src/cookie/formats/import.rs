//! What a file brings, and how it goes into a jar.

use crate::base::{Origin, Wall};
use crate::cookie::{Cookie, Jar, Limits, Refusal, Stored, Verdict};
use std::fmt;
use url::Url;

/// What was read from a file, before the jar has judged it.
#[derive(Debug, Default)]
pub struct Import {
    /// Cookies with all that the format says of them, in the file's order.
    pub cookies: Vec<Cookie>,
    /// Answers whose `Set-Cookie` lines are to be received once more.
    pub answers: Vec<Answer>,
    /// Entries that are no cookies.
    pub malformed: usize,
    /// Where the first of them are, for formats that are read line by line or from a list: their
    /// lines or entries, counted from 1.
    pub malformed_at: Vec<usize>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// The `Set-Cookie` lines of one response.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked for.
    pub url: Url,
    /// When it was answered.
    pub at: Wall,
    /// The field's values, in order.
    pub lines: Vec<Vec<u8>>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines.len();
        match Origin::of(&self.url) {
            Some(origin) => write!(f, "{lines} lines of {origin} at {:?}", self.at),
            None => write!(f, "{lines} lines at {:?}", self.at),
        }
    }
}

/// Something that was decided where a file is not clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// So many domains begin with a dot while another column or member says host-only; the dot won.
    Contradictions(usize),
    /// So many names came more than once in one `Cookie` line; the first one was taken.
    Repeated(usize),
    /// So many `-b` of curl lines name a file, which is not read.
    CookieFiles(usize),
    /// Something follows the head; it and what comes after it was not read.
    Content,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Contradictions(n) => write!(
                f,
                "{n} domains begin with a dot but are said to be for one host only; the dot won"
            ),
            Warning::Repeated(n) => {
                write!(f, "{n} cookies came again with the same name; the first one was taken")
            }
            Warning::CookieFiles(n) => write!(f, "{n} cookie files named by -b were not read"),
            Warning::Content => f.write_str("what follows the head was not read"),
        }
    }
}

/// What became of an import.
#[derive(Debug, Default)]
pub struct Imported {
    /// Cookies that are new in the jar.
    pub created: usize,
    /// Settings that took the place of an older one, also of one of this import.
    pub replaced: usize,
    /// Lines that removed a cookie, as their server wanted.
    pub removed: usize,
    /// Cookies that were stored at the time of their answer, and have ended since.
    pub ended: usize,
    /// Lines older than what the jar had for their cookies, which stayed as they were.
    pub outdated: usize,
    /// What the jar refused: names and reasons.
    pub refused: Vec<Stored>,
    /// Entries that are no cookies.
    pub malformed: usize,
    /// Where the first of them are, for formats that are read line by line or from a list: their
    /// lines or entries, counted from 1.
    pub malformed_at: Vec<usize>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl Imported {
    /// Settings that went in.
    pub fn stored(&self) -> usize {
        self.created + self.replaced
    }

    fn count(&mut self, stored: Stored) {
        match stored.verdict {
            Verdict::Created => self.created += 1,
            Verdict::Replaced => self.replaced += 1,
            Verdict::Removed => self.removed += 1,
            Verdict::Refused(_) => self.refused.push(stored),
        }
    }
}

impl Import {
    /// An import of answers that another room has read.
    pub fn of_answers(answers: Vec<Answer>, malformed: usize) -> Import {
        Import { answers, malformed, ..Import::default() }
    }

    /// Counts the entry or line with this number as malformed, and remembers the first few.
    pub fn malformed_at(&mut self, number: usize) {
        /// More than a person looks up by hand.
        const REMEMBERED: usize = 10;
        self.malformed += 1;
        if self.malformed_at.len() < REMEMBERED {
            self.malformed_at.push(number);
        }
    }

    /// Puts everything into `jar`; changes, all of them.
    ///
    /// 1. Ready cookies go through [`Jar::insert`] and its checks. Expired ones are refused: a file
    ///    is no server, it removes nothing. They count as created before `now`, a millisecond
    ///    apart, so that the file's order survives.
    /// 2. Answers go through [`Jar::store_all`] in the order of their times, each judged as if it
    ///    had just come; none came later than `now`. What has ended since is swept out. A line that
    ///    came before what the jar has for its cookie is passed over: it was true once.
    pub fn into_jar(mut self, jar: &mut Jar, now: Wall) -> Imported {
        let mut done =
            Imported { malformed: self.malformed, warnings: self.warnings, ..Imported::default() };
        done.malformed_at = self.malformed_at;
        let before = self.cookies.len();
        for (i, mut cookie) in self.cookies.into_iter().enumerate() {
            let age = i64::try_from(before - i).unwrap_or(i64::MAX);
            cookie.created = Wall(now.0.saturating_sub(age));
            cookie.accessed = cookie.created;
            let name = cookie.key.name.clone();
            let verdict = match cookie.is_expired(now) {
                true => Verdict::Refused(Refusal::Expired),
                false => jar.insert(cookie, now),
            };
            done.count(Stored { name, verdict });
        }
        if self.answers.is_empty() {
            return done;
        }
        jar.expire(now);
        self.answers.sort_by_key(|answer| answer.at);
        for answer in &self.answers {
            let at = answer.at.min(now);
            let lines: Vec<&[u8]> = answer.lines.iter().map(Vec::as_slice).collect();
            let before = lines.len();
            let lines: Vec<&[u8]> =
                lines.into_iter().filter(|line| !is_outdated(jar, line, &answer.url, at)).collect();
            done.outdated += before - lines.len();
            let stored = jar.store_all(lines, &answer.url, at);
            stored.into_iter().for_each(|stored| done.count(stored));
        }
        done.ended = jar.expire(now);
        done
    }
}

/// Whether the jar has heard of a line's cookie after the line came. A cookie that nobody dated
/// is no younger than any line.
fn is_outdated(jar: &Jar, line: &[u8], url: &Url, at: Wall) -> bool {
    if jar.is_empty() {
        return false;
    }
    // The key is what the real store makes of the line.
    let mut scratch = Jar::with_limits(Limits::NONE);
    scratch.store(line, url, at);
    let key = scratch.changes.keys().next();
    let there = key.and_then(|key| jar.get(key));
    there.and_then(|there| there.received).is_some_and(|received| received > at)
}
