//! `Cache-Control` (RFC 9111 section 5.2), read tolerantly: any case, quotes or none, many lines.
//!
//! Of a directive that is given twice the first counts (section 4.2.1); one that takes no part
//! of an answer out gives way to one that takes out all of it.

use crate::base::Headers;

/// More seconds than this count as this many (section 1.2.2): some 68 years.
pub const LONGEST: u64 = 1 << 31;

/// So many names of fields are kept of a directive that lists them; nobody lists more.
const MOST_FIELDS: usize = 32;

/// The longest name of a field that is kept; a longer one is nobody's.
const LONGEST_FIELD: usize = 64;

/// A number of seconds that a directive gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delta {
    /// The directive is not there.
    #[default]
    Absent,
    /// It is there, and what it gives is no number of seconds.
    Invalid,
    /// So many, at most [`LONGEST`].
    Seconds(u64),
}

impl Delta {
    /// The seconds, where they make sense.
    pub fn seconds(self) -> Option<u64> {
        match self {
            Delta::Seconds(seconds) => Some(seconds),
            Delta::Absent | Delta::Invalid => None,
        }
    }

    /// Digits and nothing else (section 1.2.2).
    pub fn read(text: &[u8]) -> Delta {
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return Delta::Invalid;
        }
        let more = |sum: u64, digit: &u8| (sum * 10 + u64::from(digit - b'0')).min(LONGEST);
        Delta::Seconds(text.iter().fold(0, more))
    }
}

/// How much of an answer `private` and `no-cache` speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The directive is not there.
    #[default]
    Nothing,
    /// These fields only, in lower case.
    Fields(Vec<String>),
    /// All of it.
    Whole,
}

impl Scope {
    /// Whether it speaks of all of the answer.
    pub fn is_whole(&self) -> bool {
        *self == Scope::Whole
    }

    /// The fields it speaks of, where it does not speak of everything.
    pub fn fields(&self) -> &[String] {
        match self {
            Scope::Fields(fields) => fields,
            Scope::Nothing | Scope::Whole => &[],
        }
    }

    /// Without a list, or with one that names nothing, it is about everything.
    fn add(&mut self, list: Option<&[u8]>) {
        let names = list.unwrap_or_default().split(|b| *b == b',').map(<[u8]>::trim_ascii);
        let names = names.filter(|name| !name.is_empty()).take(MOST_FIELDS);
        let names = names.map(|name| &name[..name.len().min(LONGEST_FIELD)]);
        let mut named: Vec<String> =
            names.map(|name| String::from_utf8_lossy(name).to_ascii_lowercase()).collect();
        match self {
            _ if named.is_empty() => *self = Scope::Whole,
            Scope::Whole => {}
            Scope::Nothing => *self = Scope::Fields(named),
            Scope::Fields(fields) if fields.len() < MOST_FIELDS => fields.append(&mut named),
            Scope::Fields(_) => {}
        }
    }
}

/// The directives of an answer, or of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// `no-store`.
    pub no_store: bool,
    /// `no-cache`.
    pub no_cache: Scope,
    /// `private`.
    pub private: Scope,
    /// `public`.
    pub public: bool,
    /// `max-age`.
    pub max_age: Delta,
    /// `s-maxage`.
    pub s_maxage: Delta,
    /// `must-revalidate`.
    pub must_revalidate: bool,
    /// `proxy-revalidate`.
    pub proxy_revalidate: bool,
    /// `must-understand`.
    pub must_understand: bool,
    /// `no-transform`.
    pub no_transform: bool,
    /// `immutable` (RFC 8246).
    pub immutable: bool,
    /// `stale-while-revalidate` (RFC 5861).
    pub stale_while_revalidate: Delta,
    /// `stale-if-error` (RFC 5861).
    pub stale_if_error: Delta,
    /// `only-if-cached`, of a request.
    pub only_if_cached: bool,
    /// `min-fresh`, of a request.
    pub min_fresh: Delta,
    /// `max-stale`, of a request; [`LONGEST`] where it gives no number.
    pub max_stale: Delta,
    /// Directives that were given more than once, with different seconds.
    pub repeated: Vec<&'static str>,
    /// How many directives are known to nobody here.
    pub unknown: usize,
}

impl Directives {
    /// Those of a message, over all its lines.
    pub fn of(headers: &Headers) -> Directives {
        let mut read = Directives::default();
        headers.all("Cache-Control").for_each(|line| read.line(line));
        read
    }

    /// Those of a request; `Pragma: no-cache` counts where there is no `Cache-Control`
    /// (section 5.4).
    pub fn asked(request: &Headers) -> Directives {
        let mut read = Directives::of(request);
        let says = |member: &[u8]| member.eq_ignore_ascii_case(b"no-cache");
        if !request.has("Cache-Control") && request.members("Pragma").any(says) {
            read.no_cache = Scope::Whole;
        }
        read
    }

    /// Those of one line.
    pub fn line(&mut self, line: &[u8]) {
        let mut rest = line;
        while !rest.is_empty() {
            let end = rest.iter().position(|b| matches!(b, b',' | b'='));
            let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
            let apart = name.last().is_some_and(u8::is_ascii_whitespace);
            let (value, behind) = match behind {
                [b'=', value @ ..] => {
                    let (value, behind) = argument(value, apart);
                    (Some(value), behind)
                }
                [_, behind @ ..] => (None, behind),
                [] => (None, behind),
            };
            let name = name.trim_ascii();
            if !name.is_empty() {
                self.directive(name, value.as_deref());
            }
            rest = behind;
        }
    }

