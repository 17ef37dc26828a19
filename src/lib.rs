//! cruller: a small HTTP scraper with a cookie jar that can be trusted.
//!
//! # The house
//!
//! One idea, used again and again: a hard thing is a *pure machine* (bytes and
//! the time go in, events come out) and a thin *edge* connects it to the world.
//!
//! ```text
//!  6  cli                       words on a terminal: arguments, printing, exit codes
//!  4  inspect                   what happened, and why
//!  3  client                    one fetch: hops, redirects, cookies, decoding, capture
//!  2  net  disk  practice       the only floor that touches the world
//!  1  h1  auth  coding  cookie  pure machines
//!     caching  compare  har  hsts  page  registry  warc
//!  0  base                      the vocabulary
//! ```
//!
//! Each floor imports only from floors below; rooms on one floor do not know
//! each other. `tests/layers.rs` holds that. The numbers leave room for `visit` (4, beside
//! `inspect`) and `crawl` (5), which are not built yet.
//!
//! # How a page comes
//!
//! 1. `cli` turns what was typed into a plan.
//! 2. `client` makes the first hop: a request, its fields, its `Cookie` line.
//! 3. `net` finds a connection for the hop's route: pooled, or resolved,
//!    connected, perhaps tunnelled, and secured.
//! 4. `net` drives `h1::Exchange` with the socket's bytes; out come heads,
//!    content and an end.
//! 5. `client` stores the cookies, follows the redirect or decodes the
//!    content, and tells a sink what happens.
//! 6. `cli` writes what was asked for, saves the jar through `disk`, and
//!    turns how it ended into an exit code.
//!
//! Where it is `inspect` that asks, the sink keeps everything (`client::Capture`), `inspect` makes
//! a report of it with what `registry`, `caching` and `page` know, and `cli` lays that out.
//!
//! # Glossary
//!
//! * *exchange*: one request and its final answer (RFC 9112).
//! * *field*: one header line, name and value (RFC 9110 section 5).
//! * *framing*: how the end of the content is known (RFC 9112 section 6).
//! * *fate*: whether a connection may carry another exchange.
//! * *hop*: one exchange in a chain of redirects.
//! * *origin*: scheme, host and port; what a secret belongs to (RFC 6454).
//! * *route*: everything that makes a connection what it is; the pool's key.
//! * *site*: the registrable domain; what a jar is sharded by.
//! * *target*: the request target, with its path as it was typed.

pub mod auth;
pub mod base;
pub mod caching;
pub mod cli;
pub mod client;
pub mod coding;
pub mod compare;
pub mod cookie;
pub mod disk;
pub mod h1;
pub mod har;
pub mod hsts;
pub mod inspect;
pub mod net;
pub mod page;
pub mod practice;
pub mod registry;
pub mod warc;
