//! The requests of `inspect`, one after the other, and a report of each.

use super::options::{self, Har, Options};
use super::words::INSPECT;
use super::{comparing, document, reader};
use crate::base::Scheme;
use crate::cli::env::Env;
use crate::cli::errand::Errand;
use crate::cli::exit::{Failure, code};
use crate::cli::output::Writer;
use crate::cli::paper::Paper;
use crate::cli::plan::Operation;
use crate::cli::shared::{Shared, Visitor, unwritten};
use crate::cli::typed::Typed;
use crate::cli::{help, input, line, print, signals, version, wanted};
use crate::client::Capture;
use crate::cookie::Jar;
use crate::inspect::saved::{self, Saved};
use crate::inspect::{Ended, Report, archive, secret};
use crate::net::clock;
use std::io;
use url::Url;

/// As much content is taken: what a person reads, and a page is summarized from, is less; a
/// download of gigabytes is for `fetch`.
const MOST_CONTENT: usize = 16 << 20;

/// As much of a saved file is read: a browser's HAR of a long visit.
const MOST_SAVED: usize = 256 << 20;

/// Runs `inspect` with these words; the exit code.
pub(in crate::cli) fn run(words: Vec<String>) -> u8 {
    let mut loud = true;
    carried_out(words, &mut loud).unwrap_or_else(|failure| {
        if loud {
            failure.print();
        }
        failure.code
    })
}

fn carried_out(words: Vec<String>, loud: &mut bool) -> Result<u8, Failure> {
    let env = Env::read();
    let said = line::read(words, &env, &INSPECT)?;
    let options = Options::of(&said.concat())?;
    let typed = said.into_iter().map(|said| {
        let mut all = options::usual();
        all.extend(said);
        Typed::of(all)
    });
    let typed: Vec<_> = typed.collect();
    if let Some(text) = typed.iter().find_map(of_itself) {
        return shown(text?.as_bytes());
    }
    if options.schema {
        return shown(document::SCHEMA.as_bytes());
    }
    if let Some(file) = &options.from {
        let urls: Vec<_> = typed.iter().flat_map(|typed| &typed.urls).cloned().collect();
        return saved(file, &urls, &options);
    }
    if options.diff {
        return comparing::run(&typed, &env, &options);
    }
    *loud = typed.iter().all(|typed| !typed.silent || typed.show_error);
    let mut out = Out::new(&options);
    let operations: Result<Vec<_>, _> = typed.iter().map(|it| Operation::of(it, &env)).collect();
    let operations = operations.map_err(|failure| match failure.hint {
        Some("cruller fetch --help") => failure.hint("cruller inspect --help"),
        _ => failure,
    })?;
    let ended = block_on(one_by_one(&operations, &options, &mut out));
    let written = out.archive(&options);
    ended.and_then(|code| written.map(|()| code))
}

/// Does it on a runtime of its own.
pub(super) fn block_on<T>(doing: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(code::CONNECT, error.to_string()))?;
    let ended = runtime.block_on(doing);
    // The system's resolver cannot be interrupted: whoever waits for it no longer is not kept.
    runtime.shutdown_background();
    ended
}

/// What a file holds: the first answer, or that to a URL.
pub(super) fn read_saved(
    file: &str,
    wanted: Option<&Url>,
    jar: &mut Jar,
) -> Result<Saved, Failure> {
    let bytes = input::read_bounded(file, MOST_SAVED)?;
    saved::read(&bytes, wanted, jar, clock::wall())
        .map_err(|why| Failure::new(code::READ, format!("{file}: {why}")))
}

/// Reports of what a file holds: of the first answer, or of those to these URLs.
fn saved(file: &str, urls: &[String], options: &Options) -> Result<u8, Failure> {
    let wanted: Result<Vec<_>, Failure> = urls
        .iter()
        .map(|url| wanted::address(url, None, Scheme::Http, false).map(|it| Some(it.url)))
        .collect();
    let wanted = wanted?;
    let mut out = Out::new(options);
    for wanted in if wanted.is_empty() { vec![None] } else { wanted } {
        let mut jar = Jar::new();
        let Saved { capture, notes, .. } = read_saved(file, wanted.as_ref(), &mut jar)?;
        let ended = Ended::of_notes(&notes);
        let mut report = Report::of(&capture, &ended, Some(&jar), clock::wall());
        report.notes = notes;
        let url = report.whole.as_ref().map_or(String::new(), |whole| whole.url.clone());
        if let Told::NobodyListens = out.tell(&url, &report, None, options)? {
            return Ok(0);
        }
        out.keep(capture, None, options);
    }
    out.archive(options).map(|()| 0)
}

/// `--help` and `--version`.
fn of_itself(typed: &Typed) -> Option<Result<String, Failure>> {
    match &typed.help {
        Some(on) => Some(help::text(on, &INSPECT)),
        None => typed.version.then(|| Ok(version::text())),
    }
}

fn shown(text: &[u8]) -> Result<u8, Failure> {
    match print::bytes(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(unwritten("to standard output", &error))
        }
        _ => Ok(0),
    }
}

/// One URL after the other. The exit code is the last one's, as in `fetch`.
async fn one_by_one(
    operations: &[Operation],
    options: &Options,
    out: &mut Out,
) -> Result<u8, Failure> {
    let (mut shared, mut last) = (Shared::default(), 0);
    for operation in operations {
        let visitor = shared.visitor(operation)?;
        operation.hsts.open(&visitor.client)?;
        for errand in operation.errands() {
            let ended = one(operation, &errand, &visitor, options, out).await;
            last = match ended {
                Ok(Told::All) => 0,
                Ok(Told::NobodyListens) => {
                    return operation.hsts.save(&visitor.client).and(visitor.save()).map(|()| 0);
                }
                Err(failure) => {
                    if operation.show.errors {
                        failure.print();
                    }
                    failure.code
                }
            };
            if signals::ended_by_one(last) {
                break;
            }
            visitor.save_now_and_then()?;
        }
        operation.hsts.save(&visitor.client).and(visitor.save())?;
        if signals::ended_by_one(last) {
            break;
        }
    }
    Ok(last)
}

