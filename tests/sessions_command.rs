//! `cruller session`: what becomes of sessions as wholes, while others use them.

use crate::support::client::{Home, Ran, Running};
use crate::support::site::{Site, path_of, setting};
use libtest_mimic::Trial;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub fn tests() -> Vec<Trial> {
    trials![
        sessions_are_listed_with_what_they_hold,
        no_session_at_all_is_said,
        a_broken_session_does_not_hide_the_others,
        what_a_session_holds_is_shown_without_its_values,
        a_removal_says_what_went,
        what_is_no_session_is_left_alone,
        names_are_the_same_everywhere,
        a_copy_and_a_new_name_take_no_place_that_is_taken,
        a_new_browser_keeps_what_lasts,
        a_session_that_is_being_saved_is_waited_for_and_not_removed,
        whoever_uses_a_session_that_is_taken_away_is_told,
        a_crowd_of_processes_leaves_whole_sessions_only,
        what_cannot_be_written_is_said_and_nothing_is_half_done,
    ]
}

/// A home, with cookies in a session: one that lasts, and one for the host of the same site.
fn with_session(name: &str) -> Home {
    let home = Home::new();
    set(&home, name, "sid=hush; Path=/", "https://www.shop.example/");
    set(&home, name, "theme=dark; Max-Age=3600; Domain=shop.example", "https://www.shop.example/");
    set(&home, name, "tea=oolong", "http://127.0.0.1/");
    home
}

fn set(home: &Home, name: &str, line: &str, url: &str) {
    let ran = home.run(["cookies", "set", line, "--url", url, "--session", name]);
    assert_eq!(ran.code, 0, "{ran}");
}

fn dir(home: &Home, name: &str) -> PathBuf {
    home.config().join("sessions").join(name)
}

/// It worked, and said this.
#[track_caller]
fn says(ran: &Ran, words: &str) {
    assert!(ran.code == 0 && ran.stdout.is_empty() && ran.stderr == format!("{words}\n"), "{ran}");
}

fn names(home: &Home) -> Vec<String> {
    let ran = home.run(["session", "ls", "--json"]);
    assert_eq!(ran.code, 0, "{ran}");
    let lines = ran.text();
    lines.lines().map(|line| json(line)["name"].as_str().unwrap().to_owned()).collect()
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap()
}

/// How many cookies a session holds, by its own account.
fn count(home: &Home, name: &str) -> u64 {
    let ran = home.run(["session", "show", name, "--json"]).ok();
    json(&ran.text())["cookies"].as_u64().unwrap()
}

fn sessions_are_listed_with_what_they_hold() {
    let home = with_session("me");
    set(&home, "you", "a=1", "http://a.example/");
    std::fs::write(dir(&home, "you").join("recording.warc.gz"), [0; 2048]).unwrap();
    let text = home.run(["session", "ls"]).ok().text();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split("  ").map(str::trim))
        .map(|cells| cells.filter(|cell| !cell.is_empty() && !cell.ends_with("ago")).collect())
        .collect();
    let head = ["NAME", "COOKIES", "SESSION", "EXPIRED", "HOSTS", "CHANGED", "RECORDING"];
    assert_eq!(rows[0], head);
    assert_eq!(rows[1], ["me", "3", "2", "0", "3"]);
    assert_eq!(rows[2], ["you", "1", "1", "0", "1", "2.0 KiB"]);
    assert_eq!(names(&home), ["me", "you"]);
}

fn no_session_at_all_is_said() {
    let home = Home::new();
    let ran = home.run(["session", "ls"]);
    assert!(ran.code == 0 && ran.stdout.is_empty(), "{ran}");
    assert!(ran.stderr.starts_with("no sessions in ") && ran.stderr.contains("--session"), "{ran}");
    assert_eq!(std::fs::read_dir(home.config()).unwrap().count(), 0, "looking makes nothing");
}

fn a_broken_session_does_not_hide_the_others() {
    let home = with_session("me");
    std::fs::create_dir(dir(&home, "bad")).unwrap();
    std::fs::write(dir(&home, "bad").join("session.json"), "{\"schema\": 1,").unwrap();
    let ran = home.run(["session", "ls"]).failed_saying(26, "bad/session.json line 1");
    assert!(ran.text().contains("me"), "{ran}");
}

