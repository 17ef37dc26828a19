//! The chunked transfer coding, decoded (RFC 9112 section 7.1).
//!
//! ```text
//!  Size ──digits──▶ Extension ──▶ SizeLf ──▶ Data ──▶ DataEnd ──▶ Size …
//!                                   └─size 0─▶ Trailers (the exchange reads them as a head)
//! ```
//!
//! A size is 1 to 16 hexadecimal digits with checked arithmetic: no sign, no
//! `0x`. Extensions are skipped without being stored, and count against the
//! exchange's budget; a size and its line end do not, or a long body in small
//! chunks would run out of it.

use super::Error;

/// Digits of the largest 64-bit size.
const MAX_DIGITS: u8 = 16;

/// The decoder between two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunked {
    /// In a size's digits.
    Size { digits: u8, size: u64 },
    /// Behind the digits: white space, then perhaps an extension, up to the line's end.
    Extension { size: u64, named: bool },
    /// Behind the CR of a size line.
    SizeLf { size: u64 },
    /// In the data; this many bytes are left, at least one.
    Data { left: u64 },
    /// Behind the data: CRLF must follow.
    DataEnd { cr: bool },
    /// Behind the last chunk.
    Trailers,
}

/// What one step of the decoder was.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'i> {
    /// Everything offered was taken; more is needed.
    More,
    /// Content.
    Data(&'i [u8]),
    /// A line ended with a bare LF, which is tolerated.
    BareLf,
    /// The last chunk is behind us.
    Trailers,
}

impl Chunked {
    pub(super) const START: Chunked = Chunked::Size { digits: 0, size: 0 };

    /// Takes from `input`; returns how many bytes were taken, how many of them belonged to
    /// extensions, and what they were.
    pub(super) fn step<'i>(&mut self, input: &'i [u8]) -> Result<(usize, usize, Piece<'i>), Error> {
        let (mut at, mut extension) = (0, 0);
        while let Some(&byte) = input.get(at) {
            match *self {
                Chunked::Data { left } => {
                    let rest = &input[at..];
                    let take =
                        usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    *self = match left - take as u64 {
                        0 => Chunked::DataEnd { cr: false },
                        left => Chunked::Data { left },
                    };
                    return Ok((at + take, extension, Piece::Data(&rest[..take])));
                }
                Chunked::Trailers => return Ok((at, extension, Piece::Trailers)),
                _ => {}
            }
            at += 1;
            let bare_lf = self.line_byte(byte)?;
            extension += usize::from(matches!(self, Chunked::Extension { .. }));
            if bare_lf {
                return Ok((at, extension, Piece::BareLf));
            }
        }
        let piece = if *self == Chunked::Trailers { Piece::Trailers } else { Piece::More };
        Ok((at, extension, piece))
    }

    /// One byte of a size line or of the line end behind the data; true if it was a bare LF.
    fn line_byte(&mut self, byte: u8) -> Result<bool, Error> {
        let (next, bare) = match (*self, byte) {
            (Chunked::Size { digits, size }, _) if byte.is_ascii_hexdigit() => {
                let digits = digits + 1;
                if digits > MAX_DIGITS {
                    return Err(Error::Chunk);
                }
                let digit = char::from(byte).to_digit(16).ok_or(Error::Chunk)?;
                let size = size.checked_mul(16).ok_or(Error::Chunk)? + u64::from(digit);
                (Chunked::Size { digits, size }, false)
            }
            (Chunked::Size { digits: 0, .. }, _) => return Err(Error::Chunk),
            (Chunked::Size { size, .. } | Chunked::Extension { size, .. }, b'\r') => {
                (Chunked::SizeLf { size }, false)
            }
            (Chunked::Size { size, .. } | Chunked::Extension { size, .. }, b'\n') => {
                (Chunked::after_size(size), true)
            }
            (Chunked::SizeLf { size }, b'\n') => (Chunked::after_size(size), false),
            (
                Chunked::Size { size, .. } | Chunked::Extension { size, named: false },
                b' ' | b'\t',
            ) => (Chunked::Extension { size, named: false }, false),
            (Chunked::Size { size, .. } | Chunked::Extension { size, .. }, b';') => {
                (Chunked::Extension { size, named: true }, false)
            }
            (Chunked::Extension { size, named: true }, byte) if byte != 0 => {
                (Chunked::Extension { size, named: true }, false)
            }
            (Chunked::DataEnd { cr: false }, b'\r') => (Chunked::DataEnd { cr: true }, false),
            (Chunked::DataEnd { cr }, b'\n') => (Chunked::START, !cr),
            _ => return Err(Error::Chunk),
        };
        *self = next;
        Ok(bare)
    }

    fn after_size(size: u64) -> Chunked {
        if size == 0 { Chunked::Trailers } else { Chunked::Data { left: size } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes byte by byte: the data, and whether the last chunk was reached.
    fn decode(input: &[u8]) -> Result<(Vec<u8>, bool), Error> {
        let (mut machine, mut data) = (Chunked::START, Vec::new());
        for byte in input {
            let mut byte = std::slice::from_ref(byte);
            while !byte.is_empty() && machine != Chunked::Trailers {
                let (took, _, piece) = machine.step(byte)?;
                if let Piece::Data(piece) = piece {
                    data.extend_from_slice(piece);
                }
                byte = &byte[took..];
            }
        }
        Ok((data, machine == Chunked::Trailers))
    }

    #[test]
    fn extensions_and_white_space_are_skipped() {
        let got = decode(b"3;a=b;c=\"d\"\r\nabc\r\n2 \t; x\r\nde\r\n0;end\r\n");
        assert_eq!(got, Ok((b"abcde".to_vec(), true)));
    }

    #[test]
    fn sizes_are_plain_hexadecimal_digits() {
        for bad in ["+3\r\n", "-3\r\n", "0x3\r\n", "\r\n", " 3\r\n", "3 x\r\n", "g\r\n", "3\rx"] {
            assert_eq!(decode(bad.as_bytes()), Err(Error::Chunk), "{bad:?}");
        }
        assert_eq!(decode(b"00000000000000001"), Err(Error::Chunk));
        assert_eq!(decode(b"ffffffffffffffff\r\nx"), Ok((b"x".to_vec(), false)));
    }

    #[test]
    fn the_line_end_behind_the_data_is_checked() {
        assert_eq!(decode(b"3\r\nabcd"), Err(Error::Chunk));
        assert_eq!(decode(b"3\r\nabc\rx"), Err(Error::Chunk));
        assert_eq!(decode(b"3\nabc\n0\n"), Ok((b"abc".to_vec(), true)));
    }
}
