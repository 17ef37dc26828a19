//! A judgement in words: `fresh for 5 min 12 s, then revalidate with ETag`.

use super::{Again, Because, Judgement, Lifetime, Refusal, Source, Vary, View};
use crate::base::Span;
use std::fmt::{self, Display};

/// So many names of fields are shown.
const MOST_SHOWN: usize = 8;

impl Display for Judgement {
    /// What a private cache does, and what a shared one does where it is something else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (private, shared) = (self.private.to_string(), self.shared.to_string());
        f.write_str(&private)?;
        if private != shared { write!(f, "; in shared caches {shared}") } else { Ok(()) }
    }
}

impl Judgement {
    /// The same where nothing of the message is known but its `Cache-Control`: whether there are
    /// validators, or a date to guess from, or which status it is, is not said.
    pub fn alone(&self) -> String {
        let [private, shared] = [&self.private, &self.shared].map(|view| Alone(view).to_string());
        let both = match private == shared {
            true => private,
            false => format!("{private}; in shared caches {shared}"),
        };
        match self.control.must_understand {
            true => format!("where its status is understood, {both}; else not stored"),
            false => both,
        }
    }
}

/// What is said of `Cache-Control` alone.
struct Alone<'v>(&'v View);

impl Display for Alone<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.words(f, true)
    }
}

impl Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words(f, false)
    }
}

impl View {
    fn words(&self, f: &mut fmt::Formatter<'_>, alone: bool) -> fmt::Result {
        if !self.is_stored() {
            f.write_str("not stored: ")?;
            return list(f, &self.refusals);
        }
        if self.freshens {
            f.write_str("what is stored is good again: ")?;
        }
        if self.matches_nothing {
            write!(f, "stored, but never reused without asking (Vary: *): {}", self.asking())?;
        } else if self.no_cache && alone {
            f.write_str("stored, but revalidated before each use")?;
        } else if self.no_cache {
            write!(f, "stored, but before each use {}", self.asking())?;
        } else {
            self.time(f, alone)?;
        }
        if !self.without.is_empty() {
            f.write_str(", without ")?;
            list(f, &self.without)?;
        }
        Ok(())
    }

    fn time(&self, f: &mut fmt::Formatter<'_>, alone: bool) -> fmt::Result {
        let Lifetime { seconds, source } = self.lifetime;
        let (fresh, since) = (self.is_fresh(), self.stale_for());
        if let Source::Guess { .. } = source {
            f.write_str("heuristic: ")?;
        }
        match source {
            Source::Nothing => f.write_str("no lifetime given")?,
            Source::Invalid(name) => {
                let what = if name == "Expires" { "date" } else { "number of seconds" };
                write!(f, "stale, as {name} is no {what}")?;
            }
            _ if fresh => write!(f, "fresh for {}", Span(self.fresh_for()))?,
            _ if seconds == 0 => f.write_str("stale at once")?,
            _ if since == 0 => f.write_str("stale by now")?,
            _ => write!(f, "stale since {}", Span(since))?,
        }
        match source {
            Source::Guess { capped: true } => f.write_str(" (the most of a guess)")?,
            Source::Guess { capped: false } => f.write_str(" (a tenth of its age)")?,
            _ if fresh && self.immutable => f.write_str(", immutable")?,
            _ => {}
        }
        let left = Span(self.while_revalidating.saturating_sub(since));
        match (fresh, left) {
            (true, Span(0)) if alone => write!(f, ", then {}", self.asking_alone())?,
            (true, Span(0)) => write!(f, ", then {}", self.asking())?,
            (true, span) => write!(f, ", then served stale for {span} while it is revalidated")?,
            (false, Span(0)) if alone && source == Source::Nothing => {
                // A cache may guess one (section 4.2.2).
                if self.must_revalidate.is_some() {
                    write!(f, "; once stale it {}", self.asking_alone())?;
                }
            }
            (false, Span(0)) if alone => write!(f, "; {}", self.asking_alone())?,
            (false, Span(0)) if source == Source::Nothing => {
                write!(f, ": {} each time", self.asking())?;
            }
            (false, Span(0)) => write!(f, "; {}", self.asking())?,
            (false, span) => write!(f, "; may still be served for {span} while it is revalidated")?,
        }
        match self.if_error.saturating_sub(since) {
            0 => Ok(()),
            left => write!(f, "; if the server fails, stale for {}", Span(left)),
        }
    }

