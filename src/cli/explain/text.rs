//! The explanation as text: what it is, what it says, then rows.

use super::Available;
use super::asked::{Asked, Topic, cut};
use super::parts;
use crate::cli::paper::{Ink, Paper};
use crate::cli::print::escaped;
use crate::registry::{self, Class, Commands, Field, Group, Method, Side, Standing, Status, Ways};

/// Where the rows' text begins: behind the longest label.
const AT: usize = 14;

/// Where it begins below that, for the words of a value.
const WORD_AT: usize = 28;

/// Where it begins in a list of fields: behind nearly all names.
const NAME_AT: usize = 30;

/// Where phrases begin in a list of codes: behind three digits.
const PHRASE_AT: usize = 7;

/// Where it begins in a list of methods: behind nearly all names.
const METHOD_AT: usize = 22;

/// Writes what is known of what was asked.
pub(super) fn explain(paper: &mut Paper, asked: &Asked, available: Available) {
    for topic in &asked.topics {
        paper.gap();
        match topic {
            Topic::Status(status) => one_status(paper, status, available),
            Topic::Class { class, code } => one_class(paper, class, *code, available),
            Topic::Field { field, value } => {
                one_field(paper, field, value.as_deref(), available);
            }
            Topic::Method(method) => one_method(paper, method, &asked.word, available),
            Topic::Stranger { name, value, family, near, standing } => {
                stranger(paper, name, value.as_deref(), *standing);
                names(paper, "perhaps", near);
                if let Some(family) = family {
                    row(paper, "family", &format!("{}: {}", family.name, family.meaning));
                    row(paper, "defined", &format!("{}: {}", family.name, family.reference));
                    names(paper, "related", &family.related);
                }
            }
        }
    }
    if !asked.phrases.is_empty() {
        paper.gap();
        if asked.topics.is_empty() {
            let what = format!("Several phrases have \"{}\" in them:", escaped(&asked.word));
            paper.paragraph(0, &[(Ink::Plain, &what)]);
        } else {
            paper.paragraph(2, &[(Ink::Plain, "and in phrases:")]);
        }
        statuses(paper, &asked.phrases);
    }
}

fn title(paper: &mut Paper, name: &str, standing: Standing) {
    titled(paper, "", &escaped(name), standing);
}

/// A code in the ink of its class, and its phrase; or a name alone.
fn titled(paper: &mut Paper, code: &str, name: &str, standing: Standing) {
    let ink = match code.as_bytes().first() {
        Some(b'2') => Ink::Good,
        Some(b'3' | b'4') => Ink::Caution,
        Some(b'5') => Ink::Bad,
        _ => Ink::Title,
    };
    let note = match standing {
        Standing::Registered | Standing::Unused => String::new(),
        Standing::Unregistered => " (not registered)".to_owned(),
        standing => format!(" ({standing})"),
    };
    let name = if code.is_empty() { name.to_owned() } else { format!(" {name}") };
    paper.paragraph(0, &[(ink, code), (Ink::Title, &name), (Ink::Faint, &note)]);
}

fn meaning(paper: &mut Paper, text: &str) {
    paper.paragraph(2, &[(Ink::Plain, text)]);
    paper.gap();
}

fn row(paper: &mut Paper, label: &str, text: &str) {
    if !text.is_empty() {
        paper.row(2, (Ink::Label, label), AT, &[(Ink::Plain, text)]);
    }
}

fn names(paper: &mut Paper, label: &str, names: &[String]) {
    row(paper, label, &names.join(", "));
}

/// What commands do; what is not there yet is said to be planned.
fn commands(paper: &mut Paper, commands: &Commands, available: Available) {
    for (command, text) in commands.each() {
        let planned = if available.has(command) { "" } else { "(planned) " };
        let runs = [(Ink::Faint, planned), (Ink::Plain, text)];
        paper.row(2, (Ink::Label, command), AT, &runs);
    }
}

fn one_status(paper: &mut Paper, status: &Status, available: Available) {
    titled(paper, &status.code.to_string(), &status.phrase, status.standing);
    meaning(paper, &status.meaning);
    if let Some(class) = registry::class(status.code) {
        row(paper, "class", &format!("{}xx {}", class.digit, class.phrase));
    }
    row(paper, "defined", &status.reference);
    row(paper, "cacheable", &status.kept);
    ways(paper, &status.ways, available);
    names(paper, "fields", &status.fields);
    let related: Vec<String> = status
        .related
        .iter()
        .filter_map(|code| registry::status(*code))
        .map(|s| named(&s))
        .collect();
    names(paper, "related", &related);
    names(paper, "also", &status.also);
}

