//! What a fetch would begin with, and nobody is told.

use super::secrets::Secrets;
use super::{Address, Client, Error, Fetch};
use crate::base::Content;
use crate::h1::{Exchange, Upload};
use std::io::{self, Read};

/// What ends the wait for it.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Bytes of content framed at a time.
const PIECE: usize = 64 * 1024;

/// The first request of a fetch, as it would go over the wire.
pub struct Preview {
    /// The head that asks a proxy for a tunnel, if there is a proxy to be asked.
    pub tunnel: Option<Vec<u8>>,
    /// The request's head.
    pub head: Vec<u8>,
    exchange: Exchange,
    content: Content,
}

impl Client {
    /// What [`fetch`](Client::fetch) would send first. Nothing is connected to, and the jar
    /// keeps what it has.
    ///
    /// # Errors
    /// [`Error::Request`] where it cannot be sent, [`Error::NoLength`], [`Error::Proxy`].
    pub fn preview(&self, start: &Address, fetch: &Fetch) -> Result<Preview, Error> {
        let mut secrets = Secrets::given_for(start.origin.clone(), fetch.trust_everybody);
        let leg = Client::first_leg(start, fetch, &mut secrets);
        let request = self.request(fetch, &leg)?;
        let way = leg.way(fetch);
        let tunnel = way.tunnel.map(|tunnel| {
            let asked = Exchange::new(&tunnel.request, &tunnel.target, fetch.limits);
            asked.map(|mut asked| written(&mut asked))
        });
        let asked = Exchange::new(&request, &way.target, fetch.limits);
        let mut exchange = asked.map_err(Error::Request)?;
        let head = written(&mut exchange);
        let tunnel = tunnel.transpose().map_err(Error::Request)?;
        Ok(Preview { tunnel, head, exchange, content: request.content })
    }
}

fn written(exchange: &mut Exchange) -> Vec<u8> {
    let mut head = Vec::new();
    exchange.write(&mut head);
    head
}

impl Preview {
    /// Reads the content and hands it to `take`, framed as it would be sent.
    ///
    /// # Errors
    /// It cannot be read, or `take` does not want it.
    pub fn content(&mut self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        // Where a 100 would be waited for, it has come.
        if let Upload::Held(_) = self.exchange.upload() {
            self.exchange.read(CONTINUE, false).map_err(io::Error::other)?;
        }
        if self.exchange.upload() != Upload::Open {
            return Ok(());
        }
        let (mut piece, mut framed) = (vec![0; PIECE], Vec::new());
        let mut reader = self.content.open()?;
        loop {
            let read = reader.read(&mut piece)?;
            framed.clear();
            self.exchange.send(&piece[..read], read == 0, &mut framed);
            take(&framed)?;
            if read == 0 {
                return Ok(());
            }
        }
    }
}
