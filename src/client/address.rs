//! A URL, parsed once: its origin, its target as it was typed, its credentials.

use super::host::{self, Host};
use crate::base::{Origin, Scheme};
use crate::h1::Target;
use percent_encoding::percent_decode_str;
use std::fmt;
use url::Url;

/// Bytes of a host name; the DNS holds far shorter ones, `--resolve` and proxies need not.
const MAX_HOST: usize = 65_535;

/// The longest URL that is followed or sent. Servers stop at 8 KiB to 64 KiB; what is longer
/// than this is a trap or a mistake.
const MAX_URL: usize = 256 * 1024;

/// A user and a password: bytes, because `%XX` in a URL may be any. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: Vec<u8>,
    /// The password, possibly empty.
    pub password: Vec<u8>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Where a hop goes.
#[derive(Clone, Debug)]
pub struct Address {
    /// The parsed URL, without credentials and fragment. A host that the URL standard does not
    /// know has a stand-in here that is nobody's; the origin has the true one.
    pub url: Url,
    /// Its origin; the host of an IPv6 address with a scope has its scope.
    pub origin: Origin,
    /// The request target, with the path as it was typed.
    pub target: Target,
    /// What stood before the `@`.
    pub credentials: Option<Credentials>,
    /// That was a user alone.
    pub user_only: bool,
    /// What stood behind the `#`: never sent, and told where the URL is.
    fragment: Option<String>,
    host: Host,
}

impl fmt::Display for Address {
    /// As it was typed; without credentials, and without a port that goes without saying.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.with_port(&self.host.typed);
        write!(f, "{}://{place}{}", self.origin.scheme.as_str(), self.target)?;
        self.fragment.iter().try_for_each(|fragment| write!(f, "#{fragment}"))
    }
}

/// Why a text is not the address of anything this client can fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAnAddress {
    /// A scheme that is neither http nor https.
    Scheme(String),
    /// Not a URL; in the parser's words.
    Malformed(String),
    /// No host in it.
    NoHost,
    /// White space or control characters, which must be written as `%20` and the like.
    Unencoded,
    /// Longer than `MAX_URL`.
    TooLong,
}

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAnAddress::Scheme(scheme) => {
                write!(f, "scheme \"{scheme}\" is not supported: only http and https are")
            }
            NotAnAddress::Malformed(why) => write!(f, "malformed URL: {why}"),
            NotAnAddress::NoHost => f.write_str("no host in the URL"),
            NotAnAddress::Unencoded => f.write_str(
                "malformed URL: a space or control character must be written as %20 or the like",
            ),
            NotAnAddress::TooLong => write!(f, "malformed URL: longer than {MAX_URL} bytes"),
        }
    }
}

impl std::error::Error for NotAnAddress {}

impl Address {
    /// Reads a URL as a person types it: without a scheme it is http.
    ///
    /// # Errors
    /// See [`NotAnAddress`].
    pub fn parse(typed: &str) -> Result<Address, NotAnAddress> {
        Address::typed(typed, Scheme::Http)
    }

    /// The same, where a URL without a scheme is of another one.
    ///
    /// # Errors
    /// See [`NotAnAddress`].
    pub fn typed(typed: &str, default: Scheme) -> Result<Address, NotAnAddress> {
        if typed.bytes().any(|b| b <= b' ' || b == 0x7f) {
            return Err(NotAnAddress::Unencoded);
        }
        let (scheme, rest) = match scheme_of(typed) {
            Some((scheme, rest)) if rest.starts_with('/') => (scheme, rest),
            _ if typed.starts_with('/') => return Err(NotAnAddress::NoHost),
            _ => (default.as_str(), typed),
        };
        let text = absolute(scheme, rest)?;
        Address::of_absolute(&text, Target::of(&text))
    }

    /// The same address, with the dot segments of its path left in.
    pub fn path_as_is(mut self, typed: &str) -> Address {
        self.target = Target::as_is(typed);
        self
    }

    /// The address that a `Location` leads to from this one. Its bytes are any bytes: what
    /// cannot stand in a URL is percent-encoded.
    ///
    /// # Errors
    /// See [`NotAnAddress`].
    pub fn join(&self, location: &[u8]) -> Result<Address, NotAnAddress> {
        let text = encoded(location.trim_ascii());
        let whole = match scheme_of(&text) {
            Some((_, rest)) if !rest.starts_with('/') => {
                return Err(malformed("no slashes between scheme and host"));
            }
            Some((scheme, rest)) => Some(absolute(scheme, rest)?),
            None if text.starts_with("//") => Some(absolute(self.url.scheme(), &text)?),
            // Browsers read these as `//`, curl as a path: nobody can tell what was meant.
            None if text.starts_with(['/', '\\']) && text[1..].starts_with(['/', '\\']) => {
                return Err(malformed("a backslash for a slash"));
            }
            None => None,
        };
        match whole {
            Some(whole) => Address::of_absolute(&whole, self.target.join(&whole)),
            None => {
                let (url, target) = (parsed(&text, Some(&self.url))?, self.target.join(&text));
                Address::new(url, target, self.host.clone())
            }
        }
    }

