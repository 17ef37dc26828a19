//! The engine as a whole: lines in, verdicts and `Cookie` lines out, by section of RFC 6265bis.

use super::*;
use crate::base::Wall;
use proptest::prelude::*;
use url::Url;

const NOW: Wall = Wall(1_700_000_000_000); // 2023-11-14T22:13:20Z

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Stores lines that `from` answered and asks what goes to `to`.
fn sent(lines: &[&str], from: &str, to: &str) -> String {
    let mut jar = Jar::new();
    for line in lines {
        jar.store(line.as_bytes(), &url(from), NOW);
    }
    let line = jar.retrieve(&url(to), NOW).unwrap_or_default();
    String::from_utf8(line).unwrap()
}

fn verdict(line: &str, from: &str) -> Verdict {
    Jar::new().store(line.as_bytes(), &url(from), NOW).verdict
}

#[test]
fn the_rfcs_own_examples_come_out_as_printed() {
    // Section 3.1: a session, then its language, then the language goes.
    let (from, to) = ("https://site.example/", "https://site.example/x");
    assert_eq!(sent(&["SID=31d4d96e407aad42"], from, to), "SID=31d4d96e407aad42");
    let scoped = "SID=31d4d96e407aad42; Path=/; Domain=site.example";
    assert_eq!(sent(&[scoped], from, "https://www.site.example/"), "SID=31d4d96e407aad42");
    let lines = [
        "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
        "lang=en-US; Path=/; Domain=site.example",
    ];
    assert_eq!(sent(&lines, from, to), "SID=31d4d96e407aad42; lang=en-US");
    let gone = "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/; Domain=site.example";
    assert_eq!(sent(&[lines[0], lines[1], gone], from, to), "SID=31d4d96e407aad42");
    // Section 4.1.3: the prefixes' examples.
    let prefixed = [
        ("__Secure-SID=12345; Domain=site.example", false),
        ("__Secure-SID=12345; Domain=site.example; Secure", true),
        ("__Host-SID=12345", false),
        ("__Host-SID=12345; Secure", false),
        ("__Host-SID=12345; Domain=site.example", false),
        ("__Host-SID=12345; Domain=site.example; Path=/", false),
        ("__Host-SID=12345; Secure; Domain=site.example; Path=/", false),
        ("__Host-SID=12345; Secure; Path=/", true),
    ];
    for (line, kept) in prefixed {
        assert_eq!(verdict(line, from) == Verdict::Created, kept, "{line}");
    }
}

