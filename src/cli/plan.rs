//! What the program will do: files read, values understood, everything decided before the
//! first connection.

use super::env::Env;
use super::exit::{self, Failure, code};
use super::input::{self, read};
use super::typed::{DataPiece, Destination, Typed};
use super::values;
use crate::base::{Content, Method};
use crate::client::{Address, Credentials, Fetch, HeaderLine, Redirects, Referer};
use crate::disk;
use crate::h1::Limits;
use crate::net::{Settings, TlsSettings};
use std::path::{Path, PathBuf};

/// Redirects followed by `-L`, as in curl: no honest chain is longer.
const MAX_REDIRECTS: u32 = 50;

/// What a client says it is.
const USER_AGENT: &str = concat!("cruller/", env!("CARGO_PKG_VERSION"));

/// A whole run.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) transfers: Vec<Transfer>,
    pub(super) settings: Settings,
    pub(super) cookies: CookiePlan,
    pub(super) show: Show,
}

/// One URL and where its answer goes.
#[derive(Debug)]
pub(super) struct Transfer {
    /// The fetch, or why there is none.
    pub(super) fetch: Result<Fetch, Failure>,
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
    pub(super) errors: bool,
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

impl Plan {
    /// Decides everything.
    ///
    /// # Errors
    /// Whatever makes the whole command line meaningless. A URL that cannot be fetched is the
    /// failure of its own transfer.
    pub(super) fn of(typed: &Typed, env: &Env) -> Result<Plan, Failure> {
        if typed.urls.is_empty() {
            return Err(Failure::usage("no URL specified").hint("cruller fetch --help"));
        }
        if typed.head && !typed.data.is_empty() && !typed.get {
            return Err(Failure::usage(
                "-I asks for the head only and -d sends content: choose one",
            ));
        }
        let model = Model::of(typed, env)?;
        let pins = typed.resolve.iter().map(|text| values::resolve(text));
        let mut destinations = typed.destinations.iter();
        let transfers = typed.urls.iter().map(|url| {
            let fetch = model.fetch(url);
            Ok(Transfer { output: output(destinations.next(), url)?, fetch })
        });
        Ok(Plan {
            transfers: transfers.collect::<Result<_, Failure>>()?,
            settings: Settings { pins: pins.collect::<Result<_, _>>()? },
            cookies: cookies(typed, env)?,
            show: Show {
                heads: typed.include || typed.head,
                dump: typed.dump_header.as_deref().map(destination),
                verbose: typed.verbose,
                errors: !typed.silent || typed.show_error,
                fail: typed.fail,
            },
        })
    }
}

/// What all URLs of a command line have in common.
struct Model {
    method: Method,
    custom_method: Option<Method>,
    content: Content,
    query: Option<String>,
    headers: Vec<HeaderLine>,
    user_agent: String,
    referer: Referer,
    credentials: Option<Credentials>,
    cookie_text: Option<String>,
    compressed: bool,
    redirects: Redirects,
    connect_to: Vec<crate::client::ConnectTo>,
    tls: TlsSettings,
    total: Option<std::time::Duration>,
    connect_timeout: Option<std::time::Duration>,
}

impl Model {
    fn of(typed: &Typed, env: &Env) -> Result<Model, Failure> {
        let data = data(&typed.data)?;
        let (query, content) = match data {
            Some(data) if typed.get => {
                let text = String::from_utf8(data)
                    .map_err(|_| Failure::usage("-G: data for a URL must be text"))?;
                (Some(text), Content::None)
            }
            Some(data) => (None, Content::Bytes(data.into())),
            None => (None, Content::None),
        };
        let method = match content {
            _ if typed.head => Method::HEAD,
            Content::Bytes(_) => Method::POST,
            Content::None => Method::GET,
        };
        let most = typed.max_redirs.as_deref().map(values::redirects).transpose()?;
        let most = most.unwrap_or(Some(MAX_REDIRECTS));
        let connect_to = typed.connect_to.iter().map(|text| values::connect_to(text));
        let limit = |flag, text: &Option<String>| match text {
            Some(text) => values::seconds(flag, text),
            None => Ok(None),
        };
        let texts: Vec<&str> =
            typed.cookies.iter().filter(|text| text.contains('=')).map(String::as_str).collect();
        let ca_file = typed.ca_cert.as_ref().map(PathBuf::from).or_else(|| env.ca_file.clone());
        Ok(Model {
            method,
            custom_method: typed.method.as_deref().map(custom_method).transpose()?,
            content,
            query,
            headers: headers(&typed.headers)?,
            user_agent: one_line("-A", typed.user_agent.as_deref().unwrap_or(USER_AGENT))?,
            referer: referer(typed.referer.as_deref())?,
            credentials: typed.user.as_deref().map(credentials).transpose()?,
            cookie_text: match texts[..] {
                [] => None,
                _ => Some(one_line("-b", &texts.join("; "))?),
            },
            compressed: typed.compressed,
            redirects: if typed.location { Redirects::Followed(most) } else { Redirects::Shown },
            connect_to: connect_to.collect::<Result<_, _>>()?,
            tls: TlsSettings { insecure: typed.insecure, ca_file },
            total: limit("max-time", &typed.max_time)?,
            connect_timeout: limit("connect-timeout", &typed.connect_timeout)?,
        })
    }

