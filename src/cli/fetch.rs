//! `cruller fetch`: a plan carried out.

use super::env::Env;
use super::exit::{Failure, code};
use super::jars::Jars;
use super::output::Writer;
use super::plan::{Errand, Operation, Output, Show};
use super::show::Shown;
use super::typed::Typed;
use super::write_out::Facts;
use super::{help, line, print, signals, version};
use crate::base::system_words;
use crate::client::{Client, Fetch};
use crate::net::clock;

/// Runs `fetch` with these words; the exit code.
pub(super) fn run(words: Vec<String>) -> u8 {
    let env = Env::read();
    let typed = match line::read(words, &env) {
        Ok(typed) => typed,
        Err(failure) => {
            failure.print();
            return failure.code;
        }
    };
    if let Some(text) = typed.iter().find_map(said_of_itself) {
        return print::text(&text).map_or(code::WRITE, |()| 0);
    }
    let errors = typed.iter().all(|typed| !typed.silent || typed.show_error);
    let operations: Result<Vec<_>, _> =
        typed.iter().map(|typed| Operation::of(typed, &env)).collect();
    match operations.and_then(|operations| carry_out(&operations)) {
        Ok(code) => code,
        Err(failure) => {
            if errors {
                failure.print();
            }
            failure.code
        }
    }
}

/// `--help` and `--version`.
fn said_of_itself(typed: &Typed) -> Option<String> {
    if typed.help {
        return Some(help::fetch());
    }
    typed.version.then(version::text)
}

/// Carries the operations out on one runtime, with one client: connections and cookies are
/// shared. The exit code is the last transfer's.
fn carry_out(operations: &[Operation]) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    let ended = runtime.block_on(async {
        let client = Client::new(None);
        let (mut last, mut number) = (0, 0);
        let mut session = None;
        for operation in operations {
            // Another session is another visitor, who has nothing of the first one's.
            let of = operation.cookies.session.as_deref();
            if session != of {
                client.jar.replace(None);
            }
            session = of;
            last = transfers(operation, &client, &mut number).await?;
            if signals::ended_by_one(last) {
                break;
            }
        }
        Ok(last)
    });
    // The system's resolver cannot be interrupted: whoever waits for it no longer is not kept.
    runtime.shutdown_background();
    ended
}

/// One operation; `number` counts the transfers of the run.
async fn transfers(
    operation: &Operation,
    client: &Client,
    number: &mut usize,
) -> Result<u8, Failure> {
    let show = &operation.show;
    let first = operation.errands().find_map(|errand| errand.start.ok());
    let first = first.map(|start| start.url);
    let mut jars =
        Jars::open(&operation.cookies, &mut client.jar.borrow_mut(), first.as_ref(), !show.errors)?;
    if operation.cookies.new_browser
        && let Some(jar) = &mut *client.jar.borrow_mut()
    {
        jar.drop_session_cookies(clock::wall());
    }
    if jars.keep() {
        signals::watch();
    }
    let mut heads = show.dump.clone().map(Writer::new);
    if let Some(heads) = &mut heads {
        // A head that cannot be kept is known before anything is asked for.
        heads.open().map_err(|error| {
            Failure::new(code::WRITE, format!("cannot write -D: {}", system_words(&error)))
        })?;
    }
    let mut last = 0;
    for errand in operation.errands() {
        if operation.skip_existing && is_there(&errand.output) {
            continue;
        }
        let run = Run { operation, number: *number, watched: jars.keep() };
        last = run.errand(&errand, client, heads.as_mut()).await;
        *number += 1;
        if last != 0 && operation.fail_early {
            break;
        }
        if signals::ended_by_one(last) {
            break;
        }
        if let Some(jar) = &mut *client.jar.borrow_mut() {
            jars.save_now_and_then(jar)?;
        }
    }
    if let Some(jar) = &mut *client.jar.borrow_mut() {
        jars.save(jar)?;
    }
    Ok(last)
}

/// What the errands of an operation have in common while it runs.
struct Run<'o> {
    operation: &'o Operation,
    /// The errand's number in the whole run.
    number: usize,
    /// Whether signals are watched.
    watched: bool,
}

impl Run<'_> {
    /// One errand, tried as often as `--retry` says; its exit code.
    async fn errand(&self, errand: &Errand, client: &Client, mut heads: Option<&mut Writer>) -> u8 {
        let show = &self.operation.show;
        let (began, mut tries) = (clock::tick(), 0);
        loop {
            let output = Writer::new(errand.output.clone());
            let mut facts = Facts::new(errand.url.clone(), self.number);
            facts.retries = tries;
            let mut shown = Shown::new(show, output, heads.as_deref_mut(), facts);
            let one = one(errand, &self.operation.fetch, client, &mut shown);
            let mut ended = or_interrupted(one, self.watched).await;
            if ended.is_err() {
                shown.content.failed();
            }
            shown.facts.ended(&ended);
            let now = (clock::tick(), clock::wall());
            let outcome = shown.facts.outcome();
            if let Some(wait) = self.operation.retry.wait(tries, began, now, &outcome) {
                tries += 1;
                if show.errors {
                    print::error(&format!("warning: trying again in {} s\n", wait.as_secs()));
                }
                let pause = async {
                    tokio::time::sleep(wait).await;
                    Ok(())
                };
                ended = or_interrupted(pause, self.watched).await;
                if ended.is_ok() {
                    continue;
                }
                shown.facts.ended(&ended);
            }
            return told(&ended, show, &shown.facts);
        }
    }
}

/// Whether what would be written is there already.
fn is_there(output: &Output) -> bool {
    matches!(output, Output::File(file) if file.path.exists())
}

/// Does something, unless a signal comes first: whoever keeps cookies does not lose them to an
/// impatient person.
async fn or_interrupted(
    doing: impl Future<Output = Result<(), Failure>>,
    watched: bool,
) -> Result<(), Failure> {
    tokio::select! {
        ended = doing => ended,
        code = signals::interrupted(), if watched => Err(Failure::new(code, "interrupted")),
    }
}

/// Says how a transfer ended: the failure, then what `-w` asks for. The exit code.
fn told(ended: &Result<(), Failure>, show: &Show, facts: &Facts) -> u8 {
    if let Err(failure) = ended
        && show.errors
    {
        failure.print();
    }
    match show.write_out.as_ref().map(|write_out| write_out.write(facts)) {
        Some(Err(failure)) if facts.exit == 0 => {
            if show.errors {
                failure.print();
            }
            failure.code
        }
        _ => facts.exit,
    }
}

async fn one(
    errand: &Errand,
    fetch: &Fetch,
    client: &Client,
    shown: &mut Shown<'_>,
) -> Result<(), Failure> {
    let ended = client.fetch(errand.start.as_ref().map_err(Clone::clone)?, fetch, shown).await;
    if let Some(status) = shown.failed_status {
        let text = format!("The requested URL returned error: {status}");
        return Err(Failure::new(code::HTTP_STATUS, text));
    }
    if shown.binary_on_terminal {
        return Err(Failure::new(code::WRITE, "binary content is not shown on a terminal")
            .hint("-o FILE keeps it, -o - shows it all the same"));
    }
    ended.map_err(Failure::from)
}
