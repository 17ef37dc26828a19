//! `cruller session`: named sessions as wholes.
//!
//! What is in them is the business of `cookies`; here they are listed, renamed, copied and
//! removed. Each change is made under the session's lock, so that a process that uses the
//! session meanwhile finds all of it or is told that it is gone (`disk/sessions.rs`).

mod child;
mod errand;
mod lend;
mod look;

use super::env::Env;
use super::exit::{Failure, code};
use super::jars::Jars;
use super::plan::{self, CookiePlan};
use super::{print, signals};
use crate::base::system_words;
use crate::cookie::Jar;
use crate::disk::{self, sessions};
use crate::net::clock;
use clap::{Args, Subcommand};
use std::path::Path;

/// What a person would type.
const EXAMPLES: &str = "\
Examples:
  cruller session ls                     which there are
  cruller session copy me before-sale    a copy to go back to
  cruller session new-browser me         as if the browser had been closed and opened again
  cruller session rm me before-sale      away with both
  cruller session run me -- curl -d q=tea https://example.com/search
                                         curl with the session's cookies, and what it got kept";

/// What a program is lent, and how it learns of it.
const LENT: &str = "\
The program finds a cookie file in Netscape's format, for it alone, at $CRULLER_JAR; {jar} in an
argument stands for its path. When the program has ended, what it changed there is kept in the
session, and the file is gone, unless a signal other than INT, QUIT, TERM or HUP ended cruller.
Without {jar}:
  curl  gets -b JAR -c JAR, again behind each --next
  wget  gets --load-cookies JAR --save-cookies JAR --keep-session-cookies
unless its arguments name a jar of their own. A jar that comes back empty or broken changes nothing.
Cookies that the program does not hand back stay, and that is said: many programs drop those that
end with the browser. Only of curl and wget that were given the jar as above, and were not killed,
is it believed that they removed them. Any program removes one by an expiry in the past, such as 1.

The exit code is the program's: 128 and the number of the signal that ended it, 127 where there is
no such program, 126 where it cannot be run. Where it ended well and its cookies could not be kept:
23 or 26.

Examples:
  cruller session run me -- curl -L https://example.com/account
  cruller session run me -- wget -r https://example.com/docs/
  cruller session run me -- yt-dlp --cookies {jar} https://example.com/video
  cruller session run me -- sh -c 'grep -c sid \"$CRULLER_JAR\"'";

/// The arguments of `session`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Words {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the sessions: how many cookies they hold, for how many hosts, when they last changed
    Ls {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Show what a session holds, without any value
    Show {
        /// The session, by name or path
        #[arg(value_name = "NAME|PATH")]
        session: String,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Remove sessions, and nothing in their folders that is not theirs
    Rm {
        /// The sessions, by name or path
        #[arg(value_name = "NAME|PATH", required = true)]
        sessions: Vec<String>,
    },
    /// Give a session another name, where there is none of that name
    Rename {
        /// The session, by name or path
        #[arg(value_name = "OLD")]
        from: String,
        /// Its new name or path
        #[arg(value_name = "NEW")]
        to: String,
    },
    /// Copy a session, its recording included, where there is none of that name
    Copy {
        /// The session, by name or path
        from: String,
        /// The copy's name or path
        to: String,
    },
    /// Run another program with the session's cookies, and keep what it gets
    #[command(after_help = LENT)]
    Run {
        /// The session, by name or path; made where there is none
        #[arg(value_name = "NAME|PATH")]
        session: String,
        /// The program and its arguments
        #[arg(value_name = "PROGRAM", required = true, trailing_var_arg = true)]
        #[arg(allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Drop the cookies that last as long as the browser runs, and keep the others
    NewBrowser {
        /// The session, by name or path
        #[arg(value_name = "NAME|PATH")]
        session: String,
    },
}

/// Runs `session`; the exit code.
pub(super) fn run(words: &Words) -> u8 {
    match act(&words.action, &Env::read()) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.code
        }
    }
}

