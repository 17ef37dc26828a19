//! Signs that an answer is not what was asked for: named, with their evidence, never evaded.
//!
//! ```text
//!  Capture, Page ─▶ scene ─┬─ refusals: challenge, blocked, rate limit, maintenance ─┐
//!                          ├─ doors: login wall, consent wall, cookie check          ├─▶ Signs
//!                          └─ contents: soft 404, parked, empty, cut, wrong type …  ─┘
//!                                 ▲
//!                             marks.txt
//! ```
//!
//! 1. A refusal is looked for first. Where a guard or a limit answers, what its page looks like
//!    besides (a login form, next to no text) says nothing of the page behind it.
//! 2. Then the doors in front of the page, then what its content gives away.
//! 3. A false alarm is worse than none. A status or a field that says so is *certain*; what
//!    is only likely needs two things that agree, or a page that holds nothing else.
//!
//! The texts, hosts and fields that signs are known by stand in `marks.txt`.

mod contents;
mod doors;
mod marks;
mod refusals;
mod scene;
#[cfg(test)]
mod tests;

use super::ended::{Ended, Extent};
use crate::client::Capture;
use crate::page::Page;
use scene::Scene;
use std::fmt;

/// What an answer seems to be instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody has to log in first.
    LoginWall,
    /// A guard wants to see a browser, or a person.
    Challenge,
    /// The request was refused for good.
    Blocked,
    /// Too many requests.
    RateLimit,
    /// The site is down on purpose.
    Maintenance,
    /// A page that is not there, with a status that says it is.
    SoftNotFound,
    /// A page that its scripts have yet to fill.
    NeedsJavaScript,
    /// Consent is asked for first.
    ConsentWall,
    /// Nothing at all.
    Empty,
    /// A domain that nobody uses, or a server that nobody set up.
    Parked,
    /// Content that ends too early.
    Truncated,
    /// Another type than was asked for.
    WrongType,
    /// Content whose chunks or codings are wrong.
    Unreadable,
    /// Redirects that lead round and round.
    RedirectLoop,
    /// The last answer for now; it came all the same.
    LimitReached,
    /// The same URL again, to see whether cookies come back.
    CookieCheck,
}

impl Kind {
    /// Its name, for reading.
    pub fn name(self) -> &'static str {
        match self {
            Kind::LoginWall => "login wall",
            Kind::Challenge => "challenge page",
            Kind::Blocked => "blocked",
            Kind::RateLimit => "rate limit",
            Kind::Maintenance => "maintenance",
            Kind::SoftNotFound => "soft 404",
            Kind::NeedsJavaScript => "needs JavaScript",
            Kind::ConsentWall => "consent wall",
            Kind::Empty => "empty page",
            Kind::Parked => "parked or unused",
            Kind::Truncated => "truncated",
            Kind::WrongType => "wrong type",
            Kind::Unreadable => "content that cannot be read",
            Kind::RedirectLoop => "redirect loop",
            Kind::LimitReached => "a limit that is used up",
            Kind::CookieCheck => "cookie check",
        }
    }

    /// Its name, for programs.
    pub fn slug(self) -> &'static str {
        match self {
            Kind::LoginWall => "login-wall",
            Kind::Challenge => "challenge",
            Kind::Blocked => "blocked",
            Kind::RateLimit => "rate-limit",
            Kind::Maintenance => "maintenance",
            Kind::SoftNotFound => "soft-404",
            Kind::NeedsJavaScript => "needs-javascript",
            Kind::ConsentWall => "consent-wall",
            Kind::Empty => "empty",
            Kind::Parked => "parked",
            Kind::Truncated => "truncated",
            Kind::WrongType => "wrong-type",
            Kind::Unreadable => "unreadable",
            Kind::RedirectLoop => "redirect-loop",
            Kind::LimitReached => "limit-reached",
            Kind::CookieCheck => "cookie-check",
        }
    }
}

/// How much the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It may be something else.
    Likely,
    /// It is nothing else.
    Certain,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        })
    }
}

/// A sign, and what it is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What the answer seems to be.
    pub kind: Kind,
    /// Whose guard or block page it is, where that is known.
    pub by: Option<&'static str>,
    /// How certain that is.
    pub confidence: Confidence,
    /// What it is read from, in words: `the field cf-mitigated: challenge`.
    pub evidence: Vec<String>,
}

impl Sign {
    fn new(kind: Kind, confidence: Confidence, evidence: Vec<String>) -> Sign {
        Sign { kind, by: None, confidence, evidence }
    }

    /// What a person would do next, where there is something honest to be done.
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self.kind {
            Kind::LoginWall if self.evidence.iter().any(|it| it.starts_with("status 401")) => {
                "log in: -u USER:PASSWORD"
            }
            Kind::LoginWall => {
                "log in by its form (fetch --session NAME), and come with --session NAME"
            }
            Kind::Challenge => {
                "it wants a browser with a person: ask the site's owner, or use its API"
            }
            Kind::Blocked => "ask the site's owner, or use its API",
            Kind::RateLimit => {
                "slow down: fetch --rate; fetch --retry waits as long as Retry-After says"
            }
            Kind::Maintenance => "come back later: fetch --retry",
            Kind::SoftNotFound => "take it for a 404",
            Kind::NeedsJavaScript => "fetch the data that its scripts fetch, or use a browser",
            Kind::ConsentWall => "answer it once, and keep the cookie: --session NAME",
            Kind::Truncated => "fetch it again",
            Kind::WrongType => "look at the content: it may be an error or a login page",
            Kind::CookieCheck => "keep cookies: --session NAME, or -b and -c FILE",
            Kind::Unreadable => "look at what came: fetch --raw",
            Kind::RedirectLoop => "look at what it wants: a cookie, a login, another URL",
            Kind::LimitReached => "wait before the next request, which may be refused",
            Kind::Empty | Kind::Parked => return None,
        })
    }
}

impl fmt::Display for Sign {
    /// `challenge page by Cloudflare (certain)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        if let Some(by) = self.by {
            write!(f, " by {by}")?;
        }
        write!(f, " ({})", self.confidence)
    }
}

/// The signs of a fetch that ended so, the weightiest first. `page` is the summary of its
/// content, of which so much was taken.
pub fn of(capture: &Capture, page: Option<&Page>, extent: Extent, ended: &Ended) -> Vec<Sign> {
    let Some(scene) = Scene::new(capture, page, extent, ended) else { return Vec::new() };
    let mut signs = refusals::of(&scene);
    if signs.is_empty() {
        signs = doors::of(&scene);
    }
    if signs.is_empty() {
        signs = contents::of(&scene);
    }
    signs.extend(contents::broken(&scene));
    signs.extend(refusals::used_up(&scene, &signs));
    signs.extend(doors::cookie_check(&scene).or_else(|| doors::round_and_round(&scene)));
    signs
}
