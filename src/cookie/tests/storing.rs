//! What is stored and what is refused (sections 3.1, 4.1.3 and 5.7).

use super::*;

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
