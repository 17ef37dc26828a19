//! `cruller socket connect`: the client.

use super::super::exit::{Failure, code};
use super::super::{signals, values};
use super::output::{self, Form};
use super::{Common, bad_address, block_on, ended_by, escapes, failure, input, show, tls};
use crate::net::sockets::{self, Address, Habits, Kind, Place, Plan, Source, Tally};
use clap::Args;
use std::io::{self, IsTerminal};
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  cruller socket connect tcp://localhost:80 --send 'GET / HTTP/1.0\\r\\n\\r\\n'
  cruller socket connect tcp://localhost:443 --tls -v --crlf
  cruller socket connect udp://127.0.0.1:5353 --send ping --timeout 2 --hex
  cruller socket connect unix:///run/app.sock < request.bin > answer.bin

It ends when both sides have ended; what stands in a pipe or a file is sent to its end. The end
of the input is told to the peer (half-close), unless --no-shutdown keeps it: some servers take
it for the end of everything. TLS does, so there it is not told. Datagrams have no end: a second
of silence after the last one is the end, unless --wait or --timeout says otherwise.

Exit codes: 1, 3 a bad address; 2 bad words; 6 no such host; 7 refused, with the system's reason;
23, 26 standard output or input failed; 28 too late; 35, 58, 59, 60, 77, 82, 90 TLS, as of fetch;
43 an option is not set so; 45 --source is not to be had; 55 sending failed, as of too large a
message; 56 receiving failed, or the peer cut the connection; 130 interrupted.";

/// The arguments of `socket connect`.
#[derive(Args)]
pub(super) struct Words {
    #[command(flatten)]
    common: Common,
    /// Send this instead of standard input; \r \n \t \0 \a \b \e \f \v \' \" \\ and \xHH are
    /// escapes. More of them are sent one after the other, each as a message of its own where
    /// there are messages
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    send: Vec<String>,
    /// End well after so many seconds of silence, once everything is sent; 0 is at once
    #[arg(long, value_name = "SECONDS")]
    wait: Option<String>,
    /// Fail when connecting, or a silence, takes so many seconds; 0 is no limit
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<String>,
    /// Make CR LF of each LF that is sent
    #[arg(long)]
    crlf: bool,
    /// Do not tell the peer that the input has ended
    #[arg(long)]
    no_shutdown: bool,
    /// Bind this end: ADDRESS, ADDRESS:PORT, or a path for Unix sockets
    #[arg(long, value_name = "ADDRESS")]
    source: Option<String>,
    #[command(flatten)]
    tls: tls::TlsWords,
}

/// Connects, and talks to the end.
///
/// # Errors
/// With curl's codes.
pub(super) fn run(words: &Words) -> Result<u8, Failure> {
    let plan = plan(words)?;
    let (wait, is_stream) = (words.wait.as_deref(), !plan.address.kind.has_messages());
    let texts = words.send.iter().map(|text| {
        escapes::undone(text).map_err(|bad| {
            Failure::usage(format!(
                "--send: {bad} is no escape; \\xHH is any byte, \\\\ a backslash"
            ))
        })
    });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let habits = Habits {
        shutdown: !words.no_shutdown,
        leave_with_peer: texts.is_empty() && io::stdin().is_terminal(),
        wait: wait
            .map(|text| values::seconds("wait", text))
            .transpose()?
            .map(Option::unwrap_or_default),
        timeout: plan.timeout,
    };
    let verbose = words.common.verbose;
    signals::watch_and(sockets::remove_socket_files);
    let form = if words.common.hex { Form::Hex } else { Form::Plain };
    let (output, writer) = output::start(form).map_err(failure)?;
    // Bytes each way, once there is somebody to talk to.
    let mut tally = None;
    let talking = async {
        let wire = sockets::connect(&plan, &mut |told| show::told(&told, verbose)).await?;
        let mut input = match texts.is_empty() {
            true => input::stdin(!is_stream, words.crlf),
            false => input::texts(texts, words.crlf),
        };
        let tally = tally.insert(Tally::default());
        sockets::talk(wire, &mut input, output, habits, tally).await
    };
    let ended = block_on(async { Ok(writer.beside(talking).await) })?;
    if let (Some(tally), true) = (tally, verbose) {
        show::end("", tally, ended.as_ref().copied());
    }
    ended.or_else(ended_by)
}

fn plan(words: &Words) -> Result<Plan, Failure> {
    let address = words.common.address()?;
    reachable(&address)?;
    let source = words.source.as_deref().map(|text| source(address.kind, text)).transpose()?;
    let tls = words.tls.settings()?;
    if tls.is_some() && address.kind != Kind::Tcp {
        return Err(Failure::usage("--tls goes with tcp:// only"));
    }
    let timeout = words.timeout.as_deref().map(|text| values::seconds("timeout", text));
    let timeout: Option<Duration> = timeout.transpose()?.flatten();
    let (family, options) = (words.common.family(), words.common.options()?);
    Ok(Plan { address, family, source, options, tls, timeout })
}

/// Not every place to listen at can be connected to.
fn reachable(address: &Address) -> Result<(), Failure> {
    let what = match &address.place {
        Place::Port(host, _) if host.is_empty() => "names no host",
        Place::Port(_, 0) => "names port 0, which only a listener may ask for",
        _ => return Ok(()),
    };
    Err(Failure::new(code::MALFORMED_URL, format!("{address} {what}")))
}

fn source(kind: Kind, text: &str) -> Result<Source, Failure> {
    Source::parse(kind, text).map_err(|why| match kind {
        Kind::Tcp | Kind::Udp => Failure::usage(format!(
            "--source takes an address of this machine, like 127.0.0.1 or [::1]:4000, not \"{text}\""
        )),
        _ => bad_address(text, why),
    })
}
