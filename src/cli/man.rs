//! `cruller man`: the whole manual as one page, in the language of `man`; the flags come from
//! the table that reads them, the other commands from clap, the exit codes from README.md.

use super::flags::Group;
use super::help::{self, FETCH};
use super::inspect::INSPECT;
use super::version;
use clap::Command;
use roff::{Inline, Roff, bold, italic, roman};

/// The page of exit codes that people read: there is one table of them.
const README: &str = include_str!("../../README.md");

/// Variables of the environment, and what they are for.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("CRULLER_HOME", "where sessions and configuration live, in place of the XDG folders"),
    ("CRULLER_SESSION", "the session of every command that names none"),
    ("CRULLER_JAR", "set for the program of `session run`: the cookie file it is lent"),
    (
        "XDG_STATE_HOME, XDG_CONFIG_HOME",
        "where the folders cruller/ with sessions and fetch.conf are",
    ),
    ("http_proxy", "the proxy for http, in lower case only"),
    (
        "https_proxy, all_proxy, no_proxy",
        "proxies for https, for both, and hosts that need none; in capitals too",
    ),
    ("SSL_CERT_FILE", "certificates to trust in place of the built-in ones"),
];

/// The page; `commands` is the command set.
pub(super) fn page(commands: &Command) -> String {
    let mut page = Roff::new();
    page.control("TH", ["CRULLER", "1", "", concat!("cruller ", env!("CARGO_PKG_VERSION")), ""]);
    page.control("SH", ["NAME"]);
    page.text([roman(format!("cruller - {}", about(commands).trim_end_matches('.')))]);
    page.control("SH", ["SYNOPSIS"]);
    let ours = [&FETCH, &INSPECT];
    for grammar in ours {
        page.text([bold(format!("cruller {}", grammar.command)), roman(" [FLAGS] URL…")]);
        page.control("br", []);
    }
    let others =
        || shown(commands).filter(|it| ours.iter().all(|own| own.command != it.get_name()));
    for command in others() {
        page.text([bold(format!("cruller {}", command.get_name())), roman(" …")]);
        page.control("br", []);
    }
    for grammar in ours {
        page.control("SH", [grammar.command.to_uppercase().as_str()]);
        page.text([roman(grammar.about)]);
        page.control("PP", []);
        page.text([roman(grammar.notes.replace('\n', " "))]);
        // What inspect has of fetch's stands there.
        let own = !grammar.own.is_empty();
        for group in grammar.groups().filter(|group| !own || *group == Group::Report) {
            page.control("SS", [group.heading()]);
            for flag in grammar.flags().filter(|flag| flag.group == group) {
                entry(&mut page, [bold(help::spelled(flag).trim_start())], flag.help);
            }
        }
    }
    for command in others() {
        page.control("SH", [command.get_name().to_uppercase().as_str()]);
        page.text([roman(about(command))]);
        described(&mut page, command, "");
    }
    page.control("SH", ["EXAMPLES"]);
    for (line, what) in ours.iter().flat_map(|grammar| grammar.examples) {
        entry(&mut page, [bold(*line)], what);
    }
    page.control("SH", ["EXIT STATUS"]);
    for (codes, meaning) in exit_codes() {
        entry(&mut page, [bold(codes)], &meaning.replace('`', ""));
    }
    page.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in ENVIRONMENT {
        entry(&mut page, [bold(name)], meaning);
    }
    page.control("SH", ["SEE ALSO"]);
    page.text([bold("curl"), roman("(1)")]);
    page.render()
}

/// The arguments of a command, then its own commands.
fn described(page: &mut Roff, command: &Command, parents: &str) {
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let names =
            [arg.get_short().map(|c| format!("-{c}")), arg.get_long().map(|l| format!("--{l}"))];
        let mut head = vec![bold(names.into_iter().flatten().collect::<Vec<_>>().join(", "))];
        if arg.get_action().takes_values() {
            let values = arg.get_value_names().unwrap_or_default();
            let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            head.push(italic(format!(" {}", values.join(" "))));
        }
        entry(page, head, &arg.get_help().map(ToString::to_string).unwrap_or_default());
    }
    for inner in shown(command) {
        let name = format!("{parents}{}", inner.get_name());
        page.control("SS", [name.as_str()]);
        page.text([roman(about(inner))]);
        described(page, inner, &format!("{name} "));
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set())
}

fn about(command: &Command) -> String {
    let about = command.get_long_about().or_else(|| command.get_about());
    about.map(ToString::to_string).unwrap_or_default()
}

/// A word, and what it means.
fn entry(page: &mut Roff, head: impl IntoIterator<Item = Inline>, meaning: &str) {
    page.control("TP", []);
    page.text(head.into_iter().collect::<Vec<_>>());
    page.text([roman(meaning)]);
}

/// The rows of the table below "## Exit codes".
fn exit_codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = README.lines().skip_while(|line| *line != "## Exit codes").skip(1);
    let rows = lines.take_while(|line| !line.starts_with("## "));
    let cells =
        rows.filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    cells.filter(|(codes, _)| codes.starts_with(|c: char| c.is_ascii_digit()))
}

/// What `cruller man` prints.
pub(super) fn text(commands: &Command) -> String {
    format!(".\\\" cruller {}\n{}", version::NUMBER, page(commands))
}

#[cfg(test)]
mod tests {
    use super::super::flags::FLAGS;
    use super::*;

    #[test]
    fn the_page_holds_every_flag_command_and_exit_code() {
        let commands = crate::cli::commands::described();
        let page = text(&commands);
        for flag in FLAGS.iter().chain(INSPECT.own) {
            let name = flag.long.replace('-', "\\-");
            assert!(page.contains(&format!("\\-\\-{name}")), "{}", flag.long);
        }
        for command in shown(&commands) {
            assert!(page.contains(&format!("cruller {}", command.get_name())));
        }
        assert!(exit_codes().count() > 10);
        assert!(exit_codes().any(|(codes, _)| codes == "22"));
        assert!(page.contains("with \\-f"), "the table of exit codes");
    }

    #[test]
    fn no_line_of_text_is_taken_for_a_request() {
        let page = text(&crate::cli::commands::described());
        let known = [".TH", ".SH", ".SS", ".TP", ".PP", ".br", ".ie", ".el", ".\\\""];
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            assert!(known.iter().any(|request| line.starts_with(request)), "{line}");
        }
    }
}
