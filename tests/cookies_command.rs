//! `cruller cookies`: the jar by hand, and in the formats of other programs.

use crate::support::client::{Home, Running};
use crate::support::in_package;
use libtest_mimic::Trial;

pub fn tests() -> Vec<Trial> {
    trials![
        what_a_login_set_is_listed_without_its_values,
        get_answers_as_grep_does,
        what_a_server_could_not_set_a_person_cannot_set,
        what_is_removed_is_gone_and_the_rest_stays,
        a_jar_of_curls_is_read_and_kept,
        explain_and_fetch_say_the_same,
        every_format_is_found_by_its_content_and_goes_in,
        what_goes_out_comes_back_the_same,
        a_loss_that_was_forbidden_writes_nothing,
        a_file_that_is_nothing_known_changes_nothing,
        an_export_is_for_its_owner_only,
        nobody_says_whose_cookies,
        a_line_for_nobody_is_not_written,
        all_is_said_by_who_means_all,
        a_mistyped_name_is_not_passed_over_in_silence,
        explaining_without_a_jar_says_so,
        whose_cookies_may_be_said_first,
        bytes_that_are_no_text_are_shown_as_they_are,
        json_says_what_would_become_of_a_line,
        output_that_cannot_be_written_is_said,
        an_import_that_did_nothing_is_no_success,
        an_old_archive_does_not_undo_a_login,
        a_session_is_opened_and_not_imported,
        a_limit_on_the_size_of_files_is_an_error_that_is_said,
        malformed_entries_are_numbered,
        a_jar_that_cannot_be_saved_is_known_at_once,
        a_jar_is_looked_at_where_nothing_can_be_written,
        a_session_variable_that_is_no_text_is_said,
    ]
}

/// A home with a session called `me` that is logged in at the practice site.
fn logged_in() -> (Home, String) {
    let home = Home::new();
    let (_site, url) = home.serve();
    let login = format!("{url}/login");
    let form = "user=ada&password=lovelace";
    home.run(["fetch", "-s", "--session", "me", "-o", "page", "-d", form, &login]).ok();
    (home, url)
}

fn what_a_login_set_is_listed_without_its_values() {
    let (home, _) = logged_in();
    let text = home.run(["cookies", "ls", "--session", "me"]).ok().text();
    let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["NAME", "sid", "visitor"]);
    let value =
        home.run(["cookies", "get", "sid", "--session", "me", "--show-secrets"]).ok().text();
    assert_eq!(value.trim().len(), 32, "{value}");
    assert!(!text.contains(value.trim()), "{text}");
    let json = home.run(["cookies", "ls", "--session", "me", "--json"]).ok().text();
    assert!(!json.contains(value.trim()) && json.lines().count() == 2, "{json}");
    let json = home.run(["cookies", "ls", "--session", "me", "--json", "--show-secrets"]).ok();
    assert!(json.text().contains(value.trim()), "{json}");
}

fn get_answers_as_grep_does() {
    let (home, url) = logged_in();
    home.run(["cookies", "get", "sid", "--session", "me"]).ok();
    home.run(["cookies", "get", "sid", "--session", "me", "--url", &url]).ok();
    for more in [&["get", "tea"][..], &["get", "sid", "--url", "http://other.example/"]] {
        let words = ["cookies"].iter().chain(more).chain(&["--session", "me"]);
        let ran = home.run(words);
        assert!(ran.code == 1 && ran.stdout.is_empty() && ran.stderr.is_empty(), "{ran}");
    }
}

fn what_a_server_could_not_set_a_person_cannot_set() {
    let home = Home::new();
    let set =
        |line: &str, url: &str| home.run(["cookies", "set", line, "--url", url, "--session", "s"]);
    assert_eq!(set("a=1; Path=/", "https://shop.example/x").code, 0);
    set("a=1; Domain=co.uk", "https://shop.co.uk/").failed_saying(2, "public suffix");
    set("a=1; Secure", "http://shop.example/").failed_saying(2, "Secure");
    let text = home.run(["cookies", "ls", "--session", "s"]).ok().text();
    assert_eq!(text.lines().count(), 2, "{text}");
}

fn what_is_removed_is_gone_and_the_rest_stays() {
    let (home, url) = logged_in();
    let ran = home.run(["cookies", "rm", "sid", "--session", "me"]);
    assert!(ran.code == 0 && ran.stderr == "1 removed\n", "{ran}");
    let text = home.run(["cookies", "ls", "--session", "me", "--domain", "127.0.0.1"]).ok().text();
    assert!(text.contains("visitor") && !text.contains("sid"), "{text}");
    let ran = home.run(["cookies", "rm", "--all", "--session", "me"]);
    assert!(ran.code == 0 && ran.stderr == "1 removed\n", "{ran} {url}");
    assert!(home.run(["cookies", "ls", "--session", "me"]).ok().stdout.is_empty());
}

