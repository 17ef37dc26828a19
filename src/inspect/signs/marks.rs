//! The table of marks (`marks.txt`), read when it is asked for, and held against an answer.

use super::scene::Scene;
use super::{Confidence, Sign};
use memchr::memmem;

const MARKS: &str = include_str!("marks.txt");

/// How far into the content marks are looked for: pages that refuse are small.
const LOOK: usize = 64 * 1024;

/// One line of a section of marks.
struct Mark<'t> {
    sure: Confidence,
    when: &'t str,
    place: &'t str,
    text: &'t str,
}

/// The sections, each with its lines.
fn sections() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    MARKS.split("\n[").skip(1).filter_map(|section| {
        let (name, lines) = section.split_once("]\n")?;
        let told = |line: &&str| !line.is_empty() && !line.starts_with('#');
        Some((name, lines.lines().filter(told)))
    })
}

/// The texts of a list.
pub(super) fn list(name: &str) -> impl Iterator<Item = &'static str> {
    sections().filter(move |(found, _)| *found == name).flat_map(|(_, lines)| lines)
}

/// Whether a list has this text, case aside.
pub(super) fn listed(name: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    list(name).any(|line| line == text)
}

/// What the marks under `[kind]`, or `[kind: WHO]`, say of an answer: who it is, how certain that
/// is, and what was found. The surest section holds; of several, the first.
pub(super) fn found(
    kind: &str,
    scene: &Scene<'_>,
) -> Option<(Option<&'static str>, Confidence, Vec<String>)> {
    let mut best = None;
    for (name, lines) in sections() {
        let who = match name.split_once(": ") {
            Some((found, who)) if found == kind => Some(who),
            None if name == kind => None,
            _ => continue,
        };
        let mut evidence = Vec::new();
        let mut sure = Confidence::Likely;
        for mark in lines.filter_map(mark) {
            if let Some(words) = mark.holds(scene) {
                evidence.push(words);
                sure = sure.max(mark.sure);
            }
        }
        let better = best.as_ref().is_none_or(|(_, before, _)| sure > *before);
        if !evidence.is_empty() && better {
            best = Some((who, sure, evidence));
        }
    }
    best
}

/// The sign that the marks of this kind make.
pub(super) fn sign(kind: super::Kind, section: &str, scene: &Scene<'_>) -> Option<Sign> {
    let (by, confidence, found) = found(section, scene)?;
    let mut evidence = Vec::new();
    if scene.refused() {
        evidence.push(format!("status {}", scene.status()));
    }
    evidence.extend(found);
    Some(Sign { kind, by, confidence, evidence })
}

fn mark(line: &'static str) -> Option<Mark<'static>> {
    let mut words = line.splitn(4, ' ');
    let sure = match words.next()? {
        "certain" => Confidence::Certain,
        "likely" => Confidence::Likely,
        _ => return None,
    };
    Some(Mark { sure, when: words.next()?, place: words.next()?, text: words.next()? })
}

impl Mark<'_> {
    /// What was found, in words.
    fn holds(&self, scene: &Scene<'_>) -> Option<String> {
        let now = match self.when {
            "refused" => scene.refused(),
            "bare" => scene.refused() || scene.bare(),
            _ => true,
        };
        if !now {
            return None;
        }
        let text = self.text;
        match self.place {
            "field" => {
                let (name, value) = text.split_once(':')?;
                let value = value.trim();
                let holds = |found: &[u8]| has(&String::from_utf8_lossy(found), value);
                scene.headers().all(name).any(holds).then(|| format!("the field `{text}`"))
            }
            "cookie" => {
                let begins = |line: &[u8]| line.starts_with(text.as_bytes());
                let any = scene.headers().all("set-cookie").any(begins);
                any.then(|| format!("it sets the cookie `{text}`"))
            }
            "title" => scene
                .titles()
                .any(|title| has(title, text))
                .then(|| format!("the title \"{text}\"")),
            "text" => {
                let html = scene.html();
                let opening = html.map_or("", |html| html.opening.as_str());
                let any = scene.titles().chain([opening]).any(|found| has(found, text));
                any.then(|| format!("the words \"{text}\""))
            }
            "source" => {
                let any = scene.html()?.sources.iter().any(|source| has(source, text));
                any.then(|| format!("a script or a frame from `{text}`"))
            }
            "refresh" => {
                let target = scene.html()?.refresh.as_ref()?.target.as_deref()?;
                has(target, text).then(|| format!("it sends the reader on to `{text}`"))
            }
            "url" => {
                let url = scene.url();
                let place = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
                has(&place, text).then(|| format!("the URL holds `{text}`"))
            }
            _ => {
                let content = &scene.content()[..scene.content().len().min(LOOK)];
                let any = memmem::find(content, text.as_bytes()).is_some();
                any.then(|| format!("the content holds `{text}`"))
            }
        }
    }
}

fn has(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_has_its_form() {
        let mut marks = 0;
        for (name, lines) in sections() {
            let lines: Vec<&str> = lines.collect();
            assert!(!lines.is_empty(), "[{name}] is empty");
            if name.contains(": ") || name == "parked" {
                for line in lines {
                    let mark = mark(line).unwrap_or_else(|| panic!("{line}"));
                    assert!(["refused", "bare", "any"].contains(&mark.when), "{line}");
                    let places =
                        ["field", "cookie", "title", "text", "source", "refresh", "url", "body"];
                    assert!(places.contains(&mark.place), "{line}");
                    assert!(mark.place != "field" || mark.text.contains(':'), "{line}");
                    marks += 1;
                }
            } else {
                for line in lines {
                    assert_eq!(line, line.to_lowercase().trim(), "[{name}]");
                }
            }
        }
        assert!(marks > 60, "{marks}");
        for name in [
            "login places",
            "login ends",
            "return parameters",
            "login titles",
            "not found titles",
            "not found places",
            "maintenance titles",
            "maintenance words",
            "consent places",
            "consent titles",
        ] {
            assert!(list(name).count() > 3, "[{name}]");
        }
    }
}
