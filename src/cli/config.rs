//! Configuration files, in curl's syntax.
//!
//! ```text
//! # a comment
//! location                       a flag by its long name, dashes optional
//! user-agent = "me \"quoted\""   a value behind white space, `=` or `:`
//! -H "X: y"                      short flags too
//! ```

use super::exit::Failure;
use super::flags::{self, Flag, Takes};

/// Turns a configuration file into the words that mean the same on a command line.
///
/// # Errors
/// A usage failure that names the line.
pub(super) fn words(file: &str, text: &str) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        read_line(line, &mut words).map_err(|why| {
            Failure::usage(format!("{file}, line {}: {}", number + 1, why.message))
        })?;
    }
    Ok(words)
}

fn read_line(line: &str, words: &mut Vec<String>) -> Result<(), Failure> {
    // Behind a name with dashes only white space separates: `=` and `:` belong to the value.
    let dashed = line.starts_with('-');
    let separates = |c: char| c.is_whitespace() || (!dashed && matches!(c, '=' | ':'));
    let (name, rest) = line.split_at(line.find(separates).unwrap_or(line.len()));
    let rest = rest.trim_start_matches(separates);
    if dashed && !name.starts_with("--") && name.chars().count() > 2 {
        // A cluster of letters is read as on the command line.
        words.push(name.to_owned());
        if !rest.is_empty() && !rest.starts_with('#') {
            words.push(value_of(rest)?);
        }
        return Ok(());
    }
    let flag = flag_of(name).ok_or_else(|| Failure::usage(format!("{name} is unknown")))?;
    words.push(name_of(name));
    match flag.takes {
        Takes::Value(_) if rest.is_empty() => {
            return Err(Failure::usage(format!("{name} needs a value")));
        }
        Takes::Value(_) => words.push(value_of(rest)?),
        Takes::Switch | Takes::Mark if rest.is_empty() || rest.starts_with('#') => {}
        _ => return Err(Failure::usage(format!("{name} takes no value"))),
    }
    Ok(())
}

fn flag_of(name: &str) -> Option<&'static Flag> {
    let mut letters = name.strip_prefix('-').unwrap_or_default().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => flags::by_short(letter),
        _ => flags::by_long(name.trim_start_matches('-')).map(|(flag, _)| flag),
    }
}

fn name_of(name: &str) -> String {
    if name.starts_with('-') { name.to_owned() } else { format!("--{name}") }
}

/// A value in double quotes, with `\\ \" \t \n \r \v`, or one word, with perhaps a comment behind.
fn value_of(rest: &str) -> Result<String, Failure> {
    let Some(quoted) = rest.strip_prefix('"') else {
        let (word, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let more = more.trim_start();
        if !more.is_empty() && !more.starts_with('#') {
            return Err(Failure::usage("a value of several words wants double quotes"));
        }
        return Ok(word.to_owned());
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(value),
            '\\' => match chars.next() {
                Some('t') => value.push('\t'),
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('v') => value.push('\u{b}'),
                Some(other) => value.push(other),
                None => {}
            },
            c => value.push(c),
        }
    }
    Err(Failure::usage("the double quote is not closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(words("f", file).unwrap(), expected);
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        let failure = words("f", "location\nnonsense = 1\n").unwrap_err();
        assert!(failure.message.contains("line 2") && failure.message.contains("nonsense"));
        assert_eq!(words("f", "-sSLo \"a b\"").unwrap(), ["-sSLo", "a b"]);
        for bad in ["location = yes", "user-agent", "user-agent = a b", "user-agent = \"a"] {
            assert!(words("f", bad).is_err(), "{bad}");
        }
    }
}
