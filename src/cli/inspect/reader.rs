//! A report as text.

use super::options::Options;
use super::{blocks, body, ending};
use crate::base::Wall;
use crate::cli::paper::{Ink, Paper};
use crate::inspect::Report;

/// The report, on this paper.
pub(super) fn text(report: &Report<'_>, options: &Options, mut paper: Paper, now: Wall) -> String {
    for (at, block) in report.hops.iter().enumerate() {
        blocks::hop(&mut paper, at + 1, block, options, now);
    }
    if let Some(unfinished) = &report.unfinished {
        blocks::unfinished(&mut paper, report.hops.len() + 1, unfinished, options, now);
    }
    if options.body && !report.hops.is_empty() {
        content(&mut paper, report);
    }
    ending::whole(&mut paper, report, options);
    if report.capture.cut {
        let text = format!(
            "The content was cut: its first {} were taken, and the connection was closed over the rest.",
            super::measure::bytes(report.capture.content.len() as u64)
        );
        paper.paragraph(3, &[(Ink::Caution, &text)]);
    }
    paper.into_text()
}

fn content(paper: &mut Paper, report: &Report<'_>) {
    paper.gap();
    paper.paragraph(3, &[(Ink::Faint, "content")]);
    match report.whole.as_ref().and_then(|whole| whole.page.as_ref()) {
        Some(page) => {
            let capture = report.capture;
            paper.verbatim(&body::shown(&capture.content, page, capture.cut));
        }
        None => paper.verbatim("(none)\n"),
    }
    paper.gap();
}
