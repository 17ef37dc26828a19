//! The hop loop.

use super::again::{Login, Standing};
use super::capture::{Flow, Notice, Sink};
use super::fields::{self, HeaderLine, HopFacts, Referer};
use super::hop::{self, Ended, Ready};
use super::leg::Leg;
use super::reach::Reaching;
use super::redirect::{self, KeepPost, Next, Redirects};
use super::secrets::Secrets;
use super::{Address, Condition, ConnectTo, Credentials, Error, Logins, Protocols, Proxies};
use crate::base::{Content, Head, Method, Origin, Request, Scheme, Version};
use crate::cookie::Jar;
use crate::h1::{Limits, Target};
use crate::hsts::Store;
use crate::net::{Announced, Deadlines, Dialer, Family, Local, Pin, Speeds, TlsSettings, clock};
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What is wanted of one fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The method the rules of redirects start from.
    pub method: Method,
    /// A method given by name (`-X`), sent in place of whatever the rules say.
    pub custom_method: Option<Method>,
    /// What follows the head of the request.
    pub content: Content,
    /// What that is.
    pub content_type: Option<String>,
    /// What the person says about fields, in order.
    pub headers: Vec<HeaderLine>,
    /// `User-Agent`; none where absent or empty.
    pub user_agent: Option<String>,
    /// `Referer`.
    pub referer: Referer,
    /// The byte ranges asked for: what stands behind `bytes=` (RFC 9110 section 14.2).
    pub range: Option<String>,
    /// The validator that what is asked for must still have: `If-Range` (RFC 9110 section 13.1.5).
    pub if_range: Option<String>,
    /// Which part of a whole the content is: what stands behind `bytes ` in `Content-Range`
    /// (RFC 9110 section 14.5).
    pub content_range: Option<String>,
    /// Only if it is newer, or older.
    pub condition: Option<Condition>,
    /// How the login is proved.
    pub login: Login,
    /// A login that goes before one in the URL: for the first origin only.
    pub credentials: Option<Credentials>,
    /// Logins by host.
    pub logins: Option<Logins>,
    /// Cookies given as text: for the first origin only.
    pub cookie_text: Option<String>,
    /// Ask for content codings, and undo them.
    pub compressed: bool,
    /// Ask for transfer codings (RFC 9110 section 10.1.4); they are undone in any case.
    pub transfer_codings: bool,
    /// Take content until the connection ends, whatever length is announced.
    pub ignore_length: bool,
    /// Leave every coding in the content, chunked too.
    pub raw: bool,
    /// A bearer token (RFC 6750): for the first origin only.
    pub bearer: Option<String>,
    /// The version that is claimed.
    pub version: Version,
    /// A request target in place of the URL's, on the first hop.
    pub request_target: Option<Target>,
    /// The most content that is taken, counted as it comes and as it is decoded.
    pub max_content: Option<u64>,
    /// Redirects on which POST stays POST.
    pub keep_post: KeepPost,
    /// Secrets go wherever a redirect leads.
    pub trust_everybody: bool,
    /// What to do with redirects.
    pub redirects: Redirects,
    /// What may be spoken at all.
    pub protocols: Protocols,
    /// What a redirect may lead to.
    pub redirect_protocols: Protocols,
    /// A user in a URL is an error.
    pub no_login_in_url: bool,
    /// Where connections go instead; the first rule that holds.
    pub connect_to: Vec<ConnectTo>,
    /// Addresses for hosts, in place of what the resolver says.
    pub pins: Vec<Pin>,
    /// The one address family to use.
    pub family: Option<Family>,
    /// This end of connections.
    pub local: Local,
    /// What servers are told of it before anything else.
    pub announced: Option<Announced>,
    /// The Unix socket that connections are made to, wherever they should go.
    pub unix: Option<PathBuf>,
    /// The proxies that requests go through.
    pub proxies: Proxies,
    /// How connections are secured.
    pub tls: TlsSettings,
    /// How long the whole may take.
    pub total: Option<Duration>,
    /// How long each connection may take to be made.
    pub connect_timeout: Option<Duration>,
    /// How fast, and how slow, a transfer may be.
    pub speeds: Speeds,
    /// What an answer may cost.
    pub limits: Limits,
}

impl Fetch {
    /// Whether this address may be asked.
    fn may_go_to(&self, address: &Address, redirected: bool) -> Result<(), Error> {
        let scheme = address.origin.scheme;
        let allowed =
            self.protocols.allow(scheme) && (!redirected || self.redirect_protocols.allow(scheme));
        if !allowed {
            return Err(Error::Disabled(scheme, redirected));
        }
        match self.no_login_in_url && address.credentials.is_some() {
            true => Err(Error::LoginInUrl),
            false => Ok(()),
        }
    }
}

