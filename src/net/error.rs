//! What can go wrong between here and the other end of a socket.

use super::Least;
use super::{Phase, Refused, tls};
use crate::base::system_words;
use crate::h1;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a connection could not be made, or an exchange on it not be finished.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The host has no address.
    Resolve {
        /// The host, as it was looked up.
        host: Box<str>,
        /// Whether it is a proxy.
        proxy: bool,
        /// What the system said; `None` where the name exists but has no usable address.
        source: Option<io::Error>,
    },
    /// Every address refused.
    Connect {
        /// The host that was wanted.
        host: Box<str>,
        /// The port that was wanted.
        port: u16,
        /// What the system said of the last address tried.
        source: io::Error,
    },
    /// A deadline passed.
    Timeout {
        /// What was being waited for.
        phase: Phase,
        /// For how long.
        after: Duration,
    },
    /// This end could not be bound as it was asked for.
    Local {
        /// To what.
        what: Box<str>,
        /// What the system said; `None` where there is no such interface or host.
        source: Option<io::Error>,
    },
    /// Nobody listens at a Unix socket.
    Unix {
        /// Its path; one that begins with `@` is an abstract name.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A SOCKS proxy did not open the way: what it said, or why it was not asked.
    Socks(String),
    /// It was too slow for too long.
    TooSlow(Least),
    /// A proxy did not open a tunnel: what it said instead.
    Refused(Box<Refused>),
    /// What a proxy answered to CONNECT is malformed or incomplete.
    Tunnel(h1::Error),
    /// TLS failed: the handshake, or the stream under the exchange.
    Tls {
        /// Whose fault it was.
        fault: TlsFault,
        /// What the TLS library said.
        text: String,
    },
    /// The file with the trusted certificates cannot be used.
    CaFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it; `None` where it holds no certificate.
        source: Option<io::Error>,
    },
    /// What was to be sent could not be read.
    Content(io::Error),
    /// The request could not be sent.
    Send(io::Error),
    /// The answer could not be received.
    Receive(io::Error),
    /// The TLS stream ended without a goodbye where the end of the stream is the end of the content.
    TlsCut,
    /// The exchange is malformed or incomplete.
    Exchange(h1::Error),
}

/// Which part of TLS failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The server's certificate is not one to trust for this name.
    Certificate,
    /// Likewise a proxy's.
    ProxyCertificate,
    /// Our own certificate or its key cannot be used.
    Identity,
    /// A cipher suite or a curve that is not known.
    Cipher,
    /// A list of revocations that cannot be used.
    Revocations,
    /// The server's public key is not the one that was pinned.
    Pin,
    /// Anything else.
    Handshake,
}

impl Error {
    /// Whether it is the server's certificate that was refused.
    pub fn is_of_a_certificate(&self) -> bool {
        matches!(self, Error::Tls { fault: TlsFault::Certificate, .. })
    }

    /// Whether nothing is wrong with a certificate but that nobody vouches for it.
    pub fn lacks_an_issuer(&self) -> bool {
        let unknown = [tls::UNKNOWN_ISSUER, tls::AN_AUTHORITYS];
        matches!(self, Error::Tls { text, .. } if unknown.contains(&&**text))
    }

    /// Whether this is how a connection ends that was dead before it was used.
    pub fn is_stale_connection(&self) -> bool {
        match self {
            Error::Exchange(h1::Error::Empty) | Error::Tunnel(h1::Error::Empty) => true,
            Error::Send(source) | Error::Receive(source) => matches!(
                source.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::ConnectionAborted
            ),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Resolve { host, proxy, source } => {
                let what = if *proxy { "proxy" } else { "host" };
                write!(f, "could not resolve {what} {host}")?;
                source.as_ref().map_or(Ok(()), |source| write!(f, ": {}", system_words(source)))
            }
            Error::Local { what, source: Some(source) } => {
                write!(f, "could not bind {what} of the connection: {}", system_words(source))
            }
            Error::Local { what, source: None } => {
                write!(f, "{what} is neither an interface nor a host here")
            }
            Error::Unix { path, source } => {
                write!(f, "failed to connect to {}: {}", path.display(), system_words(source))
            }
            Error::Socks(said) => write!(f, "the SOCKS proxy: {said}"),
            Error::Connect { host, port, source } => {
                write!(f, "failed to connect to {host} port {port}: {}", system_words(source))
            }
            Error::Timeout { phase, after } => {
                write!(f, "timed out after {} ms, {phase}", after.as_millis())
            }
            Error::TooSlow(least) => write!(
                f,
                "Operation too slow. Less than {} bytes/sec transferred the last {} seconds",
                least.bytes,
                least.during.as_secs()
            ),
            Error::Refused(refused) if refused.head.is_none() => {
                f.write_str("the proxy opened the tunnel and said more before it was asked")
            }
            // These two in curl's words.
            Error::Tunnel(h1::Error::NotHttp) => f.write_str("Invalid response header"),
            Error::Tunnel(h1::Error::Empty | h1::Error::HeadCut) => {
                f.write_str("Proxy CONNECT aborted")
            }
            Error::Tunnel(error) => write!(f, "the proxy's answer to CONNECT: {error}"),
            Error::Refused(refused) => {
                write!(f, "CONNECT tunnel failed, response {}", refused.opened.status)
            }
            Error::Tls { fault: TlsFault::Certificate, text } => {
                write!(f, "the server's certificate was refused: {text}")
            }
            Error::Tls { fault: TlsFault::ProxyCertificate, text } => {
                write!(f, "the proxy's certificate was refused: {text}")
            }
            Error::Tls { fault: TlsFault::Identity, text } => {
                write!(f, "the client certificate: {text}")
            }
            Error::Tls {
                fault: TlsFault::Cipher | TlsFault::Revocations | TlsFault::Pin,
                text,
            } => f.write_str(text),
            Error::Tls { fault: TlsFault::Handshake, text } => {
                write!(f, "TLS handshake failed: {text}")
            }
            Error::CaFile { path, source: Some(source) } => {
                write!(
                    f,
                    "cannot read the certificates in {}: {}",
                    path.display(),
                    system_words(source)
                )
            }
            Error::CaFile { path, source: None } => {
                write!(f, "no usable certificate in {}", path.display())
            }
            Error::Content(source) => {
                write!(f, "cannot read what is to be sent: {}", system_words(source))
            }
            Error::Send(source) => write!(f, "sending failed: {}", system_words(source)),
            Error::Receive(source) => write!(f, "receiving failed: {}", system_words(source)),
            Error::TlsCut => f.write_str("the TLS stream was cut: no close_notify"),
            Error::Exchange(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
