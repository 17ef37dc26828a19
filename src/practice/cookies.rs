//! Cookies to set, to see, and to refuse.

use super::answer::Answer;
use super::form;
use super::html::{escape, page};
use super::pages;
use super::routes::Visit;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// `/cookies`: the Cookie line as it came.
pub(super) fn show(visit: &Visit<'_>) -> Answer {
    let mut text = Vec::new();
    for line in visit.request.head.headers.all("Cookie") {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    if text.is_empty() {
        text.extend_from_slice(b"(no cookies)\n");
    }
    Answer::text(200, text).field("Cache-Control", "no-store")
}

/// `/cookies/set`: every parameter becomes a cookie.
pub(super) fn set(visit: &Visit<'_>) -> Answer {
    change(visit, |name, value| {
        Cookie::build((name, value)).path("/").same_site(SameSite::Lax).build().to_string()
    })
}

/// `/cookies/delete`: the cookie of each parameter is taken back.
pub(super) fn delete(visit: &Visit<'_>) -> Answer {
    change(visit, |name, _| {
        Cookie::build((name, "")).path("/").max_age(Duration::ZERO).build().to_string()
    })
}

fn change(visit: &Visit<'_>, line: impl Fn(&str, &str) -> String) -> Answer {
    let mut answer = Answer::redirect(303, "/cookies");
    for (name, value) in form::pairs(visit.request.query.as_bytes()) {
        if name.is_empty() || !name.bytes().all(is_token) || !value.bytes().all(is_value) {
            return pages::refused(400, "This is no name and value a server may give a cookie.");
        }
        answer = answer.field("Set-Cookie", line(&name, &value));
    }
    answer
}

/// What a server may put into a name (RFC 6265bis section 4.1.1).
fn is_token(b: u8) -> bool {
    b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b)
}

/// What a server may put into a value.
fn is_value(b: u8) -> bool {
    b.is_ascii_graphic() && !b"\",;\\".contains(&b)
}

/// `/cookies/refused`: one cookie to keep among others that no client may keep.
pub(super) fn refused(visit: &Visit<'_>) -> Answer {
    let suffix = top_level(&visit.request.host);
    let wrong = [
        (
            "a domain this host has no part in",
            Cookie::build(("elsewhere", "1")).domain("other.example"),
        ),
        ("a domain that is a public suffix", Cookie::build(("everywhere", "1")).domain(suffix)),
        ("the prefix __Host- without Path=/", Cookie::build(("__Host-nopath", "1")).secure(true)),
        ("the prefix __Secure- without Secure", Cookie::build(("__Secure-open", "1")).path("/")),
        ("SameSite=None without Secure", Cookie::build(("nowhere", "1")).same_site(SameSite::None)),
    ];
    let good = Cookie::build(("good", "1")).path("/").same_site(SameSite::Lax);
    let mut lines = vec![("nothing: this one is to be kept", good.build().to_string())];
    for (why, cookie) in wrong {
        // The builder makes SameSite=None secure by itself unless it is told not to.
        let secure = cookie.inner().secure().unwrap_or(false);
        lines.push((why, cookie.secure(secure).build().to_string()));
    }
    let mut rows = String::new();
    for (why, line) in &lines {
        rows.push_str(&format!("<tr><td><code>{}</code></td><td>{why}</td></tr>\n", escape(line)));
    }
    let main = format!(
        "<h1>Cookies to refuse</h1>\n<p>This page came with {} cookies, and all but one are \
         wrong. <a href=\"/cookies\">See which come back</a>.</p>\n<table>\n\
         <tr><th>Set-Cookie</th><th>What is wrong with it</th></tr>\n{rows}</table>\n",
        lines.len()
    );
    let answer = page(200, "Cookies to refuse", &main);
    lines.iter().fold(answer, |answer, (_, line)| answer.field("Set-Cookie", line))
}

/// The last label of a host that is a name; `com` for an address.
fn top_level(host: &str) -> String {
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let label = name.rsplit('.').next().unwrap_or_default();
    let is_name = name.contains('.') && label.bytes().all(|b| b.is_ascii_alphabetic());
    if is_name { label.to_ascii_lowercase() } else { "com".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    #[test]
    fn parameters_become_cookies_and_are_taken_back() {
        let site = talk::site();
        let set = talk::get(&site, "/cookies/set?a=1&b=two%21");
        assert_eq!((set.status, set.field("Location")), (303, Some("/cookies")));
        assert_eq!(set.cookies(), "a=1; b=two!");
        let back = talk::get(&site, "/cookies/delete?a");
        assert_eq!(back.fields("Set-Cookie"), ["a=; Path=/; Max-Age=0"]);
    }

    #[test]
    fn a_name_or_value_that_would_become_another_attribute_is_refused() {
        let site = talk::site();
        for query in ["a=1%3B%20Domain%3Dx", "a%3Db=1", "=1", "a=%0D%0AX", "a=%C3%A9"] {
            let answer = talk::get(&site, &format!("/cookies/set?{query}"));
            assert_eq!((answer.status, answer.cookies().as_str()), (400, ""), "{query}");
        }
    }

    #[test]
    fn the_cookie_line_is_shown_as_it_came() {
        let site = talk::site();
        assert_eq!(talk::get(&site, "/cookies").text(), "(no cookies)\n");
        let shown = talk::get_with(&site, "/cookies", "cookie: a=1;b=\"x\"\r\nCookie: c\r\n");
        assert_eq!(shown.text(), "a=1;b=\"x\"\nc\n");
    }

    #[test]
    fn each_refused_cookie_has_exactly_the_fault_it_is_there_for() {
        let site = talk::site();
        assert_eq!(
            talk::get(&site, "/cookies/refused").fields("Set-Cookie"),
            [
                "good=1; SameSite=Lax; Path=/",
                "elsewhere=1; Domain=other.example",
                "everywhere=1; Domain=example",
                "__Host-nopath=1; Secure",
                "__Secure-open=1; Path=/",
                "nowhere=1; SameSite=None",
            ]
        );
    }
}
