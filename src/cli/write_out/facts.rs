//! What is known of a transfer when it is over, by curl's names.

use super::sums::{Heads, Sums};
use super::urls;
use crate::base::{Headers, Version, Wall};
use crate::cli::exit::{Failure, code};
use crate::cli::retry::Outcome;
use crate::client::{Address, Hop, Unanswered, last_modified};
use crate::net::{Established, Opened};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// What a transfer was like.
#[derive(Debug)]
pub(in crate::cli) struct Facts {
    /// The URL as it was typed, patterns expanded.
    pub(in crate::cli) url: String,
    /// The number of the URL, or of the pattern it is of, from 0.
    pub(in crate::cli) urlnum: usize,
    /// Its number in the run, from 0.
    pub(in crate::cli) number: usize,
    /// How it ended.
    pub(in crate::cli) exit: u8,
    /// Why, if not well.
    pub(in crate::cli) message: String,
    /// The URL that was made https of it.
    pub(in crate::cli) secured: Option<String>,
    /// The file that was written.
    pub(in crate::cli) file: Option<PathBuf>,
    /// Tries before the last one.
    pub(in crate::cli) retries: u32,
    /// The last status that a proxy answered to CONNECT; 0 where none did.
    pub(in crate::cli) connect_status: u16,
    sums: Sums,
    heads: Heads,
    last: Option<Hop>,
    /// The exchange behind the last hop, where it got no answer.
    lost: Option<Unanswered>,
}

impl Facts {
    pub(in crate::cli) fn new(url: String, number: usize) -> Facts {
        Facts {
            url,
            urlnum: number,
            number,
            exit: 0,
            message: String::new(),
            secured: None,
            file: None,
            retries: 0,
            connect_status: 0,
            sums: Sums::default(),
            heads: Heads::default(),
            last: None,
            lost: None,
        }
    }

    /// Takes how the transfer ended.
    pub(in crate::cli) fn ended(&mut self, ended: &Result<(), Failure>) {
        if let Err(failure) = ended {
            self.exit = failure.code;
            self.message.clone_from(&failure.message);
        }
    }

    /// Takes a head that came, or the sound part of one.
    pub(in crate::cli) fn head(&mut self, raw: &[u8]) {
        self.heads.count(raw);
        let version = if raw.starts_with(b"HTTP/1.0 ") { Version::Http10 } else { Version::Http11 };
        let status = raw.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(status) = status.and_then(|digits| digits.parse().ok()) {
            (self.heads.status, self.heads.version) = (status, Some(version));
        }
    }

    /// Takes what was said about a tunnel.
    pub(in crate::cli) fn tunnel(&mut self, opened: &Opened) {
        if opened.status != 0 {
            self.connect_status = opened.status;
        }
        self.heads.asked += opened.sent.len() as u64;
        self.heads.count(&opened.heads);
    }

    /// Takes a hop that is over. Only the last one is kept.
    pub(in crate::cli) fn take(&mut self, hop: Hop) {
        self.sums.sent_bytes += hop.sent.len() as u64 + hop.uploaded;
        self.sums.take(&hop.timings, hop.established.as_ref().filter(|_| !hop.reused));
        self.last = Some(hop);
        self.lost = None;
    }

    /// Takes an exchange that got no answer.
    pub(in crate::cli) fn lose(&mut self, lost: Unanswered) {
        let tunnel = lost.established.as_ref().and_then(|made| made.tunnel.as_ref());
        // A refusal was told of when it came, and an open tunnel with the request through it.
        let untold = |opened: &&Opened| matches!(opened.status, 0 | 200..300);
        if let Some(opened) = tunnel.filter(untold).filter(|_| lost.sent.is_empty()) {
            self.tunnel(opened);
        }
        self.sums.sent_bytes += lost.sent.len() as u64 + lost.uploaded;
        self.sums.take(&lost.timings, lost.established.as_ref().filter(|_| !lost.reused));
        self.lost = Some(lost);
    }

    /// The last hop, if nothing came behind it.
    fn answer(&self) -> Option<&Hop> {
        self.last.as_ref().filter(|_| self.lost.is_none())
    }

    /// The last connection there was.
    fn established(&self) -> Option<&Established> {
        let lost = self.lost.as_ref().and_then(|lost| lost.established.as_ref());
        lost.or(self.last.as_ref().and_then(|hop| hop.established.as_ref()))
    }

