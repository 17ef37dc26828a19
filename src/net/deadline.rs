//! Deadlines by phase.

use super::{Error, clock};
use crate::base::Tick;
use std::fmt;
use std::time::Duration;

/// What was being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A name to become addresses.
    Resolve,
    /// A TCP connection.
    Connect,
    /// A TLS handshake.
    Tls,
    /// The request to be taken.
    Send,
    /// The answer's head.
    Head,
    /// The answer's content.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Resolve => "resolving the host",
            Phase::Connect => "connecting",
            Phase::Tls => "the TLS handshake",
            Phase::Send => "sending the request",
            Phase::Head => "waiting for the answer's head",
            Phase::Body => "reading the content",
        })
    }
}

/// The two limits a person sets; both may be absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deadlines {
    /// When the whole operation, redirects included, began.
    pub began: Tick,
    /// How long it may take, from then.
    pub total: Option<Duration>,
    /// How long resolving, connecting and the TLS handshake may take together.
    pub connect: Option<Duration>,
}

impl Deadlines {
    /// When the whole must be over.
    pub fn total_at(&self) -> Option<Tick> {
        self.total.map(|total| self.began + total)
    }

    /// Looks at the clock, for whoever works long on what came: a few bytes can stand for
    /// gigabytes.
    ///
    /// # Errors
    /// [`Error::Timeout`] where the whole should be over.
    pub fn check(&self, phase: Phase) -> Result<(), Error> {
        let late = self.total_at().is_some_and(|at| clock::tick() >= at);
        if late { Err(self.missed(phase, self.began)) } else { Ok(()) }
    }

    /// Runs one phase of making a connection that was begun at `began`, within both limits.
    pub(super) async fn guard<T>(
        &self,
        phase: Phase,
        began: Tick,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let connect_at = self.connect.map(|span| began + span);
        let Some(at) = connect_at.into_iter().chain(self.total_at()).min() else {
            return work.await;
        };
        match tokio::time::timeout(at - clock::tick(), work).await {
            Ok(done) => done,
            Err(_) => {
                Err(self.missed(phase, if connect_at == Some(at) { began } else { self.began }))
            }
        }
    }

    /// The error for a deadline that passed in `phase`, having waited since `since`.
    pub(super) fn missed(&self, phase: Phase, since: Tick) -> Error {
        Error::Timeout { phase, after: clock::tick() - since }
    }
}
