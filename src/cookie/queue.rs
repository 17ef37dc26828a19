//! Who goes first from a crowd, without looking through all of it for each cookie that comes.
//!
//! A look lists the first few; while nothing but stores and look-ups happens, they
//! stay the first: being sent only puts a cookie behind, and what comes is sorted in.

use super::jar::Jar;
use super::limits::rank;
use super::record::{Cookie, Key};
use crate::base::Wall;

/// The most that one look lists.
const LISTED: usize = 256;

type Rank = (u8, Wall, Wall, u64);

/// See the module.
#[derive(Clone, Default)]
pub(super) struct Queue {
    /// The domain that is too full; `None` for the jar.
    domain: Option<Box<str>>,
    /// Who goes first stands last.
    first: Vec<(Rank, Key)>,
    /// When the next cookie of the crowd ends, and goes before all others.
    until: Option<Wall>,
    /// The time of the last store; where the clock goes back, the list is no good.
    seen: Option<Wall>,
}

impl Queue {
    /// Forgets the list: the crowd changed in another way than by a store or a look-up.
    pub(super) fn clear(&mut self) {
        self.first.clear();
    }

    /// The one to go.
    fn next(&mut self, jar: &Jar, domain: Option<&str>, now: Wall) -> Option<Key> {
        if self.domain.as_deref() != domain || self.until.is_some_and(|end| end <= now) {
            self.clear();
        }
        while let Some((listed, key)) = self.first.pop() {
            if jar.get(&key).is_some_and(|c| jar.rank_in(c, domain, now) <= listed) {
                return Some(key);
            }
        }
        self.look(jar, domain, now);
        self.first.pop().map(|(_, key)| key)
    }

    fn look(&mut self, jar: &Jar, domain: Option<&str>, now: Wall) {
        let crowd: Vec<&Cookie> = match domain {
            Some(domain) => jar.of_domain(domain).collect(),
            None => jar.iter().collect(),
        };
        let ends = crowd.iter().filter_map(|c| c.expires).filter(|end| *end > now);
        self.until = ends.min();
        self.domain = domain.map(Into::into);
        let mut ranked: Vec<(Rank, &Key)> =
            crowd.iter().map(|c| (jar.rank_in(c, domain, now), &c.key)).collect();
        let few = (ranked.len() / 8 + 1).min(LISTED);
        if few < ranked.len() {
            ranked.select_nth_unstable_by_key(few, |(rank, _)| *rank);
            ranked.truncate(few);
        }
        ranked.sort_unstable_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        self.first = ranked.into_iter().map(|(rank, key)| (rank, key.clone())).collect();
    }

    /// Sorts in a cookie that was stored.
    fn came(&mut self, jar: &Jar, key: &Key, now: Wall) {
        if self.seen.replace(now).is_some_and(|seen| now < seen) {
            self.clear();
        }
        let Some((highest, _)) = self.first.first() else { return };
        let domain = self.domain.as_deref();
        let Some(cookie) = jar.get(key) else { return };
        if domain.is_some_and(|domain| *domain != *key.domain) {
            return;
        }
        let rank = jar.rank_in(cookie, domain, now);
        self.until = self.until.into_iter().chain(cookie.expires).min();
        if rank < *highest {
            let place = self.first.partition_point(|(listed, _)| *listed > rank);
            self.first.insert(place, (rank, key.clone()));
        }
    }
}

impl Jar {
    /// Who goes first from a domain, or from the whole jar.
    pub(super) fn goes_first(&mut self, domain: Option<&str>, now: Wall) -> Option<Key> {
        let mut queue = std::mem::take(&mut self.queue);
        let first = queue.next(self, domain, now);
        self.queue = queue;
        first
    }

    /// Tells the queue that a cookie was stored.
    pub(super) fn queue_up(&mut self, key: &Key, now: Wall) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.came(self, key, now);
        self.queue = queue;
    }

    fn rank_in(&self, cookie: &Cookie, domain: Option<&str>, now: Wall) -> Rank {
        let crowded = domain.is_some() || self.count(&cookie.key.domain) > self.limits.per_domain;
        rank(cookie, crowded, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::Limits;
    use url::Url;

    const NOW: Wall = Wall(1_700_000_000_000);

    #[test]
    fn the_same_cookies_go_as_when_all_are_looked_at_each_time() {
        let mut jar = Jar::with_limits(Limits { total: 200, per_domain: 60, ..Limits::default() });
        let mut dice = 7u64;
        let mut roll = |sides: u64| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        let mut evicted = 0;
        for turn in 0..1500 {
            let now = NOW.plus_secs(turn / 4 - i64::from(roll(9) == 0) * 50);
            let host = ["a", "b", "c", "d", "e", "f", "g", "h"][usize::try_from(roll(8)).unwrap()];
            let from = Url::parse(&format!("https://{host}.example/")).unwrap();
            if roll(3) == 0 {
                jar.retrieve(&from, now);
            }
            let more = ["", "; Secure", "; Max-Age=20", "; Max-Age=0"];
            let more = more[usize::try_from(roll(4)).unwrap()];
            let line = format!("n{}={turn}{more}", roll(90));
            let before = jar.len();
            let mut slow = jar.clone();
            slow.queue.clear();
            let want = slow.store(line.as_bytes(), &from, now).verdict;
            assert_eq!(jar.store(line.as_bytes(), &from, now).verdict, want);
            let keys = |jar: &Jar| jar.in_order().iter().map(|c| c.key.clone()).collect::<Vec<_>>();
            assert_eq!(keys(&jar), keys(&slow), "turn {turn}");
            evicted += usize::from(before == 200 && jar.len() == 200);
        }
        assert!(evicted > 100, "{evicted}");
    }
}
