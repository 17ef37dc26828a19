//! `--diff`: two answers, each of a URL or of a file, side by side.

use super::options::Options;
use super::running::{self, Out, Told};
use crate::cli::env::Env;
use crate::cli::exit::{Failure, code};
use crate::cli::plan::Operation;
use crate::cli::shared::Shared;
use crate::cli::typed::Typed;
use crate::cli::{diff, json_out};
use crate::client::Capture;
use crate::cookie::Jar;
use crate::inspect::comparison::{self, Side};
use crate::inspect::saved::{Note, Saved};
use std::path::Path;

/// What stands on one side.
struct Answer {
    capture: Capture,
    notes: Vec<Note>,
}

impl Answer {
    fn side(&self) -> Side<'_> {
        Side { capture: &self.capture, notes: &self.notes }
    }
}

/// Compares what the two words stand for; the exit code says how that came out.
///
/// # Errors
/// There are not two, or one of them has no answer.
pub(super) fn run(typed: &[Typed], env: &Env, options: &Options) -> Result<u8, Failure> {
    let two = || Failure::usage("--diff compares two answers: give it two URLs, or files of them");
    let [typed] = typed else { return Err(two()) };
    let [a, b] = &typed.urls[..] else { return Err(two()) };
    let (one, other) = running::block_on(async {
        let mut shared = Shared::default();
        let one = answer(a, typed, env, &mut shared).await?;
        shared = apart(shared);
        let other = answer(b, typed, env, &mut shared).await?;
        shared.save()?;
        Ok((one, other))
    })?;
    let nothing = || Failure::new(code::INCOMPARABLE, "one of them has no answer to compare");
    let compared = comparison::of(&one.side(), &other.side(), options.strict);
    let compared = compared.ok_or_else(nothing)?;
    let mut out = Out::new(options);
    let text = if options.json {
        json_out::text(&diff::json(a, b, &compared))
    } else {
        let mut paper = out.paper(options);
        diff::text(&mut paper, (a, b), &compared, options.strict);
        paper.into_text()
    };
    match out.write(&text)? {
        Told::All => Ok(diff::exit(&compared)),
        Told::NobodyListens => Ok(0),
    }
}

/// What a file holds, or what comes of a URL. A file goes first, as a URL may lack its scheme.
async fn answer(
    name: &str,
    typed: &Typed,
    env: &Env,
    shared: &mut Shared,
) -> Result<Answer, Failure> {
    if !name.contains("://") && Path::new(name).is_file() {
        let Saved { capture, notes, .. } = running::read_saved(name, None, &mut Jar::new())?;
        return Ok(Answer { capture, notes });
    }
    let typed = Typed { urls: vec![name.to_owned()], globoff: true, ..typed.clone() };
    let operation = Operation::of(&typed, env)?;
    let visitor = shared.visitor(&operation)?;
    operation.hsts.open(&visitor.client)?;
    let mut capture = Capture::default();
    for errand in operation.errands() {
        let (captured, _, ended) = running::captured(&operation, &errand, &visitor).await?;
        ended.map_err(|failure| of_no_file(name, failure))?;
        capture = captured;
    }
    Ok(Answer { capture, notes: Vec::new() })
}

/// What the second side is asked with: what the first one has got stays with it, or the two would
/// differ by that. Only of a session, or a jar, there is but one.
fn apart(shared: Shared) -> Shared {
    if shared.keeps_cookies() { shared } else { Shared::default() }
}

/// A name that is none of a host may have been meant as one of a file.
fn of_no_file(name: &str, failure: Failure) -> Failure {
    match failure.code {
        code::RESOLVE if !name.contains("://") => {
            let message = format!("{}, and there is no such file", failure.message);
            Failure { message, ..failure }
        }
        _ => failure,
    }
}
