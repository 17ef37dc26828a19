//! Sessions and Netscape jars under many processes, sudden deaths and full disks: what was there
//! is there, and what came is there too.

use crate::support::PATIENCE;
use crate::support::client::{Home, Running};
use crate::support::site::{Site, path_of, setting};
use cruller::base::Wall;
use cruller::cookie::{Jar, Limits};
use cruller::disk::{JarFile, SessionFile};
use libtest_mimic::Trial;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;
use url::Url;

pub fn tests() -> Vec<Trial> {
    trials![
        twenty_processes_with_one_session_ten_times,
        twenty_processes_with_one_jar_ten_times,
        a_session_survives_a_hundred_sudden_deaths,
        a_jar_survives_a_hundred_sudden_deaths,
        a_session_that_does_not_fit_on_the_disk_stays_as_it_was,
        a_jar_that_does_not_fit_on_the_disk_stays_as_it_was,
        a_logout_reaches_the_jar_that_the_login_was_saved_to,
        a_second_jar_gets_the_cookies_of_the_whole_run,
        a_file_of_something_else_is_refused_before_any_request,
    ]
}

/// Where cookies are kept.
#[derive(Clone, Copy)]
enum Store {
    Session,
    Netscape,
}

impl Store {
    /// The options that keep cookies here.
    fn options(self) -> &'static [&'static str] {
        match self {
            Store::Session => &["--session", "me"],
            Store::Netscape => &["-b", "jar", "-c", "jar"],
        }
    }

    fn file(self, home: &Home) -> PathBuf {
        match self {
            Store::Session => home.config().join("sessions/me/session.json"),
            Store::Netscape => home.file("jar"),
        }
    }

    /// `fetch` with its options and this URL.
    fn fetch(self, home: &Home, url: &str) -> Command {
        let words = ["fetch", "-m", "15"].iter().chain(self.options()).copied().chain([url]);
        home.command(words)
    }

    /// Reads the file as the client does, and insists that nothing in it is broken.
    fn load(self, home: &Home) -> Jar {
        let mut jar = Jar::with_limits(Limits::NONE);
        let path = self.file(home);
        let loaded = match self {
            Store::Session => SessionFile::open(path.parent().unwrap(), &mut jar, NOW).unwrap().1,
            Store::Netscape => JarFile::open(&path, &mut jar, None, NOW).unwrap().1,
        };
        assert_eq!((loaded.skipped, loaded.expired, loaded.missing), (0, 0, 0));
        jar
    }

    /// Fills the file with [`COUNT`] cookies of almost 4 KB: writing it takes a while.
    fn fill(self, home: &Home) {
        let mut jar = Jar::with_limits(Limits::NONE);
        for i in 0..COUNT {
            let url = Url::parse(&format!("http://h{i}.example/")).unwrap();
            jar.store(format!("n{i}={}", "v".repeat(4000)).as_bytes(), &url, NOW);
        }
        let path = self.file(home);
        match self {
            Store::Session => {
                let mut none = Jar::new();
                let mut file = SessionFile::open(path.parent().unwrap(), &mut none, NOW).unwrap().0;
                file.save(&mut jar, NOW).unwrap();
            }
            Store::Netscape => drop(JarFile::create(&path).save(&mut jar, NOW).unwrap()),
        }
    }
}

const NOW: Wall = Wall(1_750_000_000_000);
const COUNT: usize = 400;

fn twenty_processes_with_one_session_ten_times() {
    at_once(Store::Session);
}

fn twenty_processes_with_one_jar_ten_times() {
    at_once(Store::Netscape);
}