fn named(status: &Status) -> String {
    format!("{} {}", status.code, status.phrase)
}

fn ways(paper: &mut Paper, ways: &Ways, available: Available) {
    row(paper, "retry", &format!("{}: {}", ways.retry.as_str(), ways.retry_how));
    commands(paper, &ways.commands, available);
}

fn one_class(paper: &mut Paper, class: &Class, code: Option<u16>, available: Available) {
    let (digit, phrase) = (class.digit, &class.phrase);
    match code {
        None => titled(paper, &format!("{digit}xx"), phrase, Standing::Registered),
        Some(code) => {
            titled(paper, &code.to_string(), "", Standing::Unregistered);
            let text = match code {
                600.. => format!(
                    "No status code has a number above 599. A client is to take it for a {digit}xx, \
                     {} (RFC 9110 section 15).",
                    phrase.to_lowercase()
                ),
                _ => format!(
                    "Nobody is known to have given this number a meaning. A client is to take it \
                     for {digit}00, by its first digit: {} (RFC 9110 section 15). The content may \
                     say more.",
                    phrase.to_lowercase()
                ),
            };
            meaning(paper, &text);
            titled(paper, &format!("{digit}xx"), phrase, Standing::Registered);
        }
    }
    meaning(paper, &class.meaning);
    row(paper, "defined", &class.reference);
    ways(paper, &class.ways, available);
    if code.is_none() {
        let all = registry::statuses().into_iter().filter(|status| status.code / 100 == digit);
        let (known, others): (Vec<Status>, Vec<Status>) =
            all.partition(|status| status.standing != Standing::Unregistered);
        let join =
            |statuses: Vec<Status>| statuses.iter().map(named).collect::<Vec<_>>().join(", ");
        row(paper, "codes", &join(known));
        row(paper, "others", &join(others));
    }
}

fn one_field(paper: &mut Paper, field: &Field, value: Option<&str>, available: Available) {
    title(paper, &field.name, field.standing);
    meaning(paper, &field.meaning);
    if let Some(value) = value {
        its_value(paper, field, value);
    }
    row(paper, "stands in", field.side.as_str());
    row(paper, "group", field.group.heading());
    row(paper, "defined", &field.reference);
    commands(paper, &field.commands, available);
    row(paper, "more", field.tool.as_deref().unwrap_or_default());
    names(paper, "related", &field.related);
    if value.is_none() && !field.values.is_empty() {
        paper.gap();
        paper.paragraph(2, &[(Ink::Plain, "in its value:")]);
        for value in &field.values {
            word(paper, &value.name, &value.meaning);
        }
    }
}

fn word(paper: &mut Paper, name: &str, meaning: &str) {
    paper.row(4, (Ink::Name, name), WORD_AT, &[(Ink::Plain, meaning)]);
}

fn its_value(paper: &mut Paper, field: &Field, value: &str) {
    match parts::reading(field, value) {
        Some(says) => this_value(paper, &says),
        None => plain_value(paper, parts::shown(field, value)),
    }
    for part in parts::of(field, value) {
        let text = escaped(&part.text);
        match part.meaning {
            Some(meaning) => word(paper, &text, &meaning),
            None => {
                let runs = [(Ink::Faint, "not known here")];
                paper.row(4, (Ink::Caution, &text), WORD_AT, &runs);
            }
        }
    }
    paper.gap();
}

fn this_value(paper: &mut Paper, says: &str) {
    paper.row(2, (Ink::Plain, "this value:"), AT, &[(Ink::Plain, &escaped(says))]);
}

/// The value itself, where nothing can be said of it; `None` is a secret one.
fn plain_value(paper: &mut Paper, value: Option<String>) {
    match value {
        Some(value) => this_value(paper, &cut(&value, parts::MOST_SHOWN)),
        None => this_value(paper, "a secret, and not shown"),
    }
}

