//! What became of a cookie, and why not (RFC 6265bis).
//!
//! An answer, not an error: `-v`, `explain` and the tests read the same value.

use std::fmt;

/// What the jar did with a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is new (section 5.7, step 24).
    Created,
    /// It took the place of one with the same key, and its creation time (section 5.7, step 23).
    Replaced,
    /// It had expired when it came: what was there under its key, if anything, is gone.
    Removed,
    /// It was ignored.
    Refused(Refusal),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Created => f.write_str("stored"),
            Verdict::Replaced => f.write_str("stored, replacing an older one"),
            Verdict::Removed => f.write_str("expired, removed"),
            Verdict::Refused(refusal) => write!(f, "refused because {refusal}"),
        }
    }
}

/// The step at which a cookie was refused; sections are those of RFC 6265bis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// A control character other than the tab (5.6, step 1; 5.7, step 3).
    ControlCharacter,
    /// Name and value exceed `set_cookie::MAX_NAME_AND_VALUE` (5.6, step 5; 5.7, step 4).
    TooLarge,
    /// Neither name nor value (5.7, step 2).
    Empty,
    /// The URL is not http or https, or has no host (5.7, step 1).
    NotHttp,
    /// The `Domain` attribute is not ASCII (5.7, step 8).
    DomainNotAscii,
    /// The `Domain` attribute is a public suffix (5.7, step 9).
    PublicSuffix,
    /// The `Domain` attribute is above a public suffix that the host is below, or is
    /// (5.7, step 9; as libpsl and browsers do).
    AboveSuffix,
    /// The host is not in the `Domain` attribute (5.7, step 10).
    DomainMismatch,
    /// `Secure` from an insecure origin (5.7, step 13).
    SecureFromInsecure,
    /// It would cover a `Secure` cookie from an insecure origin (5.7, step 16).
    SecureOverlay,
    /// `SameSite=None` without `Secure` (5.7, step 19).
    SameSiteNone,
    /// `__Secure-` without `Secure` (5.7, step 20).
    SecurePrefix,
    /// `__Host-` without `Secure`, with a `Domain`, or without `Path=/` (5.7, step 21).
    HostPrefix,
    /// No name, and a value that looks like a prefixed cookie (5.7, step 22).
    NamelessPrefix,
    /// `Partitioned` without `Secure` (CHIPS, section 2.1).
    Partitioned,
    /// More cookies in one response than the limit (6.1).
    ResponseFull,
    /// The domain is full of cookies that come before this one (6.1; 5.7, eviction).
    DomainFull,
    /// The jar is full of cookies that come before this one (6.1; 5.7, eviction).
    JarFull,
    /// Read from a file: the domain is no host name.
    BadDomain,
    /// Read from a file: the path does not begin with `/`, or holds a `;`.
    BadPath,
    /// Read from a file: `=` in the name, or `;` in name or value: it would be sent as another cookie.
    BadPair,
    /// Read from a file: it has expired.
    Expired,
}

impl Refusal {
    /// Where the rule is written: a section of RFC 6265bis, or the name of another source.
    pub fn section(self) -> &'static str {
        match self {
            Refusal::ControlCharacter => "section 5.6 step 1",
            Refusal::TooLarge => "section 5.6 step 5",
            Refusal::NotHttp => "section 5.7 step 1",
            Refusal::Empty => "section 5.7 step 2",
            Refusal::DomainNotAscii => "section 5.7 step 8",
            Refusal::PublicSuffix | Refusal::AboveSuffix => "section 5.7 step 9",
            Refusal::DomainMismatch => "section 5.7 step 10",
            Refusal::SecureFromInsecure => "section 5.7 step 13",
            Refusal::SecureOverlay => "section 5.7 step 16",
            Refusal::SameSiteNone => "section 5.7 step 19",
            Refusal::SecurePrefix => "section 5.7 step 20",
            Refusal::HostPrefix => "section 5.7 step 21",
            Refusal::NamelessPrefix => "section 5.7 step 22",
            Refusal::Partitioned => "CHIPS section 2.1",
            Refusal::ResponseFull | Refusal::DomainFull | Refusal::JarFull => "section 6.1",
            Refusal::BadDomain => "section 5.1.2",
            Refusal::BadPath => "section 5.1.4",
            Refusal::BadPair => "section 5.6 step 2",
            Refusal::Expired => "section 5.7",
        }
    }

    /// Why, in words.
    pub fn words(self) -> &'static str {
        match self {
            Refusal::ControlCharacter => "it holds a control character",
            Refusal::TooLarge => "its name and value have more than 4096 bytes",
            Refusal::Empty => "it has neither a name nor a value",
            Refusal::NotHttp => "it did not come over http or https",
            Refusal::DomainNotAscii => "its Domain is not ASCII",
            Refusal::PublicSuffix => "its Domain is a public suffix",
            Refusal::AboveSuffix => "its Domain is above the public suffix that the host is in",
            Refusal::DomainMismatch => "the host is not in its Domain",
            Refusal::SecureFromInsecure => "it is Secure and came over plain http",
            Refusal::SecureOverlay => "it came over plain http and would cover a Secure cookie",
            Refusal::SameSiteNone => "it is SameSite=None without Secure",
            Refusal::SecurePrefix => "__Secure- needs Secure",
            Refusal::HostPrefix => "__Host- needs Secure, Path=/ and no Domain",
            Refusal::NamelessPrefix => "it has no name and its value begins like a name prefix",
            Refusal::Partitioned => "it is Partitioned without Secure",
            Refusal::ResponseFull => "the response sets too many cookies",
            Refusal::DomainFull => "its domain has as many cookies as are kept, all before it",
            Refusal::JarFull => "the jar has as many cookies as are kept, all before it",
            Refusal::BadDomain => "its domain is no host name",
            Refusal::BadPath => "its path does not begin with / or holds a ;",
            Refusal::BadPair => "its name or value holds a separator",
            Refusal::Expired => "it has expired",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.words(), self.section())
    }
}
