//! Fields (RFC 9110 section 5), their groups, and the families that unknown ones belong to.

use super::entry::{Entry, Keys, entries, inflated};
use super::{Commands, Standing};
use std::sync::LazyLock;

static FILE: LazyLock<String> =
    LazyLock::new(|| inflated(include_bytes!(concat!(env!("OUT_DIR"), "/fields.txt"))));

/// What a field is about. The order is the one in which a head is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The message, the connection and who stands on the way.
    Connection,
    /// Who asks, for what, and what would be welcome.
    RequestContext,
    /// Who answers, and what to do next.
    ResponseContext,
    /// What the content is.
    Representation,
    /// How long it may be kept, and how it is asked for again.
    Caching,
    /// Cookies.
    Cookies,
    /// Logins, and what a browser is to refuse.
    Security,
    /// Anything else.
    Unknown,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Group; 8] = [
        Group::Connection,
        Group::RequestContext,
        Group::ResponseContext,
        Group::Representation,
        Group::Caching,
        Group::Cookies,
        Group::Security,
        Group::Unknown,
    ];

    /// What stands above its fields.
    pub fn heading(self) -> &'static str {
        match self {
            Group::Connection => "general and connection",
            Group::RequestContext => "request context",
            Group::ResponseContext => "response context",
            Group::Representation => "representation",
            Group::Caching => "caching",
            Group::Cookies => "cookies",
            Group::Security => "security",
            Group::Unknown => "unknown",
        }
    }

    fn of(heading: &str) -> Group {
        let known = Group::ALL.into_iter().find(|group| group.heading() == heading);
        known.unwrap_or(Group::Unknown)
    }
}

/// In which messages a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In requests.
    Request,
    /// In answers.
    Response,
    /// In both.
    Both,
}

impl Side {
    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Request => "requests",
            Side::Response => "responses",
            Side::Both => "requests and responses",
        }
    }
}

/// How a value falls into parts that are explained one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// It does not.
    Whole,
    /// At commas.
    Commas,
    /// At semicolons.
    Semicolons,
    /// At commas, and each of these at semicolons: an item with its parameters.
    Items,
    /// Schemes, with parameters between commas (RFC 9110 section 11).
    Logins,
    /// At commas; a robot's name and a colon may stand in front.
    Robots,
    /// At semicolons, whatever is quoted (RFC 6265bis section 5.6).
    Cookies,
}

impl Parts {
    const ALL: [(&'static str, Parts); 6] = [
        ("commas", Parts::Commas),
        ("semicolons", Parts::Semicolons),
        ("items", Parts::Items),
        ("logins", Parts::Logins),
        ("robots", Parts::Robots),
        ("cookies", Parts::Cookies),
    ];

    fn of(word: Option<&str>) -> Parts {
        let known = Parts::ALL.iter().find(|(name, _)| Some(*name) == word);
        known.map_or(Parts::Whole, |(_, parts)| *parts)
    }
}

/// Whether a value is as good as a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// It is not.
    No,
    /// Its first part is.
    First,
    /// All of it is.
    All,
}

/// A word that may stand in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The word, as it is written.
    pub name: String,
    /// What it says.
    pub meaning: String,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, as it is usually written.
    pub name: String,
    /// What it is about.
    pub group: Group,
    /// In which messages it stands.
    pub side: Side,
    /// How it stands with IANA.
    pub standing: Standing,
    /// What it says.
    pub meaning: String,
    /// Where that is written.
    pub reference: String,
    /// What commands do with it.
    pub commands: Commands,
    /// How its value falls into parts.
    pub parts: Parts,
    /// Whether it is secret.
    pub secret: Secret,
    /// What the first part is, where it is none of the words.
    pub first: Option<String>,
    /// The words that may stand in it.
    pub values: Vec<Value>,
    /// A command that tells more.
    pub tool: Option<String>,
    /// Fields to read next.
    pub related: Vec<String>,
}

/// What is known of a field; names are compared without case.
pub fn field(name: &str) -> Option<Field> {
    entry(name).map(|entry| read(&entry))
}

/// All fields there is an entry for, in the order of the file.
pub fn fields() -> Vec<Field> {
    entries(&FILE).filter(|entry| !is_family(entry)).map(|entry| read(&entry)).collect()
}

/// The group a field belongs to.
pub fn group(name: &str) -> Group {
    let known = entry(name).or_else(|| family_entry(name));
    known.map_or(Group::Unknown, |entry| Group::of(&entry.keys().text("group")))
}

/// What can be said of a field by how its name begins; the longest such beginning counts. Its
/// name ends with `*`.
pub fn family(name: &str) -> Option<Field> {
    family_entry(name).map(|entry| read(&entry))
}

fn entry(name: &str) -> Option<Entry> {
    entries(&FILE).find(|entry| !is_family(entry) && entry.name.eq_ignore_ascii_case(name))
}

fn family_entry(name: &str) -> Option<Entry> {
    let begins = |entry: &Entry| {
        let start = entry.name.strip_suffix('*')?;
        let begun = name.get(..start.len())?;
        (name.len() > start.len() && begun.eq_ignore_ascii_case(start)).then_some(start.len())
    };
    let families = entries(&FILE).filter_map(|entry| Some((begins(&entry)?, entry)));
    families.max_by_key(|(length, _)| *length).map(|(_, entry)| entry)
}

