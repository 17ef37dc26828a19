//! What the user typed: every flag in its last or collected form, nothing read, nothing decided.

use super::conditional;
use super::flags::Opt;
use super::form::{Form, FormPiece};
use super::local::LocalWords;
use super::netrc;
use super::protocols;
use super::proxies::ProxyWords;
use super::speeds;
use super::tls;
use super::trace::{How, Tracing};
use super::words::Said;
use crate::base::Version;
use crate::client::{KeepPost, Login, ProxyKind};
use crate::net::{Family, SocksVersion, TlsVersion};
use std::path::PathBuf;

/// Where the answer of one URL goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// `-o FILE`.
    File(String),
    /// `-O`.
    RemoteName,
}

/// A piece of `-d` and its relatives, in the order they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DataPiece {
    /// `--data`: `@` names a file whose line breaks are dropped.
    Form(String),
    /// `--data-raw`: text.
    Raw(String),
    /// `--data-binary`: `@` names a file.
    Binary(String),
    /// `--data-urlencode`: text or a file, percent-encoded.
    UrlEncode(String),
    /// `--json`: like `--data-binary`, and says that it is JSON.
    Json(String),
}

/// What `--help` is asked about; nothing in particular if empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HelpOn(pub(super) String);

/// A command line of `fetch`.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) urls: Vec<String>,
    /// Where each goes, in order; none where `--no-remote-name` says so.
    pub(super) destinations: Vec<Option<Destination>>,
    pub(super) output_dir: Option<String>,
    pub(super) create_dirs: bool,
    /// Given either way, or not at all.
    pub(super) clobber: Option<bool>,
    pub(super) skip_existing: bool,
    pub(super) parallel: bool,
    pub(super) parallel_max: Option<String>,
    pub(super) remote_name_all: bool,
    pub(super) remote_header_name: bool,
    pub(super) remove_on_error: bool,

    pub(super) method: Option<String>,
    pub(super) headers: Vec<String>,
    pub(super) user_agent: Option<String>,
    pub(super) referer: Option<String>,
    pub(super) range: Option<String>,
    pub(super) conditional: conditional::Given,
    pub(super) protocols: protocols::Given,
    pub(super) netrc: netrc::Given,
    pub(super) rate: Option<String>,
    pub(super) disallow_username: bool,
    pub(super) url_query: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) login: Option<Login>,
    pub(super) bearer: Option<String>,
    pub(super) http10: bool,
    pub(super) http09: bool,
    pub(super) raw: bool,
    pub(super) tr_encoding: bool,
    pub(super) path_as_is: bool,
    pub(super) request_target: Option<String>,
    pub(super) expect100_timeout: Option<String>,
    pub(super) max_filesize: Option<String>,
    pub(super) ignore_content_length: bool,
    pub(super) speeds: speeds::Given,
    pub(super) data: Vec<DataPiece>,
    pub(super) form: Form,
    /// The files of `-T`, in order; an empty name uploads nothing.
    pub(super) uploads: Vec<String>,
    pub(super) continue_at: Option<String>,
    pub(super) get: bool,
    pub(super) head: bool,
    pub(super) compressed: bool,
    pub(super) globoff: bool,

    pub(super) cookies: Vec<String>,
    pub(super) junk_session_cookies: bool,
    pub(super) cookie_jar: Option<String>,
    pub(super) session: Option<String>,
    pub(super) session_read_only: bool,
    pub(super) explain_cookies: bool,

    pub(super) location: bool,
    pub(super) location_trusted: bool,
    pub(super) keep_post: KeepPost,
    pub(super) max_redirs: Option<String>,

    pub(super) include: bool,
    pub(super) dump_header: Option<String>,
    pub(super) fail: bool,
    pub(super) fail_with_body: bool,
    pub(super) fail_early: bool,
    pub(super) retry: Option<String>,
    pub(super) retry_delay: Option<String>,
    pub(super) retry_max_time: Option<String>,
    pub(super) retry_all_errors: bool,
    pub(super) retry_connrefused: bool,
    pub(super) write_out: Option<String>,
    pub(super) json_out: Option<String>,
    pub(super) silent: bool,
    pub(super) show_error: bool,
    pub(super) tracing: Tracing,
    pub(super) no_progress: bool,
    pub(super) progress_bar: bool,

    pub(super) max_time: Option<String>,
    pub(super) connect_timeout: Option<String>,
    pub(super) resolve: Vec<String>,
    pub(super) family: Option<Family>,
    pub(super) connect_to: Vec<String>,
    pub(super) unix_socket: Option<PathBuf>,
    pub(super) proxies: ProxyWords,
    pub(super) local: LocalWords,

    pub(super) tls: tls::Given,
    pub(super) hsts: Vec<PathBuf>,

    pub(super) dry_run: bool,
    pub(super) to_curl: bool,
    /// It is one of many pasted lines.
    pub(super) pasted: bool,
    pub(super) help: Option<HelpOn>,
    pub(super) version: bool,
}

