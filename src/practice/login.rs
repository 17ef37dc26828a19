//! Logging in: a form, a session cookie, a page for members.
//!
//! A pre-session cookie is set together with the form, and the form's hidden
//! token is made from it: a form that another site made a browser send has the
//! cookie but not the token. A person at a terminal may leave the token out; a
//! wrong one is refused. After a login the pre-session is taken back and the
//! session has a token that nobody knew before, so each form works once.

use super::answer::Answer;
use super::html::{escape, fill, page};
use super::routes::Visit;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

const LOGIN: &str = include_str!("../../fixtures/site/login.html");
const ACCOUNT: &str = include_str!("../../fixtures/site/account.html");
const USER: &str = "ada";
const PASSWORD: &str = "lovelace";

/// The session: gone with the browser, out of reach for scripts.
const SESSION: &str = "sid";
/// The visitor: stays for 30 days, through many sessions.
const VISITOR: &str = "visitor";
/// The pre-session: what a form's token belongs to.
const PRE_SESSION: &str = "pre";

/// `/login`: the form, and what it is sent to.
pub(super) fn login(visit: &Visit<'_>) -> Answer {
    let request = visit.request;
    if request.head.method != "POST" {
        return form(visit, 200, "", request.parameter("next"));
    }
    if let Some(token) = request.field("token") {
        let pre_session = request.cookie(PRE_SESSION);
        if pre_session.is_none_or(|pre| visit.state.form_token(&pre) != token) {
            let why = "The form's token is missing its cookie or is not the one it was given.";
            return form(visit, 403, why, request.field("next"));
        }
    }
    let is = |name: &str, right: &str| request.field(name).is_some_and(|value| value == right);
    if !is("user", USER) || !is("password", PASSWORD) {
        let why = "This is not a user and password that go together.";
        return form(visit, 401, why, request.field("next"))
            .field("WWW-Authenticate", "Form realm=\"practice\"");
    }
    let (session, visitor) = visit.state.log_in(request.cookie(VISITOR));
    let next = request.field("next").filter(|next| is_own_path(next));
    let answer = Answer::redirect(303, next.as_deref().unwrap_or("/account"))
        .field("Cache-Control", "no-store")
        .field("Set-Cookie", ours(SESSION, &session).build().to_string())
        .field("Set-Cookie", lasting(VISITOR, &visitor, Duration::days(30)));
    if request.cookie(PRE_SESSION).is_some() {
        answer.field("Set-Cookie", lasting(PRE_SESSION, "", Duration::ZERO))
    } else {
        answer
    }
}

/// The form, with a word on why it is shown again.
fn form(visit: &Visit<'_>, status: u16, why: &str, next: Option<String>) -> Answer {
    let known = visit.request.cookie(PRE_SESSION).filter(|pre| pre.len() <= 64);
    let pre_session = known.clone().unwrap_or_else(|| visit.state.token());
    let next = next.filter(|next| is_own_path(next));
    let why = if why.is_empty() { String::new() } else { format!("<p class=\"note\">{why}</p>") };
    let main = fill(
        LOGIN,
        &[
            ("why", &why),
            ("token", &visit.state.form_token(&pre_session)),
            ("next", &escape(next.as_deref().unwrap_or("/account"))),
        ],
    );
    let answer = page(status, "Log in", &main).field("Cache-Control", "no-store");
    match known {
        Some(_) => answer,
        None => answer.field("Set-Cookie", ours(PRE_SESSION, &pre_session).build().to_string()),
    }
}

/// `/account`: for those who are logged in.
pub(super) fn account(visit: &Visit<'_>) -> Answer {
    let session = visit.request.cookie(SESSION);
    let visits = session.and_then(|sid| visit.state.visit(&sid, !visit.request.is_head()));
    let answer = match visits {
        None => Answer::redirect(303, "/login?next=/account"),
        Some(visits) => {
            let times = if visits == 1 { "time" } else { "times" };
            let values = [("user", USER), ("visits", &visits.to_string()), ("times", times)];
            page(200, "Your account", &fill(ACCOUNT, &values))
        }
    };
    answer.field("Cache-Control", "no-store")
}

/// `/logout`: forgets the session here and takes the cookies back there.
pub(super) fn logout(visit: &Visit<'_>) -> Answer {
    let answer = Answer::redirect(303, "/").field("Cache-Control", "no-store");
    if visit.request.is_head() {
        return answer;
    }
    if let Some(session) = visit.request.cookie(SESSION) {
        visit.state.log_out(&session);
    }
    answer
        .field("Set-Cookie", lasting(SESSION, "", Duration::ZERO))
        .field("Set-Cookie", lasting(VISITOR, "", Duration::ZERO))
}

/// What all cookies of the login have in common.
fn ours<'c>(name: &'c str, value: &'c str) -> cookie::CookieBuilder<'c> {
    Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax)
}

