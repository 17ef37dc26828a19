//! The jar: cookies by site, then by domain, and what changed since it was loaded.
//!
//! A look-up visits the cookies of one site only, however many there are. The
//! list of changes is what a save applies to the file (`merge.rs`); loading is
//! no change, and neither is sending.

use super::admit;
use super::limits::Limits;
use super::queue::Queue;
use super::record::{Cookie, Key};
use super::shard::Shard;
use super::suffix::site_of;
use super::verdict::{Refusal, Verdict};
use crate::base::Wall;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// A store of cookies. Pure: it reads no clock and no file.
#[derive(Clone, Default)]
pub struct Jar {
    pub(super) sites: HashMap<Box<str>, Shard>,
    pub(super) limits: Limits,
    pub(super) queue: Queue,
    pub(super) changes: HashMap<Key, Change>,
    /// Where [`Jar::settle_in`] said that it was saved.
    places: HashSet<PathBuf>,
    cleared: bool,
    len: usize,
    next_order: u64,
    last_created: Option<Wall>,
}

/// What this jar did to one key since it was loaded or saved.
#[derive(Clone)]
pub(super) struct Change {
    /// When: the receive time of a setting, or the time of the removal.
    pub(super) at: Wall,
    /// Removed; otherwise set, and the cookie is in the jar.
    pub(super) removed: bool,
    /// Set again after the key had been without a cookie: what is there now came new, and is not
    /// entitled to the place of the one in the file.
    pub(super) renewed: bool,
    /// The cookie that was there before the first change.
    pub(super) base: Option<Box<Cookie>>,
}

impl Jar {
    /// An empty jar with the default limits.
    pub fn new() -> Jar {
        Jar::default()
    }

    /// An empty jar with limits of its own.
    pub fn with_limits(limits: Limits) -> Jar {
        Jar { limits, ..Jar::default() }
    }

