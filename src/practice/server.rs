//! The listening socket: bind, accept, and a thread for each connection.

use super::connection::{self, Line};
use super::door::Door;
use super::state::State;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What is sent to a connection over the limit; it is small enough for any socket's buffer.
const FULL_HOUSE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nServer: cruller-practice\r\n\
    Retry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How long to wait when the system has no descriptors or threads left.
const SHORTAGE: Duration = Duration::from_millis(100);
/// After so many failures in a row the listener counts as broken.
const FAILURES: u32 = 100;
/// How long to wait for the accepting thread before it is woken again.
const WAKE: Duration = Duration::from_millis(200);

/// A practice site that has its address but does not answer yet.
#[derive(Debug)]
pub struct Site {
    listener: TcpListener,
    addr: SocketAddr,
}

impl Site {
    /// Takes an address. With port 0 the system chooses a free one, which [`addr`](Site::addr)
    /// tells. From here on clients can connect; they wait until the site runs.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not loopback; else whatever bind(2) says.
    pub fn bind(addr: SocketAddr) -> io::Result<Site> {
        if !addr.ip().is_loopback() {
            let why = "the practice site listens on loopback addresses only";
            return Err(io::Error::new(ErrorKind::InvalidInput, why));
        }
        // Three system calls in one: socket(2) makes an endpoint, bind(2) gives it its address,
        // listen(2) makes the kernel accept connections for it and queue them.
        let listener = TcpListener::bind(addr)?;
        let addr = listener.local_addr()?;
        Ok(Site { listener, addr })
    }

    /// Where the site is.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers until the process ends, and tells `on_request` of each answer once it was sent.
    ///
    /// `on_request` is called from many threads, and keeps only its own connection waiting.
    ///
    /// # Errors
    /// When accept(2) fails again and again.
    pub fn run(self, on_request: impl Fn(&Line) + Sync) -> io::Result<()> {
        accept_all(&self.listener, &Door::new(), &on_request)
    }

    /// Answers in the background until the handle is dropped.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn spawn(self) -> io::Result<Handle> {
        self.spawn_with(|_| {})
    }

    /// Like [`spawn`](Site::spawn), and tells `on_request` of each answer as [`run`](Site::run) does.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn spawn_with(
        self,
        on_request: impl Fn(&Line) + Send + Sync + 'static,
    ) -> io::Result<Handle> {
        let addr = self.addr;
        let door = Arc::new(Door::new());
        let inside = Arc::clone(&door);
        let thread = thread::Builder::new()
            .name("practice".into())
            .spawn(move || accept_all(&self.listener, &inside, &on_request))?;
        Ok(Handle { addr, door, thread: Some(thread) })
    }
}

/// A practice site in the background. Dropping it closes the site: its connections are shut
/// down and its threads joined.
#[derive(Debug)]
pub struct Handle {
    addr: SocketAddr,
    door: Arc<Door>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Handle {
    /// Where the site is.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL of a page of the site; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.door.close();
        // accept(2) has no "stop": a connection of our own makes it return.
        while !self.door.has_stopped(Duration::ZERO) {
            drop(TcpStream::connect_timeout(&self.addr, WAKE));
            if self.door.has_stopped(WAKE) {
                break;
            }
        }
        if let Some(thread) = self.thread.take() {
            // What went wrong in there has nobody left to be told.
            let _ = thread.join();
        }
    }
}

