//! Floor 2: the sockets. Everything the world does to a connection happens here.
//!
//! ```text
//!  Route ─▶ Pool ─idle?─▶ Conn ──────────────────────────────────────────────────────┐
//!             │ └no─▶ resolve ─▶ connect ─▶ (socks) ─▶ (tunnel) ─▶ (tls) ─▶ Conn ──┴▶ Transfer ─▶ events
//!             └───────────────────────────◀── Fate::Reuse ──◀──────────────────────────┘
//! ```
//!
//! 1. [`Dialer::connect`] takes an idle connection whose [`Route`] is the same
//!    in every part and whose socket is silent, or makes one: `resolve` finds
//!    addresses, `connect` races them (RFC 8305), `socks` and `tunnel` ask a proxy for the
//!    way on, `tls` secures it.
//! 2. [`Transfer`] is the one driver loop: it moves bytes between the socket and
//!    an [`h1::Exchange`](crate::h1::Exchange), under [`Deadlines`], and hands
//!    out events one at a time.
//! 3. [`Transfer::finish`] gives the connection back if its fate allows it and
//!    nothing unread is left on it.
//!
//! [`sockets`] is the same floor without HTTP: `cruller socket`, a call at a time.
//!
//! The clock is read here (`clock`) and handed to whoever asks for the time.

pub mod clock;
mod connect;
mod deadline;
mod dial;
mod drive;
mod error;
mod local;
mod pool;
mod resolve;
mod socket;
pub mod sockets;
mod socks;
mod socks_talk;
mod speed;
mod supply;
mod tls;
mod tunnel;

pub use deadline::{Deadlines, Phase};
pub use dial::{Announced, Dial, Dialer, Endpoint, Route, Secret, Through};
pub use drive::{Event, Transfer};
pub use error::{Error, TlsFault};
pub use local::{Interface, Keepalive, Local};
pub use resolve::{Family, Pin};
pub use socket::{Conn, Established};
pub use socks::{Socks, SocksVersion};
pub use speed::{Least, Speeds};
pub use tls::{Identity, TlsFacts, TlsSettings, TlsVersion, Untrusted};
pub use tunnel::{Opened, Refused, Tunnel};
