//! Two jars that grew from one file become one again (SESSIONS.md, "Many processes, one session").
//!
//! Only what *we* set or removed is applied, key by key, to the jar that was
//! read again a moment ago; what others did meanwhile stays.

use super::jar::Jar;
use super::record::Cookie;

impl Jar {
    /// Applies what `ours` changed since it was loaded to this jar, which holds what the file
    /// holds now.
    ///
    /// 1. Between two settings the later receive time wins; where the file knows none, ours does.
    /// 2. A removal removes the cookie that was there when we read the file, or an older one.
    /// 3. Of two access times the later one stays.
    pub fn merge(&mut self, ours: &Jar) {
        let mut set: Vec<&Cookie> = Vec::new();
        for (key, change) in &ours.changes {
            let there = self.get(key);
            let is_base = match (there, change.base.as_deref()) {
                (Some(there), Some(base)) => there.is_same_setting(base),
                (there, base) => there.is_none() && base.is_none(),
            };
            let received = there.and_then(|c| c.received);
            if change.removed {
                if is_base || received.is_some_and(|at| at < change.at) {
                    self.take(key);
                }
            } else if is_base || received.is_none_or(|at| at <= change.at) {
                set.extend(ours.get(key));
            }
        }
        set.sort_unstable_by_key(|c| (c.created, c.order));
        set.into_iter().for_each(|cookie| self.put(cookie.clone()));
        for (site, shard) in &mut self.sites {
            let Some(ours) = ours.sites.get(site) else { continue };
            for cookie in shard.iter_mut() {
                if let Some(mine) = ours.get(&cookie.key) {
                    cookie.accessed = cookie.accessed.max(mine.accessed);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Wall;
    use crate::cookie::{Key, Limits};
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
        theirs.merge(&ours);
        assert_eq!(theirs.len(), 3);
    }

    #[test]
    fn the_later_setting_wins_in_either_order_of_saving() {
        let base = file(&[("a=0", NOW)]);
        let (mut early, mut late) = (base.clone(), base);
        early.store(b"a=early", &url(), NOW.plus_secs(1));
        late.store(b"a=late", &url(), NOW.plus_secs(2));
        let (mut one, mut two) = (late.clone(), early.clone());
        one.merge(&early);
        two.merge(&late);
        assert_eq!(value(&one, "a").as_deref(), Some("late"));
        assert_eq!(value(&two, "a").as_deref(), Some("late"));
    }

    #[test]
    fn a_removal_takes_what_was_there_or_what_is_older() {
        let base = file(&[("a=0", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=; Max-Age=0", &url(), NOW.plus_secs(5));
        let mut untouched = base.clone();
        untouched.merge(&ours);
        assert_eq!(value(&untouched, "a"), None);
        let mut older = base.clone();
        older.store(b"a=1", &url(), NOW.plus_secs(4));
        older.merge(&ours);
        assert_eq!(value(&older, "a"), None);
        let mut newer = base.clone();
        newer.store(b"a=2", &url(), NOW.plus_secs(6));
        newer.merge(&ours);
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
        same.merge(&ours);
        other.merge(&ours);
        assert_eq!((same.len(), other.len()), (0, 1));
    }

    #[test]
    fn an_update_keeps_its_place_and_the_later_access_stays() {
        let base = file(&[("a=1", NOW), ("b=1", NOW)]);
        let mut ours = base.clone();
        ours.store(b"a=2", &url(), NOW.plus_secs(1));
        ours.retrieve(&url(), NOW.plus_secs(9));
        let mut disk = base;
        disk.merge(&ours);
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
        disk.merge(&ours);
        assert!(disk.is_empty());
    }
}
