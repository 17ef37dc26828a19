//! One leg of a chain of redirects: where it goes, what it carries, and how it gets there.

use super::again::{Askers, Login, Standing};
use super::fields::{self, HeaderLine};
use super::hop::{Decision, Use};
use super::proof::{Asking, Proved};
use super::proxy::Via;
use super::redirect;
use super::{Address, Credentials, Fetch, Proxy, ProxyKind, Redirects};
use crate::auth;
use crate::base::{Content, Head, Headers, Method, Origin, Request, Scheme, Version};
use crate::cookie::Jar;
use crate::h1::Target;
use crate::net::{Route, Secret, Through, Tunnel, clock};
use url::Url;

/// Where a chain of redirects stands.
pub(super) struct Leg {
    pub(super) address: Address,
    /// The page that redirected here.
    pub(super) previous: Option<Address>,
    pub(super) method: Method,
    pub(super) content: Content,
    /// Still at the origin that secrets were given for.
    pub(super) trusted: bool,
    /// A login given by the person; one that a `Location` brings along is not used.
    pub(super) credentials: Option<Credentials>,
    /// Whether the request was made before, and what that taught.
    pub(super) standing: Standing,
    /// The origin has answered in HTTP/1.0.
    pub(super) old: bool,
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
        let via = self.via(fetch);
        let route = Route {
            origin: self.address.origin.clone(),
            forwarded: false,
            connect_to: connect_to(fetch, &self.address.origin),
            unix: fetch.unix.clone(),
            socks: via.socks.and_then(Proxy::socks),
            through: None,
            family: fetch.family,
            tls: fetch.tls.clone(),
            local: fetch.local.clone(),
            announced: fetch.announced.clone(),
        };
        if let Some(proxy) = self.forwarded_by(fetch) {
            let ((host, port), tls) = (proxy.place(), fetch.proxies.tls.clone());
            let secure = proxy.kind == ProxyKind::Https;
            let scheme = if secure { Scheme::Https } else { Scheme::Http };
            let origin = Origin { scheme, host, port };
            let route = Route { origin, forwarded: true, connect_to: None, tls, ..route };
            let given = fetch.request_target.as_ref().filter(|_| self.previous.is_none());
            let target = given.map_or_else(|| self.address.absolute_form(), Target::clone);
            return Way { route, target, tunnel: None };
        }
        let target = self.target(fetch).clone();
        let Some(proxy) = via.http else { return Way { route, target, tunnel: None } };
        let (host, port) = proxy.place();
        let tls = (proxy.kind == ProxyKind::Https).then(|| fetch.proxies.tls.clone());
        let login = proxy.credentials.as_ref();
        let login =
            login.map(|login| Secret([&login.user[..], b":", &login.password].concat().into()));
        let (to_host, to_port) = route.target();
        let authority = match route.connect_to {
            None if self.address.has_final_dot() => format!("{to_host}.:{to_port}"),
            _ => format!("{to_host}:{to_port}"),
        };
        let tunnel = self.tunnel(fetch, proxy, &authority, None);
        let asked_with = Secret(lines(&tunnel.request.headers).into());
        let through = Through { host, port, tls, login, asked_with };
        Way { route: Route { through: Some(through), ..route }, target, tunnel: Some(tunnel) }
    }

    /// What the proxy is asked for a tunnel to `authority` with; and with which proof.
    fn tunnel(
        &self,
        fetch: &Fetch,
        proxy: &Proxy,
        authority: &str,
        proof: Option<&[u8]>,
    ) -> Tunnel {
        let version = match proxy.kind {
            ProxyKind::Http(version) => version,
            _ => Version::Http11,
        };
        let request = Request {
            method: Method::CONNECT,
            version,
            url: self.address.url.clone(),
            headers: fields::compose_tunnel(fetch, proxy, authority, proof),
            content: Content::None,
        };
        Tunnel { request, target: Target::literal(authority), limits: fetch.limits }
    }

    /// How the proxy is asked for the tunnel once more after it has refused it with this head.
    pub(super) fn tunnel_after(
        &self,
        fetch: &Fetch,
        refused: &Tunnel,
        proved: &mut Proved,
        head: &Head,
    ) -> Option<Tunnel> {
        let proxy = self.via(fetch).http.filter(|_| head.status == 407)?;
        let authority = refused.target.as_str();
        let (who, request) = (place_of(proxy), (Method::CONNECT.as_str(), authority, false));
        let asking = proxy_asking(fetch, proxy, &who, request)?;
        *proved = proved.next(asking, head)?;
        Some(self.tunnel(fetch, proxy, authority, proved.value.as_deref()))
    }

    /// The proxies on this leg's way. A Unix socket is no place that a proxy could go to.
    fn via<'f>(&self, fetch: &'f Fetch) -> Via<'f> {
        let via = fetch.proxies.for_origin(&self.address.origin);
        via.ok().filter(|_| fetch.unix.is_none()).unwrap_or_default()
    }

    /// The proxy that is sent the request itself: for http, unless it is to be tunnelled or led
    /// elsewhere.
    pub(super) fn forwarded_by<'f>(&self, fetch: &'f Fetch) -> Option<&'f Proxy> {
        let origin = &self.address.origin;
        let plain = origin.scheme == Scheme::Http
            && !fetch.proxies.tunnel
            && connect_to(fetch, origin).is_none();
        self.via(fetch).http.filter(|_| plain)
    }

    /// What the forwarding proxy is logged in to with.
    pub(super) fn proxy_authorization(&self, fetch: &Fetch) -> Option<Vec<u8>> {
        let proof = self.standing.proxy.value.as_deref();
        fields::proxy_login(fetch, self.forwarded_by(fetch)?, proof)
    }

    /// Where this leg stands before its first request.
    pub(super) fn begin(&mut self, fetch: &Fetch) {
        let method = fetch.custom_method.as_ref().unwrap_or(&self.method).clone();
        let who = self.who(fetch);
        let askers = self.askers(fetch, method.as_str(), &who);
        self.standing = self.standing.next_leg(askers, &self.content);
    }

    /// The server and the forwarding proxy, by their names.
    fn who(&self, fetch: &Fetch) -> (String, String) {
        let proxy = self.forwarded_by(fetch).map(place_of).unwrap_or_default();
        (self.address.origin.to_string(), proxy)
    }

    /// Those who may ask for a proof on this leg.
    fn askers<'l>(
        &'l self,
        fetch: &'l Fetch,
        method: &'l str,
        (server, proxy): &'l (String, String),
    ) -> Askers<'l> {
        let uri = self.target(fetch).as_str();
        let has_content = self.content.length() != Some(0);
        let server = self.credentials.as_ref().map(|login| Asking {
            who: server,
            field: "WWW-Authenticate",
            how: fetch.login,
            login,
            method,
            uri,
            has_content,
        });
        let by = self.forwarded_by(fetch);
        let proxy = by.and_then(|by| proxy_asking(fetch, by, proxy, (method, uri, has_content)));
        Askers { server, proxy }
    }

    /// The request target in origin-form, or the one that was given in its place.
    fn target<'l>(&'l self, fetch: &'l Fetch) -> &'l Target {
        let given = fetch.request_target.as_ref().filter(|_| self.previous.is_none());
        given.unwrap_or(&self.address.target)
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
        let cookies = match (jar, self.cookie_url(fetch)) {
            (Some(jar), Some(url)) => jar.store_all(lines, &url, clock::wall()),
            _ => Vec::new(),
        };
        let redirects = fetch.redirects != Redirects::Shown && redirect::location(head).is_some();
        let follows = redirects || self.after(fetch, request, head).is_some();
        // Of a range nobody knows how old the rest is.
        let condition = fetch.condition.filter(|_| fetch.range.is_none());
        let content = match condition {
            _ if follows => Use::Drained,
            Some(condition) if !condition.is_met(head) => Use::Unmet,
            _ if fetch.method == Method::HEAD && request.method != Method::HEAD => Use::Unwanted,
            _ => Use::Wanted,
        };
        Decision { content, cookies }
    }

    /// How the request is made once more after this answer, if it is.
    pub(super) fn after(&self, fetch: &Fetch, request: &Request, head: &Head) -> Option<Standing> {
        let who = self.who(fetch);
        let askers = self.askers(fetch, request.method.as_str(), &who);
        self.standing.after(askers, request, head)
    }

    /// What the request logs in with: a proof that was asked for, or else what is said unasked. A
    /// token goes before a password.
    pub(super) fn authorization(&self, fetch: &Fetch) -> Option<Vec<u8>> {
        let bearer = fetch.bearer.as_ref().filter(|_| self.trusted);
        let basic = self.credentials.as_ref().filter(|_| fetch.login == Login::Basic);
        let unasked = || match (bearer, basic) {
            (Some(token), _) => Some(format!("Bearer {token}").into_bytes()),
            (None, login) => {
                login.map(|login| auth::basic(&login.user, &login.password).into_bytes())
            }
        };
        self.standing.server.value.clone().or_else(unasked)
    }

    /// The URL that cookies are looked up and stored for: with the host of a `Host` field that
    /// the person wrote, because that is the host they are testing (curl does the same).
    pub(super) fn cookie_url(&self, fetch: &Fetch) -> Option<Url> {
        let host = fetch.headers.iter().find_map(HeaderLine::host).filter(|_| self.trusted);
        let Some(named) = host.and_then(|host| Address::parse(host).ok()) else {
            // A host that is none changes nothing.
            return self.address.cookie_url().cloned();
        };
        let mut url = self.address.url.clone();
        // Does not fail between two http URLs.
        let _ = url.set_host(named.cookie_url()?.host_str());
        Some(url)
    }
}

fn place_of(proxy: &Proxy) -> String {
    let (host, port) = proxy.place();
    format!("{host}:{port}")
}

/// Fields as one text, which is the same only for the same fields.
fn lines(headers: &Headers) -> Vec<u8> {
    let fields = headers.iter();
    fields.flat_map(|field| [field.name.as_bytes(), b":", field.value, b"\n"].concat()).collect()
}

/// What a proxy may ask for, if there is a login for it.
fn proxy_asking<'a>(
    fetch: &Fetch,
    proxy: &'a Proxy,
    who: &'a str,
    (method, uri, has_content): (&'a str, &'a str, bool),
) -> Option<Asking<'a>> {
    let (how, login) = (fetch.proxies.login, proxy.credentials.as_ref()?);
    Some(Asking { who, field: "Proxy-Authenticate", how, login, method, uri, has_content })
}

fn connect_to(fetch: &Fetch, origin: &Origin) -> Option<(Box<str>, u16)> {
    let led = fetch.connect_to.iter().find_map(|rule| rule.apply(origin))?;
    // To where it goes anyway.
    Some(led).filter(|(host, port)| (&**host, *port) != (&*origin.host, origin.port))
}
