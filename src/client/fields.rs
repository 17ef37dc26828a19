//! The field lines of a request, complete and in curl's order.
//!
//! `Host`, `Authorization`, `Range`, `User-Agent`, `Accept`, `Accept-Encoding`, `Referer`,
//! `Cookie`, then what the person added, then what describes the content. Servers
//! and bot walls look at the order; people compare it with curl's. Unlike curl's,
//! the jar's cookies and a `Cookie` field that was added make one line.

use super::{Address, Fetch, Login, Proxy};
use crate::auth;
use crate::base::{Content, Headers, Method, Scheme, Version};
use crate::coding;

/// Content from which on `Expect: 100-continue` is sent, as in curl: a refusal then saves more
/// than the round trip costs.
const EXPECT_FROM: u64 = 1024 * 1024;

/// One `-H`: what a person says about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderLine {
    /// `Name: value`, in place of the client's own; the name goes out as it was written.
    Set(String, String),
    /// `Name:`, the client's own is left out.
    Remove(String),
    /// `Name;`, sent without a value.
    Empty(String),
}

impl HeaderLine {
    fn name(&self) -> &str {
        match self {
            HeaderLine::Set(name, _) | HeaderLine::Remove(name) | HeaderLine::Empty(name) => name,
        }
    }

    /// The host that a `Host` line names.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            HeaderLine::Set(_, value) if self.is("Host") => Some(value),
            _ => None,
        }
    }

    /// Appends the line, if it is one.
    fn push_to(&self, headers: &mut Headers) {
        match self {
            HeaderLine::Set(name, value) => headers.push(name, value),
            HeaderLine::Empty(name) => headers.push(name, ""),
            HeaderLine::Remove(_) => {}
        }
    }

    /// Whether it speaks of the field `name`.
    pub fn is(&self, name: &str) -> bool {
        self.name().trim().eq_ignore_ascii_case(name)
    }
}

/// What `Referer` says (RFC 9110 section 10.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referer {
    /// What the person gave, sent on the first hop, and on all where not `auto`.
    pub given: Option<String>,
    /// Whether a followed redirect names the page before.
    pub auto: bool,
}

/// What a hop adds to what was wanted.
pub(super) struct HopFacts<'h> {
    pub(super) address: &'h Address,
    /// The page before, on a followed redirect.
    pub(super) previous: Option<&'h Address>,
    /// The method that the rules of redirects have come to.
    pub(super) method: &'h Method,
    /// What the request logs in with.
    pub(super) authorization: Option<Vec<u8>>,
    pub(super) content: &'h Content,
    /// The content is held back, and so is what the person says of it.
    pub(super) withheld: bool,
    /// The jar's `Cookie` value.
    pub(super) cookies: Option<Vec<u8>>,
    /// Whether a proxy forwards it.
    pub(super) forwarded: bool,
    /// What that is logged in to with.
    pub(super) proxy_authorization: Option<Vec<u8>>,
    /// Whether this hop is still at the origin the secrets were given for.
    pub(super) trusted: bool,
}

/// The complete field lines of one hop.
pub(super) fn compose(fetch: &Fetch, hop: &HopFacts<'_>) -> Headers {
    let dropped = hop.withheld || (hop.content.is_none() && !fetch.content.is_none());
    let mut lines = Lines {
        fetch,
        trusted: hop.trusted,
        forwarded: hop.forwarded,
        has_content: !dropped,
        cookie_written: false,
        connection_written: false,
        out: Headers::new(),
    };
    lines.host(hop);
    if let Some(login) = &hop.proxy_authorization {
        lines.for_proxy("Proxy-Authorization", login);
    }
    if let Some(login) = &hop.authorization {
        lines.own("Authorization", login);
    }
    lines.range(hop.method);
    if let Some(agent) = fetch.user_agent.as_deref().filter(|agent| !agent.is_empty()) {
        lines.own("User-Agent", agent);
    }
    lines.own("Accept", "*/*");
    if fetch.transfer_codings {
        lines.transfer_codings();
    }
    if fetch.compressed {
        lines.own("Accept-Encoding", coding::ACCEPT_ENCODING);
    }
    if let Some(referer) = referer(fetch, hop) {
        lines.own("Referer", referer);
    }
    if hop.forwarded {
        lines.for_proxy("Proxy-Connection", "Keep-Alive");
    }
    if hop.content.length().is_none() && fetch.version == Version::Http11 {
        lines.own("Transfer-Encoding", "chunked");
    }
    lines.cookie(hop);
    if let Some(condition) = fetch.condition {
        let (name, value) = condition.field();
        lines.own(name, value);
    }
    lines.added();
    if hop.forwarded {
        fetch.proxies.headers.iter().for_each(|line| line.push_to(&mut lines.out));
    }
    lines.content(hop.content);
    lines.out
}

