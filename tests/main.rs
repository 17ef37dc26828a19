//! The test binary. Its modules are the table of contents.
//!
//! A test is a plain function whose name is a sentence, listed in its module's
//! `tests()`; a file under `fixtures/exchanges/` or
//! `fixtures/found/` is a test too. Unit tests stay
//! beside what they test in `src/`; here is what needs the whole binary, or no
//! binary at all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    unreachable_pub,
    reason = "a test fails by panicking, and is itself an edge: it owns files, clocks and processes"
)]

use libtest_mimic::Arguments;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Lists test functions as trials named after their module.
macro_rules! trials {
    ($($test:ident),* $(,)?) => {
        vec![$(libtest_mimic::Trial::test(
            concat!(module_path!(), "::", stringify!($test)).trim_start_matches("tests::"),
            || { $test(); Ok(()) },
        )),*]
    };
}

/// Not tests: the client as a process, the scripted peer, nginx, the TLS front.
mod support;

/// The floors: who may import whom. Rules about the source text belong here.
mod layers;

/// One dialogue a file, played to the binary over a real socket. What a server
/// may say and what must come of it belongs here, as a file and not as code.
mod exchanges;

/// The same dialogues against the pure machine, their bytes cut everywhere.
mod h1;

/// One cookie story a block, by section of RFC 6265bis. What a browser would keep and
/// send belongs here, as lines of a file.
mod cookies;

/// Sessions and Netscape jars under many processes, sudden deaths and full disks.
mod jars;

/// What no dialogue can show: unknown hosts, full disks, files that are not there.
mod fetch;

/// Lines that browsers copy as curl's.
mod curl_lines;
/// Forms with files, as they arrive.
mod form;

/// Flags whose effect is on a file, or on the clock.
mod flags;

/// What would be sent, and the record of what was.
mod preview;

/// The files that `inspect` writes and reads, as other programs take and make them.
mod inspect_formats;

/// Many transfers at once.
mod parallel;

/// Uploads and heads of megabytes.
mod bulk;

/// Content that is read while it is sent: pipes that block, files that change.
mod upload;

/// Downloads that are killed, and go on.
mod resume;

/// Runs that are told to end while something holds them up.
mod signals;

/// A server nobody here wrote. What has to be true of the real world belongs here.
mod nginx;

/// The same, where it does not let everybody in.
mod nginx_doors;

/// Digest, as another server nobody here wrote asks for it.
mod apache;
/// Proxies nobody here wrote, before that server.
mod real_proxies;

/// A fetch as it is shown for reading: snapshots of whole reports, and what they must not hold.
mod inspect;

/// The jar by hand, and in the formats of other programs.
mod cookies_command;

/// What codes, fields and methods mean, as it is printed.
mod explain;

/// Sessions as wholes: listed, renamed, copied, removed, while others use them.
mod sessions_command;

/// Other programs with a session's cookies.
mod session_run;

/// The ways to a server that no dialogue can show: Unix sockets, TLS to a proxy.
mod ways;

/// Who is trusted: certificates of every kind before one server.
mod tls;

/// Hosts that are spoken to by https only.
mod hsts;

/// What is asked of TLS, and told of it.
mod tls_choices;

/// Sockets by hand: dialogues over every kind of socket.
mod socket;

/// What they refuse, or are refused.
mod socket_refused;

/// What they do where somebody does not read, or ends early.
mod socket_waiting;

/// Their other end, which nobody here wrote.
mod netcat;

/// The tour, the practice site, and the command set as a whole.
mod tour;

/// Every console block of README.md.
mod readme;

/// Whoever runs the tests in the background has them, and every process they start, ignore SIGINT:
/// then the same again, with every signal as it usually is.
fn with_signals_as_usual() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // SIGINT is number 2, and the second bit.
    if ignored.is_some_and(|mask| mask & 2 != 0) {
        let mut again = Command::new("env");
        again.arg("--default-signal=INT,QUIT").args(std::env::args_os());
        panic!("the tests cannot be run with SIGINT ignored: {}", again.exec());
    }
}

fn main() -> ExitCode {
    with_signals_as_usual();
    let arguments = Arguments::from_args();
    let trials = [
        layers::tests(),
        support::tests(),
        exchanges::tests(),
        h1::tests(),
        cookies::tests(),
        jars::tests(),
        fetch::tests(),
        form::tests(),
        curl_lines::tests(),
        preview::tests(),
        inspect_formats::tests(),
        parallel::tests(),
        flags::tests(),
        bulk::tests(),
        upload::tests(),
        resume::tests(),
        signals::tests(),
        nginx::tests(),
        real_proxies::tests(),
        nginx_doors::tests(),
        apache::tests(),
        inspect::tests(),
        cookies_command::tests(),
        explain::tests(),
        sessions_command::tests(),
        session_run::tests(),
        ways::tests(),
        tls::tests(),
        hsts::tests(),
        tls_choices::tests(),
        socket::tests(),
        socket_refused::tests(),
        socket_waiting::tests(),
        netcat::tests(),
        tour::tests(),
        readme::tests(),
    ];
    libtest_mimic::run(&arguments, trials.into_iter().flatten().collect()).exit_code()
}
