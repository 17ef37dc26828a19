//! Plays the table in `fixtures/readings/`; its README tells the format.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, UNIX_EPOCH};

/// Sun, 06 Nov 1994 08:49:37 GMT.
const NOW: i64 = 784_111_777;

/// No reading is longer, whatever the value is.
const LONGEST: usize = 1500;

const FILES: [(&str, &str); 11] = [
    ("caching", include_str!("../../../fixtures/readings/caching.txt")),
    ("connection", include_str!("../../../fixtures/readings/connection.txt")),
    ("content", include_str!("../../../fixtures/readings/content.txt")),
    ("cookies", include_str!("../../../fixtures/readings/cookies.txt")),
    ("cors", include_str!("../../../fixtures/readings/cors.txt")),
    ("limits", include_str!("../../../fixtures/readings/limits.txt")),
    ("links", include_str!("../../../fixtures/readings/links.txt")),
    ("login", include_str!("../../../fixtures/readings/login.txt")),
    ("request", include_str!("../../../fixtures/readings/request.txt")),
    ("security", include_str!("../../../fixtures/readings/security.txt")),
    ("way", include_str!("../../../fixtures/readings/way.txt")),
];

/// `{-300}` is the date of 300 seconds before now.
fn dated(value: &str) -> String {
    let Some((before, rest)) = value.split_once("{") else { return value.to_owned() };
    let Some((Ok(offset), after)) = rest.split_once('}').map(|(o, a)| (o.parse::<i64>(), a)) else {
        return value.to_owned();
    };
    let at = Duration::from_secs((NOW + offset).try_into().unwrap());
    format!("{before}{}{after}", httpdate::fmt_http_date(UNIX_EPOCH + at))
}

/// What the lines of a stanza say is known.
struct Known {
    alone: bool,
    side: Side,
    method: Option<Method>,
    url: Option<Url>,
    status: Option<u16>,
    with: Headers,
    asked: Headers,
    received: Option<Wall>,
    took: i64,
    sizes: Option<Sizes>,
}

impl Known {
    fn nothing() -> Known {
        Known {
            alone: false,
            side: Side::Response,
            method: None,
            url: None,
            status: None,
            with: Headers::new(),
            asked: Headers::new(),
            received: None,
            took: 0,
            sizes: None,
        }
    }

    fn learn(&mut self, line: &str) {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        let field = |headers: &mut Headers| {
            let (name, value) = rest.split_once(": ").unwrap();
            headers.push(name, dated(value));
        };
        match what {
            "alone" => self.alone = true,
            "request" => self.side = Side::Request,
            "method" => self.method = Some(Method::new(rest)),
            "url" => self.url = Some(Url::parse(rest).unwrap()),
            "status" => self.status = Some(rest.parse().unwrap()),
            "with" => field(&mut self.with),
            "asked" => field(&mut self.asked),
            "came" => self.received = Some(Wall::from_secs(NOW + rest.parse::<i64>().unwrap())),
            "took" => self.took = rest.parse().unwrap(),
            "sizes" => {
                let (received, decoded) = rest.split_once(' ').unwrap();
                let [received, decoded] = [received, decoded].map(|text| text.parse().unwrap());
                self.sizes = Some(Sizes { received, decoded });
            }
            other => panic!("the table knows {other}"),
        }
    }

    fn about<'a>(&'a self, headers: &'a Headers) -> About<'a> {
        About {
            side: self.side,
            method: self.method.as_ref(),
            url: self.url.as_ref(),
            status: self.status,
            headers: Some(headers).filter(|_| !self.alone),
            request: Some(&self.asked).filter(|_| !self.alone),
            requested: self.received.map(|received| received.plus_secs(-self.took)),
            received: self.received,
            now: Wall::from_secs(NOW),
            sizes: self.sizes,
        }
    }
}

