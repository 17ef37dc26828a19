//! Answers whose point is how they come: framing, codings, pace.

use super::answer::{Answer, Framing, Step};
use super::html::page;
use super::pages;
use super::routes::Visit;
use crate::base::Headers;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write;
use std::time::Duration;

/// The text that these answers carry.
const TEXT: &str = include_str!("../../fixtures/site/harbour.txt");
/// Most bytes of `/bytes/N`.
const MOST_BYTES: u64 = 1 << 30;
/// Longest wait of `/slow` and `/delay`, in milliseconds.
const LONGEST_WAIT: u64 = 10_000;
/// In how many pieces `/slow` comes.
const PIECES: u32 = 10;

fn text() -> Answer {
    Answer::new(200).field("Content-Type", "text/plain; charset=utf-8")
}

/// `/chunked`: a chunk a line, an extension, a trailer (RFC 9112 section 7.1).
pub(super) fn chunked(_: &Visit<'_>) -> Answer {
    let lines = TEXT.split_inclusive('\n').map(|line| Step::Bytes(line.as_bytes().into()));
    let script = lines.collect();
    let mut answer = text().script(Framing::Chunked(";from=\"practice site\""), script);
    answer.trailers.push("X-Lines", TEXT.lines().count().to_string());
    answer
}

/// `/gzip`: content coding gzip (RFC 1952), whether asked for or not.
pub(super) fn gzip(_: &Visit<'_>) -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(TEXT.as_bytes());
    coded("gzip", written.and_then(|()| encoder.finish()))
}

/// `/deflate`: content coding deflate, which is the zlib format (RFC 1950).
pub(super) fn deflate(_: &Visit<'_>) -> Answer {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(TEXT.as_bytes());
    coded("deflate", written.and_then(|()| encoder.finish()))
}

fn coded(coding: &str, content: std::io::Result<Vec<u8>>) -> Answer {
    match content {
        Ok(content) => text()
            .field("Content-Encoding", coding)
            .field("Vary", "Accept-Encoding")
            .content(content),
        Err(_) => pages::refused(500, "The text could not be compressed."),
    }
}

/// `/close`: no length, no chunks; the end of the connection is the end of the text.
pub(super) fn close(_: &Visit<'_>) -> Answer {
    text().script(Framing::UntilClose, vec![Step::Bytes(TEXT.as_bytes().into())])
}

/// `/cut`: announces twice what it sends.
pub(super) fn cut(_: &Visit<'_>) -> Answer {
    let length = TEXT.len() as u64 * 2;
    text().script(Framing::Length(length), vec![Step::Bytes(TEXT.as_bytes().into())])
}

/// `/interim`: 103 Early Hints (RFC 8297), then the page.
pub(super) fn interim(_: &Visit<'_>) -> Answer {
    let hints = Headers::from_iter([("Link", "</style.css>; rel=preload; as=style")]);
    let main = "<h1>After the hints</h1>\n<p>Before this page came an interim answer, 103 Early \
                Hints, that named its stylesheet.</p>\n";
    Answer { interim: Some((103, hints)), ..page(200, "After the hints", main) }
}

/// `/bytes/N`: N bytes, so that byte i is i modulo 251.
pub(super) fn bytes(visit: &Visit<'_>) -> Answer {
    match visit.tail.parse::<u64>() {
        Ok(length) if length <= MOST_BYTES => Answer::new(200)
            .field("Content-Type", "application/octet-stream")
            .script(Framing::Length(length), vec![Step::Pattern(length)]),
        _ => pages::not_found(),
    }
}

/// `/slow?ms=N`: the text, dribbled.
pub(super) fn slow(visit: &Visit<'_>) -> Answer {
    let pause = wait(visit, 2000) / PIECES;
    let size = TEXT.len().div_ceil(PIECES as usize);
    let pieces = TEXT.as_bytes().chunks(size);
    let script = pieces.flat_map(|piece| [Step::Pause(pause), Step::Bytes(piece.into())]);
    text().script(Framing::Length(TEXT.len() as u64), script.collect())
}

