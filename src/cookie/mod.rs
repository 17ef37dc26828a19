//! stub
#![allow(missing_docs)]
use crate::base::Wall;
use url::Url;
pub struct Jar;
#[derive(Debug)]
pub struct Receipt;
impl Jar {
    pub fn retrieve(&mut self, _: &Url, _: Wall) -> Option<Vec<u8>> {
        None
    }
    pub fn store_all<'a>(
        &mut self,
        _: impl Iterator<Item = &'a [u8]>,
        _: &Url,
        _: Wall,
    ) -> Vec<Receipt> {
        vec![]
    }
}
