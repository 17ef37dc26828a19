//! A request to be sent and the head of an answer (RFC 9110 section 6).

use super::{Content, Headers};
use std::borrow::Cow;
use std::fmt;
use url::Url;

/// A request method (RFC 9110 section 9). Any token may be sent; methods are case-sensitive.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// Asks for a representation.
    pub const GET: Method = Method(Cow::Borrowed("GET"));
    /// GET without the content.
    pub const HEAD: Method = Method(Cow::Borrowed("HEAD"));
    /// Hands content to the resource.
    pub const POST: Method = Method(Cow::Borrowed("POST"));
    /// Replaces the resource.
    pub const PUT: Method = Method(Cow::Borrowed("PUT"));
    /// Asks a proxy for a tunnel.
    pub const CONNECT: Method = Method(Cow::Borrowed("CONNECT"));

    /// A method by name; whether it may be sent is checked where the request is encoded.
    pub fn new(name: &str) -> Method {
        Method(Cow::Owned(name.to_owned()))
    }

    /// The name as it goes on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Safe methods ask for nothing to be changed (RFC 9110 section 9.2.1).
    pub fn is_safe(&self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Idempotent methods may be sent again when the connection broke (RFC 9110 section 9.2.2).
    pub fn is_idempotent(&self) -> bool {
        self.is_safe() || matches!(self.as_str(), "PUT" | "DELETE")
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The protocol version of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// HTTP/1.0 (RFC 1945).
    Http10,
    /// HTTP/1.1 (RFC 9112).
    Http11,
}

impl Version {
    /// As it stands in a status line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        }
    }
}

/// One request, ready to be encoded: its field lines are complete and in order.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The version this client claims in the request line.
    pub version: Version,
    /// Where it goes. The request target may keep the path as it was typed; see `h1::Target`.
    pub url: Url,
    /// Every field line, `Host` and framing included, in the order they are sent.
    pub headers: Headers,
    /// What follows the head.
    pub content: Content,
}

/// The head of an answer: status line and fields.
#[derive(Clone, PartialEq, Eq)]
pub struct Head {
    /// 100 to 999; three digits (RFC 9110 section 15).
    pub status: u16,
    /// The version the server speaks.
    pub version: Version,
    /// The reason phrase, possibly empty, any bytes.
    pub reason: Vec<u8>,
    /// The field lines.
    pub headers: Headers,
}

impl Head {
    /// Whether this is an interim answer (1xx).
    pub fn is_interim(&self) -> bool {
        (100..200).contains(&self.status)
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = String::from_utf8_lossy(&self.reason);
        write!(f, "{} {} {reason} {:?}", self.version.as_str(), self.status, self.headers)
    }
}
