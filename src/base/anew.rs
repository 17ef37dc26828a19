//! Names of values that are made anew for every answer, so that they say nothing of a change.

/// What such names have in them, in lower case and without separators: tokens against forged
/// requests under the names that frameworks give them, numbers used once, numbers of requests.
const PARTS: [&str; 14] = [
    "csrf",
    "xsrf",
    "nonce",
    "authenticitytoken",
    "requestverificationtoken",
    "antiforgery",
    "formbuildid",
    "viewstate",
    "eventvalidation",
    "requestid",
    "requestuuid",
    "traceid",
    "correlationid",
    "transactionid",
];

/// Whether a field, attribute, parameter or member of this name holds such a value.
pub fn is_made_anew(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    let bare: Vec<u8> = letters.map(|b| b.to_ascii_lowercase()).collect();
    let holds = |part: &&str| bare.windows(part.len()).any(|window| window == part.as_bytes());
    PARTS.iter().any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written() {
        for name in [
            "csrfmiddlewaretoken",
            "X-CSRF-Token",
            "_csrf",
            "__RequestVerificationToken",
            "authenticity_token",
            "nonce",
            "X-Request-Id",
            "request_id",
            "__VIEWSTATE",
            "traceId",
        ] {
            assert!(is_made_anew(name), "{name}");
        }
        for name in ["", "id", "token", "session", "name", "announce", "request", "x"] {
            assert!(!is_made_anew(name), "{name}");
        }
    }
}
