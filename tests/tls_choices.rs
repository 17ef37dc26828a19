//! What is asked of TLS: pinned keys, revocations, folders of certificates, versions and suites,
//! and what is told of them afterwards.

use crate::support::client::{Home, Ran, Running};
use crate::support::tls::{Authority, Flavour, Front, Leaf};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use libtest_mimic::Trial;
use sha2::{Digest, Sha256};
use std::process::Stdio;

pub fn tests() -> Vec<Trial> {
    trials![
        a_pinned_key_is_insisted_on,
        a_pinned_key_is_insisted_on_with_k_too,
        what_was_revoked_is_refused,
        a_list_of_revocations_that_is_none,
        a_folder_of_certificates_is_trusted,
        the_environment_names_a_folder_and_a_flag_goes_before_it,
        versions_of_tls,
        cipher_suites_and_curves_by_name,
        the_keys_of_a_connection_are_written_for_who_asks,
        the_certificates_and_their_check_are_told,
        a_client_certificate_that_cannot_be_used,
        what_tls_does_without_is_refused_by_name,
    ]
}

/// A secured practice site, and somebody who asks it.
struct Place {
    home: Home,
    front: Front,
    _site: crate::support::leash::Leash,
}

impl Place {
    fn new(leaf: &Leaf) -> Place {
        let home = Home::new();
        let (site, url) = home.serve();
        let front = Front::start(leaf, url.trim_start_matches("http://").parse().unwrap());
        Place { home, front, _site: site }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/ip", self.front.address.port())
    }

    fn ask(&self, flags: &[&str]) -> Ran {
        self.home.run(["fetch", &self.url()].iter().chain(flags))
    }

    /// Trusting `ca.pem`.
    fn ask_trusted(&self, flags: &[&str]) -> Ran {
        self.ask(&[&["--cacert", "ca.pem"], flags].concat())
    }
}

/// An authority, a leaf of its for localhost, and a place with it; `ca.pem` is there.
fn known() -> (Authority, Leaf, Place) {
    let authority = Authority::new("known");
    let leaf = authority.leaf(["localhost"]);
    let place = Place::new(&leaf);
    place.home.write("ca.pem", authority.pem());
    (authority, leaf, place)
}

fn hash(key: &[u8]) -> String {
    format!("sha256//{}", BASE64_STANDARD.encode(Sha256::digest(key)))
}

fn a_pinned_key_is_insisted_on() {
    let (authority, leaf, place) = known();
    let other = authority.leaf(["localhost"]);
    place.home.write("key.der", leaf.public_key());
    place.home.write("key.pem", leaf.public_key_pem());
    let several = format!("{};{}", hash(&other.public_key()), hash(&leaf.public_key()));
    for pins in ["key.der", "key.pem", &hash(&leaf.public_key()), &several] {
        place.ask_trusted(&["--pinnedpubkey", pins]).ok();
    }
    place.home.write("other.pem", other.public_key_pem());
    place.home.write("leaf.pem", leaf.pem());
    for pins in ["other.pem", "leaf.pem", "missing.pem", &hash(&other.public_key()), "sha256//x"] {
        let ran = place.ask_trusted(&["--pinnedpubkey", pins]).failed(90);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
}

fn a_pinned_key_is_insisted_on_with_k_too() {
    let leaf = Leaf::self_signed(&["b.example"], Flavour::Plain);
    let place = Place::new(&leaf);
    place.ask(&["-k", "--pinnedpubkey", &hash(&leaf.public_key())]).ok();
    place.ask(&["-k", "--pinnedpubkey", &hash(b"another")]).failed_saying(90, "public key");
}

fn what_was_revoked_is_refused() {
    let (authority, leaf, place) = known();
    let other = authority.leaf(["localhost"]);
    place.home.write("none.crl", authority.revokes(&[&other]));
    place.home.write("this.crl", authority.revokes(&[&leaf]));
    place.ask_trusted(&["--crlfile", "none.crl"]).ok();
    place.ask_trusted(&["--crlfile", "this.crl"]).failed_saying(60, "revoked");
}

fn a_list_of_revocations_that_is_none() {
    let (_, _, place) = known();
    for file in ["missing.crl", "ca.pem"] {
        place.ask_trusted(&["--crlfile", file]).failed_saying(82, file);
    }
}

fn a_folder_of_certificates_is_trusted() {
    let (authority, _, place) = known();
    let folder = place.home.file("certs");
    std::fs::create_dir(&folder).unwrap();
    place.ask(&["--capath", "certs"]).failed_saying(77, "certs");
    std::fs::write(folder.join("other.pem"), Authority::new("other").pem()).unwrap();
    place.ask(&["--capath", "certs"]).failed(60);
    std::fs::write(folder.join("README"), "not a certificate").unwrap();
    std::fs::write(folder.join("0a1b2c3d.0"), authority.pem()).unwrap();
    place.ask(&["--capath", "certs"]).ok();
    place.ask(&["--capath", "nowhere"]).failed_saying(77, "nowhere");
}

fn the_environment_names_a_folder_and_a_flag_goes_before_it() {
    let (authority, _, place) = known();
    let folder = place.home.file("certs");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("ca.pem"), authority.pem()).unwrap();
    place.home.write("other.pem", Authority::new("other").pem());
    let ask = |flags: &[&str]| {
        let mut command = place.home.command(["fetch", &place.url()].iter().chain(flags));
        command.env("SSL_CERT_DIR", &folder);
        Running::to(command, Stdio::piped()).finish()
    };
    ask(&[]).ok();
    ask(&["--cacert", "other.pem"]).failed(60);
}

