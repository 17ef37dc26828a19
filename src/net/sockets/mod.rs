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
//!  talk.rs      send  ──────────────────────────▶    recv  serve.rs
//!  talk.rs      recv  ◀────────────────── send, sendall    serve.rs, calls.rs (send_all)
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
//! udp(7) and unix(7). What waits in memory is a piece each way and its answer: who does not
//! read is not read from. The same holds for whoever is to read what came ([`Output`]): while
//! they do not, sending, accepting and time limits go on.

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
mod output;
mod request;
mod serve;
mod server;
mod talk;
mod wire;

pub use address::{Address, BadAddress, Kind, Place};
pub use client::{Plan, Source, Told, connect};
pub use error::Error;
pub use facts::{Facts, Name};
pub use file::remove_all as remove_socket_files;
pub use options::{Setting, Value, WrongSetting};
pub use output::{Heard, Output};
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
    /// It had its answer, went on sending for long, and was not heard to its end.
    pub unheard: bool,
}

/// Bytes that a socket is asked for at a time: more than a datagram of UDP has, 65,507. For a
/// larger message of a Unix socket the buffer grows (`calls`).
const BUFFER: usize = 64 * 1024;

/// Where the system does not tell how large a message is, a buffer that is too small cuts it: a
/// Unix socket takes what fits into `SO_SNDBUF`.
const MESSAGE_BUFFER: usize = if cfg!(target_os = "linux") { BUFFER } else { 8 * BUFFER };
