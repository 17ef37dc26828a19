//! `cruller socket`: dialogues over every kind of socket, with itself and with nginx.

use crate::support::PATIENCE;
use crate::support::client::{Home, Running};
use crate::support::listener::{Listener, connect, fed};
use crate::support::nginx::Nginx;
use crate::support::programs::{installed, missing};
use crate::support::tls::{Authority, Front};
use libtest_mimic::{Completion, Failed, Trial};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::Stdio;
use std::time::Instant;

pub fn tests() -> Vec<Trial> {
    let mut trials = trials![
        a_server_greets_each_line_until_exit,
        ten_clients_at_once_and_a_slow_one_holds_up_nobody,
        more_peers_than_allowed_wait_to_be_accepted,
        datagrams_are_answered_to_their_sender,
        a_datagram_to_nobody_is_refused_with_the_reason,
        a_datagram_without_an_answer_is_too_late,
        a_datagram_larger_than_allowed_is_not_sent,
        every_kind_of_unix_socket_has_the_dialogue,
        an_abstract_name_needs_no_file,
        tcp_and_udp_share_a_port_number,
        a_canned_answer_serves_an_http_client,
        what_stands_in_a_pipe_is_sent_after_the_peers_end,
        no_shutdown_keeps_the_end_of_the_input_from_the_peer,
        a_silent_peer_is_too_late_and_wait_ends_well,
        line_ends_and_escapes_go_out_as_asked,
        the_other_ends_bytes_are_shown_in_hexadecimal,
        verbose_tells_of_both_ends,
        an_option_shows_what_the_system_made_of_it,
        a_source_is_what_the_peer_sees,
        nobody_reads_standard_output,
        a_listener_that_is_told_to_end_removes_its_file,
        tls_over_a_socket,
        help_has_examples_and_the_manual_has_the_command,
    ];
    trials.push(Trial::ignorable_test("socket::nginx_answers_bytes_with_bytes", with_nginx));
    trials
}

const WELCOME: &str = "Welcome. Each line is answered; exit ends.\n";

fn a_server_greets_each_line_until_exit() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet"]);
    let ran = server.connect(&["--send", r"Ada\nGrace\r\nexit\nunheard\n"]).finish().ok();
    assert_eq!(ran.text(), format!("{WELCOME}Hello, Ada\nHello, Grace\nGoodbye.\n"));
    let ran = server.connect(&["--send", "no line end"]).finish().ok();
    assert_eq!(ran.text(), format!("{WELCOME}Hello, no line end\n"));
    let ran = server.connect(&["--send", &"x".repeat(10_000)]).finish().ok();
    assert!(ran.text().ends_with("too long. Goodbye.\n"), "{ran}");
}

fn ten_clients_at_once_and_a_slow_one_holds_up_nobody() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet"]);
    let mut slow = TcpStream::connect(server.host()).unwrap();
    slow.write_all(b"Slo").unwrap();
    // Another one speaks for as long as it is heard, and does not listen.
    let mut deaf = TcpStream::connect(server.host()).unwrap();
    deaf.set_nonblocking(true).unwrap();
    while deaf.write(&[b'\n'; 4096]).is_ok() {}
    let names: Vec<String> = (0..10).map(|number| format!("client {number}")).collect();
    let said: Vec<String> = names.iter().map(|name| format!("{name}\\nexit\\n")).collect();
    let running: Vec<Running> = said.iter().map(|said| server.connect(&["--send", said])).collect();
    for (name, running) in names.iter().zip(running) {
        let ran = running.finish().ok();
        assert_eq!(ran.text(), format!("{WELCOME}Hello, {name}\nGoodbye.\n"));
    }
    slow.write_all(b"w\nexit\n").unwrap();
    let mut heard = String::new();
    slow.read_to_string(&mut heard).unwrap();
    assert_eq!(heard, format!("{WELCOME}Hello, Slow\nGoodbye.\n"));
}

fn more_peers_than_allowed_wait_to_be_accepted() {
    let flags = ["--reply", "greet", "--max-connections", "1", "-v"];
    let server = Listener::start("tcp://127.0.0.1:0", &flags);
    let mut first = TcpStream::connect(server.host()).unwrap();
    assert!(server.leash.line().starts_with("* #1 "));
    // It is connected, and has said all, before the first one ends.
    let mut second = TcpStream::connect(server.host()).unwrap();
    second.write_all(b"exit\n").unwrap();
    first.write_all(b"exit\n").unwrap();
    let mut heard = String::new();
    first.read_to_string(&mut heard).unwrap();
    drop(first);
    heard.clear();
    second.read_to_string(&mut heard).unwrap();
    assert_eq!(heard, format!("{WELCOME}Goodbye.\n"));
    // The second was met when the first had gone.
    let lines: Vec<String> = (0..3).map(|_| server.leash.line()).collect();
    assert!(lines[1].starts_with("* #1 sent"), "{lines:?}");
    assert!(lines[2].starts_with("* #2 "), "{lines:?}");
}

