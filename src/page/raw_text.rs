//! Elements whose content is no markup, and how their end is found
//! (HTML standard, 13.2.5.2 to 13.2.5.31).
//!
//! All of them end at their own end tag. A script knows one thing more: behind `<!--`, a
//! `<script` inside it wants a `</script` of its own, until `-->`.

use super::tokens::{Name, find};

/// The element that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawText {
    name: &'static str,
    /// How deep in comments a script is.
    script: Script,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Plain,
    /// Behind `<!--`.
    Escaped,
    /// Behind `<!--` and `<script`: an end tag ends only that.
    Twice,
}

/// What one run gave: bytes of text, and whether the end tag is what follows.
pub(super) struct Raw {
    pub(super) taken: usize,
    pub(super) ended: bool,
}

/// What a `<` or a `-` in a script is.
enum Mark {
    /// This many bytes, and then this state.
    Turn(usize, Script),
    End,
    Nothing,
    Unknown,
}

const ELEMENTS: [&str; 8] =
    ["script", "style", "title", "textarea", "iframe", "noframes", "noembed", "xmp"];

impl RawText {
    /// The element of this name, if it is such a one.
    pub(super) fn of(name: Name<'_>) -> Option<RawText> {
        let is = |known: &&&str| name.is(known);
        ELEMENTS.iter().find(is).map(|name| RawText { name, script: Script::Plain })
    }

    /// Whether entities mean something in it.
    pub(super) fn has_entities(self) -> bool {
        matches!(self.name, "title" | "textarea")
    }

    /// Takes text up to the end tag, or as much as is certain to be text.
    pub(super) fn run(&mut self, input: &[u8], last: bool) -> Raw {
        let mut at = 0;
        while let Some(found) = self.next_mark(&input[at..]) {
            at += found;
            match self.mark(&input[at..]) {
                Mark::End => return Raw { taken: at, ended: true },
                Mark::Turn(bytes, script) => {
                    self.script = script;
                    at += bytes;
                }
                Mark::Unknown if !last => return Raw { taken: at, ended: false },
                Mark::Nothing | Mark::Unknown => at += 1,
            }
        }
        Raw { taken: input.len(), ended: false }
    }

    fn next_mark(&self, input: &[u8]) -> Option<usize> {
        if self.script == Script::Plain {
            return find(b'<', input);
        }
        let found = memchr::memchr2(b'<', b'-', input);
        #[cfg(test)]
        super::tokens::work::add(found.map_or(input.len(), |at| at + 1));
        found
    }

    fn mark(&self, input: &[u8]) -> Mark {
        match begins(input, b"</", self.name) {
            Begins::Yes if self.script == Script::Twice => return Mark::Turn(2, Script::Escaped),
            Begins::Yes => return Mark::End,
            Begins::Perhaps => return Mark::Unknown,
            Begins::No if self.name != "script" => return Mark::Nothing,
            Begins::No => {}
        }
        let mut unknown = false;
        for &(mark, name, bytes, then) in self.script.turns() {
            match begins(input, mark, name) {
                Begins::Yes => return Mark::Turn(bytes, then),
                Begins::Perhaps => unknown = true,
                Begins::No => {}
            }
        }
        if unknown { Mark::Unknown } else { Mark::Nothing }
    }
}

/// A mark, the name that must follow it, how many bytes of it are done with, and the state then.
type Turn = (&'static [u8], &'static str, usize, Script);

impl Script {
    /// What changes the state besides the end tag.
    fn turns(self) -> &'static [Turn] {
        match self {
            // Two dashes are left: in `<!-->` they are those of the end, too.
            Script::Plain => &[(b"<!--", "", 2, Script::Escaped)],
            Script::Escaped => {
                &[(b"<", "script", 1, Script::Twice), (b"-->", "", 3, Script::Plain)]
            }
            Script::Twice => &[(b"-->", "", 3, Script::Plain)],
        }
    }
}

#[derive(PartialEq, Eq)]
enum Begins {
    Yes,
    No,
    /// There are too few bytes to know.
    Perhaps,
}

/// Whether the input begins with `mark`; with a `name` behind it, if there is one, that ends
/// there.
fn begins(input: &[u8], mark: &[u8], name: &str) -> Begins {
    let most = mark.len().min(input.len());
    if input[..most] != mark[..most] {
        return Begins::No;
    }
    let rest = &input[most..];
    let most_name = name.len().min(rest.len());
    if !rest[..most_name].eq_ignore_ascii_case(&name.as_bytes()[..most_name]) {
        return Begins::No;
    }
    if most < mark.len() || most_name < name.len() {
        return Begins::Perhaps;
    }
    if name.is_empty() {
        return Begins::Yes;
    }
    match rest.get(name.len()) {
        None => Begins::Perhaps,
        Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>') => Begins::Yes,
        Some(_) => Begins::No,
    }
}
