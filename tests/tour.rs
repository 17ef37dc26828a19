//! The tour and the practice site, as README.md tells people to start them.

use crate::support::client::{Home, Running};
use libtest_mimic::Trial;
use std::process::Stdio;

pub fn tests() -> Vec<Trial> {
    trials![
        the_tour_does_what_it_says,
        a_tour_that_nobody_reads_ends_quietly,
        the_tour_leaves_nothing_behind,
        the_practice_site_is_for_this_machine_only,
        help_is_for_standard_output,
        help_on_something_tells_of_that,
        the_manual_and_completions_come_from_the_same_table,
        a_command_that_does_not_exist,
    ]
}

fn the_tour_does_what_it_says() {
    let ran = Home::new().run(["demo"]).ok();
    let text = ran.text();
    assert!(text.ends_with("`cruller serve` runs the site for you.\n"), "{ran}");
    let stops = text.lines().filter(|line| line.starts_with("$ ")).count();
    assert!(text.contains(&format!("All {stops} stops did what they say")), "{ran}");
}

fn a_tour_that_nobody_reads_ends_quietly() {
    let home = Home::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let running = Running::to(home.command(["demo"]), Stdio::from(writer));
    drop(reader);
    let ran = running.finish();
    assert!(ran.code == 0 && ran.stderr.is_empty(), "{ran}");
}

fn the_tour_leaves_nothing_behind() {
    let home = Home::new();
    home.run(["demo"]).ok();
    for folder in [home.work(), home.config(), home.work().parent().unwrap().to_owned()] {
        let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = names.filter(|name| name != "home" && name != "work").collect();
        assert!(left.is_empty(), "{left:?} in {}", folder.display());
    }
}

fn the_practice_site_is_for_this_machine_only() {
    Home::new().run(["serve", "--address", "0.0.0.0", "--port", "0"]).failed_saying(7, "loopback");
}

fn help_is_for_standard_output() {
    for words in [&["--help"][..], &["fetch", "--help"], &["fetch", "-h"], &["cookies", "--help"]] {
        let ran = Home::new().run(words).ok();
        assert!(ran.text().contains("Usage: cruller"), "{ran}");
    }
    let ran = Home::new().run(["fetch", "--version"]).ok();
    assert!(ran.text().lines().any(|line| line.starts_with("Features: ")), "{ran}");
}

fn help_on_something_tells_of_that() {
    let ran = Home::new().run(["fetch", "-s", "-h", "redirects"]).ok();
    assert!(ran.text().starts_with("Redirects:\n") && ran.text().contains("--location"), "{ran}");
    let ran = Home::new().run(["fetch", "--help", "--max-time"]).ok();
    assert!(ran.text().starts_with("  -m, --max-time SECONDS"), "{ran}");
    Home::new().run(["fetch", "--help", "nonsense"]).failed_saying(2, "cookies, redirects");
}

fn the_manual_and_completions_come_from_the_same_table() {
    let manual = Home::new().run(["man"]).ok();
    assert!(manual.text().contains("\\-\\-max\\-time"), "{manual}");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Home::new().run(["completions", shell]).ok();
        assert!(script.text().contains("max-time"), "{script}");
    }
    Home::new().run(["completions", "nonsense"]).failed_saying(2, "bash");
}

fn a_command_that_does_not_exist() {
    Home::new().run(["fetsch"]).failed_saying(2, "fetsch");
}