    /// How it ended, for whoever may try again.
    pub(in crate::cli) fn outcome(&self) -> Outcome {
        let status = self.answer().map_or(0, |hop| hop.head.status);
        Outcome { exit: self.exit, status, retry_after: self.header("Retry-After") }
    }

    /// When the content was last modified, as the server says.
    pub(in crate::cli) fn last_modified(&self) -> Option<Wall> {
        last_modified(&self.answer()?.head)
    }

    /// The first value of a field of the last head, as text; empty where there is none.
    pub(in crate::cli) fn header(&self, name: &str) -> String {
        String::from_utf8_lossy(self.header_bytes(name)).into_owned()
    }

    /// The same as it came.
    pub(super) fn header_bytes(&self, name: &str) -> &[u8] {
        self.answer().and_then(|hop| hop.head.headers.get(name)).unwrap_or_default()
    }

    /// All values of a field of the last head as they came, with something between them.
    pub(super) fn headers(&self, name: &str, between: &str) -> Vec<u8> {
        let values = self.answer().into_iter().flat_map(|hop| hop.head.headers.all(name));
        values.collect::<Vec<_>>().join(between.as_bytes())
    }

    /// What is written for a variable; `None` for a name that means nothing.
    pub(super) fn written(&self, name: &str) -> Option<Vec<u8>> {
        match (name, &self.last) {
            // As it came, like every other field.
            ("content_type", Some(hop)) => {
                Some(hop.head.headers.get("Content-Type").unwrap_or_default().to_vec())
            }
            _ => self.variable(name).map(String::into_bytes),
        }
    }

