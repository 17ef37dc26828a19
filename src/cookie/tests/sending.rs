//! What goes with a request (sections 5.6 and 5.8.3).

use super::*;

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

#[test]
fn a_cookie_from_above_a_public_suffix_is_explained_and_not_sent() {
    let key = Key {
        domain: "amazonaws.com".into(),
        path: b"/"[..].into(),
        name: b"a"[..].into(),
        host_only: false,
        partition: None,
    };
    let mut jar = Jar::new();
    jar.load(Cookie::new(key, b"b", NOW), NOW).unwrap();
    let to = url("http://bucket.s3.amazonaws.com/");
    assert_eq!(jar.explain(&to, NOW)[0].sending, Sending::Kept(Rule::OtherSite));
    assert_eq!(jar.retrieve(&to, NOW), None);
    assert!(jar.retrieve(&url("http://www.amazonaws.com/"), NOW).is_some());
}
