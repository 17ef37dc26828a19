//! Who is trusted: certificates made for the run, before a server that would answer anybody.

use crate::support::client::{Home, Ran};
use crate::support::door;
use crate::support::tls::{Authority, Flavour, Front, Leaf};
use libtest_mimic::Trial;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

pub fn tests() -> Vec<Trial> {
    trials![
        an_authority_that_is_given_is_trusted,
        another_authority_is_not,
        the_name_is_checked,
        nobody_is_trusted_without_being_known,
        insecure_trusts_anybody,
        a_given_certificate_is_trusted_as_itself,
        a_given_certificate_is_still_checked_for_its_name,
        a_given_certificate_is_still_checked_for_its_dates,
        the_environment_names_an_authority,
        a_peer_that_does_not_speak_tls,
        what_came_behind_an_answer_is_no_answer,
        a_secure_page_is_not_named_on_an_open_line,
    ]
}

/// What `fetch` says of a server with `leaf`, asked as `name` and trusting `pem`.
fn ask(leaf: &Leaf, name: &str, pem: &str, more: &[&str]) -> Ran {
    let home = Home::new();
    let (_site, url) = home.serve();
    let behind = url.trim_start_matches("http://").parse().unwrap();
    let front = Front::start(leaf, behind);
    home.write("ca.pem", pem);
    let target = format!("https://{name}:{}/ip", front.address.port());
    let resolve = format!("{name}:{}:127.0.0.1", front.address.port());
    let words = ["fetch", "--cacert", "ca.pem", "--resolve", &resolve, &target];
    home.run(words.iter().chain(more))
}

fn an_authority_that_is_given_is_trusted() {
    let authority = Authority::new("known");
    let ran = ask(&authority.leaf(["a.example"]), "a.example", &authority.pem(), &[]).ok();
    assert!(ran.text().starts_with("127.0.0.1:"), "{ran}");
}

fn another_authority_is_not() {
    let (one, other) = (Authority::new("one"), Authority::new("other"));
    let ran = ask(&one.leaf(["a.example"]), "a.example", &other.pem(), &[]);
    ran.failed_saying(60, "unknown issuer");
}

fn the_name_is_checked() {
    let authority = Authority::new("known");
    let ran = ask(&authority.leaf(["b.example"]), "a.example", &authority.pem(), &[]);
    ran.failed_saying(60, "a.example");
}

fn nobody_is_trusted_without_being_known() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let leaf = Authority::new("unknown").leaf(["localhost"]);
    let front = Front::start(&leaf, url.trim_start_matches("http://").parse().unwrap());
    let target = format!("https://localhost:{}/ip", front.address.port());
    home.run(["fetch", &target]).failed_saying(60, "unknown issuer");
}

fn insecure_trusts_anybody() {
    let leaf = Leaf::self_signed(&["b.example"], Flavour::Expired);
    ask(&leaf, "a.example", &leaf.pem(), &["-k"]).ok();
}

fn a_given_certificate_is_trusted_as_itself() {
    for flavour in [Flavour::Plain, Flavour::Authority] {
        let leaf = Leaf::self_signed(&["a.example"], flavour);
        ask(&leaf, "a.example", &leaf.pem(), &[]).ok();
    }
    let leaf = Authority::new("not given").leaf(["a.example"]);
    ask(&leaf, "a.example", &leaf.pem(), &[]).ok();
}

fn a_given_certificate_is_still_checked_for_its_name() {
    let leaf = Leaf::self_signed(&["b.example"], Flavour::Authority);
    ask(&leaf, "a.example", &leaf.pem(), &[]).failed(60);
}

fn a_given_certificate_is_still_checked_for_its_dates() {
    let leaf = Leaf::self_signed(&["a.example"], Flavour::Expired);
    ask(&leaf, "a.example", &leaf.pem(), &[]).failed_saying(60, "expired");
}

