//! `--variable`, and the `{{name}}` of `--expand-…`.
//!
//! ```text
//!  --variable name=text   name@file   name[10-20]@file     set
//!  --variable %NAME       %NAME=text                       taken from the environment
//!  --expand-data '{{name:trim:json}}'                      put in, changed on the way
//!  --expand-data '\{{name}}'                               means itself
//! ```

use super::exit::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::collections::HashMap;

/// The longest name, as in curl: longer ones are typing mistakes, or no names.
const LONGEST_NAME: usize = 127;

/// The longest text that an expansion makes, as in curl.
const MOST_EXPANDED: usize = 10_000_000;

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the contents of variables come from.
pub(super) trait World {
    /// A variable of the environment.
    ///
    /// # Errors
    /// It is not text.
    fn environment(&self, name: &str) -> Result<Option<String>, Failure>;

    /// A file, or standard input.
    ///
    /// # Errors
    /// It cannot be read.
    fn file(&self, name: &str) -> Result<Vec<u8>, Failure>;

    /// Something was passed over.
    fn warn(&mut self, text: &str);
}

/// What was set so far.
#[derive(Debug, Default)]
pub(super) struct Variables(HashMap<String, Vec<u8>>);

impl Variables {
    /// Carries out one `--variable`.
    ///
    /// # Errors
    /// A variable of the environment that is not set, a file that cannot be read, a range that
    /// is none.
    pub(super) fn set(&mut self, text: &str, world: &mut dyn World) -> Result<(), Failure> {
        let (imported, rest) = match text.strip_prefix('%') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (name, mut rest) = rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()));
        if name.is_empty() || name.len() > LONGEST_NAME {
            world.warn(&format!("Bad variable name length ({}), skipping", name.len()));
            return Ok(());
        }
        let environment = if imported { world.environment(name)? } else { None };
        if imported && environment.is_none() && rest.is_empty() {
            let why = format!("Variable '{name}' import fail, not set");
            return Err(Failure::usage(why)
                .hint("--variable %NAME=text says what it is where the environment does not"));
        }
        let mut range = None;
        if let Some(inner) = rest.strip_prefix('[').filter(|inner| begins_with_digit(inner)) {
            let bad = || Failure::usage(format!("--variable: \"{text}\" has no range like [2-10]"));
            let (bytes, behind) = inner.split_once(']').ok_or_else(bad)?;
            range = Some(Range::read(bytes).ok_or_else(bad)?);
            rest = behind;
        }
        let content = match (environment, rest.chars().next()) {
            (Some(content), _) => content.into_bytes(),
            (None, Some('@')) => world.file(&rest[1..])?,
            (None, Some('=')) => rest.as_bytes()[1..].to_vec(),
            _ => {
                world.warn(&format!("Bad --variable syntax, skipping: {text}"));
                return Ok(());
            }
        };
        let content = range.map_or(content.clone(), |range| range.of(&content).to_vec());
        self.0.insert(name.to_owned(), content);
        Ok(())
    }

    /// Puts the variables into a text. A name that was never set is empty.
    ///
    /// # Errors
    /// A function that is unknown, or content that no argument can hold.
    pub(super) fn expand(&self, text: &str, world: &mut dyn World) -> Result<String, Failure> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            if let Some(before) = rest[..at].strip_suffix('\\') {
                out.push_str(before);
                out.push_str("{{");
                rest = &rest[at + 2..];
                continue;
            }
            let inner = &rest[at + 2..];
            let Some(end) = inner.find("}}") else {
                world.warn(&format!("missing close '}}}}' in '{text}'"));
                break;
            };
            let (name, functions) = match inner[..end].split_once(':') {
                Some((name, functions)) => (name, Some(functions)),
                None => (&inner[..end], None),
            };
            out.push_str(&rest[..at]);
            let as_it_is = &rest[at..at + end + 4];
            if name.is_empty() || name.len() > LONGEST_NAME {
                world.warn(&format!("bad variable name length '{text}'"));
                out.push_str(as_it_is);
            } else if !name.chars().all(is_of_name) {
                world.warn(&format!("bad variable name: {name}"));
                out.push_str(as_it_is);
            } else {
                out.push_str(&self.value(name, functions)?);
            }
            if out.len() > MOST_EXPANDED {
                return Err(Failure::usage(format!(
                    "an expanded value is over {MOST_EXPANDED} bytes"
                )));
            }
            rest = &inner[end + 2..];
        }
        out.push_str(rest);
        Ok(out)
    }

    /// A variable's content, changed by its functions, as text.
    fn value(&self, name: &str, functions: Option<&str>) -> Result<String, Failure> {
        let mut value = self.0.get(name).cloned().unwrap_or_default();
        for function in functions.into_iter().flat_map(|functions| functions.split(':')) {
            value = match function {
                "trim" => value.trim_ascii().to_vec(),
                "json" => json(&value),
                "url" => percent_encode(&value, RESERVED).to_string().into_bytes(),
                "b64" => STANDARD.encode(&value).into_bytes(),
                "64dec" => STANDARD.decode(&value).unwrap_or_else(|_| b"[64dec-fail]".to_vec()),
                other => {
                    let why = format!("unknown variable function in '{{{{{name}:{other}}}}}'");
                    return Err(
                        Failure::usage(why).hint("there are trim, json, url, b64 and 64dec")
                    );
                }
            };
        }
        if value.contains(&0) {
            return Err(Failure::usage(format!("variable {name} contains null byte")));
        }
        String::from_utf8(value).map_err(|_| {
            Failure::usage(format!("variable {name} is not UTF-8")).hint("{{NAME:b64}} is text")
        })
    }
}

