#![expect(clippy::disallowed_methods, reason = "the tests look at the files themselves")]

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const NOW: Wall = Wall(1_700_000_000_000);
const HEAD: &str = "# Netscape HTTP Cookie File\n";

fn at() -> Url {
    Url::parse("http://a.example/").unwrap()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn cookie_lines(path: &Path) -> Vec<String> {
    let lines = text(path);
    lines.lines().filter(|l| !l.starts_with("# ") && !l.is_empty()).map(str::to_owned).collect()
}

#[test]
fn twenty_savers_at_once_leave_twenty_of_twenty() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let gate = std::sync::Barrier::new(20);
    std::thread::scope(|scope| {
        for i in 0..20 {
            let (path, gate) = (&path, &gate);
            scope.spawn(move || {
                let mut jar = Jar::new();
                let (mut file, _) = JarFile::open(path, &mut jar, None, NOW).unwrap();
                gate.wait();
                jar.store(format!("c{i}=v{i}").as_bytes(), &at(), NOW);
                file.save(&mut jar, NOW).unwrap();
            });
        }
    });
    let mut jar = Jar::new();
    let (_, loaded) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    assert_eq!(loaded, Loaded { cookies: 20, ..Loaded::default() });
    let mut names: Vec<String> = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [".jar.txt.lock", "jar.txt"]);
}

#[test]
fn an_existing_jar_is_never_emptied() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let before = format!("{HEAD}.a.example\tTRUE\t/\tFALSE\t0\ta\tb\n");
    fs::write(&path, &before).unwrap();
    let mut jar = Jar::new();
    let mut file = JarFile::create(&path);
    assert_eq!(file.save(&mut jar, NOW).unwrap(), Saved::Unchanged);
    assert_eq!(text(&path), before, "not a byte was touched");
    jar.store(b"c=d", &at(), NOW);
    assert_eq!(file.save(&mut jar, NOW).unwrap(), Saved::Written { cookies: 2, left_out: 0 });
    assert_eq!(
        cookie_lines(&path),
        [".a.example\tTRUE\t/\tFALSE\t0\ta\tb", "a.example\tFALSE\t/\tFALSE\t0\tc\td",]
    );
    assert!(!jar.has_changes());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_new_jar_is_made_even_without_cookies() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let saved = JarFile::create(&path).save(&mut Jar::new(), NOW).unwrap();
    assert_eq!(saved, Saved::Written { cookies: 0, left_out: 0 });
    assert!(text(&path).starts_with(HEAD));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_was_removed_or_has_expired_is_gone_and_an_update_keeps_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let row = |name: &str, end: i64| format!("a.example\tFALSE\t/\tFALSE\t{end}\t{name}\told\n");
    let soon = NOW.secs() + 5;
    fs::write(&path, [HEAD, &row("a", 0), &row("b", 0), &row("c", soon), &row("d", 0)].concat())
        .unwrap();
    let mut jar = Jar::new();
    let (mut file, loaded) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    assert_eq!(loaded.cookies, 4);
    let later = NOW.plus_secs(9);
    jar.store(b"a=new", &at(), later);
    jar.store(b"b=; Max-Age=0", &at(), later);
    file.save(&mut jar, later).unwrap();
    assert_eq!(
        cookie_lines(&path),
        ["a.example\tFALSE\t/\tFALSE\t0\ta\tnew", "a.example\tFALSE\t/\tFALSE\t0\td\told",]
    );
}

#[test]
fn a_removal_spares_what_another_process_set_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    fs::write(&path, format!("{HEAD}a.example\tFALSE\t/\tFALSE\t0\tsid\t1\n")).unwrap();
    let (mut ours, mut theirs) = (Jar::new(), Jar::new());
    let (mut our_file, _) = JarFile::open(&path, &mut ours, None, NOW).unwrap();
    let (mut their_file, _) = JarFile::open(&path, &mut theirs, None, NOW).unwrap();
    ours.store(b"sid=; Max-Age=0", &at(), NOW);
    theirs.store(b"sid=2", &at(), NOW);
    their_file.save(&mut theirs, NOW).unwrap();
    our_file.save(&mut ours, NOW).unwrap();
    assert_eq!(cookie_lines(&path), ["a.example\tFALSE\t/\tFALSE\t0\tsid\t2"]);
}

#[test]
fn malformed_lines_are_counted_and_so_are_cookies_no_server_could_set() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let lines = [
        HEAD,
        "nonsense\n",
        ".co.uk\tTRUE\t/\tFALSE\t0\ta\tb\n",
        "a.example\tFALSE\t/\tFALSE\t0\ta\tb\u{1}\n",
        "a.example\tFALSE\t/\tFALSE\t5\ta\tb\n",
        ".a.example\tFALSE\t/\tFALSE\t0\ta\tb\r\n",
        "#HttpOnly_a.example\tFALSE\t/\tFALSE\t0\th\tb\n",
    ];
    fs::write(&path, lines.concat()).unwrap();
    let mut jar = Jar::new();
    let (_, loaded) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    let want = Loaded {
        cookies: 2,
        expired: 1,
        skipped: 3,
        refused: 2,
        kept: 0,
        contradictions: 1,
        missing: 0,
    };
    assert_eq!(loaded, want);
    assert!(!jar.has_changes());
    assert_eq!(jar.retrieve(&at(), NOW).as_deref(), Some(&b"a=b; h=b"[..]));
}

