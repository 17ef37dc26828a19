//! The Digest scheme (RFC 7616), the client's side: MD5, SHA-256 and SHA-512-256, their
//! `-sess` variants, `qop=auth`, `qop=auth-int` where there is no content, `userhash`, and the
//! old form without a qop (RFC 2069).

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
    /// Of the parts, with a colon between each two.
    fn hex(self, parts: &[&[u8]]) -> String {
        let text = parts.join(&b':');
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
    pub user: &'p [u8],
    /// The password.
    pub password: &'p [u8],
    /// The method of the request.
    pub method: &'p str,
    /// The request target, as it is sent.
    pub uri: &'p str,
    /// Whether content goes with it.
    pub has_content: bool,
    /// The client's own nonce: unpredictable.
    pub cnonce: &'p str,
    /// How many requests carry the server's nonce, this one included.
    pub count: u32,
}

/// The `Authorization` value that answers a challenge; `None` for one that this client cannot
/// answer: no nonce, a hash that is not known, or a hash of the content, which is read only as
/// it is sent.
pub fn digest(challenge: &Challenge, proof: &Proof<'_>) -> Option<Vec<u8>> {
    let realm = challenge.param("realm").unwrap_or_default();
    let nonce = challenge.param("nonce")?;
    let named = challenge.param("algorithm");
    let (hash, session) = algorithm(named.unwrap_or(b"MD5"))?;
    let qop = quality(challenge.param("qop").unwrap_or_default());
    let &Proof { user, password, method, uri, has_content, cnonce, count } = proof;
    let (method, target, cnonce) = (method.as_bytes(), uri.as_bytes(), cnonce.as_bytes());
    let mut a1 = hash.hex(&[user, realm, password]);
    if session {
        a1 = hash.hex(&[a1.as_bytes(), nonce, cnonce]);
    }
    let a2 = match qop {
        Some("auth-int") if has_content => return None,
        Some("auth-int") => hash.hex(&[method, target, hash.hex(&[]).as_bytes()]),
        _ => hash.hex(&[method, target]),
    };
    let (a1, a2) = (a1.as_bytes(), a2.as_bytes());
    let nc = format!("{count:08x}");
    let response = match qop {
        Some(qop) => hash.hex(&[a1, nonce, nc.as_bytes(), cnonce, qop.as_bytes(), a2]),
        None => hash.hex(&[a1, nonce, a2]),
    };
    let hashed = challenge.says("userhash", "true");
    let shown = if hashed { hash.hex(&[user, realm]).into_bytes() } else { user.to_vec() };
    let mut value = b"Digest ".to_vec();
    let mut say = |name: &str, parts: [&[u8]; 3]| {
        if !value.ends_with(b" ") {
            value.extend_from_slice(b", ");
        }
        value.extend_from_slice(name.as_bytes());
        value.push(b'=');
        value.extend_from_slice(&parts.concat());
    };
    let quote = &b"\""[..];
    say("username", [quote, &quoted(&shown), quote]);
    say("realm", [quote, &quoted(realm), quote]);
    say("nonce", [quote, &quoted(nonce), quote]);
    say("uri", [quote, target, quote]);
    if qop.is_some() || session {
        say("cnonce", [quote, cnonce, quote]);
    }
    if let Some(qop) = qop {
        say("nc", [nc.as_bytes(), b"", b""]);
        say("qop", [qop.as_bytes(), b"", b""]);
    }
    say("response", [quote, response.as_bytes(), quote]);
    if let Some(opaque) = challenge.param("opaque") {
        say("opaque", [quote, &quoted(opaque), quote]);
    }
    if let Some(named) = named {
        say("algorithm", [named, b"", b""]);
    }
    if hashed {
        say("userhash", [b"true", b"", b""]);
    }
    Some(value)
}

/// The best of the qualities of protection that are offered. One that nobody knows is as if it
/// were not there (RFC 7616 section 3.3); without any it is the old form, as in curl.
fn quality(offered: &[u8]) -> Option<&'static str> {
    let offered = offered.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let known = ["auth", "auth-int"];
    known
        .into_iter()
        .find(|known| offered.clone().any(|word| word.eq_ignore_ascii_case(known.as_bytes())))
}

