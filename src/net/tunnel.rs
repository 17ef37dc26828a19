//! A tunnel through a proxy (RFC 9110 section 9.3.6): CONNECT is an exchange like any other,
//! and what it leaves behind is a connection.

use super::drive::{Event, Transfer};
use super::socket::Conn;
use super::{Deadlines, Error, Speeds};
use crate::base::{Content, Head, Request};
use crate::h1::{Exchange, Fate, Limits, Target};
use std::time::Duration;

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

impl Tunnel {
    /// Before the proxy has said anything: the head that it is sent.
    pub(super) fn unanswered(&self) -> Opened {
        let mut opened = Opened::default();
        if let Ok(mut exchange) = Exchange::new(&self.request, &self.target, self.limits) {
            exchange.write(&mut opened.sent);
        }
        opened
    }
}

/// How a tunnel was opened: the request's head, and every head the proxy answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The head that was sent.
    pub sent: Vec<u8>,
    /// The heads that came, as they came.
    pub heads: Vec<u8>,
    /// The last one's status; 0 where none came.
    pub status: u16,
}

/// A tunnel that was not opened.
#[derive(Debug)]
pub struct Refused {
    /// What was said.
    pub opened: Opened,
    /// The proxy's last head, which may ask for a proof; `None` where it did open the tunnel
    /// and then said more than a tunnel's end may.
    pub head: Option<Head>,
    /// The connection, if the proxy may be asked once more there.
    pub conn: Option<Conn>,
}

/// The content of a refusal that is read past to keep the connection.
const MOST_DRAINED: usize = 64 * 1024;

/// How long that may take. A new connection is made in less.
const DRAIN_PATIENCE: Duration = Duration::from_secs(1);

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
    let mut transfer = Transfer::new(
        conn,
        exchange,
        opened.sent.clone(),
        Content::None,
        deadlines,
        Speeds::default(),
    );
    loop {
        let event = transfer.next().await.map_err(|error| match error {
            Error::Exchange(error) => Error::Tunnel(error),
            other => other,
        });
        match event? {
            Event::Interim(_, raw) => opened.heads.extend_from_slice(raw),
            Event::Head(head, raw) => {
                opened.heads.extend_from_slice(raw);
                opened.status = head.status;
                if !(200..300).contains(&head.status) {
                    let draining = tokio::time::timeout(DRAIN_PATIENCE, drained(transfer));
                    let conn = match head.status {
                        407 => draining.await.ok().flatten(),
                        _ => None,
                    };
                    return Err(Error::Refused(Box::new(Refused {
                        opened,
                        head: Some(head),
                        conn,
                    })));
                }
            }
            // A 2xx to CONNECT has no content (RFC 9112 section 6.3).
            Event::End(_) => break,
            Event::Data(_) | Event::Defect(_) | Event::Sent(_) => {}
        }
    }
    match transfer.into_silent_conn() {
        Some(conn) => Ok((conn, opened)),
        // Bytes before ours have been sent are nobody's.
        None => Err(Error::Refused(Box::new(Refused { opened, head: None, conn: None }))),
    }
}

/// Reads past a refusal's content, and gives the connection back where it may live on.
async fn drained(mut transfer: Transfer) -> Option<Conn> {
    let mut read = 0;
    while transfer.prospect() == Fate::Reuse && read < MOST_DRAINED {
        match transfer.next().await.ok()? {
            Event::Data(data) => read += data.len(),
            Event::End(_) => {
                // It has carried nobody's exchange yet.
                return transfer.finish().map(|conn| Conn { exchanges: 0, spoken: None, ..conn });
            }
            Event::Interim(..) | Event::Head(..) | Event::Defect(_) | Event::Sent(_) => {}
        }
    }
    None
}
