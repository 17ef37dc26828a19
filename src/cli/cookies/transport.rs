//! Cookies in and out of the formats of other programs.

use super::Place;
use crate::base::{Wall, system_words};
use crate::cli::env::Env;
use crate::cli::exit::{Failure, code};
use crate::cli::{input, print, signals};
use crate::cookie::formats::{self, Answer, Format, Import, Imported};
use crate::cookie::{Cookie, Jar, Sending};
use crate::disk;
use crate::disk::atomic::{self, Audience};
use crate::har;
use crate::net::clock;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use url::Url;

/// What is imported, and how it is to be read.
#[derive(clap::Args)]
pub(super) struct From {
    /// The file; `-` is standard input
    file: String,
    /// Its format; found by its content unless given
    #[arg(long)]
    format: Option<Format>,
    /// The URL that cookies belong to which say no host themselves
    #[arg(long)]
    url: Option<Url>,
}

/// What is exported, and where to.
#[derive(clap::Args)]
pub(super) struct To {
    /// netscape, cookie-editor, storage-state, cookie-header or set-cookie
    #[arg(long, default_value = "netscape")]
    format: Format,
    /// Write to a file of your own eyes only; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only the cookies that would be sent to this URL; cookie-header and set-cookie need it
    #[arg(long)]
    url: Option<Url>,
    /// Write nothing where the format cannot hold something that matters
    #[arg(long)]
    fail_on_loss: bool,
}

/// Puts the cookies of a file into the jar.
///
/// # Errors
/// A file that cannot be read or understood; a jar that cannot be saved.
pub(super) fn import(place: &Place, env: &Env, from: &From) -> Result<u8, Failure> {
    let (mut jars, mut jar) = place.open(env, super::To::Change)?;
    let (file, now) = (&from.file, clock::wall());
    let bytes = input::read_bounded(file, formats::MAX_BYTES)?;
    let unread = |why: &dyn Display| Failure::new(code::READ, format!("{file}: {why}"));
    if formats::is_session(&bytes) {
        let hint = "--session and its folder's path, with a / in it, is that session";
        return Err(unread(&"a session of ours, which is opened and not imported").hint(hint));
    }
    let format = from.format.or_else(|| formats::detect(&bytes)).ok_or_else(|| {
        unread(&"no format that is known here").hint("--format NAME says what it is")
    })?;
    let import = match format {
        Format::Har => archive(&bytes).map_err(|error| unread(&error))?,
        format => {
            formats::read(format, &bytes, from.url.as_ref(), now).map_err(|error| unread(&error))?
        }
    };
    let imported = import.into_jar(&mut jar, now);
    print::error(&report(format, &imported));
    let refused = imported.refused.len() + imported.malformed;
    match imported.stored() + imported.removed + imported.outdated {
        0 if refused > 0 => return Err(unread(&"none of it could be imported")),
        0 => print::error(&format!("{}: no cookies in it\n", print::escaped(file))),
        _ => jars.save(&mut jar)?,
    }
    Ok(0)
}

/// The answers of a HAR, to be received once more.
fn archive(bytes: &[u8]) -> Result<Import, har::Error> {
    let mut import = Import::default();
    for (i, entry) in har::read(bytes)?.enumerate() {
        match entry {
            Ok(exchange) => import.answers.push(Answer {
                lines: exchange.set_cookies(),
                url: exchange.request.url,
                at: exchange.started,
            }),
            Err(har::Malformed) => import.malformed_at(i + 1),
        }
    }
    Ok(import)
}

