//! Debian's proxies on loopback: tinyproxy, squid, microsocks; each in a folder of its own.

use super::leash::Leash;
use super::programs::{answers, free_port, installed};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The one who may use those that want a login.
pub const LOGIN: &str = "ada:lovelace";

/// Another one that squid knows, for whoever gets the password wrong: squid keeps one record of
/// each user, and lets a wrong proof pass now and then while a right one of the same user is looked
/// at (14 of 250, asked with curl).
pub const OTHER_LOGIN: &str = "charles:babbage";

/// A kind of proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HTTP, with Basic.
    Tinyproxy,
    /// HTTP, with Digest.
    Squid,
    /// SOCKS5, for anybody.
    Microsocks,
    /// SOCKS5, with a user and a password.
    MicrosocksWithLogin,
}

/// A running proxy; dropped, it is gone.
pub struct Proxy {
    /// Where it listens: `127.0.0.1:PORT`.
    pub place: String,
    _dir: TempDir,
    _leash: Leash,
}

impl Kind {
    /// The program's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Tinyproxy => "tinyproxy",
            Kind::Squid => "squid",
            Kind::Microsocks | Kind::MicrosocksWithLogin => "microsocks",
        }
    }
}

/// squid's helper that knows who may use it.
const SQUID_DIGEST: &str = "/usr/lib/squid/digest_file_auth";

impl Proxy {
    /// Starts one and waits until it answers; `None` where it is not installed.
    pub fn start(kind: Kind) -> Option<Proxy> {
        let program = installed(kind.name())?;
        if kind == Kind::Squid && !Path::new(SQUID_DIGEST).is_file() {
            return None;
        }
        let dir = tempfile::tempdir().expect("a temporary folder");
        // squid, started by root, reads it as another user.
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open).expect("a folder of ours");
        for _ in 0..5 {
            let port = free_port();
            let mut leash = Leash::start(&command(kind, &program, dir.path(), port));
            if answers(&mut leash, &[port]) {
                return Some(Proxy {
                    place: format!("127.0.0.1:{port}"),
                    _dir: dir,
                    _leash: leash,
                });
            }
        }
        panic!("{} does not start", kind.name());
    }
}

fn command(kind: Kind, program: &Path, dir: &Path, port: u16) -> Command {
    let file = |name: &str, text: String| -> PathBuf {
        let path = dir.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let (user, password) = LOGIN.split_once(':').expect("a user and a password");
    let port = port.to_string();
    let mut command = Command::new(program);
    match kind {
        Kind::Tinyproxy => {
            let config = format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Critical\n\
                 BasicAuth {user} {password}\n"
            );
            command.arg("-d").arg("-c").arg(file("tinyproxy.conf", config));
        }
        Kind::Squid => {
            let users = file("users", format!("{LOGIN}\n{OTHER_LOGIN}\n"));
            let config = SQUID
                .replace("{port}", &port)
                .replace("{digest}", SQUID_DIGEST)
                .replace("{users}", &users.display().to_string());
            // The name keeps what is shared apart from another squid's.
            command.args(["-N", "-n"]).arg(format!("cruller{port}"));
            command.arg("-f").arg(file("squid.conf", config));
        }
        Kind::Microsocks => {
            command.args(["-i", "127.0.0.1", "-p", &port]);
        }
        Kind::MicrosocksWithLogin => {
            command.args(["-i", "127.0.0.1", "-p", &port, "-u", user, "-P", password]);
        }
    }
    command
}

const SQUID: &str = "
http_port 127.0.0.1:{port}
auth_param digest program {digest} {users}
auth_param digest realm squid
auth_param digest children 1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
cache_mem 0
pid_filename none
cache_log /dev/null
access_log none
cache_store_log none
pinger_enable off
shutdown_lifetime 0 seconds
visible_hostname test
coredump_dir none
";
