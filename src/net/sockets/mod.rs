//! Sockets by hand: the socket library, a call at a time, without HTTP.
//!
//! ```text
//!  client                                                  server
//!  client.rs    getaddrinfo                   getaddrinfo  server.rs
//!  calls.rs     socket                             socket  calls.rs
//!  options.rs   setsockopt, getsockopt         setsockopt  options.rs
//!  client.rs    bind (--source)                      bind  server.rs, file.rs (Unix)
//!                                                  listen  calls.rs
//!  calls.rs     connect, connect_ex ────────────▶  accept  calls.rs, from server.rs
//!  facts.rs     getsockname, getpeername      the same two  facts.rs
//!  talk.rs      send, sendall ──────────────────▶    recv  serve.rs
//!  talk.rs      recv  ◀────────────────── send, sendall    serve.rs
//!               (datagrams: recvfrom, sendto)              datagrams.rs
//!  talk.rs      shutdown                         shutdown  serve.rs
//!  client.rs, talk.rs  timeouts
//!               close: where a socket is dropped    close
//! ```
//!
//! 1. `address` reads `tcp://host:port` and the others; nothing is looked up yet.
//! 2. [`connect`] finds the host's addresses (getaddrinfo) and tries one after the other;
//!    what `connect_ex` would return as a number, `errno` shows as number and name.
//!    TLS goes over it where it is asked for (`wire`).
//! 3. [`talk`] is the client's loop: what it is given goes to the peer, what comes goes out,
//!    until both sides have ended; one direction may end before the other (half-close).
//! 4. [`Server`] accepts peers, each served beside the others (`serve`), or
//!    answers datagrams (`datagrams`). What it says is decided by pure functions:
//!    `greet` (lines and greetings) and `request` (where a request ends).
//!
//! All kinds of socket go through the same few calls: POSIX.1-2017 `<sys/socket.h>`, tcp(7),
//! udp(7) and unix(7). Nothing waits in memory: who does not read is not read from.

mod address;
mod calls;
mod client;
mod datagrams;
mod errno;
mod error;
mod facts;
mod file;
mod greet;
mod options;
mod request;
mod serve;
mod server;
mod talk;
mod wire;

pub use address::{Address, BadAddress, Kind, Place};
pub use client::{Plan, Source, Told, connect};
pub use error::Error;
pub use facts::{Facts, Name};
pub use options::{Setting, WrongSetting};
pub use serve::Reply;
pub use server::{Manner, Onlooker, Server};
pub use talk::{Habits, Input, talk};
pub use wire::Wire;

/// Bytes each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// To the peer.
    pub sent: u64,
    /// From the peer.
    pub received: u64,
}

/// Bytes that a stream is asked for at a time.
const STREAM_BUFFER: usize = 64 * 1024;

/// Where messages have borders, a buffer that is too small cuts them. UDP allows 65,507 bytes,
/// a Unix socket what fits into `SO_SNDBUF`: 208 KiB on Linux unless it was raised.
const MESSAGE_BUFFER: usize = 512 * 1024;
