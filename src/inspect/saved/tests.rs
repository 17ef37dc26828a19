//! Files as other programs make them, whole and broken.

use super::*;
use crate::base::iso_time;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write;

const CHROME: &[u8] = include_bytes!("../../../fixtures/cookies/formats/chrome.har");
const WARC: &[u8] = include_bytes!("../../../fixtures/warc/warcio-1.0.warc");
const WARC_GZIP: &[u8] = include_bytes!("../../../fixtures/warc/warcio-1.1.warc.gz");

/// 2026-01-15T08:30:00Z
const NOW: Wall = Wall(1_768_465_800_000);

fn saved(file: &[u8], url: &str) -> Result<Saved, Error> {
    let url = Url::parse(url).ok();
    read(file, url.as_ref(), &mut Jar::new(), NOW)
}

fn raw(file: impl AsRef<[u8]>) -> Saved {
    saved(file.as_ref(), "http://a.example/").unwrap()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn chunked(text: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", text.len()).as_bytes(), text, b"\r\n0\r\nX-Sum: 1\r\n\r\n"].concat()
}

const DATE: &str = "Date: Thu, 15 Jan 2026 08:00:00 GMT\r\n";

fn with(fields: &str, content: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{DATE}{fields}\r\n").as_bytes(), content].concat()
}

#[test]
fn an_answer_with_its_head_is_a_hop() {
    let file =
        with("Content-Length: 5\r\nSet-Cookie: a=1\r\nset-cookie: b; Domain=com\r\n", b"hello");
    let saved = raw(&file);
    assert_eq!((saved.kind, saved.notes.as_slice()), (Kind::Raw, &[][..]));
    assert_eq!(saved.capture.content, b"hello");
    let hop = &saved.capture.hops[0];
    assert_eq!((hop.head.status, hop.received, hop.decoded), (200, 5, 5));
    assert_eq!(hop.asked, "http://a.example/");
    assert_eq!(iso_time(hop.when), "2026-01-15T08:00:00.000Z");
    assert!(hop.established.is_none() && hop.sent.is_empty());
    let verdicts: Vec<String> = hop.cookies.iter().map(ToString::to_string).collect();
    assert!(verdicts[0] == "cookie a: stored" && verdicts[1].contains("refused"), "{verdicts:?}");
    assert_eq!(hop.raw_head, file[..file.len() - 5]);
}

#[test]
fn framing_and_codings_are_undone_where_they_are_there_and_noted_where_not() {
    let coded = gzip(b"<p>hello</p>");
    let cut = &coded[..coded.len() - 9];
    let gz = "Content-Encoding: gzip\r\n";
    let te = "Transfer-Encoding: chunked\r\n";
    let both = format!("{gz}{te}");
    let length = format!("{gz}Content-Length: {}\r\n", coded.len());
    let text = b"<p>hello</p>".to_vec();
    let cases: [(&str, Vec<u8>, &[Note]); 15] = [
        (gz, coded.clone(), &[]),
        (gz, text.clone(), &[Note::Decoded]),
        (te, chunked(&text), &[]),
        (te, text.clone(), &[Note::Unchunked]),
        (&both, chunked(&coded), &[]),
        (&both, coded.clone(), &[Note::Unchunked]),
        (&both, text.clone(), &[Note::Unchunked, Note::Decoded]),
        (&both, chunked(&text), &[Note::Decoded]),
        (&length, coded.clone(), &[]),
        (&length, text.clone(), &[Note::Decoded]),
        ("Content-Encoding: br\r\n", text.clone(), &[Note::Decoded]),
        ("Content-Encoding: zstd\r\n", text.clone(), &[Note::Decoded]),
        ("Content-Encoding: deflate\r\n", text.clone(), &[Note::Decoded]),
        ("Transfer-Encoding: gzip\r\n", coded.clone(), &[]),
        ("Content-Length: 12\r\n", [&text[..], b"more"].concat(), &[Note::Trailing(4)]),
    ];
    for (fields, content, notes) in cases {
        let saved = raw(with(fields, &content));
        assert_eq!(saved.capture.content, text, "{fields:?}");
        assert_eq!(saved.notes, notes, "{fields:?}");
    }
    let truncated = raw(with(gz, cut));
    assert!(matches!(truncated.notes[..], [Note::Damaged(_)]), "{:?}", truncated.notes);
    let unknown = raw(with("Content-Encoding: cow\r\n", b"moo"));
    assert_eq!(unknown.notes, [Note::Damaged(crate::coding::Error::Unknown)]);
    assert_eq!(unknown.capture.content, b"moo");
    assert_eq!(raw(with(te, &chunked(&text))).capture.hops[0].trailers.get_str("X-Sum"), Some("1"));
}

#[test]
fn trailers_that_curl_prints_behind_the_content_are_no_content() {
    let fields = "Transfer-Encoding: chunked\r\nTrailer: X-Sum, X-Lines\r\n";
    for (printed, content, trailers) in [
        ("helloX-Sum: 1\r\n", "hello", 1),
        ("hello\nX-Sum: 1\r\nx-lines: 2\r\n", "hello\n", 2),
        ("hello\nX-Other: 1\r\n", "hello\nX-Other: 1\r\n", 0),
        ("X-Sum: 1\n", "X-Sum: 1\n", 0),
        ("X-Sum 1\r\n", "X-Sum 1\r\n", 0),
        ("X-Sum:\r\n", "", 1),
    ] {
        let saved = raw(with(fields, printed.as_bytes()));
        let found = saved.capture.hops[0].trailers.len();
        let text = String::from_utf8_lossy(&saved.capture.content).into_owned();
        assert_eq!((text.as_str(), found), (content, trailers), "{printed:?}");
    }
}

#[test]
fn what_is_missing_is_said_to_be() {
    let cases: [(Vec<u8>, &[u8], &[Note]); 6] = [
        (with("Content-Length: 9\r\n", b"hello"), b"hello", &[Note::Cut(Some(4))]),
        (with("Content-Length: 9\r\n", b""), b"", &[Note::NoContent]),
        (with("Transfer-Encoding: chunked\r\n", b""), b"", &[Note::NoContent]),
        (with("Transfer-Encoding: chunked\r\n", b"5\r\nhel"), b"hel", &[Note::Cut(None)]),
        (b"HTTP/1.0 200\r\n\r\nhello".to_vec(), b"hello", &[Note::Undated]),
        (with("Content-Length: 0\r\n", b""), b"", &[]),
    ];
    for (file, content, notes) in cases {
        let saved = raw(&file);
        assert_eq!(saved.capture.content, content, "{file:?}");
        assert_eq!(saved.notes, notes, "{file:?}");
    }
    let nowhere = saved(&with("Set-Cookie: a=1\r\n", b"x"), "").unwrap();
    assert_eq!(nowhere.notes, [Note::NoUrl]);
    let hop = &nowhere.capture.hops[0];
    assert!(hop.asked.is_empty() && hop.cookies.is_empty());
}

#[test]
fn a_chain_as_curl_prints_it_is_a_chain_here() {
    let file = [
        b"HTTP/1.1 200 Connection established\r\n\r\n".as_slice(),
        b"HTTP/1.1 401 No\r\nContent-Length: 9\r\nSet-Cookie: tried=1\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 5\r\nLocation: /new#x\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n",
        &with("Content-Length: 5\r\n", b"hello"),
    ]
    .concat();
    let saved = raw(&file);
    let hops: Vec<(u16, &str)> =
        saved.capture.hops.iter().map(|hop| (hop.head.status, hop.asked.as_str())).collect();
    assert_eq!(
        hops,
        [(401, "http://a.example/"), (302, "http://a.example/"), (200, "http://a.example/new#x")]
    );
    assert_eq!(
        (saved.capture.content.as_slice(), saved.notes),
        (&b"hello"[..], vec![Note::Tunnel])
    );
}

#[test]
fn the_content_of_a_redirect_may_stand_there_or_not() {
    let page = with("Content-Length: 5\r\n", b"hello");
    for content in [&b"moved"[..], b""] {
        let head =
            b"HTTP/1.1 301 Moved\r\nContent-Length: 5\r\nLocation: http://b.example/\r\n\r\n";
        let saved = saved(&[head, content, &page].concat(), "").unwrap();
        assert_eq!(saved.capture.hops.len(), 2, "{content:?}");
        assert_eq!(saved.capture.hops[1].asked, "http://b.example/");
        assert_eq!(saved.capture.content, b"hello");
    }
    let two = raw([&page[..], &page].concat());
    assert_eq!((two.capture.hops.len(), two.notes), (1, vec![Note::More]));
}

#[test]
fn another_version_is_read_and_told_of() {
    for line in ["HTTP/2 200 ", "HTTP/2.0 200 OK", "HTTP/3 200"] {
        let saved = raw(format!("{line}\r\n{DATE}server: x\r\n\r\nhello"));
        assert_eq!(
            (saved.capture.hops[0].head.status, saved.notes),
            (200, vec![Note::OtherVersion])
        );
        assert_eq!(saved.capture.content, b"hello");
        assert!(saved.capture.hops[0].raw_head.starts_with(line.as_bytes()));
    }
}

#[test]
fn what_was_tolerated_and_what_contradicts_itself_is_there() {
    let saved =
        raw("\u{feff}\r\nHTTP/1.1 200 OK\nDate: Thu, 15 Jan 2026 08:00:00 GMT\nA : b\n\nhello");
    assert_eq!(saved.capture.hops[0].defects, [Defect::SpaceBeforeColon, Defect::BareLf]);
    let two = raw(with("Content-Length: 5\r\nContent-Length: 6\r\n", b"hello"));
    assert_eq!(two.notes, [Note::Framing(crate::h1::Error::ContentLength)]);
    assert_eq!(two.capture.content, b"hello");
}

#[test]
fn an_archive_of_a_browser_gives_the_chain_that_is_meant() {
    let found = saved(CHROME, "").unwrap();
    assert_eq!((found.kind, found.notes.as_slice()), (Kind::Har, &[Note::More][..]));
    let hops: Vec<(u16, &str)> =
        found.capture.hops.iter().map(|hop| (hop.head.status, hop.asked.as_str())).collect();
    assert_eq!(
        hops,
        [(302, "https://shop.example/login?next=%2F"), (200, "https://shop.example/")]
    );
    let login = &found.capture.hops[0];
    assert_eq!((login.method.as_str(), login.uploaded), ("POST", 29));
    assert!(login.sent.starts_with(b"POST /login?next=%2F HTTP/1.1\r\n"));
    assert!(login.raw_head.starts_with(b"HTTP/1.1 302 "));
    assert_eq!(login.cookies.len(), 2);
    assert_eq!(found.capture.content, b"<p>Hello</p>");

    let image = saved(CHROME, "https://shop.example/logo.gif").unwrap();
    assert_eq!(image.capture.content, b"GIF89a");
    assert_eq!(image.notes, [Note::FromCache]);
    assert_eq!(saved(CHROME, "https://shop.example/none").unwrap_err(), Error::NotThere);
}

#[test]
fn what_is_written_as_an_archive_is_read_as_the_same() {
    let found = saved(CHROME, "").unwrap();
    let text = crate::inspect::archive::har(&[(&found.capture, None)]);
    let again = saved(text.as_bytes(), "").unwrap();
    assert_eq!(again.capture.content, found.capture.content);
    assert!(again.notes.is_empty(), "{:?}", again.notes);
    for (one, other) in found.capture.hops.iter().zip(&again.capture.hops) {
        assert_eq!((&one.head, &one.sent, one.when), (&other.head, &other.sent, other.when));
        assert_eq!(one.carried, other.carried);
    }
}

#[test]
fn an_archive_of_a_crawler_gives_the_chain_that_is_meant() {
    for file in [WARC, WARC_GZIP] {
        let found = saved(file, "").unwrap();
        assert_eq!((found.kind, found.notes.as_slice()), (Kind::Warc, &[Note::More][..]));
        let hops = &found.capture.hops;
        assert_eq!((hops[0].head.status, hops[1].head.status, hops.len()), (301, 200, 2));
        assert!(
            hops[1].sent.starts_with(b"GET /new HTTP/1.1\r\nHost: a.example\r\nCookie: seen=1")
        );
        assert_eq!(iso_time(hops[1].when), "2026-01-15T08:30:04.000Z");
        assert_eq!(found.capture.content, b"<title>New</title><p>The page</p>\n");
        assert_eq!(hops[1].received, 49);
        let page = saved(file, "http://a.example/new#part").unwrap();
        assert_eq!((page.capture.hops.len(), page.notes.as_slice()), (1, &[][..]));
        assert_eq!(saved(file, "http://a.example/robots.txt").unwrap_err(), Error::NotThere);
    }
}

#[test]
fn a_revisit_has_the_content_of_what_it_revisits() {
    let (pages, revisit) = WARC.split_at(2376);
    let moved = String::from_utf8_lossy(revisit).replace(
        "\r\nWARC-Target-URI: http://a.example/new",
        "\r\nWARC-Target-URI: http://a.example/again",
    );
    let file = [pages, moved.as_bytes()].concat();
    let again = saved(&file, "http://a.example/again").unwrap();
    assert_eq!(again.notes, [Note::Revisit(true)]);
    assert_eq!(again.capture.content, b"<title>New</title><p>The page</p>\n");
    let alone = saved(moved.as_bytes(), "http://a.example/again").unwrap();
    assert_eq!(alone.notes, [Note::Revisit(false), Note::NoContent]);
    assert!(alone.capture.content.is_empty());
}

#[test]
fn a_torn_archive_gives_what_is_whole() {
    let found = saved(&WARC[..2000], "").unwrap();
    assert_eq!(found.capture.hops.len(), 2);
    assert!(matches!(found.notes[..], [Note::Torn(_)]), "{:?}", found.notes);
    assert!(matches!(saved(&WARC[..400], ""), Err(Error::Warc(_))));
}

#[test]
fn what_is_none_of_them_is_refused_with_a_reason() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "it is empty"),
        (b"\xEF\xBB\xBF \r\n", "it is empty"),
        (b"<html>", "neither an answer with its head (as of curl -i), nor a HAR, nor a WARC"),
        (b"\x00\x01", "neither an answer with its head (as of curl -i), nor a HAR, nor a WARC"),
        (b"{\"a\": 1}", "not a HAR: line 1, column 8: not what an archive has there"),
        (b"{\"log\": {\"entries\": []}}", "there is no answer in the archive"),
        (b"HTTP/1.1 200 OK\r\n", "connection closed inside the answer's head"),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", "malformed status line in the answer"),
        (b"HTTP/4 200 OK\r\n\r\n", "unsupported HTTP version in the answer"),
        (b"HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", "malformed NUL byte in the answer's head"),
        (
            b"WARC/1.0\r\n\r\n",
            "not a WARC: the record at byte 0: its Content-Length is missing or no number",
        ),
        (&[0x1f, 0x8b, 8], "not a WARC: the record at byte 0: the file ends within it"),
    ];
    for (file, words) in cases {
        assert_eq!(saved(file, "").unwrap_err().to_string(), words, "{file:?}");
    }
    let compressed = gzip(b"<html>");
    let words = "not a WARC: the record at byte 0: no WARC record begins there";
    assert_eq!(saved(&compressed, "").unwrap_err().to_string(), words);
}

