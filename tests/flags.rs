//! Flags whose effect is outside the dialogue: the date of a file, the pace of a run, the files
//! that logins and secure hosts are kept in.

use crate::support::client::{Home, Ran, Running};
use libtest_mimic::Trial;
use std::process::Stdio;
use std::time::{Duration, Instant, UNIX_EPOCH};

pub fn tests() -> Vec<Trial> {
    trials![
        the_file_gets_the_date_of_the_page,
        a_tag_that_cannot_be_saved_is_known_before,
        one_tag_is_of_one_url,
        a_protocol_that_is_disabled_is_not_spoken,
        a_user_in_a_url_can_be_forbidden,
        a_url_without_a_scheme_is_of_the_default_one,
        logins_are_found_where_the_environment_says,
        logins_that_cannot_be_read_are_known_before,
        a_run_keeps_its_pace,
    ]
}

fn the_file_gets_the_date_of_the_page() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let page = format!("{url}/range");
    home.run(["fetch", "-R", "-o", "page", &page]).ok();
    let time = home.file("page").metadata().unwrap().modified().unwrap();
    assert_eq!(time.duration_since(UNIX_EPOCH).unwrap(), Duration::from_secs(784_111_777));
}

fn a_tag_that_cannot_be_saved_is_known_before() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let page = format!("{url}/ip");
    let words = ["fetch", "--etag-save", "nowhere/tag", &page];
    let ran = home.run(words).failed_saying(26, "nowhere/tag");
    assert!(ran.stdout.is_empty(), "{ran}");
    // What comes behind it is fetched all the same.
    let ran = home.run(words.into_iter().chain(["--next", &page]));
    assert!(ran.code == 0 && ran.text().starts_with("127.0.0.1"), "{ran}");
    home.run(words.into_iter().chain(["--create-dirs"])).ok();
    assert!(home.file("nowhere/tag").is_file());
}

fn one_tag_is_of_one_url() {
    let words = ["fetch", "--etag-save", "tag", "http://a.example/", "http://b.example/"];
    Home::new().run(words).failed_saying(2, "single URL");
}

fn ask(words: &[&str]) -> Ran {
    Home::new().run(["fetch"].iter().chain(words))
}

fn a_protocol_that_is_disabled_is_not_spoken() {
    ask(&["--proto", "=https", "http://127.0.0.1:1/"]).failed_saying(1, "\"http\" is disabled");
    ask(&["--proto", "-all,https", "127.0.0.1:1/"]).failed(1);
    ask(&["--proto", "!", "127.0.0.1:1/"]).failed(2);
}

fn a_user_in_a_url_can_be_forbidden() {
    let url = "http://me@127.0.0.1:1/";
    ask(&["--disallow-username-in-url", url]).failed_saying(67, "a user in the URL");
}

fn a_url_without_a_scheme_is_of_the_default_one() {
    ask(&["--proto-default", "https", "--proto", "=http", "127.0.0.1:1/"])
        .failed_saying(1, "\"https\" is disabled");
    ask(&["--proto-default", "ftp", "127.0.0.1:1/"]).failed_saying(1, "ftp");
}

/// At `$NETRC`, or else in the home folder.
fn logins_are_found_where_the_environment_says() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let page = format!("{url}/headers");
    let login = |name: &str| format!("machine 127.0.0.1 login {name} password x\n");
    home.write("../.netrc", login("athome"));
    let ran = home.run(["fetch", "-n", &page]).ok();
    assert!(ran.text().contains("Basic YXRob21lOng="), "{ran}");
    home.write("logins", login("other"));
    let mut command = home.command(["fetch", "-n", &page]);
    command.env("NETRC", home.file("logins"));
    let ran = Running::to(command, Stdio::piped()).finish().ok();
    assert!(ran.text().contains("Basic b3RoZXI6eA=="), "{ran}");
}

fn logins_that_cannot_be_read_are_known_before() {
    let home = Home::new();
    home.run(["fetch", "-n", "http://127.0.0.1:1/"]).failed_saying(26, "no such file");
    home.write("logins", "machine h login \"a\n");
    let words = ["fetch", "--netrc-file", "logins", "http://127.0.0.1:1/"];
    home.run(words).failed_saying(26, "double quote");
}

fn a_run_keeps_its_pace() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let page = format!("{url}/ip");
    let began = Instant::now();
    home.run(["fetch", "--rate", "5/s", &page, &page, &page]).ok();
    assert!(began.elapsed() >= Duration::from_millis(400));
    home.run(["fetch", "--rate", "often", &page]).failed_saying(2, "--rate");
}
