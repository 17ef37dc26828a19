//! `cruller cookies`: the jar, looked at and changed by hand.
//!
//! Every change goes through the jar's own door: what a server could not have set, a
//! person cannot set either. A verdict or a rule printed here is the same value that
//! the fetches act on.

mod explain;
mod list;
mod transport;

use super::env::Env;
use super::exit::{Failure, code};
use super::jars::Jars;
use super::plan::{self, CookiePlan};
use super::print;
use crate::base::system_words;
use crate::cookie::{Jar, Key, Verdict};
use crate::net::clock;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use url::Url;

/// The arguments of `cookies`.
#[derive(Args)]
pub(super) struct Words {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the cookies
    Ls {
        #[command(flatten)]
        style: Style,
        /// Only those of this domain and the domains below it
        #[arg(long, value_name = "DOMAIN")]
        domain: Option<String>,
    },
    /// Show a cookie by its name: exit 0 if there is one, 1 if not
    Get {
        #[command(flatten)]
        style: Style,
        /// The name, as it was set
        name: String,
        /// Only where it would be sent to this URL
        #[arg(long)]
        url: Option<Url>,
    },
    /// Set a cookie, as if this Set-Cookie line had come from a URL
    Set {
        /// `NAME=VALUE; Path=/; Max-Age=3600; …`
        #[arg(value_name = "SET-COOKIE")]
        line: String,
        /// Where it is from
        #[arg(long)]
        url: Url,
    },
    /// Remove cookies by name, or by what they are
    Rm {
        #[command(flatten)]
        which: Which,
    },
    /// Put the cookies of a file into the jar: Netscape, Cookie-Editor, storage state, HAR, a curl
    /// line, a Cookie header, a dump of Set-Cookie lines
    Import {
        #[command(flatten)]
        from: transport::From,
    },
    /// Write the cookies, values and all, in the format of another program
    Export {
        #[command(flatten)]
        to: transport::To,
    },
    /// Say of each cookie whether it is sent to a URL and why, or of a Set-Cookie line whether
    /// it is stored
    Explain {
        #[command(flatten)]
        style: Style,
        /// The URL that would be fetched
        #[arg(required_unless_present = "set_cookie", conflicts_with = "set_cookie")]
        target: Option<Url>,
        /// A Set-Cookie line; nothing is stored
        #[arg(long, value_name = "LINE", requires = "url")]
        set_cookie: Option<String>,
        /// Where that line is from
        #[arg(long, requires = "set_cookie")]
        url: Option<Url>,
    },
}

/// Whose cookies.
#[derive(Args)]
struct Place {
    /// The session, by name or path (unless given, `$CRULLER_SESSION`)
    #[arg(long, value_name = "NAME|PATH", global = true)]
    session: Option<String>,
    /// A jar in Netscape's format, as curl writes it
    #[arg(long, value_name = "FILE", global = true)]
    jar: Option<PathBuf>,
}

/// What a jar is opened for.
#[derive(Clone, Copy)]
enum To {
    /// Nothing is written, and nothing need be writable.
    Look,
    /// It is saved afterwards.
    Change,
}

/// How they are shown.
#[derive(Args, Clone, Copy)]
struct Style {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Show values too; they are as good as passwords
    #[arg(long)]
    show_secrets: bool,
}

/// Which cookies are removed.
#[derive(Args)]
struct Which {
    /// Their names
    names: Vec<String>,
    /// Only of this domain and the domains below it
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Only with this path
    #[arg(long)]
    path: Option<String>,
    /// All of them, with or without --domain and --path
    #[arg(long, conflicts_with_all = ["names", "session_cookies"])]
    all: bool,
    /// Those that live as long as a browser session
    #[arg(long, conflicts_with = "names")]
    session_cookies: bool,
}

/// Runs `cookies`; the exit code.
pub(super) fn run(words: &Words) -> u8 {
    match act(words, &Env::read()) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.code
        }
    }
}

fn act(words: &Words, env: &Env) -> Result<u8, Failure> {
    let place = &words.place;
    match &words.action {
        Action::Ls { style, domain } => {
            let jar = place.read(env)?;
            let domain = domain.as_deref().map(canonical);
            let within = |key: &Key| domain.as_deref().is_none_or(|domain| is_within(key, domain));
            shown(list::list(&jar, *style, |cookie| within(&cookie.key)))
        }
        Action::Get { style, name, url } => {
            let jar = place.read(env)?;
            let text = list::get(&jar, *style, name.as_bytes(), url.as_ref());
            let found = if text.is_empty() { 1 } else { 0 };
            shown(text).map(|_| found)
        }
        Action::Set { line, url } => set(place, env, line, url),
        Action::Rm { which } => remove(place, env, which),
        Action::Import { from } => transport::import(place, env, from),
        Action::Export { to } => transport::export(place, env, to),
        Action::Explain { style, target, set_cookie, url } => {
            let named = place.plan(env, To::Look)?.is_some();
            if target.is_some() && !named {
                print::error("note: no jar is named: --session NAME or --jar FILE does\n");
            }
            let jar = if named { place.read(env)? } else { Jar::default() };
            shown(match (target, set_cookie, url) {
                (Some(target), ..) => explain::sending(&jar, *style, target),
                (None, Some(line), Some(url)) => explain::storing(jar, *style, line, url),
                // clap has seen to it that there is one or the other.
                _ => String::new(),
            })
        }
    }
}

