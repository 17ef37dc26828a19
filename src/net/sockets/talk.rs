//! The client's loop: send what there is, recv what comes, until both directions have ended.
//!
//! ```text
//!  input ──▶ one piece ──send──▶ peer          at its end: shutdown(SHUT_WR), where wanted
//!  output ◀── one piece ◀──recv── peer         at its end: the rest of the input still goes out
//! ```
//!
//! At most one piece waits here each way; the next is taken when the system, or the output, has
//! taken it. While one direction waits, the other one and the time limits go on.

use super::output::closed;
use super::wire::{Sender, Wire};
use super::{Error, Heard, Output, Tally};
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

/// Talks to the peer until both have ended. `tally` counts, also where it fails. Where the peer
/// no longer takes what is sent, what it has said is received all the same.
///
/// # Errors
/// What ended it instead.
pub async fn talk(
    mut wire: Wire,
    input: &mut Input,
    output: Output,
    habits: Habits,
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut buffer = wire.kind.buffer();
    let is_connected = wire.kind.is_connected();
    let (mut input_open, mut peer_open, mut answered) = (true, true, false);
    let mut outgoing = Outgoing::Nothing;
    // Of the buffer, what waits for the output.
    let mut held: Option<usize> = None;
    // Nothing more is sent; what came before is still shown.
    let mut failed: Option<Error> = None;
    let is_idle = |outgoing: &Outgoing| matches!(outgoing, Outgoing::Nothing);
    let how = |failed: Option<Error>| failed.map_or(Ok(()), Err);
    loop {
        let all_sent = !input_open && is_idle(&outgoing);
        if all_sent && !peer_open && held.is_none() {
            return how(failed);
        }
        // Who is not listened to, because the output waits, is not silent.
        let is_over = all_sent && held.is_none();
        let (limit, is_failure) = habits.limit(is_over, is_connected, answered);
        tokio::select! {
            piece = input.recv(), if input_open && is_idle(&outgoing) => match piece {
                Some(Ok(piece)) => outgoing = Outgoing::Piece(piece, 0),
                Some(Err(error)) => {
                    (failed, input_open, peer_open) = (Some(Error::Input(error)), false, false);
                }
                None => {
                    input_open = false;
                    if habits.shutdown && is_connected {
                        wire.sender.shutdown();
                    }
                }
            },
            sent = step(&mut wire.sender, &mut outgoing), if !is_idle(&outgoing) => match sent {
                Ok(sent) => tally.sent += sent,
                Err(error) => {
                    (outgoing, input_open) = (Outgoing::Nothing, false);
                    peer_open &= is_connected && matches!(error, Error::Cut(_));
                    failed = Some(refused(error, &wire.to));
                }
            },
            came = wire.receiver.recv(&mut buffer), if peer_open && held.is_none() => match came {
                Ok(0) if is_connected => {
                    peer_open = false;
                    if habits.leave_with_peer {
                        return how(failed);
                    }
                }
                Ok(came) => {
                    (answered, held) = (true, Some(came));
                    tally.received += came as u64;
                }
                Err(error) => return Err(match (Error::receiving(error), failed) {
                    (error @ Error::Cut(_), _) | (_, Some(error)) => error,
                    (error, None) => refused(error, &wire.to),
                }),
            },
            room = output.reserve(), if held.is_some() => {
                let came = held.take().unwrap_or_default();
                let bytes = buffer.get(..came).unwrap_or_default().to_vec();
                let offset = tally.received - came as u64;
                room.map_err(closed)?.send(Heard { from: 0, offset, bytes });
            }
            () = tokio::time::sleep(limit.unwrap_or_default()), if limit.is_some() => {
                return match is_failure {
                    true => Err(Error::Silence(limit.unwrap_or_default())),
                    false => how(failed),
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
            sender.flush().await.map_err(|error| Error::sending(error, 0))?;
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
    /// How long a silence may last now, and whether its end is a failure. `is_over`: everything
    /// was sent, and it is the peer that is silent. A stream has an end of its own, to which
    /// `answered` adds nothing.
    fn limit(&self, is_over: bool, connected: bool, answered: bool) -> (Option<Duration>, bool) {
        let last = match (self.wait, self.timeout) {
            _ if !is_over => None,
            // Who asks for both wants to know of the shorter one.
            (Some(wait), timeout) => Some(wait).filter(|wait| timeout.is_none_or(|t| *wait <= t)),
            (None, _) if connected => None,
            (None, None) => Some(DATAGRAM_WAIT),
            // Who set a limit wants to know that there was no answer; with one, the rest may
            // follow at once.
            (None, Some(timeout)) => answered.then_some(DATAGRAM_WAIT.min(timeout)),
        };
        match last {
            Some(wait) => (Some(wait), false),
            None => (self.timeout, true),
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
        let limit = |wait, timeout, is_over, connected, answered| {
            let habits = Habits { shutdown: true, leave_with_peer: false, wait, timeout };
            habits.limit(is_over, connected, answered)
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
        let short = Some(DATAGRAM_WAIT / 2);
        assert_eq!(limit(None, short, true, false, true), (short, false));
        // A silence longer than the limit is a failure, whatever came before it.
        for (connected, answered) in [(false, false), (false, true), (true, false), (true, true)] {
            let both = limit(seconds(9), seconds(5), true, connected, answered);
            assert_eq!(both, (seconds(5), true), "{connected} {answered}");
        }
    }
}