fn a_jar_of_curls_is_read_and_kept() {
    let home = Home::new();
    let jar = "# Netscape HTTP Cookie File\n\nshop.example\tFALSE\t/\tFALSE\t0\told\t1\n";
    let path = home.write("jar", jar);
    let text = home.run(["cookies", "ls", "--jar", "jar"]).ok().text();
    assert!(text.contains("old"), "{text}");
    let ran =
        home.run(["cookies", "set", "new=2", "--url", "http://shop.example/", "--jar", "jar"]);
    assert_eq!(ran.code, 0, "{ran}");
    let now = std::fs::read_to_string(path).unwrap();
    assert!(now.contains("\told\t1\n") && now.contains("\tnew\t2\n"), "{now}");
}

fn explain_and_fetch_say_the_same() {
    let (home, _) = logged_in();
    let (_site, url) = home.serve();
    home.run(["cookies", "set", "deep=1; Path=/deep", "--url", &url, "--session", "me"]);
    let page = format!("{url}/ip");
    let explained = home.run(["cookies", "explain", &page, "--session", "me"]).ok().text();
    let told = home.run(["fetch", "-s", "--explain-cookies", "--session", "me", &page]).stderr;
    for name in ["sid", "visitor", "deep"] {
        let of = |text: &str, start: &str| {
            let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
            line.split_once(": ").map(|(_, verdict)| verdict.to_owned())
        };
        let explained = of(&explained, name);
        assert!(explained.is_some(), "{name}");
        assert_eq!(explained, of(&told, &format!("* cookie {name}")), "{name}\n{told}");
    }
    assert!(explained.contains("path is not below"), "{explained}");
}

const FORMATS: [(&str, &str); 14] = [
    ("chrome.har", "har"),
    ("cookie-editor.json", "cookie-editor"),
    ("cookie-header.txt", "cookie-header"),
    ("curl-chrome.txt", "curl"),
    ("curl-firefox.txt", "curl"),
    ("edit-this-cookie.json", "cookie-editor"),
    ("firefox.har", "har"),
    ("head-dump.txt", "set-cookie"),
    ("j2team.json", "cookie-editor"),
    ("netscape-add-on.txt", "netscape"),
    ("netscape-curl.txt", "netscape"),
    ("netscape-wget.txt", "netscape"),
    ("netscape-yt-dlp.txt", "netscape"),
    ("storage-state.json", "storage-state"),
];

fn every_format_is_found_by_its_content_and_goes_in() {
    for (file, format) in FORMATS {
        let home = Home::new();
        let path = in_package(&format!("fixtures/cookies/formats/{file}"));
        let path = path.to_str().unwrap();
        let words = ["cookies", "import", path, "--session", "s", "--url", "https://shop.example/"];
        let ran = home.run(words);
        let last = ran.stderr.lines().last().unwrap_or_default();
        assert!(ran.code == 0 && last.starts_with(&format!("{format}: ")), "{file}: {ran}");
        // A cookie that came twice stands there once.
        let imported = last.split_ascii_whitespace().nth(1).and_then(|n| n.parse::<usize>().ok());
        let listed = home.run(["cookies", "ls", "--session", "s"]).ok().text();
        let count = listed.lines().count().saturating_sub(1);
        assert!(imported.is_some_and(|n| n >= count) && count > 0, "{file}: {count}, {last}");
    }
}

fn what_goes_out_comes_back_the_same() {
    let home = Home::new();
    let path = in_package("fixtures/cookies/formats/storage-state.json");
    home.run(["cookies", "import", path.to_str().unwrap(), "--session", "a"]);
    for format in ["netscape", "cookie-editor", "storage-state"] {
        let words = ["cookies", "export", "--session", "a", "--format", format, "-o", format];
        assert_eq!(home.run(words).code, 0);
        assert_eq!(home.run(["cookies", "import", format, "--session", format]).code, 0);
        let columns = |session: &str| {
            let ran = home.run(["cookies", "ls", "--session", session, "--show-secrets"]).ok();
            // Netscape's format has no place for SameSite.
            ran.text().replace("SameSite=", "").lines().map(fields).collect::<Vec<_>>()
        };
        assert_eq!(columns("a"), columns(format), "{format}");
    }
}

/// Name, value, domain and path.
fn fields(line: &str) -> Vec<String> {
    line.split_ascii_whitespace().take(4).map(str::to_owned).collect()
}

