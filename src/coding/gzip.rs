//! gzip (RFC 1952): members one after another, then perhaps zeros.
//!
//! ```text
//!            ┌── 1F ───┐
//!            ▼         │
//!         [member] ─▶ (end) ── 00 ─▶ (padding) ─┐
//!                      │               ▲        │ 00
//!                      │               └────────┘
//!                      └── anything else ─▶ Error::Trailing
//! ```
//!
//! Zeros after the last member are what block devices and some servers leave
//! there; gzip(1) takes no notice of them either. Anything else might be a
//! member that was damaged, so it is not passed over in silence.

use super::inflate::Inflate;
use super::{Coding, Error, Machine, Moved};

/// The first byte of a member (ID1, RFC 1952 section 2.3.1); the stream itself checks the rest.
const ID1: u8 = 0x1f;

/// The gzip coding being undone.
pub(super) struct Gzip {
    member: Inflate,
    padding: bool,
}

impl Gzip {
    pub(super) fn new() -> Gzip {
        Gzip { member: Inflate::gzip(), padding: false }
    }
}

impl Machine for Gzip {
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Result<Moved, Error> {
        if self.member.ended() {
            match input.first() {
                None => return Ok(Moved::NOTHING),
                Some(&ID1) if !self.padding => self.member = Inflate::gzip(),
                Some(_) if input.iter().all(|&byte| byte == 0) => {
                    self.padding = true;
                    return Ok(Moved { consumed: input.len(), produced: 0 });
                }
                Some(_) => return Err(Error::Trailing(Coding::Gzip)),
            }
        }
        self.member.step(input, out)
    }

    fn at_end(&self) -> bool {
        self.member.ended()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bomb, decode, gzip, splits, text};
    use super::*;

    const GZIP: &[Coding] = &[Coding::Gzip];

    #[test]
    fn members_are_joined() {
        let bytes = [gzip(b"one, "), gzip(b""), gzip(b"two")].concat();
        for (input, output) in splits(bytes.len()) {
            assert_eq!(decode(GZIP, &bytes, input, output), (b"one, two".to_vec(), Ok(())));
        }
    }

    #[test]
    fn zeros_behind_the_last_member_are_padding() {
        let bytes = [gzip(b"bun"), vec![0; 700]].concat();
        for (input, output) in splits(bytes.len()) {
            assert_eq!(decode(GZIP, &bytes, input, output), (b"bun".to_vec(), Ok(())));
        }
    }

    #[test]
    fn anything_else_behind_it_is_an_error_and_the_member_is_kept() {
        let behind = [&b"\n"[..], b"garbage", b"\0\0\x01", &[&b"\0"[..], &gzip(b"late")].concat()];
        for garbage in behind {
            let bytes = [&gzip(b"bun"), garbage].concat();
            for (input, output) in splits(bytes.len()) {
                let (got, end) = decode(GZIP, &bytes, input, output);
                assert_eq!((&got[..], end), (&b"bun"[..], Err(Error::Trailing(Coding::Gzip))));
            }
        }
    }

    #[test]
    fn a_second_member_that_is_cut_or_none_is_an_error() {
        let second = gzip(b"two");
        for cut in 1..second.len() {
            let bytes = [&gzip(b"one")[..], &second[..cut]].concat();
            let (_, end) = decode(GZIP, &bytes, bytes.len(), 64);
            assert_eq!(end, Err(Error::Truncated(Coding::Gzip)), "{cut}");
        }
        let bytes = [&gzip(b"one")[..], b"\x1f\x8c\x08"].concat();
        assert_eq!(
            decode(GZIP, &bytes, 1, 64),
            (b"one".to_vec(), Err(Error::Corrupt(Coding::Gzip)))
        );
    }

    #[test]
    fn name_comment_extra_and_header_checksum_are_skipped() {
        let header = flate2::GzBuilder::new()
            .filename(vec![b'n'; 100_000])
            .comment(vec![b'c'; 100_000])
            .extra(vec![b'x'; 65_535]);
        let mut encoder = header.write(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"bun").unwrap();
        let bytes = encoder.finish().unwrap();
        for input in [1, 7, bytes.len()] {
            assert_eq!(decode(GZIP, &bytes, input, 64), (b"bun".to_vec(), Ok(())));
        }
    }

    #[test]
    fn a_wrong_checksum_or_length_is_an_error_and_the_text_is_kept() {
        let good = gzip(text().as_bytes());
        for from_the_end in 1..=8 {
            let mut bytes = good.clone();
            let at = bytes.len() - from_the_end;
            bytes[at] ^= 1;
            for (input, output) in splits(bytes.len()) {
                let (got, end) = decode(GZIP, &bytes, input, output);
                assert_eq!(end, Err(Error::Corrupt(Coding::Gzip)));
                assert_eq!(got, text().as_bytes());
            }
        }
    }

    #[test]
    fn deflate_without_the_gzip_header_is_not_gzip() {
        let (_, end) = decode(GZIP, &super::super::samples::zlib(b"bun"), 64, 64);
        assert_eq!(end, Err(Error::Corrupt(Coding::Gzip)));
    }

    #[test]
    fn gzip_in_gzip_in_gzip_is_undone() {
        let bytes = gzip(&gzip(&gzip(text().as_bytes())));
        for (input, output) in splits(bytes.len()) {
            let (got, end) = decode(&[Coding::Gzip; 3], &bytes, input, output);
            assert_eq!((&got[..], end), (text().as_bytes(), Ok(())));
        }
    }

    #[test]
    fn a_bomb_in_a_bomb_comes_in_small_pieces() {
        let inner = gzip(&vec![0; 100 << 20]);
        assert!(inner.len() < 1 << 20);
        assert_eq!(bomb(&[Coding::Gzip, Coding::Gzip], &gzip(&inner)), (100 << 20, Ok(())));
    }

    #[test]
    fn padding_without_end_is_skipped_in_bounded_steps() {
        let inner = [gzip(b"bun"), vec![0; 64 << 20]].concat();
        let outer = gzip(&inner);
        let mut decoder = super::super::Decoder::new(&[Coding::Gzip, Coding::Gzip]).unwrap();
        let (mut bytes, mut steps, mut total) = (&outer[..], 0, 0);
        while let Some(piece) = decoder.decode(&mut bytes).unwrap() {
            (steps, total) = (steps + 1, total + piece.len());
        }
        assert!(total == 3 && steps >= (64 << 20) / super::super::PIECE, "{steps}");
        assert_eq!(decoder.finish(), Ok(()));
    }
}
