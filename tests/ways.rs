//! The ways to a server that no dialogue can show: Unix sockets, TLS to a proxy.

use crate::support::client::Home;
use crate::support::peer::Peer;
use crate::support::programs::free_port;
use crate::support::tls::{Authority, Flavour, Front, Leaf};
use libtest_mimic::Trial;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::thread::JoinHandle;
use std::time::Duration;

pub fn tests() -> Vec<Trial> {
    trials![
        a_unix_socket_is_a_way_to_any_host,
        a_unix_socket_goes_before_a_proxy,
        a_unix_socket_that_nobody_listens_at,
        a_socks_proxy_at_a_unix_socket,
        a_connection_comes_from_the_interface_that_was_named,
        an_interface_that_is_not_there,
        a_connection_has_one_of_the_ports_that_were_named,
        a_silent_peer_is_asked_whether_it_is_there,
        a_server_is_told_who_connects,
        an_address_with_a_scope_is_a_way,
        an_https_proxy_forwards,
        an_https_proxy_is_trusted_by_its_own_certificates,
        an_https_proxy_is_known_by_its_key,
        an_authority_as_a_proxy_is_refused_in_words,
        what_a_proxy_asks_twice_is_in_one_limit,
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

/// Runs the client against a server of one connection; what `see` made of that, and the client's
/// standard output. Each `{port}` of the words is the server's.
fn served<T: Send + 'static>(
    listener: TcpListener,
    words: &[&str],
    see: impl FnOnce(SocketAddr, &mut dyn BufRead) -> T + Send + 'static,
) -> (T, String) {
    let port = listener.local_addr().unwrap().port().to_string();
    let server = std::thread::spawn(move || {
        let (stream, client) = listener.accept().unwrap();
        let mut came = BufReader::new(stream);
        let seen = see(client, &mut came);
        came.by_ref().lines().map(Result::unwrap).find(String::is_empty);
        came.get_mut().write_all(ANSWER).unwrap();
        seen
    });
    let words = ["fetch"].into_iter().chain(words.iter().copied());
    let ran = Home::new().run(words.map(|word| word.replace("{port}", &port))).ok();
    (server.join().unwrap(), ran.text())
}

fn loopback() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn a_connection_comes_from_the_interface_that_was_named() {
    let interfaces: &[&str] = match cfg!(target_os = "linux") {
        true => &["127.0.0.1", "host!localhost", "lo", "if!lo", "ifhost!lo!127.0.0.1"],
        false => &["127.0.0.1", "host!localhost"],
    };
    for interface in interfaces {
        let words = ["--interface", interface, "-w", "%{local_ip}", "http://127.0.0.1:{port}/"];
        let (client, text) = served(loopback(), &words, |client, _| client.ip().to_string());
        assert_eq!((client.as_str(), text.as_str()), ("127.0.0.1", "ok127.0.0.1"), "{interface}");
    }
}

fn an_interface_that_is_not_there() {
    let listener = loopback();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    for interface in ["if!no-such-thing", "::1", "ifhost!no-such-thing!127.0.0.1"] {
        Home::new().run(["fetch", "--interface", interface, &url]).failed(45);
    }
}

fn a_connection_has_one_of_the_ports_that_were_named() {
    let taken = loopback();
    let port = taken.local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let words = ["fetch", "--interface", "127.0.0.1", "--local-port", &port.to_string(), &url];
    Home::new().run(words).failed(45);
    let ports = format!("{port}-{}", port.saturating_add(100));
    let words = ["--local-port", &ports, "-w", "%{local_port}", "http://127.0.0.1:{port}/"];
    let (client, text) = served(loopback(), &words, |client, _| client.port());
    assert!(client >= port && client <= port.saturating_add(100), "{client}");
    assert_eq!(text, format!("ok{client}"));
}

/// The kernel's table of sockets says which timer runs; where there is none, nothing is seen.
fn a_silent_peer_is_asked_whether_it_is_there() {
    let timer = |client: SocketAddr| {
        let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
        let local = format!(":{:04X}", client.port());
        let rows = table.lines().map(|row| row.split_ascii_whitespace().collect::<Vec<_>>());
        let mut of_client = rows.filter(|row| row[1].ends_with(&local) && row[3] == "01");
        of_client.find_map(|row| Some(row[5].split_once(':')?.0.to_owned()))
    };
    for (flag, expected) in [("--keepalive-time=7", "02"), ("--no-keepalive", "00")] {
        let (flag, value) = flag.split_once('=').map_or((flag, None), |(f, v)| (f, Some(v)));
        let words: Vec<&str> =
            [Some(flag), value, Some("http://127.0.0.1:{port}/")].into_iter().flatten().collect();
        let (timer, _) = served(loopback(), &words, move |client, came| {
            // The request has been taken, so its own timer is over.
            came.fill_buf().unwrap();
            timer(client)
        });
        assert!(timer.is_none_or(|timer| timer == expected), "{flag}");
    }
}

fn a_server_is_told_who_connects() {
    for (flags, start) in [
        (&["--haproxy-protocol"][..], "PROXY TCP4 127.0.0.1 127.0.0.1 "),
        (&["--haproxy-clientip", "192.0.2.9"], "PROXY TCP4 192.0.2.9 127.0.0.1 "),
    ] {
        let listener = loopback();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/");
        let words: Vec<&str> = flags.iter().copied().chain([url.as_str()]).collect();
        let (seen, text) = served(listener, &words, |client, came| {
            let mut line = String::new();
            came.read_line(&mut line).unwrap();
            let mut request = String::new();
            came.read_line(&mut request).unwrap();
            (line, request, client.port())
        });
        let (line, request, client) = seen;
        assert_eq!(line, format!("{start}{client} {port}\r\n"));
        assert_eq!((request.as_str(), text.as_str()), ("GET / HTTP/1.1\r\n", "ok"));
    }
}

/// A machine without IPv6 has no such address.
fn an_address_with_a_scope_is_a_way() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let (host, text) = served(listener, &["-g", "http://[::1%251]:{port}/"], |_, came| {
        let mut lines = came.lines().map(Result::unwrap);
        lines.find(|line| line.starts_with("Host:")).unwrap()
    });
    assert!(host.starts_with("Host: [::1]:") && text == "ok", "{host}");
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
            let ran = home.run(words);
            assert!(ran.stderr.contains("--proxy-cacert"), "{ran}");
            ran.failed_saying(60, "the proxy's certificate was refused");
        }
    }
    let ran = home.run(["fetch", "-x", &proxy, "--proxy-insecure", "http://a.example/x"]);
    assert_eq!(ran.ok().text(), "ok");
    peer.finish().unwrap();
}

