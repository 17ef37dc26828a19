//! The chain of codings, and the buffers between them.

use super::{Coding, Error, MAX_CODINGS, Machine};
use super::{brotli::Brotli, deflate::Deflate, gzip::Gzip, zstd::Zstd};

/// The largest piece that a [`Decoder`] hands out at once.
pub const PIECE: usize = 64 * 1024;

/// Undoes the content codings of one body. See the [module](super) for the drawing and the loop.
pub struct Decoder {
    /// In the order of undoing.
    links: Vec<Link>,
    failed: Option<Error>,
}

/// One coding and the buffer behind it.
struct Link {
    coding: Coding,
    machine: Box<dyn Machine + Send>,
    begun: bool,
    buffer: Box<[u8]>,
    /// What of the buffer the next link has not taken yet.
    start: usize,
    end: usize,
}

impl Decoder {
    /// For `codings` in the order they were applied, as [`parse`](super::parse) gives them.
    ///
    /// With none the bytes pass through uncopied.
    pub fn new(codings: &[Coding]) -> Result<Decoder, Error> {
        Decoder::with_pieces_of(PIECE, codings)
    }

    /// As [`new`](Decoder::new), with buffers of another size.
    pub(super) fn with_pieces_of(size: usize, codings: &[Coding]) -> Result<Decoder, Error> {
        if codings.len() > MAX_CODINGS {
            return Err(Error::TooMany);
        }
        let links = codings.iter().rev().map(|&coding| Link::new(coding, size));
        Ok(Decoder { links: links.collect::<Result<_, _>>()?, failed: None })
    }

    /// Takes one step: the next piece of content, or `None` once all of `input` is taken and
    /// nothing more can come of it.
    ///
    /// `input` is moved past what was taken. A piece is at most [`PIECE`] bytes
    /// (with no codings, all of `input`) and may be empty: a step ends after a
    /// bounded amount of work even where nothing comes out. After an error every
    /// further call is the same error.
    pub fn decode<'d, 'i: 'd>(
        &'d mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<&'d [u8]>, Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.links.is_empty() {
            return Ok(Some(std::mem::take(input)).filter(|piece| !piece.is_empty()));
        }
        match step(&mut self.links, input) {
            Ok(true) => Ok(self.links.last_mut().map(Link::hand_out)),
            Ok(false) => Ok(None),
            Err(error) => {
                self.failed = Some(error);
                Err(error)
            }
        }
    }

    /// Whether the content may end here: every coding is at its end mark, or never saw a byte.
    ///
    /// To be asked when the content is over and [`decode`](Decoder::decode) has said `None`.
    pub fn finish(&self) -> Result<(), Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.links.iter().find(|link| link.begun && !link.machine.at_end()) {
            Some(link) => Err(Error::Truncated(link.coding)),
            None => Ok(()),
        }
    }
}

/// Moves the link nearest to the end that can move; whether there was one.
fn step(links: &mut [Link], input: &mut &[u8]) -> Result<bool, Error> {
    for here in (0..links.len()).rev() {
        let (before, rest) = links.split_at_mut(here);
        let Some(link) = rest.first_mut() else { break };
        let source = before.last().map_or(*input, Link::pending);
        // Everything behind this link stood still for want of input, so its buffer is free.
        let moved = link.machine.step(source, &mut link.buffer)?;
        if moved.consumed == 0 && moved.produced == 0 {
            if source.is_empty() {
                continue;
            }
            // Input and room, and yet no progress: no format allows that, and it must not loop.
            return Err(Error::Corrupt(link.coding));
        }
        link.begun = true;
        (link.start, link.end) = (0, moved.produced);
        match before.last_mut() {
            Some(previous) => previous.start += moved.consumed,
            None => *input = &input[moved.consumed..],
        }
        return Ok(true);
    }
    Ok(false)
}

impl Link {
    fn new(coding: Coding, size: usize) -> Result<Link, Error> {
        let machine: Box<dyn Machine + Send> = match coding {
            Coding::Gzip => Box::new(Gzip::new()),
            Coding::Deflate => Box::new(Deflate::new()),
            Coding::Brotli => Box::new(Brotli::new()),
            Coding::Zstd => Box::new(Zstd::new()?),
        };
        let buffer = vec![0; size].into_boxed_slice();
        Ok(Link { coding, machine, begun: false, buffer, start: 0, end: 0 })
    }

