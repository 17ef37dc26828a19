//! `fetch --help`, `-h CATEGORY`, and the flags as clap describes them, all from the one table.

use super::exit::Failure;
use super::flags::{self, FLAGS, Flag, Group, Opt, Takes};
use super::typed::HelpOn;
use clap::{Arg, ArgAction, Command, ValueHint};

/// What `fetch` is, in a sentence.
pub(super) const ABOUT: &str =
    "Transfer a URL, exactly. The flags are curl's: same names, same defaults, same exit codes.";

/// What most people come for.
pub(super) const EXAMPLES: [(&str, &str); 8] = [
    ("cruller fetch https://example.com/", "a page"),
    ("cruller fetch -iL https://example.com/", "the heads too, redirects followed"),
    ("cruller fetch -fsSLo page.html https://example.com/", "to a file, for scripts"),
    ("cruller fetch --session me -d user=ada -d password=… https://example.com/login", "log in …"),
    (
        "cruller fetch --session me https://example.com/account",
        "… and come back as the same visitor",
    ),
    ("cruller fetch --json '{\"a\": 1}' https://example.com/api", "post JSON"),
    ("cruller fetch -F photo=@cat.jpg https://example.com/upload", "post a form with a file"),
    ("cruller fetch -v -o page.html https://example.com/", "watch what happens"),
];

/// What stands below the flags.
pub(super) const NOTES: &str =
    "A switch is taken back by --no-NAME. Defaults may stand in fetch.conf, in $CRULLER_HOME or
$XDG_CONFIG_HOME/cruller, one flag a line.";

/// The flags that most people use, shown without being asked for.
const USUAL: [Opt; 14] = [
    Opt::Request,
    Opt::Header,
    Opt::User,
    Opt::Data,
    Opt::Form,
    Opt::Head,
    Opt::Compressed,
    Opt::Cookie,
    Opt::Session,
    Opt::Location,
    Opt::Include,
    Opt::Output,
    Opt::Fail,
    Opt::Verbose,
];

/// The column in which the meaning of a flag stands.
const MEANING_AT: usize = 34;

/// As wide as a line gets.
const WIDTH: usize = 100;

/// The help that was asked for.
///
/// # Errors
/// There is nothing of that name.
pub(super) fn text(on: &HelpOn) -> Result<String, Failure> {
    let HelpOn(topic) = on;
    match topic.as_str() {
        "" => return Ok(overview()),
        "all" => return Ok(all()),
        "category" => return Ok(categories()),
        _ => {}
    }
    if let Some(flag) = flag_named(topic) {
        return Ok(rows([flag].into_iter()));
    }
    let groups: &[Group] = match topic.as_str() {
        // A name of curl's for several of ours.
        "http" => &[Group::Request, Group::Cookies, Group::Redirects],
        name => match Group::ALL.iter().position(|group| group.name() == name) {
            Some(at) => &Group::ALL[at..=at],
            None => {
                let names: Vec<_> = Group::ALL.iter().map(|group| group.name()).collect();
                let why = format!("no help on \"{topic}\": there are {}, all", names.join(", "));
                return Err(Failure::usage(why).hint("-h --FLAG tells of one flag"));
            }
        },
    };
    Ok(groups.iter().map(|group| section(*group)).collect::<Vec<_>>().join("\n"))
}

fn flag_named(word: &str) -> Option<&'static Flag> {
    let mut letters = word.strip_prefix('-')?.chars();
    match (letters.next(), letters.next()) {
        (Some('-'), Some(_)) => flags::by_long(&word[2..]).map(|(flag, _)| flag),
        (Some(letter), None) => flags::by_short(letter),
        _ => None,
    }
}

fn overview() -> String {
    let mut out = format!("{ABOUT}\n\nUsage: cruller fetch [FLAGS] URL…\n\nExamples:\n");
    for (line, what) in EXAMPLES {
        out.push_str(&format!("  {line}\n        {what}\n"));
    }
    out.push_str("\nOften used:\n");
    out.push_str(&rows(FLAGS.iter().filter(|flag| USUAL.contains(&flag.opt))));
    out.push_str("\nMore of them, by what they are about: cruller fetch -h CATEGORY\n");
    out.push_str(&categories());
    out.push_str(&format!("\nAll of them: -h all. One of them: -h --FLAG.\n{NOTES}\n"));
    out
}

