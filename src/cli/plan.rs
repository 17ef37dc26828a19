//! What the program will do: files read, values understood, everything decided before the
//! first connection.
//!
//! A command line is a list of operations, divided by `--next`; an operation is a list of
//! targets that have everything in common but the URL and where its answer goes.

use super::conditional::Kept;
use super::env::Env;
use super::errand::{Errand, From};
use super::exit::Failure;
use super::glob::Glob;
use super::hsts;
use super::meter::Counts;
use super::naming::{FileTo, Naming};
use super::print;
use super::protocols;
use super::rate;
use super::retry::Retry;
use super::trace::Trace;
use super::typed::{Destination, Typed};
use super::upload::Upload;
use super::values;
use super::wanted;
use super::write_out::WriteOut;
use crate::base::Scheme;
use crate::client::Fetch;
use crate::disk;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// What one stretch of the command line, up to `--next`, asks for.
pub(super) struct Operation {
    pub(super) fetch: Fetch,
    /// Put into the query of every URL.
    query: Option<String>,
    targets: Vec<Target>,
    /// URLs, or patterns, of the operations before this one.
    pub(super) urls_before: usize,
    path_as_is: bool,
    /// What a URL without a scheme is.
    scheme: Scheme,
    /// Where `-C` goes on.
    pub(super) from: Option<From>,
    naming: Naming,
    /// Leave out what is there already.
    skip_existing: bool,
    /// One of many pasted lines, which are saved together.
    pub(super) pasted: bool,
    /// How many transfers go on at once, where that is wanted.
    pub(super) at_once: Option<usize>,
    /// The first failure is the last transfer.
    pub(super) fail_early: bool,
    pub(super) retry: Retry,
    pub(super) kept: Kept,
    /// The hosts that are spoken to by https only.
    pub(super) hsts: hsts::Files,
    /// The time from one transfer's beginning to the next one's.
    pub(super) pace: Option<Duration>,
    pub(super) cookies: CookiePlan,
    pub(super) show: Show,
}

/// One URL as it was typed, perhaps a pattern for many.
struct Target {
    /// Its number among those of the operation.
    index: usize,
    typed: String,
    urls: Result<Glob, Failure>,
    /// What is uploaded: each to each URL.
    uploads: Option<Glob>,
    to: Option<Destination>,
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// Standard output; whether somebody asked for it by `-o -`.
    Stdout { asked: bool },
    /// A file, opened when there is something to write.
    File(FileTo),
}

/// What is shown besides the content.
#[derive(Clone, Debug)]
pub(super) struct Show {
    /// The heads, before the content.
    pub(super) heads: bool,
    /// Leave the answers to CONNECT out of them.
    pub(super) suppress_connect: bool,
    /// The heads, in a file or on standard output.
    pub(super) dump: Option<Output>,
    /// What becomes of each cookie, also without the rest of it.
    pub(super) explain_cookies: bool,
    /// Where what happens is told; one for the whole run.
    pub(super) trace: Rc<Trace>,
    /// What was done so far; likewise.
    pub(super) counts: Rc<Counts>,
    pub(super) errors: bool,
    /// What is said after each transfer.
    pub(super) write_out: Option<WriteOut>,
    /// Where a line of JSON for each transfer goes.
    pub(super) json_out: Option<Output>,
    /// What a status from 400 up is.
    pub(super) fail: Fail,
}

/// What a status from 400 up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fail {
    /// An answer like any other.
    Never,
    /// A failure; its content is not wanted.
    AtOnce,
    /// A failure, and its content is shown.
    WithContent,
}

/// Where cookies come from and go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CookiePlan {
    /// Whether there is a cookie engine at all.
    pub(super) engine: bool,
    /// Files to read.
    pub(super) read: Vec<PathBuf>,
    /// The jar to save to; `-` is standard output.
    pub(super) save: Option<PathBuf>,
    /// Forget the session cookies of what was read.
    pub(super) new_browser: bool,
    /// The session's folder.
    pub(super) session: Option<PathBuf>,
    pub(super) read_only: bool,
}

impl Operation {
    fn output(
        &self,
        wanted: Option<&Destination>,
        url: &str,
        parts: &[String],
    ) -> Result<Output, Failure> {
        match wanted {
            None => Ok(Output::Stdout { asked: false }),
            Some(Destination::File(name)) if name == "-" => Ok(Output::Stdout { asked: true }),
            Some(wanted) => self.naming.file(wanted, url, parts).map(Output::File),
        }
    }

