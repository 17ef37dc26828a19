//! The flags of `fetch`: one table, read by the argument reader, the configuration
//! file, `--help` and whatever makes man pages and completions.
//!
//! A new flag is a variant here, a row in [`FLAGS`] and an arm in
//! [`Typed::take`](super::typed::Typed::take); what it means for the transfer is
//! in `plan.rs`. A command that speaks `fetch`'s language with words of its own has a
//! [`Grammar`]: its own rows go before these, and some of these it refuses.

/// A flag, whatever it is called on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opt {
    AbstractUnixSocket,
    Agent,
    Alpn,
    AnyAuth,
    Basic,
    Bearer,
    CaCert,
    CaNative,
    CaPath,
    Cert,
    CertType,
    Ciphers,
    Clobber,
    Compressed,
    Config,
    ConnectTimeout,
    ConnectTo,
    ContinueAt,
    Cookie,
    CookieJar,
    CreateDirs,
    CrlFile,
    Curves,
    Data,
    DataBinary,
    DataRaw,
    DataUrlencode,
    Digest,
    Disable,
    DisallowUsername,
    DryRun,
    DumpHeader,
    EtagCompare,
    EtagSave,
    Expect100Timeout,
    ExplainCookies,
    Fail,
    FailEarly,
    FailWithBody,
    Form,
    FormEscape,
    FormString,
    FromCurl,
    Get,
    Globoff,
    HappyEyeballs,
    HaproxyClientip,
    HaproxyProtocol,
    Head,
    Header,
    Help,
    Hsts,
    Http09,
    Http10,
    IgnoreContentLength,
    Include,
    Insecure,
    Interface,
    IpTos,
    Ipv4,
    Ipv6,
    Json,
    JsonOut,
    JunkSessionCookies,
    Keepalive,
    KeepaliveCnt,
    KeepaliveTime,
    Key,
    KeyType,
    LimitRate,
    LocalPort,
    Location,
    LocationTrusted,
    Manual,
    MaxFilesize,
    MaxRedirs,
    MaxTime,
    Mptcp,
    Netrc,
    NetrcFile,
    NetrcOptional,
    Next,
    NoProxy,
    Output,
    OutputDir,
    Parallel,
    ParallelMax,
    Pass,
    PathAsIs,
    PinnedPubKey,
    Post301,
    Post302,
    Post303,
    Preproxy,
    ProgressBar,
    ProgressMeter,
    Proto,
    ProtoDefault,
    ProtoRedir,
    Proxy,
    Proxy10,
    ProxyAnyAuth,
    ProxyBasic,
    ProxyCaCert,
    ProxyCaNative,
    ProxyCaPath,
    ProxyCert,
    ProxyCertType,
    ProxyCiphers,
    ProxyCrlFile,
    ProxyDigest,
    ProxyHeader,
    ProxyInsecure,
    ProxyKey,
    ProxyKeyType,
    ProxyPass,
    ProxyPinnedPubKey,
    ProxyTls13Ciphers,
    ProxyTlsV1,
    ProxyTunnel,
    ProxyUser,
    Range,
    Rate,
    Raw,
    Referer,
    RemoteHeaderName,
    RemoteName,
    RemoteNameAll,
    RemoteTime,
    RemoveOnError,
    ReportBody,
    ReportColor,
    ReportDiff,
    ReportFail,
    ReportFrom,
    ReportHar,
    ReportJson,
    ReportOnly,
    ReportSchema,
    ReportSecrets,
    ReportStrict,
    ReportTo,
    Request,
    RequestTarget,
    Resolve,
    Retry,
    RetryAllErrors,
    RetryConnrefused,
    RetryDelay,
    RetryMaxTime,
    Session,
    SessionReadOnly,
    ShowError,
    Silent,
    SkipExisting,
    Socks4,
    Socks4a,
    Socks5,
    Socks5Hostname,
    SpeedLimit,
    SpeedTime,
    SslV2,
    SslV3,
    Stderr,
    SuppressConnectHeaders,
    TcpNodelay,
    TimeCond,
    Tls13Ciphers,
    TlsMax,
    TlsV1,
    TlsV10,
    TlsV11,
    TlsV12,
    TlsV13,
    ToCurl,
    TrEncoding,
    Trace,
    TraceAscii,
    TraceConfig,
    TraceIds,
    TraceTime,
    UnixSocket,
    UploadFile,
    Url,
    UrlQuery,
    User,
    Variable,
    Verbose,
    Version,
    VlanPriority,
    WriteOut,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing; `--no-NAME` takes it back.
    Switch,
    /// Nothing, and it cannot be taken back.
    Mark,
    /// A value, shown in the help by this name.
    Value(&'static str),
}

