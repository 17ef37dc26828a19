//! Fields of the representation (RFC 9110 section 8).

use super::text::{
    away, bytes, date, head, is, listed, moment, names, number, pair, param, percent, quote, say,
    split, unquote,
};
use super::{About, Sizes, links};

/// What the codings saved.
pub(super) fn encoding(value: &[u8], about: &About<'_>) -> Option<String> {
    if is(value, "identity") {
        return Some("not encoded".to_owned());
    }
    let names = names(split(value, b','));
    if names.is_empty() {
        return None;
    }
    let Some(Sizes { received, decoded }) = about.sizes.filter(|sizes| sizes.received > 0) else {
        return Some(format!("compressed with {names}"));
    };
    let (came, whole) = (bytes(received), bytes(decoded));
    Some(match decoded.checked_sub(received) {
        Some(0) => format!("{came}, nothing saved"),
        Some(saved) => format!("{came} instead of {whole}, {}% saved", percent(saved, decoded)),
        // Nothing was decoded: a HEAD, or codings that were left in.
        None if decoded == 0 => format!("compressed with {names}"),
        None => format!("{came} instead of {whole}: larger than without"),
    })
}

pub(super) fn length(value: &[u8], about: &About<'_>) -> Option<String> {
    let mut values = value.split(|b| *b == b',').map(<[u8]>::trim_ascii);
    let first = values.next().unwrap_or_default();
    let Some(length) = number(first) else {
        return Some("no number (RFC 9110 section 8.6)".to_owned());
    };
    if values.any(|other| other != first) {
        return Some("two lengths that differ (RFC 9112 section 6.3)".to_owned());
    }
    if about.get("Transfer-Encoding").is_some() {
        return Some(
            "counts for nothing beside Transfer-Encoding (RFC 9112 section 6.3)".to_owned(),
        );
    }
    // Of a HEAD, or of a 304: what a GET would have had.
    let bodyless = about.method.is_some_and(|m| m.as_str() == "HEAD") || about.status == Some(304);
    let sizes = about.sizes.filter(|_| !about.is_request() && !bodyless);
    let size = if length < 1024 { None } else { Some(bytes(length)) };
    match sizes {
        Some(sizes) if sizes.received < length => {
            let missing = bytes(length - sizes.received);
            Some(format!("{} came, {missing} are missing", bytes(sizes.received)))
        }
        _ if about.status == Some(304) => Some(format!("what is stored has {}", bytes(length))),
        _ if bodyless => Some(format!("{}, had it been a GET", bytes(length))),
        _ => size,
    }
}

/// Type, character set, and what is odd about them (RFC 9110 section 8.3).
pub(super) fn media_type(value: &[u8], _: &About<'_>) -> Option<String> {
    let media = head(value);
    let (kind, sub) = match media.iter().position(|b| *b == b'/') {
        Some(at) if at > 0 && at + 1 < media.len() => (&media[..at], &media[at + 1..]),
        _ => return Some("no media type (RFC 9110 section 8.3.1)".to_owned()),
    };
    let code = ["css", "javascript", "event-stream"].iter().any(|known| is(sub, known));
    let text = is(kind, "text") && !code;
    let words = what(media, kind, sub);
    let charset = param(value, "charset");
    let said = match charset.as_deref() {
        Some(b"") => ", charset empty".to_owned(),
        Some(charset) => format!(", in {}", quote(charset).to_ascii_uppercase()),
        None if is(media, "text/html") => ", no charset: found in the page, or guessed".to_owned(),
        None if text => ", no charset given".to_owned(),
        None => String::new(),
    };
    let boundary = param(value, "boundary").map(|_| ", in parts").unwrap_or_default();
    let lacks = is(kind, "multipart") && boundary.is_empty();
    let lacks = if lacks { ", without the boundary it needs" } else { "" };
    Some(format!("{words}{said}{boundary}{lacks}"))
}

