//! Logins kept in a file, the way ftp began it: `.netrc`, in curl's reading of it.
//!
//! ```text
//!  machine a.example login me password "with \"quotes\""
//!  default login anonymous password x
//!  macdef NAME          … up to an empty line: of no interest here
//!  # a line that says nothing
//! ```
//!
//! 1. Words stand on any lines, and in any order within their machine.
//! 2. A machine may stand there several times, and hold several logins.
//! 3. `default` is any machine that has not been found before it.

use std::fmt;

/// The logins of a file. Never shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Entry {
    /// `None` is the default.
    host: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

/// A quoted word that does not end on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadNetrc;

impl fmt::Debug for Netrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Netrc({} logins)", self.entries.len())
    }
}

impl Netrc {
    /// Reads a file.
    ///
    /// # Errors
    /// [`BadNetrc`].
    pub fn parse(text: &str) -> Result<Netrc, BadNetrc> {
        let mut netrc = Netrc::default();
        let mut in_macro = false;
        let mut wants = None;
        for line in text.lines() {
            let mut rest = line.trim_start_matches([' ', '\t']);
            if in_macro {
                in_macro = !rest.trim_end().is_empty();
                continue;
            }
            if rest.starts_with('#') {
                continue;
            }
            while let Some((word, behind)) = word(rest)? {
                rest = behind;
                wants = match wants.take() {
                    Some(Wants::Macro) => {
                        in_macro = true;
                        break;
                    }
                    Some(wanted) => {
                        netrc.take(wanted, word);
                        None
                    }
                    None => netrc.keyword(&word.to_ascii_lowercase()),
                };
            }
        }
        Ok(netrc)
    }

    /// The login for a host, of `user` if one is given; a whole one before one that lacks its
    /// password. What the file leaves out is empty.
    pub fn find(&self, host: &str, user: Option<&str>) -> Option<(String, String)> {
        let fits = |entry: &&Entry| {
            entry.host.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(host))
                && (entry.login.is_some() || entry.password.is_some())
                && user.is_none_or(|user| entry.login.as_ref().is_none_or(|login| login == user))
        };
        let mut fitting = self.entries.iter().filter(fits);
        let whole = fitting.clone().find(|entry| entry.password.is_some());
        let found = whole.or_else(|| fitting.next())?;
        let user = user.map(str::to_owned).or_else(|| found.login.clone());
        Some((user.unwrap_or_default(), found.password.clone().unwrap_or_default()))
    }

    fn keyword(&mut self, word: &str) -> Option<Wants> {
        match word {
            "machine" => Some(Wants::Host),
            "login" => Some(Wants::Login),
            "password" => Some(Wants::Password),
            "account" => Some(Wants::Nothing),
            "macdef" => Some(Wants::Macro),
            "default" => {
                self.entries.push(Entry::default());
                None
            }
            _ => None,
        }
    }

    fn take(&mut self, wants: Wants, word: String) {
        let last = self.entries.last_mut();
        match (wants, last) {
            (Wants::Host, _) => {
                self.entries.push(Entry { host: Some(word), ..Entry::default() });
            }
            // Behind a whole login, another of the same machine.
            (Wants::Login, Some(last)) if last.login.is_some() && last.password.is_some() => {
                let host = last.host.clone();
                self.entries.push(Entry { host, login: Some(word), password: None });
            }
            (Wants::Login, Some(last)) => last.login = Some(word),
            (Wants::Password, Some(last)) if last.login.is_none() || last.password.is_none() => {
                last.password = Some(word);
            }
            _ => {}
        }
    }
}

/// What the next word is.
#[derive(Clone, Copy)]
enum Wants {
    Host,
    Login,
    Password,
    Macro,
    Nothing,
}

/// The first word of a line, and what is behind it.
fn word(line: &str) -> Result<Option<(String, &str)>, BadNetrc> {
    let line = line.trim_start_matches(|c: char| c <= ' ');
    if line.is_empty() {
        return Ok(None);
    }
    let Some(quoted) = line.strip_prefix('"') else {
        let end = line.find(|c: char| c <= ' ').unwrap_or(line.len());
        return Ok(Some((line[..end].to_owned(), &line[end..])));
    };
    let mut word = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok(Some((word, &quoted[at + 1..]))),
            '\\' => word.push(match chars.next().ok_or(BadNetrc)?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            c => word.push(c),
        }
    }
    Err(BadNetrc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, host: &str, user: Option<&str>) -> Option<(String, String)> {
        Netrc::parse(text).unwrap().find(host, user)
    }

    #[track_caller]
    fn found(text: &str, host: &str, user: Option<&str>, login: (&str, &str)) {
        let expected = Some((login.0.to_owned(), login.1.to_owned()));
        assert_eq!(find(text, host, user), expected);
    }

    #[test]
    fn the_first_login_of_the_very_host_is_found() {
        let text = "machine a.b login x password 1\nMACHINE b\n LOGIN y\n\tPassword 2 machine c";
        found(text, "B", None, ("y", "2"));
        assert_eq!(find(text, "c", None), None);
        assert_eq!(find(text, "d", None), None);
        assert_eq!(find(text, "x.a.b", None), None);
    }

    #[test]
    fn a_given_user_finds_their_own_password_only() {
        let text = "machine h login a password 1 login b password 2\nmachine h login c password 3";
        for (user, password) in [("a", "1"), ("b", "2"), ("c", "3")] {
            found(text, "h", Some(user), (user, password));
        }
        assert_eq!(find(text, "h", Some("A")), None);
        found("machine h password 5", "h", Some("me"), ("me", "5"));
        found("machine h password 5", "h", None, ("", "5"));
    }

    #[test]
    fn a_whole_login_goes_before_one_without_a_password() {
        let text = "machine h\npassword weird\npassword first\nlogin d\n\nmachine h\n\nmachine h\n\
                    login e\n\nmachine h\npassword \"second\\r\"\nlogin e\n";
        found(text, "h", Some("e"), ("e", "second\r"));
        found(text, "h", None, ("d", "first"));
        found("default login bob", "h", None, ("bob", ""));
        assert_eq!(find("default", "h", None), None);
    }

    #[test]
    fn default_is_whoever_was_not_found_before() {
        let text = "machine a login x password 1 default login any password 0";
        found(text, "a", None, ("x", "1"));
        found(text, "b", None, ("any", "0"));
        assert_eq!(find(text, "b", Some("x")), None);
    }

    #[test]
    fn macros_comments_and_accounts_say_nothing() {
        let text = "# machine h login no password no\nmacdef init\nmachine h login m password m\n\n\
                    machine h login x account login password y\n";
        found(text, "h", None, ("x", "y"));
    }

    #[test]
    fn quotes_hold_blanks_and_escapes() {
        let text = r#"machine h login "a b" password "q\"\\\tz" "#;
        found(text, "h", None, ("a b", "q\"\\\tz"));
        for bad in ["machine h login \"a\npassword b\"", "machine h login \"a\\"] {
            assert_eq!(Netrc::parse(bad), Err(BadNetrc), "{bad}");
        }
    }

    #[test]
    fn a_login_is_not_in_the_debug_output() {
        let netrc = Netrc::parse("machine h login me password hush").unwrap();
        assert!(!format!("{netrc:?}").contains("hush"));
    }
}
