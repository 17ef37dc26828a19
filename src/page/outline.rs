//! A page as its tags and texts, for whoever compares two of them (`compare`).
//!
//! What makes no difference to a reader makes none here: white space, comments, the order and
//! the quotes of attributes, the case of names, how a character is written; and neither do
//! values that are made anew for each answer (`base::is_made_anew`): nonces, and tokens in
//! forms, `meta` elements and attributes.

use super::charset;
use super::entities::{attribute, text};
use super::media::{self, Kind};
use super::tokens::{Name, Scanner, Tag, Token, Tokens};
use crate::base::{Headers, is_made_anew};
use encoding_rs::Encoding;

/// The tags and texts of a page in their order, a unit each: `<p class="x">`, `</p>`, `The text`.
/// `None` where the content is no HTML.
pub fn outline(content: &[u8], headers: &Headers) -> Option<Vec<String>> {
    let (declared, label) = media::declared(headers);
    let media = media::of(content, declared);
    if media.kind != Kind::Html {
        return None;
    }
    let (bytes, encoding) = charset::find(content, Kind::Html, label).readable(content);
    let xml = media.name() == "application/xhtml+xml";
    let scanner = if xml { Scanner::xml() } else { Scanner::html() };
    let mut units = Vec::new();
    let mut words = String::new();
    for token in Tokens::new(scanner, &bytes) {
        // A run of text may come in pieces.
        match token {
            Token::Text(raw) => words.push_str(&text(raw, encoding)),
            Token::Raw(raw) => words.push_str(&encoding.decode_without_bom_handling(raw).0),
            Token::Start(tag) => {
                take_words(&mut words, &mut units);
                units.push(start(&tag, encoding));
            }
            Token::End(name) => {
                take_words(&mut words, &mut units);
                units.push(format!("</{}>", lower(name)));
            }
        }
    }
    take_words(&mut words, &mut units);
    Some(units)
}

fn take_words(words: &mut String, units: &mut Vec<String>) {
    let text = words.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        units.push(text);
    }
    words.clear();
}

fn lower(name: Name<'_>) -> String {
    String::from_utf8_lossy(name.0).to_ascii_lowercase()
}

fn start(tag: &Tag<'_>, encoding: &'static Encoding) -> String {
    let mut all: Vec<(String, String)> = Vec::new();
    for found in tag.attributes() {
        let name = String::from_utf8_lossy(found.name).to_ascii_lowercase();
        all.push((name, attribute(found.value, encoding).into_owned()));
    }
    // Stable, so that the first of a name stays the first: it is the one that holds.
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all.dedup_by(|(later, _), (first, _)| later == first);
    let anew = all.iter().any(|(name, value)| {
        matches!(name.as_str(), "name" | "id" | "property" | "http-equiv") && is_made_anew(value)
    });
    let mut unit = format!("<{}", lower(tag.name));
    for (name, value) in &all {
        let held = match name.as_str() {
            "value" | "content" if anew => "…",
            _ if is_made_anew(name) => "…",
            _ => value,
        };
        unit.push_str(&format!(" {name}=\"{held}\""));
    }
    unit.push('>');
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlined(html: &str) -> Vec<String> {
        let headers = [("Content-Type", "text/html; charset=utf-8")].into_iter().collect();
        outline(html.as_bytes(), &headers).unwrap()
    }

    #[test]
    fn what_makes_no_difference_to_a_reader_makes_none_here() {
        let one = "<p class=x id='y'>caf&eacute;  &amp; \n more<!-- 1 --> text</p>";
        let other = "\n<P\tID=y CLASS=\"x\" id=z>caf\u{e9} &#38; more text</P >";
        assert_eq!(outlined(one), outlined(other));
        let units = ["<p class=\"x\" id=\"y\">", "caf\u{e9} & more text", "</p>"];
        assert_eq!(outlined(one), units);
    }

    #[test]
    fn what_is_made_anew_makes_none_either() {
        let page = |token: &str| {
            format!(
                "<meta name=csrf-token content={token}><script nonce={token}>a()</script>\
                 <input type=hidden name=authenticity_token value={token}>\
                 <form data-request-id={token}><input name=q value=kept>"
            )
        };
        assert_eq!(outlined(&page("one")), outlined(&page("two")));
        assert!(outlined(&page("one")).iter().any(|unit| unit.contains("kept")));
        let other = "<input name=user value=ann>";
        assert_ne!(outlined(other), outlined(&other.replace("ann", "bob")));
    }

    #[test]
    fn scripts_count_and_other_types_have_no_outline() {
        assert_ne!(outlined("<script>a</script>"), outlined("<script>b</script>"));
        let headers = [("Content-Type", "application/json")].into_iter().collect();
        assert_eq!(outline(b"{}", &headers), None);
    }
}
