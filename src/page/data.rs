//! What can be said about content that is no HTML: JSON, XML, other text.

use super::tokens::{Scanner, Token, Tokens};
use encoding_rs::Encoding;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// How many names of an object's members are kept.
const MOST_NAMES: usize = 24;

/// The longest name that is kept.
const MOST_NAME: usize = 60;

/// JSON content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json {
    /// What the whole is; of several values in a row, the first.
    pub top: Top,
    /// How many values stand there one behind the other: more than one in JSON lines.
    pub values: usize,
    /// Why it is no JSON, and where; what is said above is what came before that.
    pub error: Option<String>,
}

/// The kind of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Top {
    /// An object: how many members, and the names of the first ones.
    Object {
        /// How many members.
        members: usize,
        /// The names of the first ones.
        names: Vec<String>,
    },
    /// An array of this many values.
    Array(usize),
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// No value at all.
    Nothing,
}

/// XML content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xml {
    /// The name of the root element; none where there is no element.
    pub root: Option<String>,
    /// What such a document is.
    pub is: XmlKind,
    /// How many entries a feed has, or addresses a sitemap.
    pub entries: usize,
}

/// Kinds of XML documents that are known by their root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmlKind {
    /// An RSS or RDF feed.
    Rss,
    /// An Atom feed.
    Atom,
    /// A sitemap.
    Sitemap,
    /// A list of sitemaps.
    SitemapIndex,
    /// A picture.
    Svg,
    /// Anything else.
    Other,
}

impl fmt::Display for XmlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            XmlKind::Rss => "an RSS feed",
            XmlKind::Atom => "an Atom feed",
            XmlKind::Sitemap => "a sitemap",
            XmlKind::SitemapIndex => "a list of sitemaps",
            XmlKind::Svg => "an SVG picture",
            XmlKind::Other => "XML",
        })
    }
}

/// Text without a form that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// How many lines; the last one may be without an end.
    pub lines: usize,
    /// Bytes of the longest one.
    pub longest: usize,
}

/// Whether the whole is one JSON value.
pub(super) fn is_json(content: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(content).is_ok()
}