    /// A variable's text; `None` for a name that means nothing.
    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "json" => return Some(self.json()),
            "header_json" => {
                return Some(header_json(self.answer().map(|hop| &hop.head.headers)));
            }
            _ => {}
        }
        if let Some(time) = self.time(name) {
            return Some(seconds(time));
        }
        Some(match (name, self.known(name)?) {
            // Statuses have three digits, also where there is none.
            ("http_code" | "response_code" | "http_connect", status) => {
                format!("{:03}", status.as_u64().unwrap_or(0))
            }
            (_, Value::String(text)) => text,
            (_, Value::Null) => String::new(),
            (_, other) => other.to_string(),
        })
    }

    /// Everything, for `%{json}`.
    fn json(&self) -> String {
        let text = |name: &str| match self.time(name) {
            // As a number with six digits, which no serializer would leave so.
            Some(time) => Some(seconds(time)),
            None => self.known(name).map(|value| value.to_string()),
        };
        let member = |name: &&str| Some(format!("{}:{}", json!(name), text(name)?));
        let members: Vec<String> = NAMES.iter().filter_map(member).collect();
        format!("{{{}}}", members.join(","))
    }

    /// The variables that are no times.
    fn known(&self, name: &str) -> Option<Value> {
        match name.split_once('.') {
            Some(("url", part)) => Some(json!(urls::part(&self.url, part)?)),
            Some(("urle", part)) => Some(json!(urls::part(&self.asked(), part)?)),
            _ => self.value(name),
        }
    }

    /// The URL that was asked for last.
    fn asked(&self) -> String {
        let lost = self.lost.as_ref().map(|lost| &lost.asked);
        let asked = lost.or(self.last.as_ref().map(|hop| &hop.asked));
        asked.or(self.secured.as_ref()).unwrap_or(&self.url).clone()
    }

    fn total(&self) -> Duration {
        self.sums.began.map_or(Duration::ZERO, |began| self.sums.ended - began)
    }

    /// The certificates that the server showed.
    fn chain(&self) -> &[Box<[u8]>] {
        let made = self.last.as_ref().and_then(|hop| hop.established.as_ref());
        let tls = made.and_then(|made| made.tls.as_ref());
        tls.map_or(&[], |tls| &tls.chain)
    }

    /// What became of their check; where it ended the transfer, there is no more than that to say.
    fn verdict(&self) -> u32 {
        let made = self.last.as_ref().and_then(|hop| hop.established.as_ref());
        let tls = made.and_then(|made| made.tls.as_ref());
        tls.map_or(u32::from(self.exit == code::CERTIFICATE), |tls| tls.verdict)
    }

    /// The variables that are times.
    fn time(&self, name: &str) -> Option<Duration> {
        let sums = &self.sums;
        Some(match name {
            "time_namelookup" => sums.lookup,
            "time_connect" => sums.connect,
            "time_appconnect" => sums.secure,
            "time_pretransfer" => sums.ready,
            "time_starttransfer" => sums.first_byte,
            "time_redirect" => sums.redirects,
            "time_posttransfer" => sums.sent,
            // Nothing is begun before there is room for it.
            "time_queue" => Duration::ZERO,
            "time_total" => self.total(),
            _ => return None,
        })
    }

    /// The others.
    fn value(&self, name: &str) -> Option<Value> {
        let (sums, last) = (&self.sums, self.last.as_ref());
        let head = last.map(|hop| &hop.head);
        let (lost, made) = (self.lost.as_ref(), self.established());
        let (local, peer) = (made.and_then(|made| made.local), made.and_then(|made| made.peer));
        let received = self.answer().map_or(0, |hop| hop.received);
        let uploaded = lost.map(|lost| lost.uploaded).or(last.map(|hop| hop.uploaded)).unwrap_or(0);
        let method = lost.map(|lost| &lost.method).or(last.map(|hop| &hop.method));
        let sent = lost.map(|lost| &lost.sent).or(last.map(|hop| &hop.sent));
        let url = lost.map(|lost| &lost.url).or(last.map(|hop| &hop.url));
        Some(match name {
            "content_type" => json!(head.and_then(|head| head.headers.get_str("Content-Type"))),
            "errormsg" => json!((self.exit != 0).then_some(&self.message)),
            "exitcode" => json!(self.exit),
            "filename_effective" => {
                json!(self.file.as_ref().map(|path| path.to_string_lossy()))
            }
            "http_code" | "response_code" => {
                // What was not asked for counts as not modified, whatever the server called it.
                let status = |hop: &Hop| if hop.unmet { 304 } else { hop.head.status };
                json!(self.answer().map_or(self.heads.status, status))
            }
            "http_connect" => json!(self.connect_status),
            "num_retries" => json!(self.retries),
            "proxy_used" => json!(u8::from(made.is_some_and(|made| made.proxied))),
            "ssl_verify_result" => json!(self.verdict()),
            "proxy_ssl_verify_result" => json!(0),
            "num_certs" => json!(self.chain().len()),
            "certs" => json!(self.chain().iter().map(|der| pem(der)).collect::<String>()),
            "http_version" => {
                json!(match self.answer().map(|hop| hop.head.version).or(self.heads.version) {
                    Some(Version::Http10) => "1.0",
                    Some(Version::Http11) => "1.1",
                    None => "0",
                })
            }
            "local_ip" => json!(local.map_or_else(String::new, |local| local.ip().to_string())),
            "local_port" => json!(local.map_or(0, |local| local.port())),
            "remote_ip" => json!(peer.map_or_else(String::new, |peer| peer.ip().to_string())),
            "remote_port" => json!(peer.map_or(0, |peer| peer.port())),
            "method" => json!(method.map(|method| method.as_str().to_owned())),
            "num_connects" => json!(sums.connects),
            "num_headers" => json!(self.heads.fields),
            "num_redirects" => json!(sums.hops.saturating_sub(1)),
            "redirect_url" => json!(self.answer().and_then(redirect_url)),
            "referer" => json!(sent.and_then(|sent| sent_referer(sent))),
            "scheme" => json!(url.filter(|_| made.is_some()).map(|url| url.scheme().to_owned())),
            "size_download" => json!(received),
            "size_header" => json!(self.heads.bytes),
            "size_request" => json!(sums.sent_bytes + self.heads.asked),
            "size_upload" => json!(uploaded),
            "speed_download" => json!(speed(received, self.total())),
            "speed_upload" => json!(speed(uploaded, self.total())),
            "url" => json!(self.url),
            "url_effective" => json!(self.asked()),
            "urlnum" => json!(self.urlnum),
            "xfer_id" => json!(self.number),
            "conn_id" => match made {
                Some(made) => json!(made.number),
                None => json!(-1),
            },
            "tls_earlydata" => json!(0),
            "ftp_entry_path" => Value::Null,
            "curl_version" => json!(concat!("cruller/", env!("CARGO_PKG_VERSION"))),
            _ => return None,
        })
    }
}

