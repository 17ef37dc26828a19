//! One accepted peer: recv and send by the manner of the reply, shutdown, close.

use super::calls::Socket;
use super::greet::{self, Dialogue, Mood};
use super::output::closed;
use super::request::Request;
use super::{Error, Heard, Kind, Output, Tally};
use std::sync::Arc;
use std::time::Duration;

/// What a listener says.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A welcome, then each line with a greeting, until `exit`.
    Greet,
    /// What was heard.
    Echo,
    /// Nothing; what is heard is shown.
    Print,
    /// These bytes, to every request.
    Canned(Arc<[u8]>),
}

/// How long a peer that was told the end may go on sending. Closed at once, what it has still
/// sent makes the close a reset, and may take our last words from it (tcp(7); RFC 9112
/// section 9.6).
const LINGER: Duration = Duration::from_secs(2);

/// A peer while it is served.
struct Peer<'a> {
    number: u64,
    socket: &'a Socket,
    buffer: Vec<u8>,
    tally: &'a mut Tally,
}

/// Serves one peer to its end.
///
/// # Errors
/// What ended it instead; [`Error::Output`] concerns every peer.
pub(super) async fn serve(
    (number, socket): (u64, &Socket),
    kind: Kind,
    reply: &Reply,
    output: &Output,
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut peer = Peer { number, socket, buffer: kind.buffer(), tally };
    match reply {
        Reply::Greet => peer.greet(kind.has_messages()).await?,
        Reply::Echo => peer.echo().await?,
        Reply::Print => peer.print(output).await?,
        Reply::Canned(bytes) => peer.answer(bytes).await?,
    }
    peer.farewell().await;
    Ok(())
}

impl Peer<'_> {
    /// recv(2); `None` at the peer's end.
    async fn recv(&mut self) -> Result<Option<&[u8]>, Error> {
        let came = self.socket.recv(&mut self.buffer).await.map_err(Error::receiving)?;
        self.tally.received += came as u64;
        Ok(self.buffer.get(..came).filter(|bytes| !bytes.is_empty()))
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let sent = self.socket.send_all(bytes).await;
        sent.map_err(|error| Error::sending(error, bytes.len()))?;
        self.tally.sent += bytes.len() as u64;
        Ok(())
    }

    async fn greet(&mut self, has_messages: bool) -> Result<(), Error> {
        self.send(greet::WELCOME).await?;
        let (mut dialogue, mut mood) = (Dialogue::default(), Mood::GoesOn);
        while mood == Mood::GoesOn {
            let mut out = Vec::new();
            mood = match self.recv().await? {
                Some(bytes) if has_messages => greet::message(bytes, &mut out),
                Some(bytes) => {
                    let came = bytes.len();
                    self.greet_lines(&mut dialogue, came).await?
                }
                None => {
                    dialogue.end(&mut out);
                    Mood::Over
                }
            };
            self.send(&out).await?;
        }
        Ok(())
    }

    /// The lines among the first `came` bytes of the buffer, answered some at a time.
    async fn greet_lines(&mut self, dialogue: &mut Dialogue, came: usize) -> Result<Mood, Error> {
        let (mut at, mut mood) = (0, Mood::GoesOn);
        while at < came && mood == Mood::GoesOn {
            let (mut rest, mut out) = (self.buffer.get(at..came).unwrap_or_default(), Vec::new());
            mood = dialogue.hear_part(&mut rest, &mut out);
            at = came - rest.len();
            self.send(&out).await?;
        }
        Ok(mood)
    }

    async fn echo(&mut self) -> Result<(), Error> {
        loop {
            let came = self.socket.recv(&mut self.buffer).await.map_err(Error::receiving)?;
            let Some(bytes) = self.buffer.get(..came).filter(|bytes| !bytes.is_empty()) else {
                return Ok(());
            };
            self.tally.received += came as u64;
            self.socket.send_all(bytes).await.map_err(|error| Error::sending(error, came))?;
            self.tally.sent += came as u64;
        }
    }

    async fn print(&mut self, output: &Output) -> Result<(), Error> {
        let from = self.number;
        loop {
            let offset = self.tally.received;
            let Some(bytes) = self.recv().await? else { return Ok(()) };
            let heard = Heard { from, offset, bytes: bytes.to_vec() };
            output.send(heard).await.map_err(closed)?;
        }
    }

    async fn answer(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut request = Request::default();
        while let Some(bytes) = self.recv().await? {
            if request.take(bytes) {
                break;
            }
        }
        self.send(bytes).await
    }

    /// shutdown(2), and what the peer still says, unheard, until it has ended too.
    async fn farewell(&mut self) {
        self.socket.shutdown();
        let before = self.tally.received;
        let rest = async { while matches!(self.recv().await, Ok(Some(_))) {} };
        let heard = tokio::time::timeout(LINGER, rest).await.is_ok();
        self.tally.unheard = !heard && self.tally.received > before;
    }
}
