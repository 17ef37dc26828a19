//! What is worth knowing besides: what makes no sense, what has no effect, what surprises.

use super::age::Dated;
use super::{Age, Answer, Delta, Directives, Tag, Validators, View};
use crate::base::Span;
use std::fmt;

/// A server's clock is told of when it is further ahead than this: dates have whole seconds, and
/// answers take their time.
const CLOCK_TOLERANCE: u64 = 5;

/// One remark; shown as one line with its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// `Date` lies so many seconds in the future.
    Ahead(u64),
    /// `Date` is no date.
    BadDate,
    /// `Last-Modified` is no date.
    BadModified,
    /// `Age` is no number.
    BadAge,
    /// `Age` has more than one value.
    SeveralAges,
    /// The entity tag lacks its quotes, or holds what may not stand in them.
    BadTag,
    /// A directive or field is given more than once.
    Repeated(&'static str),
    /// The first has no effect beside the second.
    Overruled(&'static str, &'static str),
    /// `must-understand` has a cache pass over `no-store`.
    Understood,
    /// Neither a lifetime nor anything to guess from.
    NoLifetime,
    /// A shared cache may hand a `Set-Cookie` to others.
    SharedCookie,
    /// `Pragma` in an answer.
    Pragma,
    /// A change: what caches hold of this URL is dropped.
    Invalidates,
    /// `private` or `no-cache` with a list of fields.
    Qualified(&'static str),
    /// It answers a later GET, not another POST.
    ForGet,
    /// It is a part, which only caches that know ranges store.
    Partial,
}

impl Note {
    /// Where it is said.
    pub fn section(&self) -> &'static str {
        match self {
            Note::Ahead(_) => "RFC 9111 section 4.2.3",
            Note::BadDate | Note::BadModified => "RFC 9110 section 5.6.7",
            Note::BadAge | Note::SeveralAges => "RFC 9111 section 5.1",
            Note::BadTag => "RFC 9110 section 8.8.3",
            Note::Repeated(_) | Note::Overruled("max-age" | "s-maxage", _) => {
                "RFC 9111 section 4.2.1"
            }
            Note::Overruled(_, "s-maxage") => "RFC 9111 section 5.2.2.10",
            Note::Overruled(..) => "RFC 9111 section 4.2.4",
            Note::Understood => "RFC 9111 section 5.2.2.3",
            Note::NoLifetime => "RFC 9111 section 4.2.2",
            Note::SharedCookie => "RFC 9111 section 7.3",
            Note::Pragma => "RFC 9111 section 5.4",
            Note::Invalidates => "RFC 9111 section 4.4",
            Note::Qualified("private") => "RFC 9111 section 5.2.2.7",
            Note::Qualified(_) => "RFC 9111 section 5.2.2.4",
            Note::ForGet => "RFC 9110 section 9.3.3",
            Note::Partial => "RFC 9111 section 3.3",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Ahead(by) => {
                write!(f, "the server's clock is {} ahead of this machine's", Span(*by))?;
            }
            Note::BadDate => {
                f.write_str("Date is no date: the answer counts as of when it came")?;
            }
            Note::BadModified => f.write_str("Last-Modified is no date and is passed over")?,
            Note::BadAge => f.write_str("Age is no number of seconds and is passed over")?,
            Note::SeveralAges => f.write_str("of several ages the first counts")?,
            Note::BadTag => f.write_str("the ETag is malformed")?,
            Note::Repeated(name) => write!(f, "{name} is given more than once: the first counts")?,
            Note::Overruled(what, "s-maxage") => write!(
                f,
                "in shared caches {what} has no effect beside s-maxage; many CDNs follow it anyway"
            )?,
            Note::Overruled(what, by) => write!(f, "{what} has no effect beside {by}")?,
            Note::Understood => f.write_str("must-understand: caches pass over no-store")?,
            Note::NoLifetime => f.write_str("caches may guess a lifetime, as no one gives any")?,
            Note::SharedCookie => {
                f.write_str("a shared cache may hand this answer's Set-Cookie to others")?;
            }
            Note::Pragma => f.write_str("Pragma means nothing in an answer")?,
            Note::Invalidates => f.write_str("caches drop what they hold of this URL")?,
            Note::Qualified(name) => {
                write!(f, "many caches take {name} with a list of fields for {name} without")?;
            }
            Note::ForGet => f.write_str("it answers a later GET of the URL in Content-Location")?,
            Note::Partial => f.write_str("a part, stored only by caches that know ranges")?,
        }
        write!(f, " ({})", self.section())
    }
}

