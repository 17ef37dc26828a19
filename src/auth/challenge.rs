//! Challenges: what `WWW-Authenticate` asks for (RFC 9110 section 11.6.1).

/// One challenge: a scheme and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// `Basic`, `Digest` …, as it was written; compared without case.
    pub scheme: String,
    /// Names in lower case, values with their quotes and escapes undone. A value is bytes: it
    /// goes back as it came (RFC 7616 section 3.4), whatever characters it was meant as.
    pub params: Vec<(String, Vec<u8>)>,
}

impl Challenge {
    /// The value of a parameter, whose name is in lower case; of several the last, as in curl.
    pub fn param(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().rfind(|(other, _)| other == name).map(|(_, value)| value.as_slice())
    }

    /// Whether a parameter is there and is this word.
    pub fn says(&self, name: &str, word: &str) -> bool {
        self.param(name).is_some_and(|value| value.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether the scheme is this one.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }
}

/// The challenges of one field line, in order. Several may stand in it, divided by the same
/// commas as the parameters: a word that is followed by no `=` begins the next one.
pub fn challenges(line: &[u8]) -> Vec<Challenge> {
    let mut rest = line.trim_ascii_start();
    let mut all: Vec<Challenge> = Vec::new();
    while !rest.is_empty() {
        let (word, behind) = split(rest, b" \t,=");
        let behind = behind.trim_ascii_start();
        match (behind.strip_prefix(b"="), all.last_mut()) {
            (Some(value), Some(challenge)) => {
                let (value, behind) = read_value(value.trim_ascii_start());
                challenge.params.push((name(word).to_ascii_lowercase(), value));
                rest = behind;
            }
            // A parameter of nothing.
            (Some(value), None) => rest = read_value(value.trim_ascii_start()).1,
            (None, _) => {
                if !word.is_empty() {
                    all.push(Challenge { scheme: name(word), params: Vec::new() });
                }
                rest = behind;
            }
        }
        while let [b',' | b' ' | b'\t', behind @ ..] = rest {
            rest = behind;
        }
    }
    all
}

/// Names are ASCII; one that is not is nobody's.
fn name(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

/// What stands before the first of these bytes, and the rest.
fn split<'t>(text: &'t [u8], ends: &[u8]) -> (&'t [u8], &'t [u8]) {
    text.split_at(text.iter().position(|byte| ends.contains(byte)).unwrap_or(text.len()))
}

/// A token, or a quoted string with its escapes undone; and what is behind it.
fn read_value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(mut rest) = text.strip_prefix(b"\"") else {
        let (token, behind) = split(text, b", \t");
        return (token.to_vec(), behind);
    };
    let mut value = Vec::new();
    loop {
        rest = match rest {
            [] | [b'\\'] => return (value, b""),
            [b'"', behind @ ..] => return (value, behind),
            [b'\\', byte, behind @ ..] | [byte, behind @ ..] => {
                value.push(*byte);
                behind
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_challenges_stand_in_one_line() {
        let line =
            b"Basic realm=\"a, b\", , Digest qop=\"auth,auth-int\" , nonce = n\\\"x,Negotiate";
        let all = challenges(line);
        let schemes: Vec<&str> = all.iter().map(|challenge| challenge.scheme.as_str()).collect();
        assert_eq!(schemes, ["Basic", "Digest", "Negotiate"]);
        assert_eq!(all[0].param("realm"), Some(&b"a, b"[..]));
        assert_eq!(all[1].param("qop"), Some(&b"auth,auth-int"[..]));
        assert!(all[2].params.is_empty());
    }

    #[test]
    fn quotes_are_undone_and_odd_lines_end() {
        let all = challenges(b"digest Realm=\"a \\\"b\\\"\"");
        assert!(all[0].is("Digest") && all[0].param("realm") == Some(b"a \"b\""));
        for odd in [&b"=x"[..], b",,,", b"a=\"", b"Digest =", b"\xff \xfe=", b"Digest a=\"\\"] {
            challenges(odd);
        }
    }

    #[test]
    fn a_value_is_bytes() {
        let all = challenges(b"Digest realm=\"caf\xe9\", nonce=\xff\xfe");
        assert_eq!(all[0].param("realm"), Some(&b"caf\xe9"[..]));
        assert_eq!(all[0].param("nonce"), Some(&b"\xff\xfe"[..]));
    }
}