/// What a media type is, in words.
fn what(media: &[u8], kind: &[u8], sub: &[u8]) -> String {
    const KNOWN: [(&str, &str); 30] = [
        ("text/html", "an HTML page"),
        ("application/xhtml+xml", "an XHTML page"),
        ("text/plain", "plain text"),
        ("text/css", "a style sheet"),
        ("text/javascript", "JavaScript"),
        ("application/javascript", "JavaScript"),
        ("application/x-javascript", "JavaScript"),
        ("application/json", "JSON"),
        ("application/ld+json", "JSON-LD"),
        ("application/problem+json", "JSON, about what went wrong (RFC 9457)"),
        ("application/x-ndjson", "JSON, a document a line"),
        ("application/xml", "XML"),
        ("text/xml", "XML"),
        ("application/rss+xml", "an RSS feed"),
        ("application/atom+xml", "an Atom feed"),
        ("image/svg+xml", "an SVG image"),
        ("text/csv", "CSV"),
        ("text/markdown", "Markdown"),
        ("text/event-stream", "events, sent as they happen"),
        ("application/pdf", "a PDF"),
        ("application/zip", "a ZIP archive"),
        ("application/gzip", "a gzip file"),
        ("application/octet-stream", "bytes of no given type"),
        ("application/x-www-form-urlencoded", "a form"),
        ("multipart/form-data", "a form"),
        ("multipart/byteranges", "several ranges"),
        ("application/wasm", "WebAssembly"),
        ("application/grpc", "gRPC"),
        ("application/manifest+json", "a web app's manifest"),
        ("application/graphql-response+json", "JSON, an answer of GraphQL"),
    ];
    if let Some((_, words)) = KNOWN.iter().find(|(name, _)| is(media, name)) {
        return (*words).to_owned();
    }
    let suffix =
        |suffix: &str| sub.len() > suffix.len() && is(&sub[sub.len() - suffix.len()..], suffix);
    let of = quote(sub);
    match kind {
        _ if suffix("+json") => format!("JSON ({of})"),
        _ if suffix("+xml") => format!("XML ({of})"),
        _ if is(kind, "image") => format!("an image ({of})"),
        _ if is(kind, "video") => format!("a video ({of})"),
        _ if is(kind, "audio") => format!("sound ({of})"),
        _ if is(kind, "font") => format!("a font ({of})"),
        _ if is(kind, "text") => format!("text ({of})"),
        _ if is(kind, "multipart") => format!("several parts ({of})"),
        _ => quote(media),
    }
}

/// RFC 9110 section 14.4.
pub(super) fn range(value: &[u8], about: &About<'_>) -> Option<String> {
    let invalid = || Some("no range of bytes (RFC 9110 section 14.4)".to_owned());
    let Some(rest) = value.get(..6).filter(|unit| is(unit, "bytes ")).map(|_| &value[6..]) else {
        return invalid();
    };
    let Some(slash) = rest.iter().position(|b| *b == b'/') else { return invalid() };
    let (range, whole) = (rest[..slash].trim_ascii(), rest[slash + 1..].trim_ascii());
    let size = number(whole);
    if size.is_none() && whole != b"*" {
        return invalid();
    }
    if range == b"*" {
        return size.map(|size| format!("the whole has {}", bytes(size)));
    }
    let Some(dash) = range.iter().position(|b| *b == b'-') else { return invalid() };
    let (Some(first), Some(last)) = (number(&range[..dash]), number(&range[dash + 1..])) else {
        return invalid();
    };
    if last < first || size.is_some_and(|size| last >= size) {
        return invalid();
    }
    let length = (last - first).saturating_add(1);
    let unasked = match about.status {
        Some(206 | 416) | None => "",
        Some(_) => "; means nothing but in a 206 or 416",
    };
    Some(match size {
        Some(size) => {
            let part = percent(length, size);
            format!("{} of {}, {part}%, from byte {first}{unasked}", bytes(length), bytes(size))
        }
        None => format!("{} from byte {first}, of an unknown whole{unasked}", bytes(length)),
    })
}

