//! What a polite crawler makes of an answer.

use super::ended::{Ended, Extent};
use crate::base::Wall;
use crate::client::{Hop, location};
use crate::page::Robots;

/// In words; `robots.txt`, which may forbid all of it, is not looked at.
pub(super) fn verdict(
    robots: &Robots,
    last: &Hop,
    extent: Extent,
    ended: &Ended,
    now: Wall,
) -> String {
    let status = last.head.status;
    let text = match (ended, status) {
        (Ended::Redirects(_), _) => "gives up: the redirects do not end".to_owned(),
        (_, 304) => "keeps the copy that it has".to_owned(),
        (_, 300..=399) if location(&last.head).is_some() => {
            "takes nothing here: the page is where the redirect leads".to_owned()
        }
        (_, 300..=399) => format!("takes nothing: {status} leads nowhere"),
        (Ended::Unfinished(_), _) => "takes nothing: the page did not come".to_owned(),
        (_, 204 | 205) => format!("takes nothing: {status} has no content"),
        (_, 401 | 407) => format!("takes nothing: {status} wants a login"),
        (_, 403 | 451) => format!("takes nothing: {status} refuses"),
        (_, 404 | 410) => format!("takes nothing: {status} says that there is no page"),
        (_, 429 | 503) => format!("takes nothing: {status}; it slows down, and comes again later"),
        (_, 500..600) => format!("takes nothing: {status}; it comes again later"),
        (_, 200..300) => match extent {
            Extent::Cut | Extent::Unreadable => {
                "comes again later: what came is not the whole page".to_owned()
            }
            _ => robots.verdict(now).to_owned(),
        },
        _ => format!("takes nothing: the status is {status}"),
    };
    format!("{text} (robots.txt was not asked)")
}
