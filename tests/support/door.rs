//! The pieces of a server that a test writes out itself, where no dialogue can say it.

use super::PATIENCE;
use std::io::Read;
use std::net::{TcpListener, TcpStream};

/// A port that is listened at, and what is before a path in its URLs.
pub fn open(scheme: &str) -> (TcpListener, String) {
    let door = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let port = door.local_addr().expect("a bound socket").port();
    (door, format!("{scheme}://localhost:{port}"))
}

/// The next connection; nothing on it takes longer than [`PATIENCE`], nor does its coming.
pub fn accept(door: &TcpListener) -> TcpStream {
    socket2::SockRef::from(door).set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let (stream, _) = door.accept().expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
    stream.set_nodelay(true).expect("a socket without delay");
    stream
}

/// The head of a request, and not a byte more; `None` where the client has left.
pub fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}
