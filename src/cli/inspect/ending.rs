//! The last part of a report: what it comes to.

use super::blocks::FACTS;
use super::heads;
use super::measure::{bytes, count, number};
use super::options::{Options, Part};
use crate::caching::{Judgement, Vary};
use crate::cli::paper::{Ink, Paper};
use crate::cli::print::visible;
use crate::cookie::Sending;
use crate::inspect::{Report, Whole};
use crate::page::{Body, Form, Html, Json, Page, Place, Top};

pub(super) fn whole(paper: &mut Paper, report: &Report<'_>, options: &Options) {
    let parts = &options.parts;
    paper.gap();
    if let Some(whole) = &report.whole {
        if parts.has(Part::Status) {
            let url = heads::url(&whole.url, options.secrets);
            let requests = report.hops.len() + usize::from(report.unfinished.is_some());
            let how = if requests == 1 {
                ""
            } else {
                &format!("after {} requests: ", number(requests as u64))
            };
            paper.row(0, (Ink::Title, "="), 3, &[(Ink::Title, &format!("{how}{url}"))]);
            paper.gap();
        }
        if parts.has(Part::Caching) {
            caching(paper, &whole.caching);
        }
        if parts.has(Part::Crawler) {
            crawler(paper, whole);
        }
        if parts.has(Part::Cookies) {
            cookies(paper, whole);
        }
        if let Some(page) = whole.page.as_ref().filter(|_| parts.has(Part::Page)) {
            summary(paper, page);
        }
        if parts.has(Part::Signs) {
            signs(paper, whole, parts.names(Part::Signs));
        }
    }
    if parts.has(Part::Defects) {
        defects(paper, report);
    }
    for note in &report.notes {
        fact(paper, "the file", &note.to_string());
    }
}

/// A fact, in as many lines as it takes.
fn fact(paper: &mut Paper, label: &str, text: &str) {
    paper.row(3, (Ink::Label, label), FACTS, &[(Ink::Plain, &visible(text.as_bytes()))]);
}

/// A fact that belongs to the one before.
fn detail(paper: &mut Paper, label: &str, text: &str) {
    paper.row(5, (Ink::Label, label), FACTS, &[(Ink::Plain, &visible(text.as_bytes()))]);
}

fn caching(paper: &mut Paper, judgement: &Judgement) {
    fact(paper, "a cache", &judgement.to_string());
    if judgement.private.is_stored() && judgement.vary != Vary::Nothing {
        fact(paper, "", &judgement.vary.to_string());
    }
    for note in &judgement.notes {
        fact(paper, "", &note.to_string());
    }
}

fn crawler(paper: &mut Paper, whole: &Whole) {
    fact(paper, "a crawler", &whole.crawler);
    for directive in &whole.robots.directives {
        let place = match directive.place {
            Place::Header => "X-Robots-Tag",
            Place::Meta => "meta element",
        };
        let value = directive.value.as_deref().map_or(String::new(), |value| format!(": {value}"));
        let whom = directive.agent.as_deref().map_or(String::new(), |name| format!(", for {name}"));
        fact(paper, "", &format!("{}{value} ({place}{whom})", directive.name));
    }
}

fn cookies(paper: &mut Paper, whole: &Whole) {
    let mut label = "cookies";
    if whole.cookies.is_empty() {
        fact(paper, label, "none in the jar for this site");
    }
    for kept in &whole.cookies {
        let name = heads::shortened(&kept.name);
        let text =
            format!("{name} ({}): {}", heads::shortened(kept.place.as_bytes()), kept.sending);
        let tone = if matches!(kept.sending, Sending::Sent(_)) { Ink::Good } else { Ink::Caution };
        paper.row(3, (Ink::Label, label), FACTS, &[(tone, &text)]);
        label = "";
    }
}

/// What the answer seems to be instead; that it seems nothing else only where that was asked.
fn signs(paper: &mut Paper, whole: &Whole, asked: bool) {
    for sign in &whole.signs {
        paper.row(
            3,
            (Ink::Label, "sign of"),
            FACTS,
            &[(Ink::Caution, &visible(sign.to_string().as_bytes()))],
        );
        for evidence in &sign.evidence {
            detail(paper, "because", evidence);
        }
        if let Some(advice) = sign.advice() {
            detail(paper, "try", advice);
        }
    }
    if whole.signs.is_empty() && asked {
        fact(paper, "sign of", &whole.plainly);
    }
}