/// All there is to remark, in the order of the calculation.
pub(super) fn all(
    answer: &Answer<'_>,
    control: &Directives,
    age: &Age,
    validators: &Validators,
    private: &View,
    shared: &View,
) -> Vec<Note> {
    let Answer { method, status, headers, .. } = *answer;
    let mut found = Vec::new();
    let mut add = |holds: bool, note: Note| {
        if holds {
            found.push(note);
        }
    };
    let stored = private.is_stored();
    add(stored && status == 206, Note::Partial);
    add(stored && method.as_str() == "POST", Note::ForGet);
    add(!method.is_safe() && (200..400).contains(&status), Note::Invalidates);
    add(control.no_store && control.must_understand && stored, Note::Understood);
    for name in &control.repeated {
        add(true, Note::Repeated(name));
    }
    let lines = |name| headers.all(name).take(2).count();
    add(lines("Expires") > 1, Note::Repeated("Expires"));
    for (scope, name) in [(&control.private, "private"), (&control.no_cache, "no-cache")] {
        add(!scope.fields().is_empty(), Note::Qualified(name));
    }
    overruled(control, &mut add);
    let ahead = age.ahead(answer.received);
    add(ahead > CLOCK_TOLERANCE, Note::Ahead(ahead));
    add(age.dated == Dated::Invalid, Note::BadDate);
    add(age.field == Delta::Invalid, Note::BadAge);
    let several = lines("Age") > 1 || headers.get("Age").is_some_and(|age| age.contains(&b','));
    add(several, Note::SeveralAges);
    let malformed = validators.tag.as_ref().is_some_and(|(tag, _)| *tag == Tag::Malformed);
    add(malformed, Note::BadTag);
    add(validators.bad_date, Note::BadModified);
    let guessed = !private.lifetime.source.is_explicit() && !private.no_cache;
    add(stored && guessed && !private.freshens, Note::NoLifetime);
    let cookie = headers.has("Set-Cookie") && !shared.without.iter().any(|n| n == "set-cookie");
    let handed = shared.is_stored() && !shared.no_cache && shared.lifetime.seconds > 0;
    add(cookie && handed, Note::SharedCookie);
    add(headers.has("Pragma") && !headers.has("Cache-Control"), Note::Pragma);
    found
}

/// Directives that others leave without effect.
fn overruled(control: &Directives, add: &mut impl FnMut(bool, Note)) {
    let given = |delta: Delta| delta != Delta::Absent;
    let whole = if control.no_store && !control.must_understand {
        Some("no-store")
    } else {
        control.no_cache.is_whole().then_some("no-cache")
    };
    let lifetimes = [(control.max_age, "max-age"), (control.s_maxage, "s-maxage")];
    for (delta, name) in lifetimes {
        if let (Some(by), Delta::Seconds(1..)) = (whole, delta) {
            add(true, Note::Overruled(name, by));
        }
    }
    let by = match whole {
        Some(by) => Some(by),
        None if control.must_revalidate => Some("must-revalidate"),
        None => given(control.s_maxage).then_some("s-maxage"),
    };
    for (delta, name) in [
        (control.stale_while_revalidate, "stale-while-revalidate"),
        (control.stale_if_error, "stale-if-error"),
    ] {
        if let (Some(by), true) = (by, given(delta)) {
            add(true, Note::Overruled(name, by));
        }
    }
}
