//! Doors in front of a page: a login, a question of consent, a check for cookies.

use super::marks;
use super::scene::{Scene, segments};
use super::{Confidence, Kind, Sign};
use crate::client::Hop;
use crate::page::Html;
use url::Url;

/// A login page says little besides; a page with more text has a login form beside its content.
const LOGIN_TEXT: usize = 1500;

/// Links of a login page: its header and its footer.
const LOGIN_LINKS: usize = 40;

/// The door that is closed, if one is.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Sign> {
    login(scene).or_else(|| consent(scene)).into_iter().collect()
}

fn login(scene: &Scene<'_>) -> Option<Sign> {
    let wall = |sure, evidence| Some(Sign::new(Kind::LoginWall, sure, evidence));
    if scene.status() == 401 {
        return wall(Confidence::Certain, vec![unauthorized(scene)]);
    }
    // Whoever asks for a login page gets one; so does who posts a wrong password.
    if is_login(&scene.first.url) || scene.first.method.as_str() == "POST" {
        return None;
    }
    let password = scene.html().is_some_and(|html| html.passwords > 0);
    if scene.status() == 403 && password {
        let evidence =
            vec!["status 403".to_owned(), "the page has a field for a password".to_owned()];
        return wall(Confidence::Likely, evidence);
    }
    if !matches!(scene.status(), 200 | 403) {
        return None;
    }
    if let Some(to) = sent_to_login(scene) {
        let mut evidence = vec![format!("a redirect to {}{}", host(&to.url), to.url.path())];
        let returns = parameter_back(&scene.first.url, &to.url);
        evidence.extend(returns.clone());
        evidence.extend(password.then(|| "the page has a field for a password".to_owned()));
        let sure = returns.is_some() || password && scene.ok();
        return wall(if sure { Confidence::Certain } else { Confidence::Likely }, evidence);
    }
    let html = scene.html().filter(|html| password && scene.ok() && is_login_page(html))?;
    let mut evidence = scene.titled("login titles");
    if evidence.is_empty() {
        return None;
    }
    evidence.push(format!("a field for a password, and {} characters of text", html.text_chars));
    wall(Confidence::Likely, evidence)
}

/// How a 401 wants to be answered.
fn unauthorized(scene: &Scene<'_>) -> String {
    let schemes: Vec<String> = scene
        .headers()
        .all("www-authenticate")
        .filter_map(|value| value.split(|byte| !byte.is_ascii_alphanumeric()).next())
        .filter(|scheme| !scheme.is_empty())
        .map(|scheme| String::from_utf8_lossy(scheme).into_owned())
        .collect();
    if schemes.is_empty() {
        "status 401, without WWW-Authenticate".to_owned()
    } else {
        format!("status 401, WWW-Authenticate: {}", schemes.join(", "))
    }
}

/// The page is hardly more than its form.
fn is_login_page(html: &Html) -> bool {
    html.text_chars < LOGIN_TEXT && html.links.total() < LOGIN_LINKS
}

/// The first hop that is a place to log in, and another page than was asked for.
fn sent_to_login<'c>(scene: &Scene<'c>) -> Option<&'c Hop> {
    if !scene.redirected() || !is_login(scene.url()) {
        return None;
    }
    scene.capture.hops.iter().skip(1).find(|hop| is_login(&hop.url))
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// Whether people log in there, by its path or its host.
fn is_login(url: &Url) -> bool {
    let label = host(url).split('.').next().unwrap_or_default().to_owned();
    let labelled = host(url).matches('.').count() >= 2 && marks::listed("login places", &label);
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    labelled
        || segments(url).any(|segment| marks::listed("login places", &segment))
        || marks::list("login ends")
            .any(|end| path.strip_suffix(end).is_some_and(|before| before.ends_with('/')))
}

/// The parameter of a login's URL that leads back to the page that was asked for.
fn parameter_back(asked: &Url, login: &Url) -> Option<String> {
    login.query_pairs().find_map(|(name, value)| {
        let known = marks::listed("return parameters", &name);
        let whole = value.contains(asked.as_str().trim_end_matches('/'));
        let path = asked.path().len() > 1 && value.contains(asked.path());
        (known && !value.is_empty() || whole || path)
            .then(|| format!("its parameter `{}` leads back", name.escape_debug()))
    })
}

fn consent(scene: &Scene<'_>) -> Option<Sign> {
    let is_consent = |url: &Url| {
        host(url).split('.').any(|label| marks::listed("consent places", label))
            || segments(url).any(|segment| marks::listed("consent places", &segment))
    };
    let sent = scene.redirected() && is_consent(scene.url()) && !is_consent(&scene.first.url);
    let titled = scene.titled("consent titles");
    let bare = scene.html().is_some_and(is_login_page);
    let mut evidence = Vec::new();
    if sent {
        evidence.push(format!("a redirect to {}{}", host(scene.url()), scene.url().path()));
    } else if titled.is_empty() || !bare || !scene.ok() {
        return None;
    }
    let sure = if sent { Confidence::Certain } else { Confidence::Likely };
    evidence.extend(titled);
    Some(Sign::new(Kind::ConsentWall, sure, evidence))
}

/// The same URL asked for again behind a cookie: a check that the cookie comes back.
pub(super) fn cookie_check(scene: &Scene<'_>) -> Option<Sign> {
    let hops = &scene.capture.hops;
    let (at, first) = hops.iter().enumerate().find(|(at, hop)| {
        let again = |later: &Hop| later.url == hop.url && later.method == hop.method;
        (300..400).contains(&hop.head.status)
            && hop.head.headers.has("set-cookie")
            && hops[at + 1..].iter().any(again)
    })?;
    let again = hops[at + 1..].iter().filter(|later| later.url == first.url).count();
    let mut evidence = vec![format!("{} sets a cookie and is asked for again", first.url.path())];
    // It goes on asking: the cookie does not come back.
    let looped = (300..400).contains(&scene.status()) && again > 1;
    if looped {
        evidence.push(format!("{again} times, and no end"));
    }
    let sure = if looped { Confidence::Certain } else { Confidence::Likely };
    Some(Sign::new(Kind::CookieCheck, sure, evidence))
}
