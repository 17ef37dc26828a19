//! The command line of the program that borrows the jar: which program it is, and where in its
//! arguments the jar is named.
//!
//! 1. `{jar}` in an argument is the jar's path. Then nothing is added.
//! 2. `curl` without it gets `-b JAR -c JAR`, behind a `-q` that has to be first, and again behind
//!    each `--next`; `wget` gets `--load-cookies JAR --save-cookies JAR --keep-session-cookies`.
//! 3. Unless their arguments name a jar already: then that one is meant.
//! 4. Only of curl and Wget that got it so is it known that they load and keep all of it.

use crate::cli::flags::Takes;
use crate::cli::help::FETCH;
use crate::cookie::formats::Borrower;
use std::path::Path;

/// Stands for the jar's path.
const JAR: &str = "{jar}";

/// Letters of curl's that take a value and are not in the table of flags.
const OTHER_LETTERS: &str = "PQt";

/// A program that borrows the jar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Errand {
    pub(super) program: String,
    arguments: Vec<String>,
    pub(super) borrower: Borrower,
    /// Its arguments name another jar, and this one only in the environment.
    pub(super) elsewhere: bool,
    /// Where the jar is put into the arguments, the last place first, and how.
    places: Vec<usize>,
    added: &'static [&'static str],
}

impl Errand {
    /// Reads a command line: the program, then its arguments.
    pub(super) fn read(program: &str, arguments: &[String]) -> Errand {
        let mut errand = Errand {
            program: program.to_owned(),
            arguments: arguments.to_vec(),
            borrower: Borrower { marks_http_only: false, keeps_all: false },
            elsewhere: false,
            places: Vec::new(),
            added: &[],
        };
        let named = arguments.iter().any(|word| word.contains(JAR));
        match Path::new(program).file_name().and_then(|name| name.to_str()) {
            Some("curl") => {
                errand.added = &["-b", JAR, "-c", JAR];
                errand.place(named, of_curl(arguments));
                errand.borrower.marks_http_only = true;
                errand.borrower.keeps_all = !errand.places.is_empty() && !drops(arguments);
            }
            Some("wget") => {
                errand.added =
                    &["--load-cookies", JAR, "--save-cookies", JAR, "--keep-session-cookies"];
                errand.place(named, of_wget(arguments));
                // Such as `--no-cookies`, `--no-keep-session-cookies`, `-e cookies=off`.
                let told = |word: &String| word.contains("cookies") && !word.contains("://");
                errand.borrower.keeps_all =
                    !errand.places.is_empty() && !arguments.iter().any(told);
            }
            _ => {}
        }
        errand
    }

    fn place(&mut self, named: bool, places: Option<Vec<usize>>) {
        self.elsewhere = !named && places.is_none();
        self.places = places.filter(|_| !named).unwrap_or_default();
    }

    /// The arguments with the jar's path in them.
    pub(super) fn arguments(&self, jar: &str) -> Vec<String> {
        let mut words = self.arguments.clone();
        for place in self.places.iter().rev() {
            words.splice(*place..*place, self.added.iter().map(|word| (*word).to_owned()));
        }
        words.iter().map(|word| word.replace(JAR, jar)).collect()
    }
}

/// Whether curl may have been told to drop session cookies when it loads them, or to read more
/// options from a file; rather too often than too rarely.
fn drops(words: &[String]) -> bool {
    words.iter().any(|word| match word.strip_prefix("--") {
        Some(name) => name.starts_with("junk") || name.starts_with("conf"),
        None => word.starts_with('-') && word.contains(['j', 'K']),
    })
}

/// Where options go that hold for everything; `None` where a jar is named.
fn of_wget(words: &[String]) -> Option<Vec<usize>> {
    let named = |word: &String| ["--load", "--save-c"].iter().any(|name| word.starts_with(name));
    (!words.iter().any(named)).then(|| vec![0])
}

