//! `cruller fetch`: a plan carried out, one transfer after another or many at once.

use super::env::Env;
use super::exit::{Failure, code};
use super::meter::{Counts, Meter, Style};
use super::plan::Operation;
use super::running::Running;
use super::trace::{Trace, Tracing};
use super::typed::Typed;
use super::{dry_run, help, line, print, signals, to_curl, version};
use crate::client::Client;
use crate::net::clock;
use futures_util::{StreamExt, stream};
use std::path::Path;
use std::rc::Rc;

/// Runs `fetch` with these words; the exit code.
pub(super) fn run(words: Vec<String>) -> u8 {
    let env = Env::read();
    let said = match line::read(words, &env) {
        Ok(said) => said,
        Err(failure) => {
            failure.print();
            return failure.code;
        }
    };
    let typed: Vec<_> = said.iter().cloned().map(Typed::of).collect();
    match typed.iter().find_map(said_of_itself) {
        Some(Ok(text)) => return print::text(&text).map_or(code::WRITE, |()| 0),
        Some(Err(failure)) => {
            failure.print();
            return failure.code;
        }
        None => {}
    }
    let errors = typed.iter().all(|typed| !typed.silent || typed.show_error);
    let operations: Result<Vec<_>, _> =
        typed.iter().map(|typed| Operation::of(typed, &env)).collect();
    let carried_out = operations.and_then(|operations| {
        if typed.iter().any(|typed| typed.to_curl) {
            let line = to_curl::line(&said.into_iter().zip(operations).collect::<Vec<_>>())?;
            return Ok(print::text(&line).map_or(code::WRITE, |()| 0));
        }
        if typed.iter().any(|typed| typed.dry_run) {
            return dry_run::show(&operations);
        }
        carry_out(operations, &typed)
    });
    carried_out.unwrap_or_else(|failure| {
        if errors {
            failure.print();
        }
        failure.code
    })
}

/// `--help` and `--version`.
fn said_of_itself(typed: &Typed) -> Option<Result<String, Failure>> {
    match &typed.help {
        Some(on) => Some(help::text(on)),
        None => typed.version.then(|| Ok(version::text())),
    }
}

/// Carries the operations out on one runtime, with a meter where somebody looks at one.
fn carry_out(mut operations: Vec<Operation>, typed: &[Typed]) -> Result<u8, Failure> {
    let mut tracing = Tracing::default();
    typed.iter().for_each(|typed| tracing.and(&typed.tracing));
    let (trace, counts) = (Rc::new(Trace::open(&tracing)), Rc::new(Counts::default()));
    let mut urls = 0;
    for operation in &mut operations {
        operation.urls_before = urls;
        urls += operation.url_count();
        operation.show.trace = Rc::clone(&trace);
        operation.show.counts = Rc::clone(&counts);
    }
    let meter = metered(&operations, typed).then(|| Meter::new(&counts, style(typed)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    let ended = runtime.block_on(async {
        let transfers = transfers(&operations);
        let Some(meter) = meter else { return transfers.await };
        let ended = tokio::select! {
            ended = transfers => ended,
            never = meter.run() => match never {},
        };
        meter.finish();
        ended
    });
    // The system's resolver cannot be interrupted: whoever waits for it no longer is not kept.
    runtime.shutdown_background();
    ended
}

/// Whether there is a meter: on a terminal, unless what comes is shown there too.
fn metered(operations: &[Operation], typed: &[Typed]) -> bool {
    let wanted = typed.iter().all(|typed| !typed.silent && !typed.no_progress);
    let shown_there = print::stdout_is_terminal() && operations.iter().any(Operation::uses_stdout);
    wanted && !shown_there && print::stderr_is_terminal()
}

fn style(typed: &[Typed]) -> Style {
    if typed.iter().any(|typed| typed.progress_bar) { Style::Bar } else { Style::Line }
}

/// One by one, or many at once.
async fn transfers(operations: &[Operation]) -> Result<u8, Failure> {
    match operations.iter().filter_map(|operation| operation.at_once).next_back() {
        Some(most) => at_once(operations, most).await,
        None => one_by_one(operations).await,
    }
}

/// One transfer after the other. The exit code is the last one's.
async fn one_by_one(operations: &[Operation]) -> Result<u8, Failure> {
    let (mut client, mut session) = (Rc::new(Client::new(None)), None);
    let (mut last, mut number) = (0, 0);
    let pace = operations.iter().rev().find_map(|operation| operation.pace);
    let mut began = None;
    for operation in operations {
        client = visitor(client, &mut session, operation);
        let running = Running::open(operation, Rc::clone(&client))?;
        for errand in operation.errands() {
            if operation.skips(&errand) {
                continue;
            }
            if let (Some(pace), Some(began)) = (pace, began) {
                last = running.pause(pace.saturating_sub(clock::tick() - began)).await;
                if signals::ended_by_one(last) {
                    break;
                }
            }
            began = Some(clock::tick());
            last = match running.errand(&errand, number).await {
                Ok(code) => code,
                Err(failure) => return running.save().and(Err(failure)),
            };
            number += 1;
            if (last != 0 && operation.fail_early) || signals::ended_by_one(last) {
                break;
            }
            running.save_now_and_then()?;
        }
        running.save()?;
        if signals::ended_by_one(last) {
            break;
        }
    }
    Ok(last)
}

/// Up to `most` transfers at once (`-Z`), those of all operations. The exit code is the first
/// failure's.
async fn at_once(operations: &[Operation], most: usize) -> Result<u8, Failure> {
    let (mut client, mut session) = (Rc::new(Client::new(None)), None);
    let mut all = Vec::new();
    for operation in operations {
        client = visitor(client, &mut session, operation);
        client.fetches_at_once(most);
        all.push(Running::open(operation, Rc::clone(&client))?);
    }
    let errands = all.iter().flat_map(|running| {
        let wanted = running.operation.errands();
        wanted
            .filter(|errand| !running.operation.skips(errand))
            .map(move |errand| (running, errand))
    });
    let transfers = errands.enumerate().map(|(number, (running, errand))| async move {
        (running, running.errand(&errand, number).await)
    });
    let mut ended = stream::iter(transfers).buffer_unordered(most);
    let (mut first_failure, mut over) = (0, Ok(()));
    while let Some((running, ran)) = ended.next().await {
        let code = match ran {
            Ok(code) => code,
            Err(failure) => {
                over = Err(failure);
                break;
            }
        };
        if first_failure == 0 || signals::ended_by_one(code) {
            first_failure = code;
        }
        if (code != 0 && running.operation.fail_early) || signals::ended_by_one(code) {
            break;
        }
        running.save_now_and_then()?;
    }
    // Whatever is still under way has been given up: its connections close here.
    drop(ended);
    for running in &all {
        running.save()?;
    }
    over.map(|()| first_failure)
}

/// The client for an operation: connections and cookies are shared, but another session is
/// another visitor, who has nothing of the first one's.
fn visitor<'o>(
    client: Rc<Client>,
    session: &mut Option<&'o Path>,
    operation: &'o Operation,
) -> Rc<Client> {
    let of = operation.cookies.session.as_deref();
    let same = std::mem::replace(session, of) == of;
    if same { client } else { Rc::new(Client::new(None)) }
}
