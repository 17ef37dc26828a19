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
use std::ffi::OsString;

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
    let from = |name, special: &Option<OsString>| {
        let (name, value) = match special {
            Some(_) => (name, special.as_ref()),
            None => ("all_proxy", env.all_proxy.as_ref()),
        };
        let text = text(name, value.filter(|_| from_env))?;
        Ok::<_, Failure>(text.map(|text| (HTTP, text.to_owned())))
    };
    let (http_env, https_env) =
        (from("http_proxy", &env.http_proxy)?, from("https_proxy", &env.https_proxy)?);
    let given = &words.asked;
    let login = words.user.as_deref().map(login).transpose()?;
    let read = |asked: Option<(ProxyKind, String)>, login: Option<&Credentials>| {
        let (kind, text) = asked.filter(|(_, text)| !text.is_empty())?;
        Some(Proxy::parse(&text, kind).map(|proxy| Proxy {
            credentials: proxy.credentials.or_else(|| login.cloned()),
            ..proxy
        }))
    };
    let http = read(given.clone().or(http_env), login.as_ref());
    let https = read(given.clone().or(https_env), login.as_ref());
    // A login is for the HTTP proxy; the one before it has its own in its URL.
    let spare = login.as_ref().filter(|_| http.is_none());
    let before = read(words.before.clone().map(|text| (SOCKS, text)), spare);
    let except = match &words.except {
        Some(list) => Some(list.as_str()),
        // Nothing is there to go around.
        None if [&http, &https, &before].into_iter().all(Option::is_none) => None,
        None => text("no_proxy", env.no_proxy.as_ref())?,
    };
    Ok(Proxies {
        http,
        https,
        before: before.map(only_socks),
        except: except.map(Direct::list).unwrap_or_default(),
        tunnel: words.tunnel,
        login: words.login,
        headers: wanted::headers("--proxy-header", &words.headers)?,
        tls: tls::settings(&words.tls, env)?,
    })
}

/// A variable's text.
///
/// # Errors
/// It is not UTF-8: to go on without it would tell everybody on the way what it was to hide.
fn text<'v>(name: &str, value: Option<&'v OsString>) -> Result<Option<&'v str>, Failure> {
    let bad = || Failure::usage(format!("the environment's {name} is not UTF-8"));
    value.map(|value| value.to_str().ok_or_else(bad)).transpose()
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
        false => {
            let password = input::password("-U", &String::from_utf8_lossy(&login.user))?.into();
            Ok(Credentials { password, ..login })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Endpoint;
    use std::os::unix::ffi::OsStringExt;

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
        let set = |text: &str| Some(text.into());
        let env = Env { http_proxy: set("a"), all_proxy: set("socks5://b"), ..Env::default() };
        let proxies = of(&Typed::default(), &env).unwrap();
        let five = ProxyKind::Socks(SocksVersion::V5);
        assert_eq!(proxies.https.clone().unwrap().unwrap().kind, five);
        assert_eq!((host(proxies.http), host(proxies.https)), ("a".to_owned(), "b".to_owned()));
        let none = typed(ProxyKind::Http(Version::Http11), "");
        assert_eq!(of(&none, &env).unwrap(), Proxies::default());
        let mut before = Typed::default();
        before.proxies.before = Some("s".to_owned());
        let proxies = of(&before, &env).unwrap();
        assert!(proxies.http.is_none() && host(proxies.before) == "s");
    }

    /// Without them a request would go out directly, which is what they are there to prevent.
    #[test]
    fn variables_that_are_no_text_are_not_passed_over() {
        let odd = || Some(OsString::from_vec(b"http://p\xff".to_vec()));
        let direct = Typed::default();
        let proxy = Some("p".into());
        for (env, name) in [
            (Env { http_proxy: odd(), ..Env::default() }, "http_proxy"),
            (Env { https_proxy: odd(), ..Env::default() }, "https_proxy"),
            (Env { all_proxy: odd(), ..Env::default() }, "all_proxy"),
            (Env { http_proxy: proxy, no_proxy: odd(), ..Env::default() }, "no_proxy"),
        ] {
            let failure = of(&direct, &env).unwrap_err();
            assert!(failure.code == 2 && failure.message.contains(name), "{failure:?}");
            let mut given = typed(ProxyKind::Http(Version::Http11), "p");
            given.proxies.except = Some(String::new());
            assert!(of(&given, &env).is_ok(), "{name} is not needed");
        }
        assert!(of(&direct, &Env { no_proxy: odd(), ..Env::default() }).is_ok());
    }

    #[test]
    fn a_login_in_the_url_goes_before_one_beside_it() {
        let user = |url: &str| {
            let mut typed = typed(ProxyKind::Http(Version::Http11), url);
            typed.proxies.user = Some("a%40b:c".to_owned());
            let proxy = of(&typed, &Env::default()).unwrap().http.unwrap().unwrap();
            String::from_utf8(proxy.credentials.unwrap().user).unwrap()
        };
        assert_eq!((user("p"), user("u:w@p")), ("a@b".to_owned(), "u".to_owned()));
    }
}
