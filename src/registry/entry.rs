//! The format of the data files: entries, keys, values. See the room's `mod.rs`.

use flate2::read::DeflateDecoder;
use std::io::Read;

/// How far a key is indented, and how far what goes on with its value.
const KEY: &str = "    ";
const MORE: &str = "        ";

/// A text that `build.rs` deflated, without its comments and empty lines.
pub(super) fn inflated(bytes: &[u8]) -> String {
    let mut text = String::new();
    // What the build has packed can be unpacked; the tests look at every entry.
    let _ = DeflateDecoder::new(bytes).read_to_string(&mut text);
    text
}

/// One entry: its first line, and the lines below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    body: &'static str,
}

/// The entries of a file, in its order.
pub(super) fn entries(file: &'static str) -> impl Iterator<Item = Entry> {
    let mut rest = file;
    std::iter::from_fn(move || {
        loop {
            let (line, behind) = cut_line(rest)?;
            rest = behind;
            if !line.is_empty() && !line.starts_with([' ', '#']) {
                let length = length_of_body(rest);
                let (body, behind) = rest.split_at(length);
                rest = behind;
                return Some(Entry { name: line, body });
            }
        }
    })
}

/// The first line, without its end, and what is behind it.
fn cut_line(text: &'static str) -> Option<(&'static str, &'static str)> {
    match text.split_once('\n') {
        Some((line, behind)) => Some((line.trim_end(), behind)),
        None if text.is_empty() => None,
        None => Some((text.trim_end(), "")),
    }
}

/// How many bytes come before the next entry.
fn length_of_body(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    lines.take_while(|line| line.starts_with([' ', '#', '\n', '\r'])).map(str::len).sum()
}

impl Entry {
    /// What stands below its first line; the pieces of a value are joined by one space.
    pub(super) fn keys(&self) -> Keys {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        for line in self.body.lines() {
            if let Some(more) = line.strip_prefix(MORE) {
                if let Some((_, value)) = pairs.last_mut() {
                    value.push(' ');
                    value.push_str(more.trim());
                }
            } else if let Some((key, value)) =
                line.strip_prefix(KEY).and_then(|line| line.split_once(':'))
            {
                pairs.push((key, value.trim().to_owned()));
            }
        }
        Keys(pairs)
    }
}

/// The keys of an entry and their values, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys(pub(super) Vec<(&'static str, String)>);

impl Keys {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        self.find(key).map(str::to_owned)
    }

    /// The value of a key that has to be there; the tests see to it that it is.
    pub(super) fn text(&self, key: &str) -> String {
        self.get(key).unwrap_or_default()
    }

    /// The members of a list, which are separated by commas.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let text = self.find(key).unwrap_or_default();
        let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
        members.map(str::to_owned).collect()
    }

    /// Whether a key says yes.
    pub(super) fn says_yes(&self, key: &str) -> bool {
        self.find(key) == Some("yes")
    }

    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.0.iter().find_map(|(name, value)| (*name == key).then_some(value.as_str()))
    }
}

/// What is wrong with a file, line by line: everything a person can mistype.
#[cfg(test)]
pub(super) fn faults(file: &'static str, keys: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut in_entry = false;
    let mut in_value = false;
    for (number, line) in file.lines().enumerate() {
        let mut say = |what: &str| faults.push(format!("line {}: {what}: {line}", number + 1));
        if line.ends_with([' ', '\t', '\r']) || line.contains('\t') {
            say("a tab, or a space at the end");
        }
        if line.chars().count() > 100 {
            say("more than 100 columns");
        }
        if line.chars().any(|c| c.is_control() || "“”‘’–—".contains(c)) {
            say("a character that not every keyboard has");
        }
        if line.is_empty() || line.starts_with('#') {
            in_value = false;
        } else if let Some(more) = line.strip_prefix(MORE) {
            if !in_value || more.starts_with(' ') {
                say("goes on with nothing");
            }
        } else if let Some(pair) = line.strip_prefix(KEY) {
            let known = pair.split_once(": ").is_some_and(|(key, value)| {
                let key = key.split_once(' ').map_or(key, |(key, _)| key);
                keys.contains(&key) && !value.is_empty() && !value.starts_with(' ')
            });
            if !known || !in_entry {
                say("no key that is known, with a value");
            }
            in_value = true;
        } else if line.starts_with(' ') {
            say("indented by neither four nor eight");
        } else {
            in_entry = true;
            in_value = false;
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Top.\n\nOne thing\n    meaning: begins here\n        and ends there.\n    \
                        list: a, b\n    yes: yes\n\n# Between.\nTwo\n    meaning: x: y\n";

    #[test]
    fn entries_have_keys_and_values_go_on() {
        let all: Vec<Entry> = entries(FILE).collect();
        assert_eq!(all.iter().map(|entry| entry.name).collect::<Vec<_>>(), ["One thing", "Two"]);
        let (one, two) = (all[0].keys(), all[1].keys());
        assert_eq!(one.text("meaning"), "begins here and ends there.");
        assert_eq!(one.list("list"), ["a", "b"]);
        assert!(one.says_yes("yes") && !one.says_yes("list"));
        assert_eq!(two.0, [("meaning", "x: y".to_owned())]);
        assert_eq!(two.get("list"), None);
    }

    #[test]
    fn what_is_mistyped_is_found() {
        assert_eq!(faults(FILE, &["meaning", "list", "yes"]), [""; 0]);
        for (file, line) in [
            ("One\n    meening: x\n", 2),
            ("One\n    meaning:\n", 2),
            ("One\n   meaning: x\n", 2),
            ("One\n        x\n", 2),
            ("    meaning: x\n", 1),
            ("One\n\tmeaning: x\n", 2),
            ("One \n", 1),
        ] {
            let faults = faults(file, &["meaning"]);
            assert!(faults.iter().any(|f| f.starts_with(&format!("line {line}:"))), "{file:?}");
        }
    }
}
