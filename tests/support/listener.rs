//! `cruller socket listen` in the background, and clients of it.

use super::client::{Home, Running};
use super::leash::Leash;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A listener in the background; dropped, it is told to end.
pub struct Listener {
    /// Where it runs; what peers say is in the file `out`.
    pub home: Home,
    /// `tcp://127.0.0.1:4000`
    pub address: String,
    /// Its messages, a line at a time.
    pub leash: Leash,
}

/// Runs the listener, its messages to standard output and what peers say to the file `out`;
/// then tells how it ended. Told to end, it passes that on.
const LISTENER: &str = r#"trap 'kill "$p"' TERM; "$@" 2>&1 >out & p=$!
wait "$p"; code=$?; wait "$p" 2>/dev/null; echo "ended $code""#;

/// Likewise, and what peers say goes to a pipe that nobody reads.
const UNREAD: &str = r#"mkfifo out && exec 3<>out; trap 'kill "$p"' TERM; "$@" 2>&1 >&3 & p=$!
wait "$p"; code=$?; wait "$p" 2>/dev/null; echo "ended $code""#;

impl Listener {
    /// Starts it, and waits until it listens.
    pub fn start(address: &str, flags: &[&str]) -> Listener {
        Listener::start_in(Home::new(), address, flags)
    }

    /// Likewise, in a home where there is something.
    pub fn start_in(home: Home, address: &str, flags: &[&str]) -> Listener {
        Listener::by(LISTENER, home, address, flags)
    }

    /// Likewise, where nobody reads what peers say.
    pub fn start_unread(address: &str, flags: &[&str]) -> Listener {
        Listener::by(UNREAD, Home::new(), address, flags)
    }

    fn by(script: &str, home: Home, address: &str, flags: &[&str]) -> Listener {
        let client = home.command(["socket", "listen", address].iter().chain(flags));
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(client.get_program()).args(client.get_args());
        command.current_dir(home.work());
        let leash = Leash::start(&command);
        let mut first = leash.line();
        while first.starts_with("* ") {
            first = leash.line();
        }
        let address = first.strip_prefix("listening on ");
        let address = address.unwrap_or_else(|| panic!("{first:?}")).to_owned();
        Listener { home, address, leash }
    }

    /// `127.0.0.1:4000`
    pub fn host(&self) -> &str {
        self.address.split_once("://").unwrap().1
    }

    /// `4000`
    pub fn port(&self) -> &str {
        self.host().rsplit_once(':').unwrap().1
    }

    /// What peers said, once it has ended with 0.
    pub fn ended_well(&self) -> PathBuf {
        assert_eq!(self.leash.line(), "ended 0");
        self.home.file("out")
    }

    /// Starts a client of it.
    pub fn connect(&self, flags: &[&str]) -> Running {
        Home::new().start(connect(&self.address, flags))
    }
}

/// The words of a client.
pub fn connect<'a>(address: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    ["socket", "connect", address].into_iter().chain(flags.iter().copied()).collect()
}

/// Connects with something on standard input.
pub fn fed(address: &str, flags: &[&str], stdin: impl Into<Stdio>) -> Running {
    Running::fed(Home::new().command(connect(address, flags)), stdin)
}