/// What a flag is about; the headings of `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Report,
    Request,
    Cookies,
    Redirects,
    Output,
    Connection,
    Proxy,
    Tls,
    Program,
}

impl Group {
    /// Those of `fetch`, in the order of the help.
    pub(super) const ALL: [Group; 8] = [
        Self::Request,
        Self::Cookies,
        Self::Redirects,
        Self::Output,
        Self::Connection,
        Self::Proxy,
        Self::Tls,
        Self::Program,
    ];

    /// The word for it behind `-h`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Request => "request",
            Self::Cookies => "cookies",
            Self::Redirects => "redirects",
            Self::Output => "output",
            Self::Connection => "connection",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Program => "program",
        }
    }

    /// What is to be found there.
    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Report => "what is shown, and how",
            Self::Request => "methods, fields, data, forms, logins",
            Self::Cookies => "cookies, jars, named sessions",
            Self::Redirects => "following them, and how far",
            Self::Output => "files, heads, reports, what counts as a failure",
            Self::Connection => "addresses, time limits, tries, many at once",
            Self::Proxy => "proxies of every kind",
            Self::Tls => "certificates, and whom to trust",
            Self::Program => "configuration files, variables, curl lines, this help",
        }
    }

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Report => "Report",
            Self::Request => "Request",
            Self::Cookies => "Cookies and sessions",
            Self::Redirects => "Redirects",
            Self::Output => "Output",
            Self::Connection => "Connection",
            Self::Proxy => "Proxies",
            Self::Tls => "TLS",
            Self::Program => "Program",
        }
    }
}

/// A row of the table.
pub(super) struct Flag {
    pub(super) opt: Opt,
    pub(super) short: Option<char>,
    pub(super) long: &'static str,
    pub(super) takes: Takes,
    pub(super) group: Group,
    pub(super) help: &'static str,
}

pub(super) const fn flag(
    opt: Opt,
    short: char,
    long: &'static str,
    takes: Takes,
    group: Group,
    help: &'static str,
) -> Flag {
    Flag { opt, short: Some(short), long, takes, group, help }
}

pub(super) const fn long(
    opt: Opt,
    long: &'static str,
    takes: Takes,
    group: Group,
    help: &'static str,
) -> Flag {
    Flag { opt, short: None, long, takes, group, help }
}

use Group::{Connection, Cookies, Output, Program, Proxy, Redirects, Request, Tls};
use Takes::{Mark, Switch, Value};

