//! The environment, read once.

#![expect(clippy::disallowed_methods, reason = "this is where the environment is read")]

use super::exit::Failure;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// What the environment says about this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    /// Where sessions live: `$CRULLER_HOME`, or `$XDG_STATE_HOME/cruller`.
    pub(super) state: Option<PathBuf>,
    /// Where `fetch.conf` lives: `$CRULLER_HOME`, or `$XDG_CONFIG_HOME/cruller`.
    pub(super) config: Option<PathBuf>,
    /// `$CRULLER_SESSION`, as it stands.
    pub(super) session: Option<OsString>,
    /// `$http_proxy`, in lower case only: a server's CGI scripts get `HTTP_PROXY` from the
    /// request's `Proxy` field (CVE-2016-5385).
    pub(super) http_proxy: Option<OsString>,
    /// `$https_proxy` or `$HTTPS_PROXY`.
    pub(super) https_proxy: Option<OsString>,
    /// `$all_proxy` or `$ALL_PROXY`.
    pub(super) all_proxy: Option<OsString>,
    /// `$no_proxy` or `$NO_PROXY`.
    pub(super) no_proxy: Option<OsString>,
    /// `$SSL_CERT_FILE`: certificates to trust in place of the built-in ones.
    pub(super) ca_file: Option<PathBuf>,
    /// `$SSL_CERT_DIR`: a folder of such files.
    pub(super) ca_folder: Option<PathBuf>,
    /// `$SSLKEYLOGFILE`.
    pub(super) key_log: Option<PathBuf>,
    /// `$NETRC`, or `.netrc` in `$HOME`: the file of logins.
    pub(super) netrc: Option<PathBuf>,
}

impl Env {
    pub(super) fn read() -> Env {
        let own = set("CRULLER_HOME").map(PathBuf::from);
        let home = set("HOME").map(PathBuf::from);
        let xdg = |name, fallback: &str| {
            let base = set(name).map(PathBuf::from).filter(|path| path.is_absolute());
            let base = base.or_else(|| home.as_ref().map(|home| home.join(fallback)));
            own.clone().or_else(|| base.map(|base| base.join("cruller")))
        };
        Env {
            state: xdg("XDG_STATE_HOME", ".local/state"),
            config: xdg("XDG_CONFIG_HOME", ".config"),
            session: set("CRULLER_SESSION"),
            http_proxy: set("http_proxy"),
            https_proxy: set("https_proxy").or_else(|| set("HTTPS_PROXY")),
            all_proxy: set("all_proxy").or_else(|| set("ALL_PROXY")),
            no_proxy: set("no_proxy").or_else(|| set("NO_PROXY")),
            ca_file: set("SSL_CERT_FILE").map(PathBuf::from),
            ca_folder: set("SSL_CERT_DIR").map(PathBuf::from),
            key_log: set("SSLKEYLOGFILE").map(PathBuf::from),
            netrc: set("NETRC")
                .map(PathBuf::from)
                .or_else(|| home.as_ref().map(|home| home.join(".netrc"))),
        }
    }

    /// `$CRULLER_SESSION`: the session of every command that names none.
    ///
    /// # Errors
    /// It is not UTF-8: to go on without it would leave the cookies where nobody looks for them.
    pub(super) fn session(&self) -> Result<Option<&str>, Failure> {
        let text = self.session.as_ref().map(|name| {
            name.to_str().ok_or_else(|| Failure::usage("CRULLER_SESSION is not UTF-8"))
        });
        text.transpose()
    }
}

/// A variable that a person asked for by its name, also where it is empty.
///
/// # Errors
/// It is not UTF-8.
pub(super) fn variable(name: &str) -> Result<Option<String>, Failure> {
    let value = env::var_os(name).map(OsString::into_string).transpose();
    value.map_err(|_| Failure::usage(format!("the environment's {name} is not UTF-8")))
}

/// Whether the environment wants colour, where it says so: `NO_COLOR` and `CLICOLOR_FORCE`, or
/// a terminal that has none.
pub(super) fn color() -> Option<bool> {
    let dumb = set("TERM").is_some_and(|term| term == "dumb");
    let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    match set("NO_COLOR") {
        Some(_) => Some(false),
        None if forced => Some(true),
        None => dumb.then_some(false),
    }
}

/// A variable that is set to something.
fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
