//! The engine as a whole: lines in, verdicts and `Cookie` lines out, by section of RFC 6265bis.

mod limits;
mod properties;
mod sending;
mod storing;

use super::*;
use crate::base::Wall;
use url::Url;

const NOW: Wall = Wall(1_700_000_000_000); // 2023-11-14T22:13:20Z

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Stores lines that `from` answered and asks what goes to `to`.
fn sent(lines: &[&str], from: &str, to: &str) -> String {
    let mut jar = Jar::new();
    for line in lines {
        jar.store(line.as_bytes(), &url(from), NOW);
    }
    let line = jar.retrieve(&url(to), NOW).unwrap_or_default();
    String::from_utf8(line).unwrap()
}

fn verdict(line: &str, from: &str) -> Verdict {
    Jar::new().store(line.as_bytes(), &url(from), NOW).verdict
}
