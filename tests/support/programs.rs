//! Servers that nobody here wrote: where they are, ports for them, and when they are ready.

use super::PATIENCE;
use super::leash::Leash;
use libtest_mimic::{Completion, Failed};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Instant;

/// Where a program is installed, if it is.
pub fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A test that was not run does not pass; and it fails where everything must be installed.
pub fn missing(name: &str) -> Result<Completion, Failed> {
    missing_in(name, std::env::var("CI").is_ok_and(|ci| ci == "true"))
}

/// Likewise, with the answer to whether everything must be.
pub fn missing_in(name: &str, ci: bool) -> Result<Completion, Failed> {
    match ci {
        true => Err(format!("{name} is not installed, and CI must have it").into()),
        false => Ok(Completion::ignored_with(format!("{name} is not installed"))),
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    listener.local_addr().expect("a bound socket").port()
}

/// Whether all ports can be connected to before it gives up or [`PATIENCE`] ends.
pub fn answers(leash: &mut Leash, ports: &[u16]) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && !leash.is_over() {
        if ports.iter().all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok()) {
            return true;
        }
        std::thread::yield_now();
    }
    false
}