/// The complete field lines of a CONNECT: nothing of the request that goes through, and what
/// the person says about the fields for the proxy.
pub(super) fn compose_tunnel(
    fetch: &Fetch,
    proxy: &Proxy,
    authority: &str,
    proof: Option<&[u8]>,
) -> Headers {
    let said = &fetch.proxies.headers;
    let mut headers = Headers::new();
    let mut own = |name: &str, value: &[u8]| {
        if !said.iter().any(|line| line.is(name)) {
            headers.push(name, value);
        }
    };
    own("Host", authority.as_bytes());
    if let Some(login) = proxy_login(fetch, proxy, proof) {
        own("Proxy-Authorization", &login);
    }
    if let Some(agent) = fetch.user_agent.as_deref().filter(|agent| !agent.is_empty()) {
        own("User-Agent", agent.as_bytes());
    }
    own("Proxy-Connection", b"Keep-Alive");
    said.iter().for_each(|line| line.push_to(&mut headers));
    headers
}

/// What a proxy is logged in to with: the proof that it asked for, or what is said unasked.
pub(super) fn proxy_login(fetch: &Fetch, proxy: &Proxy, proof: Option<&[u8]>) -> Option<Vec<u8>> {
    let unasked = proxy.credentials.as_ref().filter(|_| fetch.proxies.login == Login::Basic);
    let basic = || unasked.map(|login| auth::basic(&login.user, &login.password).into_bytes());
    proof.map(<[u8]>::to_vec).or_else(basic)
}

/// Field lines being written.
struct Lines<'f> {
    fetch: &'f Fetch,
    trusted: bool,
    forwarded: bool,
    /// False where a redirect dropped the content.
    has_content: bool,
    /// Whether the `Cookie` line stands there, with all that was written.
    cookie_written: bool,
    /// Likewise the `Connection` line.
    connection_written: bool,
    out: Headers,
}

/// Fields that describe content, and go with it (RFC 9110 section 15.4).
const OF_CONTENT: [&str; 7] = [
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Type",
    "Expect",
    "Transfer-Encoding",
];