/// RFC 6266.
pub(super) fn disposition(value: &[u8], _: &About<'_>) -> Option<String> {
    let extended = param(value, "filename*");
    // charset'language'text, the text with %XX (RFC 8187).
    let decoded = extended.as_deref().and_then(|text| {
        let text = text.splitn(3, |b| *b == b'\'').nth(2)?;
        let cut = &text[..text.len().min(1024)];
        Some(percent_encoding::percent_decode(cut).collect::<Vec<u8>>())
    });
    let name = decoded.or_else(|| param(value, "filename").map(|name| name.into_owned()));
    let kind = head(value);
    let how = match kind {
        _ if is(kind, "attachment") => "to be saved",
        _ if is(kind, "inline") => "to be shown",
        _ if is(kind, "form-data") => "a field of a form",
        _ => "to be saved, as its type is unknown",
    };
    let Some(name) = name else { return Some(how.to_owned()) };
    // Where to save it is not the server's to say (section 4.3).
    let segment = name.rsplit(|b| matches!(b, b'/' | b'\\')).next().unwrap_or_default();
    let left_out = if segment.len() < name.len() { ", the path left out" } else { "" };
    Some(match segment {
        b"" | b"." | b".." => format!("{how}, and its name is none"),
        segment => format!("{how}, as {}{left_out}", quote(segment)),
    })
}

pub(super) fn language(value: &[u8], _: &About<'_>) -> Option<String> {
    let mut tags = split(value, b',').peekable();
    tags.peek()?;
    Some(format!("for readers of {}", listed(tags.map(tongue))))
}

/// A language tag in words, by its first part; as it is where few know it.
pub(super) fn tongue(tag: &[u8]) -> String {
    const KNOWN: [(&str, &str); 24] = [
        ("ar", "Arabic"),
        ("cs", "Czech"),
        ("da", "Danish"),
        ("de", "German"),
        ("el", "Greek"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fi", "Finnish"),
        ("fr", "French"),
        ("he", "Hebrew"),
        ("hi", "Hindi"),
        ("hu", "Hungarian"),
        ("id", "Indonesian"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("nl", "Dutch"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ru", "Russian"),
        ("sv", "Swedish"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("zh", "Chinese"),
    ];
    let mut parts = tag.splitn(2, |b| *b == b'-');
    let first = parts.next().unwrap_or_default();
    match (KNOWN.iter().find(|(code, _)| is(first, code)), parts.next()) {
        (Some((_, name)), None) => (*name).to_owned(),
        (Some((_, name)), Some(rest)) => format!("{name} ({})", quote(rest)),
        (None, _) => quote(tag),
    }
}

pub(super) fn location(value: &[u8], about: &About<'_>) -> Option<String> {
    let target = links::place(value, about)?;
    match about.url == Some(&target) {
        true => Some("this URL itself".to_owned()),
        false => Some(format!("the URL of this content: {}", links::shown(&target))),
    }
}

pub(super) fn md5(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("obsolete (RFC 9110 appendix B)".to_owned())
}

pub(super) fn accept_ranges(value: &[u8], _: &About<'_>) -> Option<String> {
    say(match value {
        _ if is(value, "bytes") => "parts may be asked for; a broken download can go on",
        _ if is(value, "none") => "no parts: a broken download begins anew",
        _ => return None,
    })
}

/// `Repr-Digest` and `Content-Digest` (RFC 9530), and the older `Digest`.
pub(super) fn digest(value: &[u8], _: &About<'_>) -> Option<String> {
    let algorithms =
        || split(value, b',').map(|member| pair(member).0).filter(|name| !name.is_empty());
    algorithms().next()?;
    let strong = |name: &[u8]| is(name, "sha-256") || is(name, "sha-512");
    let weak = if algorithms().any(strong) { "" } else { "; none that withstands an attack" };
    Some(format!("by {}{weak}", names(algorithms())))
}

pub(super) fn no_sniff(value: &[u8], _: &About<'_>) -> Option<String> {
    let first = split(value, b',').next().unwrap_or_default();
    Some(match is(&unquote(first), "nosniff") {
        true => "browsers are to believe Content-Type".to_owned(),
        false => "means nothing: only nosniff is known".to_owned(),
    })
}

/// RFC 7089: an archive's copy.
pub(super) fn memento(value: &[u8], about: &About<'_>) -> Option<String> {
    Some(match date(value, about.now) {
        Ok(at) => format!("as it was on {}, {}", moment(at, about.now), away(at, about.now)),
        Err(why) => why,
    })
}

pub(super) fn mime_version(_: &[u8], _: &About<'_>) -> Option<String> {
    Some("means nothing in HTTP (RFC 9112 appendix B.1)".to_owned())
}
