//! The scanner: bytes of HTML in, tags and text out.
//!
//! ```text
//!           ┌────────── Data ──────────┐     <title> <textarea> <style> <script> <xmp> <iframe>
//!    text ◀─┤ memchr to `<`            ├──▶ Raw, until </that name        <noembed> <noframes>
//!           │   <name …>   a Tag       ├──▶ Plain, to the end                    <plaintext>
//!           │   </name …>  an End      │
//!           │   <!-- -->   passed over │     (comments, doctypes, <? … >, </3>, CDATA in HTML)
//!           └──────────────────────────┘
//! ```
//!
//! It is the tokenization of the HTML standard (section 13.2.5) without a tree behind it: what
//! the tree would tell, which elements hold raw text, is known by their names, as for a browser
//! without scripts (so `noscript` holds markup). Inside `svg` and `math` such an element that
//! closes itself is empty. Nothing recurses, nothing is looked at twice but what a whole tag
//! needs, attributes are taken apart only for whoever asks.
//!
//! The bytes may be in any encoding in which ASCII bytes below `@` are always themselves: see
//! [`Charset::readable`](super::Charset::readable). What is kept is decoded by
//! [`entities::text`](super::entities::text) and [`entities::attribute`](super::entities::attribute).
//!
//! Streaming: [`Scanner::next`] is offered every byte not yet taken and says how many it took.
//! A tag is not taken before its end is there; until then the scanner waits for the unread part
//! to double, so that a tag of megabytes is not walked through once for each of its packets.

use super::attributes::{Attributes, Step, step};
use super::raw_text::{Raw, RawText};
use memchr::memchr;
use memchr::memmem;

/// What a piece of HTML is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'i> {
    /// A start tag.
    Start(Tag<'i>),
    /// An end tag; end tags have no attributes that matter.
    End(Name<'i>),
    /// Text with its entities: between tags, and in `title` and `textarea`. A long run may come
    /// in pieces.
    Text(&'i [u8]),
    /// Text that is what it is: in scripts, styles and the like.
    Raw(&'i [u8]),
}

/// The name of an element as it was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Name<'i>(pub &'i [u8]);

impl Name<'_> {
    /// Whether it is this one, without case.
    pub fn is(self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name.as_bytes())
    }
}

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// A start tag, its attributes not yet looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'i> {
    /// The element.
    pub name: Name<'i>,
    /// It ends with `/>`, which means something in `svg`, `math` and XML only.
    pub closes_itself: bool,
    /// It stands inside `svg` or `math`, or begins one.
    pub foreign: bool,
    /// Everything behind the name, `>` included.
    inside: &'i [u8],
}

impl<'i> Tag<'i> {
    /// Whether it is this element, without case.
    pub fn is(&self, name: &str) -> bool {
        self.name.is(name)
    }

    /// The attributes in order, repeated ones too: the first of a name is the one that holds.
    pub fn attributes(&self) -> Attributes<'i> {
        Attributes::new(self.inside)
    }

    /// The raw value of an attribute; the empty one where there is only its name.
    pub fn get(&self, name: &str) -> Option<&'i [u8]> {
        self.attributes().find(|found| found.is(name)).map(|found| found.value)
    }
}

/// Where the scanner stands between two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Data,
    /// In an element that holds no markup.
    Raw(RawText),
    /// In `plaintext`, which never ends.
    Plain,
    /// Behind `<!--`; `fresh` right behind it, where `>` and `->` end it, too.
    Comment {
        fresh: bool,
    },
    /// In something that ends at the next `>`.
    Skip,
    /// In a CDATA section of XML.
    Cdata,
}

/// What a `<` begins.
enum Opens {
    Tag,
    End,
    Comment,
    Skip,
    Cdata,
    /// A `<` that is text.
    Nothing,
    /// More bytes are needed to know.
    Unknown,
}

/// The scanner: where it stands in a document. The bytes are its caller's.
#[derive(Clone, Debug)]
pub struct Scanner {
    state: State,
    xml: bool,
    /// How many `svg` and `math` are open.
    foreign: u32,
    /// With fewer bytes than this nothing has changed.
    wait: usize,
}

impl Scanner {
    /// For HTML.
    pub fn html() -> Scanner {
        Scanner { state: State::Data, xml: false, foreign: 0, wait: 0 }
    }

    /// For XML: no element is raw, CDATA is text, and the rest is taken as tolerantly.
    pub fn xml() -> Scanner {
        Scanner { xml: true, ..Scanner::html() }
    }

