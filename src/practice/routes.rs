//! The table of the site: who answers which path.

use super::answer::Answer;
use super::request::Request;
use super::state::State;
use super::{articles, cached, cookies, echo, login, pages, redirects, status, wire};

/// What a page is made from.
#[derive(Clone, Copy)]
pub(super) struct Visit<'v> {
    /// What was asked.
    pub(super) request: &'v Request,
    /// What the site remembers.
    pub(super) state: &'v State,
    /// What stands in the path where the route has its star.
    pub(super) tail: &'v str,
}

/// A heading of the index page and the routes below it.
pub(super) struct Group {
    /// The heading.
    pub(super) title: &'static str,
    /// Its routes.
    pub(super) routes: &'static [Route],
}

/// One line of the table.
pub(super) struct Route {
    /// The path. A star at its end stands for anything.
    pub(super) path: &'static str,
    /// A path to try it with, where that is not the path itself.
    pub(super) example: Option<&'static str>,
    /// What it does, for the index page.
    pub(super) what: &'static str,
    methods: Methods,
    answer: fn(&Visit<'_>) -> Answer,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Methods {
    Read,
    Form,
    Any,
}

impl Methods {
    /// The value of the Allow field.
    const fn allow(self) -> &'static str {
        match self {
            Methods::Read => "GET, HEAD, OPTIONS",
            Methods::Form => "GET, HEAD, POST, OPTIONS",
            Methods::Any => "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        }
    }
}

type Handler = fn(&Visit<'_>) -> Answer;

const fn get(path: &'static str, answer: Handler, what: &'static str) -> Route {
    Route { path, example: None, what, methods: Methods::Read, answer }
}

const fn form(path: &'static str, answer: Handler, what: &'static str) -> Route {
    Route { methods: Methods::Form, ..get(path, answer, what) }
}

const fn any(path: &'static str, answer: Handler, what: &'static str) -> Route {
    Route { methods: Methods::Any, ..get(path, answer, what) }
}

impl Route {
    const fn like(self, example: &'static str) -> Route {
        Route { example: Some(example), ..self }
    }
}

/// Everything there is. An exact path goes before one with a star.
#[rustfmt::skip]
pub(super) static SITE: &[Group] = &[
    Group { title: "Pages to read", routes: &[
        get("/", pages::index, "this page"),
        get("/about", pages::about, "what this site is"),
        get("/articles", articles::list, "the articles, five at a time"),
        get("/articles/*", articles::one, "one article, with the next and the one before").like("/articles/1"),
        get("/page/latin1", pages::latin1, "a page in ISO-8859-1, which only the page itself says"),
        get("/private/diary", pages::diary, "a page that robots.txt asks crawlers to leave alone"),
        get("/robots.txt", pages::robots, "what crawlers may fetch"),
        get("/sitemap.xml", pages::sitemap, "a list of the pages, for crawlers"),
        get("/style.css", pages::style, "how all this looks"),
    ]},
    Group { title: "Logging in", routes: &[
        form("/login", login::login, "a form with a hidden token; user ada, password lovelace"),
        get("/account", login::account, "for those who are logged in"),
        form("/logout", login::logout, "forgets the session and its cookies"),
    ]},
    Group { title: "Cookies", routes: &[
        get("/cookies", cookies::show, "the Cookie line as it came"),
        get("/cookies/set", cookies::set, "sets each parameter as a cookie").like("/cookies/set?flavour=cruller"),
        get("/cookies/delete", cookies::delete, "takes cookies back").like("/cookies/delete?flavour"),
        get("/cookies/refused", cookies::refused, "cookies that must be refused, beside one that is good"),
    ]},
    Group { title: "Redirects", routes: &[
        any("/redirect/301", redirects::status, "moved permanently, to /headers"),
        any("/redirect/302", redirects::status, "found"),
        any("/redirect/303", redirects::status, "see other: look there, with GET"),
        any("/redirect/307", redirects::status, "the same request again, there"),
        any("/redirect/308", redirects::status, "the same request again, and from now on"),
        any("/redirect/relative", redirects::relative, "a Location relative to this path"),
        any("/redirect/absolute", redirects::absolute, "a Location with scheme and host"),
        any("/redirect/loop", redirects::endless, "to itself, for ever"),
        any("/redirect/to", redirects::to, "to any URL; the parameter status is optional").like("/redirect/to?url=/ip&status=307"),
        any("/redirect/chain/*", redirects::chain, "so many redirects in a row").like("/redirect/chain/3"),
    ]},
    Group { title: "Status codes", routes: &[
        any("/status/*", status::page, "any status from 100 to 599").like("/status/418"),
    ]},
    Group { title: "What was sent", routes: &[
        any("/headers", echo::headers, "the request as it came: first line, fields, content"),
        any("/ip", echo::ip, "the address and port it came from"),
    ]},
    Group { title: "On the wire", routes: &[
        get("/chunked", wire::chunked, "in chunks, with an extension and a trailer"),
        get("/gzip", wire::gzip, "content coding gzip"),
        get("/deflate", wire::deflate, "content coding deflate (zlib)"),
        get("/close", wire::close, "ends when the connection does"),
        get("/cut", wire::cut, "promises more than it sends"),
        get("/interim", wire::interim, "103 Early Hints first, then the page"),
        get("/bytes/*", wire::bytes, "so many bytes, at most 1 GiB").like("/bytes/1000"),
        get("/slow", wire::slow, "dribbles for so many milliseconds, at most 10000").like("/slow?ms=2000"),
        get("/delay", wire::delay, "answers after so many milliseconds, at most 10000").like("/delay?ms=1000"),
    ]},
    Group { title: "Ranges and validators", routes: &[
        get("/range", cached::range, "a text that can be had in parts, with ETag and Last-Modified"),
        get("/etag", cached::etag, "a page with a weak ETag; asked again with it, 304"),
    ]},
];

/// Finds the route and lets it answer.
pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let request = visit.request;
    let method = request.head.method.as_str();
    if request.path == "*" && method == "OPTIONS" {
        return Answer::new(204).field("Allow", Methods::Any.allow());
    }
    let mut routes = SITE.iter().flat_map(|group| group.routes);
    let found = routes.find_map(|route| Some((route, tail(route.path, &request.path)?)));
    let Some((route, tail)) = found else { return pages::not_found() };
    match (route.methods, method) {
        (_, "GET" | "HEAD") | (Methods::Form, "POST") => {}
        (Methods::Any, method) if method != "CONNECT" && method != "TRACE" => {}
        (methods, "OPTIONS") => return Answer::new(204).field("Allow", methods.allow()),
        (methods, _) => return pages::not_allowed(methods.allow()),
    }
    (route.answer)(&Visit { tail, ..*visit })
}

/// What the star of a route stands for in this path; nothing, where the path is exact.
fn tail<'p>(route: &str, path: &'p str) -> Option<&'p str> {
    match route.strip_suffix('*') {
        Some(start) => path.strip_prefix(start),
        None => (route == path).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use super::*;

    #[test]
    fn every_link_of_the_index_leads_to_a_page() {
        let site = talk::site();
        for route in SITE.iter().flat_map(|group| group.routes) {
            let path = route.example.unwrap_or(route.path);
            let link = format!("href=\"{}\"", path.replace('&', "&amp;"));
            assert!(talk::get(&site, "/").text().contains(&link), "{path}");
            let request = format!("HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            if !path.starts_with("/delay") {
                assert!(![404, 405, 500].contains(&talk::ask(&site, &request).status), "{path}");
            }
        }
    }

    #[test]
    fn an_exact_path_is_not_hidden_behind_a_star() {
        let paths: Vec<&str> = SITE.iter().flat_map(|g| g.routes).map(|route| route.path).collect();
        for (at, path) in paths.iter().enumerate() {
            let hidden = paths[..at].iter().find(|earlier| tail(earlier, path).is_some());
            assert_eq!(hidden, None, "{path}");
        }
    }

    #[test]
    fn head_sends_the_fields_of_get_and_no_content() {
        let site = talk::site();
        for path in ["/", "/chunked", "/gzip", "/bytes/100000", "/status/404", "/close", "/cut"] {
            let head = format!("HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let (head, get) = (talk::ask(&site, &head), talk::get(&site, path));
            assert_eq!((head.status, head.content.len()), (get.status, 0), "{path}");
            for name in ["Content-Length", "Transfer-Encoding", "Content-Type"] {
                assert_eq!(head.field(name), get.field(name), "{name} of {path}");
            }
        }
    }

    #[test]
    fn a_method_that_does_not_fit_is_told_which_would() {
        let site = talk::site();
        let ask = |line: &str| {
            talk::ask(&site, &format!("{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        };
        let refused = ask("POST /about");
        assert_eq!((refused.status, refused.field("Allow")), (405, Some("GET, HEAD, OPTIONS")));
        let options = ask("OPTIONS /login");
        assert_eq!((options.status, options.field("Content-Length")), (204, None));
        assert_eq!(options.field("Allow"), Some("GET, HEAD, POST, OPTIONS"));
        assert_eq!(ask("OPTIONS *").status, 204);
        assert_eq!(ask("CONNECT a:80").status, 404);
        assert_eq!(ask("TRACE /headers").status, 405);
        assert_eq!(ask("BREW /headers").status, 200);
    }

    #[test]
    fn a_path_that_is_not_there_is_a_page_that_says_so() {
        let site = talk::site();
        let answer = talk::get(&site, "/nowhere");
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("<a href=\"/\">"));
        for path in ["/articles/0", "/articles/01", "/status/99", "/bytes/x", "/redirect/chain/"] {
            assert_eq!(talk::get(&site, path).status, 404, "{path}");
        }
    }
}
