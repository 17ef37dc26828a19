#![expect(clippy::disallowed_methods, reason = "the tests look at the files themselves")]

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use url::Url;

const NOW: Wall = Wall(1_700_000_000_000);

fn at() -> Url {
    Url::parse("https://www.a.example/").unwrap()
}

fn opened(dir: &Path) -> (SessionFile, Jar, Loaded) {
    let mut jar = Jar::new();
    let (session, loaded) = SessionFile::open(dir, &mut jar, NOW).unwrap();
    (session, jar, loaded)
}

fn text(dir: &Path) -> String {
    fs::read_to_string(dir.join(FILE)).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn twenty_savers_at_once_leave_twenty_of_twenty() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("s");
    let gate = std::sync::Barrier::new(20);
    std::thread::scope(|scope| {
        for i in 0..20 {
            let (dir, gate) = (&dir, &gate);
            scope.spawn(move || {
                let (mut session, mut jar, _) = opened(dir);
                gate.wait();
                jar.store(format!("c{i}=v{i}").as_bytes(), &at(), NOW);
                session.save(&mut jar, NOW).unwrap();
            });
        }
    });
    let (_, _, loaded) = opened(&dir);
    assert_eq!(loaded, Loaded { cookies: 20, ..Loaded::default() });
    let mut names: Vec<String> = fs::read_dir(&dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [LOCK, FILE]);
}

#[test]
fn every_field_comes_back_and_the_file_is_one_cookie_a_line() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("deep/s");
    let (mut session, mut jar, loaded) = opened(&dir);
    assert_eq!(loaded.missing, 1);
    assert!(!dir.exists(), "opening makes nothing");
    for line in [
        &b"b=\"q\"; Path=/x; Secure; HttpOnly; SameSite=Strict; Max-Age=60"[..],
        b"a=1; Domain=a.example; SameSite=None; Secure; Partitioned",
        b"\xff=\xfe; Path=/\xfd",
        b"bare",
    ] {
        assert_eq!(jar.store(line, &at(), NOW).verdict, crate::cookie::Verdict::Created);
    }
    let saved = session.save(&mut jar, NOW).unwrap();
    assert_eq!(saved, Saved::Written { cookies: 4, left_out: 0 });
    assert_eq!((mode(&dir), mode(&dir.join(FILE)), mode(&dir.join(LOCK))), (0o700, 0o600, 0o600));
    let lines = text(&dir);
    let rows: Vec<&str> = lines.lines().collect();
    assert_eq!((rows[0], rows[1], rows[2]), ("{", "\"schema\": 1,", "\"cookies\": ["));
    assert_eq!(
        rows[3],
        concat!(
            r#"{"name":"a","value":"1","domain":"a.example","host_only":false,"path":"/","secure":true,"#,
            r#""http_only":false,"same_site":"none","partitioned":true,"expires":null,"#,
            r#""created":1700000000001,"received":1700000000000,"accessed":1700000000000,"#,
            r#""source":"https://www.a.example:443"},"#
        )
    );
    assert_eq!(rows.len(), 3 + 4 + 2);
    assert!(lines.contains(r#""name_b64":"/w==","value_b64":"/g==""#), "{lines}");
    let (_, again, loaded) = opened(&dir);
    assert_eq!(loaded.cookies, 4);
    for cookie in jar.iter() {
        let there = again.get(&cookie.key).unwrap();
        assert!(there.is_same_setting(cookie), "{cookie:?} {there:?}");
        assert_eq!((there.created, there.accessed), (cookie.created, cookie.accessed));
        assert_eq!(there.source, cookie.source);
    }
    let mut again = again;
    assert_eq!(again.retrieve(&at(), NOW), jar.retrieve(&at(), NOW));
}

#[test]
fn members_we_do_not_know_are_kept_where_they_are() {
    let home = tempfile::tempdir().unwrap();
    let before = concat!(
        r#"{"note":{"b":1,"a":[2]},"schema":1,"cookies":[{"name":"a","value":"1","domain":"WWW.a.example","#,
        r#""colour":"red"},{"name":"x","value":"1","domain":"co.uk","host_only":false}],"zeta":null}"#
    );
    fs::write(home.path().join(FILE), before).unwrap();
    let (mut session, mut jar, loaded) = opened(home.path());
    assert_eq!((loaded.cookies, loaded.skipped), (1, 1));
    assert_eq!(session.save(&mut jar, NOW).unwrap(), Saved::Unchanged);
    assert_eq!(text(home.path()), before, "nothing changed: nothing is written");
    jar.store(b"a=2; Path=/", &at(), NOW);
    session.save(&mut jar, NOW).unwrap();
    let after = text(home.path());
    for part in [
        "\"note\": {\"b\":1,\"a\":[2]},\n\"zeta\": null,\n",
        "\"name\":\"a\",\"value\":\"2\"",
        "\"colour\":\"red\"",
        r#"{"name":"x","value":"1","domain":"co.uk","host_only":false}"#,
    ] {
        assert!(after.contains(part), "{part}\n{after}");
    }
}

#[test]
fn being_sent_alone_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (mut session, mut jar, _) = opened(home.path());
    jar.store(b"a=1", &at(), NOW);
    session.save(&mut jar, NOW).unwrap();
    let before = text(home.path());
    let (mut session, mut jar, _) = opened(home.path());
    assert!(jar.retrieve(&at(), NOW.plus_secs(60)).is_some());
    assert_eq!(session.save(&mut jar, NOW.plus_secs(60)).unwrap(), Saved::Unchanged);
    assert_eq!(text(home.path()), before);
}

