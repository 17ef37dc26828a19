//! `--json-out`: a line of JSON for each transfer, with everything that happened.
//!
//! Bytes stand as text where they are UTF-8, and else in base64 under the name with `_base64`.

use super::write_out::Facts;
use crate::base::{Headers, Tick};
use crate::client::Hop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// One exchange; times are seconds since `began`.
pub(super) fn hop(hop: &Hop, began: Tick) -> Value {
    let (made, head) = (&hop.established, &hop.head);
    let since = |tick: Tick| seconds(tick - began);
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
    put(
        "connection",
        json!({
            "peer": made.peer.map(|peer| peer.to_string()),
            "local": made.local.map(|local| local.to_string()),
            "reused": hop.reused,
            "tls": made.tls.as_ref().map(|tls| json!({"version": tls.version, "suite": tls.suite})),
            "tunnel_status": made.tunnel.as_ref().map(|tunnel| tunnel.status),
        }),
    );
    // A connection that was there already was made before the hop began.
    let made_at = |tick: Tick| if hop.reused { Value::Null } else { since(tick) };
    put(
        "seconds",
        json!({
            "began": since(hop.timings.began),
            "resolved": made_at(made.resolved),
            "connected": made_at(made.connected),
            "secured": made.tls.as_ref().map_or(Value::Null, |_| made_at(made.secured)),
            "first_byte": since(hop.timings.first_byte),
            "ended": since(hop.timings.ended),
        }),
    );
    Value::Object(all)
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
    format!("{all}\n")
}

fn seconds(span: Duration) -> Value {
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

fn bytes(name: &str, bytes: &[u8]) -> (String, Value) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (name.to_owned(), text.into()),
        Err(_) => (format!("{name}_base64"), STANDARD.encode(bytes).into()),
    }
}
