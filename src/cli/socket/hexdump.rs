//! Bytes as a person reads them: sixteen a line, as `hexdump -C` shows them.

use std::fmt::Write;

const A_LINE: usize = 16;

/// The lines of a piece before which there were `offset` bytes; each begins with `of`. Each piece
/// begins a line: what came together is seen together.
pub(super) fn lines(of: &str, mut offset: u64, bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(A_LINE) * (of.len() + 79));
    for line in bytes.chunks(A_LINE) {
        let _ = write!(out, "{of}{offset:08x} ");
        for at in 0..A_LINE {
            let gap = if at % 8 == 0 { " " } else { "" };
            let _ = match line.get(at) {
                Some(byte) => write!(out, "{gap}{byte:02x} "),
                None => write!(out, "{gap}   "),
            };
        }
        let shown = line.iter().map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        });
        let _ = writeln!(out, " |{}|", shown.collect::<String>());
        offset += line.len() as u64;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bytes_are_a_line_and_each_piece_begins_one() {
        assert_eq!(
            lines("", 0, b"Hello, Ada\r\n\x1b[2J+one"),
            "00000000  48 65 6c 6c 6f 2c 20 41  64 61 0d 0a 1b 5b 32 4a  |Hello, Ada...[2J|\n\
             00000010  2b 6f 6e 65                                       |+one|\n"
        );
        assert_eq!(
            lines("#7 ", 0x14, b"\xff"),
            "#7 00000014  ff                                                |.|\n"
        );
        assert_eq!(lines("", 0, b""), "");
    }
}
