//! Which words a command knows: `fetch` and `inspect` read theirs by one grammar, from the table in
//! `flags` and a small one of their own.

use super::flags::{FLAGS, Flag, Group, Opt, Takes};

/// The words that a command knows: its own, then those of `fetch`.
pub(super) struct Grammar {
    /// What it is called.
    pub(super) command: &'static str,
    /// What it is, in a sentence.
    pub(super) about: &'static str,
    /// What most people come for.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// The flags that most people use, shown without being asked for.
    pub(super) usual: &'static [Opt],
    /// What stands below the flags.
    pub(super) notes: &'static str,
    /// Its own flags; they take the place of `fetch`'s with the same name.
    pub(super) own: &'static [Flag],
    /// Why a flag of `fetch` is not there, and what to use instead.
    pub(super) refuses: fn(&Flag) -> Option<&'static str>,
    /// Its file of defaults.
    pub(super) conf: Option<&'static str>,
}

impl Grammar {
    /// Every flag, in the order of the help.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        let common = FLAGS.iter().filter(|flag| {
            let shadowed = self.own.iter().any(|own| own.long == flag.long);
            !shadowed && (self.refuses)(flag).is_none()
        });
        self.own.iter().chain(common)
    }

    /// What the flags are about, in the order of the help.
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> {
        let own = (!self.own.is_empty()).then_some(Group::Report);
        let common = Group::ALL.into_iter();
        own.into_iter().chain(common.filter(|group| self.flags().any(|flag| flag.group == *group)))
    }

    fn all(&self) -> impl Iterator<Item = &'static Flag> {
        self.own.iter().chain(FLAGS)
    }

    /// The flag with this long name; the second is false for `no-NAME`.
    pub(super) fn by_long(&self, name: &str) -> Option<(&'static Flag, bool)> {
        let name = match name {
            // The name that curl 8.10 gave a flag of old.
            "show-headers" => "include",
            // As it is called where people speak of rustls.
            "native-roots" => "ca-native",
            "data-ascii" => "data",
            name => name,
        };
        if let Some(flag) = self.all().find(|flag| flag.long == name) {
            return Some((flag, true));
        }
        let positive = name.strip_prefix("no-")?;
        let flag = self.all().find(|flag| flag.long == positive && flag.takes == Takes::Switch)?;
        Some((flag, false))
    }

    /// The flag whose value `--expand-NAME` expands.
    pub(super) fn by_expanding(&self, name: &str) -> Option<&'static Flag> {
        let (flag, _) = self.by_long(name.strip_prefix("expand-")?)?;
        matches!(flag.takes, Takes::Value(_)).then_some(flag)
    }

    /// The flag with this letter.
    pub(super) fn by_short(&self, letter: char) -> Option<&'static Flag> {
        self.all().find(|flag| flag.short == Some(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help::FETCH;

    #[test]
    fn only_switches_can_be_taken_back() {
        assert!(
            FETCH.by_long("no-location").is_some_and(|(flag, on)| flag.opt == Opt::Location && !on)
        );
        assert!(FETCH.by_long("no-output").is_none() && FETCH.by_long("no-version").is_none());
    }
}
