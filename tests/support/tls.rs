//! Certificates made for one run, and a front that ends TLS before a plain server.

use super::PATIENCE;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PublicKeyData,
    RevokedCertParams, SerialNumber,
};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// An authority that nobody knows but this run.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A server's certificate and its key.
pub struct Leaf {
    certificate: Certificate,
    key: KeyPair,
    serial: SerialNumber,
}

impl Authority {
    /// A new one.
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Authority { certificate, issuer: Issuer::new(params, key) }
    }

    /// For `--cacert`.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A list that revokes these certificates, in PEM.
    pub fn revokes(&self, leaves: &[&Leaf]) -> String {
        let revoked = leaves.iter().map(|leaf| RevokedCertParams {
            serial_number: leaf.serial.clone(),
            revocation_time: rcgen::date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2020, 1, 1),
            next_update: rcgen::date_time_ymd(2999, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).expect("a list of revocations");
        list.pem().expect("a list in PEM")
    }

    /// A certificate for a client.
    pub fn client(&self, name: &str) -> Leaf {
        self.issue(vec![name.to_owned()], ExtendedKeyUsagePurpose::ClientAuth)
    }

    /// A certificate for these names and addresses.
    pub fn leaf<N: Into<String>>(&self, names: impl IntoIterator<Item = N>) -> Leaf {
        let names = names.into_iter().map(Into::into).collect();
        self.issue(names, ExtendedKeyUsagePurpose::ServerAuth)
    }

    fn issue(&self, names: Vec<String>, purpose: ExtendedKeyUsagePurpose) -> Leaf {
        let mut params = CertificateParams::new(names).expect("names for a certificate");
        let key = KeyPair::generate().expect("a key");
        let serial = SerialNumber::from_slice(&Sha256::digest(key.public_key_raw())[1..12]);
        params.serial_number = Some(serial.clone());
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![purpose];
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Leaf { certificate, key, serial }
    }
}

/// What is wrong, or not, with a certificate that nobody but its own key signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// A plain server certificate.
    Plain,
    /// One that says it is an authority, as `openssl req -x509` makes them.
    Authority,
    /// Like `Authority`, and its time is over.
    Expired,
}

impl Leaf {
    /// A certificate for these names, signed by its own key.
    pub fn self_signed(names: &[&str], flavour: Flavour) -> Leaf {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names for a certificate");
        if flavour != Flavour::Plain {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        if flavour == Flavour::Expired {
            params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Leaf { certificate, key, serial: SerialNumber::from(1) }
    }

    /// The configuration of a server that shows it.
    pub fn server(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("protocol versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.der().clone()], key)
            .expect("a certificate and its key");
        Arc::new(config)
    }

    /// The certificate, for a server's configuration.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// The public key, as it stands in the certificate.
    pub fn public_key(&self) -> Vec<u8> {
        self.key.subject_public_key_info()
    }

    /// The public key in PEM.
    pub fn public_key_pem(&self) -> String {
        self.key.public_key_pem()
    }

    /// The key, for a server's configuration.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}

/// Ends TLS and passes the bytes on to a plain server.
pub struct Front {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    /// Starts a front with `leaf` before `behind`.
    pub fn start(leaf: &Leaf, behind: SocketAddr) -> Front {
        let config = leaf.server();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        listener.set_nonblocking(true).expect("a non-blocking socket");
        let address = listener.local_addr().expect("a bound socket");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                let accept = accept(listener, TlsAcceptor::from(config), behind);
                tokio::select! { () = accept => {}, _ = stopped => {} }
            });
        });
        Front { address, stop: Some(stop), thread: Some(thread) }
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, behind: SocketAddr) {
    while let Ok((outside, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(tokio::time::timeout(PATIENCE, async move {
            outside.set_nodelay(true)?;
            let mut outside = acceptor.accept(outside).await?;
            let mut inside = TcpStream::connect(behind).await?;
            inside.set_nodelay(true)?;
            copy_bidirectional(&mut outside, &mut inside).await
        }));
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
