//! A comparison of two answers, side by side.
//!
//! ```text
//!            a                                  b
//!            http://a.example/                  saved.har
//!
//! status     200 OK                             404 Not Found
//!            it is gone
//! fields
//!   Server   nginx                              apache
//! ```
//!
//! What is the same is told in a word; what differs stands in two columns, which at 80 columns
//! leave each side 33.

use super::exit::code;
use super::paper::{Ink, Paper};
use super::print::escaped;
use crate::compare::{Body, Change, Comparison, Difference, How, Outcome};
use crate::registry;
use serde_json::{Value, json};

/// Where the first side begins.
const SIDES: usize = 12;

/// The exit code that a comparison comes to.
pub(super) fn exit(comparison: &Comparison) -> u8 {
    match comparison.outcome() {
        Outcome::Same => 0,
        Outcome::Differs => code::DIFFERS,
        Outcome::Unknown => code::INCOMPARABLE,
    }
}

/// For reading; `a` and `b` are what the sides are called. Whether the comparison was `strict`
/// decides what the same cookies are.
pub(super) fn text(paper: &mut Paper, (a, b): (&str, &str), comparison: &Comparison, strict: bool) {
    let (a, b) = (escaped(a), escaped(b));
    paper.sides(0, (Ink::Label, ""), SIDES, (Ink::Title, Some(&a)), (Ink::Title, Some(&b)));
    paper.gap();
    status(paper, comparison);
    differences(paper, "redirects", &comparison.chain);
    differences(paper, "fields", &comparison.headers);
    match comparison.cookies.is_empty() && !strict {
        true => {
            let words = "the same, their values not counted (--strict does)";
            paper.row(0, (Ink::Label, "cookies"), SIDES, &[(Ink::Faint, words)]);
        }
        false => differences(paper, "cookies", &comparison.cookies),
    }
    body(paper, &comparison.body);
    if !comparison.ignored.is_empty() {
        let names = format!("{}: not counted (--strict does)", comparison.ignored.join(", "));
        paper.row(0, (Ink::Label, "volatile"), SIDES, &[(Ink::Faint, &escaped(&names))]);
    }
    paper.gap();
    let (ink, words) = match comparison.outcome() {
        Outcome::Same => (Ink::Good, "the same"),
        Outcome::Differs => (Ink::Bad, "they differ"),
        Outcome::Unknown => (Ink::Caution, "nobody can tell: a content is not there as a whole"),
    };
    paper.row(0, (Ink::Label, "together"), SIDES, &[(ink, words)]);
}

fn status(paper: &mut Paper, comparison: &Comparison) {
    let status = comparison.status;
    let named = |code: u16| match registry::status(code) {
        Some(known) => format!("{code} {}", known.phrase),
        None => code.to_string(),
    };
    let (a, b) = (named(status.a), named(status.b));
    let ink = if status.change == Change::Same { Ink::Plain } else { Ink::Bad };
    paper.sides(0, (Ink::Label, "status"), SIDES, (Ink::Plain, Some(&a)), (ink, Some(&b)));
    if !matches!(status.change, Change::Same | Change::SameClass) {
        paper.row(0, (Ink::Label, ""), SIDES, &[(Ink::Faint, &status.change.to_string())]);
    }
}

fn differences(paper: &mut Paper, what: &str, all: &[Difference]) {
    if all.is_empty() {
        paper.row(0, (Ink::Label, what), SIDES, &[(Ink::Faint, "the same")]);
        return;
    }
    let count = match all.len() {
        1 => "1 differs".to_owned(),
        many => format!("{many} differ"),
    };
    paper.row(0, (Ink::Label, what), SIDES, &[(Ink::Bad, &count)]);
    listed(paper, all);
}

fn listed(paper: &mut Paper, all: &[Difference]) {
    let mut last = "";
    for difference in all {
        // Several at one place name it once.
        let at = if last == difference.at { String::new() } else { escaped(&difference.at) };
        last = &difference.at;
        let (a, b) = (difference.a.as_deref().map(escaped), difference.b.as_deref().map(escaped));
        let (a, b) = (a.as_deref(), b.as_deref());
        paper.sides(2, (Ink::Name, &at), SIDES, (Ink::Plain, a), (Ink::Plain, b));
    }
}

fn body(paper: &mut Paper, body: &Body) {
    let (ink, words) = match body {
        Body::Same => (Ink::Faint, "the same".to_owned()),
        Body::Decoded => (Ink::Faint, "the same when decoded".to_owned()),
        Body::Normalised(how) => (Ink::Faint, format!("the same {}", normalised(*how))),
        Body::Unknown => {
            (Ink::Caution, "not compared: one of them is not there as a whole".to_owned())
        }
        Body::Differs { how, similarity, .. } => {
            // Never whole where something differs, and never nothing where something is the same.
            let percent = match similarity * 100.0 {
                share if share > 99.0 => "more than 99".to_owned(),
                share if share > 0.0 && share < 1.0 => "less than 1".to_owned(),
                share => format!("{share:.0}"),
            };
            (Ink::Bad, format!("differs: {percent} % is the same, as {how}"))
        }
    };
    paper.row(0, (Ink::Label, "content"), SIDES, &[(ink, &words)]);
    if let Body::Differs { differences, more, .. } = body {
        listed(paper, differences);
        if *more {
            paper.row(0, (Ink::Label, ""), SIDES, &[(Ink::Faint, "and more")]);
        }
    }
}