/// Every variable that `%{json}` holds, in curl's order.
const NAMES: [&str; 68] = [
    "certs",
    "conn_id",
    "content_type",
    "errormsg",
    "exitcode",
    "filename_effective",
    "ftp_entry_path",
    "http_code",
    "http_connect",
    "http_version",
    "local_ip",
    "local_port",
    "method",
    "num_certs",
    "num_connects",
    "num_headers",
    "num_redirects",
    "num_retries",
    "proxy_ssl_verify_result",
    "proxy_used",
    "redirect_url",
    "referer",
    "remote_ip",
    "remote_port",
    "response_code",
    "scheme",
    "size_download",
    "size_header",
    "size_request",
    "size_upload",
    "speed_download",
    "speed_upload",
    "ssl_verify_result",
    "time_appconnect",
    "time_connect",
    "time_namelookup",
    "time_posttransfer",
    "time_pretransfer",
    "time_queue",
    "time_redirect",
    "time_starttransfer",
    "time_total",
    "tls_earlydata",
    "url",
    "url.fragment",
    "url.host",
    "url.options",
    "url.password",
    "url.path",
    "url.port",
    "url.query",
    "url.scheme",
    "url.user",
    "url.zoneid",
    "url_effective",
    "urle.fragment",
    "urle.host",
    "urle.options",
    "urle.password",
    "urle.path",
    "urle.port",
    "urle.query",
    "urle.scheme",
    "urle.user",
    "urle.zoneid",
    "urlnum",
    "xfer_id",
    "curl_version",
];

/// Seconds with six digits, as curl writes them.
fn seconds(time: Duration) -> String {
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}

/// A certificate in PEM (RFC 7468).
fn pem(der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n");
    let lines: String = lines.collect();
    format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
}

/// Bytes a second.
fn speed(bytes: u64, time: Duration) -> u64 {
    let micros = time.as_micros().max(1);
    u64::try_from(u128::from(bytes) * 1_000_000 / micros).unwrap_or(u64::MAX)
}

/// Where a redirect that was not followed leads.
fn redirect_url(hop: &Hop) -> Option<String> {
    let location = crate::client::location(&hop.head)?;
    let here = Address::parse(&hop.asked).ok()?;
    match here.join(location) {
        Ok(there) => Some(there.to_string()),
        // To another protocol: it is told, if not followed.
        Err(_) => url::Url::parse(std::str::from_utf8(location).ok()?).ok().map(String::from),
    }
}

fn sent_referer(sent: &[u8]) -> Option<String> {
    let sent = String::from_utf8_lossy(sent);
    let mut lines = sent.lines();
    lines.find_map(|line| line.strip_prefix("Referer: ").map(str::to_owned))
}

/// The fields of a head as one object: names in lower case and in order, each with its values.
fn header_json(headers: Option<&Headers>) -> String {
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for field in headers.iter().flat_map(|headers| headers.iter()) {
        let name = field.name.to_ascii_lowercase();
        let value = String::from_utf8_lossy(field.value).into_owned();
        match fields.iter_mut().find(|(seen, _)| *seen == name) {
            Some((_, values)) => values.push(value),
            None => fields.push((name, vec![value])),
        }
    }
    let lines: Vec<String> =
        fields.iter().map(|(name, values)| format!("{}:{}", json!(name), json!(values))).collect();
    format!("{{{}\n}}", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_that_never_began_has_a_value_for_every_name() {
        let facts = Facts::new("http://h.example:81/x?y#z".to_owned(), 3);
        for name in NAMES {
            assert!(facts.variable(name).is_some(), "{name}");
        }
        assert_eq!(facts.variable("http_code").as_deref(), Some("000"));
        assert_eq!(facts.variable("urlnum").as_deref(), Some("3"));
        assert_eq!(facts.variable("time_total").as_deref(), Some("0.000000"));
        assert_eq!(facts.variable("url.port").as_deref(), Some("81"));
        assert_eq!(facts.variable("response_code").as_deref(), Some("000"));
        assert_eq!(facts.variable("conn_id").as_deref(), Some("-1"));
        assert_eq!(facts.variable("nonsense"), None);
    }

    #[test]
    fn all_of_them_make_one_object_with_plain_numbers() {
        let facts = Facts::new("http://h.example/".to_owned(), 0);
        let text = facts.variable("json").unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(all.as_object().map(serde_json::Map::len), Some(NAMES.len()));
        assert_eq!(all["url.host"], json!("h.example"));
        assert!(text.contains("\"http_code\":0,") && text.contains("\"time_total\":0.000000,"));
        assert!(text.contains("\"url.user\":null,"), "{text}");
    }

    #[test]
    fn fields_are_grouped_by_their_names() {
        let headers = [("B", "1"), ("A", "\"2\""), ("b", "3")].into_iter().collect();
        let text = header_json(Some(&headers));
        assert_eq!(text, "{\"b\":[\"1\",\"3\"],\n\"a\":[\"\\\"2\\\"\"]\n}");
    }
}
