//! `cruller fetch`: a plan carried out.

use super::env::Env;
use super::exit::{Failure, code};
use super::flags::Opt;
use super::jars::Jars;
use super::output::Writer;
use super::plan::{Errand, Operation, Output, Show};
use super::show::Shown;
use super::typed::Typed;
use super::words::{self, Said};
use super::write_out::Facts;
use super::{config, help, input, print, signals, version};
use crate::base::system_words;
use crate::client::{Client, Fetch};
use crate::net::clock;

/// Runs `fetch` with these words; the exit code.
pub(super) fn run(words: Vec<String>) -> u8 {
    let env = Env::read();
    let typed = match typed(words, &env) {
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

/// The words of the configuration file, then those of the command line: one [`Typed`] for each
/// operation.
fn typed(words: Vec<String>, env: &Env) -> Result<Vec<Typed>, Failure> {
    let disabled = words.first().is_some_and(|word| {
        word == "--disable" || (word.starts_with("-q") && !word.starts_with("--"))
    });
    let mut said = Vec::new();
    if let Some(folder) = env.config.as_ref().filter(|_| !disabled) {
        let path = folder.join("fetch.conf");
        if let Some(bytes) = input::read_if_there(&path)? {
            said = configured(&path.to_string_lossy(), &bytes, 0)?;
        }
    }
    said.extend(with_files(words::read(words)?, 0)?);
    let mut operations = vec![Typed::default()];
    for said in said {
        match (said, operations.last_mut()) {
            (Said::Switch(Opt::Next, _), _) => operations.push(Typed::default()),
            (said, Some(last)) => last.take(said),
            (_, None) => {}
        }
    }
    // A `--next` with nothing behind it is no operation.
    if operations.len() > 1 && operations.last().is_some_and(|last| last.urls.is_empty()) {
        operations.pop();
    }
    Ok(operations)
}

/// Files that name files that name files: deeper is a circle.
const MAX_CONFIG_DEPTH: u8 = 8;

/// Puts what the file of each `-K`, and of each `--url @FILE`, says in its place.
fn with_files(said: Vec<Said>, depth: u8) -> Result<Vec<Said>, Failure> {
    let mut all = Vec::with_capacity(said.len());
    for said in said {
        match said {
            Said::Value(Opt::Config, file) => {
                all.extend(configured(&file, &input::read(&file)?, depth + 1)?);
            }
            Said::Value(Opt::Url, url) if url.starts_with('@') => {
                let list = input::read(&url[1..])?;
                let list = String::from_utf8_lossy(&list);
                let lines = list.lines().map(str::trim).filter(|line| !line.is_empty());
                let urls = lines.filter(|line| !line.starts_with('#'));
                all.extend(urls.map(|url| Said::Url(url.to_owned())));
            }
            said => all.push(said),
        }
    }
    Ok(all)
}

fn configured(name: &str, bytes: &[u8], depth: u8) -> Result<Vec<Said>, Failure> {
    if depth > MAX_CONFIG_DEPTH {
        return Err(Failure::usage(format!("{name}: configuration files in a circle")));
    }
    let words = config::words(name, &String::from_utf8_lossy(bytes))?;
    with_files(words::read(words)?, depth)
}

/// Carries the operations out on one runtime, with one client: connections and cookies are
/// shared. The exit code is the last transfer's.
fn carry_out(operations: &[Operation]) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    let ended = runtime.block_on(async {
        let mut client = Client::new(None);
        let (mut last, mut number) = (0, 0);
        let mut session = None;
        for operation in operations {
            // Another session is another visitor, who has nothing of the first one's.
            let of = operation.cookies.session.as_deref();
            if session != of {
                client.jar = None;
            }
            session = of;
            last = transfers(operation, &mut client, &mut number).await?;
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
    client: &mut Client,
    number: &mut usize,
) -> Result<u8, Failure> {
    let show = &operation.show;
    let first = operation.errands().find_map(|errand| errand.start.ok());
    let first = first.map(|start| start.url);
    let mut jars = Jars::open(&operation.cookies, &mut client.jar, first.as_ref(), !show.errors)?;
    if let Some(jar) = client.jar.as_mut().filter(|_| operation.cookies.new_browser) {
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
        let output = Writer::new(errand.output.clone());
        let facts = Facts::new(errand.url.clone(), *number);
        *number += 1;
        let mut shown = Shown::new(show, output, heads.as_mut(), facts);
        let one = one(errand, &operation.fetch, client, &mut shown);
        // Whoever keeps cookies does not lose them to an impatient person.
        let ended = tokio::select! {
            ended = one => ended,
            code = signals::interrupted(), if jars.keep() => {
                Err(Failure::new(code, "interrupted"))
            }
        };
        if ended.is_err() {
            shown.content.failed();
        }
        last = told(&ended, show, shown.facts);
        if last != 0 && operation.fail_early {
            break;
        }
        if signals::ended_by_one(last) {
            break;
        }
        if let Some(jar) = &mut client.jar {
            jars.save_now_and_then(jar)?;
        }
    }
    if let Some(jar) = &mut client.jar {
        jars.save(jar)?;
    }
    Ok(last)
}

/// Whether what would be written is there already.
fn is_there(output: &Output) -> bool {
    matches!(output, Output::File(file) if file.path.exists())
}

/// Says how a transfer ended: the failure, then what `-w` asks for. The exit code.
fn told(ended: &Result<(), Failure>, show: &Show, mut facts: Facts) -> u8 {
    if let Err(failure) = ended {
        facts.exit = failure.code;
        facts.message.clone_from(&failure.message);
        if show.errors {
            failure.print();
        }
    }
    match show.write_out.as_ref().map(|write_out| write_out.write(&facts)) {
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
    errand: Errand,
    fetch: &Fetch,
    client: &mut Client,
    shown: &mut Shown<'_>,
) -> Result<(), Failure> {
    let ended = client.fetch(&errand.start?, fetch, shown).await;
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
