//! What is meant for reading: rows with aligned labels, wrapped at the terminal's width, in
//! colour where a terminal takes it.
//!
//! Colour never carries the meaning. What comes from elsewhere is escaped by whoever writes it
//! here ([`print::escaped`]); a line break in it would break the layout.

use super::{env, print};
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use std::borrow::Cow;

/// As wide as a line gets, however wide the terminal is: longer lines are hard to read.
const WIDEST: usize = 120;

/// As wide as it gets where there is no terminal.
const USUAL: usize = 80;

/// Text is not squeezed into less than this; the terminal breaks the line then.
const NARROWEST: usize = 20;

/// When there is colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The flag that says so.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Color {
    /// Colour: on a terminal, always, or never
    #[arg(long = "color", value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    when: When,
}

/// What a piece of text is, as far as colour goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Text.
    Plain,
    /// What a paragraph is about.
    Title,
    /// What stands in front of a row.
    Label,
    /// A name that could be typed: a field, a flag, a command.
    Name,
    /// Less important than what is around it.
    Faint,
    /// As it should be.
    Good,
    /// Worth a look.
    Caution,
    /// Not as it should be.
    Bad,
}

impl Color {
    /// From the word behind `--color`; `None` where it is none.
    pub(super) fn of(word: &str) -> Option<Color> {
        When::from_str(word, false).ok().map(|when| Color { when })
    }
}

impl Ink {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Ink::Plain => Style::new(),
            Ink::Title => Style::new().bold(),
            Ink::Label => color(AnsiColor::Cyan),
            Ink::Name => color(AnsiColor::Magenta),
            Ink::Faint => Style::new().dimmed(),
            Ink::Good => color(AnsiColor::Green),
            Ink::Caution => color(AnsiColor::Yellow),
            Ink::Bad => color(AnsiColor::Red),
        }
    }
}

/// Text being laid out.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    width: usize,
    colored: bool,
    mask: Option<Mask>,
    text: String,
}

/// What a text becomes before it is laid out: behind that, a secret may be in two pieces.
pub(super) type Mask = fn(&str) -> Cow<'_, str>;

/// What has no space in it, in pieces of one ink each.
#[derive(Default)]
struct Word<'t> {
    pieces: Vec<(Ink, &'t str)>,
    width: usize,
}

impl Paper {
    /// As wide as the terminal behind standard output, and in colour if it takes it.
    pub(super) fn for_stdout(color: Color) -> Paper {
        let terminal = print::stdout_width();
        let colored = match color.when {
            When::Always => true,
            When::Never => false,
            When::Auto => env::color().unwrap_or(terminal.is_some()),
        };
        let width = terminal.unwrap_or(USUAL).min(WIDEST);
        Paper { width, colored, mask: None, text: String::new() }
    }

    /// So wide, and without colour.
    #[cfg(test)]
    pub(super) fn of_width(width: usize) -> Paper {
        Paper { width, colored: false, mask: None, text: String::new() }
    }

    /// For a file: it is no terminal, whatever standard output is.
    pub(super) fn for_file(color: Color) -> Paper {
        let colored = color.when == When::Always;
        Paper { width: USUAL, colored, mask: None, text: String::new() }
    }

    /// Everything that is laid out here goes through `mask` first.
    pub(super) fn masking(self, mask: Mask) -> Paper {
        Paper { mask: Some(mask), ..self }
    }

    fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask.map_or(Cow::Borrowed(text), |mask| mask(text))
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Lines as they are, which are laid out, and escaped, already.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// An empty line, but not at the beginning and not below another.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph; all its lines begin in the same column.
    pub(super) fn paragraph(&mut self, indent: usize, runs: &[(Ink, &str)]) {
        self.text.push_str(&" ".repeat(indent));
        self.flow(indent, runs);
    }

    /// A label, and text that begins, and goes on, in the column `at`. A label that reaches so
    /// far has a line of its own.
    pub(super) fn row(
        &mut self,
        indent: usize,
        label: (Ink, &str),
        at: usize,
        runs: &[(Ink, &str)],
    ) {
        self.text.push_str(&" ".repeat(indent));
        let column = indent + columns(label.1);
        if column + 1 > at {
            self.flow(indent, &[label]);
            self.text.push_str(&" ".repeat(at));
        } else {
            self.ink(label.0, label.1);
            self.text.push_str(&" ".repeat(at - column));
        }
        self.flow(at, runs);
    }