fn datagrams_are_answered_to_their_sender() {
    for host in ["127.0.0.1", "[::1]"] {
        if UdpSocket::bind((host.trim_matches(['[', ']']), 0)).is_err() {
            continue;
        }
        let server = Listener::start(&format!("udp://{host}:0"), &["--reply", "greet"]);
        let others: Vec<Running> =
            ["Ada", "Grace"].map(|name| server.connect(&["--send", name, "--timeout", "9"])).into();
        let ran = server.connect(&["--send", "one", "--send", "two", "--timeout", "9"]);
        assert_eq!(ran.finish().ok().text(), "Hello, one\nHello, two\n");
        let texts: Vec<String> =
            others.into_iter().map(|running| running.finish().ok().text()).collect();
        assert_eq!(texts, ["Hello, Ada\n", "Hello, Grace\n"]);
    }
}

fn a_datagram_to_nobody_is_refused_with_the_reason() {
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Home::new().run(connect(&format!("udp://{nobody}"), &["--send", "anybody?"]));
    let ran = ran.failed_saying(7, "ECONNREFUSED (");
    assert!(ran.stderr.contains("hint: nobody listens there"), "{ran}");
}

fn a_datagram_without_an_answer_is_too_late() {
    let deaf = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = format!("udp://{}", deaf.local_addr().unwrap());
    let flags = ["--send", "lost", "--timeout", "0.2"];
    Home::new().run(connect(&address, &flags)).failed_saying(28, "for 200 ms");
    let mut buffer = [0; 16];
    assert_eq!(deaf.recv(&mut buffer).unwrap(), 4);
    // Without a limit it was sent, and that was all that was asked for.
    Home::new().run(connect(&address, &["--send", "statistics"])).ok();
}

fn a_datagram_larger_than_allowed_is_not_sent() {
    let large = "x".repeat(70_000);
    let home = Home::new();
    home.write("answer", &large);
    let server = Listener::start_in(home, "udp://127.0.0.1:0", &["--reply", "answer"]);
    let ran = server.connect(&["--send", &large]).finish();
    ran.failed_saying(55, "70000 bytes is too large to be sent in one piece, EMSGSIZE (");
    // Nor is an answer; the server tells of it and goes on.
    server.connect(&["--send", "?", "--timeout", "0.2"]).finish().failed(28);
    assert!(server.leash.line().starts_with("* #1 a message of 70000 bytes is too large"));
    // A stream on standard input is cut into datagrams that are not too large.
    let sink = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = format!("udp://{}", sink.local_addr().unwrap());
    let file = File::open(server.home.file("answer")).unwrap();
    fed(&address, &["--wait", "0"], file).finish().ok();
    let mut buffer = vec![0; 70_000];
    assert_eq!(sink.recv(&mut buffer).unwrap(), 16 * 1024);
}

fn every_kind_of_unix_socket_has_the_dialogue() {
    for (kind, welcome) in [("unix", WELCOME), ("unixpacket", WELCOME), ("unixgram", "")] {
        let server = Listener::start(&format!("{kind}://a.sock"), &["--reply", "greet"]);
        let home = &server.home;
        let flags = ["--send", r"Ada\n", "--send", r"exit\n", "--timeout", "9"];
        let ran = home.run(connect(&server.address, &flags));
        assert_eq!(ran.ok().text(), format!("{welcome}Hello, Ada\nGoodbye.\n"), "{kind}");
        let wrong = if kind == "unix" { "unixgram" } else { "unix" };
        let ran = home.run(connect(&format!("{wrong}://a.sock"), &["--send", "x"]));
        ran.failed_saying(7, "EPROTOTYPE");
    }
}

fn an_abstract_name_needs_no_file() {
    let name = format!("unix://@cruller-tést-{}", std::process::id());
    let server = Listener::start(&name, &["--reply", "echo"]);
    assert_eq!(server.address, name);
    assert_eq!(server.connect(&["--send", "there"]).finish().ok().text(), "there");
}

