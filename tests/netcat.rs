//! `cruller socket` and netcat, each as the other's client and server: 100 MiB arrive unharmed,
//! and an end of one direction is not the end of the other.

use crate::support::PATIENCE;
use crate::support::client::{Home, Running};
use crate::support::listener::{Listener, connect};
use crate::support::nginx;
use crate::support::programs::{free_port, installed, missing};
use libtest_mimic::{Completion, Trial};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

pub fn tests() -> Vec<Trial> {
    let big = Arc::new(OnceLock::new());
    let with_nc = |name: &str, test: fn(&Big)| {
        let big = Arc::clone(&big);
        Trial::ignorable_test(format!("netcat::{name}"), move || match installed("nc") {
            None => missing("nc"),
            Some(_) => {
                test(big.get_or_init(Big::new));
                Ok(Completion::Completed)
            }
        })
    };
    macro_rules! with_nc {
        ($($test:ident),* $(,)?) => { vec![$(with_nc(stringify!($test), $test)),*] };
    }
    with_nc![
        nc_gets_back_over_tcp_all_that_it_sent,
        nc_gets_back_over_a_unix_socket_all_that_it_sent,
        nc_hears_all_of_it_when_it_has_ended_over_tcp,
        nc_hears_all_of_it_when_it_has_ended_over_a_unix_socket,
        nc_is_heard_to_its_end,
        nc_is_printed,
        nc_is_answered_over_udp,
        nc_answers_over_udp,
        nc_is_answered_over_unix_datagrams,
    ]
}

/// A file of 100 MiB in which no two MiB are the same.
struct Big {
    dir: tempfile::TempDir,
}

impl Big {
    fn new() -> Big {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut file = File::create(dir.path().join("big")).expect("a file");
        for part in 0..nginx::BIG >> 20 {
            file.write_all(&nginx::block(part)).expect("a file");
        }
        Big { dir }
    }

    fn open(&self) -> File {
        File::open(self.dir.path().join("big")).expect("the file")
    }

    /// Whether another file is the same.
    #[track_caller]
    fn is(&self, other: &Path) {
        let length = std::fs::metadata(other).unwrap().len();
        assert_eq!(length, nginx::BIG as u64, "{}", other.display());
        let [mut one, mut two] = [self.open(), File::open(other).unwrap()]
            .map(|file| BufReader::with_capacity(1 << 20, file));
        let [mut a, mut b] = [vec![0; 1 << 20], vec![0; 1 << 20]];
        for part in 0..nginx::BIG >> 20 {
            one.read_exact(&mut a).unwrap();
            two.read_exact(&mut b).unwrap();
            assert!(a == b, "MiB {part} of {}", other.display());
        }
    }
}

/// netcat, with its standard streams led to files.
fn nc(home: &Home, flags: &[&str], stdin: File) -> (Child, PathBuf) {
    let out = home.file("nc-out");
    let mut command = Command::new("nc");
    command.args(flags).current_dir(home.work());
    command.stdin(stdin).stdout(File::create(&out).unwrap());
    (command.stderr(Stdio::piped()).spawn().expect("nc starts"), out)
}

/// netcat as a server that says on its standard error when it listens.
fn nc_listens(home: &Home, flags: &[&str], stdin: File) -> (Child, PathBuf) {
    let flags: Vec<&str> = ["-v", "-l"].iter().chain(flags).copied().collect();
    let (mut child, out) = nc(home, &flags, stdin);
    // A stream is bound before it listens, and netcat tells of both.
    let ready = if flags.contains(&"-u") { "Bound on" } else { "Listening on" };
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.starts_with(ready))), "nc: {flags:?}");
    (child, out)
}

#[track_caller]
fn ended(mut nc: Child) {
    let status = nc.wait().unwrap();
    assert!(status.success(), "nc: {status}");
}

fn nc_gets_back_over_tcp_all_that_it_sent(big: &Big) {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "echo"]);
    let (running, out) = nc(&server.home, &["-N", "127.0.0.1", server.port()], big.open());
    ended(running);
    big.is(&out);
}

fn nc_gets_back_over_a_unix_socket_all_that_it_sent(big: &Big) {
    let server = Listener::start("unix://a.sock", &["--reply", "echo"]);
    let (running, out) = nc(&server.home, &["-N", "-U", "a.sock"], big.open());
    ended(running);
    big.is(&out);
}