    fn pending(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// What is pending, which then is not any more.
    fn hand_out(&mut self) -> &[u8] {
        let start = std::mem::replace(&mut self.start, self.end);
        &self.buffer[start..self.end]
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{all, decode, gzip, splits, text, zlib, zstd};
    use super::*;

    #[test]
    fn every_split_of_input_and_output_gives_the_same_bytes() {
        for (coding, bytes) in all() {
            for (input, output) in splits(bytes.len()) {
                let (got, end) = decode(&[coding], &bytes, input, output);
                assert_eq!(
                    (&got[..], end),
                    (text().as_bytes(), Ok(())),
                    "{coding} {input} {output}"
                );
            }
        }
    }

    #[test]
    fn content_cut_anywhere_is_truncated_and_the_part_is_kept() {
        for (coding, bytes) in all() {
            for cut in 1..bytes.len() {
                let (got, end) = decode(&[coding], &bytes[..cut], cut, PIECE);
                assert_eq!(end, Err(Error::Truncated(coding)), "cut at {cut}");
                assert!(text().as_bytes().starts_with(&got));
                assert_eq!(decode(&[coding], &bytes[..cut], 1, 3), (got, end));
            }
        }
    }

    #[test]
    fn content_without_a_byte_is_empty_whatever_its_codings() {
        for (coding, _) in all() {
            assert_eq!(decode(&[coding; MAX_CODINGS], b"", 1, 1), (vec![], Ok(())));
        }
        assert_eq!(decode(&[Coding::Brotli, Coding::Gzip], &gzip(b""), 1, 1), (vec![], Ok(())));
    }

    #[test]
    fn a_damaged_byte_ends_the_same_way_however_it_came_and_never_passes_a_checksum() {
        for (n, (coding, good)) in all().into_iter().enumerate() {
            let has_checksum = !matches!(n, 2 | 3);
            for at in 0..good.len() {
                for flip in [0x01, 0x10, 0x80, 0xff] {
                    let mut bytes = good.clone();
                    bytes[at] ^= flip;
                    let whole = decode(&[coding], &bytes, bytes.len(), PIECE);
                    for (input, output) in [(1, PIECE), (3, 7)] {
                        let split = decode(&[coding], &bytes, input, output);
                        assert_eq!(split.1, whole.1, "{coding}: {at} ^ {flip}");
                        // br and zstd hold back what they had not written when the fault came.
                        assert!(split.0.starts_with(&whole.0), "{coding}: {at} ^ {flip}");
                        assert!(n > 2 || split.0 == whole.0, "{coding}: {at} ^ {flip}");
                    }
                    if has_checksum && whole.1.is_ok() {
                        assert_eq!(whole.0, text().as_bytes(), "{coding}: {at} ^ {flip}");
                    }
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn noise_never_panics_and_ends_the_same_way_however_it_came(
            noise in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
            keep in 0usize..300,
            input in 1usize..300,
            output in 1usize..300,
        ) {
            for (coding, good) in all() {
                let begun = [&good[..keep.min(good.len())], &noise].concat();
                let (_, end) = decode(&[coding], &begun, input, output);
                proptest::prop_assert_eq!(end, decode(&[coding], &begun, begun.len().max(1), PIECE).1);
                let _ = decode(&[coding, coding], &gzip(&begun), input, output);
                let _ = decode(&[coding, Coding::Gzip], &gzip(&begun), input, output);
            }
        }
    }

    #[test]
    fn the_last_coding_is_undone_first() {
        let codings = [Coding::Gzip, Coding::Zstd, Coding::Deflate];
        let bytes = zlib(&zstd(&gzip(text().as_bytes())));
        for (input, output) in splits(bytes.len()) {
            let (got, end) = decode(&codings, &bytes, input, output);
            assert_eq!((&got[..], end), (text().as_bytes(), Ok(())));
        }
    }

    #[test]
    fn the_coding_that_is_not_at_its_end_is_named() {
        let codings = [Coding::Zstd, Coding::Gzip];
        let whole = zstd(text().as_bytes());
        let inner_cut = gzip(&whole[..whole.len() - 1]);
        assert_eq!(decode(&codings, &inner_cut, 9, 9).1, Err(Error::Truncated(Coding::Zstd)));
        let outer = gzip(&whole);
        let outer_cut = &outer[..outer.len() - 1];
        assert_eq!(decode(&codings, outer_cut, 9, 9).1, Err(Error::Truncated(Coding::Gzip)));
    }

    #[test]
    fn without_codings_the_bytes_pass_through() {
        let mut decoder = Decoder::new(&[]).unwrap();
        let mut input = &b"as it is"[..];
        assert_eq!(decoder.decode(&mut input), Ok(Some(&b"as it is"[..])));
        assert_eq!(decoder.decode(&mut input), Ok(None));
        assert_eq!(decoder.finish(), Ok(()));
    }

    #[test]
    fn an_error_stays() {
        let mut decoder = Decoder::new(&[Coding::Gzip]).unwrap();
        let error = Err(Error::Corrupt(Coding::Gzip));
        assert_eq!(decoder.decode(&mut &b"not gzip"[..]), error);
        assert_eq!(decoder.decode(&mut &gzip(b"late")[..]), error);
        assert_eq!(decoder.finish(), Err(Error::Corrupt(Coding::Gzip)));
    }

    #[test]
    fn more_than_five_codings_are_refused_here_too() {
        assert_eq!(Decoder::new(&[Coding::Gzip; 6]).err(), Some(Error::TooMany));
    }
}
