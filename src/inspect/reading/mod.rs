//! What the value of a field says, in one short line.
//!
//! [`of`] takes a field and what is known about its message, and answers with words for a person,
//! or with nothing where the value speaks for itself. `TABLE` has every field that is read, a
//! file each group of them.
//!
//! Values come from anybody: a reading is bounded whatever the value is, quotes little of it and
//! nothing that a terminal would obey, and never shows a secret.

mod asker;
mod caching;
mod connection;
mod content;
mod cookies;
mod cors;
mod csp;
mod hits;
mod limits;
mod links;
mod login;
mod request;
mod security;
mod text;
mod way;

#[cfg(test)]
mod tests;

use crate::base::{Headers, Method, Wall};
use url::Url;

/// Which message a field stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What was asked.
    Request,
    /// What came.
    Response,
}

/// How much content came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// As it came, framing undone.
    pub received: u64,
    /// After decoding.
    pub decoded: u64,
}

/// What is known about the message that a field stands in. Whatever is not known is left out of
/// the readings: [`About::nothing`] is enough for most.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Which message it is.
    pub side: Side,
    /// The method of the request.
    pub method: Option<&'a Method>,
    /// The URL that was asked for.
    pub url: Option<&'a Url>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// All fields of the message.
    pub headers: Option<&'a Headers>,
    /// All fields of the request, where the message is an answer.
    pub request: Option<&'a Headers>,
    /// When the request went.
    pub requested: Option<Wall>,
    /// When the answer came.
    pub received: Option<Wall>,
    /// Now.
    pub now: Wall,
    /// How much content came.
    pub sizes: Option<Sizes>,
}

impl About<'_> {
    /// An answer that nothing is known about but the time.
    pub fn nothing(now: Wall) -> About<'static> {
        About {
            side: Side::Response,
            method: None,
            url: None,
            status: None,
            headers: None,
            request: None,
            requested: None,
            received: None,
            now,
            sizes: None,
        }
    }

    /// Whether the answer came by https; `None` where that is not known.
    fn is_secure(&self) -> Option<bool> {
        self.url.map(|url| url.scheme() == "https")
    }

    /// The first value of another field of the message.
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.headers?.get(name)
    }

    /// When the answer came; now, where that is not known.
    fn came(&self) -> Wall {
        self.received.unwrap_or(self.now)
    }

    fn is_request(&self) -> bool {
        self.side == Side::Request
    }
}

