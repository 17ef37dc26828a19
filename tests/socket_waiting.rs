//! `cruller socket` where somebody does not read, or ends early: everybody else goes on, and
//! nothing that came is lost.

use crate::support::PATIENCE;
use crate::support::client::{Home, Running};
use crate::support::listener::{Listener, connect};
use libtest_mimic::Trial;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

pub fn tests() -> Vec<Trial> {
    trials![
        sending_goes_on_while_nobody_reads_what_came,
        a_time_limit_is_heard_while_nobody_reads_what_came,
        what_came_is_whole_when_it_is_read_late,
        a_listener_that_nobody_reads_accepts_and_removes_its_file,
        an_interrupted_client_removes_its_file_and_tells_of_its_bytes,
        an_empty_datagram_is_an_answer,
        any_host_is_of_the_family_that_was_asked_for,
        a_silence_after_the_first_words_is_too_late_too,
        a_large_message_of_a_unix_socket_is_whole,
        what_came_before_a_reset_is_shown_and_the_code_is_the_same,
        hexadecimal_lines_have_their_peers_number,
        an_upload_that_is_not_heard_to_its_end_is_told,
    ]
}

const MIB: usize = 1 << 20;

fn tcp() -> (TcpListener, String) {
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", peer.local_addr().unwrap());
    (peer, address)
}

fn sending_goes_on_while_nobody_reads_what_came() {
    let (peer, address) = tcp();
    let home = Home::new();
    let said = File::open(home.write("said", vec![b'c'; 3 * MIB])).unwrap();
    let (mut came, out) = std::io::pipe().unwrap();
    let running = Running::between(home.command(connect(&address, &[])), said, out);
    let (mut socket, _) = peer.accept().unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut speaking = socket.try_clone().unwrap();
    let speaker = thread::spawn(move || {
        speaking.write_all(&vec![b's'; MIB])?;
        speaking.shutdown(Shutdown::Write)
    });
    let mut heard = Vec::new();
    socket.read_to_end(&mut heard).unwrap();
    assert!(heard == vec![b'c'; 3 * MIB], "{} bytes", heard.len());
    // Only now it is read.
    let mut text = Vec::new();
    came.read_to_end(&mut text).unwrap();
    speaker.join().unwrap().unwrap();
    assert!(text == vec![b's'; MIB], "{} bytes", text.len());
    running.finish().ok();
}

fn a_time_limit_is_heard_while_nobody_reads_what_came() {
    let (peer, address) = tcp();
    let (came, out) = std::io::pipe().unwrap();
    let home = Home::new();
    let command = home.command(connect(&address, &["--timeout", "0.5"]));
    let running = Running::to(command, out);
    let (mut socket, _) = peer.accept().unwrap();
    let speaker = thread::spawn(move || while socket.write(&[b's'; 4096]).is_ok() {});
    running.finish().failed_saying(28, "for 500 ms");
    drop(came);
    speaker.join().unwrap();
}

/// What waits for the output is no silence of the peer's, which --wait would end well.
fn what_came_is_whole_when_it_is_read_late() {
    let (peer, address) = tcp();
    let (mut came, out) = std::io::pipe().unwrap();
    let home = Home::new();
    let command = home.command(connect(&address, &["--send", "x", "--wait", "0.2"]));
    let running = Running::to(command, out);
    let (mut socket, _) = peer.accept().unwrap();
    // As much as there is room for, until it has stood still for longer than the wait.
    socket.set_write_timeout(Some(Duration::from_millis(600))).unwrap();
    let mut said = 0;
    while let Ok(bytes) = socket.write(&[b's'; 4096]) {
        said += bytes;
        assert!(said < 256 * MIB, "it takes all, and nobody reads it");
    }
    socket.shutdown(Shutdown::Write).unwrap();
    let mut text = Vec::new();
    came.read_to_end(&mut text).unwrap();
    assert_eq!(text.len(), said);
    running.finish().ok();
}

fn a_listener_that_nobody_reads_accepts_and_removes_its_file() {
    let server = Listener::start_unread("unix://a.sock", &["-v"]);
    let path = server.home.file("a.sock");
    let mut loud = UnixStream::connect(&path).unwrap();
    loud.set_nonblocking(true).unwrap();
    while loud.write(&[b'x'; 4096]).is_ok() {}
    let also = UnixStream::connect(&path).unwrap();
    let lines: Vec<String> = (0..4).map(|_| server.leash.line()).collect();
    assert!(lines[0].starts_with("* #1 peer"), "{lines:?}");
    assert!(lines[2].starts_with("* #2 peer"), "{lines:?}");
    let Listener { home, leash, .. } = server;
    assert!(home.file("a.sock").exists());
    drop(leash);
    assert!(!home.file("a.sock").exists());
    drop((loud, also));
}

fn an_interrupted_client_removes_its_file_and_tells_of_its_bytes() {
    let home = Home::new();
    let peer = UnixDatagram::bind(home.file("peer.sock")).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let (input, mut said) = std::io::pipe().unwrap();
    let flags = ["--source", "own.sock", "-v"];
    let mut running = Running::fed(home.command(connect("unixgram://peer.sock", &flags)), input);
    said.write_all(b"hello").unwrap();
    assert_eq!(peer.recv(&mut [0; 16]).unwrap(), 5);
    assert!(home.file("own.sock").exists());
    assert!(running.signal("INT"));
    let ran = running.finish();
    assert!(ran.stderr.ends_with("* sent 5 bytes, received 0 bytes; interrupted\n"), "{ran}");
    assert_eq!(ran.code, 130);
    assert!(!home.file("own.sock").exists());
}

