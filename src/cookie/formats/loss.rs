//! What a format could not hold, counted.

use crate::cookie::Cookie;
use std::collections::BTreeMap;
use std::fmt;

/// Something of a cookie that did not survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// Left out: the format holds text, and its name, value or path is not UTF-8.
    NotUtf8,
    /// Left out: it has no name, and would be read as another cookie.
    Nameless,
    /// Left out: it holds a tab, which separates columns there.
    Tab,
    /// Left out: a control character.
    Control,
    /// Left out: white space around its name or value would be cut off.
    WhiteSpace,
    /// Left out: with what the format drops, it could not be told from one that was written.
    Collision,
    /// Left out: it would be refused when it is read.
    Refused,
    /// Its domain.
    Domain,
    /// Whether it is for one host only.
    HostOnly,
    /// Its path.
    Path,
    /// The top-level site it belongs to.
    Partition,
    /// `Secure`.
    Secure,
    /// It comes back `Secure`, which it was not: plain http will not get it.
    SecureAdded,
    /// `HttpOnly`.
    HttpOnly,
    /// `SameSite`.
    SameSite,
    /// When it ends.
    Expires,
    /// The fraction of the second in which it ends.
    ExpiresFraction,
    /// When it first came.
    Created,
    /// When it was last set.
    Received,
    /// When it was last sent.
    Accessed,
    /// The origin that set it.
    Source,
}

/// How much a loss matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// The whole cookie is missing.
    Cookie,
    /// A field is missing that decides when and where the cookie is sent.
    Field,
    /// Only its history is missing: no request will differ. No foreign format holds it.
    History,
}

impl Loss {
    /// The field's name, or why the cookie was left out.
    pub const fn name(self) -> &'static str {
        match self {
            Loss::NotUtf8 => "not UTF-8",
            Loss::Nameless => "nameless",
            Loss::Tab => "tab",
            Loss::Control => "control character",
            Loss::WhiteSpace => "white space around name or value",
            Loss::Collision => "same as another one there",
            Loss::Refused => "would be refused",
            Loss::Domain => "domain",
            Loss::HostOnly => "host_only",
            Loss::Path => "path",
            Loss::Partition => "partition",
            Loss::Secure => "secure",
            Loss::SecureAdded => "secure",
            Loss::HttpOnly => "http_only",
            Loss::SameSite => "same_site",
            Loss::Expires => "expires",
            Loss::ExpiresFraction => "fraction of expires",
            Loss::Created => "created",
            Loss::Received => "received",
            Loss::Accessed => "accessed",
            Loss::Source => "source",
        }
    }

    /// How much it matters.
    pub const fn weight(self) -> Weight {
        match self {
            Loss::NotUtf8
            | Loss::Nameless
            | Loss::Tab
            | Loss::Control
            | Loss::WhiteSpace
            | Loss::Collision
            | Loss::Refused => Weight::Cookie,
            Loss::Domain
            | Loss::HostOnly
            | Loss::Path
            | Loss::Partition
            | Loss::Secure
            | Loss::SecureAdded
            | Loss::HttpOnly
            | Loss::SameSite
            | Loss::Expires => Weight::Field,
            Loss::ExpiresFraction
            | Loss::Created
            | Loss::Received
            | Loss::Accessed
            | Loss::Source => Weight::History,
        }
    }
}

/// How many cookies lost what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    of: BTreeMap<Loss, usize>,
    /// Cookies that lost something of when and whence they came.
    history: usize,
}

impl Losses {
    /// Each loss and how many cookies it befell; the heaviest first.
    pub fn iter(&self) -> impl Iterator<Item = (Loss, usize)> {
        self.of.iter().map(|(loss, n)| (*loss, *n))
    }

    /// How many cookies lost this.
    pub fn count(&self, loss: Loss) -> usize {
        self.of.get(&loss).copied().unwrap_or(0)
    }

    /// Whether anything but history was lost: what `--fail-on-loss` asks.
    pub fn matter(&self) -> bool {
        self.iter().any(|(loss, _)| loss.weight() != Weight::History)
    }

    pub(super) fn add(&mut self, loss: Loss) {
        *self.of.entry(loss).or_default() += 1;
    }

    /// Counts every field in which `back`, which was read from what was written, is not `cookie`.
    pub(super) fn compare(&mut self, cookie: &Cookie, back: &Cookie) {
        let (key, there) = (&cookie.key, &back.key);
        let same_second = match (cookie.expires, back.expires) {
            (Some(end), Some(there)) => end.secs() == there.secs(),
            (end, there) => end == there,
        };
        let lost = [
            (Loss::Domain, key.domain != there.domain),
            (Loss::HostOnly, key.host_only != there.host_only),
            (Loss::Path, key.path != there.path),
            (Loss::Partition, key.partition != there.partition),
            (Loss::Secure, cookie.secure && !back.secure),
            (Loss::SecureAdded, !cookie.secure && back.secure),
            (Loss::HttpOnly, cookie.http_only != back.http_only),
            (Loss::SameSite, cookie.same_site != back.same_site),
            (Loss::Expires, !same_second),
            (Loss::ExpiresFraction, same_second && cookie.expires != back.expires),
        ];
        lost.into_iter().filter(|(_, is)| *is).for_each(|(loss, _)| self.add(loss));
        // A time of zero, and an access at the creation, say nothing that could be lost.
        let history = [
            (Loss::Created, cookie.created.0 != 0),
            (Loss::Received, cookie.received.is_some()),
            (Loss::Accessed, cookie.accessed != cookie.created),
            (Loss::Source, cookie.source.is_some()),
        ];
        self.history += usize::from(history.iter().any(|(_, is)| *is));
        history.into_iter().filter(|(_, is)| *is).for_each(|(loss, _)| self.add(loss));
    }
}

impl fmt::Display for Losses {
    /// One line a loss: `same_site lost: 12`, `left out, not UTF-8: 2`; one for all of history.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = "";
        for (loss, n) in self.iter() {
            match loss {
                Loss::Created | Loss::Received | Loss::Accessed | Loss::Source => continue,
                Loss::SecureAdded => write!(f, "{end}secure added: {n}")?,
                loss if loss.weight() == Weight::Cookie => {
                    write!(f, "{end}left out, {}: {n}", loss.name())?;
                }
                loss => write!(f, "{end}{} lost: {n}", loss.name())?,
            }
            end = "\n";
        }
        match self.history {
            0 => Ok(()),
            n => write!(f, "{end}history lost: {n}"),
        }
    }
}
