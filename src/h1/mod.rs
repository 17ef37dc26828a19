//! Floor 1: one HTTP/1.1 exchange as a pure machine (RFC 9112).
//!
//! An [`Exchange`] holds no socket, no buffer of content and no clock. The
//! driver (`net/drive.rs`) owns the bytes; the exchange says what they mean.
//!
//! ```text
//!            write()                read()                      read()
//!  new ──▶ request head ──▶ ┌─▶ answer's head ──1xx──┐
//!                           └────────────────────────┘
//!                                   │ final
//!                                   ▼
//!                     content, by its framing ──▶ trailers ──▶ End, and a Fate
//!                 none │ length │ chunked │ until close
//!
//!  beside it, the upload:   Held (Expect: 100-continue) ──100, or 1 s──▶ Open ──▶ Done
//!                                   └──────── a final status from 300 up ────────▶ Abandoned
//! ```
//!
//! One turn of a driver:
//!
//! 1. [`Exchange::write`] gives the head once; [`Exchange::send`] frames content
//!    while [`Exchange::upload`] is [`Upload::Open`].
//! 2. [`Exchange::read`] is offered every unread byte and says how many it took
//!    and what they were. [`Step::NeedMore`] means: keep them and read more.
//! 3. After [`Step::End`], [`Exchange::fate`] says whether the connection may be
//!    used again. Bytes still unread then belong to nobody, and forbid it.
//!
//! A tolerated deviation is a [`Step::Defect`], never a silence; what is not
//! tolerated is an [`Error`], after which the connection is closed.
//!
//! A file an idea: [`head`] (the only one that knows httparse), `framing` (how
//! the content ends), `chunked` (its decoder), `fate`, `request` (encoding),
//! `target` (the path as it was typed), `upload` (the request's content and
//! `100 Continue`), `budget` (what it may cost), `error`.

mod budget;
mod chunked;
mod error;
mod exchange;
mod fate;
mod framing;
pub mod head;
mod request;
mod target;
mod upload;

pub use budget::Limits;
pub use error::Error;
pub use exchange::{Exchange, Step};
pub use fate::{Fate, Why};
pub use framing::Framing;
pub use head::Defect;
pub use target::Target;
pub use upload::Upload;
