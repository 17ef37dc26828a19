//! The status, and the hops before it.

use super::{Answer, Difference};
use std::fmt;
use url::Url;

/// Two statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What was.
    pub a: u16,
    /// What came.
    pub b: u16,
    /// What kind of change that is.
    pub change: Change,
}

/// What kind of change a status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// None.
    Same,
    /// Another status of the same class.
    SameClass,
    /// It leads to a login now, or asks for one (401).
    LoginWall,
    /// It is forbidden now (403).
    Forbidden,
    /// It is not there any more (404, 410).
    Gone,
    /// There were too many requests (429).
    RateLimited,
    /// Another error of the request (4xx).
    Refused,
    /// An error of the server (5xx).
    Failed,
    /// A redirect now.
    Redirects,
    /// No redirect any more, or no error.
    Recovered,
    /// Anything else.
    Other,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::Same => "the same",
            Change::SameClass => "another status of the same class",
            Change::LoginWall => "a login is wanted",
            Change::Forbidden => "it is forbidden",
            Change::Gone => "it is gone",
            Change::RateLimited => "too many requests",
            Change::Refused => "the request is refused",
            Change::Failed => "the server fails",
            Change::Redirects => "it redirects",
            Change::Recovered => "it succeeds",
            Change::Other => "another kind of answer",
        })
    }
}

pub(super) fn compare(a: &Answer<'_>, b: &Answer<'_>) -> Status {
    let (from, to) = (a.status(), b.status());
    let login = |answer: &Answer<'_>| {
        answer.hops.len() > 1 && answer.hops.last().is_some_and(|hop| is_login(hop.url))
    };
    let change = match to {
        _ if login(b) && !login(a) => Change::LoginWall,
        _ if from == to => Change::Same,
        401 => Change::LoginWall,
        403 => Change::Forbidden,
        404 | 410 => Change::Gone,
        429 => Change::RateLimited,
        _ if from / 100 == to / 100 => Change::SameClass,
        200..300 => Change::Recovered,
        300..400 => Change::Redirects,
        400..500 => Change::Refused,
        500..600 => Change::Failed,
        _ => Change::Other,
    };
    Status { a: from, b: to, change }
}

/// Whether a page is where people log in, by a whole word of its path.
fn is_login(url: &Url) -> bool {
    const WORDS: [&str; 8] =
        ["login", "signin", "logon", "sso", "auth", "authorize", "authenticate", "sessions"];
    url.path_segments().into_iter().flatten().any(|segment| {
        let stem = segment.split('.').next().unwrap_or_default();
        let bare: String = stem.chars().filter(|c| !matches!(c, '-' | '_')).collect();
        WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word))
    })
}

/// The hops that differ. Where the chains began is what was asked for, and no difference.
pub(super) fn chain(a: &Answer<'_>, b: &Answer<'_>) -> Vec<Difference> {
    let most = a.hops.len().max(b.hops.len());
    let hop = |answer: &Answer<'_>, number: usize| {
        let hop = answer.hops.get(number)?;
        // The last status has a place of its own.
        let status = if number + 1 == most { String::new() } else { format!("{} ", hop.status) };
        let place = if number == 0 { String::new() } else { answer.place(hop.url.as_str()) };
        Some(format!("{status}{place}"))
    };
    let pairs = (0..most).map(|number| (number, hop(a, number), hop(b, number)));
    let differing = pairs.filter(|(_, one, other)| one != other);
    let shown = differing.take(super::MAX_SHOWN);
    shown
        .map(|(number, one, other)| {
            Difference::new(format!("hop {}", number + 1), one.as_deref(), other.as_deref())
        })
        .collect()
}
