//! A hop as a block: what was asked where, what came, over which connection, and when.

use super::heads;
use super::measure::{bytes, count, date, waterfall};
use super::options::{Options, Part};
use crate::base::{Head, Headers, Wall};
use crate::cli::paper::{Ink, Paper};
use crate::cli::print::visible;
use crate::inspect::{Block, Certificate, Extent, Unfinished, certificate};
use crate::net::Established;
use url::Url;

/// The column in which facts stand.
pub(super) const FACTS: usize = 16;

/// A certificate that ends sooner than this is worth a look.
const SOON: i64 = 14;

/// A hop that was answered.
pub(super) fn hop(
    paper: &mut Paper,
    number: usize,
    block: &Block<'_>,
    options: &Options,
    now: Wall,
) {
    let (hop, parts) = (block.hop, &options.parts);
    title(paper, number, hop.method.as_str(), &hop.asked, options);
    if parts.has(Part::Status) {
        for interim in &hop.interims {
            paper.paragraph(3, &[(Ink::Faint, &status_line(interim))]);
        }
        paper.paragraph(3, &[(status_tone(hop.head.status), &status_line(&hop.head))]);
        let meaning = block.meaning.as_deref();
        paper.paragraph(
            3,
            &[(Ink::Faint, meaning.unwrap_or("A status code that is not registered."))],
        );
        paper.gap();
    }
    connection(
        paper,
        (&hop.url, hop.established.as_ref(), hop.reused),
        block.certificate.as_ref(),
        options,
        now,
    );
    if parts.has(Part::Timing) && hop.established.is_some() {
        waterfall(paper, "timing", FACTS, &block.stretches);
    }
    if parts.has(Part::Status) {
        paper.row(3, (Ink::Label, "content"), FACTS, &[(Ink::Plain, &sizes(block))]);
    }
    let cookie =
        |name: &str| ["Cookie", "Set-Cookie"].iter().any(|it| name.eq_ignore_ascii_case(it));
    if parts.has(Part::Headers) || parts.has(Part::Cookies) {
        let all = parts.has(Part::Headers);
        let wanted = |line: &crate::inspect::Line| all || cookie(&line.name);
        paper.gap();
        if !hop.sent.is_empty() {
            heads::head(paper, ("request", FACTS), &block.sent, options.secrets, wanted);
        }
        if all {
            for interim in &hop.interims {
                let line = status_line(interim);
                paper.row(3, (Ink::Label, "before it"), FACTS, &[(Ink::Plain, &line)]);
                plain(paper, &interim.headers, options);
            }
        }
        heads::head(paper, ("response", FACTS), &block.received, options.secrets, wanted);
        if all && !hop.trailers.is_empty() {
            paper.paragraph(5, &[(Ink::Faint, "trailers, behind the content")]);
            plain(paper, &hop.trailers, options);
        }
    }
    paper.gap();
}

/// A hop that was not.
pub(super) fn unfinished(
    paper: &mut Paper,
    number: usize,
    it: &Unfinished<'_>,
    options: &Options,
    now: Wall,
) {
    let (lost, parts) = (it.lost, &options.parts);
    title(paper, number, lost.method.as_str(), &lost.asked, options);
    if parts.has(Part::Status) {
        paper.paragraph(3, &[(Ink::Bad, "no answer")]);
        paper.gap();
    }
    connection(
        paper,
        (&lost.url, lost.established.as_ref(), lost.reused),
        it.certificate.as_ref(),
        options,
        now,
    );
    if parts.has(Part::Timing) {
        waterfall(paper, "timing", FACTS, &it.stretches);
    }
    if let Some(sent) = it.sent.as_ref().filter(|_| parts.has(Part::Headers)) {
        paper.gap();
        heads::head(paper, ("request", FACTS), sent, options.secrets, |_| true);
    }
    paper.gap();
}

fn title(paper: &mut Paper, number: usize, method: &str, url: &str, options: &Options) {
    let url = heads::url(url, options.secrets);
    paper.gap();
    paper.row(
        0,
        (Ink::Title, &number.to_string()),
        3,
        &[(Ink::Title, &format!("{} {url}", visible(method.as_bytes())))],
    );
}

/// Fields of a head that nothing is said of.
fn plain(paper: &mut Paper, headers: &Headers, options: &Options) {
    for field in headers.iter() {
        let value = heads::value(field.value, Some(field.name), options.secrets);
        let name = heads::shortened(field.name.as_bytes());
        paper.paragraph(7, &[(Ink::Plain, &format!("{name}: {value}"))]);
    }
}

/// `HTTP/1.1 404 Not Found`.
fn status_line(head: &Head) -> String {
    let reason = heads::shortened(&head.reason);
    format!("{} {} {reason}", head.version.as_str(), head.status).trim_end().to_owned()
}

fn status_tone(status: u16) -> Ink {
    match status {
        200..300 => Ink::Good,
        100..400 => Ink::Caution,
        _ => Ink::Bad,
    }
}

