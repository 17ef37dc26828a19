//! The pure machine against the dialogues: however their bytes are cut into reads, the same
//! steps come out.

use crate::support::dialogue::{self, Act, Connection};
use crate::support::text::replace;
use cruller::base::{Content, Head, Headers, Method, Request, Version};
use cruller::h1::{Defect, Error, Exchange, Fate, Limits, Step, Target};
use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use std::sync::Arc;

pub fn tests() -> Vec<Trial> {
    trials![
        every_kind_of_step_occurs,
        dialogues_byte_by_byte,
        dialogues_cut_in_two_everywhere,
        dialogues_cut_at_random,
    ]
}

/// One request of a dialogue, and the bytes that answer it.
struct Answered {
    /// The dialogue, and the number of the exchange in it.
    name: String,
    method: String,
    content: Vec<u8>,
    bytes: Vec<u8>,
    /// The peer ends behind the bytes.
    closed: bool,
}

/// What an exchange made of its bytes.
#[derive(Debug, PartialEq)]
struct Made {
    events: Vec<Event>,
    error: Option<Error>,
    /// Bytes behind the end, which are nobody's.
    unread: usize,
    fate: Fate,
}

/// A step that can be kept; content that comes in several is one.
#[derive(Debug, PartialEq)]
enum Event {
    Interim(Head),
    Head(Head),
    Data(Vec<u8>),
    Defect(Defect),
    End(Headers),
}

/// More than any limit; what goes on forever goes on for this long.
const FOREVER: usize = 320 << 10;

fn all() -> Vec<Answered> {
    let mut all = Vec::new();
    for (name, dialogue) in dialogue::all() {
        let dialogue = dialogue.unwrap_or_else(|why| panic!("{name}: {why}"));
        for connection in &dialogue.connections {
            answered(&name, connection, &mut all);
        }
    }
    assert!(all.len() > 150, "only {} exchanges", all.len());
    all
}

fn answered(name: &str, connection: &Connection, all: &mut Vec<Answered>) {
    let first = all.len();
    for act in &connection.acts {
        if let Act::Head(head) = act {
            let line = String::from_utf8_lossy(&head.lines[0]).into_owned();
            let method = line.split(' ').next().unwrap_or_default().to_owned();
            let name = format!("{name}, exchange {}", all.len());
            all.push(Answered { name, method, content: vec![], bytes: vec![], closed: false });
            continue;
        }
        let Some(last) = all[first..].last_mut() else { continue };
        match act {
            Act::Content(content) => last.content.extend(content),
            Act::Send(bytes) => last.bytes.extend(replace(bytes, &[])),
            Act::SendForever(bytes) => last.bytes.extend(bytes.repeat(FOREVER / bytes.len())),
            Act::Close => last.closed = true,
            _ => {}
        }
    }
}

impl Answered {
    /// Plays the bytes in pieces that end at `cuts`, and then the end, if it is one.
    fn play(&self, cuts: impl IntoIterator<Item = usize>) -> Made {
        let mut exchange = self.begin();
        let mut events = Vec::new();
        // What came, how much of it the machine has taken, and how much is still to come.
        let (mut came, mut at, mut from) = (Vec::new(), 0, 0);
        let ends = cuts.into_iter().chain([self.bytes.len()]).map(|end| (end, false));
        let ends: Vec<_> = ends.chain(self.closed.then_some((self.bytes.len(), true))).collect();
        let mut error = None;
        'pieces: for (end, eof) in ends {
            came.drain(..at);
            at = 0;
            came.extend_from_slice(&self.bytes[from..end.max(from)]);
            from = end.max(from);
            loop {
                let (took, event) = match exchange.read(&came[at..], eof) {
                    Ok((took, Step::NeedMore)) => {
                        at += took;
                        break;
                    }
                    Ok((took, step)) => (took, Event::of(step)),
                    Err(why) => {
                        error = Some(why);
                        break 'pieces;
                    }
                };
                at += took;
                let over = matches!(event, Event::End(_));
                push(&mut events, event);
                if over {
                    break 'pieces;
                }
            }
        }
        // Where the machine has ended, all that is left is nobody's; after an error nothing counts.
        let unread = if error.is_some() { 0 } else { came.len() - at + self.bytes.len() - from };
        Made { events, error, unread, fate: exchange.fate() }
    }

    fn begin(&self) -> Exchange {
        let headers: Headers = [("Host", "a.example")].into_iter().collect();
        let request = Request {
            method: Method::new(&self.method),
            url: "http://a.example/".parse().unwrap(),
            version: Version::Http11,
            headers,
            content: match self.content.as_slice() {
                [] => Content::None,
                content => Content::Bytes(Arc::new(content.to_vec())),
            },
        };
        let target = Target::of("http://a.example/");
        let mut exchange = Exchange::new(&request, &target, Limits::default()).unwrap();
        let mut sent = Vec::new();
        exchange.write(&mut sent);
        if !self.content.is_empty() {
            exchange.send(&self.content, true, &mut sent);
        }
        exchange
    }

    /// Cut like this, does it come to the same?
    fn same(&self, cuts: &[usize], whole: &Made) -> Result<(), TestCaseError> {
        let made = self.play(cuts.iter().copied());
        let shown = &cuts[..cuts.len().min(20)];
        prop_assert_eq!(&made, whole, "{}, cut at {:?}", self.name, shown);
        prop_assert!(made.error.is_none() || made.fate != Fate::Reuse, "{}: {made:?}", self.name);
        Ok(())
    }
}

