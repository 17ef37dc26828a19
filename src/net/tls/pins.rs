//! Public keys that are known beforehand (`--pinnedpubkey`): the server must have one of them.

use super::read;
use crate::net::{Error, TlsFault};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use std::path::Path;

/// How a hash begins.
const HASH: &str = "sha256//";

/// The keys, as their `SubjectPublicKeyInfo` in DER, or its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pins {
    Hashes(Vec<Vec<u8>>),
    Key(Vec<u8>),
}

impl Pins {
    /// `sha256//…` in base64, several of them behind semicolons; or a file with a public key, in
    /// PEM or DER.
    ///
    /// # Errors
    /// [`TlsFault::Pin`]: a file that cannot be read holds nobody's key.
    pub(super) fn read(text: &str) -> Result<Pins, Error> {
        if text.starts_with(HASH) {
            let hashes = text.split(';').filter_map(|pin| pin.strip_prefix(HASH));
            let decoded =
                hashes.map(|hash| BASE64_STANDARD.decode(hash.trim()).unwrap_or_default());
            return Ok(Pins::Hashes(decoded.collect()));
        }
        let bytes = read(Path::new(text)).map_err(|error| {
            let why = crate::base::system_words(&error);
            mismatch(&format!("cannot read the pinned public key in {text}: {why}"))
        })?;
        let pem = SubjectPublicKeyInfoDer::from_pem_slice(&bytes);
        Ok(Pins::Key(pem.map_or(bytes, |key| key.as_ref().to_vec())))
    }

    /// # Errors
    /// [`TlsFault::Pin`] where the certificate is of another key.
    pub(super) fn check(&self, leaf: &CertificateDer<'_>) -> Result<(), Error> {
        let key = ParsedCertificate::try_from(leaf)
            .map(|leaf| leaf.subject_public_key_info())
            .map_err(|error| mismatch(&error.to_string()))?;
        let same = match self {
            Pins::Hashes(hashes) => {
                let hash = Sha256::digest(key.as_ref());
                hashes.iter().any(|pin| pin.as_slice() == &hash[..])
            }
            Pins::Key(pinned) => pinned.as_slice() == key.as_ref(),
        };
        match same {
            true => Ok(()),
            false => Err(mismatch("the server's public key is not the pinned one")),
        }
    }
}

fn mismatch(text: &str) -> Error {
    Error::Tls { fault: TlsFault::Pin, text: text.to_owned() }
}
