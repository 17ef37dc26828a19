//! What holds for all bytes and all cookies.

use super::files::FILES;
use super::*;
use crate::base::Site;
use proptest::prelude::*;

fn a_format() -> impl Strategy<Value = Format> {
    proptest::sample::select(&Format::ALL[..])
}

/// Cookies as a jar holds them, odd ones among them.
fn a_cookie() -> impl Strategy<Value = Cookie> {
    let domain = proptest::sample::select(&["a.example", "b.a.example", "127.0.0.1", "[::1]"][..]);
    let path = proptest::sample::select(&["/", "/x", "/x y", "/\t", "/\u{e9}"][..]);
    let name = proptest::sample::select(&["", "a", "b", "a b", "\u{e9}", "__Host-a", "\ta"][..]);
    let value = prop_oneof![
        "[ -:<-~\t\u{e9}\"]{0,12}".prop_map(String::into_bytes),
        Just(b"\xff\xfe".to_vec()),
    ];
    let end = proptest::option::of(-5_000_000_000i64..50_000_000_000);
    let same_site = proptest::sample::select(
        &[SameSite::Default, SameSite::None, SameSite::Lax, SameSite::Strict][..],
    );
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (domain, path, name, value, end, same_site, flags).prop_map(
        |(domain, path, name, value, end, same_site, (host_only, secure, http_only, partition))| {
            let mut cookie = plain(domain, name, "");
            cookie.key.path = path.as_bytes().into();
            cookie.key.host_only = host_only;
            cookie.key.partition = partition.then(|| Site("top.example".into()));
            cookie.value = value.into();
            cookie.expires = end.map(|end| Wall(NOW.0 + end));
            (cookie.secure, cookie.http_only, cookie.same_site) = (secure, http_only, same_site);
            cookie
        },
    )
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        format in a_format(),
    ) {
        detect(&bytes);
        let from = url("https://a.example/x");
        for from in [None, Some(&from)] {
            if let Ok(import) = read(format, &bytes, from, NOW) {
                import.into_jar(&mut Jar::new(), NOW);
            }
        }
    }

    #[test]
    fn a_damaged_file_makes_no_reader_panic(
        which in 0..FILES.len(),
        format in a_format(),
        damage in proptest::collection::vec((0usize..2000, any::<u8>()), 0..4),
        cut in 0usize..2000,
    ) {
        let mut bytes = FILES[which].bytes.to_vec();
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(cut.max(1));
        detect(&bytes);
        for format in [format, FILES[which].format] {
            if let Ok(import) = read(format, &bytes, Some(&url("http://a.example/")), NOW) {
                import.into_jar(&mut Jar::new(), NOW);
            }
        }
    }

    /// The report is checked against another way to count: whole jars, compared cookie by cookie.
    #[test]
    fn what_is_not_said_to_be_lost_comes_back(
        cookies in proptest::collection::vec(a_cookie(), 0..8),
        format in a_format(),
        given in any::<bool>(),
    ) {
        let mut jar = Jar::with_limits(Limits::NONE);
        for cookie in cookies {
            jar.insert(cookie, NOW);
        }
        let from = url("https://a.example/");
        // Lines that name their domain need no URL, the others do.
        let from = (given || format == Format::CookieHeader).then_some(&from);
        let Ok(export) = write(format, jar.in_order(), from, NOW) else { return Ok(()) };
        let left_out: usize =
            export.losses.iter().filter(|(l, _)| l.weight() == Weight::Cookie).map(|(_, n)| n).sum();
        prop_assert_eq!(export.written + left_out, jar.len());
        let Ok(import) = read(format, &export.bytes, from, NOW) else {
            prop_assert!(from.is_none() && format == Format::SetCookieDump);
            return Ok(());
        };
        let mut back = Jar::with_limits(Limits::NONE);
        let done = import.into_jar(&mut back, NOW);
        prop_assert_eq!((done.created, done.refused.len(), done.malformed), (export.written, 0, 0));
        let lost = |loss| export.losses.count(loss) > 0;
        if !export.losses.matter() {
            let mut left: Vec<&Cookie> = back.in_order();
            let mut right: Vec<&Cookie> = jar.in_order();
            left.sort_by(|a, b| a.key.cmp(&b.key));
            right.sort_by(|a, b| a.key.cmp(&b.key));
            for (left, right) in left.into_iter().zip(right) {
                prop_assert_eq!(&left.key, &right.key);
                prop_assert_eq!(&left.value, &right.value);
                prop_assert_eq!((left.secure, left.http_only), (right.secure, right.http_only));
                prop_assert_eq!(left.same_site, right.same_site);
                if !lost(Loss::ExpiresFraction) {
                    prop_assert_eq!(left.expires, right.expires);
                }
            }
        }
    }
}