fn is_family(entry: &Entry) -> bool {
    entry.name.ends_with('*')
}

fn read(entry: &Entry) -> Field {
    let keys = entry.keys();
    Field {
        name: entry.name.to_owned(),
        group: Group::of(&keys.text("group")),
        side: match keys.find("in") {
            Some("requests") => Side::Request,
            Some("responses") => Side::Response,
            _ => Side::Both,
        },
        standing: super::standing(entry.name),
        meaning: keys.text("meaning"),
        reference: keys.text("defined"),
        commands: Commands::of(&keys),
        parts: Parts::of(keys.find("parts")),
        secret: match keys.find("secret") {
            Some("first") => Secret::First,
            Some("all") => Secret::All,
            _ => Secret::No,
        },
        first: keys.get("first"),
        tool: keys.get("tool"),
        related: keys.list("related"),
        values: values(keys),
    }
}

fn values(keys: Keys) -> Vec<Value> {
    let values = keys.0.into_iter().filter_map(|(key, meaning)| {
        let name = key.strip_prefix("value ")?.to_owned();
        Some(Value { name, meaning })
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::super::entry::faults;
    use super::*;

    const KEYS: [&str; 13] = [
        "group", "in", "meaning", "defined", "fetch", "crawl", "replay", "parts", "secret",
        "first", "value", "tool", "related",
    ];

    #[test]
    fn the_file_is_in_its_format() {
        assert_eq!(faults(include_str!("fields.txt"), &KEYS), [""; 0]);
        for entry in entries(&FILE) {
            let (name, keys) = (entry.name, entry.keys());
            let side = keys.text("in");
            assert!(["requests", "responses", "both"].contains(&&*side), "{name}: {side}");
            let heading = keys.text("group");
            let known = Group::of(&heading).heading() == heading;
            assert!(known && (is_family(&entry) || heading != "unknown"), "{name}: {heading}");
            let parts = keys.find("parts");
            let known = |parts| Parts::of(Some(parts)) != Parts::Whole;
            assert!(parts.is_none_or(known), "{name}: {parts:?}");
            let secret = keys.find("secret");
            assert!(secret.is_none_or(|it| ["first", "all"].contains(&it)), "{name}: {secret:?}");
            let hides = |parts| ["logins", "cookies"].contains(&parts);
            let both = secret.is_some() && parts.is_some();
            assert!(!both || parts.is_some_and(hides), "{name}: its parts would be shown");
        }
    }

    #[test]
    fn there_are_as_many_as_people_meet_and_each_stands_there_once() {
        let fields = fields();
        assert!(fields.len() >= 150, "{}", fields.len());
        for (at, field) in fields.iter().enumerate() {
            let name = &field.name;
            let again = fields[at + 1..].iter().find(|other| other.name.eq_ignore_ascii_case(name));
            assert!(again.is_none(), "{name} stands there twice");
            let token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            assert!(name.trim_start_matches(':').chars().all(token), "{name}");
        }
    }

    #[test]
    fn every_entry_says_everything_and_its_relations_exist() {
        for field in entries(&FILE).map(|entry| read(&entry)) {
            let name = &field.name;
            assert!(field.meaning.len() > 20 && field.meaning.ends_with('.'), "{name}");
            assert!(!field.reference.is_empty(), "{name}");
            for other in &field.related {
                let known = super::field(other);
                assert!(known.is_some_and(|known| known.name == *other), "{name}: {other}");
                assert_ne!(other, name);
            }
            for value in &field.values {
                assert!(!value.meaning.is_empty(), "{name}: {}", value.name);
            }
        }
    }

    #[test]
    fn the_standing_is_ianas() {
        assert_eq!(field("Pragma").unwrap().standing, Standing::Deprecated);
        assert_eq!(field("X-Cache").unwrap().standing, Standing::Unregistered);
        assert_eq!(super::super::standing("odata-version"), Standing::Registered);
    }

    #[test]
    fn what_may_stand_in_answers_too_is_not_said_to_be_for_requests_only() {
        for name in ["Accept", "Accept-Encoding", "Link"] {
            assert_eq!(field(name).unwrap().side, Side::Both, "{name}");
        }
    }

    #[test]
    fn every_group_has_fields() {
        let fields = fields();
        for group in Group::ALL.into_iter().filter(|group| *group != Group::Unknown) {
            assert!(fields.iter().any(|field| field.group == group), "{}", group.heading());
        }
        assert_eq!(group("set-cookie"), Group::Cookies);
        assert_eq!(group("Nobody-Knows"), Group::Unknown);
        assert_eq!(group("Sec-CH-UA-Something-New"), Group::RequestContext);
    }

    #[test]
    fn names_are_compared_without_case_and_families_by_their_longest_beginning() {
        assert_eq!(field("CACHE-control").unwrap().name, "Cache-Control");
        assert!(field("X-*").is_none() && field("").is_none());
        assert_eq!(family("x-my-own").unwrap().name, "X-*");
        assert_eq!(family("X-Amz-Something").unwrap().name, "X-Amz-*");
        assert!(family("X-").is_none() && family("Nobody").is_none() && family("ü").is_none());
    }
}
