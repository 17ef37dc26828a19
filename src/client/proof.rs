//! Proofs that are asked for, and what they taught: who asked once for Basic is given it
//! unasked from then on, and a nonce serves more than one request (RFC 7616 section 3.3).

use super::Credentials;
use super::again::Login;
use crate::auth::{self, Challenge, Proof};
use crate::base::Head;
use std::hash::{BuildHasher, Hasher, RandomState};

/// As many proofs are sent for one request: one, and one more for a nonce that went stale.
const MOST_PROOFS: u8 = 2;

/// What was proved to one who asks: the server, or a proxy.
#[derive(Clone, Debug, Default)]
pub(super) struct Proved {
    /// The proof that was asked for.
    pub(super) value: Option<Vec<u8>>,
    proofs: u8,
    taught: Option<Taught>,
}

/// What somebody asked for.
#[derive(Clone, Debug)]
enum Taught {
    Basic,
    /// By whom, and in how many requests its nonce was used.
    Digest {
        by: String,
        challenge: Challenge,
        count: u32,
    },
}

/// Who may ask, and who answers.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    /// The one who asks.
    pub(super) who: &'a str,
    /// The field that its challenges stand in.
    pub(super) field: &'a str,
    pub(super) how: Login,
    pub(super) login: &'a Credentials,
    pub(super) method: &'a str,
    pub(super) uri: &'a str,
    /// Whether content goes with the request, now or when it is no longer held back.
    pub(super) has_content: bool,
}

impl Asking<'_> {
    fn digest(&self, challenge: &Challenge, count: u32) -> Option<Vec<u8>> {
        let &Asking { login, method, uri, has_content, .. } = self;
        let cnonce = &unpredictable();
        let Credentials { user, password } = login;
        let proof = Proof { user, password, method, uri, has_content, cnonce, count };
        auth::digest(challenge, &proof)
    }

    fn basic(&self) -> Vec<u8> {
        auth::basic(&self.login.user, &self.login.password).into_bytes()
    }
}

impl Proved {
    /// The proof that a head asks for; `None` where there is none, or where too many were sent.
    /// A second one is sent only where the first one's nonce went stale.
    pub(super) fn next(&self, asking: Asking<'_>, head: &Head) -> Option<Proved> {
        if self.proofs == MOST_PROOFS || asking.how == Login::Basic {
            return None;
        }
        let again = self.proofs > 0;
        let asked: Vec<Challenge> =
            head.headers.all(asking.field).flat_map(auth::challenges).collect();
        let stale = |challenge: &Challenge| challenge.says("stale", "true");
        let digests = asked.iter().filter(|challenge| challenge.is("Digest"));
        let mut digests = digests.filter(|challenge| !again || stale(challenge));
        let digest = digests.find_map(|challenge| {
            let value = asking.digest(challenge, 1)?;
            let by = asking.who.to_owned();
            Some((value, Taught::Digest { by, challenge: challenge.clone(), count: 1 }))
        });
        let basic = || {
            // Where it was carried along, it is known not to help.
            let wanted = asking.how == Login::Any && !again && self.value.is_none();
            let asked = wanted && asked.iter().any(|challenge| challenge.is("Basic"));
            asked.then(|| (asking.basic(), Taught::Basic))
        };
        let (value, taught) = digest.or_else(basic)?;
        Some(Proved { value: Some(value), proofs: self.proofs + 1, taught: Some(taught) })
    }

    /// What is said unasked in another request, to whoever `asking` is.
    pub(super) fn carried(&self, asking: Asking<'_>) -> Proved {
        let (value, taught) = match &self.taught {
            Some(Taught::Basic) => (Some(asking.basic()), Some(Taught::Basic)),
            Some(Taught::Digest { by, challenge, count }) if by == asking.who => {
                let count = count.saturating_add(1);
                let (by, challenge) = (by.clone(), challenge.clone());
                let value = asking.digest(&challenge, count);
                (value, Some(Taught::Digest { by, challenge, count }))
            }
            _ => (None, None),
        };
        Proved { value, proofs: 0, taught }
    }
}

/// A nonce of the client's: 128 bits from the keys that the system gives each hash map.
fn unpredictable() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
