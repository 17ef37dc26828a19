//! Reads the cases under `fixtures/cookies/`; their notation is in the README there.

use super::in_package;
use super::text::unescape;
use libtest_mimic::Trial;

/// Where a case begins that does not say.
const DEFAULT_URL: &str = "http://a.example/";

/// Requests in their order, what each must send, what each is answered.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What it shows.
    pub title: String,
    /// Where that is written.
    pub source: String,
    /// Where the cookies stay before the last request.
    pub keep: Keep,
    /// The requests.
    pub requests: Vec<Asking>,
}

/// What lies between the last request and those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: one process makes them all.
    #[default]
    Memory,
    /// A session, which a second process opens.
    Session,
    /// A Netscape jar, which a second process reads.
    Jar,
}

/// One request and its answer.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// The URL.
    pub url: String,
    /// The `Cookie` lines that must come; `None` where any will do.
    pub cookie: Option<Vec<Vec<u8>>>,
    /// The `Set-Cookie` lines of the answer, and what must become of each.
    pub answer: Vec<(Vec<u8>, Option<String>)>,
}

/// Every case of every file, named after its file; a file that cannot be read is one error.
pub fn all() -> Vec<(String, Result<Case, String>)> {
    let folder = in_package("fixtures/cookies");
    let entries = std::fs::read_dir(folder).expect("fixtures/cookies");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let file = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        for case in parse(&text) {
            let title = case.as_ref().map_or("cannot be read", |case| case.title.as_str());
            cases.push((format!("{file}: {title}"), case));
        }
    }
    cases
}

/// The cases of one file: blocks of lines with empty lines between them.
pub fn parse(text: &str) -> Vec<Result<Case, String>> {
    let mut cases = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut start = 1;
    for (number, line) in (1..).zip(text.lines().chain([""])) {
        if line.starts_with("##") {
            continue;
        }
        if !line.is_empty() {
            if block.is_empty() {
                start = number;
            }
            block.push(line);
        } else if !block.is_empty() {
            cases.push(read(&block).map_err(|why| format!("the case at line {start}: {why}")));
            block.clear();
        }
    }
    cases
}

fn read(lines: &[&str]) -> Result<Case, String> {
    let mut case = Case::default();
    let mut comments = 0;
    for line in lines {
        if let Some(comment) = line.strip_prefix("# ") {
            comments += 1;
            match comments {
                1 => comment.clone_into(&mut case.title),
                2 => comment.clone_into(&mut case.source),
                _ => {}
            }
            continue;
        }
        if comments < 2 {
            return Err("it begins with what it shows and where that is written".to_owned());
        }
        read_line(&mut case, line)?;
    }
    match case.requests.last() {
        Some(last) if last.cookie.is_some() => Ok(case),
        _ => Err("its last request says what must be sent".to_owned()),
    }
}

fn read_line(case: &mut Case, line: &str) -> Result<(), String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let ask = |case: &mut Case, url: &str| {
        case.requests.push(Asking { url: url.to_owned(), ..Asking::default() });
    };
    match word {
        "GET" => {
            let url = String::from_utf8(expand(rest, None)?).map_err(|why| why.to_string())?;
            ask(case, &url);
        }
        "keep" => {
            case.keep = match rest {
                "session" => Keep::Session,
                "jar" => Keep::Jar,
                _ => return Err(format!("a session is kept, or a jar, not {rest:?}")),
            };
        }
        "*" => {
            let answer = case.requests.last_mut().map(|asking| &mut asking.answer);
            let (_, verdict) = answer.and_then(|a| a.last_mut()).ok_or("a verdict on nothing")?;
            *verdict = Some(rest.to_owned());
        }
        _ if word.starts_with(['<', '>']) => {
            let sends = word.starts_with('>');
            match case.requests.last() {
                None => ask(case, DEFAULT_URL),
                // What is sent behind an answer is sent by another request.
                Some(last) if sends && !last.answer.is_empty() => {
                    let url = last.url.clone();
                    ask(case, &url);
                }
                Some(_) => {}
            }
            let texts = texts(&word[1..], rest)?;
            let asking = case.requests.last_mut().ok_or("no request")?;
            if sends {
                let line = texts.join(&b"; "[..]);
                asking.cookie = Some(if line.is_empty() { vec![] } else { vec![line] });
            } else {
                asking.answer.extend(texts.into_iter().map(|text| (text, None)));
            }
        }
        _ => return Err(format!("{word:?} begins no line of a case")),
    }
    Ok(())
}

/// One text, or one for each number of `A-B*`.
fn texts(range: &str, text: &str) -> Result<Vec<Vec<u8>>, String> {
    if range.is_empty() {
        return Ok(vec![expand(text, None)?]);
    }
    let ends = range.strip_suffix('*').and_then(|range| range.split_once('-'));
    let ends = ends.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let (first, last): (u32, u32) = ends.ok_or_else(|| format!("{range:?} is no `A-B*`"))?;
    (first..=last).map(|n| expand(text, Some(n))).collect()
}

/// `{n}` is the number, `{4096*x}` so many x; then the escapes.
fn expand(text: &str, number: Option<u32>) -> Result<Vec<u8>, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after.split_once('}').ok_or("a { that is never closed")?;
        out += before;
        out += &match (inside.split_once('*'), number) {
            (Some((count, what)), _) => {
                what.repeat(count.parse().map_err(|_| format!("{count:?} is no number"))?)
            }
            (None, Some(n)) if inside == "n" => n.to_string(),
            _ => return Err(format!("{{{inside}}} stands for nothing here")),
        };
        rest = behind;
    }
    unescape(&(out + rest))
}

pub fn tests() -> Vec<Trial> {
    trials![a_case_is_read, a_case_that_makes_no_sense_is_refused]
}

fn a_case_is_read() {
    let text = "## Section\n\n# Shows.\n# Source.\nkeep jar\n< a=\\x01{3*v}\n* stored\n<1-2* c{n}=\n\
                > a\nGET https://b.example/\n>1-2* c{n}=\n\n# Two.\n# Source.\n>\n";
    let cases = parse(text);
    assert_eq!(cases.len(), 2);
    let case = cases[0].as_ref().unwrap();
    assert_eq!((case.title.as_str(), case.keep), ("Shows.", Keep::Jar));
    let urls: Vec<&str> = case.requests.iter().map(|asking| asking.url.as_str()).collect();
    assert_eq!(urls, [DEFAULT_URL, DEFAULT_URL, "https://b.example/"]);
    assert_eq!(case.requests[0].answer[0], (b"a=\x01vvv".to_vec(), Some("stored".to_owned())));
    assert_eq!(case.requests[0].answer[2].0, b"c2=");
    assert_eq!(case.requests[2].cookie, Some(vec![b"c1=; c2=".to_vec()]));
    assert_eq!(cases[1].as_ref().unwrap().requests[0].cookie, Some(vec![]));
}

fn a_case_that_makes_no_sense_is_refused() {
    let whole = "# a\n# b\n< a=b\n> a=b\n";
    assert!(parse(whole)[0].is_ok());
    for bad in ["# a\n< a=b\n> a=b\n", "# a\n# b\n", "# a\n# b\n< a=b\n"] {
        assert!(parse(bad)[0].is_err(), "{bad}");
    }
    for line in ["PUT /", "keep calm", "> {n}", "<3* x", "< {x", "< \\q"] {
        assert!(parse(&format!("{whole}{line}\n"))[0].is_err(), "{line}");
    }
    assert!(parse("# a\n# b\n* stored\n>\n")[0].is_err(), "a verdict on nothing");
}
