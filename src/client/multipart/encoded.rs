//! A source that is encoded while it is read.

use super::{Encoder, Encoding, NotSevenBit, Segment};
use crate::base::{Content, Source};
use std::io::{self, Read};

/// Bytes read from the source at a time.
const PIECE: usize = 16 * 1024;

impl Segment<Content> {
    /// As content to be sent.
    pub fn into_content(self) -> Content {
        match self {
            Segment::Bytes(bytes) => Content::from(bytes),
            Segment::Source(content, None) => content,
            Segment::Source(content, Some(encoding)) => {
                Content::streamed(Encoded { content, encoding })
            }
        }
    }
}

struct Encoded {
    content: Content,
    encoding: Encoding,
}

impl Source for Encoded {
    fn length(&self) -> Option<u64> {
        self.encoding.length(self.content.length()?)
    }

    fn is_ready(&self) -> bool {
        self.content.is_ready()
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let (source, encoder) = (Some(self.content.open()?), Encoder::new(Some(self.encoding)));
        Ok(Box::new(Reading { source, encoder, encoded: Vec::new(), taken: 0 }))
    }
}

/// A source being read and encoded.
struct Reading {
    /// `None` behind its end.
    source: Option<Box<dyn Read + Send>>,
    encoder: Encoder,
    encoded: Vec<u8>,
    taken: usize,
}

impl Read for Reading {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.encoded.len() {
            let Some(source) = &mut self.source else { return Ok(0) };
            self.encoded.clear();
            self.taken = 0;
            let mut piece = [0; PIECE];
            let read = source.read(&mut piece)?;
            let end = read == 0;
            let pushed = self.encoder.push(&piece[..read], end, &mut self.encoded);
            pushed.map_err(|wrong: NotSevenBit| {
                io::Error::new(io::ErrorKind::InvalidData, wrong.to_string())
            })?;
            if end {
                self.source = None;
            }
        }
        let read = (&self.encoded[self.taken..]).read(out)?;
        self.taken += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_encoded_while_it_is_read() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * PIECE + 5).collect();
        for encoding in [Encoding::Base64, Encoding::QuotedPrintable, Encoding::Binary] {
            let mut expected = Vec::new();
            Encoder::new(Some(encoding)).push(&bytes, true, &mut expected).unwrap();
            let source = Segment::Source(Content::from(bytes.clone()), Some(encoding));
            let content = source.into_content();
            let mut read = Vec::new();
            content.open().unwrap().read_to_end(&mut read).unwrap();
            assert!(read == expected, "{encoding:?}");
            assert!(content.length().is_none_or(|length| length == read.len() as u64));
        }
    }

    #[test]
    fn a_source_with_other_bytes_than_promised_cannot_be_read() {
        let source = Segment::Source(Content::from(vec![200]), Some(Encoding::SevenBit));
        let mut read = Vec::new();
        let error = source.into_content().open().unwrap().read_to_end(&mut read).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
