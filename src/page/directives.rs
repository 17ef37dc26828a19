//! What a page asks of robots: `<meta name="robots">`, the same for one robot by its name, and
//! the X-Robots-Tag field.
//!
//! There is no standard, only what the search engines agreed on: names separated by commas,
//! without case, some with a value; in the field, a robot's name and a colon may stand before
//! them. Of several that contradict each other the stricter holds.

use crate::base::{Headers, Wall, parse_date, parse_iso_time};

/// The most directives that are kept: a page has three.
const MOST_DIRECTIVES: usize = 64;

/// The longest text of one that is kept.
const MOST_TEXT: usize = 100;

/// Directives that carry a value behind a colon. Anything else before a colon is a robot.
const VALUED: [&str; 4] =
    ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

/// Names in `<meta name=…>` that are robots; `robots` is all of them.
const AGENTS: [&str; 11] = [
    "robots",
    "googlebot",
    "googlebot-news",
    "bingbot",
    "msnbot",
    "slurp",
    "yandex",
    "baiduspider",
    "duckduckbot",
    "applebot",
    "gptbot",
];

/// Where a directive was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In an X-Robots-Tag field.
    Header,
    /// In a `meta` element.
    Meta,
}

/// One directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Where it stands.
    pub place: Place,
    /// The robot that it is for, in lower case; none is every robot.
    pub agent: Option<String>,
    /// Its name in lower case: `noindex`, `max-snippet`.
    pub name: String,
    /// What stands behind its colon.
    pub value: Option<String>,
}

/// What a page asks of robots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    /// Every directive, in order, also those for one robot.
    pub directives: Vec<Directive>,
}

impl Robots {
    /// What the fields of an answer alone ask, where there is no page to look into.
    pub fn of_fields(headers: &Headers) -> Robots {
        let mut robots = Robots::default();
        robots.read_headers(headers);
        robots
    }

    /// Reads the X-Robots-Tag fields.
    pub(super) fn read_headers(&mut self, headers: &Headers) {
        for value in headers.all("x-robots-tag") {
            self.read(Place::Header, None, &String::from_utf8_lossy(value));
        }
    }

    /// Reads a `meta` element, if it speaks to robots.
    pub(super) fn read_meta(&mut self, name: &str, content: &str) {
        let name = name.trim().to_ascii_lowercase();
        if AGENTS.contains(&name.as_str()) {
            let agent = (name != "robots").then_some(name);
            self.read(Place::Meta, agent, content);
        }
    }

    fn read(&mut self, place: Place, mut agent: Option<String>, text: &str) {
        for piece in text.split(',') {
            let (mut name, mut value) = (piece.trim(), None);
            // The comma was one of a date.
            if name.starts_with(|c: char| c.is_ascii_digit())
                && let Some(last) = self.directives.last_mut()
                && last.name == "unavailable_after"
                && let Some(date) = &mut last.value
            {
                *date = short(&format!("{date}, {name}"));
                continue;
            }
            while let Some((before, behind)) = name.split_once(':') {
                let before = before.trim();
                if VALUED.iter().any(|valued| before.eq_ignore_ascii_case(valued)) {
                    (name, value) = (before, Some(short(behind.trim())));
                    break;
                }
                agent = Some(short(&before.to_ascii_lowercase()));
                name = behind.trim();
            }
            if name.is_empty() || self.directives.len() == MOST_DIRECTIVES {
                continue;
            }
            let name = short(&name.to_ascii_lowercase());
            self.directives.push(Directive { place, agent: agent.clone(), name, value });
        }
    }

    fn asks(&self, names: &[&str]) -> bool {
        self.general().any(|directive| names.contains(&directive.name.as_str()))
    }

    /// Those for every robot, this one included.
    pub fn general(&self) -> impl Iterator<Item = &Directive> {
        self.directives.iter().filter(|directive| directive.agent.is_none())
    }

    /// The page does not want to be found: a crawler fetches it and says so in its record.
    pub fn noindex(&self) -> bool {
        self.asks(&["noindex", "none"])
    }

    /// The page's links are not to be followed.
    pub fn nofollow(&self) -> bool {
        self.asks(&["nofollow", "none"])
    }

    /// No copy of the page is to be shown.
    pub fn noarchive(&self) -> bool {
        self.asks(&["noarchive", "nocache"])
    }

    /// The date after which the page is not to be found, as it stands there.
    pub fn unavailable_after(&self) -> Option<&str> {
        let found = self.general().find(|directive| directive.name == "unavailable_after");
        found?.value.as_deref()
    }

