//! Holds the floors: reads `src/` and refuses what the floor plan in `src/lib.rs` forbids.
//!
//! 1. Comments and literals are blanked, what is left is cut into tokens.
//! 2. Every path is collected in full: groups of a `use` are spelled out,
//!    `crate`, `self` and `super` are resolved from the file's place.
//! 3. Each path is held against the rules.
//!
//! Words that a macro makes up are not seen; nobody here writes such macros.

use crate::support::in_package;
use libtest_mimic::Trial;
use std::path::Path;

/// Every room and its floor. A room that is not here is refused until it is.
const FLOORS: [(u8, &[&str]); 7] = [
    (0, &["base"]),
    (
        1,
        &[
            "h1", "auth", "coding", "cookie", "caching", "robots", "page", "registry", "har",
            "warc", "compare", "hsts", "frontier",
        ],
    ),
    (2, &["net", "disk", "practice"]),
    (3, &["client"]),
    (4, &["visit", "inspect"]),
    (5, &["crawl"]),
    (6, &["cli"]),
];

/// Crates that are known in a few places only.
const OWNERS: [(&str, &[&str]); 5] = [
    ("rustls", &["net/tls/"]),
    ("tokio_rustls", &["net/tls/"]),
    ("httparse", &["h1/head.rs"]),
    ("clap", &["cli/"]),
    ("cookie", &["cookie/", "practice/"]),
];

/// Types that are sockets, and paths that lead to them.
const SOCKETS: [&str; 7] = [
    "TcpStream",
    "TcpListener",
    "TcpSocket",
    "UdpSocket",
    "UnixStream",
    "UnixListener",
    "UnixDatagram",
];

pub fn tests() -> Vec<Trial> {
    trials![
        the_floors_of_the_house_hold,
        an_upward_import_is_refused,
        a_sideways_import_is_refused,
        async_is_refused_below_floor_two,
        a_crate_outside_its_room_is_refused,
        a_socket_above_floor_two_is_refused,
        a_room_without_a_floor_is_refused,
        comments_and_literals_are_no_imports,
        what_is_allowed_is_allowed,
    ]
}

