//! Against nginx: what is true of the real world, over HTTP and HTTPS.

use crate::support::client::{Home, cruller};
use crate::support::nginx::{self, BIG, Nginx};
use crate::support::programs::{installed, missing, missing_in};
use libtest_mimic::{Completion, Failed, Trial};
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

type Server = Arc<OnceLock<Nginx>>;

pub fn tests() -> Vec<Trial> {
    // One server for all; it starts with the first test and ends with the last.
    let server = Server::default();
    let with = |name: &str, test: fn(&Nginx)| {
        let server = Arc::clone(&server);
        Trial::ignorable_test(format!("nginx::{name}"), move || run(&server, test))
    };
    macro_rules! with_nginx {
        ($($test:ident),* $(,)?) => { vec![$(with(stringify!($test), $test)),*] };
    }
    let mut trials = with_nginx![
        a_small_page,
        a_hundred_mebibytes_arrive_as_they_were,
        a_chunked_page,
        a_compressed_page_is_decoded,
        a_range,
        twenty_requests_on_one_connection,
        a_thousand_requests_on_sixty_four_connections,
        a_page_that_is_not_there,
        a_redirect,
        a_cookie_comes_back,
        a_page_over_https,
        a_big_page_over_https,
        twenty_requests_on_one_secure_connection,
        a_certificate_of_another_authority_is_refused,
        a_certificate_that_nobody_vouches_for_is_accepted_with_k,
        a_certificate_for_another_name_is_refused,
    ];
    trials.extend(trials![a_missing_server_is_not_a_pass]);
    trials
}

fn run(server: &Server, test: fn(&Nginx)) -> Result<Completion, Failed> {
    let Some(program) = installed("nginx") else { return missing("nginx") };
    test(server.get_or_init(|| Nginx::start(&program, true)));
    Ok(Completion::Completed)
}

fn a_missing_server_is_not_a_pass() {
    assert!(missing_in("nginx", true).is_err());
    assert!(matches!(missing_in("nginx", false), Ok(Completion::Ignored { reason: Some(_) })));
}

fn a_small_page(server: &Nginx) {
    let ran = cruller(["fetch", &format!("{}/small", server.http)]).ok();
    assert_eq!(ran.text(), "a small page\n");
}

fn a_hundred_mebibytes_arrive_as_they_were(server: &Nginx) {
    let home = Home::new();
    home.run(["fetch", "-o", "big", &format!("{}/big", server.http)]).ok();
    assert_big(&std::fs::read(home.file("big")).unwrap());
}

#[track_caller]
fn assert_big(content: &[u8]) {
    assert_eq!(content.len(), BIG);
    for (index, part) in content.chunks(1 << 20).enumerate() {
        assert!(part == nginx::block(index), "MiB {index} is not what was sent");
    }
}

fn a_chunked_page(server: &Nginx) {
    let ran = cruller(["fetch", "-i", &format!("{}/chunked.html", server.http)]).ok();
    assert!(ran.text().contains("\r\nTransfer-Encoding: chunked\r\n"), "{ran}");
    assert!(ran.text().ends_with("\r\n\r\n<p>an included page</p>\n"), "{ran}");
}

fn a_compressed_page_is_decoded(server: &Nginx) {
    let url = format!("{}/text.txt", server.http);
    let ran = cruller(["fetch", "-i", "--compressed", &url]).ok();
    let (head, content) =
        ran.text().split_once("\r\n\r\n").map(|(h, c)| (h.to_owned(), c.to_owned())).unwrap();
    assert!(head.contains("\r\nContent-Encoding: gzip"), "{ran}");
    assert_eq!(content, "all work and no play\n".repeat(1000));
    let plain = cruller(["fetch", &url]).ok();
    assert_eq!(plain.text(), content);
}

fn a_range(server: &Nginx) {
    let url = format!("{}/small", server.http);
    let ran = cruller(["fetch", "-i", "-H", "Range: bytes=2-6", &url]).ok();
    assert!(ran.text().starts_with("HTTP/1.1 206 "), "{ran}");
    assert!(ran.text().ends_with("\r\n\r\nsmall"), "{ran}");
}

fn twenty_requests_on_one_connection(server: &Nginx) {
    on_one_connection(server, &server.http, &[]);
}

fn twenty_requests_on_one_secure_connection(server: &Nginx) {
    on_one_connection(server, &server.https, &["--cacert", &server.file("ca.pem")]);
}

