//! `cruller socket`: what a port says, byte by byte; and a port that says something.
//!
//! 1. The words become an address, options and a plan; bad ones are refused before any
//!    socket is made.
//! 2. `connect` talks: standard input (`input`) or `--send` (`escapes`) to the peer, what comes
//!    to standard output (`output`), as it is or as `hexdump`. `listen` serves.
//! 3. `show` tells on standard error what the sockets say of themselves; `failure` here turns
//!    how it ended into a line and a number.

mod connect;
mod escapes;
mod hexdump;
mod input;
mod line_ends;
mod listen;
mod output;
mod show;
mod tls;

use super::exit::{Failure, code};
use crate::client;
use crate::net::Family;
use crate::net::sockets::{Address, BadAddress, Error, Setting, WrongSetting};
use clap::{Args, Subcommand};
use std::io;
use std::net::{Ipv6Addr, SocketAddr};

/// The arguments of `socket`.
#[derive(Args)]
pub(super) struct Words {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Talk to a port: standard input to the peer, what comes back to standard output
    #[command(after_help = connect::EXAMPLES)]
    Connect(Box<connect::Words>),
    /// Be a port: accept any number of peers at once, and answer them
    #[command(after_help = listen::EXAMPLES)]
    Listen(listen::Words),
}

const ADDRESS_HELP: &str = "tcp://HOST:PORT, udp://HOST:PORT, unix:///PATH (stream), \
unixgram:///PATH or unixpacket:///PATH; an IPv6 address stands in brackets, unix://@NAME is abstract";

/// What both have in common.
#[derive(Args)]
struct Common {
    #[arg(value_name = "ADDRESS", help = ADDRESS_HELP)]
    address: String,
    /// A port as netcat takes it, to say how it is written here.
    #[arg(hide = true)]
    port: Option<String>,
    /// Only IPv4
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    ipv4: bool,
    /// Only IPv6
    #[arg(short = '6', long)]
    ipv6: bool,
    /// Set a socket option, and show what the system made of it; may be repeated
    #[arg(long = "option", value_name = "NAME=VALUE")]
    options: Vec<String>,
    /// Show what comes as offsets, hexadecimal bytes and characters
    #[arg(long)]
    hex: bool,
    /// Tell of each peer: both addresses, family and type, options, bytes each way, its end
    #[arg(long, short)]
    verbose: bool,
}

/// Runs the command; the exit code.
pub(super) fn run(words: &Words) -> u8 {
    let ended = match &words.action {
        Action::Connect(words) => connect::run(words),
        Action::Listen(words) => listen::run(words),
    };
    ended.unwrap_or_else(|failure| {
        failure.print();
        failure.code
    })
}

impl Common {
    fn address(&self) -> Result<Address, Failure> {
        let text = &self.address;
        if let Some(port) = &self.port {
            return Err(two_words(text, port));
        }
        Address::parse(text).map_err(|why| bad_address(text, why))
    }

    fn family(&self) -> Option<Family> {
        match (self.ipv4, self.ipv6) {
            (true, _) => Some(Family::V4),
            (_, true) => Some(Family::V6),
            _ => None,
        }
    }

    fn options(&self) -> Result<Vec<Setting>, Failure> {
        let setting = |text: &String| {
            Setting::parse(text).map_err(|why| match why {
                WrongSetting::Name => {
                    let known = Setting::names().collect::<Vec<_>>().join(", ");
                    Failure::usage(format!("--option {text}: no such option among {known}"))
                }
                WrongSetting::Value(takes) => {
                    Failure::usage(format!("--option {text}: it takes {takes}"))
                }
            })
        };
        self.options.iter().map(setting).collect()
    }
}

/// netcat's way to name a port.
fn two_words(text: &str, port: &str) -> Failure {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    let (open, close) = if host.parse::<Ipv6Addr>().is_ok() { ("[", "]") } else { ("", "") };
    let together = format!("tcp://{open}{host}{close}:{port}");
    let form = match Address::parse(&together) {
        Ok(_) => together,
        Err(_) => "tcp://HOST:PORT".to_owned(),
    };
    Failure::usage(format!("\"{port}\" is one word too many: an address is one, like {form}"))
}

fn bad_address(text: &str, why: BadAddress) -> Failure {
    let code = match why {
        BadAddress::Raw | BadAddress::Scheme => code::UNSUPPORTED_PROTOCOL,
        _ => code::MALFORMED_URL,
    };
    let failure = match why {
        BadAddress::User => Failure::new(code, format!("the address {why}")),
        _ => Failure::new(code, format!("\"{text}\" {why}")),
    };
    match why {
        BadAddress::Raw => failure.hint(
            "tcp:// and udp:// need none; tcpdump shows packets as they are, ping sends ICMP",
        ),
        BadAddress::LongPath(_) => {
            failure.hint("a path relative to the working folder may be shorter; so is unix://@NAME")
        }
        _ => failure.hint("tcp://localhost:80, udp://[::1]:53, unix:///run/a.sock are addresses"),
    }
}

/// The exit code of a run that failed so; an output that nobody reads any more is none.
fn ended_by(error: Error) -> Result<u8, Failure> {
    match error {
        Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        error => Err(failure(error)),
    }
}

fn failure(error: Error) -> Failure {
    let code = match error {
        Error::Net(error) => return client::Error::Net(error).into(),
        Error::Connect { .. } => code::CONNECT,
        Error::Bind { .. } | Error::Stale(_) | Error::NoSocket(_) | Error::Families => {
            code::INTERFACE
        }
        Error::Option { .. } => code::BAD_ARGUMENT,
        Error::ConnectTimeout(_) | Error::Silence(_) => code::TIMEOUT,
        Error::TooLarge(_) | Error::Send(_) => code::SEND,
        Error::Input(_) => code::READ,
        Error::Output(_) => code::WRITE,
        _ => code::RECEIVE,
    };
    let failure = Failure::new(code, error.to_string());
    match error {
        Error::Stale(_) => failure.hint("an earlier run left it; remove it, then it is free"),
        Error::NoSocket(_) => failure.hint("choose another path"),
        Error::Bind { at, source } if source.kind() == io::ErrorKind::AddrInUse => {
            match at.parse::<SocketAddr>() {
                Ok(_) => failure.hint(
                    "a socket has that port, or had it a minute ago (TIME_WAIT); port 0 takes a \
                     free one",
                ),
                Err(_) => failure.hint("another process is there; choose another path or name"),
            }
        }
        Error::Connect { to, source }
            if source.raw_os_error() == Some(libc::EACCES) && to.starts_with("udp:") =>
        {
            failure.hint("a broadcast address takes --option SO_BROADCAST=1")
        }
        Error::Connect { to, source }
            if source.kind() == io::ErrorKind::ConnectionRefused && to.starts_with("udp:") =>
        {
            failure.hint("nobody listens there: its machine says so (ICMP port unreachable)")
        }
        Error::Connect { to, source }
            if source.raw_os_error() == Some(libc::EPROTOTYPE) && to.starts_with("unix") =>
        {
            failure.hint("of unix://, unixgram:// and unixpacket:// another one fits")
        }
        _ => failure,
    }
}

/// Runs `work` on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    let ended = runtime.block_on(work);
    // The system's resolver cannot be interrupted: whoever waits for it no longer is not kept.
    runtime.shutdown_background();
    ended
}