fn one_method(paper: &mut Paper, method: &Method, typed: &str, available: Available) {
    title(paper, &method.name, method.standing);
    meaning(paper, &method.meaning);
    if typed != method.name {
        let text = format!("methods are compared with case: {} is another one", escaped(typed));
        row(paper, "spelling", &text);
    }
    row(paper, "defined", &method.reference);
    row(
        paper,
        "safe",
        match method.safe {
            true => "yes: it asks for nothing to be changed",
            false => "no: it may change something",
        },
    );
    row(
        paper,
        "idempotent",
        match method.idempotent {
            true => "yes: asking twice does no more than asking once",
            false => "no: asking twice may do it twice",
        },
    );
    row(paper, "cacheable", &method.cacheable);
    row(paper, "content", &method.content);
    commands(paper, &method.commands, available);
    names(paper, "related", &method.related);
}

fn stranger(paper: &mut Paper, name: &str, value: Option<&str>, standing: Standing) {
    let shown = format!("{}{}", escaped(name), if value.is_some() { ":" } else { "" });
    paper.paragraph(0, &[(Ink::Title, &shown)]);
    let text = match standing {
        Standing::Unregistered => {
            "No field or method of this name is known here. It may be somebody's own: whoever sends \
             it knows what it means, and a client passes over fields that it does not know (RFC \
             9110 section 5.1)."
                .to_owned()
        }
        Standing::Registered => {
            "A field that is registered with IANA; nothing else is known of it here.".to_owned()
        }
        standing => format!(
            "A field that is registered with IANA as {standing}; nothing else is known of it here."
        ),
    };
    meaning(paper, &text);
    if let Some(value) = value {
        plain_value(paper, parts::shown_of_stranger(name, value));
        paper.gap();
    }
}

/// Codes with their phrases, a line each.
fn statuses(paper: &mut Paper, statuses: &[Status]) {
    for status in statuses {
        let code = status.code.to_string();
        let note = match status.standing {
            Standing::Registered | Standing::Unused => String::new(),
            Standing::Unregistered => format!(" ({})", status.reference),
            standing => format!(" ({standing})"),
        };
        let runs = [(Ink::Plain, &*status.phrase), (Ink::Faint, &*note)];
        paper.row(2, (Ink::Name, &code), PHRASE_AT, &runs);
    }
}

/// All status codes, class by class.
pub(super) fn list_statuses(paper: &mut Paper) {
    let all = registry::statuses();
    for digit in 1..=9 {
        let of_class: Vec<Status> =
            all.iter().filter(|status| status.code / 100 == digit).cloned().collect();
        let heading = match registry::class(digit * 100) {
            Some(class) => format!("{digit}xx {}", class.phrase),
            None if of_class.is_empty() => continue,
            None => "above 599".to_owned(),
        };
        paper.gap();
        paper.paragraph(0, &[(Ink::Title, &heading)]);
        statuses(paper, &of_class);
    }
}

/// All fields, group by group.
pub(super) fn list_fields(paper: &mut Paper) {
    let all = registry::fields();
    for group in Group::ALL {
        let mut of_group: Vec<&Field> = all.iter().filter(|field| field.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        of_group.sort_by_key(|field| field.name.to_ascii_lowercase());
        paper.gap();
        paper.paragraph(0, &[(Ink::Title, group.heading())]);
        for field in of_group {
            let arrow = match field.side {
                Side::Request => "->",
                Side::Response => "<-",
                Side::Both => "<>",
            };
            let text = first_sentence(&field.meaning);
            let runs = [(Ink::Faint, arrow), (Ink::Plain, " "), (Ink::Plain, text)];
            paper.row(2, (Ink::Name, &field.name), NAME_AT, &runs);
        }
    }
    paper.gap();
    paper.paragraph(0, &[(Ink::Faint, "-> in requests, <- in responses, <> in both")]);
}

/// All methods.
pub(super) fn list_methods(paper: &mut Paper) {
    for method in registry::methods() {
        let kind = match (method.safe, method.idempotent) {
            (true, _) => "safe",
            (false, true) => "idempotent",
            (false, false) => "neither safe nor idempotent",
        };
        let kind = format!("{kind}: ");
        let runs = [(Ink::Faint, &*kind), (Ink::Plain, first_sentence(&method.meaning))];
        paper.row(2, (Ink::Name, &method.name), METHOD_AT, &runs);
    }
}

/// Up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
    let end = text.match_indices(". ").map(|(at, _)| at + 1).next();
    end.map_or(text, |end| &text[..end])
}
