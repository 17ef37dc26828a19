//! Idle connections, by route.

use super::dial::Route;
use super::socket::Conn;

/// The most connections kept idle, unless more are used at once: what a browser keeps to one
/// host, and enough for a chain of redirects over a handful of origins. The oldest goes first.
const MOST_IDLE: usize = 6;

/// Connections that wait for another exchange. The key is the whole route: a connection made
/// for another host, port or TLS setting is never taken (CVE-2022-27782).
#[derive(Debug)]
pub(super) struct Pool {
    idle: Vec<(Route, Conn)>,
    most: usize,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { idle: Vec::new(), most: MOST_IDLE }
    }
}

impl Pool {
    /// Keeps `many`, where that is more.
    pub(super) fn at_least(&mut self, many: usize) {
        self.most = self.most.max(many);
    }

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
        if self.idle.len() == self.most {
            self.idle.remove(0);
        }
        self.idle.push((route, conn));
    }
}
