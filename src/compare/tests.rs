//! Pairs of answers.

use super::*;
use proptest::prelude::*;

const LOOSE: Options = Options { strict: false, outline };
const STRICT: Options = Options { strict: true, outline };

/// Tags and texts, roughly: the real one is `page`'s.
fn outline(content: &[u8], headers: &Headers) -> Option<Vec<String>> {
    let html = headers.get("Content-Type")?.starts_with(b"text/html");
    let text = String::from_utf8_lossy(content).replace('<', "\n<").replace('>', ">\n");
    let units = text.lines().map(str::trim).filter(|unit| !unit.is_empty());
    html.then(|| units.map(str::to_owned).collect())
}

/// An answer, owned.
struct Came {
    hops: Vec<(u16, Url)>,
    headers: Headers,
    content: Option<Vec<u8>>,
}

fn came(status: u16, fields: &[(&str, &str)], content: &str) -> Came {
    through(&[(status, "http://a.example/x")], fields, content)
}

fn through(hops: &[(u16, &str)], fields: &[(&str, &str)], content: &str) -> Came {
    let hops = hops.iter().map(|(status, url)| (*status, Url::parse(url).unwrap())).collect();
    let headers = fields.iter().copied().collect();
    Came { hops, headers, content: Some(content.as_bytes().to_vec()) }
}

fn compared(a: &Came, b: &Came, options: &Options) -> Comparison {
    fn borrowed(hops: &[(u16, Url)]) -> Vec<Hop<'_>> {
        hops.iter().map(|(status, url)| Hop { status: *status, url }).collect()
    }
    answers(
        &Answer { hops: &borrowed(&a.hops), headers: &a.headers, content: a.content.as_deref() },
        &Answer { hops: &borrowed(&b.hops), headers: &b.headers, content: b.content.as_deref() },
        options,
    )
}

fn at(differences: &[Difference]) -> Vec<&str> {
    differences.iter().map(|difference| difference.at.as_str()).collect()
}

#[test]
fn an_answer_is_the_same_as_itself() {
    let fields = [("Content-Type", "text/html"), ("Set-Cookie", "a=1; Path=/")];
    let page = came(200, &fields, "<p>x</p>");
    for options in [LOOSE, STRICT] {
        let same = compared(&page, &page, &options);
        assert!(same.is_same() && same.body == Body::Same && same.ignored.is_empty());
    }
}

#[test]
fn the_kind_of_change_of_a_status_is_named() {
    for (a, b, change) in [
        (200, 200, Change::Same),
        (200, 204, Change::SameClass),
        (301, 302, Change::SameClass),
        (200, 302, Change::Redirects),
        (302, 200, Change::Recovered),
        (503, 200, Change::Recovered),
        (200, 401, Change::LoginWall),
        (404, 401, Change::LoginWall),
        (200, 403, Change::Forbidden),
        (200, 404, Change::Gone),
        (404, 410, Change::Gone),
        (200, 429, Change::RateLimited),
        (200, 400, Change::Refused),
        (200, 500, Change::Failed),
        (500, 503, Change::SameClass),
        (200, 999, Change::Other),
    ] {
        let comparison = compared(&came(a, &[], ""), &came(b, &[], ""), &LOOSE);
        assert_eq!(comparison.status, Status { a, b, change }, "{a} {b}");
        assert_eq!(comparison.is_same(), a == b);
    }
}

#[test]
fn a_chain_that_ends_at_a_login_is_a_login_wall() {
    let home = through(&[(302, "http://a.example/"), (200, "http://a.example/home")], &[], "");
    for (path, wall) in [
        ("login", true),
        ("Account/sign-in.php", true),
        ("oauth/authorize", true),
        ("blogging", false),
        ("authors", false),
    ] {
        let url = format!("http://a.example/{path}");
        let there = through(&[(302, "http://a.example/"), (200, &url)], &[], "");
        let comparison = compared(&home, &there, &LOOSE);
        assert_eq!(comparison.status.change == Change::LoginWall, wall, "{path}");
        assert_eq!(at(&comparison.chain), ["hop 2"]);
        assert_eq!(comparison.chain[0].b.as_deref(), Some(&*format!("/{path}")));
    }
    let asked = through(&[(200, "http://a.example/login")], &[], "");
    assert!(compared(&asked, &asked, &LOOSE).is_same());
}