/// Prints; a closed pipe is no failure.
fn shown(text: impl AsRef<[u8]>) -> Result<u8, Failure> {
    match print::bytes(text.as_ref()) {
        Err(error) if print::quietly(&error) != 0 => {
            let why = format!("cannot write to standard output: {}", system_words(&error));
            Err(Failure::new(code::WRITE, why))
        }
        _ => Ok(0),
    }
}

fn set(place: &Place, env: &Env, line: &str, url: &Url) -> Result<u8, Failure> {
    let (mut jars, mut jar) = place.open(env, To::Change)?;
    let stored = jar.store(line.as_bytes(), url, clock::wall());
    if let Verdict::Refused(_) = stored.verdict {
        return Err(Failure::usage(stored.to_string()));
    }
    jars.save(&mut jar)?;
    print::error(&format!("{stored}\n"));
    Ok(0)
}

fn remove(place: &Place, env: &Env, which: &Which) -> Result<u8, Failure> {
    if which.names.is_empty() && !which.all && !which.session_cookies {
        return Err(Failure::usage("which cookies? name them, or say --all or --session-cookies"));
    }
    let (mut jars, mut jar) = place.open_existing(env, To::Change)?;
    let now = clock::wall();
    let domain = which.domain.as_deref().map(canonical);
    let keys: Vec<Key> = jar
        .iter()
        .filter(|cookie| {
            let named = which.names.iter().any(|name| *name.as_bytes() == *cookie.key.name);
            let kind = which.session_cookies && cookie.expires.is_none();
            (which.all || named || kind)
                && domain.as_deref().is_none_or(|domain| is_within(&cookie.key, domain))
                && which.path.as_ref().is_none_or(|path| *path.as_bytes() == *cookie.key.path)
        })
        .map(|cookie| cookie.key.clone())
        .collect();
    let removed = if which.all && which.domain.is_none() && which.path.is_none() {
        // Nothing stays behind, not even what was never let in.
        jar.clear(now)
    } else {
        keys.iter().filter(|key| jar.remove(key, now).is_some()).count()
    };
    jars.save(&mut jar)?;
    print::error(&format!("{removed} removed\n"));
    Ok(0)
}

impl Place {
    /// The jar, and the files behind it.
    fn open(&self, env: &Env, to: To) -> Result<(Jars, Jar), Failure> {
        let plan = self
            .plan(env, to)?
            .ok_or_else(|| Failure::usage("which cookies? --session NAME or --jar FILE says so"))?;
        let mut jar = None;
        let jars = Jars::open(&plan, &mut jar, None, false)?;
        Ok((jars, jar.unwrap_or_default()))
    }

    /// Likewise, and one that is not there is a failure: nothing can be taken from it.
    fn open_existing(&self, env: &Env, to: To) -> Result<(Jars, Jar), Failure> {
        let (jars, jar) = self.open(env, to)?;
        if jars.missing() {
            return Err(Failure::new(code::READ, self.nothing_there(env)));
        }
        Ok((jars, jar))
    }

    /// The jar to look at; a name with nothing behind it may be mistyped, which is said.
    fn read(&self, env: &Env) -> Result<Jar, Failure> {
        let (jars, jar) = self.open(env, To::Look)?;
        if jars.missing() {
            print::error(&format!("note: {}\n", print::escaped(&self.nothing_there(env))));
        }
        Ok(jar)
    }

    fn nothing_there(&self, env: &Env) -> String {
        match (&self.jar, self.session_name(env).ok().flatten()) {
            (Some(jar), _) => format!("there is no jar {} yet", jar.display()),
            (None, Some(name)) => format!("there is no session called {name} yet"),
            (None, None) => "there is no such jar".to_owned(),
        }
    }

    fn session_name<'n>(&'n self, env: &'n Env) -> Result<Option<&'n str>, Failure> {
        match &self.session {
            Some(name) => Ok(Some(name)),
            None => env.session(),
        }
    }

    fn plan(&self, env: &Env, to: To) -> Result<Option<CookiePlan>, Failure> {
        if self.jar.is_some() && self.session.is_some() {
            return Err(Failure::usage("--session and --jar: choose one"));
        }
        let read_only = matches!(to, To::Look);
        let plan = CookiePlan { engine: true, read_only, ..CookiePlan::default() };
        if let Some(jar) = &self.jar {
            let read = vec![jar.clone()];
            return Ok(Some(CookiePlan { read, save: Some(jar.clone()), ..plan }));
        }
        let Some(name) = self.session_name(env)? else { return Ok(None) };
        let session = Some(plan::session_dir(name, env)?);
        Ok(Some(CookiePlan { session, ..plan }))
    }
}

/// A domain as it was typed, as the jar spells it.
fn canonical(domain: &str) -> Box<str> {
    let domain = domain.trim_start_matches('.');
    crate::cookie::domain::canonical(domain).unwrap_or_else(|| domain.into())
}

/// Whether a cookie's domain is `domain` or below it.
fn is_within(key: &Key, domain: &str) -> bool {
    let above = key.domain.strip_suffix(domain);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}