/// One more way to log in: with two, whichever is asked for.
fn also(before: Option<Login>, way: Login) -> Login {
    if before.is_none_or(|before| before == way) { way } else { Login::Any }
}

/// What is said of one operation and holds for the whole command line: `--silent`,
/// `--show-error`, `--fail-early`. Pasted lines are command lines of their own.
pub(super) fn said_of_all(all: &mut [Typed]) {
    let mut typed: Vec<&mut Typed> = all.iter_mut().filter(|typed| !typed.pasted).collect();
    let any = |said: fn(&Typed) -> bool| typed.iter().any(|typed| said(typed));
    let silent = any(|typed| typed.silent);
    let show_error = any(|typed| typed.show_error);
    let fail_early = any(|typed| typed.fail_early);
    for typed in &mut typed {
        typed.silent = silent;
        typed.show_error = show_error;
        typed.fail_early = fail_early;
    }
}

impl Typed {
    /// What was said of one operation.
    pub(super) fn of(said: Vec<Said>) -> Typed {
        let mut typed = Typed::default();
        for said in said {
            typed.take(said);
        }
        typed
    }

    /// Takes what was said, in order: of repeated values the last counts, lists collect.
    fn take(&mut self, said: Said) {
        match said {
            Said::Url(url) => self.urls.push(url),
            Said::Switch(opt, on) => self.switch(opt, on),
            Said::Value(opt, value) | Said::Expanded(opt, value) => self.value(opt, value),
        }
    }

    fn switch(&mut self, opt: Opt, on: bool) {
        match opt {
            Opt::Compressed => self.compressed = on,
            Opt::ExplainCookies => self.explain_cookies = on,
            Opt::Fail => self.fail = on,
            Opt::FormEscape => self.form.escape(on),
            Opt::Get => self.get = on,
            Opt::Globoff => self.globoff = on,
            Opt::Head => self.head = on,
            Opt::Include => self.include = on,
            Opt::Ipv4 => self.family = on.then_some(Family::V4),
            Opt::Ipv6 => self.family = on.then_some(Family::V6),
            Opt::AnyAuth if on => self.login = Some(Login::Any),
            Opt::Basic if on => self.login = Some(also(self.login, Login::Basic)),
            Opt::Digest if on => self.login = Some(also(self.login, Login::Digest)),
            Opt::Manual => self.help = Some(HelpOn("all".to_owned())),
            Opt::IgnoreContentLength => self.ignore_content_length = on,
            Opt::Insecure => self.tls.insecure = on,
            Opt::CaNative => self.tls.ca_native = on,
            Opt::Alpn => self.tls.no_alpn = !on,
            Opt::SslV2 | Opt::SslV3 => self.tls.ssl = on,
            Opt::TlsV1 | Opt::TlsV10 | Opt::TlsV11 => self.tls.least = Some(TlsVersion::Old),
            Opt::TlsV12 => self.tls.least = Some(TlsVersion::Tls12),
            Opt::TlsV13 => self.tls.least = Some(TlsVersion::Tls13),
            Opt::Http10 => self.http10 = on,
            Opt::Http09 => self.http09 = on,
            Opt::Raw => self.raw = on,
            Opt::Netrc => self.netrc.required = on,
            Opt::NetrcOptional => self.netrc.optional = on,
            Opt::TrEncoding => self.tr_encoding = on,
            Opt::RemoteTime => self.conditional.remote_time = on,
            Opt::DisallowUsername => self.disallow_username = on,
            Opt::JunkSessionCookies => self.junk_session_cookies = on,
            Opt::LocationTrusted => (self.location, self.location_trusted) = (on, on),
            Opt::Parallel => self.parallel = on,
            Opt::PathAsIs => self.path_as_is = on,
            Opt::Post301 => self.keep_post.on_301 = on,
            Opt::Post302 => self.keep_post.on_302 = on,
            Opt::Post303 => self.keep_post.on_303 = on,
            Opt::Location => self.location = on,
            // Without a --remote-name-all there is nothing to take back, as in curl.
            Opt::RemoteName if on || self.remote_name_all => {
                self.destinations.push(on.then_some(Destination::RemoteName));
            }
            Opt::Clobber => self.clobber = Some(on),
            Opt::CreateDirs => self.create_dirs = on,
            Opt::FailEarly => self.fail_early = on,
            Opt::FailWithBody => self.fail_with_body = on,
            Opt::RemoteHeaderName => self.remote_header_name = on,
            Opt::RemoteNameAll => self.remote_name_all = on,
            Opt::RemoveOnError => self.remove_on_error = on,
            Opt::SkipExisting => self.skip_existing = on,
            Opt::RetryAllErrors => self.retry_all_errors = on,
            Opt::RetryConnrefused => self.retry_connrefused = on,
            Opt::SessionReadOnly => self.session_read_only = on,
            Opt::HaproxyProtocol => self.local.haproxy = on,
            Opt::Keepalive => self.local.no_keepalive = !on,
            Opt::Mptcp => self.local.multipath = on,
            Opt::TcpNodelay => self.local.delayed = !on,
            Opt::ProxyAnyAuth if on => self.proxies.login = Login::Any,
            Opt::ProxyBasic if on => self.proxies.login = Login::Basic,
            Opt::ProxyDigest if on => self.proxies.login = Login::Digest,
            Opt::ProxyInsecure => self.proxies.tls.insecure = on,
            Opt::ProxyCaNative => self.proxies.tls.ca_native = on,
            Opt::ProxyTlsV1 => self.proxies.tls.least = Some(TlsVersion::Old),
            Opt::ProxyTunnel => self.proxies.tunnel = on,
            Opt::SuppressConnectHeaders => self.proxies.suppress_heads = on,
            Opt::ShowError => self.show_error = on,
            Opt::Silent => self.silent = on,
            Opt::DryRun => self.dry_run = on,
            Opt::FromCurl => self.pasted = on,
            Opt::ToCurl => self.to_curl = on,
            Opt::ProgressBar => self.progress_bar = on,
            Opt::ProgressMeter => self.no_progress = !on,
            Opt::TraceIds => self.tracing.ids = on,
            Opt::TraceTime => self.tracing.time = on,
            Opt::Verbose => self.tracing.verbose(on),
            Opt::Version => self.version = on,
            // -q counts as the first word only, and is seen there.
            _ => {}
        }
    }

