//! What holds for every jar and every line.

use super::*;
use proptest::prelude::*;

/// Hosts, paths and attributes that collide often.
fn a_line() -> impl Strategy<Value = String> {
    let domain = prop_oneof![
        Just(""),
        Just("; Domain=b.example"),
        Just("; Domain=a.b.example"),
        Just("; Domain=example"),
        Just("; Domain=amazonaws.com"),
        Just("; Domain=x.s3.amazonaws.com")
    ];
    let path = prop_oneof![Just(""), Just("; Path=/"), Just("; Path=/x"), Just("; Path=/x/y")];
    let more = prop_oneof![
        Just(""),
        Just("; Secure"),
        Just("; Max-Age=0"),
        Just("; Max-Age=2"),
        Just("; Secure; Partitioned")
    ];
    ("[ab]?", domain, path, more).prop_map(|(n, d, p, m)| format!("{n}=v{d}{p}{m}"))
}

fn a_url() -> impl Strategy<Value = Url> {
    let scheme = prop_oneof![Just("http"), Just("https")];
    let host = prop_oneof![
        Just("b.example"),
        Just("a.b.example"),
        Just("c.example"),
        Just("amazonaws.com"),
        Just("s3.amazonaws.com"),
        Just("x.s3.amazonaws.com")
    ];
    let path = prop_oneof![Just("/"), Just("/x"), Just("/x/y/z"), Just("/xy")];
    (scheme, host, path).prop_map(|(s, h, p)| url(&format!("{s}://{h}{p}")))
}

/// A file's cookie for a domain, which may lie above a public suffix.
fn a_file_cookie() -> impl Strategy<Value = Cookie> {
    let domain = prop_oneof![Just("b.example"), Just("amazonaws.com"), Just("x.s3.amazonaws.com")];
    (domain, "[ab]", any::<bool>()).prop_map(|(domain, name, host_only)| {
        let key = Key {
            domain: domain.into(),
            path: b"/"[..].into(),
            name: name.as_bytes().into(),
            host_only,
            partition: None,
        };
        Cookie::new(key, b"file", NOW)
    })
}

proptest! {
    #[test]
    fn the_jar_returns_exactly_what_explain_says_it_sends(
        stores in proptest::collection::vec((a_line(), a_url(), 0i64..4), 0..30),
        loaded in proptest::collection::vec(a_file_cookie(), 0..4),
        to in a_url(),
    ) {
        let mut jar = Jar::new();
        for cookie in loaded {
            jar.load(cookie, NOW).unwrap();
        }
        for (line, from, at) in &stores {
            jar.store(line.as_bytes(), from, NOW.plus_secs(*at));
        }
        let at = NOW.plus_secs(3);
        let mut line = Vec::new();
        let mut turns = Vec::new();
        for explained in jar.explain(&to, at) {
            if let Sending::Sent(place) = explained.sending {
                prop_assert_eq!(place, turns.len() + 1);
                if place > 1 {
                    line.extend_from_slice(b"; ");
                }
                explained.cookie.write_pair(&mut line);
                let key = &explained.cookie.key;
                turns.push((std::cmp::Reverse(key.path.len()), explained.cookie.created));
            }
        }
        prop_assert!(turns.is_sorted());
        prop_assert_eq!(jar.retrieve(&to, at).unwrap_or_default(), line);
        prop_assert_eq!(jar.len(), jar.iter().count());
    }

    #[test]
    fn any_order_of_stores_gives_the_order_of_the_specification(
        // Name, path, seconds that pass before, whether it is a removal where 0.
        stores in proptest::collection::vec((0usize..4, 0usize..3, 0i64..2, 0usize..4), 0..40),
    ) {
        let paths = ["/", "/x", "/x/y"];
        let (mut jar, at) = (Jar::new(), url("https://a.example/x/y"));
        // What should be there, in the order in which it came first: an update keeps its place.
        let mut expected: Vec<((usize, usize), usize)> = Vec::new();
        let mut now = NOW;
        for (turn, (name, path, secs, kind)) in stores.into_iter().enumerate() {
            now = now.plus_secs(secs);
            let end = if kind == 0 { "; Max-Age=0" } else { "" };
            let line = format!("n{name}={turn}; Path={}{end}", paths[path]);
            jar.store(line.as_bytes(), &at, now);
            let place = expected.iter().position(|(key, _)| *key == (name, path));
            match (place, kind) {
                (Some(place), 0) => drop(expected.remove(place)),
                (Some(place), _) => expected[place].1 = turn,
                (None, 0) => {}
                (None, _) => expected.push(((name, path), turn)),
            }
        }
        expected.sort_by_key(|((_, path), _)| std::cmp::Reverse(paths[*path].len()));
        let pairs: Vec<String> =
            expected.iter().map(|((name, _), turn)| format!("n{name}={turn}")).collect();
        let line = jar.retrieve(&at, now).unwrap_or_default();
        prop_assert_eq!(String::from_utf8(line).unwrap(), pairs.join("; "));
    }

    #[test]
    fn no_bytes_make_the_parser_or_the_store_panic(
        line in proptest::collection::vec(any::<u8>(), 0..200),
        from in a_url(),
    ) {
        let mut jar = Jar::new();
        jar.store(&line, &from, NOW);
        jar.retrieve(&from, NOW);
        date::parse(&line);
        formats::netscape::read_line(&line);
    }

    #[test]
    fn pieces_of_real_lines_in_any_order_do_not_panic(
        pieces in proptest::collection::vec(prop_oneof![
            Just("a"), Just("="), Just(";"), Just(" "), Just("\t"), Just("Max-Age="), Just("-"),
            Just("99999999999999999999"), Just("Expires="), Just("31 Feb 2021 00:00:00"),
            Just("Domain="), Just("."), Just("Path="), Just("/"), Just("\u{e9}"), Just("__Host-"),
        ], 0..20),
    ) {
        Jar::new().store(pieces.concat().as_bytes(), &url("https://a.example/"), NOW);
    }
}

/// Where the `cookie` crate's parser, a server's convenience, differs from section 5.6: it refuses a
/// line without `=` and one without a name (step 3 keeps them), takes off any white space
/// where step 4 takes spaces and tabs, and knows neither the size limits nor control characters.
fn oracle_differs(line: &str) -> bool {
    let pair = line.split(';').next().unwrap_or_default();
    let nameless = pair.split_once('=').is_none_or(|(name, _)| name.trim().is_empty());
    nameless || line.bytes().any(|b| b.is_ascii_control() && b != b'\t')
}

proptest! {
    #[test]
    fn the_cookie_crate_reads_the_same_name_value_and_flags(
        line in "[ab\" ,=\t]{0,6}=[ab\" ,=\t]{0,8}(; ?(Secure|HttpOnly|Path=/x|secure=1|Foo=bar)){0,3}",
    ) {
        let ours = SetCookie::parse(line.as_bytes());
        let theirs = ::cookie::Cookie::parse(line.as_str());
        if oracle_differs(&line) {
            return Ok(());
        }
        let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
        prop_assert_eq!(ours.name, theirs.name().as_bytes());
        prop_assert_eq!(ours.value, theirs.value().as_bytes());
        prop_assert_eq!(ours.secure, theirs.secure().unwrap_or(false));
        prop_assert_eq!(ours.http_only, theirs.http_only().unwrap_or(false));
        prop_assert_eq!(ours.path, theirs.path().map(str::as_bytes));
    }
}
