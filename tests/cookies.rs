//! Plays each case of `fixtures/cookies/` to the binary, over real sockets.

use crate::support::client::{Home, Ran, other_client};
use crate::support::cookie_case::{self, Asking, Case, Keep};
use crate::support::tls::{Flavour, Front, Leaf};
use crate::support::{PATIENCE, shown};
use libtest_mimic::{Completion, Failed, Trial};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// As many cases as there must be at least.
const ENOUGH: usize = 250;

pub fn tests() -> Vec<Trial> {
    let cases = cookie_case::all().into_iter().map(|(name, case)| {
        Trial::ignorable_test(format!("cookies::{name}"), move || outcome(&case?))
    });
    let own =
        trials![there_are_enough_cases, titles_are_told_apart, a_wrong_expectation_is_reported];
    own.into_iter().chain(cases).collect()
}

fn there_are_enough_cases() {
    let all = cookie_case::all();
    assert!(all.len() >= ENOUGH, "{} cases are fewer than {ENOUGH}", all.len());
}

fn titles_are_told_apart() {
    let mut names: Vec<String> = cookie_case::all().into_iter().map(|(name, _)| name).collect();
    names.sort();
    let twice: Vec<_> = names.windows(2).filter(|two| two[0] == two[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

fn a_wrong_expectation_is_reported() {
    let said = |text: &str| {
        let case = cookie_case::parse(text).remove(0).unwrap();
        play(&case).err().unwrap_or_default()
    };
    assert_eq!(said("# a\n# b\n< a=1\n* stored\n> a=1\n"), "");
    let cases = [
        ("# a\n# b\n< a=1\n> a=2\n", "sent [a=1] instead of [a=2]"),
        ("# a\n# b\n< a=1\n>\n", "sent [a=1] instead of []"),
        ("# a\n# b\n< a=1; Max-Age=0\n> a=1\n", "sent [] instead of [a=1]"),
        ("# a\n# b\nkeep jar\n< a=1; Max-Age=0\n> a=1\n", "sent [] instead of [a=1]"),
        ("# a\n# b\nkeep session\n< a=1\n>\n", "sent [a=1] instead of []"),
        ("# a\n# b\nGET https://a.example/\n< a=1\n>\n", "sent [a=1] instead of []"),
        ("# a\n# b\n< a=1\n* refused …\n> a=1\n", "stored, and not"),
        ("# a\n# b\n< a=\\x01\n* refused … step 2)\n>\n", "step 1), and not"),
    ];
    for (text, fragment) in cases {
        let why = said(text);
        assert!(why.contains(fragment), "{text}: {fragment:?} is not in {why:?}");
    }
}

fn outcome(case: &Case) -> Result<Completion, Failed> {
    if other_client().is_some() {
        return Ok(Completion::ignored_with("its verdicts are ours"));
    }
    play(case)
        .map(|()| Completion::Completed)
        .map_err(|why| format!("{}\n{why}", case.source).into())
}

/// Makes the requests of a case, and compares what was sent and said.
fn play(case: &Case) -> Result<(), String> {
    let home = Home::new();
    let site = Site::start(case.requests.iter().map(head).collect());
    let secure = case.requests.iter().any(|asking| asking.url.starts_with("https:"));
    let front = secure.then(|| Front::start(leaf(), site.address));
    let mut said = Vec::new();
    let before_last = case.requests.len() - 1;
    let parts = match case.keep {
        Keep::Memory => vec![&case.requests[..]],
        Keep::Session | Keep::Jar => {
            vec![&case.requests[..before_last], &case.requests[before_last..]]
        }
    };
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let mut words: Vec<String> = ["fetch", "-v"].map(str::to_owned).into();
        words.extend(
            match case.keep {
                Keep::Memory => &["-b", ""][..],
                Keep::Session => &["--session", "me"],
                Keep::Jar => &["-b", "jar", "-c", "jar"],
            }
            .iter()
            .map(|word| (*word).to_owned()),
        );
        if let Some(front) = &front {
            let rule = format!(":443:127.0.0.1:{}", front.address.port());
            words.extend(["-k".to_owned(), "--connect-to".to_owned(), rule]);
        }
        words.extend(["--connect-to".to_owned(), format!("::127.0.0.1:{}", site.address.port())]);
        words.extend(part.iter().map(|asking| asking.url.clone()));
        let ran = home.run(words);
        if ran.code != 0 {
            return Err(ran.to_string());
        }
        said.extend(verdicts(&ran));
    }
    let asked = site.finish();
    if asked.len() != case.requests.len() {
        return Err(format!("{} requests instead of {}", asked.len(), case.requests.len()));
    }
    for (number, (asking, cookies)) in (1..).zip(case.requests.iter().zip(asked)) {
        let list = |lines: &[Vec<u8>]| lines.iter().map(|l| shown(l)).collect::<Vec<_>>().join("|");
        if asking.cookie.as_ref().is_some_and(|wanted| *wanted != cookies) {
            let wanted = list(asking.cookie.as_deref().unwrap_or_default());
            let got = list(&cookies);
            return Err(format!("request {number}: sent [{got}] instead of [{wanted}]"));
        }
    }
    let lines: Vec<_> = case.requests.iter().flat_map(|asking| &asking.answer).collect();
    if lines.len() != said.len() {
        return Err(format!("{} verdicts on {} lines: {said:?}", said.len(), lines.len()));
    }
    for ((line, wanted), verdict) in lines.into_iter().zip(said) {
        if wanted.as_ref().is_some_and(|wanted| !fits(&verdict, wanted)) {
            let wanted = wanted.as_deref().unwrap_or_default();
            return Err(format!("{}: {verdict}, and not: {wanted}", shown(line)));
        }
    }
    Ok(())
}

/// What `-v` says of each `Set-Cookie` line, without the cookie's name.
fn verdicts(ran: &Ran) -> Vec<String> {
    let notes = ran.stderr.lines().filter_map(|line| line.strip_prefix("* "));
    let notes = notes.filter(|n| n.starts_with("cookie ") || n.starts_with("nameless cookie: "));
    // A name may hold a colon; a verdict holds none.
    notes.filter_map(|note| note.rsplit_once(": ")).map(|(_, verdict)| verdict.into()).collect()
}

/// Whether a verdict is the one that is wanted; `…` stands for anything.
fn fits(verdict: &str, wanted: &str) -> bool {
    match wanted.split_once('…') {
        Some((start, end)) => {
            verdict.len() >= start.len() + end.len()
                && verdict.starts_with(start)
                && verdict.ends_with(end)
        }
        None => verdict == wanted,
    }
}

/// The head of an answer, which is all of it.
fn head(asking: &Asking) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n".to_vec();
    for (line, _) in &asking.answer {
        head.extend_from_slice(b"Set-Cookie: ");
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// One certificate for the run: nobody checks it here.
fn leaf() -> &'static Leaf {
    static LEAF: OnceLock<Leaf> = OnceLock::new();
    LEAF.get_or_init(|| Leaf::self_signed(&["a.example"], Flavour::Plain))
}

/// Gives its answers one after the other, whoever asks for what.
struct Site {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: JoinHandle<std::io::Result<Vec<Vec<Vec<u8>>>>>,
}

impl Site {
    fn start(answers: Vec<Vec<u8>>) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let mut asked = Vec::new();
            let mut answers = answers.into_iter();
            loop {
                let (mut stream, _) = listener.accept()?;
                if done.load(Ordering::Acquire) {
                    return Ok(asked);
                }
                stream.set_read_timeout(Some(PATIENCE))?;
                asked.push(cookies_of(&request(&mut stream)?));
                stream.write_all(&answers.next().unwrap_or_default())?;
            }
        });
        Site { address, over, thread }
    }

    /// The `Cookie` lines of each request there was.
    fn finish(self) -> Vec<Vec<Vec<u8>>> {
        self.over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
        self.thread.join().unwrap().unwrap()
    }
}

/// A head, with its empty line.
fn request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => break,
            n => head.extend_from_slice(&piece[..n]),
        }
    }
    Ok(head)
}

fn cookies_of(head: &[u8]) -> Vec<Vec<u8>> {
    let lines = head.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let name = b"cookie: ";
    lines
        .filter(|line| line.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)))
        .map(|line| line[name.len()..].to_vec())
        .collect()
}
