//! Many transfers at once (`-Z`): what one after the other would never end, or end differently.

use crate::support::client::Home;
use crate::support::door::{self, accept};
use libtest_mimic::Trial;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

pub fn tests() -> Vec<Trial> {
    trials![
        a_server_that_answers_nobody_before_all_have_asked,
        no_more_at_once_than_was_said,
        the_exit_code_is_that_of_the_failure,
        the_first_failure_ends_all_of_them_where_that_was_asked_for,
        what_is_given_up_is_seen_to,
        cookies_of_all_transfers_are_kept,
        two_sessions_at_once_are_two_visitors,
        a_number_of_transfers_that_is_none,
    ]
}

/// Answers so many connections when all of them have asked; the heads in the order they came.
fn answer_together(
    door: TcpListener,
    many: usize,
    answer: fn(&str) -> String,
) -> JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let asked: Vec<(TcpStream, String)> = (0..many)
            .map(|_| {
                let mut stream = accept(&door);
                let head = door::head(&mut stream).expect("a request");
                (stream, head)
            })
            .collect();
        asked
            .into_iter()
            .map(|(mut stream, head)| {
                stream.write_all(answer(&head).as_bytes()).expect("somebody who listens");
                head
            })
            .collect()
    })
}

fn ok(head: &str) -> String {
    let path = head.split(' ').nth(1).unwrap_or_default();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{path}", path.len())
}

fn setting_a_cookie(head: &str) -> String {
    let name = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    format!("HTTP/1.1 204 No\r\nSet-Cookie: {name}=1; Max-Age=600\r\nConnection: close\r\n\r\n")
}

fn not_found_for_two(head: &str) -> String {
    match head.starts_with("GET /2 ") {
        true => "HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        false => ok(head),
    }
}

fn a_server_that_answers_nobody_before_all_have_asked() {
    let (door, url) = door::open("http");
    let server = answer_together(door, 5, ok);
    let home = Home::new();
    home.run(["fetch", "-Z", "-o", "page-#1", &format!("{url}/[1-5]")]).ok();
    server.join().unwrap();
    for number in 1..=5 {
        let page = std::fs::read_to_string(home.file(&format!("page-{number}"))).unwrap();
        assert_eq!(page, format!("/{number}"));
    }
}

fn no_more_at_once_than_was_said() {
    let (door, url) = door::open("http");
    let server = std::thread::spawn(move || {
        for _ in 0..3 {
            let both = [(); 2].map(|()| {
                let mut stream = accept(&door);
                let head = door::head(&mut stream).expect("a request");
                (stream, head)
            });
            // Whoever is to go on at once is connected before any of them asks.
            door.set_nonblocking(true).unwrap();
            assert!(door.accept().is_err(), "three at once");
            door.set_nonblocking(false).unwrap();
            for (mut stream, head) in both {
                stream.write_all(ok(&head).as_bytes()).expect("somebody who listens");
            }
        }
    });
    let home = Home::new();
    let url = format!("{url}/[1-6]");
    home.run(["fetch", "--parallel", "--parallel-max", "2", "-o", "#1", &url]).ok();
    server.join().unwrap();
}

fn the_exit_code_is_that_of_the_failure() {
    let (door, url) = door::open("http");
    let server = answer_together(door, 3, not_found_for_two);
    let home = Home::new();
    let ran = home.run(["fetch", "-Z", "-f", "-o", "#1", &format!("{url}/[1-3]")]).failed(22);
    assert_eq!(ran.stderr.matches("404").count(), 1, "{ran}");
    server.join().unwrap();
    assert!(home.file("1").exists() && !home.file("2").exists() && home.file("3").exists());
}

fn the_first_failure_ends_all_of_them_where_that_was_asked_for() {
    let (door, url) = door::open("http");
    let server = std::thread::spawn(move || {
        let mut streams = [accept(&door), accept(&door), accept(&door)];
        let heads = streams.each_mut().map(|stream| door::head(stream).expect("a request"));
        let second = heads.iter().position(|head| head.starts_with("GET /2 ")).unwrap();
        streams[second].write_all(not_found_for_two(&heads[second]).as_bytes()).unwrap();
        // The others are closed without an answer.
        streams.iter_mut().for_each(|stream| assert!(door::head(stream).is_none()));
    });
    let home = Home::new();
    let url = format!("{url}/[1-3]");
    home.run(["fetch", "-Z", "-f", "--fail-early", "-o", "#1", &url]).failed(22);
    server.join().unwrap();
}

/// The half files are removed, and each transfer is told of.
fn what_is_given_up_is_seen_to() {
    let (door, url) = door::open("http");
    let server = std::thread::spawn(move || {
        let mut streams = [accept(&door), accept(&door), accept(&door)];
        let heads = streams.each_mut().map(|stream| door::head(stream).expect("a request"));
        let (mut second, mut others) = (None, Vec::new());
        for (mut stream, head) in streams.into_iter().zip(heads) {
            match head.starts_with("GET /2 ") {
                true => second = Some((stream, head)),
                false => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").unwrap();
                    others.push(stream);
                }
            }
        }
        let (mut second, head) = second.expect("the second");
        second.write_all(not_found_for_two(&head).as_bytes()).unwrap();
        others.iter_mut().for_each(|stream| assert!(door::head(stream).is_none()));
    });
    let home = Home::new();
    let url = format!("{url}/[1-3]");
    let words = ["fetch", "-Z", "-f", "--fail-early", "--remove-on-error", "--json-out", "record"];
    home.run(words.into_iter().chain(["-o", "#1", &url])).failed(22);
    server.join().unwrap();
    let record = std::fs::read_to_string(home.file("record")).unwrap();
    let codes = |code: &str| record.matches(&format!("\"exit\":{code},")).count();
    assert_eq!((codes("22"), codes("42")), (1, 2), "{record}");
    assert!((1..=3).all(|number| !home.file(&number.to_string()).exists()));
}

fn cookies_of_all_transfers_are_kept() {
    let (door, url) = door::open("http");
    let server = answer_together(door, 4, setting_a_cookie);
    let home = Home::new();
    home.run(["fetch", "-Z", "-c", "jar", &format!("{url}/{{a,b,c,d}}")]).ok();
    server.join().unwrap();
    let jar = std::fs::read_to_string(home.file("jar")).unwrap();
    for name in ["a", "b", "c", "d"] {
        assert!(jar.contains(&format!("\t{name}\t1\n")), "{jar}");
    }
}

fn two_sessions_at_once_are_two_visitors() {
    let (door, url) = door::open("http");
    let server = answer_together(door, 2, setting_a_cookie);
    let home = Home::new();
    let (one, two) = (format!("{url}/one"), format!("{url}/two"));
    home.run(["fetch", "-Z", "--session", "a", &one, "--next", "--session", "b", &two]).ok();
    server.join().unwrap();
    let names = |session| home.run(["cookies", "ls", "--session", session]).ok().text();
    assert!(names("a").contains("one") && !names("a").contains("two"));
    assert!(names("b").contains("two") && !names("b").contains("one"));
}

fn a_number_of_transfers_that_is_none() {
    let home = Home::new();
    let words = ["fetch", "-Z", "--parallel-max", "many", "http://localhost:1/"];
    home.run(words).failed_saying(2, "--parallel-max takes a number");
}
