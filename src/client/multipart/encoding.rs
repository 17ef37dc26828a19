//! The content transfer encodings of a part (RFC 2045 section 6), piece by piece.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// How a part is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is, and said so.
    Binary,
    /// Likewise.
    EightBit,
    /// As it is; bytes from 128 up are refused.
    SevenBit,
    /// In lines of 76 characters.
    Base64,
    /// Text stays readable.
    QuotedPrintable,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Encoding; 5] = [
        Encoding::Binary,
        Encoding::EightBit,
        Encoding::SevenBit,
        Encoding::Base64,
        Encoding::QuotedPrintable,
    ];

    /// Its name in `Content-Transfer-Encoding`.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Binary => "binary",
            Encoding::EightBit => "8bit",
            Encoding::SevenBit => "7bit",
            Encoding::Base64 => "base64",
            Encoding::QuotedPrintable => "quoted-printable",
        }
    }

    /// The length of what `length` bytes become, where it does not depend on them.
    pub fn length(self, length: u64) -> Option<u64> {
        match self {
            Encoding::Binary | Encoding::EightBit | Encoding::SevenBit => Some(length),
            Encoding::Base64 => {
                let letters = length.div_ceil(3).checked_mul(4)?;
                letters.checked_add(letters.saturating_sub(1) / LINE as u64 * 2)
            }
            Encoding::QuotedPrintable => (length == 0).then_some(0),
        }
    }
}

/// The longest line (RFC 2045 section 6.7).
const LINE: usize = 76;

/// So many bytes make a line of base64.
const BYTES_A_LINE: usize = LINE / 4 * 3;

/// A byte from 128 up where seven bits were promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSevenBit;

impl fmt::Display for NotSevenBit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("encoder=7bit, and a byte is not ASCII")
    }
}

impl std::error::Error for NotSevenBit {}

/// Encodes what comes in pieces.
#[derive(Clone, Debug)]
pub struct Encoder {
    encoding: Option<Encoding>,
    /// What waits for the bytes behind it.
    held: Vec<u8>,
    /// Characters in the current line.
    column: usize,
}

impl Encoder {
    /// Before the first piece.
    pub fn new(encoding: Option<Encoding>) -> Encoder {
        Encoder { encoding, held: Vec::new(), column: 0 }
    }

    /// Appends what a piece becomes to `out`; `end` says that it was the last.
    ///
    /// # Errors
    /// [`NotSevenBit`].
    pub fn push(&mut self, piece: &[u8], end: bool, out: &mut Vec<u8>) -> Result<(), NotSevenBit> {
        match self.encoding {
            Some(Encoding::SevenBit) if !piece.is_ascii() => return Err(NotSevenBit),
            None | Some(Encoding::Binary | Encoding::EightBit | Encoding::SevenBit) => {
                out.extend_from_slice(piece);
            }
            Some(Encoding::Base64) => {
                self.held.extend_from_slice(piece);
                self.base64(end, out);
            }
            Some(Encoding::QuotedPrintable) => {
                self.held.extend_from_slice(piece);
                self.quoted_printable(end, out);
            }
        }
        Ok(())
    }

    /// Whole lines; a line break only once there is another line.
    fn base64(&mut self, end: bool, out: &mut Vec<u8>) {
        let whole = self.held.len() / BYTES_A_LINE * BYTES_A_LINE;
        let ready = if end { self.held.len() } else { whole };
        for line in self.held[..ready].chunks(BYTES_A_LINE) {
            if self.column > 0 {
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(STANDARD.encode(line).as_bytes());
            self.column = LINE;
        }
        self.held.drain(..ready);
    }

    /// Line breaks stay, every other byte that is no plain text is `=XX`; a line that would be
    /// too long is broken by a `=` at its end.
    fn quoted_printable(&mut self, end: bool, out: &mut Vec<u8>) {
        /// What must be known behind a byte: whether a line break follows.
        const AHEAD: usize = 2;
        let held = &self.held;
        let line_ends_at = |at: usize| (end && at >= held.len()) || held[at..].starts_with(b"\r\n");
        let mut at = 0;
        while at < held.len() && (end || at + AHEAD < held.len()) {
            let byte = held[at];
            if held[at..].starts_with(b"\r\n") {
                out.extend_from_slice(b"\r\n");
                self.column = 0;
                at += 2;
                continue;
            }
            let plain = match byte {
                b' ' | b'\t' => !line_ends_at(at + 1),
                b'=' => false,
                byte => byte.is_ascii_graphic(),
            };
            let room = LINE - usize::from(!line_ends_at(at + 1));
            let width = if plain { 1 } else { 3 };
            if self.column + width > room {
                out.extend_from_slice(b"=\r\n");
                self.column = 0;
            }
            if plain {
                out.push(byte);
            } else {
                out.extend_from_slice(format!("={byte:02X}").as_bytes());
            }
            self.column += width;
            at += 1;
        }
        self.held.drain(..at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoding: Encoding, pieces: &[&[u8]]) -> String {
        let (mut encoder, mut out) = (Encoder::new(Some(encoding)), Vec::new());
        for piece in pieces {
            encoder.push(piece, false, &mut out).unwrap();
        }
        encoder.push(b"", true, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn base64_has_lines_of_76_and_no_break_at_the_end() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in [0, 1, 2, 3, 56, 57, 58, 114, 115, 256] {
            let whole = encoded(Encoding::Base64, &[&bytes[..length]]);
            assert_eq!(Encoding::Base64.length(length as u64), Some(whole.len() as u64));
            let (one, other) = bytes[..length].split_at(length / 3);
            assert_eq!(encoded(Encoding::Base64, &[one, other]), whole);
            assert!(whole.lines().all(|line| line.len() <= LINE) && !whole.ends_with('\n'));
            let joined: String = whole.lines().collect();
            assert_eq!(STANDARD.decode(joined).unwrap(), &bytes[..length]);
        }
    }

    #[test]
    fn quoted_printable_leaves_text_readable() {
        let qp = |text: &str| encoded(Encoding::QuotedPrintable, &[text.as_bytes()]);
        assert_eq!(qp("a=b \r\nä\tc\n "), "a=3Db=20\r\n=C3=A4\tc=0A=20");
        assert_eq!(qp(&"x".repeat(76)), "x".repeat(76));
        assert_eq!(qp(&"x".repeat(77)), format!("{}=\r\nxx", "x".repeat(75)));
        let broken = format!("{}\r\n{}", "x".repeat(76), "=".repeat(26));
        let expected = format!("{}\r\n{}=\r\n=3D", "x".repeat(76), "=3D".repeat(25));
        assert_eq!(qp(&broken), expected);
    }

    #[test]
    fn quoted_printable_does_not_see_how_it_was_cut() {
        let text = format!(" \r\n\t \r\r\n{} \r\nende = {} ", "lang ".repeat(40), "ä".repeat(40));
        let whole = encoded(Encoding::QuotedPrintable, &[text.as_bytes()]);
        for size in 1..8 {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            assert_eq!(encoded(Encoding::QuotedPrintable, &pieces), whole, "{size}");
        }
    }

    #[test]
    fn seven_bits_are_not_eight() {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(Some(Encoding::SevenBit));
        assert_eq!(encoder.push(b"plain", false, &mut out), Ok(()));
        assert_eq!(encoder.push(b"\x80", true, &mut out), Err(NotSevenBit));
    }
}
