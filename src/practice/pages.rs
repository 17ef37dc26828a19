//! Plain pages, and the pages for what went wrong.

use super::answer::Answer;
use super::articles;
use super::html::{escape, fill, page};
use super::routes::{SITE, Visit};

const INDEX: &str = include_str!("../../fixtures/site/index.html");
const ABOUT: &str = include_str!("../../fixtures/site/about.html");
const DIARY: &str = include_str!("../../fixtures/site/diary.html");
const LATIN1: &[u8] = include_bytes!("../../fixtures/site/latin1.html");
const STYLE: &[u8] = include_bytes!("../../fixtures/site/style.css");
const ROBOTS: &str = include_str!("../../fixtures/site/robots.txt");

/// `/`: every route of the site, from its own table.
pub(super) fn index(_: &Visit<'_>) -> Answer {
    let mut groups = String::new();
    for group in SITE {
        groups.push_str(&format!("<h2>{}</h2>\n<dl>\n", group.title));
        for route in group.routes {
            let path = escape(route.example.unwrap_or(route.path));
            let what = escape(route.what);
            groups.push_str(&format!("<dt><a href=\"{path}\">{path}</a></dt><dd>{what}</dd>\n"));
        }
        groups.push_str("</dl>\n");
    }
    page(200, "A site to practise on", &fill(INDEX, &[("groups", &groups)]))
}

/// `/about`.
pub(super) fn about(_: &Visit<'_>) -> Answer {
    page(200, "About this site", ABOUT)
}

/// `/private/diary`: robots.txt asks crawlers to stay away.
pub(super) fn diary(_: &Visit<'_>) -> Answer {
    page(200, "A diary", DIARY)
}

/// `/page/latin1`: the charset stands in the page and nowhere else.
pub(super) fn latin1(_: &Visit<'_>) -> Answer {
    Answer::new(200).field("Content-Type", "text/html").content(LATIN1)
}

/// `/style.css`.
pub(super) fn style(_: &Visit<'_>) -> Answer {
    let answer = Answer::new(200).field("Content-Type", "text/css; charset=utf-8");
    answer.field("Cache-Control", "max-age=3600").content(STYLE)
}

/// `/robots.txt` (RFC 9309).
pub(super) fn robots(visit: &Visit<'_>) -> Answer {
    Answer::text(200, fill(ROBOTS, &[("sitemap", &visit.request.absolute("/sitemap.xml"))]))
}

/// `/sitemap.xml`: absolute URLs, under the name the client used.
pub(super) fn sitemap(visit: &Visit<'_>) -> Answer {
    let plain = ["/", "/about", "/articles"].map(str::to_owned);
    let articles = (1..=articles::count()).map(|number| format!("/articles/{number}"));
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                   <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for path in plain.into_iter().chain(articles) {
        let url = escape(&visit.request.absolute(&path));
        xml.push_str(&format!("<url><loc>{url}</loc></url>\n"));
    }
    xml.push_str("</urlset>\n");
    let answer = Answer::new(200).field("Content-Type", "application/xml; charset=utf-8");
    answer.content(xml.into_bytes())
}

/// 404.
pub(super) fn not_found() -> Answer {
    refused(404, "There is no such page here.")
}

/// 405, with what would be allowed.
pub(super) fn not_allowed(allow: &str) -> Answer {
    refused(405, "This page does not know that method.").field("Allow", allow)
}

/// A page for a request that cannot be answered, in one sentence.
pub(super) fn refused(status: u16, why: &str) -> Answer {
    let title = format!("{status} {}", super::status::reason(status));
    let main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"/\">All pages of this site</a></p>\n",
        escape(&title),
        escape(why)
    );
    page(status, &title, &main)
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    #[test]
    fn crawlers_find_the_sitemap_and_what_to_leave_alone() {
        let site = talk::site();
        let robots = talk::get(&site, "/robots.txt");
        assert_eq!(robots.field("Content-Type"), Some("text/plain; charset=utf-8"));
        assert!(robots.text().contains("Disallow: /private/\n"));
        assert!(robots.text().contains("Sitemap: http://a.example/sitemap.xml\n"));
        let sitemap = talk::get(&site, "/sitemap.xml");
        let locations = sitemap.text().split("<loc>http://a.example").skip(1);
        let paths: Vec<&str> = locations.map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(paths.len(), 15);
        assert!(paths.iter().all(|path| talk::get(&site, path).status == 200));
    }

    #[test]
    fn the_page_in_latin1_says_so_in_itself_only() {
        let site = talk::site();
        let answer = talk::get(&site, "/page/latin1");
        assert_eq!(answer.field("Content-Type"), Some("text/html"));
        assert!(std::str::from_utf8(&answer.content).is_err());
        let text: String = answer.content.iter().map(|&b| char::from(b)).collect();
        assert!(text.contains("<meta charset=\"iso-8859-1\">") && text.contains("Crème brûlée"));
    }

    #[test]
    fn every_page_is_dated_and_names_its_server() {
        let site = talk::site();
        let answer = talk::get(&site, "/about");
        assert!(httpdate::parse_http_date(answer.field("Date").unwrap()).is_ok());
        assert_eq!(answer.field("Server"), Some("cruller-practice"));
        assert!(answer.text().starts_with("<!doctype html>"));
    }
}
