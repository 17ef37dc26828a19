//! Servers that a test configures: a folder of their own, ports found free, in the foreground.

use super::leash::Leash;
use super::programs::{answers, free_port, installed, missing};
use libtest_mimic::{Completion, Failed};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a test that wants a server; one that is not there is no pass.
pub fn or_missing(name: &str, test: impl FnOnce(PathBuf)) -> Result<Completion, Failed> {
    match installed(name) {
        Some(program) => {
            test(program);
            Ok(Completion::Completed)
        }
        None => missing(name),
    }
}

/// Starts a server with this configuration, in which `{dir}` and `{0}`, `{1}` … are its folder and
/// its ports, and waits until it answers on all of them. A port that another process took
/// meanwhile is no reason to fail: it is tried again with others.
pub fn start<const N: usize>(
    dir: &Path,
    config: &str,
    command: impl Fn(&Path) -> Command,
) -> ([u16; N], Leash) {
    for _ in 0..5 {
        let ports = [(); N].map(|()| free_port());
        let mut config = config.replace("{dir}", &dir.display().to_string());
        for (at, port) in ports.iter().enumerate() {
            config = config.replace(&format!("{{{at}}}"), &port.to_string());
        }
        let file = dir.join("server.conf");
        std::fs::write(&file, config).expect("a file");
        let mut leash = Leash::start(&command(&file));
        if answers(&mut leash, &ports) {
            return (ports, leash);
        }
    }
    let log = std::fs::read_to_string(dir.join("error.log")).unwrap_or_default();
    panic!("the server does not start: {log}");
}
