//! `--help` of `fetch` and of what speaks its language, `-h CATEGORY`, and the flags as clap
//! describes them, all from the one table.

use super::exit::Failure;
use super::flags::{Flag, Group, Opt, Takes};
use super::grammar::Grammar;
use super::typed::HelpOn;
use clap::{Arg, ArgAction, Command, ValueHint};

/// The words of `fetch`.
pub(super) static FETCH: Grammar = Grammar {
    command: "fetch",
    about: "Transfer a URL, exactly. The flags are curl's: same names, same defaults, same exit codes.",
    examples: &[
        ("cruller fetch https://example.com/", "a page"),
        ("cruller fetch -iL https://example.com/", "the heads too, redirects followed"),
        ("cruller fetch -fsSLo page.html https://example.com/", "to a file, for scripts"),
        (
            "cruller fetch --session me -d user=ada -d password=… https://example.com/login",
            "log in …",
        ),
        (
            "cruller fetch --session me https://example.com/account",
            "… and come back as the same visitor",
        ),
        ("cruller fetch --json '{\"a\": 1}' https://example.com/api", "post JSON"),
        ("cruller fetch -F photo=@cat.jpg https://example.com/upload", "post a form with a file"),
        ("cruller fetch -v -o page.html https://example.com/", "watch what happens"),
    ],
    usual: &[
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
    ],
    notes:
        "A switch is taken back by --no-NAME. Defaults may stand in fetch.conf, in $CRULLER_HOME or
$XDG_CONFIG_HOME/cruller, one flag a line.",
    own: &[],
    refuses: |_| None,
    conf: Some("fetch.conf"),
};

/// The column in which the meaning of a flag stands.
const MEANING_AT: usize = 34;

/// As wide as a line gets.
const WIDTH: usize = 100;

/// The help that was asked for.
///
/// # Errors
/// There is nothing of that name.
pub(super) fn text(on: &HelpOn, grammar: &Grammar) -> Result<String, Failure> {
    let HelpOn(topic) = on;
    match topic.as_str() {
        "" => return Ok(overview(grammar)),
        "all" => return Ok(all(grammar)),
        "category" => return Ok(categories(grammar)),
        _ => {}
    }
    if let Some(flag) = flag_named(topic, grammar) {
        return Ok(rows([flag].into_iter()));
    }
    let groups = match topic.as_str() {
        // A name of curl's for several of ours.
        "http" => vec![Group::Request, Group::Cookies, Group::Redirects],
        name => match grammar.groups().find(|group| group.name() == name) {
            Some(group) => vec![group],
            None => {
                let names: Vec<_> = grammar.groups().map(Group::name).collect();
                let why = format!("no help on \"{topic}\": there are {}, all", names.join(", "));
                return Err(Failure::usage(why).hint("-h --FLAG tells of one flag"));
            }
        },
    };
    let sections = groups.into_iter().map(|group| section(group, grammar));
    Ok(sections.collect::<Vec<_>>().join("\n"))
}

fn flag_named(word: &str, grammar: &Grammar) -> Option<&'static Flag> {
    let mut letters = word.strip_prefix('-')?.chars();
    match (letters.next(), letters.next()) {
        (Some('-'), Some(_)) => grammar.by_long(&word[2..]).map(|(flag, _)| flag),
        (Some(letter), None) => grammar.by_short(letter),
        _ => None,
    }
}

/// What it is, and how it is typed.
fn opening(grammar: &Grammar) -> String {
    format!("{}\n\nUsage: cruller {} [FLAGS] URL…\n\n", grammar.about, grammar.command)
}

fn overview(grammar: &Grammar) -> String {
    let mut out = opening(grammar);
    out.push_str("Examples:\n");
    for (line, what) in grammar.examples {
        out.push_str(&format!("  {line}\n        {what}\n"));
    }
    out.push_str("\nOften used:\n");
    out.push_str(&rows(grammar.flags().filter(|flag| grammar.usual.contains(&flag.opt))));
    let command = grammar.command;
    out.push_str(&format!(
        "\nMore of them, by what they are about: cruller {command} -h CATEGORY\n"
    ));
    out.push_str(&categories(grammar));
    out.push_str(&format!("\nAll of them: -h all. One of them: -h --FLAG.\n{}\n", grammar.notes));
    out
}

fn all(grammar: &Grammar) -> String {
    let sections: Vec<_> = grammar.groups().map(|group| section(group, grammar)).collect();
    format!("{}{}\n{}\n", opening(grammar), sections.join("\n"), grammar.notes)
}

fn categories(grammar: &Grammar) -> String {
    let line = |group: Group| format!("  {:<12}{}\n", group.name(), group.about());
    grammar.groups().map(line).collect()
}

fn section(group: Group, grammar: &Grammar) -> String {
    let flags = grammar.flags().filter(|flag| flag.group == group);
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

/// The command as clap describes it, for completions; its words are read by `words.rs`, which
/// knows curl's grammar.
pub(super) fn command(grammar: &'static Grammar) -> Command {
    let flags = grammar.flags().map(|flag| {
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
    Command::new(grammar.command)
        .about(grammar.about)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(flags)
        .arg(urls.action(ArgAction::Append))
}

#[cfg(test)]
mod tests {
    use super::super::flags::FLAGS;
    use super::*;

    fn on(topic: &str) -> Result<String, Failure> {
        text(&HelpOn(topic.to_owned()), &FETCH)
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
        command(&FETCH).debug_assert();
    }
}
