//! What can go wrong with a fetch.

use super::{NotAProxy, NotAnAddress};
use crate::base::{Scheme, system_words};
use crate::{coding, h1, net};
use std::fmt;
use std::io;

/// Why a fetch did not come to its end. A 404 is not an error, nor is a refused cookie.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The connection, or the exchange on it.
    Net(net::Error),
    /// The request cannot be sent as it is.
    Request(h1::Error),
    /// The request's content is wanted once more, and what it was read from cannot be read twice.
    Spent,
    /// The request's content has no length, and nothing but HTTP/1.1's chunks could tell its end.
    NoLength,
    /// The content's codings.
    Coding(coding::Error),
    /// More content than allowed.
    TooMuchContent(u64),
    /// More redirects than allowed.
    TooManyRedirects(u32),
    /// A scheme that is not to be spoken; whether a redirect led to it.
    Disabled(Scheme, bool),
    /// A URL with a user in it, where none is to be taken from URLs.
    LoginInUrl,
    /// A redirect to something that is not an address.
    Location(NotAnAddress),
    /// A proxy that is none.
    Proxy(NotAProxy),
    /// Whoever wanted the answer could not take it.
    Sink(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Net(error) => error.fmt(f),
            Error::Request(error) => error.fmt(f),
            Error::Spent => f.write_str(
                "the content would have to be sent again, and cannot be read a second time",
            ),
            Error::NoLength => {
                f.write_str("content without a length goes in chunks, and HTTP/1.0 has none")
            }
            Error::Coding(error) => error.fmt(f),
            Error::TooMuchContent(limit) => write!(f, "more than {limit} bytes of content"),
            Error::TooManyRedirects(limit) => write!(f, "more than {limit} redirects"),
            Error::Disabled(scheme, redirected) => {
                let led = if *redirected { " for redirects" } else { "" };
                write!(f, "protocol \"{}\" is disabled{led}", scheme.as_str())
            }
            Error::LoginInUrl => f.write_str("a user in the URL, which is not allowed"),
            Error::Location(why) => write!(f, "cannot follow the redirect: {why}"),
            Error::Proxy(why) => why.fmt(f),
            Error::Sink(error) => write!(f, "cannot write the answer: {}", system_words(error)),
        }
    }
}

impl std::error::Error for Error {}

impl From<net::Error> for Error {
    fn from(error: net::Error) -> Error {
        Error::Net(error)
    }
}

impl From<coding::Error> for Error {
    fn from(error: coding::Error) -> Error {
        Error::Coding(error)
    }
}
