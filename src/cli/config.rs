//! Configuration files, in curl's syntax.
//!
//! ```text
//! # a comment, as is a line that begins with / or *
//! location                       a flag by its long name, dashes optional
//! user-agent = "me \"quoted\""   a value behind white space, `=` or `:`
//! -H "X: y"                      short flags too
//! ```

use super::exit::Failure;
use super::flags::{Flag, Takes};
use super::grammar::Grammar;
use super::others::{self, Other};

/// Turns a configuration file into the words that mean the same on a command line, and warnings
/// about what was passed over.
///
/// # Errors
/// A usage failure that names the line.
pub(super) fn words(
    file: &str,
    text: &str,
    grammar: &Grammar,
) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (mut words, mut warnings) = (Vec::new(), Vec::new());
    let shown = if file == "-" { "<stdin>" } else { file };
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', '/', '*']) {
            continue;
        }
        let number = number + 1;
        let name = read_line(line, grammar, &mut words)
            .map_err(|why| Failure::usage(format!("{shown}, line {number}: {}", why.message)))?;
        if let Some(name) = name {
            warnings.push(format!(
                "{shown}:{number}: warning: '{name}' uses unquoted whitespace in the option \
                 value that may cause unexpected behavior"
            ));
        }
    }
    Ok((words, warnings))
}

/// As much of an unknown name is shown; no flag is half as long.
const LONGEST_NAME: usize = 60;

/// Reads a line; the name of a flag whose value goes on behind a space.
fn read_line<'l>(
    line: &'l str,
    grammar: &Grammar,
    words: &mut Vec<String>,
) -> Result<Option<&'l str>, Failure> {
    // Behind a name with dashes only white space separates: `=` and `:` belong to the value.
    let dashed = line.starts_with('-');
    let separates = |c: char| c.is_whitespace() || (!dashed && matches!(c, '=' | ':'));
    let (name, rest) = line.split_at(line.find(separates).unwrap_or(line.len()));
    let rest = rest.trim_start_matches(separates);
    let nothing = rest.is_empty() || rest.starts_with('#');
    if dashed && !name.starts_with("--") && name.chars().count() > 2 {
        // A cluster of letters is read as on the command line.
        words.push(name.to_owned());
        return if nothing { Ok(None) } else { value(name, rest, words) };
    }
    let Some(flag) = flag_of(name, grammar) else {
        return match other_of(name) {
            Some(Other::MootWithValue) => Ok(None),
            Some(Other::Moot) if nothing => Ok(None),
            Some(Other::Moot) => Err(Failure::usage(format!("{name} takes no value"))),
            Some(Other::Refused(why)) => Err(Failure::usage(format!("{name}: {why}"))),
            None => {
                let shown: String = name.chars().take(LONGEST_NAME).collect();
                Err(Failure::usage(format!("{shown} is unknown")))
            }
        };
    };
    words.push(if dashed { name.to_owned() } else { format!("--{name}") });
    match flag.takes {
        Takes::Value(_) if rest.is_empty() => Err(Failure::usage(format!("{name} needs a value"))),
        Takes::Value(_) => value(name, rest, words),
        Takes::Switch | Takes::Mark if nothing => Ok(None),
        Takes::Switch | Takes::Mark => Err(Failure::usage(format!("{name} takes no value"))),
    }
}

fn flag_of(name: &str, grammar: &Grammar) -> Option<&'static Flag> {
    match letter(name) {
        Some(letter) => grammar.by_short(letter),
        None => {
            let name = name.trim_start_matches('-');
            let plain = grammar.by_long(name).map(|(flag, _)| flag);
            plain.or_else(|| grammar.by_expanding(name))
        }
    }
}

fn other_of(name: &str) -> Option<Other> {
    match letter(name) {
        Some(letter) => others::by_short(letter),
        None => others::by_long(name.trim_start_matches('-')),
    }
}

/// The letter of `-x`.
fn letter(name: &str) -> Option<char> {
    let mut letters = name.strip_prefix('-')?.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// Takes a value; the name of its flag where there is more behind it, which is passed over.
fn value<'l>(
    name: &'l str,
    rest: &str,
    words: &mut Vec<String>,
) -> Result<Option<&'l str>, Failure> {
    if let Some(quoted) = rest.strip_prefix('"') {
        words.push(unquoted(quoted));
        return Ok(None);
    }
    let (word, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    words.push(word.to_owned());
    let more = more.trim_start();
    Ok((!more.is_empty() && !more.starts_with('#')).then_some(name))
}

/// A value in double quotes, with `\\ \" \t \n \r \v`, up to the closing one or the line's end.
fn unquoted(quoted: &str) -> String {
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next().map(|escaped| match escaped {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'v' => '\u{b}',
                other => other,
            })),
            c => value.push(c),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::*;

    /// The words of a file that has nothing to be warned of.
    fn read(text: &str) -> Vec<String> {
        let (words, warnings) = words("f", text, &FETCH).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        words
    }

    #[test]
    fn a_file_means_what_its_lines_would_mean_as_words() {
        let file = "# mine\n\nlocation\nuser-agent = \"me \\\"q\\\"\"\n-H \"X: y\"\nmax-time:5 # s\n--connect-to ::h:1\n";
        let expected = [
            "--location",
            "--user-agent",
            "me \"q\"",
            "-H",
            "X: y",
            "--max-time",
            "5",
            "--connect-to",
            "::h:1",
        ];
        assert_eq!(read(file), expected);
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        let failure = words("f", "location\nnonsense = 1\n", &FETCH).unwrap_err();
        assert!(failure.message.contains("line 2") && failure.message.contains("nonsense"));
        for bad in ["location = yes", "user-agent", "http2 = yes", "-W"] {
            assert!(words("f", bad, &FETCH).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_line_is_read_as_curl_reads_it() {
        assert_eq!(read("-sSLo \"a b\""), ["-sSLo", "a b"]);
        assert_eq!(
            read("expand-data = {{x}}\n--expand-data {{x}}"),
            ["--expand-data", "{{x}}"].repeat(2)
        );
        assert_eq!(read("/ comment\n* comment\nhttp2\n-N\n  get # comment"), ["--get"]);
        assert_eq!(read("data = \"a\\t\\\"\\\\b\" c"), ["--data", "a\t\"\\b"]);
        assert_eq!(read("data = \"open"), ["--data", "open"]);
        assert_eq!(
            read("user-agent = \"\"\nurl=http://h/?a=b\r\n"),
            ["--user-agent", "", "--url", "http://h/?a=b"]
        );
    }

    #[test]
    fn a_value_of_several_words_is_cut_and_warned_of() {
        let (words, warnings) = words("-", "\ndata = a b\n", &FETCH).unwrap();
        assert_eq!(words, ["--data", "a"]);
        let expected = "<stdin>:2: warning: 'data' uses unquoted whitespace in the option value \
                        that may cause unexpected behavior";
        assert_eq!(warnings, [expected]);
    }
}