    /// The value of the `Host` field (RFC 9112 section 3.2): the port only where it is not the
    /// scheme's own.
    pub fn host_field(&self) -> String {
        self.with_port(&self.host.sent)
    }

    /// The same place by https (RFC 6797 section 8.3): port 80 becomes 443, any other stays.
    pub(super) fn secured(&self) -> Address {
        let mut address = self.clone();
        // It does not fail: the URL's scheme is http.
        let _ = address.url.set_scheme(Scheme::Https.as_str());
        address.origin.scheme = Scheme::Https;
        address.origin.port = address.url.port().unwrap_or(Scheme::Https.default_port());
        address
    }

    /// The whole URL as a request target (RFC 9112 section 3.2.2).
    pub fn absolute_form(&self) -> Target {
        let (scheme, place) = (self.origin.scheme.as_str(), self.host_field());
        Target::literal(&format!("{scheme}://{place}{}", self.target))
    }

    /// Whether its name was said to be complete (RFC 1034 section 3.1).
    pub(super) fn has_final_dot(&self) -> bool {
        self.host.sent.ends_with('.')
    }

    /// What cookies are kept for; `None` where the host is none that cookies know.
    pub fn cookie_url(&self) -> Option<&Url> {
        self.host.name.is_none().then_some(&self.url)
    }

