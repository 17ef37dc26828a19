//! The TLS flags of `socket connect`: those of `fetch`, by the same names.

use super::super::env::Env;
use super::super::exit::Failure;
use super::super::tls;
use crate::net::{TlsSettings, TlsVersion};
use clap::Args;

#[derive(Args)]
#[command(next_help_heading = "TLS, as of fetch")]
pub(super) struct TlsWords {
    /// Speak TLS over the connection
    #[arg(long)]
    tls: bool,
    /// Accept any certificate
    #[arg(long, short = 'k', requires = "tls")]
    insecure: bool,
    /// Trust the certificates in this file
    #[arg(long, value_name = "FILE", requires = "tls")]
    cacert: Option<String>,
    /// Trust the certificates in this folder
    #[arg(long, value_name = "FOLDER", requires = "tls")]
    capath: Option<String>,
    /// Trust whom the system trusts
    #[arg(long, requires = "tls")]
    ca_native: bool,
    /// What has been revoked
    #[arg(long, value_name = "FILE", requires = "tls")]
    crlfile: Option<String>,
    /// The public keys of which the server must have one
    #[arg(long, value_name = "FILE|sha256//…", requires = "tls")]
    pinnedpubkey: Option<String>,
    /// Our certificate, and what opens its key
    #[arg(long, short = 'E', value_name = "FILE[:PASSWORD]", requires = "tls")]
    cert: Option<String>,
    /// PEM or DER
    #[arg(long, value_name = "TYPE", requires = "tls")]
    cert_type: Option<String>,
    /// The key of our certificate
    #[arg(long, value_name = "FILE", requires = "tls")]
    key: Option<String>,
    /// PEM or DER
    #[arg(long, value_name = "TYPE", requires = "tls")]
    key_type: Option<String>,
    /// What opens the key
    #[arg(long, value_name = "PASSWORD", requires = "tls")]
    pass: Option<String>,
    /// TLS 1.2 or newer
    #[arg(long = "tlsv1.2", requires = "tls")]
    tls12: bool,
    /// TLS 1.3
    #[arg(long = "tlsv1.3", requires = "tls")]
    tls13: bool,
    /// 1.2 or 1.3
    #[arg(long, value_name = "VERSION", requires = "tls")]
    tls_max: Option<String>,
    /// Cipher suites of TLS 1.2
    #[arg(long, value_name = "NAMES", requires = "tls")]
    ciphers: Option<String>,
    /// Cipher suites of TLS 1.3
    #[arg(long, value_name = "NAMES", requires = "tls")]
    tls13_ciphers: Option<String>,
    /// Groups of the key exchange
    #[arg(long, value_name = "NAMES", requires = "tls")]
    curves: Option<String>,
}

impl TlsWords {
    /// What is asked of TLS, if it is asked for.
    ///
    /// # Errors
    /// As [`tls::settings`].
    pub(super) fn settings(&self) -> Result<Option<TlsSettings>, Failure> {
        if !self.tls {
            return Ok(None);
        }
        let least = match (self.tls12, self.tls13) {
            (_, true) => Some(TlsVersion::Tls13),
            (true, _) => Some(TlsVersion::Tls12),
            _ => None,
        };
        let given = tls::Given {
            insecure: self.insecure,
            ca_cert: self.cacert.clone(),
            ca_path: self.capath.clone(),
            ca_native: self.ca_native,
            crl_file: self.crlfile.clone(),
            pins: self.pinnedpubkey.clone(),
            cert: self.cert.clone(),
            cert_type: self.cert_type.clone(),
            key: self.key.clone(),
            key_type: self.key_type.clone(),
            pass: self.pass.clone(),
            least,
            most: self.tls_max.clone(),
            ciphers: self.ciphers.clone(),
            ciphers13: self.tls13_ciphers.clone(),
            curves: self.curves.clone(),
            // Nobody knows what is spoken here: a mail server would refuse HTTP's name.
            no_alpn: true,
            ssl: false,
        };
        tls::settings(&given, &Env::read()).map(Some)
    }
}
