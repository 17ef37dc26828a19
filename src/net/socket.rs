//! A connection: a stream of bytes, perhaps under TLS, and what was established with it.

use super::tls::{Secured, TlsFacts, Untrusted};
use super::tunnel::Opened;
use crate::base::{Tick, Version};
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

/// What is known of a connection from its making.
#[derive(Clone, Debug)]
pub struct Established {
    /// Its number among those that were made for the same client, from 0.
    pub number: u64,
    /// The address at the other end; a Unix socket has none.
    pub peer: Option<SocketAddr>,
    /// The address at this end.
    pub local: Option<SocketAddr>,
    /// Whether a proxy stands between.
    pub proxied: bool,
    /// What TLS agreed on, if there is TLS.
    pub tls: Option<TlsFacts>,
    /// What the server showed in vain, where the handshake ended over it.
    pub untrusted: Option<Untrusted>,
    /// How the proxy opened a tunnel, if there is one.
    pub tunnel: Option<Opened>,
    /// When the host had become addresses.
    pub resolved: Tick,
    /// When TCP was connected.
    pub connected: Tick,
    /// When TLS was ready; the same as `connected` without TLS.
    pub secured: Tick,
}

impl Established {
    /// The certificates that the server showed, its own first, in DER.
    pub fn shown(&self) -> Option<&[Box<[u8]>]> {
        let refused = || self.untrusted.as_ref().map(|it| &it.chain[..]);
        self.tls.as_ref().map(|tls| &tls.chain[..]).or_else(refused)
    }

    /// What became of their check, in OpenSSL's numbers; 0 is well.
    pub fn verdict(&self) -> Option<u32> {
        let refused = || self.untrusted.as_ref().map(|it| it.verdict);
        self.tls.as_ref().map(|tls| tls.verdict).or_else(refused)
    }
}

/// One open connection.
#[derive(Debug)]
pub struct Conn {
    pub(super) stream: Stream,
    /// What was established when it was made.
    pub established: Established,
    /// Exchanges it has carried to their end.
    pub exchanges: u32,
    /// The version of the last answer that came on it.
    pub spoken: Option<Version>,
}

impl Conn {
    /// Whether nothing has come since the last exchange and the peer is still there.
    ///
    /// Asks TLS for what it has opened already, then the socket itself (a peek that does not
    /// wait): the runtime may not have heard yet. Bytes nobody asked for would be read as the
    /// next answer; a connection with any is dead.
    pub(super) fn is_silent(&mut self) -> bool {
        self.stream.is_silent()
    }
}

/// The bytes' way: plain or under TLS, which may itself be inside another: TLS to a server in
/// a tunnel, through TLS to a proxy.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Unix(UnixStream),
    Tls(Polite),
}

impl Stream {
    fn is_silent(&mut self) -> bool {
        match self {
            Stream::Plain(tcp) => nothing_to_peek(&socket2::SockRef::from(&*tcp)),
            Stream::Unix(unix) => nothing_to_peek(&socket2::SockRef::from(&*unix)),
            Stream::Tls(Polite(tls)) => {
                let mut one = [0];
                let cx = &mut Context::from_waker(Waker::noop());
                let opened = Pin::new(&mut *tls).poll_read(cx, &mut ReadBuf::new(&mut one));
                let under = tls.get_mut().0;
                opened.is_pending() && under.buffer().is_empty() && under.get_mut().is_silent()
            }
        }
    }

    /// Whether bytes wait to be read.
    pub(super) fn has_more(&self) -> bool {
        let waits = |socket: &socket2::SockRef<'_>| {
            socket.peek(&mut [MaybeUninit::uninit()]).is_ok_and(|bytes| bytes > 0)
        };
        match self {
            Stream::Plain(tcp) => waits(&socket2::SockRef::from(tcp)),
            Stream::Unix(unix) => waits(&socket2::SockRef::from(unix)),
            Stream::Tls(_) => self.holds_more(),
        }
    }

    /// Whether TLS has records that were received and not yet opened.
    pub(super) fn holds_more(&self) -> bool {
        match self {
            Stream::Plain(_) | Stream::Unix(_) => false,
            Stream::Tls(tls) => !tls.0.get_ref().0.buffer().is_empty(),
        }
    }
}

/// Whether a socket has neither bytes nor an end waiting.
fn nothing_to_peek(socket: &socket2::SockRef<'_>) -> bool {
    let mut one = [MaybeUninit::uninit()];
    socket.peek(&mut one).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

/// A TLS connection that says goodbye: `close_notify` (RFC 8446 section 6.1) if the socket
/// takes it at once. Nobody waits for a peer that does not.
#[derive(Debug)]
pub(super) struct Polite(pub(super) Box<Secured>);

impl Drop for Polite {
    fn drop(&mut self) {
        let _ = Pin::new(&mut self.0).poll_shutdown(&mut Context::from_waker(Waker::noop()));
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Stream::Unix(unix) => Pin::new(unix).poll_read(cx, buf),
            Stream::Tls(tls) => Pin::new(&mut tls.0).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Stream::Unix(unix) => Pin::new(unix).poll_write(cx, bytes),
            Stream::Tls(tls) => Pin::new(&mut tls.0).poll_write(cx, bytes),
        }
    }

    /// TLS writes several records at once: apart, each would be a packet and wake the peer.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write_vectored(cx, slices),
            Stream::Unix(unix) => Pin::new(unix).poll_write_vectored(cx, slices),
            Stream::Tls(tls) => Pin::new(&mut tls.0).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(tcp) => tcp.is_write_vectored(),
            Stream::Unix(unix) => unix.is_write_vectored(),
            Stream::Tls(tls) => tls.0.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Stream::Unix(unix) => Pin::new(unix).poll_flush(cx),
            Stream::Tls(tls) => Pin::new(&mut tls.0).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Stream::Unix(unix) => Pin::new(unix).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(&mut tls.0).poll_shutdown(cx),
        }
    }
}
