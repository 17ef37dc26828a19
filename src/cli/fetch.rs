//! `cruller fetch`: a plan carried out, one transfer after another or many at once.

use super::env::Env;
use super::exit::{Failure, code};
use super::meter::{Counts, Meter, Style};
use super::plan::Operation;
use super::running::Running;
use super::shared::Shared;
use super::trace::{Trace, Tracing};
use super::typed::{self, Typed};
use super::{dry_run, help, line, print, signals, to_curl, version};
use crate::net::clock;
use futures_util::{StreamExt, stream};
use std::rc::Rc;

/// Runs `fetch` with these words; the exit code.
pub(super) fn run(words: Vec<String>) -> u8 {
    let env = Env::read();
    let said = match line::read(words, &env, &help::FETCH) {
        Ok(said) => said,
        Err(failure) => {
            failure.print();
            return failure.code;
        }
    };
    let mut typed: Vec<_> = said.iter().cloned().map(Typed::of).collect();
    typed::said_of_all(&mut typed);
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
    let carried_out = operations.and_then(|mut operations| {
        if typed.iter().any(|typed| typed.to_curl) {
            let line = to_curl::line(&said.into_iter().zip(operations).collect::<Vec<_>>())?;
            return Ok(print::text(&line).map_or(code::WRITE, |()| 0));
        }
        if typed.iter().any(|typed| typed.dry_run) {
            return dry_run::show(&mut operations);
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
        Some(on) => Some(help::text(on, &help::FETCH)),
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
    let mut shared = Shared::default();
    let (mut last, mut number) = (0, 0);
    let pace = operations.iter().rev().find_map(|operation| operation.pace);
    let mut began = None;
    for (index, operation) in operations.iter().enumerate() {
        let running = Running::open(operation, &mut shared)?;
        for errand in operation.errands() {
            if operation.skips(&errand) {
                continue;
            }
            if let (Some(pace), Some(began)) = (pace, began) {
                last =
                    running.pause(pace.saturating_sub(clock::tick() - began), &shared.over).await;
                if signals::ended_by_one(last) {
                    break;
                }
            }
            began = Some(clock::tick());
            last = match running.errand(&errand, number, &shared.over).await {
                Ok(code) => code,
                Err(failure) => return running.save().and(Err(failure)),
            };
            number += 1;
            if is_last(last, operation) {
                break;
            }
            running.save_now_and_then()?;
        }
        // Thousands of pasted lines are saved as thousands of URLs are.
        let goes_on = |next: &Operation| next.pasted && next.cookies == operation.cookies;
        if !(operation.pasted && operations.get(index + 1).is_some_and(goes_on)) {
            running.save()?;
        }
        if is_last(last, operation) {
            break;
        }
    }
    Ok(last)
}

/// Whether nothing comes after a transfer that ended so.
fn is_last(code: u8, operation: &Operation) -> bool {
    (code != 0 && operation.fail_early) || signals::ended_by_one(code)
}

/// Up to `most` transfers at once (`-Z`), those of all operations. The exit code is the first
/// failure's.
async fn at_once(operations: &[Operation], most: usize) -> Result<u8, Failure> {
    let (mut shared, mut all) = (Shared::default(), Vec::new());
    for operation in operations {
        let running = Running::open(operation, &mut shared)?;
        running.at_once(most);
        all.push(running);
    }
    let over = &shared.over;
    let errands = all.iter().flat_map(|running| {
        let wanted = running.operation.errands();
        wanted
            .filter(|errand| !running.operation.skips(errand))
            .map(move |errand| (running, errand))
    });
    let errands = errands.take_while(|_| !over.is_over()).enumerate();
    let transfers = errands.map(|(number, (running, errand))| async move {
        (running, running.errand(&errand, number, over).await)
    });
    let mut ended = stream::iter(transfers).buffer_unordered(most);
    let (mut first_failure, mut impossible) = (0, Ok(()));
    // Once it is over, what is under way ends as given up, and what it has written is seen to.
    while let Some((running, ran)) = ended.next().await {
        let code = ran.unwrap_or_else(|failure| {
            let code = failure.code;
            impossible = Err(failure);
            code
        });
        if first_failure == 0 || signals::ended_by_one(code) {
            first_failure = code;
        }
        let enough = code != 0 && running.operation.fail_early;
        if enough || impossible.is_err() || signals::ended_by_one(code) {
            over.end();
        }
        running.save_now_and_then()?;
    }
    drop(ended);
    // Each jar once; of the hosts that are https only, every list that was named.
    let saved = shared.save();
    let saved = all.iter().fold(saved, |saved, running| running.save_hosts().and(saved));
    saved.and(impossible).map(|()| first_failure)
}
