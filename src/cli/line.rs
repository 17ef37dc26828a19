//! A whole command line: its words, and those of every file it names, as operations.

use super::config;
use super::env::{self, Env};
use super::exit::Failure;
use super::flags::Opt;
use super::grammar::Grammar;
use super::help::FETCH;
use super::input;
use super::print;
use super::variables::{Variables, World};
use super::words::{self, Said};
use crate::base::{Command, Unclosed, curl_lines};

/// What was said of one operation, in order.
pub(super) type Operation = Vec<Said>;

/// The words of the configuration file, then those of the command line, divided into operations.
///
/// # Errors
/// A word that means nothing, or a file that cannot be read.
pub(super) fn read(
    words: Vec<String>,
    env: &Env,
    grammar: &'static Grammar,
) -> Result<Vec<Operation>, Failure> {
    let disabled = words.first().is_some_and(|word| {
        word == "--disable" || (word.starts_with("-q") && !word.starts_with("--"))
    });
    let mut reader = Reader { grammar, variables: Variables::default() };
    let mut said = Operation::new();
    let conf = grammar.conf.filter(|_| !disabled);
    if let (Some(folder), Some(conf)) = (&env.config, conf) {
        let path = folder.join(conf);
        if let Some(bytes) = input::read_if_there(&path)? {
            said = reader.file(&path.to_string_lossy(), &bytes, 0)?;
        }
    }
    said.extend(reader.words(words, 0)?);
    let mut operations = Vec::new();
    for operation in divided(said) {
        match operation.iter().any(|said| matches!(said, Said::Value(Opt::FromCurl, _))) {
            true => operations.extend(pasted(operation, &mut reader)?),
            false => operations.push(operation),
        }
    }
    Ok(operations)
}

/// Divides at each `--next`.
fn divided(said: Vec<Said>) -> Vec<Operation> {
    let is_url =
        |said: &Said| matches!(said, Said::Url(_) | Said::Value(Opt::Url | Opt::FromCurl, _));
    let has_url = |said: &Operation| said.iter().any(is_url);
    let mut operations = vec![Operation::new()];
    for said in said {
        match (said, operations.last_mut()) {
            // Before any URL it divides nothing: a file may begin with it.
            (Said::Switch(Opt::Next, _), Some(last)) if !has_url(last) => {}
            (Said::Switch(Opt::Next, _), _) => operations.push(Operation::new()),
            (said, Some(last)) => last.push(said),
            (_, None) => {}
        }
    }
    operations
}

/// The most that is read of pasted lines: a browser's session of thousands of requests. Each
/// becomes a plan of a few kilobytes.
const MOST_PASTED: usize = 8 << 20;

/// The curl lines of each `--from-curl`: an operation each, with what was said beside it.
fn pasted(operation: Operation, reader: &mut Reader) -> Result<Vec<Operation>, Failure> {
    let (mut files, mut common) = (Vec::new(), Operation::new());
    for said in operation {
        match said {
            Said::Value(Opt::FromCurl, file) => {
                files.push(file);
                common.push(Said::Switch(Opt::FromCurl, true));
            }
            Said::Url(_) | Said::Value(Opt::Url, _) => {
                let why = "--from-curl brings its own URLs; another one goes behind --next";
                return Err(Failure::usage(why));
            }
            said => common.push(said),
        }
    }
    let mut operations = Vec::new();
    // They are curl's lines, whoever reads them.
    let ours = std::mem::replace(&mut reader.grammar, &FETCH);
    for file in files {
        let text = input::read_bounded(&file, MOST_PASTED)?;
        if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
            return Err(Failure::usage(format!("{file}: is UTF-16; save it as UTF-8")));
        }
        let at = |line: usize, why: &str| Failure::usage(format!("{file}, line {line}: {why}"));
        let lines = curl_lines(&text);
        let lines = lines.map_err(|Unclosed(line)| at(line, "a quote is not closed"))?;
        if lines.is_empty() {
            return Err(Failure::usage(format!("{file}: there is no curl line in it")));
        }
        for Command { line, words, redirected } in lines {
            if redirected {
                return Err(at(line, "< and > are for a shell; -o names a file here"));
            }
            let words: Result<Vec<_>, _> = words.into_iter().map(String::from_utf8).collect();
            let words = words.map_err(|_| at(line, "not UTF-8"))?;
            let said = reader.words(words, 0).map_err(|why| Failure {
                message: format!("{file}, line {line}: {}", why.message),
                ..why
            })?;
            for said in divided(said) {
                operations.push(common.iter().cloned().chain(said).collect());
            }
        }
    }
    reader.grammar = ours;
    Ok(operations)
}

/// What a word processor makes of a quote, and no shell takes for one.
const TYPESET_QUOTES: [char; 4] = ['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}'];

/// Files that name files that name files: deeper is a circle.
const MAX_CONFIG_DEPTH: u8 = 10;

/// Reads words in their order: a variable means what it was set to before.
struct Reader {
    grammar: &'static Grammar,
    variables: Variables,
}

impl Reader {
    /// Puts what the file of each `-K`, and of each `--url @FILE`, says in its place, and expands
    /// what is to be expanded.
    fn words(&mut self, words: Vec<String>, depth: u8) -> Result<Vec<Said>, Failure> {
        let mut all = Vec::with_capacity(words.len());
        for said in words::read(words, self.grammar)? {
            let said = match said {
                Said::Expanded(opt, text) => {
                    Said::Value(opt, self.variables.expand(&text, &mut Outside)?)
                }
                said => said,
            };
            match said {
                Said::Value(Opt::Variable, text) => self.variables.set(&text, &mut Outside)?,
                Said::Value(Opt::Config, file) => {
                    all.extend(self.file(&file, &input::read(&file)?, depth + 1)?);
                }
                Said::Value(Opt::Url, url) if url.starts_with('@') => {
                    let list = input::read(&url[1..])?;
                    let list = String::from_utf8_lossy(&list);
                    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty());
                    let urls = lines.filter(|line| !line.starts_with('#'));
                    all.extend(urls.map(|url| Said::Url(url.to_owned())));
                }
                said => {
                    // What is said of the words behind them is told accordingly.
                    match &said {
                        Said::Switch(Opt::Silent, on) => print::silence(*on),
                        Said::Value(Opt::Stderr, file) => print::errors_to(file),
                        Said::Value(_, value) if value.starts_with(TYPESET_QUOTES) => {
                            print::warning(&format!(
                                "The argument '{value}' starts with a Unicode quote where maybe an \
                                 ASCII \" was intended?"
                            ));
                        }
                        _ => {}
                    }
                    all.push(said);
                }
            }
        }
        Ok(all)
    }

    fn file(&mut self, name: &str, bytes: &[u8], depth: u8) -> Result<Vec<Said>, Failure> {
        if depth > MAX_CONFIG_DEPTH {
            return Err(Failure::usage(format!("{name}: configuration files in a circle")));
        }
        let (words, warnings) = config::words(name, &String::from_utf8_lossy(bytes), self.grammar)?;
        for warning in warnings {
            print::warning(&warning);
        }
        self.words(words, depth)
    }
}

/// Where variables come from: the environment, files, and standard input.
struct Outside;

impl World for Outside {
    fn environment(&self, name: &str) -> Result<Option<String>, Failure> {
        env::variable(name)
    }

    fn file(&self, name: &str) -> Result<Vec<u8>, Failure> {
        input::read(name)
    }

    fn warn(&mut self, text: &str) {
        print::warning(text);
    }
}
