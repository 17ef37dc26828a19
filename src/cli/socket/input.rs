//! What is sent: texts that were given, or standard input as it comes.

use super::line_ends::LineEnds;
use crate::net::sockets::Input;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use tokio::sync::mpsc;

/// Bytes of standard input that are read, and sent, at a time.
const PIECE: usize = 64 * 1024;

/// Where messages have borders, what is read at a time becomes one: as much as netcat takes,
/// and less than any message may be.
const MESSAGE: usize = 16 * 1024;

/// Texts, one after the other, each a piece of its own.
pub(super) fn texts(texts: Vec<Vec<u8>>, crlf: bool) -> Input {
    // What does not fit into the channel would be lost: it holds them all.
    let (sender, input) = mpsc::channel(texts.len().max(1));
    let mut ends = LineEnds::default();
    for text in texts {
        let text = if crlf { ends.crlf(&text) } else { text };
        let _ = sender.try_send(Ok(text));
    }
    input
}

/// Standard input, read on a thread of its own: nothing else can wait for a pipe, a terminal
/// and a file alike. One piece waits to be taken, no more is read meanwhile.
pub(super) fn stdin(has_messages: bool, crlf: bool) -> Input {
    let (sender, input) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut buffer = vec![0; if has_messages { MESSAGE } else { PIECE }];
        let mut ends = LineEnds::default();
        let opened = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        let mut piece = |file: &mut File| loop {
            match file.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Some(Err(error)),
                Ok(0) => return None,
                Ok(bytes) => {
                    let bytes = buffer.get(..bytes).unwrap_or_default();
                    return Some(Ok(if crlf { ends.crlf(bytes) } else { bytes.to_vec() }));
                }
            }
        };
        match opened {
            Err(error) => drop(sender.blocking_send(Err(error))),
            Ok(mut file) => {
                while let Some(piece) = piece(&mut file) {
                    let failed = piece.is_err();
                    if sender.blocking_send(piece).is_err() || failed {
                        return;
                    }
                }
            }
        }
    });
    input
}
