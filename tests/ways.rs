//! The ways to a server that no dialogue can show: Unix sockets, TLS to a proxy.

use crate::support::client::Home;
use crate::support::peer::Peer;
use crate::support::tls::{Authority, Front};
use libtest_mimic::Trial;
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::thread::JoinHandle;

pub fn tests() -> Vec<Trial> {
    trials![
        a_unix_socket_is_a_way_to_any_host,
        a_unix_socket_goes_before_a_proxy,
        a_unix_socket_that_nobody_listens_at,
        a_socks_proxy_at_a_unix_socket,
        an_https_proxy_forwards,
        an_https_proxy_is_trusted_by_its_own_certificates,
    ]
}

/// Takes one connection and plays to it: waits for each text to have come, then says the other.
fn listen(home: &Home, script: &'static [(&[u8], &[u8])]) -> JoinHandle<()> {
    let listener = UnixListener::bind(home.file("socket")).unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for (asked, said) in script {
            let mut came = vec![0; asked.len()];
            stream.read_exact(&mut came).unwrap();
            assert!(came == *asked, "{} came", came.escape_ascii());
            stream.write_all(said).unwrap();
        }
    })
}

const REQUEST: &[u8] = b"GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BARE: [&str; 4] = ["-A", "", "-H", "Accept:"];

fn a_unix_socket_is_a_way_to_any_host() {
    let home = Home::new();
    let server = listen(&home, &[(REQUEST, ANSWER), (REQUEST, ANSWER)]);
    let words = ["fetch", "--unix-socket", "socket", "-w", "[%{remote_ip}]"];
    let urls = ["http://a.example/x"; 2];
    let ran = home.run(words.into_iter().chain(BARE).chain(urls)).ok();
    assert_eq!(ran.text(), "ok[]ok[]");
    server.join().unwrap();
}

fn a_unix_socket_goes_before_a_proxy() {
    let home = Home::new();
    let server = listen(&home, &[(REQUEST, ANSWER)]);
    let words = ["fetch", "-x", "p.example", "--unix-socket", "socket", "http://a.example/x"];
    assert_eq!(home.run(words.into_iter().chain(BARE)).ok().text(), "ok");
    server.join().unwrap();
}

fn a_unix_socket_that_nobody_listens_at() {
    let ran = Home::new().run(["fetch", "--unix-socket", "nowhere", "http://a.example/"]);
    ran.failed_saying(7, "nowhere");
    let ran = Home::new().run(["fetch", "--abstract-unix-socket", "nobody-here", "http://a/"]);
    ran.failed_saying(7, "@nobody-here");
}

fn a_socks_proxy_at_a_unix_socket() {
    let home = Home::new();
    let server = listen(
        &home,
        &[
            (b"\x05\x01\0", b"\x05\0"),
            (b"\x05\x01\0\x03\x09a.example\0\x50", b"\x05\0\0\x01\0\0\0\0\0\0"),
            (REQUEST, ANSWER),
        ],
    );
    let proxy = format!("socks5h://localhost{}", home.file("socket").display());
    let words = ["fetch", "-x", &proxy, "http://a.example/x"];
    assert_eq!(home.run(words.into_iter().chain(BARE)).ok().text(), "ok");
    server.join().unwrap();
}

const FORWARDED: &str = "connection\n\
    > GET http://a.example/x HTTP/1.1\n> Proxy-Connection: Keep-Alive\n\
    < HTTP/1.1 200 OK\n< Content-Length: 2\n<\n<| ok\n";

fn an_https_proxy_forwards() {
    let home = Home::new();
    let authority = Authority::new("a proxy's");
    home.write("ca.pem", authority.pem());
    let peer = Peer::playing(FORWARDED, &home.work());
    let behind = peer.url().strip_prefix("http://").unwrap().parse().unwrap();
    let front = Front::start(&authority.leaf(["127.0.0.1"]), behind);
    let proxy = format!("https://{}", front.address);
    let words = ["fetch", "-x", &proxy, "--proxy-cacert", "ca.pem", "http://a.example/x"];
    assert_eq!(home.run(words).ok().text(), "ok");
    peer.finish().unwrap();
}

fn an_https_proxy_is_trusted_by_its_own_certificates() {
    let home = Home::new();
    let authority = Authority::new("a proxy's");
    home.write("ca.pem", authority.pem());
    let peer = Peer::playing(FORWARDED, &home.work());
    let behind = peer.url().strip_prefix("http://").unwrap().parse().unwrap();
    let front = Front::start(&authority.leaf(["127.0.0.1"]), behind);
    let proxy = format!("https://{}", front.address);
    // What is said of servers is not said of proxies.
    for trust in [vec![], vec!["-k"], vec!["--cacert", "ca.pem"]] {
        for url in ["http://a.example/x", "https://a.example/x"] {
            let words = ["fetch", "-x", &proxy, url].into_iter().chain(trust.clone());
            home.run(words).failed(60);
        }
    }
    let ran = home.run(["fetch", "-x", &proxy, "--proxy-insecure", "http://a.example/x"]);
    assert_eq!(ran.ok().text(), "ok");
    peer.finish().unwrap();
}