fn an_empty_datagram_is_an_answer() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = format!("udp://{}", peer.local_addr().unwrap());
    let running = Home::new().start(connect(&address, &["--send", "x", "--timeout", "9"]));
    let (_, from) = peer.recv_from(&mut [0; 16]).unwrap();
    peer.send_to(&[], from).unwrap();
    assert!(running.finish().ok().stdout.is_empty());
}

fn any_host_is_of_the_family_that_was_asked_for() {
    let server = Listener::start("tcp://:0", &[]);
    assert!(server.address.starts_with("tcp://0.0.0.0:"), "{}", server.address);
    if UdpSocket::bind("[::1]:0").is_ok() {
        let server = Listener::start("tcp://:0", &["-6"]);
        assert!(server.address.starts_with("tcp://[::]:"), "{}", server.address);
    }
}

fn a_silence_after_the_first_words_is_too_late_too() {
    let (peer, address) = tcp();
    let flags = ["--send", "x", "--wait", "9", "--timeout", "1"];
    let running = Home::new().start(connect(&address, &flags));
    let (mut socket, _) = peer.accept().unwrap();
    socket.write_all(b"hi").unwrap();
    let ran = running.finish().failed_saying(28, "for 1000 ms");
    assert_eq!(ran.text(), "hi");
}

fn a_large_message_of_a_unix_socket_is_whole() {
    let server = Listener::start("unixgram://a.sock", &["--once"]);
    let large: Vec<u8> = (0..200_000_u32).map(|number| number.to_be_bytes()[3]).collect();
    let peer = UnixDatagram::unbound().unwrap();
    assert_eq!(peer.send_to(&large, server.home.file("a.sock")).unwrap(), large.len());
    assert!(std::fs::read(server.ended_well()).unwrap() == large);
    let server = Listener::start("unixpacket://a.sock", &["--reply", "echo"]);
    let large = "x".repeat(100_000);
    let flags = ["--send", &large, "-v"];
    let ran = server.home.run(connect(&server.address, &flags));
    assert_eq!(ran.stdout.len(), large.len());
    let end = "* sent 100000 bytes, received 100000 bytes; ended well\n";
    assert!(ran.stderr.ends_with(end), "{ran}");
}

fn what_came_before_a_reset_is_shown_and_the_code_is_the_same() {
    let home = Home::new();
    let said = home.write("said", vec![b'c'; 3 * MIB]);
    let start = |address: &str| {
        let command = home.command(connect(address, &[]));
        Running::fed(command, File::open(&said).unwrap())
    };
    let (tcp, address) = tcp();
    let unix = UnixListener::bind(home.file("a.sock")).unwrap();
    // Closed with something unread, a connection is reset.
    let answer = b"too large: ".repeat(1000);
    for _ in 0..8 {
        let running = start(&address);
        let (mut socket, _) = tcp.accept().unwrap();
        socket.read_exact(&mut [0]).unwrap();
        socket.write_all(&answer).unwrap();
        drop(socket);
        let ran = running.finish().failed_saying(56, "the peer cut the connection");
        assert!(ran.stdout == answer, "{ran}");
        let running = start("unix://a.sock");
        let (mut socket, _) = unix.accept().unwrap();
        socket.read_exact(&mut [0]).unwrap();
        socket.write_all(&answer).unwrap();
        drop(socket);
        let ran = running.finish().failed_saying(56, "the peer cut the connection");
        assert!(ran.stdout == answer, "{ran}");
    }
}

fn hexadecimal_lines_have_their_peers_number() {
    let server = Listener::start("tcp://127.0.0.1:0", &["--hex", "-v"]);
    let out = server.home.file("out");
    let one = TcpStream::connect(server.host()).unwrap();
    assert!(server.leash.line().starts_with("* #1 "));
    let two = TcpStream::connect(server.host()).unwrap();
    let (mut expected, deadline) = (String::new(), Instant::now() + PATIENCE);
    for (mut socket, line) in [
        (&one, "#1 00000000  61 "),
        (&two, "#2 00000000  61 "),
        (&one, "#1 00000001  61 "),
        (&two, "#2 00000001  61 "),
    ] {
        socket.write_all(b"a").unwrap();
        expected.push_str(&format!("{line:63}|a|\n"));
        while std::fs::read_to_string(&out).unwrap() != expected {
            assert!(Instant::now() < deadline, "{:?}", std::fs::read_to_string(&out));
            thread::yield_now();
        }
    }
}

fn an_upload_that_is_not_heard_to_its_end_is_told() {
    let home = Home::new();
    home.write("answer", "HTTP/1.1 413 Too Large\r\n\r\n");
    let flags = ["--reply", "answer", "--once", "-v"];
    let server = Listener::start_in(home, "tcp://127.0.0.1:0", &flags);
    let mut socket = TcpStream::connect(server.host()).unwrap();
    socket.write_all(b"PUT / HTTP/1.1\r\n\r\n").unwrap();
    while socket.write(&[b'x'; 4096]).is_ok() {}
    let lines: Vec<String> = (0..3).map(|_| server.leash.line()).collect();
    assert!(lines[2].ends_with("closed while it was still being sent to"), "{lines:?}");
    server.ended_well();
}
