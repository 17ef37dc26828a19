//! Text gathered from pieces: white space collapsed, bounded, counted.

/// What was gathered. White space in a row is one space, at both ends it is none.
#[derive(Clone, Debug)]
pub(super) struct Gather {
    text: String,
    chars: usize,
    most: usize,
    space: bool,
}

impl Gather {
    /// Keeps this many characters, and counts the others.
    pub(super) fn new(most: usize) -> Gather {
        Gather { text: String::new(), chars: 0, most, space: false }
    }

    pub(super) fn push(&mut self, piece: &str) {
        for c in piece.chars() {
            if c.is_whitespace() {
                self.space();
            } else {
                if self.space && self.chars > 0 {
                    self.keep(' ');
                }
                self.space = false;
                self.keep(c);
            }
        }
    }

    /// A word ends here.
    pub(super) fn space(&mut self) {
        self.space = true;
    }

    fn keep(&mut self, c: char) {
        if self.chars < self.most {
            self.text.push(c);
        }
        self.chars += 1;
    }

    /// Characters in all.
    pub(super) fn chars(&self) -> usize {
        self.chars
    }

    /// What was kept; `…` stands for the rest.
    pub(super) fn into_text(mut self) -> Option<String> {
        if self.chars > self.most {
            self.text.push('…');
        }
        (!self.text.is_empty()).then_some(self.text)
    }
}

/// A text of its own, collapsed and bounded.
pub(super) fn collapsed(text: &str, most: usize) -> Option<String> {
    let mut gather = Gather::new(most);
    gather.push(text);
    gather.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_collapsed_and_the_rest_is_cut_with_a_mark() {
        assert_eq!(collapsed(" a\n\t b\u{a0} ", 9).as_deref(), Some("a b"));
        assert_eq!(collapsed("abcdef", 3).as_deref(), Some("abc…"));
        assert_eq!(collapsed("äöü", 3).as_deref(), Some("äöü"));
        assert_eq!(collapsed(" \n ", 3), None);
        let mut pieces = Gather::new(10);
        for piece in ["a", "b ", " c"] {
            pieces.push(piece);
        }
        assert_eq!((pieces.chars(), pieces.into_text().as_deref()), (4, Some("ab c")));
    }
}
