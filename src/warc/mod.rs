//! Floor 1: WARC, the format that web archives keep their exchanges in (ISO 28500; versions 1.0
//! and 1.1), read as a pure function of bytes.
//!
//! ```text
//!  a file: records, each plain or in a gzip member of its own
//!
//!  WARC/1.1 CRLF ─────────── version
//!  WARC-Type: response CRLF  named fields
//!  Content-Length: 198 CRLF
//!  CRLF
//!  (198 bytes) ───────────── block: what was recorded, here an answer as it came
//!  CRLF CRLF
//! ```
//!
//! 1. [`records`] walks the file and gives one [`Record`] after the other. Blocks of a plain file
//!    are borrowed; of a compressed one only the member that is being read stands in memory.
//! 2. The `Content-Length` is exact: what stands behind the block must be the two empty lines.
//!    A file that was glued or edited is told of, not guessed at.
//! 3. The first fault ends the walk. [`Records::sound`] says up to where all was well: a writer
//!    that was killed leaves its last record torn, and whoever goes on writing cuts it there.
//!
//! More than is allowed is read: lines that end with LF alone, folded fields (1.0 has them),
//! empty lines between records, many records in one gzip member.

mod error;
mod read;
mod record;

pub use error::{Error, Fault};
pub use read::{MAX_HEAD, MAX_MEMBER, Records, records};
pub use record::{Kind, Record, Version};

#[cfg(test)]
mod tests;
