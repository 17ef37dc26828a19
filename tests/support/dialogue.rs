//! Reads the files of `fixtures/exchanges/` and `fixtures/found/`; the README.md of the first is
//! the grammar.

use super::in_package;
use super::text::{unescape, words};
use libtest_mimic::Trial;
use std::path::Path;

/// One file.
#[derive(Debug, Default)]
pub struct Dialogue {
    /// Files that lie in the working folder before.
    pub given: Vec<(String, Vec<u8>)>,
    /// What is run, without the program's name.
    pub command: Vec<String>,
    /// What happens on each connection, in the order they are accepted.
    pub connections: Vec<Connection>,
    /// All of standard output.
    pub stdout: Vec<u8>,
    /// The exit codes that are right.
    pub exit: Vec<i32>,
    /// What stderr must hold.
    pub stderr: Vec<String>,
    /// Stderr must be empty although the exit code is not 0.
    pub silent: bool,
    /// Files in the working folder afterwards; `None` must not exist.
    pub files: Vec<(String, Option<Vec<u8>>)>,
    /// Why curl 7.88 does it otherwise, where it does.
    pub differs: Option<String>,
}

/// One TCP connection of the peer's.
#[derive(Debug, Default)]
pub struct Connection {
    /// It comes in at the second address.
    pub other: bool,
    /// What happens, in order.
    pub acts: Vec<Act>,
}

/// One thing that happens on a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    /// The client must send this head.
    Head(ExpectedHead),
    /// The client must send exactly these bytes.
    Content(Vec<u8>),
    /// The client must send something; what it is and what follows makes no difference.
    Something,
    /// The peer sends these bytes.
    Send(Vec<u8>),
    /// The peer sends these bytes until the client has had enough.
    SendForever(Vec<u8>),
    /// The peer waits until the client has taken all that was sent from its socket.
    Pause,
    /// The peer ends its side.
    Close,
    /// The peer resets the connection.
    Reset,
    /// The client must close the connection.
    ClientCloses,
}

/// What is asked of a request head.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ExpectedHead {
    /// The request line, then field lines in this order.
    pub lines: Vec<Vec<u8>>,
    /// Nothing else may stand between them.
    pub whole: bool,
    /// Fields that must not be there.
    pub without: Vec<String>,
}

/// Every dialogue as `folder::name`, sorted; a file that cannot be read is an error of its own.
pub fn all() -> Vec<(String, Result<Dialogue, String>)> {
    ["exchanges", "found"].into_iter().flat_map(of_folder).collect()
}

fn of_folder(folder: &str) -> Vec<(String, Result<Dialogue, String>)> {
    let entries = std::fs::read_dir(in_package("fixtures").join(folder)).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    let name =
        |path: &Path| format!("{folder}::{}", path.file_stem().unwrap_or_default().display());
    paths.iter().map(|path| (name(path), load(path))).collect()
}

fn load(path: &Path) -> Result<Dialogue, String> {
    parse(&std::fs::read_to_string(path).map_err(|error| error.to_string())?)
}

/// Reads one dialogue.
pub fn parse(text: &str) -> Result<Dialogue, String> {
    let mut dialogue = Dialogue::default();
    let mut explained = 0;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            explained += 1;
            continue;
        }
        read_line(&mut dialogue, line).map_err(|why| format!("line {}: {why}", index + 1))?;
    }
    if explained < 2 {
        return Err("a dialogue begins with what it shows and where that is written".to_owned());
    }
    if dialogue.command.first().is_none_or(|first| first != "fetch") {
        return Err("there is no `$ fetch …` line".to_owned());
    }
    if dialogue.exit.is_empty() {
        return Err("there is no `exit` line".to_owned());
    }
    Ok(dialogue)
}

fn read_line(dialogue: &mut Dialogue, line: &str) -> Result<(), String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "" if rest.is_empty() => {}
        "$" if dialogue.command.is_empty() => dialogue.command = words(rest)?,
        "given" => dialogue.given.push(named(rest)?),
        "connection" => dialogue.connections.push(Connection {
            other: match rest {
                "" => false,
                "other" => true,
                _ => return Err(format!("`connection` or `connection other`, not {rest:?}")),
            },
            acts: Vec::new(),
        }),
        "exit" => {
            let codes = rest.split('|').map(str::parse).collect::<Result<_, _>>();
            dialogue.exit = codes.map_err(|error| format!("{rest:?}: {error}"))?;
        }
        "stderr" if rest.is_empty() => dialogue.silent = true,
        "stderr" => dialogue.stderr.push(rest.to_owned()),
        "file" => {
            let (name, content) = named(rest)?;
            dialogue.files.push((name, Some(content)));
        }
        "absent" => dialogue.files.push((rest.to_owned(), None)),
        "curl" => dialogue.differs = Some(rest.to_owned()),
        _ if word.starts_with('=') => dialogue.stdout.extend(text(&word[1..], rest)?.bytes()?),
        _ => {
            let connection = dialogue.connections.last_mut().ok_or("no connection yet")?;
            act(&mut connection.acts, word, rest)?;
        }
    }
    Ok(())
}