#[test]
fn what_is_sent_for_one_line() {
    // Line, from, to, what is sent, source.
    let cases = [
        ("foo", "http://a.example/", "http://a.example/", "foo", "5.6 step 3, 5.8.3 step 4"),
        ("=foo", "http://a.example/", "http://a.example/", "foo", "5.6; wpt cookies/name"),
        ("=a=b", "http://a.example/", "http://a.example/", "a=b", "5.6; wpt cookies/name"),
        ("foo=", "http://a.example/", "http://a.example/", "foo=", "5.8.3 step 4"),
        ("a=\"b; c\"", "http://a.example/", "http://a.example/", "a=\"b", "5.6 step 2"),
        ("a=b", "http://a.example/", "https://a.example/", "a=b", "8.5: no isolation by scheme"),
        ("a=b", "http://a.example:8080/", "http://a.example/", "a=b", "8.5: nor by port"),
        ("a=b", "http://a.example/", "http://b.a.example/", "", "5.7 step 10: host-only"),
        ("a=b", "http://A.EXAMPLE./", "http://a.example/", "a=b", "5.1.2: one spelling"),
        ("a=b; Domain=a.example", "http://a.example/", "http://b.a.example/", "a=b", "5.1.3"),
        (
            "a=b; Domain=.a.example",
            "http://a.example/",
            "http://b.a.example/",
            "a=b",
            "5.6.3 step 2",
        ),
        ("a=b; Domain=..a.example", "http://a.example/", "http://a.example/", "", "wpt domain 10"),
        (
            "a=b; Domain=A.eXample",
            "http://a.example/",
            "http://b.a.example/",
            "a=b",
            "wpt domain 26",
        ),
        ("a=b; Domain=a.example.", "http://a.example/", "http://a.example/", "", "wpt domain 14"),
        ("a=b; Domain=a.example.", "http://a.example./", "http://b.a.example/", "a=b", "5.1.2"),
        ("a=b; Domain=", "http://a.example/", "http://a.example/", "a=b", "wpt domain 30"),
        ("a=b; Domain=", "http://a.example/", "http://b.a.example/", "", "5.7 step 10"),
        ("a=b; Domain=.", "http://a.example/", "http://a.example/", "a=b", "5.6.3"),
        (
            "a=b; Domain=\"a.example\"",
            "http://a.example/",
            "http://a.example/",
            "",
            "wpt domain 21",
        ),
        ("a=b; Domain=a.example:80", "http://a.example/", "http://a.example/", "", "wpt domain 27"),
        ("a=b; Domain= . a.example", "http://a.example/", "http://a.example/", "", "wpt domain 13"),
        (
            "a=b; Domain=b.a.example",
            "http://a.example/",
            "http://b.a.example/",
            "",
            "wpt domain 28",
        ),
        (
            "a=b; Domain=c.d; Domain=a.example",
            "http://a.example/",
            "http://a.example/",
            "a=b",
            "wpt domain 33",
        ),
        (
            "a=b; Domain=a.example; Domain=c.d",
            "http://a.example/",
            "http://a.example/",
            "",
            "wpt domain 32",
        ),
        ("a=b; Domain=127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", "a=b", "5.1.3"),
        ("a=b; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", "", "5.1.3: an address"),
        ("a=b; Domain=[::1]", "http://[::1]/", "http://[::1]/", "a=b", "5.1.3"),
        (
            "a=b; Domain=xn--bcher-kva.example",
            "http://b\u{fc}cher.example/",
            "http://x.xn--bcher-kva.example/",
            "a=b",
            "5.1.2",
        ),
        (
            "a=b; Domain=b\u{fc}cher.example",
            "http://b\u{fc}cher.example/",
            "http://b\u{fc}cher.example/",
            "",
            "5.7 step 8",
        ),
        ("a=b; Domain=github.io", "http://github.io/", "http://github.io/", "a=b", "5.7 step 9.1"),
        (
            "a=b; Domain=github.io",
            "http://github.io/",
            "http://me.github.io/",
            "",
            "5.7 step 9.1: host-only",
        ),
        ("a=b; Domain=localhost", "http://localhost/", "http://localhost/", "a=b", "5.7 step 9.1"),
        ("a=b", "http://a.example/x/y", "http://a.example/x/z", "a=b", "5.1.4 default path"),
        ("a=b", "http://a.example/x/y", "http://a.example/xz", "", "5.1.4"),
        ("a=b; Path=/foo", "http://a.example/", "http://a.example/foobar", "", "5.1.4"),
        ("a=b; Path=/foo", "http://a.example/", "http://a.example/foo/bar?q", "a=b", "5.1.4"),
        ("a=b; Path=/foo/", "http://a.example/", "http://a.example/foo", "", "5.1.4"),
        ("a=b; Path=foo", "http://a.example/x/y", "http://a.example/x/", "a=b", "5.6.4 step 1"),
        ("a=b; Path=\"/z\"", "http://a.example/x/y", "http://a.example/x/", "a=b", "5.6.4 step 1"),
        (
            "a=b; Path=/z; Path=",
            "http://a.example/x/y",
            "http://a.example/x/",
            "a=b",
            "5.7 step 11",
        ),
        (
            "a=b; Path=/%7Ex",
            "http://a.example/",
            "http://a.example/~x",
            "",
            "5.1.4: bytes, not meanings",
        ),
        ("a=b; Secure", "https://a.example/", "http://a.example/", "", "5.8.3 step 1"),
        ("a=b; Secure", "https://a.example/", "https://a.example/", "a=b", "5.8.3 step 1"),
        ("a=b; Secure=x", "https://a.example/", "http://a.example/", "", "5.6.5"),
        ("a=b; Secure", "http://localhost/", "http://localhost/", "a=b", "browsers: loopback"),
        ("a=b; Secure", "http://127.0.0.1/", "http://127.0.0.1/", "a=b", "browsers: loopback"),
        ("a=b; Secure", "http://x.localhost/", "http://x.localhost/", "a=b", "browsers: loopback"),
        (
            "__Host-a=b; Secure; Path=/",
            "http://localhost/x/y",
            "http://localhost/",
            "__Host-a=b",
            "5.7 step 21",
        ),
        ("a=b; HttpOnly", "http://a.example/", "http://a.example/", "a=b", "5.6.6"),
        (
            "a=b; SameSite=Strict",
            "http://a.example/",
            "http://a.example/",
            "a=b",
            "stored, not enforced",
        ),
        ("a=b; SameSite=odd", "http://a.example/", "http://a.example/", "a=b", "5.6.7"),
        ("a=b; Secure; Partitioned", "https://a.example/", "https://a.example/", "a=b", "CHIPS"),
        ("a=b; Max-Age=0", "http://a.example/", "http://a.example/", "", "5.6.2"),
        ("a=b; Max-Age=-5", "http://a.example/", "http://a.example/", "", "5.6.2"),
        (
            "a=b; Max-Age=x",
            "http://a.example/",
            "http://a.example/",
            "a=b",
            "5.6.2: broken is ignored",
        ),
        ("a=b; Max-Age=", "http://a.example/", "http://a.example/", "a=b", "5.6.2 step 1"),
        (
            "a=b; Max-Age=9; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
            "http://a.example/",
            "http://a.example/",
            "a=b",
            "5.7 step 6",
        ),
        (
            "a=b; Max-Age=0; Expires=Fri, 06 Nov 2099 08:49:37 GMT",
            "http://a.example/",
            "http://a.example/",
            "",
            "5.7 step 6",
        ),
        ("a=b; Expires=yesterday", "http://a.example/", "http://a.example/", "a=b", "5.6.1 step 2"),
        (
            "a=b; Unknown=x;;; ; =y",
            "http://a.example/",
            "http://a.example/",
            "a=b",
            "5.6.7 and before",
        ),
    ];
    for (line, from, to, want, source) in cases {
        assert_eq!(sent(&[line], from, to), want, "{line} from {from} to {to} ({source})");
    }
}