/// What came of it, a line each; names, never values.
fn report(format: Format, imported: &Imported) -> String {
    let mut text = String::new();
    for stored in &imported.refused {
        text.push_str(&format!("{stored}\n"));
    }
    for warning in &imported.warnings {
        text.push_str(&format!("warning: {warning}\n"));
    }
    if imported.outdated > 0 {
        let n = imported.outdated;
        text.push_str(&format!("warning: {n} are older than what the jar has, which stays\n"));
    }
    if imported.malformed > 0 {
        let n = imported.malformed;
        text.push_str(&format!("warning: {n} malformed entries were passed over"));
        text.push_str(&places(format, imported));
        text.push('\n');
    }
    let (stored, refused) = (imported.stored(), imported.refused.len());
    text.push_str(&format!("{format}: {stored} imported, {refused} refused"));
    for (number, what) in [(imported.removed, "removed"), (imported.ended, "ended since")] {
        if number > 0 {
            text.push_str(&format!(", {number} {what}"));
        }
    }
    text.push('\n');
    text
}

/// Where the malformed entries are, if that is known: `: line 3, 7, …`.
fn places(format: Format, imported: &Imported) -> String {
    let known = &imported.malformed_at;
    if known.is_empty() {
        return String::new();
    }
    let unit = if format == Format::Netscape { "line" } else { "number" };
    let numbers: Vec<String> = known.iter().map(usize::to_string).collect();
    let more = if imported.malformed > known.len() { ", …" } else { "" };
    format!(": {unit} {}{more}", numbers.join(", "))
}

/// The cookies that would be sent to `url`, in the order of its `Cookie` line.
fn sent_to<'j>(jar: &'j Jar, url: &Url, now: Wall) -> Vec<&'j Cookie> {
    let mut sent: Vec<(usize, &Cookie)> = Vec::new();
    for one in jar.explain(url, now) {
        if let Sending::Sent(place) = one.sending {
            sent.push((place, one.cookie));
        }
    }
    sent.sort_unstable_by_key(|(place, _)| *place);
    sent.into_iter().map(|(_, cookie)| cookie).collect()
}

/// Writes the cookies of the jar, and says what the format could not hold.
///
/// # Errors
/// A format that is only read; a loss that was forbidden; a file that cannot be written.
pub(super) fn export(place: &Place, env: &Env, to: &To) -> Result<u8, Failure> {
    if to.url.is_none() && matches!(to.format, Format::CookieHeader | Format::SetCookieDump) {
        // Cookies of all hosts in one line would be sent, all of them, to whoever gets the line.
        let error = formats::Error::NeedsUrl(to.format);
        return Err(Failure::usage(error.to_string()));
    }
    let (_, jar) = place.open_existing(env, super::To::Look)?;
    let now = clock::wall();
    let mut cookies = jar.in_order();
    if let Some(url) = &to.url {
        cookies = sent_to(&jar, url, now);
    }
    let export = formats::write(to.format, cookies, to.url.as_ref(), now)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let losses = export.losses.to_string();
    if !losses.is_empty() {
        print::error(&format!("{losses}\n"));
    }
    if to.fail_on_loss && export.losses.matter() {
        let why = format!("{} cannot hold all of it; nothing was written", to.format);
        return Err(Failure::new(code::WRITE, why));
    }
    let Some(path) = to.output.as_ref().filter(|path| *path != Path::new("-")) else {
        return super::shown(&export.bytes);
    };
    signals::outlive_size_limit();
    let written = if to.format == Format::Netscape {
        // It may be a jar that somebody saves to at this moment.
        atomic::write_alone(path, &export.bytes, Audience::Secret)
    } else {
        atomic::target(path).and_then(|path| atomic::write(&path, &export.bytes, Audience::Secret))
    };
    written.map_err(|error| unwritten(path, &error))?;
    Ok(0)
}

/// To find out where a path leads is reading; who wanted to write does not care.
fn unwritten(path: &Path, error: &disk::Error) -> Failure {
    let text = match error {
        disk::Error::Io { doing: disk::Doing::Reading, source, .. } => {
            format!("cannot write {}: {}", path.display(), system_words(source))
        }
        error => error.to_string(),
    };
    Failure::new(code::WRITE, text)
}
