//! curl's flags that `fetch` does not have: accepted where they ask for what is done anyway,
//! refused by name where they do not. Never ignored silently, and never unknown.

/// What becomes of a flag of curl's that is not in the table of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// Accepted: this is how it is done here anyway, or nothing it asks for is there.
    Moot,
    /// Likewise, and the word behind it is no URL.
    MootWithValue,
    /// Refused, for this reason.
    Refused(&'static str),
}

use Other::{Moot, MootWithValue, Refused};

/// A flag of curl's by its long name and its letter, and what becomes of it.
type Row = (&'static str, Option<char>, Other);

const PROTOCOL: Other = Refused("it belongs to a protocol that is not spoken here");
const VERSION: Other = Refused("HTTP/1.1 is what is spoken here");
const LOGIN: Other =
    Refused("that way of logging in is not known here; -u, --digest and --oauth2-bearer are");
const RESOLVER: Other =
    Refused("names are resolved as the system does it; --resolve gives addresses");
const TLS: Other = Refused("rustls, which secures the connections, cannot do it");
const SOCKET: Other = Refused("no such option is set on sockets here");

const fn row(long: &'static str, other: Other) -> Row {
    (long, None, other)
}

const fn letter(short: char, long: &'static str, other: Other) -> Row {
    (long, Some(short), other)
}

/// What curl 8.14.1 has besides, in the order of its manual; a row each.
#[rustfmt::skip]
const OTHERS: &[Row] = &[
    row("alt-svc", VERSION),
    letter('a', "append", PROTOCOL),
    row("aws-sigv4", LOGIN),
    letter('N', "buffer", Moot),
    row("cert-status", Refused("OCSP is not asked here; --crlfile refuses what was revoked")),
    row("compressed-ssh", PROTOCOL),
    row("create-file-mode", PROTOCOL),
    row("crlf", PROTOCOL),
    row("delegation", LOGIN),
    row("disable-eprt", PROTOCOL),
    row("disable-epsv", PROTOCOL),
    row("dns-interface", RESOLVER),
    row("dns-ipv4-addr", RESOLVER),
    row("dns-ipv6-addr", RESOLVER),
    row("dns-servers", RESOLVER),
    row("doh-cert-status", RESOLVER),
    row("doh-insecure", RESOLVER),
    row("doh-url", RESOLVER),
    row("dump-ca-embed", Refused("the roots are those of the webpki-roots crate")),
    row("ech", TLS),
    row("egd-file", MootWithValue),
    row("engine", TLS),
    row("eprt", PROTOCOL),
    row("epsv", PROTOCOL),
    row("false-start", TLS),
    row("ftp-account", PROTOCOL),
    row("ftp-alternative-to-user", PROTOCOL),
    row("ftp-create-dirs", PROTOCOL),
    row("ftp-method", PROTOCOL),
    row("ftp-pasv", PROTOCOL),
    letter('P', "ftp-port", PROTOCOL),
    row("ftp-pret", PROTOCOL),
    row("ftp-skip-pasv-ip", PROTOCOL),
    row("ftp-ssl", PROTOCOL),
    row("ftp-ssl-ccc", PROTOCOL),
    row("ftp-ssl-ccc-mode", PROTOCOL),
    row("ftp-ssl-control", PROTOCOL),
    row("ftp-ssl-reqd", PROTOCOL),
    row("hostpubmd5", PROTOCOL),
    row("hostpubsha256", PROTOCOL),
    row("http1.1", Moot),
    row("http2", Moot),
    row("http2-prior-knowledge", VERSION),
    row("http3", VERSION),
    row("http3-only", VERSION),
    row("ipfs-gateway", PROTOCOL),
    row("krb", PROTOCOL),
    row("libcurl", Refused("there is no libcurl in it; --to-curl shows a command line")),
    letter('l', "list-only", PROTOCOL),
    row("login-options", PROTOCOL),
    row("mail-auth", PROTOCOL),
    row("mail-from", PROTOCOL),
    row("mail-rcpt", PROTOCOL),
    row("mail-rcpt-allowfails", PROTOCOL),
    row("metalink", Refused("curl itself has it no longer")),
    row("negotiate", LOGIN),
    row("npn", Moot),
    row("ntlm", LOGIN),
    row("ntlm-wb", LOGIN),
    row("parallel-immediate", Moot),
    row("proxy-http2", Moot),
    row("proxy-negotiate", LOGIN),
    row("proxy-ntlm", LOGIN),
    row("proxy-service-name", LOGIN),
    row("proxy-ssl-allow-beast", Moot),
    row("proxy-ssl-auto-client-cert", Moot),
    row("proxy-tlsauthtype", TLS),
    row("proxy-tlspassword", TLS),
    row("proxy-tlsuser", TLS),
    row("pubkey", PROTOCOL),
    letter('Q', "quote", PROTOCOL),
    row("random-file", MootWithValue),
    row("sasl-authzid", LOGIN),
    row("sasl-ir", LOGIN),
    row("service-name", LOGIN),
    row("sessionid", Moot),
    row("sigalgs", TLS),
    row("socks5-basic", Moot),
    row("socks5-gssapi", LOGIN),
    row("socks5-gssapi-nec", LOGIN),
    row("socks5-gssapi-service", LOGIN),
    row("ssl", PROTOCOL),
    row("ssl-allow-beast", Moot),
    row("ssl-auto-client-cert", Moot),
    row("ssl-no-revoke", Moot),
    row("ssl-reqd", PROTOCOL),
    row("ssl-revoke-best-effort", Moot),
    row("ssl-sessions", TLS),
    row("styled-output", Moot),
    row("tcp-fastopen", SOCKET),
    letter('t', "telnet-option", PROTOCOL),
    row("tftp-blksize", PROTOCOL),
    row("tftp-no-options", PROTOCOL),
    row("tls-earlydata", TLS),
    row("tlsauthtype", TLS),
    row("tlspassword", TLS),
    row("tlsuser", TLS),
    letter('B', "use-ascii", PROTOCOL),
    row("xattr", Refused("no file gets attributes here; -w '%{url}' tells where it came from")),
];

/// What becomes of the flag with this long name, or of the switch that `no-NAME` takes back.
pub(super) fn by_long(name: &str) -> Option<Other> {
    let name = name.strip_prefix("no-").unwrap_or(name);
    OTHERS.iter().find(|(long, ..)| *long == name).map(|(.., other)| *other)
}

/// What becomes of the flag with this letter.
pub(super) fn by_short(letter: char) -> Option<Other> {
    OTHERS.iter().find(|(_, short, _)| *short == Some(letter)).map(|(.., other)| *other)
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::*;

    /// Every long name of curl 8.14.1.
    const CURLS: &str = "abstract-unix-socket alt-svc anyauth append aws-sigv4 basic ca-native \
        cacert capath cert cert-status cert-type ciphers compressed compressed-ssh config \
        connect-timeout connect-to continue-at cookie cookie-jar create-dirs create-file-mode crlf \
        crlfile curves data data-ascii data-binary data-raw data-urlencode delegation digest \
        disable disable-eprt disable-epsv disallow-username-in-url dns-interface dns-ipv4-addr \
        dns-ipv6-addr dns-servers doh-cert-status doh-insecure doh-url dump-ca-embed dump-header \
        ech egd-file engine etag-compare etag-save expect100-timeout fail fail-early \
        fail-with-body false-start form form-escape form-string ftp-account \
        ftp-alternative-to-user ftp-create-dirs ftp-method ftp-pasv ftp-port ftp-pret \
        ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-ccc-mode ftp-ssl-control get globoff \
        happy-eyeballs-timeout-ms haproxy-clientip haproxy-protocol head header help hostpubmd5 \
        hostpubsha256 hsts http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only \
        ignore-content-length include insecure interface ip-tos ipfs-gateway ipv4 ipv6 json \
        junk-session-cookies keepalive-cnt keepalive-time key key-type krb libcurl limit-rate \
        list-only local-port location location-trusted login-options mail-auth mail-from mail-rcpt \
        mail-rcpt-allowfails manual max-filesize max-redirs max-time metalink mptcp negotiate \
        netrc netrc-file netrc-optional next no-alpn no-buffer no-clobber no-keepalive no-npn \
        no-progress-meter no-sessionid noproxy ntlm ntlm-wb oauth2-bearer output output-dir \
        parallel parallel-immediate parallel-max pass path-as-is pinnedpubkey post301 post302 \
        post303 preproxy progress-bar proto proto-default proto-redir proxy proxy-anyauth \
        proxy-basic proxy-ca-native proxy-cacert proxy-capath proxy-cert proxy-cert-type \
        proxy-ciphers proxy-crlfile proxy-digest proxy-header proxy-http2 proxy-insecure proxy-key \
        proxy-key-type proxy-negotiate proxy-ntlm proxy-pass proxy-pinnedpubkey proxy-service-name \
        proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tls13-ciphers proxy-tlsauthtype \
        proxy-tlspassword proxy-tlsuser proxy-tlsv1 proxy-user proxy1.0 proxytunnel pubkey quote \
        random-file range rate raw referer remote-header-name remote-name remote-name-all \
        remote-time remove-on-error request request-target resolve retry retry-all-errors \
        retry-connrefused retry-delay retry-max-time sasl-authzid sasl-ir service-name show-error \
        show-headers sigalgs silent skip-existing socks4 socks4a socks5 socks5-basic socks5-gssapi \
        socks5-gssapi-nec socks5-gssapi-service socks5-hostname speed-limit speed-time ssl \
        ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort \
        ssl-sessions sslv2 sslv3 stderr styled-output suppress-connect-headers tcp-fastopen \
        tcp-nodelay telnet-option tftp-blksize tftp-no-options time-cond tls-earlydata tls-max \
        tls13-ciphers tlsauthtype tlspassword tlsuser tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 \
        tr-encoding trace trace-ascii trace-config trace-ids trace-time unix-socket upload-file \
        url url-query use-ascii user user-agent variable verbose version vlan-priority write-out \
        xattr";

    #[test]
    fn every_flag_of_curls_is_there_accepted_or_refused_by_name() {
        let unknown: Vec<&str> = CURLS
            .split_whitespace()
            .filter(|name| FETCH.by_long(name).is_none() && by_long(name).is_none())
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let letters = "012346abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVXYZ#:";
        let unknown: String = letters
            .chars()
            .filter(|&letter| FETCH.by_short(letter).is_none() && by_short(letter).is_none())
            .collect();
        assert_eq!(unknown, "");
    }

    #[test]
    fn no_flag_is_in_both_tables() {
        for (long, short, _) in OTHERS {
            assert!(FETCH.by_long(long).is_none(), "{long}");
            assert!(short.is_none_or(|letter| FETCH.by_short(letter).is_none()), "{long}");
        }
    }

    #[test]
    fn what_curl_does_not_have_is_nobodys() {
        assert!(by_long("nonsense").is_none() && by_long("no-nonsense").is_none());
        assert!(by_short('W').is_none() && by_short('N') == Some(Moot));
    }
}
