//! One URL, what is sent to it and where its answer goes.

use super::exit::Failure;
use super::naming::Clobber;
use super::part::{Note, Part, Resume};
use super::plan::{Operation, Output};
use super::upload::Upload;
use crate::base::{Method, Version};
use crate::client::{Address, Fetch, HeaderLine};
use std::borrow::Cow;

/// One URL and where its answer goes.
#[derive(Debug)]
pub(super) struct Errand {
    /// The URL as it was typed.
    pub(super) url: String,
    /// The number of that URL, or of the pattern it comes from, in the whole run.
    pub(super) urlnum: usize,
    /// Where it begins, or why it cannot.
    pub(super) start: Result<Address, Failure>,
    /// What is uploaded to it.
    pub(super) upload: Option<Upload>,
    pub(super) output: Output,
}

/// Where `-C` goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// At this byte.
    Byte(u64),
    /// Behind what is there.
    End,
}

/// An errand about to be run.
pub(super) struct Ready<'o> {
    pub(super) fetch: Cow<'o, Fetch>,
    pub(super) output: Output,
    pub(super) part: Part,
}

impl Errand {
    /// What is wanted of this errand: of all of its operation, and what is its own. It looks at
    /// the files as they are now.
    ///
    /// # Errors
    /// What is to be sent cannot be read. The run ends: whatever else was to be sent belongs to it.
    pub(super) fn ready<'o>(&self, operation: &'o Operation) -> Result<Ready<'o>, Failure> {
        let (fetch, mut output) = (&operation.fetch, self.output.clone());
        if let Some(upload) = &self.upload {
            let fetch = Cow::Owned(uploading(fetch, upload, operation.from)?);
            return Ok(Ready { fetch, output, part: Part::default() });
        }
        let mut resume = operation.from.and_then(|from| resume(from, &mut output));
        let kept = matches!(&output, Output::File(file) if !file.remove_on_error);
        let pure = kept
            && !operation.show.heads
            && !fetch.compressed
            && !fetch.raw
            && fetch.range.is_none()
            && fetch.method == Method::GET;
        if let Some(resume) = resume.as_mut().filter(|_| !pure) {
            resume.validator = None;
        }
        let fetch = match &resume {
            None => Cow::Borrowed(fetch),
            Some(resume) => Cow::Owned(Fetch {
                range: Some(format!("{}-", resume.from)),
                if_range: resume.validator.clone(),
                ..fetch.clone()
            }),
        };
        // What is no GET is asked for a part, and whatever it answers is taken.
        let resume = resume.filter(|_| fetch.method == Method::GET);
        Ok(Ready { fetch, output, part: Part::new(resume, pure) })
    }
}

/// What goes on, if there is anything; `output` is added to then.
fn resume(from: From, output: &mut Output) -> Option<Resume> {
    let file = match output {
        Output::File(file) => Some(file),
        Output::Stdout { .. } => None,
    };
    let resume = match from {
        From::Byte(from) => Resume { from, validator: None, at_end: false },
        From::End => {
            let path = &file.as_ref()?.path;
            let from = path.metadata().ok()?.len();
            Resume { from, validator: Note::read(path), at_end: true }
        }
    };
    if resume.from == 0 {
        return None;
    }
    if let Some(file) = file {
        file.clobber = Clobber::Extend;
    }
    Some(resume)
}

/// The fetch that uploads.
fn uploading(common: &Fetch, upload: &Upload, from: Option<From>) -> Result<Fetch, Failure> {
    // What the server has is not known: with `-C -` it gets the whole, and is told that it is.
    let (says, at) = match from {
        Some(From::Byte(at)) => (at > 0, at),
        Some(From::End) => (true, 0),
        None => (false, 0),
    };
    let mut headers = common.headers.clone();
    let mut content = upload.content(at, None)?;
    let announced = announced(&headers).filter(|_| content.length().is_none());
    if announced.is_some() {
        content = upload.content(at, announced)?;
        // It is asked about first, as everything is whose length is not known.
        if common.version == Version::Http11 && !headers.iter().any(|line| line.is("Expect")) {
            headers.push(HeaderLine::Set("Expect".to_owned(), "100-continue".to_owned()));
        }
    }
    let whole = content.length().map(|left| left + at).filter(|whole| *whole > 0);
    let content_range = whole.and_then(|whole| match &common.range {
        _ if says => Some(format!("{at}-{}/{whole}", whole - 1)),
        range => range.as_ref().map(|range| format!("{range}/{whole}")),
    });
    let (method, content_type) = (Method::PUT, None);
    Ok(Fetch { method, headers, content, content_type, content_range, ..common.clone() })
}

/// The length that the person says the content has.
fn announced(headers: &[HeaderLine]) -> Option<u64> {
    headers.iter().find_map(|line| match line {
        HeaderLine::Set(_, value) if line.is("Content-Length") => value.trim().parse().ok(),
        _ => None,
    })
}
