//! Which proxies a command line and its environment ask for.

use super::env::Env;
use super::exit::Failure;
use super::input;
use super::tls;
use super::typed::Typed;
use super::wanted;
use crate::base::Version;
use crate::client::{
    Asked, Credentials, Direct, Login, NotAProxy, Proxies, Proxy, ProxyKind, decoded_login,
};
use crate::net::SocksVersion;

/// What was typed about proxies.
#[derive(Clone, Debug, Default)]
pub(super) struct ProxyWords {
    /// `-x` and those that say what it is: the last one, and what it is without a scheme.
    asked: Option<(ProxyKind, String)>,
    pub(super) before: Option<String>,
    pub(super) user: Option<String>,
    pub(super) except: Option<String>,
    pub(super) tunnel: bool,
    pub(super) login: Login,
    pub(super) headers: Vec<String>,
    /// How an https proxy is spoken to.
    pub(super) tls: tls::Given,
    /// Leave the answers to CONNECT out of what is shown.
    pub(super) suppress_heads: bool,
}

impl ProxyWords {
    pub(super) fn ask(&mut self, kind: ProxyKind, text: String) {
        self.asked = Some((kind, text));
    }
}

/// What goes through which proxy: `-x` before the environment, `--noproxy` before its list.
/// Whether it is a proxy is looked at when it is needed, as in curl.
///
/// # Errors
/// A login or a field that cannot be sent.
pub(super) fn of(typed: &Typed, env: &Env) -> Result<Proxies, Failure> {
    const HTTP: ProxyKind = ProxyKind::Http(Version::Http11);
    const SOCKS: ProxyKind = ProxyKind::Socks(SocksVersion::V4);
    let words = &typed.proxies;
    let from_env = words.asked.is_none() && words.before.is_none();
    let from = |special: &Option<String>| {
        let text = special.as_ref().or(env.all_proxy.as_ref()).filter(|_| from_env)?;
        Some((HTTP, text.clone()))
    };
    let given = &words.asked;
    let login = words.user.as_deref().map(login).transpose()?;
    let read = |asked: Option<(ProxyKind, String)>, login: Option<&Credentials>| {
        let (kind, text) = asked.filter(|(_, text)| !text.is_empty())?;
        Some(Proxy::parse(&text, kind).map(|proxy| Proxy {
            credentials: proxy.credentials.or_else(|| login.cloned()),
            ..proxy
        }))
    };
    let http = read(given.clone().or_else(|| from(&env.http_proxy)), login.as_ref());
    let https = read(given.clone().or_else(|| from(&env.https_proxy)), login.as_ref());
    // A login is for the HTTP proxy; the one before it has its own in its URL.
    let spare = login.as_ref().filter(|_| http.is_none());
    let before = read(words.before.clone().map(|text| (SOCKS, text)), spare);
    let list = words.except.as_ref().or(env.no_proxy.as_ref());
    let direct = list.into_iter().flat_map(|list| list.split([',', ' ']));
    Ok(Proxies {
        http,
        https,
        before: before.map(only_socks),
        except: direct.filter_map(Direct::parse).collect(),
        tunnel: words.tunnel,
        login: words.login,
        headers: wanted::headers("--proxy-header", &words.headers)?,
        tls: tls::settings(&words.tls, env)?,
    })
}

fn only_socks(asked: Asked) -> Asked {
    match asked {
        Ok(Proxy { kind: ProxyKind::Https, .. }) => Err(NotAProxy::Scheme("https".to_owned())),
        asked => asked,
    }
}

/// `user:password`; a password that was not given is asked for, without an echo.
fn login(text: &str) -> Result<Credentials, Failure> {
    let login = decoded_login(text);
    match text.contains(':') {
        true => Ok(login),
        false => Ok(Credentials { password: input::password("-U", &login.user)?, ..login }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Endpoint;

    fn host(proxy: Option<Asked>) -> String {
        match proxy.unwrap().unwrap().at {
            Endpoint::Host(host, _) => host.into(),
            Endpoint::Unix(path) => path.display().to_string(),
        }
    }

    fn typed(kind: ProxyKind, text: &str) -> Typed {
        let mut typed = Typed::default();
        typed.proxies.ask(kind, text.to_owned());
        typed
    }

    #[test]
    fn the_command_line_goes_before_the_environment() {
        let set = |text: &str| Some(text.to_owned());
        let env = Env { http_proxy: set("a"), all_proxy: set("socks5://b"), ..Env::default() };
        let proxies = of(&Typed::default(), &env).unwrap();
        let five = ProxyKind::Socks(SocksVersion::V5);
        assert_eq!(proxies.https.clone().unwrap().unwrap().kind, five);
        assert_eq!((host(proxies.http), host(proxies.https)), ("a".to_owned(), "b".to_owned()));
        let none = typed(ProxyKind::Http(Version::Http11), "");
        assert_eq!(of(&none, &env).unwrap(), Proxies::default());
        let mut before = Typed::default();
        before.proxies.before = set("s");
        let proxies = of(&before, &env).unwrap();
        assert!(proxies.http.is_none() && host(proxies.before) == "s");
    }

    #[test]
    fn a_login_in_the_url_goes_before_one_beside_it() {
        let user = |url: &str| {
            let mut typed = typed(ProxyKind::Http(Version::Http11), url);
            typed.proxies.user = Some("a%40b:c".to_owned());
            let proxy = of(&typed, &Env::default()).unwrap().http.unwrap().unwrap();
            proxy.credentials.unwrap().user
        };
        assert_eq!((user("p"), user("u:w@p")), ("a@b".to_owned(), "u".to_owned()));
    }
}