/// Reads a value.
type Reading = fn(&[u8], &About<'_>) -> Option<String>;

/// What this value says; `None` where there is nothing to say, or the field is not known.
pub fn of(name: &str, value: &[u8], about: &About<'_>) -> Option<String> {
    let (_, reading) = TABLE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    reading(value.trim_ascii(), about)
}

/// Every field that is read, by group.
#[rustfmt::skip]
const TABLE: &[(&str, Reading)] = &[
    // Caching.
    ("Cache-Control", caching::control),
    ("Age", caching::age),
    ("Expires", caching::expires),
    ("Pragma", caching::pragma),
    ("ETag", caching::etag),
    ("Last-Modified", caching::last_modified),
    ("Date", caching::date),
    ("Vary", caching::vary),
    ("CDN-Cache-Control", hits::targeted),
    ("Surrogate-Control", hits::targeted),
    ("Cloudflare-CDN-Cache-Control", hits::targeted),
    ("Cache-Status", hits::status),
    ("X-Cache", hits::hit),
    ("X-Cache-Status", hits::hit),
    ("X-Proxy-Cache", hits::hit),
    ("CF-Cache-Status", hits::hit),
    ("X-Vercel-Cache", hits::hit),
    ("X-Cache-Hits", hits::hits),
    ("X-Varnish", hits::varnish),
    ("Warning", caching::warning),
    ("X-Cache-Lookup", hits::hit),
    ("X-Accel-Expires", hits::accel_expires),
    ("Cache-Tag", hits::tags),
    ("Surrogate-Key", hits::tags),
    ("No-Vary-Search", caching::no_vary_search),
    // The representation.
    ("Content-Encoding", content::encoding),
    ("Content-Length", content::length),
    ("Content-Type", content::media_type),
    ("Content-Range", content::range),
    ("Content-Disposition", content::disposition),
    ("Content-Language", content::language),
    ("Content-Location", content::location),
    ("Content-MD5", content::md5),
    ("Accept-Ranges", content::accept_ranges),
    ("Repr-Digest", content::digest),
    ("Content-Digest", content::digest),
    ("Digest", content::digest),
    ("Want-Repr-Digest", content::digest),
    ("Want-Content-Digest", content::digest),
    ("Want-Digest", content::digest),
    ("Memento-Datetime", content::memento),
    ("MIME-Version", content::mime_version),
    ("X-Content-Type-Options", content::no_sniff),
    // The connection, and the message as a whole.
    ("Transfer-Encoding", connection::transfer_encoding),
    ("Connection", connection::connection),
    ("Proxy-Connection", connection::proxy_connection),
    ("Keep-Alive", connection::keep_alive),
    ("Upgrade", connection::upgrade),
    ("Trailer", connection::trailer),
    ("TE", connection::te),
    ("Alt-Svc", connection::alt_svc),
    ("Server", connection::server),
    ("X-Powered-By", connection::powered_by),
    ("Server-Timing", connection::server_timing),
    ("X-Runtime", connection::runtime),
    ("traceparent", connection::traceparent),
    ("Early-Data", connection::early_data),
    // Who stood on the way.
    ("Via", way::via),
    ("X-Forwarded-For", way::forwarded_for),
    ("Forwarded", way::forwarded),
    ("X-Real-IP", way::client),
    ("True-Client-IP", way::client),
    ("CF-Connecting-IP", way::client),
    ("X-Forwarded-Host", way::forwarded_host),
    ("X-Forwarded-Proto", way::forwarded_proto),
    ("CF-Ray", way::cf_ray),
    ("CF-Mitigated", way::mitigated),
    ("X-Amz-Cf-Pop", way::amazon_pop),
    ("X-Served-By", way::served_by),
    ("X-Timer", way::timer),
    ("CDN-Loop", way::cdn_loop),
    ("Proxy-Status", way::proxy_status),
    ("Signature-Input", way::signature_input),
    // Where to go, and when.
    ("Location", links::location),
    ("Refresh", links::refresh),
    ("Link", links::link),
    ("Allow", links::allow),
    ("Accept-Patch", links::accepted),
    ("Accept-Post", links::accepted),
    ("X-Robots-Tag", links::robots),
    ("Deprecation", links::deprecation),
    ("Sunset", links::sunset),
    ("SourceMap", links::source_map),
    ("Retry-After", limits::retry_after),
    ("RateLimit", limits::rate_limit),
    ("RateLimit-Policy", limits::policy),
    ("RateLimit-Limit", limits::limit),
    ("RateLimit-Remaining", limits::remaining),
    ("RateLimit-Reset", limits::reset),
    ("X-RateLimit-Limit", limits::limit),
    ("X-RateLimit-Remaining", limits::remaining),
    ("X-RateLimit-Reset", limits::reset),
    ("X-Rate-Limit-Limit", limits::limit),
    ("X-Rate-Limit-Remaining", limits::remaining),
    ("X-Rate-Limit-Reset", limits::reset),
    ("X-RateLimit-Used", limits::used),
    // Cookies and logins.
    ("Set-Cookie", cookies::set_cookie),
    ("Cookie", cookies::cookie),
    ("Set-Cookie2", cookies::obsolete),
    ("Cookie2", cookies::obsolete),
    ("Authorization", login::authorization),
    ("Proxy-Authorization", login::authorization),
    ("WWW-Authenticate", login::challenge),
    ("Optional-WWW-Authenticate", login::optional),
    ("Proxy-Authenticate", login::challenge),
    ("Authentication-Info", login::info),
    ("Proxy-Authentication-Info", login::info),
    // What browsers are told to do.
    ("Strict-Transport-Security", security::hsts),
    ("Content-Security-Policy", csp::csp),
    ("Content-Security-Policy-Report-Only", csp::csp_report_only),
    ("X-Frame-Options", security::frame_options),
    ("Referrer-Policy", security::referrer_policy),
    ("Permissions-Policy", security::permissions_policy),
    ("Feature-Policy", security::feature_policy),
    ("Cross-Origin-Opener-Policy", security::opener_policy),
    ("Cross-Origin-Embedder-Policy", security::embedder_policy),
    ("Cross-Origin-Resource-Policy", security::resource_policy),
    ("Cross-Origin-Opener-Policy-Report-Only", security::opener_report_only),
    ("Cross-Origin-Embedder-Policy-Report-Only", security::embedder_report_only),
    ("X-Content-Security-Policy", csp::old_csp),
    ("X-WebKit-CSP", csp::old_csp),
    ("X-UA-Compatible", security::compatible),
    ("Speculation-Rules", security::speculation_rules),
    ("Origin-Agent-Cluster", security::agent_cluster),
    ("X-XSS-Protection", security::xss_protection),
    ("X-Permitted-Cross-Domain-Policies", security::cross_domain),
    ("X-Download-Options", security::download_options),
    ("X-DNS-Prefetch-Control", security::dns_prefetch),
    ("Clear-Site-Data", security::clear_site_data),
    ("NEL", security::nel),
    ("Report-To", security::report_to),
    ("Reporting-Endpoints", security::reporting_endpoints),
    ("Expect-CT", security::expect_ct),
    ("Public-Key-Pins", security::key_pins),
    ("Public-Key-Pins-Report-Only", security::key_pins),
    ("Timing-Allow-Origin", security::timing_allow_origin),
    ("Accept-CH", security::accept_ch),
    ("Critical-CH", security::accept_ch),
    ("Service-Worker-Allowed", security::service_worker),
    ("Access-Control-Allow-Origin", cors::origin),
    ("Access-Control-Allow-Credentials", cors::credentials),
    ("Access-Control-Allow-Methods", cors::methods),
    ("Access-Control-Allow-Headers", cors::headers),
    ("Access-Control-Expose-Headers", cors::exposed),
    ("Access-Control-Max-Age", cors::max_age),
    ("Access-Control-Request-Method", cors::request_method),
    ("Access-Control-Request-Headers", cors::request_headers),
    ("Access-Control-Allow-Private-Network", cors::private_network),
    // What is asked.
    ("Host", request::host),
    ("Accept", request::accept),
    ("Accept-Encoding", request::accept_encoding),
    ("Accept-Language", request::accept_language),
    ("Accept-Charset", request::accept_charset),
    ("User-Agent", asker::user_agent),
    ("Range", request::range),
    ("If-None-Match", request::if_none_match),
    ("If-Match", request::if_match),
    ("If-Modified-Since", request::if_modified_since),
    ("If-Unmodified-Since", request::if_unmodified_since),
    ("If-Range", request::if_range),
    ("Referer", asker::referer),
    ("Origin", asker::origin),
    ("Sec-Fetch-Site", asker::fetch_site),
    ("Sec-Fetch-Mode", asker::fetch_mode),
    ("Sec-Fetch-Dest", asker::fetch_dest),
    ("Sec-Fetch-User", asker::fetch_user),
    ("Prefer", request::prefer),
    ("Preference-Applied", request::prefer),
    ("Priority", request::priority),
    ("Expect", request::expect),
    ("Max-Forwards", request::max_forwards),
    ("From", asker::from),
    ("DNT", asker::do_not_track),
    ("Sec-GPC", asker::privacy_control),
    ("Upgrade-Insecure-Requests", asker::upgrade_insecure),
    ("X-Requested-With", asker::requested_with),
    ("Purpose", asker::purpose),
    ("Sec-Purpose", asker::purpose),
    ("Save-Data", asker::save_data),
    ("Accept-Datetime", request::accept_datetime),
    ("Last-Event-ID", request::last_event),
    ("Idempotency-Key", request::idempotency_key),
    ("X-HTTP-Method-Override", request::method_override),
    ("HTTP2-Settings", request::http2_settings),
    ("Sec-CH-UA", asker::brands),
    ("Sec-CH-UA-Full-Version-List", asker::brands),
    ("Sec-CH-UA-Mobile", asker::mobile),
    ("Sec-WebSocket-Protocol", request::websocket_protocol),
];
