//! A connected socket's two directions, bare or under TLS, which end one without the other.

use super::super::error::Error as NetError;
use super::super::socket::{Polite, Stream};
use super::super::tls::{Tls, TlsFacts, TlsSettings};
use super::calls::Socket;
use super::file::SocketFile;
use super::{Error, Kind};
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;

/// A connected socket.
pub struct Wire {
    pub(super) kind: Kind,
    /// The peer, as it was asked for.
    pub(super) to: Box<str>,
    pub(super) sender: Sender,
    pub(super) receiver: Receiver,
    /// This end's own file, where it has one.
    pub(super) _file: Option<SocketFile>,
}

/// Towards the peer.
pub(super) enum Sender {
    Bare(Arc<Socket>),
    Tls(WriteHalf<Stream>),
}

/// From the peer.
pub(super) enum Receiver {
    Bare(Arc<Socket>),
    Tls(ReadHalf<Stream>),
}

/// Both directions of a socket.
pub(super) fn bare(socket: Socket) -> (Sender, Receiver) {
    let socket = Arc::new(socket);
    (Sender::Bare(Arc::clone(&socket)), Receiver::Bare(socket))
}

/// Puts TLS over a TCP connection.
pub(super) async fn secure(
    socket: Socket,
    host: &str,
    settings: &TlsSettings,
) -> Result<((Sender, Receiver), TlsFacts), Error> {
    let tls = Tls::new(settings)?;
    let tcp = TcpStream::from_std(socket.into_raw().into());
    let tcp = tcp.map_err(|source| Error::Net(NetError::Send(source)))?;
    let (secured, facts) = tls.secure(host, Stream::Plain(tcp)).await?;
    let (receiver, sender) = tokio::io::split(Stream::Tls(Polite(Box::new(secured))));
    Ok(((Sender::Tls(sender), Receiver::Tls(receiver)), facts))
}

impl Sender {
    pub(super) async fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sender::Bare(socket) => socket.send(bytes).await,
            Sender::Tls(tls) => tls.write(bytes).await,
        }
    }

    /// What TLS has taken goes to the socket.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        match self {
            Sender::Bare(_) => Ok(()),
            Sender::Tls(tls) => tls.flush().await,
        }
    }

    /// The end of this direction: `SHUT_WR`. A TLS peer that hears of our end discards what it
    /// still had to say (RFC 5246 section 7.2.1), or leaves without a word: it hears at the end.
    pub(super) fn shutdown(&self) {
        if let Sender::Bare(socket) = self {
            socket.shutdown();
        }
    }
}

impl Receiver {
    pub(super) async fn recv(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Receiver::Bare(socket) => socket.recv(buffer).await,
            Receiver::Tls(tls) => tls.read(buffer).await,
        }
    }
}
