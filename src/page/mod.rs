//! Floor 1: what a page is and says, from its bytes and its header fields.
//!
//! ```text
//!  headers ─▶ media ◀─ magic ◀─┐
//!               │              content ─▶ charset ─▶ readable bytes ─▶ tokens ─▶ html ─┐
//!               └─▶ kind ──────────────────────────────────────────┬─▶ data ──────────┤
//!                               JSON, XML, text                     ┘                  ▼
//!                                                                                    Page
//! ```
//!
//! 1. `media` says what the content is: as declared, or, where that cannot be, as it looks.
//! 2. `charset` finds the encoding and how it is known.
//! 3. The scanner (`tokens`, `attributes`, `raw_text`) cuts HTML into tags and text, without a
//!    tree, without recursion, in one pass; `entities` decodes what is kept.
//! 4. `html` walks over the tokens once, and puts down title, links, `forms`, `refresh`, and the
//!    `directives` for robots; `data` does less for JSON, XML and text.
//!
//! Everything kept is bounded by a constant with its reason; nothing is fetched, run or rendered.
//! The specifications are the HTML, Encoding and MIME Sniffing standards.

mod attributes;
mod charset;
mod data;
mod directives;
mod entities;
mod forms;
mod gather;
mod html;
mod links;
mod magic;
mod media;
#[cfg(test)]
mod oracle;
mod outline;
mod raw_text;
mod refresh;
#[cfg(test)]
mod tests;
pub mod tokens;

pub use attributes::{Attribute, Attributes};
pub use charset::{Charset, How};
pub use data::{Json, Text, Top, Xml, XmlKind};
pub use directives::{Directive, Place, Robots};
pub use entities::{attribute, text};
pub use forms::Form;
pub use html::Html;
pub use links::Links;
pub use media::{Kind, Media};
pub use outline::outline;
pub use refresh::Refresh;

use crate::base::Headers;
use tokens::Scanner;
use url::Url;

/// The longest canonical address of a header field that is kept.
const MOST_ADDRESS: usize = 2000;

/// What a page is and says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its type.
    pub media: Media,
    /// Its encoding; none for what is no text.
    pub charset: Option<Charset>,
    /// The `charset` of the Content-Type field, where the Encoding standard does not know it.
    pub unknown_charset: Option<String>,
    /// Some of its bytes mean nothing in this encoding.
    pub malformed: bool,
    /// Its size, decoded.
    pub bytes: usize,
    /// Its canonical address by the Link field, resolved. That of the `link` element is in
    /// [`Html`].
    pub linked_canonical: Option<String>,
    /// What it asks of robots.
    pub robots: Robots,
    /// What is in it.
    pub body: Body,
}

/// What is in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// HTML.
    Html(Box<Html>),
    /// JSON.
    Json(Json),
    /// XML.
    Xml(Xml),
    /// Text.
    Text(Text),
    /// Anything else; its type is in [`Media`].
    Binary,
}

impl Page {
    /// The HTML, if it is that.
    pub fn html(&self) -> Option<&Html> {
        match &self.body {
            Body::Html(html) => Some(html),
            _ => None,
        }
    }

    /// The canonical address: the element's, else the field's.
    pub fn canonical(&self) -> Option<&str> {
        self.html().and_then(|html| html.canonical.as_deref()).or(self.linked_canonical.as_deref())
    }

    /// Whether element and field name two different ones.
    pub fn canonicals_differ(&self) -> bool {
        let element = self.html().and_then(|html| html.canonical.as_deref());
        matches!((element, self.linked_canonical.as_deref()), (Some(one), Some(other)) if one != other)
    }
}

/// Says what a page is: its decoded content, the fields of its answer, and its URL (of the last
/// hop). None where there is no content.
pub fn summarize(content: &[u8], headers: &Headers, url: &Url) -> Option<Page> {
    if content.is_empty() {
        return None;
    }
    let (declared, label) = media::declared(headers);
    let media = media::of(content, declared);
    let mut page = Page {
        charset: None,
        unknown_charset: label
            .filter(|label| encoding_rs::Encoding::for_label(label).is_none())
            .map(|label| String::from_utf8_lossy(label).into_owned()),
        malformed: false,
        bytes: content.len(),
        linked_canonical: links::in_header(headers, "canonical")
            .and_then(|link| links::resolve(&link, url))
            .map(String::from)
            .filter(|link| link.len() <= MOST_ADDRESS),
        robots: Robots::default(),
        body: Body::Binary,
        media,
    };
    page.robots.read_headers(headers);
    if page.media.kind == Kind::Binary {
        return Some(page);
    }
    let charset = charset::find(content, page.media.kind, label);
    let (bytes, encoding) = charset.readable(content);
    page.charset = Some(charset);
    page.malformed =
        charset.encoding.decode_without_bom_handling_and_without_replacement(content).is_none();
    page.body = match page.media.kind {
        Kind::Html => {
            let xhtml = page.media.name() == "application/xhtml+xml";
            let scanner = if xhtml { Scanner::xml() } else { Scanner::html() };
            Body::Html(Box::new(html::read(&bytes, scanner, encoding, url, &mut page.robots)))
        }
        Kind::Json => Body::Json(data::json(&bytes)),
        Kind::Xml => Body::Xml(data::xml(&bytes, encoding)),
        Kind::Text => Body::Text(data::text(&bytes)),
        Kind::Binary => Body::Binary,
    };
    Some(page)
}
