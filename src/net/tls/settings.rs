//! What is asked of a TLS connection, in the person's words.

use super::super::dial::Secret;
use std::path::PathBuf;

/// Every choice that makes one TLS connection different from another; part of the pool's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlsSettings {
    /// Accept any certificate (`-k`).
    pub insecure: bool,
    /// A PEM file with the certificates to trust in place of the built-in roots (`--cacert`).
    pub ca_file: Option<PathBuf>,
    /// A folder of such files (`--capath`).
    pub ca_folder: Option<PathBuf>,
    /// Trust whom the system trusts, too (`--ca-native`).
    pub native_roots: bool,
    /// A PEM file with what has been revoked (`--crlfile`).
    pub crl_file: Option<PathBuf>,
    /// The public keys of which the server must have one, whatever its certificate
    /// (`--pinnedpubkey`): a file, or `sha256//…` and more of them behind semicolons.
    pub pins: Option<Box<str>>,
    /// Who we are.
    pub identity: Option<Identity>,
    /// The oldest version that is spoken.
    pub least: Option<TlsVersion>,
    /// The newest.
    pub most: Option<TlsVersion>,
    /// The cipher suites of TLS 1.2, by name (`--ciphers`).
    pub suites: Option<Box<str>>,
    /// Those of TLS 1.3 (`--tls13-ciphers`).
    pub suites13: Option<Box<str>>,
    /// The groups of the key exchange, by name (`--curves`).
    pub groups: Option<Box<str>>,
    /// Do not say which protocol is spoken over it (`--no-alpn`).
    pub no_alpn: bool,
    /// Where the keys of each connection are written, for who looks at it from outside
    /// (`SSLKEYLOGFILE`).
    pub key_log: Option<PathBuf>,
}

/// A client's certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The file of the certificate, and of what stands between it and its issuer.
    pub certificate: PathBuf,
    /// Whether that is a single one in DER, and not PEM.
    pub certificate_is_der: bool,
    /// The file of the key; the certificate's, where none is given.
    pub key: Option<PathBuf>,
    /// Whether that is DER.
    pub key_is_der: bool,
    /// What opens the key.
    pub password: Option<Secret>,
}

/// A version of TLS. What is older than 1.2 is spoken by nobody here (RFC 8996).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TlsVersion {
    /// 1.0 or 1.1.
    Old,
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}
