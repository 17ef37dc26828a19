//! Floor 3: one fetch, from what is wanted to what came.
//!
//! ```text
//!  Fetch ─▶ hop: fields ─▶ net ─▶ exchange ─▶ cookies stored ─▶ redirect? ─yes─▶ next hop
//!                                                                  └─no─▶ content decoded ─▶ Sink
//! ```
//!
//! 1. An [`Address`] says where to begin and a [`Fetch`] what is wanted; nothing in them
//!    changes on the way.
//! 2. For each hop, `fields` writes the complete field lines: curl's order, the
//!    jar's `Cookie` line, secrets only where [`secrets`](self) still allows them.
//! 3. `leg` knows how the request gets there: directly, by a proxy, through a tunnel; `reach`
//!    gets the connection. `hop` drives one exchange and collects what happened into a [`Hop`].
//! 4. `again` decides whether the same request is made once more (a proof is wanted),
//!    `redirect` whether there is another hop, and with which method.
//! 5. The content of the last hop is decoded and handed to the [`Sink`] piece by
//!    piece; everything else the sink is told as a [`Notice`].
//!
//! A sink that keeps every [`Hop`] is a [`Capture`], whole also where the fetch failed half way.

mod address;
mod again;
mod capture;
mod condition;
mod direct;
mod error;
mod fetch;
mod fields;
mod hop;
mod host;
mod leg;
mod logins;
pub mod multipart;
mod preview;
mod proof;
mod protocols;
mod proxy;
mod reach;
mod redirect;
mod secrets;

pub use address::{Address, Credentials, NotAnAddress};
pub use again::Login;
pub use capture::{Capture, Flow, Hop, Notice, Sink, Timings, Unanswered};
pub use condition::{Asks, Condition, last_modified};
pub use direct::Direct;
pub use error::Error;
pub use fetch::{Client, Fetch};
pub use fields::{HeaderLine, Referer};
pub use logins::Logins;
pub use preview::Preview;
pub use protocols::Protocols;
pub use proxy::{Asked, NotAProxy, Proxies, Proxy, ProxyKind, decoded_login};
pub use redirect::{KeepPost, Redirects, location};

use crate::base::Origin;

/// One `--connect-to`: who asks for this host and port is connected to that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    /// The host it holds for; `None` is any.
    pub host: Option<Box<str>>,
    /// The port it holds for; `None` is any.
    pub port: Option<u16>,
    /// The host to connect to; `None` is the same.
    pub to_host: Option<Box<str>>,
    /// The port to connect to; `None` is the same.
    pub to_port: Option<u16>,
}

impl ConnectTo {
    /// Where a connection for `origin` goes by this rule, if it holds for it.
    fn apply(&self, origin: &Origin) -> Option<(Box<str>, u16)> {
        let holds = self.host.as_ref().is_none_or(|host| *host == origin.host)
            && self.port.is_none_or(|port| port == origin.port);
        holds.then(|| {
            let host = self.to_host.as_ref().unwrap_or(&origin.host).clone();
            (host, self.to_port.unwrap_or(origin.port))
        })
    }
}