#[test]
fn set_cookie_lines_are_read_for_their_domain_or_the_first_host() {
    let text = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Domain=b.example; Secure\r\nset-cookie:c=2; Path=/x\r\n";
    let mut jar = Jar::new();
    let loaded = import_bytes(text, &mut jar, None, NOW);
    assert_eq!((loaded.cookies, loaded.skipped), (1, 2), "no host is known for c");
    let loaded = import_bytes(text, &mut jar, Some(&at()), NOW);
    assert_eq!((loaded.cookies, loaded.skipped), (2, 1));
    let to = Url::parse("https://www.b.example/").unwrap();
    assert_eq!(jar.retrieve(&to, NOW).as_deref(), Some(&b"a=1"[..]));
    let to = Url::parse("http://a.example/x/y").unwrap();
    assert_eq!(jar.retrieve(&to, NOW).as_deref(), Some(&b"c=2"[..]));
}

#[test]
fn what_came_from_another_file_is_saved_too() {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    fs::write(&from, "a.example\tFALSE\t/\tFALSE\t0\ta\tb\n").unwrap();
    let mut jar = Jar::new();
    let reads = [from.clone(), dir.path().join("nowhere")];
    let (file, loaded) = open_all(&reads, Some(&to), &mut jar, None, NOW).unwrap();
    assert_eq!((loaded.cookies, loaded.missing), (1, 1));
    file.unwrap().save(&mut jar, NOW).unwrap();
    assert_eq!(cookie_lines(&to).len(), 1);
    // The same file by another name is the same file.
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&from, &link).unwrap();
    let mut jar = Jar::new();
    open_all(&[link], Some(&from), &mut jar, None, NOW).unwrap();
    assert!(!jar.has_changes());
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notes");
    fs::write(&path, "buy milk\n").unwrap();
    let mut jar = Jar::new();
    jar.store(b"a=b", &at(), NOW);
    let error = JarFile::create(&path).save(&mut jar, NOW).unwrap_err();
    assert!(matches!(error, Error::NotAJar { .. }), "{error}");
    assert_eq!(text(&path), "buy milk\n");
    assert!(jar.has_changes(), "what was not saved is still to be saved");
    let error = JarFile::create(Path::new("/dev/null")).save(&mut jar, NOW).unwrap_err();
    assert!(matches!(error, Error::NotAFile { .. }), "{error}");
}

#[test]
fn a_tab_in_a_value_survives_and_bytes_beyond_utf8_do_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let mut jar = Jar::new();
    jar.store(b"a=b\tc", &at(), NOW);
    jar.store(b"\xff=\xfe", &at(), NOW);
    jar.store(b"bare", &at(), NOW);
    JarFile::create(&path).save(&mut jar, NOW).unwrap();
    let mut again = Jar::new();
    JarFile::open(&path, &mut again, None, NOW).unwrap();
    assert_eq!(again.retrieve(&at(), NOW), jar.retrieve(&at(), NOW));
}

#[test]
fn what_was_saved_in_this_run_can_be_removed_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let https = Url::parse("https://a.example/").unwrap();
    let mut jar = Jar::new();
    let now = Wall(NOW.0 + 7);
    jar.store(b"a=1; Max-Age=60; SameSite=Lax", &https, now);
    jar.store(b"b=1; Secure; Partitioned", &https, now);
    jar.store(b"c=1; Max-Age=60", &https, now);
    JarFile::create(&path).save(&mut jar, now).unwrap();
    assert_eq!(cookie_lines(&path).len(), 3);
    // Meanwhile somebody else sets c anew.
    let mut theirs = Jar::new();
    theirs.store(b"c=2; Max-Age=60", &https, now);
    JarFile::create(&path).save(&mut theirs, now).unwrap();
    for line in [&b"a=; Max-Age=0"[..], b"b=; Secure; Partitioned; Max-Age=0", b"c=; Max-Age=0"] {
        jar.store(line, &https, now.plus_secs(3));
    }
    JarFile::create(&path).save(&mut jar, now.plus_secs(3)).unwrap();
    let end = now.plus_secs(60).secs();
    assert_eq!(cookie_lines(&path), [format!("a.example\tFALSE\t/\tFALSE\t{end}\tc\t2")]);
}

#[test]
fn what_came_back_after_its_removal_stands_behind_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let row = |name: &str, value: u8| format!("a.example\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n");
    fs::write(&path, [HEAD, &row("a", 1), &row("b", 1)].concat()).unwrap();
    let mut jar = Jar::new();
    let (mut file, _) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    jar.store(b"a=; Max-Age=0", &at(), NOW);
    jar.store(b"a=2", &at(), NOW);
    file.save(&mut jar, NOW).unwrap();
    assert!(text(&path).ends_with(&[row("b", 1), row("a", 2)].concat()));
}

