//! `cruller session run`: another program uses a session's cookies, and what it changed comes back.
//!
//! 1. The session is read. From now on INT, QUIT, TERM and HUP are heard, so that they do not end us
//!    before the jar is taken away again; what other signals end leaves its folder.
//! 2. The cookies are written to a Netscape jar in a folder of its own.
//! 3. The program runs; the session is not locked meanwhile.
//! 4. The jar is read and removed; what the program changed is saved under the lock, by the rules
//!    by which every run saves.

use super::child::{Watch, exit_code};
use super::errand::Errand;
use super::{counted, note};
use crate::cli::exit::{Failure, code};
use crate::cli::{jars::Jars, print, signals};
use crate::cookie::Jar;
use crate::cookie::formats::Loan;
use crate::disk::private::Private;
use crate::net::clock;
use std::path::Path;
use std::process::{Command, ExitStatus};

/// Where a program finds the jar that no argument names.
const VARIABLE: &str = "CRULLER_JAR";

/// Runs the program; its exit code, unless it ended well and its cookies are lost.
pub(super) fn run(dir: &Path, program: &str, arguments: &[String]) -> Result<u8, Failure> {
    let errand = Errand::read(program, arguments);
    // What others set while the session is read is later than this.
    let begun = clock::wall();
    let (mut jars, mut jar) = super::open(dir)?;
    let loan = Loan::of(&jar, errand.borrower, begun);
    for (loss, number) in loan.kept_back() {
        note(&format!("not lent, {}: {}", loss.name(), counted(number, "cookie")));
    }
    if errand.elsewhere {
        note(&format!("{program} is given another jar; {{jar}} in its place is the session's"));
    }
    let watch = Watch::begin()?;
    let mut base = std::env::temp_dir();
    if base.as_os_str().is_empty() {
        // A TMPDIR that is empty is as if unset.
        base.push("/tmp");
    }
    let lent = Private::create(&base, "cookies.txt", loan.bytes())
        .map_err(|error| Failure::new(code::WRITE, error.to_string()))?;
    let path = lent.path().to_str().ok_or_else(|| Failure::usage("TMPDIR is not UTF-8"))?;
    let mut command = Command::new(program);
    command.args(errand.arguments(path)).env(VARIABLE, path);
    let status = watch.run(command)?;
    let text = lent.read();
    drop(lent);
    // From now on a signal ends us again, should the session's lock be waited for.
    signals::watch();
    let text = text.map_err(|error| Failure::new(code::READ, error.to_string()));
    let done =
        text.and_then(|text| settle(&mut jars, &mut jar, &loan, text.as_deref(), status, program));
    match (done, exit_code(status)) {
        (Ok(()), code) => Ok(code),
        (Err(failure), 0) => Err(failure),
        (Err(failure), code) => Err(Failure { code, ..failure }),
    }
}

/// Takes the jar back and saves what changed.
fn settle(
    jars: &mut Jars,
    jar: &mut Jar,
    loan: &Loan,
    text: Option<&[u8]>,
    status: ExitStatus,
    program: &str,
) -> Result<(), Failure> {
    let garbled = |how: &str| {
        let why = format!("the jar came back {how}; the session is as it was, run {program} again");
        Failure::new(code::READ, why)
    };
    let text = text.ok_or_else(|| garbled("not at all"))?;
    // So a shell, or another program in its place, tells of a signal.
    let ended = status.code().is_some_and(|code| code < 128);
    let returned =
        loan.take_back(text, ended, jar, clock::wall()).map_err(|why| garbled(&why.to_string()))?;
    for stored in &returned.refused {
        print::error(&format!("{stored}\n"));
    }
    if returned.removed > 0 {
        note(&format!("{} removed by {program}", counted(returned.removed, "cookie")));
    }
    if returned.missing > 0 {
        let were = if returned.missing == 1 { "was" } else { "were" };
        note(&format!(
            "{} that {program} did not hand back {were} kept; cruller cookies rm removes one",
            counted(returned.missing, "cookie")
        ));
    }
    jars.save(jar)
}
