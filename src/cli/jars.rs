//! The cookies of a run: where they come from, and where they are saved.

use super::exit::{Failure, code};
use super::plan::CookiePlan;
use super::print;
use crate::cookie::Jar;
use crate::cookie::formats::netscape;
use crate::disk::{self, JarFile, Loaded, SessionFile};
use crate::net::clock;
use std::path::Path;
use url::Url;

/// The files behind a run's jar.
#[derive(Default)]
pub(super) struct Jars {
    session: Option<SessionFile>,
    file: Option<JarFile>,
    /// `-c -`: the jar is shown, not saved.
    shown: bool,
}

impl Jars {
    /// Opens everything that was asked for. `first` is the URL of the first request: a file of
    /// `Set-Cookie` lines is read as if it had come from there.
    ///
    /// # Errors
    /// Exit 26 where a file is there and cannot be read. One that is not there is empty.
    pub(super) fn open(
        plan: &CookiePlan,
        first: Option<&Url>,
    ) -> Result<(Jars, Option<Jar>), Failure> {
        if !plan.engine {
            return Ok((Jars::default(), None));
        }
        let (mut jar, now) = (Jar::new(), clock::wall());
        let mut jars = Jars::default();
        if let Some(dir) = &plan.session {
            let (session, loaded) =
                SessionFile::open(dir, &mut jar, now).map_err(|error| unread(&error))?;
            jars.session = (!plan.read_only).then_some(session);
            warn(&dir.to_string_lossy(), &loaded);
        }
        jars.shown = plan.save.as_deref() == Some(Path::new("-"));
        let save = plan.save.as_deref().filter(|_| !jars.shown);
        let (file, loaded) = disk::jar::open_all(&plan.read, save, &mut jar, first, now)
            .map_err(|error| unread(&error))?;
        jars.file = file;
        warn("cookies", &loaded);
        Ok((jars, Some(jar)))
    }

    /// Saves what changed.
    ///
    /// # Errors
    /// Exit 23; the files are then as they were.
    pub(super) fn save(&mut self, jar: &mut Jar) -> Result<(), Failure> {
        let now = clock::wall();
        let unsaved = |error: disk::Error| Failure::new(code::WRITE, error.to_string());
        if self.shown {
            let (text, _) = netscape::write(jar.in_order());
            print::text(&String::from_utf8_lossy(&text)).map_err(|error| {
                Failure::new(code::WRITE, format!("cannot show the jar: {error}"))
            })?;
        }
        if let Some(session) = &mut self.session {
            session.save(jar, now).map_err(unsaved)?;
        }
        if let Some(file) = &mut self.file {
            file.save(jar, now).map_err(unsaved)?;
        }
        Ok(())
    }
}

fn unread(error: &disk::Error) -> Failure {
    Failure::new(code::READ, error.to_string())
}

/// Lines that were passed over are counted where a person sees it.
fn warn(what: &str, loaded: &Loaded) {
    if loaded.skipped > 0 {
        let n = loaded.skipped;
        print::error(&format!("warning: {what}: {n} malformed entries were passed over\n"));
    }
}