/// The bytes from one to another, both included.
#[derive(Clone, Copy)]
struct Range {
    first: usize,
    last: usize,
}

impl Range {
    /// `2-10`, or `2-` for all from there on.
    fn read(text: &str) -> Option<Range> {
        let (first, last) = text.split_once('-')?;
        let number = |text: &str| {
            let plain = text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<usize>().ok().filter(|_| plain)
        };
        let last = if last.is_empty() { usize::MAX } else { number(last)? };
        let first = number(first)?;
        (first <= last).then_some(Range { first, last })
    }

    /// Its part of these bytes; nothing where they end before it.
    fn of(self, bytes: &[u8]) -> &[u8] {
        let end = bytes.len().min(self.last.saturating_add(1));
        bytes.get(self.first..end).unwrap_or_default()
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// As it stands within the quotes of a JSON string.
fn json(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\x08' => out.extend(*b"\\b"),
            b'\x0c' => out.extend(*b"\\f"),
            b'\n' => out.extend(*b"\\n"),
            b'\r' => out.extend(*b"\\r"),
            b'\t' => out.extend(*b"\\t"),
            0..0x20 => out.extend(format!("\\u{byte:04x}").into_bytes()),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment of one variable, and one file.
    #[derive(Default)]
    struct Here(Vec<String>);

    impl World for Here {
        fn environment(&self, name: &str) -> Result<Option<String>, Failure> {
            Ok((name == "SET").then(|| "from outside".to_owned()))
        }

        fn file(&self, name: &str) -> Result<Vec<u8>, Failure> {
            match name {
                "file" => Ok(b" 0123456789\n".to_vec()),
                _ => Err(Failure::usage("not there")),
            }
        }

        fn warn(&mut self, text: &str) {
            self.0.push(text.to_owned());
        }
    }

    fn expanded(sets: &[&str], text: &str) -> Result<String, Failure> {
        let (mut variables, mut here) = (Variables::default(), Here::default());
        for set in sets {
            variables.set(set, &mut here)?;
        }
        variables.expand(text, &mut here)
    }

    #[test]
    fn a_variable_comes_from_text_a_file_or_the_environment() {
        for (set, content) in [
            ("v=a=b", "a=b"),
            ("v@file", " 0123456789\n"),
            ("v[1-3]@file", "012"),
            ("v[8-]=0123456789", "89"),
            ("v[20-30]=0123", ""),
            ("v[2-2]=0123", "2"),
        ] {
            assert_eq!(expanded(&[set], "<{{v}}>").unwrap(), format!("<{content}>"), "{set}");
        }
        assert_eq!(expanded(&["%SET=default"], "{{SET}}").unwrap(), "from outside");
        assert_eq!(expanded(&["%UNSET=default"], "{{UNSET}}").unwrap(), "default");
        assert_eq!(expanded(&["v=1", "v=2"], "{{v}}").unwrap(), "2");
    }

    #[test]
    fn functions_are_applied_from_left_to_right() {
        for (functions, content) in [
            ("trim", "a \"b\""),
            ("trim:url", "a%20%22b%22"),
            ("json", " a \\\"b\\\"\\n"),
            ("trim:json:b64", "YSBcImJcIg=="),
            ("b64:64dec:trim", "a \"b\""),
            ("64dec", "[64dec-fail]"),
        ] {
            let text = expanded(&["v= a \"b\"\n"], &format!("{{{{v:{functions}}}}}")).unwrap();
            assert_eq!(text, content, "{functions}");
        }
        assert!(expanded(&["v=1"], "{{v:nonsense}}").is_err());
    }

    #[test]
    fn what_is_no_variable_stays_as_it_is() {
        for text in ["{{}}", "{{not.good}}", "{{open", "plain"] {
            assert_eq!(expanded(&[], text).unwrap(), text);
        }
        assert_eq!(expanded(&["v=1"], r"\{{v}}{{v}}{{unset}}").unwrap(), "{{v}}1");
        let long = "A".repeat(LONGEST_NAME + 1);
        assert_eq!(expanded(&[], &format!("{{{{{long}}}}}")).unwrap(), format!("{{{{{long}}}}}"));
    }

    #[test]
    fn what_cannot_be_set_is_refused_or_warned_of() {
        for bad in ["%UNSET", "v@missing", "v[3-2]=x", "v[1x]=x", "v[1-2=x"] {
            assert!(expanded(&[bad], "").is_err(), "{bad}");
        }
        let (mut variables, mut here) = (Variables::default(), Here::default());
        for passed_over in ["=x", "v:x", "v", &format!("{}=x", "A".repeat(200))] {
            variables.set(passed_over, &mut here).unwrap();
        }
        assert_eq!(here.0.len(), 4);
        assert_eq!(here.0[1], "Bad --variable syntax, skipping: v:x");
    }

    #[test]
    fn content_that_no_argument_can_hold_is_refused() {
        let mut variables = Variables::default();
        variables.0.insert("zero".to_owned(), vec![0]);
        variables.0.insert("latin".to_owned(), vec![0xe4]);
        let mut here = Here::default();
        assert!(variables.expand("{{zero}}", &mut here).is_err());
        assert!(variables.expand("{{latin}}", &mut here).is_err());
        assert_eq!(variables.expand("{{latin:b64}}{{zero:url}}", &mut here).unwrap(), "5A==%00");
    }
}
