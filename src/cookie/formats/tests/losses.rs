//! The loss report: exactly what is lost, for these cookies, in this format.

use super::*;
use crate::base::Site;

/// What is written of one cookie: how many, and the report.
fn report(format: Format, cookie: &Cookie, from: Option<&str>) -> (usize, String) {
    let from = from.map(url);
    let export = write(format, [cookie], from.as_ref(), NOW).unwrap();
    (export.written, export.losses.to_string())
}

fn with(change: impl FnOnce(&mut Cookie)) -> Cookie {
    let mut cookie = plain("shop.example", "a", "b");
    change(&mut cookie);
    cookie
}

/// Where it will be read: for a `Cookie` line over http, so that `Secure` is no default; for
/// `Set-Cookie` lines over https, which alone may set it.
fn at(format: Format) -> Option<&'static str> {
    let secure = format == Format::SetCookieDump;
    Some(if secure { "https://shop.example/" } else { "http://shop.example/" })
}

#[test]
fn a_plain_cookie_loses_nothing_anywhere() {
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        assert_eq!(report(format, &with(|_| ()), at(format)), (1, String::new()), "{format}");
    }
}

#[test]
fn each_field_is_lost_where_the_format_has_no_place_for_it() {
    use Format as F;
    type Case = (fn(&mut Cookie), [&'static str; 5]);
    let formats =
        [F::Netscape, F::ExtensionJson, F::StorageState, F::CookieHeader, F::SetCookieDump];
    let cases: [Case; 13] = [
        (|c| c.key.host_only = false, ["", "", "", "host_only lost: 1", ""]),
        (|c| c.key.path = b"/x"[..].into(), ["", "", "", "path lost: 1", ""]),
        (|c| c.secure = true, ["", "", "", "secure lost: 1", ""]),
        (|c| c.http_only = true, ["", "", "", "http_only lost: 1", ""]),
        (|c| c.same_site = SameSite::Lax, ["same_site lost: 1", "", "", "same_site lost: 1", ""]),
        (
            |c| {
                c.secure = true;
                c.key.partition = Some(Site("shop.example".into()));
            },
            ["partition lost: 1", "", "", "partition lost: 1\nsecure lost: 1", ""],
        ),
        (
            |c| {
                c.secure = true;
                c.key.partition = Some(Site("top.example".into()));
            },
            ["partition lost: 1", "", "", "partition lost: 1\nsecure lost: 1", "partition lost: 1"],
        ),
        (|c| c.expires = Some(Wall(1_800_000_100_000)), ["", "", "", "expires lost: 1", ""]),
        (
            |c| c.expires = Some(Wall(1_800_000_100_999)),
            [
                "fraction of expires lost: 1",
                "",
                "",
                "expires lost: 1",
                "fraction of expires lost: 1",
            ],
        ),
        // Received again, it may live for 400 days at most.
        (
            |c| c.expires = Some(Wall(1_900_000_000_000)),
            ["", "", "", "expires lost: 1", "expires lost: 1"],
        ),
        (|c| c.created = Wall(1_700_000_000_000), ["history lost: 1"; 5]),
        (|c| c.received = Some(NOW), ["history lost: 1"; 5]),
        (|c| c.source = Some("https://shop.example:443".into()), ["history lost: 1"; 5]),
    ];
    for (i, (change, reports)) in cases.into_iter().enumerate() {
        for (format, expected) in formats.into_iter().zip(reports) {
            let got = report(format, &with(change), at(format));
            assert_eq!(got, (1, expected.to_owned()), "case {i}, {format}");
        }
    }
}

#[test]
fn what_would_come_back_as_another_cookie_is_left_out_and_counted() {
    use Format as F;
    type Case = (fn(&mut Cookie), F, usize, &'static str);
    let cases: [Case; 17] = [
        (|c| c.value = b"\xff"[..].into(), F::Netscape, 1, ""),
        (|c| c.value = b"\xff"[..].into(), F::CookieHeader, 1, ""),
        (|c| c.value = b"\xff"[..].into(), F::SetCookieDump, 1, ""),
        (|c| c.value = b"\xff"[..].into(), F::ExtensionJson, 0, "left out, not UTF-8: 1"),
        (|c| c.key.name = b"\xff"[..].into(), F::StorageState, 0, "left out, not UTF-8: 1"),
        (|c| c.key.path = b"/\xff"[..].into(), F::StorageState, 0, "left out, not UTF-8: 1"),
        (|c| c.key.name = b"a\tb"[..].into(), F::Netscape, 0, "left out, tab: 1"),
        (|c| c.key.name = b"a\tb"[..].into(), F::ExtensionJson, 1, ""),
        (|c| c.value = b"a\tb"[..].into(), F::Netscape, 0, "left out, tab: 1"),
        (|c| c.value = b"a\tb"[..].into(), F::CookieHeader, 1, ""),
        (|c| c.value = b"a\nb"[..].into(), F::Netscape, 0, "left out, control character: 1"),
        (|c| c.value = b"a\r"[..].into(), F::ExtensionJson, 0, "left out, control character: 1"),
        (|c| c.key.name = b""[..].into(), F::CookieHeader, 1, ""),
        (
            |c| (c.key.name, c.value) = (b""[..].into(), b"x=y"[..].into()),
            F::CookieHeader,
            0,
            "left out, nameless: 1",
        ),
        (|c| (c.key.name, c.value) = (b""[..].into(), b"x=y"[..].into()), F::SetCookieDump, 1, ""),
        (
            |c| c.value = b" b"[..].into(),
            F::SetCookieDump,
            0,
            "left out, white space around name or value: 1",
        ),
        (|c| c.key.name = b"__Host-a"[..].into(), F::Netscape, 0, "left out, would be refused: 1"),
    ];
    for (i, (change, format, written, expected)) in cases.into_iter().enumerate() {
        let got = report(format, &with(change), at(format));
        assert_eq!(got, (written, expected.to_owned()), "case {i}, {format}");
    }
}

#[test]
fn cookies_that_become_one_are_written_once() {
    let one = with(|c| c.secure = true);
    let other = with(|c| {
        c.secure = true;
        c.key.partition = Some(Site("top.example".into()));
    });
    let export = write(Format::Netscape, [&one, &other], None, NOW).unwrap();
    assert_eq!(export.losses.to_string(), "left out, same as another one there: 1");
    let (deep, flat) = (with(|c| c.key.path = b"/x"[..].into()), with(|_| ()));
    let export =
        write(Format::CookieHeader, [&deep, &flat], Some(&url("http://shop.example/")), NOW);
    let export = export.unwrap();
    assert_eq!(export.bytes, b"Cookie: a=b\n");
    assert_eq!(export.losses.to_string(), "left out, same as another one there: 1\npath lost: 1");
    assert!(export.losses.matter());
}

#[test]
fn without_a_url_a_cookie_line_loses_where_its_cookies_belong() {
    let secure = with(|c| c.secure = true);
    assert_eq!(report(Format::CookieHeader, &secure, None), (1, "domain lost: 1".to_owned()));
    let elsewhere = Some("https://other.example/");
    assert_eq!(report(Format::CookieHeader, &secure, elsewhere).1, "domain lost: 1");
    let host_only = report(Format::SetCookieDump, &secure, None);
    assert_eq!(host_only, (1, "domain lost: 1".to_owned()));
    let below = with(|c| c.key.host_only = false);
    assert_eq!(report(Format::SetCookieDump, &below, None), (1, String::new()));
    let refused = report(Format::SetCookieDump, &below, elsewhere);
    assert_eq!(refused, (0, "left out, would be refused: 1".to_owned()));
}

#[test]
fn a_cookie_that_would_come_back_secure_did_not_lose_it() {
    let https = Some("https://shop.example/");
    let report = report(Format::CookieHeader, &with(|_| ()), https);
    assert_eq!(report, (1, "secure added: 1".to_owned()));
}

#[test]
fn losses_are_counted_and_those_of_history_do_not_matter() {
    let mut lax = with(|c| c.same_site = SameSite::Lax);
    lax.source = Some("https://shop.example:443".into());
    let mut strict = with(|c| c.same_site = SameSite::Strict);
    strict.key.name = b"b"[..].into();
    let export = write(Format::Netscape, [&lax, &strict], None, NOW).unwrap();
    assert_eq!(export.losses.to_string(), "same_site lost: 2\nhistory lost: 1");
    assert_eq!(export.losses.count(Loss::SameSite), 2);
    assert!(export.losses.matter());
    assert!(!write(Format::StorageState, [&lax], None, NOW).unwrap().losses.matter());
}

#[test]
fn what_has_expired_is_passed_over_and_what_is_read_only_is_not_written() {
    let old = with(|c| c.expires = Some(NOW));
    assert_eq!(report(Format::Netscape, &old, None), (0, String::new()));
    for format in [Format::Har, Format::CurlLine] {
        assert_eq!(write(format, [&old], None, NOW), Err(Error::NotWritten(format)));
    }
    let file = url("file:///x");
    assert_eq!(write(Format::Netscape, [&old], Some(&file), NOW), Err(Error::NotHttp));
}
