//! zstd (RFC 8878): frames one after another, skippable ones among them.
//!
//! Windows over 8 MB are refused, as RFC 9659 asks. libzstd forgets about that
//! limit when a whole small frame lies in the input; the first byte of each
//! frame is handed over alone, so that what is refused does not depend on how
//! the bytes were split. From there on it is given what it asks for: a block
//! and the header of the next, so that a fault costs one block, not a buffer.

use super::{Coding, Error, Machine, Moved};
use zstd::zstd_safe::{self, DCtx, DParameter, InBuffer, OutBuffer, zstd_sys::ZSTD_ErrorCode};

/// 8 MB as a power of two (RFC 9659 section 3).
const WINDOW_LOG: u32 = 23;

/// The zstd coding being undone.
pub(super) struct Zstd {
    context: DCtx<'static>,
    /// How many bytes it asks for; 0 between frames.
    wanted: usize,
    /// The last step filled its output, so there may be more without further input.
    full: bool,
}

impl Zstd {
    pub(super) fn new() -> Result<Zstd, Error> {
        let mut context = DCtx::try_create().ok_or(Error::Memory)?;
        context.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).map_err(reason)?;
        Ok(Zstd { context, wanted: 0, full: false })
    }
}

impl Machine for Zstd {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error> {
        // Being called in vain counts as a fault for libzstd, after a while.
        if input.is_empty() && !self.full {
            return Ok(Moved::NOTHING);
        }
        let room = out.len();
        let mut input = InBuffer::around(&input[..input.len().min(self.wanted.max(1))]);
        let mut output = OutBuffer::around(out);
        self.wanted = self.context.decompress_stream(&mut output, &mut input).map_err(reason)?;
        self.full = output.pos() == room && self.wanted > 0;
        Ok(Moved { consumed: input.pos(), produced: output.pos() })
    }

    fn at_end(&self) -> bool {
        self.wanted == 0
    }
}

/// What libzstd's error means here.
fn reason(code: zstd_safe::ErrorCode) -> Error {
    if zstd_safe::is_error_kind(code, ZSTD_ErrorCode::ZSTD_error_frameParameter_windowTooLarge) {
        Error::Window
    } else if zstd_safe::is_error_kind(code, ZSTD_ErrorCode::ZSTD_error_memory_allocation) {
        Error::Memory
    } else {
        Error::Corrupt(Coding::Zstd)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bomb, decode, splits, zstd};
    use super::*;

    const ZSTD: &[Coding] = &[Coding::Zstd];
    const MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
    /// The last block of a frame: raw, one byte long.
    const BLOCK: &[u8] = b"\x09\0\0x";

    fn at_every_split(bytes: &[u8], expected: Result<&[u8], Error>) {
        for (input, output) in splits(bytes.len()) {
            let (got, end) = decode(ZSTD, bytes, input, output);
            assert_eq!(end.map(|()| &got[..]), expected, "{bytes:x?} in {input}, out {output}");
        }
    }

    #[test]
    fn frames_are_joined_and_skippable_ones_skipped() {
        let skip = b"\x53\x2a\x4d\x18\x04\0\0\0skip";
        let nothing = b"\x50\x2a\x4d\x18\0\0\0\0";
        let all = [skip, &zstd(b"one, ")[..], nothing, skip, &zstd(b""), &zstd(b"two"), skip];
        at_every_split(&all.concat(), Ok(b"one, two"));
        at_every_split(skip, Ok(b""));
    }

    #[test]
    fn a_window_of_8_mb_is_accepted_and_one_byte_more_of_frame_is_not() {
        at_every_split(&[MAGIC, b"\0\x68", BLOCK].concat(), Ok(b"x"));
        at_every_split(&[MAGIC, b"\0\x69", BLOCK].concat(), Err(Error::Window));
        // Without a window of its own a frame's window is its size.
        let size = ((8 << 20) + 1u32).to_le_bytes();
        at_every_split(&[MAGIC, b"\xa0", &size, BLOCK].concat(), Err(Error::Window));
    }

    #[test]
    fn a_small_frame_with_a_large_window_is_refused_even_in_one_piece() {
        let size = 1u32.to_le_bytes();
        at_every_split(&[MAGIC, b"\x80\x68", &size, BLOCK].concat(), Ok(b"x"));
        at_every_split(&[MAGIC, b"\x80\x70", &size, BLOCK].concat(), Err(Error::Window));
        let late = [&zstd(b"one")[..], MAGIC, b"\x80\x70", &size, BLOCK].concat();
        at_every_split(&late, Err(Error::Window));
    }

    #[test]
    fn what_is_no_frame_is_an_error_behind_a_frame_too() {
        for garbage in [&b"\0"[..], b"\n", b"(BUN", b"\x60\x2a\x4d\x18\0\0\0\0"] {
            let bytes = [&zstd(b"bun"), garbage].concat();
            let (got, end) = decode(ZSTD, &bytes, 1, 64);
            assert!(got == b"bun" && end.is_err(), "{garbage:x?}: {end:?}");
        }
    }

    #[test]
    fn calls_without_input_change_nothing() {
        let bytes = zstd(b"bun");
        let mut decoder = super::super::Decoder::new(ZSTD).unwrap();
        let mut got = Vec::new();
        for byte in bytes.chunks(1) {
            for mut input in std::iter::once(byte).chain([&[][..]; 40]) {
                while let Some(piece) = decoder.decode(&mut input).unwrap() {
                    got.extend_from_slice(piece);
                }
            }
        }
        assert_eq!((got, decoder.finish()), (b"bun".to_vec(), Ok(())));
    }

    #[test]
    fn a_bomb_comes_in_small_pieces() {
        let bytes = zstd(&vec![0; 100 << 20]);
        assert!(bytes.len() < 20_000);
        assert_eq!(bomb(ZSTD, &bytes), (100 << 20, Ok(())));
    }
}
