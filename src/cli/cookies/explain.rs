//! Why a cookie is sent or not, stored or not: the jar's own answers, in words.

use super::Style;
use super::list::{domain, line, visible};
use crate::base::Origin;
use crate::cookie::{Jar, Sending, Verdict};
use crate::net::clock;
use serde_json::{Map, Value, json};
use url::Url;

/// Each cookie of the jar: its place in the line to `url`, or the rule against it.
pub(super) fn sending(jar: &Jar, style: Style, url: &Url) -> String {
    let mut text = String::new();
    let mut leaned_on_loopback = false;
    let plain_loopback =
        Origin::of(url).is_some_and(|o| o.is_loopback() && o.scheme.as_str() == "http");
    for one in jar.explain(url, clock::wall()) {
        let place = match one.sending {
            Sending::Sent(place) => Some(place),
            Sending::Kept(_) => None,
        };
        leaned_on_loopback |= place.is_some() && one.cookie.secure && plain_loopback;
        if style.json {
            let mut object = super::list::object(one.cookie, style);
            object.insert("sent".to_owned(), json!(place.is_some()));
            object.insert("place".to_owned(), json!(place));
            object.insert("why".to_owned(), json!(one.sending.to_string()));
            text.push_str(&line(object));
        } else {
            let name = visible(&one.cookie.key.name);
            let path = visible(&one.cookie.key.path);
            let place = format!("{}{path}", domain(one.cookie));
            text.push_str(&format!("{name} ({place}): {}\n", one.sending));
        }
    }
    if leaned_on_loopback && !style.json {
        text.push_str("note: this machine counts as secure without TLS, as in browsers\n");
    }
    text
}

/// What the jar would do with a `Set-Cookie` line from `url`.
pub(super) fn storing(mut jar: Jar, style: Style, set_cookie: &str, url: &Url) -> String {
    let stored = jar.store(set_cookie.as_bytes(), url, clock::wall());
    if !style.json {
        return format!("{stored}\n");
    }
    let (verdict, why) = match &stored.verdict {
        Verdict::Created => ("created", None),
        Verdict::Replaced => ("replaced", None),
        Verdict::Removed => ("removed", None),
        Verdict::Refused(refusal) => ("refused", Some(refusal.to_string())),
    };
    let mut object = Map::new();
    super::list::put_bytes(&mut object, "name", &stored.name);
    object.insert("verdict".to_owned(), json!(verdict));
    let is_stored = matches!(stored.verdict, Verdict::Created | Verdict::Replaced);
    object.insert("stored".to_owned(), Value::Bool(is_stored));
    object.insert("why".to_owned(), json!(why));
    line(object)
}