/// Each of twenty processes is given a cookie, all in the same moment and all after all have read
/// the file; then one file holds them all.
fn at_once(store: Store) {
    let names: Vec<String> = (10..30).map(|i| format!("n{i}")).collect();
    for round in 0..10 {
        let home = Home::new();
        let mut waiting = Vec::new();
        let site = Site::start(move |head, stream| {
            waiting.push((path_of(head), stream));
            if waiting.len() == 20 {
                for (path, mut stream) in waiting.drain(..) {
                    let line = format!("{}=1", path.trim_start_matches('/'));
                    stream.write_all(&setting([line.as_bytes()])).unwrap();
                }
            }
        });
        let start = |name: &String| {
            Running::to(store.fetch(&home, &site.url(&format!("/{name}"))), Stdio::piped())
        };
        let all: Vec<Running> = names.iter().map(start).collect();
        all.into_iter().for_each(|one| drop(one.finish().ok()));
        let jar = store.load(&home);
        let mut kept: Vec<_> =
            jar.iter().map(|c| String::from_utf8_lossy(&c.key.name).into_owned()).collect();
        kept.sort_unstable();
        assert_eq!(kept, names, "round {round}");
    }
}

fn a_session_survives_a_hundred_sudden_deaths() {
    deaths(Store::Session);
}

fn a_jar_survives_a_hundred_sudden_deaths() {
    deaths(Store::Netscape);
}

/// The moment from which a process may live on for a little while.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// It has been given a cookie.
    Answered,
    /// Its new file stands beside the old one.
    Beside,
    /// Its new file has taken the place of the old one.
    Replaced,
}

/// Kills a hundred processes while they save. After each the file is the old one byte for byte, or
/// holds the new cookie; it always reads, and no lock is left behind.
fn deaths(store: Store) {
    const ROUNDS: u64 = 100;
    let home = Home::new();
    store.fill(&home);
    let file = store.file(&home);
    let (sender, answered) = channel();
    let site = Site::start(move |head, mut stream| {
        let line = format!("{}=1; Path=/", path_of(head).trim_start_matches('/'));
        let _ = stream.write_all(&setting([line.as_bytes()]));
        let _ = sender.send(());
    });
    let mut dice = 0x9E37_79B9_7F4A_7C15;
    let mut before = std::fs::read(&file).unwrap();
    let (mut held, mut caught, mut kept) = (COUNT, 0, 0);
    for round in 0..ROUNDS {
        let moment = match round % 8 {
            0 | 1 => Moment::Answered,
            2 => Moment::Replaced,
            _ => Moment::Beside,
        };
        let command = store.fetch(&home, &site.url(&format!("/k{round}")));
        let beside = kill_at(command, moment, &file, &answered, &mut dice);
        caught += u64::from(beside.exists());
        let after = std::fs::read(&file).unwrap();
        if after == before {
            assert!(moment != Moment::Replaced, "round {round}: the file was replaced");
            continue;
        }
        assert!(!beside.exists(), "round {round}: both the old and the new file are there");
        let jar = store.load(&home);
        held += 1;
        assert_eq!(jar.len(), held, "round {round}");
        let name = format!("k{round}");
        assert!(jar.iter().any(|c| *c.key.name == *name.as_bytes()), "round {round}");
        (before, kept) = (after, kept + 1);
    }
    // A new file left beside the old one is the proof of a death while saving.
    assert!(caught >= ROUNDS / 4, "only {caught} of {ROUNDS} died while saving");
    assert!(kept >= ROUNDS / 8, "only {kept} of {ROUNDS} died after saving");
    Running::to(store.fetch(&home, &site.url("/last")), Stdio::piped()).finish().ok();
    assert_eq!(store.load(&home).len(), held + 1);
    assert_eq!(leftovers(&file), Vec::<String>::new());
}

/// Starts a process and kills it some moments after `moment`; where its new file would stand.
fn kill_at(
    mut command: Command,
    moment: Moment,
    file: &Path,
    answered: &Receiver<()>,
    dice: &mut u64,
) -> PathBuf {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let name = file.file_name().unwrap().to_string_lossy();
    let beside = file.with_file_name(format!(".{name}.{}-0.tmp", child.id()));
    let deadline = Instant::now() + PATIENCE;
    let mut until = |there: bool| {
        // Whoever has ended will not change anything any more.
        while beside.exists() != there && child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "neither saving nor ending");
        }
    };
    answered.recv_timeout(PATIENCE).unwrap();
    if moment != Moment::Answered {
        until(true);
    }
    if moment == Moment::Replaced {
        until(false);
    }
    // From nothing to milliseconds, every length as likely as its double.
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    let most = if moment == Moment::Answered { 22 } else { 19 };
    let spins = (*dice >> 8) & ((1 << (*dice % most)) - 1);
    (0..spins).for_each(|_| std::hint::spin_loop());
    child.kill().unwrap();
    child.wait().unwrap();
    beside
}