#[test]
fn a_file_that_is_not_understood_is_an_error_and_stays_as_it_is() {
    // Content, the line named.
    let cases = [
        ("", "ends too early"),
        ("{\n\"schema\": 1,\n\"cookies\": [\n{\"name\":", "line 4"),
        ("[]", "not the object"),
        ("{\"cookies\":[]}", "no schema"),
        ("{\"schema\":\"hush\"}", "no schema"),
        ("{\"schema\":2,\"cookies\":[]}", "later version"),
        ("{\"schema\":1,\"cookies\":\"hush\"}", "not the object"),
        ("{\"schema\":1,\"cookies\":[\"hush\"]}", "no object"),
        ("{\"schema\":1,\"cookies\":[{\"name\":\"a\",\"value\":\"hush\"}]}", "no domain"),
        (
            "{\"schema\":1,\"cookies\":[{\"name\":\"a\",\"domain\":\"b.c\",\"value\":7}]}",
            "no string",
        ),
        ("{\"schema\":1,\"cookies\":[]} hush", "not JSON"),
    ];
    let home = tempfile::tempdir().unwrap();
    for (content, words) in cases {
        fs::write(home.path().join(FILE), content).unwrap();
        let error = SessionFile::open(home.path(), &mut Jar::new(), NOW).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("hush"), "{content}: {error}");
        let mut jar = Jar::new();
        jar.store(b"a=1", &at(), NOW);
        let mut session = SessionFile { dir: home.path().to_owned(), met: Met::Nothing };
        assert!(session.save(&mut jar, NOW).is_err());
        assert_eq!(text(home.path()), content);
        assert!(jar.has_changes());
    }
}

#[test]
fn the_later_setting_wins_whoever_saves_last() {
    let home = tempfile::tempdir().unwrap();
    let (mut one, mut early, _) = opened(home.path());
    let (mut two, mut late, _) = opened(home.path());
    early.store(b"a=early", &at(), NOW);
    late.store(b"a=late", &at(), NOW.plus_secs(1));
    two.save(&mut late, NOW.plus_secs(2)).unwrap();
    one.save(&mut early, NOW.plus_secs(3)).unwrap();
    let (_, mut jar, _) = opened(home.path());
    assert_eq!(jar.retrieve(&at(), NOW).as_deref(), Some(&b"a=late"[..]));
}

#[test]
fn a_long_run_saves_again_and_again() {
    let home = tempfile::tempdir().unwrap();
    let (mut session, mut jar, _) = opened(home.path());
    for i in 0..3 {
        jar.store(format!("c{i}=v").as_bytes(), &at(), NOW);
        session.save(&mut jar, NOW).unwrap();
    }
    jar.store(b"c1=; Max-Age=0", &at(), NOW.plus_secs(1));
    session.save(&mut jar, NOW.plus_secs(1)).unwrap();
    let (_, mut jar, _) = opened(home.path());
    assert_eq!(jar.retrieve(&at(), NOW).as_deref(), Some(&b"c0=v; c2=v"[..]));
}

#[test]
fn a_name_cannot_lead_out_of_the_home_of_sessions() {
    let home = Path::new("/h");
    for (name, dir) in [("a", "/h/a"), ("A.b_c-1", "/h/A.b_c-1"), ("./x", "./x"), ("/x/y", "/x/y")]
    {
        assert_eq!(dir_of(home, name).unwrap(), Path::new(dir));
    }
    for name in ["", ".", "..", ".hidden", "-rf", "a b", "a\\b", "\u{e4}", "a\n"] {
        assert!(matches!(dir_of(home, name), Err(Error::Name { .. })), "{name:?}");
    }
}

#[test]
fn a_pipe_is_no_session_and_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    for name in [FILE, LOCK] {
        let pipe = home.path().join(name);
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let error = SessionFile::open(home.path(), &mut Jar::new(), NOW).unwrap_err();
        assert!(matches!(error, Error::NotAFile { .. }), "{error}");
        fs::remove_file(pipe).unwrap();
    }
}

#[test]
fn a_cleared_session_holds_no_value_and_no_cookie_of_any_kind() {
    let home = tempfile::tempdir().unwrap();
    let entry = |name: &str, more: &str| {
        format!("{{\"name\":\"{name}\",\"value\":\"secret\",\"domain\":\"co.uk\"{more}}}")
    };
    let entries =
        [entry("a", ""), entry("b", ",\"host_only\":false"), entry("c", ",\"expires\":1")];
    for some in [&entries[..], &entries[1..]] {
        let list = some.join(",");
        let before = format!("{{\"schema\":1,\"note\":7,\"cookies\":[{list}]}}");
        fs::write(home.path().join(FILE), before).unwrap();
        let (mut session, mut jar, loaded) = opened(home.path());
        assert_eq!((loaded.skipped, loaded.refused, loaded.expired), (1, 1, 1));
        assert_eq!(jar.clear(NOW), some.len() - 2);
        session.save(&mut jar, NOW).unwrap();
        assert_eq!(text(home.path()), "{\n\"schema\": 1,\n\"note\": 7,\n\"cookies\": [\n]\n}\n");
        assert!(!jar.has_changes());
    }
}
