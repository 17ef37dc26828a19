//! `--dry-run`: the bytes that would be sent, on standard output, and nothing sent.

use super::exit::{Failure, code};
use super::jars::Jars;
use super::plan::Operation;
use super::print;
use crate::base::system_words;
use crate::client::Client;
use std::io;

/// Shows the first request of every errand.
///
/// # Errors
/// What would keep a request from being sent; exit 23 where nobody reads it.
pub(super) fn show(operations: &[Operation]) -> Result<u8, Failure> {
    for operation in operations {
        let client = Client::new(None);
        let (mut plan, first) = (operation.cookies.clone(), operation.first_url());
        plan.read_only = true;
        let quiet = !operation.show.errors;
        Jars::open(&plan, &mut client.jar.borrow_mut(), first.as_ref(), quiet)?;
        for errand in operation.errands() {
            let ready = errand.ready(operation)?;
            let mut preview =
                client.preview(errand.start.as_ref().map_err(Clone::clone)?, &ready.fetch)?;
            let unseen = |error: io::Error| Failure::new(code::WRITE, system_words(&error));
            print::bytes(&preview.tunnel.take().unwrap_or_default()).map_err(unseen)?;
            print::bytes(&preview.head).map_err(unseen)?;
            let mut written = Ok(());
            let read = preview.content(|piece| {
                written = print::bytes(piece);
                // Whatever it was, there is no point in reading on.
                written.as_ref().map(|_| ()).map_err(|error| error.kind().into())
            });
            written.map_err(unseen)?;
            read.map_err(|error| Failure::new(code::READ, system_words(&error)))?;
        }
    }
    Ok(0)
}
