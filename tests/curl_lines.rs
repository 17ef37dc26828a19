//! Lines that browsers copy as curl's, in `fixtures/curl-lines/`: pasted into a shell as they are,
//! where they are a shell's, and read by `--from-curl`.
//!
//! `NAME.txt` is the line, `NAME.request` what must go over the wire. `chrome`, `firefox` and
//! `safari` are a shell's, `cmd` is Windows'.

use crate::support::client::Home;
use crate::support::tls::{Authority, Front};
use crate::support::{door, in_package, shown};
use libtest_mimic::{Failed, Trial};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn tests() -> Vec<Trial> {
    let files = std::fs::read_dir(in_package("fixtures/curl-lines")).expect("the fixtures");
    let files = files.map(|file| file.expect("a fixture").path());
    let mut lines: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "txt")).collect();
    lines.sort();
    let mut trials = trials![
        twenty_lines_of_every_browser,
        a_line_is_shown_as_curls_own,
        pasted_lines_are_operations_among_others,
        all_of_them_are_recorded,
        what_no_shell_will_do_is_refused,
        a_cookie_without_a_name_is_no_file,
    ];
    for line in lines {
        let name = line.file_stem().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("cmd") {
            let line = line.clone();
            let pasted = move || holds(&line, in_a_shell);
            trials.push(Trial::test(format!("curl_lines::pasted {name}"), pasted));
        }
        let read = move || holds(&line, from_a_file);
        trials.push(Trial::test(format!("curl_lines::read {name}"), read));
    }
    trials
}

fn twenty_lines_of_every_browser() {
    let count = |start: &str| {
        let files = std::fs::read_dir(in_package("fixtures/curl-lines")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(start) && name.ends_with(".txt")).count()
    };
    assert!(count("") >= 20);
    for browser in ["chrome", "cmd-chrome", "firefox", "safari"] {
        assert!(count(browser) >= 3, "{browser}");
    }
}

