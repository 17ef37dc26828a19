//! What content gives away: a page that is not there, not in use, not whole, or not the thing.

use super::marks;
use super::scene::{Scene, segments};
use super::{Confidence, Kind, Sign};
use crate::inspect::ended::{self, Ended, Extent};
use crate::page::{Body, Html, Kind as Type};
use url::Url;

/// A page that says no more than that something is not there.
const NOT_FOUND_TEXT: usize = 1500;

/// How much of the end is looked at for a tag that does not end.
const TAIL: usize = 4096;

/// Every sign of the content; where the page is none that was meant, only that.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Sign> {
    let instead = not_found(scene).or_else(|| marks::sign(Kind::Parked, "parked", scene));
    if instead.is_some() {
        return instead.into_iter().collect();
    }
    let rest = [needs_javascript, empty, truncated, wrong_type];
    rest.iter().filter_map(|sign| sign(scene)).collect()
}

fn not_found(scene: &Scene<'_>) -> Option<Sign> {
    if !scene.ok() {
        return None;
    }
    let sign = |sure, evidence| Some(Sign::new(Kind::SoftNotFound, sure, evidence));
    let place = |url: &Url| segments(url).find(|part| marks::listed("not found places", part));
    if scene.redirected()
        && place(&scene.first.url).is_none()
        && let Some(part) = place(scene.url())
    {
        let evidence = vec![format!("status 200 behind a redirect to a path with `{part}`")];
        return sign(Confidence::Certain, evidence);
    }
    let titled = scene.titled("not found titles");
    let small = scene.html().is_some_and(|html| html.text_chars < NOT_FOUND_TEXT);
    if !titled.is_empty() && small {
        let sure = if titled.len() > 1 { Confidence::Certain } else { Confidence::Likely };
        let mut evidence = vec!["status 200".to_owned()];
        evidence.extend(titled);
        return sign(sure, evidence);
    }
    sent_to_the_front(scene)
        .then(|| vec![format!("{} was redirected to the front page", scene.first.url.path())])
        .and_then(|evidence| sign(Confidence::Likely, evidence))
}

/// A page deep in a site was asked for, and its front page came.
fn sent_to_the_front(scene: &Scene<'_>) -> bool {
    let (first, last) = (&scene.first.url, scene.url());
    let bare_host =
        |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    let deep = segments(first).count() >= 2;
    let index = segments(first)
        .last()
        .is_some_and(|end| ["index", "default", "home"].iter().any(|begin| end.starts_with(begin)));
    // Whoever posts is sent anywhere.
    let get = scene.first.method.as_str() == "GET";
    get && deep
        && !index
        && last.path() == "/"
        && last.query().is_none()
        && bare_host(first) == bare_host(last)
}

fn needs_javascript(scene: &Scene<'_>) -> Option<Sign> {
    let evidence = scene.html().filter(|_| scene.ok())?.needs_javascript.clone();
    (!evidence.is_empty()).then(|| Sign::new(Kind::NeedsJavaScript, Confidence::Likely, evidence))
}

fn empty(scene: &Scene<'_>) -> Option<Sign> {
    if !scene.is_get() || !scene.ok() {
        return None;
    }
    if !matches!(scene.extent, Extent::Whole | Extent::Nothing) {
        return None;
    }
    let nothing = ended::announced(scene.headers()).unwrap_or(0) == 0;
    let evidence = if scene.content().is_empty() && nothing {
        "status 200 without a byte of content"
    } else if !scene.content().is_empty() && scene.content().trim_ascii().is_empty() {
        "nothing but white space"
    } else if scene.html().is_some_and(shows_nothing) {
        "HTML without text, pictures, links, frames or scripts"
    } else {
        return None;
    };
    Some(Sign::new(Kind::Empty, Confidence::Certain, vec![evidence.to_owned()]))
}

fn shows_nothing(html: &Html) -> bool {
    let counts = [
        html.text_chars,
        html.images,
        html.frames,
        html.links.total(),
        html.form_count,
        html.inline_scripts,
        html.linked_scripts,
    ];
    counts == [0; 7] && html.refresh.is_none()
}

/// What the fetch broke on, whatever the answer is.
pub(super) fn broken(scene: &Scene<'_>) -> Option<Sign> {
    let kind = match scene.ended {
        Ended::Cut(_) => Kind::Truncated,
        Ended::Unreadable(_) => Kind::Unreadable,
        _ => return None,
    };
    let mut evidence = vec![scene.ended.fault()?.text.clone()];
    evidence.extend(unlike(scene));
    Some(Sign::new(kind, Confidence::Certain, evidence))
}

