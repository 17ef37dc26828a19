//! What `fetch` shows while it happens: the sink of its transfers.

use super::output::Writer;
use super::part::{Part, Step};
use super::plan::{Fail, Show};
use super::trace::{Ids, Way};
use super::write_out::Facts;
use super::{json_out, print};
use crate::base::{Headers, Tick};
use crate::client::{Flow, Hop, Notice, Sink, Unanswered};
use crate::cookie::{Jar, Rule, Sending};
use crate::net::{Conn, Opened, clock};
use serde_json::Value;
use std::cell::RefCell;
use std::io;
use std::path::Path;
use url::Url;

/// Writes content and heads where they were wanted, and tells the rest on standard error.
pub(super) struct Shown<'s> {
    show: &'s Show,
    pub(super) content: Writer,
    /// Where `-D` writes; shared by all transfers of a run.
    heads: Option<&'s RefCell<Writer>>,
    /// The status that `-f` takes as a failure.
    pub(super) failed_status: Option<u16>,
    /// Why `-C` cannot go on with what came.
    pub(super) cannot_resume: Option<&'static str>,
    pub(super) part: Part,
    /// Whether content was held back because it would have gone to a terminal.
    pub(super) binary_on_terminal: bool,
    began: bool,
    ids: Ids,
    pub(super) facts: Facts,
    /// The hops, where a record of them is wanted.
    pub(super) hops: Option<Vec<Value>>,
    /// When the first hop began.
    first: Option<Tick>,
}

impl<'s> Shown<'s> {
    pub(super) fn new(
        show: &'s Show,
        content: Writer,
        heads: Option<&'s RefCell<Writer>>,
        facts: Facts,
        part: Part,
    ) -> Shown<'s> {
        Shown {
            show,
            content,
            heads,
            failed_status: None,
            cannot_resume: None,
            part,
            binary_on_terminal: false,
            began: false,
            ids: Ids { transfer: facts.number, connection: None },
            facts,
            hops: None,
            first: None,
        }
    }

    /// The place of the content, for another try: what this one wrote of it is taken back.
    pub(super) fn content_for_another_try(mut self) -> Writer {
        if self.began {
            self.content.take_back();
        }
        self.content.let_go();
        self.content
    }

    /// Line by line, as curl does where -i and -D share standard output.
    fn head(&mut self, raw: &[u8]) -> io::Result<()> {
        for line in raw.split_inclusive(|&b| b == b'\n') {
            if let Some(heads) = self.heads {
                heads.borrow_mut().write(line)?;
            }
            if self.show.heads {
                self.content.write_head(line)?;
            }
        }
        Ok(())
    }

    /// Trailers stand where they came: behind the content.
    fn trailers(&mut self, trailers: &Headers) -> io::Result<()> {
        for field in trailers.iter() {
            self.head(&[field.name.as_bytes(), b": ", field.value, b"\r\n"].concat())?;
        }
        Ok(())
    }

    fn final_head(&mut self, hop: &Hop, follows: bool) -> io::Result<Flow> {
        self.tell(Way::In, &hop.raw_head);
        self.facts.head(&hop.raw_head);
        if !follows {
            self.show.counts.expect(announced(&hop.raw_head), None);
        }
        if !follows {
            // What an error calls itself is no name for what was wanted (curl does the same).
            let named = (200..400).contains(&hop.head.status).then_some(&hop.head.headers);
            self.content.name_from(named)?;
        }
        self.head(&hop.raw_head)?;
        for stored in &hop.cookies {
            self.note_cookie(&stored.to_string());
        }
        if follows {
            return Ok(Flow::On);
        }
        let nothing_left = self.part.resumes() && hop.head.status == 416;
        if self.show.fail != Fail::Never && hop.head.status >= 400 && !nothing_left {
            self.failed_status = Some(hop.head.status);
            if self.show.fail == Fail::AtOnce {
                return Ok(Flow::Enough);
            }
        }
        match self.part.begins(&hop.head, self.content.path()) {
            Step::On => {}
            Step::Anew => self.content.begin_anew()?,
            Step::Nothing => return Ok(Flow::Enough),
            Step::Refused(why) => {
                self.cannot_resume = Some(why);
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::On)
    }

    fn content(&mut self, piece: &[u8]) -> io::Result<Flow> {
        if piece.is_empty() {
            return Ok(Flow::On);
        }
        if !self.began {
            self.began = true;
            if piece.contains(&0) && self.content.is_unasked_terminal() {
                self.binary_on_terminal = true;
                return Ok(Flow::Enough);
            }
        }
        // Of what is there to be found the note speaks already.
        self.content.open()?;
        self.part.came(piece.len());
        self.content.write(piece)?;
        Ok(Flow::On)
    }

    fn tell(&self, way: Way, raw: &[u8]) {
        self.show.trace.head(self.ids, way, raw);
    }

    fn note(&self, text: &str) {
        self.show.trace.note(self.ids, text);
    }

    /// What a 2xx to CONNECT says of content, of which it has none (RFC 9112 section 6.3).
    fn ignored(&self, opened: &Opened) {
        let heads = String::from_utf8_lossy(&opened.heads);
        for line in heads.lines().filter(|_| (200..300).contains(&opened.status)) {
            let name = line.split(':').next().unwrap_or_default();
            for ignored in ["Content-Length", "Transfer-Encoding"] {
                if name.eq_ignore_ascii_case(ignored) {
                    self.note(&format!("Ignoring {ignored} in CONNECT {} response", opened.status));
                }
            }
        }
    }

    fn note_cookie(&self, text: &str) {
        if self.show.trace.is_on() {
            self.note(text);
        } else if self.show.explain_cookies {
            print::error(&format!("* {}\n", print::escaped(text)));
        }
    }

    /// Which cookies are sent and which are not, those of other domains left out.
    fn sending(&self, jar: &Jar, url: &Url) {
        if !self.show.explain_cookies {
            return;
        }
        for one in jar.explain(url, clock::wall()) {
            let elsewhere =
                matches!(one.sending, Sending::Kept(Rule::OtherDomain | Rule::OtherSite));
            if !elsewhere {
                let name = one.cookie.key.name.escape_ascii();
                self.note_cookie(&format!("cookie {name}: {}", one.sending));
            }
        }
    }

    fn connected(&mut self, conn: &Conn) {
        self.ids.connection = Some(conn.established.number);
        let made = &conn.established;
        let how = if conn.exchanges > 0 { "Reusing the connection" } else { "Connected" };
        match made.peer.zip(made.local) {
            Some((peer, local)) => self.note(&format!("{how} to {peer} from {local}")),
            None => self.note(&format!("{how} to a Unix socket")),
        }
        if let Some(tls) = &made.tls {
            self.note(&format!("{}, {}", tls.version, tls.suite));
        }
    }
}

