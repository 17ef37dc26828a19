//! A peer that plays a dialogue: it says what is written and listens for what is written.
//!
//! It listens on two loopback addresses. Everything is bounded by one timeout;
//! nothing sleeps: a pause ends when the client's socket has been emptied.

use super::dialogue::{Act, Connection, Dialogue, ExpectedHead};
use super::text::replace;
use super::{PATIENCE, shown};
use libtest_mimic::Trial;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Names that stand in braces in a dialogue, and what they stand for.
pub type Places = Vec<(&'static str, String)>;

/// A peer that is playing.
pub struct Peer {
    /// Where it listens, as the dialogue calls it.
    pub places: Places,
    client_ended: watch::Sender<bool>,
    thread: JoinHandle<Result<(), String>>,
}

impl Peer {
    /// Starts to play `dialogue`; `{dir}` is the folder the client runs in.
    pub fn start(dialogue: &Arc<Dialogue>, dir: &Path) -> Peer {
        let bind = || {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port");
            listener.set_nonblocking(true).expect("a non-blocking socket");
            listener
        };
        let listeners = [bind(), bind()];
        let ports = [0, 1].map(|i| listeners[i].local_addr().expect("a bound socket").port());
        let places = vec![
            ("url", format!("http://127.0.0.1:{}", ports[0])),
            ("host", format!("127.0.0.1:{}", ports[0])),
            ("port", ports[0].to_string()),
            ("other", format!("http://127.0.0.1:{}", ports[1])),
            ("otherhost", format!("127.0.0.1:{}", ports[1])),
            ("otherport", ports[1].to_string()),
            ("dir", dir.display().to_string()),
        ];
        let (client_ended, over) = watch::channel(false);
        let script = Arc::clone(dialogue);
        let known = places.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(|error| error.to_string())?.block_on(async {
                let play = play(&script, &known, listeners, over);
                match tokio::time::timeout(PATIENCE, play).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(format!("the dialogue was not over within {PATIENCE:?}")),
                }
            })
        });
        Peer { places, client_ended, thread }
    }

    /// Starts to play the `connection`s of a script, to a client in the folder `dir`.
    pub fn playing(script: &str, dir: &Path) -> Peer {
        let text = format!("# a\n# b\n$ fetch\nexit 0\n{script}");
        Peer::start(&Arc::new(super::dialogue::parse(&text).expect("a script")), dir)
    }

    /// Its address, without a final slash.
    pub fn url(&self) -> &str {
        &self.places[0].1
    }

    /// The client has ended: what did the peer see?
    pub fn finish(self) -> Result<(), String> {
        let _ = self.client_ended.send(true);
        self.thread.join().expect("the peer does not panic")
    }
}

/// The two addresses play beside each other, the connections of each in their order.
async fn play(
    dialogue: &Dialogue,
    places: &Places,
    listeners: [std::net::TcpListener; 2],
    over: watch::Receiver<bool>,
) -> Result<(), String> {
    let [first, second] = [false, true].map(|other| {
        let script = dialogue.connections.iter().filter(move |c| c.other == other);
        play_one(script, places, &listeners[usize::from(other)], over.clone())
    });
    let second = async { second.await.map_err(|why| format!("the other address: {why}")) };
    tokio::try_join!(first, second).map(drop)
}

async fn play_one(
    script: impl Iterator<Item = &Connection>,
    places: &Places,
    listener: &std::net::TcpListener,
    mut over: watch::Receiver<bool>,
) -> Result<(), String> {
    let door = listener.try_clone().and_then(TcpListener::from_std);
    let door = door.map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    for (index, connection) in script.enumerate() {
        let accepted = tokio::select! {
            biased;
            accepted = door.accept() => accepted,
            // It may have come and gone before we looked.
            _ = over.wait_for(|over| *over) => listener.accept().and_then(|(stream, address)| {
                stream.set_nonblocking(true)?;
                Ok((TcpStream::from_std(stream)?, address))
            }),
        };
        let at = |why: String| format!("connection {}: {why}", index + 1);
        let (stream, address) = accepted.map_err(|_| at("it never came".to_owned()))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let mut line = Line { stream: Some(stream), address, buffer: Vec::new(), deaf: false };
        line.play(connection, places).await.map_err(at)?;
        lines.push(line);
    }
    for (index, mut line) in lines.into_iter().enumerate() {
        let rest = line.rest().await;
        if !rest.is_empty() {
            return Err(format!("connection {}: not in the script: {}", index + 1, shown(&rest)));
        }
    }
    let _ = over.wait_for(|over| *over).await;
    match listener.accept() {
        Ok(_) => Err("a connection that is not in the script".to_owned()),
        Err(_) => Ok(()),
    }
}

