//! curl's grammar: from words to flags with their values.
//!
//! Not clap's, which differs where people's fingers do not: here `-d=x` sends `=x`,
//! a value may begin with a dash, and everything after `--` is a URL.

use super::exit::Failure;
use super::flags::{Flag, Opt, Takes};
use super::grammar::Grammar;
use super::others::{self, Other};

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A switch: on, or off with `--no-`.
    Switch(Opt, bool),
    /// A flag and its value.
    Value(Opt, String),
    /// A flag, and its value with variables in it (`--expand-…`).
    Expanded(Opt, String),
    /// A URL.
    Url(String),
}

/// Reads the words behind a command.
///
/// # Errors
/// A usage failure for an unknown flag, or one without its value.
pub(super) fn read(
    words: impl IntoIterator<Item = String>,
    grammar: &Grammar,
) -> Result<Vec<Said>, Failure> {
    let mut words = words.into_iter();
    let mut said = Vec::new();
    let mut flags_over = false;
    while let Some(word) = words.next() {
        if flags_over || !word.starts_with('-') {
            said.push(Said::Url(word));
        } else if word == "--" {
            flags_over = true;
        } else if let Some(name) = word.strip_prefix("--") {
            match (grammar.by_long(name), grammar.by_expanding(name)) {
                (Some((flag, true)), _) if flag.opt == Opt::Help => said.push(help(&mut words)),
                (Some((flag, on)), _) => {
                    allowed(flag, grammar, &word)?;
                    said.push(with_value(flag, on, || words.next(), &word)?);
                }
                (None, Some(flag)) => {
                    allowed(flag, grammar, &word)?;
                    if let Said::Value(opt, value) = with_value(flag, true, || words.next(), &word)?
                    {
                        said.push(Said::Expanded(opt, value));
                    }
                }
                (None, None) => {
                    let other = match name.strip_prefix("expand-") {
                        Some(plain) => {
                            others::by_long(plain).filter(|it| matches!(it, Other::Refused(_)))
                        }
                        None => others::by_long(name),
                    };
                    if accept(other, &word, grammar)? {
                        words.next();
                    }
                }
            }
        } else {
            cluster(&word, &mut words, &mut said, grammar)?;
        }
    }
    Ok(said)
}

/// `-sSLo file`: letters, the last of which may take the rest of the word or the next one.
fn cluster(
    word: &str,
    words: &mut impl Iterator<Item = String>,
    said: &mut Vec<Said>,
    grammar: &Grammar,
) -> Result<(), Failure> {
    let letters = &word[1..];
    if letters.is_empty() {
        return Err(unknown(word, grammar));
    }
    let mut verbose = 0;
    for (at, letter) in letters.char_indices() {
        let name = format!("-{letter}");
        let Some(flag) = grammar.by_short(letter) else {
            accept(others::by_short(letter), &name, grammar)?;
            continue;
        };
        allowed(flag, grammar, &name)?;
        if flag.opt == Opt::Help {
            said.push(help(words));
            return Ok(());
        }
        if flag.opt == Opt::Verbose {
            verbose += 1;
            said.extend(verbosity(verbose));
            continue;
        }
        let rest = &letters[at + letter.len_utf8()..];
        let attached = (!rest.is_empty()).then(|| rest.to_owned());
        let takes_value = matches!(flag.takes, Takes::Value(_));
        said.push(with_value(flag, true, || attached.or_else(|| words.next()), &name)?);
        if takes_value {
            return Ok(());
        }
    }
    Ok(())
}

/// What the next `v` of `-vvv` adds: the lines, times and numbers, then content too.
fn verbosity(letters: u32) -> Vec<Said> {
    match letters {
        1 => vec![Said::Switch(Opt::Verbose, true)],
        2 => vec![Said::Switch(Opt::TraceTime, true), Said::Switch(Opt::TraceIds, true)],
        3 => vec![Said::Value(Opt::TraceAscii, "%".to_owned())],
        _ => Vec::new(),
    }
}

/// The word behind `--help`, if there is one, says on what.
fn help(words: &mut impl Iterator<Item = String>) -> Said {
    Said::Value(Opt::Help, words.next().unwrap_or_default())
}

