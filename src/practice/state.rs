//! All that the site remembers: who is logged in, and how often they came. In memory only.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many sessions and visitors are remembered; the oldest are forgotten first.
const MEMORY: usize = 1000;

/// What one site remembers.
#[derive(Debug)]
pub(super) struct State {
    keys: [RandomState; 2],
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    tokens: u64,
    /// Session token, and the visitor it belongs to.
    sessions: VecDeque<(String, String)>,
    /// Visitor token, and the number of visits to the account.
    visits: VecDeque<(String, u64)>,
}

impl State {
    /// Nothing yet. Another site has other tokens.
    pub(super) fn new() -> State {
        State { keys: [RandomState::new(), RandomState::new()], book: Mutex::default() }
    }

    /// A token that was never given out before and is not to be guessed.
    ///
    /// The hash keys of `std` come from the system's random numbers and a counter makes each
    /// token another. That is good enough to practise on, and no cryptography.
    pub(super) fn token(&self) -> String {
        let mut book = self.book();
        book.tokens += 1;
        self.hash(("token", book.tokens))
    }

    /// The token of a login form: it belongs to this pre-session and to no other.
    pub(super) fn form_token(&self, pre_session: &str) -> String {
        self.hash(("form", pre_session))
    }

    /// Opens a session. A visitor who was here before stays the same one. Returns the tokens
    /// of the session and of the visitor.
    pub(super) fn log_in(&self, visitor: Option<String>) -> (String, String) {
        let session = self.token();
        let new_visitor = self.token();
        let mut book = self.book();
        let known = visitor.filter(|v| book.visits.iter().any(|(known, _)| known == v));
        let visitor = known.unwrap_or_else(|| {
            remember(&mut book.visits, (new_visitor.clone(), 0));
            new_visitor
        });
        remember(&mut book.sessions, (session.clone(), visitor.clone()));
        (session, visitor)
    }

    /// Counts a visit, unless it is only a look; `None` where there is no such session.
    pub(super) fn visit(&self, session: &str, counts: bool) -> Option<u64> {
        let mut book = self.book();
        let (_, visitor) = book.sessions.iter().find(|(token, _)| token == session)?.clone();
        let (_, visits) = book.visits.iter_mut().find(|(token, _)| *token == visitor)?;
        *visits += u64::from(counts);
        Some(*visits)
    }

    /// Closes a session.
    pub(super) fn log_out(&self, session: &str) {
        self.book().sessions.retain(|(token, _)| token != session);
    }

    fn hash(&self, what: impl std::hash::Hash) -> String {
        let [a, b] = &self.keys;
        format!("{:016x}{:016x}", a.hash_one(&what), b.hash_one(&what))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remember<T>(shelf: &mut VecDeque<T>, item: T) {
    if shelf.len() == MEMORY {
        shelf.pop_front();
    }
    shelf.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_session_is_forgotten_when_there_are_too_many() {
        let state = State::new();
        let (first, _) = state.log_in(None);
        let (second, _) = state.log_in(None);
        for _ in 0..MEMORY - 1 {
            state.log_in(None);
        }
        assert_eq!(state.visit(&first, true), None);
        assert_eq!(state.visit(&second, true), Some(1));
    }

    #[test]
    fn two_sites_have_different_tokens() {
        assert_ne!(State::new().token(), State::new().token());
    }
}
