//! `cruller session run`: other programs use a session's cookies, and lose none.

use crate::support::client::{Home, Ran, Running};
use crate::support::programs;
use crate::support::site::{Site, fields_of, path_of, setting};
use libtest_mimic::{Completion, Failed, Trial};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;

pub fn tests() -> Vec<Trial> {
    let mut all = trials![
        a_program_finds_the_jar_and_what_it_changes_is_kept,
        a_cookie_that_was_not_touched_keeps_every_field,
        what_comes_back_broken_changes_nothing_and_is_said,
        the_exit_code_is_the_programs,
        the_jar_is_for_the_owner_only_and_is_gone_afterwards,
        a_signal_is_for_the_program_and_the_jar_goes_all_the_same,
        what_cannot_be_lent_is_said_and_stays,
        what_others_save_meanwhile_stays,
        a_session_that_is_removed_meanwhile_does_not_come_back,
    ];
    let with: [(&str, &str, fn()); 7] = [
        ("python3", "pythons_jar_drops_nothing", pythons_jar_drops_nothing),
        ("curl", "curl_drops_nothing_it_was_not_told_to", curl_drops_nothing_it_was_not_told_to),
        ("wget", "wget_drops_nothing_that_it_confuses", wget_drops_nothing_that_it_confuses),
        ("curl", "curl_logs_in_and_out_of_a_session", curl_logs_in_and_out_of_a_session),
        (
            "curl",
            "curl_leaves_alone_what_it_was_not_told_of",
            curl_leaves_alone_what_it_was_not_told_of,
        ),
        ("curl", "twenty_curls_at_once_lose_nothing", twenty_curls_at_once_lose_nothing),
        (
            "wget",
            "wget_uses_cookies_that_it_would_take_for_comments",
            wget_uses_cookies_that_it_would_take_for_comments,
        ),
    ];
    all.extend(with.map(|(program, name, test)| {
        Trial::ignorable_test(format!("session_run::{name}"), move || needs(program, test))
    }));
    all
}

fn needs(program: &str, test: fn()) -> Result<Completion, Failed> {
    if programs::installed(program).is_none() {
        return programs::missing(program);
    }
    test();
    Ok(Completion::Completed)
}

/// A session with a cookie of every kind that a Netscape jar cannot tell all of.
fn home() -> Home {
    let home = Home::new();
    for line in [
        "sid=one; Path=/; HttpOnly; SameSite=Strict; Secure; Partitioned",
        "theme=dark; Max-Age=3600; SameSite=Lax; Path=/",
        "plain=1; Path=/",
    ] {
        let words = ["cookies", "set", line, "--url", "https://shop.example/", "--session", "me"];
        assert_eq!(home.run(words).code, 0);
    }
    home
}

fn run(home: &Home, program: &[&str]) -> Ran {
    home.run(["session", "run", "me", "--"].iter().chain(program))
}

/// Runs a line of the shell.
fn shell(home: &Home, line: &str) -> Ran {
    run(home, &["sh", "-c", line])
}

/// `name=value` of each cookie, sorted.
fn cookies(home: &Home) -> Vec<String> {
    let ran = home.run(["cookies", "ls", "--json", "--show-secrets", "--session", "me"]);
    let text = ran.text();
    let mut all: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|it| format!("{}={}", it["name"].as_str().unwrap(), it["value"].as_str().unwrap()))
        .collect();
    all.sort_unstable();
    all
}

fn file(home: &Home) -> String {
    std::fs::read_to_string(home.config().join("sessions/me/session.json")).unwrap()
}

/// No folder of a jar is left.
fn left(home: &Home) -> Vec<String> {
    let above = home.work().parent().unwrap().to_owned();
    let names = std::fs::read_dir(above).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("cruller-")).collect()
}

