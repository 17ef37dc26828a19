//! The binary: the command line, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    cruller::cli::run(std::env::args_os())
}