/// One accepted connection.
struct Line {
    stream: Option<TcpStream>,
    address: SocketAddr,
    buffer: Vec<u8>,
    /// What else comes makes no difference.
    deaf: bool,
}

impl Line {
    async fn play(&mut self, connection: &Connection, places: &Places) -> Result<(), String> {
        for act in &connection.acts {
            match act {
                Act::Head(expected) => self.expect_head(expected, places).await?,
                Act::Content(expected) => {
                    let expected = replace(expected, places);
                    self.fill(|buffer| buffer.len() >= expected.len()).await;
                    let len = self.buffer.len().min(expected.len());
                    let came: Vec<u8> = self.buffer.drain(..len).collect();
                    if came != expected {
                        return Err(format!("content {} came", shown(&came)));
                    }
                }
                Act::Something => {
                    self.fill(|buffer| !buffer.is_empty()).await;
                    if self.buffer.is_empty() {
                        return Err("the client sent nothing".to_owned());
                    }
                    self.deaf = true;
                }
                // A client that has seen enough may have hung up; what it made of it shows elsewhere.
                Act::Send(bytes) => drop(self.send(&replace(bytes, places)).await),
                Act::SendForever(bytes) => {
                    let many = bytes.repeat(1 + 16_384 / bytes.len().max(1));
                    while self.send(&many).await.is_ok() {}
                }
                Act::Pause => self.settle().await?,
                Act::Close => {
                    if let Some(stream) = &mut self.stream {
                        let _ = stream.shutdown().await;
                    }
                }
                Act::Reset => {
                    if let Some(stream) = self.stream.take() {
                        let zero = Some(std::time::Duration::ZERO);
                        let linger = socket2::SockRef::from(&stream).set_linger(zero);
                        linger.map_err(|error| error.to_string())?;
                    }
                }
                Act::ClientCloses => {
                    let rest = self.rest().await;
                    if !rest.is_empty() {
                        return Err(format!("before it closed came {}", shown(&rest)));
                    }
                }
            }
        }
        Ok(())
    }

    async fn expect_head(
        &mut self,
        expected: &ExpectedHead,
        places: &Places,
    ) -> Result<(), String> {
        self.fill(|buffer| end_of_head(buffer).is_some()).await;
        let Some(end) = end_of_head(&self.buffer) else {
            return Err(format!("no request head, but {:?}", shown(&self.buffer)));
        };
        let head: Vec<u8> = self.buffer.drain(..end).collect();
        check_head(&head, expected, places).map_err(|why| format!("{why}, in\n{}", shown(&head)))
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Some(stream) => stream.write_all(bytes).await,
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Reads until `enough`, or until the client has ended.
    async fn fill(&mut self, enough: impl Fn(&[u8]) -> bool) {
        while !enough(&self.buffer) {
            let Some(stream) = &mut self.stream else { return };
            if stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                self.stream = None;
            }
        }
    }

    /// What comes until the client closes.
    async fn rest(&mut self) -> Vec<u8> {
        self.fill(|_| false).await;
        let rest = std::mem::take(&mut self.buffer);
        if self.deaf { Vec::new() } else { rest }
    }

