//! Floor 0: the vocabulary every other floor speaks.
//!
//! Nothing here does anything on its own. There is no socket, no file and no
//! clock in this room: only the words (times, dates, hosts, origins, fields, messages,
//! content) that cross the boundaries between the others, and one grammar that two
//! floors read: curl's command lines, as browsers copy them.

mod anew;
mod content;
mod curl_line;
mod date;
mod headers;
mod host;
mod http_date;
mod iso_time;
mod message;
mod origin;
mod span;
mod time;
mod unseen;
mod words;

pub use anew::is_made_anew;
pub use content::{Content, Source};
pub use curl_line::{Command, Unclosed, begins_with_curl, curl_lines, quoted};
pub use date::{compact_date, parse_date};
pub use headers::{Field, Headers};
pub use host::{host, numbered_name};
pub use http_date::http_date;
pub use iso_time::{iso_time, parse_iso_time};
pub use message::{Head, Method, Request, Version};
pub use origin::{Origin, Scheme, Site, canonical_host, is_loopback};
pub use span::Span;
pub use time::{Tick, Wall};
pub use unseen::is_unseen;
pub use words::system_words;
