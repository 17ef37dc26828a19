//! Which proxies a command line and its environment ask for.

use super::env::Env;
use super::exit::Failure;
use super::typed::Typed;
use crate::base::canonical_host;
use crate::client::{Credentials, Direct, Proxies, Proxy};
use percent_encoding::percent_decode_str;
use url::Host;

/// The port of a proxy that none is written for, as in curl.
const PROXY_PORT: u16 = 1080;

/// What goes through which proxy: `-x` before the environment, `--noproxy` before its list.
///
/// # Errors
/// A proxy that is none, or of a kind that is not known here.
pub(super) fn of(typed: &Typed, env: &Env) -> Result<Proxies, Failure> {
    let login = typed.proxy_user.as_deref().map(login);
    let read = |text: Option<&String>| -> Result<Option<Proxy>, Failure> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        let mut proxy = parse(text)?;
        if let Some(login) = &login {
            proxy.credentials = Some(login.clone());
        }
        Ok(Some(proxy))
    };
    let (http, https) = match &typed.proxy {
        Some(given) => (Some(given), Some(given)),
        None => (
            env.http_proxy.as_ref().or(env.all_proxy.as_ref()),
            env.https_proxy.as_ref().or(env.all_proxy.as_ref()),
        ),
    };
    let list = typed.noproxy.as_ref().or(env.no_proxy.as_ref());
    let words = list.into_iter().flat_map(|list| list.split([',', ' ']));
    Ok(Proxies {
        http: read(http)?,
        https: read(https)?,
        except: words.filter_map(Direct::parse).collect(),
        tunnel: typed.proxytunnel,
    })
}

/// `[http://][user:password@]host[:port]`.
fn parse(text: &str) -> Result<Proxy, Failure> {
    let bad = || Failure::new(super::exit::code::PROXY, format!("\"{text}\" is no proxy"));
    let rest = match text.split_once("://") {
        None => text,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
        Some((scheme, _)) => {
            let why = format!("-x: {scheme} proxies are still to come; http ones are known");
            return Err(Failure::usage(why));
        }
    };
    let rest = rest.split('/').next().unwrap_or(rest);
    let (user, place) = match rest.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, rest),
    };
    let colon = place.rfind(':').filter(|colon| !place[*colon..].contains(']'));
    let (host, port) = match colon {
        Some(colon) => (&place[..colon], place[colon + 1..].parse().map_err(|_| bad())?),
        None => (place, PROXY_PORT),
    };
    let host = Host::parse(host).map_err(|_| bad())?.to_string();
    let decode = |login: Credentials| Credentials {
        user: percent_decode_str(&login.user).decode_utf8_lossy().into_owned(),
        password: percent_decode_str(&login.password).decode_utf8_lossy().into_owned(),
    };
    let credentials = user.map(login).map(decode);
    Ok(Proxy { host: canonical_host(&host).into(), port, credentials })
}

fn login(text: &str) -> Credentials {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    Credentials { user: user.to_owned(), password: password.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_with_perhaps_a_port_and_a_login() {
        for (text, host, port, user) in [
            ("p.example", "p.example", 1080, None),
            ("http://P.example:3128/", "p.example", 3128, None),
            ("u:p%40w@[::1]:8", "[::1]", 8, Some(("u", "p@w"))),
        ] {
            let proxy = parse(text).unwrap();
            assert_eq!((&*proxy.host, proxy.port), (host, port), "{text}");
            let login = proxy.credentials.as_ref().map(|c| (c.user.as_str(), c.password.as_str()));
            assert_eq!(login, user, "{text}");
        }
        assert_eq!(parse("socks5://p").unwrap_err().code, 2);
        assert_eq!(parse("p:x").unwrap_err().code, 5);
    }

    #[test]
    fn the_command_line_goes_before_the_environment() {
        let set = |text: &str| Some(text.to_owned());
        let env = Env { http_proxy: set("a"), all_proxy: set("b"), ..Env::default() };
        let proxies = of(&Typed::default(), &env).unwrap();
        assert_eq!((&*proxies.http.unwrap().host, &*proxies.https.unwrap().host), ("a", "b"));
        let typed = Typed { proxy: set(""), ..Typed::default() };
        assert_eq!(of(&typed, &env).unwrap(), Proxies::default());
    }
}
