//! A Netscape jar that is lent to another program, and what came back.
//!
//! ```text
//!   jar ─► Loan::of ─► a file ─► another program ─► Loan::take_back ─► changes of the jar
//! ```
//!
//! 1. What the format cannot hold is not lent and stays as it is; nor is a cookie without a name,
//!    which curl reads as one of that name without a value.
//! 2. What comes back is compared with what was lent, as it is read. Only what differs is a change;
//!    a cookie that is the same keeps all that the format has no place for, and one that was set
//!    anew keeps of it what still goes.
//! 3. A file that is not whole is refused whole: empty, cut within a line, or with a line that is
//!    none.
//! 4. What is missing stays. It was removed only if the program is known to have loaded the jar and
//!    to write all that it loads (curl, Wget), ended by itself, could hold the cookie and tell it
//!    from all others, and gave back no line that the jar refuses.
//! 5. What is set counts as received when the program has ended; what is removed, by its absence or
//!    by an end in the past, as removed before the session was read, so that it takes away nothing
//!    that others set meanwhile.

use super::export::{Place, entry};
use super::loss::{Losses, Weight};
use super::netscape::{self, FORM};
use super::{Loss, without_mark};
use crate::base::Wall;
use crate::cookie::limits::LIFETIME;
use crate::cookie::{Cookie, Jar, Key, SameSite, Stored, Verdict, admit, domain};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// What is known of the program that borrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borrower {
    /// It knows that `#HttpOnly_` begins a cookie. For Wget and old Pythons it begins a comment:
    /// then it is left out, and what was `HttpOnly` stays so.
    pub marks_http_only: bool,
    /// It has loaded the jar and writes all that it loaded, as curl and Wget do when they are told
    /// to: what it does not hand back, it removed.
    pub keeps_all: bool,
}

/// A longer line is passed over by curl, whose own limit is 5,000 bytes.
const LINE: usize = 4_900;

/// What was lent.
pub struct Loan {
    /// The file.
    bytes: Vec<u8>,
    /// What each cookie reads as, under its key without a partition; and its key in the jar.
    lent: HashMap<Key, (Key, Cookie)>,
    /// Lent cookies whose absence says nothing, whoever borrowed them: they may not be held, or not
    /// be told from another that was lent.
    vague: HashSet<Key>,
    kept_back: Losses,
    borrower: Borrower,
    at: Wall,
}

/// What a program changed.
#[derive(Debug, Default)]
pub struct Returned {
    /// Cookies that are new, or were set anew.
    pub set: usize,
    /// Cookies that it removed.
    pub removed: usize,
    /// Cookies that are missing and stay: it is not believed that they were removed.
    pub missing: usize,
    /// What the jar refused: names and reasons.
    pub refused: Vec<Stored>,
}

/// Why a file that came back is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Garbled {
    /// There is nothing in it.
    Empty,
    /// Its last line has no end.
    Cut,
    /// There are lines, and neither a cookie nor the format's first line is among them.
    NoJar,
    /// This line, counted from 1, is no cookie.
    Line(usize),
    /// This line, counted from 1, holds a NUL, or is a comment with a control character.
    Control(usize),
}

impl fmt::Display for Garbled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Garbled::Empty => f.write_str("empty"),
            Garbled::Cut => f.write_str("cut off within its last line"),
            Garbled::NoJar => f.write_str("as something that is no jar"),
            Garbled::Line(number) => write!(f, "with a line that is no cookie, line {number}"),
            Garbled::Control(number) => write!(f, "with a control character in line {number}"),
        }
    }
}

