//! What came: written to standard output as it is, or in hexadecimal.
//!
//! 1. A thread of its own writes: nothing else can wait for a pipe, a terminal and a file alike.
//!    One piece waits to be written, no more is received meanwhile; all the rest goes on.
//! 2. The work beside it ends, is interrupted, or is of no use any more because nothing can be
//!    written.
//! 3. What has come by then is written before the process ends.

use super::super::{print, signals};
use super::hexdump;
use crate::net::sockets::{Error, Heard, Output};
use std::fs::File;
use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long a run that has failed, or was interrupted, waits for its last piece to be read.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How what came is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// Offsets, hexadecimal bytes and characters.
    Hex,
    /// The same, each line with the number of the peer who said it.
    MarkedHex,
}

/// The thread that writes.
pub(super) struct Writer {
    ended: oneshot::Receiver<io::Result<()>>,
}

/// Starts to write what is sent to the channel.
///
/// # Errors
/// Standard output is closed.
pub(super) fn start(form: Form) -> Result<(Output, Writer), Error> {
    let mut file = print::stdout().map_err(Error::Output)?;
    let (output, mut pieces) = mpsc::channel::<Heard>(1);
    let (tell, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let mut done = Ok(());
        while let Some(heard) = pieces.blocking_recv() {
            done = write(&mut file, form, &heard);
            if done.is_err() {
                break;
            }
        }
        let _ = tell.send(done);
    });
    Ok((output, Writer { ended }))
}

fn write(file: &mut File, form: Form, heard: &Heard) -> io::Result<()> {
    let of = match form {
        Form::Plain => return file.write_all(&heard.bytes),
        Form::Hex => String::new(),
        Form::MarkedHex => format!("#{} ", heard.from),
    };
    file.write_all(hexdump::lines(&of, heard.offset, &heard.bytes).as_bytes())
}

impl Writer {
    /// Does `work`, with which the other end of the channel goes; then what came is written. The
    /// exit code is 0, or a signal's.
    ///
    /// # Errors
    /// The work's own, or what came cannot be written.
    pub(super) async fn beside(
        mut self,
        work: impl Future<Output = Result<(), Error>>,
    ) -> Result<u8, Error> {
        let mut interrupted = pin!(signals::interrupted());
        let done = tokio::select! {
            done = work => done.map(|()| 0),
            code = &mut interrupted => Ok(code),
            ended = &mut self.ended => return Err(Error::Output(why(ended))),
        };
        let is_late = matches!(done, Ok(1..) | Err(Error::Silence(_)));
        let written = tokio::select! {
            ended = &mut self.ended => ended.unwrap_or(Ok(())),
            () = tokio::time::sleep(LAST_WORDS), if is_late => return done,
            code = &mut interrupted, if !matches!(done, Ok(1..)) => return Ok(code),
        };
        match (done, written) {
            // The work noticed only that it could not go on.
            (Ok(_) | Err(Error::Output(_)), Err(error)) => Err(Error::Output(error)),
            (done, _) => done,
        }
    }
}

/// Why nothing is written any more.
fn why(ended: Result<io::Result<()>, oneshot::error::RecvError>) -> io::Error {
    match ended {
        Ok(Err(error)) => error,
        _ => io::ErrorKind::BrokenPipe.into(),
    }
}
