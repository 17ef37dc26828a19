//! `cruller explain`: what codes, fields and methods mean, as it is printed.
//!
//! `fixtures/explain/` holds what it says of some; `TRYCMD=overwrite cargo test --test tests
//! explain` writes the real output there.

use crate::support::client::{Home, cruller};
use crate::support::in_package;
use libtest_mimic::Trial;
use std::process::Stdio;

pub fn tests() -> Vec<Trial> {
    trials![
        what_is_printed_is_what_the_fixtures_show,
        every_code_from_100_to_599_is_explained,
        every_field_and_every_method_is_explained,
        no_line_is_longer_than_eighty_columns,
        json_is_one_object_a_line,
        what_was_typed_does_not_move_the_cursor,
        secrets_that_were_pasted_are_not_shown,
        a_value_that_says_nothing_more_is_shown_as_it_is,
        json_says_in_words_what_caches_keep,
        color_is_for_terminals_unless_it_is_asked_for,
        what_is_not_there_yet_is_said_to_be_planned,
        a_reader_who_has_seen_enough_is_no_failure,
        what_makes_no_sense_is_refused_on_one_line,
    ]
}

/// A line of `--json` as it is read by programs.
fn parsed(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn what_is_printed_is_what_the_fixtures_show() {
    let home = Home::new();
    let cases = trycmd::TestCases::new();
    cases.register_bin("cruller", std::path::Path::new(env!("CARGO_BIN_EXE_cruller")));
    cases.env("HOME", home.work().display().to_string()).env("NO_COLOR", "1");
    cases.case(in_package("fixtures/explain/*.trycmd")).run();
}

fn every_code_from_100_to_599_is_explained() {
    let codes: Vec<String> = (100..600).map(|code| code.to_string()).collect();
    let words = ["explain".to_owned()].into_iter().chain(codes.clone());
    let text = cruller(words).ok().text();
    for code in &codes {
        let title = |line: &str| line.split(' ').next() == Some(code);
        assert!(text.lines().any(title), "{code} is not explained");
    }
    let words = ["explain".to_owned(), "--json".to_owned()].into_iter().chain(codes);
    let text = cruller(words).ok().text();
    assert_eq!(text.lines().count(), 500);
    for line in text.lines() {
        let said = parsed(line);
        assert!(said["meaning"].as_str().is_some_and(|meaning| meaning.len() > 20), "{line}");
        assert!(said["code"].is_u64() && said["commands"]["fetch"]["does"].is_string(), "{line}");
    }
}

fn every_field_and_every_method_is_explained() {
    for (kind, least) in [("fields", 120), ("methods", 40), ("statuses", 63)] {
        let listed = cruller(["explain", "--json", "--list", kind]).ok().text();
        assert!(listed.lines().count() >= least, "{kind}: {}", listed.lines().count());
        let names: Vec<String> = listed
            .lines()
            .map(|line| {
                let said = parsed(line);
                said["name"].as_str().map_or_else(|| said["code"].to_string(), str::to_owned)
            })
            .collect();
        let words = ["explain", "--json"].map(str::to_owned).into_iter().chain(names.clone());
        let asked = cruller(words).ok().text();
        assert!(!asked.contains("\"kind\":\"unknown\""), "{kind}");
        let table = cruller(["explain", "--list", kind]).ok().text();
        for name in &names {
            assert!(table.contains(name), "{name} is not listed");
        }
    }
}

fn no_line_is_longer_than_eighty_columns() {
    for arguments in [
        vec!["explain", "--list", "fields"],
        vec!["explain", "--list", "statuses"],
        vec!["explain", "--list", "methods"],
        vec!["explain", "4xx", "Content-Security-Policy", "POST", "418", "X-Forwarded-For"],
        vec![
            "explain",
            "Set-Cookie: a=b; Domain=a-very-long-name-of-a-host-that-goes-on-and-on-until-it-is-much-longer-than-a-line.example",
        ],
        vec!["explain", "--help"],
    ] {
        let text = cruller(&arguments).ok().text();
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
            assert!(line.trim_end() == line, "{arguments:?}: {line:?}");
        }
    }
}

fn json_is_one_object_a_line() {
    let text = cruller(["explain", "--json", "404", "4xx", "477", "Vary", "LINK", "X-Foo", "bad"]);
    let lines: Vec<_> = text.ok().text().lines().map(parsed).collect();
    let kinds: Vec<_> = lines.iter().map(|said| said["kind"].as_str().unwrap()).collect();
    let expected = ["status", "class", "class", "field", "method", "field", "unknown", "phrases"];
    assert_eq!(kinds, expected);
    assert_eq!(lines[2]["code"], 477);
    let value = cruller(["explain", "--json", "Cache-Control:", "no-store,", "hokum"]).ok().text();
    let parts = &parsed(&value)["parts"];
    assert_eq!(parts[0]["part"], "no-store");
    assert!(parts[0]["meaning"].is_string() && parts[1]["meaning"].is_null(), "{value}");
}

