//! The Basic scheme (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The `Authorization` value for a user and a password.
///
/// A colon in the user would end it there (section 2); it is sent as it is, as curl does.
pub fn basic(user: &[u8], password: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode([user, b":", password].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7617 section 2.
    #[test]
    fn the_example_of_the_specification() {
        assert_eq!(basic(b"Aladdin", b"open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
