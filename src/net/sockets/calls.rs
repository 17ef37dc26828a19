//! The calls that wait: connect, accept, recv, send, recvfrom, sendto; and shutdown.
//!
//! socket, setsockopt and bind do not wait; they are made on the [`Raw`] socket before.
//! A socket that is neither connected nor listening is not yet given to the runtime:
//! epoll says of it that it has ended, and the runtime would believe that for good.

use super::Address;
use socket2::{Domain, SockAddr, Socket as Raw, Type};
use std::io::{self, Read};
use std::net::Shutdown;
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Between two attempts to enter a Unix listener's full queue, of which the system does not
/// tell when there is room; less than a person notices.
const QUEUE_AGAIN: Duration = Duration::from_millis(20);

/// An ICMP error wakes who waits to receive, as it does a blocking recv.
const TO_READ: Interest = Interest::READABLE.add(Interest::ERROR);

/// A socket that is connected, listens, or has datagrams.
#[derive(Debug)]
pub(super) struct Socket(AsyncFd<Raw>, Sizes);

/// How much can come at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sizes {
    /// As much as the buffer takes; of a datagram of UDP, all that there can be.
    Fit,
    /// A message of a Unix socket, as large as its sender's `SO_SNDBUF` allows.
    Any,
}

/// socket(2).
pub(super) fn socket(address: &Address, family: Domain) -> io::Result<Raw> {
    let socket = Raw::new(family, address.kind.socket_type(), None)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Gives a socket to the runtime.
#[expect(
    deprecated,
    reason = "what it warns of (a descriptor that is not owned) a Raw cannot be; \
                               what should take its place is unsafe"
)]
fn register(socket: Raw) -> io::Result<AsyncFd<Raw>> {
    AsyncFd::new(socket)
}

impl Socket {
    /// A datagram socket, as it is.
    pub(super) fn open(socket: Raw) -> io::Result<Socket> {
        let has_messages = socket.r#type()? != Type::STREAM;
        let sizes = match socket.domain()? {
            Domain::UNIX if has_messages => Sizes::Any,
            _ => Sizes::Fit,
        };
        Ok(Socket(register(socket)?, sizes))
    }

    /// listen(2): from now on the system accepts connections, up to `backlog` ahead of us.
    pub(super) fn listening(socket: Raw, backlog: i32) -> io::Result<Socket> {
        socket.listen(backlog)?;
        Socket::open(socket)
    }

    /// connect(2), which does not wait: the connection stands, or has failed, when the socket
    /// becomes writable. The error is what `connect_ex` returns. For datagrams it only says
    /// where send goes to, and from where alone is received.
    pub(super) async fn connect(socket: Raw, to: &SockAddr) -> io::Result<Socket> {
        loop {
            match socket.connect(to) {
                Ok(()) => return Socket::open(socket),
                Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => break,
                Err(error) if to.is_unix() && error.kind() == io::ErrorKind::WouldBlock => {
                    tokio::time::sleep(QUEUE_AGAIN).await;
                }
                Err(error) => return Err(error),
            }
        }
        let socket = Socket::open(socket)?;
        loop {
            let mut ready = socket.0.writable().await?;
            if let Some(error) = socket.raw().take_error()? {
                return Err(error);
            }
            if socket.raw().peer_addr().is_ok() {
                break;
            }
            ready.clear_ready();
        }
        Ok(socket)
    }

    /// accept(2): the next peer, and its name.
    pub(super) async fn accept(&self) -> io::Result<(Socket, SockAddr)> {
        let (socket, peer) = self.0.async_io(Interest::READABLE, Raw::accept).await?;
        socket.set_nonblocking(true)?;
        Ok((Socket::open(socket)?, peer))
    }

    /// recv(2): 0 bytes are the end of a connection, or a datagram without content.
    pub(super) async fn recv(&self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let receive = |mut socket: &Raw| {
            self.1.make_room(socket, buffer)?;
            socket.read(buffer)
        };
        self.0.async_io(TO_READ, receive).await
    }

    /// send(2): as much as the system takes; a message whole or not at all.
    pub(super) async fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.0.async_io(Interest::WRITABLE, |socket| socket.send(bytes)).await
    }

    /// All of it, however often the system has to be asked.
    pub(super) async fn send_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let sent = self.send(bytes).await?;
            bytes = bytes.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    /// recvfrom(2): a datagram, and who sent it.
    pub(super) async fn recv_from(&self, buffer: &mut Vec<u8>) -> io::Result<(usize, SockAddr)> {
        let receive = |mut socket: &Raw| {
            self.1.make_room(socket, buffer)?;
            let from = socket.peek_sender()?;
            Ok((socket.read(buffer)?, from))
        };
        self.0.async_io(Interest::READABLE, receive).await
    }

    /// sendto(2), when the system takes it.
    pub(super) async fn send_to(&self, bytes: &[u8], to: &SockAddr) -> io::Result<usize> {
        self.0.async_io(Interest::WRITABLE, |socket| socket.send_to(bytes, to)).await
    }

    /// shutdown(2) with `SHUT_WR`: the peer reads to the end, and may go on sending. Where the
    /// connection is gone already there is nothing to tell.
    pub(super) fn shutdown(&self) {
        let _ = self.0.get_ref().shutdown(Shutdown::Write);
    }

    /// The socket itself, for the calls that do not wait.
    pub(super) fn raw(&self) -> &Raw {
        self.0.get_ref()
    }

    /// The socket, taken back from the runtime.
    pub(super) fn into_raw(self) -> Raw {
        self.0.into_inner()
    }
}

impl Sizes {
    /// Makes the buffer as large as the message that is next: what does not fit would be cut,
    /// without a word. It waits in the system's memory already, at its sender's expense.
    fn make_room(self, socket: &Raw, buffer: &mut Vec<u8>) -> io::Result<()> {
        if self == Sizes::Any && cfg!(target_os = "linux") {
            // Nothing is taken; asked so, Linux tells the whole length.
            let whole = socket.recv_with_flags(&mut [], libc::MSG_PEEK | libc::MSG_TRUNC)?;
            if whole > buffer.len() {
                buffer.resize(whole, 0);
            }
        }
        Ok(())
    }
}
