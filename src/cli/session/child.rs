//! Another program as a child: signals that ask us to end are for it, and we end when it has ended.

use crate::base::system_words;
use crate::cli::exit::{Failure, code};
use crate::cli::signals;
use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::Signal as Heard;
use tokio::signal::unix::SignalKind;

/// What waits for a child. From when it is made, INT, QUIT, TERM and HUP do not end this process.
pub(super) struct Watch {
    runtime: Runtime,
    ended: Heard,
    interrupt: Option<Heard>,
    quit: Option<Heard>,
    terminate: Option<Heard>,
    hang_up: Option<Heard>,
}

impl Watch {
    /// Begins to listen.
    ///
    /// # Errors
    /// The system has no more files for it.
    pub(super) fn begin() -> Result<Watch, Failure> {
        let begun = || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let entered = runtime.enter();
            let ended = tokio::signal::unix::signal(SignalKind::child())?;
            let watch = (
                signals::heard(SignalKind::interrupt()),
                signals::heard(SignalKind::quit()),
                signals::heard(SignalKind::terminate()),
                signals::heard(SignalKind::hangup()),
            );
            drop(entered);
            let (interrupt, quit, terminate, hang_up) = watch;
            Ok(Watch { runtime, ended, interrupt, quit, terminate, hang_up })
        };
        begun().map_err(|error: io::Error| {
            let why = format!("cannot listen to signals: {}", system_words(&error));
            Failure::new(code::OUT_OF_MEMORY, why)
        })
    }

    /// Runs a program to its end; what it is told by the terminal it hears itself, all else is passed
    /// on to it.
    ///
    /// # Errors
    /// Exit 127 where there is no such program, 126 where it cannot be run.
    pub(super) fn run(self, mut command: Command) -> Result<ExitStatus, Failure> {
        let Watch { runtime, mut ended, mut interrupt, mut quit, mut terminate, mut hang_up } =
            self;
        let mut child = command.spawn().map_err(|error| unstarted(&command, &error))?;
        let waited = runtime.block_on(async {
            loop {
                let (signal, by_keys) = tokio::select! {
                    _ = ended.recv() => match child.try_wait() {
                        Ok(None) => continue,
                        Ok(Some(status)) => return Ok(status),
                        Err(error) => return Err(error),
                    },
                    () = signals::told(&mut interrupt) => (Signal::INT, true),
                    () = signals::told(&mut quit) => (Signal::QUIT, true),
                    () = signals::told(&mut terminate) => (Signal::TERM, false),
                    () = signals::told(&mut hang_up) => (Signal::HUP, false),
                };
                if !(by_keys && terminal_is_ours()) {
                    pass_on(&child, signal);
                }
            }
        });
        waited.map_err(|error| {
            let why = format!("cannot wait for the program: {}", system_words(&error));
            Failure::new(code::OUT_OF_MEMORY, why)
        })
    }
}

/// Whether the keys of the terminal reach our whole group, the child too.
#[expect(
    clippy::disallowed_methods,
    reason = "the terminal that controls us, wherever our input is"
)]
fn terminal_is_ours() -> bool {
    let terminal = std::fs::File::open("/dev/tty").ok();
    terminal.and_then(|terminal| tcgetpgrp(terminal).ok()) == Some(getpgrp())
}

fn pass_on(child: &Child, signal: Signal) {
    // It was not waited for yet, so the number is still its own; if it has ended, nobody hears.
    let _ = kill_process(Pid::from_child(child), signal);
}

fn unstarted(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => {
            let why = format!("{program}: there is no such program; check its name and PATH");
            Failure::new(code::NO_PROGRAM, why)
        }
        _ => {
            let why = format!("{program} cannot be run: {}", system_words(error));
            Failure::new(code::NOT_RUN, why)
        }
    }
}

/// The exit code that a shell would show.
pub(super) fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u8::try_from(code).unwrap_or(u8::MAX)
}
