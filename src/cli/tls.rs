//! The flags of TLS, understood.

use super::env::Env;
use super::exit::{Failure, code};
use super::print;
use crate::net::{Identity, Secret, TlsSettings, TlsVersion};
use std::path::PathBuf;

/// The flags of this file, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) insecure: bool,
    pub(super) ca_cert: Option<String>,
    pub(super) ca_path: Option<String>,
    pub(super) ca_native: bool,
    pub(super) crl_file: Option<String>,
    pub(super) pins: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) cert_type: Option<String>,
    pub(super) key: Option<String>,
    pub(super) key_type: Option<String>,
    pub(super) pass: Option<String>,
    pub(super) least: Option<TlsVersion>,
    pub(super) most: Option<String>,
    pub(super) ciphers: Option<String>,
    pub(super) ciphers13: Option<String>,
    pub(super) curves: Option<String>,
    pub(super) no_alpn: bool,
    /// `--sslv2` or `--sslv3`.
    pub(super) ssl: bool,
}

/// What is asked of every TLS connection to a server, or to a proxy.
///
/// # Errors
/// Exit 2 for a version that there is not, 58 for a type of certificate that cannot be read.
pub(super) fn settings(given: &Given, env: &Env) -> Result<TlsSettings, Failure> {
    if given.ssl {
        print::warning("SSL is broken: --sslv2 and --sslv3 are not followed");
    }
    let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
    let named = given.ca_cert.is_some() || given.ca_path.is_some();
    let from = |file: &Option<PathBuf>| file.clone().filter(|_| !named);
    let boxed = |text: &Option<String>| text.as_deref().map(Box::from);
    Ok(TlsSettings {
        insecure: given.insecure,
        ca_file: path(&given.ca_cert).or_else(|| from(&env.ca_file)),
        ca_folder: path(&given.ca_path).or_else(|| from(&env.ca_folder)),
        native_roots: given.ca_native,
        crl_file: path(&given.crl_file),
        pins: boxed(&given.pins),
        identity: given.cert.as_deref().map(|cert| identity(cert, given)).transpose()?,
        least: given.least,
        most: given.most.as_deref().map(newest).transpose()?.flatten(),
        suites: boxed(&given.ciphers),
        suites13: boxed(&given.ciphers13),
        groups: boxed(&given.curves),
        no_alpn: given.no_alpn,
        key_log: env.key_log.clone(),
    })
}

fn newest(text: &str) -> Result<Option<TlsVersion>, Failure> {
    match text {
        "default" => Ok(None),
        "1.0" | "1.1" => Ok(Some(TlsVersion::Old)),
        "1.2" => Ok(Some(TlsVersion::Tls12)),
        "1.3" => Ok(Some(TlsVersion::Tls13)),
        _ => Err(Failure::usage(format!("--tls-max takes 1.2 or 1.3, not \"{text}\""))),
    }
}

fn identity(cert: &str, given: &Given) -> Result<Identity, Failure> {
    let (file, password) = file_and_password(cert);
    let password = given.pass.clone().or(password);
    Ok(Identity {
        certificate: PathBuf::from(file),
        certificate_is_der: is_der("--cert-type", given.cert_type.as_deref())?,
        key: given.key.as_ref().map(PathBuf::from),
        key_is_der: is_der("--key-type", given.key_type.as_deref())?,
        password: password.map(|password| Secret(password.into_bytes().into())),
    })
}

fn is_der(flag: &str, text: Option<&str>) -> Result<bool, Failure> {
    match text.map(str::to_ascii_uppercase).as_deref() {
        None | Some("PEM") => Ok(false),
        Some("DER") => Ok(true),
        Some("P12") => {
            let text = format!("{flag} P12: PKCS#12 is not read here");
            Err(Failure::new(code::CLIENT_CERTIFICATE, text)
                .hint("`openssl pkcs12 -in FILE -out FILE.pem` makes PEM of it"))
        }
        Some(other) => {
            let text = format!("{flag} takes PEM or DER, not \"{other}\"");
            Err(Failure::new(code::CLIENT_CERTIFICATE, text))
        }
    }
}

/// `FILE:PASSWORD`; a colon in the file's name is written `\:`.
fn file_and_password(text: &str) -> (String, Option<String>) {
    let mut file = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some((_, escaped @ (':' | '\\')))) => {
                file.push(*escaped);
                chars.next();
            }
            (':', _) => {
                let password = &text[at + 1..];
                return (file, (!password.is_empty()).then(|| password.to_owned()));
            }
            (c, _) => file.push(c),
        }
    }
    (file, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_and_its_password_are_divided_by_a_colon() {
        for (text, file, password) in [
            ("a.pem", "a.pem", None),
            ("a.pem:s:1", "a.pem", Some("s:1")),
            (r"a\:b\\c:x", r"a:b\c", Some("x")),
            (r"dir\a", r"dir\a", None),
            ("a.pem:", "a.pem", None),
        ] {
            let expected = (file.to_owned(), password.map(str::to_owned));
            assert_eq!(file_and_password(text), expected, "{text}");
        }
    }
}
