//! Words that every floor says the same way.

use std::io;

/// What the system said, without Rust's `(os error N)`.
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_left_out() {
        let words = system_words(&io::Error::from_raw_os_error(2));
        assert!(!words.is_empty() && !words.contains("os error"), "{words}");
    }
}