fn a_loss_that_was_forbidden_writes_nothing() {
    let home = Home::new();
    let line = "a=1; SameSite=Strict";
    home.run(["cookies", "set", line, "--url", "https://shop.example/", "--session", "s"]);
    let words = ["cookies", "export", "--session", "s", "-o", "out", "--fail-on-loss"];
    let ran = home.run(words);
    assert!(ran.code == 23 && ran.stderr.contains("same_site lost: 1"), "{ran}");
    assert!(!home.file("out").exists());
}

fn a_file_that_is_nothing_known_changes_nothing() {
    let home = Home::new();
    home.write("poem", "The harbour at six in the morning.\n");
    home.run(["cookies", "import", "poem", "--session", "s"]).failed(26);
    home.write("bad.json", "[{\"name\": \"a\", \"value\": \"hush\"");
    let ran =
        home.run(["cookies", "import", "bad.json", "--format", "cookie-editor", "--session", "s"]);
    assert!(ran.code == 26 && !ran.stderr.contains("hush"), "{ran}");
    assert!(!home.config().join("sessions").exists());
}

fn an_export_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (home, _) = logged_in();
    home.run(["cookies", "export", "--session", "me", "-o", "out"]);
    let mode = std::fs::metadata(home.file("out")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

fn nobody_says_whose_cookies() {
    Home::new().run(["cookies", "ls"]).failed_saying(2, "--session NAME or --jar FILE");
}

fn a_line_for_nobody_is_not_written() {
    let home = Home::new();
    for host in ["a", "b"] {
        let url = format!("https://{host}.example/");
        home.run(["cookies", "set", "sid=hush; Secure", "--url", &url, "--session", "s"]);
    }
    for format in ["cookie-header", "set-cookie"] {
        let words = ["cookies", "export", "--session", "s", "--format", format];
        let ran = home.run(words).failed_saying(2, "--url");
        assert!(ran.stdout.is_empty(), "{ran}");
        let ran = home.run(words.iter().chain(&["--url", "https://a.example/"]));
        let count = String::from_utf8_lossy(&ran.stdout).matches("sid=hush").count();
        assert!(ran.code == 0 && count == 1, "{ran}");
    }
}

fn all_is_said_by_who_means_all() {
    let (home, _) = logged_in();
    let rm = |more: &[&str]| {
        home.run(["cookies", "rm", "--session", "me"].iter().chain(more).collect::<Vec<_>>())
    };
    rm(&["--all", "--session-cookies"]).failed_saying(2, "--session-cookies");
    rm(&["--domain", "127.0.0.1"]).failed_saying(2, "--all");
    rm(&[]).failed_saying(2, "--all");
    let left = home.run(["cookies", "ls", "--session", "me"]).ok().text();
    assert_eq!(left.lines().count(), 3, "{left}");
}

fn a_mistyped_name_is_not_passed_over_in_silence() {
    let home = Home::new();
    let places = [["--session", "nosuch"], ["--jar", "nosuch"]];
    for place in places {
        for words in [&["ls"][..], &["explain", "http://a.example/"]] {
            let ran = home.run(["cookies"].iter().chain(words).chain(&place));
            assert!(ran.code == 0 && ran.stdout.is_empty(), "{ran}");
            assert!(ran.stderr.starts_with("note: there is no "), "{ran}");
            assert!(ran.stderr.contains("nosuch") && ran.stderr.lines().count() == 1, "{ran}");
        }
        let ran = home.run(["cookies", "get", "a"].iter().chain(&place));
        assert!(ran.code == 1 && ran.stderr.contains("nosuch"), "{ran}");
        for words in [&["rm", "--all"][..], &["rm", "a"], &["export"]] {
            let ran = home.run(["cookies"].iter().chain(words).chain(&place));
            ran.failed_saying(26, "nosuch");
        }
    }
    assert!(!home.file("nosuch").exists() && !home.config().join("sessions").exists());
}

fn explaining_without_a_jar_says_so() {
    let home = Home::new();
    let ran = home.run(["cookies", "explain", "http://a.example/"]);
    assert!(ran.code == 0 && ran.stderr.contains("no jar is named"), "{ran}");
    let words = ["fetch", "--explain-cookies", "http://127.0.0.1:1/"];
    home.run(words).failed_saying(2, "--session");
    home.run(["fetch", "--explain-cookies", "-b", "a=1", words[2]]).failed_saying(2, "--session");
}

fn whose_cookies_may_be_said_first() {
    let (home, _) = logged_in();
    let behind = home.run(["cookies", "ls", "--session", "me"]).ok().text();
    assert_eq!(home.run(["cookies", "--session", "me", "ls"]).ok().text(), behind);
    for words in [["--session", "me", "ls", "--jar", "x"], ["ls", "--jar", "x", "--session", "me"]]
    {
        home.run(["cookies"].iter().chain(&words)).failed_saying(2, "choose one");
    }
}

fn bytes_that_are_no_text_are_shown_as_they_are() {
    let home = Home::new();
    home.write("jar", b"shop.example\tFALSE\t/\tFALSE\t0\t\xe9\t\xff\xfe\n");
    home.run(["cookies", "import", "jar", "--session", "s"]);
    home.write("more", "Set-Cookie: a=1; Secure; Path=/; Partitioned\n");
    let url = ["--url", "https://shop.example/"];
    home.run(["cookies", "import", "more", "--session", "s"].iter().chain(&url));
    let ran = home.run(["cookies", "ls", "--json", "--show-secrets", "--session", "s"]).ok();
    let text = ran.text();
    for member in
        ["\"name_b64\":\"6Q==\"", "\"value_b64\":\"//4=\"", "\"partition\":\"shop.example\""]
    {
        assert!(text.contains(member), "{member}: {text}");
    }
    assert!(!text.contains("\"received\":null") && text.contains("\"received\":"), "{text}");
    let hidden = home.run(["cookies", "ls", "--json", "--session", "s"]).ok().text();
    assert!(!hidden.contains("//4="), "{hidden}");
    home.write("one", b"shop.example\tFALSE\t/\tFALSE\t0\tb\t\xff\xfe\n");
    let ran = home.run(["cookies", "get", "b", "--show-secrets", "--jar", "one"]).ok();
    assert_eq!(ran.stdout, b"\xff\xfe\n");
}

fn json_says_what_would_become_of_a_line() {
    let (home, url) = logged_in();
    let cases = [
        ("new=1", "\"verdict\":\"created\",\"stored\":true"),
        ("visitor=1", "\"verdict\":\"replaced\",\"stored\":true"),
        ("visitor=; Max-Age=0", "\"verdict\":\"removed\",\"stored\":false"),
        ("a=1; Domain=x.example", "\"verdict\":\"refused\",\"stored\":false"),
    ];
    for (line, expected) in cases {
        let words = ["cookies", "explain", "--set-cookie", line, "--url", &url, "--json"];
        let text = home.run(words.iter().chain(&["--session", "me"])).ok().text();
        assert!(text.contains(expected), "{line}: {text}");
    }
}

fn output_that_cannot_be_written_is_said() {
    let (home, _) = logged_in();
    for words in [&["ls"][..], &["export", "-o", "-"]] {
        let words = ["cookies"].iter().chain(words).chain(&["--session", "me"]);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Running::to(home.command(words.clone()), full).finish();
        let last = ran.stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with("cruller: (23) cannot write to standard output"), "{ran}");
        assert_eq!(ran.code, 23);
        let (reader, closed) = std::io::pipe().unwrap();
        drop(reader);
        let ran = Running::to(home.command(words), closed).finish();
        assert!(ran.code == 0 && !ran.stderr.contains("cruller:"), "{ran}");
    }
    assert!(!home.file("-").exists());
    let words = ["cookies", "export", "--session", "me", "-o", "no/such/out"];
    let ran = home.run(words);
    assert!(ran.code == 23 && ran.stderr.contains("cannot write no/such/out"), "{ran}");
}

