//! Redirects: whether to follow, and with which method (RFC 9110 section 15.4).

use crate::base::{Head, Method};

/// How redirects are handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// They are answers like any other.
    Shown,
    /// At most so many are followed; the next one is an error. `None` is no limit.
    Followed(Option<u32>),
}

/// Redirects on which POST stays POST, whatever everybody does (`--post301` and its kin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeepPost {
    /// On 301.
    pub on_301: bool,
    /// On 302.
    pub on_302: bool,
    /// On 303.
    pub on_303: bool,
}

/// What becomes of the method and the content on the next hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The same request again.
    Same,
    /// GET, without the content.
    Get,
}

/// Where a redirect leads, as its `Location` says; `None` where there is nothing to follow.
///
/// An empty `Location` leads nowhere, as in curl. 304 is an answer to a condition.
pub fn location(head: &Head) -> Option<&[u8]> {
    let redirect = (300..400).contains(&head.status) && head.status != 304;
    head.headers.get("Location").filter(|location| redirect && !location.is_empty())
}

/// What follows from `status` for a request with `method`.
///
/// 303 turns everything but HEAD into GET. 301 and 302 turn POST into GET, because
/// everybody does (sections 15.4.2 and 15.4.3 allow it); 307 and 308 change nothing.
pub(super) fn next(status: u16, method: &Method, keep: KeepPost) -> Next {
    let kept = match status {
        301 => keep.on_301,
        302 => keep.on_302,
        303 => keep.on_303,
        _ => true,
    };
    match status {
        _ if kept && *method == Method::POST => Next::Same,
        303 if *method != Method::HEAD => Next::Get,
        301 | 302 if *method == Method::POST => Next::Get,
        _ => Next::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_rules_of_the_five_codes() {
        let delete = Method::new("DELETE");
        for (status, method, expected) in [
            (301, &Method::POST, Next::Get),
            (302, &Method::POST, Next::Get),
            (303, &Method::POST, Next::Get),
            (307, &Method::POST, Next::Same),
            (308, &Method::POST, Next::Same),
            (301, &Method::PUT, Next::Same),
            (302, &delete, Next::Same),
            (303, &delete, Next::Get),
            (303, &Method::HEAD, Next::Same),
            (301, &Method::HEAD, Next::Same),
        ] {
            let nothing = KeepPost::default();
            assert_eq!(next(status, method, nothing), expected, "{status} {method}");
        }
    }

    #[test]
    fn a_post_can_be_kept() {
        let keep = KeepPost { on_302: true, ..KeepPost::default() };
        assert_eq!(next(302, &Method::POST, keep), Next::Same);
        assert_eq!(next(303, &Method::POST, keep), Next::Get);
    }
}
