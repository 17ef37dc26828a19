//! Validators, conditions and ranges (RFC 9110 sections 8.8, 13 and 14).

use super::answer::Answer;
use super::html::page;
use super::request::Request;
use super::routes::Visit;
use std::ops::Range;

/// The text of `/range`.
const TEXT: &[u8] = include_bytes!("../../fixtures/site/range.txt");
const TAG: &str = "\"lighthouse-1\"";
const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const WEAK_TAG: &str = "W/\"practice\"";

/// `/range`: a text that can be had in parts.
pub(super) fn range(visit: &Visit<'_>) -> Answer {
    let described = |answer: Answer| {
        answer.field("ETag", TAG).field("Last-Modified", MODIFIED).field("Accept-Ranges", "bytes")
    };
    if let Some(status) = condition(visit.request, TAG, Some(MODIFIED)) {
        return described(Answer::new(status));
    }
    let whole = described(Answer::new(200).field("Content-Type", "text/plain; charset=utf-8"));
    let Some(asked) = visit.request.head.headers.get_str("Range") else {
        return whole.content(TEXT);
    };
    if visit.request.is_head() || !unchanged(visit.request) {
        return whole.content(TEXT);
    }
    match part(asked, TEXT.len()) {
        Part::Whole => whole.content(TEXT),
        Part::Nothing => described(Answer::text(416, "There is nothing there.\n"))
            .field("Content-Range", format!("bytes */{}", TEXT.len())),
        Part::Bytes(bytes) => {
            let shown = format!("bytes {}-{}/{}", bytes.start, bytes.end - 1, TEXT.len());
            let content = TEXT.get(bytes).unwrap_or_default();
            Answer { status: 206, ..whole.field("Content-Range", shown).content(content) }
        }
    }
}

/// `/etag`: a page with a weak validator.
pub(super) fn etag(visit: &Visit<'_>) -> Answer {
    let answer = match condition(visit.request, WEAK_TAG, None) {
        Some(status) => Answer::new(status),
        None => page(
            200,
            "A page with an ETag",
            "<h1>A page with an ETag</h1>\n<p>Ask again with the value of its <code>ETag</code> in \
             <code>If-None-Match</code>, and the answer is 304: what you have is still right.</p>\n",
        ),
    };
    answer.field("ETag", WEAK_TAG).field("Cache-Control", "no-cache")
}

/// The status that ends the request early, by the steps of RFC 9110 section 13.2.2.
fn condition(request: &Request, tag: &str, modified: Option<&str>) -> Option<u16> {
    let headers = &request.head.headers;
    let date = |text: Option<&str>| text.and_then(|t| httpdate::parse_http_date(t).ok());
    if headers.has("If-Match") {
        let holds = lists(request, "If-Match", |member| member == tag && !tag.starts_with("W/"));
        if !holds {
            return Some(412);
        }
    } else if let (Some(limit), Some(modified)) =
        (date(headers.get_str("If-Unmodified-Since")), date(modified))
        && modified > limit
    {
        return Some(412);
    }
    if headers.has("If-None-Match") {
        let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
        return lists(request, "If-None-Match", |member| bare(member) == bare(tag)).then_some(304);
    }
    let since = date(headers.get_str("If-Modified-Since"))?;
    (date(modified)? <= since).then_some(304)
}

/// Whether a list of tags has one that `matches`, or is a star.
fn lists(request: &Request, field: &str, matches: impl Fn(&str) -> bool) -> bool {
    let members = request.head.headers.members(field).filter_map(|m| std::str::from_utf8(m).ok());
    members.into_iter().any(|member| member == "*" || matches(member))
}

/// Whether a range of what the client has still fits (RFC 9110 section 13.1.5).
fn unchanged(request: &Request) -> bool {
    let condition = request.head.headers.get_str("If-Range");
    condition.is_none_or(|validator| validator == TAG || validator == MODIFIED)
}

/// What a Range field asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Everything: the field is not understood or has several ranges, and is ignored.
    Whole,
    /// These bytes.
    Bytes(Range<usize>),
    /// Bytes that are not there.
    Nothing,
}