    /// The next token of `input`, and how many bytes were taken with it. Without a token, the
    /// rest is to be offered again with more behind it; with `last`, there is nothing more, and
    /// no token is the end.
    pub fn next<'i>(&mut self, input: &'i [u8], last: bool) -> (usize, Option<Token<'i>>) {
        if !last && input.len() < self.wait {
            return (0, None);
        }
        self.wait = 0;
        let mut taken = 0;
        loop {
            let (bytes, token) = self.advance(&input[taken..], last);
            taken += bytes;
            if token.is_some() {
                return (taken, token);
            }
            if taken == input.len() || (bytes == 0 && !last) {
                self.wait = (input.len() - taken) * 2;
                return (taken, None);
            }
            // The end of the input ends everything that is open.
            if bytes == 0 {
                return (input.len(), None);
            }
        }
    }

    /// One step: bytes taken, and perhaps a token. Nothing taken and no token: more is needed.
    fn advance<'i>(&mut self, input: &'i [u8], last: bool) -> (usize, Option<Token<'i>>) {
        match self.state {
            State::Data => self.data(input, last),
            State::Raw(mut raw) => {
                let Raw { taken, ended } = raw.run(input, last);
                self.state = if ended { State::Data } else { State::Raw(raw) };
                // What ended it is an end tag for `data`, even with nothing before it.
                if taken == 0 {
                    return if ended { self.data(input, last) } else { (0, None) };
                }
                let text = &input[..taken];
                let token = if raw.has_entities() { Token::Text(text) } else { Token::Raw(text) };
                (taken, Some(token))
            }
            State::Plain => (input.len(), (!input.is_empty()).then_some(Token::Raw(input))),
            State::Comment { fresh } => (self.comment(input, fresh, last), None),
            State::Skip => match find(b'>', input) {
                Some(at) => {
                    self.state = State::Data;
                    (at + 1, None)
                }
                None => (input.len(), None),
            },
            State::Cdata => {
                let end = find_all(b"]]>", input);
                match end {
                    Some(0) => {
                        self.state = State::Data;
                        (3, None)
                    }
                    Some(at) => (at, Some(Token::Raw(&input[..at]))),
                    None => {
                        let keep = if last { 0 } else { input.len().min(2) };
                        let taken = input.len() - keep;
                        (taken, (taken > 0).then_some(Token::Raw(&input[..taken])))
                    }
                }
            }
        }
    }

    fn data<'i>(&mut self, input: &'i [u8], last: bool) -> (usize, Option<Token<'i>>) {
        let mut from = 0;
        while let Some(at) = find(b'<', &input[from..]).map(|at| from + at) {
            let opens = self.opens(&input[at..], last);
            if matches!(opens, Opens::Nothing) {
                from = at + 1;
                continue;
            }
            if at > 0 {
                return (at, Some(Token::Text(&input[..at])));
            }
            let (state, taken) = match opens {
                Opens::Tag => return self.tag(input),
                Opens::End => return self.end(input),
                Opens::Comment => (State::Comment { fresh: true }, 4),
                Opens::Cdata => (State::Cdata, 9),
                Opens::Skip => (State::Skip, 2),
                Opens::Unknown | Opens::Nothing => return (0, None),
            };
            self.state = state;
            return (taken, None);
        }
        (input.len(), (!input.is_empty()).then_some(Token::Text(input)))
    }

    fn opens(&self, input: &[u8], last: bool) -> Opens {
        let unknown = if last { Opens::Nothing } else { Opens::Unknown };
        match (input.get(1), input.get(2)) {
            (Some(letter), _) if letter.is_ascii_alphabetic() => Opens::Tag,
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => Opens::End,
            (Some(b'/'), Some(_)) | (Some(b'?'), _) => Opens::Skip,
            (Some(b'!'), _) => {
                let begins = |with: &[u8]| {
                    let most = with.len().min(input.len());
                    (input[..most] == with[..most]).then_some(most == with.len())
                };
                let cdata = if self.xml { begins(b"<![CDATA[") } else { None };
                match (begins(b"<!--"), cdata) {
                    (Some(true), _) => Opens::Comment,
                    (_, Some(true)) => Opens::Cdata,
                    (Some(false), _) | (_, Some(false)) if !last => Opens::Unknown,
                    _ => Opens::Skip,
                }
            }
            (Some(b'/') | None, None) => unknown,
            _ => Opens::Nothing,
        }
    }

    fn tag<'i>(&mut self, input: &'i [u8]) -> (usize, Option<Token<'i>>) {
        let Some((name, inside, slash)) = whole(input, 1) else { return (0, None) };
        let taken = 1 + name.0.len() + inside.len();
        let opens_foreign = name.is("svg") || name.is("math");
        let foreign = self.foreign > 0 || opens_foreign;
        if opens_foreign && !slash {
            self.foreign = self.foreign.saturating_add(1);
        }
        if !(self.xml || foreign && slash) {
            if let Some(raw) = RawText::of(name) {
                self.state = State::Raw(raw);
            } else if name.is("plaintext") {
                self.state = State::Plain;
            }
        }
        (taken, Some(Token::Start(Tag { name, closes_itself: slash, foreign, inside })))
    }

    fn end<'i>(&mut self, input: &'i [u8]) -> (usize, Option<Token<'i>>) {
        let Some((name, inside, _)) = whole(input, 2) else { return (0, None) };
        if self.foreign > 0 && (name.is("svg") || name.is("math")) {
            self.foreign -= 1;
        }
        (2 + name.0.len() + inside.len(), Some(Token::End(name)))
    }

    /// Bytes of a comment that can be passed over.
    fn comment(&mut self, input: &[u8], fresh: bool, last: bool) -> usize {
        if fresh {
            // `<!-->` and `<!--->` are comments.
            let short = if input.starts_with(b">") { 1 } else { 2 };
            if input.starts_with(b">") || input.starts_with(b"->") {
                self.state = State::Data;
                return short;
            }
            if !last && matches!(input, b"" | b"-") {
                return 0;
            }
            self.state = State::Comment { fresh: false };
        }
        let mut from = 0;
        while let Some(at) = find_all(b"--", &input[from..]).map(|at| from + at) {
            match (input.get(at + 2), input.get(at + 3)) {
                (Some(b'>'), _) => {
                    self.state = State::Data;
                    return at + 3;
                }
                (Some(b'!'), Some(b'>')) => {
                    self.state = State::Data;
                    return at + 4;
                }
                (None, _) | (Some(b'!'), None) => return if last { input.len() } else { at },
                _ => from = at + 1,
            }
        }
        // A dash at the end may be the first of two.
        input.len() - usize::from(!last && input.ends_with(b"-"))
    }
}

