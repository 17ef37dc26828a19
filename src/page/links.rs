//! Links: resolved, counted, and those of the Link field (RFC 8288).

use crate::base::Headers;
use encoding_rs::UTF_8;
use url::Url;

/// The longest link that is resolved; servers take a tenth of it.
pub(super) const MOST_LINK: usize = 64 * 1024;

/// Where the links of a page lead, repeated ones counted again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// To http and https, on the page's own host.
    pub internal: usize,
    /// To http and https, on another host.
    pub external: usize,
    /// To http and https by a host's name, where nobody knows the page's own.
    pub unplaced: usize,
    /// To a place on this page: `#top`.
    pub within: usize,
    /// To anything else: mail, telephone, scripts, and what is no URL.
    pub other: usize,
    /// How many of the first two are marked `rel=nofollow`.
    pub nofollow: usize,
}

impl Links {
    /// How many lead to http or https.
    pub fn total(&self) -> usize {
        self.internal + self.external + self.unplaced
    }

    pub(super) fn count(&mut self, href: &str, base: &Url, page: &Url, nofollow: bool) {
        if href.trim_start().starts_with('#') && base == page {
            self.within += 1;
            return;
        }
        match resolve(href, base) {
            Some(url) => {
                let side = match page.host() {
                    None => &mut self.unplaced,
                    here if url.host() == here => &mut self.internal,
                    _ => &mut self.external,
                };
                *side += 1;
                self.nofollow += usize::from(nofollow);
            }
            // A saved page of nobody knows where.
            None if base.cannot_be_a_base() && is_relative(href) => {
                let names_a_host = href.trim_start().starts_with("//");
                *(if names_a_host { &mut self.unplaced } else { &mut self.internal }) += 1;
                self.nofollow += usize::from(nofollow);
            }
            None => self.other += 1,
        }
    }
}

/// Whether a link says less than where it leads.
fn is_relative(link: &str) -> bool {
    let short = link.len() <= MOST_LINK;
    short && matches!(Url::parse(link), Err(url::ParseError::RelativeUrlWithoutBase))
}

/// Where a link leads, if that is http or https.
pub(super) fn resolve(link: &str, base: &Url) -> Option<Url> {
    let url = (link.len() <= MOST_LINK).then(|| base.join(link).ok())??;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The target of the first Link field with this relation, as it stands there.
pub(super) fn in_header(headers: &Headers, rel: &str) -> Option<String> {
    headers.all("link").find_map(|value| {
        let (text, _) = UTF_8.decode_without_bom_handling(value);
        first_with(&text, rel)
    })
}

fn first_with(value: &str, rel: &str) -> Option<String> {
    let mut rest = value;
    loop {
        let (target, behind) = rest[rest.find('<')? + 1..].split_once('>')?;
        let (parameters, next) = behind.split_at(end_of_member(behind));
        if parameters.split(';').any(|parameter| is_rel(parameter, rel)) {
            return Some(target.trim().to_owned());
        }
        rest = next;
    }
}

/// Where the comma is that no quote holds.
fn end_of_member(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn is_rel(parameter: &str, rel: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("rel") && has_word(value.trim().trim_matches('"'), rel)
}

/// Whether a list of words has this one, without case.
pub(super) fn has_word(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_field_is_searched_by_relation() {
        for (value, want) in [
            ("<https://a/>; rel=canonical", Some("https://a/")),
            ("</x>;rel=\"next\", </y>; title=\"a, <b>\"; REL=\"prev Canonical\"", Some("/y")),
            ("</x>; title=\"rel=canonical\"", None),
            ("</x>; rel=canonicals", None),
            ("garbage", None),
            ("<open", None),
            ("", None),
        ] {
            assert_eq!(first_with(value, "canonical").as_deref(), want, "{value}");
        }
    }

    #[test]
    fn links_are_counted_by_where_they_lead() {
        let page = Url::parse("https://a.test/dir/").unwrap();
        let mut links = Links::default();
        for href in ["x", "/y", "https://A.test:8443/", "http://b.test/", "#top", "mailto:a@b", ""]
        {
            links.count(href, &page, &page, href == "x");
        }
        let want =
            Links { internal: 4, external: 1, within: 1, other: 1, nofollow: 1, unplaced: 0 };
        assert_eq!((links.total(), links), (5, want));
    }
}
