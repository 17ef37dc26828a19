//! Methods (RFC 9110 section 9).

use super::entry::{Entry, entries, inflated};
use super::{Commands, Standing};
use std::sync::LazyLock;

static FILE: LazyLock<String> =
    LazyLock::new(|| inflated(include_bytes!(concat!(env!("OUT_DIR"), "/methods.txt"))));

/// A request method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name; methods are compared with case.
    pub name: String,
    /// How it stands with IANA.
    pub standing: Standing,
    /// What it asks for.
    pub meaning: String,
    /// Where that is written.
    pub reference: String,
    /// Whether it asks for nothing to be changed (RFC 9110 section 9.2.1).
    pub safe: bool,
    /// Whether asking twice does no more than asking once (section 9.2.2).
    pub idempotent: bool,
    /// What a cache may do with the answer (section 9.2.3).
    pub cacheable: String,
    /// What content goes with the request and comes with the answer.
    pub content: String,
    /// How the commands treat it.
    pub commands: Commands,
    /// Methods to read next.
    pub related: Vec<String>,
}

/// What is known of a method, asked for in any case.
pub fn method(name: &str) -> Option<Method> {
    entries(&FILE).find(|entry| entry.name.eq_ignore_ascii_case(name)).map(|entry| read(&entry))
}

/// All methods there is an entry for, in the order of the file.
pub fn methods() -> Vec<Method> {
    entries(&FILE).map(|entry| read(&entry)).collect()
}

fn read(entry: &Entry) -> Method {
    let keys = entry.keys();
    let replay = match keys.says_yes("safe") {
        true => "sends it.",
        false => "leaves it out, unless --unsafe is given: it may change something.",
    };
    let usual = Commands {
        fetch: Some(format!("-X {} sends it, with the content of -d, -F or -T.", entry.name)),
        crawl: None,
        replay: Some(replay.to_owned()),
    };
    Method {
        name: entry.name.to_owned(),
        standing: Standing::of(keys.find("standing")),
        meaning: keys.text("meaning"),
        reference: keys.text("defined"),
        safe: keys.says_yes("safe"),
        idempotent: keys.says_yes("idempotent"),
        cacheable: keys.get("cacheable").unwrap_or_else(|| "no".to_owned()),
        content: keys.text("content"),
        commands: Commands::of(&keys).or(usual),
        related: keys.list("related"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::faults;
    use super::*;

    /// IANA's registry "HTTP Methods".
    const REGISTERED: &str = "* ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET \
        HEAD LABEL LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE \
        OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE \
        UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL";

    const KEYS: [&str; 11] = [
        "meaning",
        "defined",
        "standing",
        "safe",
        "idempotent",
        "cacheable",
        "content",
        "fetch",
        "crawl",
        "replay",
        "related",
    ];

    #[test]
    fn the_file_is_in_its_format() {
        assert_eq!(faults(include_str!("methods.txt"), &KEYS), [""; 0]);
        for entry in entries(&FILE) {
            for key in ["safe", "idempotent"] {
                assert!(["yes", "no"].contains(&&*entry.keys().text(key)), "{}: {key}", entry.name);
            }
        }
    }

    #[test]
    fn every_registered_method_is_there() {
        for name in REGISTERED.split_whitespace() {
            let method = method(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(method.name, name);
            assert_ne!(method.standing, Standing::Unregistered);
        }
        for method in methods() {
            let name = &method.name;
            let registered = REGISTERED.split_whitespace().any(|known| known == name);
            assert_eq!(registered, method.standing != Standing::Unregistered, "{name}");
            assert!(method.meaning.ends_with('.') && !method.content.is_empty(), "{name}");
            assert!(!method.reference.is_empty() && method.commands.fetch.is_some(), "{name}");
            for other in &method.related {
                assert!(super::method(other).is_some() && other != name, "{name}: {other}");
            }
        }
    }

    #[test]
    fn the_properties_are_those_of_the_client() {
        for method in methods() {
            let sent = crate::base::Method::new(&method.name);
            if ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
                .contains(&&*method.name)
            {
                assert_eq!(sent.is_safe(), method.safe, "{sent}");
                assert_eq!(sent.is_idempotent(), method.idempotent, "{sent}");
            }
            assert!(!method.safe || method.idempotent, "what is safe is idempotent: {sent}");
        }
    }
}
