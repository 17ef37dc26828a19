//! Standard output and standard error, written by hand: a closed one is no reason to panic.

use crate::base::is_unseen;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Standard output without a buffer: what comes in pieces of 64 KiB needs none, and what a
/// slow server dribbles should be seen.
///
/// # Errors
/// It is closed.
pub(super) fn stdout() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Whether somebody looks at standard output.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// How many columns the terminal behind standard output has, if there is one.
pub(super) fn stdout_width() -> Option<usize> {
    let size = stdout_is_terminal().then(|| terminal_size::terminal_size_of(io::stdout()));
    size.map(|size| size.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0)))
}

/// Writes text to standard output.
///
/// # Errors
/// Nobody reads it any more, or the disk behind it is full.
pub(super) fn text(text: &str) -> io::Result<()> {
    bytes(text.as_bytes())
}

/// Writes bytes to standard output as they are.
///
/// # Errors
/// As [`text`].
pub(super) fn bytes(bytes: &[u8]) -> io::Result<()> {
    stdout()?.write_all(bytes)
}

/// The exit code of a command whose output nobody reads any more: it ended well.
pub(super) fn quietly(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::BrokenPipe { 0 } else { 23 }
}

/// As wide as a terminal is that does not say.
const USUAL_WIDTH: usize = 80;

/// Where standard error's text goes instead, once `--stderr` has said so.
static ERRORS: Mutex<Option<File>> = Mutex::new(None);

/// Whether a line stands there that the next text is written over.
static TRANSIENT: AtomicBool = AtomicBool::new(false);

/// From now on what would go to standard error goes to this file; `-` is standard output. Where
/// it cannot be made that is told, and nothing changes, as in curl.
#[expect(clippy::disallowed_methods, reason = "the file a person named with --stderr")]
pub(super) fn errors_to(file: &str) {
    let made = match file {
        "-" => stdout(),
        file => File::create(file),
    };
    match (made, ERRORS.lock()) {
        (Ok(made), Ok(mut errors)) => *errors = Some(made),
        (Err(_), _) => warning(&format!("Failed to open {file}")),
        _ => {}
    }
}

/// Writes text to standard error; where that is closed there is nobody to tell.
pub(super) fn error(text: &str) {
    error_bytes(text.as_bytes());
}

/// The same with bytes.
pub(super) fn error_bytes(bytes: &[u8]) {
    if TRANSIENT.swap(false, Ordering::Relaxed) {
        write_error(b"\r\x1b[K");
    }
    write_error(bytes);
}

fn write_error(bytes: &[u8]) {
    if let Ok(mut errors) = ERRORS.lock()
        && let Some(file) = &mut *errors
    {
        let _ = file.write_all(bytes);
        return;
    }
    let _ = io::stderr().write_all(bytes);
}

/// Whether somebody looks at what goes to standard error.
pub(super) fn stderr_is_terminal() -> bool {
    let elsewhere = ERRORS.lock().is_ok_and(|errors| errors.is_some());
    !elsewhere && io::stderr().is_terminal()
}

/// Writes a line on the terminal behind standard error, over the one that was written so before.
pub(super) fn transient(line: &str) {
    write_error(format!("\r{line}\x1b[K").as_bytes());
    TRANSIENT.store(true, Ordering::Relaxed);
}

/// The line that was written so stays.
pub(super) fn keep_line() {
    if TRANSIENT.swap(false, Ordering::Relaxed) {
        write_error(b"\n");
    }
}

/// How many columns the terminal behind standard error has.
pub(super) fn terminal_width() -> usize {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}

/// Whether warnings are wanted: `-s` wants none.
static SILENT: AtomicBool = AtomicBool::new(false);

/// From now on warnings are not wanted, or are again.
pub(super) fn silence(on: bool) {
    SILENT.store(on, Ordering::Relaxed);
}

/// As wide as a warning's line may be, where curl's are compared with ours.
const WARNING_WIDTH: usize = 79 - WARNING.len();

const WARNING: &str = "Warning: ";

/// Tells of something that was passed over, on as many lines as it takes.
pub(super) fn warning(text: &str) {
    if !SILENT.load(Ordering::Relaxed) {
        error(&wrapped(&escaped(text)));
    }
}

/// Tells, on one line, of something that was left out as it was asked for.
pub(super) fn remark(text: &str) {
    if !SILENT.load(Ordering::Relaxed) {
        error(&format!("Note: {}\n", escaped(text)));
    }
}

/// Lines that begin as warnings do, broken behind the last space that fits.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let Some((limit, _)) = rest.char_indices().nth(WARNING_WIDTH) else {
            out.push_str(&format!("{WARNING}{rest}\n"));
            return out;
        };
        let cut = rest[..limit].rfind([' ', '\t']).map_or(limit, |space| space + 1);
        let (line, behind) = rest.split_at(cut);
        out.push_str(&format!("{WARNING}{line}\n"));
        rest = behind;
    }
}

/// Text in which every control character is visible: what a server says must not move the
/// cursor of whoever reads it (CVE-2003-0063), nor turn the line around (CVE-2021-42574).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) || (c.is_control() && c != '\t') {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// The same for bytes: those that are no text stand as `\xNN`.
pub(super) fn escaped_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&escaped(chunk.valid()));
        out.push_str(&chunk.invalid().escape_ascii().to_string());
    }
    out
}

/// The same for a line that is laid out in columns, which a tab would tear apart.
pub(super) fn visible(bytes: &[u8]) -> String {
    escaped_bytes(bytes).replace('\t', "\\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_warning_is_broken_behind_a_space() {
        let text = "log/config:1: warning: 'data' uses unquoted whitespace in the option value";
        let lines = "Warning: log/config:1: warning: 'data' uses unquoted whitespace in the option \n\
                     Warning: value\n";
        assert_eq!(wrapped(text), lines);
        assert_eq!(wrapped("short"), "Warning: short\n");
        let unbroken = "x".repeat(WARNING_WIDTH + 1);
        assert_eq!(wrapped(&unbroken).lines().count(), 2);
    }

    #[test]
    fn what_a_server_says_does_not_move_the_cursor() {
        assert_eq!(
            escaped("a\u{1b}[2J\r\nb\u{9b}\tc\u{202e}"),
            "a\\u{1b}[2J\\r\\nb\\u{9b}\tc\\u{202e}"
        );
        for unseen in ['\u{200b}', '\u{feff}', '\u{2066}', '\u{61c}', '\u{e0041}', '\u{2028}'] {
            assert!(escaped(&unseen.to_string()).starts_with("\\u{"), "{unseen:?}");
        }
        assert_eq!(escaped("é 漢 🦀"), "é 漢 🦀");
        assert_eq!(escaped_bytes(b"a\xffb\x1b\xc3\xa9"), "a\\xffb\\u{1b}é");
    }
}
