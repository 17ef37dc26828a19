//! One request, read and understood (RFC 9112 section 3, RFC 9110 section 7.2).

use super::content;
use super::form;
use super::incoming::Incoming;
use crate::base::Version;
use crate::h1;
use crate::h1::head::{RequestHead, parse_request};
use cookie::Cookie;
use std::net::SocketAddr;

/// One request with its content.
#[derive(Debug)]
pub(super) struct Request {
    /// Method, target, version and fields.
    pub(super) head: RequestHead,
    /// The head as it came, byte for byte.
    pub(super) raw: Vec<u8>,
    /// The target's path.
    pub(super) path: String,
    /// What stands behind the question mark, if anything.
    pub(super) query: String,
    /// Whom the client thinks it is talking to: host, and port if it is not 80.
    pub(super) host: String,
    /// The content.
    pub(super) content: Vec<u8>,
    /// Who sent it.
    pub(super) peer: SocketAddr,
}

/// Why there is no request.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is something to answer: what came is not a request.
    Refused(Refusal),
    /// There is nobody to answer.
    Gone,
}

/// The answer to something that is not a request. The connection closes after it, because
/// where the next request would begin is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// 4xx or 5xx.
    pub(super) status: u16,
    /// A sentence for a person.
    pub(super) why: &'static str,
}

impl Refusal {
    /// A status and a sentence.
    pub(super) fn new(status: u16, why: &'static str) -> Refusal {
        Refusal { status, why }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        Trouble::Refused(refusal)
    }
}

/// Reads the next request of a connection; `None` where there is none.
pub(super) fn read(
    incoming: &mut Incoming<'_>,
    peer: SocketAddr,
) -> Result<Option<Request>, Trouble> {
    let Some(raw) = incoming.head()? else { return Ok(None) };
    let head = parse_request(&raw).map_err(|error| match error {
        h1::Error::Version => Refusal::new(505, "This site speaks HTTP/1.1 and HTTP/1.0."),
        _ => Refusal::new(400, "This is not the head of an HTTP request."),
    })?;
    let (authority, path, query) = split_target(&head)?;
    let host = host(&head, authority)?;
    let content = content::read(&head, incoming)?;
    Ok(Some(Request { head, raw, path, query, host, content, peer }))
}

/// Authority (where the target has one), path and query (RFC 9112 section 3.2).
fn split_target(head: &RequestHead) -> Result<(Option<String>, String, String), Refusal> {
    let target = head.target.as_str();
    let (authority, rest) = if target.starts_with('/') || target == "*" || head.method == "CONNECT"
    {
        (None, target)
    } else if let Some(rest) = strip_http(target) {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        (Some(authority.to_owned()), rest)
    } else {
        return Err(Refusal::new(400, "The request target is neither a path nor a URL."));
    };
    if rest.contains('#') {
        return Err(Refusal::new(400, "A fragment is not part of a request target."));
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if path.is_empty() { "/" } else { path };
    Ok((authority, path.to_owned(), query.to_owned()))
}

fn strip_http(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_once("://")?;
    scheme.eq_ignore_ascii_case("http").then_some(rest)
}

/// The host the request is for. HTTP/1.1 has exactly one Host field (RFC 9112 section 3.2);
/// an authority in the target overrules it.
fn host(head: &RequestHead, authority: Option<String>) -> Result<String, Refusal> {
    let fields = head.headers.all("Host").count();
    if fields > 1 || (fields == 0 && head.version == Version::Http11) {
        return Err(Refusal::new(400, "An HTTP/1.1 request has one Host field."));
    }
    let named = head.headers.get_str("Host").map(str::to_owned);
    let host = authority.or(named).unwrap_or_default();
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(&b);
    if host.bytes().all(allowed) && (fields == 0 || head.headers.get_str("Host").is_some()) {
        Ok(host)
    } else {
        Err(Refusal::new(400, "The Host field does not name a host."))
    }
}

impl Request {
    /// Whether the content of the answer is not wanted.
    pub(super) fn is_head(&self) -> bool {
        self.head.method == "HEAD"
    }

    /// A parameter of the query, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        form::pairs(self.query.as_bytes()).into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// A field of the form that was submitted, decoded.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        form::pairs(&self.content).into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// A cookie the client sent.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.head.headers.all("Cookie").filter_map(|v| std::str::from_utf8(v).ok());
        lines
            .flat_map(Cookie::split_parse)
            .flatten()
            .find(|cookie| cookie.name() == name)
            .map(|cookie| cookie.value().to_owned())
    }

    /// A path of this site as an absolute URL, under the name the client used.
    pub(super) fn absolute(&self, path: &str) -> String {
        if self.host.is_empty() { path.to_owned() } else { format!("http://{}{path}", self.host) }
    }

    /// Whether the connection may carry another request (RFC 9112 section 9.3).
    pub(super) fn keeps_alive(&self) -> bool {
        let says = |option: &[u8]| {
            self.head.headers.members("Connection").any(|m| m.eq_ignore_ascii_case(option))
        };
        match self.head.version {
            Version::Http11 => !says(b"close"),
            Version::Http10 => says(b"keep-alive") && !says(b"close"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    #[test]
    fn what_is_not_a_request_is_refused_by_its_fault() {
        let site = talk::site();
        let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(70_000));
        for (status, request) in [
            (400, "hello\r\n\r\n"),
            (400, "GET / HTTP/1.1\r\n\r\n"),
            (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
            (400, "GET / HTTP/1.1\r\nHost: <b>\r\n\r\n"),
            (400, "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n"),
            (400, "GET /#part HTTP/1.1\r\nHost: a\r\n\r\n"),
            (400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
            (431, &long),
            (505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        ] {
            let answer = talk::ask(&site, request);
            assert_eq!(answer.status, status, "{}", &request[..request.len().min(80)]);
            assert_eq!(answer.field("Connection"), Some("close"));
        }
    }

    #[test]
    fn a_target_may_be_a_whole_url_whose_host_counts() {
        let site = talk::site();
        let answer = talk::ask(
            &site,
            "GET http://www.example:81/redirect/absolute HTTP/1.1\r\nHost: other\r\n\
             Connection: close\r\n\r\n",
        );
        assert_eq!(answer.field("Location"), Some("http://www.example:81/headers"));
    }

    #[test]
    fn empty_lines_before_a_request_are_skipped() {
        let site = talk::site();
        let request = "\r\n\r\nGET /ip HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assert_eq!(talk::ask(&site, request).status, 200);
    }

    #[test]
    fn an_old_client_needs_no_host_and_gets_no_second_answer_unless_it_asks() {
        let site = talk::site();
        let closed = talk::ask(&site, "GET /ip HTTP/1.0\r\n\r\n");
        assert_eq!((closed.status, closed.field("Connection")), (200, Some("close")));
        let two = talk::ask_all(
            &site,
            "GET /ip HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /ip HTTP/1.0\r\n\r\n",
        );
        let fates: Vec<_> = two.iter().map(|a| a.field("Connection")).collect();
        assert_eq!(fates, [Some("keep-alive"), Some("close")]);
    }

    #[test]
    fn requests_sent_all_at_once_are_answered_in_order() {
        let site = talk::site();
        let answers = talk::ask_all(
            &site,
            "GET /status/201 HTTP/1.1\r\nHost: a\r\n\r\n\
             POST /status/202 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\
             GET /status/203 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        assert_eq!(answers.iter().map(|a| a.status).collect::<Vec<_>>(), [201, 202, 203]);
    }
}