#[test]
fn every_refusal_names_its_step() {
    use Refusal as R;
    let cases = [
        ("a=b\x01", "http://a.example/", R::ControlCharacter),
        ("a=b; Path=/\r\nx", "http://a.example/", R::ControlCharacter),
        ("=", "http://a.example/", R::Empty),
        ("", "http://a.example/", R::Empty),
        ("; Secure", "http://a.example/", R::Empty),
        ("a=b", "ftp://a.example/", R::NotHttp),
        ("a=b", "data:,x", R::NotHttp),
        ("a=b; Domain=\u{e4}", "http://a.example/", R::DomainNotAscii),
        ("a=b; Domain=co.uk", "http://a.co.uk/", R::PublicSuffix),
        ("a=b; Domain=CO.UK", "http://a.co.uk/", R::PublicSuffix),
        ("a=b; Domain=.co.uk", "http://a.co.uk/", R::PublicSuffix),
        ("a=b; Domain=co.uk.", "http://a.co.uk./", R::PublicSuffix),
        ("a=b; Domain=github.io", "http://me.github.io/", R::PublicSuffix),
        ("a=b; Domain=localhost", "http://x.localhost/", R::PublicSuffix),
        ("a=b; Domain=other.example", "http://a.example/", R::DomainMismatch),
        ("a=b; Domain=ample", "http://example/", R::PublicSuffix),
        ("a=b; Domain=x.example.com", "http://example.com/", R::DomainMismatch),
        ("a=b; Secure", "http://a.example/", R::SecureFromInsecure),
        ("a=b; SameSite=None", "https://a.example/", R::SameSiteNone),
        ("__Secure-a=b", "https://a.example/", R::SecurePrefix),
        ("__sEcUrE-a=b", "https://a.example/", R::SecurePrefix),
        ("__Host-a=b; Secure", "https://a.example/", R::HostPrefix),
        ("__Host-a=b; Secure; Path=", "https://a.example/", R::HostPrefix),
        ("__Host-a=b; Secure; Path=/x", "https://a.example/", R::HostPrefix),
        ("__HOST-a=b; Path=/", "https://a.example/", R::HostPrefix),
        ("__Host-a=b; Secure; Path=/; Domain=a.b.example", "https://a.b.example/", R::HostPrefix),
        ("=__Host-a=b; Secure; Path=/", "https://a.example/", R::NamelessPrefix),
        ("__secure-a; Secure", "https://a.example/", R::NamelessPrefix),
        ("a=b; Partitioned", "https://a.example/", R::Partitioned),
    ];
    for (line, from, refusal) in cases {
        assert_eq!(verdict(line, from), Verdict::Refused(refusal), "{line:?} from {from}");
    }
}

#[test]
fn a_message_has_the_name_and_the_reason_and_never_the_value() {
    let mut jar = Jar::new();
    let stored = jar.store(b"sid=hush; Domain=co.uk", &url("http://a.co.uk/"), NOW);
    assert_eq!(
        stored.to_string(),
        "cookie sid: refused because its Domain is a public suffix (section 5.7 step 9)"
    );
    let bare = jar.store(b"hush\x01", &url("http://a.co.uk/"), NOW);
    assert!(!bare.to_string().contains("hush"), "{bare}");
    let odd = jar.store(b"a\x1b[31m\xff=b", &url("http://a.co.uk/"), NOW);
    assert!(odd.to_string().starts_with("cookie a\\x1b[31m\\xff: refused"), "{odd}");
}

