//! One leg of a chain of redirects: where it goes, what it carries, and how it gets there.

use super::again::{Login, Standing};
use super::fields::{self, HeaderLine};
use super::hop::{Decision, Use};
use super::redirect;
use super::{Address, Credentials, Fetch, Proxy, Redirects};
use crate::auth;
use crate::base::{Content, Head, Method, Origin, Request, Scheme, Version};
use crate::cookie::Jar;
use crate::h1::Target;
use crate::net::{Route, Secret, Through, Tunnel, clock};
use url::Url;

/// Where a chain of redirects stands.
pub(super) struct Leg {
    pub(super) address: Address,
    /// The page that redirected here.
    pub(super) previous: Option<Url>,
    pub(super) method: Method,
    pub(super) content: Content,
    /// Still at the origin that secrets were given for.
    pub(super) trusted: bool,
    /// A login given by the person; one that a `Location` brings along is not used.
    pub(super) credentials: Option<Credentials>,
    /// Whether the request was made before, and what that taught.
    pub(super) standing: Standing,
}

/// How a leg's request reaches its origin.
pub(super) struct Way {
    pub(super) route: Route,
    pub(super) target: Target,
    pub(super) tunnel: Option<Tunnel>,
}

impl Leg {
    /// Directly, forwarded by a proxy (the target is the whole URL then), or through a tunnel.
    pub(super) fn way(&self, fetch: &Fetch) -> Way {
        let route = Route {
            origin: self.address.origin.clone(),
            connect_to: connect_to(fetch, &self.address.origin),
            through: None,
            family: fetch.family,
            tls: fetch.tls.clone(),
        };
        if let Some(proxy) = self.forwarded_by(fetch) {
            let (host, port) = (proxy.host.clone(), proxy.port);
            let origin = Origin { scheme: Scheme::Http, host, port };
            let route = Route { origin, connect_to: None, ..route };
            let given = fetch.request_target.as_ref().filter(|_| self.previous.is_none());
            let whole = || Target::literal(&self.address.to_string());
            let target = given.map_or_else(whole, Target::clone);
            return Way { route, target, tunnel: None };
        }
        let given = fetch.request_target.as_ref().filter(|_| self.previous.is_none());
        let target = given.unwrap_or(&self.address.target).clone();
        let Some(proxy) = fetch.proxies.for_origin(&self.address.origin) else {
            return Way { route, target, tunnel: None };
        };
        let (host, port) = route.endpoint();
        let authority = format!("{host}:{port}");
        let request = Request {
            method: Method::CONNECT,
            version: Version::Http11,
            url: self.address.url.clone(),
            headers: fields::compose_tunnel(fetch, proxy, &authority),
            content: Content::None,
        };
        let target_of_tunnel = Target::literal(&authority);
        let tunnel = Tunnel { request, target: target_of_tunnel, limits: fetch.limits };
        let login = fields::proxy_login(proxy).map(|login| Secret(login.into()));
        let through = Through { host: proxy.host.clone(), port: proxy.port, login };
        Way { route: Route { through: Some(through), ..route }, target, tunnel: Some(tunnel) }
    }

    /// The proxy that is sent the request itself: for http, unless it is to be tunnelled or led
    /// elsewhere.
    pub(super) fn forwarded_by<'f>(&self, fetch: &'f Fetch) -> Option<&'f Proxy> {
        let origin = &self.address.origin;
        let plain = origin.scheme == Scheme::Http
            && !fetch.proxies.tunnel
            && connect_to(fetch, origin).is_none();
        fetch.proxies.for_origin(origin).filter(|_| plain)
    }

    /// What becomes of an answer with this head: its cookies are stored, another request
    /// follows or its content is wanted.
    pub(super) fn decide(
        &self,
        fetch: &Fetch,
        jar: Option<&mut Jar>,
        request: &Request,
        head: &Head,
    ) -> Decision {
        let lines = head.headers.all("Set-Cookie");
        let cookies = match jar {
            Some(jar) => jar.store_all(lines, &self.cookie_url(fetch), clock::wall()),
            None => Vec::new(),
        };
        let redirects = fetch.redirects != Redirects::Shown && redirect::location(head).is_some();
        let follows = redirects || self.after(fetch, request, head).is_some();
        let content = if follows { Use::Drained } else { Use::Wanted };
        Decision { content, cookies }
    }

    /// How the request is made once more after this answer, if it is.
    pub(super) fn after(&self, fetch: &Fetch, request: &Request, head: &Head) -> Option<Standing> {
        let given = fetch.request_target.as_ref().filter(|_| self.previous.is_none());
        let target = given.unwrap_or(&self.address.target);
        self.standing.after(fetch, self.credentials.as_ref(), request, target, head)
    }

    /// What the request logs in with: a proof that was asked for, or else what is said unasked.
    pub(super) fn authorization(&self, fetch: &Fetch) -> Option<String> {
        let login = self.credentials.as_ref();
        let basic = login.filter(|_| fetch.login == Login::Basic);
        let bearer = fetch.bearer.as_ref().filter(|_| self.trusted && login.is_none());
        let unasked = || basic.map(|login| auth::basic(&login.user, &login.password));
        let proof = self.standing.authorization.clone().or_else(unasked);
        proof.or_else(|| bearer.map(|token| format!("Bearer {token}")))
    }

    /// The URL that cookies are looked up and stored for: with the host of a `Host` field that
    /// the person wrote, because that is the host they are testing (curl does the same).
    pub(super) fn cookie_url(&self, fetch: &Fetch) -> Url {
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
