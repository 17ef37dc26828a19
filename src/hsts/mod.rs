//! Floor 1: hosts that are spoken to by https only (RFC 6797), as a pure machine.
//!
//! In: `Strict-Transport-Security` fields, lines of curl's file, the time. Out: whether a host is
//! one of them, and the lines.
//!
//! 1. An address is never one of them (section 8.1.1).
//! 2. A host with `includeSubDomains` stands for all below it.
//! 3. What was learnt in a run is kept apart, so that it can be put into a file that another
//!    process has written to meanwhile.

use crate::base::{Wall, compact_date, parse_date};
use std::collections::BTreeMap;

/// With so many hosts no other is learnt, or a server could fill the list. What a file holds
/// already is kept, however much that is.
const MOST_HOSTS: usize = 10_000;

/// The longest name of a host (RFC 1035 section 2.3.4), with room for those that are none.
const LONGEST_HOST: usize = 2048;

/// What stands for ever.
const UNLIMITED: &str = "unlimited";

/// What the file says of itself, in curl's format.
const ABOUT: &str = "# Your HSTS cache. https://curl.se/docs/hsts.html\n\
                     # Hosts that are spoken to by https only, and until when.\n";

/// One host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    until: Wall,
    subdomains: bool,
}

/// The hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store {
    hosts: BTreeMap<Box<str>, Entry>,
    /// What was learnt since: an entry, or that there is none any more.
    learnt: BTreeMap<Box<str>, Option<Entry>>,
}

impl Store {
    /// Adds what a file says. Lines that make no sense say nothing, as in curl; of two that speak
    /// of one host the later date counts, and the wider reach.
    pub fn read(&mut self, text: &str, now: Wall) {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let Some((host, until)) = read_line(line).filter(|(_, until)| *until > now) else {
                continue;
            };
            let (name, subdomains) = match host.strip_prefix('.') {
                Some(name) => (name, true),
                None => (host, false),
            };
            let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
            if name.is_empty() || name.len() > LONGEST_HOST {
                continue;
            }
            let entry = self.hosts.entry(name.into()).or_insert(Entry { until, subdomains });
            entry.until = entry.until.max(until);
            entry.subdomains |= subdomains;
        }
    }

    /// Whether a text may be such a list: it has nothing, or something that makes sense.
    pub fn is_list(text: &str) -> bool {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        lines.peek().is_none()
            || lines.any(|line| line.starts_with('#') || read_line(line).is_some())
    }

    /// The file, in curl's format.
    pub fn write(&self, now: Wall) -> String {
        let mut text = ABOUT.to_owned();
        for (host, entry) in self.hosts.iter().filter(|(_, entry)| entry.until > now) {
            let dot = if entry.subdomains { "." } else { "" };
            let until = match entry.until {
                Wall::MAX => UNLIMITED.to_owned(),
                until => compact_date(until),
            };
            text.push_str(&format!("{dot}{host} \"{until}\"\n"));
        }
        text
    }

    /// Whether this canonical host is one of them.
    pub fn holds(&self, host: &str, now: Wall) -> bool {
        if is_address(host) {
            return false;
        }
        let here = |name: &str| self.hosts.get(name).filter(|entry| entry.until > now);
        let mut above = host;
        if here(host).is_some() {
            return true;
        }
        while let Some((_, rest)) = above.split_once('.') {
            if here(rest).is_some_and(|entry| entry.subdomains) {
                return true;
            }
            above = rest;
        }
        false
    }

    /// Learns from the field that a host sent over a sound TLS connection. A field that makes no
    /// sense teaches nothing (section 6.1).
    pub fn learn(&mut self, host: &str, field: &[u8], now: Wall) {
        if is_address(host) || host.len() > LONGEST_HOST {
            return;
        }
        let Some(Policy { seconds, subdomains }) = policy(field) else { return };
        let known = self.hosts.contains_key(host);
        let entry = (seconds > 0).then(|| Entry { until: now.plus_secs(seconds), subdomains });
        if !known && (entry.is_none() || self.hosts.len() >= MOST_HOSTS) {
            return;
        }
        self.learnt.insert(host.into(), entry);
        self.put(host, entry);
    }

    /// Whether there is anything that a file does not know.
    pub fn has_learnt(&self) -> bool {
        !self.learnt.is_empty()
    }

    /// Puts what `other` has learnt into this one.
    pub fn apply(&mut self, other: &Store) {
        for (host, entry) in &other.learnt {
            self.put(host, *entry);
        }
    }

    fn put(&mut self, host: &str, entry: Option<Entry>) {
        match entry {
            Some(entry) => drop(self.hosts.insert(host.into(), entry)),
            None => drop(self.hosts.remove(host)),
        }
    }
}

/// `host "date"`.
fn read_line(line: &str) -> Option<(&str, Wall)> {
    let (host, rest) = line.split_once([' ', '\t'])?;
    let date = rest.trim().strip_prefix('"')?.strip_suffix('"')?;
    let until = if date == UNLIMITED { Wall::MAX } else { parse_date(date)? };
    Some((host, until))
}

