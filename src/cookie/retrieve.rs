//! What is sent: the `Cookie` line, and the reasons against every other cookie
//! (RFC 6265bis section 5.8.3).

use super::domain::{domain_matches, is_address};
use super::jar::Jar;
use super::path::path_matches;
use super::record::Cookie;
use super::shard::Place;
use super::store::is_secure;
use super::suffix::site_of;
use crate::base::{Origin, Wall};
use std::cmp::Reverse;
use std::fmt;
use url::Url;

/// Whether a cookie goes with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// It is sent, at this place of the line; the first is 1.
    Sent(usize),
    /// It stays, by this rule.
    Kept(Rule),
}

/// The rule by which a cookie is not sent; sections are those of RFC 6265bis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The request is not http or https.
    NotHttp,
    /// The host is not in the cookie's domain (5.8.3, step 1).
    OtherDomain,
    /// Between the host and the cookie's domain is a public suffix: they are two sites
    /// (5.7, step 9).
    OtherSite,
    /// The cookie is for one host only, and this is one below it (5.8.3, step 1).
    HostOnly,
    /// The path is not below the cookie's (5.8.3, step 1; 5.1.4).
    OtherPath,
    /// `Secure`, and the request goes over plain http to another machine (5.8.3, step 1).
    Insecure,
    /// It belongs to another top-level site (CHIPS, section 2.3).
    OtherPartition,
    /// Its time is over (5.7).
    Expired,
    /// The line was full (6.1; `limits::COOKIE_LINE`).
    LineFull,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::NotHttp => "cookies go over http and https only (section 5.8.1)",
            Rule::OtherDomain => "the host is not in its domain (section 5.8.3 step 1)",
            Rule::OtherSite => {
                "a public suffix is between the host and its domain (section 5.7 step 9)"
            }
            Rule::HostOnly => "it is for its own host only (section 5.8.3 step 1)",
            Rule::OtherPath => "the path is not below its path (section 5.8.3 step 1)",
            Rule::Insecure => "it is Secure and this is plain http (section 5.8.3 step 1)",
            Rule::OtherPartition => "it is partitioned to another site (CHIPS section 2.3)",
            Rule::Expired => "it has expired (section 5.7)",
            Rule::LineFull => "the Cookie line is full (section 6.1)",
        })
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sending::Sent(place) => write!(f, "sent, number {place}"),
            Sending::Kept(rule) => write!(f, "not sent: {rule}"),
        }
    }
}

/// One cookie of the jar and whether it would be sent.
#[derive(Clone, Copy, Debug)]
pub struct Explained<'j> {
    /// The cookie.
    pub cookie: &'j Cookie,
    /// Its place, or the rule against it.
    pub sending: Sending,
}

/// A request, as far as cookies care.
struct Asker<'u> {
    origin: Origin,
    path: &'u [u8],
    now: Wall,
}

impl<'u> Asker<'u> {
    fn new(url: &'u Url, now: Wall) -> Option<Asker<'u>> {
        Some(Asker { origin: Origin::of(url)?, path: url.path().as_bytes(), now })
    }

    /// The first rule that keeps a cookie from being sent.
    fn objection(&self, cookie: &Cookie) -> Option<Rule> {
        let (key, host) = (&cookie.key, &*self.origin.host);
        if !domain_matches(host, &key.domain) {
            return Some(Rule::OtherDomain);
        }
        if site_of(host) != site_of(&key.domain) {
            return Some(Rule::OtherSite);
        }
        self.objection_within(cookie)
    }

    /// Likewise, for a cookie of the host's site and of one of [`Asker::domains`].
    fn objection_within(&self, cookie: &Cookie) -> Option<Rule> {
        let (key, host) = (&cookie.key, &*self.origin.host);
        if key.host_only && *key.domain != *host {
            return Some(Rule::HostOnly);
        }
        if !path_matches(self.path, &key.path) {
            return Some(Rule::OtherPath);
        }
        if cookie.secure && !is_secure(&self.origin) {
            return Some(Rule::Insecure);
        }
        if key.partition.as_ref().is_some_and(|site| *site.0 != *site_of(host)) {
            return Some(Rule::OtherPartition);
        }
        cookie.is_expired(self.now).then_some(Rule::Expired)
    }

    /// The domains whose cookies the host may get: itself, then its parents up to its site.
    fn domains(&self) -> impl Iterator<Item = &str> {
        let host = &*self.origin.host;
        let shortest = if is_address(host) { host.len() } else { site_of(host).len() };
        std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, parent)| parent))
            .take_while(move |name| name.len() >= shortest)
    }
}

/// Longer paths first, then older ones (step 2).
fn turn(cookie: &Cookie) -> (Reverse<usize>, Wall, u64) {
    (Reverse(cookie.key.path.len()), cookie.created, cookie.order)
}

/// How many of the cookies, in order, fit into a line of `room` bytes.
fn fitting<'c>(cookies: impl Iterator<Item = &'c Cookie>, room: usize) -> usize {
    let mut len = 0usize;
    cookies
        .take_while(|cookie| {
            len += cookie.pair_len() + if len == 0 { 0 } else { 2 };
            len <= room
        })
        .count()
}

impl Jar {
    /// The value of the one `Cookie` line for a request to `url`; `None` where there is nothing to
    /// send. The cookies in it count as accessed now.
    pub fn retrieve(&mut self, url: &Url, now: Wall) -> Option<Vec<u8>> {
        let asker = Asker::new(url, now)?;
        let shard = self.sites.get_mut(site_of(&asker.origin.host))?;
        let mut places: Vec<Place> = asker
            .domains()
            .flat_map(|domain| shard.domain(domain))
            .filter(|&place| shard.at(place).is_some_and(|c| asker.objection_within(c).is_none()))
            .collect();
        places.sort_unstable_by_key(|&place| shard.at(place).map(turn));
        let fit = fitting(places.iter().filter_map(|&p| shard.at(p)), self.limits.cookie_line);
        let mut line = Vec::new();
        for &place in &places[..fit] {
            if let Some(cookie) = shard.at_mut(place) {
                cookie.accessed = cookie.accessed.max(now);
                if !line.is_empty() {
                    line.extend_from_slice(b"; ");
                }
                cookie.write_pair(&mut line);
            }
        }
        (!line.is_empty()).then_some(line)
    }

    /// Every cookie of the jar with its place in the `Cookie` line for `url`, or the rule that
    /// keeps it: first those that are sent, in order, then the others by key.
    pub fn explain(&self, url: &Url, now: Wall) -> Vec<Explained<'_>> {
        let asker = Asker::new(url, now);
        let objection = |cookie: &Cookie| match &asker {
            Some(asker) => asker.objection(cookie),
            None => Some(Rule::NotHttp),
        };
        let (mut sent, mut kept) = (Vec::new(), Vec::new());
        for cookie in self.iter() {
            match objection(cookie) {
                None => sent.push(cookie),
                Some(rule) => kept.push(Explained { cookie, sending: Sending::Kept(rule) }),
            }
        }
        sent.sort_unstable_by_key(|cookie| turn(cookie));
        kept.sort_unstable_by(|a, b| a.cookie.key.cmp(&b.cookie.key));
        let fit = fitting(sent.iter().copied(), self.limits.cookie_line);
        let placed = sent.into_iter().enumerate().map(|(i, cookie)| {
            let sending =
                if i < fit { Sending::Sent(i + 1) } else { Sending::Kept(Rule::LineFull) };
            Explained { cookie, sending }
        });
        placed.chain(kept).collect()
    }
}
