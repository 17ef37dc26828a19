//! What the words ask for.
//!
//! 1. All of them together may be a phrase: `not found`.
//! 2. A word with a colon behind a name is a field; the rest of the line is its value, however the
//!    shell has split it.
//! 3. Three digits are a status code, a digit and `xx` a class.
//! 4. Anything else is a method, a field or a phrase; a word may be more than one of them.
//! 5. A word that could be a field's name is explained as far as its beginning says something. It
//!    is no error to ask for a field that nobody registered.

use crate::cli::exit::Failure;
use crate::registry::{self, Class, Field, Method, Standing, Status};

/// One thing to explain.
#[derive(Debug)]
pub(super) enum Topic {
    /// A status code.
    Status(Status),
    /// A class; with a code of it that nobody registered, perhaps.
    Class { class: Class, code: Option<u16> },
    /// A field, with a value perhaps.
    Field { field: Field, value: Option<String> },
    /// A method.
    Method(Method),
    /// A name that may be a field's, and what its beginning says.
    Stranger {
        name: String,
        value: Option<String>,
        standing: Standing,
        family: Option<Field>,
        near: Vec<String>,
    },
}

/// What was asked with one word, or with several that belong together.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) word: String,
    pub(super) topics: Vec<Topic>,
    /// Status codes with the word in their phrase.
    pub(super) phrases: Vec<Status>,
}

/// Shorter words stand in too many phrases.
const SHORTEST_PIECE: usize = 3;

/// So much of what was typed is repeated in an error: enough to know it again.
const MOST_QUOTED: usize = 60;

/// A name that nobody knows is repeated so far: all of any that was meant.
const LONGEST_NAME: usize = 100;

/// What is known, and how to see all of it.
const HINT: &str = "cruller explain --list statuses, fields or methods shows what is known";

/// Reads the words.
///
/// # Errors
/// One of them is nothing that could be explained.
pub(super) fn read(words: &[String]) -> Result<Vec<Asked>, Failure> {
    let together = words.join(" ");
    if let Some(asked) = status_line(&together) {
        return asked.map(|asked| vec![asked]);
    }
    let phrased = with_phrase(&together);
    if words.len() > 1 && !phrased.is_empty() {
        let topics = phrased.into_iter().map(Topic::Status).collect();
        return Ok(vec![Asked { word: together, topics, phrases: Vec::new() }]);
    }
    let mut all = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word.trim();
        if let Some((name, value)) = name_and_value(word) {
            if is_number(name) {
                all.push(one(name)?);
                continue;
            }
            let rest = words[at + 1..].iter().map(String::as_str);
            let value = std::iter::once(value).chain(rest).collect::<Vec<_>>().join(" ");
            let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            // The value may be secret, and is not repeated.
            let word = cut(name, LONGEST_NAME);
            all.push(Asked { word, topics: vec![field(name, value)?], phrases: vec![] });
            return Ok(all);
        }
        all.push(one(word)?);
    }
    Ok(all)
}

/// `HTTP/1.1 404 Not Found`, as it stands above a head, and `404 Not Found`, as people write it.
fn status_line(line: &str) -> Option<Result<Asked, Failure>> {
    let line = line.trim();
    let (first, behind) = line.split_once(' ')?;
    let version = first.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("HTTP/"));
    let (code, phrase) = match version {
        true => behind.trim_start().split_once(' ').unwrap_or((behind.trim(), "")),
        false => (first, behind.trim_start()),
    };
    if !is_number(code) {
        return None;
    }
    let its = with_phrase(phrase).iter().any(|status| Some(status.code) == code.parse().ok());
    (version || its).then(|| one(code))
}

/// A name with a colon behind it, and what follows. `:path` is a name, `https://` is none.
fn name_and_value(word: &str) -> Option<(&str, &str)> {
    let from = usize::from(word.starts_with(':'));
    let colon = word.get(from..)?.find(':')? + from;
    let (name, value) = (&word[..colon], &word[colon + 1..]);
    (colon > 0 && !value.starts_with("//")).then_some((name, value))
}

