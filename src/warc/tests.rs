//! Files of another writer's, whole and broken.

use super::*;
use crate::base::Wall;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write;

const PLAIN: &[u8] = include_bytes!("../../fixtures/warc/warcio-1.0.warc");
const GZIP: &[u8] = include_bytes!("../../fixtures/warc/warcio-1.1.warc.gz");

fn all(file: &[u8]) -> Vec<Record<'_>> {
    records(file).map(Result::unwrap).collect()
}

fn fault(file: &[u8]) -> (u64, Fault) {
    let error = records(file).last().unwrap().unwrap_err();
    (error.at, error.fault)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn record(fields: &str, block: &str) -> String {
    format!("WARC/1.1\r\n{fields}\r\n\r\n{block}\r\n\r\n")
}

#[test]
fn every_record_of_another_writer_is_read_plain_and_compressed() {
    use Kind::*;
    let kinds = [Info, Response, Request, Response, Request, Revisit, Resource, Metadata];
    for (file, version) in [(PLAIN, Version::V1_0), (GZIP, Version::V1_1)] {
        let all = all(file);
        assert_eq!(all.iter().map(Record::kind).collect::<Vec<_>>(), kinds);
        assert!(all.iter().all(|record| record.version == version));
        let page = &all[3];
        assert_eq!(page.target(), Some("http://a.example/new"));
        assert_eq!(page.date(), Some(Wall(1_768_465_804_000)));
        assert!(page.is_http() && !page.is_segment());
        assert!(page.block.starts_with(b"HTTP/1.1 200 OK\r\n") && page.block.len() == 198);
        assert!(page.block.ends_with(b"\r\n0\r\n\r\n"));
        assert_eq!(all[4].concurrent_to().collect::<Vec<_>>(), [page.id().unwrap()]);
        assert!(!all[6].is_http());
        assert_eq!(&all[6].block[..], b"User-agent: *\n");
    }
}

#[test]
fn compressed_and_plain_are_the_same_records() {
    for (one, other) in all(PLAIN).iter().zip(all(GZIP)) {
        assert_eq!(one.block, other.block);
        assert_eq!(one.target(), other.target());
    }
    assert_eq!(all(PLAIN)[3].at, 1304);
    assert_eq!(all(GZIP)[3].at, 923, "where its member begins");
}

#[test]
fn many_records_in_one_member_are_read_and_so_is_a_file_of_both_kinds() {
    assert_eq!(all(&gzip(PLAIN)).len(), 8);
    assert_eq!(all(&[PLAIN, GZIP, &gzip(b""), PLAIN].concat()).len(), 24);
    assert!(all(b"").is_empty() && all(b"\r\n\r\n").is_empty());
}

#[test]
fn a_cut_file_gives_what_is_whole_and_says_where_the_torn_record_begins() {
    for file in [PLAIN, GZIP] {
        let starts: Vec<u64> =
            all(file).iter().map(|record| record.at).chain([file.len() as u64]).collect();
        for cut in 0..file.len() {
            let mut walk = records(&file[..cut]);
            let (whole, torn): (Vec<_>, Vec<_>) = walk.by_ref().partition(Result::is_ok);
            let ends = starts[1..].iter().filter(|&&end| end <= cut as u64).count();
            assert_eq!(whole.len(), ends, "cut at {cut}");
            match torn.as_slice() {
                // At the seam, and within line ends that nobody misses.
                [] => assert!(starts.contains(&(cut as u64)), "cut at {cut}"),
                [Err(error)] => {
                    assert_eq!((error.at, error.fault), (starts[ends], Fault::Torn), "at {cut}");
                }
                more => panic!("{more:?}"),
            }
            assert_eq!(walk.sound(), starts[ends], "cut at {cut}");
            assert!(walk.next().is_none());
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let good = record("WARC-Type: resource\r\nContent-Length: 2", "ab");
    let at = good.len() as u64;
    let long = format!("WARC/1.0\r\nX: {}", "x".repeat(MAX_HEAD));
    for (bad, wrong) in [
        ("nothing of that kind", Fault::NotARecord),
        ("WARC/0.18\r\nContent-Length: 0\r\n\r\n\r\n\r\n", Fault::Version),
        ("WARC/1.10\r\nContent-Length: 0\r\n\r\n\r\n\r\n", Fault::Version),
        ("WARC/1.0\r\nno colon\r\n\r\n", Fault::NotAField),
        ("WARC/1.0\r\n folded\r\n\r\n", Fault::NotAField),
        ("WARC/1.0\r\nWARC-Type: x\r\n\r\n", Fault::Length),
        ("WARC/1.0\r\nContent-Length: +2\r\n\r\nab\r\n\r\n", Fault::Length),
        ("WARC/1.0\r\nContent-Length: 0x2\r\n\r\nab\r\n\r\n", Fault::Length),
        ("WARC/1.0\r\nContent-Length:\r\n\r\nab\r\n\r\n", Fault::Length),
        ("WARC/1.0\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n", Fault::Length),
        ("WARC/1.0\r\nContent-Length: 1\r\n\r\nab\r\n\r\n", Fault::Unended),
        ("WARC/1.0\r\nContent-Length: 2\r\n\r\nab\r\nWARC/1.0\r\n", Fault::Unended),
        ("WARC/1.0\r\nContent-Length: 3\r\n\r\nab\r\n\r\n", Fault::Unended),
        ("WARC/1.0\r\nContent-Length: 9999\r\n\r\nab\r\n\r\n", Fault::Torn),
        ("WARC/1.0\r\nContent-Length: 99999999999999999999999\r\n\r\nab\r\n\r\n", Fault::Torn),
        ("WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\nab\r\n\r\n", Fault::Torn),
        ("WARC/1.0\r\nContent-Length: 2", Fault::Torn),
        ("WARC/1.0\r\nContent-Length: 2\r\n\r\nab\r\n", Fault::Torn),
        ("WA", Fault::Torn),
        (&long, Fault::LongHead),
    ] {
        let file = format!("{good}{bad}");
        assert_eq!(fault(file.as_bytes()), (at, wrong), "{bad:?}");
        let mut walk = records(file.as_bytes());
        assert!(walk.next().unwrap().is_ok() && walk.next().unwrap().is_err());
        assert!(walk.next().is_none(), "the first fault ends it");
        // A member that is whole has no torn record in it.
        let inside = if wrong == Fault::Torn { Fault::Unended } else { wrong };
        assert_eq!(fault(&gzip(file.as_bytes())), (0, inside), "{bad:?}");
    }
}

#[test]
fn a_damaged_member_is_refused() {
    let mut file = GZIP.to_vec();
    let trailer = 262 - 8;
    file[trailer] ^= 1;
    assert_eq!(fault(&file), (0, Fault::Gzip), "its checksum");
    assert_eq!(fault(b"\x1f\x8b\x07nothing of that kind"), (0, Fault::Gzip));
    assert_eq!(fault(b"\x1f"), (0, Fault::Torn));
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(b"WARC/1.0\r\nContent-Length: 300000000\r\n\r\n").unwrap();
    let piece = vec![0; 1 << 20];
    for _ in 0..=MAX_MEMBER >> 20 {
        encoder.write_all(&piece).unwrap();
    }
    assert_eq!(fault(&encoder.finish().unwrap()), (0, Fault::LargeMember));
}

#[test]
fn what_careless_writers_write_is_read() {
    let text = "\r\n\nWARC/1.1\nwarc-type : RESPONSE\nWARC-Target-URI: <http://a.example/>\n\
        Content-Length: 8\nX:  folded\n  twice \n\tover\n\nHTTP/1.1\n\n\n\n";
    let all = all(text.as_bytes());
    assert_eq!(all.len(), 1);
    let record = &all[0];
    assert_eq!((record.kind(), record.at), (Kind::Response, 3));
    assert_eq!(record.target(), Some("http://a.example/"));
    assert_eq!(record.fields.get_str("X"), Some("folded twice over"));
    assert!(record.is_http(), "by its front");
    assert_eq!(record.date(), None);
}

#[test]
fn secrets_are_not_in_the_debug_output() {
    for record in all(PLAIN) {
        let shown = format!("{record:?}");
        assert!(!shown.contains("sid") && !shown.contains("seen"), "{shown}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        records(&bytes).for_each(drop);
        records(&[b"WARC/1.0\r\n", &bytes[..]].concat()).for_each(drop);
        records(&[b"\x1f\x8b", &bytes[..]].concat()).for_each(drop);
    }

    #[test]
    fn a_damaged_file_is_read_to_its_end_or_to_a_fault(at in 0usize..4000, byte: u8) {
        for file in [PLAIN, GZIP] {
            let mut file = file.to_vec();
            let at = at % file.len();
            file[at] = byte;
            let items: Vec<_> = records(&file).collect();
            let faults = items.iter().filter(|item| item.is_err()).count();
            prop_assert!(items.len() <= 8 + 1 && faults <= 1);
            prop_assert!(faults == 0 || items.last().unwrap().is_err());
        }
    }
}