fn an_https_proxy_is_known_by_its_key() {
    // Nothing is behind it: nobody is to come so far.
    let behind = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let front = Front::start(&Authority::new("a proxy's").leaf(["127.0.0.1"]), behind);
    let proxy = format!("https://{}", front.address);
    let pinned = ["--proxy-insecure", "--proxy-pinnedpubkey", "sha256//AAAA"];
    let words = ["fetch", "-x", &proxy, "http://a.example/x"].into_iter().chain(pinned);
    Home::new().run(words).failed(90);
}

/// A self-signed certificate is often an authority's; the TLS library has no words for it.
fn an_authority_as_a_proxy_is_refused_in_words() {
    let leaf = Leaf::self_signed(&["127.0.0.1"], Flavour::Authority);
    let front = Front::start(&leaf, "127.0.0.1:9".parse().unwrap());
    let proxy = format!("https://{}", front.address);
    let ran = Home::new().run(["fetch", "-x", &proxy, "http://a.example/x"]);
    assert!(!ran.stderr.contains("Other("), "{ran}");
    ran.failed_saying(60, "it is an authority's");
}

/// A proxy that takes more than half of the limit for each answer has too little for two.
fn what_a_proxy_asks_twice_is_in_one_limit() {
    const LIMIT: Duration = Duration::from_secs(1);
    let listener = loopback();
    let proxy = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = 0;
        for line in BufReader::new(stream.try_clone().unwrap()).lines() {
            // The client gives up in the middle.
            let Ok(line) = line else { break };
            if !line.is_empty() {
                continue;
            }
            asked += 1;
            let answer = "HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\
                Proxy-Authenticate: Digest realm=r, nonce=n, stale=true\r\n\r\n";
            std::thread::sleep(LIMIT * 7 / 10);
            let _ = stream.write_all(answer.as_bytes());
        }
        asked
    });
    let words = ["fetch", "-p", "-x", &proxy, "-U", "u:p", "--proxy-digest"];
    let words = words.into_iter().chain(["--connect-timeout", "1", "http://a.example/"]);
    Home::new().run(words).failed(28);
    assert_eq!(server.join().unwrap(), 2);
}
