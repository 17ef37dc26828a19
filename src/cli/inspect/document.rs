//! A report as JSON: the line that `fetch --json-out` writes, and more of it. What both hold is
//! described by `schema.json`.

use crate::caching::{Judgement, View};
use crate::cli::exit::Failure;
use crate::cli::json_out;
use crate::cookie::Sending;
use crate::inspect::certificate::objection;
use crate::inspect::signs::Sign;
use crate::inspect::{Block, Certificate, Message, Noted, Report, Stretch, Whole};
use crate::net::Established;
use crate::page::{Page, Place};
use serde_json::{Map, Value, json};

/// The schema of the document, for whoever reads it by program.
pub(super) const SCHEMA: &str = include_str!("schema.json");

/// The whole of a transfer, as one line.
pub(super) fn line(
    url: &str,
    report: &Report<'_>,
    failure: Option<&Failure>,
    body: bool,
) -> String {
    let capture = report.capture;
    let first = capture.hops.first().map(|hop| hop.timings.began);
    let began = first.or(capture.unanswered.as_ref().map(|lost| lost.timings.began));
    let began = began.unwrap_or_default();
    let mut hops: Vec<Value> = report
        .hops
        .iter()
        .map(|block| with(json_out::hop(block.hop, began), of_block(block)))
        .collect();
    if let Some(it) = &report.unfinished {
        let mut more = Map::new();
        more.insert(
            "certificate".to_owned(),
            certificate(it.certificate.as_ref(), it.lost.established.as_ref()),
        );
        more.insert("stretches".to_owned(), stretches(&it.stretches));
        hops.push(with(json_out::unanswered(it.lost, began), more));
    }
    let mut all = json!({
        "url": url,
        "exit": failure.map_or(0, |failure| failure.code),
        "error": failure.map(|failure| failure.message.as_str()),
        "file": null,
        "retries": 0,
        "hops": hops,
        "content_cut": capture.cut,
        "notes": report.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "whole": report.whole.as_ref().map(of_whole),
    });
    if body {
        let (name, value) = json_out::bytes("content", &capture.content);
        all[name] = value;
    }
    json_out::text(&all)
}

fn with(mut value: Value, more: Map<String, Value>) -> Value {
    if let Value::Object(members) = &mut value {
        members.extend(more);
    }
    value
}

fn of_block(block: &Block<'_>) -> Map<String, Value> {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("meaning", json!(block.meaning));
    put("request_fields", fields(&block.sent));
    put("response_fields", fields(&block.received));
    put("certificate", certificate(block.certificate.as_ref(), block.hop.established.as_ref()));
    put("stretches", stretches(&block.stretches));
    put("defects", defects(&block.defects));
    all
}

/// The fields of a head as they are grouped for reading, with what they say.
fn fields(message: &Message) -> Value {
    let lines = message.lines.iter().map(|line| {
        let mut field = Map::new();
        field.insert("name".to_owned(), line.name.as_str().into());
        let (name, value) = json_out::bytes("value", &line.value);
        field.insert(name, value);
        field.insert("group".to_owned(), line.group.heading().into());
        field.insert("reading".to_owned(), json!(line.reading));
        let verdict = line.stored.as_ref().map(|stored| stored.verdict.to_string());
        field.insert("verdict".to_owned(), json!(verdict));
        Value::Object(field)
    });
    lines.collect()
}

fn certificate(certificate: Option<&Certificate>, made: Option<&Established>) -> Value {
    let objection = made.and_then(Established::verdict).and_then(objection);
    certificate.map_or(Value::Null, |it| {
        json!({
            "subject": it.subject,
            "issuer": it.issuer,
            "names": it.names,
            "from": it.from.secs(),
            "until": it.until.secs(),
            "objection": objection,
        })
    })
}

fn stretches(stretches: &[Stretch]) -> Value {
    let each = stretches.iter().map(|it| {
        json!({
            "name": it.name,
            "from": json_out::seconds(it.from),
            "took": json_out::seconds(it.took),
        })
    });
    each.collect()
}

fn defects(defects: &[Noted]) -> Value {
    defects.iter().map(|it| json!({"text": it.text, "section": it.section})).collect()
}

fn of_whole(whole: &Whole) -> Value {
    let cookies = whole.cookies.iter().map(|kept| {
        let (name, value) = json_out::bytes("name", &kept.name);
        json!({
            name: value,
            "place": kept.place,
            "expires": kept.expires.map(|at| at.secs()),
            "sent": matches!(kept.sending, Sending::Sent(_)),
            "why": kept.sending.to_string(),
        })
    });
    json!({
        "url": whole.url,
        "caching": caching(&whole.caching),
        "robots": robots(whole),
        "page": whole.page.as_ref().map(page),
        "signs": whole.signs.iter().map(sign).collect::<Vec<_>>(),
        "cookies": cookies.collect::<Vec<_>>(),
    })
}

fn caching(judgement: &Judgement) -> Value {
    let view = |view: &View| {
        json!({
            "stored": view.is_stored(),
            "fresh_seconds": view.fresh_for(),
            "validator": view.validator,
            "says": view.to_string(),
        })
    };
    json!({
        "private": view(&judgement.private),
        "shared": view(&judgement.shared),
        "says": judgement.to_string(),
        "vary": judgement.vary.to_string(),
        "notes": judgement.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn robots(whole: &Whole) -> Value {
    let each = whole.robots.directives.iter().map(|directive| {
        json!({
            "name": directive.name,
            "value": directive.value,
            "agent": directive.agent,
            "in": match directive.place {
                Place::Header => "field",
                Place::Meta => "meta",
            },
        })
    });
    json!({"says": whole.crawler, "directives": each.collect::<Vec<_>>()})
}

fn sign(sign: &Sign) -> Value {
    json!({
        "kind": sign.kind.slug(),
        "by": sign.by,
        "confidence": sign.confidence.to_string(),
        "evidence": sign.evidence,
        "advice": sign.advice(),
    })
}

fn page(page: &Page) -> Value {
    let mut all = json!({
        "type": page.media.name(),
        "declared_type": page.media.declared,
        "charset": page.charset.as_ref().map(|charset| charset.name()),
        "charset_found": page.charset.as_ref().map(|charset| charset.how.to_string()),
        "bytes": page.bytes,
        "canonical": page.canonical(),
        "html": null,
    });
    if let Some(html) = page.html() {
        let forms = html.forms.iter().map(|form| {
            json!({
                "method": form.method,
                "action": form.action,
                "names": form.names,
                "password": form.password,
            })
        });
        all["html"] = json!({
            "title": html.title,
            "heading": html.heading,
            "description": html.description,
            "language": html.language,
            "generator": html.generator,
            "links": {"internal": html.links.internal, "external": html.links.external + html.links.unplaced},
            "forms": forms.collect::<Vec<_>>(),
            "form_count": html.form_count,
            "inline_scripts": html.inline_scripts,
            "linked_scripts": html.linked_scripts,
            "refresh": html.refresh.as_ref().map(|refresh| {
                json!({"seconds": refresh.seconds, "target": refresh.target})
            }),
            "needs_javascript": html.needs_javascript,
        });
    }
    all
}
