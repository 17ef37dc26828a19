//! `fetch --help`, from the table of flags.

use super::flags::{FLAGS, Takes};
use clap::{Arg, ArgAction, Command};

const EXAMPLES: &str = "\
Examples:
  cruller fetch https://example.com/                     a page
  cruller fetch -iL https://example.com/                 the heads too, redirects followed
  cruller fetch --session me -d 'user=ada&password=…' https://example.com/login
  cruller fetch --session me https://example.com/account     …and come back as the same visitor
  cruller fetch -fsSLo page.html https://example.com/    for scripts";

/// The help of `fetch`.
pub(super) fn fetch() -> String {
    command().render_help().to_string()
}

/// `fetch` as clap describes it; its words are read by `words.rs`, which knows curl's grammar.
fn command() -> Command {
    let flags = FLAGS.iter().map(|flag| {
        let arg = Arg::new(flag.long).long(flag.long).help(flag.help);
        let arg = arg.help_heading(flag.group.heading());
        let arg = match flag.short {
            Some(letter) => arg.short(letter),
            None => arg,
        };
        match flag.takes {
            Takes::Value(name) => arg.value_name(name).action(ArgAction::Append),
            Takes::Switch | Takes::Mark => arg.action(ArgAction::SetTrue),
        }
    });
    Command::new("cruller fetch")
        .about("Transfer a URL, exactly. The flags are curl's: same names, same defaults, same exit codes.")
        .before_help(EXAMPLES)
        .override_usage("cruller fetch [FLAGS] URL…")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(flags)
        .after_help("A switch is taken back by --no-NAME. Defaults may stand in fetch.conf, in $CRULLER_HOME or\n$XDG_CONFIG_HOME/cruller, one flag a line.")
}
