//! `-n` and its kin: the file of logins, read.

use super::env::Env;
use super::exit::{Failure, code};
use super::input;
use super::typed::Typed;
use crate::auth::Netrc;
use crate::client::Logins;
use std::path::PathBuf;
use std::sync::Arc;

/// The flags of this file, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) required: bool,
    pub(super) optional: bool,
    pub(super) file: Option<String>,
}

/// The logins, where they are wanted.
///
/// # Errors
/// Exit 26 where they are required and cannot be read.
pub(super) fn logins(typed: &Typed, env: &Env) -> Result<Option<Logins>, Failure> {
    let Given { required, optional, file } = &typed.netrc;
    if !(*required || *optional || file.is_some()) {
        return Ok(None);
    }
    let before_url = !optional;
    let user = typed.user.clone().filter(|user| !user.contains(':'));
    match read(file.as_ref().map(PathBuf::from).or_else(|| env.netrc.clone())) {
        Ok(netrc) => Ok(Some(Logins { file: Arc::new(netrc), before_url, user })),
        Err(_) if *optional => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn read(path: Option<PathBuf>) -> Result<Netrc, Failure> {
    let failed = |why: &str| Failure::new(code::READ, format!(".netrc parser error: {why}"));
    let path = path.ok_or_else(|| failed("no such file"))?;
    let bytes = input::read_if_there(&path)?;
    let bytes = bytes.ok_or_else(|| failed(&format!("no such file, {}", path.display())))?;
    let text = String::from_utf8_lossy(&bytes);
    let unclosed = |_| failed(&format!("a double quote is not closed, in {}", path.display()));
    Netrc::parse(&text).map_err(unclosed)
}
