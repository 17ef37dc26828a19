//! `-v`, `--trace`, `--trace-ascii`: what goes over the wire and what is decided, while it
//! happens, in curl's layouts. The last of the three flags counts, for the whole run.

use super::output::Writer;
use super::plan::Output;
use super::print;
use crate::base::system_words;
use crate::net::clock;
use std::cell::{Cell, RefCell};
use std::path::Path;

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// The lines of heads, and notes (`-v`).
    Lines,
    /// Everything, as hexadecimal numbers and as text (`--trace`).
    Hex,
    /// Everything, as text (`--trace-ascii`).
    Ascii,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracing {
    /// How, and where to: a file, `-` for standard output, `%` for standard error.
    to: Option<(How, String)>,
    /// The time of day in front of each line (`--trace-time`).
    pub(super) time: bool,
    /// The number of the transfer and of its connection (`--trace-ids`).
    pub(super) ids: bool,
}

impl Tracing {
    /// `-v`, or `--no-verbose`.
    pub(super) fn verbose(&mut self, on: bool) {
        self.to = on.then(|| (How::Lines, "%".to_owned()));
    }

    /// `--trace FILE`, `--trace-ascii FILE`.
    pub(super) fn dump(&mut self, how: How, file: String) {
        self.to = Some((how, file));
    }

    /// `--trace-config LIST`: of curl's components there are here the time and the numbers.
    pub(super) fn config(&mut self, list: &str) {
        for word in list.split(',').map(str::trim) {
            let (word, on) = match word.strip_prefix('-') {
                Some(word) => (word, false),
                None => (word.strip_prefix('+').unwrap_or(word), true),
            };
            let all = word.eq_ignore_ascii_case("all");
            if all || word.eq_ignore_ascii_case("time") {
                self.time = on;
            }
            if all || word.eq_ignore_ascii_case("ids") {
                self.ids = on;
            }
        }
    }

    /// Takes what another operation of the same run asks for.
    pub(super) fn and(&mut self, other: &Tracing) {
        if other.to.is_some() {
            self.to.clone_from(&other.to);
        }
        self.time |= other.time;
        self.ids |= other.ids;
    }
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
}

/// Whose they are: the transfer's number and its connection's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ids {
    pub(super) transfer: usize,
    pub(super) connection: Option<u64>,
}

/// Where it is told.
#[derive(Debug, Default)]
pub(super) struct Trace {
    how: Option<How>,
    time: bool,
    ids: bool,
    /// `None` is standard error.
    to: Option<RefCell<Writer>>,
    broken: Cell<bool>,
}

impl Trace {
    /// Opens the file, if it is one. Where it cannot be made that is told, and nothing else is.
    pub(super) fn open(tracing: &Tracing) -> Trace {
        let Tracing { to, time, ids } = tracing.clone();
        let (mut how, file) = to.map_or((None, String::new()), |(how, file)| (Some(how), file));
        let to = match file.as_str() {
            "" | "%" => None,
            "-" => Some(Writer::new(Output::Stdout { asked: true })),
            file => Some(Writer::over(Path::new(file))),
        };
        let to = to.and_then(|mut writer| match writer.open() {
            Ok(_) => Some(RefCell::new(writer)),
            Err(error) => {
                print::warning(&format!("no trace: {}", system_words(&error)));
                how = None;
                None
            }
        });
        Trace { how, time, ids, to, broken: Cell::new(false) }
    }

    /// Whether anything is told at all.
    pub(super) fn is_on(&self) -> bool {
        self.how.is_some()
    }

    /// Something that was decided, or noticed.
    pub(super) fn note(&self, ids: Ids, text: &str) {
        let text = print::escaped(text);
        match self.how {
            None => {}
            Some(How::Lines) => self.say(ids, &format!("* {text}\n")),
            Some(How::Hex | How::Ascii) => self.say(ids, &format!("== Info: {text}\n")),
        }
    }

    /// A head: one that is sent as a whole, one that comes line by line.
    pub(super) fn head(&self, ids: Ids, way: Way, raw: &[u8]) {
        match (self.how, way) {
            _ if raw.is_empty() => {}
            (None, _) => {}
            (Some(How::Lines), way) => {
                let mark = if way == Way::Out { '>' } else { '<' };
                for line in raw.split(|&b| b == b'\n') {
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    let text = print::escaped(&String::from_utf8_lossy(line));
                    self.say(ids, &format!("{mark} {text}\n"));
                    if line.is_empty() {
                        break;
                    }
                }
            }
            (Some(how), Way::Out) => self.say(ids, &dump("=> Send header", raw, how)),
            (Some(how), Way::In) => {
                for line in raw.split_inclusive(|&b| b == b'\n') {
                    self.say(ids, &dump("<= Recv header", line, how));
                }
            }
        }
    }

