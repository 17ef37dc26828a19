//! The articles: something to read, and something to crawl.

use super::answer::Answer;
use super::html::{escape, page};
use super::pages;
use super::routes::Visit;

/// One article.
struct Article {
    title: &'static str,
    body: &'static str,
}

macro_rules! article {
    ($number:literal, $title:literal) => {
        Article {
            title: $title,
            body: include_str!(concat!("../../fixtures/site/articles/", $number, ".html")),
        }
    };
}

static ARTICLES: [Article; 12] = [
    article!("01", "What a socket is"),
    article!("02", "Asking for a page"),
    article!("03", "Where an answer ends"),
    article!("04", "One connection, many questions"),
    article!("05", "A small text that comes back"),
    article!("06", "Who may read a cookie"),
    article!("07", "How a cookie ends"),
    article!("08", "It has moved"),
    article!("09", "Have you got something newer?"),
    article!("10", "Packed content"),
    article!("11", "A form that knows its sender"),
    article!("12", "A good guest"),
];

/// How many articles are listed on a page.
const PER_PAGE: usize = 5;

/// How many there are.
pub(super) fn count() -> usize {
    ARTICLES.len()
}

/// `/articles?page=N`: the list, a part at a time.
pub(super) fn list(visit: &Visit<'_>) -> Answer {
    let asked = visit.request.parameter("page");
    let asked = asked.map_or(Some(1), |text| text.parse::<usize>().ok());
    let last = ARTICLES.len().div_ceil(PER_PAGE);
    let Some(number) = asked.filter(|number| (1..=last).contains(number)) else {
        return pages::not_found();
    };
    let first = (number - 1) * PER_PAGE;
    let mut main = format!("<h1>Articles</h1>\n<ol start=\"{}\">\n", first + 1);
    for (index, article) in ARTICLES.iter().enumerate().skip(first).take(PER_PAGE) {
        let title = escape(article.title);
        main.push_str(&format!("<li><a href=\"/articles/{}\">{title}</a></li>\n", index + 1));
    }
    main.push_str("</ol>\n");
    let earlier = (number > 1).then(|| (format!("/articles?page={}", number - 1), "Before"));
    let later = (number < last).then(|| (format!("/articles?page={}", number + 1), "More"));
    main.push_str(&turn(earlier, later));
    page(200, &format!("Articles, page {number} of {last}"), &main)
}

/// `/articles/N`: one article and its neighbours.
pub(super) fn one(visit: &Visit<'_>) -> Answer {
    let number = visit.tail.parse::<usize>().ok().filter(|n| n.to_string() == visit.tail);
    let Some((number, article)) = number.and_then(|n| Some((n, ARTICLES.get(n.checked_sub(1)?)?)))
    else {
        return pages::not_found();
    };
    let link = |n: usize| {
        let neighbour = ARTICLES.get(n.checked_sub(1)?)?;
        Some((format!("/articles/{n}"), neighbour.title))
    };
    let main = format!(
        "<article>\n<h1>{}</h1>\n{}</article>\n{}",
        escape(article.title),
        article.body,
        turn(link(number - 1), link(number + 1)),
    );
    page(200, article.title, &main)
}

/// Links to what is before and what is next.
fn turn(before: Option<(String, &str)>, next: Option<(String, &str)>) -> String {
    let mut nav = "<nav class=\"turn\">\n".to_owned();
    for (rel, link) in [("prev", before), ("next", next)] {
        if let Some((path, title)) = link {
            let title = escape(title);
            nav.push_str(&format!("<a rel=\"{rel}\" href=\"{path}\">{title}</a>\n"));
        }
    }
    nav + "</nav>\n"
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use super::*;

    fn next(page: &str) -> Option<&str> {
        page.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.split('"').next().unwrap())
    }

    #[test]
    fn next_links_lead_through_all_articles_and_end() {
        let site = talk::site();
        let mut path = "/articles/1".to_owned();
        let mut seen = 0;
        loop {
            let answer = talk::get(&site, &path);
            assert_eq!(answer.status, 200, "{path}");
            seen += 1;
            match next(answer.text()) {
                Some(next) => path = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, ARTICLES.len());
    }

    #[test]
    fn the_pages_of_the_list_name_every_article_once() {
        let site = talk::site();
        let all: String = ["/articles", "/articles?page=2", "/articles?page=3"]
            .map(|path| talk::get(&site, path).text().to_owned())
            .concat();
        for number in 1..=ARTICLES.len() {
            assert_eq!(all.matches(&format!("\"/articles/{number}\"")).count(), 1);
        }
        for page in ["0", "4", "x", "-1"] {
            assert_eq!(talk::get(&site, &format!("/articles?page={page}")).status, 404, "{page}");
        }
    }
}