/// Counted at the server: its log names the connection and the request's number on it.
#[track_caller]
fn on_one_connection(server: &Nginx, base: &str, options: &[&str]) {
    let secure = if options.is_empty() { "plain" } else { "secure" };
    let urls: Vec<String> = (0..20).map(|i| format!("{base}/small?{secure}={i}")).collect();
    let words = ["fetch"].into_iter().chain(options.iter().copied());
    let ran = cruller(words.chain(urls.iter().map(String::as_str))).ok();
    assert_eq!(ran.text(), "a small page\n".repeat(20));
    let log = server.log(&format!("?{secure}="), 20);
    let connection = log[0].split(' ').next().unwrap();
    let expected: Vec<String> = (0..20)
        .map(|i| format!("{connection} {} \"GET /small?{secure}={i} HTTP/1.1\"", i + 1))
        .collect();
    assert_eq!(log, expected);
}

fn a_thousand_requests_on_sixty_four_connections(server: &Nginx) {
    let home = Home::new();
    let url = format!("{}/small?at-once=[1-1000]", server.http);
    home.run(["fetch", "-Z", "--parallel-max", "64", "-o", "page-#1", &url]).ok();
    for number in 1..=1000 {
        let page = std::fs::read_to_string(home.file(&format!("page-{number}"))).unwrap();
        assert_eq!(page, "a small page\n", "{number}");
    }
    let log = server.log("?at-once=", 1000);
    assert_eq!(log.len(), 1000);
    let connections: HashSet<_> = log.iter().map(|line| line.split(' ').next()).collect();
    assert_eq!(connections.len(), 64);
}

fn a_page_that_is_not_there(server: &Nginx) {
    let url = format!("{}/nowhere", server.http);
    let ran = cruller(["fetch", &url]).ok();
    assert!(ran.text().contains("404 Not Found"), "{ran}");
    let ran = cruller(["fetch", "-f", &url]).failed_saying(22, "404");
    assert!(ran.stdout.is_empty(), "{ran}");
}

fn a_redirect(server: &Nginx) {
    let url = format!("{}/moved", server.http);
    assert!(cruller(["fetch", &url]).ok().text().contains("302 Found"));
    assert_eq!(cruller(["fetch", "-L", &url]).ok().text(), "a small page\n");
}

fn a_cookie_comes_back(server: &Nginx) {
    let (set, echo) = (format!("{}/set", server.http), format!("{}/echo", server.http));
    let home = Home::new();
    assert_eq!(home.run(["fetch", "-c", "jar", &set, &echo]).ok().text(), "GET [sid=nginx]\n");
    assert_eq!(home.run(["fetch", "-b", "jar", &echo]).ok().text(), "GET [sid=nginx]\n");
}

fn a_page_over_https(server: &Nginx) {
    for base in [&server.https, &server.https_by_address] {
        let url = format!("{base}/small");
        let ran = cruller(["fetch", "-i", "--cacert", &server.file("ca.pem"), &url]).ok();
        assert!(ran.text().starts_with("HTTP/1.1 200 OK\r\n"), "{ran}");
        assert!(ran.text().contains("\r\nContent-Length: 13\r\n"), "{ran}");
        assert!(ran.text().ends_with("\r\n\r\na small page\n"), "{ran}");
    }
}

fn a_big_page_over_https(server: &Nginx) {
    let home = Home::new();
    let url = format!("{}/big", server.https);
    home.run(["fetch", "--cacert", &server.file("ca.pem"), "-o", "big", &url]).ok();
    assert_big(&std::fs::read(home.file("big")).unwrap());
}

fn a_certificate_of_another_authority_is_refused(server: &Nginx) {
    let url = format!("{}/small?wrong-ca", server.https);
    for options in [vec!["--cacert", &server.file("other-ca.pem")], vec![]] {
        let words = ["fetch"].into_iter().chain(options).chain([url.as_str()]);
        let ran = cruller(words).failed(60);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    nothing_was_asked(server, "wrong-ca");
}

fn a_certificate_that_nobody_vouches_for_is_accepted_with_k(server: &Nginx) {
    let ran = cruller(["fetch", "-k", &format!("{}/small", server.https)]).ok();
    assert_eq!(ran.text(), "a small page\n");
}

fn a_certificate_for_another_name_is_refused(server: &Nginx) {
    let port = server.https.rsplit(':').next().unwrap();
    let ran = cruller([
        "fetch",
        "--cacert",
        &server.file("ca.pem"),
        "--resolve",
        &format!("elsewhere.example:{port}:127.0.0.1"),
        &format!("https://elsewhere.example:{port}/small?wrong-name"),
    ]);
    ran.failed(60);
    nothing_was_asked(server, "wrong-name");
}

/// No request is sent before the certificate holds. The server has one process, so what it
/// was asked before `after` stands in the log before it.
#[track_caller]
fn nothing_was_asked(server: &Nginx, mark: &str) {
    let after = format!("after={mark}");
    cruller(["fetch", &format!("{}/small?{after}", server.http)]).ok();
    server.log(&after, 1);
    let asked: Vec<_> = server.log(mark, 1).into_iter().filter(|l| !l.contains(&after)).collect();
    assert!(asked.is_empty(), "{asked:?}");
}
