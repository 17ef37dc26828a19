//! An operation on its way: its cookies and its file of heads open, its transfers one by one or
//! many at once.

use super::errand::Errand;
use super::exit::{Failure, code};
use super::output::Writer;
use super::plan::{Operation, Show};
use super::shared::{Over, Shared, Visitor, unwritten};
use super::show::Shown;
use super::write_out::Facts;
use super::{json_out, print, signals};
use crate::client::{Client, Fetch};
use crate::net::clock;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// One operation while it runs; what its transfers share is borrowed between waits.
pub(super) struct Running<'o> {
    pub(super) operation: &'o Operation,
    visitor: Rc<Visitor>,
    /// Where `-D` writes.
    heads: Option<Rc<RefCell<Writer>>>,
    /// Where `--json-out` writes.
    json: Option<Rc<RefCell<Writer>>>,
}

impl<'o> Running<'o> {
    /// Opens what the transfers of an operation share, if no other has.
    ///
    /// # Errors
    /// As [`Shared::visitor`] and [`Shared::writer`].
    pub(super) fn open(operation: &'o Operation, shared: &mut Shared) -> Result<Self, Failure> {
        let visitor = shared.visitor(operation)?;
        operation.hsts.open(&visitor.client)?;
        // As in curl, the heads of the next operation replace those of the last.
        let anew = !operation.pasted && operation.at_once.is_none();
        let heads = shared.writer("-D", operation.show.dump.as_ref(), anew)?;
        let json = shared.writer("--json-out", operation.show.json_out.as_ref(), false)?;
        Ok(Running { operation, visitor, heads, json })
    }

    /// Saves the cookies, if it is time to.
    ///
    /// # Errors
    /// As [`Visitor::save`].
    pub(super) fn save_now_and_then(&self) -> Result<(), Failure> {
        self.visitor.save_now_and_then()
    }

    /// Saves the cookies, and the hosts that are spoken to by https only.
    ///
    /// # Errors
    /// As [`Visitor::save`].
    pub(super) fn save(&self) -> Result<(), Failure> {
        self.save_hosts()?;
        self.visitor.save()
    }

    /// Saves the hosts that are spoken to by https only.
    ///
    /// # Errors
    /// Exit 23.
    pub(super) fn save_hosts(&self) -> Result<(), Failure> {
        self.operation.hsts.save(&self.visitor.client)
    }

    /// Lets so many connections be kept.
    pub(super) fn at_once(&self, most: usize) {
        self.visitor.client.fetches_at_once(most);
    }

