//! The explanation for programs: one object a line, `kind` first.

use super::Available;
use super::asked::{Asked, Topic};
use super::parts;
use crate::cli::print::escaped;
use crate::registry::{Class, Commands, Field, Method, Standing, Status, Ways};
use serde_json::{Map, Value, json};

/// A line for each thing that was meant.
pub(super) fn lines(asked: &Asked, available: Available) -> String {
    let word = asked.word.as_str();
    let mut text: String =
        asked.topics.iter().map(|topic| line(topic, Some(word), available)).collect();
    if !asked.phrases.is_empty() {
        let phrase = |status: &Status| json!({"code": status.code, "phrase": status.phrase});
        let statuses: Vec<Value> = asked.phrases.iter().map(phrase).collect();
        text.push_str(&written(&json!({"kind": "phrases", "asked": word, "statuses": statuses})));
    }
    text
}

/// One of them; `asked` is what was typed.
pub(super) fn line(topic: &Topic, asked: Option<&str>, available: Available) -> String {
    let (kind, facts) = match topic {
        Topic::Status(status) => ("status", one_status(status, available)),
        Topic::Class { class, code } => ("class", one_class(class, *code, available)),
        Topic::Field { field, value } => ("field", one_field(field, value.as_deref(), available)),
        Topic::Method(method) => ("method", one_method(method, available)),
        Topic::Stranger { name, value, family, near, standing } => {
            let value = value.as_ref().and_then(|value| parts::shown_of_stranger(name, value));
            ("unknown", stranger(name, value.as_deref(), family.as_ref(), near, *standing))
        }
    };
    let mut object = Map::new();
    object.insert("kind".to_owned(), kind.into());
    if let Some(asked) = asked {
        object.insert("asked".to_owned(), asked.into());
    }
    if let Value::Object(facts) = facts {
        object.extend(facts);
    }
    written(&Value::Object(object))
}

/// A line of JSON. What would move a cursor, or turn the line around, can stand in strings only,
/// and is written by its number there.
fn written(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match escaped(c.encode_utf8(&mut [0; 4])).starts_with('\\') && c != '\\' {
            true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    text.push('\n');
    text
}

fn one_status(status: &Status, available: Available) -> Value {
    json!({
        "code": status.code,
        "phrase": status.phrase,
        "standing": status.standing.as_str(),
        "meaning": status.meaning,
        "defined": status.reference,
        "cacheable": status.cacheable,
        "kept": status.kept,
        "retry": retry(&status.ways),
        "commands": commands(&status.ways.commands, available),
        "fields": status.fields,
        "related": status.related,
        "also": status.also,
    })
}

fn one_class(class: &Class, code: Option<u16>, available: Available) -> Value {
    json!({
        "class": format!("{}xx", class.digit),
        "code": code,
        "phrase": class.phrase,
        "meaning": class.meaning,
        "defined": class.reference,
        "retry": retry(&class.ways),
        "commands": commands(&class.ways.commands, available),
    })
}

fn retry(ways: &Ways) -> Value {
    json!({"when": ways.retry.as_str(), "how": ways.retry_how})
}

/// What `fetch`, `crawl` and `replay` do, and whether they are there yet.
fn commands(commands: &Commands, available: Available) -> Value {
    let fact = |(command, does): (&str, &str)| {
        (command.to_owned(), json!({"does": does, "planned": !available.has(command)}))
    };
    Value::Object(commands.each().map(fact).collect())
}

fn one_field(field: &Field, value: Option<&str>, available: Available) -> Value {
    let values = field.values.iter();
    let values = values.map(|value| json!({"name": value.name, "meaning": value.meaning}));
    let parts = value.map(|value| {
        let parts = parts::of(field, value).into_iter();
        let parts = parts.map(|part| json!({"part": part.text, "meaning": part.meaning}));
        parts.collect::<Vec<Value>>()
    });
    json!({
        "name": field.name,
        "standing": field.standing.as_str(),
        "group": field.group.heading(),
        "in": field.side.as_str(),
        "meaning": field.meaning,
        "defined": field.reference,
        "commands": commands(&field.commands, available),
        "values": values.collect::<Vec<Value>>(),
        "value": value.and_then(|value| parts::shown(field, value)),
        "reading": value.and_then(|value| parts::reading(field, value)),
        "parts": parts,
        "related": field.related,
    })
}

fn one_method(method: &Method, available: Available) -> Value {
    json!({
        "name": method.name,
        "standing": method.standing.as_str(),
        "meaning": method.meaning,
        "defined": method.reference,
        "safe": method.safe,
        "idempotent": method.idempotent,
        "cacheable": method.cacheable,
        "content": method.content,
        "commands": commands(&method.commands, available),
        "related": method.related,
    })
}

fn stranger(
    name: &str,
    value: Option<&str>,
    family: Option<&Field>,
    near: &[String],
    standing: Standing,
) -> Value {
    let family = family.map(|family| {
        json!({"name": family.name, "meaning": family.meaning, "defined": family.reference})
    });
    json!({
        "name": name,
        "value": value,
        "standing": standing.as_str(),
        "family": family,
        "near": near,
    })
}
