//! Which proxies a request goes through, and how (RFC 9110 sections 3.7 and 9.3.6).
//!
//! An HTTP proxy forwards http: it is sent the whole URL. https is tunnelled: the proxy is
//! asked by CONNECT for a connection, and sees no more of it. A SOCKS proxy is asked for every
//! connection. A proxy's login is for the proxy alone.

use super::{Credentials, Direct, HeaderLine, Login};
use crate::base::{Origin, Scheme, Version, host};
use crate::net::{Endpoint, Secret, Socks, SocksVersion, TlsSettings};
use percent_encoding::{percent_decode, percent_decode_str};
use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The port of a proxy that none is written for, as in curl; one that is spoken to over TLS has
/// that of https.
const PROXY_PORT: u16 = 1080;

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// What is spoken to it.
    pub kind: ProxyKind,
    /// Where it listens; an HTTP proxy does at a host and port.
    pub at: Endpoint,
    /// Its login, if it wants one.
    pub credentials: Option<Credentials>,
}

/// What is spoken to a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// HTTP, with CONNECT in this version.
    Http(Version),
    /// HTTP over TLS.
    Https,
    /// SOCKS.
    Socks(SocksVersion),
}

/// Why a text is no proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAProxy {
    /// A scheme that no proxy is spoken to with.
    Scheme(String),
    /// Neither host nor host and port.
    Malformed(String),
    /// More than one `@`: two parsers could read it differently.
    TwoAts,
}

impl fmt::Display for NotAProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAProxy::Scheme(scheme) => write!(
                f,
                "{scheme} proxies are not known: http, https, socks4, socks4a, socks5, socks5h are"
            ),
            NotAProxy::Malformed(text) => write!(f, "\"{text}\" is no proxy"),
            NotAProxy::TwoAts => {
                f.write_str("two @ before the proxy's host; write the first as %40")
            }
        }
    }
}

impl std::error::Error for NotAProxy {}

/// A proxy as it was asked for: whether it is one is looked at when it is needed.
pub type Asked = Result<Proxy, NotAProxy>;

/// The proxies of a fetch, and what goes around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For http.
    pub http: Option<Asked>,
    /// For https.
    pub https: Option<Asked>,
    /// The SOCKS proxy that the others are reached through (`--preproxy`).
    pub before: Option<Asked>,
    /// Hosts that are spoken to directly.
    pub except: Vec<Direct>,
    /// Tunnel http too (`-p`).
    pub tunnel: bool,
    /// How the login is proved to an HTTP proxy.
    pub login: Login,
    /// What the person says about the fields that are for the proxy.
    pub headers: Vec<HeaderLine>,
    /// How an https proxy is spoken to.
    pub tls: TlsSettings,
}

/// The proxies on one way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Via<'p> {
    pub(super) socks: Option<&'p Proxy>,
    pub(super) http: Option<&'p Proxy>,
}

impl Proxies {
    /// The proxies for `origin`, if it goes through any.
    ///
    /// # Errors
    /// What was asked for is none.
    pub(super) fn for_origin(&self, origin: &Origin) -> Result<Via<'_>, &NotAProxy> {
        let last = match origin.scheme {
            Scheme::Http => self.http.as_ref(),
            Scheme::Https => self.https.as_ref(),
        };
        if self.except.iter().any(|direct| direct.holds_for(&origin.host)) {
            return Ok(Via::default());
        }
        let last = last.map(Result::as_ref).transpose()?;
        let before = self.before.as_ref().map(Result::as_ref).transpose()?;
        let is_socks = |proxy: &&Proxy| matches!(proxy.kind, ProxyKind::Socks(_));
        let http = last.filter(|proxy| !is_socks(proxy));
        Ok(Via { socks: before.or(last.filter(is_socks)), http })
    }
}