fn an_import_that_did_nothing_is_no_success() {
    let home = Home::new();
    home.write("old", "a.example\tFALSE\t/\tFALSE\t1\ta\tb\n");
    home.write("odd", "[{\"name\":\"a\",\"hostOnly\":true},7]");
    for file in ["old", "odd"] {
        let ran = home.run(["cookies", "import", file, "--jar", "jar"]);
        let last = ran.stderr.lines().last().unwrap_or_default();
        assert!(ran.code == 26 && last.contains("none of it"), "{ran}");
    }
    home.write("empty", "[]");
    let ran = home.run(["cookies", "import", "empty", "--jar", "jar"]);
    assert!(ran.code == 0 && ran.stderr.contains("no cookies in it"), "{ran}");
    assert!(!home.file("jar").exists());
}

fn an_old_archive_does_not_undo_a_login() {
    let home = Home::new();
    let set = ["cookies", "set", "sid=live", "--url", "https://a.example/", "--session", "s"];
    home.run(set);
    let entry = |line: &str| {
        format!(
            r#"{{"startedDateTime":"2020-01-15T08:30:00Z","request":{{"method":"GET",
            "url":"https://a.example/"}},"response":{{"status":200,"headers":[
            {{"name":"Set-Cookie","value":"{line}"}}]}}}}"#
        )
    };
    let entries = [entry("sid=stale"), entry("sid=; Max-Age=0"), entry("new=1")].join(",");
    home.write("old.har", format!(r#"{{"log":{{"entries":[{entries}]}}}}"#));
    let ran = home.run(["cookies", "import", "old.har", "--session", "s"]);
    assert!(ran.code == 0 && ran.stderr.contains("warning: 2 are older"), "{ran}");
    let get = |name| home.run(["cookies", "get", name, "--show-secrets", "--session", "s"]).text();
    assert_eq!((get("sid"), get("new")), ("live\n".to_owned(), "1\n".to_owned()));
}

fn a_session_is_opened_and_not_imported() {
    let (home, _) = logged_in();
    let path = home.config().join("sessions/me/session.json");
    let words = ["cookies", "import", path.to_str().unwrap(), "--session", "s"];
    home.run(words).failed_saying(26, "hint: --session");
}

fn a_limit_on_the_size_of_files_is_an_error_that_is_said() {
    let (home, url) = logged_in();
    let long = format!("long={}", "x".repeat(4000));
    let words = ["cookies", "set", &long, "--url", &url, "--session", "me"];
    let under_limit = |words: &[&str]| {
        let command = home.command(words);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -c 0; ulimit -f 1; exec \"$@\"", "sh"]);
        shell.arg(command.get_program()).args(command.get_args()).current_dir(home.work());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Running::to(shell, std::process::Stdio::piped()).finish()
    };
    under_limit(&words).failed_saying(23, "ulimit -f");
    let left = home.run(["cookies", "ls", "--session", "me"]).ok().text();
    assert_eq!(left.lines().count(), 3, "{left}");
    assert_eq!(home.run(words).code, 0);
    let ran = under_limit(&["cookies", "export", "--session", "me", "-o", "out"]);
    assert!(ran.code == 23 && ran.stderr.contains("ulimit -f"), "{ran}");
    assert!(!home.file("out").exists());
}

