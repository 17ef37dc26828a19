//! Doors in front of a page: a login, a question of consent, a check for cookies.

use super::marks;
use super::scene::{Scene, segments};
use super::{Confidence, Kind, Sign};
use crate::client::Hop;
use crate::inspect::Ended;
use crate::page::Html;
use url::Url;

/// A login page says little besides; a page with more text has a login form beside its content.
const LOGIN_TEXT: usize = 1500;

/// Parameters of a URL that are looked at.
const MOST_PARAMETERS: usize = 64;

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
    if scene.redirected() && is_login(scene.url()) {
        return sent_to_login(scene);
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

/// Another page than was asked for, at a place where people log in. A manual has such a place
/// for its chapter on logins: the URL has to lead back, or to end there with little on the page.
fn sent_to_login(scene: &Scene<'_>) -> Option<Sign> {
    let (asked, login) = (&scene.first.url, scene.url());
    let small = scene.html().is_some_and(is_login_page);
    let password = small && scene.html().is_some_and(|html| html.passwords > 0);
    let back = leads_back(asked, login);
    if back.is_none() && !(ends_at_login(login) && (password || scene.bare())) {
        return None;
    }
    let sure = back.is_some() || password;
    let mut evidence = vec![format!("a redirect to {}{}", host(login), login.path())];
    evidence.extend(back);
    evidence.extend(password.then(|| "the page has a field for a password".to_owned()));
    let sure = if sure { Confidence::Certain } else { Confidence::Likely };
    Some(Sign::new(Kind::LoginWall, sure, evidence))
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// Whether the host is named for logins: `sso.corp.example`.
fn is_login_host(url: &Url) -> bool {
    let (label, site) = host(url).split_once('.').unwrap_or_default();
    site.contains('.') && marks::listed("login places", label)
}

/// Whether people log in there, by any part of its path or by its host.
fn is_login(url: &Url) -> bool {
    ends_at_login(url) || segments(url).any(|segment| marks::listed("login places", &segment))
}

/// The same by the end of its path, which says what the page is.
fn ends_at_login(url: &Url) -> bool {
    let path: Vec<String> = segments(url).collect();
    let last = path.last().is_some_and(|last| marks::listed("login places", last));
    let two = path.last_chunk::<2>().map(|two| two.join("/"));
    is_login_host(url) || last || two.is_some_and(|two| marks::listed("login ends", &two))
}

/// The parameter of a login's URL that leads back to the page that was asked for.
fn leads_back(asked: &Url, login: &Url) -> Option<String> {
    login.query_pairs().take(MOST_PARAMETERS).find_map(|(name, value)| {
        let whole = value.contains(asked.as_str().trim_end_matches('/'));
        let path = asked.path().len() > 1 && value.contains(asked.path());
        let known =
            !value.is_empty() && ends_at_login(login) && marks::listed("return parameters", &name);
        (whole || path || known)
            .then(|| format!("its parameter `{}` leads back", name.escape_debug()))
    })
}

fn consent(scene: &Scene<'_>) -> Option<Sign> {
    let is_consent = |url: &Url| {
        host(url).split('.').any(|label| marks::listed("consent places", label))
            || segments(url).any(|segment| marks::listed("consent places", &segment))
    };
    let (asked, url) = (&scene.first.url, scene.url());
    let bare = scene.html().is_some_and(is_login_page);
    let sent = scene.redirected()
        && is_consent(url)
        && !is_consent(asked)
        && (bare || leads_back(asked, url).is_some());
    let titled = scene.titled("consent titles");
    let mut evidence = Vec::new();
    if sent {
        evidence.push(format!("a redirect to {}{}", host(url), url.path()));
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

/// The fetch gave up on its redirects; whether these come back to where they were.
pub(super) fn round_and_round(scene: &Scene<'_>) -> Option<Sign> {
    let Ended::Redirects(words) = scene.ended else { return None };
    let hops = &scene.capture.hops;
    let last = scene.last;
    let same = |hop: &&Hop| hop.url == last.url && hop.method == last.method;
    let times = hops.iter().filter(same).count();
    let mut evidence = vec![words.clone()];
    let sure = if times > 1 {
        evidence.push(format!("{} was asked for {times} times", last.url.path()));
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    Some(Sign::new(Kind::RedirectLoop, sure, evidence))
}
