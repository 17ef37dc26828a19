//! br (RFC 7932), in windows of at most 16 MiB; large windows are another format and refused.

use super::{Coding, Error, Machine, Moved};
use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

/// The br coding being undone.
pub(super) struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    /// The decoder's own count, which only it uses.
    total: usize,
    ended: bool,
}

impl Brotli {
    pub(super) fn new() -> Brotli {
        let alloc = StandardAlloc::default();
        // `new` would accept large windows, up to a gigabyte.
        let state = Box::new(BrotliState::new_strict(alloc, alloc, alloc));
        Brotli { state, total: 0, ended: false }
    }
}

impl Machine for Brotli {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error> {
        if self.ended {
            return match input {
                [] => Ok(Moved::NOTHING),
                _ => Err(Error::Trailing(Coding::Brotli)),
            };
        }
        let (mut in_left, mut out_left) = (input.len(), out.len());
        let mut moved = Moved::NOTHING;
        let result = BrotliDecompressStream(
            &mut in_left,
            &mut moved.consumed,
            input,
            &mut out_left,
            &mut moved.produced,
            out,
            &mut self.total,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultSuccess => self.ended = true,
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
            // What was written before the fault goes out first; the state remembers that it is broken.
            BrotliResult::ResultFailure if moved.produced > 0 => {}
            BrotliResult::ResultFailure => return Err(Error::Corrupt(Coding::Brotli)),
        }
        Ok(moved)
    }

    fn at_end(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{BROTLI_TEXT, BROTLI_ZEROS, bomb, decode, splits};
    use super::*;

    const BR: &[Coding] = &[Coding::Brotli];

    #[test]
    fn a_bomb_comes_in_small_pieces() {
        assert_eq!(bomb(BR, BROTLI_ZEROS), (100 << 20, Ok(())));
    }

    #[test]
    fn nothing_may_follow_the_end() {
        let bytes = [BROTLI_TEXT, b"\0"].concat();
        for (input, output) in splits(bytes.len()) {
            let (got, end) = decode(BR, &bytes, input, output);
            assert_eq!(end, Err(Error::Trailing(Coding::Brotli)));
            assert_eq!(got, super::super::samples::text().as_bytes());
        }
    }

    #[test]
    fn a_large_window_is_refused() {
        // "hello" with a window of 2^26 bytes, which the format proper cannot say.
        let bytes = b"\x11\x1a\x08\x00\x02\x68\x65\x6c\x6c\x6f\x03";
        for (input, output) in splits(bytes.len()) {
            assert_eq!(decode(BR, bytes, input, output).1, Err(Error::Corrupt(Coding::Brotli)));
        }
    }

    #[test]
    fn the_shortest_stream_is_one_byte() {
        assert_eq!(decode(BR, b"\x3b", 1, 1), (vec![], Ok(())));
    }
}
