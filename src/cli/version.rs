//! What this is and what it can do.

/// The version alone.
pub(super) const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// `--version`, as curl says it: scripts read the `Features:` line.
pub(super) const LONG: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\n",
    "Protocols: http https\n",
    "Features: brotli cookies IDN IPv6 Largefile libz PSL SSL zstd",
);

/// `fetch --version`.
pub(super) fn text() -> String {
    format!("cruller {LONG}\n")
}
