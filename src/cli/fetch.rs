//! `cruller fetch`: a plan carried out.

use super::env::Env;
use super::exit::{Failure, code};
use super::jars::Jars;
use super::output::Writer;
use super::plan::{Plan, Transfer};
use super::show::Shown;
use super::typed::Typed;
use super::words;
use super::{config, help, input, print, version};
use crate::base::system_words;
use crate::client::Client;
use tokio::signal::unix::{SignalKind, signal};

/// Runs `fetch` with these words; the exit code.
pub(super) fn run(words: Vec<String>) -> u8 {
    let env = Env::read();
    let typed = match read(words, &env) {
        Ok(typed) => typed,
        Err(failure) => {
            failure.print();
            return failure.code;
        }
    };
    if typed.help || typed.version {
        let text = if typed.help { help::fetch() } else { version::text() };
        return print::text(&text).map_or(code::WRITE, |()| 0);
    }
    let errors = !typed.silent || typed.show_error;
    match Plan::of(&typed, &env).and_then(carry_out) {
        Ok(code) => code,
        Err(failure) => {
            if errors {
                failure.print();
            }
            failure.code
        }
    }
}

/// The words of the configuration file, then those of the command line.
fn read(words: Vec<String>, env: &Env) -> Result<Typed, Failure> {
    let disabled = words.first().is_some_and(|word| {
        word == "--disable" || (word.starts_with("-q") && !word.starts_with("--"))
    });
    let mut all = Vec::new();
    if let Some(folder) = env.config.as_ref().filter(|_| !disabled)
        && let Some(bytes) = input::read_if_there(&folder.join("fetch.conf"))?
    {
        all = config::words(&String::from_utf8_lossy(&bytes))?;
    }
    let mut typed = Typed::default();
    for said in words::read(all)?.into_iter().chain(words::read(words)?) {
        typed.take(said);
    }
    Ok(typed)
}

/// Carries the plan out on a runtime of its own; the exit code is the last transfer's.
fn carry_out(plan: Plan) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    runtime.block_on(transfers(plan))
}

async fn transfers(plan: Plan) -> Result<u8, Failure> {
    let first = plan.transfers.iter().find_map(|transfer| transfer.fetch.as_ref().ok());
    let first = first.map(|fetch| &fetch.address.url);
    let (mut jars, jar) = Jars::open(&plan.cookies, first)?;
    let watched = jar.is_some();
    let mut client = Client::new(plan.settings, jar);
    let mut heads = plan.show.dump.clone().map(Writer::new);
    if let Some(heads) = &mut heads {
        // A head that cannot be kept is known before anything is asked for.
        heads.open().map_err(|error| {
            Failure::new(code::WRITE, format!("cannot write -D: {}", system_words(&error)))
        })?;
    }
    let mut last = 0;
    for transfer in plan.transfers {
        let output = Writer::new(transfer.output.clone());
        let mut shown = Shown::new(&plan.show, output, heads.as_mut());
        let one = one(transfer, &mut client, &mut shown);
        // Whoever keeps cookies does not lose them to an impatient person.
        let ended = tokio::select! {
            ended = one => ended,
            code = interrupted(), if watched => {
                Err(Failure::new(code, "interrupted; the cookies so far are saved"))
            }
        };
        last = match ended {
            Ok(()) => 0,
            Err(failure) => {
                if plan.show.errors {
                    failure.print();
                }
                failure.code
            }
        };
        if last == code::INTERRUPTED || last == code::TERMINATED {
            break;
        }
    }
    if let Some(jar) = &mut client.jar {
        jars.save(jar)?;
    }
    Ok(last)
}

/// Waits for SIGINT or SIGTERM; the exit code of whoever is ended by it.
async fn interrupted() -> u8 {
    // Where a signal cannot be watched, it ends the process as ever.
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => code::INTERRUPTED,
        _ = terminate.recv() => code::TERMINATED,
    }
}

async fn one(
    transfer: Transfer,
    client: &mut Client,
    shown: &mut Shown<'_>,
) -> Result<(), Failure> {
    let fetch = transfer.fetch?;
    let done = client.fetch(&fetch, shown).await;
    if let Some(status) = shown.failed_status {
        let text = format!("The requested URL returned error: {status}");
        return Err(Failure::new(code::HTTP_STATUS, text));
    }
    if shown.binary_on_terminal {
        return Err(Failure::new(code::WRITE, "binary content is not shown on a terminal")
            .hint("-o FILE keeps it, -o - shows it all the same"));
    }
    done.result.map_err(Failure::from)
}