#[test]
fn the_same_site_elsewhere_is_the_same() {
    let site = |origin: &str| {
        let (start, end) = (format!("{origin}/"), format!("{origin}/home"));
        through(&[(302, &start), (302, &end)], &[("Location", &format!("{origin}/b"))], "")
    };
    let (one, other) = (site("http://localhost:8080"), site("https://a.example"));
    assert!(compared(&one, &other, &LOOSE).is_same());
    let strict = compared(&one, &other, &STRICT);
    assert_eq!(at(&strict.headers), ["Location"]);
    let away = through(
        &[(302, "https://a.example/"), (302, "https://a.example.evil/home")],
        &[("Location", "/b")],
        "",
    );
    assert_eq!(at(&compared(&other, &away, &LOOSE).chain), ["hop 2"]);
}

#[test]
fn fields_that_are_made_anew_do_not_count_unless_strict() {
    let cases: [(&str, &str, &str); 16] = [
        ("Date", "Thu, 15 Jan 2026 08:00:00 GMT", "Thu, 15 Jan 2026 09:00:00 GMT"),
        ("Age", "1", "2"),
        ("X-Request-Id", "a", "b"),
        ("x-correlation-id", "a", "b"),
        ("CF-RAY", "a", "b"),
        ("Server-Timing", "db;dur=1", "db;dur=2"),
        ("X-RateLimit-Remaining", "9", "8"),
        ("RateLimit", "limit=9", "limit=8"),
        ("Keep-Alive", "max=99", "max=98"),
        ("ETag", "\"a\"", "\"b\""),
        ("Last-Modified", "x", "y"),
        ("Content-Length", "4", "5"),
        ("Content-Security-Policy", "script-src 'nonce-aa' x", "script-src 'nonce-bb' x"),
        (
            "WWW-Authenticate",
            "Digest nonce=\"a\", opaque=\"c\", qop=auth",
            "Digest nonce=\"b\", opaque=\"d\", qop=auth",
        ),
        ("Expires", "0", "-1"),
        ("Via", "1.1 a", "1.1 b"),
    ];
    for (name, one, other) in cases {
        let (a, b) = (came(200, &[(name, one)], "x"), came(200, &[(name, other)], "x"));
        let loose = compared(&a, &b, &LOOSE);
        assert!(loose.is_same(), "{name}: {loose:?}");
        let strict = compared(&a, &b, &STRICT);
        assert_eq!(at(&strict.headers), [name]);
        assert!(strict.ignored.is_empty());
    }
}

#[test]
fn other_fields_count() {
    type Fields<'f> = &'f [(&'f str, &'f str)];
    let cases: [(Fields<'_>, Fields<'_>, &str); 7] = [
        (&[("Server", "a")], &[("server", "b")], "Server"),
        (&[("X-A", "1")], &[], "X-A"),
        (&[], &[("X-A", "1")], "X-A"),
        (&[("Vary", "a"), ("Vary", "b")], &[("Vary", "b"), ("Vary", "a")], "Vary"),
        (
            &[("Content-Security-Policy", "'nonce-a' x")],
            &[("Content-Security-Policy", "'nonce-b' y")],
            "Content-Security-Policy",
        ),
        (&[("X-A", "1")], &[("X-A", "")], "X-A"),
        (&[("Location", "/a")], &[("Location", "/b")], "Location"),
    ];
    for (one, other, name) in cases {
        let comparison = compared(&came(200, one, ""), &came(200, other, ""), &LOOSE);
        assert_eq!(at(&comparison.headers), [name]);
        assert_eq!(comparison.outcome(), Outcome::Differs);
    }
    let joined = came(200, &[("Vary", "a"), ("vary", "b")], "");
    assert!(compared(&joined, &came(200, &[("Vary", "a, b")], ""), &STRICT).is_same());
}

#[test]
fn an_end_that_is_as_far_away_is_the_same_end() {
    let lives = |date: &str, expires: &str| {
        let day = |time: &str| format!("Thu, 15 Jan 2026 {time} GMT");
        came(200, &[("Date", &day(date)), ("Expires", &day(expires))], "")
    };
    let hour = lives("08:00:00", "09:00:00");
    assert!(compared(&hour, &lives("10:00:00", "11:00:01"), &LOOSE).is_same());
    assert!(!compared(&hour, &lives("10:00:00", "12:00:00"), &LOOSE).is_same());
    assert!(
        compared(&lives("08:00:00", "08:00:00"), &lives("10:00:00", "07:00:00"), &LOOSE).is_same()
    );
}

#[test]
fn fields_of_the_content_count_where_it_differs() {
    let (a, b) = (came(200, &[("ETag", "\"a\"")], "x"), came(200, &[("ETag", "\"b\"")], "y"));
    assert_eq!(at(&compared(&a, &b, &LOOSE).headers), ["ETag"]);
}