#[test]
fn a_plain_origin_cannot_cover_a_secure_cookie() {
    // Secure cookie's path, plain line, refused (5.7 step 16 and its note).
    let cases = [
        ("/login", "a=x; Path=/login", true),
        ("/login", "a=x; Path=/login/en", true),
        ("/login", "a=x; Path=/", false),
        ("/login", "a=x; Path=/foo", false),
        ("/login", "a=x; Path=/loginx", false),
        ("/login", "b=x; Path=/login", false),
        ("/", "a=x; Path=/; Domain=site.example", true),
        ("/", "a=; Max-Age=0; Path=/", true),
    ];
    for (path, line, refused) in cases {
        let mut jar = Jar::new();
        let secure = format!("a=b; Secure; Path={path}");
        jar.store(secure.as_bytes(), &url("https://www.site.example/"), NOW);
        let got = jar.store(line.as_bytes(), &url("http://www.site.example/"), NOW).verdict;
        assert_eq!(got == Verdict::Refused(Refusal::SecureOverlay), refused, "{path} {line}");
        assert!(matches!(
            jar.store(line.as_bytes(), &url("https://www.site.example/"), NOW).verdict,
            Verdict::Created | Verdict::Replaced | Verdict::Removed
        ));
    }
    // Domains are looked at both ways: a secure cookie of the parent covers the child.
    let mut jar = Jar::new();
    jar.store(b"a=b; Secure; Domain=site.example; Path=/", &url("https://site.example/"), NOW);
    let got = jar.store(b"a=x; Path=/", &url("http://www.site.example/"), NOW).verdict;
    assert_eq!(got, Verdict::Refused(Refusal::SecureOverlay));
}

#[test]
fn longer_paths_go_first_then_older_cookies_and_an_update_keeps_its_place() {
    let from = "http://a.example/x/y/z";
    let lines = ["1=; Path=/", "2=; Path=/x", "3=; Path=/", "4=; Path=/x/y", "1=new; Path=/"];
    assert_eq!(sent(&lines, from, from), "4=; 2=; 1=new; 3=");
    // A host-only cookie and a domain cookie of one name are two (5.7 step 23).
    let lines = ["a=host", "a=domain; Domain=b.example"];
    assert_eq!(sent(&lines, "http://b.example/", "http://b.example/"), "a=host; a=domain");
    // What was removed starts anew.
    let lines = ["a=1", "b=1", "a=; Max-Age=0", "a=2"];
    assert_eq!(sent(&lines, "http://a.example/", "http://a.example/"), "b=1; a=2");
}

#[test]
fn a_lifetime_is_at_most_400_days() {
    let cap = Some(NOW.plus_secs(400 * 86_400));
    let cases = [
        ("a=b; Max-Age=60", Some(NOW.plus_secs(60))),
        ("a=b; Max-Age=99999999999999999999", cap),
        ("a=b; Expires=Fri, 06 Nov 2099 08:49:37 GMT", cap),
        ("a=b; Expires=Wed, 15 Nov 2023 22:13:20 GMT", Some(NOW.plus_secs(86_400))),
        ("a=b", None),
    ];
    for (line, expires) in cases {
        let mut jar = Jar::new();
        jar.store(line.as_bytes(), &url("http://a.example/"), NOW);
        assert_eq!(jar.in_order()[0].expires, expires, "{line}");
    }
    let mut jar = Jar::new();
    jar.store(b"a=b; Max-Age=1", &url("http://a.example/"), NOW);
    assert!(jar.retrieve(&url("http://a.example/"), Wall(NOW.0 + 999)).is_some());
    assert!(jar.retrieve(&url("http://a.example/"), NOW.plus_secs(1)).is_none());
}

#[test]
fn one_response_sets_fifty_cookies_and_no_more() {
    let lines: Vec<String> = (0..60).map(|i| format!("c{i}=v")).collect();
    let mut jar = Jar::new();
    let all = jar.store_all(lines.iter().map(|l| l.as_bytes()), &url("http://a.example/"), NOW);
    assert_eq!((all.len(), jar.len()), (60, 50));
    assert_eq!(all[50].verdict, Verdict::Refused(Refusal::ResponseFull));
}

