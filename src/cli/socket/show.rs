//! What is told of sockets, on standard error. Names and errors may hold a peer's bytes: they
//! are escaped.

use super::super::print;
use crate::net::sockets::{Error, Facts, Tally, Told};

/// A line; `of` is empty or the number of a peer and a space.
pub(super) fn line(of: &str, text: &str) {
    print::error(&format!("* {of}{}\n", print::escaped(text)));
}

/// What happens until a socket stands; options always, the rest where it is wanted.
pub(super) fn told(told: &Told<'_>, verbose: bool) {
    match told {
        Told::Set(of, setting, made) => {
            line("", &format!("{of} {setting}: the system made it {made}"));
        }
        Told::Refused(error) if verbose => line("", &error.to_string()),
        Told::Connected(facts) if verbose => self::facts("", "getpeername", facts),
        Told::Secured(tls) if verbose => line("", &format!("{}, {}", tls.version, tls.suite)),
        _ => {}
    }
}

/// A socket's names, family, type and options.
pub(super) fn facts(of: &str, peer_by: &str, facts: &Facts) {
    let Facts { local, peer, family, kind, options } = facts;
    line(of, &format!("peer {peer} ({peer_by}), own {local} (getsockname)"));
    let options: String = options.iter().map(|(name, value)| format!(", {name} {value}")).collect();
    line(of, &format!("{family}, {kind}{options}"));
}

/// Bytes each way, and how it ended.
pub(super) fn end(of: &str, tally: Tally, ended: Result<u8, &Error>) {
    let Tally { sent, received, unheard } = tally;
    let ended = match ended {
        Ok(0) if unheard => "answered, and closed while it was still being sent to".to_owned(),
        Ok(0) => "ended well".to_owned(),
        Ok(_) => "interrupted".to_owned(),
        Err(error) => error.to_string(),
    };
    line(of, &format!("sent {sent} bytes, received {received} bytes; {ended}"));
}
