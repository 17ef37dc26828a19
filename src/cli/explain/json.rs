//! The explanation for programs: one object a line, `kind` first.

use super::Available;
use super::asked::{Asked, Topic};
use super::parts;
use crate::cli::print::escaped;
use crate::registry::{Class, Field, Method, Standing, Status, Ways};
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
        Topic::Stranger { name, family, near, standing, .. } => {
            ("unknown", stranger(name, family.as_ref(), near, *standing))
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
        "retry": retry(&status.ways),
        "commands": ways(&status.ways, available),
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
        "commands": ways(&class.ways, available),
    })
}

fn retry(ways: &Ways) -> Value {
    json!({"when": ways.retry.as_str(), "how": ways.retry_how})
}

fn ways(ways: &Ways, available: Available) -> Value {
    commands(
        [Some(ways.fetch.as_str()), Some(ways.crawl.as_str()), Some(ways.replay.as_str())],
        available,
    )
}

/// What `fetch`, `crawl` and `replay` do, and whether they are there yet.
fn commands(does: [Option<&str>; 3], available: Available) -> Value {
    let mut all = Map::new();
    for (command, does) in ["fetch", "crawl", "replay"].into_iter().zip(does) {
        if let Some(does) = does {
            let facts = json!({"does": does, "planned": !available.has(command)});
            all.insert(command.to_owned(), facts);
        }
    }
    Value::Object(all)
}

fn one_field(field: &Field, value: Option<&str>, available: Available) -> Value {
    let texts = [field.fetch.as_deref(), field.crawl.as_deref(), field.replay.as_deref()];
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
        "commands": commands(texts, available),
        "values": values.collect::<Vec<Value>>(),
        "reading": value.and_then(|value| parts::reading(field, value)),
        "parts": parts,
        "related": field.related,
    })
}

fn one_method(method: &Method, available: Available) -> Value {
    let texts = [Some(method.fetch.as_str()), method.crawl.as_deref(), method.replay.as_deref()];
    json!({
        "name": method.name,
        "standing": method.standing.as_str(),
        "meaning": method.meaning,
        "defined": method.reference,
        "safe": method.safe,
        "idempotent": method.idempotent,
        "cacheable": method.cacheable,
        "content": method.content,
        "commands": commands(texts, available),
        "related": method.related,
    })
}

fn stranger(name: &str, family: Option<&Field>, near: &[String], standing: Standing) -> Value {
    let family = family.map(|family| {
        json!({"name": family.name, "meaning": family.meaning, "defined": family.reference})
    });
    json!({
        "name": name,
        "standing": standing.as_str(),
        "family": family,
        "near": near,
    })
}
