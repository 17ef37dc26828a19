//! The summary of an HTML page: one walk over its tokens, every text bounded.

use super::directives::Robots;
use super::entities;
use super::forms::{Form, Forms};
use super::gather::{Gather, collapsed};
use super::links::{Links, has_word, resolve};
use super::refresh::Refresh;
use super::tokens::{Name, Scanner, Tag, Token, Tokens};
use encoding_rs::Encoding;
use std::borrow::Cow;
use url::Url;

/// Characters of a title or a heading that are kept: search engines show 60.
const MOST_TITLE: usize = 300;

/// Characters of a description that are kept.
const MOST_DESCRIPTION: usize = 1000;

/// Characters of the text that are kept, to look for what a page says of itself.
const MOST_OPENING: usize = 2000;

/// Characters of what `noscript` says that are kept.
const MOST_NOSCRIPT: usize = 500;

/// Characters of a short value: a language, a generator.
const MOST_VALUE: usize = 100;

/// Addresses of feeds, of scripts and of frames that are kept.
const MOST_ADDRESSES: usize = 64;

/// Characters of one of them.
const MOST_ADDRESS: usize = 2000;

/// A page with more text than this has something to read, whatever its scripts would add.
const LITTLE_TEXT: usize = 400;

/// With more than this, a word on scripts in `noscript` is said of a page that is there.
const NO_TEXT: usize = 100;

/// What stands beside the word JavaScript where a page wants it: enable, activate, require …
const WANTED: [&str; 11] = [
    "enable",
    "require",
    "turn on",
    "disabled",
    "activ",
    "aktiv",
    "habilit",
    "abilita",
    "включ",
    "有効",
    "启用",
];

/// Names and ids of elements that scripts fill: the roots of the well-known frameworks.
const ROOTS: [&str; 11] = [
    "root",
    "app",
    "__next",
    "__nuxt",
    "app-root",
    "main-app",
    "q-app",
    "___gatsby",
    "svelte",
    "react-root",
    "ember-app",
];

/// What an HTML page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Html {
    /// The title, white space collapsed.
    pub title: Option<String>,
    /// The text of the first `h1`.
    pub heading: Option<String>,
    /// `<meta name="description">`.
    pub description: Option<String>,
    /// What made the page, as it says itself.
    pub generator: Option<String>,
    /// `lang` of the root element, or `<meta http-equiv="content-language">`.
    pub language: Option<String>,
    /// The canonical address by its `link` element, resolved.
    pub canonical: Option<String>,
    /// What links are resolved against, where a `base` element says so.
    pub base: Option<String>,
    /// Where its links lead.
    pub links: Links,
    /// The first forms.
    pub forms: Vec<Form>,
    /// How many there are in all.
    pub form_count: usize,
    /// Password fields, in forms or outside.
    pub passwords: usize,
    /// Scripts in the page.
    pub inline_scripts: usize,
    /// Scripts that are fetched.
    pub linked_scripts: usize,
    /// Where the first of them, and of the frames, are fetched from, as it stands there.
    pub sources: Vec<String>,
    /// `img` elements.
    pub images: usize,
    /// `iframe` and `frame` elements.
    pub frames: usize,
    /// `<meta http-equiv="refresh">`.
    pub refresh: Option<Refresh>,
    /// Feeds, resolved.
    pub feeds: Vec<String>,
    /// `<link rel="alternate" hreflang=…>` elements.
    pub translations: usize,
    /// Characters of text that a reader sees, white space collapsed.
    pub text_chars: usize,
    /// The first of them.
    pub opening: String,
    /// What a reader without scripts is told.
    pub noscript: Option<String>,
    /// Why the page seems to show nothing without its scripts, in words; empty if it does.
    pub needs_javascript: Vec<String>,
}

/// Reads a page. `robots` takes what its `meta` elements say.
pub(super) fn read(
    content: &[u8],
    scanner: Scanner,
    encoding: &'static Encoding,
    page: &Url,
    robots: &mut Robots,
) -> Html {
    let mut reader = Reader {
        encoding,
        page,
        base: None,
        robots,
        found: Found::default(),
        forms: Forms::default(),
        title: Gather::new(MOST_TITLE),
        titled: false,
        heading: Gather::new(MOST_TITLE),
        headings: 0,
        text: Gather::new(MOST_OPENING),
        noscript: Gather::new(MOST_NOSCRIPT),
        within: Within::default(),
        root: None,
        empty_root: None,
    };
    for token in Tokens::new(scanner, content) {
        reader.take(token);
    }
    reader.finish()
}

/// What is put down as it is met.
#[derive(Default)]
struct Found {
    description: Option<String>,
    generator: Option<String>,
    language: Option<String>,
    canonical: Option<String>,
    links: Links,
    inline_scripts: usize,
    linked_scripts: usize,
    sources: Vec<String>,
    images: usize,
    frames: usize,
    refresh: Option<Refresh>,
    feeds: Vec<String>,
    translations: usize,
}