/// What a `Strict-Transport-Security` field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For so many seconds; 0 takes an earlier one back.
    pub seconds: i64,
    /// Whether it is about everything below the host, too.
    pub subdomains: bool,
}

/// Reads a field: `max-age`, which there must be, and `includeSubDomains`, each once at most.
/// Others are passed over; a field that makes no sense says nothing (section 6.1).
pub fn policy(field: &[u8]) -> Option<Policy> {
    let field = String::from_utf8_lossy(field);
    let (mut age, mut subdomains) = (None, false);
    for directive in field.split(';').map(str::trim) {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(value.trim_start())),
            None => (directive, None),
        };
        if name.eq_ignore_ascii_case("max-age") {
            let value = value?;
            let bare = value.strip_prefix('"').map_or(Some(value), |v| v.strip_suffix('"'))?;
            let plain = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
            if !plain || age.is_some() {
                return None;
            }
            // More than fits is for ever.
            age = Some(bare.parse().unwrap_or(i64::MAX));
        } else if name.eq_ignore_ascii_case("includeSubDomains")
            && std::mem::replace(&mut subdomains, true)
        {
            return None;
        }
    }
    Some(Policy { seconds: age?, subdomains })
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Wall = Wall(784_111_777_000);

    fn learnt(host: &str, fields: &[&str]) -> Store {
        let mut store = Store::default();
        fields.iter().for_each(|field| store.learn(host, field.as_bytes(), NOW));
        store
    }

    #[test]
    fn a_file_may_hold_more_than_servers_may_teach() {
        let line = |n: usize| format!("h{n}.example \"20991231 00:00:00\"\n");
        let mut store = Store::default();
        store.read(&(0..=MOST_HOSTS).map(line).collect::<String>(), NOW);
        assert!(store.holds("h10000.example", NOW));
        store.learn("new.example", b"max-age=9", NOW);
        assert!(!store.holds("new.example", NOW) && !store.has_learnt());
    }

    #[test]
    fn a_text_of_something_else_is_no_list() {
        for list in ["", "\n", "# comment\n", "x\na.example \"unlimited\"\n"] {
            assert!(Store::is_list(list), "{list}");
        }
        assert!(!Store::is_list("buy milk\n") && !Store::is_list("\u{fffd}x"));
    }

    #[test]
    fn a_host_is_held_until_its_time_is_over() {
        let store = learnt("a.example", &["max-age=10"]);
        assert!(store.holds("a.example", NOW) && store.holds("a.example", Wall(NOW.0 + 9999)));
        assert!(!store.holds("a.example", Wall(NOW.0 + 10_000)));
        assert!(!store.holds("b.a.example", NOW) && !store.holds("example", NOW));
    }

    #[test]
    fn subdomains_are_held_where_the_host_says_so() {
        let store = learnt("a.example", &["max-age=\"10\" ; IncludeSubdomains; preload"]);
        assert!(store.holds("x.b.a.example", NOW) && !store.holds("ba.example", NOW));
    }

    #[test]
    fn no_age_takes_it_back() {
        let store = learnt("a.example", &["max-age=10", "max-age=0"]);
        assert!(!store.holds("a.example", NOW) && store.has_learnt());
        assert!(!learnt("a.example", &["max-age=0"]).has_learnt());
    }

    #[test]
    fn a_field_that_makes_no_sense_teaches_nothing() {
        for field in [
            "",
            "includeSubDomains",
            "max-age",
            "max-age=",
            "max-age=x",
            "max-age=-1",
            "max-age=\"1",
            "max-age=1; max-age=2",
            "max-age=1; includesubdomains; includeSubDomains",
        ] {
            assert!(!learnt("a.example", &[field]).has_learnt(), "{field}");
        }
        assert!(learnt("a.example", &["max-age=99999999999999999999"]).holds("a.example", NOW));
    }

    #[test]
    fn an_address_is_never_held() {
        for host in ["127.0.0.1", "[::1]"] {
            let mut store = learnt(host, &["max-age=10"]);
            store.read(&format!("{host} \"unlimited\""), NOW);
            assert!(!store.holds(host, NOW), "{host}");
        }
    }

    #[test]
    fn the_file_is_curls() {
        let text = "# a comment\n\n.Sub.example. \"20991231 23:59:59\"\nold.example \"19900101 \
                    00:00:00\"\na.example \"unlimited\"\nnonsense\nb.example 20991231\n";
        let mut store = Store::default();
        store.read(text, NOW);
        assert!(store.holds("x.sub.example", NOW) && !store.holds("old.example", NOW));
        let written = store.write(NOW);
        let lines: Vec<_> = written.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines, ["a.example \"unlimited\"", ".sub.example \"20991231 23:59:59\""]);
    }

    #[test]
    fn what_was_learnt_goes_into_what_another_has_written() {
        let ours = learnt("a.example", &["max-age=10", "max-age=0"]);
        let mut there = Store::default();
        there.read("a.example \"unlimited\"\nb.example \"unlimited\"\n", NOW);
        there.apply(&ours);
        assert!(!there.holds("a.example", NOW) && there.holds("b.example", NOW));
    }
}