fn one(word: &str) -> Result<Asked, Failure> {
    let asked = |topics| Asked { word: cut(word, LONGEST_NAME), topics, phrases: Vec::new() };
    if word.is_empty() {
        return Err(Failure::usage("an empty word says nothing").hint(HINT));
    }
    if word.contains("://") {
        let why =
            format!("{} is a URL; explain takes status codes, fields and methods", quoted(word));
        return Err(Failure::usage(why).hint("cruller inspect URL shows what a server answers"));
    }
    if is_number(word) {
        return Ok(asked(vec![code(word)?]));
    }
    if let Some(digit) = class_digit(word) {
        let class = registry::class(digit * 100).ok_or_else(|| no_code(word))?;
        return Ok(asked(vec![Topic::Class { class, code: None }]));
    }
    let mut topics = Vec::new();
    topics.extend(registry::field(word).map(|field| Topic::Field { field, value: None }));
    if let Some(method) = registry::method(word) {
        // LINK is the method, Link the field; both are told of.
        let at = if method.name == word { 0 } else { topics.len() };
        topics.insert(at, Topic::Method(method));
    }
    topics.extend(with_phrase(word).into_iter().map(Topic::Status));
    let mut phrases = phrases_with(word, !topics.is_empty());
    if topics.is_empty() && phrases.len() == 1 {
        topics.extend(phrases.pop().map(Topic::Status));
    }
    if topics.is_empty() && phrases.is_empty() {
        topics.push(field(word, None)?);
    }
    phrases.retain(|status| {
        let told = |topic: &Topic| matches!(topic, Topic::Status(told) if told.code == status.code);
        !topics.iter().any(told)
    });
    Ok(Asked { phrases, ..asked(topics) })
}

/// Digits, and at least one.
fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `404`
fn code(digits: &str) -> Result<Topic, Failure> {
    let code = digits.parse().ok().filter(|code| digits.len() == 3 && *code >= 100);
    let code: u16 = code.ok_or_else(|| no_code(digits))?;
    if let Some(status) = registry::status(code) {
        return Ok(Topic::Status(status));
    }
    // Above 599 there are no codes, and a client takes them for a server's failure.
    let class = registry::class(code.min(599)).ok_or_else(|| no_code(digits))?;
    Ok(Topic::Class { class, code: Some(code) })
}

fn no_code(word: &str) -> Failure {
    let word = quoted(word);
    let why = format!("{word} is no status code: they have three digits, 100 to 599");
    Failure::usage(why).hint("cruller explain --list statuses shows those that mean something")
}

/// `4xx`
fn class_digit(word: &str) -> Option<u16> {
    let (digit, rest) = word.split_at_checked(1)?;
    let class = rest.eq_ignore_ascii_case("xx") || rest == "**";
    digit.parse().ok().filter(|_| class)
}

/// The codes with exactly this phrase.
fn with_phrase(phrase: &str) -> Vec<Status> {
    let is = |known: &str| known.eq_ignore_ascii_case(phrase);
    let known = |status: &Status| is(&status.phrase) || status.also.iter().any(|also| is(also));
    registry::statuses().into_iter().filter(known).collect()
}

/// The codes with this text in their phrase, as `whole` words only or anywhere.
fn phrases_with(text: &str, whole: bool) -> Vec<Status> {
    let text = text.to_ascii_lowercase();
    if text.len() < SHORTEST_PIECE {
        return Vec::new();
    }
    let holds = |phrase: &str| {
        let phrase = phrase.to_ascii_lowercase();
        match whole {
            true => phrase.split([' ', '-', '(', ')']).any(|word| word == text),
            false => phrase.contains(&text),
        }
    };
    let known =
        |status: &Status| holds(&status.phrase) || status.also.iter().any(|also| holds(also));
    registry::statuses().into_iter().filter(known).collect()
}

/// A field by its name, also one that nobody knows.
fn field(name: &str, value: Option<String>) -> Result<Topic, Failure> {
    if let Some(field) = registry::field(name) {
        return Ok(Topic::Field { field, value });
    }
    let near = near(name);
    if !is_token(name) {
        let name = quoted(name);
        let why = format!("\"{name}\" is no status code, and no name of a field or a method");
        let why = match near.is_empty() {
            true => why,
            false => format!("{why}; did you mean {}?", near.join(" or ")),
        };
        return Err(Failure::usage(why).hint(HINT));
    }
    let (standing, family) = (registry::standing(name), registry::family(name));
    Ok(Topic::Stranger { name: cut(name, LONGEST_NAME), value, standing, family, near })
}

/// As much of a word as an error quotes.
fn quoted(word: &str) -> String {
    cut(word, MOST_QUOTED)
}