/// The same with a lifetime; zero takes the cookie back.
fn lasting(name: &str, value: &str, lifetime: Duration) -> String {
    ours(name, value).max_age(lifetime).build().to_string()
}

/// Whether a path leads to this site: a login form must not send people elsewhere.
fn is_own_path(next: &str) -> bool {
    let graphic = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    graphic && next.starts_with('/') && !next.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    const RIGHT: &str = "user=ada&password=lovelace";

    fn cookie_line(cookies: &str) -> String {
        format!("Cookie: {cookies}\r\n")
    }

    fn token_in(page: &str) -> String {
        let start = page.split_once("name=\"token\" value=\"").unwrap().1;
        start.split('"').next().unwrap().to_owned()
    }

    #[test]
    fn one_step_without_a_token_logs_in_and_the_account_counts_visits() {
        let site = talk::site();
        let answer = talk::post(&site, "/login", "", RIGHT);
        assert_eq!((answer.status, answer.field("Location")), (303, Some("/account")));
        let set = answer.fields("Set-Cookie");
        assert!(set[0].starts_with("sid=") && set[0].ends_with("; HttpOnly; SameSite=Lax; Path=/"));
        assert!(set[1].starts_with("visitor=") && set[1].contains("; Max-Age=2592000"), "{set:?}");
        assert_eq!(set.len(), 2);
        let cookies = cookie_line(&answer.cookies());
        let first = talk::get_with(&site, "/account", &cookies);
        assert!(first.text().contains("Welcome back, ada") && first.text().contains("1 time."));
        talk::ask(
            &site,
            &format!("HEAD /account HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookies}\r\n"),
        );
        assert!(talk::get_with(&site, "/account", &cookies).text().contains("2 times."));
        // The visitor is known in the next session too.
        let again = talk::post(&site, "/login", &cookies, RIGHT);
        let cookies = cookie_line(&again.cookies());
        assert!(talk::get_with(&site, "/account", &cookies).text().contains("3 times."));
    }

    #[test]
    fn the_token_of_the_form_works_with_its_cookie_only() {
        let site = talk::site();
        let (form, other) = (talk::get(&site, "/login"), talk::get(&site, "/login"));
        let with_token = format!("{RIGHT}&token={}", token_in(form.text()));
        for cookies in [String::new(), cookie_line(&other.cookies())] {
            let refused = talk::post(&site, "/login", &cookies, &with_token);
            assert_eq!(refused.status, 403);
            assert!(!refused.cookies().contains("sid="));
        }
        let answer = talk::post(&site, "/login", &cookie_line(&form.cookies()), &with_token);
        assert_eq!(answer.status, 303);
        assert!(answer.fields("Set-Cookie")[2].starts_with("pre=; "), "the pre-session is over");
        let next = talk::get_with(&site, "/login", &cookie_line(&answer.cookies()));
        assert_ne!(token_in(next.text()), token_in(form.text()));
    }

    #[test]
    fn a_wrong_password_shows_the_form_again() {
        let site = talk::site();
        for form in ["user=ada&password=x", "user=ada", "", "user=eve&password=lovelace"] {
            let answer = talk::post(&site, "/login", "", form);
            assert_eq!((answer.status, answer.text().contains("<form")), (401, true), "{form}");
            assert!(answer.field("WWW-Authenticate").is_some());
        }
    }

    #[test]
    fn strangers_are_sent_to_the_form_and_from_there_back() {
        let site = talk::site();
        for cookies in ["", "Cookie: sid=0123456789abcdef\r\n"] {
            let answer = talk::get_with(&site, "/account", cookies);
            assert_eq!(answer.field("Location"), Some("/login?next=/account"));
        }
        assert!(talk::get(&site, "/login?next=/headers").text().contains("value=\"/headers\""));
        for (next, location) in [
            ("/headers?a=1", "/headers?a=1"),
            ("//evil.example", "/account"),
            ("/%5Cevil.example", "/account"),
            ("http://evil.example", "/account"),
            ("/%0D%0AX:1", "/account"),
        ] {
            let answer = talk::post(&site, "/login", "", &format!("{RIGHT}&next={next}"));
            assert_eq!(answer.field("Location"), Some(location), "{next}");
            assert_eq!(answer.field("X"), None);
        }
    }

    #[test]
    fn logging_out_ends_the_session_on_both_sides() {
        let site = talk::site();
        for method in ["GET", "POST"] {
            let cookies = cookie_line(&talk::post(&site, "/login", "", RIGHT).cookies());
            let answer = talk::ask(
                &site,
                &format!(
                    "{method} /logout HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookies}\r\n"
                ),
            );
            assert_eq!(answer.fields("Set-Cookie").len(), 2);
            assert_eq!(answer.cookies(), "", "all are taken back");
            assert_eq!(talk::get_with(&site, "/account", &cookies).status, 303);
        }
    }
}
