//! From a leg to its connection: an idle one, or a new one, whose proxy may ask for a proof
//! before it opens a tunnel.

use super::capture::{Notice, Sink};
use super::leg::{Leg, Way};
use super::proof::Proved;
use super::{Error, Fetch};
use crate::net::{self, Conn, Deadlines, Dial, Dialer, Established, clock};
use std::cell::Cell;

/// What a connection is reached with.
pub(super) struct Reaching<'r> {
    pub(super) dialer: &'r Dialer,
    pub(super) fetch: &'r Fetch,
    pub(super) leg: &'r Leg,
    pub(super) deadlines: Deadlines,
    /// How far it came.
    pub(super) reached: Cell<Option<Established>>,
}

impl Reaching<'_> {
    /// A connection for `way`; a new one where it has to be `fresh`. Each refusal of a tunnel is
    /// told, and answered where it asks for a proof.
    ///
    /// # Errors
    /// Why there is none, or what the sink said.
    pub(super) async fn conn(
        &self,
        way: &mut Way,
        fresh: bool,
        sink: &mut dyn Sink,
    ) -> Result<Conn, Error> {
        let idle = if fresh { None } else { self.dialer.idle(&way.route) };
        if let Some(idle) = idle {
            return Ok(idle);
        }
        let (mut begun, mut proved) = (None, Proved::default());
        let began = clock::tick();
        loop {
            let (route, tunnel) = (&way.route, way.tunnel.as_ref());
            let (pins, deadlines, reached) = (&self.fetch.pins[..], self.deadlines, &self.reached);
            let dial = Dial { route, pins, tunnel, deadlines, began, reached };
            let on: Option<Conn> = begun.take();
            let was_asked = on.is_some();
            let mut refused = match self.dialer.connect(&dial, on).await {
                Err(net::Error::Refused(refused)) => refused,
                // The proxy hung up behind its refusal, and had not said that it would.
                Err(error) if was_asked && error.is_stale_connection() => continue,
                ended => return ended.map_err(Error::from),
            };
            sink.take(Notice::Tunnel(&refused.opened)).map_err(Error::Sink)?;
            let said = refused.head.as_ref().map(|_| refused.opened.clone());
            let made = self.reached.take();
            self.reached.set(made.map(|made| Established { tunnel: said, ..made }));
            let again = match (&way.tunnel, &refused.head) {
                (Some(tunnel), Some(head)) => {
                    self.leg.tunnel_after(self.fetch, tunnel, &mut proved, head)
                }
                _ => None,
            };
            let Some(again) = again else { return Err(net::Error::Refused(refused).into()) };
            begun = refused.conn.take();
            way.tunnel = Some(again);
        }
    }
}