fn the_floors_of_the_house_hold() {
    let root = in_package("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 10, "src/ was not found");
    let mut wrong = Vec::new();
    for path in files {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        wrong.extend(violations(&name, &text));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// What is wrong in the file `name` (its path below `src/`).
fn violations(name: &str, text: &str) -> Vec<String> {
    let mut reader = Reader::new(name, text);
    reader.read();
    let room = match name.split('/').next().unwrap_or_default() {
        "lib.rs" | "main.rs" => None,
        room => Some(room),
    };
    let floor = room.map_or(Some(7), floor_of);
    let Some(floor) = floor else {
        return vec![format!("{name}: the room has no floor")];
    };
    let mut wrong = Vec::new();
    let mut say = |line: usize, what: String| wrong.push(format!("src/{name}:{line}: {what}"));
    for line in reader.asyncs.iter().filter(|_| floor < 2) {
        say(*line, "async below floor 2".to_owned());
    }
    for path in &reader.paths {
        let words: Vec<&str> = path.words.iter().map(String::as_str).collect();
        match (words.as_slice(), room) {
            (["crate", other, ..], Some(room)) if *other != room => match floor_of(other) {
                Some(theirs) if theirs < floor => {}
                Some(theirs) => {
                    say(path.line, format!("floor {floor} imports {other} from floor {theirs}"));
                }
                // An item of the crate root, such as a macro: nothing to hold.
                None => {}
            },
            ([krate, ..], _) if *krate != "crate" && !reader.is_local(krate) => {
                let owners = OWNERS.iter().find(|(owned, _)| owned == krate);
                if owners.is_some_and(|(_, places)| !places.iter().any(|p| name.starts_with(p))) {
                    say(path.line, format!("{krate} is not known here"));
                }
            }
            _ => {}
        }
        let socket = words.iter().any(|word| SOCKETS.contains(word)) || is_tokio_net(&words);
        if floor > 2 && socket {
            say(path.line, format!("a socket above floor 2: {}", words.join("::")));
        }
    }
    wrong
}

fn is_tokio_net(words: &[&str]) -> bool {
    matches!(words, ["tokio", "net", ..] | ["socket2", ..])
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

/// A path as it is meant, from the crate's root or from another crate.
struct FullPath {
    line: usize,
    words: Vec<String>,
}

/// Reads the paths out of a file.
struct Reader {
    tokens: Vec<(usize, String)>,
    at: usize,
    /// The modules around the current token, from the crate's root.
    module: Vec<String>,
    /// For each open brace, whether it opened a module.
    braces: Vec<bool>,
    in_use: bool,
    paths: Vec<FullPath>,
    asyncs: Vec<usize>,
    /// Names that a `use crate::…` or a `mod` brought into this file.
    locals: Vec<String>,
}

impl Reader {
    fn new(name: &str, text: &str) -> Reader {
        let stem = name.strip_suffix(".rs").unwrap_or(name);
        let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        Reader {
            tokens: tokens(&blank(text)),
            at: 0,
            module,
            braces: Vec::new(),
            in_use: false,
            paths: Vec::new(),
            asyncs: Vec::new(),
            locals: Vec::new(),
        }
    }

    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |(_, token)| token)
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local == name)
    }

    fn read(&mut self) {
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "{" => {
                    let module = self.at > 1 && self.tokens[self.at - 2].1 == "mod";
                    if module {
                        self.module.push(self.tokens[self.at - 1].1.clone());
                    }
                    self.braces.push(module);
                    self.at += 1;
                }
                "}" => {
                    if self.braces.pop() == Some(true) {
                        self.module.pop();
                    }
                    self.at += 1;
                }
                "async" => {
                    self.asyncs.push(self.tokens[self.at].0);
                    self.at += 1;
                }
                "mod" => {
                    self.locals.push(self.peek(1).to_owned());
                    self.at += 2;
                }
                "use" => {
                    self.in_use = true;
                    self.at += 1;
                    self.path(Vec::new());
                    self.in_use = false;
                }
                // A method or a field is no path.
                "." => self.at += 2,
                token if is_word(token) || token == "::" => self.path(Vec::new()),
                _ => self.at += 1,
            }
        }
    }

    /// Reads one path, with its groups, behind `front`.
    fn path(&mut self, front: Vec<String>) {
        let line = self.tokens.get(self.at).map_or(0, |(line, _)| *line);
        let mut words = front;
        // `::name` is a crate for certain.
        if self.peek(0) == "::" {
            self.at += 1;
        }
        loop {
            match self.peek(0) {
                "{" if self.in_use => {
                    self.at += 1;
                    while !matches!(self.peek(0), "}" | "") {
                        let before = self.at;
                        self.path(words.clone());
                        self.at += usize::from(self.peek(0) == "," || self.at == before);
                    }
                    self.at += 1;
                    return;
                }
                "*" if self.in_use => self.at += 1,
                word if is_word(word) => {
                    words.push(word.to_owned());
                    self.at += 1;
                    if self.peek(0) == "::" {
                        self.at += 1;
                        continue;
                    }
                }
                _ => {}
            }
            break;
        }
        if self.in_use {
            let name = if self.peek(0) == "as" {
                self.at += 2;
                self.tokens[self.at - 1].1.clone()
            } else {
                words.iter().rfind(|word| *word != "self").cloned().unwrap_or_default()
            };
            if matches!(words.first().map(String::as_str), Some("crate" | "super" | "self")) {
                self.locals.push(name);
            }
        }
        if let Some(words) = self.resolve(&words) {
            self.paths.push(FullPath { line, words });
        }
    }

    /// `self` and `super` from here, as `crate`; a path of one word outside `use` says nothing.
    fn resolve(&self, words: &[String]) -> Option<Vec<String>> {
        let up = words.iter().take_while(|word| *word == "super").count();
        let first = words.first()?.as_str();
        let keep = match first {
            "self" | "Self" if !self.in_use && words.len() == 1 => return None,
            "self" => self.module.len(),
            "super" => self.module.len().checked_sub(up)?,
            "crate" => 0,
            _ => {
                return (self.in_use || words.len() > 1 || SOCKETS.contains(&first))
                    .then(|| words.to_vec());
            }
        };
        let skip = if up > 0 { up } else { 1 };
        let root = std::iter::once("crate".to_owned());
        Some(
            root.chain(self.module[..keep].iter().cloned()).chain(words[skip..].to_vec()).collect(),
        )
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Words, `::`, and single characters, each with its line.
fn tokens(text: &str) -> Vec<(usize, String)> {
    let mut tokens = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let end = if is_word(rest) {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push((index + 1, rest[..end].to_owned()));
            rest = rest[end..].trim_start();
        }
    }
    tokens
}