fn tcp_and_udp_share_a_port_number() {
    let tcp = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet"]);
    let same = format!("udp://{}", tcp.host());
    let udp = Listener::start(&same, &["--reply", "echo"]);
    assert_eq!(udp.port(), tcp.port());
    assert_eq!(udp.connect(&["--send", "ping", "--timeout", "9"]).finish().ok().text(), "ping");
    let ran = tcp.connect(&["--send", r"exit\n"]).finish().ok();
    assert_eq!(ran.text(), format!("{WELCOME}Goodbye.\n"));
}

fn a_canned_answer_serves_an_http_client() {
    let home = Home::new();
    home.write("answer.http", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncanned\n");
    home.write("body", "b".repeat(1 << 20));
    let server = Listener::start_in(home, "tcp://127.0.0.1:0", &["--reply", "answer.http"]);
    let url = format!("http://{}/", server.host());
    for _ in 0..2 {
        assert_eq!(server.home.run(["fetch", &url]).ok().text(), "canned\n");
    }
    // What is still on its way when it answers does not take the answer back.
    let ran = server.home.run(["fetch", "-s", "--data-binary", "@body", &url]).ok();
    assert_eq!(ran.text(), "canned\n");
    // A request in pieces is answered when it is whole; what is no HTTP, at once.
    let mut peer = TcpStream::connect(server.host()).unwrap();
    peer.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    peer.write_all(b"\r\n").unwrap();
    let mut heard = String::new();
    peer.read_to_string(&mut heard).unwrap();
    assert!(heard.ends_with("canned\n"));
    for said in ["hello", ""] {
        let ran = server.connect(&["--send", said]).finish().ok();
        assert!(ran.text().ends_with("canned\n"), "{ran}");
    }
    Home::new()
        .run(["socket", "listen", "tcp://127.0.0.1:0", "--reply", "no-such-file"])
        .failed_saying(26, "no-such-file");
}

fn what_stands_in_a_pipe_is_sent_after_the_peers_end() {
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", peer.local_addr().unwrap());
    let (reader, mut writer) = std::io::pipe().unwrap();
    let running = fed(&address, &[], reader);
    let (mut socket, _) = peer.accept().unwrap();
    socket.write_all(b"bye").unwrap();
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    writer.write_all(b"still here").unwrap();
    drop(writer);
    let mut heard = String::new();
    socket.read_to_string(&mut heard).unwrap();
    assert_eq!(heard, "still here");
    assert_eq!(running.finish().ok().text(), "bye");
}

fn no_shutdown_keeps_the_end_of_the_input_from_the_peer() {
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", peer.local_addr().unwrap());
    let (mut came, out) = std::io::pipe().unwrap();
    let home = Home::new();
    let command = home.command(connect(&address, &["--no-shutdown", "--send", "x"]));
    let running = Running::to(command, out);
    let (mut socket, _) = peer.accept().unwrap();
    socket.read_exact(&mut [0]).unwrap();
    // Its input has ended. In each round it notices that, or does what there is to do besides, by
    // chance; after so many it has.
    for _ in 0..32 {
        socket.write_all(b"+").unwrap();
        came.read_exact(&mut [0]).unwrap();
    }
    // An end would be here by now.
    socket.set_nonblocking(true).unwrap();
    assert_eq!(socket.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    drop(socket);
    running.finish().ok();
    let running = Home::new().start(connect(&address, &["--send", "x"]));
    let (mut socket, _) = peer.accept().unwrap();
    let mut heard = String::new();
    socket.read_to_string(&mut heard).unwrap();
    drop(socket);
    assert_eq!((heard.as_str(), running.finish().ok().stdout.len()), ("x", 0));
}

fn a_silent_peer_is_too_late_and_wait_ends_well() {
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", peer.local_addr().unwrap());
    let run = |flags: &[&str]| Home::new().run(connect(&address, flags));
    let has_come = || {
        let mut heard = String::new();
        peer.accept().unwrap().0.read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "x");
    };
    run(&["--send", "x", "--timeout", "0.1"]).failed_saying(28, "for 100 ms");
    has_come();
    run(&["--send", "x", "--wait", "0.1"]).ok();
    has_come();
    run(&["--send", "x", "--wait", "0"]).ok();
    has_come();
    // Nobody answers the handshake either.
    let flags = ["--tls", "--timeout", "0.1"];
    run(&flags).failed_saying(28, "connecting");
}

fn line_ends_and_escapes_go_out_as_asked() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "echo"]);
    let sent = |flags: &[&str]| server.connect(flags).finish().ok().stdout;
    assert_eq!(sent(&["--send", r"a\x00\xff\\n\e"]), b"a\0\xff\\n\x1b");
    assert_eq!(sent(&["--crlf", "--send", r"a\nb\r\n"]), b"a\r\nb\r\n");
    assert_eq!(sent(&["--send", "one", "--send", "two"]), b"onetwo");
    let home = Home::new();
    home.write("lines", "a\nb\n");
    let file = File::open(home.file("lines")).unwrap();
    assert_eq!(fed(&server.address, &["--crlf"], file).finish().ok().stdout, b"a\r\nb\r\n");
}

