//! What bytes look like, by how they begin (MIME Sniffing standard, section 6 and 7, and the
//! marks of formats that servers send besides).

/// Where a mark stands, the mark, and the type it is of. Marks of more bytes first.
const MARKS: [(usize, &[u8], &str); 41] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (0, b"\0\0\x01\0", "image/x-icon"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\0\0\0\x0cJXL ", "image/jxl"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/avi"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"OggS\0", "application/ogg"),
    (8, b"WAVE", "audio/wave"),
    (0, b"ID3\x03", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd\0\0\0\x06", "audio/midi"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS-Adobe-", "application/postscript"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO\0", "font/otf"),
    (0, b"\0\x01\0\0\0", "font/ttf"),
    (0, b"\0asm", "application/wasm"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
];

/// What HTML begins with, white space and all case aside; a tag's name ends there.
const HTML: [&str; 18] = [
    "!doctype html",
    "html",
    "head",
    "body",
    "title",
    "script",
    "style",
    "iframe",
    "h1",
    "div",
    "font",
    "table",
    "a",
    "b",
    "br",
    "p",
    "meta",
    "link",
];

/// How far text is looked at for bytes that no text holds: the standard's number.
const LOOK: usize = 1445;

/// The media type that the content looks like; none where it is bytes of no known kind.
pub(super) fn look(content: &[u8]) -> Option<&'static str> {
    let at = |place: usize| content.get(place..).unwrap_or_default();
    if let Some((_, _, name)) = MARKS.iter().find(|(place, mark, _)| at(*place).starts_with(mark)) {
        return Some(name);
    }
    let bom = encoding_rs::Encoding::for_bom(content);
    if bom.is_some_and(|(encoding, _)| encoding != encoding_rs::UTF_8) {
        return Some("text/plain");
    }
    let content = &content[bom.map_or(0, |(_, length)| length)..];
    let begin = content.trim_ascii_start();
    if begin.starts_with(b"<?xml") {
        let head = &begin[..begin.len().min(LOOK)];
        let xhtml = memchr::memmem::find(head, b"http://www.w3.org/1999/xhtml").is_some();
        return Some(if xhtml { "application/xhtml+xml" } else { "application/xml" });
    }
    if begin.starts_with(b"<!--") || begin.strip_prefix(b"<").is_some_and(begins_html) {
        return Some("text/html");
    }
    let head = &content[..content.len().min(LOOK)];
    if head.is_empty() || head.iter().any(|&b| is_binary(b)) {
        return None;
    }
    Some(match begin {
        [b'{', inside @ ..] if matches!(inside.trim_ascii_start(), [b'"' | b'}', ..]) => {
            "application/json"
        }
        [b'[', ..] if super::data::is_json(content) => "application/json",
        _ if begin.starts_with(b"<rss") => "application/rss+xml",
        _ if begin.starts_with(b"<svg") => "image/svg+xml",
        _ => "text/plain",
    })
}

fn begins_html(behind: &[u8]) -> bool {
    HTML.iter().any(|name| {
        behind.len() > name.len()
            && behind[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && (behind[name.len()] == b'>' || behind[name.len()].is_ascii_whitespace())
    })
}

fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_known_by_how_it_begins() {
        for (content, want) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"RIFF....WEBPVP8 ", Some("image/webp")),
            (b"....ftypavif", Some("image/avif")),
            (b"....ftypisom", Some("video/mp4")),
            (b"%PDF-1.7", Some("application/pdf")),
            (b"\xef\xbb\xbf \n<HTML >", Some("text/html")),
            (b"<!-- x -->", Some("text/html")),
            (b"<p>", Some("text/html")),
            (b"<pre>", Some("text/plain")),
            (b"<?xml version='1.0'?><rss/>", Some("application/xml")),
            (
                b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
                Some("application/xhtml+xml"),
            ),
            (b" {\"a\":1}", Some("application/json")),
            (b"[1, 2]", Some("application/json")),
            (b"[section]\nkey = 1", Some("text/plain")),
            (b"\xff\xfeh\0", Some("text/plain")),
            (b"plain\x1b[0m", Some("text/plain")),
            (b"\x01\x02", None),
            (b"", None),
        ] {
            assert_eq!(look(content), want, "{}", content.escape_ascii());
        }
    }
}
