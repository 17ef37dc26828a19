//! Exit codes, and the one line that goes with each.

use super::print;
use crate::{client, coding, h1, net};
use std::io;

/// curl's published numbers, where a transfer ends as curl names it; ours begin at 200.
pub(super) mod code {
    pub(in crate::cli) const UNSUPPORTED_PROTOCOL: u8 = 1;
    pub(in crate::cli) const USAGE: u8 = 2;
    pub(in crate::cli) const MALFORMED_URL: u8 = 3;
    pub(in crate::cli) const PROXY: u8 = 5;
    pub(in crate::cli) const RESOLVE: u8 = 6;
    pub(in crate::cli) const CONNECT: u8 = 7;
    pub(in crate::cli) const WEIRD_SERVER_REPLY: u8 = 8;
    pub(in crate::cli) const PARTIAL: u8 = 18;
    pub(in crate::cli) const HTTP_STATUS: u8 = 22;
    pub(in crate::cli) const WRITE: u8 = 23;
    pub(in crate::cli) const UPLOAD: u8 = 25;
    pub(in crate::cli) const READ: u8 = 26;
    pub(in crate::cli) const OUT_OF_MEMORY: u8 = 27;
    pub(in crate::cli) const TIMEOUT: u8 = 28;
    pub(in crate::cli) const RANGE: u8 = 33;
    pub(in crate::cli) const TLS: u8 = 35;
    pub(in crate::cli) const GIVEN_UP: u8 = 42;
    pub(in crate::cli) const BAD_ARGUMENT: u8 = 43;
    pub(in crate::cli) const INTERFACE: u8 = 45;
    pub(in crate::cli) const OPTION_SYNTAX: u8 = 49;
    pub(in crate::cli) const TOO_MANY_REDIRECTS: u8 = 47;
    pub(in crate::cli) const EMPTY_REPLY: u8 = 52;
    pub(in crate::cli) const SEND: u8 = 55;
    pub(in crate::cli) const RECEIVE: u8 = 56;
    pub(in crate::cli) const CLIENT_CERTIFICATE: u8 = 58;
    pub(in crate::cli) const CIPHER: u8 = 59;
    pub(in crate::cli) const CERTIFICATE: u8 = 60;
    pub(in crate::cli) const BAD_ENCODING: u8 = 61;
    pub(in crate::cli) const FILE_SIZE: u8 = 63;
    pub(in crate::cli) const REWIND: u8 = 65;
    pub(in crate::cli) const LOGIN_DENIED: u8 = 67;
    pub(in crate::cli) const CA_FILE: u8 = 77;
    pub(in crate::cli) const CRL_FILE: u8 = 82;
    pub(in crate::cli) const PIN: u8 = 90;
    pub(in crate::cli) const PROXY_HANDSHAKE: u8 = 97;
    pub(in crate::cli) const HEAD_TOO_LARGE: u8 = 100;
    pub(in crate::cli) const NOT_RUN: u8 = 126;
    pub(in crate::cli) const NO_PROGRAM: u8 = 127;
    pub(in crate::cli) const HUNG_UP: u8 = 129;
    pub(in crate::cli) const INTERRUPTED: u8 = 130;
    pub(in crate::cli) const TERMINATED: u8 = 143;
    pub(in crate::cli) const DIFFERS: u8 = 200;
    pub(in crate::cli) const INCOMPARABLE: u8 = 202;
    pub(in crate::cli) const TOUR_FAILED: u8 = 203;
}

/// How a run failed: an exit code, a line, and perhaps what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: u8,
    pub(super) message: String,
    pub(super) hint: Option<&'static str>,
}

impl Failure {
    pub(super) fn new(code: u8, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), hint: None }
    }

    pub(super) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(code::USAGE, message)
    }

    pub(super) fn hint(mut self, hint: &'static str) -> Failure {
        self.hint = Some(hint);
        self
    }

    /// `cruller: (28) …`, and a hint where there is something to do.
    pub(super) fn print(&self) {
        print::error(&format!("cruller: ({}) {}\n", self.code, print::escaped(&self.message)));
        if let Some(hint) = self.hint {
            print::error(&format!("hint: {hint}\n"));
        }
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Failure {
        let failure = Failure::new(code_of(&error), error.to_string());
        match failure.code {
            code::CERTIFICATE => failure.hint(match (is_of_proxy(&error), lacks_an_issuer(&error)) {
                (true, true) => {
                    "--proxy-cacert FILE trusts its issuer; --proxy-insecure goes on without checking"
                }
                (true, false) => "--proxy-insecure goes on without checking",
                (false, true) => "--cacert FILE trusts its issuer; -k goes on without checking",
                (false, false) => "-k goes on without checking",
            }),
            code::BAD_ARGUMENT if is_no_tunnel(&error) => {
                failure.hint("the proxy answered CONNECT with something that is no HTTP")
            }
            code::TOO_MANY_REDIRECTS => {
                failure.hint("--max-redirs N allows more; -iL shows where they lead")
            }
            code::WRITE if is_disk_full(&error) => {
                failure.hint("make room and fetch it again; what a file has got stays")
            }
            _ => failure,
        }
    }
}

