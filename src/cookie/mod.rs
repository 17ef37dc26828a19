//! stub
#![allow(missing_docs)]
use crate::base::Wall;
use url::Url;
#[derive(Default)]
pub struct Jar;
#[derive(Debug)]
pub struct Stored {
    pub name: Box<[u8]>,
    pub verdict: Verdict,
}
#[derive(Debug)]
pub enum Verdict {
    Created,
    Replaced,
    Removed,
    Refused(&'static str),
}
impl Jar {
    pub fn retrieve(&mut self, _: &Url, _: Wall) -> Option<Vec<u8>> {
        None
    }
    pub fn store_all<'a>(
        &mut self,
        _: impl Iterator<Item = &'a [u8]>,
        _: &Url,
        _: Wall,
    ) -> Vec<Stored> {
        vec![]
    }
}
