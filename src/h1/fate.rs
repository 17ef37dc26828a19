//! Whether the connection lives on (RFC 9112 section 9.3).

use super::framing::Framing;
use crate::base::{Head, Headers, Version};

/// What becomes of the connection after an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It may carry another exchange.
    Reuse,
    /// It is closed, and this is why.
    Close(Why),
}

/// Why a connection is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The exchange has not come to its end.
    Unfinished,
    /// The request said `Connection: close`.
    WeSaidClose,
    /// The answer said `Connection: close`.
    PeerSaidClose,
    /// HTTP/1.0 without `Connection: keep-alive`.
    Http10,
    /// The end of the content was the end of the connection.
    UntilClose,
    /// `Transfer-Encoding` beside `Content-Length`, or in HTTP/1.0 (RFC 9112 sections 6.1, 6.3).
    AmbiguousLength,
    /// The answer came before the request's content had been sent.
    RequestUnsent,
}

/// The fate that the two heads decide. Both sides must want to go on.
pub(super) fn decide(sent: &Headers, head: &Head, framing: Framing) -> Fate {
    let said = |headers: &Headers, word: &str| {
        let mut words = headers.members("Connection").chain(headers.members("Proxy-Connection"));
        words.any(|member| member.eq_ignore_ascii_case(word.as_bytes()))
    };
    if framing == Framing::UntilClose {
        Fate::Close(Why::UntilClose)
    } else if said(sent, "close") {
        Fate::Close(Why::WeSaidClose)
    } else if said(&head.headers, "close") {
        Fate::Close(Why::PeerSaidClose)
    } else if head.version == Version::Http10 && !said(&head.headers, "keep-alive") {
        Fate::Close(Why::Http10)
    } else if framing == Framing::Chunked
        && (head.headers.has("Content-Length") || head.version == Version::Http10)
    {
        Fate::Close(Why::AmbiguousLength)
    } else {
        Fate::Reuse
    }
}