#[test]
fn a_full_domain_loses_expired_then_plain_then_least_used_cookies() {
    let limits = Limits { per_domain: 3, ..Limits::default() };
    let mut jar = Jar::with_limits(limits);
    let at = url("https://a.example/");
    let store = |jar: &mut Jar, line: &str, at_secs: i64| {
        jar.store(line.as_bytes(), &at, NOW.plus_secs(at_secs)).verdict
    };
    let names = |jar: &Jar| -> Vec<String> {
        jar.in_order().iter().map(|c| String::from_utf8_lossy(&c.key.name).into_owned()).collect()
    };
    store(&mut jar, "s1=; Secure", 0);
    store(&mut jar, "p1=", 1);
    store(&mut jar, "x=; Max-Age=1; Secure", 2);
    store(&mut jar, "s2=; Secure", 10);
    assert_eq!(names(&jar), ["s1", "p1", "s2"], "the expired one went");
    store(&mut jar, "s3=; Secure", 11);
    assert_eq!(names(&jar), ["s1", "s2", "s3"], "the one that is not Secure went");
    store(&mut jar, "s4=; Secure", 12);
    assert_eq!(names(&jar), ["s2", "s3", "s4"], "the least used went");
    assert_eq!(store(&mut jar, "p2=", 13), Verdict::Refused(Refusal::DomainFull));
}

#[test]
fn a_full_jar_loses_the_least_used_cookie() {
    let mut jar = Jar::with_limits(Limits { total: 3, ..Limits::default() });
    for i in 0..4 {
        let from = url(&format!("http://h{i}.example/"));
        jar.store(b"a=b", &from, NOW.plus_secs(i));
        jar.retrieve(&url("http://h0.example/"), NOW.plus_secs(i));
    }
    assert!(jar.retrieve(&url("http://h0.example/"), NOW).is_some());
    assert!(jar.retrieve(&url("http://h1.example/"), NOW).is_none());
    assert_eq!(jar.len(), 3);
}

#[test]
fn the_defaults_keep_what_the_specification_asks_for() {
    let limits = Limits::default();
    assert!(limits.per_response >= 50 && limits.per_domain >= 50 && limits.total >= 3000);
}

#[test]
fn a_cookie_line_stays_below_eight_kilobytes_and_explain_says_so() {
    let mut jar = Jar::new();
    let at = url("http://a.example/");
    for name in ["a", "b", "c"] {
        let line = format!("{name}={}", "v".repeat(4000));
        jar.store(line.as_bytes(), &at, NOW);
    }
    assert_eq!(jar.retrieve(&at, NOW).map(|line| line.len()), Some(4002 * 2 + 2));
    let rules: Vec<Sending> = jar.explain(&at, NOW).iter().map(|e| e.sending).collect();
    assert_eq!(rules, [Sending::Sent(1), Sending::Sent(2), Sending::Kept(Rule::LineFull)]);
}

#[test]
fn explain_gives_every_cookie_its_place_or_its_rule() {
    let mut jar = Jar::new();
    for (line, from) in [
        ("sent=", "https://a.b.example/"),
        ("below=; Path=/x", "https://a.b.example/"),
        ("secure=; Secure", "https://a.b.example/"),
        ("parent=", "https://b.example/"),
        ("other=", "https://c.example/"),
        ("old=; Max-Age=5", "https://a.b.example/"),
    ] {
        jar.store(line.as_bytes(), &url(from), NOW);
    }
    let explained = jar.explain(&url("http://a.b.example/"), NOW.plus_secs(9));
    let got: Vec<String> = explained
        .iter()
        .map(|e| format!("{} {}", String::from_utf8_lossy(&e.cookie.key.name), e.sending))
        .collect();
    assert_eq!(
        got,
        [
            "sent sent, number 1",
            "old not sent: it has expired (section 5.7)",
            "secure not sent: it is Secure and this is plain http (section 5.8.3 step 1)",
            "below not sent: the path is not below its path (section 5.8.3 step 1)",
            "parent not sent: it is for its own host only (section 5.8.3 step 1)",
            "other not sent: the host is not in its domain (section 5.8.3 step 1)",
        ]
    );
}

/// Hosts, paths and attributes that collide often.
fn a_line() -> impl Strategy<Value = String> {
    let domain = prop_oneof![
        Just(""),
        Just("; Domain=b.example"),
        Just("; Domain=a.b.example"),
        Just("; Domain=example")
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
    let host = prop_oneof![Just("b.example"), Just("a.b.example"), Just("c.example")];
    let path = prop_oneof![Just("/"), Just("/x"), Just("/x/y/z"), Just("/xy")];
    (scheme, host, path).prop_map(|(s, h, p)| url(&format!("{s}://{h}{p}")))
}

proptest! {
    #[test]
    fn the_jar_returns_exactly_what_explain_says_it_sends(
        stores in proptest::collection::vec((a_line(), a_url(), 0i64..4), 0..30),
        to in a_url(),
    ) {
        let mut jar = Jar::new();
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