#[test]
fn a_bomb_and_a_long_chain_end() {
    let bomb = gzip(&vec![0; MAX_CONTENT + 1]);
    let saved = raw(with("Content-Encoding: gzip\r\n", &bomb));
    assert_eq!((saved.capture.content.len(), saved.notes), (MAX_CONTENT, vec![Note::LargeContent]));
    let hop = "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n";
    let long = raw(hop.repeat(MAX_HOPS + 5));
    assert_eq!(long.capture.hops.len(), MAX_HOPS);
    assert!(long.notes.contains(&Note::More));
    assert!(raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000)).capture.hops.len() == 1);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for front in ["HTTP/1.1 200 OK\r\n", "HTTP/2 200\r\nContent-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "{", ""] {
            let file = [front.as_bytes(), &bytes].concat();
            let _ = saved(&file, "http://a.example/");
            let _ = saved(&file, "");
        }
    }

    #[test]
    fn a_damaged_file_does_not_panic(at in 0usize..4000, byte: u8, cut in 0usize..4000) {
        let chain = [&b"HTTP/1.1 302 Found\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n"[..],
            &chunked(b"moved"), &with("Content-Encoding: gzip\r\n", &gzip(b"hello"))].concat();
        for file in [CHROME, WARC, WARC_GZIP, &chain] {
            let mut file = file.to_vec();
            let at = at % file.len();
            file[at] = byte;
            let cut = cut % file.len();
            for file in [&file[..], &file[..cut]] {
                let _ = saved(file, "");
                let _ = saved(file, "http://a.example/new");
            }
        }
    }
}
