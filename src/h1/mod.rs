//! Floor 1: HTTP/1.1 exchanges.

mod error;
pub mod head;

pub use error::Error;

/// Limits of one exchange.
pub struct Limits;
