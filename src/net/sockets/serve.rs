//! One accepted peer: recv and send by the manner of the reply, shutdown, close.

use super::calls::Socket;
use super::greet::{self, Dialogue, Mood};
use super::request::Request;
use super::server::Onlooker;
use super::{Error, Kind, Tally};
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
    socket: &'a Socket,
    buffer: Vec<u8>,
    tally: &'a mut Tally,
}

/// Serves one peer to its end.
///
/// # Errors
/// What ended it instead; [`Error::Output`] concerns every peer.
pub(super) async fn serve(
    socket: &Socket,
    kind: Kind,
    reply: &Reply,
    onlooker: &dyn Onlooker,
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut peer = Peer { socket, buffer: kind.buffer(), tally };
    match reply {
        Reply::Greet => peer.greet(kind.has_messages()).await?,
        Reply::Echo => peer.echo().await?,
        Reply::Print => peer.print(onlooker).await?,
        Reply::Canned(bytes) => peer.answer(bytes).await?,
    }
    peer.farewell().await;
    Ok(())
}

impl Peer<'_> {
    /// recv(2); `None` at the peer's end.
    async fn recv(&mut self) -> Result<Option<&[u8]>, Error> {
        let came = self.socket.recv(&mut self.buffer).await.map_err(Error::Receive)?;
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
                Some(bytes) => dialogue.hear(bytes, &mut out),
                None => {
                    dialogue.end(&mut out);
                    Mood::Over
                }
            };
            self.send(&out).await?;
        }
        Ok(())
    }

    async fn echo(&mut self) -> Result<(), Error> {
        loop {
            let came = self.socket.recv(&mut self.buffer).await.map_err(Error::Receive)?;
            let Some(bytes) = self.buffer.get(..came).filter(|bytes| !bytes.is_empty()) else {
                return Ok(());
            };
            self.tally.received += came as u64;
            self.socket.send_all(bytes).await.map_err(|error| Error::sending(error, came))?;
            self.tally.sent += came as u64;
        }
    }

    async fn print(&mut self, onlooker: &dyn Onlooker) -> Result<(), Error> {
        while let Some(bytes) = self.recv().await? {
            onlooker.hears(bytes).map_err(Error::Output)?;
        }
        Ok(())
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
        let rest = async { while matches!(self.recv().await, Ok(Some(_))) {} };
        let _ = tokio::time::timeout(LINGER, rest).await;
    }
}