fn versions_of_tls() {
    let (_, _, place) = known();
    let told = |flags: &[&str]| {
        let ran = place.ask_trusted(&[&["-v"], flags].concat());
        assert_eq!(ran.code, 0, "{ran}");
        ran.stderr.lines().find(|line| line.starts_with("* TLSv1.")).unwrap()[..9].to_owned()
    };
    assert_eq!(told(&[]), "* TLSv1.3");
    assert_eq!(told(&["--tlsv1.3"]), "* TLSv1.3");
    assert_eq!(told(&["--tls-max", "1.2"]), "* TLSv1.2");
    assert_eq!(told(&["-1"]), "* TLSv1.3");
    place.ask_trusted(&["--tls-max", "1.1"]).failed_saying(35, "RFC 8996");
    place.ask_trusted(&["--tlsv1.3", "--tls-max", "1.2"]).failed(35);
    place.ask_trusted(&["--tls-max", "2"]).failed_saying(2, "--tls-max");
}

fn cipher_suites_and_curves_by_name() {
    let (_, _, place) = known();
    let told = |flags: &[&str]| {
        let ran = place.ask_trusted(&[&["-v"], flags].concat());
        assert_eq!(ran.code, 0, "{ran}");
        ran.stderr
    };
    let suite = "ECDHE-ECDSA-AES128-GCM-SHA256";
    let old = told(&["--tls-max", "1.2", "--ciphers", suite]);
    assert!(old.contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), "{old}");
    let new = told(&["--tls13-ciphers", "TLS_CHACHA20_POLY1305_SHA256", "--curves", "P-256"]);
    assert!(new.contains("CHACHA20_POLY1305_SHA256"), "{new}");
    place.ask_trusted(&["--ciphers", "RC4-MD5"]).failed_saying(59, "RC4-MD5");
    place.ask_trusted(&["--curves", "nonsense"]).failed_saying(59, "nonsense");
}

fn the_keys_of_a_connection_are_written_for_who_asks() {
    let (_, _, place) = known();
    let words = ["fetch", &place.url(), "--cacert", "ca.pem", "--tls-max", "1.2"];
    let mut command = place.home.command(words);
    command.env("SSLKEYLOGFILE", place.home.file("keys"));
    Running::to(command, Stdio::piped()).finish().ok();
    let keys = std::fs::read_to_string(place.home.file("keys")).unwrap();
    let parts: Vec<_> = keys.trim_end().split(' ').collect();
    assert!(keys.ends_with('\n') && keys.lines().count() == 1, "{keys}");
    assert_eq!((parts[0], parts[1].len(), parts[2].len()), ("CLIENT_RANDOM", 64, 96));
}

fn the_certificates_and_their_check_are_told() {
    let (_, leaf, place) = known();
    let format = "%{num_certs} %{ssl_verify_result}\n%{certs}";
    let told = |flags: &[&str]| {
        place.ask(&[&["-o", "page", "-w", format], flags].concat()).text().replace('\r', "")
    };
    let pem = leaf.pem().replace('\r', "");
    assert_eq!(told(&["--cacert", "ca.pem"]), format!("1 0\n{pem}"));
    assert_eq!(told(&["-k"]), format!("1 20\n{pem}"));
    assert_eq!(told(&[]), "0 1\n");
}

fn a_client_certificate_that_cannot_be_used() {
    let (_, leaf, place) = known();
    place.home.write("cert.pem", leaf.pem());
    place.home.write("key.pem", leaf.key_pem());
    place.home.write("other.pem", Authority::new("x").leaf(["y"]).key_pem());
    place.home.write("old.pem", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n");
    for (flags, said) in [
        (&["-E", "missing.pem"][..], "missing.pem"),
        (&["-E", "cert.pem"], "no private key"),
        (&["-E", "key.pem"], "no certificate"),
        (&["-E", "cert.pem", "--key", "other.pem"], "client certificate"),
        (&["-E", "cert.pem", "--key", "old.pem"], "openssl pkcs8"),
        (&["-E", "cert.p12", "--cert-type", "P12"], "PKCS#12"),
        (&["-E", "cert.pem", "--cert-type", "ENG"], "--cert-type"),
    ] {
        place.ask_trusted(flags).failed_saying(58, said);
    }
}

fn what_tls_does_without_is_refused_by_name() {
    for flag in ["--cert-status", "--tls-earlydata", "--ssl", "--engine"] {
        Home::new().run(["fetch", flag, "https://h/"]).failed_saying(2, flag);
    }
}
