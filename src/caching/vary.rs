//! Which other requests an answer is good for (RFC 9111 section 4.1).

use crate::base::Headers;

/// So many names of fields are kept, and no longer ones; nobody sends more.
const MOST_NAMES: usize = 32;
const LONGEST_NAME: usize = 64;

/// What `Vary` says, over all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vary {
    /// Nothing: for every request of this URL.
    Nothing,
    /// For those that have the same values in these fields, in lower case and once each.
    On(Vec<String>),
    /// `*`: for none.
    Anything,
}

impl Vary {
    /// What the fields of an answer say.
    pub fn of(headers: &Headers) -> Vary {
        let mut names: Vec<String> = Vec::new();
        for member in headers.members("Vary") {
            if member == b"*" {
                return Vary::Anything;
            }
            let text = &member[..member.len().min(LONGEST_NAME)];
            let name = String::from_utf8_lossy(text).to_ascii_lowercase();
            if names.len() < MOST_NAMES && !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() { Vary::Nothing } else { Vary::On(names) }
    }
}