fn the_other_ends_bytes_are_shown_in_hexadecimal() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "echo"]);
    let ran = server.connect(&["--hex", "--send", r"\e[2J"]).finish().ok();
    let line = "00000000  1b 5b 32 4a                                       |.[2J|\n";
    assert_eq!(ran.text(), line);
    let printing = Listener::start("udp://127.0.0.1:0", &["--hex", "--once"]);
    printing.connect(&["--send", r"\e[2J", "--wait", "0"]).finish().ok();
    let heard = std::fs::read_to_string(printing.ended_well()).unwrap();
    assert_eq!(heard, format!("#1 {line}"));
}

fn verbose_tells_of_both_ends() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet", "-v", "--once"]);
    let ran = server.connect(&["-v", "--send", r"exit\n"]).finish();
    let there = server.host();
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let [names, options, end] = lines[..] else { panic!("{ran}") };
    let here = names.strip_prefix(&format!("* peer {there} (getpeername), own "));
    let here = here.and_then(|rest| rest.strip_suffix(" (getsockname)")).expect(names);
    assert!(options.starts_with("* AF_INET, SOCK_STREAM, SO_RCVBUF "), "{ran}");
    for name in ["SO_SNDBUF ", "TCP_NODELAY ", "SO_REUSEADDR "] {
        assert!(options.contains(name), "{ran}");
    }
    assert_eq!(end, "* sent 5 bytes, received 52 bytes; ended well");
    let line = || server.leash.line();
    assert_eq!(line(), format!("* #1 peer {here} (getpeername), own {there} (getsockname)"));
    assert!(line().starts_with("* #1 AF_INET, SOCK_STREAM, "));
    assert_eq!(line(), "* #1 sent 52 bytes, received 5 bytes; ended well");
    server.ended_well();
}

fn an_option_shows_what_the_system_made_of_it() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--option", "SO_RCVBUF=8192"]);
    let set = ["TCP_NODELAY=on", "SO_LINGER=off", "SO_LINGER=0", "SO_SNDBUF=10000"];
    let flags: Vec<&str> = set.iter().flat_map(|set| ["--option", set]).collect();
    let ran = server.connect(&[&flags[..], &["--send", "x"]].concat()).finish();
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let there = &server.address;
    assert_eq!(lines[0], format!("* {there} TCP_NODELAY=1: the system made it 1"));
    assert_eq!(lines[1], format!("* {there} SO_LINGER=off: the system made it off"));
    assert_eq!(lines[2], format!("* {there} SO_LINGER=0: the system made it 0"));
    assert!(lines[3].starts_with(&format!("* {there} SO_SNDBUF=10000: the system ")), "{ran}");
    assert_eq!((ran.code, lines.len()), (0, 4));
    let run = |flags: &[&str]| Home::new().run(connect("udp://127.0.0.1:9", flags));
    run(&["--option", "TCP_NODELAY=1"]).failed_saying(43, "TCP_NODELAY=1");
    run(&["--option", "SO_NONSENSE=1"]).failed_saying(2, "SO_RCVBUF, ");
    run(&["--option", "SO_RCVBUF=big"]).failed_saying(2, "a number");
    run(&["--option", "SO_LINGER=on"]).failed_saying(2, "a number of seconds, or off");
}

fn a_source_is_what_the_peer_sees() {
    let server = Listener::start("tcp://127.0.0.1:0", &["-v"]);
    server.connect(&["--source", "127.0.0.2", "--send", "x"]).finish().ok();
    let line = server.leash.line();
    assert!(line.starts_with("* #1 peer 127.0.0.2:"), "{line}");
    let refused = |source, code, why| {
        server.connect(&["--source", source]).finish().failed_saying(code, why);
    };
    refused("192.0.2.1", 45, "EADDRNOTAVAIL");
    refused("::1", 45, "another family");
    refused("[::1]", 45, "another family");
    refused("nonsense", 2, "127.0.0.1");
    let server = Listener::start("unixgram://a.sock", &["--reply", "echo", "-v"]);
    let flags = ["--source", "own.sock", "--send", "x", "--timeout", "9"];
    assert_eq!(server.home.run(connect(&server.address, &flags)).ok().text(), "x");
    let line = server.leash.line();
    assert!(line.starts_with("* #1 peer own.sock (recvfrom)"), "{line}");
    assert!(!server.home.file("own.sock").exists());
}

