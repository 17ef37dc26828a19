//! What one kind of cache makes of an answer, and what it does when it is asked again.

use super::storing::refusals;
use super::{Age, Answer, Delta, Directives, Lifetime, Refusal, Validators, Vary};

/// Who may read what a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// One user, as in a browser.
    Private,
    /// Many, as in a proxy or a CDN.
    Shared,
}

/// What one kind of cache makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which kind.
    pub cache: Cache,
    /// Why it is not stored; nothing where it may be.
    pub refusals: Vec<Refusal>,
    /// A 304: what is stored already gets its fields and is fresh again (section 4.3.4).
    pub freshens: bool,
    /// For how long it is fresh.
    pub lifetime: Lifetime,
    /// How old it is now, in seconds.
    pub age: u64,
    /// It is never used without asking: `no-cache` (section 5.2.2.4).
    pub no_cache: bool,
    /// It matches no request: `Vary: *` (section 4.1).
    pub matches_nothing: bool,
    /// While it is fresh, even a reload does not ask (RFC 8246).
    pub immutable: bool,
    /// Once stale it must not be used without asking: the directive that says so.
    pub must_revalidate: Option<&'static str>,
    /// For so long it may be used stale while it is revalidated (RFC 5861 section 3).
    pub while_revalidating: u64,
    /// For so long it may be used stale where the server fails (RFC 5861 section 4).
    pub if_error: u64,
    /// Fields that are not stored, or not used without asking.
    pub without: Vec<String>,
    /// The field that it is asked with.
    pub validator: Option<&'static str>,
    /// What happens when the same request comes again now.
    pub again: Again,
}

/// What a cache does with the same request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It answers by itself, for so many seconds more.
    Reuse(u64),
    /// It answers with what is stale.
    Stale(Because),
    /// It asks the server whether it is still good.
    Revalidate(Because),
    /// It asks the server anew.
    Fetch(Because),
    /// It answers 504: `only-if-cached`, and nothing that could be used.
    Timeout,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Nothing is stored.
    NotStored,
    /// The method is written through to the server.
    Unsafe,
    /// The answer says `no-cache`.
    NoCache,
    /// `Vary: *`.
    Varies,
    /// It is stale.
    Stale,
    /// `stale-while-revalidate`: it is asked behind the client's back.
    WhileRevalidating,
    /// The request says `no-cache`, perhaps by `Pragma`.
    AskedNoCache,
    /// The request says `max-age`, and the answer is older.
    AskedMaxAge,
    /// The request says `min-fresh`, and it would be fresh for less.
    AskedMinFresh,
    /// The request says `max-stale`.
    AskedMaxStale,
}

impl View {
    pub(super) fn of(
        cache: Cache,
        answer: &Answer<'_>,
        control: &Directives,
        age: &Age,
        validators: &Validators,
        vary: &Vary,
    ) -> View {
        let must_revalidate = must_revalidate(cache, control);
        let stale = |delta: Delta| delta.seconds().filter(|_| must_revalidate.is_none());
        let without = match cache {
            Cache::Shared => control.private.fields(),
            Cache::Private => &[],
        };
        let mut view = View {
            cache,
            refusals: refusals(cache, answer, control),
            freshens: answer.status == 304,
            lifetime: Lifetime::of(cache, answer, control, age),
            age: age.current,
            no_cache: control.no_cache.is_whole(),
            matches_nothing: *vary == Vary::Anything,
            immutable: control.immutable,
            must_revalidate,
            while_revalidating: stale(control.stale_while_revalidate).unwrap_or(0),
            if_error: stale(control.stale_if_error).unwrap_or(0),
            without: without.iter().chain(control.no_cache.fields()).cloned().collect(),
            validator: validators.name(),
            again: Again::Timeout,
        };
        view.again = view.again(answer);
        view
    }

    /// Whether a cache may store it.
    pub fn is_stored(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Whether it is fresh now (section 4.2).
    pub fn is_fresh(&self) -> bool {
        self.lifetime.seconds > self.age
    }

    /// For how many seconds it is still fresh.
    pub fn fresh_for(&self) -> u64 {
        self.lifetime.seconds.saturating_sub(self.age)
    }

    /// For how many seconds it has been stale.
    pub fn stale_for(&self) -> u64 {
        self.age.saturating_sub(self.lifetime.seconds)
    }

    /// What happens when the request of this answer comes again (section 4).
    fn again(&self, answer: &Answer<'_>) -> Again {
        let asked = Directives::asked(answer.request);
        let served = self.served(answer, &asked);
        match served {
            Again::Reuse(_) | Again::Stale(_) => served,
            // It would have to ask, and must not (section 5.2.1.7).
            _ if asked.only_if_cached => Again::Timeout,
            _ => served,
        }
    }

    fn served(&self, answer: &Answer<'_>, asked: &Directives) -> Again {
        let ask = |because| match self.validator {
            Some(_) => Again::Revalidate(because),
            None => Again::Fetch(because),
        };
        if !answer.method.is_safe() {
            return Again::Fetch(Because::Unsafe);
        }
        if !self.is_stored() {
            return Again::Fetch(Because::NotStored);
        }
        if self.matches_nothing {
            return ask(Because::Varies);
        }
        if self.no_cache {
            return ask(Because::NoCache);
        }
        if asked.no_cache.is_whole() {
            return ask(Because::AskedNoCache);
        }
        if asked.max_age.seconds().is_some_and(|most| self.age > most) {
            return ask(Because::AskedMaxAge);
        }
        if asked.min_fresh.seconds().is_some_and(|least| self.fresh_for() < least) {
            return ask(Because::AskedMinFresh);
        }
        if self.is_fresh() {
            return Again::Reuse(self.fresh_for());
        }
        let stale_for = self.stale_for();
        // Within so many seconds of the end of its life; a lifetime of 0 has ended already.
        let allowed = |most: u64| most > 0 && stale_for <= most;
        if self.must_revalidate.is_some() {
            return ask(Because::Stale);
        }
        // Who gives a max-age wants nothing stale unless it is said (section 5.2.1.1).
        let strict = asked.max_age.seconds().is_some() && asked.max_stale == Delta::Absent;
        if allowed(self.while_revalidating) && !strict {
            return Again::Stale(Because::WhileRevalidating);
        }
        if asked.max_stale.seconds().is_some_and(allowed) {
            return Again::Stale(Because::AskedMaxStale);
        }
        ask(Because::Stale)
    }
}

/// The directive that forbids stale use in this cache (section 4.2.4). `s-maxage` says for shared
/// caches what `proxy-revalidate` says (section 5.2.2.10).
fn must_revalidate(cache: Cache, control: &Directives) -> Option<&'static str> {
    let shared = cache == Cache::Shared;
    match control {
        _ if control.must_revalidate => Some("must-revalidate"),
        _ if shared && control.proxy_revalidate => Some("proxy-revalidate"),
        _ if shared && control.s_maxage != Delta::Absent => Some("s-maxage"),
        _ => None,
    }
}
