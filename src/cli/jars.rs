//! The cookies of a run: where they come from, and where they are saved.

use super::exit::{Failure, code};
use super::output::Writer;
use super::plan::{CookiePlan, Output};
use super::{print, signals};
use crate::base::{Tick, system_words};
use crate::cookie::Jar;
use crate::cookie::formats::netscape;
use crate::disk::{self, JarFile, Loaded, Saved, SessionFile};
use crate::net::clock;
use std::ffi::OsString;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;
use url::Url;

/// A run of many transfers saves so often: what a kill can cost.
const SAVE_EVERY: Duration = Duration::from_secs(3);

/// The files behind a run's jar.
#[derive(Default)]
pub(super) struct Jars {
    session: Option<SessionFile>,
    file: Option<JarFile>,
    /// `-c -`, or a device: the jar is written there at the end.
    stream: Option<Writer>,
    saved_at: Tick,
    quiet: bool,
    missing: bool,
}

impl Jars {
    /// Opens everything that was asked for, into the jar of the run. `first` is the URL of the
    /// first request: a file of `Set-Cookie` lines is read as if it had come from there.
    ///
    /// # Errors
    /// Exit 26 where a file is there and cannot be read; one that is not there is empty. Exit 23
    /// where it is clear already that the jar cannot be saved.
    pub(super) fn open(
        plan: &CookiePlan,
        jar: &mut Option<Jar>,
        first: Option<&Url>,
        quiet: bool,
    ) -> Result<Jars, Failure> {
        if !plan.engine {
            return Ok(Jars::default());
        }
        if !plan.read_only {
            signals::outlive_size_limit();
        }
        let (jar, now) = (jar.get_or_insert_default(), clock::wall());
        let mut jars = Jars { saved_at: clock::tick(), quiet, ..Jars::default() };
        if let Some(dir) = &plan.session {
            let (session, loaded) =
                SessionFile::open(dir, jar, now).map_err(|error| unread(&error))?;
            jars.session = (!plan.read_only).then_some(session);
            jars.warn_loaded(&dir.to_string_lossy(), &loaded);
            jars.missing = loaded.missing > 0;
        }
        let mut save = plan.save.as_deref();
        if let Some(stream) = save.and_then(stream) {
            jars.stream = Some(stream);
            save = None;
        }
        if let Some(path) = save.filter(|_| !plan.read_only) {
            can_be_made(path)?;
        }
        let (file, loaded) = disk::jar::open_all(&plan.read, save, jar, first, now)
            .map_err(|error| unread(&error))?;
        jars.file = file.filter(|_| !plan.read_only);
        let names: Vec<_> = plan.read.iter().map(|path| path.to_string_lossy()).collect();
        jars.warn_loaded(&names.join(", "), &loaded);
        jars.missing |= loaded.missing > 0;
        Ok(jars)
    }

    /// Whether a file that was to be read is not there; it counts as an empty one.
    pub(super) fn missing(&self) -> bool {
        self.missing
    }

    /// Whether anything is kept for another run.
    pub(super) fn keep(&self) -> bool {
        self.session.is_some() || self.file.is_some() || self.stream.is_some()
    }

    /// Saves what changed, if it is time to.
    ///
    /// # Errors
    /// As [`Jars::save`].
    pub(super) fn save_now_and_then(&mut self, jar: &mut Jar) -> Result<(), Failure> {
        if clock::tick() - self.saved_at < SAVE_EVERY { Ok(()) } else { self.save_files(jar) }
    }

    /// Saves what changed.
    ///
    /// # Errors
    /// Exit 23; the files are then as they were.
    pub(super) fn save(&mut self, jar: &mut Jar) -> Result<(), Failure> {
        if let Some(stream) = &mut self.stream {
            let (text, left_out) = netscape::write(jar.in_order());
            stream.write(&text).map_err(|error| {
                let why = format!("cannot show the jar: {}", system_words(&error));
                Failure::new(code::WRITE, why)
            })?;
            self.warn_left_out(left_out);
        }
        self.save_files(jar)
    }

    fn save_files(&mut self, jar: &mut Jar) -> Result<(), Failure> {
        let now = clock::wall();
        let unsaved = |error: disk::Error| Failure::new(code::WRITE, error.to_string());
        if let Some(session) = &mut self.session {
            session.save(jar, now).map_err(unsaved)?;
        }
        if let Some(file) = &mut self.file
            && let Saved::Written { left_out, .. } = file.save(jar, now).map_err(unsaved)?
        {
            self.warn_left_out(left_out);
        }
        self.saved_at = clock::tick();
        Ok(())
    }

    /// What was passed over is counted where a person sees it.
    fn warn_loaded(&self, what: &str, loaded: &Loaded) {
        let Loaded { skipped, refused, kept, contradictions, .. } = loaded;
        let malformed = skipped - refused;
        if malformed > 0 {
            self.warn(&format!("{what}: {malformed} malformed entries were passed over"));
        }
        if *refused > 0 {
            self.warn(&format!("{what}: {refused} cookies that no server could have set"));
        }
        if *kept > 0 {
            self.warn(&format!("{what}: {kept} lines are not understood; they stay"));
        }
        if *contradictions > 0 {
            let why = "a dot before the domain and FALSE behind it; the dot was believed";
            self.warn(&format!("{what}: {contradictions} entries have {why}"));
        }
    }

    fn warn_left_out(&self, left_out: usize) {
        if left_out > 0 {
            let why = "cannot stand in a Netscape jar and were not saved; --session keeps them";
            self.warn(&format!("{left_out} cookies {why}"));
        }
    }

    fn warn(&self, text: &str) {
        if !self.quiet {
            print::error(&format!("warning: {}\n", print::escaped(text)));
        }
    }
}

fn unread(error: &disk::Error) -> Failure {
    Failure::new(code::READ, error.to_string())
}

/// Standard output or a device, which a jar can be written to and not be kept in.
fn stream(path: &Path) -> Option<Writer> {
    if path == Path::new("-") {
        return Some(Writer::new(Output::Stdout { asked: true }));
    }
    let there = path.metadata().ok()?;
    (!there.is_file() && !there.is_dir()).then(|| Writer::over(path))
}

/// A jar that can never be saved is known before the login, not after: a save makes a file beside
/// it and puts that in its place.
fn can_be_made(path: &Path) -> Result<(), Failure> {
    let unsaved = |why: &str| {
        let text = format!("cannot save cookies to {}: {why}", path.display());
        Err(Failure::new(code::WRITE, text))
    };
    if path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return unsaved("it is a folder");
    }
    // A link's own folder does not matter, the one it leads to does.
    let target = disk::atomic::target(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    if !folder.unwrap_or(Path::new(".")).is_dir() {
        return unsaved("there is no such folder; make it first");
    }
    try_beside(&target).or_else(|error| unsaved(&system_words(&error)))
}

/// Makes a file beside `path` and removes it. The name is one that the next save sweeps out, should
/// this process be killed in between.
fn try_beside(path: &Path) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-try.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside) {
        Ok(_) => std::fs::remove_file(&beside).or(Ok(())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
