//! Command lines of curl, as browsers copy them: the cookies of `-b`, `--cookie` and
//! `-H 'Cookie: …'`, for the host of the URL.

use super::cookie_header::{Pairs, field_value};
use super::{Error, Format, Import, Warning};
use crate::base::{Origin, Unclosed, curl_lines};
use url::Url;

/// Short options of curl that take a value.
const SHORT_WITH_VALUE: &[u8] = b"AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Long options of curl that take a value, without those of protocols other than HTTP.
const LONG_WITH_VALUE: &str = " abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type \
    ciphers config connect-timeout connect-to continue-at cookie cookie-jar create-file-mode \
    crlfile curves data data-ascii data-binary data-raw data-urlencode dns-interface \
    dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine \
    etag-compare etag-save expect100-timeout form form-string haproxy-clientip \
    happy-eyeballs-timeout-ms header hsts interface ip-tos ipfs-gateway json keepalive-cnt \
    keepalive-time key key-type libcurl limit-rate local-port login-options max-filesize \
    max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass \
    pinnedpubkey preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath \
    proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key \
    proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers \
    proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 random-file range \
    rate referer request request-target resolve retry retry-delay retry-max-time service-name \
    sigalgs socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond \
    tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config \
    unix-socket upload-file url url-query user user-agent variable vlan-priority write-out ";

/// Reads every curl command of a file. `url` is taken where a command has none.
pub(super) fn read(bytes: &[u8], url: Option<&Url>) -> Result<Import, Error> {
    let commands = curl_lines(bytes).map_err(|Unclosed(line)| Error::Quote { line })?;
    if commands.is_empty() {
        return Err(Error::NoCommand);
    }
    let mut pairs = Pairs::default();
    let mut files = 0;
    for command in &commands {
        let line = Line::read(&command.words);
        files += line.cookie_files;
        if line.cookies.is_empty() {
            continue;
        }
        let own = line.urls.first().map(|text| parse(text).ok_or(Error::NotHttp)).transpose()?;
        let url = own.as_ref().or(url).ok_or(Error::NeedsUrl(Format::CurlLine))?;
        let origin = Origin::of(url).ok_or(Error::NotHttp)?;
        pairs.read(line.cookies, &origin);
    }
    let mut import = pairs.into_import();
    if files > 0 {
        import.warnings.push(Warning::CookieFiles(files));
    }
    Ok(import)
}

/// What of a command matters here.
#[derive(Default)]
struct Line<'w> {
    urls: Vec<&'w [u8]>,
    cookies: Vec<&'w [u8]>,
    cookie_files: usize,
}

impl<'w> Line<'w> {
    fn read(words: &'w [Vec<u8>]) -> Line<'w> {
        let mut words = words.iter().map(Vec::as_slice);
        let mut line = Line::default();
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix(b"--") {
                if takes_value(name) {
                    line.option(name, words.next().unwrap_or_default());
                }
            } else if let [b'-', cluster @ ..] = word
                && !cluster.is_empty()
            {
                let at = cluster.iter().position(|b| SHORT_WITH_VALUE.contains(b));
                let Some(at) = at else { continue };
                let attached = &cluster[at + 1..];
                let value = match attached.is_empty() {
                    true => words.next().unwrap_or_default(),
                    false => attached,
                };
                line.option(&cluster[at..=at], value);
            } else {
                line.urls.push(word);
            }
        }
        // A word that looks like one goes before what an unknown option may have left behind.
        line.urls.sort_by_key(|url| !url.get(..4).is_some_and(|s| s.eq_ignore_ascii_case(b"http")));
        line
    }

    fn option(&mut self, name: &[u8], value: &'w [u8]) {
        match name {
            b"url" => self.urls.push(value),
            b"H" | b"header" => self.cookies.extend(field_value(value)),
            b"b" | b"cookie" if value.contains(&b'=') => self.cookies.push(value),
            b"b" | b"cookie" => self.cookie_files += usize::from(!value.is_empty()),
            _ => {}
        }
    }
}

