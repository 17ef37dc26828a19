//! What the program will do: files read, values understood, everything decided before the
//! first connection.
//!
//! A command line is a list of operations, divided by `--next`; an operation is a list of
//! targets that have everything in common but the URL and where its answer goes.

use super::env::Env;
use super::exit::{Failure, code};
use super::glob::{self, Glob};
use super::typed::{Destination, Typed};
use super::wanted;
use super::write_out::WriteOut;
use crate::client::{Address, Fetch};
use crate::disk;
use std::path::{Path, PathBuf};

/// What one stretch of the command line, up to `--next`, asks for.
pub(super) struct Operation {
    pub(super) fetch: Fetch,
    /// Put into the query of every URL.
    query: Option<String>,
    targets: Vec<Target>,
    pub(super) cookies: CookiePlan,
    pub(super) show: Show,
}

/// One URL as it was typed, perhaps a pattern for many.
struct Target {
    typed: String,
    urls: Result<Glob, Failure>,
    to: Option<Destination>,
}

/// One URL and where its answer goes.
#[derive(Debug)]
pub(super) struct Errand {
    /// The URL as it was typed.
    pub(super) url: String,
    /// Where it begins, or why it cannot.
    pub(super) start: Result<Address, Failure>,
    pub(super) output: Output,
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// Standard output; whether somebody asked for it by `-o -`.
    Stdout { asked: bool },
    /// A file, opened when there is something to write.
    File(PathBuf),
}

/// What is shown besides the content.
#[derive(Clone, Debug)]
pub(super) struct Show {
    /// The heads, before the content.
    pub(super) heads: bool,
    /// The heads, in a file or on standard output.
    pub(super) dump: Option<Output>,
    pub(super) verbose: bool,
    /// What becomes of each cookie, also without the rest of it.
    pub(super) explain_cookies: bool,
    pub(super) errors: bool,
    /// What is said after each transfer.
    pub(super) write_out: Option<WriteOut>,
    /// A status from 400 up is a failure.
    pub(super) fail: bool,
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
    /// The session's folder.
    pub(super) session: Option<PathBuf>,
    pub(super) read_only: bool,
}

impl Operation {
    /// Decides everything.
    ///
    /// # Errors
    /// Whatever makes the whole operation meaningless. A URL that cannot be fetched is the
    /// failure of its own transfer.
    pub(super) fn of(typed: &Typed, env: &Env) -> Result<Operation, Failure> {
        if typed.urls.is_empty() {
            return Err(Failure::usage("no URL specified").hint("cruller fetch --help"));
        }
        if typed.head && !typed.data.is_empty() && !typed.get {
            return Err(Failure::usage(
                "-I asks for the head only and -d sends content: choose one",
            ));
        }
        let mut destinations = typed.destinations.iter().cloned();
        let targets = typed.urls.iter().map(|url| Target {
            typed: url.clone(),
            urls: if typed.globoff { Ok(Glob::literal(url)) } else { Glob::parse(url) },
            to: destinations.next(),
        });
        Ok(Operation {
            fetch: wanted::fetch(typed, env)?,
            query: wanted::query(typed)?,
            targets: targets.collect(),
            cookies: cookies(typed, env)?,
            show: Show {
                heads: typed.include || typed.head,
                dump: typed.dump_header.as_deref().map(destination),
                verbose: typed.verbose,
                explain_cookies: typed.explain_cookies,
                errors: !typed.silent || typed.show_error,
                write_out: typed.write_out.as_deref().map(WriteOut::parse).transpose()?,
                fail: typed.fail,
            },
        })
    }

    /// The errands, in order. A pattern is expanded as it goes: it may stand for millions.
    pub(super) fn errands(&self) -> impl Iterator<Item = Errand> + '_ {
        self.targets.iter().flat_map(|target| {
            let urls: Box<dyn Iterator<Item = _>> = match &target.urls {
                Ok(glob) => Box::new(glob.urls().map(Ok)),
                Err(failure) => Box::new(std::iter::once(Err(failure.clone()))),
            };
            urls.map(|expanded| {
                let here = Output::Stdout { asked: false };
                let (url, parts) = match expanded {
                    Ok(expanded) => expanded,
                    Err(failure) => {
                        let url = target.typed.clone();
                        return Errand { url, start: Err(failure), output: here };
                    }
                };
                match output(target.to.as_ref(), &url, &parts) {
                    Ok(output) => {
                        let start = wanted::address(&url, self.query.as_deref());
                        Errand { url, start, output }
                    }
                    Err(failure) => Errand { url, start: Err(failure), output: here },
                }
            })
        })
    }
}

fn destination(path: &str) -> Output {
    if path == "-" { Output::Stdout { asked: true } } else { Output::File(PathBuf::from(path)) }
}

fn output(wanted: Option<&Destination>, url: &str, parts: &[String]) -> Result<Output, Failure> {
    match wanted {
        None => Ok(Output::Stdout { asked: false }),
        Some(Destination::File(path)) => Ok(destination(&glob::name(path, parts))),
        Some(Destination::RemoteName) => remote_name(url).map(Output::File),
    }
}

/// The last part of the URL's path, as it was typed: nothing is decoded, so it names nothing
/// outside this folder, and it can be neither hidden nor a flag.
fn remote_name(url: &str) -> Result<PathBuf, Failure> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or(path));
    let unsafe_name = name.starts_with(['.', '-']) || name.contains(['\\', '\0']);
    if name.is_empty() || unsafe_name || name.chars().any(char::is_control) {
        let why = format!("-O: \"{name}\" at the end of the URL is no name for a file");
        return Err(Failure::new(code::WRITE, why).hint("-o FILE gives it one"));
    }
    Ok(PathBuf::from(name))
}

fn cookies(typed: &Typed, env: &Env) -> Result<CookiePlan, Failure> {
    let files = typed.cookies.iter().filter(|text| !text.contains('='));
    let read: Vec<PathBuf> = files.clone().filter(|f| !f.is_empty()).map(PathBuf::from).collect();
    let save = typed.cookie_jar.as_ref().map(PathBuf::from);
    let named = typed.session.as_ref().or(env.session.as_ref().filter(|_| save.is_none()));
    if typed.session_read_only && named.is_none() {
        return Err(Failure::usage("--session-read-only goes with --session"));
    }
    if typed.session.is_some() && save.is_some() {
        return Err(Failure::usage("--session keeps the cookies itself: leave -c out"));
    }
    let session = named.map(|name| session_dir(name, env)).transpose()?;
    let engine = session.is_some() || save.is_some() || files.count() > 0;
    Ok(CookiePlan { engine, read, save, session, read_only: typed.session_read_only })
}

pub(super) fn session_dir(name: &str, env: &Env) -> Result<PathBuf, Failure> {
    let state = env.state.as_deref().unwrap_or(Path::new(""));
    if state.as_os_str().is_empty() && !name.contains('/') {
        return Err(Failure::usage("no place for sessions: set CRULLER_HOME or HOME"));
    }
    disk::session::dir_of(&state.join("sessions"), name)
        .map_err(|error| Failure::usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_url_stays_in_this_folder() {
        let name = |url| remote_name(url).map(|path| path.display().to_string()).ok();
        assert_eq!(name("http://h/a/b.html?x#y").as_deref(), Some("b.html"));
        assert_eq!(name("h/%2e%2e%2fx").as_deref(), Some("%2e%2e%2fx"));
        for bad in ["http://h/", "http://h", "h", "http://h/..", "http://h/.x", "http://h/-x"] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