    fn value(&mut self, opt: Opt, value: String) {
        match opt {
            Opt::Agent => self.user_agent = Some(value),
            Opt::CaCert => self.tls.ca_cert = Some(value),
            Opt::CaPath => self.tls.ca_path = Some(value),
            Opt::Cert => self.tls.cert = Some(value),
            Opt::CertType => self.tls.cert_type = Some(value),
            Opt::Ciphers => self.tls.ciphers = Some(value),
            Opt::CrlFile => self.tls.crl_file = Some(value),
            Opt::Curves => self.tls.curves = Some(value),
            Opt::Hsts => self.hsts.push(PathBuf::from(value)),
            Opt::Key => self.tls.key = Some(value),
            Opt::KeyType => self.tls.key_type = Some(value),
            Opt::Pass => self.tls.pass = Some(value),
            Opt::PinnedPubKey => self.tls.pins = Some(value),
            Opt::TlsMax => self.tls.most = Some(value),
            Opt::Tls13Ciphers => self.tls.ciphers13 = Some(value),
            Opt::ConnectTimeout => self.connect_timeout = Some(value),
            Opt::ConnectTo => self.connect_to.push(value),
            Opt::ContinueAt => self.continue_at = Some(value),
            Opt::Cookie => self.cookies.push(value),
            Opt::CookieJar => self.cookie_jar = Some(value),
            Opt::Data => self.data.push(DataPiece::Form(value)),
            Opt::DataBinary => self.data.push(DataPiece::Binary(value)),
            Opt::DataRaw => self.data.push(DataPiece::Raw(value)),
            Opt::DataUrlencode => self.data.push(DataPiece::UrlEncode(value)),
            Opt::DumpHeader => self.dump_header = Some(value),
            Opt::Form => self.form.pieces.push(FormPiece { text: value, literal: false }),
            Opt::FormString => self.form.pieces.push(FormPiece { text: value, literal: true }),
            Opt::NetrcFile => self.netrc.file = Some(value),
            Opt::Rate => self.rate = Some(value),
            Opt::EtagCompare => self.conditional.etag_compare = Some(value),
            Opt::EtagSave => self.conditional.etag_save = Some(value),
            Opt::TimeCond => self.conditional.time_cond = Some(value),
            Opt::Proto => self.protocols.all = Some(value),
            Opt::ProtoDefault => self.protocols.default = Some(value),
            Opt::ProtoRedir => self.protocols.redirects = Some(value),
            Opt::Header => self.headers.push(value),
            Opt::Help => self.help = Some(HelpOn(value)),
            Opt::Json => self.data.push(DataPiece::Json(value)),
            Opt::JsonOut => self.json_out = Some(value),
            Opt::MaxRedirs => self.max_redirs = Some(value),
            Opt::MaxTime => self.max_time = Some(value),
            Opt::Output => self.destinations.push(Some(Destination::File(value))),
            Opt::OutputDir => self.output_dir = Some(value),
            Opt::Bearer => self.bearer = Some(value),
            Opt::Expect100Timeout => self.expect100_timeout = Some(value),
            Opt::LimitRate => self.speeds.limit_rate = Some(value),
            Opt::SpeedLimit => self.speeds.speed_limit = Some(value),
            Opt::SpeedTime => self.speeds.speed_time = Some(value),
            Opt::MaxFilesize => self.max_filesize = Some(value),
            Opt::ParallelMax => self.parallel_max = Some(value),
            Opt::RequestTarget => self.request_target = Some(value),
            Opt::HaproxyClientip => self.local.haproxy_client = Some(value),
            Opt::HappyEyeballs => self.local.happy_eyeballs = Some(value),
            Opt::Interface => self.local.interface = Some(value),
            Opt::IpTos => self.local.tos = Some(value),
            Opt::KeepaliveCnt => self.local.keepalive_count = Some(value),
            Opt::KeepaliveTime => self.local.keepalive_time = Some(value),
            Opt::LocalPort => self.local.ports = Some(value),
            Opt::VlanPriority => self.local.priority = Some(value),
            Opt::NoProxy => self.proxies.except = Some(value),
            Opt::Preproxy => self.proxies.before = Some(value),
            Opt::Proxy => self.proxies.ask(ProxyKind::Http(Version::Http11), value),
            Opt::Proxy10 => self.proxies.ask(ProxyKind::Http(Version::Http10), value),
            Opt::Socks4 => self.proxies.ask(ProxyKind::Socks(SocksVersion::V4), value),
            Opt::Socks4a => self.proxies.ask(ProxyKind::Socks(SocksVersion::V4a), value),
            Opt::Socks5 => self.proxies.ask(ProxyKind::Socks(SocksVersion::V5), value),
            Opt::Socks5Hostname => self.proxies.ask(ProxyKind::Socks(SocksVersion::V5Name), value),
            Opt::ProxyCaCert => self.proxies.tls.ca_cert = Some(value),
            Opt::ProxyCaPath => self.proxies.tls.ca_path = Some(value),
            Opt::ProxyCrlFile => self.proxies.tls.crl_file = Some(value),
            Opt::ProxyPinnedPubKey => self.proxies.tls.pins = Some(value),
            Opt::ProxyCert => self.proxies.tls.cert = Some(value),
            Opt::ProxyCertType => self.proxies.tls.cert_type = Some(value),
            Opt::ProxyKey => self.proxies.tls.key = Some(value),
            Opt::ProxyKeyType => self.proxies.tls.key_type = Some(value),
            Opt::ProxyPass => self.proxies.tls.pass = Some(value),
            Opt::ProxyCiphers => self.proxies.tls.ciphers = Some(value),
            Opt::ProxyTls13Ciphers => self.proxies.tls.ciphers13 = Some(value),
            Opt::ProxyHeader => self.proxies.headers.push(value),
            Opt::ProxyUser => self.proxies.user = Some(value),
            Opt::UnixSocket => self.unix_socket = Some(value.into()),
            Opt::AbstractUnixSocket => self.unix_socket = Some(format!("\0{value}").into()),
            Opt::Range => self.range = Some(value),
            Opt::Referer => self.referer = Some(value),
            Opt::Request => self.method = Some(value),
            Opt::Resolve => self.resolve.push(value),
            Opt::Retry => self.retry = Some(value),
            Opt::RetryDelay => self.retry_delay = Some(value),
            Opt::RetryMaxTime => self.retry_max_time = Some(value),
            Opt::Session => self.session = Some(value),
            Opt::Trace => self.tracing.dump(How::Hex, value),
            Opt::TraceAscii => self.tracing.dump(How::Ascii, value),
            Opt::TraceConfig => self.tracing.config(&value),
            Opt::UploadFile => self.uploads.push(value),
            Opt::Url => self.urls.push(value),
            Opt::UrlQuery => self.url_query.push(value),
            Opt::WriteOut => self.write_out = Some(value),
            Opt::User => self.user = Some(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::*;
    use crate::cli::words;

    fn typed(words: &[&str]) -> Typed {
        Typed::of(words::read(words.iter().map(|word| (*word).to_owned()), &FETCH).unwrap())
    }

    #[test]
    fn silence_is_of_the_whole_line_and_of_no_pasted_one() {
        let mut all = [typed(&["a"]), typed(&["-s", "b"]), typed(&["c"])];
        all[2].pasted = true;
        said_of_all(&mut all);
        assert_eq!(all.map(|typed| typed.silent), [true, true, false]);
    }

    #[test]
    fn two_ways_to_log_in_are_either() {
        for (words, login) in [
            (&["--digest"][..], Login::Digest),
            (&["--basic", "--basic"], Login::Basic),
            (&["--digest", "--basic"], Login::Any),
            (&["--basic", "--digest"], Login::Any),
            (&["--basic", "--anyauth"], Login::Any),
        ] {
            assert_eq!(typed(words).login, Some(login), "{words:?}");
        }
    }
}