fn a_jar_that_cannot_be_saved_is_known_at_once() {
    let home = Home::new();
    home.write("file", "");
    for jar in ["/proc/jar", "new/", "file/jar", "no/such/jar"] {
        // Nobody listens there: a connection would be another failure.
        let ran = home.run(["fetch", "-c", jar, "http://127.0.0.1:1/"]);
        ran.failed_saying(23, &format!("cannot save cookies to {jar}"));
    }
    home.run(["fetch", "-c", "jar", "http://127.0.0.1:1/"]).failed(7);
    let left = std::fs::read_dir(home.work()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".tmp")));
}

fn a_jar_is_looked_at_where_nothing_can_be_written() {
    let home = Home::new();
    let ran = home.run(["cookies", "ls", "--jar", "/proc/nosuch"]);
    assert!(ran.code == 0 && ran.stderr.starts_with("note: "), "{ran}");
    let words = ["cookies", "set", "a=1", "--url", "http://a.example/", "--jar", "/proc/nosuch"];
    home.run(words).failed_saying(23, "cannot save cookies");
}

fn a_session_variable_that_is_no_text_is_said() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::new();
    let (_site, url) = home.serve();
    for words in [&["cookies", "ls"][..], &["fetch", &url]] {
        let mut command = home.command(words);
        command.env("CRULLER_SESSION", std::ffi::OsStr::from_bytes(b"\xff"));
        let ran = Running::to(command, std::process::Stdio::piped()).finish();
        ran.failed_saying(2, "CRULLER_SESSION");
    }
}

fn malformed_entries_are_numbered() {
    let home = Home::new();
    let good = "a.example\tFALSE\t/\tFALSE\t0\ta\tb\n";
    home.write("lines", format!("# Netscape HTTP Cookie File\n{good}odd\n"));
    let many = "7,".repeat(12);
    home.write(
        "list",
        format!(r#"[{{"name":"a","domain":"a.example","value":"b","session":true}},{many}7]"#),
    );
    home.write("har", r#"{"log":{"entries":[7,{}]}}"#);
    let cases = [
        ("lines", "1 malformed entries were passed over: line 3\n"),
        (
            "list",
            "13 malformed entries were passed over: number 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …\n",
        ),
        ("har", "2 malformed entries were passed over: number 1, 2\n"),
    ];
    for (file, expected) in cases {
        let ran = home.run(["cookies", "import", file, "--session", "s"]);
        assert!(ran.stderr.contains(expected), "{ran}");
    }
}
