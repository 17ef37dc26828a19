//! What `connect_ex` returns as a number, as words, name and number.

use crate::base::system_words;
use std::io;

/// The numbers that sockets return. The same name has other numbers on other systems.
const NAMES: &[(i32, &str)] = &[
    (libc::EPERM, "EPERM"),
    (libc::ENOENT, "ENOENT"),
    (libc::EBADF, "EBADF"),
    (libc::ENOMEM, "ENOMEM"),
    (libc::EACCES, "EACCES"),
    (libc::ENOTDIR, "ENOTDIR"),
    (libc::EINVAL, "EINVAL"),
    (libc::ENFILE, "ENFILE"),
    (libc::EMFILE, "EMFILE"),
    (libc::EROFS, "EROFS"),
    (libc::EPIPE, "EPIPE"),
    (libc::EDOM, "EDOM"),
    (libc::ELOOP, "ELOOP"),
    (libc::ENAMETOOLONG, "ENAMETOOLONG"),
    (libc::ENOTSOCK, "ENOTSOCK"),
    (libc::EDESTADDRREQ, "EDESTADDRREQ"),
    (libc::EMSGSIZE, "EMSGSIZE"),
    (libc::EPROTOTYPE, "EPROTOTYPE"),
    (libc::ENOPROTOOPT, "ENOPROTOOPT"),
    (libc::EPROTONOSUPPORT, "EPROTONOSUPPORT"),
    (libc::EOPNOTSUPP, "EOPNOTSUPP"),
    (libc::EAFNOSUPPORT, "EAFNOSUPPORT"),
    (libc::EPROTO, "EPROTO"),
    (libc::EHOSTDOWN, "EHOSTDOWN"),
    (libc::EADDRINUSE, "EADDRINUSE"),
    (libc::EADDRNOTAVAIL, "EADDRNOTAVAIL"),
    (libc::ENETDOWN, "ENETDOWN"),
    (libc::ENETUNREACH, "ENETUNREACH"),
    (libc::ECONNABORTED, "ECONNABORTED"),
    (libc::ECONNRESET, "ECONNRESET"),
    (libc::ENOBUFS, "ENOBUFS"),
    (libc::EISCONN, "EISCONN"),
    (libc::ENOTCONN, "ENOTCONN"),
    (libc::ETIMEDOUT, "ETIMEDOUT"),
    (libc::ECONNREFUSED, "ECONNREFUSED"),
    (libc::EHOSTUNREACH, "EHOSTUNREACH"),
];

/// `Connection refused, ECONNREFUSED (111)`.
pub(super) fn reason(error: &io::Error) -> String {
    let words = system_words(error);
    let Some(number) = error.raw_os_error() else { return words };
    match NAMES.iter().find(|(named, _)| *named == number) {
        Some((_, name)) => format!("{words}, {name} ({number})"),
        None => format!("{words} ({number})"),
    }
}

/// Whether the system has run out of something that a connection's end gives back.
pub(super) fn is_exhausted(error: &io::Error) -> bool {
    let numbers = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM];
    error.raw_os_error().is_some_and(|number| numbers.contains(&number))
}

/// Whether an accept failed of what befell the peer, or the way to it, before it was accepted:
/// the next one may do better (accept(2), "Error handling").
pub(super) fn is_of_the_peer(error: &io::Error) -> bool {
    let numbers = [
        libc::ECONNABORTED,
        libc::EINTR,
        libc::EPERM,
        libc::EPROTO,
        libc::ENOPROTOOPT,
        libc::EOPNOTSUPP,
        libc::ENETDOWN,
        libc::ENETUNREACH,
        libc::EHOSTDOWN,
        libc::EHOSTUNREACH,
        #[cfg(target_os = "linux")]
        libc::ENONET,
    ];
    error.raw_os_error().is_some_and(|number| numbers.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peers_trouble_is_not_the_servers() {
        let is_of = |number| is_of_the_peer(&io::Error::from_raw_os_error(number));
        for number in [libc::ECONNABORTED, libc::ENETDOWN, libc::EHOSTUNREACH, libc::EPROTO] {
            assert!(is_of(number), "{number}");
        }
        for number in [libc::EMFILE, libc::EBADF, libc::EINVAL, libc::ENOTSOCK] {
            assert!(!is_of(number), "{number}");
        }
        assert!(!is_of_the_peer(&io::Error::other("no number")));
    }

    #[test]
    fn a_reason_has_words_a_name_and_a_number() {
        let number = libc::ECONNREFUSED;
        let text = reason(&io::Error::from_raw_os_error(number));
        assert_eq!(text, format!("Connection refused, ECONNREFUSED ({number})"));
        assert!(reason(&io::Error::from_raw_os_error(7)).ends_with(" (7)"));
        assert_eq!(reason(&io::Error::other("no number")), "no number");
    }
}
