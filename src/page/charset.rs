//! Which characters the bytes of a page are, and how that is known.
//!
//! 1. A byte order mark (Encoding standard, "BOM sniff").
//! 2. `charset` in the Content-Type field.
//! 3. XML: its declaration. HTML: a `meta` in the first 1024 bytes (HTML standard, 13.2.3.2),
//!    then an XML declaration, then a `meta` further down, which makes a browser begin again.
//! 4. JSON: UTF-8, because RFC 8259 says so.
//! 5. A guess, which is called one: UTF-8 where the bytes are valid, else windows-1252.
//!
//! Names and decoders are the Encoding standard's (crate `encoding_rs`).

use super::attributes::{Step, step};
use super::media::Kind;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::memmem;
use std::borrow::Cow;
use std::fmt;

/// How far a `meta` is looked for before anything is decoded: the standard's number.
const PRESCAN: usize = 1024;

/// How far one is looked for that stands too late: a head that is longer is no head.
const LATE_PRESCAN: usize = 64 * 1024;

/// How the encoding of a page was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// The Content-Type field says so.
    Header,
    /// A `meta` element in the first 1024 bytes.
    Meta,
    /// A `meta` element behind the first 1024 bytes.
    LateMeta,
    /// `<?xml encoding="…"?>`.
    XmlDeclaration,
    /// The format has only this one: JSON, and XML without a declaration.
    Format,
    /// Nothing says so; the bytes look like it.
    Guess,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            How::ByteOrderMark => "from the byte order mark",
            How::Header => "from the Content-Type field",
            How::Meta => "from a meta element",
            How::LateMeta => "from a meta element behind the first 1024 bytes",
            How::XmlDeclaration => "from the XML declaration",
            How::Format => "the format's only one",
            How::Guess => "a guess: nothing says which",
        })
    }
}

/// An encoding and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// How it was found.
    pub how: How,
    /// A weaker declaration that says something else.
    pub contradicted: Option<(&'static Encoding, How)>,
}

impl Charset {
    /// The encoding's name in the Encoding standard.
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// The content without its byte order mark, as bytes that the scanner can read, and the
    /// encoding that those are in: UTF-16 and ISO-2022-JP, where an ASCII byte may be half a
    /// character, are made UTF-8.
    pub fn readable<'c>(&self, content: &'c [u8]) -> (Cow<'c, [u8]>, &'static Encoding) {
        let marked = (self.how == How::ByteOrderMark).then(|| Encoding::for_bom(content)).flatten();
        let content = &content[marked.map_or(0, |(_, length)| length)..];
        if self.encoding.is_ascii_compatible() {
            return (Cow::Borrowed(content), self.encoding);
        }
        let (text, _) = self.encoding.decode_without_bom_handling(content);
        (Cow::Owned(text.into_owned().into_bytes()), UTF_8)
    }
}

/// Finds the encoding of content of this kind; `header` is the `charset` of its Content-Type.
pub(super) fn find(content: &[u8], kind: Kind, header: Option<&[u8]>) -> Charset {
    let mark = Encoding::for_bom(content).map(|(encoding, _)| (encoding, How::ByteOrderMark));
    let header = header.and_then(Encoding::for_label).map(|encoding| (encoding, How::Header));
    let inside = || match kind {
        Kind::Html => prescan(&content[..content.len().min(PRESCAN)])
            .map(|encoding| (encoding, How::Meta))
            .or_else(|| declared(content)),
        Kind::Xml => declared(content),
        _ => None,
    };
    let late = || {
        let head = &content[..content.len().min(LATE_PRESCAN)];
        prescan(head).filter(|_| kind == Kind::Html).map(|encoding| (encoding, How::LateMeta))
    };
    let mut said = [mark, header, inside()].into_iter().flatten();
    match said.next().or_else(late) {
        Some((encoding, how)) => {
            let contradicted = said.find(|(other, _)| *other != encoding);
            Charset { encoding, how, contradicted }
        }
        None => {
            let how = match kind {
                Kind::Json | Kind::Xml => How::Format,
                _ => How::Guess,
            };
            let encoding =
                if how == How::Format || is_utf8(content) { UTF_8 } else { WINDOWS_1252 };
            Charset { encoding, how, contradicted: None }
        }
    }
}

/// Whether it is UTF-8, its last character perhaps cut off.
fn is_utf8(content: &[u8]) -> bool {
    std::str::from_utf8(content).err().is_none_or(|error| error.error_len().is_none())
}