/// The length of the content behind a head, if it says so.
fn announced(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(head);
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let (_, length) = fields.find(|(name, _)| name.eq_ignore_ascii_case("Content-Length"))?;
    length.trim().parse().ok()
}

impl Sink for Shown<'_> {
    fn take(&mut self, notice: Notice<'_>) -> io::Result<Flow> {
        match notice {
            Notice::Cookies(jar, url) => self.sending(jar, url),
            Notice::Connected(conn) => self.connected(conn),
            Notice::Tunnel(opened) => {
                self.tell(Way::Out, &opened.sent);
                self.tell(Way::In, &opened.heads);
                self.ignored(opened);
                self.facts.tunnel(opened);
                if !self.show.suppress_connect {
                    self.head(&opened.heads)?;
                }
            }
            Notice::Sent(head) => {
                self.tell(Way::Out, head);
                self.show.counts.request(announced(head));
            }
            Notice::Went(piece) => {
                self.show.trace.data(self.ids, Way::Out, piece);
                self.show.counts.sent(piece.len());
            }
            Notice::Came(piece) => {
                self.show.trace.data(self.ids, Way::In, piece);
                self.show.counts.received(piece.len());
            }
            Notice::Interim(_, raw) | Notice::Broken(raw) => {
                self.tell(Way::In, raw);
                self.facts.head(raw);
                self.head(raw)?;
            }
            Notice::Head(hop, follows) => return self.final_head(hop, follows),
            Notice::Content(piece) => return self.content(piece),
            Notice::Defect(defect) => self.note(&format!("Tolerated: {defect}")),
            Notice::Secured(address) => {
                self.facts.secured = Some(address.to_string());
                self.note(&format!("Switched to https, as the host asks for (HSTS): {address}"));
            }
            Notice::Redirect(url) => self.note(&format!("Following the redirect to {url}")),
            Notice::Ended(hop, follows) => {
                let refused = self.failed_status.is_some() && self.show.fail == Fail::AtOnce
                    || self.cannot_resume.is_some();
                if !refused && !self.binary_on_terminal && !follows && !hop.unmet {
                    self.content.open()?;
                }
                self.trailers(&hop.trailers)?;
            }
        }
        Ok(Flow::On)
    }

    fn keep(&mut self, hop: Hop) {
        let first = *self.first.get_or_insert(hop.timings.began);
        if let Some(hops) = &mut self.hops {
            hops.push(json_out::hop(&hop, first));
        }
        self.facts.file = self.content.file().map(Path::to_owned);
        self.facts.take(hop);
    }

    fn lose(&mut self, unanswered: Unanswered) {
        let first = *self.first.get_or_insert(unanswered.timings.began);
        if let Some(hops) = &mut self.hops {
            hops.push(json_out::unanswered(&unanswered, first));
        }
        self.facts.lose(unanswered);
    }
}
