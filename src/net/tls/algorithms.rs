//! Versions, cipher suites and groups: the names that people use for them, and what there is.

use super::settings::{TlsSettings, TlsVersion};
use crate::net::{Error, TlsFault};
use rustls::crypto::{CryptoProvider, SupportedKxGroup, ring};
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, NamedGroup, SupportedCipherSuite, SupportedProtocolVersion};

/// The cipher suites by OpenSSL's names; those of TLS 1.3 have one name only.
const OPENSSL: [(&str, CipherSuite); 6] = [
    ("ECDHE-ECDSA-AES256-GCM-SHA384", CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    ("ECDHE-ECDSA-AES128-GCM-SHA256", CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    ("ECDHE-RSA-AES256-GCM-SHA384", CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
    ("ECDHE-RSA-AES128-GCM-SHA256", CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    ("ECDHE-RSA-CHACHA20-POLY1305", CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
];

/// OpenSSL's words for many suites: all that there are here are among them.
const MANY: [&str; 5] = ["ALL", "DEFAULT", "HIGH", "SECURE", "ECDHE"];

/// The groups by the names that people use.
const GROUPS: [(&str, NamedGroup); 9] = [
    ("x25519", NamedGroup::X25519),
    ("p-256", NamedGroup::secp256r1),
    ("secp256r1", NamedGroup::secp256r1),
    ("prime256v1", NamedGroup::secp256r1),
    ("p256", NamedGroup::secp256r1),
    ("p-384", NamedGroup::secp384r1),
    ("secp384r1", NamedGroup::secp384r1),
    ("p384", NamedGroup::secp384r1),
    ("ecp384", NamedGroup::secp384r1),
];

/// The cryptography that the settings leave.
///
/// # Errors
/// [`TlsFault::Cipher`] where nothing of a list is known here.
pub(super) fn provider(settings: &TlsSettings) -> Result<CryptoProvider, Error> {
    let mut provider = ring::default_provider();
    if let Some(list) = &settings.suites {
        let wanted = suites(list, &provider.cipher_suites, false);
        restrict(&mut provider.cipher_suites, &wanted, false, list)?;
    }
    if let Some(list) = &settings.suites13 {
        let wanted = suites(list, &provider.cipher_suites, true);
        restrict(&mut provider.cipher_suites, &wanted, true, list)?;
    }
    if let Some(list) = &settings.groups {
        provider.kx_groups = groups(list, &provider.kx_groups)?;
    }
    Ok(provider)
}

/// The versions that the settings leave.
///
/// # Errors
/// [`TlsFault::Handshake`] where there are none.
pub(super) fn versions(
    settings: &TlsSettings,
) -> Result<Vec<&'static SupportedProtocolVersion>, Error> {
    let least = settings.least.unwrap_or(TlsVersion::Old);
    let most = settings.most.unwrap_or(TlsVersion::Tls13);
    let known = [(TlsVersion::Tls13, &TLS13), (TlsVersion::Tls12, &TLS12)];
    let left: Vec<_> = known
        .into_iter()
        .filter(|(version, _)| (least..=most).contains(version))
        .map(|(_, version)| version)
        .collect();
    if left.is_empty() {
        let text = match most {
            TlsVersion::Old => "TLS 1.2 and 1.3 are what is spoken here; 1.1 is broken (RFC 8996)",
            _ => "no version of TLS lies between the oldest and the newest that are wanted",
        };
        return Err(Error::Tls { fault: TlsFault::Handshake, text: text.to_owned() });
    }
    Ok(left)
}

/// What a list of names picks, in its order.
fn suites(list: &str, there: &[SupportedCipherSuite], new: bool) -> Vec<SupportedCipherSuite> {
    let mut picked: Vec<SupportedCipherSuite> = Vec::new();
    for word in list.split([':', ',', ' ']).filter(|word| !word.is_empty()) {
        let (without, name) = match word.strip_prefix(['!', '-']) {
            Some(name) => (true, name),
            None => (false, word.trim_start_matches('+')),
        };
        let name = name.split('@').next().unwrap_or_default().to_ascii_uppercase();
        let named = |suite: &&SupportedCipherSuite| {
            let by_openssl = OPENSSL.iter().find(|(openssl, _)| *openssl == name);
            let registered = registered_name(suite);
            is_new(suite) == new
                && (MANY.contains(&name.as_str())
                    || by_openssl.is_some_and(|(_, named)| *named == suite.suite())
                    || registered == name)
        };
        for suite in there.iter().filter(named) {
            picked.retain(|other| other != suite);
            if !without {
                picked.push(*suite);
            }
        }
    }
    picked
}

/// The suites of one version become these; the others stay.
fn restrict(
    suites: &mut Vec<SupportedCipherSuite>,
    wanted: &[SupportedCipherSuite],
    new: bool,
    list: &str,
) -> Result<(), Error> {
    if wanted.is_empty() {
        let text = format!("no cipher suite of \"{list}\" is known here");
        return Err(Error::Tls { fault: TlsFault::Cipher, text });
    }
    suites.retain(|suite| is_new(suite) != new);
    suites.extend(wanted);
    Ok(())
}

fn is_new(suite: &SupportedCipherSuite) -> bool {
    suite.version().version == rustls::ProtocolVersion::TLSv1_3
}

/// The registered name: rustls spells those of TLS 1.3 with the version.
pub(super) fn registered_name(suite: &SupportedCipherSuite) -> String {
    let name = suite.suite().as_str().unwrap_or("unknown");
    name.replacen("TLS13_", "TLS_", 1)
}

fn groups(
    list: &str,
    there: &[&'static dyn SupportedKxGroup],
) -> Result<Vec<&'static dyn SupportedKxGroup>, Error> {
    let mut picked: Vec<&'static dyn SupportedKxGroup> = Vec::new();
    for word in list.split([':', ',']).filter(|word| !word.is_empty()) {
        let name = word.to_ascii_lowercase();
        let named = GROUPS.iter().find(|(known, _)| *known == name).map(|(_, group)| *group);
        let group = there.iter().find(|group| Some(group.name()) == named);
        let Some(group) = group else {
            let text = format!("the curve \"{word}\" is not known here; X25519, P-256, P-384 are");
            return Err(Error::Tls { fault: TlsFault::Cipher, text });
        };
        picked.push(*group);
    }
    Ok(picked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(settings: &TlsSettings) -> Vec<String> {
        let provider = provider(settings).unwrap();
        provider.cipher_suites.iter().map(registered_name).collect()
    }

    #[test]
    fn suites_go_by_openssls_names_and_the_registered_ones() {
        let old = TlsSettings {
            suites: Some(
                "nonsense:ECDHE-RSA-AES128-GCM-SHA256,tls_ecdhe_rsa_with_aes_256_gcm_sha384".into(),
            ),
            ..TlsSettings::default()
        };
        let left = names(&old);
        assert_eq!(left.iter().filter(|name| name.starts_with("TLS_ECDHE")).count(), 2);
        assert!(left.iter().any(|name| name == "TLS_AES_128_GCM_SHA256"));
        let new = TlsSettings {
            suites13: Some("TLS_CHACHA20_POLY1305_SHA256".into()),
            ..TlsSettings::default()
        };
        let left = names(&new);
        assert_eq!(left.iter().filter(|name| !name.starts_with("TLS_ECDHE")).count(), 1);
    }

    #[test]
    fn words_for_many_suites_mean_those_that_there_are() {
        let all = TlsSettings {
            suites: Some("DEFAULT@SECLEVEL=1:!ECDHE-RSA-AES128-GCM-SHA256:!aNULL".into()),
            ..TlsSettings::default()
        };
        let old = names(&all).into_iter().filter(|name| name.starts_with("TLS_ECDHE"));
        assert_eq!(old.count(), 5);
    }

    #[test]
    fn a_list_of_which_nothing_is_known_is_refused() {
        for settings in [
            TlsSettings { suites: Some("NULL-MD5".into()), ..TlsSettings::default() },
            TlsSettings { suites13: Some("x".into()), ..TlsSettings::default() },
            TlsSettings { groups: Some("X25519:brainpoolP256r1".into()), ..TlsSettings::default() },
        ] {
            let refused = provider(&settings).unwrap_err();
            assert!(matches!(refused, Error::Tls { fault: TlsFault::Cipher, .. }), "{refused}");
        }
        let groups = TlsSettings { groups: Some("P-384:X25519".into()), ..TlsSettings::default() };
        assert_eq!(provider(&groups).unwrap().kx_groups.len(), 2);
    }

    #[test]
    fn versions_lie_between_the_oldest_and_the_newest() {
        let of = |least, most| {
            versions(&TlsSettings { least, most, ..TlsSettings::default() })
                .map_or(0, |versions| versions.len())
        };
        assert_eq!(of(None, None), 2);
        assert_eq!(of(Some(TlsVersion::Tls13), None), 1);
        assert_eq!(of(Some(TlsVersion::Old), Some(TlsVersion::Tls12)), 1);
        assert_eq!(of(None, Some(TlsVersion::Old)), 0);
        assert_eq!(of(Some(TlsVersion::Tls13), Some(TlsVersion::Tls12)), 0);
    }
}