/// Less came than was announced.
fn unlike(scene: &Scene<'_>) -> Option<String> {
    let unlike = ended::unlike_announced(scene.last, scene.extent);
    let short = unlike.filter(|&(announced, came)| announced > came && came > 0);
    short.map(ended::unlike_in_words)
}

/// Content that came whole, as far as the connection knows, and is not.
fn truncated(scene: &Scene<'_>) -> Option<Sign> {
    // Where we stopped, it ends anywhere; where it broke, that is told of as such.
    if scene.extent != Extent::Whole
        || !scene.is_get()
        || !matches!(scene.status(), 200 | 203 | 206)
    {
        return None;
    }
    let mut evidence = Vec::new();
    let mut sure = Confidence::Likely;
    if let Some(words) = unlike(scene) {
        evidence.push(words);
        sure = Confidence::Certain;
    }
    match scene.page.map(|page| &page.body) {
        Some(Body::Json(json)) => {
            // What serde_json says of an input that ends too early.
            let early = |error: &&String| error.starts_with("EOF while parsing");
            let error = json.error.as_ref().filter(early);
            evidence.extend(error.map(|error| format!("the JSON ends too early ({error})")));
        }
        Some(Body::Html(_)) if ends_in_a_tag(scene.content()) => {
            evidence.push("the HTML ends in the middle of a tag".to_owned());
        }
        _ => {}
    }
    (!evidence.is_empty()).then(|| Sign::new(Kind::Truncated, sure, evidence))
}

/// The last `<` begins a tag, and nothing ends it.
fn ends_in_a_tag(content: &[u8]) -> bool {
    let tail = &content[content.len().saturating_sub(TAIL)..];
    let Some(at) = memchr::memrchr(b'<', tail) else { return false };
    let tag = &tail[at + 1..];
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    // Behind a whole document there may be anything.
    let whole =
        memchr::memmem::find(&tail.to_ascii_lowercase(), b"</html").is_some_and(|end| end < at);
    !whole && tag.first().is_some_and(u8::is_ascii_alphabetic) && !tag.contains(&b'>')
}

/// Extensions in paths, and what they promise. Pages may have any name: HTML where a picture was
/// named may be the page about it.
const PROMISES: [(&str, &str); 26] = [
    ("json", "JSON"),
    ("jsonl", "JSON"),
    ("geojson", "JSON"),
    ("xml", "XML"),
    ("rss", "a feed"),
    ("atom", "a feed"),
    ("csv", "CSV"),
    ("tsv", "TSV"),
    ("txt", "text"),
    ("js", "a script"),
    ("css", "a style sheet"),
    ("jpg", "a picture"),
    ("jpeg", "a picture"),
    ("png", "a picture"),
    ("gif", "a picture"),
    ("webp", "a picture"),
    ("avif", "a picture"),
    ("svg", "a picture"),
    ("pdf", "PDF"),
    ("zip", "an archive"),
    ("gz", "an archive"),
    ("xlsx", "a spreadsheet"),
    ("docx", "a document"),
    ("mp3", "sound"),
    ("mp4", "video"),
    ("webm", "video"),
];

fn wrong_type(scene: &Scene<'_>) -> Option<Sign> {
    let page = scene.page.filter(|page| page.media.kind == Type::Html && scene.ok())?;
    let sign = |sure, evidence| Some(Sign::new(Kind::WrongType, sure, evidence));
    if let Some(accepted) = scene.accept().filter(|accept| refuses_html(accept)) {
        let evidence = vec![format!("HTML, and `Accept: {}`", accepted.escape_debug())];
        return sign(Confidence::Certain, evidence);
    }
    let name = scene.first.url.path().rsplit('/').next()?.to_ascii_lowercase();
    let (_, promised) = PROMISES
        .iter()
        .find(|(end, _)| name.rsplit_once('.').is_some_and(|(_, found)| found == *end))?;
    let mut evidence = vec![format!("HTML where the path promises {promised}")];
    if page.media.contradicts() {
        let declared = page.media.declared.as_deref().unwrap_or_default();
        evidence.push(format!("the Content-Type says {}", declared.escape_debug()));
        return sign(Confidence::Certain, evidence);
    }
    if scene.first.url.path() != scene.url().path() {
        evidence.push("behind a redirect".to_owned());
    } else if !scene.bare() {
        return None;
    }
    sign(Confidence::Likely, evidence)
}

/// The Accept field names types, and HTML is none of them.
fn refuses_html(accept: &str) -> bool {
    let mut types = accept.split(',').map(|range| range.split(';').next().unwrap_or("").trim());
    !accept.is_empty()
        && !types
            .any(|range| matches!(range, "*/*" | "text/*" | "text/html" | "application/xhtml+xml"))
}
