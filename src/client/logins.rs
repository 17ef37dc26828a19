//! Where a hop's login comes from: the person, the URL, or a file of logins.

use super::{Address, Credentials, Fetch};
use crate::auth::Netrc;
use std::sync::Arc;

/// A file of logins, looked into at each hop for its very host.
#[derive(Clone, Debug)]
pub struct Logins {
    /// The file.
    pub file: Arc<Netrc>,
    /// Whether it goes before a whole login in the URL.
    pub before_url: bool,
    /// A user whose password it holds: for the first origin only.
    pub user: Option<String>,
}

impl Fetch {
    /// The login for a hop to `address`; `in_url` stood in the first URL. What was given for the
    /// first origin goes only where that is `trusted`; what a file has for a host goes there.
    pub(super) fn login_at(
        &self,
        address: &Address,
        in_url: Option<&Address>,
        trusted: bool,
    ) -> Option<Credentials> {
        if self.credentials.is_some() {
            return self.credentials.clone().filter(|_| trusted);
        }
        let first = in_url.filter(|_| trusted);
        let typed = first.and_then(|first| first.credentials.as_ref());
        // A token is a login already.
        let Some(logins) = self.logins.as_ref().filter(|_| self.bearer.is_none()) else {
            return typed.cloned();
        };
        let whole = typed.is_some() && first.is_some_and(|first| !first.user_only);
        if whole && !logins.before_url {
            return typed.cloned();
        }
        let user = logins.user.as_deref().filter(|_| trusted);
        let user = user.map(str::as_bytes).or_else(|| typed.map(|typed| &typed.user[..]));
        let host = address.origin.host.trim_start_matches('[').trim_end_matches(']');
        // The file is text: it has no user that is none.
        let found = match user.map(std::str::from_utf8) {
            None => logins.file.find(host, None),
            Some(Ok(user)) => logins.file.find(host, Some(user)),
            Some(Err(_)) => None,
        };
        let login = |user: String, password: String| Credentials {
            user: user.into_bytes(),
            password: password.into_bytes(),
        };
        let found = found.map(|(user, password)| login(user, password));
        let given = logins.user.as_ref().filter(|_| trusted);
        let given = given.map(|user| login(user.clone(), String::new()));
        found.or(given).or_else(|| typed.cloned())
    }
}
