//! Flags whose effect is outside the dialogue: the date of a file, the pace of a run, the files
//! that logins and secure hosts are kept in.

use crate::support::client::{Home, Ran};
use libtest_mimic::Trial;
use std::time::{Duration, UNIX_EPOCH};

pub fn tests() -> Vec<Trial> {
    trials![
        the_file_gets_the_date_of_the_page,
        a_tag_that_cannot_be_saved_is_known_before,
        one_tag_is_of_one_url,
        a_protocol_that_is_disabled_is_not_spoken,
        a_user_in_a_url_can_be_forbidden,
        a_url_without_a_scheme_is_of_the_default_one,
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