fn is_disk_full(error: &client::Error) -> bool {
    matches!(error, client::Error::Sink(error) if error.kind() == io::ErrorKind::StorageFull)
}

fn is_of_proxy(error: &client::Error) -> bool {
    let proxys = net::TlsFault::ProxyCertificate;
    matches!(error, client::Error::Net(net::Error::Tls { fault, .. }) if *fault == proxys)
}

fn lacks_an_issuer(error: &client::Error) -> bool {
    matches!(error, client::Error::Net(error) if error.lacks_an_issuer())
}

fn is_no_tunnel(error: &client::Error) -> bool {
    matches!(error, client::Error::Net(net::Error::Tunnel(_)))
}

fn code_of(error: &client::Error) -> u8 {
    match error {
        client::Error::Net(error) => net_code(error),
        client::Error::Request(_) => code::BAD_ARGUMENT,
        client::Error::Spent => code::REWIND,
        client::Error::NoLength => code::UPLOAD,
        client::Error::Coding(coding::Error::Memory) => code::OUT_OF_MEMORY,
        client::Error::Coding(_) => code::BAD_ENCODING,
        client::Error::TooMuchContent(_) => code::FILE_SIZE,
        client::Error::TooManyRedirects(_) => code::TOO_MANY_REDIRECTS,
        client::Error::Disabled(..) => code::UNSUPPORTED_PROTOCOL,
        client::Error::LoginInUrl => code::LOGIN_DENIED,
        client::Error::Location(why) => address_code(why),
        client::Error::Proxy(client::NotAProxy::Scheme(_)) => code::CONNECT,
        client::Error::Proxy(_) => code::PROXY,
        client::Error::Sink(_) => code::WRITE,
    }
}

/// The code for a URL that cannot be fetched.
pub(super) fn address_code(why: &client::NotAnAddress) -> u8 {
    match why {
        client::NotAnAddress::Scheme(_) => code::UNSUPPORTED_PROTOCOL,
        _ => code::MALFORMED_URL,
    }
}

fn net_code(error: &net::Error) -> u8 {
    match error {
        net::Error::Resolve { proxy: true, .. } => code::PROXY,
        net::Error::Resolve { proxy: false, .. } => code::RESOLVE,
        net::Error::Connect { .. } | net::Error::Unix { .. } => code::CONNECT,
        net::Error::Local { .. } => code::INTERFACE,
        net::Error::Socks(_) => code::PROXY_HANDSHAKE,
        net::Error::Timeout { .. } | net::Error::TooSlow(_) => code::TIMEOUT,
        net::Error::Tls { fault: net::TlsFault::Certificate, .. } => code::CERTIFICATE,
        net::Error::Tls { fault: net::TlsFault::ProxyCertificate, .. } => code::CERTIFICATE,
        net::Error::Tls { fault: net::TlsFault::Handshake, .. } => code::TLS,
        net::Error::Tls { fault: net::TlsFault::Identity, .. } => code::CLIENT_CERTIFICATE,
        net::Error::Tls { fault: net::TlsFault::Cipher, .. } => code::CIPHER,
        net::Error::Tls { fault: net::TlsFault::Revocations, .. } => code::CRL_FILE,
        net::Error::Tls { fault: net::TlsFault::Pin, .. } => code::PIN,
        net::Error::CaFile { .. } => code::CA_FILE,
        net::Error::Tunnel(h1::Error::NotHttp) => code::BAD_ARGUMENT,
        net::Error::Tunnel(h1::Error::Head(_) | h1::Error::ContentLength) => {
            code::WEIRD_SERVER_REPLY
        }
        net::Error::Refused(_) | net::Error::Tunnel(_) => code::RECEIVE,
        net::Error::Content(_) => code::READ,
        net::Error::Send(_) => code::SEND,
        net::Error::Receive(_) | net::Error::TlsCut => code::RECEIVE,
        net::Error::Exchange(error) => exchange_code(*error),
    }
}

fn exchange_code(error: h1::Error) -> u8 {
    match error {
        h1::Error::NotHttp | h1::Error::Version | h1::Error::StatusLine => {
            code::UNSUPPORTED_PROTOCOL
        }
        h1::Error::HeadTooLarge => code::HEAD_TOO_LARGE,
        h1::Error::TransferEncoding => code::BAD_ENCODING,
        h1::Error::Chunk => code::RECEIVE,
        h1::Error::Empty => code::EMPTY_REPLY,
        h1::Error::HeadCut | h1::Error::ContentCut(_) => code::PARTIAL,
        _ => code::WEIRD_SERVER_REPLY,
    }
}
