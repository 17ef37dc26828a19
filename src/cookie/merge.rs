//! Two jars that grew from one file become one again (SESSIONS.md, "Many processes, one session").
//!
//! Only what *we* set or removed is applied, key by key, to the jar that was
//! read again a moment ago; what others did meanwhile stays.

use super::jar::{Change, Jar};
use super::limits::{Limits, rank};
use super::record::{Cookie, Key, SameSite};
use crate::base::Wall;
use std::collections::HashMap;

/// What a file can hold of a cookie: only that can be compared with what it holds.
#[derive(Clone, Copy)]
enum Holds {
    /// Every field.
    All,
    /// The columns of a Netscape jar: whole seconds, no receive time, no `SameSite`, no partition.
    Columns,
}

impl Holds {
    fn key(self, key: &Key) -> Key {
        let partition = key.partition.clone().filter(|_| matches!(self, Holds::All));
        Key { partition, ..key.clone() }
    }

    fn cookie(self, cookie: &Cookie) -> Cookie {
        let mut held = cookie.clone();
        if let Holds::Columns = self {
            held.key.partition = None;
            held.same_site = SameSite::Default;
            held.received = None;
            // As the format writes it.
            held.expires = held.expires.map(|end| Wall::from_secs(end.secs().max(1)));
        }
        held
    }
}

impl Jar {
    /// Applies what `ours` changed since it was loaded to this jar, which holds what the file
    /// holds now.
    ///
    /// 1. Between two settings the later receive time wins; where the file knows none, ours does.
    /// 2. A removal removes the cookie that was there when we read or wrote the file, or an older
    ///    one.
    /// 3. Of two access times the later one stays.
    /// 4. A setting keeps the place of the one before it, unless we removed that in between.
    /// 5. Nothing is added beyond the limits of `ours`, unless either jar was beyond them before.
    pub fn merge(&mut self, ours: &Jar, now: Wall) {
        self.apply(ours, Holds::All, false, now);
    }

    /// [`Jar::merge`] where this jar was read from a Netscape file. What was there when we read or
    /// wrote it is told by what the format can hold. A file that is `new` to our jar
    /// ([`Jar::is_new_to`]) also gets what this run set and saved elsewhere.
    pub fn merge_columns(&mut self, ours: &Jar, new: bool, now: Wall) {
        self.apply(ours, Holds::Columns, new, now);
    }

    fn apply(&mut self, ours: &Jar, holds: Holds, new: bool, now: Wall) {
        let mut set: Vec<(&Cookie, bool)> = Vec::new();
        for (key, change) in &ours.changes {
            let held = holds.key(key);
            if change.removed {
                if self.is_removed_by(&held, change, holds) {
                    self.take(&held);
                }
            } else if self.is_replaced_by(&held, change, holds) {
                set.extend(ours.get(key).map(|cookie| (cookie, change.renewed)));
            }
        }
        if new {
            let settled = |cookie: &&Cookie| cookie.live && !ours.changes.contains_key(&cookie.key);
            set.extend(ours.iter().filter(settled).map(|cookie| (cookie, false)));
        }
        set.sort_unstable_by_key(|(c, _)| (c.created, c.order));
        let room = Room::before(self, ours, set.iter().map(|(c, _)| &*c.key.domain));
        for (cookie, renewed) in set {
            let cookie = holds.cookie(cookie);
            if renewed {
                self.take(&cookie.key);
            }
            self.put(cookie);
        }
        room.keep(self, now);
        for (site, shard) in &mut self.sites {
            let Some(ours) = ours.sites.get(site) else { continue };
            for cookie in shard.iter_mut() {
                if let Some(mine) = ours.get(&cookie.key) {
                    cookie.accessed = cookie.accessed.max(mine.accessed);
                }
            }
        }
    }

    fn is_removed_by(&self, key: &Key, change: &Change, holds: Holds) -> bool {
        let older = |there: &Cookie| there.received.is_some_and(|at| at < change.at);
        self.is_base(key, change, holds) || self.get(key).is_some_and(older)
    }

