//! What a fetch comes to, taken as a whole.

use super::crawler;
use super::ended::{Ended, Extent};
use super::message::request_fields;
use super::signs::{self, Sign};
use crate::base::Wall;
use crate::caching::{self, Judgement};
use crate::client::{Capture, Hop};
use crate::cookie::{Jar, Rule, Sending};
use crate::page::{self, Page, Robots};

/// The final answer in its context.
#[derive(Debug)]
pub struct Whole {
    /// Where it ended.
    pub url: String,
    /// What caches make of the answer.
    pub caching: Judgement,
    /// What the answer asks of robots.
    pub robots: Robots,
    /// What a polite crawler does, in words.
    pub crawler: String,
    /// What the content is and says, where there is any.
    pub page: Option<Page>,
    /// What the answer seems to be instead of what was asked for.
    pub signs: Vec<Sign>,
    /// What it is where there are no signs, in words: a 404 is not what was asked for either.
    pub plainly: String,
    /// The cookies of that host's site that are in the jar now.
    pub cookies: Vec<Kept>,
}

/// A cookie in the jar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: Box<[u8]>,
    /// Where it belongs: its domain, with a dot before it where hosts below get it too, and path.
    pub place: String,
    /// When it ends; `None` with the browser.
    pub expires: Option<Wall>,
    /// Whether it would be sent to the final URL, and by which rule not.
    pub sending: Sending,
}

impl Whole {
    pub(super) fn of(capture: &Capture, end: &End<'_>, jar: Option<&Jar>, now: Wall) -> Whole {
        let (last, extent, ended) = (end.hop, end.extent, end.ended);
        let headers = &last.head.headers;
        let page = page::summarize(&capture.content, headers, &last.url);
        let judged = caching::Answer {
            method: &last.method,
            request: &request_fields(&last.sent),
            status: last.head.status,
            headers,
            requested: last.when,
            received: super::received(last),
        };
        let robots = match &page {
            Some(page) => page.robots.clone(),
            None => Robots::of_fields(headers),
        };
        Whole {
            url: last.asked.clone(),
            caching: caching::judge(&judged, now),
            crawler: crawler::verdict(&robots, last, extent, ended, now),
            robots,
            signs: signs::of(capture, page.as_ref(), extent, ended),
            plainly: plainly(last.head.status, ended),
            page,
            cookies: kept(jar, last, now),
        }
    }
}

/// The last answer, and how the fetch ended with it.
#[derive(Clone, Copy)]
pub(super) struct End<'e> {
    pub(super) hop: &'e Hop,
    pub(super) extent: Extent,
    pub(super) ended: &'e Ended,
}

fn plainly(status: u16, ended: &Ended) -> String {
    match (ended.words(), status) {
        (Some(words), _) => format!("nothing beyond how it ended: {words}"),
        (None, 200..300) => "nothing but what was asked for".to_owned(),
        (None, _) => format!("nothing beyond what its status says: {status}"),
    }
}

fn kept(jar: Option<&Jar>, last: &Hop, now: Wall) -> Vec<Kept> {
    let Some(jar) = jar else { return Vec::new() };
    let explained = jar.explain(&last.url, now).into_iter();
    let here = explained
        .filter(|one| !matches!(one.sending, Sending::Kept(Rule::OtherDomain | Rule::OtherSite)));
    here.map(|one| {
        let key = &one.cookie.key;
        let dot = if key.host_only { "" } else { "." };
        Kept {
            name: key.name.clone(),
            place: format!("{dot}{}{}", key.domain, String::from_utf8_lossy(&key.path)),
            expires: one.cookie.expires,
            sending: one.sending,
        }
    })
    .collect()
}