    fn directive(&mut self, name: &[u8], value: Option<&[u8]>) {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let delta = || Delta::read(value.unwrap_or_default());
        let flags = [
            ("no-store", &mut self.no_store),
            ("public", &mut self.public),
            ("must-revalidate", &mut self.must_revalidate),
            ("proxy-revalidate", &mut self.proxy_revalidate),
            ("must-understand", &mut self.must_understand),
            ("no-transform", &mut self.no_transform),
            ("immutable", &mut self.immutable),
            ("only-if-cached", &mut self.only_if_cached),
        ];
        if let Some((_, flag)) = flags.into_iter().find(|(known, _)| is(known)) {
            *flag = true;
            return;
        }
        let deltas = [
            ("max-age", &mut self.max_age),
            ("s-maxage", &mut self.s_maxage),
            ("stale-while-revalidate", &mut self.stale_while_revalidate),
            ("stale-if-error", &mut self.stale_if_error),
            ("min-fresh", &mut self.min_fresh),
            ("max-stale", &mut self.max_stale),
        ];
        if let Some((known, place)) = deltas.into_iter().find(|(known, _)| is(known)) {
            let any = known == "max-stale" && value.is_none();
            let given = if any { Delta::Seconds(LONGEST) } else { delta() };
            match *place {
                Delta::Absent => *place = given,
                first if first != given && !self.repeated.contains(&known) => {
                    self.repeated.push(known);
                }
                _ => {}
            }
        } else if is("no-cache") {
            self.no_cache.add(value);
        } else if is("private") {
            self.private.add(value);
        } else {
            self.unknown += 1;
        }
    }
}

/// What stands behind `=`, up to the next comma: a token, or a quoted string with its escapes
/// undone. What follows the quotes belongs to it, and so does white space beside the `=`, which
/// must not be there: it makes no sense as a number then.
fn argument(text: &[u8], apart: bool) -> (Vec<u8>, &[u8]) {
    let mut rest = text.trim_ascii_start();
    let apart = apart || rest.len() < text.len();
    let mut value = if apart { vec![b' '] } else { Vec::new() };
    if let Some(inside) = rest.strip_prefix(b"\"") {
        rest = inside;
        loop {
            match rest {
                [] | [b'\\'] => return (value, b""),
                [b'"', behind @ ..] => {
                    rest = behind;
                    break;
                }
                [b'\\', byte, behind @ ..] | [byte, behind @ ..] => {
                    value.push(*byte);
                    rest = behind;
                }
            }
        }
    }
    let end = rest.iter().position(|b| *b == b',').unwrap_or(rest.len());
    value.extend_from_slice(rest[..end].trim_ascii());
    (value, rest.get(end + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Directives {
        let mut read = Directives::default();
        read.line(line.as_bytes());
        read
    }

    #[test]
    fn case_quotes_and_white_space_do_not_matter() {
        for line in
            ["MAX-AGE=60", "max-age=\"60\"", " , max-age=60 ,", "a=\"b,c\",max-age=\"6\\0\""]
        {
            assert_eq!(read(line).max_age, Delta::Seconds(60), "{line}");
        }
    }

    #[test]
    fn seconds_are_digits_and_have_an_end() {
        for (line, delta) in [
            ("max-age=0", Delta::Seconds(0)),
            ("max-age=2147483649", Delta::Seconds(LONGEST)),
            ("max-age=99999999999999999999999999", Delta::Seconds(LONGEST)),
            ("max-age =60", Delta::Invalid),
            ("max-age= 60", Delta::Invalid),
            ("max-age=007", Delta::Seconds(7)),
            ("max-age=-1", Delta::Invalid),
            ("max-age=+1", Delta::Invalid),
            ("max-age=1.5", Delta::Invalid),
            ("max-age=60; public", Delta::Invalid),
            ("max-age=\"60\"s", Delta::Invalid),
            ("max-age=", Delta::Invalid),
            ("max-age", Delta::Invalid),
            ("max-age='60'", Delta::Invalid),
        ] {
            assert_eq!(read(line).max_age, delta, "{line}");
        }
    }

    #[test]
    fn of_two_the_first_counts_and_the_second_is_told_of() {
        let twice = read("max-age=1, max-age=2, max-age=3, s-maxage=5, s-maxage=5");
        assert_eq!((twice.max_age, twice.s_maxage), (Delta::Seconds(1), Delta::Seconds(5)));
        assert_eq!(twice.repeated, ["max-age"]);
    }

    #[test]
    fn a_list_of_fields_gives_way_to_everything() {
        let fields =
            |names: &[&str]| Scope::Fields(names.iter().map(ToString::to_string).collect());
        assert_eq!(read("no-cache=\"Set-Cookie, X\"").no_cache, fields(&["set-cookie", "x"]));
        assert_eq!(read("private=X").private, fields(&["x"]));
        assert_eq!(read("no-cache=\"a\", no-cache=\"b\"").no_cache, fields(&["a", "b"]));
        for line in
            ["no-cache=\"a\", no-cache", "no-cache, no-cache=a", "no-cache=\"\"", "no-cache=\" ,\""]
        {
            assert_eq!(read(line).no_cache, Scope::Whole, "{line}");
        }
    }

    #[test]
    fn pragma_counts_without_cache_control_only() {
        let asked = |fields: &[(&str, &str)]| Directives::asked(&fields.iter().copied().collect());
        assert!(asked(&[("Pragma", "x, No-Cache")]).no_cache.is_whole());
        assert!(
            !asked(&[("Pragma", "no-cache"), ("Cache-Control", "max-age=1")]).no_cache.is_whole()
        );
    }

    #[test]
    fn odd_lines_end() {
        for line in ["=", "==", ",=,", "\"", "a=\"", "a=\"\\", "a=\"b\"\"c\"", "=\"max-age=1\""] {
            assert_eq!(read(line).max_age, Delta::Absent, "{line}");
        }
        assert_eq!(read("foo, community=\"UCI\"").unknown, 2);
    }
}