    fn fetch(&self, url: &str) -> Result<Fetch, Failure> {
        let text = match &self.query {
            Some(query) => with_query(url, query),
            None => url.to_owned(),
        };
        let address = Address::parse(&text)
            .map_err(|why| Failure::new(exit::address_code(&why), why.to_string()))?;
        let form = matches!(self.content, Content::Bytes(_));
        Ok(Fetch {
            address,
            method: self.method.clone(),
            custom_method: self.custom_method.clone(),
            content: self.content.clone(),
            content_type: form.then_some("application/x-www-form-urlencoded"),
            headers: self.headers.clone(),
            user_agent: Some(self.user_agent.clone()),
            referer: self.referer.clone(),
            credentials: self.credentials.clone(),
            cookie_text: self.cookie_text.clone(),
            compressed: self.compressed,
            redirects: self.redirects,
            connect_to: self.connect_to.clone(),
            tls: self.tls.clone(),
            total: self.total,
            connect_timeout: self.connect_timeout,
            limits: Limits::default(),
        })
    }
}

/// Puts the data behind the query that is there, before the fragment.
fn with_query(url: &str, query: &str) -> String {
    let (before, fragment) = match url.split_once('#') {
        Some((before, fragment)) => (before, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let joint = if before.contains('?') { '&' } else { '?' };
    format!("{before}{joint}{query}{fragment}")
}

/// The pieces of `-d`, joined by `&`.
fn data(pieces: &[DataPiece]) -> Result<Option<Vec<u8>>, Failure> {
    let mut joined: Option<Vec<u8>> = None;
    for piece in pieces {
        let bytes = match piece {
            DataPiece::Raw(text) => text.clone().into_bytes(),
            DataPiece::Form(text) => match text.strip_prefix('@') {
                Some(file) => {
                    let mut bytes = read(file)?;
                    bytes.retain(|b| !matches!(b, b'\r' | b'\n' | 0));
                    bytes
                }
                None => text.clone().into_bytes(),
            },
            DataPiece::Binary(text) => match text.strip_prefix('@') {
                Some(file) => read(file)?,
                None => text.clone().into_bytes(),
            },
        };
        match &mut joined {
            Some(joined) => {
                joined.push(b'&');
                joined.extend(bytes);
            }
            None => joined = Some(bytes),
        }
    }
    Ok(joined)
}

fn headers(lines: &[String]) -> Result<Vec<HeaderLine>, Failure> {
    let mut headers = Vec::new();
    for line in lines {
        match line.strip_prefix('@') {
            Some(file) => {
                let text = String::from_utf8(read(file)?)
                    .map_err(|_| Failure::usage(format!("-H @{file}: not text")))?;
                for line in text.lines() {
                    headers.extend(values::header(line.trim_end_matches('\r'))?);
                }
            }
            None => headers.extend(values::header(line)?),
        }
    }
    Ok(headers)
}

fn custom_method(name: &str) -> Result<Method, Failure> {
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Method::new(name))
    } else {
        Err(Failure::usage(format!("-X: \"{name}\" is not a method")))
    }
}

fn referer(text: Option<&str>) -> Result<Referer, Failure> {
    let Some(text) = text else { return Ok(Referer::default()) };
    let (given, auto) = match text.strip_suffix(";auto") {
        Some(given) => (given, true),
        None => (text, false),
    };
    let given = if given.is_empty() { None } else { Some(one_line("-e", given)?) };
    Ok(Referer { given, auto })
}

/// `user:password`; a password that was not given is asked for, without an echo.
fn credentials(text: &str) -> Result<Credentials, Failure> {
    let (user, password) = match text.split_once(':') {
        Some((user, password)) => (user, password.to_owned()),
        None => (text, input::password(text)?),
    };
    Ok(Credentials { user: user.to_owned(), password })
}

fn one_line(flag: &str, text: &str) -> Result<String, Failure> {
    if text.bytes().any(|b| matches!(b, b'\r' | b'\n' | 0)) {
        return Err(Failure::usage(format!("{flag}: a line break in a header")));
    }
    Ok(text.to_owned())
}

fn destination(path: &str) -> Output {
    if path == "-" { Output::Stdout { asked: true } } else { Output::File(PathBuf::from(path)) }
}

fn output(wanted: Option<&Destination>, url: &str) -> Result<Output, Failure> {
    match wanted {
        None => Ok(Output::Stdout { asked: false }),
        Some(Destination::File(path)) => Ok(destination(path)),
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

    #[test]
    fn data_goes_behind_the_query_and_before_the_fragment() {
        assert_eq!(with_query("http://h/x?a#f", "b=1"), "http://h/x?a&b=1#f");
        assert_eq!(with_query("http://h/x", "b=1"), "http://h/x?b=1");
    }
}