/// The name, what is behind it, and whether it ends with `/>`, of a tag whose name begins at
/// `at`; nothing where its end is not there.
fn whole(input: &[u8], at: usize) -> Option<(Name<'_>, &[u8], bool)> {
    let ends = |b: &u8| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>');
    let length = input[at..].iter().position(ends)?;
    let behind = at + length;
    let mut from = behind;
    loop {
        match step(input, from) {
            Step::Attribute(_, next) => from = next,
            Step::End { next, slash } => {
                #[cfg(test)]
                work::add(next);
                return Some((Name(&input[at..behind]), &input[behind..next], slash));
            }
            Step::Open => {
                #[cfg(test)]
                work::add(input.len());
                return None;
            }
        }
    }
}

/// memchr, its work counted in tests.
pub(super) fn find(byte: u8, input: &[u8]) -> Option<usize> {
    let found = memchr(byte, input);
    #[cfg(test)]
    work::add(found.map_or(input.len(), |at| at + 1));
    found
}

fn find_all(bytes: &[u8], input: &[u8]) -> Option<usize> {
    let found = memmem::find(input, bytes);
    #[cfg(test)]
    work::add(found.map_or(input.len(), |at| at + bytes.len()));
    found
}

/// The tokens of a document that is there as a whole.
#[derive(Clone, Debug)]
pub struct Tokens<'i> {
    scanner: Scanner,
    rest: &'i [u8],
}

impl<'i> Tokens<'i> {
    /// Of this content.
    pub fn new(scanner: Scanner, content: &'i [u8]) -> Tokens<'i> {
        Tokens { scanner, rest: content }
    }
}

impl<'i> Iterator for Tokens<'i> {
    type Item = Token<'i>;

    fn next(&mut self) -> Option<Token<'i>> {
        let (taken, token) = self.scanner.next(self.rest, true);
        self.rest = &self.rest[taken..];
        token
    }
}

/// How many bytes were looked at, so that a test can hold the scanner to linear time.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local!(static BYTES: Cell<usize> = const { Cell::new(0) });

    pub(in crate::page) fn add(bytes: usize) {
        BYTES.with(|sum| sum.set(sum.get() + bytes));
    }

    /// The sum since the last call.
    pub(in crate::page) fn take() -> usize {
        BYTES.with(|sum| sum.replace(0))
    }
}