impl Event {
    fn of(step: Step<'_>) -> Event {
        match step {
            Step::Interim(head) => Event::Interim(head),
            Step::Head(head) => Event::Head(head),
            Step::Data(data) => Event::Data(data.to_vec()),
            Step::Defect(defect) => Event::Defect(defect),
            Step::End(trailers) => Event::End(trailers),
            Step::NeedMore => unreachable!("it ends a turn"),
        }
    }
}

fn push(events: &mut Vec<Event>, event: Event) {
    match (events.last_mut(), event) {
        (Some(Event::Data(before)), Event::Data(data)) => before.extend(data),
        (_, Event::Data(data)) if data.is_empty() => {}
        (_, event) => events.push(event),
    }
}

/// The dialogues would say little about the machine if they did not reach all of it.
fn every_kind_of_step_occurs() {
    let made: Vec<Made> = all().iter().map(|answered| answered.play([])).collect();
    let some = |kind: fn(&Event) -> bool| made.iter().flat_map(|m| &m.events).any(kind);
    assert!(some(|e| matches!(e, Event::Interim(_))));
    assert!(some(|e| matches!(e, Event::Head(_))));
    assert!(some(|e| matches!(e, Event::Data(_))));
    assert!(some(|e| matches!(e, Event::Defect(_))));
    assert!(some(|e| matches!(e, Event::End(trailers) if !trailers.is_empty())));
    assert!(made.iter().any(|m| m.fate == Fate::Reuse));
    assert!(made.iter().any(|m| m.unread > 0));
    for error in [
        Error::NotHttp,
        Error::Version,
        Error::HeadTooLarge,
        Error::ContentLength,
        Error::TransferEncoding,
        Error::Chunk,
        Error::UnaskedUpgrade,
        Error::Empty,
        Error::HeadCut,
        Error::ContentCut(None),
        Error::ContentCut(Some(5)),
    ] {
        assert!(made.iter().any(|m| m.error == Some(error)), "no dialogue leads to {error:?}");
    }
}

fn dialogues_byte_by_byte() {
    for answered in all() {
        let every: Vec<usize> = (1..answered.bytes.len()).collect();
        answered.same(&every, &answered.play([])).unwrap();
    }
}

fn dialogues_cut_in_two_everywhere() {
    for answered in all() {
        let whole = answered.play([]);
        let len = answered.bytes.len();
        // Of what goes on for long, both ends and some places between.
        let step = if len > 4096 { len / 50 } else { 1 };
        let ends = (0..len.min(200)).chain(len.saturating_sub(200)..len);
        for cut in ends.chain((0..len).step_by(step)) {
            answered.same(&[cut], &whole).unwrap();
        }
    }
}

fn dialogues_cut_at_random() {
    let all: Vec<_> = all().into_iter().map(|answered| (answered.play([]), answered)).collect();
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let cases =
        (proptest::arbitrary::any::<Index>(), vec(proptest::arbitrary::any::<Index>(), 0..20));
    let outcome = runner.run(&cases, |(which, cuts)| {
        let (whole, answered) = which.get(&all);
        let mut cuts: Vec<usize> =
            cuts.iter().map(|cut| cut.index(answered.bytes.len() + 1)).collect();
        cuts.sort_unstable();
        answered.same(&cuts, whole)
    });
    outcome.unwrap();
}