fn part(asked: &str, length: usize) -> Part {
    let Some((unit, set)) = asked.split_once('=') else { return Part::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Part::Whole };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // Numbers beyond the largest are beyond the text as well.
        digits.then(|| text.parse::<usize>().unwrap_or(usize::MAX))
    };
    if !unit.eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    match (first, number(first), last, number(last)) {
        ("", _, _, Some(0)) => Part::Nothing,
        ("", _, _, Some(suffix)) => Part::Bytes(length.saturating_sub(suffix)..length),
        (_, Some(first), _, Some(last)) if last < first => Part::Whole,
        (_, Some(first), "", _) | (_, Some(first), _, Some(_)) if first >= length => Part::Nothing,
        (_, Some(first), "", _) => Part::Bytes(first..length),
        (_, Some(first), _, Some(last)) => Part::Bytes(first..last.saturating_add(1).min(length)),
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use super::*;

    #[test]
    fn a_range_is_read_as_the_grammar_says() {
        for (asked, expected) in [
            ("bytes=0-0", Part::Bytes(0..1)),
            ("bytes=2-", Part::Bytes(2..10)),
            ("Bytes=-3", Part::Bytes(7..10)),
            ("bytes=-30", Part::Bytes(0..10)),
            ("bytes=8-99999999999999999999", Part::Bytes(8..10)),
            ("bytes=10-", Part::Nothing),
            ("bytes=10-12", Part::Nothing),
            ("bytes=-0", Part::Nothing),
            ("bytes=5-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=a-5", Part::Whole),
            ("bytes=1-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=1-2", Part::Whole),
        ] {
            assert_eq!(part(asked, 10), expected, "{asked}");
        }
    }

    #[test]
    fn a_part_comes_with_its_place_and_only_if_the_text_is_the_same() {
        let site = talk::site();
        let ask = |fields: &str| talk::get_with(&site, "/range", fields);
        let two = ask("Range: bytes=1-2\r\n");
        assert_eq!((two.status, two.content.as_slice()), (206, &TEXT[1..3]));
        let place = format!("bytes 1-2/{}", TEXT.len());
        assert_eq!(two.field("Content-Range"), Some(place.as_str()));
        let same = format!("Range: bytes=1-2\r\nIf-Range: {TAG}\r\n");
        assert_eq!(ask(&same).status, 206);
        let other = ask("Range: bytes=1-2\r\nIf-Range: \"other\"\r\n");
        assert_eq!((other.status, other.content.as_slice()), (200, TEXT));
        let none = ask("Range: bytes=999999-\r\n");
        let place = format!("bytes */{}", TEXT.len());
        assert_eq!((none.status, none.field("Content-Range")), (416, Some(place.as_str())));
    }

    #[test]
    fn conditions_are_judged_in_the_order_of_the_specification() {
        let site = talk::site();
        for (path, status, fields) in [
            ("/range", 304, "If-None-Match: \"x\", \"lighthouse-1\"\r\n"),
            ("/range", 304, "If-None-Match: W/\"lighthouse-1\"\r\n"),
            ("/range", 304, "If-None-Match: *\r\n"),
            ("/range", 304, "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
            ("/range", 200, "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n"),
            ("/range", 200, "If-Modified-Since: yesterday\r\n"),
            (
                "/range",
                200,
                "If-None-Match: \"x\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            ),
            ("/range", 412, "If-Match: \"x\"\r\n"),
            ("/range", 200, "If-Match: \"lighthouse-1\"\r\n"),
            ("/range", 412, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n"),
            ("/range", 304, "If-Match: *\r\nIf-None-Match: \"lighthouse-1\"\r\n"),
            ("/etag", 304, "If-None-Match: W/\"practice\"\r\n"),
            ("/etag", 304, "If-None-Match: \"practice\"\r\n"),
            ("/etag", 412, "If-Match: W/\"practice\"\r\n"),
            ("/etag", 200, "If-None-Match: \"other\"\r\n"),
        ] {
            let answer = talk::get_with(&site, path, fields);
            assert_eq!(answer.status, status, "{path} {fields}");
            assert!(answer.field("ETag").is_some());
        }
    }
}
