//! Redirects of every kind (RFC 9110 section 15.4).

use super::answer::Answer;
use super::pages;
use super::routes::Visit;

/// Longest chain.
const LONGEST: u32 = 1000;

/// `/redirect/301` and its kind: to `/headers`, which shows what came along.
pub(super) fn status(visit: &Visit<'_>) -> Answer {
    let code = visit.request.path.rsplit('/').next().and_then(|code| code.parse().ok());
    Answer::redirect(code.unwrap_or(302), "/headers")
}

/// `/redirect/relative`: a Location relative to this path (RFC 3986 section 5.2).
pub(super) fn relative(_: &Visit<'_>) -> Answer {
    Answer::redirect(302, "../headers")
}

/// `/redirect/absolute`: a Location with scheme and host.
pub(super) fn absolute(visit: &Visit<'_>) -> Answer {
    Answer::redirect(302, &visit.request.absolute("/headers"))
}

/// `/redirect/loop`: here again.
pub(super) fn endless(_: &Visit<'_>) -> Answer {
    Answer::redirect(302, "/redirect/loop")
}

/// `/redirect/chain/N`: N redirects, then a page. The Locations take turns: a whole URL, a
/// path, a relative path.
pub(super) fn chain(visit: &Visit<'_>) -> Answer {
    let left = match visit.tail.parse::<u32>() {
        Ok(0) => return Answer::text(200, "The end of the chain.\n"),
        Ok(left) if left <= LONGEST => left - 1,
        _ => return pages::not_found(),
    };
    let path = format!("/redirect/chain/{left}");
    match left % 3 {
        0 => Answer::redirect(302, &visit.request.absolute(&path)),
        1 => Answer::redirect(302, &path),
        _ => Answer::redirect(302, &left.to_string()),
    }
}

/// `/redirect/to?url=…&status=…`: anywhere. Fit for practice only: a real site that does this
/// lends its name to everybody.
pub(super) fn to(visit: &Visit<'_>) -> Answer {
    let status = match visit.request.parameter("status").as_deref() {
        None => Some(302),
        Some(code @ ("301" | "302" | "303" | "307" | "308")) => code.parse().ok(),
        Some(_) => None,
    };
    match (visit.request.parameter("url"), status) {
        (Some(url), Some(status)) if !url.bytes().any(|b| b.is_ascii_control()) => {
            Answer::redirect(status, &url)
        }
        _ => pages::refused(400, "Say where to: /redirect/to?url=/ip&status=302"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk;

    #[test]
    fn each_kind_of_redirect_leads_to_the_echo() {
        let site = talk::site();
        for code in [301, 302, 303, 307, 308] {
            let answer = talk::post(&site, &format!("/redirect/{code}"), "", "a=1");
            assert_eq!((answer.status, answer.field("Location")), (code, Some("/headers")));
        }
        let locations = ["relative", "absolute", "loop"].map(|kind| {
            let answer = talk::get(&site, &format!("/redirect/{kind}"));
            answer.field("Location").unwrap().to_owned()
        });
        assert_eq!(locations, ["../headers", "http://a.example/headers", "/redirect/loop"]);
    }

    #[test]
    fn a_chain_has_as_many_redirects_as_it_says() {
        let site = talk::site();
        let next = |path| talk::get(&site, path).field("Location").map(str::to_owned);
        assert_eq!(next("/redirect/chain/3").as_deref(), Some("2"));
        assert_eq!(next("/redirect/chain/2").as_deref(), Some("/redirect/chain/1"));
        let last = next("/redirect/chain/1");
        assert_eq!(last.as_deref(), Some("http://a.example/redirect/chain/0"));
        assert_eq!(talk::get(&site, "/redirect/chain/0").status, 200);
        assert_eq!(talk::get(&site, "/redirect/chain/1001").status, 404);
    }

    #[test]
    fn a_redirect_to_anywhere_cannot_add_a_field() {
        let site = talk::site();
        let answer = talk::get(&site, "/redirect/to?url=http%3A%2F%2Fb.example%2F%3Fx&status=308");
        assert_eq!((answer.status, answer.field("Location")), (308, Some("http://b.example/?x")));
        for query in ["url=%2F%0D%0AX:%201", "url=/&status=200", ""] {
            assert_eq!(talk::get(&site, &format!("/redirect/to?{query}")).status, 400, "{query}");
        }
    }
}