/// Connections and cookies that outlive one fetch. Many fetches may go on at once, on one
/// thread: each borrows only while nobody waits.
pub struct Client {
    dialer: Dialer,
    /// The cookies; `None` is a client without a cookie engine. Whoever borrows them gives them
    /// back before anything is awaited.
    pub jar: RefCell<Option<Jar>>,
    /// The hosts that are spoken to by https only, likewise; `None` is a client that does not ask.
    pub hsts: RefCell<Option<Store>>,
}

impl Client {
    /// A client without connections yet.
    pub fn new(jar: Option<Jar>) -> Client {
        Client { dialer: Dialer::default(), jar: RefCell::new(jar), hsts: RefCell::new(None) }
    }

    /// Keeps as many idle connections as there are fetches at once, where those are many.
    pub fn fetches_at_once(&self, many: usize) {
        self.dialer.keep_idle(many);
    }

    /// Fetches from `start`, following redirects as `fetch` says, and tells `sink` on the way.
    ///
    /// # Errors
    /// Why the last hop did not come to its end, or there is no next one. The hops so far have
    /// been handed to the sink.
    pub async fn fetch(
        &self,
        start: &Address,
        fetch: &Fetch,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let deadlines =
            Deadlines { began: clock::tick(), total: fetch.total, connect: fetch.connect_timeout };
        let start = &self.secured(start.clone(), sink)?;
        fetch.may_go_to(start, false)?;
        let mut secrets = Secrets::given_for(start.origin.clone(), fetch.trust_everybody);
        let mut here = Client::first_leg(start, fetch, &mut secrets);
        let mut followed = 0;
        loop {
            if let (Some(jar), Some(url)) = (&*self.jar.borrow(), here.cookie_url(fetch)) {
                sink.take(Notice::Cookies(jar, &url)).map_err(Error::Sink)?;
            }
            let request = self.request(fetch, &here)?;
            if !request.content.is_ready() {
                let nowhere = here.old && request.content.length().is_none();
                return Err(if nowhere { Error::NoLength } else { Error::Spent });
            }
            let ended = self.exchange(fetch, &here, &request, deadlines, sink).await;
            let mut next = None;
            match ended.hop {
                Ok(hop) => {
                    here.old = hop.head.version == Version::Http10;
                    if let (Some(again), Ok(_)) =
                        (here.after(fetch, &request, &hop.head), &ended.result)
                    {
                        here.standing = again;
                        sink.keep(hop);
                        continue;
                    }
                    let location = redirect::location(&hop.head).map(<[u8]>::to_vec);
                    next = location.map(|location| (hop.head.status, location));
                    sink.keep(hop);
                }
                Err(unanswered) => sink.lose(*unanswered),
            }
            let flow = ended.result?;
            let follows = fetch.redirects != Redirects::Shown && flow == Flow::On;
            let Some((status, location)) = next.filter(|_| follows) else { return Ok(()) };
            if let Redirects::Followed(Some(most)) = fetch.redirects
                && followed >= most
            {
                return Err(Error::TooManyRedirects(most));
            }
            followed += 1;
            let address = here.address.join(&location).map_err(Error::Location)?;
            let address = self.secured(address, sink)?;
            fetch.may_go_to(&address, true)?;
            here.old &= address.origin == here.address.origin;
            here.previous = Some(std::mem::replace(&mut here.address, address));
            if redirect::next(status, &here.method, fetch.keep_post) == Next::Get {
                here.method = Method::GET;
                here.content = Content::None;
            }
            here.trusted = secrets.allowed(&here.address.origin);
            here.credentials = fetch.login_at(&here.address, Some(start), here.trusted);
            here.begin(fetch);
            sink.take(Notice::Redirect(&here.address)).map_err(Error::Sink)?;
        }
    }

    /// The address by https, if its host is spoken to so.
    fn secured(&self, address: Address, sink: &mut dyn Sink) -> Result<Address, Error> {
        let known = self.hsts.borrow();
        let held = known.as_ref().is_some_and(|s| s.holds(&address.origin.host, clock::wall()));
        if !held || address.origin.scheme == Scheme::Https {
            return Ok(address);
        }
        let secured = address.secured();
        sink.take(Notice::Secured(&secured)).map_err(Error::Sink)?;
        Ok(secured)
    }