impl Loan {
    /// The cookies of `jar` that can be lent, in the order of their creation. `now` is no later
    /// than `jar` was read: what is removed counts as removed then.
    pub fn of(jar: &Jar, borrower: Borrower, now: Wall) -> Loan {
        let mut loan = Loan {
            bytes: FORM.open.to_vec(),
            lent: HashMap::new(),
            vague: HashSet::new(),
            kept_back: Losses::default(),
            borrower,
            at: now,
        };
        let (place, mut keys) = (Place { url: None, now }, HashSet::new());
        let mut alike: HashMap<_, Key> = HashMap::new();
        for cookie in jar.in_order().into_iter().filter(|cookie| !cookie.is_expired(now)) {
            let entry = match cookie.key.name.is_empty() {
                true => Err(Loss::Nameless),
                false => entry(&FORM, cookie, &place, &mut keys),
            };
            match entry {
                Ok((line, back)) => {
                    let line = match line.strip_prefix(netscape::HTTP_ONLY) {
                        Some(bare) if !borrower.marks_http_only => bare,
                        _ => &line,
                    };
                    loan.bytes.extend_from_slice(line);
                    // A colon is an IPv6 address, which Wget may take for a host and a port.
                    if line.len() > LINE || back.key.domain.contains(':') {
                        loan.vague.insert(back.key.clone());
                    }
                    if let Some(other) = alike.insert(likeness(&back.key), back.key.clone()) {
                        loan.vague.extend([other, back.key.clone()]);
                    }
                    loan.lent.insert(back.key.clone(), (cookie.key.clone(), back));
                }
                Err(loss) => loan.kept_back.add(loss),
            }
        }
        loan
    }

    /// The file that is lent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Why cookies were not lent, and how many.
    pub fn kept_back(&self) -> impl Iterator<Item = (Loss, usize)> {
        self.kept_back.iter().filter(|(loss, _)| loss.weight() == Weight::Cookie)
    }

    /// Puts what the program changed into `jar`: the file's content now, and whether the program
    /// ended by itself, not by a signal to it or to what it ran.
    ///
    /// # Errors
    /// [`Garbled`]; then `jar` is as it was.
    pub fn take_back(
        &self,
        text: &[u8],
        ended: bool,
        jar: &mut Jar,
        now: Wall,
    ) -> Result<Returned, Garbled> {
        let mut returned = Returned::default();
        if text == self.bytes {
            return Ok(returned);
        }
        let cookies = whole(text)?;
        let mut seen = HashSet::new();
        let count = cookies.len();
        for (i, mut cookie) in cookies.into_iter().enumerate() {
            if let Some(canonical) = domain::canonical(&cookie.key.domain) {
                cookie.key.domain = canonical;
            }
            let key = match admit::checked(cookie.clone()) {
                Ok(checked) => checked.key,
                // The jar's door will say why.
                Err(_) => cookie.key.clone(),
            };
            let lent = self.lent.get(&key);
            seen.insert(key);
            if lent.is_some_and(|(_, back)| self.is_as_lent(&cookie, back)) {
                continue;
            }
            if cookie.is_expired(now) {
                if let Some((key, _)) = lent
                    && jar.remove(key, self.at).is_some()
                {
                    returned.removed += 1;
                }
                continue;
            }
            // A millisecond apart, so that the file's order survives.
            cookie.created = Wall(now.0.saturating_sub(i64::try_from(count - i).unwrap_or(0)));
            cookie.accessed = now;
            cookie.received = Some(now);
            cookie.expires = cookie.expires.map(|end| end.min(now.plus_secs(LIFETIME)));
            if let Some(old) = lent.and_then(|(key, _)| jar.get(key)) {
                self.keep_of(old, &mut cookie);
            }
            let name = cookie.key.name.clone();
            match jar.insert(cookie, now) {
                Verdict::Removed => returned.removed += 1,
                verdict @ Verdict::Refused(_) => returned.refused.push(Stored { name, verdict }),
                Verdict::Created | Verdict::Replaced => returned.set += 1,
            }
        }
        let believed = ended && self.borrower.keeps_all && returned.refused.is_empty();
        // What it set may have taken the place of one that to us is another.
        let alike: HashSet<_> = seen.iter().map(likeness).collect();
        for (read, (key, back)) in self.lent.iter().filter(|(key, _)| !seen.contains(*key)) {
            if back.is_expired(now) {
                // It ended meanwhile, wherever it is.
            } else if believed && !self.vague.contains(read) && !alike.contains(&likeness(read)) {
                jar.remove(key, self.at);
                returned.removed += 1;
            } else {
                returned.missing += 1;
            }
        }
        Ok(returned)
    }

