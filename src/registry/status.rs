//! Status codes and their classes (RFC 9110 section 15).

use super::entry::{Entry, Keys, entries, inflated};
use super::{Commands, Standing};
use std::sync::LazyLock;

static FILE: LazyLock<String> =
    LazyLock::new(|| inflated(include_bytes!(concat!(env!("OUT_DIR"), "/status.txt"))));

/// Whether the same request may be made once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// There is no need: it is an answer.
    NoNeed,
    /// It would be answered the same way.
    No,
    /// At once, on another connection perhaps.
    Now,
    /// After a while; `Retry-After` may say when.
    Later,
    /// When something about it was changed.
    Changed,
    /// When it proves who asks.
    Login,
}

impl Retry {
    const ALL: [(&'static str, Retry); 6] = [
        ("no need", Retry::NoNeed),
        ("no", Retry::No),
        ("at once", Retry::Now),
        ("later", Retry::Later),
        ("changed", Retry::Changed),
        ("with a login", Retry::Login),
    ];

    /// The words for it.
    pub fn as_str(self) -> &'static str {
        Retry::ALL.iter().find(|(_, retry)| *retry == self).map_or("", |(words, _)| words)
    }
}

/// What is true of a status and of a class alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// Whether the request may be made once more.
    pub retry: Retry,
    /// What there is to say of that.
    pub retry_how: String,
    /// What the commands do on meeting it.
    pub commands: Commands,
}

/// A status code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number.
    pub code: u16,
    /// The phrase that goes with it.
    pub phrase: String,
    /// How it stands with IANA.
    pub standing: Standing,
    /// What it says.
    pub meaning: String,
    /// Where that is written.
    pub reference: String,
    /// Whether a cache may keep the answer where nothing says how long.
    pub cacheable: bool,
    /// The same in words.
    pub kept: String,
    /// What may be done, and what this program does.
    pub ways: Ways,
    /// Fields that go with it.
    pub fields: Vec<String>,
    /// Codes that a person may mistake for it, or wants to know next.
    pub related: Vec<u16>,
    /// Other names for it.
    pub also: Vec<String>,
}

/// A class of status codes, by the first digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The first digit.
    pub digit: u16,
    /// What it is called.
    pub phrase: String,
    /// What all of them say.
    pub meaning: String,
    /// Where that is written.
    pub reference: String,
    /// What may be done, and what this program does.
    pub ways: Ways,
}

/// What is known of a status code.
pub fn status(code: u16) -> Option<Status> {
    entries(&FILE).find(|entry| number(entry) == Some(code)).map(|entry| read(&entry))
}

/// The class that a status code belongs to: 100 to 599.
pub fn class(code: u16) -> Option<Class> {
    let digit = code / 100;
    let entry = entries(&FILE).find(|entry| digit_of(entry) == Some(digit))?;
    let phrase = entry.name.split_once(' ').map_or("", |(_, phrase)| phrase).to_owned();
    let keys = entry.keys();
    let (meaning, reference) = (keys.text("meaning"), keys.text("defined"));
    Some(Class { digit, phrase, meaning, reference, ways: ways(&keys, None) })
}

/// All status codes there is an entry for, in order.
pub fn statuses() -> Vec<Status> {
    let entries = entries(&FILE).filter(|entry| number(entry).is_some());
    let mut all: Vec<Status> = entries.map(|entry| read(&entry)).collect();
    all.sort_by_key(|status| status.code);
    all
}

/// `404 Not Found`
fn number(entry: &Entry) -> Option<u16> {
    entry.name.get(..3)?.parse().ok()
}

/// `4xx Client error`
fn digit_of(entry: &Entry) -> Option<u16> {
    let (digit, _) = entry.name.split_once("xx ")?;
    digit.parse().ok()
}

fn read(entry: &Entry) -> Status {
    let code = number(entry).unwrap_or_default();
    let class = entries(&FILE).find(|entry| digit_of(entry) == Some(code / 100));
    let (keys, class) = (entry.keys(), class.map(|class| class.keys()));
    let (cacheable, kept) = kept(&keys, class.as_ref());
    Status {
        code,
        phrase: entry.name.get(4..).unwrap_or_default().to_owned(),
        standing: Standing::of(keys.find("standing")),
        meaning: keys.text("meaning"),
        reference: keys.text("defined"),
        cacheable,
        kept,
        ways: ways(&keys, class.as_ref()),
        fields: keys.list("fields"),
        related: keys.list("related").iter().filter_map(|code| code.parse().ok()).collect(),
        also: keys.list("also"),
    }
}

/// Whether caches keep it unasked, and the same in words.
fn kept(keys: &Keys, class: Option<&Keys>) -> (bool, String) {
    let said = keys.find("cacheable").or_else(|| class?.find("cacheable"));
    let words = said.unwrap_or("only where the answer says how long");
    let (word, by) = words.split_once("; ").unwrap_or((words, "RFC 9110 section 15.1"));
    match word {
        "yes" => (true, format!("yes, also where nothing says how long ({by})")),
        _ => (false, words.to_owned()),
    }
}

