//! `--to-curl`: the curl line that does what this one would do.
//!
//! What was said in files is said in the line; the cookies of a session become a `-b`.

use super::exit::Failure;
use super::flags::{FLAGS, Flag, Opt};
use super::jars::Jars;
use super::plan::Operation;
use super::words::Said;
use crate::base::quoted;
use crate::cookie::Jar;
use crate::net::clock;

/// What curl does not have, and what has been done by then.
const OURS: [Opt; 7] = [
    Opt::DryRun,
    Opt::ExplainCookies,
    Opt::FromCurl,
    Opt::JsonOut,
    Opt::Session,
    Opt::SessionReadOnly,
    Opt::ToCurl,
];

/// One line for all operations: what was said of each, and what it would do.
///
/// # Errors
/// A session that cannot be read, or a cookie that no command line can hold.
pub(super) fn line(said: &[(Vec<Said>, Operation)]) -> Result<String, Failure> {
    let mut line = "curl".to_owned();
    for (number, (said, operation)) in said.iter().enumerate() {
        if number > 0 {
            line.push_str(" --next");
        }
        for said in said {
            say(said, &mut line);
        }
        if let Some(cookies) = of_the_session(operation)? {
            // Without a `=` it would be a file's name.
            match cookies.contains('=') {
                true => line.push_str(&format!(" -b {}", quoted(&cookies))),
                false => line.push_str(&format!(" -H {}", quoted(&format!("Cookie: {cookies}")))),
            }
        }
    }
    line.push('\n');
    Ok(line)
}

fn say(said: &Said, line: &mut String) {
    let (opt, on, value) = match said {
        Said::Url(url) => {
            // A URL that looks like a flag has to be named as what it is.
            line.push_str(if url.starts_with('-') { " --url " } else { " " });
            return line.push_str(&quoted(url));
        }
        Said::Switch(opt, on) => (*opt, *on, None),
        Said::Value(opt, value) | Said::Expanded(opt, value) => (*opt, true, Some(value)),
    };
    if OURS.contains(&opt) {
        return;
    }
    let Some(flag) = FLAGS.iter().find(|flag| flag.opt == opt) else { return };
    line.push(' ');
    line.push_str(&name(flag, on));
    if let Some(value) = value {
        line.push(' ');
        line.push_str(&quoted(value));
    }
}

fn name(flag: &Flag, on: bool) -> String {
    match (flag.short, on) {
        (Some(letter), true) => format!("-{letter}"),
        (None, true) => format!("--{}", flag.long),
        (_, false) => format!("--no-{}", flag.long),
    }
}

/// The cookies that the session would send to the first URL.
fn of_the_session(operation: &Operation) -> Result<Option<String>, Failure> {
    let first = operation.first_url();
    let (Some(_), Some(first)) = (&operation.cookies.session, first) else { return Ok(None) };
    let mut plan = operation.cookies.clone();
    plan.read_only = true;
    let mut jar = None;
    Jars::open(&plan, &mut jar, Some(&first), !operation.show.errors)?;
    let cookies = jar.as_mut().and_then(|jar: &mut Jar| jar.retrieve(&first, clock::wall()));
    let text = cookies.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::usage("--to-curl: a cookie of the session is not text"))
}

#[cfg(test)]
mod tests {
    use super::super::help::FETCH;
    use super::super::words;
    use super::*;

    fn said_again(words: &[&str]) -> String {
        let mut line = String::new();
        for said in words::read(words.iter().map(|&word| word.to_owned()), &FETCH).unwrap() {
            say(&said, &mut line);
        }
        line
    }

    #[test]
    fn a_line_says_what_was_said() {
        let words =
            ["-sSLd", "a=1&b='x'", "--no-silent", "--session", "me", "-H", "X;", "http://h/"];
        let again = r" -s -S -L -d 'a=1&b='\''x'\''' --no-silent -H 'X;' http://h/";
        assert_eq!(said_again(&words), again);
        assert_eq!(said_again(&["--", "-u"]), " --url -u");
        assert_eq!(said_again(&["--json", ""]), " --json ''");
    }
}
