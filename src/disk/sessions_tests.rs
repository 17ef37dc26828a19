use super::*;
use crate::disk::SessionFile;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Barrier;
use url::Url;

const NOW: Wall = Wall(1_700_000_000_000);

fn at() -> Url {
    Url::parse("https://www.a.example/").unwrap()
}

/// A session with these cookies in a fresh home.
fn session(home: &Path, name: &str, cookies: &[&str]) -> PathBuf {
    let dir = home.join(name);
    let mut jar = Jar::new();
    let (mut file, _) = SessionFile::open(&dir, &mut jar, NOW).unwrap();
    for line in cookies {
        jar.store(line.as_bytes(), &at(), NOW);
    }
    file.save(&mut jar, NOW).unwrap();
    dir
}

fn cookies(dir: &Path) -> usize {
    look(dir, NOW).unwrap().loaded.cookies
}

#[test]
fn only_sessions_are_listed() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(names(&home.path().join("none")).unwrap(), Vec::<String>::new());
    session(home.path(), "b", &["a=1"]);
    session(home.path(), "a", &["a=1"]);
    fs::create_dir(home.path().join("recorded")).unwrap();
    fs::write(home.path().join("recorded").join(RECORDING), "x").unwrap();
    fs::create_dir(home.path().join("empty")).unwrap();
    session(home.path(), ".hidden", &["a=1"]);
    fs::write(home.path().join("file"), "x").unwrap();
    assert_eq!(names(home.path()).unwrap(), ["a", "b", "recorded"]);
}

#[test]
fn looking_counts_all_that_is_held_and_waits_for_nobody() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1", "b=1; Max-Age=60"]);
    let path = dir.join(FILE);
    let text = fs::read_to_string(&path).unwrap();
    let more = "\"headers\": [1,2], \"check\": \"x\",\n\"cookies\"";
    fs::write(&path, text.replace("\"cookies\"", more)).unwrap();
    fs::write(dir.join(RECORDING), "12345").unwrap();
    let held = lock::exclusive(&dir.join(LOCK), Duration::ZERO).unwrap();
    let found = look(&dir, NOW).unwrap();
    assert_eq!((found.loaded.cookies, found.recording, found.locked), (2, Some(5), true));
    assert_eq!(found.others, [("headers".to_owned(), 2), ("check".to_owned(), 1)]);
    assert!(found.changed > Wall(0));
    drop(held);
    let later = look(&dir, NOW.plus_secs(60)).unwrap();
    assert_eq!((later.loaded.cookies, later.loaded.expired, later.locked), (1, 1, false));
}

#[test]
fn what_is_removed_is_ours_and_what_is_not_stays() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1", "b=2"]);
    fs::write(dir.join(RECORDING), "12345").unwrap();
    fs::write(dir.join(".session.json.1-2.tmp"), "").unwrap();
    let gone = Removed { cookies: Some(2), recording: Some(5), stays: false };
    assert_eq!(remove(&dir, NOW).unwrap(), gone);
    assert!(!dir.exists());
    assert!(matches!(remove(&dir, NOW), Err(Error::NoSession { .. })));

    let dir = session(home.path(), "a", &["a=1"]);
    fs::write(dir.join("notes"), "mine").unwrap();
    assert!(remove(&dir, NOW).unwrap().stays);
    let left: Vec<_> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["notes"]);
    assert!(matches!(remove(&dir, NOW), Err(Error::NotASession { .. })));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("other");
    fs::create_dir(&dir).unwrap();
    assert!(matches!(remove(&dir, NOW), Err(Error::NoSession { .. })));
    for content in ["{\"editor\":{\"windows\":[]}}", "[]", "not json"] {
        fs::write(dir.join(FILE), content).unwrap();
        let to = home.path().join("new");
        assert!(matches!(remove(&dir, NOW), Err(Error::NotASession { .. })), "{content}");
        assert!(matches!(rename(&dir, &to), Err(Error::NotASession { .. })), "{content}");
        assert!(matches!(copy(&dir, &to, NOW), Err(Error::NotASession { .. })), "{content}");
        assert_eq!(fs::read_to_string(dir.join(FILE)).unwrap(), content);
        assert!(!to.exists() && !dir.join(LOCK).exists());
    }
    assert!(matches!(remove(&dir.join(FILE), NOW), Err(Error::NotASession { .. })));
}

#[test]
fn a_session_whose_file_is_broken_can_be_removed() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1"]);
    let text = fs::read(dir.join(FILE)).unwrap();
    fs::write(dir.join(FILE), &text[..text.len() - 20]).unwrap();
    assert!(matches!(look(&dir, NOW), Err(Error::Session { .. })));
    assert_eq!(remove(&dir, NOW).unwrap().cookies, None);
    assert!(!dir.exists());
}

#[test]
fn a_link_to_a_session_goes_with_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1"]);
    let link = home.path().join("b");
    std::os::unix::fs::symlink(&dir, &link).unwrap();
    remove(&link, NOW).unwrap();
    assert!(!dir.exists() && !link.is_symlink());
}