/// Runs a line against a server of its own, and compares what that was sent.
fn holds(line: &Path, run: fn(&Home, &Path, u16) -> Output) -> Result<(), Failed> {
    let home = Home::new();
    let (door, _) = door::open("http");
    let behind = door.local_addr()?;
    let leaf = Authority::new("made for this run").leaf(["shop.example"]);
    let front = Front::start(&leaf, behind);
    let server = std::thread::spawn(move || {
        let mut stream = door::accept(&door);
        let mut request = door::head(&mut stream).expect("a request").into_bytes();
        let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let length = head.split("\r\ncontent-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut content = vec![0; length.map_or(0, |digits| digits.parse().expect("a length"))];
        stream.read_exact(&mut content).expect("the content that was announced");
        request.extend(content);
        stream.write_all(b"HTTP/1.1 204 OK\r\nConnection: close\r\n\r\n").expect("a listener");
        request
    });
    let ran = run(&home, line, front.address.port());
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    if !ran.status.success() || !said.is_empty() {
        return Err(format!("{}: {said}", ran.status).into());
    }
    let sent = server.join().map_err(|_| "the server was not asked properly")?;
    let expected = std::fs::read(line.with_extension("request")).unwrap_or_default();
    match sent == expected {
        true => Ok(()),
        false => Err(format!("sent:\n{}\nnot:\n{}", shown(&sent), shown(&expected)).into()),
    }
}

/// As a person pastes it, with `curl` meaning `cruller fetch`.
fn in_a_shell(home: &Home, line: &Path, port: u16) -> Output {
    let client = home.command([""; 0]);
    let mut shell = Command::new("bash");
    shell.env_clear().envs(client.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // What the shell makes of `\u00e9` depends on the language.
    shell.env("LC_ALL", "C.UTF-8").env("CLIENT", client.get_program()).current_dir(home.work());
    let line = std::fs::read_to_string(line).expect("a line");
    let meaning =
        format!("curl() {{ \"$CLIENT\" fetch -k --connect-to ::127.0.0.1:{port} \"$@\"; }}");
    shell.arg("-c").arg(format!("{meaning}\n{line}"));
    shell.output().expect("a shell")
}

fn from_a_file(home: &Home, line: &Path, port: u16) -> Output {
    let line = line.to_str().expect("a path of the package");
    let port = format!("::127.0.0.1:{port}");
    let words = ["fetch", "--from-curl", line, "-k", "--connect-to", &port];
    home.command(words).output().expect("the client")
}

/// And what it shows does the same again.
fn a_line_is_shown_as_curls_own() {
    let home = Home::new();
    let line = in_package("fixtures/curl-lines/chrome-form.txt");
    let line = line.to_str().unwrap();
    let shown = home.run(["fetch", "--from-curl", line, "--to-curl"]).ok().text();
    assert!(shown.starts_with("curl https://shop.example/login -H 'content-type: "), "{shown}");
    assert!(shown.contains(" -b '__Host-csrf=a!b' "), "{shown}");
    home.write("shown", &shown);
    assert_eq!(home.run(["fetch", "--from-curl", "shown", "--to-curl"]).ok().text(), shown);
    let cookies = ["cookies", "set", "sid=1", "--url", "https://shop.example/", "--session", "me"];
    assert_eq!(home.run(cookies).code, 0);
    let words = ["fetch", "--session", "me", "--to-curl", "https://shop.example/a?b&c"];
    assert_eq!(home.run(words).ok().text(), "curl 'https://shop.example/a?b&c' -b sid=1\n");
}

fn pasted_lines_are_operations_among_others() {
    let home = Home::new();
    let (_site, url) = home.serve();
    home.write("lines", format!("$ curl {url}/echo/a\nsudo curl -s {url}/echo/b\n"));
    let line = |words: &[&str]| {
        let words = ["fetch", "--to-curl"].into_iter().chain(words.iter().copied());
        home.run(words).ok().text().replace(&url, "U")
    };
    let before = [&*format!("{url}/z"), "--next", "-A", "me", "--from-curl", "lines"];
    assert_eq!(line(&before), "curl U/z --next -A me U/echo/a --next -A me -s U/echo/b\n");
    let behind = ["--from-curl", "lines", "--next", &format!("{url}/z")];
    assert_eq!(line(&behind), "curl U/echo/a --next -s U/echo/b --next U/z\n");
    home.run(["fetch", "--from-curl", "lines", &url]).failed_saying(2, "behind --next");
}

/// One file for all, opened once.
fn all_of_them_are_recorded() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let lines: String = (0..20).map(|n| format!("curl {url}/status/{}\n", 200 + n % 7)).collect();
    home.write("lines", lines);
    for parallel in ["--no-parallel", "--parallel"] {
        let words = ["fetch", "-s", parallel, "--from-curl", "lines", "-o", "page"];
        home.run(words.into_iter().chain(["-D", "heads", "--json-out", "record"])).ok();
        let record = std::fs::read_to_string(home.file("record")).unwrap();
        assert_eq!(record.lines().count(), 20, "{parallel}");
        assert!(record.lines().all(|line| line.parse::<serde_json::Value>().is_ok()), "{record}");
        let heads = std::fs::read_to_string(home.file("heads")).unwrap();
        assert_eq!(heads.matches("HTTP/1.1 2").count(), 20, "{parallel}");
    }
}

fn what_no_shell_will_do_is_refused() {
    let home = Home::new();
    for (lines, why) in [
        ("curl http://localhost:1/\ncurl http://localhost:1/ > out\n", "line 2: < and >"),
        ("\n\ncurl --unknown-flag http://localhost:1/\n", "line 3: option --unknown-flag"),
        ("curl 'http://localhost:1/\n", "line 1: a quote is not closed"),
        ("wget http://localhost:1/\n", "no curl line"),
    ] {
        home.write("lines", lines);
        home.run(["fetch", "--from-curl", "lines"]).failed_saying(2, why);
    }
    home.write("lines", b"\xff\xfec\0u\0r\0l\0");
    home.run(["fetch", "--from-curl", "lines"]).failed_saying(2, "UTF-16");
}

fn a_cookie_without_a_name_is_no_file() {
    let home = Home::new();
    let url = "http://shop.example/";
    let set = ["cookies", "set", "=alone", "--url", url, "--session", "me"];
    assert_eq!(home.run(set).code, 0);
    let shown = home.run(["fetch", "--to-curl", "--session", "me", url]).ok();
    assert_eq!(shown.text(), "curl http://shop.example/ -H 'Cookie: alone'\n");
}
