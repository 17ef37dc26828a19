//! When a request is made once more to the same place: because the server wants a proof, or
//! has none of `Expect`, or because what was held back is wanted after all.

use super::proof::{Asking, Proved};
use crate::base::{Content, Head, Request};

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
    /// At the beginning of a leg with these askers and this content, where the leg before has
    /// come to this standing: what was asked for once is said unasked.
    pub(super) fn next_leg(&self, askers: Askers<'_>, content: &Content) -> Standing {
        let carried = |proved: &Proved, asking: Option<Asking<'_>>| {
            asking.map(|asking| proved.carried(asking)).unwrap_or_default()
        };
        let server = carried(&self.server, askers.server);
        let proxy = carried(&self.proxy, askers.proxy);
        // That a proof will be asked for is known only where there is one way to give it.
        let will_ask = |asking: Option<Asking<'_>>, proved: &Proved| {
            asking.is_some_and(|asking| asking.how == Login::Digest) && proved.value.is_none()
        };
        let asked = will_ask(askers.server, &server) || will_ask(askers.proxy, &proxy);
        let withheld = asked && content.length() != Some(0);
        Standing { server, proxy, withheld, unexpecting: false }
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
                let server = askers.server.is_some_and(|server| server.how == Login::Digest);
                let withheld = self.withheld && server && self.server.value.is_none();
                Some(Standing { proxy, withheld, ..self.clone() })
            }
            // Nobody asked: what was held back is sent.
            200..300 if self.withheld => Some(Standing { withheld: false, ..self.clone() }),
            _ => None,
        }
    }
}