    /// Waits until nothing that was sent lies in a socket buffer: what comes next is another read.
    ///
    /// Asks the kernel's table of sockets; where there is none, the bytes may arrive joined.
    async fn settle(&mut self) -> Result<(), String> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let ours = stream.local_addr().map_err(|error| error.to_string())?.port();
        let (near, far) = (format!(":{:04X}", self.address.port()), format!(":{ours:04X}"));
        loop {
            let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else { return Ok(()) };
            let idle = |from: &str, to: &str| {
                table.lines().filter_map(socket_row).all(|(local, remote, queues)| {
                    !(local.ends_with(from) && remote.ends_with(to))
                        || queues == "00000000:00000000"
                })
            };
            if idle(&near, &far) && idle(&far, &near) {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Local address, remote address and the two queues of a row of /proc/net/tcp.
fn socket_row(row: &str) -> Option<(&str, &str, &str)> {
    let mut columns = row.split_ascii_whitespace().skip(1);
    let (local, remote) = (columns.next()?, columns.next()?);
    Some((local, remote, columns.nth(1)?))
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

fn check_head(head: &[u8], expected: &ExpectedHead, places: &Places) -> Result<(), String> {
    let inner = &head[..head.len() - 4];
    let lines: Vec<&[u8]> =
        inner.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    if inner.iter().filter(|&&b| b == b'\r').count() != lines.len() - 1 {
        return Err("a line that does not end with CRLF".to_owned());
    }
    if lines.iter().filter(|line| names(line, "Host")).count() != 1 {
        return Err("not exactly one Host field".to_owned());
    }
    let mut rest = lines.iter();
    for (index, wanted) in expected.lines.iter().enumerate() {
        let wanted = replace(wanted, places);
        let found = match index {
            0 => rest.next().is_some_and(|line| *line == wanted),
            _ => rest.any(|line| matches(line, &wanted)),
        };
        if !found {
            return Err(format!("{:?} was to come", shown(&wanted)));
        }
    }
    if expected.whole && lines.len() != expected.lines.len() {
        return Err(format!("{} lines, not {}", lines.len(), expected.lines.len()));
    }
    match expected.without.iter().find(|name| lines.iter().any(|line| names(line, name))) {
        Some(name) => Err(format!("{name} was not to come")),
        None => Ok(()),
    }
}

/// A line that ends with `{any}` asks for the name only.
fn matches(line: &[u8], wanted: &[u8]) -> bool {
    match wanted.strip_suffix(b"{any}") {
        Some(start) => line.starts_with(start),
        None => line == wanted,
    }
}

fn names(line: &[u8], name: &str) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        && line.get(name.len()) == Some(&b':')
}

pub fn tests() -> Vec<Trial> {
    trials![
        a_wrong_request_is_seen,
        a_connection_that_never_comes_is_missed,
        a_connection_too_many_is_seen,
        bytes_that_are_not_in_the_script_are_seen,
    ]
}

/// Plays `script` to whatever `client` does with the peer's address.
fn with(script: &str, client: impl FnOnce(&str)) -> Result<(), String> {
    let peer = Peer::playing(script, Path::new(""));
    client(&peer.places[1].1.clone());
    peer.finish()
}

fn say(bytes: &'static [u8]) -> impl Fn(&str) {
    use std::io::Write;
    move |host| std::net::TcpStream::connect(host).unwrap().write_all(bytes).unwrap()
}

fn a_wrong_request_is_seen() {
    let good = b"GET /a HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n";
    let play = |script: &str| with(&format!("connection\n{script}"), say(good));
    play("> GET /a HTTP/1.1\n> X: y\n>! Cookie\n").unwrap();
    play("> GET /a HTTP/1.1\n> Host: {any}\n> X: y\n> \n").unwrap();
    for bad in [
        "> GET /b HTTP/1.1\n",
        "> GET /a HTTP/1.1\n> X: z\n",
        "> GET /a HTTP/1.1\n> X: y\n> Host: h\n",
        "> GET /a HTTP/1.1\n> X: y\n> \n",
        "> GET /a HTTP/1.1\n>! x\n",
    ] {
        play(bad).unwrap_err();
    }
    for bad in [&b"GET /a HTTP/1.1\r\n\r\n"[..], b"GET /a HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"] {
        with("connection\n> GET /a HTTP/1.1\n", say(bad)).unwrap_err();
    }
}

fn a_connection_that_never_comes_is_missed() {
    with("connection\n>*\n", |_| {}).unwrap_err();
}

fn a_connection_too_many_is_seen() {
    with("", |host| drop(std::net::TcpStream::connect(host).unwrap())).unwrap_err();
}

fn bytes_that_are_not_in_the_script_are_seen() {
    with("connection\n>| a\n", say(b"ab")).unwrap_err();
}
