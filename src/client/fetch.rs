//! The hop loop.

use super::capture::{Capture, Flow, Notice, Sink};
use super::fields::{self, HeaderLine, HopFacts, Referer};
use super::hop::{self, Decision, Ended, Ready};
use super::redirect::{self, Next, Redirects};
use super::secrets::Secrets;
use super::{Address, ConnectTo, Credentials, Error};
use crate::base::{Content, Head, Method, Origin, Request, Version};
use crate::cookie::Jar;
use crate::h1::Limits;
use crate::net::{Deadlines, Dialer, Route, Settings, TlsSettings, clock};
use std::time::Duration;
use url::Url;

/// What is wanted of one fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Where it begins.
    pub address: Address,
    /// The method the rules of redirects start from.
    pub method: Method,
    /// A method given by name (`-X`), sent in place of whatever the rules say.
    pub custom_method: Option<Method>,
    /// What follows the head of the request.
    pub content: Content,
    /// What that is.
    pub content_type: Option<&'static str>,
    /// What the person says about fields, in order.
    pub headers: Vec<HeaderLine>,
    /// `User-Agent`; none where absent or empty.
    pub user_agent: Option<String>,
    /// `Referer`.
    pub referer: Referer,
    /// A login that goes before one in the URL: for the first origin only.
    pub credentials: Option<Credentials>,
    /// Cookies given as text: for the first origin only.
    pub cookie_text: Option<String>,
    /// Ask for content codings, and undo them.
    pub compressed: bool,
    /// What to do with redirects.
    pub redirects: Redirects,
    /// Where connections go instead; the first rule that holds.
    pub connect_to: Vec<ConnectTo>,
    /// How connections are secured.
    pub tls: TlsSettings,
    /// How long the whole may take.
    pub total: Option<Duration>,
    /// How long each connection may take to be made.
    pub connect_timeout: Option<Duration>,
    /// What an answer may cost.
    pub limits: Limits,
}

/// What came of a fetch: everything that happened, and how it ended.
#[derive(Debug)]
pub struct Done {
    /// The hops; with the part of the last one that came, where it failed.
    pub capture: Capture,
    /// How it ended.
    pub result: Result<(), Error>,
}

/// Connections and cookies that outlive one fetch.
pub struct Client {
    dialer: Dialer,
    /// The cookies; `None` is a client without a cookie engine.
    pub jar: Option<Jar>,
}

impl Client {
    /// A client without connections yet.
    pub fn new(settings: Settings, jar: Option<Jar>) -> Client {
        Client { dialer: Dialer::new(settings), jar }
    }

    /// Fetches, following redirects as `fetch` says, and tells `sink` on the way.
    pub async fn fetch(&mut self, fetch: &Fetch, sink: &mut dyn Sink) -> Done {
        let mut capture = Capture::default();
        let result = self.hops(fetch, sink, &mut capture).await;
        Done { capture, result }
    }

    async fn hops(
        &mut self,
        fetch: &Fetch,
        sink: &mut dyn Sink,
        capture: &mut Capture,
    ) -> Result<(), Error> {
        let deadlines =
            Deadlines { began: clock::tick(), total: fetch.total, connect: fetch.connect_timeout };
        let mut secrets = Secrets::given_for(fetch.address.origin.clone());
        let mut here = Leg {
            address: fetch.address.clone(),
            method: fetch.method.clone(),
            content: fetch.content.clone(),
            trusted: secrets.allowed(&fetch.address.origin),
        };
        let mut followed = 0;
        loop {
            let previous = capture.hops.last().map(|hop| hop.url.clone());
            let request = self.request(fetch, &here, previous.as_ref());
            let follows = fetch.redirects != Redirects::Shown;
            let ended = self.exchange(fetch, &here, &request, deadlines, sink).await;
            let next = ended.hop.as_ref().filter(|_| follows).and_then(|hop| {
                redirect::location(&hop.head).map(|to| (hop.head.status, to.to_vec()))
            });
            capture.hops.extend(ended.hop);
            let flow = ended.result?;
            let Some((status, location)) = next.filter(|_| flow == Flow::On) else {
                return Ok(());
            };
            if let Redirects::Followed(Some(most)) = fetch.redirects
                && followed >= most
            {
                return Err(Error::TooManyRedirects(most));
            }
            followed += 1;
            here.address = here.address.join(&location).map_err(Error::Location)?;
            if redirect::next(status, &here.method) == Next::Get {
                here.method = Method::GET;
                here.content = Content::None;
            }
            here.trusted = secrets.allowed(&here.address.origin);
            sink.take(Notice::Redirect(&here.address.url)).map_err(Error::Sink)?;
        }
    }