/// The text with comments, strings and characters replaced by blanks; lines stay where they are.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let word_before = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        let end = match (at(i), at(i + 1)) {
            ('/', '/') => (i..).find(|&j| matches!(at(j), '\n' | '\0')).unwrap_or(i),
            ('/', '*') => end_of_block_comment(&at, i),
            ('"', _) => end_of_string(&at, i + 1),
            ('r', '"' | '#') if !word_before || at(i - 1) == 'b' => end_of_raw_string(&at, i),
            // A character, and not a lifetime.
            ('\'', '\\') => (i + 3..).find(|&j| matches!(at(j), '\'' | '\0')).unwrap_or(i) + 1,
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end == i {
            out.push(at(i));
            i += 1;
            continue;
        }
        out.extend((i..end.min(chars.len())).map(|j| if at(j) == '\n' { '\n' } else { ' ' }));
        i = end;
    }
    out
}

fn end_of_block_comment(at: &impl Fn(usize) -> char, start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    loop {
        match (at(i), at(i + 1)) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            ('\0', _) => return i,
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
}

fn end_of_string(at: &impl Fn(usize) -> char, start: usize) -> usize {
    let mut i = start;
    loop {
        match at(i) {
            '"' => return i + 1,
            '\0' => return i,
            '\\' => i += 2,
            _ => i += 1,
        }
    }
}

/// The end of `r"…"` or `r##"…"##`; `start` itself for a raw identifier.
fn end_of_raw_string(at: &impl Fn(usize) -> char, start: usize) -> usize {
    let hashes = (start + 1..).take_while(|&i| at(i) == '#').count();
    if at(start + 1 + hashes) != '"' {
        return start;
    }
    let mut i = start + 2 + hashes;
    while at(i) != '\0' {
        if at(i) == '"' && (1..=hashes).all(|k| at(i + k) == '#') {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

#[track_caller]
fn refused(name: &str, text: &str) {
    assert!(!violations(name, text).is_empty(), "{name} was allowed: {text}");
}

#[track_caller]
fn allowed(name: &str, text: &str) {
    assert_eq!(violations(name, text), Vec::<String>::new(), "{text}");
}

fn an_upward_import_is_refused() {
    refused("h1/head.rs", "use crate::net::Route;");
    refused("h1/head.rs", "use crate::{base::Head, client};");
    refused("base/time.rs", "use crate::{\n base::{Tick},\n h1::{self, Step as S},\n};");
    refused("net/drive.rs", "fn f() { let x = crate::client::fetch(); }");
    refused("client/fetch.rs", "use super::super::cli::Plan;");
    refused("client/mod.rs", "use super::cli;");
    refused("net/mod.rs", "mod tests { use super::super::client::Hop; }");
    refused("net/mod.rs", "pub use crate::client::*;");
    let wrong = violations("net/a.rs", "//\n\nuse crate::cli;");
    assert_eq!(wrong, ["src/net/a.rs:3: floor 2 imports cli from floor 6"]);
}

fn a_sideways_import_is_refused() {
    refused("cookie/jar.rs", "use crate::h1::Step;");
    refused("net/pool.rs", "use crate::disk;");
    refused("practice/mod.rs", "use crate::net::Conn;");
    refused("cookie/formats/netscape.rs", "use super::super::super::coding::Gzip;");
}

fn async_is_refused_below_floor_two() {
    refused("coding/gzip.rs", "pub async fn f() {}");
    refused("base/mod.rs", "fn f() { async {} }");
    allowed("net/drive.rs", "pub async fn f() {}");
}

fn a_crate_outside_its_room_is_refused() {
    refused("net/pool.rs", "use rustls::ClientConfig;");
    refused("net/pool.rs", "fn f(c: tokio_rustls::TlsConnector) {}");
    refused("cli/mod.rs", "use ::rustls;");
    refused("h1/framing.rs", "use httparse;");
    refused("client/mod.rs", "fn f() -> clap::Command { }");
    refused("client/mod.rs", "use cookie::Cookie;");
    refused("client/mod.rs", "fn f() { cookie::Cookie::parse(x) }");
    allowed("net/tls/mod.rs", "use rustls::ClientConfig; use tokio_rustls::TlsConnector;");
    allowed("h1/head.rs", "use httparse::Status;");
    allowed("cli/args.rs", "use clap::Parser;");
    allowed("cookie/jar.rs", "use cookie::Cookie;");
    allowed("practice/login.rs", "use cookie::Cookie;");
    allowed("client/mod.rs", "use crate::cookie::{self, Jar}; fn f() { cookie::Jar::new(); }");
    allowed("client/mod.rs", "use crate::cookie; fn f(cookie: &str) { cookie.len(); }");
}

fn a_socket_above_floor_two_is_refused() {
    refused("client/fetch.rs", "use std::net::{IpAddr, TcpStream};");
    refused("client/fetch.rs", "use tokio::{io, net::TcpListener};");
    refused("cli/socket.rs", "fn f(s: std::net::UdpSocket) {}");
    refused("cli/socket.rs", "use tokio::net;");
    refused("cli/socket.rs", "fn f(s: &TcpStream) {}");
    allowed("net/socket.rs", "use tokio::net::TcpStream;");
    allowed("client/fetch.rs", "use std::net::{IpAddr, SocketAddr};");
}

fn a_room_without_a_floor_is_refused() {
    refused("attic/mod.rs", "");
    allowed("lib.rs", "pub mod base; pub mod cli;");
}

fn comments_and_literals_are_no_imports() {
    allowed("h1/a.rs", "// use crate::net;\n/* use crate::net; /* async */ crate::cli */");
    allowed("h1/a.rs", "/// [`crate::client`]\n//! crate::cli");
    allowed("h1/a.rs", r##"const A: &str = "async \" use crate::net;";"##);
    allowed("h1/a.rs", "const A: &str = r#\"use \" crate::net\"#; const B: &[u8] = br\"async\";");
    allowed("h1/a.rs", "const Q: char = '\"'; const E: char = '\\''; fn f<'a>(x: &'a str) {}");
    refused("h1/a.rs", "const Q: char = '\"'; use crate::net; const R: char = '\"';");
    refused("h1/a.rs", "const E: &[u8] = b\"\\\\\"; use crate::net;");
    refused("h1/a.rs", "fn f<'a>(r: &'a str) {} /* */ use crate::net;");
}

fn what_is_allowed_is_allowed() {
    allowed("h1/head.rs", "use super::Error; use crate::base::{Headers, Version};");
    allowed("h1/mod.rs", "mod head; pub use head::parse; pub(crate) fn f() {}");
    allowed("practice/mod.rs", "use crate::{base::Head, h1};");
    allowed("cookie/formats/netscape.rs", "use super::super::Jar; use crate::cookie::date;");
    allowed("cli/mod.rs", "use crate::{client::Fetch, net::Route, disk};");
    allowed("client/mod.rs", "mod tests { use super::*; use super::super::net; }");
}