fn the_environment_names_an_authority() {
    let home = Home::new();
    let (_site, url) = home.serve();
    let authority = Authority::new("known");
    let leaf = authority.leaf(["localhost"]);
    let front = Front::start(&leaf, url.trim_start_matches("http://").parse().unwrap());
    let target = format!("https://localhost:{}/ip", front.address.port());
    let mut command = home.command(["fetch", &target]);
    command.env("SSL_CERT_FILE", home.write("ca.pem", authority.pem()));
    assert!(command.output().unwrap().status.success());
}

fn a_peer_that_does_not_speak_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("https://{}/", listener.local_addr().unwrap());
    let plain = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the client has left: what it sent and nobody read would reset the connection.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    Home::new().run(["fetch", &target]).failed_saying(35, "does not speak TLS");
    plain.join().unwrap();
}

/// As much as the client reads at once (`SCRATCH` in src/net/drive.rs).
const READ: usize = 64 * 1024;

/// The record that ends an answer holds a second one, and a read ends between the two: it lies
/// opened in TLS, where a look at the socket does not see it.
fn what_came_behind_an_answer_is_no_answer() {
    const ROUNDS: usize = 20;
    let authority = Authority::new("known");
    let leaf = authority.leaf(["localhost"]);
    let (door, url) = door::open("https");
    let config = leaf.server();
    let server = thread::spawn(move || {
        let mut honest = 0;
        while honest < ROUNDS {
            honest += serve(&config, door::accept(&door));
        }
    });
    let home = Home::new();
    home.write("ca.pem", authority.pem());
    let urls = [format!("{url}/first"), format!("{url}/second")];
    for _ in 0..ROUNDS {
        let words = ["fetch", "--cacert", "ca.pem", "-o", "/dev/null", &urls[0], &urls[1]];
        assert_eq!(home.run(words).ok().text(), "honest");
    }
    server.join().unwrap();
}

/// Answers `/first` with two answers and everything else with one, until the client leaves; how
/// often it was the latter.
fn serve(config: &Arc<ServerConfig>, mut tcp: TcpStream) -> usize {
    let mut tls = ServerConnection::new(Arc::clone(config)).unwrap();
    tls.set_buffer_limit(None);
    let mut honest = 0;
    while let Some(head) = door::head(&mut Stream::new(&mut tls, &mut tcp)) {
        if head.starts_with("GET /first ") {
            let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 65494\r\n\r\n".to_vec();
            bytes.resize(READ, b'x');
            bytes.extend(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
            // Half a record first, so that the last one has room for both.
            let (half, rest) = bytes.split_at(8 * 1024);
            tls.writer().write_all(half).unwrap();
            tls.writer().write_all(rest).unwrap();
        } else {
            honest += 1;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhonest";
            tls.writer().write_all(answer).unwrap();
        }
        let mut sealed = Vec::new();
        while tls.wants_write() {
            tls.write_tls(&mut sealed).unwrap();
        }
        // The client may have seen enough.
        let _ = tcp.write_all(&sealed);
    }
    honest
}

fn a_secure_page_is_not_named_on_an_open_line() {
    let home = Home::new();
    let (_site, plain) = home.serve();
    let authority = Authority::new("known");
    let leaf = authority.leaf(["localhost"]);
    let front = Front::start(&leaf, plain.trim_start_matches("http://").parse().unwrap());
    home.write("ca.pem", authority.pem());
    let secure = format!("https://localhost:{}", front.address.port());
    let led_to = |site: &str| {
        let page = format!("{secure}/redirect/to?url={site}/headers");
        home.run(["fetch", "-L", "-e", ";auto", "--cacert", "ca.pem", &page]).ok().text()
    };
    let (kept, left) = (led_to(&secure), led_to(&plain));
    assert!(kept.contains("Referer: https://localhost"), "{kept}");
    assert!(left.contains("Host: ") && !left.contains("Referer"), "{left}");
}
