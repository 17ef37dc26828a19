//! What a content security policy lets scripts do, and who may frame the page (CSP Level 3).
//!
//! A field may hold several policies, by commas: a browser enforces each of them, so that what one
//! forbids is forbidden.

use super::About;
use super::text::{count, is, names};

/// So many sources of a directive are read; nobody lists more.
const MOST_SOURCES: usize = 512;

pub(super) fn csp(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(policies(value, false))
}

pub(super) fn csp_report_only(value: &[u8], _: &About<'_>) -> Option<String> {
    Some(format!("only reported: {}", policies(value, true)))
}

pub(super) fn old_csp(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete: now Content-Security-Policy".to_owned())
}

/// One policy: its directives, by name.
struct Policy<'v>(Vec<(&'v [u8], &'v [u8])>);

impl<'v> Policy<'v> {
    fn read(text: &'v [u8]) -> Policy<'v> {
        let directives = text.split(|b| *b == b';').map(<[u8]>::trim_ascii);
        let directives = directives.filter(|directive| !directive.is_empty()).map(|directive| {
            let end = directive.iter().position(u8::is_ascii_whitespace);
            directive.split_at(end.unwrap_or(directive.len()))
        });
        Policy(directives.collect())
    }

    /// Of a directive that is given twice the first counts.
    fn find(&self, name: &str) -> Option<&'v [u8]> {
        self.0.iter().find(|(found, _)| is(found, name)).map(|(_, value)| *value)
    }

    /// The sources of the first of these directives that is there, in lower case; `'none'` means
    /// nothing beside others, and nothing is listed where it stands alone.
    fn sources(&self, directives: &[&str]) -> Option<Vec<Vec<u8>>> {
        let value = directives.iter().find_map(|name| self.find(name))?;
        let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let words = words.take(MOST_SOURCES).map(<[u8]>::to_ascii_lowercase);
        Some(words.filter(|word| word != b"'none'").collect())
    }
}

/// What a policy lets scripts do.
struct Scripts {
    /// No element runs one.
    none: bool,
    /// Those that have a nonce or a hash run.
    keyed: bool,
    /// And what those load, from wherever it is.
    spread: bool,
    /// Those that stand in the page run.
    inline: bool,
    /// From whatever host.
    anywhere: bool,
    /// They may make code of text.
    eval: bool,
}

impl Scripts {
    /// `None` where the policy says nothing of scripts.
    fn of(policy: &Policy<'_>, reported: bool) -> Option<Scripts> {
        let sandbox = policy.sources(&["sandbox"]).filter(|_| !reported);
        let barred = sandbox.is_some_and(|words| !has(&words, "allow-scripts"));
        let elements = policy.sources(&["script-src-elem", "script-src", "default-src"]);
        if elements.is_none() && !barred {
            return None;
        }
        let code = policy.sources(&["script-src", "default-src"]);
        let words = elements.unwrap_or_default();
        let keyed =
            words.iter().any(|word| word.starts_with(b"'nonce-") || word.starts_with(b"'sha"));
        // It has browsers pass over hosts and schemes, and 'unsafe-inline'; so do nonces the latter.
        let spread = has(&words, "'strict-dynamic'");
        let inline = has(&words, "'unsafe-inline'") && !keyed && !spread;
        let open = ["*", "http:", "https:"].iter().any(|open| has(&words, open));
        let place = |word: &Vec<u8>| !word.starts_with(b"'") || word == b"'self'";
        let placed = words.iter().any(place) && !spread;
        Some(Scripts {
            none: barred || !(keyed || inline || placed),
            keyed,
            spread: spread && keyed,
            inline,
            anywhere: open && !spread,
            eval: code.is_none_or(|code| has(&code, "'unsafe-eval'")),
        })
    }

    /// What more than one policy allows.
    fn and(self, other: &Scripts) -> Scripts {
        Scripts {
            none: self.none || other.none,
            keyed: self.keyed && other.keyed,
            spread: self.spread && other.spread,
            inline: self.inline && other.inline,
            anywhere: self.anywhere && other.anywhere,
            eval: self.eval && other.eval,
        }
    }

    fn words(&self) -> Vec<&'static str> {
        if self.none {
            return vec!["no scripts"];
        }
        let said = [
            (self.keyed && !self.spread, "scripts by nonce or hash"),
            (self.spread, "scripts by nonce or hash, and what they load"),
            (self.inline, "unsafe-inline scripts"),
            (self.eval, "unsafe-eval"),
            (self.anywhere, "scripts from anywhere"),
        ];
        said.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
    }
}

fn has(words: &[Vec<u8>], word: &str) -> bool {
    words.iter().any(|found| found == word.as_bytes())
}

fn policies(value: &[u8], reported: bool) -> String {
    let policies = value.split(|b| *b == b',').map(Policy::read);
    let policies: Vec<Policy<'_>> = policies.filter(|policy| !policy.0.is_empty()).collect();
    let directives = policies.iter().map(|policy| policy.0.len()).sum();
    let mut said = match policies.len() {
        0 => return "empty: forbids nothing".to_owned(),
        1 => vec![count(directives, "directive")],
        several => vec![format!("{several} policies"), count(directives, "directive")],
    };
    let scripts = policies.iter().filter_map(|policy| Scripts::of(policy, reported));
    match scripts.reduce(|all, more| all.and(&more)) {
        None => said.push("scripts from anywhere".to_owned()),
        Some(scripts) => said.extend(scripts.words().into_iter().map(str::to_owned)),
    }
    said.extend(framers(&policies));
    // A policy that is only reported does neither.
    for (name, words) in
        [("upgrade-insecure-requests", "http made https"), ("sandbox", "sandboxed")]
    {
        if !reported && policies.iter().any(|policy| policy.find(name).is_some()) {
            said.push(words.to_owned());
        }
    }
    said.join(", ")
}

fn framers(policies: &[Policy<'_>]) -> Option<String> {
    let lists = || policies.iter().filter_map(|policy| policy.sources(&["frame-ancestors"]));
    let first = lists().next()?;
    Some(match first.as_slice() {
        _ if lists().any(|by| by.is_empty()) => "not to be framed".to_owned(),
        _ if lists().any(|by| by != first) => "framed by whom each policy allows".to_owned(),
        [one] if one == b"'self'" => "framed by its own origin only".to_owned(),
        by => format!("framed by {}", names(by.iter().map(Vec::as_slice))),
    })
}
