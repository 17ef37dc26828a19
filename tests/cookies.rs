//! Plays each case of `fixtures/cookies/` to the binary, over real sockets.

use crate::support::client::{Home, Ran, other_client};
use crate::support::cookie_case::{self, Asking, Case, Keep};
use crate::support::shown;
use crate::support::site::{Site, fields_of, setting};
use crate::support::tls::{Flavour, Front, Leaf};
use libtest_mimic::{Completion, Failed, Trial};
use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};

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

/// A server that gives the answers of a case, one after the other, and tells the `Cookie` lines of
/// each request.
fn scripted(case: &Case) -> (Site, Receiver<Vec<Vec<u8>>>) {
    let lines = |asking: &Asking| setting(asking.answer.iter().map(|(line, _)| &line[..]));
    let mut answers = case.requests.iter().map(lines).collect::<Vec<_>>().into_iter();
    let (sender, asked) = channel();
    let site = Site::start(move |head, mut stream| {
        let _ = sender.send(fields_of(head, "Cookie"));
        let _ = stream.write_all(&answers.next().unwrap_or_default());
    });
    (site, asked)
}

/// Makes the requests of a case, and compares what was sent and said.
fn play(case: &Case) -> Result<(), String> {
    let home = Home::new();
    let (site, asked) = scripted(case);
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
    drop(site);
    let asked: Vec<Vec<Vec<u8>>> = asked.iter().collect();
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

/// One certificate for the run: nobody checks it here.
fn leaf() -> &'static Leaf {
    static LEAF: OnceLock<Leaf> = OnceLock::new();
    LEAF.get_or_init(|| Leaf::self_signed(&["a.example"], Flavour::Plain))
}
