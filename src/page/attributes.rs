//! What stands inside a tag behind its name (HTML standard, 13.2.5.32 to 13.2.5.40).

use super::tokens::find;

/// An attribute as it was written, entities and all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'i> {
    /// The name; compared without case.
    pub name: &'i [u8],
    /// The value without its quotes; empty where there is only a name.
    pub value: &'i [u8],
}

impl Attribute<'_> {
    /// Whether it is this one, without case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The attributes of one tag.
#[derive(Clone, Debug)]
pub struct Attributes<'i> {
    inside: &'i [u8],
    at: usize,
}

impl<'i> Attributes<'i> {
    /// Of what stands behind a tag's name.
    pub(super) fn new(inside: &'i [u8]) -> Attributes<'i> {
        Attributes { inside, at: 0 }
    }
}

impl<'i> Iterator for Attributes<'i> {
    type Item = Attribute<'i>;

    fn next(&mut self) -> Option<Attribute<'i>> {
        match step(self.inside, self.at) {
            Step::Attribute(attribute, next) => {
                self.at = next;
                Some(attribute)
            }
            Step::End { .. } | Step::Open => None,
        }
    }
}

/// What comes next inside a tag.
pub(super) enum Step<'i> {
    /// An attribute, and where to go on.
    Attribute(Attribute<'i>, usize),
    /// The `>`, what is behind it, and whether a slash stood before it.
    End { next: usize, slash: bool },
    /// The input ends inside the tag.
    Open,
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// From `at`, behind a name or a value, to behind the next one or the end.
pub(super) fn step(input: &[u8], mut at: usize) -> Step<'_> {
    let mut slash = false;
    loop {
        match input.get(at) {
            Some(b'/') => slash = true,
            Some(&blank) if is_blank(blank) => slash = false,
            Some(b'>') => return Step::End { next: at + 1, slash },
            Some(_) => break,
            None => return Step::Open,
        }
        at += 1;
    }
    // A name may begin with `=`, and hold anything that does not end it.
    let begin = at;
    let ends = |b: &u8| matches!(b, b'/' | b'>' | b'=') || is_blank(*b);
    let Some(length) = input[begin + 1..].iter().position(ends) else { return Step::Open };
    at = begin + 1 + length;
    let name = &input[begin..at];
    let Some(after) = unblank(input, at) else { return Step::Open };
    if input[after] != b'=' {
        return Step::Attribute(Attribute { name, value: &[] }, after);
    }
    let Some(at) = unblank(input, after + 1) else { return Step::Open };
    let (value, next) = match input[at] {
        quote @ (b'"' | b'\'') => match find(quote, &input[at + 1..]) {
            Some(length) => (&input[at + 1..at + 1 + length], at + length + 2),
            None => return Step::Open,
        },
        // A value is missing, and the tag is at its end.
        b'>' => (&input[at..at], at),
        _ => match input[at..].iter().position(|&b| b == b'>' || is_blank(b)) {
            Some(length) => (&input[at..at + length], at + length),
            None => return Step::Open,
        },
    };
    Step::Attribute(Attribute { name, value }, next)
}

/// The first place from `at` on that is no white space.
fn unblank(input: &[u8], at: usize) -> Option<usize> {
    input[at..].iter().position(|&b| !is_blank(b)).map(|length| at + length)
}
