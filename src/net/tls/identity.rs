//! Who we are: a client's certificate and its key, read.

use super::read;
use super::settings::Identity;
use crate::base::system_words;
use crate::net::{Error, TlsFault};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::pem::{self, PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::Path;

/// The label of a key that a password opens (RFC 7468 section 11); rustls passes it over.
const ENCRYPTED: &[u8] = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// What OpenSSL wrote before 1.0: a cipher of its own, in lines that are no base64.
const OLD_ENCRYPTED: &[u8] = b"Proc-Type: 4,ENCRYPTED";

/// The certificate, with those that stand behind it in its file, and the key.
///
/// # Errors
/// [`TlsFault::Identity`] with what to do.
pub(super) fn load(
    identity: &Identity,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let file = &identity.certificate;
    let bytes = open(file)?;
    let chain = match identity.certificate_is_der {
        true => vec![CertificateDer::from(bytes.clone())],
        false => CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect(),
    };
    if chain.is_empty() {
        return Err(bad(&format!("no certificate in {}", file.display()), PEM_HINT));
    }
    let (file, bytes) = match &identity.key {
        Some(key) => (key, open(key)?),
        None => (file, bytes),
    };
    let key = match identity.key_is_der || (identity.key.is_none() && identity.certificate_is_der) {
        true => der_key(bytes, identity, file)?,
        false => pem_key(&bytes, identity, file)?,
    };
    Ok((chain, key))
}

const PEM_HINT: &str = "; `openssl pkcs12 -in FILE -out FILE.pem` makes PEM of PKCS#12";

fn open(path: &Path) -> Result<Vec<u8>, Error> {
    read(path).map_err(|error| {
        bad(&format!("cannot read {}: {}", path.display(), system_words(&error)), "")
    })
}

fn pem_key(
    bytes: &[u8],
    identity: &Identity,
    file: &Path,
) -> Result<PrivateKeyDer<'static>, Error> {
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|part| part == mark);
    if holds(OLD_ENCRYPTED) {
        let text = format!("the key in {} is locked in an old way", file.display());
        return Err(bad(&text, "; `openssl pkcs8 -topk8 -in FILE` makes a new one of it"));
    }
    if let Ok(key) = PrivateKeyDer::from_pem_slice(bytes) {
        return Ok(key);
    }
    if !holds(ENCRYPTED) {
        return Err(bad(&format!("no private key in {}", file.display()), PEM_HINT));
    }
    // rustls knows no section of this label: it is read as the plain one.
    let text = String::from_utf8_lossy(bytes).replace("ENCRYPTED PRIVATE KEY", "PRIVATE KEY");
    let section = pem::SliceIter::<(SectionKind, Vec<u8>)>::new(text.as_bytes())
        .filter_map(Result::ok)
        .find(|(kind, _)| *kind == SectionKind::PrivateKey);
    let (_, der) =
        section.ok_or_else(|| bad(&format!("the key in {} is malformed", file.display()), ""))?;
    unlocked(&der, identity, file)
}

fn der_key(
    bytes: Vec<u8>,
    identity: &Identity,
    file: &Path,
) -> Result<PrivateKeyDer<'static>, Error> {
    if EncryptedPrivateKeyInfoRef::try_from(&bytes[..]).is_ok() {
        return unlocked(&bytes, identity, file);
    }
    PrivateKeyDer::try_from(bytes).map_err(|why| bad(&format!("{}: {why}", file.display()), ""))
}

fn unlocked(der: &[u8], identity: &Identity, file: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    let file = file.display();
    let Some(password) = &identity.password else {
        return Err(bad(&format!("the key in {file} is locked"), "; --pass opens it"));
    };
    let locked = EncryptedPrivateKeyInfoRef::try_from(der)
        .map_err(|_| bad(&format!("the key in {file} is malformed"), ""))?;
    let key = locked.decrypt(&password.0).map_err(|_| {
        let hint = "; or it is locked in a way that is not known here";
        bad(&format!("the password does not open the key in {file}"), hint)
    })?;
    Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec())))
}

pub(super) fn bad(what: &str, hint: &str) -> Error {
    Error::Tls { fault: TlsFault::Identity, text: format!("{what}{hint}") }
}