/// Accepts until the door closes or the listener breaks; returns when everybody has left.
fn accept_all(
    listener: &TcpListener,
    door: &Door,
    on_request: &(impl Fn(&Line) + Sync),
) -> io::Result<()> {
    let state = State::new();
    // The end of the scope joins the threads of the connections.
    thread::scope(|scope| {
        let mut failures = 0;
        let end = loop {
            // accept(2): waits for the next connection in the kernel's queue. Each one is a
            // socket of its own; the listener goes on listening.
            let accepted = listener.accept();
            if door.is_closed() {
                break Ok(());
            }
            let (stream, peer) = match accepted {
                Ok(pair) => pair,
                Err(error) if is_the_clients(&error) => continue,
                Err(error) if failures == FAILURES => break Err(error),
                Err(_) => {
                    failures += 1;
                    door.pause(SHORTAGE);
                    continue;
                }
            };
            failures = 0;
            let Some(visitor) = door.enter(&stream) else {
                turn_away(&stream);
                continue;
            };
            let state = &state;
            // Where there is no thread the closure is dropped: the stream closes, the visitor leaves.
            let thread = thread::Builder::new().name(format!("practice {}", visitor.number()));
            let _ = thread.spawn_scoped(scope, move || {
                connection::serve(&stream, peer, &visitor, state, on_request);
            });
        };
        door.close();
        door.stopped();
        end
    })
}

/// Whether accept failed because the client left before its turn (or a signal came).
fn is_the_clients(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
    )
}

/// Says that the house is full, without waiting for anything.
fn turn_away(mut stream: &TcpStream) {
    use std::io::Write as _;
    let _ = stream.set_nonblocking(true);
    let _ = stream.write_all(FULL_HOUSE);
}

#[cfg(test)]
mod tests {
    use super::super::door::MOST_VISITORS;
    use super::super::talk;
    use super::*;
    use std::io::{Read, Write};
    use std::sync::mpsc;

    #[test]
    fn an_address_that_others_can_reach_is_refused() {
        let error = Site::bind("0.0.0.0:0".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn an_address_that_is_taken_is_an_error() {
        let first = Site::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_eq!(Site::bind(first.addr()).unwrap_err().kind(), ErrorKind::AddrInUse);
    }

    #[test]
    fn a_closed_site_hangs_up_and_refuses_new_connections() {
        let site = talk::site();
        let addr = site.addr();
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.write_all(b"GET /ip HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        talk::one_answer(&mut stream);
        drop(site);
        assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
        assert!(TcpStream::connect(addr).is_err());
    }

    #[test]
    fn a_client_that_never_ends_its_request_holds_up_nobody() {
        let site = talk::site();
        let mut slow = TcpStream::connect(site.addr()).unwrap();
        slow.write_all(b"GET / HT").unwrap();
        assert_eq!(talk::get(&site, "/ip").status, 200);
    }

    #[test]
    fn one_connection_too_many_is_told_so_and_a_free_place_is_used_again() {
        let site = talk::site();
        let mut inside: Vec<TcpStream> =
            (0..MOST_VISITORS).map(|_| TcpStream::connect(site.addr()).unwrap()).collect();
        let mut answer = String::new();
        TcpStream::connect(site.addr()).unwrap().read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");

        let mut leaving = inside.pop().unwrap();
        leaving.write_all(b"nonsense\r\n\r\n").unwrap();
        leaving.read_to_end(&mut Vec::new()).unwrap();
        drop(leaving);
        while talk::get(&site, "/ip").status == 503 {
            thread::yield_now();
        }
    }

    #[test]
    fn the_log_has_a_line_for_each_answer() {
        let (tell, told) = mpsc::channel();
        let site = Site::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let tell = std::sync::Mutex::new(tell);
        let site = site.spawn_with(move |line| {
            let text = format!("{} {} {} {}", line.method, line.target, line.status, line.bytes);
            tell.lock().unwrap().send((line.connection, text)).unwrap();
        });
        let site = site.unwrap();
        // A line comes after its answer: each is waited for before the next question.
        let mut lines: Vec<(u64, String)> = Vec::new();
        talk::get(&site, "/bytes/70000?x=1");
        lines.extend(told.recv());
        talk::ask(&site, "HEAD /bytes/5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        lines.extend(told.recv());
        talk::ask(&site, "garbage\r\n\r\n");
        lines.extend(told.recv());
        let text: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(text[..2], ["GET /bytes/70000?x=1 200 70000", "HEAD /bytes/5 200 0"]);
        assert!(text[2].starts_with("- - 400 "), "{}", text[2]);
        assert!(lines[0].0 < lines[1].0, "every connection has its number");
    }
}
