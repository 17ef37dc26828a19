//! One connection: request after request, and its close.

use super::answer::Answer;
use super::door::Visitor;
use super::incoming::Incoming;
use super::pages;
use super::request::{self, Trouble};
use super::routes::{self, Visit};
use super::send::{self, Manner};
use super::state::State;
use crate::base::Version;
use std::io::Read;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

/// How long a client may be silent: between requests, or in the middle of one.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a client may take nothing of what it is sent.
const DEAFNESS: Duration = Duration::from_secs(60);
/// After the last answer: how long, and how often, what still comes is read and dropped.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_READS: usize = 256;

/// One answer, for an access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which connection it was, counted from 1 in the order they were accepted.
    pub connection: u64,
    /// Who asked.
    pub peer: SocketAddr,
    /// The method, or `-` where no request could be read.
    pub method: String,
    /// The request target as it came, or `-`. It is the client's text: escape it for a terminal.
    pub target: String,
    /// The status of the final answer.
    pub status: u16,
    /// How many bytes of content were sent, without the framing around them.
    pub bytes: u64,
}

/// Serves a connection until either side has had enough.
pub(super) fn serve(
    stream: &TcpStream,
    peer: SocketAddr,
    visitor: &Visitor<'_>,
    state: &State,
    on_request: &impl Fn(&Line),
) {
    // setsockopt(2): no waiting to fill packets; recv and send give up after a while.
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(SILENCE));
    let _ = stream.set_write_timeout(Some(DEAFNESS));
    let mut incoming = Incoming::new(stream);
    loop {
        let read = request::read(&mut incoming, peer);
        let (answer, manner, method, target) = match read {
            Ok(None) => return,
            // The client vanished, which is its right.
            Err(Trouble::Gone) => return,
            Err(Trouble::Refused(refusal)) => {
                let manner = Manner { version: Version::Http11, head_only: false, keep: false };
                let answer = pages::refused(refusal.status, refusal.why);
                (answer, manner, "-".to_owned(), "-".to_owned())
            }
            Ok(Some(request)) => {
                let answer = routes::answer(&Visit { request: &request, state, tail: "" });
                let manner = Manner {
                    version: request.head.version,
                    head_only: request.is_head(),
                    keep: request.keeps_alive(),
                };
                (answer, manner, request.head.method, request.head.target)
            }
        };
        let Answer { status, .. } = answer;
        let sent = send::send(stream, answer, manner, visitor, now());
        on_request(&Line {
            connection: visitor.number(),
            peer,
            method,
            target,
            status,
            bytes: sent.bytes,
        });
        if !sent.keep {
            break;
        }
    }
    hang_up(stream);
}

/// Closes in two steps (RFC 9112 section 9.6). To close with unread bytes in the kernel's
/// buffer is a reset, and a reset can overtake the answer: so first only our direction ends,
/// which the client sees as the end of the stream, and what still comes is read and dropped.
fn hang_up(mut stream: &TcpStream) {
    // shutdown(2): nothing more will be sent.
    if stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    let _ = stream.set_read_timeout(Some(LINGER));
    let mut scratch = [0; 64 * 1024];
    for _ in 0..LINGER_READS {
        if !matches!(stream.read(&mut scratch), Ok(count) if count > 0) {
            break;
        }
    }
    // close(2) comes when the stream is dropped, here and in the door's book: sockets have owners.
}

/// The time, for the Date field; the one place where the site reads a clock.
#[expect(clippy::disallowed_methods, reason = "a server dates its answers; this is the edge")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use std::io::Write;
    use std::net::TcpStream;

    #[test]
    fn an_answer_to_a_request_that_is_still_being_sent_is_not_lost() {
        let site = talk::site();
        let mut stream = TcpStream::connect(site.addr()).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n").unwrap();
        stream.write_all(&vec![b'x'; 3_000_000]).unwrap();
        assert_eq!(talk::one_answer(&mut stream).status, 413);
    }

    #[test]
    fn a_client_that_vanishes_is_no_harm() {
        let site = talk::site();
        for request in ["", "GET", "GET /bytes/9000000 HTTP/1.1\r\nHost: a\r\n\r\n"] {
            let mut stream = TcpStream::connect(site.addr()).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
        }
        assert_eq!(talk::get(&site, "/ip").status, 200);
    }
}