    /// The limits it was made with.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// How many cookies it holds, expired ones that were not swept yet included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every cookie, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.sites.values().flat_map(Shard::iter)
    }

    /// Every cookie in the order of creation.
    pub fn in_order(&self) -> Vec<&Cookie> {
        let mut all: Vec<&Cookie> = self.iter().collect();
        all.sort_unstable_by_key(|c| (c.created, c.order));
        all
    }

    /// The cookie with this key.
    pub fn get(&self, key: &Key) -> Option<&Cookie> {
        self.sites.get(site_of(&key.domain))?.get(key)
    }

    /// Puts a cookie in that was read from the jar's own file: no change, and no cap on numbers.
    /// Of two with one key the one that was received later stays, which a cookie of a file without
    /// receive times never is; else the later one, in the place of the earlier.
    ///
    /// # Errors
    /// The same checks as for a `Set-Cookie` line, where they do not need a URL; and
    /// [`Refusal::Expired`].
    pub fn load(&mut self, cookie: Cookie, now: Wall) -> Result<(), Refusal> {
        let cookie = admit::checked(cookie)?;
        if cookie.is_expired(now) {
            return Err(Refusal::Expired);
        }
        if !self.has_later(&cookie, now) {
            self.queue.clear();
            self.put(cookie);
        }
        Ok(())
    }

    /// Puts a cookie in that comes from a file that is only read (`-b FILE`): as [`Jar::load`] does,
    /// but a change, so that it goes into what is saved.
    ///
    /// # Errors
    /// As [`Jar::load`].
    pub fn offer(&mut self, cookie: Cookie, now: Wall) -> Result<(), Refusal> {
        let cookie = admit::checked(cookie)?;
        if cookie.is_expired(now) {
            return Err(Refusal::Expired);
        }
        if !self.has_later(&cookie, now) {
            self.queue.clear();
            self.admit(cookie, now);
        }
        Ok(())
    }

    /// Puts a cookie in that comes from elsewhere (`cookies set`, an import): a change, with the
    /// checks of [`Jar::load`] and no cap on numbers. An expired one removes. Without a receive time
    /// it counts as received now.
    pub fn insert(&mut self, cookie: Cookie, now: Wall) -> Verdict {
        match admit::checked(cookie) {
            Ok(mut cookie) => {
                cookie.received.get_or_insert(now);
                self.queue.clear();
                self.admit(cookie, now)
            }
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    /// Takes every cookie out, and lets the next save drop whatever else the file holds of
    /// cookies: expired and refused ones, and lines that are not understood. Returns how many
    /// cookies there were. What another process set meanwhile stays.
    pub fn clear(&mut self, now: Wall) -> usize {
        let keys = self.keys_where(|_| true);
        keys.iter().for_each(|key| drop(self.remove(key, now)));
        self.cleared = true;
        keys.len()
    }

    /// Whether it was cleared since it was loaded or saved.
    pub fn is_cleared(&self) -> bool {
        self.cleared
    }

    /// Takes a cookie out; gives it back.
    pub fn remove(&mut self, key: &Key, now: Wall) -> Option<Cookie> {
        let gone = self.take(key);
        self.note(key, gone.as_ref(), now, true);
        gone
    }

    /// The session is over: removes the cookies that have no expiry (section 5.7). Returns how many.
    pub fn drop_session_cookies(&mut self, now: Wall) -> usize {
        let keys = self.keys_where(|c| c.expires.is_none());
        keys.iter().filter(|key| self.remove(key, now).is_some()).count()
    }

    /// Sweeps out what has expired; returns how many. Not a change: every reader of the file
    /// sees for itself that they have.
    pub fn expire(&mut self, now: Wall) -> usize {
        let keys = self.keys_where(|c| c.is_expired(now));
        for key in &keys {
            self.take(key);
            // What we set, and what has now ended, must not leave an older one behind in the file.
            if let Some(change) = self.changes.get_mut(key) {
                change.removed = true;
            }
        }
        keys.len()
    }

    /// Whether anything was set or removed since it was loaded or saved.
    pub fn has_changes(&self) -> bool {
        self.cleared || !self.changes.is_empty()
    }

    /// Whether this run set or removed the cookie with this key.
    pub fn has_changed(&self, key: &Key) -> bool {
        self.changes.contains_key(key) || self.get(key).is_some_and(|cookie| cookie.live)
    }

    /// Forgets the changes: they are saved.
    pub fn settle(&mut self) {
        self.changes.clear();
        self.cleared = false;
    }

    /// Likewise, to the file at `place`; then [`Jar::is_new_to`] it no more.
    pub fn settle_in(&mut self, place: &Path) {
        self.settle();
        if !self.places.contains(place) {
            self.places.insert(place.to_owned());
        }
    }

    /// Whether the file at `place` was never saved to, and this run has set cookies: then it gets
    /// them all, also those that were settled elsewhere.
    pub fn is_new_to(&self, place: &Path) -> bool {
        !self.places.contains(place) && self.iter().any(|cookie| cookie.live)
    }

    /// Whether there is a live cookie under this one's key that was received later.
    fn has_later(&self, cookie: &Cookie, now: Wall) -> bool {
        let old = self.get(&cookie.key);
        old.is_some_and(|old| !old.is_expired(now) && old.received > cookie.received)
    }

    /// Steps 23 and 24 of section 5.7: replaces what has the same key, or adds.
    pub(super) fn admit(&mut self, mut cookie: Cookie, now: Wall) -> Verdict {
        cookie.live = true;
        let at = cookie.received.unwrap_or(now);
        let key = cookie.key.clone();
        let old = self.get(&key).cloned();
        let live = old.as_ref().is_some_and(|old| !old.is_expired(now));
        let change = self.note(&key, old.as_ref(), at, cookie.is_expired(now));
        change.renewed |= old.is_some() && !live;
        if !live || cookie.is_expired(now) {
            self.take(&key);
        }
        if cookie.is_expired(now) {
            return Verdict::Removed;
        }
        self.put(cookie);
        if live { Verdict::Replaced } else { Verdict::Created }
    }

    /// A creation time that is later than all that were given in this run.
    pub(super) fn distinct(&mut self, created: Wall) -> Wall {
        let next = match self.last_created {
            Some(Wall(last)) if last >= created.0 => Wall(last.saturating_add(1)),
            _ => created,
        };
        self.last_created = Some(next);
        next
    }

    /// Puts a cookie under its key; an older one gives it its creation time and its turn.
    pub(super) fn put(&mut self, mut cookie: Cookie) {
        let shard = self.sites.entry(site_of(&cookie.key.domain).into()).or_default();
        match shard.get(&cookie.key) {
            Some(old) => (cookie.created, cookie.order) = (old.created, old.order),
            None => {
                cookie.order = self.next_order;
                self.next_order += 1;
                self.len += 1;
            }
        }
        shard.put(cookie);
    }

    pub(super) fn take(&mut self, key: &Key) -> Option<Cookie> {
        let site = site_of(&key.domain);
        let shard = self.sites.get_mut(site)?;
        let gone = shard.remove(key)?;
        self.len -= 1;
        if shard.is_empty() {
            self.sites.remove(site);
        }
        Some(gone)
    }

    pub(super) fn note(
        &mut self,
        key: &Key,
        before: Option<&Cookie>,
        at: Wall,
        removed: bool,
    ) -> &mut Change {
        let change = self.changes.entry(key.clone()).or_insert_with(|| {
            let base = before.cloned().map(Box::new);
            Change { at, removed, renewed: false, base }
        });
        change.renewed |= change.removed && !removed;
        (change.at, change.removed) = (at, removed);
        change
    }

    /// How many cookies a domain has.
    pub(super) fn count(&self, domain: &str) -> usize {
        self.sites.get(site_of(domain)).map_or(0, |shard| shard.count(domain))
    }

    /// The cookies of a domain.
    pub(super) fn of_domain(&self, domain: &str) -> impl Iterator<Item = &Cookie> {
        let shard = self.sites.get(site_of(domain));
        shard
            .into_iter()
            .flat_map(move |shard| shard.domain(domain).filter_map(|place| shard.at(place)))
    }

    fn keys_where(&self, wanted: impl Fn(&Cookie) -> bool) -> Vec<Key> {
        self.iter().filter(|c| wanted(c)).map(|c| c.key.clone()).collect()
    }
}

impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.in_order()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    const NOW: Wall = Wall(1_700_000_000_000);

    fn key(domain: &str, name: &str) -> Key {
        Key {
            domain: domain.into(),
            path: b"/"[..].into(),
            name: name.as_bytes().into(),
            host_only: true,
            partition: None,
        }
    }

    #[test]
    fn loading_is_no_change_and_setting_is() {
        let mut jar = Jar::new();
        jar.load(Cookie::new(key("example.com", "a"), b"1", NOW), NOW).unwrap();
        assert!(!jar.has_changes());
        assert_eq!(
            jar.insert(Cookie::new(key("example.com", "a"), b"2", NOW), NOW),
            Verdict::Replaced
        );
        assert!(jar.has_changes());
        jar.settle();
        assert!(!jar.has_changes());
        assert_eq!(jar.len(), 1);
    }

    #[test]
    fn what_is_put_in_by_hand_counts_as_received_now() {
        let mut jar = Jar::new();
        assert_eq!(
            jar.insert(Cookie::new(key("EXAMPLE.com", "a"), b"1", Wall(0)), NOW),
            Verdict::Created
        );
        let there = jar.get(&key("example.com", "a")).unwrap();
        assert_eq!((there.received, there.created), (Some(NOW), Wall(0)));
        let refused = jar.insert(Cookie::new(key("example.com", "__Host-a"), b"1", NOW), NOW);
        assert_eq!(refused, Verdict::Refused(Refusal::HostPrefix));
    }

    #[test]
    fn the_session_ends_and_lasting_cookies_stay() {
        let mut jar = Jar::new();
        let mut lasting = Cookie::new(key("example.com", "a"), b"1", NOW);
        lasting.expires = Some(NOW.plus_secs(60));
        jar.load(lasting, NOW).unwrap();
        jar.load(Cookie::new(key("example.com", "b"), b"2", NOW), NOW).unwrap();
        assert_eq!(jar.drop_session_cookies(NOW), 1);
        assert_eq!(jar.in_order().len(), 1);
        assert_eq!(jar.expire(NOW.plus_secs(60)), 1);
        assert!(jar.is_empty() && jar.sites.is_empty());
    }

    #[test]
    fn a_look_up_finds_only_its_own_site_in_a_crowd() {
        let mut jar = Jar::with_limits(Limits::NONE);
        for i in 0..5000 {
            jar.load(Cookie::new(key(&format!("h{i}.example"), "a"), b"1", NOW), NOW).unwrap();
        }
        assert_eq!(jar.sites.len(), 5000);
        let url = Url::parse("http://h77.example/").unwrap();
        assert_eq!(jar.retrieve(&url, NOW).as_deref(), Some(&b"a=1"[..]));
    }

    #[test]
    fn values_are_not_in_the_debug_output() {
        let mut jar = Jar::new();
        jar.load(Cookie::new(key("example.com", "sid"), b"hush", NOW), NOW).unwrap();
        let shown = format!("{jar:?} {:?}", jar.changes.len());
        assert!(shown.contains("sid") && !shown.contains("hush"), "{shown}");
    }

    #[test]
    fn a_cookie_of_a_file_does_not_replace_one_that_a_server_sent() {
        let at = Url::parse("http://a.example/").unwrap();
        let mut jar = Jar::new();
        jar.store(b"a=server", &at, NOW);
        jar.settle();
        for _ in 0..2 {
            jar.offer(Cookie::new(key("a.example", "a"), b"file", NOW), NOW).unwrap();
            jar.offer(Cookie::new(key("a.example", "b"), b"one", NOW), NOW).unwrap();
            jar.load(Cookie::new(key("a.example", "a"), b"file", NOW), NOW).unwrap();
        }
        jar.offer(Cookie::new(key("a.example", "b"), b"two", NOW), NOW).unwrap();
        assert_eq!(jar.retrieve(&at, NOW).as_deref(), Some(&b"a=server; b=two"[..]));
        assert_eq!(jar.changes.len(), 1, "b is new and is to be saved");
    }
}