/// Every flag of `fetch`, in the order of its help; a row each.
#[rustfmt::skip]
pub(super) const FLAGS: &[Flag] = &[
    flag(Opt::Request, 'X', "request", Value("METHOD"), Request, "Send this method, whatever the other flags imply"),
    flag(Opt::Header, 'H', "header", Value("LINE|@FILE"), Request, "Add a field, replace one of ours (`Name: value`), leave it out (`Name:`) or empty it (`Name;`)"),
    flag(Opt::Agent, 'A', "user-agent", Value("NAME"), Request, "Say so in User-Agent; an empty name sends none"),
    flag(Opt::User, 'u', "user", Value("USER:PASSWORD"), Request, "Log in with Basic; without a password it is asked for"),
    long(Opt::Basic, "basic", Switch, Request, "With -u: Basic, without being asked; this is the usual way"),
    long(Opt::Digest, "digest", Switch, Request, "With -u: Digest, when asked"),
    long(Opt::AnyAuth, "anyauth", Switch, Request, "With -u: the best that is asked for"),
    long(Opt::Bearer, "oauth2-bearer", Value("TOKEN"), Request, "Log in with this bearer token"),
    flag(Opt::Netrc, 'n', "netrc", Switch, Request, "Log in as ~/.netrc says, whatever the URL says"),
    long(Opt::NetrcOptional, "netrc-optional", Switch, Request, "Log in as the URL says, or else ~/.netrc"),
    long(Opt::NetrcFile, "netrc-file", Value("FILE"), Request, "Log in as this file says, in place of ~/.netrc"),
    flag(Opt::Referer, 'e', "referer", Value("URL"), Request, "Say so in Referer; `;auto` behind it names the page before on redirects"),
    flag(Opt::Data, 'd', "data", Value("DATA|@FILE"), Request, "POST this as a form; line breaks of a file are dropped; repeated pieces are joined by `&`"),
    long(Opt::DataRaw, "data-raw", Value("DATA"), Request, "As --data, and `@` means nothing"),
    long(Opt::DataBinary, "data-binary", Value("DATA|@FILE"), Request, "As --data, and a file stays as it is"),
    long(Opt::DataUrlencode, "data-urlencode", Value("[NAME]=TEXT|[NAME]@FILE"), Request, "As --data, with the text percent-encoded"),
    long(Opt::Json, "json", Value("DATA|@FILE"), Request, "POST this as JSON, and ask for JSON; repeated pieces are joined as they are"),
    flag(Opt::Form, 'F', "form", Value("NAME=TEXT|NAME=@FILE|NAME=<FILE"), Request, "POST this as a form that has files (multipart); `;type=`, `;filename=`, `;headers=` and `;encoder=` behind it say more"),
    long(Opt::FormString, "form-string", Value("NAME=TEXT"), Request, "As --form, and `@`, `<` and `;` mean nothing"),
    long(Opt::FormEscape, "form-escape", Switch, Request, "Put a backslash before quotes in names of a form, in place of %22"),
    flag(Opt::UploadFile, 'T', "upload-file", Value("FILE"), Request, "PUT this file; one for each URL, in their order; `-` is standard input; a URL that ends with `/` gets the file's name"),
    flag(Opt::Get, 'G', "get", Switch, Request, "Put the data into the URL's query and send GET"),
    long(Opt::UrlQuery, "url-query", Value("[NAME]=TEXT|+TEXT"), Request, "Put this into the URL's query, percent-encoded unless it begins with `+`"),
    flag(Opt::Range, 'r', "range", Value("FIRST-LAST"), Request, "Ask for these bytes only; a server that knows no ranges sends all"),
    flag(Opt::TimeCond, 'z', "time-cond", Value("DATE|FILE"), Request, "Only if it is newer than this date or file; a `-` before it asks for what is older"),
    long(Opt::EtagCompare, "etag-compare", Value("FILE"), Request, "Only if its ETag is not the one in this file"),
    long(Opt::PathAsIs, "path-as-is", Switch, Request, "Leave `.` and `..` in the URL's path"),
    long(Opt::RequestTarget, "request-target", Value("TARGET"), Request, "Ask for this in place of the URL's path"),
    flag(Opt::Http10, '0', "http1.0", Switch, Request, "Say HTTP/1.0"),
    long(Opt::Http09, "http0.9", Switch, Request, "Take an answer without a head, which was HTTP/0.9"),
    flag(Opt::Head, 'I', "head", Switch, Request, "Ask for the head only, and show it"),
    long(Opt::Compressed, "compressed", Switch, Request, "Ask for gzip, deflate, br or zstd, and undo it"),
    long(Opt::TrEncoding, "tr-encoding", Switch, Request, "Ask for a gzip transfer coding, and undo it"),
    long(Opt::Raw, "raw", Switch, Request, "Leave every coding in the content, chunked too"),
    long(Opt::Url, "url", Value("URL"), Request, "A URL that could be taken for a flag; `@FILE` is a list of them"),
    long(Opt::ProtoDefault, "proto-default", Value("PROTOCOL"), Request, "What a URL without a scheme is: http or https"),
    long(Opt::Proto, "proto", Value("[=-+]NAME,…"), Request, "Speak these protocols only: =https, -all,https"),
    long(Opt::DisallowUsername, "disallow-username-in-url", Switch, Request, "Take a user in a URL for an error"),
    flag(Opt::Globoff, 'g', "globoff", Switch, Request, "Take braces and brackets in URLs as they are, and not as patterns"),
    flag(Opt::Cookie, 'b', "cookie", Value("NAME=VALUE|FILE"), Cookies, "Send these cookies to the first origin, or read cookies from a file; an empty name turns the cookie engine on"),
    flag(Opt::CookieJar, 'c', "cookie-jar", Value("FILE"), Cookies, "Save the cookies here afterwards, beside those that are there; `-` shows them"),
    flag(Opt::JunkSessionCookies, 'j', "junk-session-cookies", Switch, Cookies, "Forget the session cookies of the files that are read"),
    long(Opt::Session, "session", Value("NAME|PATH"), Cookies, "Keep the cookies in this named session, safely, for the next run"),
    long(Opt::ExplainCookies, "explain-cookies", Switch, Cookies, "Tell of each cookie why it is sent or not, stored or not, on standard error"),
    long(Opt::SessionReadOnly, "session-read-only", Switch, Cookies, "Use the session and save nothing"),
    flag(Opt::Location, 'L', "location", Switch, Redirects, "Follow redirects"),
    long(Opt::MaxRedirs, "max-redirs", Value("N"), Redirects, "Follow at most N redirects; 50 unless given, -1 for no limit"),
    long(Opt::LocationTrusted, "location-trusted", Switch, Redirects, "Follow, and send the secrets wherever it leads"),
    long(Opt::ProtoRedir, "proto-redir", Value("[=-+]NAME,…"), Redirects, "Follow to these protocols only"),
    long(Opt::Post301, "post301", Switch, Redirects, "Keep POST on a 301"),
    long(Opt::Post302, "post302", Switch, Redirects, "Keep POST on a 302"),
    long(Opt::Post303, "post303", Switch, Redirects, "Keep POST on a 303"),
    flag(Opt::Include, 'i', "include", Switch, Output, "Show the heads, as they came, before the content"),
    flag(Opt::Output, 'o', "output", Value("FILE"), Output, "Write to a file; one for each URL, in their order"),
    flag(Opt::RemoteName, 'O', "remote-name", Switch, Output, "Write to a file named as the last part of the URL"),
    flag(Opt::RemoteHeaderName, 'J', "remote-header-name", Switch, Output, "With -O: take the name that the server gives, if no file is called so"),
    long(Opt::RemoteNameAll, "remote-name-all", Switch, Output, "As if each URL had a -O"),
    flag(Opt::RemoteTime, 'R', "remote-time", Switch, Output, "Give the file the date that the server gives"),
    long(Opt::EtagSave, "etag-save", Value("FILE"), Output, "Save the ETag to this file, for --etag-compare"),
    long(Opt::OutputDir, "output-dir", Value("FOLDER"), Output, "Write the files of -o and -O there"),
    long(Opt::CreateDirs, "create-dirs", Switch, Output, "Make the folders that are missing"),
    long(Opt::Clobber, "clobber", Switch, Output, "Write over files that are there; --no-clobber never does, and adds a number"),
    long(Opt::SkipExisting, "skip-existing", Switch, Output, "Leave out what is there already"),
    long(Opt::RemoveOnError, "remove-on-error", Switch, Output, "Remove the file of a transfer that fails"),
    flag(Opt::ContinueAt, 'C', "continue-at", Value("OFFSET|-"), Output, "Go on from this byte; `-` from the end of the file that is there, or anew where its note, .NAME.cruller-part, says that the server has another by now"),
    flag(Opt::DumpHeader, 'D', "dump-header", Value("FILE"), Output, "Write the heads to a file; `-` is standard output"),
    long(Opt::JsonOut, "json-out", Value("FILE"), Output, "Write a line of JSON for each transfer: every head, cookie, address and time; `-` is standard output"),
    flag(Opt::WriteOut, 'w', "write-out", Value("FORMAT|@FILE"), Output, "Say afterwards what the transfer was like: %{response_code}, %{time_total}, %{json} …"),
    flag(Opt::Fail, 'f', "fail", Switch, Output, "Take a status from 400 up as a failure: exit 22, no content"),
    long(Opt::FailWithBody, "fail-with-body", Switch, Output, "As -f, and the content is shown all the same"),
    long(Opt::FailEarly, "fail-early", Switch, Output, "Let the first failure be the last transfer"),
    flag(Opt::Parallel, 'Z', "parallel", Switch, Connection, "Do many transfers at once"),
    long(Opt::ParallelMax, "parallel-max", Value("N"), Connection, "With -Z: at most N at once; 50 unless given, 300 at most"),
    long(Opt::Retry, "retry", Value("N"), Connection, "Try again up to N times what may pass: timeouts, 408, 429, 500, 502, 503, 504, 522, 524; waits as long as Retry-After says, up to an hour"),
    long(Opt::RetryDelay, "retry-delay", Value("SECONDS"), Connection, "Wait so long between tries, not longer each time"),
    long(Opt::RetryMaxTime, "retry-max-time", Value("SECONDS"), Connection, "Begin no other try after so long"),
    long(Opt::RetryAllErrors, "retry-all-errors", Switch, Connection, "Try again whatever the failure"),
    long(Opt::RetryConnrefused, "retry-connrefused", Switch, Connection, "Try again also where nobody answers"),
    flag(Opt::Silent, 's', "silent", Switch, Output, "No progress and no error messages"),
    flag(Opt::ShowError, 'S', "show-error", Switch, Output, "Error messages all the same, with -s"),
    flag(Opt::Verbose, 'v', "verbose", Switch, Output, "Tell what happens, on standard error; -vv with times, -vvv with the content"),
    long(Opt::Trace, "trace", Value("FILE"), Output, "Tell everything that goes over the wire, in hexadecimal; `-` is standard output, `%` standard error"),
    long(Opt::TraceAscii, "trace-ascii", Value("FILE"), Output, "As --trace, as text"),
    long(Opt::TraceTime, "trace-time", Switch, Output, "With -v or --trace: the time of day (UTC) in front"),
    long(Opt::TraceIds, "trace-ids", Switch, Output, "With -v or --trace: the numbers of transfer and connection in front"),
    long(Opt::TraceConfig, "trace-config", Value("LIST"), Output, "As --trace-time for `time`, as --trace-ids for `ids`"),
    long(Opt::Stderr, "stderr", Value("FILE"), Output, "Write to a file what else goes to standard error; `-` is standard output"),
    flag(Opt::ProgressBar, '#', "progress-bar", Switch, Output, "A bar for a progress meter"),
    long(Opt::ProgressMeter, "progress-meter", Switch, Output, "A progress meter on a terminal; --no-progress-meter is -s for the meter alone"),
    long(Opt::Rate, "rate", Value("N/U"), Connection, "Begin at most N transfers in a second, minute, hour or day: 2/s, 5/10m"),
    flag(Opt::MaxTime, 'm', "max-time", Value("SECONDS"), Connection, "The whole transfer, redirects included, takes at most so long"),
    long(Opt::MaxFilesize, "max-filesize", Value("BYTES[kMG]"), Connection, "Take at most so much content, received or decoded"),
    long(Opt::LimitRate, "limit-rate", Value("BYTES[kMG]"), Connection, "Send and receive at most so much a second"),
    flag(Opt::SpeedLimit, 'Y', "speed-limit", Value("BYTES"), Connection, "Give up what is slower than so many bytes a second for as long as -y says, or 30 seconds"),
    flag(Opt::SpeedTime, 'y', "speed-time", Value("SECONDS"), Connection, "Give up what is slower than -Y says, or sends nothing, for so long"),
    long(Opt::IgnoreContentLength, "ignore-content-length", Switch, Connection, "Take what comes until the connection ends, whatever length is announced"),
    long(Opt::Expect100Timeout, "expect100-timeout", Value("SECONDS"), Connection, "Wait so long for a 100 before a large content is sent"),
    long(Opt::ConnectTimeout, "connect-timeout", Value("SECONDS"), Connection, "Making a connection, TLS included, takes at most so long"),
    long(Opt::Resolve, "resolve", Value("HOST:PORT:ADDR[,ADDR]…"), Connection, "Use these addresses for this host and port"),
    long(Opt::ConnectTo, "connect-to", Value("H1:P1:H2:P2"), Connection, "Connect to H2:P2 where H1:P1 is asked for; an empty part is any, or the same"),
    flag(Opt::Ipv4, '4', "ipv4", Switch, Connection, "Use IPv4 addresses only"),
    flag(Opt::Ipv6, '6', "ipv6", Switch, Connection, "Use IPv6 addresses only"),
    long(Opt::HappyEyeballs, "happy-eyeballs-timeout-ms", Value("MS"), Connection, "Try a host's next address beside the first after so long; 200 unless given"),
    long(Opt::Interface, "interface", Value("NAME|ADDRESS"), Connection, "Connect from this interface or address; `if!`, `host!` and `ifhost!NAME!HOST` say which it is"),
    long(Opt::LocalPort, "local-port", Value("PORT[-PORT]"), Connection, "Connect from this port, or the first that is free of these"),
    long(Opt::Keepalive, "keepalive", Switch, Connection, "Ask a silent peer now and then whether it is there; --no-keepalive does not"),
    long(Opt::KeepaliveTime, "keepalive-time", Value("SECONDS"), Connection, "Ask so often; 60 unless given"),
    long(Opt::KeepaliveCnt, "keepalive-cnt", Value("N"), Connection, "Give up after so many questions; 9 unless given"),
    long(Opt::TcpNodelay, "tcp-nodelay", Switch, Connection, "Send small writes at once, as is usual; --no-tcp-nodelay gathers them"),
    long(Opt::IpTos, "ip-tos", Value("NAME|N"), Connection, "The type of service of the packets, such as CS1 or LOWDELAY"),
    long(Opt::VlanPriority, "vlan-priority", Value("0-7"), Connection, "Their priority (Linux)"),
    long(Opt::Mptcp, "mptcp", Switch, Connection, "Multipath TCP (Linux)"),
    long(Opt::HaproxyProtocol, "haproxy-protocol", Switch, Connection, "Begin with a line of the PROXY protocol, version 1"),
    long(Opt::HaproxyClientip, "haproxy-clientip", Value("ADDRESS"), Connection, "Likewise, and say that the client has this address"),
    long(Opt::UnixSocket, "unix-socket", Value("PATH"), Connection, "Connect to this Unix socket, whatever the host"),
    long(Opt::AbstractUnixSocket, "abstract-unix-socket", Value("NAME"), Connection, "Likewise, to a name that is in no folder (Linux)"),
    flag(Opt::Proxy, 'x', "proxy", Value("[SCHEME://][USER:PASSWORD@]HOST[:PORT]"), Proxy, "Go through this proxy: http, https, socks4, socks4a, socks5, socks5h; an empty name goes around those of the environment"),
    flag(Opt::ProxyUser, 'U', "proxy-user", Value("USER:PASSWORD"), Proxy, "Log in to the proxy"),
    long(Opt::ProxyBasic, "proxy-basic", Switch, Proxy, "With -U: Basic, without being asked; this is the usual way"),
    long(Opt::ProxyDigest, "proxy-digest", Switch, Proxy, "With -U: Digest, when asked"),
    long(Opt::ProxyAnyAuth, "proxy-anyauth", Switch, Proxy, "With -U: the best that is asked for"),
    long(Opt::NoProxy, "noproxy", Value("HOST,HOST…"), Proxy, "Speak to these directly; `*` is all"),
    flag(Opt::ProxyTunnel, 'p', "proxytunnel", Switch, Proxy, "Tunnel http too, by CONNECT"),
    long(Opt::ProxyHeader, "proxy-header", Value("LINE|@FILE"), Proxy, "As -H, for what is said to the proxy: in CONNECT nothing of -H is"),
    long(Opt::SuppressConnectHeaders, "suppress-connect-headers", Switch, Proxy, "Leave the answers to CONNECT out of -i and -D"),
    long(Opt::Proxy10, "proxy1.0", Value("HOST[:PORT]"), Proxy, "As -x, and CONNECT says HTTP/1.0"),
    long(Opt::Preproxy, "preproxy", Value("[SCHEME://]HOST[:PORT]"), Proxy, "Reach the proxy of -x through this SOCKS proxy"),
    long(Opt::Socks4, "socks4", Value("HOST[:PORT]"), Proxy, "As -x socks4://HOST: the host's name is resolved here"),
    long(Opt::Socks4a, "socks4a", Value("HOST[:PORT]"), Proxy, "As -x socks4a://HOST: the proxy resolves it"),
    long(Opt::Socks5, "socks5", Value("HOST[:PORT]"), Proxy, "As -x socks5://HOST: the host's name is resolved here"),
    long(Opt::Socks5Hostname, "socks5-hostname", Value("HOST[:PORT]"), Proxy, "As -x socks5h://HOST: the proxy resolves it"),
    long(Opt::ProxyInsecure, "proxy-insecure", Switch, Proxy, "As -k, for an https proxy"),
    long(Opt::ProxyCaCert, "proxy-cacert", Value("FILE"), Proxy, "As --cacert, for an https proxy"),
    long(Opt::ProxyCaNative, "proxy-ca-native", Switch, Proxy, "As --ca-native, for an https proxy"),
    long(Opt::ProxyCaPath, "proxy-capath", Value("FOLDER"), Proxy, "As --capath, for an https proxy"),
    long(Opt::ProxyCrlFile, "proxy-crlfile", Value("FILE"), Proxy, "As --crlfile, for an https proxy"),
    long(Opt::ProxyPinnedPubKey, "proxy-pinnedpubkey", Value("FILE|HASHES"), Proxy, "As --pinnedpubkey, for an https proxy"),
    long(Opt::ProxyCert, "proxy-cert", Value("FILE[:PASSWORD]"), Proxy, "As --cert, for an https proxy"),
    long(Opt::ProxyCertType, "proxy-cert-type", Value("TYPE"), Proxy, "As --cert-type, for an https proxy"),
    long(Opt::ProxyKey, "proxy-key", Value("FILE"), Proxy, "As --key, for an https proxy"),
    long(Opt::ProxyKeyType, "proxy-key-type", Value("TYPE"), Proxy, "As --key-type, for an https proxy"),
    long(Opt::ProxyPass, "proxy-pass", Value("PASSWORD"), Proxy, "As --pass, for an https proxy"),
    long(Opt::ProxyCiphers, "proxy-ciphers", Value("LIST"), Proxy, "As --ciphers, for an https proxy"),
    long(Opt::ProxyTls13Ciphers, "proxy-tls13-ciphers", Value("LIST"), Proxy, "As --tls13-ciphers, for an https proxy"),
    long(Opt::ProxyTlsV1, "proxy-tlsv1", Mark, Proxy, "As --tlsv1, for an https proxy"),
    flag(Opt::Insecure, 'k', "insecure", Switch, Tls, "Accept any certificate"),
    long(Opt::Hsts, "hsts", Value("FILE"), Tls, "Go by https to the hosts in this file, and keep those there that ask for it"),
    long(Opt::CaPath, "capath", Value("FOLDER"), Tls, "Trust the certificates of this folder in place of the built-in ones"),
    long(Opt::CaNative, "ca-native", Switch, Tls, "Trust whom the system trusts, in place of the built-in roots"),
    long(Opt::CrlFile, "crlfile", Value("FILE"), Tls, "Refuse what the lists in this PEM file revoke"),
    long(Opt::PinnedPubKey, "pinnedpubkey", Value("FILE|sha256//HASH;…"), Tls, "Insist on this public key, with -k too"),
    flag(Opt::Cert, 'E', "cert", Value("FILE[:PASSWORD]"), Tls, "Show this certificate to a server that asks for one"),
    long(Opt::CertType, "cert-type", Value("PEM|DER"), Tls, "What the file of the certificate is"),
    long(Opt::Key, "key", Value("FILE"), Tls, "The certificate's private key, where it is not in its file"),
    long(Opt::KeyType, "key-type", Value("PEM|DER"), Tls, "What the file of the key is"),
    long(Opt::Pass, "pass", Value("PASSWORD"), Tls, "What opens the private key"),
    flag(Opt::TlsV1, '1', "tlsv1", Mark, Tls, "TLS 1.0 or newer, which here is 1.2 or newer"),
    long(Opt::TlsV10, "tlsv1.0", Mark, Tls, "The same"),
    long(Opt::TlsV11, "tlsv1.1", Mark, Tls, "The same"),
    long(Opt::TlsV12, "tlsv1.2", Mark, Tls, "TLS 1.2 or newer"),
    long(Opt::TlsV13, "tlsv1.3", Mark, Tls, "TLS 1.3 or newer"),
    long(Opt::TlsMax, "tls-max", Value("1.2|1.3"), Tls, "No newer TLS than this"),
    long(Opt::Ciphers, "ciphers", Value("NAME:NAME…"), Tls, "The cipher suites of TLS 1.2, by OpenSSL's names or the registered ones"),
    long(Opt::Tls13Ciphers, "tls13-ciphers", Value("NAME:NAME…"), Tls, "The cipher suites of TLS 1.3"),
    long(Opt::Curves, "curves", Value("NAME:NAME…"), Tls, "The curves of the key exchange: X25519, P-256, P-384"),
    long(Opt::Alpn, "alpn", Switch, Tls, "Say that HTTP/1.1 is spoken; --no-alpn says nothing"),
    flag(Opt::SslV2, '2', "sslv2", Mark, Tls, "Not followed: it is broken"),
    flag(Opt::SslV3, '3', "sslv3", Mark, Tls, "Not followed: it is broken"),
    long(Opt::CaCert, "cacert", Value("FILE"), Tls, "Trust the certificates in this PEM file in place of the built-in ones"),
    flag(Opt::Config, 'K', "config", Value("FILE"), Program, "Read flags from a file, one a line; `-` is standard input"),
    long(Opt::FromCurl, "from-curl", Value("FILE"), Program, "Do what the curl lines of a file say, as a browser copies them; `-` is standard input. Flags beside it hold for each"),
    long(Opt::DryRun, "dry-run", Mark, Program, "Show the bytes that would be sent, and send nothing"),
    long(Opt::ToCurl, "to-curl", Mark, Program, "Show the curl line that does the same, and do nothing"),
    long(Opt::Variable, "variable", Value("[%]NAME=TEXT|NAME@FILE"), Program, "Set a variable, from the environment with `%`; --expand-FLAG puts it in for `{{NAME}}`, `{{NAME:trim:url}}`"),
    flag(Opt::Next, ':', "next", Mark, Program, "What follows is another operation, with flags of its own"),
    flag(Opt::Disable, 'q', "disable", Mark, Program, "As the first flag: do not read fetch.conf"),
    flag(Opt::Help, 'h', "help", Mark, Program, "Show this, or what CATEGORY or --FLAG behind it is about; `all` is all"),
    flag(Opt::Manual, 'M', "manual", Mark, Program, "Show the help on all flags"),
    flag(Opt::Version, 'V', "version", Mark, Program, "Show the version and what it can do"),
];