/// What an entry says, or else its class.
fn ways(keys: &Keys, class: Option<&Keys>) -> Ways {
    let retry = keys.find("retry").or_else(|| class?.find("retry")).unwrap_or_default();
    let (word, how) = retry.split_once("; ").unwrap_or((retry, ""));
    let known = Retry::ALL.iter().find(|(words, _)| *words == word);
    let usual = class.map(Commands::of).unwrap_or_default();
    Ways {
        retry: known.map_or(Retry::No, |(_, retry)| *retry),
        retry_how: how.to_owned(),
        commands: Commands::of(keys).or(usual),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::faults;
    use super::super::field;
    use super::*;

    /// IANA's registry "HTTP Status Codes", everything in it that has a name.
    const REGISTERED: &str = "100 101 102 103 104 200 201 202 203 204 205 206 207 208 226 300 301 \
        302 303 304 305 306 307 308 400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 \
        415 416 417 418 421 422 423 424 425 426 428 429 431 451 500 501 502 503 504 505 506 507 \
        508 510 511";

    const KEYS: [&str; 11] = [
        "meaning",
        "defined",
        "standing",
        "cacheable",
        "retry",
        "fetch",
        "crawl",
        "replay",
        "fields",
        "related",
        "also",
    ];

    #[test]
    fn the_file_is_in_its_format() {
        assert_eq!(faults(include_str!("status.txt"), &KEYS), [""; 0]);
        let codes: Vec<u16> = statuses().iter().map(|status| status.code).collect();
        assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
        assert_eq!(codes.len() + 5, entries(&FILE).count(), "an entry that is neither");
    }

    #[test]
    fn every_registered_code_is_there_and_no_other_says_it_is() {
        let wanted: Vec<u16> = REGISTERED.split_whitespace().map(|c| c.parse().unwrap()).collect();
        let registered = statuses().into_iter().filter(|s| s.standing != Standing::Unregistered);
        assert_eq!(registered.map(|status| status.code).collect::<Vec<_>>(), wanted);
        for code in [306, 418] {
            assert_eq!(status(code).unwrap().standing, Standing::Unused);
        }
    }

    #[test]
    fn every_entry_says_everything() {
        for status in statuses() {
            let Status { code, ways, .. } = &status;
            assert!(!status.phrase.is_empty() && !status.reference.is_empty(), "{code}");
            assert_eq!(ways.commands.each().count(), 3, "{code}");
            assert!(status.meaning.len() > 30 && status.meaning.ends_with('.'), "{code}");
            assert!(!ways.retry_how.is_empty(), "{code}");
            for name in &status.fields {
                assert!(field(name).is_some_and(|field| field.name == *name), "{code}: {name}");
            }
            for other in &status.related {
                assert!(super::status(*other).is_some() && other != code, "{code}: {other}");
            }
        }
    }

    #[test]
    fn words_for_retry_and_standing_are_known() {
        for entry in entries(&FILE) {
            let keys = entry.keys();
            if let Some(retry) = keys.find("retry") {
                let word = retry.split_once("; ").map_or(retry, |(word, _)| word);
                assert!(
                    Retry::ALL.iter().any(|(words, _)| *words == word),
                    "{}: {word}",
                    entry.name
                );
            }
            let standing = keys.find("standing");
            let known = |word: &str| Standing::ALL.iter().any(|(name, _)| *name == word);
            assert!(standing.is_none_or(known), "{}: {standing:?}", entry.name);
        }
    }

    #[test]
    fn these_are_cacheable_by_default_and_no_others() {
        let cacheable = statuses().into_iter().filter(|status| status.cacheable);
        let codes: Vec<u16> = cacheable.map(|status| status.code).collect();
        assert_eq!(codes, [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501]);
        assert!(status(451).unwrap().kept.contains("RFC 7725 section 3"));
        assert!(status(404).unwrap().kept.contains("RFC 9110 section 15.1"));
    }

    #[test]
    fn what_rfc_6585_forbids_to_store_is_never_stored() {
        for (code, section) in [(428, 3), (429, 4), (431, 5), (511, 6)] {
            let kept = status(code).unwrap().kept;
            assert_eq!(kept, format!("no: never stored (RFC 6585 section {section})"), "{code}");
        }
    }

    #[test]
    fn a_code_that_nobody_registered_has_a_class() {
        assert!(status(477).is_none());
        for (code, digit) in [(100, 1), (299, 2), (399, 3), (477, 4), (599, 5)] {
            let class = class(code).unwrap();
            assert_eq!(class.digit, digit);
            assert!(!class.phrase.is_empty() && class.meaning.ends_with('.'));
            assert_eq!(class.ways.commands.each().count(), 3);
            assert!(!class.ways.retry_how.is_empty());
        }
        assert!(class(99).is_none() && class(600).is_none() && class(999).is_none());
    }
}
