//! What came, on its way to whoever writes it down.

use super::Error;
use std::io;
use tokio::sync::mpsc;

/// Where what comes goes, a piece at a time. Its end is the end of the channel; who takes from it
/// no longer cannot write, and knows why.
pub type Output = mpsc::Sender<Heard>;

/// A piece, or a message, that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Who said it: the number of a server's peer, 0 where there is only one.
    pub from: u64,
    /// How many bytes the same one had said before.
    pub offset: u64,
    /// What it said.
    pub bytes: Vec<u8>,
}

/// Nobody takes what came any longer.
pub(super) fn closed<T>(_: mpsc::error::SendError<T>) -> Error {
    Error::Output(io::ErrorKind::BrokenPipe.into())
}