    /// Content.
    pub(super) fn data(&self, ids: Ids, way: Way, bytes: &[u8]) {
        let label = if way == Way::Out { "=> Send data" } else { "<= Recv data" };
        if let Some(how @ (How::Hex | How::Ascii)) = self.how {
            self.say(ids, &dump(label, bytes, how));
        }
    }

    fn say(&self, ids: Ids, text: &str) {
        let mut line = String::new();
        if self.time {
            line.push_str(&time_of_day(clock::wall().0));
        }
        if self.ids {
            line.push_str(&numbers(ids));
        }
        line.push_str(text);
        let Some(to) = &self.to else { return print::error(&line) };
        if self.broken.get() {
            return;
        }
        if let Err(error) = to.borrow_mut().write(line.as_bytes()) {
            self.broken.set(true);
            print::warning(&format!("the trace is not whole: {}", system_words(&error)));
        }
    }
}

/// `[0-1] `: the transfer and its connection, if it has one yet.
fn numbers(ids: Ids) -> String {
    match ids.connection {
        Some(connection) => format!("[{}-{connection}] ", ids.transfer),
        None => format!("[{}-x] ", ids.transfer),
    }
}

/// The time of day in UTC, with the digits that curl gives it.
fn time_of_day(millis: i64) -> String {
    let of_day = millis.rem_euclid(24 * 60 * 60 * 1000);
    let (seconds, millis) = (of_day / 1000, of_day % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{:06} ", seconds % 60, millis * 1000)
}

/// Bytes as curl shows them: sixteen a row with their numbers, or as text of sixty-four, where
/// a line break ends a row.
fn dump(label: &str, bytes: &[u8], how: How) -> String {
    let width = if how == How::Hex { 16 } else { 64 };
    let mut out = format!("{label}, {} bytes (0x{:x})\n", bytes.len(), bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let mut row = &rest[..rest.len().min(width)];
        let mut step = width;
        out.push_str(&format!("{at:04x}: "));
        if how == How::Hex {
            for place in 0..width {
                match row.get(place) {
                    Some(byte) => out.push_str(&format!("{byte:02x} ")),
                    None => out.push_str("   "),
                }
            }
        } else if let Some(line_end) = rest.windows(2).take(width + 1).position(|w| w == b"\r\n") {
            row = &rest[..line_end];
            step = line_end + 2;
        }
        out.extend(row.iter().map(|&byte| match byte {
            b' '..=b'~' => char::from(byte),
            _ => '.',
        }));
        out.push('\n');
        at += step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stand_in_rows_of_sixteen_with_their_numbers() {
        let expected = "=> Send data, 18 bytes (0x12)\n\
            0000: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 0d 0123456789abcde.\n\
            0010: 0a ff                                           ..\n";
        assert_eq!(dump("=> Send data", b"0123456789abcde\r\n\xff", How::Hex), expected);
        assert_eq!(dump("<= Recv data", b"", How::Hex), "<= Recv data, 0 bytes (0x0)\n");
    }

    #[test]
    fn text_stands_in_rows_that_end_with_its_lines() {
        let text = b"GET / HTTP/1.1\r\nA: \x01\r\n\r\n";
        let expected = "=> Send header, 24 bytes (0x18)\n\
            0000: GET / HTTP/1.1\n0010: A: .\n0016: \n";
        assert_eq!(dump("=> Send header", text, How::Ascii), expected);
        // A line that fills its row makes no empty one.
        let full = [&[b'x'; 64][..], b"\r\ny"].concat();
        let expected = format!("D, 67 bytes (0x43)\n0000: {}\n0042: y\n", "x".repeat(64));
        assert_eq!(dump("D", &full, How::Ascii), expected);
    }

    #[test]
    fn times_and_numbers_stand_in_front() {
        assert_eq!(time_of_day(((13 * 60 + 4) * 60 + 5) * 1000 + 67), "13:04:05.067000 ");
        assert_eq!(numbers(Ids { transfer: 2, connection: Some(3) }), "[2-3] ");
        assert_eq!(numbers(Ids::default()), "[0-x] ");
    }

    #[test]
    fn the_last_flag_counts() {
        let mut tracing = Tracing::default();
        tracing.dump(How::Hex, "file".to_owned());
        tracing.verbose(true);
        assert_eq!(tracing.to, Some((How::Lines, "%".to_owned())));
        tracing.dump(How::Ascii, "-".to_owned());
        assert_eq!(tracing.to, Some((How::Ascii, "-".to_owned())));
        tracing.verbose(false);
        assert_eq!(tracing.to, None);
        tracing.config("ids,http/2,-time");
        assert!(tracing.ids && !tracing.time);
    }
}