#[test]
fn of_cookies_the_attributes_count_and_values_only_in_a_strict_comparison() {
    let with = |lines: &[&str]| {
        let fields: Vec<(&str, &str)> = lines.iter().map(|line| ("Set-Cookie", *line)).collect();
        came(200, &fields, "")
    };
    let same: [(&[&str], &[&str]); 6] = [
        (&["a=1"], &["a=2"]),
        (&["a=1; Path=/; Secure"], &["a=1;secure;PATH=/"]),
        (&["a=1; SameSite=Lax; Domain=.A.example"], &["a=1; domain=a.example; samesite=lax"]),
        (
            &["a=1; Expires=Fri, 16 Jan 2026 08:00:00 GMT"],
            &["a=1; Expires=Sat, 17 Jan 2026 08:00:00 GMT"],
        ),
        (&["a=1", "b=2"], &["b=2", "a=1"]),
        (&["a=; Max-Age=0"], &["a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]),
    ];
    for (one, other) in same {
        let comparison = compared(&with(one), &with(other), &LOOSE);
        assert!(comparison.is_same(), "{one:?} {other:?} {comparison:?}");
    }
    let differ: [(&[&str], &[&str], Difference); 7] = [
        (&["a=1"], &[], one("a", Some("set"), None)),
        (&[], &["a=1; HttpOnly"], one("a", None, Some("HttpOnly"))),
        (&["a=1; Secure"], &["a=1"], one("a", Some("Secure"), Some("set"))),
        (&["a=1; Max-Age=9"], &["a=1; Max-Age=0"], one("a", Some("Max-Age=9"), Some("removed"))),
        (&["a=1; Max-Age=9"], &["a=1; Max-Age=8"], one("a", Some("Max-Age=9"), Some("Max-Age=8"))),
        (
            &["a=1"],
            &["a=1; Expires=Sat, 17 Jan 2026 08:00:00 GMT"],
            one("a", Some("set"), Some("Expires")),
        ),
        (&["a=1; odd=x"], &["a=1; odd=y"], one("a", Some("odd=x"), Some("odd=y"))),
    ];
    for (from, to, expected) in differ {
        let comparison = compared(&with(from), &with(to), &LOOSE);
        assert_eq!(comparison.cookies, [expected], "{from:?} {to:?}");
        assert!(!comparison.is_same());
    }
    let strict = compared(&with(&["sid=hush1"]), &with(&["sid=hush2"]), &STRICT);
    assert_eq!(at(&strict.cookies), ["sid"]);
    assert!(!format!("{strict:?}").contains("hush"), "a value is a secret");
}

fn body(kind: &str, one: &str, other: &str, options: &Options) -> Body {
    let fields = [("Content-Type", kind)];
    compared(&came(200, &fields, one), &came(200, &fields, other), options).body
}

#[test]
fn content_is_compared_as_its_type_allows() {
    use How::*;
    for (kind, one, other, how) in [
        ("text/plain", "a\r\nb \n\n", "a\nb", Text),
        ("text/html", "<p> a </p>", "<p>a</p>\n", Html),
        ("application/json", "{\"a\":1,\"b\":[]}", " {\"b\" : [ ], \"a\":1}", Json),
        ("text/plain", "[1]", "[ 1 ]", Json),
        ("application/json", "{\"csrfToken\":1,\"b\":2}", "{\"csrfToken\":9,\"b\":2}", Json),
        ("", "\u{feff}a", "a", Text),
    ] {
        assert_eq!(body(kind, one, other, &LOOSE), Body::Normalised(how), "{one:?}");
        assert!(matches!(body(kind, one, other, &STRICT), Body::Differs { .. }), "{one:?}");
    }
    let coded = came(200, &[("Content-Encoding", "gzip")], "x");
    let comparison = compared(&coded, &came(200, &[], "x"), &LOOSE);
    assert!(comparison.is_same() && comparison.body == Body::Decoded);
    assert_eq!(comparison.ignored, ["Content-Encoding"]);
}

fn differing(kind: &str, one: &str, other: &str) -> (How, f64, Vec<Difference>) {
    match body(kind, one, other, &LOOSE) {
        Body::Differs { how, similarity, differences, .. } => (how, similarity, differences),
        body => panic!("{body:?}"),
    }
}

fn one(at: &str, a: Option<&str>, b: Option<&str>) -> Difference {
    Difference::new(at, a, b)
}

#[test]
fn the_first_differences_are_shown_with_their_place() {
    let (how, similarity, all) = differing("text/plain", "a\nb\nc\nd", "a\nB\nc\nd\ne");
    assert_eq!(how, How::Text);
    assert_eq!(all, [one("line 2", Some("b"), Some("B")), one("line 5", None, Some("e"))]);
    assert!((0.6..0.7).contains(&similarity), "{similarity}");

    let (how, _, all) = differing("text/html", "<p class=a>old</p>", "<p class=a>new</p>");
    assert_eq!((how, all), (How::Html, vec![one("<p class=a>", Some("old"), Some("new"))]));

    let (how, similarity, all) = differing(
        "application/json",
        r#"{"a":{"b c":1,"gone":[]},"list":[1,2,3]}"#,
        r#"{"a":{"b c":2,"came":null},"list":[0,1,2,3]}"#,
    );
    let expected = [
        one(".a[\"b c\"]", Some("1"), Some("2")),
        one(".a.gone", Some("[]"), None),
        one(".a.came", None, Some("null")),
        one(".list[0]", None, Some("0")),
    ];
    assert_eq!((how, all), (How::Json, expected.to_vec()));
    assert!((0.5..0.6).contains(&similarity), "{similarity}");

    let (how, similarity, all) = differing("", "abc\0ef", "abd\0ef");
    assert_eq!(
        (how, all),
        (How::Bytes, vec![one("byte 2", Some("63 00 65 66"), Some("64 00 65 66"))])
    );
    assert!((0.8..0.9).contains(&similarity));
    let (_, similarity, all) = differing("", "\0", "");
    assert_eq!((all, similarity), (vec![one("byte 0", Some("00"), None)], 0.0));
}

#[test]
fn content_that_nobody_knows_cannot_be_compared() {
    let mut unknown = came(200, &[], "");
    unknown.content = None;
    let comparison = compared(&came(200, &[], "x"), &unknown, &LOOSE);
    assert_eq!(comparison.outcome(), Outcome::Unknown);
    unknown.hops[0].0 = 500;
    assert_eq!(compared(&came(200, &[], "x"), &unknown, &LOOSE).outcome(), Outcome::Differs);
}

#[test]
fn what_is_shown_is_bounded() {
    let many = |word: &str| (0..20_000).map(|n| format!("{word}{n}\n")).collect::<String>();
    let Body::Differs { similarity, differences, more, .. } =
        body("text/plain", &many("a"), &many("b"), &LOOSE)
    else {
        panic!("they differ")
    };
    assert_eq!((similarity, differences.len(), more), (0.0, MAX_SHOWN, true));
    let long = "\u{e9}".repeat(10 * MAX_TEXT);
    let (_, _, all) = differing("text/plain", &long, "x");
    assert_eq!(all[0].a.as_ref().unwrap().chars().count(), MAX_TEXT + 1);
    let deep = |depth: usize, n: u8| format!("{}{n}{}", "[".repeat(depth), "]".repeat(depth));
    let (how, ..) = differing("application/json", &deep(100, 1), &deep(100, 2));
    assert_eq!(how, How::Json);
    let (how, ..) = differing("application/json", &deep(100_000, 1), &deep(100_000, 2));
    assert_eq!(how, How::Text, "nested too deep");
    let list = |n: usize| format!("[{}]", vec![n.to_string(); 1000].join(","));
    assert!(matches!(body("", &list(1), &list(2), &LOOSE), Body::Differs { more: true, .. }));
    let large = "x".repeat(MAX_CONTENT + 1);
    assert_eq!(differing("text/plain", &large, "y").0, How::Bytes);
}

proptest! {
    #[test]
    fn any_two_answers_compare_the_same_way_each_time(
        a in ".{0,60}", b in ".{0,60}", name in "[A-Za-z-]{1,12}", c in "[ -~]{0,30}", d in "[ -~]{0,30}",
    ) {
        let answer = |content: &str, value: &str| {
            came(200, &[(&name, value), ("Set-Cookie", value), ("Content-Type", "text/html")], content)
        };
        let (one, other) = (answer(&a, &c), answer(&b, &d));
        for options in [LOOSE, STRICT] {
            let first = compared(&one, &other, &options);
            prop_assert_eq!(&first, &compared(&one, &other, &options));
            let back = compared(&other, &one, &options);
            prop_assert_eq!(first.is_same(), back.is_same());
            prop_assert!(compared(&one, &one, &options).is_same());
            if let Body::Differs { similarity, differences, .. } = first.body {
                prop_assert!((0.0..=1.0).contains(&similarity) && !differences.is_empty());
            }
        }
    }

    #[test]
    fn any_json_is_the_same_as_itself_in_another_order(values in proptest::collection::vec((".{0,5}", 0..9), 0..9)) {
        let text = |pairs: &[(String, i32)]| {
            let members: Vec<String> =
                pairs.iter().map(|(name, n)| format!("{}:{n}", serde_json::json!(name))).collect();
            format!("{{{}}}", members.join(","))
        };
        let mut values = values;
        values.sort();
        values.dedup_by(|one, other| one.0 == other.0);
        let forth = text(&values);
        values.reverse();
        let same = matches!(body("", &forth, &text(&values), &LOOSE), Body::Same | Body::Normalised(How::Json));
        prop_assert!(same);
    }
}
