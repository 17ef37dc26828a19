//! What the operations of a run share: clients, jars, and files that several of them name. Each is
//! opened once, or a second one would write over what the first has written.

use super::exit::{Failure, code};
use super::jars::Jars;
use super::output::Writer;
use super::plan::{CookiePlan, Operation, Output};
use super::signals;
use crate::base::system_words;
use crate::client::Client;
use crate::net::clock;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use tokio::sync::Notify;

/// One visitor: connections and cookies, and the files the cookies are kept in.
pub(super) struct Visitor {
    pub(super) client: Rc<Client>,
    jars: RefCell<Jars>,
    /// Whether signals are watched, because there is something to save.
    pub(super) watched: bool,
}

/// What is open in a run.
#[derive(Default)]
pub(super) struct Shared {
    visitors: Vec<(CookiePlan, Rc<Visitor>)>,
    writers: Vec<(Output, Rc<RefCell<Writer>>)>,
    pub(super) over: Over,
}

impl Shared {
    /// The visitor for an operation. Connections and cookies are shared, but another session is
    /// another visitor, who has nothing of the first one's.
    ///
    /// # Errors
    /// As [`Jars::open`].
    pub(super) fn visitor(&mut self, operation: &Operation) -> Result<Rc<Visitor>, Failure> {
        let plan = &operation.cookies;
        if let Some((_, same)) = self.visitors.last().filter(|(other, _)| other == plan) {
            return Ok(Rc::clone(same));
        }
        let last = self.visitors.last().filter(|(other, _)| other.session == plan.session);
        let client = last.map(|(_, visitor)| Rc::clone(&visitor.client));
        let client = client.unwrap_or_else(|| Rc::new(Client::new(None)));
        let (first, quiet) = (operation.first_url(), !operation.show.errors);
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
        let visitor = Rc::new(Visitor { client, jars: RefCell::new(jars), watched });
        self.visitors.push((plan.clone(), Rc::clone(&visitor)));
        Ok(visitor)
    }

    /// What transfers write to beside their content; begun `anew`, or gone on with where another
    /// operation has named it. That it cannot be written is known before anything is asked for.
    ///
    /// # Errors
    /// Exit 23.
    pub(super) fn writer(
        &mut self,
        flag: &str,
        output: Option<&Output>,
        anew: bool,
    ) -> Result<Option<Rc<RefCell<Writer>>>, Failure> {
        let Some(output) = output else { return Ok(None) };
        self.writers.retain(|(other, _)| !(anew && other == output));
        if let Some((_, writer)) = self.writers.iter().find(|(other, _)| other == output) {
            return Ok(Some(Rc::clone(writer)));
        }
        let mut writer = Writer::new(output.clone());
        writer.open().map_err(|error| unwritten(flag, &error))?;
        let writer = Rc::new(RefCell::new(writer));
        self.writers.push((output.clone(), Rc::clone(&writer)));
        Ok(Some(writer))
    }

    /// Whether cookies of any visitor outlive the run.
    pub(super) fn keeps_cookies(&self) -> bool {
        self.visitors.iter().any(|(_, visitor)| visitor.watched)
    }

    /// Saves the cookies of every visitor.
    ///
    /// # Errors
    /// As [`Jars::save`], the first of them.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let mut saved = Ok(());
        for (_, visitor) in &self.visitors {
            // One that cannot be saved does not keep the others from it.
            saved = saved.and(visitor.save());
        }
        saved
    }
}

pub(super) fn unwritten(flag: &str, error: &io::Error) -> Failure {
    Failure::new(code::WRITE, format!("cannot write {flag}: {}", system_words(error)))
}

impl Visitor {
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

    /// Saves the cookies.
    ///
    /// # Errors
    /// As [`Jars::save`].
    pub(super) fn save(&self) -> Result<(), Failure> {
        match &mut *self.client.jar.borrow_mut() {
            Some(jar) => self.jars.borrow_mut().save(jar),
            None => Ok(()),
        }
    }
}

/// Whether the run is over, for transfers that are still under way.
#[derive(Default)]
pub(super) struct Over {
    over: Cell<bool>,
    told: Notify,
}

impl Over {
    pub(super) fn is_over(&self) -> bool {
        self.over.get()
    }

    /// Ends the run: whoever waits hears of it.
    pub(super) fn end(&self) {
        self.over.set(true);
        self.told.notify_waiters();
    }

    /// Waits until the run is over.
    pub(super) async fn wait(&self) {
        if !self.is_over() {
            self.told.notified().await;
        }
    }
}
