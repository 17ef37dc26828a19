//! A server of the test's own: what it answers is a function.

use super::PATIENCE;
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// A server on loopback. It reads one request on each connection, one after the other.
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// Starts a server; `answer` is given each request's head and the connection, and drops it or
    /// keeps it. An answer that says `Connection: close` will do.
    pub fn start(mut answer: impl FnMut(&[u8], TcpStream) + Send + 'static) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("a bound socket");
        let over = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                if done.load(Ordering::Acquire) {
                    return;
                }
                // A client that was killed may have left without a word.
                if let Ok(head) = request(&mut stream) {
                    answer(&head, stream);
                }
            }
        });
        Site { address, over, thread: Some(thread) }
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // One more connection, so that it looks up.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A head, with its empty line.
fn request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = Vec::new();
    let mut piece = [0; 16 * 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => head.extend_from_slice(&piece[..n]),
        }
    }
    Ok(head)
}

/// The path of a request's head.
pub fn path_of(head: &[u8]) -> String {
    let line = head.split(|&b| b == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(line).split(' ').nth(1).unwrap_or_default().to_owned()
}

/// The values of a head's lines with this name.
pub fn fields_of(head: &[u8], name: &str) -> Vec<Vec<u8>> {
    let lines = head.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let start = format!("{name}: ").into_bytes();
    lines
        .filter(|line| line.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(&start)))
        .map(|line| line[start.len()..].to_vec())
        .collect()
}

/// An answer without content, with these `Set-Cookie` lines.
pub fn setting<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n".to_vec();
    for line in lines {
        head.extend_from_slice(b"Set-Cookie: ");
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}