/// What came, and what it was before.
fn sizes(block: &Block<'_>) -> String {
    let hop = block.hop;
    let mut text = match (hop.received, hop.decoded) {
        (0, 0) if block.extent == Extent::PassedOver => "not read".to_owned(),
        (0, 0) => "none came".to_owned(),
        (came, 0) => format!("{} came and were passed over", bytes(came)),
        (came, decoded) if came == decoded => bytes(came),
        (came, decoded) => format!("{}, decoded from {}", bytes(decoded), bytes(came)),
    };
    if hop.uploaded > 0 {
        text.push_str(&format!("; {} went", bytes(hop.uploaded)));
    }
    text
}

fn connection(
    paper: &mut Paper,
    (url, made, reused): (&Url, Option<&Established>, bool),
    certificate: Option<&Certificate>,
    options: &Options,
    now: Wall,
) {
    let Some(made) = made else { return };
    let parts = &options.parts;
    if parts.has(Part::Status) || parts.names(Part::Tls) {
        paper.row(3, (Ink::Label, "connection"), FACTS, &[(Ink::Plain, &addresses(made, reused))]);
        if let Some(tunnel) = made.tunnel.as_ref().filter(|tunnel| tunnel.status != 0) {
            let text = format!("the proxy answered CONNECT with {}", tunnel.status);
            paper.row(3, (Ink::Label, "tunnel"), FACTS, &[(Ink::Plain, &text)]);
        }
    }
    if !parts.has(Part::Tls) {
        return;
    }
    let mut tls = |tone, text: &str| paper.row(3, (Ink::Label, "TLS"), FACTS, &[(tone, text)]);
    match (&made.tls, &made.untrusted) {
        (Some(agreed), _) => {
            tls(Ink::Plain, &format!("{}, {}", agreed.version, agreed.suite));
            let objection = certificate::objection(agreed.verdict);
            let objection = objection.map(|why| format!("{why}; it was taken all the same (-k)"));
            shown(paper, objection.as_deref(), certificate, now);
        }
        (None, Some(refused)) => {
            tls(Ink::Bad, "not agreed: the certificate was refused, and nothing was sent");
            shown(paper, certificate::objection(refused.verdict), certificate, now);
        }
        (None, None) if url.scheme() == "https" => {
            tls(Ink::Bad, "not agreed, and nothing was sent");
        }
        (None, None) if parts.names(Part::Tls) => {
            tls(Ink::Caution, "none: anybody on the way can read and change it");
        }
        (None, None) => {}
    }
}

/// `127.0.0.1:51234 to 127.0.0.1:8080, new`.
fn addresses(made: &Established, reused: bool) -> String {
    let how = if reused { "used before" } else { "new" };
    let to = match (made.local, made.peer) {
        (Some(local), Some(peer)) => format!("{local} to {peer}"),
        _ => "to a Unix socket".to_owned(),
    };
    let proxy = if made.proxied { ", by a proxy" } else { "" };
    format!("{to}, {how}{proxy}")
}

/// The certificate, and what there is against it.
fn shown(paper: &mut Paper, objection: Option<&str>, certificate: Option<&Certificate>, now: Wall) {
    let (tone, verdict) = match objection {
        None => (Ink::Good, "trusted".to_owned()),
        Some(why) => (Ink::Bad, format!("not to be trusted: {why}")),
    };
    let Some(certificate) = certificate else {
        paper.row(3, (Ink::Label, "certificate"), FACTS, &[(Ink::Bad, "none that could be read")]);
        return;
    };
    paper.row(3, (Ink::Label, "certificate"), FACTS, &[(tone, &verdict)]);
    let of = |name: &str| {
        if name.is_empty() { "nobody".to_owned() } else { heads::shortened(name.as_bytes()) }
    };
    paper.row(5, (Ink::Label, "subject"), FACTS, &[(Ink::Plain, &of(&certificate.subject))]);
    let issuer = match certificate.is_self_signed() {
        true => "itself".to_owned(),
        false => of(&certificate.issuer),
    };
    paper.row(5, (Ink::Label, "issuer"), FACTS, &[(Ink::Plain, &issuer)]);
    paper.row(5, (Ink::Label, "names"), FACTS, &[(Ink::Plain, &names(&certificate.names))]);
    let left = certificate.days_left(now);
    let ends = |left: i64| {
        let days = count(left.unsigned_abs(), "day", "days");
        format!("{days} left, until {}", date(certificate.until))
    };
    let (tone, text) = match left {
        ..0 => (Ink::Bad, format!("over since {}", date(certificate.until))),
        0..SOON => (Ink::Caution, ends(left)),
        _ => (Ink::Plain, ends(left)),
    };
    paper.row(5, (Ink::Label, "time"), FACTS, &[(tone, &text)]);
}

/// The first names, and how many more there are.
fn names(names: &[String]) -> String {
    const ENOUGH: usize = 8;
    let shown: Vec<_> =
        names.iter().take(ENOUGH).map(|name| heads::shortened(name.as_bytes())).collect();
    match names.len().checked_sub(ENOUGH) {
        _ if names.is_empty() => "none".to_owned(),
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}