    /// A label, and two texts beside each other, each in a half of what is left; `None` is a
    /// dash. A label that reaches too far has a line of its own.
    pub(super) fn sides(
        &mut self,
        indent: usize,
        label: (Ink, &str),
        at: usize,
        left: (Ink, Option<&str>),
        right: (Ink, Option<&str>),
    ) {
        /// Between the two.
        const GUTTER: usize = 2;
        let room = (self.width.saturating_sub(at + GUTTER) / 2).max(NARROWEST);
        let half = |(ink, text): (Ink, Option<&str>)| {
            let mut half =
                Paper { width: room, colored: false, mask: self.mask, text: String::new() };
            half.flow(0, &[(Ink::Plain, text.unwrap_or("—"))]);
            let lines: Vec<String> = half.text.lines().map(str::to_owned).collect();
            (if text.is_some() { ink } else { Ink::Faint }, lines)
        };
        let ((left_ink, left), (right_ink, right)) = (half(left), half(right));
        self.text.push_str(&" ".repeat(indent));
        let mut column = indent + columns(label.1);
        if column + 1 > at {
            self.flow(indent, &[label]);
            column = 0;
        } else {
            self.ink(label.0, label.1);
        }
        for number in 0..left.len().max(right.len()) {
            let one = left.get(number).map_or("", String::as_str);
            let other = right.get(number).map_or("", String::as_str);
            self.text.push_str(&" ".repeat(at - column));
            column = 0;
            self.ink(left_ink, one);
            if !other.is_empty() {
                self.text.push_str(&" ".repeat(room + GUTTER - columns(one)));
                self.ink(right_ink, other);
            }
            let end = self.text.trim_end_matches(' ').len();
            self.text.truncate(end);
            self.text.push('\n');
        }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Words from the column `at` on, to the end of the line and on the next ones.
    fn flow(&mut self, at: usize, runs: &[(Ink, &str)]) {
        let masked: Vec<_> = runs.iter().map(|&(ink, text)| (ink, self.masked(text))).collect();
        let runs: Vec<_> = masked.iter().map(|(ink, text)| (*ink, &**text)).collect();
        let room = self.width.saturating_sub(at).max(NARROWEST);
        let mut used = 0;
        for word in words(&runs) {
            // What is longer than a line is cut in any case, and begins where it stands.
            if used > 0 && used + 1 + word.width > room && word.width <= room {
                self.next_line(at);
                used = 0;
            } else if used > 0 {
                self.text.push(' ');
                used += 1;
            }
            used = self.word(&word, at, room, used);
        }
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
    }

    /// A word, cut where it is longer than a line; the column behind it.
    fn word(&mut self, word: &Word<'_>, at: usize, room: usize, mut used: usize) -> usize {
        for &(ink, piece) in &word.pieces {
            let mut rest = piece;
            while let Some(cut) = beyond(rest, room.saturating_sub(used)) {
                // What does not fit at all, in a line of its own, goes there all the same.
                let cut = match rest.chars().next() {
                    Some(first) if cut == 0 && used == 0 => first.len_utf8(),
                    _ => cut,
                };
                let (here, behind) = rest.split_at(cut);
                self.ink(ink, here);
                self.next_line(at);
                used = 0;
                rest = behind;
            }
            self.ink(ink, rest);
            used += columns(rest);
        }
        used
    }

    fn next_line(&mut self, at: usize) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        self.text.push('\n');
        self.text.push_str(&" ".repeat(at));
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        if self.colored && ink != Ink::Plain && !text.is_empty() {
            let style = ink.style();
            self.text.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.text.push_str(text);
        }
    }
}