/// Which of the elements that matter for text are open, and how often.
#[derive(Default)]
struct Within {
    title: bool,
    /// That title is the page's, and not a picture's or a second one.
    page_title: bool,
    heading: bool,
    textarea: bool,
    noscript: usize,
    template: usize,
}

struct Reader<'p> {
    encoding: &'static Encoding,
    page: &'p Url,
    base: Option<Url>,
    robots: &'p mut Robots,
    found: Found,
    forms: Forms,
    title: Gather,
    titled: bool,
    heading: Gather,
    headings: usize,
    text: Gather,
    noscript: Gather,
    within: Within,
    /// An element that scripts fill was the last thing that began.
    root: Option<String>,
    empty_root: Option<String>,
}

impl Reader<'_> {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Start(tag) => self.start(&tag),
            Token::End(name) => self.end(name),
            Token::Text(raw) => self.say(&entities::text(raw, self.encoding)),
            Token::Raw(_) => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.within.title {
            if self.within.page_title {
                self.title.push(text);
            }
        } else if self.within.noscript > 0 {
            self.noscript.push(text);
        } else if self.within.template == 0 && !self.within.textarea {
            self.text.push(text);
            if self.within.heading {
                self.heading.push(text);
            }
            if !text.trim().is_empty() {
                self.root = None;
            }
        }
    }

    fn space(&mut self) {
        for gather in [&mut self.text, &mut self.heading, &mut self.noscript] {
            gather.space();
        }
    }

    fn end(&mut self, name: Name<'_>) {
        self.space();
        self.empty_root = self.root.take().or(self.empty_root.take());
        let within = &mut self.within;
        match name.0.len() {
            2 if name.is("h1") => within.heading = false,
            4 if name.is("form") => self.forms.end(),
            5 if name.is("title") => within.title = false,
            8 if name.is("noscript") => within.noscript = within.noscript.saturating_sub(1),
            8 if name.is("template") => within.template = within.template.saturating_sub(1),
            8 if name.is("textarea") => within.textarea = false,
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.space();
        self.root = self.is_root(tag);
        match tag.name.0.to_ascii_lowercase().as_slice() {
            b"a" | b"area" => self.link(tag),
            b"html" => {
                let lang = self.value(tag, "lang").or_else(|| self.value(tag, "xml:lang"));
                self.found.language = self.found.language.take().or(lang);
            }
            b"base" => {
                if let (None, Some(href)) = (&self.base, self.raw(tag, "href")) {
                    self.base = resolve(&href, self.page);
                }
            }
            b"link" => self.head_link(tag),
            b"meta" => self.meta(tag),
            b"title" => {
                self.within.title = true;
                self.within.page_title = !tag.foreign && !self.titled;
                self.titled |= !tag.foreign;
            }
            b"h1" => {
                self.headings += 1;
                self.within.heading = self.headings == 1;
            }
            b"form" => self.forms.begin(tag, self.encoding),
            b"input" | b"select" => self.forms.field(tag, self.encoding),
            b"textarea" => {
                self.within.textarea = true;
                self.forms.field(tag, self.encoding);
            }
            b"script" => self.script(tag),
            b"img" => self.found.images += 1,
            b"iframe" | b"frame" => {
                self.found.frames += 1;
                self.source(tag);
            }
            b"noscript" => self.within.noscript += 1,
            b"template" => self.within.template += 1,
            _ => {}
        }
    }

    /// An attribute's value, decoded.
    fn raw<'t>(&self, tag: &Tag<'t>, name: &str) -> Option<Cow<'t, str>> {
        tag.get(name).map(|raw| entities::attribute(raw, self.encoding))
    }

    /// The same, collapsed and short.
    fn value(&self, tag: &Tag<'_>, name: &str) -> Option<String> {
        collapsed(&self.raw(tag, name)?, MOST_VALUE)
    }

    fn is_root(&self, tag: &Tag<'_>) -> Option<String> {
        let known = |name: &[u8]| {
            let same = |root: &&&str| name.eq_ignore_ascii_case(root.as_bytes());
            ROOTS.iter().find(same).map(|root| (*root).to_owned())
        };
        if tag.is("div") || tag.is("main") { known(tag.get("id")?) } else { known(tag.name.0) }
    }

    fn base(&self) -> &Url {
        self.base.as_ref().unwrap_or(self.page)
    }

    fn resolved(&self, link: &str) -> Option<String> {
        let url = String::from(resolve(link, self.base())?);
        (url.len() <= MOST_ADDRESS).then_some(url)
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let Some(href) = self.raw(tag, "href") else { return };
        let nofollow = self.raw(tag, "rel").is_some_and(|rel| has_word(&rel, "nofollow"));
        let base = self.base.as_ref().unwrap_or(self.page);
        self.found.links.count(&href, base, self.page, nofollow);
    }

    fn head_link(&mut self, tag: &Tag<'_>) {
        let (Some(rel), Some(href)) = (self.raw(tag, "rel"), self.raw(tag, "href")) else { return };
        if has_word(&rel, "canonical") && self.found.canonical.is_none() {
            self.found.canonical = self.resolved(&href);
        }
        if !has_word(&rel, "alternate") {
            return;
        }
        self.found.translations += usize::from(tag.get("hreflang").is_some());
        let kind = self.raw(tag, "type").unwrap_or_default().trim().to_ascii_lowercase();
        let feed = matches!(
            kind.as_str(),
            "application/rss+xml" | "application/atom+xml" | "application/feed+json"
        );
        if feed && self.found.feeds.len() < MOST_ADDRESSES {
            self.found.feeds.extend(self.resolved(&href));
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let Some(content) = self.raw(tag, "content") else { return };
        if let Some(name) = self.raw(tag, "name") {
            self.robots.read_meta(&name, &content);
            let is = |known: &str| name.trim().eq_ignore_ascii_case(known);
            if is("description") && self.found.description.is_none() {
                self.found.description = collapsed(&content, MOST_DESCRIPTION);
            } else if is("generator") && self.found.generator.is_none() {
                self.found.generator = collapsed(&content, MOST_VALUE);
            }
        }
        let Some(pragma) = self.raw(tag, "http-equiv") else { return };
        if pragma.eq_ignore_ascii_case("refresh") && self.found.refresh.is_none() {
            let without_scripts = self.within.noscript > 0;
            self.found.refresh = Refresh::read(&content, self.base(), without_scripts);
        } else if pragma.eq_ignore_ascii_case("content-language") {
            let language = collapsed(&content, MOST_VALUE);
            self.found.language = self.found.language.take().or(language);
        }
    }

    fn script(&mut self, tag: &Tag<'_>) {
        let kind = self.raw(tag, "type").unwrap_or_default().trim().to_ascii_lowercase();
        // Blocks of data are no scripts: JSON, templates, import maps.
        if !(kind.is_empty() || kind == "module" || kind.contains("javascript")) {
            return;
        }
        if tag.get("src").is_some() {
            self.found.linked_scripts += 1;
            self.source(tag);
        } else {
            self.found.inline_scripts += 1;
        }
    }

    fn source(&mut self, tag: &Tag<'_>) {
        if self.found.sources.len() < MOST_ADDRESSES
            && let Some(source) = self.raw(tag, "src")
        {
            self.found.sources.extend(collapsed(&source, MOST_ADDRESS));
        }
    }

    fn finish(mut self) -> Html {
        self.forms.finish(self.base.as_ref().unwrap_or(self.page), self.page);
        let text_chars = self.text.chars();
        let (opening, noscript) =
            (self.text.into_text().unwrap_or_default(), self.noscript.into_text());
        let found = self.found;
        let scripts = found.inline_scripts + found.linked_scripts;
        let noscript_words = noscript.as_deref().unwrap_or_default();
        let needs_javascript =
            without_scripts(self.empty_root, scripts, text_chars, &opening, noscript_words);
        Html {
            title: self.title.into_text(),
            heading: self.heading.into_text(),
            description: found.description,
            generator: found.generator,
            language: found.language,
            canonical: found.canonical,
            base: self.base.map(String::from),
            links: found.links,
            forms: self.forms.kept,
            form_count: self.forms.count,
            passwords: self.forms.passwords,
            inline_scripts: found.inline_scripts,
            linked_scripts: found.linked_scripts,
            sources: found.sources,
            images: found.images,
            frames: found.frames,
            refresh: found.refresh,
            feeds: found.feeds,
            translations: found.translations,
            text_chars,
            opening,
            noscript,
            needs_javascript,
        }
    }
}

/// Why a page seems to show nothing without its scripts.
fn without_scripts(
    empty_root: Option<String>,
    scripts: usize,
    text_chars: usize,
    opening: &str,
    noscript: &str,
) -> Vec<String> {
    let mut reasons = Vec::new();
    if scripts == 0 || text_chars >= LITTLE_TEXT {
        return reasons;
    }
    if let Some(root) = empty_root {
        reasons.push(format!("the element \"{root}\", which scripts fill, is empty"));
    }
    let names = |text: &str| text.to_lowercase().contains("javascript");
    if text_chars < NO_TEXT && names(noscript) {
        reasons.push("its noscript element speaks of JavaScript".to_owned());
    }
    let wanted = |text: String| WANTED.iter().any(|word| text.contains(word));
    if names(opening) && wanted(opening.to_lowercase()) {
        reasons.push("its little text asks for JavaScript".to_owned());
    }
    if !reasons.is_empty() {
        reasons.push(format!("{text_chars} characters of text beside {scripts} scripts"));
    }
    reasons
}
