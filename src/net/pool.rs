//! Idle connections, by route.

use super::dial::Route;
use super::socket::Conn;

/// The most connections kept idle: what a browser keeps to one host, and enough for a chain of
/// redirects over a handful of origins. The oldest goes first.
const MOST_IDLE: usize = 6;

/// Connections that wait for another exchange. The key is the whole route: a connection made
/// for another host, port or TLS setting is never taken (CVE-2022-27782).
#[derive(Debug, Default)]
pub(super) struct Pool {
    idle: Vec<(Route, Conn)>,
}

impl Pool {
    /// An idle connection for `route` that is still silent. Dead ones are dropped on the way.
    pub(super) fn take(&mut self, route: &Route) -> Option<Conn> {
        while let Some(at) = self.idle.iter().rposition(|(idle, _)| idle == route) {
            let (_, mut conn) = self.idle.remove(at);
            if conn.is_silent() {
                return Some(conn);
            }
        }
        None
    }

    /// Keeps a connection whose exchange is over and whose fate allows it.
    pub(super) fn keep(&mut self, route: Route, conn: Conn) {
        if self.idle.len() == MOST_IDLE {
            self.idle.remove(0);
        }
        self.idle.push((route, conn));
    }
}
