//! deflate: the zlib format (RFC 1950), or DEFLATE alone (RFC 1951).
//!
//! RFC 9110 section 8.4.1.2 means the first and notes that some senders omit the wrapping.
//!
//! ```text
//!  (start) ── low nibble 8 ─▶ (held) ── a zlib header ─▶ [zlib] ─▶ (end)
//!     │                          └──── none ──┐
//!     └──────── anything else ────────────────┴────────▶ [raw]  ─▶ (end, up to 4 bytes more)
//! ```
//!
//! Two bytes decide, so nothing is decoded twice and nothing depends on how the
//! bytes were split. A raw stream looks like a zlib header only if it begins
//! with a stored block whose padding bits are not zero; no encoder writes that.

use super::inflate::Inflate;
use super::{Coding, Error, Machine, Moved};

/// What may follow a raw stream, as in curl: the checksum of a wrapping whose header was lost.
const RAW_SLACK: usize = 4;

/// The deflate coding being undone.
pub(super) struct Deflate {
    state: State,
}

enum State {
    Start,
    /// The first byte, which a zlib header may begin with.
    Held(u8),
    Body {
        stream: Inflate,
        /// How many more bytes are tolerated behind the end.
        slack: usize,
    },
}

impl Deflate {
    pub(super) fn new() -> Deflate {
        Deflate { state: State::Start }
    }
}

impl Machine for Deflate {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error> {
        let Some(&next) = input.first() else {
            return match &mut self.state {
                State::Body { stream, .. } if !stream.ended() => stream.step(input, out),
                _ => Ok(Moved::NOTHING),
            };
        };
        match &mut self.state {
            State::Start if next & 0x0f == 8 => {
                self.state = State::Held(next);
                Ok(Moved { consumed: 1, produced: 0 })
            }
            State::Start => self.begin(Inflate::raw(), RAW_SLACK, input, out),
            State::Held(first) => {
                let first = *first;
                let (mut stream, slack) = match is_zlib_header(first, next) {
                    true => (Inflate::zlib(), 0),
                    false => (Inflate::raw(), RAW_SLACK),
                };
                // Half a header, or that of a stored block: nothing can come out yet.
                stream.step(&[first], out)?;
                self.begin(stream, slack, input, out)
            }
            State::Body { stream, .. } if !stream.ended() => stream.step(input, out),
            State::Body { slack, .. } => {
                *slack = slack.checked_sub(input.len()).ok_or(Error::Trailing(Coding::Deflate))?;
                Ok(Moved { consumed: input.len(), produced: 0 })
            }
        }
    }

    fn at_end(&self) -> bool {
        matches!(&self.state, State::Body { stream, .. } if stream.ended())
    }
}

impl Deflate {
    fn begin(
        &mut self,
        mut stream: Inflate,
        slack: usize,
        input: &[u8],
        out: &mut [u8],
    ) -> Result<Moved, Error> {
        let moved = stream.step(input, out);
        self.state = State::Body { stream, slack };
        moved
    }
}

/// CM is 8, CINFO at most 7, and FCHECK fits (RFC 1950 section 2.2).
fn is_zlib_header(cmf: u8, flg: u8) -> bool {
    cmf & 0x0f == 8 && cmf >> 4 <= 7 && u16::from_be_bytes([cmf, flg]).is_multiple_of(31)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bomb, decode, raw, splits, text, zlib};
    use super::*;

    const DEFLATE: &[Coding] = &[Coding::Deflate];

    #[test]
    fn wrapped_and_raw_are_told_apart_at_every_level() {
        for level in 0..=9 {
            for content in [text().as_bytes(), b"", b"x"] {
                for bytes in [zlib_at(level, content), raw_at(level, content)] {
                    for (input, output) in splits(bytes.len()) {
                        let (got, end) = decode(DEFLATE, &bytes, input, output);
                        assert_eq!((&got[..], end), (content, Ok(())), "level {level}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_raw_stream_may_begin_with_the_first_byte_of_a_zlib_header() {
        // A stored block with odd padding bits; 78 02 is no zlib header.
        let bytes = [0x78, 2, 0, 0xfd, 0xff, b'o', b'k', 0x03, 0x00];
        for (input, output) in splits(bytes.len()) {
            assert_eq!(decode(DEFLATE, &bytes, input, output), (b"ok".to_vec(), Ok(())));
        }
        // 78 01 is one, so a stored byte with just that padding is taken for zlib, and fails.
        let bytes = [0x78, 1, 0, 0xfe, 0xff, b'x', 0x03, 0x00];
        assert_eq!(decode(DEFLATE, &bytes, 1, 8).1, Err(Error::Corrupt(Coding::Deflate)));
    }

    #[test]
    fn nothing_may_follow_the_wrapped_form() {
        let bytes = [&zlib(b"bun")[..], b"\0"].concat();
        for (input, output) in splits(bytes.len()) {
            let (got, end) = decode(DEFLATE, &bytes, input, output);
            assert_eq!((&got[..], end), (&b"bun"[..], Err(Error::Trailing(Coding::Deflate))));
        }
    }

    #[test]
    fn four_bytes_may_follow_the_raw_form() {
        for (behind, expected) in [(4, Ok(())), (5, Err(Error::Trailing(Coding::Deflate)))] {
            let bytes = [raw(b"bun"), vec![7; behind]].concat();
            for (input, output) in splits(bytes.len()) {
                assert_eq!(decode(DEFLATE, &bytes, input, output), (b"bun".to_vec(), expected));
            }
        }
    }

    #[test]
    fn a_preset_dictionary_is_refused() {
        let (_, end) = decode(DEFLATE, &[0x78, 0xbb, 1, 2, 3, 4, 0x03, 0x00], 1, 8);
        assert_eq!(end, Err(Error::Corrupt(Coding::Deflate)));
    }

    #[test]
    fn a_bomb_comes_in_small_pieces() {
        assert_eq!(bomb(DEFLATE, &raw(&vec![0; 100 << 20])), (100 << 20, Ok(())));
    }

    fn zlib_at(level: u32, content: &[u8]) -> Vec<u8> {
        let level = flate2::Compression::new(level);
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
        std::io::Write::write_all(&mut encoder, content).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_at(level: u32, content: &[u8]) -> Vec<u8> {
        let level = flate2::Compression::new(level);
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
        std::io::Write::write_all(&mut encoder, content).unwrap();
        encoder.finish().unwrap()
    }
}
