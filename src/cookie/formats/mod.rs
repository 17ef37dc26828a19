//! Cookies in the formats of other programs: bytes in, bytes out.
//!
//! ```text
//!   bytes ─► detect ─► Format
//!   bytes ─► read ──► Import: ready cookies ──────► Jar::insert ──┐
//!                             answers, with times ─► Jar::store ──┴─► Imported
//!   cookies ─► write ─► Export: bytes, and Losses
//! ```
//!
//! 1. Formats that say all of a cookie (Netscape, the add-ons' JSON, the storage state) bring ready
//!    cookies; those that only say what a server said (`Set-Cookie` lines, a HAR) are played
//!    again through the real store, in the order of their times.
//! 2. Either way the jar's door does the checks. What it refuses is listed with its reason; an
//!    entry that is no cookie is counted; only a file that cannot be read at all is an error.
//! 3. A `Cookie` line, alone or in a curl line, says neither domain nor path: its cookies become
//!    host-only cookies of the URL's host, for `/`, until the session ends, and `Secure` where
//!    the URL is https, since nothing says that they may go over plain http.
//! 4. What a format loses on the way out is found by reading back what was written.
//! 5. A [`Loan`] goes both ways: a jar for another program, and the changes that come back.
//!
//! A HAR is read by the room `har`, which this one does not know; whoever knows both turns its
//! exchanges into [`Answer`]s and those into an [`Import`]:
//!
//! ```
//! use cruller::base::Wall;
//! use cruller::cookie::Jar;
//! use cruller::cookie::formats::{Answer, Import};
//! use cruller::har;
//!
//! # fn main() -> Result<(), har::Error> {
//! let archive = br#"{"log": {"entries": [{
//!     "startedDateTime": "2027-01-01T09:00:00Z",
//!     "request": {"method": "GET", "url": "https://shop.example/"},
//!     "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": "a=b"}]}
//! }, "something else"]}}"#;
//! let (mut answers, mut malformed) = (Vec::new(), 0);
//! for entry in har::read(archive)? {
//!     match entry {
//!         Ok(exchange) => answers.push(Answer {
//!             lines: exchange.set_cookies(),
//!             url: exchange.request.url,
//!             at: exchange.started,
//!         }),
//!         Err(har::Malformed) => malformed += 1,
//!     }
//! }
//! let mut jar = Jar::new();
//! let imported = Import::of_answers(answers, malformed).into_jar(&mut jar, Wall(1_800_000_000_000));
//! assert_eq!((imported.created, imported.malformed), (1, 1));
//! # Ok(())
//! # }
//! ```

mod cookie_header;
mod curl_line;
mod detect;
mod error;
mod export;
mod extension_json;
mod format;
mod import;
mod json;
mod loan;
mod loss;
pub mod netscape;
mod set_cookie_dump;
mod storage_state;

pub use detect::{detect, is_session};
pub use error::Error;
pub use export::{Export, write};
pub use format::{Format, UnknownFormat};
pub use import::{Answer, Import, Imported, Warning};
pub use loan::{Borrower, Garbled, Loan, Returned};
pub use loss::{Loss, Losses, Weight};

use crate::base::Wall;
use url::Url;

/// The largest file that is read: a million cookies with room to spare. There is no limit on the
/// nesting of JSON: what nobody asks for is skipped without recursion, and what is asked for is
/// two levels deep.
pub const MAX_BYTES: usize = 1 << 30;

/// Reads a file. `url` is where its cookies belong, for the formats that do not say so; `now` is
/// when it counts as received where it does not say that either.
///
/// # Errors
/// Where the file as a whole cannot be read. [`Error::IsHar`] for [`Format::Har`]: see
/// [`Import::of_answers`].
pub fn read(format: Format, bytes: &[u8], url: Option<&Url>, now: Wall) -> Result<Import, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let bytes = without_mark(bytes);
    match format {
        Format::Netscape => Ok(netscape::read(bytes)),
        Format::ExtensionJson => extension_json::read(bytes),
        Format::StorageState => storage_state::read(bytes),
        Format::Har => Err(Error::IsHar),
        Format::CurlLine => curl_line::read(bytes, url),
        Format::CookieHeader => cookie_header::read(bytes, url),
        Format::SetCookieDump => set_cookie_dump::read(bytes, url, now),
    }
}

/// Without the byte order mark that editors put before UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests;