/// The beginning of curl's options and of those behind each `--next`; `None` where a jar is named.
fn of_curl(words: &[String]) -> Option<Vec<usize>> {
    let first = words.first().map_or("", String::as_str);
    // As the first word it keeps the configuration file out.
    let quiet = first == "--disable" || (first.starts_with("-q") && !first.starts_with("--"));
    let mut places = vec![usize::from(quiet)];
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word == "--" {
            // URLs.
            break;
        } else if let Some(name) = word.strip_prefix("--") {
            let takes = FETCH.by_long(name).is_some_and(|(flag, _)| takes_value(flag.takes));
            let value = words.get(at).filter(|_| takes).map(String::as_str);
            at += usize::from(takes);
            if name == "next" {
                places.push(at);
            }
            if name.starts_with("cookie-") || (name == "cookie" && is_file(value)) {
                return None;
            }
        } else if let Some(letters) = word.strip_prefix('-') {
            for (i, letter) in letters.char_indices() {
                if letter == ':' {
                    places.push(at);
                }
                let takes = FETCH.by_short(letter).is_some_and(|flag| takes_value(flag.takes));
                if !takes && !OTHER_LETTERS.contains(letter) {
                    continue;
                }
                let rest = &letters[i + letter.len_utf8()..];
                let value =
                    if rest.is_empty() { words.get(at).map(String::as_str) } else { Some(rest) };
                at += usize::from(rest.is_empty());
                if letter == 'c' || (letter == 'b' && is_file(value)) {
                    return None;
                }
                break;
            }
        }
    }
    Some(places)
}

fn takes_value(takes: Takes) -> bool {
    matches!(takes, Takes::Value(_))
}

/// curl's rule: with a `=` in it, it is a cookie; nothing is no file either.
fn is_file(value: Option<&str>) -> bool {
    value.is_some_and(|value| !value.is_empty() && !value.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole command line with `J` for the jar; none where another jar is meant.
    fn line(command: &str) -> Option<String> {
        let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        let errand = Errand::read(&words[0], &words[1..]);
        (!errand.elsewhere)
            .then(|| [vec![errand.program.clone()], errand.arguments("J")].concat().join(" "))
    }

    #[test]
    fn curl_gets_the_jar_wherever_its_options_begin() {
        for (given, run) in [
            ("curl -s u", "curl -b J -c J -s u"),
            ("/usr/bin/curl u", "/usr/bin/curl -b J -c J u"),
            ("curl -q u", "curl -q -b J -c J u"),
            ("curl -qsS u", "curl -qsS -b J -c J u"),
            ("curl --disable u", "curl --disable -b J -c J u"),
            ("curl u --next -s v", "curl -b J -c J u --next -b J -c J -s v"),
            ("curl u -: v", "curl -b J -c J u -: -b J -c J v"),
            // Values that look like flags, a cookie that is no file, and what comes behind.
            ("curl -H -c -d --cookie-jar u", "curl -b J -c J -H -c -d --cookie-jar u"),
            ("curl -sb a=1 u", "curl -b J -c J -sb a=1 u"),
            ("curl --cookie a=1 u", "curl -b J -c J --cookie a=1 u"),
            ("curl -- -c", "curl -b J -c J -- -c"),
            // The jar is named.
            ("curl -b {jar} u", "curl -b J u"),
            ("curl -c {jar} -b {jar} u?{jar}", "curl -c J -b J u?J"),
        ] {
            assert_eq!(line(given).as_deref(), Some(run), "{given}");
        }
    }

    #[test]
    fn only_who_was_told_by_us_to_load_and_save_keeps_all() {
        for (given, keeps) in [
            ("curl u", true),
            ("/usr/bin/curl -sS -d a=j u --next v", true),
            ("wget u", true),
            ("wget http://a/cookies", true),
            ("curl -c {jar} u", false),
            ("curl -b {jar} -c {jar} u", false),
            ("curl -sj u", false),
            ("curl --junk-session-cookies u", false),
            ("curl -K file u", false),
            ("wget --save-cookies {jar} u", false),
            ("wget --no-keep-session-cookies u", false),
            ("wget -e cookies=off u", false),
            ("python3 {jar}", false),
            ("tool", false),
        ] {
            let words: Vec<String> = given.split(' ').map(str::to_owned).collect();
            let errand = Errand::read(&words[0], &words[1..]);
            assert_eq!(errand.borrower.keeps_all, keeps, "{given}");
        }
    }

    #[test]
    fn a_jar_that_is_named_is_meant() {
        for given in [
            "curl -c jar u",
            "curl -cjar u",
            "curl -sSc jar u",
            "curl -b jar u",
            "curl --cookie jar u",
            "curl -s --cookie-jar jar u",
            "wget --load-cookies=jar u",
            "wget --save-cookies jar u",
        ] {
            assert_eq!(line(given), None, "{given}");
        }
    }

    #[test]
    fn wget_gets_it_and_others_find_it() {
        let added = "--load-cookies J --save-cookies J --keep-session-cookies";
        assert_eq!(line("wget -q u"), Some(format!("wget {added} -q u")));
        assert_eq!(line("wget --load-cookies {jar} u").as_deref(), Some("wget --load-cookies J u"));
        assert_eq!(line("tool --jar={jar} -c x").as_deref(), Some("tool --jar=J -c x"));
        assert_eq!(line("tool").as_deref(), Some("tool"));
    }
}