fn act(action: &Action, env: &Env) -> Result<u8, Failure> {
    let dir = |name: &str| plan::session_dir(name, env);
    match action {
        Action::Ls { json } => look::list(env, *json),
        Action::Show { session, json } => look::show(session, &dir(session)?, *json),
        Action::Rm { sessions } => Ok(remove(sessions, env)),
        Action::Rename { from, to } => {
            sessions::rename(&dir(from)?, &dir(to)?).map_err(|error| failed(&error))?;
            note(&format!("{from} is now {to}"));
            Ok(0)
        }
        Action::Copy { from, to } => {
            signals::outlive_size_limit();
            let cookies = sessions::copy(&dir(from)?, &dir(to)?, clock::wall())
                .map_err(|error| failed(&error))?;
            note(&format!("{to} is a copy of {from}: {}", counted(cookies, "cookie")));
            Ok(0)
        }
        Action::Run { session, command } => {
            let (program, arguments) =
                command.split_first().ok_or_else(|| Failure::usage("run what?"))?;
            lend::run(&dir(session)?, program, arguments)
        }
        Action::NewBrowser { session } => new_browser(session, &dir(session)?),
    }
}

/// Each is tried, also behind one that fails; the exit code is that of the first failure.
fn remove(names: &[String], env: &Env) -> u8 {
    let mut code = 0;
    for name in names {
        let removed = plan::session_dir(name, env)
            .and_then(|dir| sessions::remove(&dir, clock::wall()).map_err(|error| failed(&error)));
        match removed {
            Ok(removed) => note(&format!("{name}: {}", what_went(&removed))),
            Err(failure) => {
                failure.print();
                code = if code == 0 { failure.code } else { code };
            }
        }
    }
    code
}

fn what_went(removed: &sessions::Removed) -> String {
    let mut what = removed.cookies.map_or("what it held".to_owned(), |n| counted(n, "cookie"));
    if let Some(bytes) = removed.recording {
        what.push_str(&format!(" and a recording of {}", look::size(bytes)));
    }
    what.push_str(" removed");
    if removed.stays {
        what.push_str("; its folder stays, there is something else in it");
    }
    what
}

fn new_browser(name: &str, dir: &Path) -> Result<u8, Failure> {
    let (mut jars, mut jar) = open(dir)?;
    if jars.missing() {
        return Err(failed(&disk::Error::NoSession { dir: dir.to_owned() }));
    }
    let dropped = jar.drop_session_cookies(clock::wall());
    let kept = jar.len();
    jars.save(&mut jar)?;
    note(&format!("{name}: {} dropped, {kept} kept", counted(dropped, "session cookie")));
    Ok(0)
}

/// A session that is going to be saved, and its cookies.
fn open(dir: &Path) -> Result<(Jars, Jar), Failure> {
    let session = Some(dir.to_owned());
    let plan = CookiePlan { engine: true, session, ..CookiePlan::default() };
    let mut jar = None;
    let jars = Jars::open(&plan, &mut jar, None, false)?;
    Ok((jars, jar.unwrap_or_default()))
}

/// What a session is that is not there or cannot be read, is exit 26; what cannot be done, 23.
fn failed(error: &disk::Error) -> Failure {
    use disk::Error::{NoSession, NotASession, Schema, Session};
    let code = match error {
        NoSession { .. } | NotASession { .. } | Session { .. } | Schema { .. } => code::READ,
        disk::Error::Io { doing: disk::Doing::Reading, .. } => code::READ,
        _ => code::WRITE,
    };
    Failure::new(code, error.to_string())
}

/// Says what was done.
fn note(text: &str) {
    print::error(&format!("{}\n", print::escaped(text)));
}

/// `1 cookie`, `2 cookies`.
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Prints; a closed pipe is no failure.
fn shown(text: &str) -> Result<(), Failure> {
    match print::text(text) {
        Err(error) if print::quietly(&error) != 0 => {
            let why = format!("cannot write to standard output: {}", system_words(&error));
            Err(Failure::new(code::WRITE, why))
        }
        _ => Ok(()),
    }
}
