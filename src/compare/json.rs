//! Two JSON documents, member by member.

use super::body::Found;
use super::{Difference, MAX_SHOWN, units};
use crate::base::is_made_anew;
use serde_json::{Map, Value};

/// Compares two documents; `None` where one of them is none. The order of members is no
/// difference; that of a list's elements is.
pub(super) fn compare(a: &[u8], b: &[u8], strict: bool) -> Option<Found> {
    let document = |bytes: &[u8]| {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        // A number or a word alone is text.
        let opens = matches!(bytes.trim_ascii_start(), [b'{' | b'[', ..]);
        serde_json::from_slice::<Value>(bytes).ok().filter(|_| opens)
    };
    let (one, other) = (document(a)?, document(b)?);
    let mut walk = Walk { strict, differences: Vec::new(), more: false, common: 0, leaves: 0 };
    walk.values(&mut String::new(), &one, &other);
    Some(Found {
        similarity: units::share(walk.common, walk.leaves),
        differences: walk.differences,
        more: walk.more,
    })
}

/// A walk over both documents; it nests no deeper than the parser allowed.
struct Walk {
    strict: bool,
    differences: Vec<Difference>,
    more: bool,
    /// Leaves of both that are the same, and all.
    common: u64,
    leaves: u64,
}

impl Walk {
    fn values(&mut self, path: &mut String, a: &Value, b: &Value) {
        match (a, b) {
            (Value::Object(a), Value::Object(b)) => self.objects(path, a, b),
            (Value::Array(a), Value::Array(b)) => self.arrays(path, a, b),
            _ if a == b => {
                self.common += 2 * leaves(a);
                self.leaves += 2 * leaves(a);
            }
            _ => self.differ(path, Some(a), Some(b)),
        }
    }

    fn objects(&mut self, path: &mut String, a: &Map<String, Value>, b: &Map<String, Value>) {
        let length = path.len();
        for (name, one) in a {
            if !self.strict && is_made_anew(name) && b.contains_key(name) {
                continue;
            }
            push_name(path, name);
            match b.get(name) {
                Some(other) => self.values(path, one, other),
                None => self.differ(path, Some(one), None),
            }
            path.truncate(length);
        }
        for (name, other) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            push_name(path, name);
            self.differ(path, None, Some(other));
            path.truncate(length);
        }
    }

    /// What is the same at both ends is not looked into, so that an element that was added in
    /// front is one difference.
    fn arrays(&mut self, path: &mut String, a: &[Value], b: &[Value]) {
        let length = path.len();
        let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let back = a[front..]
            .iter()
            .rev()
            .zip(b[front..].iter().rev())
            .take_while(|(x, y)| x == y)
            .count();
        for same in a[..front].iter().chain(&a[a.len() - back..]) {
            self.common += 2 * leaves(same);
            self.leaves += 2 * leaves(same);
        }
        let (one, other) = (&a[front..a.len() - back], &b[front..b.len() - back]);
        for number in 0..one.len().max(other.len()) {
            path.push_str(&format!("[{}]", front + number));
            match (one.get(number), other.get(number)) {
                (Some(one), Some(other)) => self.values(path, one, other),
                (one, other) => self.differ(path, one, other),
            }
            path.truncate(length);
        }
    }

    fn differ(&mut self, path: &str, a: Option<&Value>, b: Option<&Value>) {
        self.leaves += [a, b].into_iter().flatten().map(leaves).sum::<u64>();
        if self.differences.len() == MAX_SHOWN {
            self.more = true;
            return;
        }
        let text = |value: Option<&Value>| value.map(ToString::to_string);
        let (one, other) = (text(a), text(b));
        let at = if path.is_empty() { "." } else { path };
        self.differences.push(Difference::new(at, one.as_deref(), other.as_deref()));
    }
}

/// `.name`, or `["any name"]`, as jq has it.
fn push_name(path: &mut String, name: &str) {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !name.is_empty() {
        path.push('.');
        path.push_str(name);
    } else {
        path.push_str(&format!("[{}]", Value::from(name)));
    }
}

/// How many values without members are in it; an empty list is one.
fn leaves(value: &Value) -> u64 {
    match value {
        Value::Object(members) => members.values().map(leaves).sum::<u64>().max(1),
        Value::Array(elements) => elements.iter().map(leaves).sum::<u64>().max(1),
        _ => 1,
    }
}