/// `/delay?ms=N`: nothing for a while, then everything at once.
pub(super) fn delay(visit: &Visit<'_>) -> Answer {
    Answer { delay: wait(visit, 1000), ..text().content(TEXT.as_bytes()) }
}

/// The wait that was asked for, or the usual one.
fn wait(visit: &Visit<'_>, usual: u64) -> Duration {
    let asked = visit.request.parameter("ms").and_then(|ms| ms.parse().ok());
    Duration::from_millis(asked.unwrap_or(usual).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use super::*;
    use std::io::Read;
    use std::net::TcpStream;

    #[test]
    fn chunks_have_an_extension_and_a_trailer() {
        let site = talk::site();
        let answer = talk::get(&site, "/chunked");
        assert_eq!((answer.text(), answer.field("Trailer")), (TEXT, Some("X-Lines")));
        assert_eq!(answer.trailers, format!("X-Lines: {}\r\n", TEXT.lines().count()));
        let mut raw = String::new();
        let mut stream = TcpStream::connect(site.addr()).unwrap();
        let request = "GET /chunked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_string(&mut raw).unwrap();
        assert_eq!(raw.matches(";from=\"practice site\"\r\n").count(), 1);
        assert!(TEXT.lines().count() > 3 && raw.contains("\r\n0\r\nX-Lines: "));
    }

    #[test]
    fn chunks_and_hints_are_not_for_old_clients() {
        let site = talk::site();
        let answer = talk::ask(&site, "GET /chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assert_eq!((answer.text(), answer.field("Transfer-Encoding")), (TEXT, None));
        assert_eq!(answer.field("Connection"), Some("close"));
        assert_eq!(talk::ask(&site, "GET /interim HTTP/1.0\r\n\r\n").status, 200);
    }

    #[test]
    fn what_was_compressed_comes_back_whole() {
        let site = talk::site();
        let mut text = String::new();
        let gzip = talk::get(&site, "/gzip");
        assert_eq!(gzip.field("Content-Encoding"), Some("gzip"));
        flate2::read::GzDecoder::new(gzip.content.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, TEXT);
        text.clear();
        let zlib = talk::get(&site, "/deflate");
        assert_eq!(zlib.field("Content-Encoding"), Some("deflate"));
        flate2::read::ZlibDecoder::new(zlib.content.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, TEXT);
    }

    #[test]
    fn the_end_of_the_connection_may_be_an_end_or_a_cut() {
        let site = talk::site();
        for (path, length) in [("/close", None), ("/cut", Some(TEXT.len() * 2))] {
            // Both end the connection even where the client would go on.
            let answer = talk::ask(&site, &format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
            let announced = answer.field("Content-Length").map(|l| l.parse::<usize>().unwrap());
            assert_eq!((answer.text(), announced), (TEXT, length));
        }
    }

    #[test]
    fn hints_come_before_the_page() {
        let site = talk::site();
        let request = "GET /interim HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        let answers = talk::ask_all(&site, request);
        assert_eq!(answers.iter().map(|a| a.status).collect::<Vec<_>>(), [103, 200]);
        assert!(answers[0].field("Link").is_some_and(|link| link.contains("preload")));
    }

    #[test]
    fn byte_i_is_i_modulo_251_however_many_there_are() {
        let site = talk::site();
        for length in [0_usize, 1, 64_256, 200_001] {
            let answer = talk::get(&site, &format!("/bytes/{length}"));
            let right = answer.content.iter().enumerate().all(|(i, &b)| usize::from(b) == i % 251);
            assert_eq!((answer.content.len(), right), (length, true));
        }
        assert_eq!(talk::get(&site, "/bytes/1073741825").status, 404);
    }

    #[test]
    fn slow_answers_are_whole() {
        let site = talk::site();
        assert_eq!(talk::get(&site, "/slow?ms=20").text(), TEXT);
        assert_eq!(talk::get(&site, "/delay?ms=1").text(), TEXT);
    }
}