    fn with_port(&self, host: &str) -> String {
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    fn of_absolute(text: &str, target: Target) -> Result<Address, NotAnAddress> {
        let (text, found) = host::find(text);
        let url = parsed(&text, None)?;
        let host = Host::of(&url, found).ok_or(NotAnAddress::NoHost)?;
        Address::new(url, target, host)
    }

    fn new(mut url: Url, target: Target, host: Host) -> Result<Address, NotAnAddress> {
        if Scheme::of(&url).is_none() {
            return Err(NotAnAddress::Scheme(url.scheme().to_owned()));
        }
        let credentials = credentials_of(&url);
        let user_only = url.password().is_none();
        // Neither fails: http and https URLs have a host.
        let _ = (url.set_username(""), url.set_password(None));
        let fragment = url.fragment().map(str::to_owned);
        url.set_fragment(None);
        let mut origin = Origin::of(&url).ok_or(NotAnAddress::NoHost)?;
        origin.host = host.canonical(origin.host);
        if origin.host.len() > MAX_HOST {
            return Err(malformed("the host is too long to be one"));
        }
        Ok(Address { url, origin, target, credentials, user_only, fragment, host })
    }
}

/// `scheme` and what is behind its colon. A host and its port (`localhost:8080`) look the same,
/// so whoever reads what a person typed also asks for a slash.
fn scheme_of(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    named.then_some((scheme, rest))
}

/// `scheme://rest`, with the one slash to three before the host that people write made two.
///
/// What two parsers could read differently is refused: a backslash or a second `@` before the
/// path (URL confusion, CVE-2024-38428 and its kind).
fn absolute(scheme: &str, rest: &str) -> Result<String, NotAnAddress> {
    let bare = rest.trim_start_matches('/');
    if rest.len() - bare.len() > 3 {
        return Err(malformed("more than three slashes before the host"));
    }
    let authority = bare.split(['/', '?', '#']).next().unwrap_or(bare);
    if authority.contains('\\') {
        return Err(malformed("a backslash in the host"));
    }
    if authority.matches('@').count() > 1 {
        return Err(malformed("two @ before the host; write the first as %40"));
    }
    Ok(format!("{scheme}://{bare}"))
}

/// Parsed by the `url` crate, for which a backslash would be a slash.
fn parsed(text: &str, base: Option<&Url>) -> Result<Url, NotAnAddress> {
    if text.len() > MAX_URL {
        return Err(NotAnAddress::TooLong);
    }
    let text = text.replace('\\', "%5C");
    Url::options().base_url(base).parse(&text).map_err(|why| malformed(&why.to_string()))
}

fn malformed(why: &str) -> NotAnAddress {
    NotAnAddress::Malformed(why.to_owned())
}

fn credentials_of(url: &Url) -> Option<Credentials> {
    let decode = |text: &str| percent_decode_str(text).collect();
    let user: Vec<u8> = decode(url.username());
    let password = url.password().map(decode);
    match (user.is_empty(), password) {
        (true, None) => None,
        (_, password) => Some(Credentials { user, password: password.unwrap_or_default() }),
    }
}

/// A `Location` as text: spaces, control characters and bytes beyond ASCII percent-encoded.
fn encoded(location: &[u8]) -> String {
    let mut text = String::with_capacity(location.len());
    let mut in_query = false;
    for &byte in location {
        in_query |= byte == b'?';
        match byte {
            b' ' if in_query => text.push('+'),
            0x21..=0x7e => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, NotAnAddress> {
        let address = Address::parse(text)?;
        Ok(format!("{} {} {}", address.origin, address.host_field(), address.target))
    }

    #[test]
    fn what_a_person_types_is_understood() {
        for (typed, read) in [
            ("example.com", "http://example.com:80 example.com /"),
            ("localhost:8080/x", "http://localhost:8080 localhost:8080 /x"),
            ("HTTPS://Example.COM:443/A?b#c", "https://example.com:443 Example.COM /A?b"),
            ("http://example.com./", "http://example.com:80 example.com. /"),
            ("http://[::1]:80/", "http://[::1]:80 [::1] /"),
            ("http://bücher.example/", "http://xn--bcher-kva.example:80 xn--bcher-kva.example /"),
            ("http:/h.example/x", "http://h.example:80 h.example /x"),
            ("user:secret@h.example/", "http://h.example:80 h.example /"),
            ("http://Test.80:8990/x", "http://test.80:8990 Test.80:8990 /x"),
            ("u@a.example.7?x", "http://a.example.7:80 a.example.7 /?x"),
            ("http://[fe80::1%25lo]:8/", "http://[fe80::1%lo]:8 [fe80::1]:8 /"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(read), "{typed}");
        }
    }

    #[test]
    fn what_is_not_an_address_says_why() {
        for (typed, why) in [
            ("ftp://h/", NotAnAddress::Scheme("ftp".to_owned())),
            ("/x", NotAnAddress::NoHost),
            ("http://h/a b", NotAnAddress::Unencoded),
            ("http://h/\r\nX: y", NotAnAddress::Unencoded),
            ("http://a\\@b/", NotAnAddress::Malformed("a backslash in the host".to_owned())),
        ] {
            assert_eq!(parse(typed), Err(why), "{typed}");
        }
        for typed in [
            "http:////h/",
            "http://u:p@w@h/",
            "",
            "http://",
            "http://h:99999/",
            "http://a%2fb/",
            "http://[::1/",
            "http://.",
            "http://1.2.3.256/",
            "http://256.1.1.1/",
            "http://a..1/",
            "http://a%2e1/",
            "http://[::1%25]/",
            "http://[::1%25a/b]/",
            "http://[a%25lo]/",
        ] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }

    /// Where browsers and curl go to different hosts, nobody goes anywhere.
    #[test]
    fn host_and_target_of_a_redirect_agree_or_it_is_refused() {
        let base = Address::parse("http://h/d/e").unwrap();
        for (location, to) in [
            ("/a\\b", "http://h:80 /a\\b"),
            ("http:///x/y", "http://x:80 /y"),
            ("http:/x/y", "http://x:80 /y"),
            ("///x/y", "http://x:80 /y"),
            ("?a\\b", "http://h:80 /d/e?a\\b"),
        ] {
            let next = base.join(location.as_bytes()).unwrap();
            assert_eq!(format!("{} {}", next.origin, next.target), to, "{location}");
        }
        for bad in ["/\\x:1/y", "\\\\x:1/y", "http:\\\\x\\y", "//x\\@y/z", "https:x", "////x/y"] {
            assert!(base.join(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    /// A host that the URL standard does not know: nothing of its stand-in is seen, and a
    /// relative reference stays there.
    #[test]
    fn a_host_that_ends_in_a_number_is_kept_through_redirects() {
        let address = Address::parse("http://me@Test.80:8/a/b").unwrap();
        let next = address.join(b"../c?d").unwrap();
        assert_eq!(next.to_string(), "http://Test.80:8/c?d");
        assert_eq!(next.absolute_form().as_str(), "http://Test.80:8/c?d");
        assert_eq!(&*next.origin.host, "test.80");
        assert!(next.cookie_url().is_none());
        let away = next.join(b"http://127.0.0.1/").unwrap();
        assert_eq!((&*away.origin.host, away.cookie_url().is_some()), ("127.0.0.1", true));
        assert_eq!(&*away.join(b"//test.81/").unwrap().origin.host, "test.81");
    }

    #[test]
    fn a_host_is_shown_as_it_was_typed_and_sent_as_it_can_be() {
        let address = Address::parse("http://\u{e5}\u{e4}.se:80/1").unwrap();
        let next = address.join(b"./2").unwrap();
        assert_eq!(next.to_string(), "http://\u{e5}\u{e4}.se/2");
        assert_eq!(next.absolute_form().as_str(), "http://xn--4cab.se/2");
    }

    #[test]
    fn credentials_are_taken_out_and_decoded() {
        let address = Address::parse("http://a%40b:p%3aw%ff@h/").unwrap();
        let got = address.credentials.unwrap();
        assert_eq!((&got.user[..], &got.password[..]), (&b"a@b"[..], &b"p:w\xff"[..]));
        assert_eq!(address.url.as_str(), "http://h/");
    }

    #[test]
    fn a_location_is_encoded_before_it_is_followed() {
        let base = Address::parse("http://h/a/b").unwrap();
        let next = base.join("c d?e f\u{e9}\r\n".as_bytes()).unwrap();
        assert_eq!(next.target.as_str(), "/a/c%20d?e+f%C3%A9");
        assert_eq!(base.join(b"//other:81/x").unwrap().origin.to_string(), "http://other:81");
        assert_eq!(
            base.join(b"gopher://h/").unwrap_err(),
            NotAnAddress::Scheme("gopher".to_owned())
        );
    }
}
