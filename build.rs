//! 1. Links the unwinder in where that can be done: without a `libgcc_s.so` to find, map, relocate
//!    and initialize, a cold fetch takes a twentieth less (`benches/compare.py`).
//! 2. Deflates the texts of the registry: a third of their size is compiled in.

use flate2::{Compression, write::DeflateEncoder};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

/// The static half of GCC's runtime, which distributions ship beside their compiler.
const UNWINDER: &str = "libgcc_eh.a";

/// What `src/registry/` reads.
const TEXTS: [&str; 3] = ["fields.txt", "methods.txt", "status.txt"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let native = told("HOST") == told("TARGET");
    let gnu = told("CARGO_CFG_TARGET_ENV") == "gnu";
    if native && gnu && told("PROFILE") == "release" && compiler_has_the_unwinder() {
        // Before the standard library asks for the shared one, and so instead of it.
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
    TEXTS.into_iter().try_for_each(deflate)
}

/// A text without its comments and empty lines, for `registry/entry.rs` to inflate.
#[expect(clippy::disallowed_methods, reason = "a build script works on files")]
fn deflate(name: &str) -> io::Result<()> {
    let path = format!("src/registry/{name}");
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path)?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        writeln!(packed, "{line}")?;
    }
    fs::write(Path::new(&told("OUT_DIR")).join(name), packed.finish()?)
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts in no other way")]
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// A compiler that lacks the file answers with the bare name it was asked for.
fn compiler_has_the_unwinder() -> bool {
    let asked = Command::new("cc").arg(format!("-print-file-name={UNWINDER}")).output();
    asked.is_ok_and(|answer| {
        let path = String::from_utf8_lossy(&answer.stdout);
        Path::new(path.trim()).is_absolute()
    })
}
