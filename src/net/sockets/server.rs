//! The server: socket, setsockopt, bind, listen, and an accept loop in which nobody waits for
//! another.

use super::super::resolve::Family;
use super::calls::{self, Socket};
use super::client::{Told, addresses, set};
use super::file::{self, SocketFile};
use super::serve::{Reply, serve};
use super::{Address, Error, Facts, Kind, Name, Output, Place, Setting, Tally, datagrams, errno};
use futures_util::stream::{FuturesUnordered, StreamExt};
use socket2::{SockAddr, Socket as Raw};
use std::io;

/// What to listen at with an empty host: every IPv4 address of this machine, as `INADDR_ANY`.
const ANYWHERE: &str = "0.0.0.0";

/// The same where IPv6 was asked for.
const ANYWHERE_V6: &str = "[::]";

/// How peers are served.
#[derive(Clone, Debug)]
pub struct Manner {
    /// What they are told.
    pub reply: Reply,
    /// One peer, or one datagram, and no more.
    pub once: bool,
    /// Peers at once; more wait to be accepted.
    pub most: usize,
}

/// Who is told what happens. Peers are numbered from 1 as they come.
pub trait Onlooker {
    /// A peer was accepted, or a datagram came; what is known of it costs some calls.
    fn meets(&self, number: u64, facts: &dyn Fn() -> Facts);
    /// A peer has been served to its end, or failed.
    fn parts(&self, number: u64, tally: Tally, failed: Option<&Error>);
    /// Something concerns no peer in particular.
    fn troubled(&self, error: &Error);
}

/// A bound socket that listens, or has datagrams.
pub struct Server {
    kind: Kind,
    socket: Socket,
    file: Option<SocketFile>,
}

impl Server {
    /// socket, setsockopt, bind, listen.
    ///
    /// # Errors
    /// The host has no address, or it is not to be had.
    pub async fn bind(
        address: &Address,
        family: Option<Family>,
        options: &[Setting],
        backlog: i32,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<Server, Error> {
        let mut address = address.clone();
        if let Place::Port(host, _) = &mut address.place
            && host.is_empty()
        {
            *host = if family == Some(Family::V6) { ANYWHERE_V6 } else { ANYWHERE }.into();
        }
        let addresses = addresses(&address, family).await?;
        let mut failed = None;
        for own in &addresses {
            match bind(&address, own, options, tell) {
                Ok((raw, file)) => {
                    let socket = match address.kind.is_connected() {
                        true => Socket::listening(raw, backlog),
                        false => Socket::open(raw),
                    };
                    let failed = |source| Error::Bind { at: address.to_string().into(), source };
                    return Ok(Server {
                        kind: address.kind,
                        socket: socket.map_err(failed)?,
                        file,
                    });
                }
                // `localhost` is an IPv6 address too, also where there is no IPv6.
                Err(Error::Bind { at, source })
                    if [io::ErrorKind::AddrNotAvailable, io::ErrorKind::Unsupported]
                        .contains(&source.kind()) =>
                {
                    failed = Some(Error::Bind { at, source });
                }
                Err(other) => return Err(other),
            }
        }
        let nowhere = io::Error::from(io::ErrorKind::AddrNotAvailable);
        Err(failed.unwrap_or(Error::Bind { at: address.to_string().into(), source: nowhere }))
    }

    /// Where it listens (getsockname): port 0 has become the port that was chosen.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> Result<String, Error> {
        let own = self.socket.raw().local_addr().map_err(Error::Receive)?;
        Ok(format!("{}://{}", self.kind.scheme(), Name::of(&own)))
    }

    /// Serves peers, each beside the others; returns only with [`Manner::once`], or where it
    /// cannot go on. What peers say goes to `output`, where it is to be shown.
    ///
    /// # Errors
    /// As above; with `once` also what ended the peer.
    pub async fn run(
        self,
        manner: &Manner,
        onlooker: &dyn Onlooker,
        output: Output,
    ) -> Result<(), Error> {
        let Server { kind, socket: listening, file: _file } = self;
        if !kind.is_connected() {
            return datagrams::answer(&listening, kind, manner, onlooker, &output).await;
        }
        let mut served = FuturesUnordered::new();
        let (mut number, mut exhausted) = (0, false);
        loop {
            tokio::select! {
                accepted = listening.accept(), if served.len() < manner.most && !exhausted => {
                    match accepted {
                        Ok((socket, name)) => {
                            number += 1;
                            let met = (number, socket, name);
                            let peer = peer(met, kind, &manner.reply, onlooker, &output);
                            if manner.once {
                                // Nobody else is to think that it is listened to.
                                drop(listening);
                                return peer.await;
                            }
                            served.push(peer);
                        }
                        // It was gone before it was accepted: its error, not ours (accept(2)).
                        Err(error) if errno::is_of_the_peer(&error) => {}
                        Err(error) if errno::is_exhausted(&error) && !served.is_empty() => {
                            exhausted = true;
                            onlooker.troubled(&Error::Accept(error));
                        }
                        Err(error) => return Err(Error::Accept(error)),
                    }
                }
                Some(ended) = served.next() => {
                    exhausted = false;
                    if let Err(error @ Error::Output(_)) = ended {
                        return Err(error);
                    }
                }
            }
        }
    }
}

/// socket, setsockopt and bind for one address.
fn bind(
    address: &Address,
    own: &SockAddr,
    options: &[Setting],
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<(Raw, Option<SocketFile>), Error> {
    let at = own.as_socket().map_or_else(|| address.to_string(), |own| own.to_string());
    let failed = |source| Error::Bind { at: at.clone().into(), source };
    let raw = calls::socket(address, own.domain()).map_err(failed)?;
    if address.kind == Kind::Tcp {
        // Else the port is not to be had for a minute after the last run (TIME_WAIT).
        raw.set_reuse_address(true).map_err(failed)?;
    }
    set(&raw, &at, options, tell)?;
    match &address.place {
        Place::Port(..) => raw.bind(own).map_err(failed).map(|()| (raw, None)),
        Place::File(path) => file::bind(&raw, path).map(|file| (raw, file)),
    }
}

/// One peer from accept to close.
async fn peer(
    (number, socket, name): (u64, Socket, SockAddr),
    kind: Kind,
    reply: &Reply,
    onlooker: &dyn Onlooker,
    output: &Output,
) -> Result<(), Error> {
    onlooker.meets(number, &|| Facts::of(socket.raw(), Some(&name)));
    let mut tally = Tally::default();
    let ended = serve((number, &socket), kind, reply, output, &mut tally).await;
    onlooker.parts(number, tally, ended.as_ref().err());
    ended
}