    /// Decides everything.
    ///
    /// # Errors
    /// Whatever makes the whole operation meaningless. A URL that cannot be fetched is the
    /// failure of its own transfer.
    pub(super) fn of(typed: &Typed, env: &Env) -> Result<Operation, Failure> {
        if typed.urls.is_empty() {
            return Err(Failure::usage("no URL specified").hint("cruller fetch --help"));
        }
        if typed.destinations.contains(&Some(Destination::File(String::new()))) {
            return Err(Failure::usage("-o takes the name of a file, or - for standard output"));
        }
        one_request(typed)?;
        alone(typed)?;
        let places = typed.destinations.iter().filter(|to| to.is_some()).count();
        if typed.uploads.len().max(places) > typed.urls.len() {
            print::warning("Got more output options than URLs");
        }
        let naming = Naming::of(typed);
        let all = typed.remote_name_all.then_some(Destination::RemoteName);
        let named = |name: &str| match name {
            "-" => Output::Stdout { asked: true },
            name => Output::File(naming.heads(name)),
        };
        let mut destinations = typed.destinations.iter().cloned();
        let glob =
            |text: &str| if typed.globoff { Ok(Glob::literal(text)) } else { Glob::parse(text) };
        let mut uploads = typed.uploads.iter();
        let targets = typed.urls.iter().enumerate().map(|(index, url)| {
            let upload = uploads.next().filter(|name| !name.is_empty());
            Ok(Target {
                index,
                typed: url.clone(),
                urls: glob(url),
                uploads: upload.map(|name| glob(name)).transpose()?,
                to: destinations.next().unwrap_or_else(|| all.clone()),
            })
        });
        Ok(Operation {
            fetch: wanted::fetch(typed, env)?,
            query: wanted::query(typed)?,
            urls_before: 0,
            targets: targets.collect::<Result<_, Failure>>()?,
            path_as_is: typed.path_as_is,
            scheme: protocols::default(typed.protocols.default.as_deref())?,
            from: typed.continue_at.as_deref().map(values::from).transpose()?,
            naming: naming.clone(),
            skip_existing: typed.skip_existing,
            pasted: typed.pasted,
            at_once: at_once(typed)?,
            fail_early: typed.fail_early,
            retry: Retry::of(typed)?,
            kept: Kept::of(typed)?,
            hsts: hsts::Files(typed.hsts.clone()),
            pace: typed.rate.as_deref().map(rate::parse).transpose()?,
            cookies: cookies(typed, env)?,
            show: Show {
                heads: typed.include || typed.head,
                suppress_connect: typed.proxies.suppress_heads,
                dump: typed.dump_header.as_deref().map(named),
                json_out: typed.json_out.as_deref().map(named),
                explain_cookies: typed.explain_cookies,
                trace: Rc::default(),
                counts: Rc::default(),
                errors: !typed.silent || typed.show_error,
                write_out: typed.write_out.as_deref().map(WriteOut::parse).transpose()?,
                fail: match (typed.fail, typed.fail_with_body) {
                    (true, _) => Fail::AtOnce,
                    (false, true) => Fail::WithContent,
                    (false, false) => Fail::Never,
                },
            },
        })
    }

    /// The URL of the first request, if cookies know its host.
    pub(super) fn first_url(&self) -> Option<Url> {
        let first = self.errands().find_map(|errand| errand.start.ok());
        first.and_then(|start| start.cookie_url().cloned())
    }

    /// How many URLs, or patterns, there are.
    pub(super) fn url_count(&self) -> usize {
        self.targets.len()
    }

    /// Whether content goes to standard output.
    pub(super) fn uses_stdout(&self) -> bool {
        let here = |to: &Option<Destination>| match to {
            None => true,
            Some(Destination::File(name)) => name == "-",
            Some(Destination::RemoteName) => false,
        };
        self.targets.iter().any(|target| here(&target.to))
    }

    /// Whether an errand is left out because what it would write is there already; says so.
    pub(super) fn skips(&self, errand: &Errand) -> bool {
        match &errand.output {
            Output::File(file) if self.skip_existing && file.path.exists() => {
                let name = file.path.display();
                print::remark(&format!("skips transfer, \"{name}\" exists locally"));
                true
            }
            _ => false,
        }
    }

    /// The errands, in order: every URL of a pattern for every file that is uploaded to it. A
    /// pattern is expanded as it goes: it may stand for millions.
    pub(super) fn errands(&self) -> impl Iterator<Item = Errand> + '_ {
        self.targets.iter().flat_map(move |target| {
            let uploads: Box<dyn Iterator<Item = _>> = match &target.uploads {
                Some(glob) => Box::new(glob.urls().map(|(name, _)| Some(Upload::named(&name)))),
                None => Box::new(std::iter::once(None)),
            };
            uploads.flat_map(move |upload| self.errands_to(target, upload))
        })
    }

    fn errands_to<'o>(
        &'o self,
        target: &'o Target,
        upload: Option<Upload>,
    ) -> Box<dyn Iterator<Item = Errand> + 'o> {
        match &target.urls {
            Ok(glob) => Box::new(
                glob.urls()
                    .map(move |(url, parts)| self.errand(target, url, &parts, upload.clone())),
            ),
            Err(failure) => Box::new(std::iter::once(Errand {
                url: target.typed.clone(),
                urlnum: self.urls_before + target.index,
                start: Err(failure.clone()),
                upload,
                output: Output::Stdout { asked: false },
            })),
        }
    }

    fn errand(
        &self,
        target: &Target,
        url: String,
        parts: &[String],
        upload: Option<Upload>,
    ) -> Errand {
        let urlnum = self.urls_before + target.index;
        let output = self.output(target.to.as_ref(), &url, parts);
        let url = match &upload {
            Some(upload) => upload.url(url),
            None => url,
        };
        match output {
            Ok(output) => {
                let query = self.query.as_deref();
                let start = wanted::address(&url, query, self.scheme, self.path_as_is);
                Errand { url, urlnum, start, upload, output }
            }
            Err(failure) => {
                let output = Output::Stdout { asked: false };
                Errand { url, urlnum, start: Err(failure), upload, output }
            }
        }
    }
}