fn nobody_reads_standard_output() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let command = server.home.command(connect(&server.address, &["--send", "x"]));
    let ran = Running::to(command, Stdio::from(writer)).finish();
    assert!(ran.code == 0 && ran.stderr.is_empty(), "{ran}");
    if let Ok(full) = File::options().write(true).open("/dev/full") {
        let command = server.home.command(connect(&server.address, &["--send", "x"]));
        Running::to(command, full).finish().failed_saying(23, "No space left");
    }
}

fn a_listener_that_is_told_to_end_removes_its_file() {
    let home = Home::new();
    let mut running = home.start(["socket", "listen", "unix://a.sock", "--reply", "greet"]);
    let file = home.file("a.sock");
    let deadline = Instant::now() + PATIENCE;
    // It listens when it takes a peer; a signal before would find it unprepared.
    while home.run(connect("unix://a.sock", &["--send", r"exit\n"])).code != 0 {
        assert!(Instant::now() < deadline, "it does not listen");
    }
    assert!(running.signal("INT"));
    let ran = running.finish();
    assert_eq!((ran.code, ran.stderr.as_str()), (130, "listening on unix://a.sock\n"));
    assert!(!file.exists());
}

fn tls_over_a_socket() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--reply", "greet"]);
    let authority = Authority::new("for sockets");
    let front = Front::start(&authority.leaf(["localhost"]), server.host().parse().unwrap());
    let home = Home::new();
    let ca = home.write("ca.pem", authority.pem());
    let ca = ca.to_str().unwrap();
    let address = format!("tcp://localhost:{}", front.address.port());
    let run = |flags: &[&str]| home.run(connect(&address, flags));
    let said = ["--tls", "--cacert", ca, "--send", r"Ada\nexit\n"];
    assert_eq!(run(&said).ok().text(), format!("{WELCOME}Hello, Ada\nGoodbye.\n"));
    let insecure = ["--tls", "-k", "-v", "--tlsv1.3", "--send", r"exit\n"];
    let ran = run(&insecure);
    assert!(ran.code == 0 && ran.stderr.contains("* TLSv1.3, TLS13_"), "{ran}");
    run(&["--tls", "--send", "x"]).failed_saying(60, "unknown issuer");
    run(&["--tls", "--cacert", "no-such-file"]).failed_saying(77, "no-such-file");
    let pinned = ["--tls", "-k", "--pinnedpubkey", "sha256//AAAA", "--send", "x"];
    run(&pinned).failed(90);
    let plain = home.run(connect(&server.address, &["--tls"]));
    plain.failed_saying(35, "does not speak TLS");
}

fn help_has_examples_and_the_manual_has_the_command() {
    for action in ["connect", "listen"] {
        let ran = Home::new().run(["socket", action, "--help"]).ok();
        assert!(ran.text().contains("Examples:\n  cruller socket "), "{ran}");
        let reads = ran.text().contains("does not read standard input");
        assert_eq!(reads, action == "listen", "{ran}");
    }
    let manual = Home::new().run(["man"]).ok();
    assert!(manual.text().contains("\\-\\-no\\-shutdown"), "{manual}");
    let script = Home::new().run(["completions", "bash"]).ok();
    assert!(script.text().contains("--max-connections"), "{script}");
}

fn with_nginx() -> Result<Completion, Failed> {
    let Some(program) = installed("nginx") else { return missing("nginx") };
    let server = Nginx::start(&program, false);
    let (ca, request) = (server.file("ca.pem"), r"GET /small HTTP/1.0\r\n\r\n");
    let host = |url: &str| url.rsplit_once("//").unwrap().1.to_owned();
    let plain = format!("tcp://{}", host(&server.http));
    let secure = format!("tcp://{}", host(&server.https));
    for (address, flags) in [
        (plain, &["--send", request][..]),
        (secure, &["--send", request, "--tls", "--cacert", &ca]),
    ] {
        let ran = Home::new().run(connect(&address, flags)).ok();
        let text = ran.text();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\nServer: nginx"), "{ran}");
        assert!(text.ends_with("\r\n\r\na small page\n"), "{ran}");
    }
    Ok(Completion::Completed)
}