/// The encoding of an XML declaration, or of one in UTF-16 that can only say so itself.
fn declared(content: &[u8]) -> Option<(&'static Encoding, How)> {
    let utf16 = [(&b"<\0?\0x\0"[..], UTF_16LE), (&b"\0<\0?\0x"[..], UTF_16BE)];
    let wide = utf16.iter().find(|(begin, _)| content.starts_with(begin));
    let encoding = match wide {
        Some((_, encoding)) => *encoding,
        None => xml_encoding(content)?,
    };
    Some((encoding, How::XmlDeclaration))
}

fn xml_encoding(content: &[u8]) -> Option<&'static Encoding> {
    let inside = content.strip_prefix(b"<?xml")?;
    let inside = &inside[..inside.len().min(PRESCAN)];
    let inside = &inside[..memchr::memchr(b'>', inside)?];
    let behind = &inside[memmem::find(inside, b"encoding")? + b"encoding".len()..];
    let behind = behind.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quote = *behind.first().filter(|&&b| matches!(b, b'"' | b'\''))?;
    let end = memchr::memchr(quote, &behind[1..])?;
    ascii_like(Encoding::for_label(&behind[1..=end])?)
}

/// What was read as ASCII cannot be UTF-16, whatever it says.
fn ascii_like(encoding: &'static Encoding) -> Option<&'static Encoding> {
    Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
}

/// The standard's "prescan a byte stream": a `meta` with a usable charset.
fn prescan(input: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'<', &input[at..]) {
        at += length;
        let rest = &input[at..];
        if rest.starts_with(b"<!--") {
            // Its two dashes may be those of its end.
            at += 2 + memmem::find(&rest[2..], b"-->")? + 3;
        } else if let Some((inside, meta)) = element(rest) {
            let behind = rest.len() - inside.len();
            let (length, encoding) = attributes(inside, meta)?;
            if encoding.is_some() {
                return encoding;
            }
            at += behind + length;
        } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
            at += memchr::memchr(b'>', rest)? + 1;
        } else {
            at += 1;
        }
    }
    None
}

