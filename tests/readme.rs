//! Runs every console block of README.md, so that what it shows is what happens.
//!
//! The names of the real web are led to the practice site by a `fetch.conf`: port 80 straight to
//! it, port 443 through a TLS front with a certificate for the names that README.md uses.
//! `TRYCMD=overwrite cargo test --test tests readme` writes the real output into README.md.

use crate::support::client::Home;
use crate::support::tls::{Authority, Front};
use crate::support::{PATIENCE, in_package};
use libtest_mimic::Trial;
use std::collections::BTreeSet;

pub fn tests() -> Vec<Trial> {
    trials![every_console_block_of_the_readme_holds, only_commands_that_are_run_count]
}

fn every_console_block_of_the_readme_holds() {
    let readme = in_package("README.md");
    let text = std::fs::read_to_string(&readme).expect("README.md");
    let commands = commands(&text);
    assert!(!commands.is_empty(), "README.md has no console block that is run");
    for command in &commands {
        assert!(is_ours(command), "trycmd would skip this without a word: $ {command}");
    }

    let home = Home::new();
    let (_site, site) = home.serve();
    let site = site.trim_start_matches("http://").parse().expect("an address");
    let authority = Authority::new("for README.md");
    let names = https_names(&text);
    let front = Front::start(&authority.leaf(names), site);
    let cacert = home.config().join("readme-ca.pem");
    std::fs::write(&cacert, authority.pem()).unwrap();
    let config = format!(
        "connect-to = \":80:127.0.0.1:{}\"\nconnect-to = \":443:127.0.0.1:{}\"\ncacert = \"{}\"\n",
        site.port(),
        front.address.port(),
        cacert.display(),
    );
    std::fs::write(home.config().join("fetch.conf"), config).unwrap();

    // `README.in` is where trycmd runs the commands; files they make are gone with the home.
    let copy = home.file("README.md");
    std::fs::create_dir(home.file("README.in")).unwrap();
    std::fs::copy(&readme, &copy).unwrap();
    let cases = trycmd::TestCases::new();
    cases.register_bin("cruller", std::path::Path::new(env!("CARGO_BIN_EXE_cruller")));
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        cases.env(name, "");
    }
    cases.env("HOME", home.work().display().to_string());
    cases.env("CRULLER_HOME", home.config().display().to_string());
    cases.env("NO_COLOR", "1");
    cases.timeout(PATIENCE).case(&copy).run();
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        std::fs::copy(&copy, &readme).unwrap();
    }
}

/// The command lines of the blocks that trycmd runs.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut block = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), block) {
            (Some(info), None) => block = Some(info),
            (Some(_), Some(_)) => block = None,
            // A block without a language is one that trycmd runs, too.
            (None, Some("console" | "trycmd" | "")) => {
                commands.extend(line.strip_prefix("$ ").map(str::to_owned));
            }
            (None, _) => {}
        }
    }
    commands
}

/// Whether the first word that sets no variable is ours.
fn is_ours(command: &str) -> bool {
    command.split_ascii_whitespace().find(|word| !word.contains('=')) == Some("cruller")
}

/// The hosts of every `https://` in the text.
fn https_names(text: &str) -> BTreeSet<String> {
    let rest = text.split("https://").skip(1);
    let names = rest.map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)));
        rest[..end.unwrap_or(rest.len())].trim_matches('.').to_ascii_lowercase()
    });
    names.filter(|name| !name.is_empty()).chain(["localhost".to_owned()]).collect()
}

fn only_commands_that_are_run_count() {
    let text = "```sh\n$ no\n```\n```console\n$ cruller a\nout\n$ A=b cruller c\n```\n```console,ignore\n$ no\n```\n";
    assert_eq!(commands(text), ["cruller a", "A=b cruller c"]);
    assert!(is_ours("A=b cruller c") && !is_ours("cat cruller"));
    let names = https_names("<https://a.example/x> and https://B.example. or http://c.example");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a.example", "b.example", "localhost"]);
}
