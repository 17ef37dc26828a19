//! `cruller demo`: the tour.
//!
//! Starts the practice site, runs the commands a person would type (this same
//! program, a process each), shows their real output, and checks that each did
//! what the tour says it does.

use super::exit::{Failure, code};
use super::print;
use crate::practice::Site;
use std::fs::DirBuilder;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// One stop of the tour. `URL` in the words is the practice site, `HOST` its address and port.
struct Stop {
    says: &'static str,
    words: &'static [&'static str],
    exit: i32,
    /// What the output must hold, standard output or standard error.
    shows: &'static [&'static str],
}

const TOUR: &[Stop] = &[
    Stop {
        says: "Fetch a page. This one shows what the server received.",
        words: &["fetch", "URL/headers"],
        exit: 0,
        shows: &["GET /headers HTTP/1.1", "User-Agent: cruller/"],
    },
    Stop {
        says: "Look at the status and the header fields only.",
        words: &["fetch", "-I", "URL/"],
        exit: 0,
        shows: &["HTTP/1.1 200 OK", "Content-Type: text/html"],
    },
    Stop {
        says: "One floor down: the bytes themselves, over a socket that knows no HTTP.",
        words: &["socket", "connect", "tcp://HOST", "--send", "GET /ip HTTP/1.0\\r\\n\\r\\n"],
        exit: 0,
        shows: &["HTTP/1.1 200 OK", "127.0.0.1"],
    },
    Stop {
        says: "For scripts: a status from 400 up is a failure, and has an exit code.",
        words: &["fetch", "-f", "URL/status/418"],
        exit: 22,
        shows: &["(22) The requested URL returned error: 418"],
    },
    Stop {
        says: "Follow redirects, and see every step.",
        words: &["fetch", "-sIL", "URL/redirect/chain/2"],
        exit: 0,
        shows: &["302 Found", "HTTP/1.1 200 OK"],
    },
    Stop {
        says: "Compressed on the wire, plain on the screen.",
        words: &["fetch", "-s", "--compressed", "URL/gzip"],
        exit: 0,
        shows: &["The harbour at six"],
    },
    Stop {
        says: "An answer that was cut off is never passed off as whole.",
        words: &["fetch", "-s", "-S", "-o", "page.txt", "URL/cut"],
        exit: 18,
        shows: &["(18) transfer closed with"],
    },
    Stop {
        says: "Some pages are for the logged-in. Strangers are sent to the login form.",
        words: &["fetch", "-sI", "URL/account"],
        exit: 0,
        shows: &["303 See Other", "Location: /login?next=/account"],
    },
    Stop {
        says: "Log in, and keep the cookies in a session called me.",
        words: &["fetch", "-i", "--session", "me", "-d", "user=ada&password=lovelace", "URL/login"],
        exit: 0,
        shows: &["303 See Other", "Set-Cookie: sid=", "Max-Age="],
    },
    Stop {
        says: "The jar. Values are as good as passwords, and are not shown unless you ask.",
        words: &["cookies", "ls", "--session", "me"],
        exit: 0,
        shows: &["sid", "visitor", "session"],
    },
    Stop {
        says: "Another process, later: the same visitor.",
        words: &["fetch", "-s", "--session", "me", "URL/account"],
        exit: 0,
        shows: &["Welcome back, ada"],
    },
    Stop {
        says: "Why is a cookie sent, and why not?",
        words: &["cookies", "explain", "--session", "me", "https://example.com/"],
        exit: 0,
        shows: &["sid (127.0.0.1/): not sent"],
    },
    Stop {
        says: "Not every cookie is taken. -v says which are refused, and why.",
        words: &["fetch", "-sv", "-o", "page.html", "-b", "", "URL/cookies/refused"],
        exit: 0,
        shows: &["refused because"],
    },
    Stop {
        says: "What happened, and why: hops, fields, cookies, caching, defects; here, parts of it.",
        words: &["inspect", "--only", "status,caching,signs,defects", "URL/account"],
        exit: 0,
        shows: &["303 See Other", "not stored: no-store", "login wall"],
    },
    Stop {
        says: "The jar that curl and browsers' exporters read works too, there…",
        words: &["fetch", "-s", "-o", "page.html", "-c", "jar.txt", "URL/cookies/set?tea=oolong"],
        exit: 0,
        shows: &[],
    },
    Stop {
        says: "…and back.",
        words: &["fetch", "-s", "-b", "jar.txt", "URL/cookies"],
        exit: 0,
        shows: &["tea=oolong"],
    },
];

/// Takes the tour; the exit code.
pub(super) fn run() -> u8 {
    match tour() {
        Ok(()) => 0,
        Err(Stopped::Failed(failure)) => {
            failure.print();
            failure.code
        }
        Err(Stopped::NobodyListens) => 0,
    }
}

/// Why the tour ended early.
enum Stopped {
    Failed(Failure),
    /// Standard output was closed: a pipe into `head` is no failure.
    NobodyListens,
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Failed(Failure::new(code::READ, format!("the tour cannot go on: {error}")))
    }
}

fn tour() -> Result<(), Stopped> {
    let site = Site::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?.spawn()?;
    let host = site.addr().to_string();
    let url = format!("http://{host}");
    let home = Folder::new()?;
    say(&format!("The practice site listens on {url}/ for as long as this tour takes.\n"))?;
    for (at, stop) in TOUR.iter().enumerate() {
        let filled = |word: &&str| word.replace("URL", &url).replace("HOST", &host);
        let words: Vec<String> = stop.words.iter().map(filled).collect();
        say(&format!("\n{}. {}\n\n$ {}\n", at + 1, stop.says, typed(&words)))?;
        let output = carry_out(&words, &home.0)?;
        say(&shown(&output))?;
        check(stop, &output).map_err(|why| {
            let failure =
                Failure::new(code::TOUR_FAILED, format!("stop {} of the tour: {why}", at + 1));
            Stopped::Failed(failure)
        })?;
    }
    let stops = TOUR.len();
    say(&format!("\nAll {stops} stops did what they say. `cruller serve` runs the site for you.\n"))
}

fn say(text: &str) -> Result<(), Stopped> {
    print::text(text).map_err(|_| Stopped::NobodyListens)
}

/// The words as a person would type them.
fn typed(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:,@%+$".contains(c);
    let quoted = words.iter().map(|word| {
        let bare = !word.is_empty() && word.chars().all(plain);
        if bare { word.clone() } else { format!("'{word}'") }
    });
    std::iter::once("cruller".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

fn carry_out(words: &[String], home: &Path) -> io::Result<Output> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(words);
    command.current_dir(home).env("CRULLER_HOME", home).env_remove("CRULLER_SESSION");
    // The site is on this machine: no proxy has a part in it.
    command.env("no_proxy", "*");
    command.stdin(Stdio::null()).output()
}

/// Both streams, and the exit code where it is not 0.
fn shown(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("[exit {code}]\n")),
        None => text.push_str("[killed]\n"),
    }
    text
}

fn check(stop: &Stop, output: &Output) -> Result<(), String> {
    if output.status.code() != Some(stop.exit) {
        return Err(format!("exit {} was expected", stop.exit));
    }
    let text = shown(output);
    match stop.shows.iter().find(|wanted| !text.contains(**wanted)) {
        Some(missing) => Err(format!("\"{missing}\" was expected in the output")),
        None => Ok(()),
    }
}

/// A folder of the tour's own, gone when it is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Folder> {
        let name = format!("cruller-demo-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
