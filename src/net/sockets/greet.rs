//! What a greeting server says: a welcome, a greeting for each line, and a goodbye for `exit`.

/// What a peer is told when it has connected.
pub(super) const WELCOME: &[u8] = b"Welcome. Each line is answered; exit ends.\n";

const GREETING: &[u8] = b"Hello, ";
const GOODBYE: &[u8] = b"Goodbye.\n";
const TOO_LONG: &[u8] = b"That line is too long. Goodbye.\n";

/// Bytes that wait for the end of their line: more than a person types, and a peer that never
/// ends one costs no more.
const LONGEST_LINE: usize = 8 * 1024;

/// Bytes of answers that may wait to be sent, and one more answer: a piece of empty lines has
/// eight times its size of them, and a peer may be deaf.
const ENOUGH: usize = 16 * 1024;

/// Whether there is more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    GoesOn,
    Over,
}

/// One peer's side of the dialogue, in pieces as they come.
#[derive(Debug, Default)]
pub(super) struct Dialogue {
    /// What came of a line that has not ended yet.
    line: Vec<u8>,
}

impl Dialogue {
    /// Hears of `bytes` as much as there is room for the answers, adds these to `out`, and leaves
    /// the rest.
    pub(super) fn hear_part(&mut self, bytes: &mut &[u8], out: &mut Vec<u8>) -> Mood {
        while !bytes.is_empty() && out.len() < ENOUGH {
            let line =
                bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
            let (line, rest) = bytes.split_at(line);
            *bytes = rest;
            if self.hear(line, out) == Mood::Over {
                return Mood::Over;
            }
        }
        Mood::GoesOn
    }

    /// Hears what came, and adds what is answered to `out`.
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Mood {
        let mut pieces = bytes.split_inclusive(|byte| *byte == b'\n');
        pieces
            .try_for_each(|piece| {
                let end = piece.strip_suffix(b"\n");
                self.line.extend_from_slice(end.unwrap_or(piece));
                if self.line.len() > LONGEST_LINE {
                    out.extend_from_slice(TOO_LONG);
                    return Err(());
                }
                if end.is_none() {
                    return Ok(());
                }
                let line = std::mem::take(&mut self.line);
                answer(line.strip_suffix(b"\r").unwrap_or(&line), out)
            })
            .map_or(Mood::Over, |()| Mood::GoesOn)
    }

    /// The peer has ended: so has its last line.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) -> Mood {
        if self.line.is_empty() { Mood::GoesOn } else { self.hear(b"\n", out) }
    }
}

/// The answer to a message that is whole: a datagram, or a packet.
pub(super) fn message(bytes: &[u8], out: &mut Vec<u8>) -> Mood {
    let mut dialogue = Dialogue::default();
    // A message without a line end is a line all the same, and so is an empty one.
    let whole = if bytes.is_empty() { b"\n" } else { bytes };
    match dialogue.hear(whole, out) {
        Mood::Over => Mood::Over,
        Mood::GoesOn => dialogue.end(out),
    }
}

/// The answer to a line; an error ends the dialogue.
fn answer(line: &[u8], out: &mut Vec<u8>) -> Result<(), ()> {
    if line == b"exit" {
        out.extend_from_slice(GOODBYE);
        return Err(());
    }
    for part in [GREETING, line, b"\n"] {
        out.extend_from_slice(part);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_greeted_however_it_comes_in_pieces() {
        let said = b"Ada\r\n\nGrace\nexit\nnobody hears this\n";
        for cut in 0..said.len() {
            let (mut dialogue, mut out) = (Dialogue::default(), Vec::new());
            let (one, two) = said.split_at(cut);
            let mood = match dialogue.hear(one, &mut out) {
                Mood::GoesOn => dialogue.hear(two, &mut out),
                Mood::Over => Mood::Over,
            };
            assert_eq!(mood, Mood::Over, "{cut}");
            assert_eq!(out, b"Hello, Ada\nHello, \nHello, Grace\nGoodbye.\n", "{cut}");
        }
    }

    #[test]
    fn answers_that_wait_are_few_however_many_lines_come() {
        let lines = [b'\n'; 64 * 1024];
        let (mut dialogue, mut rest, mut answered) = (Dialogue::default(), &lines[..], 0);
        while !rest.is_empty() {
            let mut out = Vec::new();
            assert_eq!(dialogue.hear_part(&mut rest, &mut out), Mood::GoesOn);
            assert!((1..ENOUGH + LONGEST_LINE).contains(&out.len()), "{}", out.len());
            answered += out.len();
        }
        assert_eq!(answered, lines.len() * b"Hello, \n".len());
        let (mut rest, mut out) = (&b"exit\nnobody hears this\n"[..], Vec::new());
        assert_eq!(dialogue.hear_part(&mut rest, &mut out), Mood::Over);
        assert_eq!(out, GOODBYE);
    }

    #[test]
    fn the_last_line_needs_no_end() {
        let (mut dialogue, mut out) = (Dialogue::default(), Vec::new());
        assert_eq!(dialogue.hear(b"Ada", &mut out), Mood::GoesOn);
        assert!(out.is_empty());
        assert_eq!(dialogue.end(&mut out), Mood::GoesOn);
        assert_eq!(out, b"Hello, Ada\n");
        assert_eq!(dialogue.end(&mut out), Mood::GoesOn);
        assert_eq!(out, b"Hello, Ada\n");
    }

    #[test]
    fn a_line_that_never_ends_is_not_kept() {
        let (mut dialogue, mut out) = (Dialogue::default(), Vec::new());
        assert_eq!(dialogue.hear(&[b'x'; LONGEST_LINE], &mut out), Mood::GoesOn);
        assert_eq!(dialogue.hear(b"x", &mut out), Mood::Over);
        assert_eq!(out, TOO_LONG);
    }

    #[test]
    fn a_message_is_a_line_with_or_without_an_end() {
        for (said, answered, mood) in [
            (&b"Ada"[..], &b"Hello, Ada\n"[..], Mood::GoesOn),
            (b"Ada\n", b"Hello, Ada\n", Mood::GoesOn),
            (b"", b"Hello, \n", Mood::GoesOn),
            (b"a\nb", b"Hello, a\nHello, b\n", Mood::GoesOn),
            (b"exit", b"Goodbye.\n", Mood::Over),
        ] {
            let mut out = Vec::new();
            assert_eq!(message(said, &mut out), mood);
            assert_eq!(out, answered);
        }
    }
}
