//! When a request is made once more to the same place: because the server wants a proof, or
//! has none of `Expect`, or because what was held back is wanted after all.

use super::Credentials;
use crate::auth::{self, Challenge, Proof};
use crate::base::{Content, Head, Request};
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

/// What was proved to one who asks: the server, or a proxy.
#[derive(Clone, Debug, Default)]
pub(super) struct Proved {
    /// The proof that was asked for.
    pub(super) value: Option<String>,
    proofs: u8,
}

/// Who may ask, and who answers.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    /// The field that its challenges stand in.
    pub(super) field: &'a str,
    pub(super) how: Login,
    pub(super) login: &'a Credentials,
    pub(super) method: &'a str,
    pub(super) uri: &'a str,
}

impl Asking<'_> {
    /// Whether nothing is said before it was asked for.
    fn is_asked_first(&self) -> bool {
        self.how != Login::Basic
    }
}

impl Proved {
    /// The proof that a head asks for; `None` where there is none, or where too many were sent.
    pub(super) fn next(&self, asking: Asking<'_>, head: &Head) -> Option<Proved> {
        let may = self.proofs < MOST_PROOFS && asking.is_asked_first();
        let value = prove(&asking, head, self.proofs > 0).filter(|_| may)?;
        Some(Proved { value: Some(value), proofs: self.proofs + 1 })
    }
}

/// Where a request stands that may be made more than once.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// To the server.
    pub(super) server: Proved,
    /// To the proxy that forwards.
    pub(super) proxy: Proved,
    /// The content is held back: the first answer will ask for a proof.
    pub(super) withheld: bool,
    /// The server has none of `Expect`.
    pub(super) unexpecting: bool,
}

/// Those who may ask on one leg.
#[derive(Clone, Copy)]
pub(super) struct Askers<'a> {
    pub(super) server: Option<Asking<'a>>,
    pub(super) proxy: Option<Asking<'a>>,
}

impl Standing {
    /// At the beginning of a leg with these logins and this content.
    pub(super) fn first(
        (how, login): (Login, Option<&Credentials>),
        (proxy_how, proxy_login): (Login, Option<&Credentials>),
        content: &Content,
    ) -> Standing {
        // That a proof will be asked for is known only where there is one way to give it.
        let server = login.is_some() && how == Login::Digest;
        let proxy = proxy_login.is_some() && proxy_how == Login::Digest;
        let withheld = (server || proxy) && content.length() != Some(0);
        Standing { withheld, ..Standing::default() }
    }

    /// What is to be changed before the request is made once more; `None` where the answer
    /// stands.
    pub(super) fn after(
        &self,
        askers: Askers<'_>,
        request: &Request,
        head: &Head,
    ) -> Option<Standing> {
        match head.status {
            417 if request.headers.has("Expect") => {
                Some(Standing { unexpecting: true, ..self.clone() })
            }
            401 => {
                let server = self.server.next(askers.server?, head)?;
                Some(Standing { server, withheld: false, ..self.clone() })
            }
            407 => {
                let proxy = self.proxy.next(askers.proxy?, head)?;
                let server = askers.server.is_some_and(|server| server.is_asked_first());
                let withheld = self.withheld && server && self.server.value.is_none();
                Some(Standing { proxy, withheld, ..self.clone() })
            }
            // Nobody asked: what was held back is sent.
            200..300 if self.withheld => Some(Standing { withheld: false, ..self.clone() }),
            _ => None,
        }
    }
}

/// The proof that a head asks for; a second one only where the first one's nonce went stale.
fn prove(asking: &Asking<'_>, head: &Head, again: bool) -> Option<String> {
    let &Asking { field, how, login, method, uri } = asking;
    let asked: Vec<Challenge> = head.headers.all(field).flat_map(auth::challenges).collect();
    let cnonce = unpredictable();
    let proof =
        Proof { user: &login.user, password: &login.password, method, uri, cnonce: &cnonce };
    let stale = |challenge: &Challenge| {
        challenge.param("stale").is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
    };
    let digests = asked.iter().filter(|challenge| challenge.is("Digest"));
    let mut digests = digests.filter(|challenge| !again || stale(challenge));
    let digest = digests.find_map(|challenge| auth::digest(challenge, &proof));
    let basic = || {
        let wanted = how == Login::Any && !again;
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
