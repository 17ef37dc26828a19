//! What can go wrong with a socket, and what the system said.

use super::super::Error as NetError;
use super::Setting;
use super::errno::reason;
use crate::base::system_words;
use std::fmt;
use std::io;
use std::time::Duration;

/// Why a socket does not do what it was asked to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The host has no address, or TLS failed.
    Net(NetError),
    /// The peer does not take the connection; for datagrams, its machine says that nobody
    /// listens there (ICMP port unreachable).
    Connect {
        /// The peer.
        to: Box<str>,
        /// What `connect_ex` returns.
        source: io::Error,
    },
    /// This end is not to be had.
    Bind {
        /// What was asked for.
        at: Box<str>,
        /// What the system said.
        source: io::Error,
    },
    /// A file is there, and nobody listens at it.
    Stale(Box<str>),
    /// A file is there that is no socket.
    NoSocket(Box<str>),
    /// No address of the peer is of the source's family.
    Families,
    /// The system does not set an option so.
    Option {
        /// Which.
        setting: Setting,
        /// What it said.
        source: io::Error,
    },
    /// It did not connect in time.
    ConnectTimeout(Duration),
    /// Neither side said anything for too long.
    Silence(Duration),
    /// A message is larger than the way to the peer allows.
    TooLarge(usize),
    /// No more peers can be accepted.
    Accept(io::Error),
    /// The peer has cut the connection: what is sent is no longer taken (`EPIPE`), or neither
    /// direction stands (`ECONNRESET`). Which call hears of it first is chance.
    Cut(io::Error),
    /// Sending failed.
    Send(io::Error),
    /// Receiving failed.
    Receive(io::Error),
    /// What is to be sent cannot be read.
    Input(io::Error),
    /// What came cannot be written.
    Output(io::Error),
}

impl Error {
    /// What failed while sending `bytes` as one message, or to a stream.
    pub(super) fn sending(source: io::Error, bytes: usize) -> Error {
        match source.raw_os_error() {
            Some(libc::EMSGSIZE) => Error::TooLarge(bytes),
            Some(libc::EPIPE | libc::ECONNRESET) => Error::Cut(source),
            _ => Error::Send(source),
        }
    }

    /// What failed while receiving.
    pub(super) fn receiving(source: io::Error) -> Error {
        match source.raw_os_error() {
            Some(libc::ECONNRESET) => Error::Cut(source),
            _ => Error::Receive(source),
        }
    }
}

impl From<NetError> for Error {
    fn from(error: NetError) -> Error {
        Error::Net(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Net(error) => error.fmt(f),
            Error::Connect { to, source } => {
                write!(f, "failed to connect to {to}: {}", reason(source))
            }
            Error::Bind { at, source } => write!(f, "cannot bind {at}: {}", reason(source)),
            Error::Stale(at) => {
                write!(f, "cannot bind {at}: a socket file is there that nobody listens at")
            }
            Error::NoSocket(at) => {
                write!(f, "cannot bind {at}: a file is there that is no socket")
            }
            Error::Families => f.write_str("the source is of another family than the peer"),
            Error::Option { setting, source } => {
                write!(f, "the system does not set {setting}: {}", reason(source))
            }
            Error::ConnectTimeout(after) => {
                write!(f, "timed out after {} ms, connecting", after.as_millis())
            }
            Error::Silence(after) => {
                write!(f, "timed out: nothing came or went for {} ms", after.as_millis())
            }
            Error::TooLarge(bytes) => {
                let number = libc::EMSGSIZE;
                write!(f, "a message of {bytes} bytes is too large to be sent in one piece, ")?;
                write!(f, "EMSGSIZE ({number})")
            }
            Error::Accept(source) => write!(f, "cannot accept peers: {}", reason(source)),
            Error::Cut(source) => write!(f, "the peer cut the connection: {}", reason(source)),
            Error::Send(source) => write!(f, "sending failed: {}", reason(source)),
            Error::Receive(source) if source.kind() == io::ErrorKind::UnexpectedEof => {
                f.write_str("the TLS stream was cut: no close_notify")
            }
            Error::Receive(source) => write!(f, "receiving failed: {}", reason(source)),
            Error::Input(source) => {
                write!(f, "cannot read what is to be sent: {}", system_words(source))
            }
            Error::Output(source) => {
                write!(f, "cannot write what came: {}", system_words(source))
            }
        }
    }
}

impl std::error::Error for Error {}
