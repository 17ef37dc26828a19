//! Runs that are told to end while something holds them up: a slow page, a full pipe, a bomb.

use crate::support::PATIENCE;
use crate::support::client::{Home, Running};
use crate::support::door;
use crate::support::peer::Peer;
use flate2::Compression;
use flate2::write::GzEncoder;
use libtest_mimic::Trial;
use std::io::{PipeReader, Read, Write};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

pub fn tests() -> Vec<Trial> {
    trials![
        a_terminal_that_hangs_up_leaves_the_cookies_saved,
        nobody_reads_and_the_run_is_terminated,
        nobody_reads_and_the_run_is_interrupted,
        a_second_signal_ends_the_run_at_once,
        a_signal_that_was_ignored_from_the_start_stays_so,
        a_bomb_does_not_hold_up_the_clock,
        a_bomb_does_not_hold_up_a_signal,
        a_file_goes_with_the_wait_for_another_try,
    ]
}

/// The head of a page that sets a cookie; its content ends with the connection.
const HEAD: &str = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n< Set-Cookie: came=1\n";

/// A fetch with a session whose standard output is a pipe.
struct Visit {
    home: Home,
    peer: Peer,
    client: Running,
    page: PipeReader,
}

impl Visit {
    fn to(script: &str) -> Visit {
        let home = Home::new();
        let peer = Peer::playing(&format!("{HEAD}{script}"), &home.work());
        let (page, out) = std::io::pipe().unwrap();
        let words = ["fetch", "--compressed", "--session", "me", peer.url()];
        let client = Running::to(home.command(words), out);
        Visit { home, peer, client, page }
    }

    /// Reads the page's first bytes: by then its cookie has come.
    fn begun(&mut self, bytes: usize) {
        self.page.read_exact(&mut vec![0; bytes]).unwrap();
    }

    /// Waits until the client is held up writing, as far as the system tells.
    fn until_it_is_stuck(&self) {
        let write = if cfg!(target_arch = "x86_64") { "1 " } else { "64 " };
        let began = Instant::now();
        let file = format!("/proc/{}/syscall", self.client.id());
        while std::fs::read_to_string(&file).is_ok_and(|call| !call.starts_with(write)) {
            assert!(began.elapsed() < PATIENCE, "the client does not write");
            thread::yield_now();
        }
    }

    /// It has been told to: it ends with `code`, and the cookie is there.
    fn ends_and_saves(self, code: i32) {
        let Visit { home, peer, client, mut page } = self;
        let reader = thread::spawn(move || std::io::copy(&mut page, &mut std::io::sink()));
        client.finish().failed(code);
        reader.join().unwrap().unwrap();
        peer.finish().unwrap();
        home.run(["cookies", "get", "--session", "me", "came"]).ok();
    }

    /// It has been told to: it ends with `code`, although nobody reads.
    fn ends(self, code: i32) {
        let ran = self.client.finish();
        assert!(ran.code == code, "{ran}");
        self.peer.finish().unwrap();
    }
}

fn a_terminal_that_hangs_up_leaves_the_cookies_saved() {
    let mut visit = Visit::to("<\n<| begun\n");
    visit.begun(5);
    assert!(visit.client.signal("HUP"));
    visit.ends_and_saves(129);
}

/// A page without an end, and a pipe that is full of it.
fn stuck() -> Visit {
    let visit = Visit::to("<\n<|** content\n");
    visit.until_it_is_stuck();
    visit
}

fn nobody_reads_and_the_run_is_terminated() {
    let mut visit = stuck();
    assert!(visit.client.signal("TERM"));
    visit.ends(143);
}

fn nobody_reads_and_the_run_is_interrupted() {
    let mut visit = stuck();
    assert!(visit.client.signal("INT"));
    visit.ends(130);
}

fn a_second_signal_ends_the_run_at_once() {
    let mut visit = stuck();
    let began = Instant::now();
    while visit.client.signal("INT") && began.elapsed() < PATIENCE {}
    // src/cli/signals.rs waits so long after the first one.
    assert!(began.elapsed() < Duration::from_secs(2), "it took {:?}", began.elapsed());
    visit.ends(130);
}

/// A tebibyte of zeros in a few kilobytes: gzip of gzip of gzip, members repeated.
fn bomb() -> Vec<u8> {
    let zip = |bytes: &[u8]| {
        let mut zip = GzEncoder::new(Vec::new(), Compression::best());
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap()
    };
    let once = zip(&vec![0; 16 << 20]);
    let twice = zip(&once.repeat(256));
    zip(&twice.repeat(256))
}

/// What a peer says who sends it.
fn bombing() -> String {
    let bomb: String = bomb().iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("< Content-Encoding: gzip, gzip, gzip\n<\n<| {bomb}\n")
}

fn a_bomb_does_not_hold_up_the_clock() {
    let home = Home::new();
    let peer = Peer::playing(&format!("{HEAD}{}", bombing()), &home.work());
    let words = ["fetch", "--compressed", "-m", "1", "-o", "/dev/null", peer.url()];
    home.run(words).failed(28);
    peer.finish().unwrap();
}

fn a_bomb_does_not_hold_up_a_signal() {
    let mut visit = Visit::to(&bombing());
    visit.begun(1 << 20);
    assert!(visit.client.signal("TERM"));
    visit.ends_and_saves(143);
}

fn a_file_goes_with_the_wait_for_another_try() {
    let home = Home::new();
    let script = "connection\n> GET / HTTP/1.1\n< HTTP/1.1 503 Service Unavailable\n\
                  < Content-Length: 5\n<\n<| sorry\n";
    let peer = Peer::playing(script, &home.work());
    let retry = ["--retry", "1", "--retry-delay", "600", "--remove-on-error"];
    let words = ["fetch", "--session", "me", "-o", "file", peer.url()];
    let mut client = home.start(words.into_iter().chain(retry));
    let file = home.file("file");
    let stat = format!("/proc/{}/stat", client.id());
    let came = || std::fs::read(&file).is_ok_and(|content| content == b"sorry");
    let sleeps = || std::fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(") S "));
    let began = Instant::now();
    while !(came() && sleeps()) {
        assert!(began.elapsed() < PATIENCE, "the client does not wait");
        thread::yield_now();
    }
    assert!(client.signal("TERM"));
    let ran = client.finish();
    assert!(ran.code == 143 && ran.stderr.contains("trying again"), "{ran}");
    assert!(!file.exists());
    peer.finish().unwrap();
}

/// As under `nohup`, or behind a script's `&`.
fn a_signal_that_was_ignored_from_the_start_stays_so() {
    let home = Home::new();
    let (door, url) = door::open("http");
    let client = home.command(["fetch", "-c", "jar", &url]);
    let mut shell = Command::new("sh");
    shell.env_clear().envs(client.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.args(["-c", r#"trap '' HUP INT; exec "$0" "$@""#]).arg(client.get_program());
    shell.args(client.get_args()).current_dir(home.work());
    let mut client = Running::to(shell, std::process::Stdio::piped());
    let mut stream = door::accept(&door);
    door::head(&mut stream).expect("a request");
    // By the time it asks it watches for signals.
    assert!(client.signal("HUP") && client.signal("INT"));
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfine").unwrap();
    drop(stream);
    assert_eq!(client.finish().ok().text(), "fine");
}
