//! `--dry-run`: the bytes that would be sent, on standard output, and nothing sent.

use super::errand::Errand;
use super::exit::{Failure, code};
use super::plan::Operation;
use super::print;
use super::shared::Shared;
use crate::base::system_words;
use crate::client::{Client, Preview};
use std::io;

/// Shows the first request of every errand. The exit code is the last one's.
///
/// # Errors
/// A jar that cannot be read; exit 23 where nobody reads what is shown.
pub(super) fn show(operations: &mut [Operation]) -> Result<u8, Failure> {
    let (mut shared, mut last) = (Shared::default(), 0);
    for operation in operations {
        operation.cookies.read_only = true;
        let visitor = shared.visitor(operation)?;
        for errand in operation.errands().filter(|errand| !operation.skips(errand)) {
            last = match preview(&visitor.client, operation, &errand) {
                Ok(mut preview) => preview.show()?,
                Err(failure) => {
                    if operation.show.errors {
                        failure.print();
                    }
                    failure.code
                }
            };
        }
    }
    Ok(last)
}

fn preview(client: &Client, operation: &Operation, errand: &Errand) -> Result<Preview, Failure> {
    let ready = errand.ready(operation)?;
    let start = errand.start.as_ref().map_err(Clone::clone)?;
    Ok(client.preview(start, &ready.fetch)?)
}

impl Preview {
    fn show(&mut self) -> Result<u8, Failure> {
        let unseen = |error: io::Error| Failure::new(code::WRITE, system_words(&error));
        print::bytes(&self.tunnel.take().unwrap_or_default()).map_err(unseen)?;
        print::bytes(&self.head).map_err(unseen)?;
        let mut written = Ok(());
        let read = self.content(|piece| {
            written = print::bytes(piece);
            // Whatever it was, there is no point in reading on.
            written.as_ref().map(|_| ()).map_err(|error| error.kind().into())
        });
        written.map_err(unseen)?;
        read.map_err(|error| Failure::new(code::READ, system_words(&error)))?;
        Ok(0)
    }
}