/// What `-C` cannot be combined with.
fn alone(typed: &Typed) -> Result<(), Failure> {
    let Some(from) = &typed.continue_at else { return Ok(()) };
    let others = [
        (!typed.data.is_empty() && !typed.get, "cannot mix --continue-at with --data"),
        (!typed.form.is_empty(), "cannot mix --continue-at with --form"),
        (typed.range.is_some(), "--continue-at is mutually exclusive with --range"),
        (typed.remove_on_error, "--continue-at is mutually exclusive with --remove-on-error"),
        (typed.clobber == Some(false), "--continue-at is mutually exclusive with --no-clobber"),
        (
            from == "-" && typed.remote_header_name,
            "--continue-at and --remote-header-name cannot be combined",
        ),
    ];
    match others.iter().find(|(there, _)| *there) {
        Some((_, why)) => Err(Failure::usage(*why)),
        None => Ok(()),
    }
}

/// How many transfers go on at once with `-Z`, as in curl.
const USUALLY_AT_ONCE: usize = 50;

/// The most: each needs a connection and a file, and a process may open about a thousand.
const MOST_AT_ONCE: usize = 300;

fn at_once(typed: &Typed) -> Result<Option<usize>, Failure> {
    let most = typed.parallel_max.as_deref().map(|text| values::count("parallel-max", text));
    let most = match most.transpose()? {
        None | Some(0) => USUALLY_AT_ONCE,
        Some(many) => usize::try_from(many).unwrap_or(MOST_AT_ONCE).min(MOST_AT_ONCE),
    };
    Ok(typed.parallel.then_some(most))
}

/// Every kind of request by its flag; at most one of them may be asked for.
fn one_request(typed: &Typed) -> Result<(), Failure> {
    if typed.fail && typed.fail_with_body {
        let why = "You must select either --fail or --fail-with-body, not both.";
        return Err(Failure::usage(why));
    }
    let kinds = [
        (typed.head, "HEAD (-I, --head)"),
        (!typed.form.is_empty(), "multipart formpost (-F, --form)"),
        (!typed.data.is_empty() && !typed.get, "POST (-d, --data)"),
        (typed.uploads.iter().any(|name| !name.is_empty()), "PUT (-T, --upload-file)"),
    ];
    let mut asked = kinds.iter().filter(|(asked, _)| *asked).map(|(_, kind)| kind);
    match (asked.next(), asked.next()) {
        (Some(one), Some(other)) => Err(Failure::usage(format!(
            "You can only select one HTTP request method! You asked for both {other} and {one}."
        ))),
        _ => Ok(()),
    }
}

fn cookies(typed: &Typed, env: &Env) -> Result<CookiePlan, Failure> {
    let files = typed.cookies.iter().filter(|text| !text.contains('='));
    let read: Vec<PathBuf> = files.clone().filter(|f| !f.is_empty()).map(PathBuf::from).collect();
    let save = typed.cookie_jar.as_ref().map(PathBuf::from);
    let named = match &typed.session {
        None if save.is_none() => env.session()?,
        named => named.as_deref(),
    };
    if typed.session_read_only && named.is_none() {
        return Err(Failure::usage("--session-read-only goes with --session"));
    }
    if typed.session.is_some() && save.is_some() {
        return Err(Failure::usage("--session keeps the cookies itself: leave -c out"));
    }
    let session = named.map(|name| session_dir(name, env)).transpose()?;
    let engine = session.is_some() || save.is_some() || files.count() > 0;
    if typed.explain_cookies && !engine {
        let why =
            "--explain-cookies goes with --session, -c, or -b FILE: there is no cookie engine";
        return Err(Failure::usage(why));
    }
    let (new_browser, read_only) = (typed.junk_session_cookies, typed.session_read_only);
    Ok(CookiePlan { engine, read, save, new_browser, session, read_only })
}

pub(super) fn session_dir(name: &str, env: &Env) -> Result<PathBuf, Failure> {
    let home = if name.contains('/') { PathBuf::new() } else { sessions_dir(env)? };
    disk::session::dir_of(&home, name).map_err(|error| Failure::usage(error.to_string()))
}

/// Where the sessions are that have a name.
///
/// # Errors
/// The environment does not say.
pub(super) fn sessions_dir(env: &Env) -> Result<PathBuf, Failure> {
    match env.state.as_deref().filter(|state| !state.as_os_str().is_empty()) {
        Some(state) => Ok(state.join("sessions")),
        None => Err(Failure::usage("no place for sessions: set CRULLER_HOME or HOME")),
    }
}
