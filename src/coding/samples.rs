//! What the tests of this room decode, and how.

use super::{Coding, Decoder, Error, PIECE};
use std::fmt::Write as _;
use std::io::Write as _;

/// A text that compresses, but not to nothing.
pub(super) fn text() -> String {
    let mut text = String::new();
    for i in 0..30 {
        writeln!(text, "{i}: bun {} is as good as the first", i * i * 7919).unwrap();
    }
    text
}

/// The text in every coding, both kinds of deflate included.
pub(super) fn all() -> [(Coding, Vec<u8>); 5] {
    let text = text();
    [
        (Coding::Gzip, gzip(text.as_bytes())),
        (Coding::Deflate, zlib(text.as_bytes())),
        (Coding::Deflate, raw(text.as_bytes())),
        (Coding::Brotli, BROTLI_TEXT.to_vec()),
        (Coding::Zstd, zstd(text.as_bytes())),
    ]
}

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn raw(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A frame with a checksum, its size not known beforehand.
pub(super) fn zstd(content: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Sizes of input and of output to try: everything at once, byte by byte, and between.
pub(super) fn splits(len: usize) -> impl Iterator<Item = (usize, usize)> {
    let inputs = [1, 2, 3, 17, len.max(1)];
    inputs.into_iter().flat_map(|input| [1, 2, 61, PIECE].map(|output| (input, output)))
}

/// Everything that comes of `bytes`, and how it ends.
pub(super) fn decode(
    codings: &[Coding],
    bytes: &[u8],
    input: usize,
    output: usize,
) -> (Vec<u8>, Result<(), Error>) {
    let mut decoder = Decoder::with_pieces_of(output, codings).unwrap();
    let mut got = Vec::new();
    for mut chunk in bytes.chunks(input) {
        loop {
            match decoder.decode(&mut chunk) {
                Ok(Some(piece)) => {
                    assert!(piece.len() <= output);
                    got.extend_from_slice(piece);
                }
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.finish(), Err(error));
                    return (got, Err(error));
                }
            }
        }
        assert!(chunk.is_empty(), "input was left over");
    }
    (got, decoder.finish())
}

/// How many zeros come of `bytes`, with the buffers as they are outside of tests; and how it ends.
pub(super) fn bomb(codings: &[Coding], mut bytes: &[u8]) -> (usize, Result<(), Error>) {
    let mut decoder = Decoder::new(codings).unwrap();
    let mut total = 0;
    while let Some(piece) = decoder.decode(&mut bytes).unwrap() {
        assert!(piece.len() <= PIECE && piece.iter().all(|&byte| byte == 0));
        total += piece.len();
    }
    (total, decoder.finish())
}

/// [`text`] in br, by the reference encoder at level 11.
pub(super) const BROTLI_TEXT: &[u8] = b"\
    \x02\x92\x00\xbc\xe3\xc0\x8d\xd5\x06\xe9\x4d\x22\x6b\x96\x1b\x6c\xeb\x36\xa6\xa8\x08\xf4\
    \x5e\x25\x88\x42\x5a\xce\xb9\xd5\x81\xc0\x4e\x90\x0d\xc8\xc2\x11\xa6\x10\x06\x01\x1e\xc3\
    \x80\x8e\xb8\x31\x38\x2c\xbc\x64\xb3\x4d\xfc\xaf\xd7\x7f\xea\x99\xef\xbc\xb8\x7f\x9e\x5d\
    \x66\x98\x7e\x53\x90\xd2\x77\x83\xd3\x61\xc6\x84\x16\xd8\x67\xe8\x53\x2d\x39\x16\x45\xe4\
    \xb2\x36\xcb\x8b\xb2\xb1\x6b\x80\x33\xd6\x19\x47\xb2\x5b\xec\x64\xa2\x84\x0a\x52\x05\xc2\
    \xd0\x48\xe8\x97\xc0\xd6\xcc\x71\xc2\x19\x0f\xe0\x86\x64\xa3\x57\x86\x32\x24\x72\x65\x57\
    \xab\x6f\x55\xd8\x36\x03\x1d\xf2\x28\x9e\xb9\x35\x2d\x2e\xec\x5a\x0e\xab\x22\xc2\x4d\xb7\
    \x62\x87\x9e\x56\x8e\x29\x17\x0e\x08\x37\xe4\x61\x76\x65\x98\xcd\x88\x5c\xc9\xe1\xf4\xae\
    \x0a\xa5\x0e\x81\xcb\xeb\xf2\xe6\x4c\x76\x8c\x15";

/// 100 MiB of zeros in br: more than a million to one.
pub(super) const BROTLI_ZEROS: &[u8] = b"\
    \xcf\xff\xff\x7f\x00\x24\x00\xe2\xb1\x40\x72\xef\xff\xf9\xff\xff\x0f\x80\x04\x40\x1c\x16\
    \x80\xee\xfd\x3f\xff\xff\xff\x01\x90\x00\x88\xc3\x02\xd0\xbd\xff\xe7\xff\xff\x3f\x00\x12\
    \x00\x71\x58\x00\xba\xf7\xff\xfc\xff\xff\x07\x40\x02\x20\x0e\x0b\x40\xf7\xfe\x9f\xff\xff\
    \xff\x00\x48\x00\xc4\x61\x01\xe8\xde\xff\xe7\xff\xff\x0f\x00\x09\x80\x38\x2c\x00\xdd\xfb\
    \x1f";