fn nc_hears_all_of_it_when_it_has_ended_over_tcp(big: &Big) {
    let port = free_port().to_string();
    hears_all_of_it(big, &["127.0.0.1", &port], &format!("tcp://127.0.0.1:{port}"));
}

fn nc_hears_all_of_it_when_it_has_ended_over_a_unix_socket(big: &Big) {
    hears_all_of_it(big, &["-U", "a.sock"], "unix://a.sock");
}

/// netcat ends its own direction at once (-N), and is sent everything.
fn hears_all_of_it(big: &Big, place: &[&str], address: &str) {
    let home = Home::new();
    let said = File::open(home.write("said", "the end")).unwrap();
    let flags: Vec<&str> = ["-N"].iter().chain(place).copied().collect();
    let (running, out) = nc_listens(&home, &flags, said);
    let ran = Running::fed(home.command(connect(address, &[])), big.open()).finish().ok();
    assert_eq!(ran.text(), "the end");
    ended(running);
    big.is(&out);
}

/// A listening netcat stops when it hears our end: here it does not, until it has said all.
fn nc_is_heard_to_its_end(big: &Big) {
    let (home, port) = (Home::new(), free_port().to_string());
    for (place, address) in [
        (&["127.0.0.1", &port][..], format!("tcp://127.0.0.1:{port}")),
        (&["-U", "a.sock"], "unix://a.sock".to_owned()),
    ] {
        let flags: Vec<&str> = ["-N"].iter().chain(place).copied().collect();
        let (running, out) = nc_listens(&home, &flags, big.open());
        let came = home.file("came");
        let command = home.command(connect(&address, &["--send", "go on", "--no-shutdown"]));
        Running::to(command, File::create(&came).unwrap()).finish().ok();
        ended(running);
        assert_eq!(std::fs::read(out).unwrap(), b"go on");
        big.is(&came);
    }
}

fn nc_is_printed(big: &Big) {
    for address in ["tcp://127.0.0.1:0", "unix://a.sock"] {
        let server = Listener::start(address, &["--once"]);
        let place = match address.starts_with("tcp") {
            true => ["127.0.0.1", server.port()],
            false => ["-U", "a.sock"],
        };
        let flags: Vec<&str> = ["-N"].into_iter().chain(place).collect();
        let (running, _) = nc(&server.home, &flags, big.open());
        ended(running);
        big.is(&server.ended_well());
    }
}

fn nc_is_answered_over_udp(_: &Big) {
    let server = Listener::start("udp://127.0.0.1:0", &["--reply", "greet"]);
    let said = server.home.write("said", "Ada\n");
    // -W 1: it ends with the first answer.
    let flags = ["-u", "-W", "1", "127.0.0.1", server.port()];
    let (running, out) = nc(&server.home, &flags, File::open(said).unwrap());
    ended(running);
    assert_eq!(std::fs::read(out).unwrap(), b"Hello, Ada\n");
}

fn nc_answers_over_udp(_: &Big) {
    let (home, port) = (Home::new(), free_port().to_string());
    let answer = File::open(home.write("answer", "from netcat\n")).unwrap();
    let (mut running, out) = nc_listens(&home, &["-u", "127.0.0.1", &port], answer);
    let address = format!("udp://127.0.0.1:{port}");
    let ran = home.run(connect(&address, &["--send", r"\x00\xff binary", "--timeout", "9"]));
    assert_eq!(ran.ok().text(), "from netcat\n");
    let deadline = Instant::now() + PATIENCE;
    while std::fs::read(&out).unwrap() != b"\0\xff binary" {
        assert!(Instant::now() < deadline, "netcat heard something else");
        std::thread::yield_now();
    }
    // Datagrams have no end that would end it.
    running.kill().unwrap();
    running.wait().unwrap();
}

fn nc_is_answered_over_unix_datagrams(_: &Big) {
    let server = Listener::start("unixgram://a.sock", &["--reply", "greet"]);
    let said = server.home.write("said", "Ada\n");
    let flags = ["-u", "-U", "-W", "1", "-s", "nc.sock", "a.sock"];
    let (running, out) = nc(&server.home, &flags, File::open(said).unwrap());
    ended(running);
    assert_eq!(std::fs::read(out).unwrap(), b"Hello, Ada\n");
}
