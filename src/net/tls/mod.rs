//! TLS by rustls (RFC 8446, RFC 5246), the only room that knows it.
//!
//! The provider is ring: a process that fetches one page lives for two
//! milliseconds, and aws-lc-rs gathers entropy for fifty.
//!
//! 1. [`TlsSettings`] say what is asked of a connection (`settings`).
//! 2. [`Tls::new`] makes a configuration of them, once: `algorithms` picks what is spoken,
//!    `trust` whom to believe, `identity` who we are.
//! 3. [`Tls::secure`] shakes hands, and holds the server's key against `pins`.

mod algorithms;
mod identity;
mod key_log;
mod pins;
mod settings;
mod trust;

pub use settings::{Identity, TlsSettings, TlsVersion};

use super::error::{Error, TlsFault};
use super::socket::Stream;
use key_log::KeyLogTo;
use pins::Pins;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, InvalidMessage};
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::io::BufReader;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use trust::{Trusting, Whom};

/// The socket under TLS. rustls asks for a record at a time; the kernel is asked for several.
pub(super) type Buffered = BufReader<Stream>;

/// A secured connection.
pub(super) type Secured = TlsStream<Buffered>;

/// Bytes the kernel is asked for at a time: seven records of the largest size. With one, half of
/// a download's system time is the asking; from 128 KiB on the memory is a mapping of its own,
/// to be made and undone.
const RECORDS: usize = 120 * 1024;

/// What a handshake agreed on, and with whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: &'static str,
    /// The cipher suite, by its registered name.
    pub suite: Box<str>,
    /// The certificates that the server showed, its own first, in DER.
    pub chain: Arc<[Box<[u8]>]>,
    /// What became of its check, in OpenSSL's numbers; 0 is well.
    pub verdict: u32,
}

/// What a server showed when its certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted {
    /// The certificates, the server's own first, in DER.
    pub chain: Arc<[Box<[u8]>]>,
    /// Why, in OpenSSL's numbers.
    pub verdict: u32,
}

/// Settings made ready: built once, at the first https connection.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    pins: Option<Pins>,
    /// Who would have been trusted, had anybody been asked (`-k`).
    unasked: Option<Arc<Whom>>,
    verifier: Arc<Trusting>,
}

impl Tls {
    /// # Errors
    /// [`Error::CaFile`] where the certificates cannot be read, [`Error::Tls`] for everything
    /// else that cannot be used.
    pub(super) fn new(settings: &TlsSettings) -> Result<Tls, Error> {
        let provider = Arc::new(algorithms::provider(settings)?);
        let versions = algorithms::versions(settings)?;
        let pins = settings.pins.as_deref().map(Pins::read).transpose()?;
        let whom = Whom::of(settings, &provider);
        let (whom, unasked) = match settings.insecure {
            true => (None, whom.ok().map(Arc::new)),
            false => (Some(whom?), None),
        };
        let verifier = Arc::new(Trusting::new(whom, Arc::clone(&provider)));
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(|error| handshake(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as _);
        let mut config = match &settings.identity {
            None => builder.with_no_client_auth(),
            Some(who) => {
                let (chain, key) = identity::load(who)?;
                let made = builder.with_client_auth_cert(chain, key);
                made.map_err(|error| identity::bad(&error.to_string(), ""))?
            }
        };
        if !settings.no_alpn {
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
        }
        if let Some(log) = settings.key_log.as_deref().and_then(KeyLogTo::open) {
            config.key_log = Arc::new(log);
        }
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), pins, unasked, verifier })
    }

    /// Secures a connection to `host`, which is canonical.
    ///
    /// # Errors
    /// [`Error::Tls`] with whose fault it was. No byte of a request has been sent then.
    pub(super) async fn secure(
        &self,
        host: &str,
        stream: Stream,
    ) -> Result<(Secured, TlsFacts), Error> {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| Error::Tls {
            fault: TlsFault::Handshake,
            text: format!("{bare} is not a name a certificate could be for"),
        })?;
        let under = BufReader::with_capacity(RECORDS, stream);
        let connecting = self.connector.connect(name.clone(), under);
        let stream = connecting.await.map_err(|error| fault_of(&error))?;
        let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
        if let (Some(pins), Some(leaf)) = (&self.pins, shown.first()) {
            pins.check(leaf)?;
        }
        let facts = self.facts_of(&stream, &name);
        Ok((stream, facts))
    }

    /// What the last server showed whose certificate was refused, once: rustls keeps no chain
    /// that it did not like. It is asked for as soon as [`Tls::secure`] has failed, in the same
    /// turn of the runtime, so it is of the same connection.
    pub(super) fn refused(&self) -> Option<Untrusted> {
        self.verifier.refused.lock().ok()?.take()
    }

    fn facts_of(&self, stream: &Secured, name: &ServerName<'_>) -> TlsFacts {
        let session = stream.get_ref().1;
        let version = match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "TLSv1.3",
        };
        let suite = session.negotiated_cipher_suite();
        let suite = suite.and_then(|suite| suite.suite().as_str()).unwrap_or("unknown").into();
        let shown = session.peer_certificates().unwrap_or_default();
        let chain = shown.iter().map(|certificate| certificate.as_ref().into()).collect();
        let verdict = match (&self.unasked, shown) {
            (Some(whom), [leaf, rest @ ..]) => {
                match whom.vouch(leaf, rest, name, &[], UnixTime::now()) {
                    Ok(_) => 0,
                    Err(why) => number(&why),
                }
            }
            _ => 0,
        };
        TlsFacts { version, suite, chain, verdict }
    }
}

