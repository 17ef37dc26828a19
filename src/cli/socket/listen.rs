//! `cruller socket listen`: the server.

use super::super::exit::Failure;
use super::super::{input, print, signals};
use super::output::{self, Form};
use super::{Common, block_on, ended_by, failure, show};
use crate::net::sockets::{self, Error, Facts, Manner, Onlooker, Reply, Server, Tally, Told};
use clap::Args;

pub(super) const EXAMPLES: &str = "\
Examples:
  cruller socket listen tcp://127.0.0.1:8080
  cruller socket listen tcp://127.0.0.1:0 --reply greet -v
  cruller socket listen tcp://127.0.0.1:8080 --reply answer.http
  cruller socket listen udp://[::1]:5353 --reply echo
  cruller socket listen unix:///tmp/app.sock --once > request.bin

Where it listens stands on the first line of standard error: standard output is for what peers
say. tcp://:8080 is every IPv4 address of this machine, tcp://[::]:8080 every address. It runs
until it is interrupted (exit 130; by SIGTERM 143); a Unix socket's file is removed then. Unlike
nc -l it does not read standard input: with many peers nobody could say to whom it goes; --reply
says what they are told. With --hex each line begins with the number of the peer who said it.

Exit codes: 1, 3 a bad address; 2 bad words; 6 no such host; 23 standard output cannot be written;
26 FILE cannot be read; 43 an option is not set so; 45 the address is not to be had; 56 no more
peers can be accepted; with --once also 55, 56 the peer could not be answered, or cut it short.";

/// Peers at once, where nobody said how many: each is a descriptor, of which a process has 1024
/// on most systems.
const MOST: u16 = 512;

/// The arguments of `socket listen`.
#[derive(Args)]
pub(super) struct Words {
    #[command(flatten)]
    common: Common,
    /// What peers are told: greet (a welcome, then each line with a greeting, until exit), echo,
    /// print (nothing: what they say goes to standard output), or the bytes of a FILE, to every
    /// request. An HTTP request is answered behind its head, anything else as soon as it can be
    /// none: what begins with capital letters, at the end of its line
    #[arg(long, value_name = "greet|echo|print|FILE", default_value = "print")]
    reply: String,
    /// One peer, or one datagram, and no more
    #[arg(long)]
    once: bool,
    /// How many connections may wait to be accepted
    #[arg(long, value_name = "N", default_value_t = 128,
          value_parser = clap::value_parser!(i32).range(0..))]
    backlog: i32,
    /// How many peers are served at once; more wait to be accepted
    #[arg(long, value_name = "N", default_value_t = MOST,
          value_parser = clap::value_parser!(u16).range(1..))]
    max_connections: u16,
}

/// Listens, and serves until it is told to end.
///
/// # Errors
/// With curl's codes.
pub(super) fn run(words: &Words) -> Result<u8, Failure> {
    let (common, verbose) = (&words.common, words.common.verbose);
    let (address, options) = (common.address()?, common.options()?);
    let manner = Manner {
        reply: match words.reply.as_str() {
            "greet" => Reply::Greet,
            "echo" => Reply::Echo,
            "print" => Reply::Print,
            file => Reply::Canned(input::read(file)?.into()),
        },
        once: words.once,
        most: words.max_connections.into(),
    };
    let watcher = Watcher { verbose, has_datagrams: !address.kind.is_connected() };
    signals::watch_and(sockets::remove_socket_files);
    let form = if common.hex { Form::MarkedHex } else { Form::Plain };
    let (output, writer) = output::start(form).map_err(failure)?;
    let serving = async {
        let mut tell = |told: Told<'_>| show::told(&told, verbose);
        let bound = Server::bind(&address, common.family(), &options, words.backlog, &mut tell);
        let server = bound.await?;
        print::error(&format!("listening on {}\n", print::escaped(&server.address()?)));
        server.run(&manner, &watcher, output).await
    };
    block_on(async { writer.beside(serving).await.or_else(ended_by) })
}

/// Tells of peers.
struct Watcher {
    verbose: bool,
    has_datagrams: bool,
}

impl Onlooker for Watcher {
    fn meets(&self, number: u64, facts: &dyn Fn() -> Facts) {
        if self.verbose {
            let by = if self.has_datagrams { "recvfrom" } else { "getpeername" };
            show::facts(&format!("#{number} "), by, &facts());
        }
    }

    fn parts(&self, number: u64, tally: Tally, failed: Option<&Error>) {
        let of = format!("#{number} ");
        match failed {
            _ if self.verbose => show::end(&of, tally, failed.map_or(Ok(0), Err)),
            // This is no peer's doing.
            Some(error @ Error::TooLarge(_)) => show::line(&of, &error.to_string()),
            _ => {}
        }
    }

    fn troubled(&self, error: &Error) {
        show::line("", &error.to_string());
    }
}
