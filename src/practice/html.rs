//! Filling pages in.

use super::answer::Answer;

const LAYOUT: &str = include_str!("../../fixtures/site/layout.html");

/// A page of the site: `main` is HTML already, `title` is text.
pub(super) fn page(status: u16, title: &str, main: &str) -> Answer {
    Answer::html(status, fill(LAYOUT, &[("title", &escape(title)), ("main", main)]))
}

/// Puts values where `{{name}}` stands. The values are HTML, and not looked through again.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        let value = values.iter().find(|(n, _)| *n == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Text as it may stand in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_not_filled_in_again() {
        let filled = fill("{{a}} and {{b}}, {{none}}.", &[("a", "{{b}}"), ("b", "2")]);
        assert_eq!(filled, "{{b}} and 2, .");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("<a href='\"&'>"), "&lt;a href=&#39;&quot;&amp;&#39;&gt;");
    }
}