    /// Learns from a head whether its host is to be spoken to by https only: the first such field
    /// counts, and only where the connection is beyond doubt (RFC 6797 section 8.1).
    fn learn(&self, fetch: &Fetch, origin: &Origin, head: &Head) {
        let sound = origin.scheme == Scheme::Https && !fetch.tls.insecure;
        if let (true, Some(known), Some(field)) =
            (sound, &mut *self.hsts.borrow_mut(), head.headers.get("Strict-Transport-Security"))
        {
            known.learn(&origin.host, field, clock::wall());
        }
    }

    /// Where a fetch begins.
    pub(super) fn first_leg(start: &Address, fetch: &Fetch, secrets: &mut Secrets) -> Leg {
        let trusted = secrets.allowed(&start.origin);
        let mut leg = Leg {
            address: start.clone(),
            previous: None,
            method: fetch.method.clone(),
            content: fetch.content.clone(),
            trusted,
            credentials: fetch.login_at(start, Some(start), trusted),
            standing: Standing::default(),
            old: false,
        };
        leg.begin(fetch);
        leg
    }

    /// The request of one leg, its fields complete.
    ///
    /// # Errors
    /// [`Error::NoLength`] where nothing would say where its content ends; [`Error::Proxy`] where
    /// it would go through something that is no proxy.
    pub(super) fn request(&self, fetch: &Fetch, leg: &Leg) -> Result<Request, Error> {
        let proxies = fetch.proxies.for_origin(&leg.address.origin);
        proxies.map_err(|why| Error::Proxy(why.clone()))?;
        let mut jar = self.jar.borrow_mut();
        let cookies =
            jar.as_mut().and_then(|jar| jar.retrieve(&leg.cookie_url(fetch)?, clock::wall()));
        let content = if leg.standing.withheld {
            Content::Bytes(Arc::default())
        } else {
            leg.content.clone()
        };
        let mut headers = fields::compose(
            fetch,
            &HopFacts {
                address: &leg.address,
                previous: leg.previous.as_ref(),
                method: &leg.method,
                authorization: leg.authorization(fetch),
                content: &content,
                withheld: leg.standing.withheld,
                cookies,
                forwarded: leg.forwarded_by(fetch).is_some(),
                proxy_authorization: leg.proxy_authorization(fetch),
                trusted: leg.trusted,
            },
        );
        if leg.standing.unexpecting {
            headers.retain(|field| !field.is("Expect"));
        }
        if content.length().is_none() && !fields::is_chunked(&headers) {
            return Err(Error::NoLength);
        }
        Ok(Request {
            method: fetch.custom_method.clone().unwrap_or_else(|| leg.method.clone()),
            version: fetch.version,
            url: leg.address.url.clone(),
            headers,
            content,
        })
    }

    /// One exchange on a connection; once more on a fresh one where an idle connection had
    /// died and the method allows it (RFC 9110 section 9.2.2).
    async fn exchange(
        &self,
        fetch: &Fetch,
        leg: &Leg,
        request: &Request,
        deadlines: Deadlines,
        sink: &mut dyn Sink,
    ) -> Ended {
        let mut way = leg.way(fetch);
        let target = way.target.clone();
        let mut ready = Ready {
            request,
            address: &leg.address,
            target: &target,
            limits: fetch.limits,
            deadlines,
            speeds: fetch.speeds,
            decode: fetch.compressed && !fetch.raw,
            raw: fetch.raw,
            ignore_length: fetch.ignore_length,
            max_content: fetch.max_content,
            began: deadlines.began,
            when: clock::wall(),
            old: leg.old,
        };
        let mut fresh = false;
        loop {
            (ready.began, ready.when) = (clock::tick(), clock::wall());
            let reached = Cell::default();
            let reaching = Reaching { dialer: &self.dialer, fetch, leg, deadlines, reached };
            let conn = match reaching.conn(&mut way, fresh, sink).await {
                Ok(conn) => conn,
                Err(error) => {
                    return Ended::early(error, ready.unanswered(reaching.reached.take()));
                }
            };
            let was_idle = conn.exchanges > 0;
            let mut decide = |head: &Head| {
                self.learn(fetch, &leg.address.origin, head);
                leg.decide(fetch, self.jar.borrow_mut().as_mut(), request, head)
            };
            let mut ended = hop::run(conn, &ready, sink, &mut decide).await;
            if let Some(conn) = ended.conn.take() {
                self.dialer.keep(way.route.clone(), conn);
            }
            let died =
                matches!(&ended.result, Err(Error::Net(error)) if error.is_stale_connection());
            let again = request.method.is_idempotent() && request.content.is_ready();
            if !(died && was_idle && !ended.heard && again) {
                return ended;
            }
            fresh = true;
        }
    }
}
