//! Floor 2: the practice site, a small HTTP/1.1 server on loopback.
//!
//! `cruller serve` runs it until it is interrupted, `cruller demo` walks
//! through it, and the tests talk to it. It also reads as a lesson in sockets:
//! threads, blocking calls and nothing between them and the kernel but `std`.
//!
//! # From a socket to a page
//!
//! 1. `server`: *socket*, *bind*, *listen* ([`Site::bind`]), then *accept* for
//!    ever, a thread a connection.
//! 2. `door`: counts who is inside, turns away who would be too many, and
//!    wakes everybody when the site closes.
//! 3. `connection`: one connection, request after request, and its *close*.
//! 4. `incoming`: *recv*, and the bytes that came too early for their reader.
//! 5. `request`, `content`: one request out of these bytes (RFC 9112).
//! 6. `routes`: the table that finds who answers; the index page is made from it.
//! 7. `pages`, `articles`, `login`, `cookies`, `redirects`, `status`, `echo`,
//!    `cached`, `wire`: the answers. Each is a function from a `Visit` to
//!    an `Answer`, which is plain data: a status, fields, and a script
//!    of what to send and where to wait.
//! 8. `send`: plays the script on the socket: *send*.
//!
//! `state` is all the site remembers (sessions and visits, in memory only);
//! `form` takes queries and submitted forms apart; `html` fills the pages of
//! `fixtures/site/` in, which are compiled into the program.
//!
//! The site speaks HTTP correctly except where a page is there to be wrong. It
//! is for practice: it listens on loopback only, its one password stands on
//! its login page, and its tokens are no cryptography.

mod answer;
mod articles;
mod cached;
mod connection;
mod content;
mod cookies;
mod door;
mod echo;
mod form;
mod html;
mod incoming;
mod login;
mod pages;
mod redirects;
mod request;
mod routes;
mod send;
mod server;
mod state;
mod status;
#[cfg(test)]
mod talk;
mod wire;

pub use connection::Line;
pub use server::{Handle, Site};
