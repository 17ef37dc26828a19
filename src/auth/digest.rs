//! The Digest scheme (RFC 7616), the client's side: MD5, SHA-256 and SHA-512-256, their
//! `-sess` variants, `qop=auth`, `userhash`, and the old form without a qop (RFC 2069).

use super::challenge::Challenge;
use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};
use std::fmt::Write;

/// A hash that a challenge may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Md5,
    Sha256,
    Sha512_256,
}

impl Hash {
    fn hex(self, text: &str) -> String {
        let bytes: Vec<u8> = match self {
            Hash::Md5 => Md5::digest(text).to_vec(),
            Hash::Sha256 => Sha256::digest(text).to_vec(),
            Hash::Sha512_256 => Sha512_256::digest(text).to_vec(),
        };
        bytes.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// What is proved: who, and for which request.
#[derive(Clone, Copy)]
pub struct Proof<'p> {
    /// The user.
    pub user: &'p str,
    /// The password.
    pub password: &'p str,
    /// The method of the request.
    pub method: &'p str,
    /// The request target, as it is sent.
    pub uri: &'p str,
    /// The client's own nonce: unpredictable.
    pub cnonce: &'p str,
    /// How many requests carry the server's nonce, this one included.
    pub count: u32,
}

/// The `Authorization` value that answers a challenge; `None` for one that this client cannot
/// answer: no nonce, a hash or a quality of protection that is not known.
pub fn digest(challenge: &Challenge, proof: &Proof<'_>) -> Option<String> {
    let realm = challenge.param("realm").unwrap_or_default();
    let nonce = challenge.param("nonce")?;
    let named = challenge.param("algorithm");
    let (hash, session) = algorithm(named.unwrap_or("MD5"))?;
    let qop = match challenge.param("qop") {
        Some(offered) => {
            let mut words = offered.split(',').map(str::trim);
            Some(words.find(|word| word.eq_ignore_ascii_case("auth")).map(|_| "auth")?)
        }
        None => None,
    };
    let &Proof { user, password, method, uri, cnonce, count } = proof;
    let mut a1 = hash.hex(&format!("{user}:{realm}:{password}"));
    if session {
        a1 = hash.hex(&format!("{a1}:{nonce}:{cnonce}"));
    }
    let a2 = hash.hex(&format!("{method}:{uri}"));
    let nc = format!("{count:08x}");
    let response = match qop {
        Some(qop) => hash.hex(&format!("{a1}:{nonce}:{nc}:{cnonce}:{qop}:{a2}")),
        None => hash.hex(&format!("{a1}:{nonce}:{a2}")),
    };
    let hashed = challenge.param("userhash").is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
    let shown = if hashed { hash.hex(&format!("{user}:{realm}")) } else { user.to_owned() };
    let mut value = format!(
        "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{uri}\"",
        quoted(&shown),
        quoted(realm),
        quoted(nonce)
    );
    if let Some(qop) = qop {
        value += &format!(", cnonce=\"{cnonce}\", nc={nc}, qop={qop}");
    } else if session {
        value += &format!(", cnonce=\"{cnonce}\"");
    }
    value += &format!(", response=\"{response}\"");
    if let Some(opaque) = challenge.param("opaque") {
        value += &format!(", opaque=\"{}\"", quoted(opaque));
    }
    if let Some(named) = named {
        value += &format!(", algorithm={named}");
    }
    if hashed {
        value += ", userhash=true";
    }
    Some(value)
}

fn algorithm(name: &str) -> Option<(Hash, bool)> {
    let upper = name.to_ascii_uppercase();
    let (name, session) = match upper.strip_suffix("-SESS") {
        Some(name) => (name, true),
        None => (upper.as_str(), false),
    };
    let hash = match name {
        "MD5" => Hash::Md5,
        "SHA-256" => Hash::Sha256,
        "SHA-512-256" => Hash::Sha512_256,
        _ => return None,
    };
    Some((hash, session))
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::super::challenge::challenges;
    use super::*;

    fn answer(challenge: &str, proof: &Proof<'_>) -> Option<String> {
        digest(&challenges(challenge.as_bytes())[0], proof)
    }

    fn response(value: &str) -> &str {
        let start = value.find("response=\"").unwrap() + 10;
        &value[start..start + value[start..].find('"').unwrap()]
    }

    /// RFC 7616 section 3.9.1.
    #[test]
    fn the_examples_of_the_specification() {
        let proof = Proof {
            user: "Mufasa",
            password: "Circle of Life",
            method: "GET",
            uri: "/dir/index.html",
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            count: 1,
        };
        for (algorithm, expected) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
                 algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
                 opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let value = answer(&challenge, &proof).unwrap();
            assert_eq!(response(&value), expected, "{algorithm}");
            assert!(value.contains("opaque=\"FQhe/") && value.contains("qop=auth, "), "{value}");
        }
    }

    /// RFC 7616 section 3.9.2: SHA-512-256 and userhash; the hashed name is the specification's.
    #[test]
    fn a_user_can_be_hashed() {
        let proof = Proof {
            user: "J\u{e4}s\u{f8}n Doe",
            password: "Secret, or not?",
            method: "GET",
            uri: "/doe.json",
            cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
            count: 1,
        };
        let challenge = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
             nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", userhash=true";
        let value = answer(challenge, &proof).unwrap();
        assert!(!value.contains("Doe") && value.ends_with("userhash=true"), "{value}");
    }

    #[test]
    fn without_a_quality_of_protection_it_is_the_old_form() {
        let (user, password) = ("testuser", "testpass");
        let proof =
            Proof { user, password, method: "GET", uri: "/2076?query", cnonce: "c", count: 1 };
        let value = answer("Digest realm=\"testrealm\", nonce=\"1\"", &proof).unwrap();
        assert_eq!(response(&value), "5758bd3bbde7f33236e6ccd278eb59af");
        assert!(!value.contains("cnonce") && !value.contains("algorithm"), "{value}");
    }

    #[test]
    fn each_request_with_a_nonce_has_its_number() {
        let proof =
            |count| Proof { user: "u", password: "p", method: "GET", uri: "/", cnonce: "c", count };
        let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
        let (one, two) = (answer(challenge, &proof(1)), answer(challenge, &proof(31)));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.contains("nc=00000001,") && two.contains("nc=0000001f,"), "{two}");
        assert_ne!(response(&one), response(&two));
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        let proof =
            Proof { user: "u", password: "p", method: "GET", uri: "/", cnonce: "c", count: 1 };
        for challenge in [
            "Digest realm=\"r\"",
            "Digest nonce=n, algorithm=SHA-1",
            "Digest nonce=n, qop=\"auth-int\"",
        ] {
            assert_eq!(answer(challenge, &proof), None, "{challenge}");
        }
    }
}
