//! What adds up over the exchanges of a transfer.

use crate::base::{Tick, Version};
use crate::client::Timings;
use crate::net::Established;
use std::time::Duration;

/// What is known of the heads that came, be they a server's or a proxy's.
#[derive(Debug, Default)]
pub(super) struct Heads {
    pub(super) bytes: u64,
    /// Fields in the last one.
    pub(super) fields: usize,
    /// The last status that the server gave, if only an interim one.
    pub(super) status: u16,
    pub(super) version: Option<Version>,
    /// Bytes that a proxy was asked for a tunnel with.
    pub(super) asked: u64,
}

impl Heads {
    /// Counts the bytes of heads, and the fields of the last one.
    pub(super) fn count(&mut self, raw: &[u8]) {
        self.bytes += raw.len() as u64;
        let mut begins = true;
        for line in raw.split_inclusive(|&b| b == b'\n') {
            match line {
                b"\r\n" | b"\n" => begins = true,
                _ if std::mem::take(&mut begins) => self.fields = 0,
                // The rest of a folded line.
                [b' ' | b'\t', ..] => {}
                _ => self.fields += usize::from(line.contains(&b':')),
            }
        }
    }
}

/// What adds up over the hops.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) hops: u64,
    pub(super) connects: u64,
    pub(super) sent_bytes: u64,
    pub(super) began: Option<Tick>,
    pub(super) ended: Tick,
    pub(super) lookup: Duration,
    pub(super) connect: Duration,
    pub(super) secure: Duration,
    pub(super) ready: Duration,
    pub(super) sent: Duration,
    pub(super) first_byte: Duration,
    pub(super) redirects: Duration,
}

impl Sums {
    /// Adds an exchange; and the connection it `made`, if it made one.
    pub(super) fn take(&mut self, timings: &Timings, made: Option<&Established>) {
        let began = *self.began.get_or_insert(timings.began);
        self.hops += 1;
        if let Some(made) = made {
            self.connects += 1;
            self.lookup += made.resolved - timings.began;
            self.connect += made.connected - timings.began;
            if made.tls.is_some() {
                self.secure += made.secured - timings.began;
            }
            self.ready += made.secured - timings.began;
        }
        self.sent += timings.sent - timings.began;
        self.first_byte += timings.first_byte - timings.began;
        self.redirects = timings.began - began;
        self.ended = timings.ended;
    }
}
