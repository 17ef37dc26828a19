//! The cookies of one site, sorted by key: a domain's cookies lie side by side.
//!
//! Most sites hold one to ten cookies: one short list. A long list is cut into chunks, so that
//! a cookie put between others moves a chunk's boxes and not those of a whole jar.

use super::record::{Cookie, Key};

/// Cookies in one chunk; one more cuts it in half.
const CHUNK: usize = 512;

/// See the module. No chunk is empty.
#[derive(Clone, Default)]
pub(super) struct Shard {
    #[expect(
        clippy::vec_box,
        reason = "a box moves as eight bytes when a cookie is put between others"
    )]
    chunks: Vec<Vec<Box<Cookie>>>,
}

/// Where a cookie is, until the next is put in or removed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    chunk: usize,
    at: usize,
}

impl Shard {
    pub(super) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.chunks.iter().flatten().map(|cookie| &**cookie)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Cookie> {
        self.chunks.iter_mut().flatten().map(|cookie| &mut **cookie)
    }

    /// Where the cookies of `domain` are.
    pub(super) fn domain(&self, domain: &str) -> impl Iterator<Item = Place> {
        let (start, end) = self.bounds(domain);
        (start.chunk..=end.chunk).flat_map(move |chunk| {
            let from = if chunk == start.chunk { start.at } else { 0 };
            let len = self.chunks.get(chunk).map_or(0, Vec::len);
            let to = if chunk == end.chunk { end.at } else { len };
            (from..to).map(move |at| Place { chunk, at })
        })
    }

    /// How many cookies `domain` has.
    pub(super) fn count(&self, domain: &str) -> usize {
        let (start, end) = self.bounds(domain);
        let between: usize = self.chunks[start.chunk..end.chunk].iter().map(Vec::len).sum();
        between + end.at - start.at
    }

    pub(super) fn at(&self, place: Place) -> Option<&Cookie> {
        self.chunks.get(place.chunk)?.get(place.at).map(|cookie| &**cookie)
    }

    pub(super) fn at_mut(&mut self, place: Place) -> Option<&mut Cookie> {
        self.chunks.get_mut(place.chunk)?.get_mut(place.at).map(|cookie| &mut **cookie)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Cookie> {
        self.at(self.find(key).ok()?)
    }

    /// Puts a cookie in its place and gives back the one that had its key.
    pub(super) fn put(&mut self, cookie: Cookie) -> Option<Cookie> {
        let place = match self.find(&cookie.key) {
            Ok(place) => return self.at_mut(place).map(|old| std::mem::replace(old, cookie)),
            Err(place) => place,
        };
        if self.chunks.is_empty() {
            self.chunks.reserve_exact(1);
            self.chunks.push(Vec::new());
        }
        let chunk = &mut self.chunks[place.chunk];
        chunk.insert(place.at, Box::new(cookie));
        if chunk.len() > CHUNK {
            let behind = chunk.split_off(CHUNK / 2);
            self.chunks.insert(place.chunk + 1, behind);
        }
        None
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<Cookie> {
        let Place { chunk, at } = self.find(key).ok()?;
        let gone = self.chunks[chunk].remove(at);
        if self.chunks[chunk].is_empty() {
            self.chunks.remove(chunk);
        }
        Some(*gone)
    }

    /// Where the key is, or belongs.
    fn find(&self, key: &Key) -> Result<Place, Place> {
        // What lies behind all others belongs into the last chunk.
        let last = self.chunks.len().saturating_sub(1);
        let before = |chunk: &Vec<Box<Cookie>>| chunk.last().is_some_and(|c| c.key < *key);
        let chunk = self.chunks.partition_point(before).min(last);
        let Some(cookies) = self.chunks.get(chunk) else { return Err(Place { chunk, at: 0 }) };
        match cookies.binary_search_by(|c| c.key.cmp(key)) {
            Ok(at) => Ok(Place { chunk, at }),
            Err(at) => Err(Place { chunk, at }),
        }
    }

    /// The first place of `domain` and the one behind its last.
    fn bounds(&self, domain: &str) -> (Place, Place) {
        (self.edge(|key| *key.domain < *domain), self.edge(|key| *key.domain <= *domain))
    }

    /// The first place that is not `before`.
    fn edge(&self, before: impl Fn(&Key) -> bool) -> Place {
        let is_before = |cookie: &Cookie| before(&cookie.key);
        let chunk = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|c| is_before(c)));
        let cookies = self.chunks.get(chunk);
        Place { chunk, at: cookies.map_or(0, |cookies| cookies.partition_point(|c| is_before(c))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Wall;

    fn key(i: usize) -> Key {
        let domain = ["a.b", "c.b", "d.b"][i % 3];
        Key {
            domain: domain.into(),
            path: b"/"[..].into(),
            name: format!("n{i}").as_bytes().into(),
            host_only: true,
            partition: None,
        }
    }

    #[test]
    fn many_cookies_in_any_order_are_sorted_found_and_counted() {
        let mut shard = Shard::default();
        let many = 5000;
        // 2503 is prime to 5000: every number once, far from sorted.
        for i in (0..many).map(|i| i * 2503 % many) {
            assert!(shard.put(Cookie::new(key(i), b"1", Wall(0))).is_none());
        }
        assert!(shard.put(Cookie::new(key(7), b"2", Wall(0))).is_some());
        assert!(shard.chunks.iter().all(|chunk| (1..=CHUNK).contains(&chunk.len())));
        assert!(shard.iter().map(|c| &c.key).is_sorted());
        assert_eq!(shard.iter().count(), many);
        for (i, domain) in ["a.b", "c.b", "d.b", "", "b.b", "z"].into_iter().enumerate() {
            let want = if i < 3 { (0..many).filter(|n| n % 3 == i).count() } else { 0 };
            assert_eq!((shard.count(domain), shard.domain(domain).count()), (want, want));
            let there = shard.domain(domain).filter_map(|place| shard.at(place));
            assert!(there.into_iter().all(|cookie| *cookie.key.domain == *domain));
        }
        for i in 0..many {
            assert_eq!(shard.get(&key(i)).map(|c| &c.key), Some(&key(i)));
            assert!(shard.remove(&key(i)).is_some() && shard.remove(&key(i)).is_none());
        }
        assert!(shard.is_empty());
    }
}
