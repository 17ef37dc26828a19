//! The Basic scheme (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The `Authorization` value for a user and a password.
///
/// A colon in the user would end it there (section 2); it is sent as it is, as curl does.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7617 section 2.
    #[test]
    fn the_example_of_the_specification() {
        assert_eq!(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
