//! TLS by rustls (RFC 8446, RFC 5246), the only file that knows it.
//!
//! The provider is ring: a process that fetches one page lives for two
//! milliseconds, and aws-lc-rs gathers entropy for fifty.

use super::error::{Error, TlsFault};
use super::socket::Stream;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, InvalidMessage, RootCertStore,
    SignatureScheme,
};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::BufReader;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The socket under TLS. rustls asks for a record at a time; the kernel is asked for several.
pub(super) type Buffered = BufReader<Stream>;

/// A secured connection.
pub(super) type Secured = TlsStream<Buffered>;

/// Bytes the kernel is asked for at a time: eight records of the largest size. With one, half of
/// a download's system time is the asking.
const RECORDS: usize = 128 * 1024;

/// Every choice that makes one TLS connection different from another; part of the pool's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlsSettings {
    /// Accept any certificate (`-k`).
    pub insecure: bool,
    /// A PEM file with the certificates to trust in place of the built-in roots (`--cacert`).
    pub ca_file: Option<PathBuf>,
}

/// What a handshake agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: &'static str,
    /// The cipher suite, by its registered name.
    pub suite: &'static str,
}

/// Settings made ready: built once, at the first https connection.
#[derive(Clone)]
pub(super) struct Tls(TlsConnector);

impl Tls {
    /// # Errors
    /// [`Error::CaFile`] where the certificates cannot be read.
    pub(super) fn new(settings: &TlsSettings) -> Result<Tls, Error> {
        let provider = Arc::new(ring::default_provider());
        let whom = Whom::of(settings, &provider)?;
        let verifier = Arc::new(Trusting { whom, provider: Arc::clone(&provider) });
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| handshake(&error))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls(TlsConnector::from(Arc::new(config))))
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
        // No certificate is for an interface.
        let bare = bare.split('%').next().unwrap_or(bare);
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| Error::Tls {
            fault: TlsFault::Handshake,
            text: format!("{bare} is not a name a certificate could be for"),
        })?;
        let under = BufReader::with_capacity(RECORDS, stream);
        let stream = self.0.connect(name, under).await.map_err(|error| fault_of(&error))?;
        let facts = facts_of(&stream);
        Ok((stream, facts))
    }
}

fn facts_of(stream: &Secured) -> TlsFacts {
    let session = stream.get_ref().1;
    let version = match session.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
        _ => "TLSv1.3",
    };
    let suite = session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str());
    TlsFacts { version, suite: suite.unwrap_or("unknown") }
}

fn handshake(error: &rustls::Error) -> Error {
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
        CertificateError::UnknownIssuer => "unknown issuer".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "not valid yet".to_owned()
        }
        CertificateError::Revoked => "revoked".to_owned(),
        other => other.to_string(),
    }
}

fn verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Error::Tls { fault: TlsFault::Handshake, text: error.to_string() })
}

/// Who is trusted to be who they say. The signatures of the handshake are checked always.
#[derive(Debug)]
struct Trusting {
    whom: Whom,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug)]
enum Whom {
    /// Anybody (`-k`).
    Anybody,
    /// Those whom these issuers vouch for: Mozilla's, or the certificates of a file.
    Issued(Arc<WebPkiServerVerifier>),
    /// Likewise, and each certificate of the file as itself.
    ///
    /// The second is what `--cacert self-signed.pem` means to people and to OpenSSL. webpki
    /// looks at a server certificate's dates and purpose first and for its issuer last, and it
    /// refuses a CA certificate as a server's own; if the very same bytes were given as trusted,
    /// only the name is left to check.
    Given(Arc<WebPkiServerVerifier>, Vec<CertificateDer<'static>>),
}

impl Whom {
    fn of(settings: &TlsSettings, provider: &Arc<CryptoProvider>) -> Result<Whom, Error> {
        match &settings.ca_file {
            _ if settings.insecure => Ok(Whom::Anybody),
            Some(path) => Whom::these(path, provider),
            None => {
                let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                Ok(Whom::Issued(verifier(roots, provider)?))
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the trust of a connection is read where it is made"
    )]
    fn these(path: &Path, provider: &Arc<CryptoProvider>) -> Result<Whom, Error> {
        let unusable = |source| Error::CaFile { path: path.to_owned(), source };
        let pem = std::fs::read(path).map_err(|source| unusable(Some(source)))?;
        let given: Vec<_> = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(given.iter().cloned());
        if roots.is_empty() {
            return Err(unusable(None));
        }
        Ok(Whom::Given(verifier(roots, provider)?, given))
    }
}

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let (issuers, given) = match &self.whom {
            Whom::Anybody => return Ok(ServerCertVerified::assertion()),
            Whom::Issued(issuers) => (issuers, &[][..]),
            Whom::Given(issuers, given) => (issuers, &given[..]),
        };
        let verdict = issuers.verify_server_cert(leaf, chain, name, ocsp, now);
        match &verdict {
            Err(rustls::Error::InvalidCertificate(why))
                if given.contains(leaf) && lacks_only_an_issuer(why) =>
            {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            _ => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// No issuer, or webpki's `CaUsedAsEndEntity`, which rustls passes on without a name of its own.
fn lacks_only_an_issuer(why: &CertificateError) -> bool {
    match why {
        CertificateError::UnknownIssuer => true,
        CertificateError::Other(other) => format!("{other:?}").contains("CaUsedAsEndEntity"),
        _ => false,
    }
}
