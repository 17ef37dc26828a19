//! What is to be shown, from the flags of `inspect`'s own.

use crate::cli::exit::Failure;
use crate::cli::flags::Opt;
use crate::cli::paper::Color;
use crate::cli::words::Said;
use std::path::{Component, Path, PathBuf};

/// What is to be shown, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) parts: Parts,
    pub(super) body: bool,
    pub(super) json: bool,
    pub(super) schema: bool,
    /// Where an archive goes.
    pub(super) har: Option<Har>,
    /// A file in place of the network.
    pub(super) from: Option<String>,
    pub(super) diff: bool,
    pub(super) strict: bool,
    pub(super) color: Color,
    /// Where the report goes, if not to standard output.
    pub(super) to: Option<PathBuf>,
    pub(super) fail: bool,
    pub(super) secrets: bool,
}

/// Where an archive goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Har {
    /// To a file, beside the report.
    File(PathBuf),
    /// To standard output, in place of the report.
    Stdout,
}

impl Har {
    fn of(name: &str) -> Har {
        if name == "-" { Har::Stdout } else { Har::File(PathBuf::from(name)) }
    }
}

/// The parts of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Status,
    Headers,
    Cookies,
    Tls,
    Timing,
    Caching,
    Crawler,
    Page,
    Signs,
    Defects,
}

impl Part {
    const ALL: [(Part, &'static str); 10] = [
        (Part::Status, "status"),
        (Part::Headers, "headers"),
        (Part::Cookies, "cookies"),
        (Part::Tls, "tls"),
        (Part::Timing, "timing"),
        (Part::Caching, "caching"),
        (Part::Crawler, "crawler"),
        (Part::Page, "page"),
        (Part::Signs, "signs"),
        (Part::Defects, "defects"),
    ];
}

/// Which of them are shown; all, if none was named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    pub(super) fn has(&self, part: Part) -> bool {
        self.0.is_empty() || self.0.contains(&part)
    }

    /// Whether it is shown because somebody asked for it, and not for the whole.
    pub(super) fn names(&self, part: Part) -> bool {
        self.0.contains(&part)
    }

    fn parse(text: &str) -> Result<Parts, Failure> {
        let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let parts: Result<Vec<_>, _> = named
            .map(|name| {
                let found = Part::ALL.iter().find(|(_, known)| *known == name);
                found.map(|(part, _)| *part).ok_or_else(|| {
                    let names: Vec<_> = Part::ALL.iter().map(|(_, name)| *name).collect();
                    let known = names.join(", ");
                    Failure::usage(format!(
                        "--only: no part is called \"{name}\"; there are {known}"
                    ))
                })
            })
            .collect();
        match parts? {
            parts if parts.is_empty() => Err(Failure::usage("--only takes names of parts")),
            parts => Ok(Parts(parts)),
        }
    }
}

impl Options {
    /// From all that was said.
    ///
    /// # Errors
    /// Exit 2 for what makes no sense, or not together.
    pub(super) fn of(said: &[Said]) -> Result<Options, Failure> {
        let mut options = Options::default();
        for said in said {
            match said {
                Said::Switch(opt, on) => match opt {
                    Opt::ReportBody => options.body = *on,
                    Opt::ReportJson => options.json = *on,
                    Opt::ReportSchema => options.schema = *on,
                    Opt::ReportFail => options.fail = *on,
                    Opt::ReportDiff => options.diff = *on,
                    Opt::ReportStrict => options.strict = *on,
                    Opt::ReportSecrets => options.secrets = *on,
                    _ => {}
                },
                Said::Value(opt, value) => match opt {
                    Opt::ReportOnly => options.parts = Parts::parse(value)?,
                    Opt::ReportHar => options.har = Some(Har::of(value)),
                    Opt::ReportFrom => options.from = Some(value.clone()),
                    Opt::ReportColor => {
                        let wrong = || Failure::usage("--color is auto, always or never");
                        options.color = Color::of(value).ok_or_else(wrong)?;
                    }
                    Opt::ReportTo => {
                        options.to = Some(PathBuf::from(value)).filter(|_| value != "-");
                    }
                    _ => {}
                },
                Said::Expanded(..) | Said::Url(_) => {}
            }
        }
        options.sensible()?;
        Ok(options)
    }

    fn sensible(&self) -> Result<(), Failure> {
        let whole = self.json && !self.diff && self.parts != Parts::default();
        let alone = self.har.is_some() || self.from.is_some() || self.body;
        let archive = self.har == Some(Har::Stdout) && (self.json || self.to.is_some());
        let one_file = match (&self.to, &self.har) {
            (Some(to), Some(Har::File(har))) => plain(to) == plain(har),
            _ => false,
        };
        let apart = [
            (whole, "--json is the whole; --only goes without it"),
            (self.strict && !self.diff, "--strict goes with --diff"),
            (self.diff && alone, "--diff compares; --har, --from and --body go without it"),
            (one_file, "-o and --har name the same file: the one would be written over the other"),
            (archive, "--har - shows the archive in place of any report"),
        ];
        match apart.iter().find(|(wrong, _)| *wrong) {
            Some((_, why)) => Err(Failure::usage(*why)),
            None => Ok(()),
        }
    }
}

/// What holds unless something else was said: redirects are followed, cookies are kept while it
/// runs, and content may come compressed.
pub(super) fn usual() -> Vec<Said> {
    vec![
        Said::Switch(Opt::Location, true),
        Said::Value(Opt::MaxRedirs, MOST_REDIRECTS.to_string()),
        Said::Switch(Opt::Compressed, true),
        Said::Value(Opt::Cookie, String::new()),
    ]
}

/// Redirects that are followed: as many as browsers follow, and all that a person reads. The help
/// says the number too.
const MOST_REDIRECTS: u32 = 20;

/// A file's name without what makes no other file of it.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::inspect::INSPECT;
    use crate::cli::words;

    fn of(line: &[&str]) -> Result<Options, Failure> {
        let words = line.iter().map(|word| (*word).to_owned());
        Options::of(&words::read(words, &INSPECT)?)
    }

    #[test]
    fn parts_are_named_and_none_is_all() {
        let all = of(&["u"]).unwrap();
        assert!(all.parts.has(Part::Tls) && !all.parts.names(Part::Tls));
        let some = of(&["--only", "status, tls", "u"]).unwrap();
        assert!(some.parts.has(Part::Tls) && !some.parts.has(Part::Headers));
        assert!(of(&["--only", "status,nonsense", "u"]).unwrap_err().message.contains("headers"));
        assert!(of(&["--only", ",", "u"]).is_err());
    }

    #[test]
    fn flags_of_fetch_that_write_elsewhere_are_refused_by_name() {
        for words in [&["-i"][..], &["-D", "f"], &["-sw", "x"], &["--json-out", "f"], &["-O"]] {
            let failure = of(words).unwrap_err();
            assert!(failure.code == 2 && failure.message.starts_with("option -"), "{failure:?}");
        }
        let out = of(&["-o", "report.txt", "-f", "--json"]).unwrap();
        assert!(out.to.is_some() && out.fail && out.json);
    }

    #[test]
    fn what_contradicts_itself_is_a_usage_failure() {
        for words in [&["--json", "--only", "tls"][..], &["-o", "same", "--har", "./same"]] {
            assert_eq!(of(words).unwrap_err().code, 2, "{words:?}");
        }
        assert!(of(&["-o", "one", "--har", "other"]).is_ok());
    }
}