    /// Whether that date is over; `None` where there is none, or none that can be read.
    pub fn is_over(&self, now: Wall) -> Option<bool> {
        let text = self.unavailable_after()?;
        let day = || parse_iso_time(&format!("{text}T00:00:00Z"));
        let until = parse_date(text).or_else(|| parse_iso_time(text)).or_else(day)?;
        Some(until < now)
    }

    /// What a polite crawler does now on such a page, in words.
    pub fn verdict(&self, now: Wall) -> &'static str {
        if self.is_over(now) == Some(true) && !self.noindex() {
            return match self.nofollow() {
                false => "follows its links, and does not list the page any more: its time is over",
                true => {
                    "does not list the page any more, whose time is over, and follows none of its links"
                }
            };
        }
        match (self.noindex(), self.nofollow()) {
            (false, false) => "takes the page and follows its links",
            (false, true) => "takes the page, and follows none of its links",
            (true, false) => "follows its links, and does not list the page",
            (true, true) => "does not list the page, and follows none of its links",
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(values: &[&str]) -> Robots {
        let mut robots = Robots::default();
        let headers: Headers = values.iter().map(|value| ("X-Robots-Tag", value)).collect();
        robots.read_headers(&headers);
        robots
    }

    #[test]
    fn directives_are_read_without_case_and_none_is_two_of_them() {
        let robots = header(&["NoIndex , nofollow", "noarchive"]);
        assert!(robots.noindex() && robots.nofollow() && robots.noarchive());
        let none = header(&["none"]);
        assert!(none.noindex() && none.nofollow() && !none.noarchive());
        let all = header(&["all", "index, follow", ""]);
        assert!(!all.noindex() && !all.nofollow());
        assert_eq!(all.verdict(Wall(0)), "takes the page and follows its links");
    }

    #[test]
    fn what_is_for_another_robot_is_kept_and_not_obeyed() {
        let robots = header(&["googlebot: noindex, nofollow", "otherbot: max-snippet: 3"]);
        assert!(!robots.noindex() && !robots.nofollow());
        let told: Vec<_> = robots
            .directives
            .iter()
            .map(|d| (d.agent.as_deref(), d.name.as_str(), d.value.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (Some("googlebot"), "noindex", None),
                (Some("googlebot"), "nofollow", None),
                (Some("otherbot"), "max-snippet", Some("3")),
            ]
        );
    }

    #[test]
    fn a_date_keeps_its_colons_and_its_comma() {
        let robots = header(&["unavailable_after: Friday, 25-Jun-10 15:00:00 PST, noarchive"]);
        assert_eq!(robots.unavailable_after(), Some("Friday, 25-Jun-10 15:00:00 PST"));
        assert!(robots.noarchive());
    }

    #[test]
    fn a_page_whose_time_is_over_is_not_listed() {
        let now = Wall(1_800_000_000_000);
        for date in [
            "25 Jun 2010 15:00:00 GMT",
            "Fri, 25 Jun 2010 15:00:00 GMT",
            "25-Jun-10 15:00:00 PST",
            "2010-06-25",
        ] {
            let robots = header(&[&format!("unavailable_after: {date}")]);
            assert_eq!(robots.is_over(now), Some(true), "{date}");
            assert!(robots.verdict(now).contains("its time is over"), "{date}");
        }
        let later = header(&["unavailable_after: 2050-06-25"]);
        assert_eq!(later.is_over(now), Some(false));
        assert_eq!(later.verdict(now), "takes the page and follows its links");
        let unread = header(&["unavailable_after: some day"]);
        assert_eq!(unread.is_over(now), None);
        assert_eq!(unread.verdict(now), "takes the page and follows its links");
    }

    #[test]
    fn a_meta_speaks_to_robots_by_its_name() {
        let mut robots = Robots::default();
        robots.read_meta("ROBOTS", "noindex");
        robots.read_meta("googlebot", "nofollow");
        robots.read_meta("description", "noarchive");
        assert!(robots.noindex() && !robots.nofollow() && !robots.noarchive());
        assert_eq!(robots.directives.len(), 2);
    }

    #[test]
    fn a_field_without_end_costs_no_memory() {
        let robots = header(&[&"noindex,".repeat(100_000), &"a:".repeat(1000)]);
        assert_eq!(robots.directives.len(), MOST_DIRECTIVES);
    }
}
