//! When a request is made once more to the same place: because the server wants a proof, or
//! has none of `Expect`, or because what was held back is wanted after all.

use super::{Credentials, Fetch};
use crate::auth::{self, Challenge, Proof};
use crate::base::{Content, Head, Request};
use crate::h1::Target;
use std::hash::{BuildHasher, Hasher, RandomState};

/// How a person logs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// With Basic, unasked.
    #[default]
    Basic,
    /// With Digest, when asked.
    Digest,
    /// With the best that is asked for: Digest before Basic.
    Any,
}

/// As many proofs are sent for one request: one, and one more for a nonce that went stale.
const MOST_PROOFS: u8 = 2;

/// Where a request stands that may be made more than once.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// The proof that was asked for.
    pub(super) authorization: Option<String>,
    /// The content is held back: the first answer will ask for a proof.
    pub(super) withheld: bool,
    /// The server has none of `Expect`.
    pub(super) unexpecting: bool,
    proofs: u8,
}

impl Standing {
    /// At the beginning of a leg with this login and this content.
    pub(super) fn first(fetch: &Fetch, login: Option<&Credentials>, content: &Content) -> Standing {
        let asked_first = login.is_some() && fetch.login != Login::Basic;
        Standing { withheld: asked_first && content.length() != Some(0), ..Standing::default() }
    }

    /// What is to be changed before the request is made once more; `None` where the answer
    /// stands.
    pub(super) fn after(
        &self,
        fetch: &Fetch,
        login: Option<&Credentials>,
        request: &Request,
        target: &Target,
        head: &Head,
    ) -> Option<Standing> {
        let again = |authorization, proofs| {
            Some(Standing { authorization, proofs, withheld: false, ..self.clone() })
        };
        match head.status {
            417 if request.headers.has("Expect") => {
                Some(Standing { unexpecting: true, ..self.clone() })
            }
            401 if self.proofs < MOST_PROOFS && fetch.login != Login::Basic => {
                let proof = prove(fetch, login?, request, target, head, self.proofs > 0)?;
                again(Some(proof), self.proofs + 1)
            }
            // Nobody asked: what was held back is sent.
            200..300 if self.withheld => again(None, self.proofs),
            _ => None,
        }
    }
}

/// The proof that a 401 asks for; a second one only where the first one's nonce went stale.
fn prove(
    fetch: &Fetch,
    login: &Credentials,
    request: &Request,
    target: &Target,
    head: &Head,
    again: bool,
) -> Option<String> {
    let asked: Vec<Challenge> =
        head.headers.all("WWW-Authenticate").flat_map(auth::challenges).collect();
    let cnonce = unpredictable();
    let proof = Proof {
        user: &login.user,
        password: &login.password,
        method: request.method.as_str(),
        uri: target.as_str(),
        cnonce: &cnonce,
    };
    let stale = |challenge: &Challenge| {
        challenge.param("stale").is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
    };
    let digests = asked.iter().filter(|challenge| challenge.is("Digest"));
    let mut digests = digests.filter(|challenge| !again || stale(challenge));
    let digest = digests.find_map(|challenge| auth::digest(challenge, &proof));
    let basic = || {
        let wanted = fetch.login == Login::Any && !again;
        let asked = wanted && asked.iter().any(|challenge| challenge.is("Basic"));
        asked.then(|| auth::basic(&login.user, &login.password))
    };
    digest.or_else(basic)
}

/// A nonce of the client's: 128 bits from the keys that the system gives each hash map.
fn unpredictable() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