impl Lines<'_> {
    /// A line of the client's own, unless the person said something about that field.
    fn own(&mut self, name: &str, value: impl AsRef<[u8]>) {
        if !self.spoken_of(name) {
            self.out.push(name, value);
        }
    }

    /// Likewise, and unless the person said something about it as a field for the proxy.
    fn for_proxy(&mut self, name: &str, value: impl AsRef<[u8]>) {
        if !self.fetch.proxies.headers.iter().any(|line| line.is(name)) {
            self.own(name, value);
        }
    }

    fn spoken_of(&self, name: &str) -> bool {
        self.fetch.headers.iter().any(|line| line.is(name) && self.may_send(line))
    }

    /// Secrets that were written as fields stay with the origin they were written for; those for
    /// a proxy go to the proxy on every hop, and to no other origin.
    fn may_send(&self, line: &HeaderLine) -> bool {
        let for_proxy = line.is("Proxy-Authorization");
        let secret = ["Authorization", "Cookie", "Host"].iter().any(|name| line.is(name));
        self.trusted || (for_proxy && self.forwarded) || !(secret || for_proxy)
    }

    /// Which part is asked for, or sent.
    fn range(&mut self, method: &Method) {
        if [Method::POST, Method::PUT].contains(method) {
            if let Some(range) = &self.fetch.content_range {
                self.own("Content-Range", format!("bytes {range}"));
            }
        } else if let Some(range) = &self.fetch.range {
            self.own("Range", format!("bytes={range}"));
            if let Some(validator) = &self.fetch.if_range {
                self.own("If-Range", validator);
            }
        }
    }

    /// `Host` comes first, also where the person wrote it (RFC 9112 section 3.2).
    fn host(&mut self, hop: &HopFacts<'_>) {
        let given = self.fetch.headers.iter().find(|line| line.is("Host") && self.may_send(line));
        match given {
            Some(HeaderLine::Set(_, value)) => self.out.push("Host", value),
            Some(HeaderLine::Empty(_)) => self.out.push("Host", ""),
            Some(HeaderLine::Remove(_)) => {}
            None => self.out.push("Host", hop.address.host_field()),
        }
    }

    /// `TE`, and `Connection` with it, which then holds what was written as that field too
    /// (RFC 9110 section 10.1.4). Who writes a `TE` of their own writes both.
    fn transfer_codings(&mut self) {
        if self.spoken_of("TE") {
            return;
        }
        self.connection_written = true;
        let mut options: Vec<&str> = Vec::new();
        for line in &self.fetch.headers {
            match line {
                HeaderLine::Set(_, value) if line.is("Connection") => options.push(value),
                _ => {}
            }
        }
        options.push("TE");
        self.out.push("Connection", options.join(", "));
        self.out.push("TE", "gzip");
    }

    /// One `Cookie` line (RFC 6265 section 5.4): the jar's, then what was written as a field, or
    /// else what was given as text. A field alone stays where it was written.
    fn cookie(&mut self, hop: &HopFacts<'_>) {
        self.cookie_written = true;
        if hop.cookies.is_none() && self.spoken_of("Cookie") {
            self.cookie_written = false;
            return;
        }
        let mut parts: Vec<&[u8]> = Vec::new();
        parts.extend(hop.cookies.as_deref());
        if self.trusted {
            let written = || self.fetch.headers.iter().filter(|line| line.is("Cookie"));
            let text = self.fetch.cookie_text.as_deref().filter(|_| written().next().is_none());
            parts.extend(text.map(str::as_bytes));
            parts.extend(written().filter_map(|line| match line {
                HeaderLine::Set(_, value) => Some(value.as_bytes()),
                HeaderLine::Empty(_) => Some(&b""[..]),
                HeaderLine::Remove(_) => None,
            }));
        }
        if !parts.is_empty() {
            self.out.push("Cookie", parts.join(&b"; "[..]));
        }
    }

    /// What the person added, in their order.
    fn added(&mut self) {
        for line in &self.fetch.headers {
            let done = (self.cookie_written && line.is("Cookie"))
                || (self.connection_written && line.is("Connection"));
            let of_content = !self.has_content && OF_CONTENT.iter().any(|name| line.is(name));
            if !self.may_send(line) || line.is("Host") || done || of_content {
                continue;
            }
            line.push_to(&mut self.out);
        }
    }

    fn content(&mut self, content: &Content) {
        if content.is_none() {
            return;
        }
        if let Some(length) = content.length() {
            if !self.has_content {
                // Held back: what the person said of the length is true of the next request.
                self.out.push("Content-Length", length.to_string());
            } else if !is_chunked(&self.out) {
                self.own("Content-Length", length.to_string());
            }
        }
        if let Some(media_type) = &self.fetch.content_type {
            self.own("Content-Type", media_type);
        }
        if self.fetch.version == Version::Http11
            && content.length().is_none_or(|length| length > EXPECT_FROM)
        {
            self.own("Expect", "100-continue");
        }
    }
}

/// Whether the content behind these fields goes in chunks (RFC 9112 section 7.1).
pub(super) fn is_chunked(headers: &Headers) -> bool {
    headers.members("Transfer-Encoding").any(|member| member.eq_ignore_ascii_case(b"chunked"))
}

fn referer(fetch: &Fetch, hop: &HopFacts<'_>) -> Option<String> {
    match hop.previous {
        // Where a page was fetched securely is nobody's business on an open line.
        Some(previous)
            if previous.origin.scheme == Scheme::Https
                && hop.address.origin.scheme == Scheme::Http =>
        {
            None
        }
        Some(previous) if fetch.referer.auto => Some(previous.absolute_form().to_string()),
        _ => fetch.referer.given.clone(),
    }
}
