//! The client as a process: a fresh home, a bare environment, a bounded wait.
//!
//! `CRULLER_TEST_CLIENT=curl` puts another client in its place, to see whether
//! an expectation is curl's too: `CRULLER_TEST_CLIENT=curl cargo test --test tests exchanges`.

use super::leash::Leash;
use super::{PATIENCE, shown};
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// The name that begins the client's messages, if it is another one than ours.
pub fn other_client() -> Option<String> {
    std::env::var("CRULLER_TEST_CLIENT").ok().filter(|name| !name.is_empty())
}

/// One person's machine: a home that is `CRULLER_HOME`, and a folder to work in.
pub struct Home {
    dir: TempDir,
}

impl Home {
    /// An empty one.
    pub fn new() -> Home {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("home")).expect("a home");
        std::fs::create_dir(dir.path().join("work")).expect("a working folder");
        Home { dir }
    }

    /// The folder the client runs in.
    pub fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// The folder named by `CRULLER_HOME`.
    pub fn config(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// A file in the working folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.work().join(name)
    }

    /// Writes a file into the working folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::write(&path, content).expect("a file in the working folder");
        path
    }

    /// Runs the client to its end.
    pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Ran {
        self.start(arguments).finish()
    }

    /// Starts the client.
    pub fn start<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Running {
        Running::to(self.command(arguments), Stdio::piped())
    }

    /// Starts the practice site and says where it is, without a final slash.
    pub fn serve(&self) -> (Leash, String) {
        let leash = Leash::start(&self.command(["serve", "--port", "0"]));
        let line = leash.line();
        let url = line
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("the first line of `cruller serve` was {line:?}"));
        let url = url.trim_end_matches('/').to_owned();
        (leash, url)
    }

    /// The command, not yet started.
    pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Command {
        let arguments = arguments.into_iter().map(|a| a.as_ref().to_owned());
        let (program, arguments) = match other_client() {
            Some(other) => {
                let quiet = ["-q", "-sS"].map(OsString::from);
                (OsString::from(other), quiet.into_iter().chain(arguments.skip(1)).collect())
            }
            None => (env!("CARGO_BIN_EXE_cruller").into(), arguments.collect::<Vec<_>>()),
        };
        let mut command = Command::new(program);
        bare(&mut command, self.dir.path()).args(arguments).current_dir(self.work());
        command
    }
}

/// Nothing of the environment of who runs the tests but the path: no proxy, no locale, no netrc.
fn bare<'c>(command: &'c mut Command, home: &Path) -> &'c mut Command {
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.env("HOME", home).env("CRULLER_HOME", home.join("home")).env("TMPDIR", home)
}

/// Runs the client in a home of its own.
pub fn cruller<I: IntoIterator<Item: AsRef<OsStr>>>(arguments: I) -> Ran {
    Home::new().run(arguments)
}

/// A client that has been started.
pub struct Running {
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

impl Running {
    /// Starts `command` with its standard output led elsewhere.
    pub fn to(mut command: Command, stdout: impl Into<Stdio>) -> Running {
        Running::spawn(command.stdin(Stdio::null()).stdout(stdout))
    }

    /// Starts `command` with something to read on its standard input.
    pub fn fed(mut command: Command, stdin: impl Into<Stdio>) -> Running {
        Running::spawn(command.stdin(stdin).stdout(Stdio::piped()))
    }

    /// Starts `command` between something to read and something to write to.
    pub fn between(
        mut command: Command,
        stdin: impl Into<Stdio>,
        stdout: impl Into<Stdio>,
    ) -> Running {
        Running::spawn(command.stdin(stdin).stdout(stdout))
    }

    fn spawn(command: &mut Command) -> Running {
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {:?}: {error}", command.get_program()));
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        Running { child, stdout, stderr }
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, by the signal's short name; false where it has ended.
    pub fn signal(&mut self, name: &str) -> bool {
        let alive = self.child.try_wait().is_ok_and(|status| status.is_none());
        // Nobody waited for it yet, so the number is still its own.
        let pid = self.id().to_string();
        let kill = || Command::new("sh").args(["-c", r#"kill -"$0" "$1""#, name, &pid]).status();
        alive && kill().is_ok_and(|status| status.success())
    }

    /// The most memory it has had so far, in KiB; `None` where the system does not tell.
    pub fn peak(&self) -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|text| text.trim().strip_suffix(" kB"));
        Some(peak.expect("a peak").trim().parse().expect("a number"))
    }

    /// Waits for the end; after [`PATIENCE`] the process is killed and the test fails.
    pub fn finish(self) -> Ran {
        self.outcome().unwrap_or_else(|why| panic!("{why}"))
    }

    /// Waits for the end; the error is a process that did not end, or not by itself.
    pub fn outcome(mut self) -> Result<Ran, String> {
        let deadline = Instant::now() + PATIENCE;
        let left = || deadline.saturating_duration_since(Instant::now());
        let (Ok(stdout), Ok(stderr)) =
            (self.stdout.recv_timeout(left()), self.stderr.recv_timeout(left()))
        else {
            return Err(self.give_up("did not end"));
        };
        // Its pipes are closed, so it is ending.
        let status = loop {
            match self.child.try_wait().expect("the child can be waited for") {
                Some(status) => break status,
                None if left().is_zero() => return Err(self.give_up("closed its output only")),
                None => thread::yield_now(),
            }
        };
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        match status.code() {
            Some(code) if !stderr.contains("panicked at") => Ok(Ran { code, stdout, stderr }),
            _ => Err(format!("{status}: {stderr}")),
        }
    }

    fn give_up(&mut self, what: &str) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let said =
            |pipe: &Receiver<Vec<u8>>| shown(&pipe.recv_timeout(PATIENCE).unwrap_or_default());
        let (stdout, stderr) = (said(&self.stdout), said(&self.stderr));
        format!("the client {what} within {PATIENCE:?}; it said {stdout:?} and {stderr:?}")
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// How a run ended.
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, for reading.
    pub stderr: String,
}

impl Ran {
    /// It worked: 0, and not a word on stderr.
    #[track_caller]
    pub fn ok(self) -> Ran {
        assert!(self.code == 0 && self.stderr.is_empty(), "{self}");
        self
    }

    /// It failed with `code`, and one line says so.
    #[track_caller]
    pub fn failed(self, code: i32) -> Ran {
        assert!(self.code == code, "exit {code} was due, not {self}");
        self.one_line();
        self
    }

    /// It failed with `code`, said why with `fragment`.
    #[track_caller]
    pub fn failed_saying(self, code: i32, fragment: &str) -> Ran {
        let ran = self.failed(code);
        assert!(ran.stderr.contains(fragment), "{fragment:?} was to be said: {ran}");
        ran
    }

    /// An error is `cruller: (28) …` on one line, and perhaps a `hint:` on a second.
    #[track_caller]
    pub fn one_line(&self) {
        if other_client().is_some() {
            return;
        }
        let mut lines = self.stderr.lines();
        let first = lines.next().unwrap_or_default();
        let numbered = first.starts_with(&format!("cruller: ({}) ", self.code));
        let usage = self.code == 2 && first.starts_with("cruller: ");
        assert!(numbered || usage, "one line that begins `cruller: ({}) `: {self}", self.code);
        assert!(lines.all(|line| line.starts_with("hint: ")), "one line, and hints: {self}");
        let control = |b: char| b.is_control() && b != '\n';
        assert!(!self.stderr.contains(control), "no control characters on stderr: {self}");
    }

    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit {}\n  stdout: {}\n  stderr: {}",
            self.code,
            shown(&self.stdout),
            self.stderr
        )
    }
}
