//! curl's flags that `fetch` does not have: accepted where they ask for what is done anyway,
//! refused by name where they do not. Never ignored silently.

/// What becomes of a flag of curl's that is not in the table of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// Accepted: this is how it is done here anyway.
    Moot,
    /// Refused, for this reason.
    Refused(&'static str),
}

/// Accepted without effect: output is not buffered, TLS has none of what some flags leave out,
/// HTTP/1.1 is what is spoken (and what `--http2` falls back to), and Fast Open is what a system may do without.
const MOOT: &[&str] = &[
    "http1.1",
    "http2",
    "no-buffer",
    "parallel-immediate",
    "no-sessionid",
    "no-npn",
    "false-start",
    "ssl-allow-beast",
    "ssl-auto-client-cert",
    "ssl-no-revoke",
    "ssl-revoke-best-effort",
    "tcp-fastopen",
    "styled-output",
    "no-styled-output",
    "proxy-http2",
    "socks5-basic",
];

/// What belongs to protocols that are not spoken here.
const OTHER_PROTOCOLS: [&str; 23] = [
    "append",
    "compressed-ssh",
    "disable-ep",
    "hostpub",
    "metalink",
    "pubkey",
    "service-name",
    "ssl-reqd",
    "upload-flags",
    "use-ascii",
    "create-file-mode",
    "ftp",
    "mail",
    "sasl",
    "ssh",
    "telnet",
    "tftp",
    "socks5-gssapi",
    "krb",
    "crlf",
    "quote",
    "list-only",
    "login-options",
];

/// Secrets proved by means that need more than HTTP.
const OTHER_LOGINS: [&str; 6] =
    ["ntlm", "negotiate", "proxy-ntlm", "proxy-negotiate", "delegation", "aws-sigv4"];

/// What TLS does without here.
const OTHER_TLS: [&str; 8] = [
    "ech",
    "engine",
    "sigalgs",
    "ssl-sessions",
    "tls-earlydata",
    "tlsauthtype",
    "tlspassword",
    "tlsuser",
];

/// Versions of HTTP that are not spoken here.
const OTHER_VERSIONS: [&str; 4] = ["http2-prior-knowledge", "http3", "http3-only", "alt-svc"];

/// Names are resolved by the system, and by nobody else.
const OTHER_RESOLVERS: [&str; 2] = ["dns-", "doh-"];

/// What becomes of the flag with this long name, if curl has it.
pub(super) fn by_long(name: &str) -> Option<Other> {
    let begins = |list: &[&str]| list.iter().any(|start| name.starts_with(start));
    if MOOT.contains(&name) {
        Some(Other::Moot)
    } else if OTHER_VERSIONS.contains(&name) {
        Some(Other::Refused("HTTP/1.1 is what is spoken here"))
    } else if name == "xattr" {
        Some(Other::Refused("no file gets attributes here; -w '%{url}' tells where it came from"))
    } else if name == "cert-status" {
        Some(Other::Refused("OCSP is not asked here; --crlfile refuses what was revoked"))
    } else if OTHER_TLS.contains(&name) {
        Some(Other::Refused("TLS is done without it here"))
    } else if name == "ssl" || name == "ssl-reqd" {
        Some(Other::Refused("it is for FTP and mail; https:// is HTTP over TLS"))
    } else if OTHER_LOGINS.contains(&name) {
        Some(Other::Refused("that way of logging in is not known here; -u logs in with Basic"))
    } else if name == "libcurl" {
        Some(Other::Refused("no program is written here; --to-curl shows the line"))
    } else if begins(&OTHER_PROTOCOLS) || name == "ssl" {
        Some(Other::Refused("it belongs to a protocol that is not spoken here"))
    } else if begins(&OTHER_RESOLVERS) {
        Some(Other::Refused("the system resolves names here; --resolve says an address"))
    } else if name == "ipfs-gateway" {
        Some(Other::Refused("ipfs is not spoken here; ask a gateway by its http URL"))
    } else {
        // --proxy-ssl-allow-beast, --proxy-tlsuser, --proxy-service-name …
        name.starts_with("proxy-").then_some(Other::Refused("a proxy is spoken to without it here"))
    }
}

/// What becomes of the flag with this letter, if curl has it.
pub(super) fn by_short(letter: char) -> Option<Other> {
    match letter {
        'N' => Some(Other::Moot),
        'a' | 'B' | 'l' | 'P' | 'Q' | 't' => by_long("ftp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flags;
    use super::*;

    #[test]
    fn no_flag_is_both_here_and_accepted_without_effect() {
        for &long in MOOT {
            assert!(flags::by_long(long).is_none(), "{long}");
        }
    }

    #[test]
    fn what_curl_does_not_have_is_nobodys() {
        assert_eq!(by_long("nonsense"), None);
        assert!(matches!(by_long("proxy-tlsuser"), Some(Other::Refused(_))));
        assert_eq!(by_short('N'), Some(Other::Moot));
    }
}