    fn is_as_lent(&self, cookie: &Cookie, back: &Cookie) -> bool {
        let marks = self.borrower.marks_http_only;
        cookie.value == back.value
            && cookie.expires == back.expires
            && cookie.secure == back.secure
            && (cookie.http_only == back.http_only || !(marks || cookie.http_only))
    }

    /// What the format has no place for, from the cookie that a new one replaces. What only goes
    /// with `Secure` goes with it.
    fn keep_of(&self, old: &Cookie, new: &mut Cookie) {
        if new.secure {
            new.key.partition = old.key.partition.clone();
        }
        if new.secure || old.same_site != SameSite::None {
            new.same_site = old.same_site;
        }
        new.http_only |= old.http_only && !self.borrower.marks_http_only;
        new.source = old.source.clone();
    }
}

/// What a borrower may tell cookies by at the least: curl compares paths without case and without
/// the slash at their end, Wget does not look at whether it is for one host only.
fn likeness(key: &Key) -> (Box<str>, Vec<u8>, Vec<u8>) {
    let path = key.path.strip_suffix(b"/").unwrap_or(&key.path);
    (key.domain.clone(), path.to_ascii_lowercase(), key.name.to_vec())
}

/// The cookies of a file that is whole.
fn whole(text: &[u8]) -> Result<Vec<Cookie>, Garbled> {
    let text = without_mark(text);
    if text.trim_ascii().is_empty() {
        return Err(Garbled::Empty);
    }
    if !text.ends_with(b"\n") {
        return Err(Garbled::Cut);
    }
    // In a cookie's line the jar's door says which cookie it is; a NUL is a hole in the file.
    let is_bad = |line: &[u8]| {
        let comment = line.starts_with(b"#") && !line.starts_with(netscape::HTTP_ONLY);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.contains(&0) || (comment && line.iter().any(|&b| b != b'\t' && b.is_ascii_control()))
    };
    if let Some(at) = text.split(|&b| b == b'\n').position(is_bad) {
        return Err(Garbled::Control(at + 1));
    }
    let import = netscape::read(text);
    if let Some(line) = import.malformed_at.first() {
        return Err(Garbled::Line(*line));
    }
    let begins = [&b"# Netscape HTTP Cookie File"[..], b"# HTTP Cookie File"];
    if import.cookies.is_empty() && !begins.iter().any(|first| text.starts_with(first)) {
        return Err(Garbled::NoJar);
    }
    Ok(import.cookies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::formats::netscape::{Line, read_line};
    use url::Url;

    const NOW: Wall = Wall(1_700_000_000_000);
    const LATER: Wall = Wall(1_700_000_060_000);
    const CURL: Borrower = Borrower { marks_http_only: true, keeps_all: true };
    const OTHER: Borrower = Borrower { marks_http_only: false, keeps_all: false };

    fn jar(lines: &[&str]) -> Jar {
        let mut jar = Jar::new();
        let url = Url::parse("https://www.shop.example/").unwrap();
        for line in lines {
            let stored = jar.store(line.as_bytes(), &url, NOW);
            assert_eq!(stored.verdict, Verdict::Created, "{stored}");
        }
        jar.settle();
        jar
    }

    fn text(loan: &Loan) -> String {
        String::from_utf8(loan.bytes().to_vec()).unwrap()
    }

    fn pairs(jar: &Jar) -> Vec<String> {
        let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        jar.in_order().iter().map(|c| format!("{}={}", of(&c.key.name), of(&c.value))).collect()
    }

    #[test]
    fn what_comes_back_as_it_was_lent_is_no_change() {
        let lines = ["sid=1; HttpOnly; SameSite=Strict; Secure; Partitioned", "b=2; Max-Age=60"];
        for borrower in [CURL, OTHER] {
            let mut jar = jar(&lines);
            let loan = Loan::of(&jar, borrower, NOW);
            assert_eq!(text(&loan).contains("#HttpOnly_"), borrower.marks_http_only);
            // Another order, another head, other line ends.
            let mut rows: Vec<String> = text(&loan).lines().skip(3).map(str::to_owned).collect();
            rows.reverse();
            let back = format!("# HTTP Cookie File\r\n{}\r\n", rows.join("\r\n"));
            let returned = loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap();
            assert_eq!((returned.set, returned.removed, returned.missing), (0, 0, 0));
            assert!(!jar.has_changes());
        }
    }

    #[test]
    fn what_was_set_anew_keeps_what_the_format_has_no_place_for() {
        let mut jar = jar(&["sid=1; HttpOnly; SameSite=Strict; Secure; Partitioned; Path=/"]);
        let loan = Loan::of(&jar, OTHER, NOW);
        let back = text(&loan).replace("\tsid\t1", "\tsid\t2");
        let before = jar.in_order()[0].clone();
        assert_eq!(loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap().set, 1);
        let after = jar.get(&before.key).unwrap();
        assert_eq!(
            (&*after.value, after.received, after.created),
            (&b"2"[..], Some(LATER), before.created)
        );
        assert!(after.http_only && after.same_site == SameSite::Strict && jar.len() == 1);
    }

    #[test]
    fn what_is_new_comes_in_through_the_jars_door_and_lives_no_longer_than_others() {
        let mut jar = jar(&["a=1"]);
        let loan = Loan::of(&jar, CURL, NOW);
        let back = text(&loan)
            + ".shop.example\tTRUE\t/\tFALSE\t9999999999\tlong\t1\n"
            + ".com\tTRUE\t/\tFALSE\t0\twide\t1\n"
            + "a.example\tFALSE\t/\tFALSE\t0\tcontrol\t\x01\n";
        let returned = loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap();
        assert_eq!((returned.set, returned.refused.len()), (1, 2));
        let long = jar.iter().find(|cookie| *cookie.key.name == *b"long").unwrap();
        assert_eq!(long.expires, Some(LATER.plus_secs(LIFETIME)));
        assert_eq!(jar.len(), 2);
    }

    #[test]
    fn a_missing_cookie_was_removed_unless_that_is_hard_to_believe() {
        let lines = ["session=1", "other=1", "lasting=1; Max-Age=600"];
        // Who borrows, whether it ended by itself, what comes back, what is left.
        let cases = [
            (CURL, true, "", ""),
            (CURL, false, "", "session=1 other=1 lasting=1"),
            (CURL, true, "other", "other=1"),
            (OTHER, true, "", "session=1 other=1 lasting=1"),
            (OTHER, true, "other", "session=1 other=1 lasting=1"),
            (OTHER, false, "other", "session=1 other=1 lasting=1"),
        ];
        for (borrower, ended, back, left) in cases {
            let mut jar = jar(&lines);
            let loan = Loan::of(&jar, borrower, NOW);
            let is_back =
                |line: &&str| line.starts_with('#') || (!back.is_empty() && line.contains(back));
            let text: String =
                text(&loan).lines().filter(is_back).map(|line| format!("{line}\n")).collect();
            loan.take_back(text.as_bytes(), ended, &mut jar, LATER).unwrap();
            assert_eq!(pairs(&jar).join(" "), left, "{borrower:?} {ended} {back}");
        }
    }

    #[test]
    fn the_absence_of_what_may_not_be_held_or_told_apart_says_nothing() {
        let long = format!("long={}", "v".repeat(4080));
        let deep = format!("deep={}; Path=/{}", "v".repeat(4000), "p".repeat(1000));
        let mut jar = jar(&[
            "a=1; Path=/x",
            "a=2; Path=/X/",
            "b=1; Path=/",
            "b=2; Path=/; Domain=shop.example",
            "c=1; Path=/",
            "c=2; Path=/; Domain=www.shop.example",
            "gone=1; Path=/x",
            "gone=2; Path=/y",
            &long,
            &deep,
        ]);
        let loan = Loan::of(&jar, CURL, NOW);
        let returned = loan.take_back(b"# HTTP Cookie File\n", true, &mut jar, LATER).unwrap();
        let left = ["a=1", "a=2", "c=1", "c=2"].map(str::to_owned);
        let pairs = pairs(&jar);
        assert_eq!(pairs[..4], left);
        assert!(pairs.len() == 5 && pairs[4].starts_with("deep="), "{}", pairs.len());
        assert_eq!((returned.removed, returned.missing), (5, 5));
    }

    #[test]
    fn what_a_new_one_took_the_place_of_was_not_removed() {
        for row in ["www.shop.example\tFALSE\t/X/", ".www.shop.example\tTRUE\t/x"] {
            let mut jar = jar(&["a=1; Path=/x"]);
            let loan = Loan::of(&jar, CURL, NOW);
            let back = format!("# HTTP Cookie File\n{row}\tFALSE\t0\ta\t2\n");
            let returned = loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap();
            assert_eq!((returned.set, returned.removed, returned.missing), (1, 0, 1), "{row}");
            assert_eq!(jar.len(), 2);
        }
    }

    #[test]
    fn while_a_line_is_refused_no_absence_is_believed() {
        for line in
            ["a.example\tFALSE\t/\tFALSE\t0\tbad\t\x01\n", ".com\tTRUE\t/\tFALSE\t0\tw\t1\n"]
        {
            let mut jar = jar(&["a=1"]);
            let loan = Loan::of(&jar, CURL, NOW);
            let back = format!("# HTTP Cookie File\n{line}");
            let returned = loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap();
            assert_eq!((returned.removed, returned.missing, jar.len()), (0, 1, 1));
        }
    }

    #[test]
    fn an_end_in_the_past_is_a_removal() {
        let mut jar = jar(&["a=1"]);
        let loan = Loan::of(&jar, OTHER, NOW);
        let back = text(&loan).replace("\t0\ta", "\t5\ta")
            + "www.shop.example\tFALSE\t/\tFALSE\t5\tb\t1\n";
        let returned = loan.take_back(back.as_bytes(), false, &mut jar, LATER).unwrap();
        assert_eq!((returned.removed, returned.set, jar.len()), (1, 0, 0));
    }

    #[test]
    fn of_two_lines_for_one_cookie_the_one_that_differs_counts() {
        let row = "www.shop.example:8080\tFALSE\t/\tFALSE\t0\ta\t2\n";
        for first in [true, false] {
            let mut jar = jar(&["a=1"]);
            let loan = Loan::of(&jar, OTHER, NOW);
            let back = if first { format!("{row}{}", text(&loan)) } else { text(&loan) + row };
            loan.take_back(back.as_bytes(), true, &mut jar, LATER).unwrap();
            assert_eq!(pairs(&jar), ["a=2"]);
        }
    }

    #[test]
    fn what_cannot_be_lent_stays_whatever_comes_back() {
        let mut jar = jar(&["a=1", "=bare", "a=2; Secure; Partitioned"]);
        let loan = Loan::of(&jar, CURL, NOW);
        let kept: Vec<(Loss, usize)> = loan.kept_back().collect();
        assert_eq!(kept, [(Loss::Nameless, 1), (Loss::Collision, 1)]);
        let rows = text(&loan)
            .lines()
            .filter(|line| matches!(read_line(line.as_bytes()), Line::Cookie { .. }))
            .count();
        assert_eq!(rows, 1);
        loan.take_back(b"# HTTP Cookie File\n", true, &mut jar, LATER).unwrap();
        assert_eq!(pairs(&jar), ["=bare", "a=2"]);
    }

    #[test]
    fn a_file_that_is_not_whole_changes_nothing() {
        let mut jar = jar(&["a=1", "b=2"]);
        let loan = Loan::of(&jar, CURL, NOW);
        let whole = text(&loan);
        let cases = [
            ("", Garbled::Empty),
            ("\n \n", Garbled::Empty),
            (&whole[..whole.len() - 1], Garbled::Cut),
            (&whole[..whole.len() - 9], Garbled::Cut),
            ("# something\n", Garbled::NoJar),
            ("<html>\n", Garbled::Line(1)),
            (&whole.replace("\ta\t1", "\ta\t\0"), Garbled::Control(4)),
            (&whole.replace("# Written", "# \x01ritten"), Garbled::Control(2)),
            ("# Netscape HTTP Cookie File\n{\"cookies\": []}\n", Garbled::Line(2)),
        ];
        for (back, why) in cases {
            let returned = loan.take_back(back.as_bytes(), true, &mut jar, LATER);
            assert_eq!(returned.err(), Some(why), "{back:?}");
            assert!(!jar.has_changes() && jar.len() == 2);
        }
    }
}