fn what_was_typed_does_not_move_the_cursor() {
    let hostile = "Set-Cookie: \u{1b}[2J=\u{202e}; Path=\u{9b}1m\r\n; Domain=\u{7}";
    for arguments in [
        vec!["explain", hostile],
        vec!["explain", "--json", hostile],
        vec!["explain", "Vary:", "\u{1b}]0;x\u{7}"],
        vec!["explain", "Cookie: a\u{1b}[31m=b\u{200f}"],
        vec!["explain", "Vary\u{1b}[2J"],
        vec!["explain", "\u{202e}404"],
    ] {
        let ran = cruller(&arguments);
        let said = format!("{}{}", ran.text(), ran.stderr);
        let turns = |c: char| matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
        let moves = said.chars().find(|c| turns(*c) || (c.is_control() && *c != '\n'));
        // In JSON the letters that turn a line around are data; the escapes are escaped.
        let json = arguments.contains(&"--json");
        assert!(moves.is_none_or(|c| json && turns(c)), "{arguments:?}: {said:?}");
        assert!(ran.code == 0 || ran.code == 2, "{ran}");
    }
}

fn secrets_that_were_pasted_are_not_shown() {
    for line in [
        "Set-Cookie: sid=7f3cSECRET; Path=/",
        "Cookie: sid=7f3cSECRET; a=SECRET",
        "Authorization: Bearer SECRET",
        "Authorization: Digest username=\"ada\", response=\"SECRET\"",
        "Proxy-Authorization: Basic SECRET",
        "Authorization: SECRET",
        "Authorization: SECRET:pw",
        "Authorization: SECRET==",
        "Proxy-Authorization: SECRET",
        "Set-Cookie: SECRET",
        "Set-Cookie: =SECRET; Path=/",
        "Cookie: SECRET",
        "Cookie: a=b; SECRET",
        "Set-Cookie2: a=SECRET",
        "X-Vault-Token: SECRET",
        "X-API-Key: SECRET",
        "DPoP: SECRET.SECRET",
    ] {
        for json in [&[][..], &["--json"]] {
            let words = ["explain"].into_iter().chain(json.iter().copied()).chain([line]);
            let text = cruller(words).ok().text();
            assert!(!text.contains("SECRET"), "{text}");
        }
    }
}

fn a_value_that_says_nothing_more_is_shown_as_it_is() {
    for line in [
        "RateLimit: 100",
        "RateLimit: limit=abc",
        "Accept-Encoding: gzip;q=0",
        "Keep-Alive: 300",
        "Location: /there",
        "Server: here/1",
        "User-Agent: me/1",
        "X-Nobody-Knows: what",
        "X-API-Key: hush",
        "Vary: \u{1b}[2J",
    ] {
        let text = cruller(["explain", line]).ok().text();
        let row = text.lines().find_map(|line| line.trim().strip_prefix("this value:"));
        assert!(row.is_some_and(|row| !row.trim().is_empty()), "{line}: {text}");
    }
    let long = format!("X-Nobody: {}", "y".repeat(100_000));
    assert!(cruller(["explain", &long]).ok().text().len() < 2000);
    let said = cruller(["explain", "--json", "X-Nobody: what"]).ok().text();
    assert_eq!(parsed(&said)["value"], "what");
    let said = parsed(&cruller(["explain", "--json", "X-API-Key: what"]).ok().text());
    assert!(said["value"].is_null() && said["parts"] == serde_json::json!([]), "{said}");
}

fn json_says_in_words_what_caches_keep() {
    for (code, words) in [("304", "makes what a cache has fresh"), ("429", "never stored")] {
        let said = parsed(&cruller(["explain", "--json", code]).ok().text());
        assert!(said["kept"].as_str().is_some_and(|kept| kept.contains(words)), "{said}");
    }
    let said = cruller(["explain", "--json", "Cookie: a=b; c"]).ok().text();
    for part in parsed(&said)["parts"].as_array().unwrap() {
        assert!(part["meaning"].as_str().is_none_or(|meaning| !meaning.is_empty()), "{said}");
    }
}

fn color_is_for_terminals_unless_it_is_asked_for() {
    let colored = |arguments: &[&str], environment: &[(&str, &str)]| {
        let home = Home::new();
        let mut command = home.command([&["explain", "404"], arguments].concat());
        command.envs(environment.iter().copied());
        let ran = crate::support::client::Running::to(command, Stdio::piped()).finish().ok();
        ran.text().contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(colored(&["--color", "always"], &[("TERM", "dumb")]));
}

fn what_is_not_there_yet_is_said_to_be_planned() {
    let text = cruller(["explain", "503"]).ok().text();
    for command in ["fetch", "crawl", "replay"] {
        let there = cruller([command, "--help"]).code == 0;
        let label = format!("  {command} ");
        let row = text.lines().find(|line| line.starts_with(&label)).expect("a row");
        assert_eq!(row.contains("(planned)"), !there, "{row}");
    }
}

fn a_reader_who_has_seen_enough_is_no_failure() {
    let home = Home::new();
    let mut command = home.command(["explain", "--list", "fields"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.code() == Some(0) && ended.stderr.is_empty(), "{ended:?}");
}

fn what_makes_no_sense_is_refused_on_one_line() {
    for word in [
        "",
        " ",
        "42",
        "1000",
        "099",
        "6xx",
        "0xx",
        "a b",
        "https://a.example/",
        "ü",
        "(",
        "a/b",
        "\u{1b}[2J",
    ] {
        cruller(["explain", word]).failed(2);
    }
    cruller(["explain", "404", "a b"]).failed(2);
    cruller(["explain", "--list", "nothing"]).failed(2);
    cruller(["explain", "--color", "sometimes", "404"]).failed(2);
}
