//! The command set: which command is meant, and the arguments of all that do not speak curl's
//! language.

use super::exit::{Failure, code};
use super::{
    cookies, demo, explain, fetch, help, inspect, man, print, serve, session, socket, version,
};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use std::ffi::OsString;
use std::process::ExitCode;

/// A small HTTP scraper with a cookie jar that can be trusted.
#[derive(Parser)]
#[command(name = "cruller", version = version::NUMBER, long_version = version::LONG)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
struct Words {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Transfer a URL, exactly: curl's flags, curl's defaults, curl's exit codes
    #[command(disable_help_flag = true)]
    Fetch {
        /// See `cruller fetch --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS AND URLS")]
        words: Vec<String>,
    },
    /// Fetch, follow, and show what happened and why: every hop, head, cookie, time and defect
    #[command(disable_help_flag = true)]
    Inspect {
        /// See `cruller inspect --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS AND URLS")]
        words: Vec<String>,
    },
    /// The jar: list, get, set, remove, and explain what is sent and stored
    Cookies(Box<cookies::Words>),
    /// Say what a status code, a field or a method means: 404, 4xx, Set-Cookie, GET
    Explain(explain::Words),
    /// Sockets by hand: TCP, UDP and Unix, server and client
    Socket(socket::Words),
    /// Named sessions: list, show, rename, copy, remove, and lend to other programs
    Session(session::Words),
    /// Run the practice site on loopback: a login, cookies, redirects, every status
    Serve(serve::Words),
    /// Take the tour: every main job against the practice site, as a person would type it
    Demo,
    /// Show the manual: `cruller man | man -l -`
    Man,
    /// Show what makes a shell complete commands and flags
    Completions {
        /// The shell that is to read it
        shell: Shell,
    },
}

/// The whole command set as clap knows it, the flags of `fetch` and `inspect` from their tables.
pub(super) fn described() -> clap::Command {
    Words::command()
        .mut_subcommand("fetch", |_| help::command(&help::FETCH))
        .mut_subcommand("inspect", |_| help::command(&inspect::INSPECT))
}

/// Whether there is a command of this name.
fn exists(name: &str) -> bool {
    Words::command().find_subcommand(name).is_some()
}

fn completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut described(), "cruller", &mut text);
    text
}

/// Runs the command line and says how it ended.
pub fn run(words: impl Iterator<Item = OsString>) -> ExitCode {
    let mut texts = Vec::new();
    for word in words {
        match word.into_string() {
            Ok(text) => texts.push(text),
            Err(word) => {
                let shown = print::escaped(&word.to_string_lossy());
                print::error(&format!("cruller: (2) not UTF-8: {shown}\n"));
                return ExitCode::from(code::USAGE);
            }
        }
    }
    ExitCode::from(dispatch(texts))
}

fn dispatch(mut words: Vec<String>) -> u8 {
    // fetch has a grammar of its own, curl's, which clap must not touch; and inspect has fetch's.
    match words.get(1).map(String::as_str) {
        Some("fetch") => return fetch::run(words.split_off(2)),
        Some("inspect") => return inspect::run(words.split_off(2)),
        _ => {}
    }
    match Words::try_parse_from(words) {
        Ok(words) => match words.command {
            Command::Fetch { words } => fetch::run(words),
            Command::Inspect { words } => inspect::run(words),
            Command::Cookies(words) => cookies::run(&words),
            Command::Explain(words) => explain::run(&words, exists),
            Command::Socket(words) => socket::run(&words),
            Command::Session(words) => session::run(&words),
            Command::Serve(words) => serve::run(&words),
            Command::Demo => demo::run(),
            Command::Man => shown(man::text(&described()).as_bytes()),
            Command::Completions { shell } => shown(&completions(shell)),
        },
        Err(said) => told(&said),
    }
}

/// Writes to standard output what was asked for; the exit code.
fn shown(text: &[u8]) -> u8 {
    print::bytes(text).map_or_else(|error| print::quietly(&error), |()| 0)
}

/// Help and version go to standard output and are no failure; the rest is usage.
fn told(said: &clap::Error) -> u8 {
    let text = said.render().to_string();
    if said.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        print::error(&text);
        return code::USAGE;
    }
    if said.use_stderr() {
        // What is wrong stands before the first empty line.
        let said = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
        let said = said.collect::<Vec<_>>().join(" ");
        let line = said.strip_prefix("error: ").unwrap_or(&said);
        let failure = Failure::usage(line).hint("--help behind the command says what it takes");
        failure.print();
        return failure.code;
    }
    print::text(&text).map_or_else(|error| print::quietly(&error), |()| 0)
}