fn with_value(
    flag: &Flag,
    on: bool,
    value: impl FnOnce() -> Option<String>,
    name: &str,
) -> Result<Said, Failure> {
    match flag.takes {
        Takes::Switch | Takes::Mark => Ok(Said::Switch(flag.opt, on)),
        Takes::Value(_) => match value() {
            Some(value) => Ok(Said::Value(flag.opt, value)),
            None => Err(Failure::usage(format!("option {name}: requires parameter"))),
        },
    }
}

/// A flag of `fetch` that the command does not have is refused, with what to use instead.
fn allowed(flag: &Flag, grammar: &Grammar, word: &str) -> Result<(), Failure> {
    match (grammar.refuses)(flag) {
        Some(why) => Err(Failure::usage(format!("option {word}: {why}"))),
        None => Ok(()),
    }
}

/// A flag that only curl has is accepted where it changes nothing; whether a value goes with it.
fn accept(other: Option<Other>, word: &str, grammar: &Grammar) -> Result<bool, Failure> {
    match other {
        Some(Other::Moot) => Ok(false),
        Some(Other::MootWithValue) => Ok(true),
        Some(Other::Refused(why)) => Err(Failure::usage(format!("option {word}: {why}"))),
        None => Err(unknown(word, grammar)),
    }
}

fn unknown(word: &str, grammar: &Grammar) -> Failure {
    let hint = match grammar.command {
        "fetch" => "cruller fetch --help lists the flags",
        _ => "--help behind the command lists the flags",
    };
    Failure::usage(format!("option {word}: is unknown")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::*;

    fn say(words: &[&str]) -> Result<Vec<Said>, Failure> {
        read(words.iter().map(|word| (*word).to_owned()), &FETCH)
    }

    fn value(opt: Opt, value: &str) -> Said {
        Said::Value(opt, value.to_owned())
    }

    #[test]
    fn letters_combine_and_the_last_takes_the_rest_or_the_next_word() {
        let switches = [Said::Switch(Opt::Silent, true), Said::Switch(Opt::Location, true)];
        for words in [&["-sLo", "file"][..], &["-sLofile"]] {
            let mut expected = switches.to_vec();
            expected.push(value(Opt::Output, "file"));
            assert_eq!(say(words).unwrap(), expected);
        }
    }

    #[test]
    fn more_letters_tell_more_and_more_words_do_not() {
        let on = |opt| Said::Switch(opt, true);
        let twice = [on(Opt::Verbose), on(Opt::TraceTime), on(Opt::TraceIds)];
        assert_eq!(say(&["-vv"]).unwrap(), twice);
        let thrice = say(&["-svvvv"]).unwrap();
        assert_eq!(thrice[1..4], twice);
        assert_eq!(thrice[4..], [value(Opt::TraceAscii, "%")]);
        assert_eq!(say(&["-v", "-v"]).unwrap(), [on(Opt::Verbose), on(Opt::Verbose)]);
    }

    #[test]
    fn a_value_is_taken_as_it_is() {
        assert_eq!(say(&["-d=x"]).unwrap(), [value(Opt::Data, "=x")]);
        assert_eq!(say(&["-H", "-X: y"]).unwrap(), [value(Opt::Header, "-X: y")]);
        assert_eq!(say(&["-d", ""]).unwrap(), [value(Opt::Data, "")]);
    }

    #[test]
    fn a_flag_that_only_curl_has_is_accepted_or_refused_by_name() {
        assert_eq!(say(&["-N", "--http2", "-sN"]).unwrap(), [Said::Switch(Opt::Silent, true)]);
        let refused = say(&["--ntlm"]).unwrap_err();
        assert!(refused.message.starts_with("option --ntlm: ") && refused.code == 2);
    }

    #[test]
    fn after_two_dashes_everything_is_a_url() {
        assert_eq!(say(&["--", "-s"]).unwrap(), [Said::Url("-s".to_owned())]);
    }

    #[test]
    fn what_is_unknown_or_lacks_its_value_is_a_usage_failure() {
        for words in [&["--nonsense"][..], &["-sW"], &["-o"], &["--data=x"], &["-"], &["-é"]] {
            assert_eq!(say(words).unwrap_err().code, 2, "{words:?}");
        }
    }
}