/// The words that a command knows: its own, then those of `fetch`.
pub(super) struct Grammar {
    /// What it is called.
    pub(super) command: &'static str,
    /// What it is, in a sentence.
    pub(super) about: &'static str,
    /// What most people come for.
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// The flags that most people use, shown without being asked for.
    pub(super) usual: &'static [Opt],
    /// What stands below the flags.
    pub(super) notes: &'static str,
    /// Its own flags; they take the place of `fetch`'s with the same name.
    pub(super) own: &'static [Flag],
    /// Why a flag of `fetch` is not there, and what to use instead.
    pub(super) refuses: fn(&Flag) -> Option<&'static str>,
    /// Its file of defaults.
    pub(super) conf: Option<&'static str>,
}

impl Grammar {
    /// Every flag, in the order of the help.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'static Flag> {
        let common = FLAGS.iter().filter(|flag| {
            let shadowed = self.own.iter().any(|own| own.long == flag.long);
            !shadowed && (self.refuses)(flag).is_none()
        });
        self.own.iter().chain(common)
    }

    /// What the flags are about, in the order of the help.
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> {
        let own = (!self.own.is_empty()).then_some(Group::Report);
        let common = Group::ALL.into_iter();
        own.into_iter().chain(common.filter(|group| self.flags().any(|flag| flag.group == *group)))
    }

    fn all(&self) -> impl Iterator<Item = &'static Flag> {
        self.own.iter().chain(FLAGS)
    }

    /// The flag with this long name; the second is false for `no-NAME`.
    pub(super) fn by_long(&self, name: &str) -> Option<(&'static Flag, bool)> {
        let name = match name {
            // The name that curl 8.10 gave a flag of old.
            "show-headers" => "include",
            // As it is called where people speak of rustls.
            "native-roots" => "ca-native",
            "data-ascii" => "data",
            name => name,
        };
        if let Some(flag) = self.all().find(|flag| flag.long == name) {
            return Some((flag, true));
        }
        let positive = name.strip_prefix("no-")?;
        let flag = self.all().find(|flag| flag.long == positive && flag.takes == Switch)?;
        Some((flag, false))
    }

    /// The flag whose value `--expand-NAME` expands.
    pub(super) fn by_expanding(&self, name: &str) -> Option<&'static Flag> {
        let (flag, _) = self.by_long(name.strip_prefix("expand-")?)?;
        matches!(flag.takes, Value(_)).then_some(flag)
    }

    /// The flag with this letter.
    pub(super) fn by_short(&self, letter: char) -> Option<&'static Flag> {
        self.all().find(|flag| flag.short == Some(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::*;

    #[test]
    fn every_name_is_there_once() {
        for (i, one) in FLAGS.iter().enumerate() {
            for other in &FLAGS[i + 1..] {
                assert!(one.long != other.long && one.opt != other.opt, "{}", one.long);
                assert!(one.short.is_none() || one.short != other.short, "{}", one.long);
            }
        }
    }

    #[test]
    fn only_switches_can_be_taken_back() {
        assert!(
            FETCH.by_long("no-location").is_some_and(|(flag, on)| flag.opt == Opt::Location && !on)
        );
        assert!(FETCH.by_long("no-output").is_none() && FETCH.by_long("no-version").is_none());
    }
}
