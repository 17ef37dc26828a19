//! A tunnel through a proxy (RFC 9110 section 9.3.6): CONNECT is an exchange like any other,
//! and what it leaves behind is a connection.

use super::drive::{Event, Transfer};
use super::socket::Conn;
use super::{Deadlines, Error};
use crate::base::{Content, Request};
use crate::h1::{Exchange, Limits, Target};

/// What a proxy is asked for a tunnel with.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// The CONNECT request, its fields complete.
    pub request: Request,
    /// `host:port`, where the tunnel leads.
    pub target: Target,
    /// What the proxy's answers may cost.
    pub limits: Limits,
}

/// How a tunnel was opened: the request's head, and every head the proxy answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The head that was sent.
    pub sent: Vec<u8>,
    /// The heads that came, as they came.
    pub heads: Vec<u8>,
    /// The last one's status.
    pub status: u16,
}

/// Asks for the tunnel over `conn`.
///
/// # Errors
/// [`Error::Refused`] with what the proxy said, and whatever an exchange can fail with.
pub(super) async fn open(
    conn: Conn,
    tunnel: &Tunnel,
    deadlines: Deadlines,
) -> Result<(Conn, Opened), Error> {
    let mut exchange =
        Exchange::new(&tunnel.request, &tunnel.target, tunnel.limits).map_err(Error::Exchange)?;
    let mut opened = Opened::default();
    exchange.write(&mut opened.sent);
    let mut transfer = Transfer::new(conn, exchange, opened.sent.clone(), Content::None, deadlines);
    loop {
        match transfer.next().await? {
            Event::Interim(_, raw) => opened.heads.extend_from_slice(raw),
            Event::Head(head, raw) => {
                opened.heads.extend_from_slice(raw);
                opened.status = head.status;
                if !(200..300).contains(&head.status) {
                    return Err(Error::Refused(Box::new(opened)));
                }
            }
            // A 2xx to CONNECT has no content (RFC 9112 section 6.3).
            Event::End(_) => break,
            Event::Data(_) | Event::Defect(_) => {}
        }
    }
    match transfer.into_silent_conn() {
        Some(conn) => Ok((conn, opened)),
        // Bytes before ours have been sent are nobody's.
        None => Err(Error::Refused(Box::new(opened))),
    }
}