/// What stands behind the name of a tag, and whether it is `meta`.
fn element(rest: &[u8]) -> Option<(&[u8], bool)> {
    let name = &rest[1..];
    let name = name.strip_prefix(b"/").unwrap_or(name);
    if !name.first()?.is_ascii_alphabetic() {
        return None;
    }
    let end = name
        .iter()
        .position(|b| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'))?;
    let meta = rest[1] != b'/' && name[..end].eq_ignore_ascii_case(b"meta");
    Some((&name[end..], meta))
}

/// Reads the attributes of a tag: how long they are, and the encoding if it is a meta that has
/// one. Nothing where the tag does not end here.
fn attributes(inside: &[u8], meta: bool) -> Option<(usize, Option<&'static Encoding>)> {
    let (mut pragma, mut label, mut content) = (false, None, None);
    let mut at = 0;
    loop {
        match step(inside, at) {
            Step::Attribute(found, next) => {
                at = next;
                if found.is("http-equiv") {
                    pragma |= found.value.eq_ignore_ascii_case(b"content-type");
                } else if found.is("charset") {
                    label = label.or(Some(found.value));
                } else if found.is("content") {
                    content = content.or_else(|| from_content(found.value));
                }
            }
            Step::End { next, .. } => {
                let label = label.or(if pragma { content } else { None });
                let encoding = label.filter(|_| meta).and_then(Encoding::for_label);
                return Some((next, encoding.and_then(for_meta)));
            }
            Step::Open => return None,
        }
    }
}

fn for_meta(encoding: &'static Encoding) -> Option<&'static Encoding> {
    if encoding == X_USER_DEFINED { Some(WINDOWS_1252) } else { ascii_like(encoding) }
}

/// The standard's "extracting a character encoding from a meta element".
fn from_content(value: &[u8]) -> Option<&[u8]> {
    let mut rest = value;
    loop {
        let at = rest.windows(7).position(|window| window.eq_ignore_ascii_case(b"charset"))?;
        rest = rest[at + 7..].trim_ascii_start();
        let Some(behind) = rest.strip_prefix(b"=") else { continue };
        let behind = behind.trim_ascii_start();
        return match behind.first()? {
            quote @ (b'"' | b'\'') => {
                let end = memchr::memchr(*quote, &behind[1..])?;
                Some(&behind[1..=end])
            }
            _ => {
                let end = behind.iter().position(|b| *b == b';' || b.is_ascii_whitespace());
                Some(&behind[..end.unwrap_or(behind.len())])
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn html(content: &[u8], header: Option<&str>, name: &str, how: How) {
        let found = find(content, Kind::Html, header.map(str::as_bytes));
        assert_eq!((found.name(), found.how), (name, how), "{}", content.escape_ascii());
    }

    #[test]
    fn the_strongest_declaration_holds_and_what_contradicts_it_is_told() {
        let page = b"\xef\xbb\xbf<meta charset=koi8-r>";
        html(page, Some("latin1"), "UTF-8", How::ByteOrderMark);
        let found = find(page, Kind::Html, Some(b"utf-8"));
        let other = found.contradicted.map(|(encoding, how)| (encoding.name(), how));
        assert_eq!(other, Some(("KOI8-R", How::Meta)));
        html(b"<meta charset=koi8-r>", Some("latin1"), "windows-1252", How::Header);
        html(b"<meta charset=koi8-r>", Some("nonsense"), "KOI8-R", How::Meta);
        html(b"<meta charset=koi8-r>", None, "KOI8-R", How::Meta);
        html(b"\xff\xfe<\0", None, "UTF-16LE", How::ByteOrderMark);
    }

    #[test]
    fn a_meta_is_found_as_the_standard_finds_it() {
        let koi = |page: &str| html(page.as_bytes(), None, "KOI8-R", How::Meta);
        koi("<!-- <meta charset=utf-8> --><meta charset='koi8-r'>");
        koi("<!--><meta charset=koi8-r>");
        koi("<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r'>");
        koi("<meta content=\"text/html; charset = 'koi8-r'\" http-equiv=content-type />");
        koi("<meta content='charset charset=koi8-r' http-equiv=content-type>");
        koi("<title>x</title><p a='<meta charset=utf-8>'><meta/charset=koi8-r>");
        koi("<meta charset=none-such><meta charset=koi8-r>");
        koi("<?x <meta charset=utf-8> ?><meta charset=koi8-r>");
        koi("</meta charset=utf-8><meta charset=koi8-r>");
        // The standard does not know scripts here.
        koi("<script>'<meta charset=koi8-r>'</script>");
        html(b"<meta charset=utf-16>", None, "UTF-8", How::Meta);
        html(b"<meta charset=x-user-defined>", None, "windows-1252", How::Meta);
    }

    #[test]
    fn what_is_no_declaration_is_none() {
        let guess = |page: &str| html(page.as_bytes(), None, "UTF-8", How::Guess);
        guess("");
        guess("<");
        guess("<!--");
        guess("<meta charset=koi8-r");
        guess("<meta content='text/html; charset=koi8-r'>");
        guess("<meta http-equiv=content-type content='text/html; charset=\"koi8-r'>");
        guess("<metal charset=koi8-r>");
        guess("<?xml version='1.0' encoding=koi8-r?>");
        guess("a < b <1 <é");
    }

    #[test]
    fn a_meta_behind_the_first_1024_bytes_is_a_late_one() {
        let page = format!("{}<meta charset=koi8-r>", " ".repeat(2000));
        html(page.as_bytes(), None, "KOI8-R", How::LateMeta);
    }

    #[test]
    fn an_xml_declaration_counts() {
        let page = b"<?xml version='1.0' encoding='ISO-8859-2'?><p>";
        html(page, None, "ISO-8859-2", How::XmlDeclaration);
        assert_eq!(find(page, Kind::Xml, None).name(), "ISO-8859-2");
        assert_eq!(find(b"<?xml version='1.0'?><p>", Kind::Xml, None).how, How::Format);
        html(b"<\0?\0x\0m\0l\0", None, "UTF-16LE", How::XmlDeclaration);
        html(b"\0<\0?\0x\0m\0l", None, "UTF-16BE", How::XmlDeclaration);
        html(b"<?xml encoding='utf-16'?>", None, "UTF-8", How::XmlDeclaration);
    }

    #[test]
    fn without_a_word_it_is_utf8_if_it_can_be() {
        html("é".as_bytes(), None, "UTF-8", How::Guess);
        html(&"é".as_bytes()[..1], None, "UTF-8", How::Guess);
        html(b"caf\xe9!", None, "windows-1252", How::Guess);
        assert_eq!(find(b"{}", Kind::Json, None).how, How::Format);
    }

    #[test]
    fn only_what_the_scanner_cannot_read_is_decoded() {
        let utf16 = find(b"\xff\xfe<\0a\0>\0", Kind::Html, None);
        let (bytes, encoding) = utf16.readable(b"\xff\xfe<\0a\0>\0");
        assert_eq!((&bytes[..], encoding), (&b"<a>"[..], UTF_8));
        let jis =
            Charset { encoding: encoding_rs::ISO_2022_JP, how: How::Header, contradicted: None };
        let (bytes, _) = jis.readable(b"\x1b$B>.\x1b(B<b>");
        assert_eq!(bytes.as_ref(), "小<b>".as_bytes());
        let plain = find(b"\xef\xbb\xbf<a>", Kind::Html, None);
        assert!(matches!(plain.readable(b"\xef\xbb\xbf<a>").0, Cow::Borrowed(b"<a>")));
    }
}
