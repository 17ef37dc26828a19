//! Two captures, compared (`--diff`): what `compare` needs of them.

use super::saved::Note;
use crate::client::Capture;
use crate::compare::{self, Answer, Comparison, Hop, Options};
use crate::page;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    /// What was captured.
    pub capture: &'s Capture,
    /// What its file said of it; nothing, where it came from the network.
    pub notes: &'s [Note],
}

impl Side<'_> {
    /// Whether the content is there as a whole.
    fn is_whole(&self) -> bool {
        let part = |note: &Note| {
            matches!(note, Note::NoContent | Note::Cut(_) | Note::LargeContent | Note::Damaged(_))
        };
        !self.capture.cut && !self.notes.iter().any(part)
    }
}

/// Compares what came with what was; `None` where one side has no answer.
pub fn of(was: &Side<'_>, came: &Side<'_>, strict: bool) -> Option<Comparison> {
    let (was_hops, came_hops) = (hops(was.capture), hops(came.capture));
    let answers = (answer(was, &was_hops)?, answer(came, &came_hops)?);
    Some(compare::answers(&answers.0, &answers.1, &Options { strict, outline: page::outline }))
}

fn hops(capture: &Capture) -> Vec<Hop<'_>> {
    capture.hops.iter().map(|hop| Hop { status: hop.head.status, url: &hop.url }).collect()
}

fn answer<'s>(side: &Side<'s>, hops: &'s [Hop<'s>]) -> Option<Answer<'s>> {
    let last = side.capture.hops.last().filter(|_| side.capture.unanswered.is_none())?;
    let content = side.is_whole().then_some(&side.capture.content[..]);
    Some(Answer { hops, headers: &last.head.headers, content })
}

#[cfg(test)]
mod tests {
    use super::super::saved::{self, Saved};
    use super::*;
    use crate::base::Wall;
    use crate::compare::{Body, How, Outcome};
    use crate::cookie::Jar;

    fn saved(text: &str) -> Saved {
        saved::read(text.as_bytes(), None, &mut Jar::new(), Wall(0)).unwrap()
    }

    fn side(saved: &Saved) -> Side<'_> {
        Side { capture: &saved.capture, notes: &saved.notes }
    }

    fn compared(one: &str, other: &str) -> Option<Comparison> {
        let (one, other) = (saved(one), saved(other));
        of(&side(&one), &side(&other), false)
    }

    #[test]
    fn a_page_is_compared_as_the_page_it_is() {
        let page = |token: &str, word: &str| {
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Request-Id: {token}\r\n\r\n\
                 <meta name=csrf-token content={token}><p>{word}  here</p>"
            )
        };
        let same = compared(&page("1", "all"), &page("2", "all ")).unwrap();
        assert_eq!((same.outcome(), same.body), (Outcome::Same, Body::Normalised(How::Html)));
        let other = compared(&page("1", "all"), &page("1", "none")).unwrap();
        assert!(matches!(other.body, Body::Differs { how: How::Html, .. }), "{other:?}");
    }

    #[test]
    fn content_that_is_not_whole_is_not_compared() {
        let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
        assert_eq!(compared(cut, cut).unwrap().outcome(), Outcome::Unknown);
    }

    #[test]
    fn without_an_answer_there_is_nothing_to_compare() {
        let one = saved("HTTP/1.1 200 OK\r\n\r\n");
        let none = Capture::default();
        assert!(of(&side(&one), &Side { capture: &none, notes: &[] }, false).is_none());
    }
}
