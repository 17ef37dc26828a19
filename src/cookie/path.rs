//! Default paths and path matching (RFC 6265bis section 5.1.4).

/// The path of a cookie that came without a usable `Path`: the request's folder.
pub fn default_path(request: &[u8]) -> &[u8] {
    if request.first() != Some(&b'/') {
        return b"/";
    }
    match request.iter().rposition(|&b| b == b'/') {
        None | Some(0) => b"/",
        Some(last) => &request[..last],
    }
}

/// Whether a request's path path-matches a cookie's: the same, or below it at a `/`.
pub fn path_matches(request: &[u8], cookie: &[u8]) -> bool {
    match request.strip_prefix(cookie) {
        None => false,
        Some([]) => true,
        Some(rest) => cookie.ends_with(b"/") || rest.starts_with(b"/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_path_is_the_folder_of_the_request() {
        let cases: [(&[u8], &[u8]); 9] = [
            (b"", b"/"),
            (b"x", b"/"),
            (b"/", b"/"),
            (b"/a", b"/"),
            (b"/a/", b"/a"),
            (b"/a/b", b"/a"),
            (b"/a/b/", b"/a/b"),
            (b"//", b"/"),
            (b"*", b"/"),
        ];
        for (request, path) in cases {
            assert_eq!(default_path(request), path, "{}", request.escape_ascii());
        }
    }

    #[test]
    fn a_path_of_foo_does_not_match_foobar() {
        let cases: [(&[u8], &[u8], bool); 10] = [
            (b"/foo", b"/foo", true),
            (b"/foo/bar", b"/foo", true),
            (b"/foo/", b"/foo", true),
            (b"/foobar", b"/foo", false),
            (b"/foo", b"/foo/", false),
            (b"/foo/bar", b"/foo/", true),
            (b"/", b"/", true),
            (b"/anything", b"/", true),
            (b"/FOO", b"/foo", false),
            (b"/", b"/foo", false),
        ];
        for (request, cookie, answer) in cases {
            assert_eq!(path_matches(request, cookie), answer, "{}", request.escape_ascii());
        }
    }
}