fn act(acts: &mut Vec<Act>, word: &str, rest: &str) -> Result<(), String> {
    match word {
        "..." => acts.push(Act::Pause),
        "close" => acts.push(Act::Close),
        "reset" => acts.push(Act::Reset),
        "client" if rest == "closes" => acts.push(Act::ClientCloses),
        ">*" => acts.push(Act::Something),
        ">|" => acts.push(Act::Content(unescape(rest)?)),
        ">" | ">!" => {
            let fresh = !matches!(acts.last(), Some(Act::Head(head)) if !head.whole);
            if fresh {
                acts.push(Act::Head(ExpectedHead::default()));
            }
            let Some(Act::Head(head)) = acts.last_mut() else { unreachable!("just pushed") };
            match (word, rest) {
                (">!", name) => head.without.push(name.to_owned()),
                (_, "") if fresh => return Err("a head begins with its request line".to_owned()),
                (_, "") => head.whole = true,
                (_, line) => head.lines.push(unescape(line)?),
            }
        }
        _ if word.starts_with('<') => match text(&word[1..], rest)? {
            Text::Forever(bytes) => acts.push(Act::SendForever(bytes)),
            Text::Once(bytes) => match acts.last_mut() {
                Some(Act::Send(sent)) => sent.extend(bytes),
                _ => acts.push(Act::Send(bytes)),
            },
        },
        _ => return Err(format!("{word:?} begins no line of a dialogue")),
    }
    Ok(())
}

enum Text {
    Once(Vec<u8>),
    Forever(Vec<u8>),
}

impl Text {
    fn bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Text::Once(bytes) => Ok(bytes),
            Text::Forever(_) => Err("only a peer can go on forever".to_owned()),
        }
    }
}

/// What stands behind `<` or `=`: `|` for no line end, `30*` for thirty times, `**` for ever.
fn text(marks: &str, rest: &str) -> Result<Text, String> {
    let (raw, count) = match marks.strip_prefix('|') {
        Some(count) => (true, count),
        None => (false, marks),
    };
    let mut bytes = unescape(rest)?;
    if !raw {
        bytes.extend_from_slice(b"\r\n");
    }
    match count.strip_suffix('*') {
        None if count.is_empty() => Ok(Text::Once(bytes)),
        Some("*") => Ok(Text::Forever(bytes)),
        Some(times) => {
            let times = times.parse().map_err(|_| format!("{marks:?}: how often?"))?;
            Ok(Text::Once(bytes.repeat(times)))
        }
        None => Err(format!("{marks:?} begins no line of a dialogue")),
    }
}

fn named(rest: &str) -> Result<(String, Vec<u8>), String> {
    let (name, content) = rest.split_once(' ').unwrap_or((rest, ""));
    Ok((name.to_owned(), unescape(content)?))
}

pub fn tests() -> Vec<Trial> {
    trials![a_dialogue_is_read, a_dialogue_that_makes_no_sense_is_refused]
}

fn a_dialogue_is_read() {
    let text = "# Shows.\n# Source.\n$ fetch {url}\nconnection other\n> GET / HTTP/1.1\n>! Cookie\n\
                > \n>| ab\n< HTTP/1.1 200 OK\n<|2* x\n...\n<** y\nclose\nexit 2|43\n= a\n=| b\nstderr c d\n\
                file f \\0\nabsent g\n";
    let dialogue = parse(text).unwrap();
    assert_eq!(dialogue.stdout, b"a\r\nb");
    assert_eq!(dialogue.exit, [2, 43]);
    assert_eq!(dialogue.files, [("f".to_owned(), Some(vec![0])), ("g".to_owned(), None)]);
    assert!(dialogue.connections[0].other);
    let head = ExpectedHead {
        lines: vec![b"GET / HTTP/1.1".to_vec()],
        whole: true,
        without: vec!["Cookie".to_owned()],
    };
    let acts = [
        Act::Head(head),
        Act::Content(b"ab".to_vec()),
        Act::Send(b"HTTP/1.1 200 OK\r\nxx".to_vec()),
        Act::Pause,
        Act::SendForever(b"y\r\n".to_vec()),
        Act::Close,
    ];
    assert_eq!(dialogue.connections[0].acts, acts);
}

fn a_dialogue_that_makes_no_sense_is_refused() {
    let whole = "# a\n# b\n$ fetch\nexit 0\n";
    assert!(parse(whole).is_ok());
    for bad in ["# a\n$ fetch\nexit 0\n", "# a\n# b\nexit 0\n", "# a\n# b\n$ fetch\n"] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    for line in
        ["< too early", "connection\nhello", "connection\n<x y", "=** a", "exit x", "$ curl"]
    {
        assert!(parse(&format!("{whole}{line}\n")).is_err(), "{line}");
    }
}
