//! An operation on its way: its cookies and its file of heads open, its transfers one by one or
//! many at once.

use super::errand::Errand;
use super::exit::{Failure, code};
use super::jars::Jars;
use super::output::Writer;
use super::plan::{Operation, Output, Show};
use super::show::Shown;
use super::write_out::Facts;
use super::{json_out, print, signals};
use crate::base::system_words;
use crate::client::{Client, Fetch};
use crate::net::clock;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// One operation while it runs; what its transfers share is borrowed between waits.
pub(super) struct Running<'o> {
    pub(super) operation: &'o Operation,
    client: Rc<Client>,
    jars: RefCell<Jars>,
    /// Where `-D` writes.
    heads: Option<RefCell<Writer>>,
    /// Where `--json-out` writes.
    json: Option<RefCell<Writer>>,
    /// Whether signals are watched.
    watched: bool,
}

impl<'o> Running<'o> {
    /// Opens what the transfers of an operation share.
    ///
    /// # Errors
    /// As [`Jars::open`]; exit 23 where the heads cannot be kept.
    pub(super) fn open(operation: &'o Operation, client: Rc<Client>) -> Result<Self, Failure> {
        operation.hsts.open(&client)?;
        let first = operation.first_url();
        let (plan, quiet) = (&operation.cookies, !operation.show.errors);
        let jars = Jars::open(plan, &mut client.jar.borrow_mut(), first.as_ref(), quiet)?;
        if plan.new_browser
            && let Some(jar) = &mut *client.jar.borrow_mut()
        {
            jar.drop_session_cookies(clock::wall());
        }
        let watched = jars.keep();
        if watched {
            signals::watch();
        }
        let heads = opened("-D", operation.show.dump.as_ref())?;
        let json = opened("--json-out", operation.show.json_out.as_ref())?;
        Ok(Running { operation, client, jars: RefCell::new(jars), heads, json, watched })
    }

    /// One errand, the `number`th of the run, tried as often as `--retry` says; its exit code.
    ///
    /// # Errors
    /// As [`Errand::ready`]: the run is over.
    pub(super) async fn errand(&self, errand: &Errand, number: usize) -> Result<u8, Failure> {
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
            let mut shown = Shown::new(show, output, self.heads.as_ref(), facts, part);
            shown.hops = self.json.as_ref().map(|_| Vec::new());
            show.counts.begin();
            let one = one(errand, &ready.fetch, &self.client, &mut shown);
            let mut ended = or_interrupted(one, self.watched).await;
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
                if show.errors {
                    print::error(&format!("warning: {too_late}\n"));
                }
                None
            });
            if let Some(wait) = retry.filter(|_| ready.fetch.content.is_ready()) {
                tries += 1;
                if show.errors {
                    print::error(&format!("warning: trying again in {} s\n", wait.as_secs()));
                }
                let pause = async {
                    tokio::time::sleep(wait).await;
                    Ok(())
                };
                ended = or_interrupted(pause, self.watched).await;
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

    /// Waits, unless a signal comes; the exit code of that.
    pub(super) async fn pause(&self, time: Duration) -> u8 {
        let pause = async {
            tokio::time::sleep(time).await;
            Ok(())
        };
        or_interrupted(pause, self.watched).await.map_or_else(|failure| failure.code, |()| 0)
    }

    /// Saves the cookies, if it is time to.
    ///
    /// # Errors
    /// As [`Jars::save`].
    pub(super) fn save_now_and_then(&self) -> Result<(), Failure> {
        match &mut *self.client.jar.borrow_mut() {
            Some(jar) => self.jars.borrow_mut().save_now_and_then(jar),
            None => Ok(()),
        }
    }

    /// Saves the cookies, and the hosts that are spoken to by https only.
    ///
    /// # Errors
    /// As [`Jars::save`].
    pub(super) fn save(&self) -> Result<(), Failure> {
        self.operation.hsts.save(&self.client)?;
        match &mut *self.client.jar.borrow_mut() {
            Some(jar) => self.jars.borrow_mut().save(jar),
            None => Ok(()),
        }
    }
}

/// What all transfers write to. That it cannot be written is known before anything is asked for.
fn opened(flag: &str, output: Option<&Output>) -> Result<Option<RefCell<Writer>>, Failure> {
    let Some(mut writer) = output.cloned().map(Writer::new) else { return Ok(None) };
    writer.open().map_err(|error| unwritten(flag, &error))?;
    Ok(Some(RefCell::new(writer)))
}

fn unwritten(flag: &str, error: &io::Error) -> Failure {
    Failure::new(code::WRITE, format!("cannot write {flag}: {}", system_words(error)))
}

/// Does something, unless a signal comes first: whoever keeps cookies does not lose them to an
/// impatient person.
async fn or_interrupted(
    doing: impl Future<Output = Result<(), Failure>>,
    watched: bool,
) -> Result<(), Failure> {
    tokio::select! {
        ended = doing => ended,
        code = signals::interrupted(), if watched => Err(Failure::new(code, "interrupted")),
    }
}

/// Says how a transfer ended: the failure, then what `-w` asks for. The exit code.
fn told(ended: &Result<(), Failure>, show: &Show, facts: &Facts) -> u8 {
    if let Err(failure) = ended
        && show.errors
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
