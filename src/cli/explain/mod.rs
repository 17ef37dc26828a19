//! `cruller explain`: what a status code, a field or a method means, without a request.
//!
//! 1. `asked` reads the words: which of them is a code, a class, a phrase, a field (perhaps with
//!    its value), a method, or nothing that is known.
//! 2. `parts` takes a value apart.
//! 3. `text` writes it for reading, `json` for programs.
//!
//! The knowledge is the registry's; this is how it is asked for. What commands do that are not
//! there yet is marked as planned, until they are.

mod asked;
mod json;
mod parts;
mod text;

use super::exit::{Failure, code};
use super::paper::{Color, Paper};
use super::print;
use crate::base::system_words;
use crate::registry;
use asked::Topic;
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "Examples:
  cruller explain 404                       a status code
  cruller explain 4xx                       a class of them
  cruller explain teapot                    a code by its phrase
  cruller explain Set-Cookie GET 429        a field, a method, several at once
  cruller explain Cache-Control: no-store, max-age=60
                                            a field with its value, part by part
  cruller explain --list fields             all that is known";

/// clap would write the words as if they could be left out.
const USAGE: &str =
    "cruller explain [OPTIONS] <WHAT>...\n       cruller explain [OPTIONS] --list <KIND>";

/// The arguments of `explain`.
#[derive(Args)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub(super) struct Words {
    /// Codes, classes, phrases, fields, methods; behind `NAME:` all is value
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    what: Vec<String>,
    /// List all that is known
    #[arg(long, value_name = "KIND")]
    list: Option<Kind>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    color: Color,
}

/// What can be listed.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Status codes
    Statuses,
    /// Fields, by what they are about
    Fields,
    /// Methods
    Methods,
}

/// Commands that are told of; those that are not there yet are marked.
#[derive(Clone, Copy)]
struct Available {
    crawl: bool,
    replay: bool,
}

impl Available {
    /// The one of this name.
    fn has(self, command: &str) -> bool {
        match command {
            "crawl" => self.crawl,
            "replay" => self.replay,
            _ => true,
        }
    }
}

/// Runs `explain`; the exit code. `exists` says which commands there are.
pub(super) fn run(words: &Words, exists: impl Fn(&str) -> bool) -> u8 {
    let available = Available { crawl: exists("crawl"), replay: exists("replay") };
    match act(words, available) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.code
        }
    }
}

fn act(words: &Words, available: Available) -> Result<u8, Failure> {
    let text = match words.list {
        Some(kind) if words.json => listed_as_json(kind, available),
        Some(kind) => listed(kind, Paper::for_stdout(words.color)),
        None => {
            let asked = asked::read(&words.what)?;
            if words.json {
                asked.iter().map(|asked| json::lines(asked, available)).collect()
            } else {
                let mut paper = Paper::for_stdout(words.color);
                asked.iter().for_each(|asked| text::explain(&mut paper, asked, available));
                paper.into_text()
            }
        }
    };
    match print::text(&text) {
        Err(error) if print::quietly(&error) != 0 => {
            let why = format!("cannot write to standard output: {}", system_words(&error));
            Err(Failure::new(code::WRITE, why))
        }
        _ => Ok(0),
    }
}

fn listed(kind: Kind, mut paper: Paper) -> String {
    match kind {
        Kind::Statuses => text::list_statuses(&mut paper),
        Kind::Fields => text::list_fields(&mut paper),
        Kind::Methods => text::list_methods(&mut paper),
    }
    paper.into_text()
}

fn listed_as_json(kind: Kind, available: Available) -> String {
    let topics: Vec<Topic> = match kind {
        Kind::Statuses => registry::statuses().into_iter().map(Topic::Status).collect(),
        Kind::Fields => {
            let fields = registry::fields().into_iter();
            fields.map(|field| Topic::Field { field, value: None }).collect()
        }
        Kind::Methods => registry::methods().into_iter().map(Topic::Method).collect(),
    };
    topics.iter().map(|topic| json::line(topic, None, available)).collect()
}
