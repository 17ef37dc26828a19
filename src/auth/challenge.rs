//! Challenges: what `WWW-Authenticate` asks for (RFC 9110 section 11.6.1).

/// One challenge: a scheme and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// `Basic`, `Digest` …, as it was written; compared without case.
    pub scheme: String,
    /// Names in lower case, values with their quotes and escapes undone.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter, whose name is in lower case; of several the last, as in curl.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().rfind(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether the scheme is this one.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }
}

/// The challenges of one field line, in order. Several may stand in it, divided by the same
/// commas as the parameters: a word that is followed by no `=` begins the next one.
pub fn challenges(line: &[u8]) -> Vec<Challenge> {
    let text = String::from_utf8_lossy(line);
    let mut rest = text.trim_start();
    let mut all: Vec<Challenge> = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let behind = behind.trim_start();
        match (behind.strip_prefix('='), all.last_mut()) {
            (Some(value), Some(challenge)) => {
                let (value, behind) = read_value(value.trim_start());
                challenge.params.push((word.to_ascii_lowercase(), value));
                rest = behind;
            }
            // A parameter of nothing.
            (Some(value), None) => rest = read_value(value.trim_start()).1,
            (None, _) => {
                if !word.is_empty() {
                    all.push(Challenge { scheme: word.to_owned(), params: Vec::new() });
                }
                rest = behind;
            }
        }
        rest = rest.trim_start_matches([',', ' ', '\t']);
    }
    all
}

/// A token, or a quoted string with its escapes undone; and what is behind it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (token, behind) = text.split_at(text.find([',', ' ', '\t']).unwrap_or(text.len()));
        return (token.to_owned(), behind);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
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
        assert_eq!(all[0].param("realm"), Some("a, b"));
        assert_eq!(all[1].param("qop"), Some("auth,auth-int"));
        assert!(all[2].params.is_empty());
    }

    #[test]
    fn quotes_are_undone_and_odd_lines_end() {
        let all = challenges(b"digest Realm=\"a \\\"b\\\"\"");
        assert!(all[0].is("Digest") && all[0].param("realm") == Some("a \"b\""));
        for odd in [&b"=x"[..], b",,,", b"a=\"", b"Digest =", b"\xff \xfe=", b"Digest a=\"\\"] {
            challenges(odd);
        }
    }
}
