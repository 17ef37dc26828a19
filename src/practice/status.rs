//! Status codes by name, and a page for each (RFC 9110 section 15).

use super::answer::Answer;
use super::pages;
use super::routes::Visit;
use crate::base::Headers;

/// The reason phrase; empty where the code has no name.
pub(super) fn reason(status: u16) -> &'static str {
    NAMES.iter().find(|(code, _)| *code == status).map_or("", |(_, name)| name)
}

#[rustfmt::skip]
const NAMES: &[(u16, &str)] = &[
    (100, "Continue"), (101, "Switching Protocols"), (102, "Processing"), (103, "Early Hints"),
    (200, "OK"), (201, "Created"), (202, "Accepted"), (203, "Non-Authoritative Information"),
    (204, "No Content"), (205, "Reset Content"), (206, "Partial Content"), (207, "Multi-Status"),
    (208, "Already Reported"), (226, "IM Used"),
    (300, "Multiple Choices"), (301, "Moved Permanently"), (302, "Found"), (303, "See Other"),
    (304, "Not Modified"), (305, "Use Proxy"), (307, "Temporary Redirect"), (308, "Permanent Redirect"),
    (400, "Bad Request"), (401, "Unauthorized"), (402, "Payment Required"), (403, "Forbidden"),
    (404, "Not Found"), (405, "Method Not Allowed"), (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"), (408, "Request Timeout"), (409, "Conflict"), (410, "Gone"),
    (411, "Length Required"), (412, "Precondition Failed"), (413, "Content Too Large"),
    (414, "URI Too Long"), (415, "Unsupported Media Type"), (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"), (418, "I'm a teapot"), (421, "Misdirected Request"),
    (422, "Unprocessable Content"), (423, "Locked"), (424, "Failed Dependency"), (425, "Too Early"),
    (426, "Upgrade Required"), (428, "Precondition Required"), (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"), (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"), (501, "Not Implemented"), (502, "Bad Gateway"),
    (503, "Service Unavailable"), (504, "Gateway Timeout"), (505, "HTTP Version Not Supported"),
    (506, "Variant Also Negotiates"), (507, "Insufficient Storage"), (508, "Loop Detected"),
    (511, "Network Authentication Required"),
];

/// `/status/NNN`: that status, with the fields it must have.
pub(super) fn page(visit: &Visit<'_>) -> Answer {
    let code = visit.tail.parse::<u16>().ok().filter(|_| visit.tail.len() == 3);
    let Some(code @ 100..=599) = code else { return pages::not_found() };
    let line = format!("{code} {}\n", reason(code));
    match code {
        // Only a client that asked for another protocol may be told that it begins.
        101 => pages::refused(400, "101 is an answer to a request with an Upgrade field."),
        // An interim answer is not the end: the final one follows.
        100..=199 => {
            let text = format!("Before this answer came another: {line}");
            Answer { interim: Some((code, Headers::new())), ..Answer::text(200, text) }
        }
        204 | 304 => Answer::new(code),
        205 => Answer::new(205),
        206 => {
            let range = format!("bytes 0-{}/1000", line.len() - 1);
            Answer::text(206, line).field("Content-Range", range)
        }
        300..=399 => Answer::text(code, line).field("Location", "/headers"),
        401 => Answer::text(401, line)
            .field("WWW-Authenticate", "Basic realm=\"practice\", charset=\"UTF-8\""),
        407 => Answer::text(407, line).field("Proxy-Authenticate", "Basic realm=\"practice\""),
        405 => Answer::text(405, line).field("Allow", "OPTIONS"),
        416 => Answer::text(416, line).field("Content-Range", "bytes */1000"),
        426 => {
            Answer::text(426, line).field("Upgrade", "practice/1").field("Connection", "Upgrade")
        }
        429 | 503 => Answer::text(code, line).field("Retry-After", "1"),
        _ => Answer::text(code, line),
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    #[test]
    fn a_status_comes_with_its_name_and_the_fields_it_must_have() {
        let site = talk::site();
        for (code, field) in [
            (401, "WWW-Authenticate"),
            (407, "Proxy-Authenticate"),
            (405, "Allow"),
            (302, "Location"),
            (206, "Content-Range"),
            (416, "Content-Range"),
            (426, "Upgrade"),
            (429, "Retry-After"),
            (503, "Retry-After"),
        ] {
            let answer = talk::get(&site, &format!("/status/{code}"));
            assert_eq!(answer.status, code);
            assert!(answer.field(field).is_some(), "{field} of {code}");
            assert!(answer.text().starts_with(&code.to_string()));
        }
        let teapot = talk::get(&site, "/status/418");
        assert!(teapot.head.starts_with("HTTP/1.1 418 I'm a teapot\r\n"), "{}", teapot.head);
        assert!(talk::get(&site, "/status/599").head.starts_with("HTTP/1.1 599 \r\n"));
    }

    #[test]
    fn what_has_no_content_has_none_and_the_connection_goes_on() {
        let site = talk::site();
        for (code, length) in [(204, None), (205, Some("0")), (304, None)] {
            let answers = talk::ask_all(
                &site,
                &format!(
                    "GET /status/{code} HTTP/1.1\r\nHost: a\r\n\r\n\
                     GET /status/200 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                ),
            );
            assert_eq!(answers.iter().map(|a| a.status).collect::<Vec<_>>(), [code, 200]);
            assert_eq!(answers[0].field("Content-Length"), length);
        }
    }

    #[test]
    fn an_interim_status_is_followed_by_a_final_one() {
        let site = talk::site();
        let request = "GET /status/102 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        let statuses: Vec<u16> = talk::ask_all(&site, request).iter().map(|a| a.status).collect();
        assert_eq!(statuses, [102, 200]);
        // HTTP/1.0 has no interim answers, and 101 nobody asked for.
        assert_eq!(talk::ask(&site, "GET /status/102 HTTP/1.0\r\n\r\n").status, 200);
        assert_eq!(talk::get(&site, "/status/101").status, 400);
    }
}