    /// One errand, the `number`th of the run, tried as often as `--retry` says; its exit code.
    ///
    /// # Errors
    /// As [`Errand::ready`]: the run is over.
    pub(super) async fn errand(
        &self,
        errand: &Errand,
        number: usize,
        over: &Over,
    ) -> Result<u8, Failure> {
        let show = &self.operation.show;
        if let Err(failure) = self.operation.kept.is_possible() {
            if show.errors {
                failure.print();
            }
            return Ok(failure.code);
        }
        let mut ready = errand.ready(self.operation)?;
        let mut output = Writer::new(ready.output.clone());
        let (began, mut tries) = (clock::tick(), 0);
        loop {
            let mut facts = Facts::new(errand.url.clone(), number);
            facts.retries = tries;
            facts.urlnum = errand.urlnum;
            let part = ready.part.clone();
            let mut shown = Shown::new(show, output, self.heads.as_deref(), facts, part);
            shown.hops = self.json.as_ref().map(|_| Vec::new());
            show.counts.begin();
            let one = one(errand, &ready.fetch, &self.visitor.client, &mut shown);
            let mut ended = self.or_over(one, over).await;
            if ended.is_ok() {
                ended = self.operation.kept.keep(&shown.facts);
            }
            show.counts.end();
            if ended.is_err() {
                shown.content.failed();
            }
            shown.facts.ended(&ended);
            let now = (clock::tick(), clock::wall());
            let outcome = shown.facts.outcome();
            let retry = self.operation.retry.wait(tries, began, now, &outcome);
            let retry = retry.unwrap_or_else(|too_late| {
                print::warning(&too_late.to_string());
                None
            });
            let again = ready.fetch.content.is_ready();
            if retry.is_some() && !again {
                print::warning("not tried again: what is sent can be read only once");
            }
            if let Some(wait) = retry.filter(|_| again) {
                tries += 1;
                let why = match &ended {
                    Err(failure) => failure.message.clone(),
                    Ok(()) => format!("status {}", outcome.status),
                };
                let place = errand.start.as_ref().map(ToString::to_string).unwrap_or_default();
                let wait_s = wait.as_secs_f64();
                print::warning(&format!("trying again in {wait_s} s: {why} ({place})"));
                let pause = async {
                    tokio::time::sleep(wait).await;
                    Ok(())
                };
                ended = self.or_over(pause, over).await;
                if ended.is_ok() {
                    output = shown.content_for_another_try();
                    if errand.upload.is_none() {
                        // The files are as they were, unless one was begun anew.
                        ready = errand.ready(self.operation)?;
                    }
                    continue;
                }
                shown.content.failed();
                shown.facts.ended(&ended);
            }
            shown.part.ends(ended.is_ok());
            if let (Some(json), Some(hops)) = (&self.json, &shown.hops) {
                let line = json_out::line(&shown.facts, hops);
                let written = json.borrow_mut().write(line.as_bytes());
                if ended.is_ok() {
                    ended = written.map_err(|error| unwritten("--json-out", &error));
                    shown.facts.ended(&ended);
                }
            }
            return Ok(told(&ended, show, &shown.facts));
        }
    }

    /// Does something, unless a signal comes first: whoever keeps cookies does not lose them to
    /// an impatient person. The first to hear it tells the others.
    async fn or_over(
        &self,
        doing: impl Future<Output = Result<(), Failure>>,
        over: &Over,
    ) -> Result<(), Failure> {
        tokio::select! {
            ended = doing => ended,
            code = signals::interrupted(), if self.visitor.watched && !over.is_over() => {
                over.end();
                Err(Failure::new(code, "interrupted"))
            }
            () = over.wait() => Err(Failure::new(code::GIVEN_UP, "given up: the run is over")),
        }
    }

    /// Waits, unless a signal comes; the exit code of that.
    pub(super) async fn pause(&self, time: Duration, over: &Over) -> u8 {
        let pause = async {
            tokio::time::sleep(time).await;
            Ok(())
        };
        self.or_over(pause, over).await.map_or_else(|failure| failure.code, |()| 0)
    }
}

/// Says how a transfer ended: the failure, then what `-w` asks for. The exit code.
fn told(ended: &Result<(), Failure>, show: &Show, facts: &Facts) -> u8 {
    // Of what was given up the one that ended the run has told the reason.
    if let Err(failure) = ended
        && show.errors
        && failure.code != code::GIVEN_UP
    {
        failure.print();
    }
    match show.write_out.as_ref().map(|write_out| write_out.write(facts)) {
        Some(Err(failure)) if facts.exit == 0 => {
            if show.errors {
                failure.print();
            }
            failure.code
        }
        _ => facts.exit,
    }
}

async fn one(
    errand: &Errand,
    fetch: &Fetch,
    client: &Client,
    shown: &mut Shown<'_>,
) -> Result<(), Failure> {
    let ended = client.fetch(errand.start.as_ref().map_err(Clone::clone)?, fetch, shown).await;
    if let Some(status) = shown.failed_status {
        let text = format!("The requested URL returned error: {status}");
        return Err(Failure::new(code::HTTP_STATUS, text));
    }
    if let Some(why) = shown.cannot_resume {
        return Err(Failure::new(code::RANGE, why).hint("without -C it is fetched anew"));
    }
    if shown.binary_on_terminal {
        return Err(Failure::new(code::WRITE, "binary content is not shown on a terminal")
            .hint("-o FILE keeps it, -o - shows it all the same"));
    }
    ended.map_err(Failure::from)
}
