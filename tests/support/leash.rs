//! A server process that cannot outlive its test.
//!
//! A shell starts it and waits for its own standard input to end: when the
//! leash is dropped, or the whole test binary dies, the shell ends the server
//! it started, by its pid.

use super::PATIENCE;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

const HOLD: &str = r#""$@" & pid=$!; exec >&-; read -r _; kill "$pid" 2>/dev/null; wait "$pid""#;

/// A running server.
pub struct Leash {
    shell: Child,
    lines: Mutex<Receiver<String>>,
}

impl Leash {
    /// Starts `command` (its program, arguments, environment and folder).
    pub fn start(command: &Command) -> Leash {
        let mut shell = Command::new("sh");
        shell.args(["-c", HOLD, "sh"]).arg(command.get_program()).args(command.get_args());
        if let Some(dir) = command.get_current_dir() {
            shell.current_dir(dir);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut shell = shell
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let stdout = BufReader::new(shell.stdout.take().expect("stdout is piped"));
        let (sender, lines) = channel();
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Leash { shell, lines: Mutex::new(lines) }
    }

    /// The next line the server prints; empty where none comes.
    pub fn line(&self) -> String {
        let lines = self.lines.lock().expect("nobody panicked here");
        lines.recv_timeout(PATIENCE).unwrap_or_default()
    }

    /// Whether the server has ended.
    pub fn is_over(&mut self) -> bool {
        self.shell.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