#[test]
fn every_value_of_the_table_is_read() {
    let (mut count, mut wrong, mut read) = (0, Vec::new(), Vec::new());
    for (file, text) in FILES {
        for stanza in text.split("\n\n") {
            let mut known = Known::nothing();
            let mut field = None;
            for line in stanza.lines().filter(|line| !line.starts_with('#')) {
                if let Some(line) = line.strip_prefix("@ ") {
                    known.learn(line);
                } else if let Some(expected) = line.strip_prefix("= ") {
                    let (name, value): (&str, String) = field.take().expect(line);
                    let mut headers = known.with.clone();
                    headers.push(name, &value);
                    let said = of(name, value.as_bytes(), &known.about(&headers));
                    let said = said.unwrap_or_else(|| "-".to_owned());
                    count += 1;
                    read.push(name.to_ascii_lowercase());
                    if said != expected {
                        wrong.push(format!(
                            "{file}: {name}: {value}\n  said {said}\n  not  {expected}"
                        ));
                    }
                } else if let Some((name, value)) = line.split_once(':') {
                    field = Some((name, dated(value.trim())));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 120, "only {count}");
    let missing: Vec<&str> = TABLE
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !read.contains(&name.to_ascii_lowercase()))
        .collect();
    assert!(missing.is_empty(), "no reading of {missing:?} in the table");
}

#[test]
fn names_are_known_once_and_in_any_case() {
    for (place, (name, _)) in TABLE.iter().enumerate() {
        let again = TABLE.iter().skip(place + 1).any(|(other, _)| other.eq_ignore_ascii_case(name));
        assert!(!again, "{name}");
    }
    let about = About::nothing(Wall::from_secs(NOW));
    assert_eq!(of("ACCEPT-RANGES", b" none ", &about), of("accept-ranges", b"none", &about));
    assert_eq!(of("X-Unknown", b"1", &about), None);
}

#[test]
fn nothing_that_a_terminal_obeys_is_quoted() {
    let about = About::nothing(Wall::from_secs(NOW));
    let hostile = "\u{1b}[31mred\u{202e}\u{200b}\u{7}x".as_bytes();
    for (name, _) in TABLE {
        for before in ["", "<", "a/", "a=", "1.1 ", "Basic realm=\"", "attachment; filename="] {
            let value = [before.as_bytes(), hostile].concat();
            let said = of(name, &value, &about).unwrap_or_default();
            let bad = said.chars().find(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
            assert_eq!(bad, None, "{name}: {said:?}");
        }
    }
}

#[test]
fn secrets_are_not_in_a_reading() {
    let about = About::nothing(Wall::from_secs(NOW));
    for (name, value) in [
        ("Authorization", "Basic aHVzaDpodXNo"),
        ("Authorization", "hush"),
        ("Authorization", "Bearer hush"),
        ("Authorization", "Digest username=\"hush\", response=\"hush\""),
        ("Proxy-Authorization", "hush hush"),
        ("Cookie", "sid=hush; b=hush"),
        ("Set-Cookie", "sid=hush; Path=/"),
        ("Set-Cookie", "hush"),
    ] {
        let said = of(name, value.as_bytes(), &about).unwrap();
        assert!(!said.contains("hush") && !said.contains("aHVz"), "{name}: {said}");
    }
    let url = Url::parse("https://a.example/").unwrap();
    let about = About { url: Some(&url), ..about };
    for (name, value) in [
        ("Location", "//me:hush@b.example/x"),
        ("Content-Location", "//me:hush@b.example/x"),
        ("Refresh", "0; url=https://me:hush@b.example/x"),
        ("Link", "<//me:hush@b.example/x>; rel=next"),
        ("Referer", "https://me:hush@b.example/x"),
        ("Origin", "https://me:hush@b.example/x"),
    ] {
        let said = of(name, value.as_bytes(), &about).unwrap_or_default();
        assert!(!said.contains("hush"), "{name}: {said}");
    }
}

/// Two rooms that do not know each other say the same of the same statuses.
#[test]
fn caches_store_unasked_what_the_registry_says_they_do() {
    let (request, modified) = (Headers::new(), dated("{-1000}"));
    let headers: Headers = [("Last-Modified", modified)].into_iter().collect();
    let received = Wall::from_secs(NOW);
    for status in crate::registry::statuses().iter().filter(|status| status.code != 304) {
        let answer = crate::caching::Answer {
            method: &Method::GET,
            request: &request,
            status: status.code,
            headers: &headers,
            requested: received,
            received,
        };
        let judged = crate::caching::judge(&answer, received);
        assert_eq!(judged.private.is_stored(), status.cacheable, "{}", status.code);
    }
}

/// Linear time: this would take minutes otherwise.
#[test]
fn long_values_are_read_at_once() {
    let url = Url::parse("https://a.example/").unwrap();
    let about = About { url: Some(&url), ..About::nothing(Wall::from_secs(NOW)) };
    for piece in [
        "a,",
        "\"",
        "<",
        "=",
        ";",
        " ",
        "1",
        "a=\"\\\"",
        "<a>;rel=\"next\",",
        "-",
        "a;q=0,",
        ":",
        "'",
    ] {
        let value = piece.repeat((1 << 17) / piece.len());
        for (name, _) in TABLE {
            let said = of(name, value.as_bytes(), &about).unwrap_or_default();
            assert!(said.len() < LONGEST, "{name}: {piece}: {} bytes", said.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_and_shortly(
        value in proptest::collection::vec(any::<u8>(), 0..300),
        other in "[ -~]{0,80}",
        status in proptest::option::of(0u16..1000),
        times in proptest::array::uniform3(any::<i64>()),
        sizes in proptest::option::of(any::<(u64, u64)>()),
        request in any::<bool>(),
    ) {
        let url = Url::parse("https://a.example/b").unwrap();
        for (name, _) in TABLE {
            for value in [&value[..], other.as_bytes()] {
                let headers: Headers = [(*name, value)].into_iter().collect();
                let about = About {
                    side: if request { Side::Request } else { Side::Response },
                    method: Some(&Method::GET),
                    url: Some(&url),
                    status,
                    headers: Some(&headers),
                    request: Some(&headers),
                    requested: Some(Wall(times[0])),
                    received: Some(Wall(times[1])),
                    now: Wall(times[2]),
                    sizes: sizes.map(|(received, decoded)| Sizes { received, decoded }),
                };
                let said = of(name, value, &about).unwrap_or_default();
                prop_assert!(said.len() < LONGEST, "{}: {}", name, said);
                let plain = said.chars().all(|c| !c.is_control());
                prop_assert!(plain, "{}: {:?}", name, said);
            }
        }
    }

    /// Values that nearly make sense reach further than bytes do.
    #[test]
    fn anything_that_looks_like_a_value_is_read(
        value in "(max-age|-|[0-9]{1,25}|=|,|;|\"|\\\\|<|>|/|\\*|W/|bytes |h3|Sun, 06 Nov 1994 08:49:37 GMT|:|'|@|\\.| |a|\u{e9}|rel=next|https://b.example|;q=|;r=|;w=|none|%2){0,16}",
    ) {
        let url = Url::parse("http://a.example/b").unwrap();
        let about = About { url: Some(&url), ..About::nothing(Wall::from_secs(NOW)) };
        for (name, _) in TABLE {
            for side in [Side::Request, Side::Response] {
                let said = of(name, value.as_bytes(), &About { side, ..about }).unwrap_or_default();
                prop_assert!(said.len() < LONGEST, "{}: {}", name, said);
            }
        }
    }
}