    fn is_replaced_by(&self, key: &Key, change: &Change, holds: Holds) -> bool {
        let received = self.get(key).and_then(|there| there.received);
        self.is_base(key, change, holds) || received.is_none_or(|at| at <= change.at)
    }

    /// Whether the file still holds what was there before the change.
    fn is_base(&self, key: &Key, change: &Change, holds: Holds) -> bool {
        match (self.get(key), change.base.as_deref()) {
            (Some(there), Some(base)) => holds.cookie(there).is_same_setting(&holds.cookie(base)),
            (there, base) => there.is_none() && base.is_none(),
        }
    }
}

/// How much may be in a jar after a merge: the limits of ours, or what either held before, since
/// neither a loaded file nor an import is cut.
struct Room<'j> {
    total: usize,
    domains: HashMap<&'j str, usize>,
}

impl<'j> Room<'j> {
    fn before(there: &Jar, ours: &Jar, domains: impl Iterator<Item = &'j str>) -> Room<'j> {
        let Limits { per_domain, total, .. } = ours.limits;
        let size = |domain| per_domain.max(there.count(domain)).max(ours.count(domain));
        Room {
            total: total.max(there.len()).max(ours.len()),
            domains: domains.map(|domain| (domain, size(domain))).collect(),
        }
    }

    fn keep(&self, jar: &mut Jar, now: Wall) {
        for (domain, room) in &self.domains {
            let more = jar.count(domain).saturating_sub(*room);
            if more > 0 {
                let crowd = jar.iter().filter(|cookie| *cookie.key.domain == **domain);
                let ranked = crowd.map(|c| (rank(c, true, now), &c.key)).collect();
                for key in ranked_keys(ranked, more) {
                    jar.take(&key);
                }
            }
        }
        let more = jar.len().saturating_sub(self.total);
        if more > 0 {
            let ranked = jar.iter().map(|c| (rank(c, false, now), &c.key)).collect();
            for key in ranked_keys(ranked, more) {
                jar.take(&key);
            }
        }
    }
}

/// The keys of the `count` cookies that go first.
fn ranked_keys<R: Ord + Copy>(mut ranked: Vec<(R, &Key)>, count: usize) -> Vec<Key> {
    ranked.sort_unstable_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(count).map(|(_, key)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    const NOW: Wall = Wall(1_700_000_000_000);

    fn url() -> Url {
        Url::parse("https://example.com/").unwrap()
    }

    fn key(name: &str) -> Key {
        Key {
            domain: "example.com".into(),
            path: b"/"[..].into(),
            name: name.as_bytes().into(),
            host_only: true,
            partition: None,
        }
    }

    /// A jar with `line` loaded as from a file.
    fn file(lines: &[(&str, Wall)]) -> Jar {
        let mut jar = Jar::with_limits(Limits::NONE);
        for (line, at) in lines {
            jar.store(line.as_bytes(), &url(), *at);
        }
        jar.settle();
        jar
    }

    fn value(jar: &Jar, name: &str) -> Option<String> {
        jar.get(&key(name)).map(|c| String::from_utf8_lossy(&c.value).into_owned())
    }

    #[test]
    fn what_both_added_is_there_and_nothing_else_is_touched() {
        let base = file(&[("old=1", NOW)]);
        let (mut ours, mut theirs) = (base.clone(), base);
        ours.store(b"a=1", &url(), NOW.plus_secs(1));
        theirs.store(b"b=2", &url(), NOW.plus_secs(2));
        theirs.merge(&ours, NOW);
        assert_eq!(theirs.len(), 3);
    }

    #[test]
    fn the_later_setting_wins_in_either_order_of_saving() {
        let base = file(&[("a=0", NOW)]);
        let (mut early, mut late) = (base.clone(), base);
        early.store(b"a=early", &url(), NOW.plus_secs(1));
        late.store(b"a=late", &url(), NOW.plus_secs(2));
        let (mut one, mut two) = (late.clone(), early.clone());
        one.merge(&early, NOW);
        two.merge(&late, NOW);
        assert_eq!(value(&one, "a").as_deref(), Some("late"));
        assert_eq!(value(&two, "a").as_deref(), Some("late"));
    }

    #[test]
    fn a_removal_takes_what_was_there_or_what_is_older() {
        let base = file(&[("a=0", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=; Max-Age=0", &url(), NOW.plus_secs(5));
        let mut untouched = base.clone();
        untouched.merge(&ours, NOW);
        assert_eq!(value(&untouched, "a"), None);
        let mut older = base.clone();
        older.store(b"a=1", &url(), NOW.plus_secs(4));
        older.merge(&ours, NOW);
        assert_eq!(value(&older, "a"), None);
        let mut newer = base.clone();
        newer.store(b"a=2", &url(), NOW.plus_secs(6));
        newer.merge(&ours, NOW);
        assert_eq!(value(&newer, "a").as_deref(), Some("2"));
    }

    #[test]
    fn where_receive_times_are_unknown_a_removal_spares_what_others_set() {
        let plain = |value: &[u8]| {
            let mut jar = Jar::new();
            jar.load(Cookie::new(key("a"), value, Wall(0)), NOW).unwrap();
            jar
        };
        let mut ours = plain(b"0");
        ours.remove(&key("a"), NOW);
        let (mut same, mut other) = (plain(b"0"), plain(b"1"));
        same.merge(&ours, NOW);
        other.merge(&ours, NOW);
        assert_eq!((same.len(), other.len()), (0, 1));
    }

    #[test]
    fn an_update_keeps_its_place_and_the_later_access_stays() {
        let base = file(&[("a=1", NOW), ("b=1", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=2", &url(), NOW.plus_secs(1));
        ours.retrieve(&url(), NOW.plus_secs(9));
        let mut disk = base;
        disk.merge(&ours, NOW);
        assert_eq!(disk.retrieve(&url(), NOW.plus_secs(9)).as_deref(), Some(&b"a=2; b=1"[..]));
        assert_eq!(disk.get(&key("b")).map(|c| c.accessed), Some(NOW.plus_secs(9)));
    }

    #[test]
    fn what_we_set_and_what_ended_since_leaves_nothing_behind() {
        let base = file(&[("a=0", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=1; Max-Age=1", &url(), NOW);
        ours.expire(NOW.plus_secs(5));
        let mut disk = base;
        disk.merge(&ours, NOW);
        assert!(disk.is_empty());
    }

    #[test]
    fn what_was_removed_in_between_comes_back_behind_the_others() {
        let base = file(&[("a=1", NOW), ("b=1", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=; Max-Age=0", &url(), NOW.plus_secs(1));
        ours.store(b"a=2", &url(), NOW.plus_secs(1));
        let mut disk = base;
        disk.merge(&ours, NOW);
        let sent = disk.retrieve(&url(), NOW.plus_secs(9));
        assert_eq!(sent, ours.retrieve(&url(), NOW.plus_secs(9)));
        assert_eq!(sent.as_deref(), Some(&b"b=1; a=2"[..]));
    }

    #[test]
    fn many_processes_together_keep_the_limits_and_an_import_is_not_cut() {
        let limits = Limits { per_domain: 3, ..Limits::default() };
        let mut disk = file(&[("a=1", NOW), ("b=1", NOW.plus_secs(1))]);
        let mut ours = Jar::with_limits(limits);
        ours.store(b"c=1", &url(), NOW.plus_secs(2));
        ours.store(b"d=1", &url(), NOW.plus_secs(3));
        disk.merge(&ours, NOW);
        assert_eq!((disk.len(), value(&disk, "a")), (3, None), "the one used longest ago went");
        for name in ["e", "f", "g"] {
            ours.insert(Cookie::new(key(name), b"1", NOW), NOW);
        }
        disk.merge(&ours, NOW);
        assert_eq!(disk.len(), 5, "as many as were put in by hand");
    }
}