/// Where the first character begins that has no room any more, if there is one.
fn beyond(text: &str, room: usize) -> Option<usize> {
    let mut used = 0;
    text.char_indices().find_map(|(at, c)| {
        used += width_of(c);
        (used > room).then_some(at)
    })
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// How many columns a character takes, as terminals draw it: two for those of East Asian scripts
/// and emoji, none for marks that stand over the one before.
fn width_of(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// The words of a text; where one run ends without a space, the next one goes on with its word.
fn words<'t>(runs: &[(Ink, &'t str)]) -> Vec<Word<'t>> {
    let mut words = Vec::new();
    let mut word = Word::default();
    for &(ink, text) in runs {
        for (number, piece) in text.split(' ').enumerate() {
            if number > 0 && word.width > 0 {
                words.push(std::mem::take(&mut word));
            }
            if !piece.is_empty() {
                word.width += columns(piece);
                word.pieces.push((ink, piece));
            }
        }
    }
    if word.width > 0 {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::secret;

    fn paper(width: usize, colored: bool) -> Paper {
        Paper { width, colored, mask: None, text: String::new() }
    }

    #[test]
    fn rows_are_aligned_and_their_text_is_wrapped_below_itself() {
        let mut paper = paper(30, false);
        paper.row(2, (Ink::Label, "age"), 8, &[(Ink::Plain, "how long it has been in a cache")]);
        paper.row(2, (Ink::Label, "a long label"), 8, &[(Ink::Plain, "below it")]);
        let expected =
            "  age   how long it has been\n        in a cache\n  a long label\n        below it\n";
        assert_eq!(paper.into_text(), expected);
    }

    #[test]
    fn runs_without_a_space_between_make_one_word() {
        let mut paper = paper(24, false);
        let runs = [(Ink::Plain, "see ("), (Ink::Name, "Cache-Control"), (Ink::Plain, "), too")];
        paper.paragraph(0, &runs);
        assert_eq!(paper.into_text(), "see (Cache-Control), too\n");
    }

    #[test]
    fn what_is_masked_is_masked_before_it_is_cut_into_lines() {
        let mut paper = paper(24, false).masking(secret::text_without_passwords);
        let url = "see http://ada:a-long-password-of-hers@a.example/ there";
        paper.row(2, (Ink::Label, "url"), 8, &[(Ink::Plain, url)]);
        paper.paragraph(0, &[(Ink::Plain, url)]);
        paper.sides(0, (Ink::Name, ""), 2, (Ink::Plain, Some(url)), (Ink::Plain, Some(url)));
        let text = paper.into_text();
        assert!(!text.contains("pass") && text.matches("***").count() == 4, "{text}");
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        let mut paper = paper(24, false);
        paper.paragraph(2, &[(Ink::Plain, &"x".repeat(50)), (Ink::Bad, "yy")]);
        let text = paper.into_text();
        assert!(text.lines().all(|line| line.len() <= 24 && line.starts_with("  x")), "{text}");
        assert_eq!(text.matches(['x', 'y']).count(), 52);
    }

    #[test]
    fn two_sides_stand_beside_each_other_and_each_in_its_half() {
        let mut paper = paper(54, false);
        let (one, other) = ("some words on the left side", "right");
        paper.sides(2, (Ink::Name, "at"), 12, (Ink::Plain, Some(one)), (Ink::Bad, Some(other)));
        paper.sides(2, (Ink::Name, "a long label"), 12, (Ink::Plain, None), (Ink::Plain, Some("")));
        let expected = "  at        some words on the     right\n            left side\n";
        assert_eq!(paper.into_text(), format!("{expected}  a long label\n            —\n"));
        let mut narrow = self::paper(20, true);
        let long = "y".repeat(70);
        narrow.sides(0, (Ink::Name, "x"), 12, (Ink::Plain, Some(&long)), (Ink::Bad, Some(&long)));
        assert_eq!(narrow.into_text().matches('y').count(), 140);
    }

    #[test]
    fn no_line_is_wider_than_the_paper() {
        let mut paper = paper(50, false);
        for length in [1, 25, 26, 30, 49, 50, 51, 200] {
            let text = "word ".repeat(length / 5) + &"x".repeat(length) + &"漢".repeat(length);
            paper.row(4, (Ink::Label, &text), 20, &[(Ink::Plain, &text)]);
            paper.paragraph(3, &[(Ink::Plain, &text)]);
        }
        for line in paper.into_text().lines() {
            assert!(columns(line) <= 50 && !line.ends_with(' '), "{line:?}");
        }
    }

    #[test]
    fn color_changes_nothing_but_the_color() {
        let write = |colored| {
            let mut paper = paper(40, colored);
            paper.row(
                2,
                (Ink::Label, "status"),
                12,
                &[(Ink::Bad, "404 Not Found"), (Ink::Plain, ", and so on and on and on")],
            );
            paper.gap();
            paper.gap();
            paper.into_text()
        };
        let colored = write(true);
        assert!(colored.contains("\x1b[36mstatus\x1b[0m") && colored.contains("\x1b[31m404"));
        let mut plain = String::new();
        for (number, piece) in colored.split('\x1b').enumerate() {
            plain.push_str(if number == 0 { piece } else { piece.split_once('m').unwrap().1 });
        }
        assert_eq!(plain, write(false));
        assert!(plain.ends_with("\n\n") && !plain.ends_with("\n\n\n"));
    }
}