    /// What is done once it is stale, whatever there is to ask with.
    fn asking_alone(&self) -> &'static str {
        match self.must_revalidate {
            Some(_) => "must be revalidated",
            None => "asked about again",
        }
    }

    /// What is done once it is stale.
    fn asking(&self) -> String {
        match (self.must_revalidate.is_some() && !self.no_cache, self.validator) {
            (true, Some(validator)) => format!("must be revalidated with {validator}"),
            (true, None) => "must be fetched anew".to_owned(),
            (false, Some(validator)) => format!("revalidate with {validator}"),
            (false, None) => "fetch anew".to_owned(),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: &[impl Display]) -> fmt::Result {
    for (place, item) in items.iter().take(MOST_SHOWN).enumerate() {
        write!(f, "{}{item}", if place > 0 { ", " } else { "" })?;
    }
    match items.len().saturating_sub(MOST_SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoStore => f.write_str("no-store"),
            Refusal::AskedNoStore => f.write_str("the request says no-store"),
            Refusal::Interim => f.write_str("an interim answer"),
            Refusal::Method(name) => write!(f, "an answer to {name}"),
            Refusal::Post => f.write_str("an answer to POST without lifetime and Content-Location"),
            Refusal::NotUnderstood(status) => write!(f, "must-understand, and {status} is unknown"),
            Refusal::Private => f.write_str("private"),
            Refusal::Authorization => f.write_str("the request was authorized"),
            Refusal::Status(status) => write!(f, "a {status} never is"),
            Refusal::Nothing(status) => write!(f, "a {status} without a lifetime"),
        }
    }
}

impl Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = Span(self.seconds);
        match self.source {
            Source::SharedMaxAge => write!(f, "{span} by s-maxage"),
            Source::MaxAge => write!(f, "{span} by max-age"),
            Source::Expires => write!(f, "{span} by Expires"),
            Source::Guess { capped: false } => write!(f, "{span}, a tenth of its age, is a guess"),
            Source::Guess { capped: true } => write!(f, "{span}, the most of a guess"),
            Source::Invalid(name) => write!(f, "none, as {name} makes no sense"),
            Source::Nothing => f.write_str("none given"),
        }
    }
}

impl Display for Vary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Vary::Nothing => f.write_str("for every request of this URL"),
            Vary::Anything => f.write_str("matches no other request"),
            Vary::On(names) => {
                f.write_str("for requests with the same ")?;
                list(f, names)
            }
        }
    }
}

impl Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Again::Reuse(seconds) => {
                write!(f, "answered from the cache, for {} more", Span(*seconds))
            }
            Again::Stale(because) => write!(f, "answered with what is stale: {because}"),
            Again::Revalidate(because) => write!(f, "revalidated: {because}"),
            Again::Fetch(because) => write!(f, "fetched anew: {because}"),
            Again::Timeout => f.write_str("answered 504: only-if-cached"),
        }
    }
}

impl Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Because::NotStored => "nothing is stored",
            Because::Unsafe => "the method is not safe",
            Because::NoCache => "no-cache",
            Because::Varies => "Vary: *",
            Because::Stale => "it is stale",
            Because::WhileRevalidating => "stale-while-revalidate",
            Because::AskedNoCache => "the request says no-cache",
            Because::AskedMaxAge => "the request's max-age",
            Because::AskedMinFresh => "the request's min-fresh",
            Because::AskedMaxStale => "the request's max-stale",
        })
    }
}
