//! The keys of a connection, for who looks at it from outside (`SSLKEYLOGFILE`).

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

/// Writes NSS's key log format, a line a secret, for its owner only.
#[derive(Debug)]
pub(super) struct KeyLogTo(Mutex<File>);

impl KeyLogTo {
    /// Adds to this file; none where it cannot be opened, as in curl: it is for debugging.
    pub(super) fn open(path: &Path) -> Option<KeyLogTo> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(path).ok()?;
        Some(KeyLogTo(Mutex::new(file)))
    }
}

impl rustls::KeyLog for KeyLogTo {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        if let Ok(mut file) = self.0.lock() {
            let _ = file.write_all(line.as_bytes());
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
