//! The words of `inspect`: flags of its own, and those of `fetch` that say what is asked for and
//! how it gets there. Whatever writes somewhere, or asks again, is refused by name.

use crate::cli::flags::{Flag, Group, Opt, Takes, flag, long};
use crate::cli::grammar::Grammar;
use Group::Report;
use Takes::{Mark, Switch, Value};

/// The words of `inspect`.
pub(in crate::cli) static INSPECT: Grammar = Grammar {
    command: "inspect",
    about:
        "Fetch a URL, follow it, and show what happened and why: every hop with its connection, TLS,
times and fields, each with what it says; cookies and what became of them; then what a cache
and a crawler would do, and everything that was tolerated, with its section of the RFC.",
    examples: &[
        ("cruller inspect https://example.com/", "everything"),
        (
            "cruller inspect --only status,defects https://example.com/",
            "where it leads, and what is wrong",
        ),
        (
            "cruller inspect --head -H 'Origin: https://a.example' https://example.com/api",
            "the fields alone",
        ),
        (
            "cruller inspect --session me https://example.com/account",
            "as a visitor who is known there",
        ),
        ("cruller inspect --json https://example.com/ | jq .whole.caching", "for programs"),
        ("cruller inspect --har page.har https://example.com/", "for a browser's developer tools"),
        ("cruller inspect --from page.har", "what was saved, and no network"),
        ("cruller inspect --diff page.har https://example.com/", "what has changed since"),
    ],
    usual: &[
        Opt::ReportBody,
        Opt::Head,
        Opt::ReportOnly,
        Opt::ReportJson,
        Opt::ReportHar,
        Opt::ReportFrom,
        Opt::ReportDiff,
        Opt::ReportSecrets,
        Opt::Request,
        Opt::Header,
        Opt::User,
        Opt::Data,
        Opt::Session,
        Opt::MaxRedirs,
        Opt::Insecure,
    ],
    notes: "The flags of fetch that say what is asked for, and how it gets there, hold here too:
cruller inspect -h all. Up to 20 redirects are followed (--no-location shows the first answer),
cookies are kept while it runs, compressed content is asked for (--no-compressed does not). Of
content, the first 16 MiB are taken. fetch.conf is not read.",
    own: OWN,
    refuses,
    conf: None,
};

/// Its own flags, in the order of the help; a row each.
#[rustfmt::skip]
const OWN: &[Flag] = &[
    long(Opt::ReportBody, "body", Switch, Report, "Show the content too, JSON pretty"),
    long(Opt::ReportOnly, "only", Value("PART,…"), Report, "Show these parts only: status, headers, cookies, tls, timing, caching, crawler, page, signs, defects"),
    long(Opt::ReportJson, "json", Switch, Report, "Show all as a line of JSON, as fetch --json-out does and more of it; nothing is masked there"),
    long(Opt::ReportSchema, "schema", Mark, Report, "Show the JSON Schema of that, and do nothing"),
    long(Opt::ReportHar, "har", Value("FILE"), Report, "Write a HAR 1.2 too, for a browser's developer tools; `-` shows it in place of the report; nothing is masked there"),
    flag(Opt::ReportTo, 'o', "output", Value("FILE"), Report, "Write the report to a file"),
    flag(Opt::ReportFail, 'f', "fail", Switch, Report, "Take a status from 400 up as a failure: exit 22, and the report all the same"),
    long(Opt::ReportFrom, "from", Value("FILE"), Report, "Show what was saved in place of asking: an answer as it came, a HAR or a WARC; a URL says which answer of many; `-` is standard input"),
    long(Opt::ReportDiff, "diff", Mark, Report, "Compare two answers, each of a URL or a file, side by side; neither gets the cookies of the other, unless a session or a jar keeps them: exit 0 where they are the same, 200 where they differ, 202 where they cannot be compared"),
    long(Opt::ReportStrict, "strict", Switch, Report, "With --diff: fields that change with every answer, values of cookies, and white space count too"),
    long(Opt::ReportSecrets, "show-secrets", Switch, Report, "Show cookie values, logins and passwords"),
    long(Opt::MaxRedirs, "max-redirs", Value("N"), Group::Redirects, "Follow at most N redirects; 20 unless given, -1 for no limit"),
    long(Opt::ReportColor, "color", Value("WHEN"), Report, "Colour: auto, always or never; NO_COLOR and CLICOLOR_FORCE count where it is auto"),
];

/// Why a flag of `fetch` is not there, and what to use instead.
fn refuses(flag: &Flag) -> Option<&'static str> {
    Some(match flag.opt {
        Opt::Silent | Opt::ShowError | Opt::Stderr | Opt::ProgressMeter => return None,
        Opt::Include | Opt::DumpHeader => {
            "the heads are shown as it is; --only headers shows them alone"
        }
        Opt::JsonOut => "use --json, with -o for a file",
        Opt::WriteOut => "use --json and what reads JSON, or cruller fetch -w",
        Opt::Verbose
        | Opt::Trace
        | Opt::TraceAscii
        | Opt::TraceTime
        | Opt::TraceIds
        | Opt::TraceConfig => "the report tells it; cruller fetch -v shows it as it happens",
        Opt::ExplainCookies => "the report tells it of every cookie",
        Opt::FailWithBody => "use -f, and --body for the content",
        Opt::RemoteName
        | Opt::RemoteHeaderName
        | Opt::RemoteNameAll
        | Opt::RemoteTime
        | Opt::OutputDir
        | Opt::CreateDirs
        | Opt::Clobber
        | Opt::SkipExisting
        | Opt::RemoveOnError
        | Opt::ContinueAt => "cruller fetch saves content; -o FILE saves the report",
        Opt::EtagSave => "cruller fetch saves it; the report shows it",
        Opt::Parallel | Opt::ParallelMax | Opt::Rate | Opt::FailEarly => {
            "one report comes after the other; start cruller again for more at once"
        }
        Opt::Retry
        | Opt::RetryDelay
        | Opt::RetryMaxTime
        | Opt::RetryAllErrors
        | Opt::RetryConnrefused => "what came first is shown; cruller fetch tries again",
        Opt::ProgressBar => "there is no progress meter here",
        Opt::DryRun | Opt::ToCurl => "cruller fetch shows it",
        Opt::Raw => "the content would not be read; cruller fetch --raw shows it",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags::FLAGS;
    use crate::cli::{help, typed::HelpOn};

    #[test]
    fn whatever_is_about_output_is_refused_or_its_own() {
        for flag in FLAGS.iter().filter(|flag| flag.group == Group::Output) {
            let shadowed = OWN.iter().any(|own| own.long == flag.long);
            let harmless = [Opt::Silent, Opt::ShowError, Opt::Stderr, Opt::ProgressMeter];
            let refused = refuses(flag).is_some();
            assert!(shadowed || refused || harmless.contains(&flag.opt), "{}", flag.long);
        }
    }

    #[test]
    fn every_flag_is_in_the_help() {
        let all = help::text(&HelpOn("all".to_owned()), &INSPECT).unwrap();
        for flag in INSPECT.flags() {
            assert!(all.contains(&format!("  {}", help::spelled(flag))), "{}", flag.long);
        }
        assert!(all.contains("20 unless given") && !all.contains("50 unless given"));
        assert!(!all.contains("--dump-header"));
        let overview = help::text(&HelpOn(String::new()), &INSPECT).unwrap();
        assert!(overview.lines().all(|line| line.chars().count() <= 100), "{overview}");
    }
}