pub(super) fn json(content: &[u8]) -> Json {
    let mut json = Json { top: Top::Nothing, values: 0, error: None };
    let mut values = serde_json::Deserializer::from_slice(content).into_iter::<Top>();
    match values.next() {
        Some(Ok(top)) => json.top = top,
        Some(Err(error)) => json.error = Some(error.to_string()),
        None => json.error = Some("there is no value".to_owned()),
    }
    if json.error.is_some() {
        return json;
    }
    json.values = 1;
    let behind = content.get(values.byte_offset()..).unwrap_or_default();
    for value in serde_json::Deserializer::from_slice(behind).into_iter::<IgnoredAny>() {
        match value {
            Ok(_) => json.values += 1,
            Err(error) => {
                let words = if json.values > 1 {
                    format!("value {}: {error}", json.values + 1)
                } else {
                    "something stands behind the value".to_owned()
                };
                json.error = Some(words);
                break;
            }
        }
    }
    json
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Top, D::Error> {
        from.deserialize_any(TopVisitor)
    }
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Top, E> {
        Ok(Top::Bool)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Top, E> {
        Ok(Top::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Top, E> {
        Ok(Top::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Top, E> {
        Ok(Top::Number)
    }

    fn visit_str<E>(self, _: &str) -> Result<Top, E> {
        Ok(Top::String)
    }

    fn visit_unit<E>(self) -> Result<Top, E> {
        Ok(Top::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Top, A::Error> {
        let mut count = 0;
        while values.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Top::Array(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Top, A::Error> {
        let (mut count, mut names) = (0, Vec::new());
        while let Some((name, _)) = members.next_entry::<Cow<'_, str>, IgnoredAny>()? {
            count += 1;
            if names.len() < MOST_NAMES {
                names.push(name.chars().take(MOST_NAME).collect());
            }
        }
        Ok(Top::Object { members: count, names })
    }
}

pub(super) fn xml(content: &[u8], encoding: &'static Encoding) -> Xml {
    let mut xml = Xml { root: None, is: XmlKind::Other, entries: 0 };
    let mut entry = "";
    for token in Tokens::new(Scanner::xml(), content) {
        let Token::Start(tag) = token else { continue };
        if xml.root.is_none() {
            let (name, _) = encoding.decode_without_bom_handling(tag.name.0);
            let local = name.rsplit(':').next().unwrap_or_default();
            (xml.is, entry) = match local {
                "rss" | "RDF" => (XmlKind::Rss, "item"),
                "feed" => (XmlKind::Atom, "entry"),
                "urlset" => (XmlKind::Sitemap, "url"),
                "sitemapindex" => (XmlKind::SitemapIndex, "sitemap"),
                "svg" => (XmlKind::Svg, ""),
                _ => (XmlKind::Other, ""),
            };
            xml.root = Some(name.chars().take(MOST_NAME).collect());
        }
        xml.entries += usize::from(!entry.is_empty() && local_name(tag.name.0) == entry.as_bytes());
    }
    xml
}

fn local_name(name: &[u8]) -> &[u8] {
    name.rsplit(|&byte| byte == b':').next().unwrap_or_default()
}

pub(super) fn text(content: &[u8]) -> Text {
    let mut text = Text { lines: 0, longest: 0 };
    for line in content.split_inclusive(|&byte| byte == b'\n') {
        text.lines += 1;
        text.longest = text.longest.max(line.trim_ascii_end().len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_its_top() {
        let told = |content: &str| json(content.as_bytes());
        let object = told(" {\"a\": [1, {}], \"b\": null}\n");
        let names = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!((object.top, object.values), (Top::Object { members: 2, names }, 1));
        assert_eq!(told("[1,2,3]").top, Top::Array(3));
        assert_eq!(told("-1.5e3").top, Top::Number);
        assert_eq!(told("\"x\"").top, Top::String);
        assert_eq!(told("true").top, Top::Bool);
        assert_eq!(told("null").top, Top::Null);
    }

    #[test]
    fn lines_of_json_are_counted() {
        let lines = json(b"{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}\n");
        assert_eq!((lines.values, lines.error), (3, None));
    }

    #[test]
    fn broken_json_says_where_it_breaks() {
        let broken = json(b"{\"a\": 1,\n oops}");
        assert!(broken.error.unwrap().contains("line 2 column 2"));
        assert!(json(b"").error.is_some());
        assert!(json(b"{} x").error.unwrap().contains("behind the value"));
        assert!(json(b"{}\n{}\n{").error.unwrap().starts_with("value 3: "));
    }

    #[test]
    fn json_nested_a_hundred_thousand_times_is_no_danger() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let told = json(deep.as_bytes());
        assert!(told.top == Top::Array(1) || told.error.is_some(), "{told:?}");
        assert!(json("[".repeat(100_000).as_bytes()).error.is_some());
    }

    #[test]
    fn xml_is_told_by_its_root() {
        let told = |content: &str| xml(content.as_bytes(), encoding_rs::UTF_8);
        let feed = told(
            "<?xml version='1.0'?><!DOCTYPE rss [ <!ENTITY a '<b>'> ]><!-- <c/> -->\
             <rss><item><description><![CDATA[<item>]]></description></item><item/></rss>",
        );
        assert_eq!(feed.root.as_deref(), Some("rss"));
        assert_eq!((feed.is, feed.entries), (XmlKind::Rss, 2));
        assert_eq!(told("<s:urlset><s:url/></s:urlset>").entries, 1);
        assert_eq!(told("<Note/>").root.as_deref(), Some("Note"));
        assert_eq!(told("no element").root, None);
    }

    #[test]
    fn text_is_told_by_its_lines() {
        assert_eq!(text(b"one\r\ntwo\n\nlast one"), Text { lines: 4, longest: 8 });
        assert_eq!(text(b""), Text { lines: 0, longest: 0 });
    }
}
