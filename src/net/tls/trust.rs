//! Who is trusted to be who they say. The signatures of the handshake are checked always.

use super::settings::TlsSettings;
use super::{Untrusted, handshake, number, read};
use crate::net::{Error, TlsFault};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::server::{ParsedCertificate, VerifierBuilderError};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What rustls asks about a server's certificate.
#[derive(Debug)]
pub(super) struct Trusting {
    /// Nobody where anybody is (`-k`).
    whom: Option<Whom>,
    provider: Arc<CryptoProvider>,
    /// What was refused last.
    pub(super) refused: Mutex<Option<Untrusted>>,
}

impl Trusting {
    pub(super) fn new(whom: Option<Whom>, provider: Arc<CryptoProvider>) -> Trusting {
        Trusting { whom, provider, refused: Mutex::default() }
    }
}

/// Those whom these issuers vouch for, and each certificate that was given as itself.
///
/// The second is what `--cacert self-signed.pem` means to people and to OpenSSL. webpki
/// looks at a server certificate's dates and purpose first and for its issuer last, and it
/// refuses a CA certificate as a server's own; if the very same bytes were given as trusted,
/// only the name is left to check.
#[derive(Debug)]
pub(super) struct Whom {
    issuers: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl Whom {
    /// Mozilla's issuers, those of the files that are given in their place, and the system's.
    ///
    /// # Errors
    /// [`Error::CaFile`], [`TlsFault::Revocations`].
    pub(super) fn of(
        settings: &TlsSettings,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Whom, Error> {
        let mut given = Vec::new();
        if let Some(path) = &settings.ca_file {
            given.extend(certificates(path)?);
        }
        if let Some(folder) = &settings.ca_folder {
            given.extend(certificates_in(folder)?);
        }
        let named = settings.ca_file.is_some() || settings.ca_folder.is_some();
        if settings.native_roots {
            given.extend(rustls_native_certs::load_native_certs().certs);
        }
        let mut roots = match named || settings.native_roots {
            true => RootCertStore::empty(),
            false => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        };
        roots.add_parsable_certificates(given.iter().cloned());
        if roots.is_empty() {
            let path = settings.ca_file.as_ref().or(settings.ca_folder.as_ref());
            let path = path.cloned().unwrap_or_else(|| PathBuf::from("the system's certificates"));
            return Err(Error::CaFile { path, source: None });
        }
        Ok(Whom { issuers: verifier(roots, settings, provider)?, given })
    }

    /// Whether this certificate is one to trust for this name, now.
    pub(super) fn vouch(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.issuers.verify_server_cert(leaf, chain, name, ocsp, now);
        match &verdict {
            Err(rustls::Error::InvalidCertificate(why))
                if self.given.contains(leaf) && lacks_only_an_issuer(why) =>
            {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            _ => verdict,
        }
    }
}

fn verifier(
    roots: RootCertStore,
    settings: &TlsSettings,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let provider = Arc::clone(provider);
    let mut builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    if let Some(path) = &settings.crl_file {
        builder = builder.with_crls(revocations(path)?);
    }
    builder.build().map_err(|error| match (&error, &settings.crl_file) {
        (VerifierBuilderError::InvalidCrl(why), Some(path)) => {
            unusable_list(path, &format!("{why:?}"))
        }
        _ => handshake(&error),
    })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let unusable = |source| Error::CaFile { path: path.to_owned(), source };
    let pem = read(path).map_err(|source| unusable(Some(source)))?;
    let given: Vec<_> = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
    let mut known = RootCertStore::empty();
    match known.add_parsable_certificates(given.iter().cloned()) {
        (0, _) => Err(unusable(None)),
        _ => Ok(given),
    }
}

/// Every certificate of a folder. What is no certificate stands beside them in most.
fn certificates_in(folder: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let unusable = |source| Error::CaFile { path: folder.to_owned(), source: Some(source) };
    let mut given = Vec::new();
    for entry in folder.read_dir().map_err(unusable)? {
        let path = entry.map_err(unusable)?.path();
        if path.is_file()
            && let Ok(pem) = read(&path)
        {
            given.extend(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
        }
    }
    Ok(given)
}

fn revocations(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, Error> {
    let pem =
        read(path).map_err(|error| unusable_list(path, &crate::base::system_words(&error)))?;
    let lists: Vec<_> =
        CertificateRevocationListDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
    match lists.is_empty() {
        true => Err(unusable_list(path, "there is none in it")),
        false => Ok(lists),
    }
}

fn unusable_list(path: &Path, why: &str) -> Error {
    let text = format!("cannot use the revocation list {}: {why}", path.display());
    Error::Tls { fault: TlsFault::Revocations, text }
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
        let Some(whom) = &self.whom else { return Ok(ServerCertVerified::assertion()) };
        let verdict = whom.vouch(leaf, chain, name, ocsp, now);
        if let (Err(why), Ok(mut refused)) = (&verdict, self.refused.lock()) {
            let all = std::iter::once(leaf).chain(chain);
            let chain = all.map(|certificate| certificate.as_ref().into()).collect();
            *refused = Some(Untrusted { chain, verdict: number(why) });
        }
        verdict
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
    *why == CertificateError::UnknownIssuer || is_of_an_authority(why)
}

/// Whether a server showed an authority's certificate as its own, which self-signed ones often
/// are.
pub(super) fn is_of_an_authority(why: &CertificateError) -> bool {
    match why {
        CertificateError::Other(other) => format!("{other:?}").contains("CaUsedAsEndEntity"),
        _ => false,
    }
}