#[test]
fn a_second_jar_gets_all_that_this_run_set_and_nothing_that_it_only_read() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    fs::write(&one, format!("{HEAD}a.example\tFALSE\t/\tFALSE\t0\told\t1\n")).unwrap();
    let mut jar = Jar::new();
    let (mut file, _) = JarFile::open(&one, &mut jar, None, NOW).unwrap();
    jar.store(b"a=1", &at(), NOW);
    file.save(&mut jar, NOW).unwrap();
    let mut file = JarFile::create(&two);
    jar.store(b"b=2", &at(), NOW);
    file.save(&mut jar, NOW).unwrap();
    let row = |name: &str, value: u8| format!("a.example\tFALSE\t/\tFALSE\t0\t{name}\t{value}");
    assert_eq!(cookie_lines(&two), [row("a", 1), row("b", 2)]);
    assert_eq!(cookie_lines(&one), [row("old", 1), row("a", 1)]);
    assert_eq!(file.save(&mut jar, NOW).unwrap(), Saved::Unchanged);
}

#[test]
fn a_file_that_is_only_read_does_not_replace_what_a_server_sent() {
    let mut jar = Jar::new();
    jar.store(b"a=server", &at(), NOW);
    let text = b"a.example\tFALSE\t/\tFALSE\t0\ta\tfile\nSet-Cookie: a=line\nSet-Cookie: b=line";
    let loaded = import_bytes(text, &mut jar, Some(&at()), NOW.plus_secs(1));
    assert_eq!(loaded.cookies, 3);
    assert_eq!(jar.retrieve(&at(), NOW).as_deref(), Some(&b"a=server; b=line"[..]));
}

#[test]
fn what_is_not_understood_stays_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let kept = [
        "# https://curl.se/docs/http-cookies.html\n",
        "one broken line\r\n",
        ".co.uk\tTRUE\t/\tFALSE\t0\ta\tb\n",
        "# my note\n",
        "Set-Cookie: s=1; Domain=a.example\n",
        "Set-Cookie: nowhere=1\n",
    ];
    let row = "a.example\tFALSE\t/\tFALSE\t0\ta\tb\n";
    fs::write(&path, ["\u{feff}", HEAD, "\n", row, &kept.concat()].concat()).unwrap();
    let (mut file, loaded) = JarFile::look(&path, None, NOW).unwrap();
    assert_eq!(loaded, Loaded { kept: 3, ..Loaded::default() });
    for value in 1..3 {
        let mut jar = Jar::new();
        jar.store(format!("c={value}").as_bytes(), &at(), NOW);
        file.save(&mut jar, NOW).unwrap();
        let after = text(&path);
        let new = row.replace("a\tb\n", &format!("c\t{value}\n"));
        assert!(after.ends_with(&["\n\n", &kept.concat(), row, &new].concat()), "{after}");
        assert!(after.starts_with(HEAD));
    }
    // The line of a cookie that is set anew gives way to it.
    let mut jar = Jar::new();
    let (mut file, _) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    assert!(!jar.has_changes());
    jar.store(b"s=2; Domain=a.example; Path=/", &at(), NOW);
    file.save(&mut jar, NOW).unwrap();
    let after = text(&path);
    assert!(!after.contains("s=1") && after.contains("\ts\t2") && after.contains("nowhere"));
}

#[test]
fn what_is_no_jar_is_told_before_any_request() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    for content in [
        "buy milk\n",
        "# only\n# comments\n",
        "Set-Cookie: a=b; Domain=a.example\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Domain=a.example\r\n\r\n",
    ] {
        fs::write(&path, content).unwrap();
        for read in [&[][..], std::slice::from_ref(&path)] {
            let mut jar = Jar::new();
            let error = open_all(read, Some(&path), &mut jar, Some(&at()), NOW).unwrap_err();
            assert!(matches!(error, Error::NotAJar { .. }), "{content}: {error}");
        }
        let mut jar = Jar::new();
        jar.store(b"a=b", &at(), NOW);
        assert!(JarFile::create(&path).save(&mut jar, NOW).is_err(), "{content}");
        assert_eq!(text(&path), content);
    }
    for content in ["", "\n \n", "# Netscape HTTP Cookie File\r\nbroken\r\n", "# HTTP Cookie File"]
    {
        fs::write(&path, content).unwrap();
        JarFile::look(&path, None, NOW).unwrap();
    }
}

#[test]
fn a_cleared_jar_keeps_comments_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jar.txt");
    let lines = [
        HEAD,
        "# mine\n",
        ".co.uk\tTRUE\t/\tFALSE\t0\ta\tsecret\n",
        "broken secret\n",
        "Set-Cookie: s=secret; Domain=a.example\n",
        "a.example\tFALSE\t/\tFALSE\t5\told\tsecret\n",
    ];
    fs::write(&path, lines.concat()).unwrap();
    let mut jar = Jar::new();
    let (mut file, _) = JarFile::open(&path, &mut jar, None, NOW).unwrap();
    assert_eq!(jar.clear(NOW), 1);
    file.save(&mut jar, NOW).unwrap();
    assert!(text(&path).ends_with("\n\n# mine\n"), "{}", text(&path));
}