/// New files that nobody will ever put in their place.
fn leftovers(file: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".tmp")).collect()
}

fn a_session_that_does_not_fit_on_the_disk_stays_as_it_was() {
    no_room(Store::Session);
}

fn a_jar_that_does_not_fit_on_the_disk_stays_as_it_was() {
    no_room(Store::Netscape);
}

/// The file may not grow beyond a megabyte: a write fails, or the process dies in the middle of it.
fn no_room(store: Store) {
    let home = Home::new();
    store.fill(&home);
    let file = store.file(&home);
    let before = std::fs::read(&file).unwrap();
    let site = Site::start(|_, mut stream| {
        let _ = stream.write_all(&setting([&b"late=1"[..]]));
    });
    let fetch = || store.fetch(&home, &site.url("/"));
    // With the signal for it switched off, and with it on.
    for limits in ["ulimit -f 2048; trap '' XFSZ", "ulimit -c 0; ulimit -f 2048"] {
        let ran = Running::to(limited(limits, &fetch()), Stdio::piped()).finish();
        let ran = ran.failed_saying(23, &file.display().to_string());
        assert!(ran.stdout.is_empty(), "{ran}");
        assert!(std::fs::read(&file).unwrap() == before, "a failed write changed the file");
        assert_eq!(leftovers(&file), Vec::<String>::new());
    }

    // With room again, all is as if nothing had been.
    Running::to(fetch(), Stdio::piped()).finish().ok();
    assert_eq!(store.load(&home).len(), COUNT + 1);
    assert_eq!(leftovers(&file), Vec::<String>::new());
}

/// The same command behind a shell that sets its limits.
fn limited(limits: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits}; exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

/// Answers `/login` and `/logout`, and every other path with a cookie of its name.
fn logins() -> Site {
    Site::start(|head, mut stream| {
        let path = path_of(head);
        let line = match &*path {
            "/login" => "sid=1; Max-Age=600; SameSite=Lax; Path=/".to_owned(),
            "/logout" => "sid=; Max-Age=0; Path=/".to_owned(),
            other => format!("{}=1; Path=/", other.trim_start_matches('/')),
        };
        let _ = stream.write_all(&setting([line.as_bytes()]));
    })
}

fn a_logout_reaches_the_jar_that_the_login_was_saved_to() {
    let (home, site) = (Home::new(), logins());
    let (login, logout) = (site.url("/login"), site.url("/logout"));
    home.run(["fetch", "-c", "jar", &login]).ok();
    assert_eq!(Store::Netscape.load(&home).len(), 1);
    home.run(["fetch", "-c", "jar", &login, "--next", "-c", "jar", &logout]).ok();
    assert_eq!(Store::Netscape.load(&home).len(), 0);
}

fn a_second_jar_gets_the_cookies_of_the_whole_run() {
    let (home, site) = (Home::new(), logins());
    home.run(["fetch", "-c", "one", &site.url("/a"), "--next", "-c", "jar", &site.url("/b")]).ok();
    assert_eq!(Store::Netscape.load(&home).len(), 2);
}

fn a_file_of_something_else_is_refused_before_any_request() {
    let (home, site) = (Home::new(), Site::start(|_, _| panic!("nothing is asked for")));
    for content in ["buy milk\n", "# a comment\n", "Set-Cookie: a=b; Domain=a.example\n"] {
        let path = home.write("jar", content);
        let ran = home.run(["fetch", "-c", "jar", &site.url("/")]);
        assert!(ran.code != 0 && ran.stderr.contains("no Netscape jar"), "{ran}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}
