//! The names in IANA's registry "HTTP Field Names", by standing; of those that `fields.txt` does not
//! have it is all that is known. As it stood in the middle of 2025, with what RFC 10008 added since.

use super::Standing;

/// How a field's name stands with IANA.
pub fn standing(name: &str) -> Standing {
    let lists = [
        (PERMANENT, Standing::Registered),
        (PROVISIONAL, Standing::Provisional),
        (DEPRECATED, Standing::Deprecated),
        (OBSOLETED, Standing::Obsoleted),
    ];
    let holds = |list: &str| list.split_whitespace().any(|known| known.eq_ignore_ascii_case(name));
    let found = lists.iter().find(|(list, _)| holds(list));
    found.map_or(Standing::Unregistered, |(_, standing)| *standing)
}

/// In use.
const PERMANENT: &str = "A-IM Accept Accept-Additions Accept-CH Accept-Datetime \
    Accept-Encoding Accept-Features Accept-Language Accept-Patch Accept-Post Accept-Query \
    Accept-Ranges Accept-Signature Access-Control-Allow-Credentials Access-Control-Allow-Headers \
    Access-Control-Allow-Methods Access-Control-Allow-Origin Access-Control-Expose-Headers \
    Access-Control-Max-Age Access-Control-Request-Headers Access-Control-Request-Method Age Allow \
    ALPN Alt-Svc Alt-Used Alternates Apply-To-Redirect-Ref Authentication-Control \
    Authentication-Info Authorization Available-Dictionary Cache-Control Cache-Status \
    Cal-Managed-ID CalDAV-Timezones Capsule-Protocol CDN-Cache-Control CDN-Loop Cert-Not-After \
    Cert-Not-Before Clear-Site-Data Client-Cert Client-Cert-Chain Close Concealed-Auth-Export \
    Connection Content-Digest Content-Disposition Content-Encoding Content-Language \
    Content-Length Content-Location Content-Range Content-Security-Policy \
    Content-Security-Policy-Report-Only Content-Type Cookie Cross-Origin-Embedder-Policy \
    Cross-Origin-Embedder-Policy-Report-Only Cross-Origin-Opener-Policy \
    Cross-Origin-Opener-Policy-Report-Only Cross-Origin-Resource-Policy DASL Date DAV Delta-Base \
    Deprecation Depth Destination Detached-JWS Dictionary-ID DPoP DPoP-Nonce Early-Data ETag \
    Expect Expires Forwarded From Hobareg Host If If-Match If-Modified-Since If-None-Match \
    If-Range If-Schedule-Tag-Match If-Unmodified-Since IM Include-Referred-Token-Binding-ID \
    Keep-Alive Label Last-Event-ID Last-Modified Link Link-Template Location Lock-Token \
    Max-Forwards Memento-Datetime Meter MIME-Version Negotiate NEL OData-EntityId \
    OData-Isolation OData-MaxVersion OData-Version Optional-WWW-Authenticate Ordering-Type Origin \
    Origin-Agent-Cluster OSCORE OSLC-Core-Version Overwrite Ping-From Ping-To Position Prefer \
    Preference-Applied Priority Proxy-Authenticate Proxy-Authentication-Info Proxy-Authorization \
    Proxy-Status Public-Key-Pins Public-Key-Pins-Report-Only Range Redirect-Ref Referer \
    Referrer-Policy Refresh Replay-Nonce Repr-Digest Retry-After Schedule-Reply Schedule-Tag \
    Sec-Purpose Sec-Token-Binding Sec-WebSocket-Accept Sec-WebSocket-Extensions \
    Sec-WebSocket-Key Sec-WebSocket-Protocol Sec-WebSocket-Version Server Server-Timing \
    Set-Cookie Signature Signature-Input SLUG SoapAction Status-URI Strict-Transport-Security \
    Sunset TCN TE Timeout Topic Traceparent Tracestate Trailer Transfer-Encoding TTL Upgrade \
    Urgency Use-As-Dictionary User-Agent Variant-Vary Vary Via Want-Content-Digest \
    Want-Repr-Digest WWW-Authenticate X-Content-Type-Options X-Frame-Options";

/// For the time being.
const PROVISIONAL: &str = "Activate-Storage-Access AMP-Cache-Transform CMCD-Object \
    CMCD-Request CMCD-Session CMCD-Status CMSD-Dynamic CMSD-Static Configuration-Context \
    CTA-Common-Access-Token EDIINT-Features Isolation Permissions-Policy Repeatability-Client-ID \
    Repeatability-First-Sent Repeatability-Request-ID Repeatability-Result Reporting-Endpoints \
    Sec-Fetch-Storage-Access Sec-GPC Surrogate-Capability Surrogate-Control Timing-Allow-Origin";

/// Better not used any more.
const DEPRECATED: &str = "Accept-Charset C-PEP-Info Content-ID Differential-ID \
    Expect-CT Pragma Protocol-Info Protocol-Query";

/// Replaced or given up.
const OBSOLETED: &str = "Access-Control C-Ext C-Man C-Opt C-PEP Content-Base \
    Content-MD5 Content-Script-Type Content-Style-Type Content-Version Cookie2 Default-Style \
    Derived-From Digest Ext GetProfile HTTP2-Settings Man Method-Check Method-Check-Expires Opt \
    P3P PEP PEP-Info PICS-Label ProfileObject Protocol Protocol-Request Proxy-Features \
    Proxy-Instruction Public Referer-Root Safe Security-Scheme Set-Cookie2 SetProfile URI \
    Want-Digest Warning";
