//! What the signs are read from: the hops, the last answer, the page.

use super::marks;
use crate::base::Headers;
use crate::client::{Capture, Hop};
use crate::inspect::{Ended, Extent};
use crate::page::{Html, Page};
use url::Url;

/// Less text than this is next to none: the pages of guards and of closed doors.
const BARE_TEXT: usize = 600;

/// More links than this has a page that leads somewhere.
const BARE_LINKS: usize = 10;

/// A path of more segments is nobody's.
const MOST_SEGMENTS: usize = 32;

/// The longest Accept field that is looked for in a request head.
const MOST_HEAD: usize = 64 * 1024;

/// An answer, and how it was come by.
pub(super) struct Scene<'c> {
    pub(super) capture: &'c Capture,
    pub(super) page: Option<&'c Page>,
    /// How much of the content is there.
    pub(super) extent: Extent,
    /// How the fetch ended.
    pub(super) ended: &'c Ended,
    /// The one whose answer is judged.
    pub(super) last: &'c Hop,
    /// The one that was asked for.
    pub(super) first: &'c Hop,
}

impl<'c> Scene<'c> {
    /// Nothing where nothing was answered.
    pub(super) fn new(
        capture: &'c Capture,
        page: Option<&'c Page>,
        extent: Extent,
        ended: &'c Ended,
    ) -> Option<Scene<'c>> {
        let (first, last) = (capture.hops.first()?, capture.hops.last()?);
        Some(Scene { capture, page, extent, ended, last, first })
    }

    pub(super) fn status(&self) -> u16 {
        self.last.head.status
    }

    pub(super) fn headers(&self) -> &'c Headers {
        &self.last.head.headers
    }

    pub(super) fn url(&self) -> &'c Url {
        &self.last.url
    }

    pub(super) fn content(&self) -> &'c [u8] {
        &self.capture.content
    }

    pub(super) fn html(&self) -> Option<&'c Html> {
        self.page?.html()
    }

    /// The answer is a page that was asked for with GET, and its content is there.
    pub(super) fn is_get(&self) -> bool {
        self.last.method.as_str() == "GET" && !self.last.unmet
    }

    pub(super) fn ok(&self) -> bool {
        self.status() == 200
    }

    /// The status is a refusal. 404 and 410 are none, and 202 is one where a guard gives it.
    pub(super) fn refused(&self) -> bool {
        matches!(self.status(), 202 | 400..) && !matches!(self.status(), 404 | 410)
    }

    /// A page with next to nothing to read and nowhere to go.
    pub(super) fn bare(&self) -> bool {
        self.html()
            .is_some_and(|html| html.text_chars < BARE_TEXT && html.links.total() < BARE_LINKS)
    }

    /// Title and first heading.
    pub(super) fn titles(&self) -> impl Iterator<Item = &'c str> {
        let html = self.html();
        let titles = html.map(|html| [html.title.as_deref(), html.heading.as_deref()]);
        titles.into_iter().flatten().flatten()
    }

    /// Which titles, or parts of them, a list has: `Page not found | Shop` has two parts. Those
    /// of the title and those of the heading are told apart.
    pub(super) fn titled(&self, list: &str) -> Vec<String> {
        let Some(html) = self.html() else { return Vec::new() };
        let named = [("title", html.title.as_deref()), ("heading", html.heading.as_deref())];
        let found = named.into_iter().filter_map(|(name, text)| {
            let part = parts(text?).find(|part| marks::listed(list, part))?;
            Some(format!("the {name} says \"{}\"", part.to_lowercase()))
        });
        found.collect()
    }

    /// Whether another page than the one that was asked for answers.
    pub(super) fn redirected(&self) -> bool {
        self.capture.hops.len() > 1 && self.first.url != self.last.url
    }

    /// The Accept field of the request.
    pub(super) fn accept(&self) -> Option<String> {
        let head = &self.first.sent[..self.first.sent.len().min(MOST_HEAD)];
        head.split(|&byte| byte == b'\n').find_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            let value = line[colon + 1..].trim_ascii();
            let accept = line[..colon].eq_ignore_ascii_case(b"accept");
            accept.then(|| String::from_utf8_lossy(value).to_ascii_lowercase())
        })
    }
}

/// The parts of a title: between dashes, bars and dots with blanks around them.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    let dividers = [" - ", " | ", " – ", " — ", " · ", " • ", " :: ", ": ", " » ", " / "];
    let mut pieces = vec![title];
    for divider in dividers {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(divider)).collect();
    }
    pieces.into_iter().map(|piece| {
        let mut piece = trimmed(piece);
        for before in ["Oops", "Sorry", "Error 404", "404"] {
            // What is left has to say it all by itself.
            if let Some(rest) = piece.strip_prefix(before)
                && !trimmed(rest).is_empty()
                && rest.starts_with(|c: char| !c.is_alphanumeric())
            {
                piece = trimmed(rest);
            }
        }
        piece
    })
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "!.?…,:;¡¿。！-–".contains(c))
}

/// The first segments of a URL's path in lower case.
pub(super) fn segments(url: &Url) -> impl Iterator<Item = String> {
    let segments = url.path().split('/').filter(|part| !part.is_empty());
    segments.take(MOST_SEGMENTS).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_falls_into_its_parts() {
        let of = |title| parts(title).collect::<Vec<_>>();
        assert_eq!(of("Page not found | Shop – Home"), ["Page not found", "Shop", "Home"]);
        assert_eq!(of("404: Not Found!"), ["404", "Not Found"]);
        assert_eq!(of("Oops! Page not found."), ["Page not found"]);
        assert_eq!(of("404"), ["404"]);
        assert_eq!(of("4040 ways"), ["4040 ways"]);
        assert_eq!(of(""), [""]);
    }
}