fn algorithm(name: &[u8]) -> Option<(Hash, bool)> {
    let upper = name.to_ascii_uppercase();
    let (name, session) = match upper.strip_suffix(b"-SESS") {
        Some(name) => (name, true),
        None => (upper.as_slice(), false),
    };
    let hash = match name {
        b"MD5" => Hash::Md5,
        b"SHA-256" => Hash::Sha256,
        b"SHA-512-256" => Hash::Sha512_256,
        _ => return None,
    };
    Some((hash, session))
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| matches!(byte, b'"' | b'\\').then_some(b'\\');
    text.iter().flat_map(|byte| escape(byte).into_iter().chain([*byte])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::challenge::challenges;
    use super::*;

    fn answer(challenge: &str, proof: &Proof<'_>) -> Option<String> {
        digest(&challenges(challenge.as_bytes())[0], proof).map(|v| String::from_utf8(v).unwrap())
    }

    fn response(value: &str) -> &str {
        let start = value.find("response=\"").unwrap() + 10;
        &value[start..start + value[start..].find('"').unwrap()]
    }

    /// RFC 7616 section 3.9.1.
    #[test]
    fn the_examples_of_the_specification() {
        let proof = Proof {
            user: b"Mufasa",
            password: b"Circle of Life",
            method: "GET",
            uri: "/dir/index.html",
            has_content: true,
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
            user: "J\u{e4}s\u{f8}n Doe".as_bytes(),
            password: b"Secret, or not?",
            method: "GET",
            uri: "/doe.json",
            has_content: false,
            cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
            count: 1,
        };
        let challenge = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
             nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", userhash=true";
        let value = answer(challenge, &proof).unwrap();
        assert!(!value.contains("Doe") && value.ends_with("userhash=true"), "{value}");
    }

    fn proof_for<'p>(uri: &'p str, has_content: bool) -> Proof<'p> {
        let (user, password) = (&b"testuser"[..], &b"testpass"[..]);
        Proof { user, password, method: "GET", uri, has_content, cnonce: "c", count: 1 }
    }

    #[test]
    fn without_a_quality_of_protection_it_is_the_old_form() {
        for qop in ["", ", qop=\"\"", ", qop=unheard-of"] {
            let challenge = format!("Digest realm=\"testrealm\", nonce=\"1\"{qop}");
            let value = answer(&challenge, &proof_for("/2076?query", true)).unwrap();
            assert_eq!(response(&value), "5758bd3bbde7f33236e6ccd278eb59af", "{qop}");
            assert!(!value.contains("cnonce") && !value.contains("algorithm"), "{value}");
        }
    }

    /// The hash was made by md5sum of the parts, as RFC 7616 section 3.4.1 to 3.4.3 puts them.
    #[test]
    fn the_integrity_of_no_content_can_be_proved() {
        let challenge = "Digest realm=r, nonce=n, qop=\"auth-int\"";
        let value = answer(challenge, &proof_for("/", false)).unwrap();
        assert_eq!(response(&value), "63ca613bfc2e164e46cbe127e6c877a4");
        assert!(value.contains("nc=00000001, qop=auth-int, "), "{value}");
        assert_eq!(answer(challenge, &proof_for("/", true)), None);
    }

    /// RFC 7616 section 3.4: `realm` and `nonce` go back as they came.
    #[test]
    fn bytes_beyond_ascii_go_back_as_they_came() {
        let challenge = &challenges(b"Digest realm=\"caf\xe9\", nonce=\"\xff\"")[0];
        let value = digest(challenge, &proof_for("/", false)).unwrap();
        let start = b"Digest username=\"testuser\", realm=\"caf\xe9\", nonce=\"\xff\", uri=\"/\"";
        assert!(value.starts_with(start), "{}", value.escape_ascii());
        assert!(
            value.ends_with(b"response=\"fd6023e2da3f8d89e7a63b61cd66d5ae\""),
            "{}",
            value.escape_ascii()
        );
    }

    #[test]
    fn each_request_with_a_nonce_has_its_number() {
        let proof = |count| Proof { count, ..proof_for("/", false) };
        let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
        let (one, two) = (answer(challenge, &proof(1)), answer(challenge, &proof(31)));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(one.contains("nc=00000001,") && two.contains("nc=0000001f,"), "{two}");
        assert_ne!(response(&one), response(&two));
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        for challenge in ["Digest realm=\"r\"", "Digest nonce=n, algorithm=SHA-1"] {
            assert_eq!(answer(challenge, &proof_for("/", false)), None, "{challenge}");
        }
    }
}