fn a_program_finds_the_jar_and_what_it_changes_is_kept() {
    let home = home();
    let seen = run(&home, &["grep", "-c", "shop.example", "{jar}"]).ok();
    assert_eq!(seen.text(), "3\n");
    shell(&home, "printf 'a.example\\tFALSE\\t/\\tFALSE\\t0\\tnew\\t1\\n' >> \"$CRULLER_JAR\"")
        .ok();
    // A removal is an expiry in the past.
    let line = "sed -i 's/dark/light/; s/\\t0\\tplain/\\t1\\tplain/' \"$CRULLER_JAR\"";
    assert!(shell(&home, line).stderr.contains("1 cookie removed by sh"));
    assert_eq!(cookies(&home), ["new=1", "sid=one", "theme=light"]);
    assert!(file(&home).contains(r#""value":"light","domain":"shop.example""#));
    // A session that is not there yet is made, if there is something to keep.
    home.run(["session", "run", "you", "--", "true"]).ok();
    assert!(!home.config().join("sessions/you").exists());
    let line = "printf 'a.example\\tFALSE\\t/\\tFALSE\\t0\\tnew\\t1\\n' >> {jar}";
    home.run(["session", "run", "you", "sh", "-c", line]).ok();
    home.run(["cookies", "get", "new", "--session", "you"]).ok();
}

fn a_cookie_that_was_not_touched_keeps_every_field() {
    let home = home();
    let before = file(&home);
    run(&home, &["true"]).ok();
    assert_eq!(file(&home), before, "nothing changed: nothing is written");
    // Rewritten in another order and with another head.
    let line = "grep -v '^#' {jar} | sort -r > x; (echo '# HTTP Cookie File'; cat x) > {jar}";
    shell(&home, line).ok();
    assert_eq!(file(&home), before);
    // One that changes keeps what the jar has no place for, and the others keep all.
    shell(&home, "sed -i 's/\\tone$/\\ttwo/' {jar}").ok();
    let of = |text: &str, name: &str| {
        let line =
            text.lines().find(|line| line.contains(&format!("\"name\":\"{name}\""))).unwrap();
        let value: serde_json::Value = serde_json::from_str(line.trim_end_matches(',')).unwrap();
        value
    };
    let after = file(&home);
    for name in ["theme", "plain"] {
        assert_eq!(of(&before, name), of(&after, name));
    }
    let (old, new) = (of(&before, "sid"), of(&after, "sid"));
    assert_eq!(new["value"], "two");
    for field in ["same_site", "partitioned", "http_only", "secure", "created", "source", "domain"]
    {
        assert_eq!(old[field], new[field], "{field}");
    }
}

fn what_comes_back_broken_changes_nothing_and_is_said() {
    let home = home();
    let before = file(&home);
    for (line, words) in [
        (": > {jar}", "came back empty"),
        ("rm {jar}", "came back not at all"),
        ("head -c 200 {jar} > x; cat x > {jar}", "cut off within its last line"),
        ("echo '<html>' > {jar}", "line 1"),
        ("echo broken >> {jar}", "line 7"),
        ("rm {jar}; mkdir {jar}", "not a regular file"),
        ("rm {jar}; mkfifo {jar}", "not a regular file"),
    ] {
        shell(&home, line).failed_saying(26, words);
        assert_eq!(file(&home), before, "{line}");
    }
    // Its own failure is told by its own code.
    let ran = shell(&home, ": > {jar}; exit 7").failed_saying(7, "came back empty");
    assert!(ran.stdout.is_empty() && file(&home) == before);
    // Half a loss, of a program that was killed.
    let ran = shell(&home, "sed -i '/theme/d; s/one/two/' {jar}; kill -9 $$");
    assert!(
        ran.code == 137 && ran.stderr.contains("1 cookie that sh did not hand back was"),
        "{ran}"
    );
    assert_eq!(cookies(&home), ["plain=1", "sid=two", "theme=dark"]);
    // One that keeps no session cookies, as most do not.
    let ran = shell(&home, "sed -i '/\\t0\\t/d; s/dark/light/' {jar}");
    assert!(
        ran.code == 0 && ran.stderr.contains("2 cookies that sh did not hand back were"),
        "{ran}"
    );
    assert_eq!(cookies(&home), ["plain=1", "sid=two", "theme=light"]);
    // What the jar's door refuses is named, and comes with nothing.
    let ran = shell(&home, "printf '.com\\tTRUE\\t/\\tFALSE\\t0\\twide\\t1\\n' >> {jar}");
    assert!(ran.code == 0 && ran.stderr.contains("cookie wide: refused"), "{ran}");
    assert_eq!(cookies(&home).len(), 3);
}

fn the_exit_code_is_the_programs() {
    let home = home();
    assert_eq!(shell(&home, "exit 3").code, 3);
    assert_eq!(shell(&home, "kill -TERM $$").code, 143);
    run(&home, &["no-such-program"]).failed_saying(127, "no such program");
    let path = home.write("plain", "text");
    run(&home, &[path.to_str().unwrap()]).failed_saying(126, "cannot be run");
    home.run(["session", "run", "me"]).failed(2);
    home.run(["session", "run", "a b", "true"]).failed_saying(2, "no session name");
    assert_eq!(left(&home), Vec::<String>::new());
}

fn the_jar_is_for_the_owner_only_and_is_gone_afterwards() {
    let home = home();
    let line =
        "stat -c %a {jar} \"$(dirname {jar})\"; touch {jar}.beside; cd /; cat {jar} >/dev/null";
    assert_eq!(shell(&home, line).ok().text(), "600\n700\n");
    assert_eq!(left(&home), Vec::<String>::new());
    // One that is empty is as if unset.
    let mut command = home.command(["session", "run", "me", "echo", "{jar}"]);
    command.env("TMPDIR", "");
    let ran = Running::to(command, Stdio::piped()).finish().ok();
    assert!(ran.text().starts_with("/tmp/cruller-"), "{ran}");
    // Nowhere to put it.
    let mut command = home.command(["session", "run", "me", "true"]);
    command.env("TMPDIR", "/nowhere/at/all");
    Running::to(command, Stdio::piped()).finish().failed_saying(23, "/nowhere/at/all");
}

fn a_signal_is_for_the_program_and_the_jar_goes_all_the_same() {
    let dies = "echo ready; exec cat";
    let heeds = "trap 'sed -i s/dark/light/ {jar}; exit 5' TERM INT HUP; echo ready; read never";
    for (line, signal, code, theme) in [
        (dies, "TERM", 143, "theme=dark"),
        (dies, "INT", 130, "theme=dark"),
        (dies, "HUP", 129, "theme=dark"),
        (heeds, "TERM", 5, "theme=light"),
        (heeds, "INT", 5, "theme=light"),
    ] {
        let home = home();
        // A session of its own: no terminal's keys are ours, whoever runs the tests.
        let ours = home.command(["session", "run", "me", "--", "sh", "-c", line]);
        let mut command = Command::new("setsid");
        command.arg("-w").arg(ours.get_program()).args(ours.get_args()).env_clear();
        command.envs(ours.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(home.work()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // What it reads has no end before it has ended.
        let _input = child.stdin.take();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut ready = String::new();
        said.read_line(&mut ready).unwrap();
        assert_eq!((ready.as_str(), left(&home).len()), ("ready\n", 1), "{signal}");
        // The folder's name says who made it.
        let id = left(&home)[0].split('-').nth(1).unwrap().to_owned();
        let sent = Command::new("sh").args(["-c", r#"kill -"$0" "$1""#, signal, &id]).status();
        assert!(sent.unwrap().success());
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{signal} {line}");
        assert_eq!(left(&home), Vec::<String>::new(), "{signal}");
        assert!(cookies(&home).contains(&theme.to_owned()), "{signal} {line}");
    }
}

fn what_cannot_be_lent_is_said_and_stays() {
    let home = home();
    for line in ["=bare; Path=/", "plain=2; Secure; Partitioned; Path=/"] {
        let words = ["cookies", "set", line, "--url", "https://shop.example/", "--session", "me"];
        assert_eq!(home.run(words).code, 0);
    }
    let ran = shell(
        &home,
        "sed -i '/shop.example/d' {jar}; printf 'a.example\\tFALSE\\t/\\tFALSE\\t0\\tnew\\t1\\n' >> {jar}",
    );
    assert!(ran.code == 0 && ran.stderr.contains("not lent, nameless: 1 cookie\n"), "{ran}");
    assert!(ran.stderr.contains("not lent, same as another one there: 1 cookie\n"), "{ran}");
    assert_eq!(cookies(&home), ["=bare", "new=1", "plain=1", "plain=2", "sid=one", "theme=dark"]);
}

fn what_others_save_meanwhile_stays() {
    let home = home();
    let set = |line: &str| {
        let words = ["cookies", "set", line, "--url", "https://shop.example/", "--session", "me"];
        let command = home.command(words);
        let words: Vec<String> =
            command.get_args().map(|word| format!("'{}'", word.to_str().unwrap())).collect();
        format!("{} {}", command.get_program().to_str().unwrap(), words.join(" "))
    };
    // The session is not locked while the program runs; what it removed was set anew meanwhile.
    let line = format!(
        "sed -i 's/\\t0\\tplain/\\t1\\tplain/; s/dark/light/' {{jar}} && {} && {}",
        set("other=1; Path=/"),
        set("plain=again; Path=/")
    );
    assert_eq!(shell(&home, &line).code, 0);
    assert_eq!(cookies(&home), ["other=1", "plain=again", "sid=one", "theme=light"]);
}

fn a_session_that_is_removed_meanwhile_does_not_come_back() {
    let home = home();
    let rm = format!(
        "{} session rm me 2>&1 && sed -i s/dark/light/ {{jar}}",
        env!("CARGO_BIN_EXE_cruller")
    );
    shell(&home, &rm).failed_saying(23, "was removed or renamed meanwhile");
    assert!(!home.config().join("sessions/me").exists());
}

fn pythons_jar_drops_nothing() {
    let home = home();
    let script = "import http.cookiejar, os\n\
        jar = http.cookiejar.MozillaCookieJar(os.environ['CRULLER_JAR'])\n\
        jar.load()\n\
        jar.save()\n";
    let ran = run(&home, &["python3", "-c", script]);
    assert!(ran.code == 0 && ran.stderr.contains("that python3 did not hand back"), "{ran}");
    assert_eq!(cookies(&home), ["plain=1", "sid=one", "theme=dark"]);
}

fn curl_drops_nothing_it_was_not_told_to() {
    let (home, (site, _sent)) = (home(), shop());
    let all = ["plain=1", "sid=one", "theme=dark"];
    // It writes the jar and was never told to load it.
    let ran = run(&home, &["curl", "-sS", "-c", "{jar}", &site.url("/x")]);
    assert!(ran.code == 0 && ran.stderr.contains("3 cookies that curl did not hand"), "{ran}");
    assert_eq!(cookies(&home)[..3], all);
    // Killed in a shell.
    let line = "printf '# HTTP Cookie File\\n' > {jar}; sh -c 'kill -9 $$'; exit $?";
    let ran = shell(&home, line);
    assert!(ran.code == 137 && ran.stderr.contains("4 cookies that sh did not hand"), "{ran}");
    assert_eq!(cookies(&home)[..3], all);
    // A shell in its name whose program was killed; then one that was not.
    let script = |code: u8| {
        format!("#!/bin/sh\nprintf '# HTTP Cookie File\\n' > \"$CRULLER_JAR\"\nexit {code}\n")
    };
    for (code, left) in [(137, 4), (7, 0)] {
        let path = home.write("curl", script(code));
        assert!(Command::new("chmod").arg("+x").arg(&path).status().unwrap().success());
        assert_eq!(run(&home, &[path.to_str().unwrap()]).code, i32::from(code));
        assert_eq!(cookies(&home).len(), left, "{code}");
    }
    // Paths that it takes for one.
    let home = Home::new();
    for line in ["a=1; Path=/x", "a=2; Path=/x/", "a=3; Path=/X"] {
        let words = ["cookies", "set", line, "--url", &site.url("/x/"), "--session", "me"];
        assert_eq!(home.run(words).code, 0);
    }
    run(&home, &["curl", "-sS", &site.url("/tea")]);
    assert_eq!(cookies(&home), ["a=1", "a=2", "a=3", "tea=1"]);
}

fn wget_drops_nothing_that_it_confuses() {
    let (home, (site, _sent)) = (Home::new(), shop());
    for line in ["a=1; Path=/", "a=2; Path=/; Domain=shop.example", "b=1; Path=/"] {
        let url = "https://shop.example/";
        assert_eq!(home.run(["cookies", "set", line, "--url", url, "--session", "me"]).code, 0);
    }
    run(&home, &["wget", "-q", "-O", "page", &site.url("/tea")]);
    assert_eq!(cookies(&home), ["a=1", "a=2", "b=1", "tea=1"]);
}

/// Sets `sid` on `/login`, takes it back on `/logout`, and any other path as a cookie of its name;
/// tells what it was sent.
fn shop() -> (Site, std::sync::mpsc::Receiver<String>) {
    let (sender, sent) = channel();
    let site = Site::start(move |head, mut stream| {
        let line = match &*path_of(head) {
            "/login" => "sid=1; HttpOnly; SameSite=Lax; Path=/".to_owned(),
            "/logout" => "sid=; Max-Age=0; Path=/".to_owned(),
            other => format!("{}=1; Max-Age=60; Path=/", other.trim_start_matches('/')),
        };
        let cookies = fields_of(head, "Cookie").concat();
        let _ = sender.send(String::from_utf8(cookies).unwrap());
        let _ = stream.write_all(&setting([line.as_bytes()]));
    });
    (site, sent)
}

fn curl_logs_in_and_out_of_a_session() {
    let (home, (site, sent)) = (Home::new(), shop());
    run(&home, &["curl", "-q", "-sS", &site.url("/login")]).ok();
    assert_eq!(cookies(&home), ["sid=1"]);
    assert!(file(&home).contains("\"http_only\":true"), "{}", file(&home));
    // What our own fetch gets, curl sends, and the other way round.
    home.run(["fetch", "-s", "--session", "me", &site.url("/ours")]).ok();
    run(&home, &["curl", "-sS", &site.url("/a"), "--next", "-sS", &site.url("/b")]).ok();
    assert_eq!(cookies(&home), ["a=1", "b=1", "ours=1", "sid=1"]);
    home.run(["fetch", "-s", "--session", "me", &site.url("/last")]).ok();
    let sent: Vec<String> = sent.try_iter().collect();
    assert_eq!(sent[1], "sid=1");
    for name in ["sid=1", "ours=1", "a=1", "b=1"] {
        assert!(sent[4].contains(name), "{sent:?}");
    }
    assert!(sent[2].contains("ours=1") && sent[2].contains("sid=1"), "{sent:?}");
    let ran = run(&home, &["curl", "-sS", &site.url("/logout")]);
    assert_eq!((ran.code, &*ran.stderr), (0, "1 cookie removed by curl\n"));
    assert_eq!(cookies(&home), ["a=1", "b=1", "last=1", "ours=1"]);
}

fn curl_leaves_alone_what_it_was_not_told_of() {
    let home = home();
    let (site, _sent) = shop();
    let before = file(&home);
    run(&home, &["curl", "-sS", &site.url("/x")]).ok();
    let after = file(&home);
    for line in before.lines().filter(|line| line.contains("\"name\"")) {
        assert!(after.contains(line.trim_end_matches(',')), "{line}\n{after}");
    }
    assert_eq!(cookies(&home), ["plain=1", "sid=one", "theme=dark", "x=1"]);
    // A jar that is named is meant, and that is said.
    let ran = run(&home, &["curl", "-sS", "-c", "own", &site.url("/y")]);
    assert!(ran.code == 0 && ran.stderr.contains("given another jar"), "{ran}");
    assert_eq!(cookies(&home).len(), 4);
    assert!(std::fs::read_to_string(home.file("own")).unwrap().contains("\ty\t1"));
    // A failed transfer has its own code, and what came is kept.
    let ran = run(&home, &["curl", "-sS", &site.url("/z"), "ftp://127.0.0.1:1/"]);
    assert!(ran.code != 0 && ran.code < 100, "{ran}");
    assert!(cookies(&home).contains(&"z=1".to_owned()));
}

fn twenty_curls_at_once_lose_nothing() {
    const CURLS: usize = 20;
    let names: Vec<String> = (10..10 + CURLS).map(|i| format!("n{i}=1")).collect();
    for round in 0..3 {
        let home = home();
        let mut waiting = Vec::new();
        let site = Site::start(move |head, stream| {
            waiting.push((path_of(head), stream));
            if waiting.len() == CURLS {
                for (path, mut stream) in waiting.drain(..) {
                    let line = format!("{}=1; Path=/", path.trim_start_matches('/'));
                    stream.write_all(&setting([line.as_bytes()])).unwrap();
                }
            }
        });
        let start = |name: &String| {
            let url = site.url(&format!("/{}", name.trim_end_matches("=1")));
            home.start(["session", "run", "me", "--", "curl", "-sS", "-m", "20", &url])
        };
        let all: Vec<Running> = names.iter().map(start).collect();
        all.into_iter().for_each(|one| drop(one.finish().ok()));
        let mut expected = names.clone();
        expected.extend(["plain=1", "sid=one", "theme=dark"].map(str::to_owned));
        assert_eq!(cookies(&home), expected, "round {round}");
        assert_eq!(left(&home), Vec::<String>::new());
    }
}

fn wget_uses_cookies_that_it_would_take_for_comments() {
    let (home, (site, sent)) = (Home::new(), shop());
    home.run(["fetch", "-s", "--session", "me", &site.url("/login")]).ok();
    run(&home, &["wget", "-q", "-O", "page", &site.url("/tea")]).ok();
    assert_eq!(sent.try_iter().collect::<Vec<_>>(), ["", "sid=1"]);
    assert_eq!(cookies(&home), ["sid=1", "tea=1"]);
    assert!(file(&home).contains("\"http_only\":true"), "{}", file(&home));
}
