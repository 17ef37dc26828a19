//! Numbers, sizes and lifetimes (sections 5.5, 5.7 and 6.1).

use super::*;

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
fn a_jar_beyond_both_limits_loses_one_cookie_for_each_that_comes() {
    let mut jar = Jar::with_limits(Limits { per_domain: 3, total: 5, ..Limits::default() });
    for i in 0..8 {
        let key = Key {
            domain: "a.example".into(),
            path: b"/"[..].into(),
            name: format!("n{i}").as_bytes().into(),
            host_only: true,
            partition: None,
        };
        jar.load(Cookie::new(key, b"v", NOW), NOW).unwrap();
    }
    for (line, from) in [("x=1", "http://a.example/"), ("y=1", "http://b.example/")] {
        assert_eq!(jar.store(line.as_bytes(), &url(from), NOW).verdict, Verdict::Created);
        assert_eq!(jar.len(), 8, "{line}");
    }
}
