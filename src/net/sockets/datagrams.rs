//! A datagram socket that answers: recvfrom, and sendto to whoever it was.

use super::calls::Socket;
use super::greet;
use super::output::closed;
use super::serve::Reply;
use super::server::{Manner, Onlooker};
use super::{Error, Facts, Heard, Kind, Output, Tally};
use socket2::SockAddr;
use std::io;

/// Answers datagrams, each to its sender.
///
/// # Errors
/// This end fails; what concerns one sender is told and is no reason to stop.
pub(super) async fn answer(
    socket: &Socket,
    kind: Kind,
    manner: &Manner,
    onlooker: &dyn Onlooker,
    output: &Output,
) -> Result<(), Error> {
    let mut buffer = kind.buffer();
    for number in 1.. {
        let (came, from) = socket.recv_from(&mut buffer).await.map_err(Error::Receive)?;
        let bytes = buffer.get(..came).unwrap_or_default();
        onlooker.meets(number, &|| Facts::of(socket.raw(), Some(&from)));
        let mut said = Vec::new();
        let said = match &manner.reply {
            Reply::Print => {
                let heard = Heard { from: number, offset: 0, bytes: bytes.to_vec() };
                output.send(heard).await.map_err(closed)?;
                None
            }
            Reply::Echo => Some(bytes),
            Reply::Canned(bytes) => Some(&bytes[..]),
            Reply::Greet => {
                greet::message(bytes, &mut said);
                Some(&said[..])
            }
        };
        let sent = match said {
            None => Ok(0),
            Some(said) => send(socket, said, &from).await,
        };
        let sent_bytes = sent.as_ref().map_or(0, |sent| *sent as u64);
        let tally = Tally { received: came as u64, sent: sent_bytes, unheard: false };
        onlooker.parts(number, tally, sent.as_ref().err());
        if manner.once {
            return sent.map(|_| ());
        }
    }
    Ok(())
}

/// sendto(2). A Unix socket's sender who does not read gets no answer, and holds up nobody:
/// its full queue refuses at once, where UDP's network would drop.
async fn send(socket: &Socket, bytes: &[u8], to: &SockAddr) -> Result<usize, Error> {
    let sent = match to.is_unix() {
        true if to.is_unnamed() => Err(io::Error::from_raw_os_error(libc::EDESTADDRREQ)),
        true => socket.raw().send_to(bytes, to),
        false => socket.send_to(bytes, to).await,
    };
    sent.map_err(|error| Error::sending(error, bytes.len()))
}
