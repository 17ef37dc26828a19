//! `--json-out`: a line of JSON for each transfer, with everything that happened, by
//! `inspect/schema.json`.
//!
//! Bytes stand as text where they are UTF-8, and else in base64 under the name with `_base64`.

use super::write_out::Facts;
use crate::base::{Head, Headers, Tick, is_unseen};
use crate::client::{Hop, Timings, Unanswered};
use crate::net::Established;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// One exchange; times are seconds since `began`.
pub(super) fn hop(hop: &Hop, began: Tick) -> Value {
    let (made, head) = (hop.established.as_ref(), &hop.head);
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("method", hop.method.as_str().into());
    put("url", hop.asked.as_str().into());
    let (name, value) = bytes("sent_head", &hop.sent);
    put(&name, value);
    put("status", head.status.into());
    put("version", head.version.as_str().into());
    let (name, value) = bytes("reason", &head.reason);
    put(&name, value);
    let (name, value) = bytes("raw_head", &hop.raw_head);
    put(&name, value);
    let interim = |head: &Head| json!({"status": head.status, "fields": fields(&head.headers)});
    put("interim", hop.interims.iter().map(interim).collect());
    put("fields", fields(&head.headers));
    put("trailers", fields(&hop.trailers));
    let cookies = hop.cookies.iter().map(|stored| {
        let (name, value) = bytes("name", &stored.name);
        json!({name: value, "verdict": stored.verdict.to_string()})
    });
    put("cookies", cookies.collect());
    put("tolerated", hop.defects.iter().map(ToString::to_string).collect());
    put("sent_bytes", hop.uploaded.into());
    put("received_bytes", hop.received.into());
    put("decoded_bytes", hop.decoded.into());
    put("connection", made.map_or(Value::Null, |made| connection(made, hop.reused)));
    put("seconds", times(&hop.timings, made, hop.reused, began));
    Value::Object(all)
}

/// An exchange that ended before there was a head: what never came is null.
pub(super) fn unanswered(lost: &Unanswered, began: Tick) -> Value {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("method", lost.method.as_str().into());
    put("url", lost.asked.as_str().into());
    let (name, value) = bytes("sent_head", &lost.sent);
    put(&name, if lost.sent.is_empty() { Value::Null } else { value });
    put("status", Value::Null);
    put("sent_bytes", lost.uploaded.into());
    let made = lost.established.as_ref();
    put("connection", made.map_or(Value::Null, |made| connection(made, lost.reused)));
    let mut seconds = times(&lost.timings, made, lost.reused, began);
    if lost.timings.first_byte == lost.timings.began {
        seconds["first_byte"] = Value::Null;
    }
    put("seconds", seconds);
    Value::Object(all)
}

fn connection(made: &Established, reused: bool) -> Value {
    json!({
        "peer": made.peer.map(|peer| peer.to_string()),
        "local": made.local.map(|local| local.to_string()),
        "reused": reused,
        "tls": made.tls.as_ref().map(|tls| {
            json!({"version": tls.version, "suite": tls.suite, "verdict": tls.verdict})
        }),
        "tunnel_status": made.tunnel.as_ref().map(|tunnel| tunnel.status).filter(|&said| said != 0),
    })
}

fn times(timings: &Timings, made: Option<&Established>, reused: bool, began: Tick) -> Value {
    let since = |tick: Tick| seconds(tick - began);
    // A connection that was there already was made before the hop began.
    let made = made.filter(|_| !reused);
    let made_at = |of: fn(&Established) -> Tick| made.map(|made| since(of(made)));
    let secure = made.is_some_and(|made| made.tls.is_some());
    json!({
        "began": since(timings.began),
        "resolved": made_at(|made| made.resolved),
        "connected": made_at(|made| made.connected),
        "secured": made_at(|made| made.secured).filter(|_| secure),
        "first_byte": since(timings.first_byte),
        "ended": since(timings.ended),
    })
}

/// The whole of a transfer, as one line.
pub(super) fn line(facts: &Facts, hops: &[Value]) -> String {
    let error = Some(facts.message.as_str()).filter(|_| facts.exit != 0);
    let all = json!({
        "url": facts.url,
        "exit": facts.exit,
        "error": error,
        "file": facts.file.as_ref().map(|path| path.to_string_lossy()),
        "retries": facts.retries,
        "hops": hops,
    });
    text(&all)
}

/// A line of JSON that is safe on a terminal: what would move its cursor or turn its line around
/// is escaped, which no reader of JSON sees.
pub(super) fn text(value: &Value) -> String {
    let json = value.to_string();
    let mut out = String::with_capacity(json.len() + 1);
    let unseen = |c: &char| !matches!(c, ' '..='~') && (c.is_control() || is_unseen(*c));
    let mut rest = &*json;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| unseen(c)) {
        out.push_str(&rest[..at]);
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
    out.push('\n');
    out
}

pub(super) fn seconds(span: Duration) -> Value {
    // Microseconds, as -w writes them; a float of more digits says no more.
    let micros = u32::try_from(span.as_micros())
        .map_or(span.as_secs_f64(), |micros| f64::from(micros) / 1e6);
    micros.into()
}

fn fields(headers: &Headers) -> Value {
    let pairs = headers.iter().map(|field| match std::str::from_utf8(field.value) {
        Ok(value) => json!({"name": field.name, "value": value}),
        Err(_) => json!({"name": field.name, "value_base64": STANDARD.encode(field.value)}),
    });
    pairs.collect()
}

pub(super) fn bytes(name: &str, bytes: &[u8]) -> (String, Value) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (name.to_owned(), text.into()),
        Err(_) => (format!("{name}_base64"), STANDARD.encode(bytes).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_document_moves_a_cursor_and_all_are_read_again() {
        let odd = "\u{1b}[2J \u{7f} \u{9b}31m \u{202e} \u{200b} \u{2028} \u{e0041} é 漢 🦀 \\u202e";
        let value = json!({ "x": odd });
        let text = text(&value);
        assert!(
            text.contains("\\u009b31m \\u202e \\u200b \\u2028 \\udb40\\udc41 é 漢 🦀"),
            "{text}"
        );
        assert!(text.contains("\\u001b[2J \\u007f"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
