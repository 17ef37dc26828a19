//! The cookies of one site, sorted by key: a domain's cookies lie side by side.
//!
//! Most sites hold one to ten cookies; a sorted list of boxes is as small as it gets, and
//! moving eight bytes a cookie stays cheap into the ten thousands.

use super::record::{Cookie, Key};
use std::ops::Range;

/// See the module.
#[derive(Clone, Default)]
pub(super) struct Shard {
    #[expect(
        clippy::vec_box,
        reason = "a box moves as eight bytes when a cookie is put between others"
    )]
    cookies: Vec<Box<Cookie>>,
}

impl Shard {
    pub(super) fn len(&self) -> usize {
        self.cookies.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.cookies.iter().map(|cookie| &**cookie)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Cookie> {
        self.cookies.iter_mut().map(|cookie| &mut **cookie)
    }

    /// Where the cookies of `domain` are.
    pub(super) fn domain(&self, domain: &str) -> Range<usize> {
        let start = self.cookies.partition_point(|c| *c.key.domain < *domain);
        let len = self.cookies[start..].partition_point(|c| *c.key.domain == *domain);
        start..start + len
    }

    pub(super) fn at(&self, place: usize) -> Option<&Cookie> {
        self.cookies.get(place).map(|cookie| &**cookie)
    }

    pub(super) fn at_mut(&mut self, place: usize) -> Option<&mut Cookie> {
        self.cookies.get_mut(place).map(|cookie| &mut **cookie)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Cookie> {
        self.at(self.find(key).ok()?)
    }

    /// Puts a cookie in its place and gives back the one that had its key.
    pub(super) fn put(&mut self, cookie: Cookie) -> Option<Cookie> {
        match self.find(&cookie.key) {
            Ok(place) => Some(std::mem::replace(&mut *self.cookies[place], cookie)),
            Err(place) => {
                self.cookies.insert(place, Box::new(cookie));
                None
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<Cookie> {
        let place = self.find(key).ok()?;
        Some(*self.cookies.remove(place))
    }

    fn find(&self, key: &Key) -> Result<usize, usize> {
        // Files are sorted, so a cookie that is loaded mostly comes behind the last.
        match self.cookies.last() {
            Some(last) if last.key < *key => Err(self.cookies.len()),
            _ => self.cookies.binary_search_by(|c| c.key.cmp(key)),
        }
    }
}