impl Proxy {
    /// `[scheme://][user:password@]host[:port]`; without a scheme, or with http, it is of the
    /// kind `unnamed`. A SOCKS proxy at `localhost` with a path listens at that Unix socket.
    ///
    /// # Errors
    /// See [`NotAProxy`].
    pub fn parse(text: &str, unnamed: ProxyKind) -> Asked {
        let bad = || NotAProxy::Malformed(without_login(text));
        let (kind, rest) = match text.split_once("://") {
            None => (unnamed, text),
            Some((scheme, rest)) => {
                let kind = match scheme.to_ascii_lowercase().as_str() {
                    "http" => unnamed,
                    "https" => ProxyKind::Https,
                    "socks" | "socks4" => ProxyKind::Socks(SocksVersion::V4),
                    "socks4a" => ProxyKind::Socks(SocksVersion::V4a),
                    "socks5" => ProxyKind::Socks(SocksVersion::V5),
                    "socks5h" => ProxyKind::Socks(SocksVersion::V5Name),
                    other => return Err(NotAProxy::Scheme(other.to_owned())),
                };
                (kind, rest)
            }
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, _)) if user.contains('@') => return Err(NotAProxy::TwoAts),
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let colon = place.rfind(':').filter(|colon| !place[*colon..].contains(']'));
        let (place_host, port) = match colon {
            Some(colon) => (&place[..colon], port(&place[colon + 1..]).ok_or_else(bad)?),
            None if kind == ProxyKind::Https => (place, Scheme::Https.default_port()),
            None => (place, PROXY_PORT),
        };
        let host = host(place_host).ok_or_else(bad)?;
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let is_socks = matches!(kind, ProxyKind::Socks(_));
        let at = if is_socks && &*host == "localhost" && path.len() > 1 {
            let bytes = percent_decode_str(path).collect();
            Endpoint::Unix(PathBuf::from(OsString::from_vec(bytes)))
        } else {
            Endpoint::Host(host, port)
        };
        Ok(Proxy { kind, at, credentials: user.map(decoded_login) })
    }

    /// The host and port of an HTTP proxy.
    pub(super) fn place(&self) -> (Box<str>, u16) {
        match &self.at {
            Endpoint::Host(host, port) => (host.clone(), *port),
            // Only a SOCKS proxy is read with a path.
            Endpoint::Unix(_) => ("localhost".into(), PROXY_PORT),
        }
    }

    /// As the way of a connection, if it is a SOCKS proxy.
    pub(super) fn socks(&self) -> Option<Socks> {
        let ProxyKind::Socks(version) = self.kind else { return None };
        let secret = |text: &[u8]| Secret(text.into());
        let login = self.credentials.as_ref();
        let login = login.map(|login| (secret(&login.user), secret(&login.password)));
        Some(Socks { version, at: self.at.clone(), login })
    }
}

/// Digits only: a number's `parse` would take a sign.
fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `user:password`, with its `%XX` undone, as curl does for proxies wherever they are written.
pub fn decoded_login(text: &str) -> Credentials {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let decode = |text: &str| percent_decode(text.as_bytes()).collect();
    Credentials { user: decode(user), password: decode(password) }
}

/// For an error message: the password is nobody's business.
fn without_login(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    format!("{scheme}{}", rest.rsplit_once('@').map_or(rest, |(_, place)| place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Address;

    const HTTP: ProxyKind = ProxyKind::Http(Version::Http11);

    #[test]
    fn a_proxy_is_a_host_with_perhaps_a_port_and_a_login() {
        for (text, host, port, user) in [
            ("p.example", "p.example", 1080, None),
            ("http://P.example:3128/", "p.example", 3128, None),
            ("https://p.example", "p.example", 443, None),
            ("u:p%40w%ff@[::1]:8", "[::1]", 8, Some((&b"u"[..], &b"p@w\xff"[..]))),
        ] {
            let proxy = Proxy::parse(text, HTTP).unwrap();
            assert_eq!(proxy.at, Endpoint::Host(host.into(), port), "{text}");
            let login = proxy.credentials.as_ref().map(|c| (&c.user[..], &c.password[..]));
            assert_eq!(login, user, "{text}");
        }
        assert_eq!(Proxy::parse("ftp://p", HTTP), Err(NotAProxy::Scheme("ftp".to_owned())));
        for bad in ["u:secret@p:x", "u:secret@p:+80", "u:secret@w@p", "u:p@secret@p"] {
            let bad = Proxy::parse(bad, HTTP).unwrap_err();
            assert!(!bad.to_string().contains("secret"), "{bad}");
        }
    }

    #[test]
    fn the_scheme_says_what_is_spoken() {
        let kind = |text: &str, unnamed| Proxy::parse(text, unnamed).unwrap().kind;
        let five = ProxyKind::Socks(SocksVersion::V5);
        assert_eq!(kind("p", five), five);
        assert_eq!(kind("Socks4a://p", HTTP), ProxyKind::Socks(SocksVersion::V4a));
        assert_eq!(kind("socks5h://p", five), ProxyKind::Socks(SocksVersion::V5Name));
        assert_eq!(kind("https://p", five), ProxyKind::Https);
    }

    #[test]
    fn only_socks_listens_at_a_path() {
        let at = |text: &str| Proxy::parse(text, HTTP).unwrap().at;
        assert_eq!(at("socks5h://localhost/run/a%20b"), Endpoint::Unix("/run/a b".into()));
        for text in ["socks5://localhost/", "localhost/run", "http://localhost/run"] {
            assert_eq!(at(text), Endpoint::Host("localhost".into(), 1080), "{text}");
        }
    }

    #[test]
    fn one_proxy_may_stand_before_another() {
        let asked = |text: &str| Some(Proxy::parse(text, HTTP));
        let origin = Address::parse("http://a.example/").unwrap().origin;
        let mut proxies =
            Proxies { http: asked("p"), before: asked("socks5://s"), ..Proxies::default() };
        let via = proxies.for_origin(&origin).unwrap();
        assert!(via.socks.is_some() && via.http.is_some());
        proxies.http = asked("socks4://t");
        assert!(proxies.for_origin(&origin).unwrap().http.is_none());
        proxies.http = asked("p:x");
        assert!(proxies.for_origin(&origin).is_err());
        // What is not needed may be wrong.
        proxies.except = vec![Direct::All];
        assert!(proxies.for_origin(&origin).is_ok_and(|via| via.socks.is_none()));
    }
}