fn normalised(how: How) -> &'static str {
    match how {
        How::Bytes => "byte by byte",
        How::Text => "as text, but for white space",
        How::Html => "as HTML, but for white space and what is made anew",
        How::Json => "as JSON, but for its order and what is made anew",
    }
}

/// For programs: one object.
pub(super) fn json(a: &str, b: &str, comparison: &Comparison) -> Value {
    let all = |differences: &[Difference]| -> Vec<Value> {
        let one = |d: &Difference| json!({"at": d.at, "a": d.a, "b": d.b});
        differences.iter().map(one).collect()
    };
    let same = |how: &str| json!({"same": true, "compared_as": how});
    let body = match &comparison.body {
        Body::Same => same("bytes"),
        Body::Decoded => same("decoded bytes"),
        Body::Normalised(how) => same(&how.to_string()),
        Body::Unknown => json!({"same": null}),
        Body::Differs { how, similarity, differences, more } => json!({
            "same": false,
            "compared_as": how.to_string(),
            "similarity": similarity,
            "differences": all(differences),
            "more": more,
        }),
    };
    let outcome = match comparison.outcome() {
        Outcome::Same => "same",
        Outcome::Differs => "differs",
        Outcome::Unknown => "unknown",
    };
    let status = comparison.status;
    json!({
        "a": a,
        "b": b,
        "outcome": outcome,
        "status": {"a": status.a, "b": status.b, "change": status.change.to_string()},
        "redirects": all(&comparison.chain),
        "fields": all(&comparison.headers),
        "volatile": comparison.ignored,
        "cookies": all(&comparison.cookies),
        "content": body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Status;

    fn between(at: &str, a: Option<&str>, b: Option<&str>) -> Difference {
        let owned = |text: &str| text.to_owned();
        Difference { at: at.to_owned(), a: a.map(owned), b: b.map(owned) }
    }

    fn same() -> Comparison {
        Comparison {
            status: Status { a: 200, b: 200, change: Change::Same },
            chain: Vec::new(),
            headers: Vec::new(),
            ignored: Vec::new(),
            cookies: Vec::new(),
            body: Body::Same,
        }
    }

    fn differing() -> Comparison {
        Comparison {
            status: Status { a: 200, b: 404, change: Change::Gone },
            chain: vec![between("hop 2", Some("/home"), None)],
            headers: vec![
                between("Server", Some("nginx"), Some("apache")),
                between(
                    "Strict-Transport-Security",
                    Some("max-age=31536000; includeSubDomains; preload"),
                    None,
                ),
            ],
            ignored: vec!["Date".to_owned(), "ETag".to_owned()],
            cookies: vec![between("sid\u{1b}[2J", Some("Secure"), Some("set\r\n\u{202e}"))],
            body: Body::Differs {
                how: How::Html,
                similarity: 0.996,
                differences: vec![
                    between("<p>", Some("old"), Some("new")),
                    between("<p>", None, Some("more")),
                ],
                more: true,
            },
        }
    }

    fn shown(comparison: &Comparison) -> String {
        let mut paper = Paper::of_width(80);
        text(&mut paper, ("http://a.example/", "saved.har"), comparison, true);
        paper.into_text()
    }

    #[test]
    fn two_answers_stand_side_by_side() {
        let text = shown(&differing());
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let expected = "            http://a.example/                  saved.har

status      200 OK                             404 Not Found
            it is gone
redirects   1 differs
  hop 2     /home                              —
fields      2 differ
  Server    nginx                              apache
  Strict-Transport-Security
            max-age=31536000;                  —
            includeSubDomains; preload
cookies     1 differs
  sid\\u{1b}[2J
            Secure                             set\\r\\n\\u{202e}
content     differs: more than 99 % is the same, as HTML
  <p>       old                                new
            —                                  more
            and more
volatile    Date, ETag: not counted (--strict does)

together    they differ
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_the_same_is_told_in_a_word() {
        let text = shown(&same());
        assert_eq!(text.matches("the same\n").count(), 5, "{text}");
        let mut loose = Paper::of_width(80);
        super::text(&mut loose, ("a", "b"), &same(), false);
        assert!(loose.into_text().contains("cookies     the same, their values not counted"));
        let unknown = Comparison { body: Body::Unknown, ..same() };
        assert!(shown(&unknown).contains("not compared"), "{}", shown(&unknown));
    }

    #[test]
    fn the_exit_code_tells_it_too() {
        let unknown = Comparison { body: Body::Unknown, ..same() };
        let all = [same(), differing(), unknown].map(|comparison| exit(&comparison));
        assert_eq!(all, [0, 200, 202]);
    }

    #[test]
    fn for_programs_it_is_one_object() {
        let value = json("a", "b", &differing());
        assert_eq!((&value["outcome"], &value["status"]["b"]), (&json!("differs"), &json!(404)));
        assert_eq!(
            value["fields"][1],
            json!({"at": "Strict-Transport-Security",
            "a": "max-age=31536000; includeSubDomains; preload", "b": null})
        );
        assert_eq!(value["content"]["differences"][1]["b"], "more");
        assert_eq!(
            json("a", "b", &same())["content"],
            json!({"same": true, "compared_as": "bytes"})
        );
    }
}