/// Fetches one URL and tells of it, also where it failed.
async fn one(
    operation: &Operation,
    errand: &Errand,
    visitor: &Visitor,
    options: &Options,
    out: &mut Out,
) -> Result<Told, Failure> {
    let (capture, how, mut ended) = captured(operation, errand, visitor).await?;
    let status = capture.hops.last().map_or(0, |hop| hop.head.status);
    if ended.is_ok() && options.fail && status >= 400 {
        let text = format!("The requested URL returned error: {status}");
        ended = Err(Failure::new(code::HTTP_STATUS, text));
    }
    let told = {
        let jar = visitor.client.jar.borrow();
        let report = Report::of(&capture, &how, jar.as_ref(), clock::wall());
        out.tell(&errand.url, &report, ended.as_ref().err(), options)?
    };
    out.keep(capture, ended.as_ref().err().map(|failure| failure.message.clone()), options);
    ended.map(|()| told)
}

/// Fetches one URL; what came of it, also where it failed.
///
/// # Errors
/// It is not even asked for: a URL that is none, content that cannot be read.
pub(super) async fn captured(
    operation: &Operation,
    errand: &Errand,
    visitor: &Visitor,
) -> Result<(Capture, Ended, Result<(), Failure>), Failure> {
    let ready = errand.ready(operation)?;
    let start = errand.start.as_ref().map_err(Clone::clone)?;
    // What was answered before a signal came is shown, and goes into the archive.
    signals::watch();
    let mut capture = Capture { most: Some(MOST_CONTENT), ..Capture::default() };
    let fetching = visitor.client.fetch(start, &ready.fetch, &mut capture);
    let (how, ended) = tokio::select! {
        ended = fetching => {
            let how = ended.as_ref().err().map_or(Ended::Whole, Ended::of);
            (how, ended.map_err(|error| reworded(Failure::from(error))))
        }
        code = signals::interrupted() => {
            let words = "interrupted".to_owned();
            (Ended::Stopped(words.clone()), Err(Failure::new(code, words)))
        }
    };
    Ok((capture, how, ended))
}

/// What is to be done about it, without the flags that are not there.
fn reworded(failure: Failure) -> Failure {
    match failure.code {
        code::TOO_MANY_REDIRECTS => failure.hint("--max-redirs N follows more"),
        _ => failure,
    }
}

/// Whether anybody still reads.
pub(super) enum Told {
    All,
    NobodyListens,
}

/// Where reports go.
pub(super) struct Out {
    file: Option<Writer>,
    began: bool,
    /// What goes into the archive, with what each failed with.
    kept: Vec<(Capture, Option<String>)>,
}

impl Out {
    pub(super) fn new(options: &Options) -> Out {
        Out { file: options.to.as_deref().map(Writer::over), began: false, kept: Vec::new() }
    }

    fn tell(
        &mut self,
        url: &str,
        report: &Report<'_>,
        failure: Option<&Failure>,
        options: &Options,
    ) -> Result<Told, Failure> {
        if options.har == Some(Har::Stdout) {
            return Ok(Told::All);
        }
        let text = match options.json {
            true => document::line(url, report, failure, options.body),
            false => {
                let text = reader::text(report, options, self.paper(options), clock::wall());
                // Reports stand apart.
                if self.began && !text.is_empty() { format!("\n{text}") } else { text }
            }
        };
        self.began = true;
        self.write(&text)
    }

    /// What is meant for reading is laid out on this, without the passwords of URLs, wherever
    /// these come from.
    pub(super) fn paper(&self, options: &Options) -> Paper {
        let paper = match &self.file {
            Some(_) => Paper::for_file(options.color),
            None => Paper::for_stdout(options.color),
        };
        match options.secrets {
            true => paper,
            false => paper.masking(secret::text_without_passwords),
        }
    }

    /// Keeps what was captured for the archive, if one is wanted.
    fn keep(&mut self, capture: Capture, error: Option<String>, options: &Options) {
        if options.har.is_some() {
            self.kept.push((capture, error));
        }
    }

    /// Writes the archive, if one is wanted.
    fn archive(&self, options: &Options) -> Result<(), Failure> {
        let Some(har) = &options.har else { return Ok(()) };
        let fetches: Vec<_> =
            self.kept.iter().map(|(capture, error)| (capture, error.as_deref())).collect();
        let text = archive::har(&fetches);
        let written = match har {
            Har::File(path) => Writer::over(path).write(text.as_bytes()),
            Har::Stdout => match print::text(&text) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written,
            },
        };
        written.map_err(|error| unwritten("the HAR", &error))
    }

    /// # Errors
    /// Exit 23, unless it is only that nobody reads any more.
    pub(super) fn write(&mut self, text: &str) -> Result<Told, Failure> {
        let written = match &mut self.file {
            Some(file) => file.write(text.as_bytes()),
            None => print::text(text),
        };
        match written {
            Ok(()) => Ok(Told::All),
            Err(error) if self.file.is_none() && error.kind() == io::ErrorKind::BrokenPipe => {
                Ok(Told::NobodyListens)
            }
            Err(error) => Err(unwritten("the report", &error)),
        }
    }
}