/// The first letters, and dots where there are more.
pub(super) fn cut(word: &str, letters: usize) -> String {
    match word.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

/// What may have been meant, as it would be typed.
fn near(word: &str) -> Vec<String> {
    let statuses = registry::statuses();
    let (fields, methods) = (registry::fields(), registry::methods());
    let names = fields.iter().map(|field| field.name.as_str());
    let names = names.chain(methods.iter().map(|method| method.name.as_str()));
    let names = names.chain(statuses.iter().map(|status| status.phrase.as_str()));
    let found = registry::near(word, names);
    let shown = found.into_iter().map(|name| match name.contains(' ') {
        true => format!("\"{name}\""),
        false => name.to_owned(),
    });
    shown.collect()
}

/// RFC 9110 section 5.6.2
fn is_token(name: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &[&str]) -> Vec<Asked> {
        let words: Vec<String> = line.iter().map(|word| (*word).to_owned()).collect();
        read(&words).unwrap()
    }

    /// What each word was taken for.
    fn taken(line: &[&str]) -> Vec<String> {
        let topics = asked(line).into_iter().flat_map(|asked| asked.topics);
        topics.map(|topic| name(&topic)).collect()
    }

    fn name(topic: &Topic) -> String {
        match topic {
            Topic::Status(status) => status.code.to_string(),
            Topic::Class { class, code } => format!("{}xx {}", class.digit, code.unwrap_or(0)),
            Topic::Field { field, value: None } => field.name.clone(),
            Topic::Field { field, value: Some(value) } => format!("{}: {value}", field.name),
            Topic::Method(method) => format!("method {}", method.name),
            Topic::Stranger { name, .. } => format!("? {name}"),
        }
    }

    #[test]
    fn words_are_taken_for_what_they_are() {
        assert_eq!(taken(&["404", "Set-Cookie", "get"]), ["404", "Set-Cookie", "method GET"]);
        assert_eq!(taken(&["4xx", "5XX", "1**"]), ["4xx 0", "5xx 0", "1xx 0"]);
        assert_eq!(taken(&["477", "700"]), ["4xx 477", "5xx 700"]);
        assert_eq!(taken(&["X-Nobody", ":path"]), ["? X-Nobody", ":path"]);
        assert_eq!(taken(&["HTTP/1.1", "404", "Not", "Found"]), ["404"]);
        assert_eq!(taken(&["HTTP/1.1 404 Not Found"]), ["404"]);
        assert_eq!(taken(&["HTTP/2", "404"]), ["404"]);
        assert_eq!(taken(&["200", "OK"]), ["200"]);
        assert_eq!(taken(&["404 not found"]), ["404"]);
        assert_eq!(taken(&["404", "gone"]), ["404", "410"]);
        assert_eq!(taken(&["404:", "410"]), ["404", "410"]);
    }

    #[test]
    fn behind_a_colon_is_the_value_however_the_shell_has_split_it() {
        let value = "Cache-Control: no-store, max-age=60";
        assert_eq!(taken(&[value]), [value]);
        assert_eq!(taken(&["cache-control:", "no-store,", "max-age=60"]), [value]);
        assert_eq!(taken(&["404", "Vary:Accept", "404"]), ["404", "Vary: Accept 404"]);
        assert_eq!(taken(&["Vary:"]), ["Vary"]);
        assert_eq!(taken(&[":path: /x"]), [":path: /x"]);
        assert_eq!(taken(&["Location:", "https://a.example/"]), ["Location: https://a.example/"]);
    }

    #[test]
    fn phrases_are_found_whole_and_by_a_piece() {
        assert_eq!(taken(&["not found"]), ["404"]);
        assert_eq!(taken(&["not", "found"]), ["404"]);
        assert_eq!(taken(&["teapot"]), ["418"]);
        assert_eq!(taken(&["found"]), ["302"]);
        let several = asked(&["gateway"]);
        assert!(several[0].topics.is_empty());
        let codes: Vec<u16> = several[0].phrases.iter().map(|status| status.code).collect();
        assert_eq!(codes, [502, 504]);
    }

    #[test]
    fn a_word_may_be_a_field_and_a_method() {
        assert_eq!(taken(&["Link"]), ["Link", "method LINK"]);
        assert_eq!(taken(&["LINK"]), ["method LINK", "Link"]);
        let also: Vec<u16> = asked(&["timeout"])[0].phrases.iter().map(|s| s.code).collect();
        assert!(also.contains(&408) && also.contains(&504), "{also:?}");
    }

    #[test]
    fn what_cannot_be_anything_is_refused_and_what_was_meant_is_said() {
        for word in
            ["", " ", "42", "099", "1000", "6xx", "https://a.example/", "a b c", "ü", "\u{1b}[2J"]
        {
            let failure = read(&[word.to_owned()]).unwrap_err();
            assert!(failure.hint.is_some() && failure.code == 2, "{word}");
        }
        let failure = read(&["ü".repeat(100_000)]).unwrap_err();
        assert!(failure.message.len() < 300, "{}", failure.message.len());
        let Topic::Stranger { name, .. } = &asked(&[&"x".repeat(100_000)])[0].topics[0] else {
            panic!()
        };
        assert!(name.len() < 300);
        let failure = read(&["not foundd".to_owned()]).unwrap_err();
        assert!(failure.message.contains("\"Not Found\""), "{}", failure.message);
        let Topic::Stranger { near, .. } = &asked(&["Set-Cokie"])[0].topics[0] else { panic!() };
        assert_eq!(near[0], "Set-Cookie");
    }
}