fn what_a_session_holds_is_shown_without_its_values() {
    let home = with_session("me");
    let path = dir(&home, "me").join("session.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = "\"headers\": [{\"Authorization\": \"hush\"}],\n\"cookies\": [";
    std::fs::write(&path, text.replace("\"cookies\": [", more)).unwrap();
    let text = home.run(["session", "show", "me"]).ok().text();
    for line in [
        "also holds  headers (1)",
        "cookies     3, 2 of them until the browser closes",
        "  127.0.0.1: 1 cookie",
        "  shop.example: 2 cookies",
        "recording   none",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(text.contains(&dir(&home, "me").display().to_string()), "{text}");
    let line = home.run(["session", "show", "me", "--json"]).ok().text();
    assert_eq!(json(&line)["sites"]["shop.example"], 2);
    assert_eq!(json(&line)["also_holds"]["headers"], 1);
    assert!(!text.contains("hush") && !line.contains("hush") && !line.contains("oolong"));
    // Members that nobody here knows survive a change.
    set(&home, "me", "more=1", "http://a.example/");
    assert!(home.run(["session", "show", "me"]).ok().text().contains("headers (1)"));
    home.run(["session", "show", "nobody"]).failed_saying(26, "no session");
}

fn a_removal_says_what_went() {
    let home = with_session("me");
    says(&home.run(["session", "rm", "me"]), "me: 3 cookies removed");
    assert!(!dir(&home, "me").exists());
    home.run(["session", "rm", "me"]).failed_saying(26, "no session");

    // One that is not there does not keep the others.
    set(&home, "a", "a=1", "http://a.example/");
    set(&home, "b", "a=1", "http://a.example/");
    std::fs::write(dir(&home, "b").join("recording.warc.gz"), [0; 10]).unwrap();
    std::fs::write(dir(&home, "b").join("notes"), "mine").unwrap();
    let ran = home.run(["session", "rm", "a", "nobody", "b"]);
    let said: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(ran.code, 26, "{ran}");
    assert_eq!(said[0], "a: 1 cookie removed");
    assert!(said[1].starts_with("cruller: (26) "), "{ran}");
    let stays = "b: 1 cookie and a recording of 10 B removed; its folder stays, there is something else in it";
    assert_eq!(said[2], stays);
    let left = std::fs::read_dir(dir(&home, "b")).unwrap();
    assert_eq!(left.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>(), ["notes"]);
}

fn what_is_no_session_is_left_alone() {
    let home = Home::new();
    std::fs::create_dir(home.file("project")).unwrap();
    home.write("project/session.json", "{\"windows\": []}");
    home.write("project/lock", "mine");
    for words in [
        &["rm", "./project"][..],
        &["rename", "./project", "x"],
        &["copy", "./project", "x"],
        &["new-browser", "./project"],
        &["show", "./project"],
    ] {
        home.run(["session"].iter().chain(words)).failed(26);
    }
    assert_eq!(std::fs::read(home.file("project/session.json")).unwrap(), b"{\"windows\": []}");
    assert_eq!(std::fs::read(home.file("project/lock")).unwrap(), b"mine");
    assert!(!dir(&home, "x").exists());
}

fn names_are_the_same_everywhere() {
    let home = with_session("me");
    for name in ["", ".", "..", ".me", "a b", "a\\b", "\u{e4}", "me\n"] {
        for words in [
            &["show", name][..],
            &["rm", name],
            &["rename", name, "x"],
            &["rename", "me", name],
            &["copy", "me", name],
            &["new-browser", name],
        ] {
            home.run(["session"].iter().chain(words)).failed_saying(2, "is no session name");
        }
    }
    home.run(["session", "rm", "-rf"]).failed(2);
    home.run(["session", "rm"]).failed(2);
    assert_eq!(names(&home), ["me"]);
}

fn a_copy_and_a_new_name_take_no_place_that_is_taken() {
    let home = with_session("me");
    says(&home.run(["session", "copy", "me", "you"]), "you is a copy of me: 3 cookies");
    assert_eq!(std::fs::metadata(dir(&home, "you")).unwrap().permissions().mode() & 0o777, 0o700);
    set(&home, "you", "more=1", "http://a.example/");
    for words in [["copy", "me", "you"], ["rename", "me", "you"], ["rename", "me", "me"]] {
        home.run(["session"].iter().chain(&words)).failed_saying(23, "is there already");
    }
    assert_eq!((count(&home, "me"), count(&home, "you")), (3, 4));
    says(&home.run(["session", "rename", "you", "./here"]), "you is now ./here");
    assert_eq!((names(&home), count(&home, "./here")), (vec!["me".to_owned()], 4));
    home.run(["session", "copy", "nobody", "x"]).failed_saying(26, "no session");
    home.run(["session", "rename", "nobody", "x"]).failed_saying(26, "no session");
}

fn a_new_browser_keeps_what_lasts() {
    let home = with_session("me");
    says(&home.run(["session", "new-browser", "me"]), "me: 2 session cookies dropped, 1 kept");
    let text = home.run(["cookies", "ls", "--session", "me"]).ok().text();
    assert!(text.contains("theme") && !text.contains("sid"), "{text}");
    home.run(["session", "new-browser", "nobody"]).failed_saying(26, "no session");
    assert!(!dir(&home, "nobody").exists());
}

fn a_session_that_is_being_saved_is_waited_for_and_not_removed() {
    let home = with_session("me");
    let lock = std::fs::File::open(dir(&home, "me").join("lock")).unwrap();
    lock.lock().unwrap();
    let text = home.run(["session", "show", "me"]).ok().text();
    assert!(text.contains("locked      by another process"), "{text}");
    let waiting = [
        home.start(["session", "rm", "me"]),
        home.start(["session", "rename", "me", "you"]),
        home.start(["session", "copy", "me", "them"]),
    ];
    for one in waiting {
        one.finish().failed_saying(23, "another process has held");
    }
    drop(lock);
    assert_eq!((names(&home), count(&home, "me")), (vec!["me".to_owned()], 3));
}

/// A site that holds its answers back until so many have asked.
fn holding(many: usize, mut before: impl FnMut() + Send + 'static) -> Site {
    let mut waiting = Vec::new();
    Site::start(move |head, stream| {
        waiting.push((path_of(head), stream));
        if waiting.len() == many {
            before();
            for (path, mut stream) in waiting.drain(..) {
                let line = format!("{}=1; Path=/", path.trim_start_matches('/'));
                stream.write_all(&setting([line.as_bytes()])).unwrap();
            }
        }
    })
}

fn whoever_uses_a_session_that_is_taken_away_is_told() {
    for words in [&["session", "rm", "me"][..], &["session", "rename", "me", "you"]] {
        let home = with_session("me");
        let mut taking = home.command(words);
        let site = holding(1, move || {
            assert!(taking.stderr(Stdio::null()).status().unwrap().success());
        });
        let url = site.url("/late");
        let ran = home.run(["fetch", "-s", "-S", "--session", "me", &url]);
        ran.failed_saying(23, "was removed or renamed meanwhile");
        assert!(!dir(&home, "me").exists());
        if words[1] == "rename" {
            assert_eq!(count(&home, "you"), 3);
        }
    }
}

/// Fetches, renames, copies and removals of one session in the same moment: each fetch has saved
/// its cookie to a whole session, or has said that it could not.
fn a_crowd_of_processes_leaves_whole_sessions_only() {
    const FETCHES: usize = 10;
    for round in 0..5 {
        let home = with_session("me");
        let commands = [
            home.command(["session", "copy", "me", "copied"]),
            home.command(["session", "rename", "me", "renamed"]),
        ];
        let (sender, started) = std::sync::mpsc::channel();
        let mut commands = Some(commands);
        let site = holding(FETCHES, move || {
            for command in commands.take().into_iter().flatten() {
                sender.send(Running::to(command, Stdio::piped())).unwrap();
            }
        });
        let fetch =
            |i: usize| home.start(["fetch", "-s", "--session", "me", &site.url(&format!("/n{i}"))]);
        let fetches: Vec<Running> = (0..FETCHES).map(fetch).collect();
        let saved = fetches.into_iter().map(Running::finish).filter(|ran| match ran.code {
            0 => true,
            23 => false,
            _ => panic!("round {round}: {ran}"),
        });
        let saved = saved.count() as u64;
        for other in started.iter().take(2) {
            let ran = other.finish();
            assert!(ran.code == 0 || ran.stderr.contains("no session"), "round {round}: {ran}");
        }
        assert!(!dir(&home, "me").exists(), "round {round}");
        assert_eq!(count(&home, "renamed"), 3 + saved, "round {round}");
        if dir(&home, "copied").exists() {
            assert!((3..=3 + saved).contains(&count(&home, "copied")), "round {round}");
        }
        let removals: Vec<Running> =
            (0..4).map(|_| home.start(["session", "rm", "renamed"])).collect();
        let codes: Vec<i32> = removals.into_iter().map(|one| one.finish().code).collect();
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "round {round}: {codes:?}");
        assert!(!dir(&home, "renamed").exists(), "round {round}");
    }
}

fn what_cannot_be_written_is_said_and_nothing_is_half_done() {
    let home = with_session("me");
    std::fs::write(dir(&home, "me").join("recording.warc.gz"), vec![7; 2 << 20]).unwrap();
    // A limit on the size of files is a disk that is full.
    let copy = home.command(["session", "copy", "me", "you"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 1024; exec \"$@\"", "sh"]).arg(copy.get_program());
    limited.args(copy.get_args()).env_clear();
    limited.envs(copy.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = Running::to(limited, Stdio::piped()).finish();
    ran.failed_saying(23, "recording.warc.gz");
    assert_eq!(names(&home), ["me"]);
    assert!(!dir(&home, "you").exists());
    says(&home.run(["session", "copy", "me", "you"]), "you is a copy of me: 3 cookies");
}
