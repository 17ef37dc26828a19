//! What the tests stand on. Each file is one fixture; none of them asserts
//! anything about the product that a test did not ask for.

pub mod client;
pub mod configured;
pub mod cookie_case;
pub mod dialogue;
pub mod door;
pub mod leash;
pub mod listener;
pub mod nginx;
pub mod peer;
pub mod programs;
pub mod proxies;
pub mod site;
pub mod snapshot;
pub mod text;
pub mod tls;

use libtest_mimic::Trial;
use std::path::PathBuf;
use std::time::Duration;

/// Nothing here takes longer than this, unless something is broken.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The fixtures' own tests: they must be able to fail.
pub fn tests() -> Vec<Trial> {
    [cookie_case::tests(), dialogue::tests(), peer::tests(), text::tests()]
        .into_iter()
        .flatten()
        .collect()
}

/// A path below the package's root.
pub fn in_package(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The bytes as a person reads them.
pub fn shown(bytes: &[u8]) -> String {
    const ENOUGH: usize = 2000;
    let cut = &bytes[..bytes.len().min(ENOUGH)];
    let more = bytes.len() - cut.len();
    let tail = if more > 0 { format!("… and {more} bytes more") } else { String::new() };
    format!("{}{tail}", cut.escape_ascii())
}