/// A file that the settings name.
#[expect(
    clippy::disallowed_methods,
    reason = "what a connection rests on is read where it is made"
)]
fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

fn handshake(error: &impl std::fmt::Display) -> Error {
    Error::Tls { fault: TlsFault::Handshake, text: error.to_string() }
}

/// rustls says whose fault it was inside an `io::Error`.
fn fault_of(error: &io::Error) -> Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let fault = match inner {
        Some(rustls::Error::InvalidCertificate(_)) => TlsFault::Certificate,
        _ => TlsFault::Handshake,
    };
    let text = match inner {
        Some(rustls::Error::InvalidCertificate(why)) => certificate_words(why),
        Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
            "the peer does not speak TLS".to_owned()
        }
        Some(other) => other.to_string(),
        None if error.kind() == io::ErrorKind::UnexpectedEof => "the peer closed".to_owned(),
        None => error.to_string(),
    };
    Error::Tls { fault, text }
}

/// The usual reasons, in the words a person would search for.
fn certificate_words(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => UNKNOWN_ISSUER.to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "not valid yet".to_owned()
        }
        CertificateError::Revoked => "revoked".to_owned(),
        _ if trust::is_of_an_authority(why) => AN_AUTHORITYS.to_owned(),
        CertificateError::NotValidForName => "it is not for this name".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            format!("it is not for {}, {}", expected.to_str(), names(presented))
        }
        other => other.to_string(),
    }
}

pub(super) const UNKNOWN_ISSUER: &str = "unknown issuer";

pub(super) const AN_AUTHORITYS: &str = "it is an authority's, and none that is trusted";

/// `but for a.example, b.example`: what a certificate is for, of names as rustls writes them,
/// `DnsName("a.example")`.
fn names(presented: &[String]) -> String {
    const ENOUGH: usize = 5;
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(name).trim_matches('"').to_owned()
    };
    let shown: Vec<_> = presented.iter().take(ENOUGH).map(bare).collect();
    match presented.len().saturating_sub(ENOUGH) {
        _ if shown.is_empty() => "and for no other".to_owned(),
        0 => format!("but for {}", shown.join(", ")),
        more => format!("but for {} and {more} more", shown.join(", ")),
    }
}

/// OpenSSL's `X509_V_ERR_UNSPECIFIED`.
const UNSPECIFIED: u32 = 1;

/// OpenSSL's number for it, which scripts know.
fn number(error: &rustls::Error) -> u32 {
    let rustls::Error::InvalidCertificate(why) = error else { return UNSPECIFIED };
    match why {
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => 9,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => 10,
        CertificateError::UnknownIssuer => 20,
        CertificateError::Revoked => 23,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => 62,
        _ => UNSPECIFIED,
    }
}
