//! `--proto` and its kin: which schemes may be spoken.

use super::exit::{Failure, code};
use super::print;
use crate::base::Scheme;
use crate::client::Protocols;

/// The schemes that curl knows and that are not spoken here: allowing and forbidding them changes
/// nothing.
const OTHERS: [&str; 27] = [
    "dict", "file", "ftp", "ftps", "gopher", "gophers", "imap", "imaps", "ipfs", "ipns", "ldap",
    "ldaps", "mqtt", "pop3", "pop3s", "rtmp", "rtmps", "rtsp", "scp", "sftp", "smb", "smbs",
    "smtp", "smtps", "telnet", "tftp", "ws",
];

/// The flags of this file, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) all: Option<String>,
    pub(super) redirects: Option<String>,
    pub(super) default: Option<String>,
}

/// `=http,https`, `-all,https`, `-http`: each word adds, takes away (`-`) or sets (`=`).
///
/// # Errors
/// Exit 2 for a sign that is none of them.
pub(super) fn parse(flag: &str, text: &str) -> Result<Protocols, Failure> {
    let mut allowed = Protocols::ALL;
    for word in text.split(',') {
        let name = word.trim_start_matches(['+', '-', '=']);
        let sign = word[..word.len() - name.len()].chars().next_back().unwrap_or('+');
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Failure::usage(format!(
                "--{flag} takes protocols like =https or -all,https, not \"{text}\""
            )));
        }
        let name = name.to_ascii_lowercase();
        let set = match name.as_str() {
            "all" => Protocols::ALL,
            "http" => Protocols { http: true, https: false },
            "https" => Protocols { http: false, https: true },
            other => {
                if !OTHERS.contains(&other) && other != "wss" {
                    print::warning(&format!("unrecognized protocol '{other}'"));
                }
                Protocols::NONE
            }
        };
        allowed = match sign {
            '=' => set,
            '-' => {
                Protocols { http: allowed.http && !set.http, https: allowed.https && !set.https }
            }
            _ => Protocols { http: allowed.http || set.http, https: allowed.https || set.https },
        };
    }
    Ok(allowed)
}

/// `--proto-default`: what a URL without a scheme is.
///
/// # Errors
/// Exit 1 for what is not spoken here.
pub(super) fn default(text: Option<&str>) -> Result<Scheme, Failure> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None | Some("http") => Ok(Scheme::Http),
        Some("https") => Ok(Scheme::Https),
        Some(other) => {
            let text =
                format!("--proto-default: \"{other}\" is not spoken here, http and https are");
            Err(Failure::new(code::UNSUPPORTED_PROTOCOL, text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_adds_takes_away_or_sets() {
        for (text, http, https) in [
            ("=https", false, true),
            ("-all,https", false, true),
            ("-all,+HTTP", true, false),
            ("-http", false, true),
            ("ftp", true, true),
            ("=ftp", false, false),
            ("=http,https", true, true),
            ("all", true, true),
        ] {
            assert_eq!(parse("proto", text), Ok(Protocols { http, https }), "{text}");
        }
        for bad in ["", "=", "-all,", "!http", "http, https"] {
            assert!(parse("proto", bad).is_err(), "{bad}");
        }
        assert_eq!(default(Some("HTTPS")), Ok(Scheme::Https));
        assert_eq!(default(Some("ftp")).unwrap_err().code, 1);
    }
}