/// What the content is and says.
fn summary(paper: &mut Paper, page: &Page) {
    let mut text = format!("{}, {}", page.media.name(), bytes(page.bytes as u64));
    if let Some(charset) = &page.charset {
        text.push_str(&format!(", {} ({})", charset.name(), charset.how));
    }
    fact(paper, "page", &text);
    match &page.body {
        Body::Html(html) => of_html(paper, page, html),
        Body::Json(json) => fact(paper, "", &of_json(json)),
        Body::Xml(xml) => {
            let root = xml.root.as_deref().unwrap_or("nothing");
            let entries = count(xml.entries as u64, "entry", "entries");
            fact(paper, "", &format!("{}, <{root}>, {entries}", xml.is));
        }
        Body::Text(text) => fact(paper, "", &count(text.lines as u64, "line", "lines")),
        Body::Binary => {}
    }
}

fn of_html(paper: &mut Paper, page: &Page, html: &Html) {
    let canonical = page.canonical().map(str::to_owned);
    for (label, text) in [
        ("title", &html.title),
        ("heading", &html.heading),
        ("about", &html.description),
        ("language", &html.language),
        ("canonical", &canonical),
        ("made by", &html.generator),
    ] {
        if let Some(text) = text {
            detail(paper, label, text);
        }
    }
    let links = &html.links;
    let internal = number(links.internal as u64);
    let text = match links.unplaced {
        0 => format!("{internal} to this host, {} to others", number(links.external as u64)),
        named => {
            let named = number(named as u64);
            format!("{internal} to this host, {named} to hosts that may be this one")
        }
    };
    detail(paper, "links", &text);
    for form in &html.forms {
        detail(paper, "form", &of_form(form));
    }
    if html.form_count > html.forms.len() {
        detail(paper, "forms", &format!("{} in all", number(html.form_count as u64)));
    }
    if html.inline_scripts + html.linked_scripts > 0 {
        let (inline, linked) = (html.inline_scripts as u64, html.linked_scripts as u64);
        let text = format!("{} in it, {} fetched", number(inline), number(linked));
        detail(paper, "scripts", &text);
    }
    if let Some(refresh) = &html.refresh {
        let target = refresh.target.as_deref().unwrap_or("itself");
        detail(
            paper,
            "refresh",
            &format!("after {} s, to {target}", number(refresh.seconds.into())),
        );
    }
}

fn of_form(form: &Form) -> String {
    let names = if form.names.is_empty() { "no fields".to_owned() } else { form.names.join(", ") };
    let password = if form.password { "; asks for a password" } else { "" };
    format!("{} {}: {names}{password}", form.method, form.action)
}

fn of_json(json: &Json) -> String {
    let top = match &json.top {
        Top::Object { members, names } => {
            let members = count(*members as u64, "member", "members");
            match names.is_empty() {
                true => format!("an object of {members}"),
                false => format!("an object of {members}: {}", names.join(", ")),
            }
        }
        Top::Array(many) => format!("an array of {}", count(*many as u64, "value", "values")),
        Top::String => "a string".to_owned(),
        Top::Number => "a number".to_owned(),
        Top::Bool => "true or false".to_owned(),
        Top::Null => "null".to_owned(),
        Top::Nothing => "nothing".to_owned(),
    };
    match &json.error {
        Some(error) => format!("{top}; it is no JSON: {error}"),
        None if json.values > 1 => {
            format!("{top}, the first of {} values", number(json.values as u64))
        }
        None => top,
    }
}

/// What was tolerated, in every hop.
fn defects(paper: &mut Paper, report: &Report<'_>) {
    let mut label = "defects";
    for (number, block) in report.hops.iter().enumerate() {
        for noted in &block.defects {
            let text = format!(
                "in {}: {} ({})",
                number + 1,
                visible(noted.text.as_bytes()),
                noted.section
            );
            paper.row(3, (Ink::Label, label), FACTS, &[(Ink::Bad, &text)]);
            label = "";
        }
    }
    if !label.is_empty() && !report.hops.is_empty() {
        paper.row(
            3,
            (Ink::Label, label),
            FACTS,
            &[(Ink::Good, "none: nothing had to be tolerated")],
        );
    }
}
