//! Header fields as they came: order, case, duplicates and odd bytes kept.
//!
//! RFC 9110 section 5. One buffer holds all names and values; a field is two
//! ranges in it. Look-ups walk the list: a message has dozens of fields, and a
//! hash map would lose what matters here.

use std::fmt;

/// One field line: a name and a value, both borrowed from [`Headers`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'h> {
    /// The name as it was written; compared without case.
    pub name: &'h str,
    /// The value, without the white space around it. Any bytes but CR, LF and NUL.
    pub value: &'h [u8],
}

impl Field<'_> {
    /// Whether this field's name is `name`, without case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// An ordered list of field lines.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    text: Vec<u8>,
    spans: Vec<Span>,
}

/// Where a field's name and value end in the text; both begin where the last one ended.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    name_end: usize,
    value_end: usize,
}

impl Headers {
    /// No fields.
    pub fn new() -> Headers {
        Headers::default()
    }

    /// Appends a field line. Nothing is checked: see `h1` for what may be sent.
    pub fn push(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let start = self.text.len();
        self.text.extend_from_slice(name.as_bytes());
        let name_end = self.text.len();
        self.text.extend_from_slice(value.as_ref());
        self.spans.push(Span { start, name_end, value_end: self.text.len() });
    }

    /// Number of field lines.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The field lines in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Field<'_>> + ExactSizeIterator {
        self.spans.iter().map(|span| Field {
            // Names enter as &str and ranges are cut where they were joined, so this never fails.
            name: std::str::from_utf8(&self.text[span.start..span.name_end]).unwrap_or_default(),
            value: &self.text[span.name_end..span.value_end],
        })
    }

    /// The values of every field called `name`, in order.
    pub fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + 'h {
        self.iter().filter(move |field| field.is(name)).map(|field| field.value)
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|field| field.is(name)).map(|field| field.value)
    }

    /// The first value of `name`, where it is text.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.get(name)?).ok()
    }

    /// Whether any field is called `name`.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Keeps the fields for which `keep` says yes.
    pub fn retain(&mut self, mut keep: impl FnMut(Field<'_>) -> bool) {
        let mut kept = Headers::new();
        for field in self.iter() {
            if keep(field) {
                kept.push(field.name, field.value);
            }
        }
        *self = kept;
    }

    /// The comma-separated members of every field called `name`, trimmed, empty ones dropped
    /// (RFC 9110 section 5.6.1). Not for fields whose members may hold a comma.
    pub fn members<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> + 'h {
        self.all(name)
            .flat_map(|value| value.split(|&b| b == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|member| !member.is_empty())
    }
}

/// Fields whose values are secrets; masked in everything that is meant for reading.
const SECRET_FIELDS: [&str; 4] = ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"];

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for field in self.iter() {
            if SECRET_FIELDS.iter().any(|name| field.is(name)) {
                map.entry(&field.name, &format_args!("({} bytes)", field.value.len()));
            } else {
                map.entry(&field.name, &String::from_utf8_lossy(field.value));
            }
        }
        map.finish()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.push(name.as_ref(), value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_case_and_duplicates_are_kept() {
        let headers: Headers = [("B", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        let names: Vec<&str> = headers.iter().map(|f| f.name).collect();
        assert_eq!(names, ["B", "a", "b"]);
        assert_eq!(headers.all("B").collect::<Vec<_>>(), [b"1", b"3"]);
        assert_eq!(headers.get("A"), Some(&b"2"[..]));
    }

    #[test]
    fn a_list_is_split_over_all_its_lines() {
        let headers: Headers = [("TE", "a, ,b"), ("te", " c ")].into_iter().collect();
        assert_eq!(headers.members("te").collect::<Vec<_>>(), [b"a", b"b", b"c"]);
    }

    #[test]
    fn secrets_are_not_in_the_debug_output() {
        let headers: Headers = [("cookie", "sid=hush"), ("X", "seen")].into_iter().collect();
        let shown = format!("{headers:?}");
        assert!(!shown.contains("hush") && shown.contains("seen"), "{shown}");
    }

    #[test]
    fn what_is_not_retained_is_gone_and_the_rest_keeps_its_order() {
        let mut headers: Headers = [("a", "1"), ("b", "2"), ("c", "3")].into_iter().collect();
        headers.retain(|f| !f.is("B"));
        assert_eq!(headers.iter().map(|f| f.name).collect::<String>(), "ac");
    }
}
