//! A condition on the date of what is fetched (RFC 9110 section 13.1.3 and 13.1.4).

use crate::base::{Head, Wall, parse_date};
use std::time::{Duration, UNIX_EPOCH};

/// The last second of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// Fetch it only if it is newer, or older, than a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is asked.
    pub asks: Asks,
    /// The moment.
    pub than: Wall,
}

/// What a condition asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// `If-Modified-Since`: newer.
    Newer,
    /// `If-Unmodified-Since`: not newer.
    Older,
    /// `Last-Modified` in a request, as curl writes it; newer.
    NewerByLastModified,
}

impl Condition {
    /// The field it is asked with.
    pub(super) fn field(&self) -> (&'static str, String) {
        let name = match self.asks {
            Asks::Newer => "If-Modified-Since",
            Asks::Older => "If-Unmodified-Since",
            Asks::NewerByLastModified => "Last-Modified",
        };
        // Nothing on the web is older than the epoch, and no date has five digits in its year.
        let secs = u64::try_from(self.than.secs()).unwrap_or(0).min(LAST_SECOND);
        (name, httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs)))
    }

    /// Whether the answer is what was asked for, also of a server that knows no conditions. One
    /// without a date is.
    pub(super) fn is_met(&self, head: &Head) -> bool {
        let Some(modified) = last_modified(head) else { return true };
        match self.asks {
            Asks::Newer | Asks::NewerByLastModified => modified > self.than,
            Asks::Older => modified < self.than,
        }
    }
}

/// When the answer's content was last modified, as the server says.
pub fn last_modified(head: &Head) -> Option<Wall> {
    parse_date(head.headers.get_str("Last-Modified")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Version;

    #[test]
    fn a_server_that_knows_no_conditions_is_held_to_them() {
        let head = |date: &str| {
            let headers = [("Last-Modified", date)].into_iter().collect();
            Head { status: 200, version: Version::Http11, reason: vec![], headers }
        };
        let than = Wall::from_secs(784_111_777);
        let (newer, older) =
            (Condition { asks: Asks::Newer, than }, Condition { asks: Asks::Older, than });
        for (date, is_newer, is_older) in [
            ("Sun, 06 Nov 1994 08:49:38 GMT", true, false),
            ("Sun, 06 Nov 1994 08:49:37 GMT", false, false),
            ("Sun, 06 Nov 1994 08:49:36 GMT", false, true),
            ("no date", true, true),
        ] {
            let head = head(date);
            assert_eq!((newer.is_met(&head), older.is_met(&head)), (is_newer, is_older), "{date}");
        }
        let (name, value) = newer.field();
        assert_eq!((name, value.as_str()), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"));
    }
}
