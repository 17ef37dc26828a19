//! The client's loop: send what there is, recv what comes, until both directions have ended.
//!
//! ```text
//!  input ──▶ one piece ──send──▶ peer          at its end: shutdown(SHUT_WR), where wanted
//!  output ◀─────────────recv──── peer          at its end: the rest of the input still goes out
//! ```
//!
//! At most one piece of the input waits here; the next is taken when the system has taken it.

use super::wire::{Sender, Wire};
use super::{Error, Tally};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;

/// After the last datagram was sent, how long an answer may take where nobody said so:
/// datagrams have no end. Round the world and back takes a third of it.
const DATAGRAM_WAIT: Duration = Duration::from_secs(1);

/// What is to be sent, a piece at a time; its end is the end of the channel.
pub type Input = mpsc::Receiver<io::Result<Vec<u8>>>;

/// How a client behaves at the ends of things.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Tell the peer when the input has ended.
    pub shutdown: bool,
    /// The input waits for a person, who will not end it: the peer's end is ours.
    pub leave_with_peer: bool,
    /// After the end of the input, so long a silence ends it well.
    pub wait: Option<Duration>,
    /// So long a silence is a failure.
    pub timeout: Option<Duration>,
}

/// What is on its way out.
enum Outgoing {
    Nothing,
    /// A piece, of which so much has gone.
    Piece(Vec<u8>, usize),
    /// What TLS has taken, and perhaps not sent.
    Unflushed,
}

/// Talks to the peer until both have ended. `tally` counts, also where it fails.
///
/// # Errors
/// What ended it instead.
pub async fn talk(
    mut wire: Wire,
    input: &mut Input,
    output: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    habits: Habits,
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut buffer = wire.kind.buffer();
    let (mut input_open, mut peer_open) = (true, true);
    let mut outgoing = Outgoing::Nothing;
    let is_idle = |outgoing: &Outgoing| matches!(outgoing, Outgoing::Nothing);
    loop {
        let silent = !input_open && is_idle(&outgoing);
        if silent && !peer_open {
            return Ok(());
        }
        let answered = tally.received > 0;
        let (limit, is_failure) = habits.limit(silent, wire.kind.is_connected(), answered);
        tokio::select! {
            piece = input.recv(), if input_open && is_idle(&outgoing) => match piece {
                Some(piece) => outgoing = Outgoing::Piece(piece.map_err(Error::Input)?, 0),
                None => {
                    input_open = false;
                    if habits.shutdown && wire.kind.is_connected() {
                        wire.sender.shutdown();
                    }
                }
            },
            sent = step(&mut wire.sender, &mut outgoing), if !is_idle(&outgoing) => {
                tally.sent += sent.map_err(|error| refused(error, &wire.to))?;
            }
            came = wire.receiver.recv(&mut buffer), if peer_open => {
                let came = came.map_err(|error| refused(Error::Receive(error), &wire.to))?;
                if came == 0 && wire.kind.is_connected() {
                    peer_open = false;
                    if habits.leave_with_peer {
                        return Ok(());
                    }
                }
                tally.received += came as u64;
                output(buffer.get(..came).unwrap_or_default()).map_err(Error::Output)?;
            }
            () = tokio::time::sleep(limit.unwrap_or_default()), if limit.is_some() => {
                return match is_failure {
                    true => Err(Error::Silence(limit.unwrap_or_default())),
                    false => Ok(()),
                };
            }
        }
    }
}

/// Sends a part of what is outgoing; how much. Between two calls nothing is lost.
async fn step(sender: &mut Sender, outgoing: &mut Outgoing) -> Result<u64, Error> {
    match outgoing {
        Outgoing::Nothing => Ok(0),
        Outgoing::Unflushed => {
            sender.flush().await.map_err(Error::Send)?;
            *outgoing = Outgoing::Nothing;
            Ok(0)
        }
        Outgoing::Piece(piece, gone) => {
            let rest = piece.get(*gone..).unwrap_or_default();
            let sent = sender.send(rest).await;
            let sent = sent.map_err(|error| Error::sending(error, piece.len()))?;
            *gone += sent;
            if *gone >= piece.len() {
                *outgoing = Outgoing::Unflushed;
            }
            Ok(sent as u64)
        }
    }
}

/// That nobody listens is heard of a datagram's peer only when something was sent to it.
fn refused(error: Error, to: &str) -> Error {
    match error {
        Error::Send(source) | Error::Receive(source)
            if source.kind() == io::ErrorKind::ConnectionRefused =>
        {
            Error::Connect { to: to.into(), source }
        }
        other => other,
    }
}

impl Habits {
    /// How long a silence may last now, and whether its end is a failure. `silent`: everything
    /// was sent.
    fn limit(&self, silent: bool, connected: bool, answered: bool) -> (Option<Duration>, bool) {
        let wait = match self.wait {
            // Who set a limit wants to know that there was no answer; with one, the rest may
            // follow at once.
            None if !connected && (answered || self.timeout.is_none()) => Some(DATAGRAM_WAIT),
            wait => wait,
        };
        match (wait.filter(|_| silent), self.timeout) {
            (Some(wait), Some(timeout)) if timeout < wait && !answered => (Some(timeout), true),
            (Some(wait), _) => (Some(wait), false),
            (None, timeout) => (timeout, true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn a_silence_ends_well_or_not() {
        let limit = |wait, timeout, silent, connected, answered| {
            let habits = Habits { shutdown: true, leave_with_peer: false, wait, timeout };
            habits.limit(silent, connected, answered)
        };
        // A stream waits for the peer, unless it is told otherwise.
        assert_eq!(limit(None, None, true, true, false), (None, true));
        assert_eq!(limit(None, seconds(5), true, true, true), (seconds(5), true));
        assert_eq!(limit(seconds(2), seconds(5), true, true, false), (seconds(2), false));
        // While there is input, only the time limit holds.
        assert_eq!(limit(seconds(2), seconds(5), false, true, false), (seconds(5), true));
        assert_eq!(limit(None, None, false, false, false), (None, true));
        // Datagrams have no end: after an answer a second, without one the limit.
        assert_eq!(limit(None, None, true, false, false), (Some(DATAGRAM_WAIT), false));
        assert_eq!(limit(None, seconds(5), true, false, false), (seconds(5), true));
        assert_eq!(limit(None, seconds(5), true, false, true), (Some(DATAGRAM_WAIT), false));
        assert_eq!(limit(seconds(9), seconds(5), true, false, false), (seconds(5), true));
    }
}
