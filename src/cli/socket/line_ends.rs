//! `--crlf`: a line feed alone becomes carriage return and line feed.

/// The state between two pieces.
#[derive(Debug, Default)]
pub(super) struct LineEnds {
    after_cr: bool,
}

impl LineEnds {
    /// A piece with its line ends.
    pub(super) fn crlf(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
        for byte in bytes {
            if *byte == b'\n' && !self.after_cr {
                out.push(b'\r');
            }
            out.push(*byte);
            self.after_cr = *byte == b'\r';
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_is_made_whole_however_the_pieces_fall() {
        let text = b"a\nb\r\nc\r\rd\n\n";
        for cut in 0..=text.len() {
            let mut ends = LineEnds::default();
            let (one, two) = text.split_at(cut);
            let whole = [ends.crlf(one), ends.crlf(two)].concat();
            assert_eq!(whole, b"a\r\nb\r\nc\r\rd\r\n\r\n", "{cut}");
        }
    }
}