    /// The request of one leg, its fields complete.
    fn request(&mut self, fetch: &Fetch, leg: &Leg, previous: Option<&Url>) -> Request {
        let cookies =
            self.jar.as_mut().and_then(|jar| jar.retrieve(&leg.cookie_url(fetch), clock::wall()));
        // Credentials in a Location are for that hop; what was given goes on with its origin.
        let given = fetch.credentials.as_ref().or(fetch.address.credentials.as_ref());
        let given = given.filter(|_| leg.trusted);
        let headers = fields::compose(
            fetch,
            &HopFacts {
                address: &leg.address,
                previous,
                credentials: given.or(leg.address.credentials.as_ref()),
                content: &leg.content,
                cookies,
                trusted: leg.trusted,
            },
        );
        Request {
            method: fetch.custom_method.clone().unwrap_or_else(|| leg.method.clone()),
            version: Version::Http11,
            url: leg.address.url.clone(),
            headers,
            content: leg.content.clone(),
        }
    }

    /// One exchange on a connection; once more on a fresh one where an idle connection had
    /// died and the method allows it (RFC 9110 section 9.2.2).
    async fn exchange(
        &mut self,
        fetch: &Fetch,
        leg: &Leg,
        request: &Request,
        deadlines: Deadlines,
        sink: &mut dyn Sink,
    ) -> Ended {
        let route = Route {
            origin: leg.address.origin.clone(),
            connect_to: connect_to(fetch, &leg.address.origin),
            tls: fetch.tls.clone(),
        };
        let mut ready = Ready {
            request,
            target: &leg.address.target,
            limits: fetch.limits,
            deadlines,
            decode: fetch.compressed,
            began: deadlines.began,
        };
        let mut fresh = false;
        loop {
            ready.began = clock::tick();
            let conn = match self.dialer.connect(&route, &deadlines, fresh).await {
                Ok(conn) => conn,
                Err(error) => return Ended::early(error.into()),
            };
            let was_idle = conn.exchanges > 0;
            let mut decide = |head: &Head| leg.decide(fetch, self.jar.as_mut(), head);
            let mut ended = hop::run(conn, &ready, sink, &mut decide).await;
            if let Some(conn) = ended.conn.take() {
                self.dialer.keep(route.clone(), conn);
            }
            let died =
                matches!(&ended.result, Err(Error::Net(error)) if error.is_stale_connection());
            if !(died && was_idle && ended.hop.is_none() && request.method.is_idempotent()) {
                return ended;
            }
            fresh = true;
        }
    }
}

/// Where a chain of redirects stands.
struct Leg {
    address: Address,
    method: Method,
    content: Content,
    trusted: bool,
}

impl Leg {
    /// What becomes of an answer with this head: its cookies are stored, its redirect is
    /// followed or its content wanted.
    fn decide(&self, fetch: &Fetch, jar: Option<&mut Jar>, head: &Head) -> Decision {
        let lines = head.headers.all("Set-Cookie");
        let cookies = match jar {
            Some(jar) => jar.store_all(lines, &self.cookie_url(fetch), clock::wall()),
            None => Vec::new(),
        };
        let follows = fetch.redirects != Redirects::Shown && redirect::location(head).is_some();
        let content = if follows { hop::Content::Drained } else { hop::Content::Wanted };
        Decision { content, cookies }
    }

    /// The URL that cookies are looked up and stored for: with the host of a `Host` field that
    /// the person wrote, because that is the host they are testing (curl does the same).
    fn cookie_url(&self, fetch: &Fetch) -> Url {
        let mut url = self.address.url.clone();
        if self.trusted
            && let Some(host) = fetch.headers.iter().find_map(HeaderLine::host)
            && let Ok(named) = Address::parse(host)
        {
            // Neither fails between two http URLs; a host that is none changes nothing.
            let _ = url.set_host(named.url.host_str());
        }
        url
    }
}

fn connect_to(fetch: &Fetch, origin: &Origin) -> Option<(Box<str>, u16)> {
    fetch.connect_to.iter().find_map(|rule| rule.apply(origin))
}