#[test]
fn a_copy_holds_all_that_its_original_does_and_is_for_the_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1", "b=2"]);
    fs::write(dir.join(RECORDING), "12345").unwrap();
    let to = home.path().join("deep/b");
    assert_eq!(copy(&dir, &to, NOW).unwrap(), 2);
    for name in [FILE, RECORDING] {
        assert_eq!(fs::read(dir.join(name)).unwrap(), fs::read(to.join(name)).unwrap());
        assert_eq!(fs::metadata(to.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(matches!(copy(&dir, &to, NOW), Err(Error::Taken { .. })));
    assert!(matches!(rename(&dir, &to), Err(Error::Taken { .. })));
    rename(&to, &home.path().join("c")).unwrap();
    assert_eq!(cookies(&home.path().join("c")), 2);
    assert!(!to.exists());
}

#[test]
fn who_had_a_session_that_was_taken_away_does_not_begin_another() {
    let home = tempfile::tempdir().unwrap();
    for renamed in [false, true] {
        let dir = session(home.path(), "a", &["a=1"]);
        let mut jar = Jar::new();
        let (mut file, _) = SessionFile::open(&dir, &mut jar, NOW).unwrap();
        jar.store(b"late=1", &at(), NOW);
        match renamed {
            true => rename(&dir, &home.path().join("b")).unwrap(),
            false => drop(remove(&dir, NOW).unwrap()),
        }
        assert!(matches!(file.save(&mut jar, NOW), Err(Error::Gone { .. })));
        assert!(jar.has_changes() && !dir.exists());
        // Neither does another session of that name get it.
        session(home.path(), "a", &["b=1"]);
        assert!(matches!(file.save(&mut jar, NOW), Err(Error::Gone { .. })));
        assert_eq!(cookies(&dir), 1);
        remove(&dir, NOW).unwrap();
    }
    assert_eq!(cookies(&home.path().join("b")), 1);
}

#[test]
fn a_session_without_a_lock_that_was_taken_away_is_not_begun_again_either() {
    let home = tempfile::tempdir().unwrap();
    let dir = session(home.path(), "a", &["a=1"]);
    fs::remove_file(dir.join(LOCK)).unwrap();
    let mut jar = Jar::new();
    let (mut file, _) = SessionFile::open(&dir, &mut jar, NOW).unwrap();
    jar.store(b"late=1", &at(), NOW);
    file.save(&mut jar, NOW).unwrap();
    fs::remove_file(dir.join(LOCK)).unwrap();
    let (mut file, _) = SessionFile::open(&dir, &mut jar, NOW).unwrap();
    remove(&dir, NOW).unwrap();
    jar.store(b"later=1", &at(), NOW);
    assert!(matches!(file.save(&mut jar, NOW), Err(Error::Gone { .. })));
    assert!(!dir.exists());
}

/// Savers, removers, renamers and copiers, all at once, many times: whatever is there afterwards
/// is a whole session, and each that was saved to one and the same holds every cookie.
#[test]
fn in_a_crowd_no_half_session_comes_into_being() {
    const SAVERS: usize = 8;
    let home = tempfile::tempdir().unwrap();
    let place = |name: &str| home.path().join(name);
    for _ in 0..20 {
        session(home.path(), "a", &["base=1"]);
        let gate = Barrier::new(SAVERS + 3);
        let saved: usize = std::thread::scope(|scope| {
            let savers: Vec<_> = (0..SAVERS)
                .map(|i| {
                    let (gate, dir) = (&gate, place("a"));
                    scope.spawn(move || {
                        let mut jar = Jar::new();
                        let (mut file, _) = SessionFile::open(&dir, &mut jar, NOW).unwrap();
                        jar.store(format!("c{i}=1").as_bytes(), &at(), NOW);
                        gate.wait();
                        match file.save(&mut jar, NOW) {
                            Ok(_) => 1,
                            Err(Error::Gone { .. }) => 0,
                            Err(error) => panic!("{error}"),
                        }
                    })
                })
                .collect();
            let rename = || match (gate.wait(), rename(&place("a"), &place("b"))) {
                (_, Ok(()) | Err(Error::NoSession { .. } | Error::Taken { .. })) => {}
                (_, Err(error)) => panic!("{error}"),
            };
            let renamers = [scope.spawn(rename), scope.spawn(rename)];
            let copier = scope.spawn(|| match (gate.wait(), copy(&place("a"), &place("c"), NOW)) {
                (_, Ok(_) | Err(Error::NoSession { .. })) => {}
                (_, Err(error)) => panic!("{error}"),
            });
            copier.join().unwrap();
            renamers.into_iter().for_each(|one| one.join().unwrap());
            savers.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert!(!place("a").exists(), "it was renamed, and nothing came after it");
        assert_eq!(cookies(&place("b")), 1 + saved);
        remove(&place("b"), NOW).unwrap();
        if place("c").exists() {
            assert!((1..=1 + saved).contains(&cookies(&place("c"))));
            remove(&place("c"), NOW).unwrap();
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