fn takes_value(name: &[u8]) -> bool {
    let padded = [b" ", name, b" "].concat();
    std::str::from_utf8(&padded).is_ok_and(|name| LONG_WITH_VALUE.contains(name))
}

/// A URL as curl takes it: without a scheme it is http.
fn parse(text: &[u8]) -> Option<Url> {
    let text = std::str::from_utf8(text).ok()?;
    let url = match text.contains("://") {
        true => Url::parse(text),
        false => Url::parse(&format!("http://{text}")),
    };
    url.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Domain, secure and pair of every cookie.
    fn cookies(text: &str) -> Result<String, Error> {
        let url = Url::parse("https://given.example/").unwrap();
        let import = read(text.as_bytes(), Some(&url))?;
        let one = |c: &crate::cookie::Cookie| {
            let mut pair = format!("{}{} ", c.key.domain, if c.secure { "+" } else { "" });
            pair.push_str(&String::from_utf8_lossy(&c.key.name));
            format!("{pair}={}", String::from_utf8_lossy(&c.value))
        };
        Ok(import.cookies.iter().map(one).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn cookies_are_found_wherever_curl_takes_them() {
        let cases = [
            ("curl https://a.example/ -b 'a=1; b=2'", "a.example+ a=1 a.example+ b=2"),
            ("curl -sSLba=1 http://a.example/", "a.example a=1"),
            ("curl --cookie a=1 --url a.example/x", "a.example a=1"),
            ("curl -H 'cookie: a=1' -H'Cookie:b=2' a.example", "a.example a=1 a.example b=2"),
            ("curl -X POST -d x=1 -o file https://a.example/ -b a=1", "a.example+ a=1"),
            ("curl --data-raw 'b=2' --compressed https://a.example/ -b a=1", "a.example+ a=1"),
            ("curl --new-option thing https://a.example/ -b a=1", "a.example+ a=1"),
            ("/usr/bin/curl -b a=1", "given.example+ a=1"),
            ("$ curl https://a.example/ -b a=1 | jq .", "a.example+ a=1"),
            ("curl https://a.example/ -H 'Accept: */*'", ""),
            ("curl https://a.example/ -b jar.txt -b ''", ""),
            ("curl a.example -b a=1 ;\ncurl b.example -b a=2", "a.example a=1 b.example a=2"),
            (
                "curl ^\"https://a.example/?x=1^&y=2^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  \
                 -b ^\"a=^%^22x^%^22; b=^\\^\"2^\\^\"^\" &\r\ncurl ^\"https://b.example/^\" ^\r\n  \
                 -b ^\"c=3^\"",
                "a.example+ a=%22x%22 a.example+ b=\"2\" b.example+ c=3",
            ),
            ("curl a.example -b a=1 -b a=2", "a.example a=1"),
            ("curl a.example -b a=1\ncurl a.example -b a=2", "a.example a=1 a.example a=2"),
        ];
        for (text, expected) in cases {
            assert_eq!(cookies(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_jar_that_is_named_is_not_read_and_that_is_said() {
        let import = read(b"curl a.example -b jar.txt", None).unwrap();
        assert_eq!(import.warnings, [Warning::CookieFiles(1)]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_says_why() {
        let cases: [(&str, Error); 5] = [
            ("wget https://a.example/", Error::NoCommand),
            ("", Error::NoCommand),
            ("curl 'https://a.example/", Error::Quote { line: 1 }),
            ("curl ftp://a.example/ -b a=1", Error::NotHttp),
            ("curl http:// -b a=1", Error::NotHttp),
        ];
        for (text, error) in cases {
            assert_eq!(read(text.as_bytes(), None).unwrap_err(), error, "{text}");
        }
        let error = read(b"curl -b a=1", None).unwrap_err();
        assert_eq!(error, Error::NeedsUrl(Format::CurlLine));
    }
}