fn all() -> String {
    let sections: Vec<_> = Group::ALL.iter().map(|group| section(*group)).collect();
    format!("{ABOUT}\n\nUsage: cruller fetch [FLAGS] URL…\n\n{}\n{NOTES}\n", sections.join("\n"))
}

fn categories() -> String {
    let line = |group: &Group| format!("  {:<12}{}\n", group.name(), group.about());
    Group::ALL.iter().map(line).collect()
}

fn section(group: Group) -> String {
    let flags = FLAGS.iter().filter(|flag| flag.group == group);
    format!("{}:\n{}", group.heading(), rows(flags))
}

/// A flag a row: how it is written, then what it means.
fn rows<'f>(flags: impl Iterator<Item = &'f Flag>) -> String {
    let mut out = String::new();
    for flag in flags {
        let mut line = format!("  {}", spelled(flag));
        let column = line.chars().count();
        if column + 1 >= MEANING_AT {
            line.push('\n');
            line.push_str(&" ".repeat(MEANING_AT));
        } else {
            line.push_str(&" ".repeat(MEANING_AT - column));
        }
        let indent = format!("\n{}", " ".repeat(MEANING_AT));
        line.push_str(&wrapped(flag.help, WIDTH - MEANING_AT).join(&indent));
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// `-o, --output FILE`
pub(super) fn spelled(flag: &Flag) -> String {
    let short = flag.short.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
    let value =
        if let Takes::Value(name) = flag.takes { format!(" {name}") } else { String::new() };
    format!("{short}--{}{value}", flag.long)
}

/// Lines of whole words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// `fetch` as clap describes it, for completions; its words are read by `words.rs`, which
/// knows curl's grammar.
pub(super) fn command() -> Command {
    let flags = FLAGS.iter().map(|flag| {
        let arg = Arg::new(flag.long).long(flag.long).help(flag.help);
        let arg = match flag.short.filter(char::is_ascii_alphanumeric) {
            Some(letter) => arg.short(letter),
            None => arg,
        };
        match flag.takes {
            Takes::Value(name) => {
                let file = ["FILE", "FOLDER", "PATH"].iter().any(|word| name.contains(word));
                let hint = if file { ValueHint::AnyPath } else { ValueHint::Other };
                // Its first word: some shells take a colon for the end of the name.
                let words = name.split(|c: char| !c.is_ascii_alphanumeric());
                let name = words.into_iter().find(|word| !word.is_empty());
                arg.value_name(name.unwrap_or("VALUE")).value_hint(hint).action(ArgAction::Append)
            }
            Takes::Switch | Takes::Mark => arg.action(ArgAction::SetTrue),
        }
    });
    let urls = Arg::new("urls").value_name("URL").value_hint(ValueHint::Url);
    Command::new("fetch")
        .about(ABOUT)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(flags)
        .arg(urls.action(ArgAction::Append))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(topic: &str) -> Result<String, Failure> {
        text(&HelpOn(topic.to_owned()))
    }

    #[test]
    fn every_flag_is_in_the_help_of_its_category_and_in_that_of_all() {
        let all = on("all").unwrap();
        for flag in FLAGS {
            let row = format!("  {}", spelled(flag));
            assert!(all.contains(&row), "{row}");
            assert!(on(flag.group.name()).unwrap().contains(&row), "{row}");
            assert!(on(&format!("--{}", flag.long)).unwrap().starts_with(&row), "{row}");
        }
    }

    #[test]
    fn no_line_is_wider_than_a_page() {
        for topic in ["", "all", "category"] {
            for line in on(topic).unwrap().lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
        }
    }

    #[test]
    fn the_overview_names_every_category() {
        let overview = on("").unwrap();
        for group in Group::ALL {
            assert!(overview.contains(&format!("\n  {} ", group.name())), "{}", group.name());
        }
        assert!(overview.lines().count() < 80, "nobody reads more");
    }

    #[test]
    fn a_category_that_is_none_is_told_of_with_those_there_are() {
        let failure = on("nonsense").unwrap_err();
        assert!(failure.code == 2 && failure.message.contains("cookies, "), "{failure:?}");
        assert!(on("--nonsense").is_err() && on("-").is_err());
        assert!(on("http").unwrap().contains("--location"));
        assert!(on("-o").unwrap().starts_with("  -o, --output FILE"));
    }

    #[test]
    fn clap_takes_what_the_table_says() {
        command().debug_assert();
    }
}
