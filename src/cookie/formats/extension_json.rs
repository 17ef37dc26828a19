//! What the add-ons Cookie-Editor and `EditThisCookie` export: a list of `chrome.cookies.Cookie`
//! objects, with the differences of their browsers.
//!
//! Read leniently; written as Cookie-Editor writes them.

use super::export::{Form, Place};
use super::json::{self, Contradiction};
use super::{Error, Import, Loss};
use crate::cookie::{Cookie, SameSite};
use serde::Deserialize;
use serde_json::{Value, json};

/// The members that mean something; `id`, `storeId` and `firstPartyDomain` do not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    value: String,
    domain: String,
    path: Option<String>,
    host_only: Option<bool>,
    secure: Option<bool>,
    http_only: Option<bool>,
    same_site: Option<String>,
    session: Option<bool>,
    expiration_date: Option<f64>,
    partition_key: Option<Value>,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Import, Error> {
    json::read(bytes, cookie_of)
}

fn cookie_of(entry: &str) -> Option<(Cookie, Contradiction)> {
    let read: Entry = serde_json::from_str(entry).ok()?;
    let path = read.path.as_deref();
    let (mut cookie, contradiction) =
        json::cookie(&read.domain, read.host_only, path, &read.name, &read.value);
    cookie.key.partition = json::partition(read.partition_key.as_ref()).ok()?;
    cookie.secure = read.secure.unwrap_or(false);
    cookie.http_only = read.http_only.unwrap_or(false);
    cookie.same_site = same_site(read.same_site.as_deref().unwrap_or_default());
    let lasting = read.session != Some(true);
    cookie.expires = read.expiration_date.filter(|_| lasting).and_then(json::time);
    Some((cookie, contradiction))
}

/// The browsers' words for `SameSite`, in any case; `unspecified` and what else there may be is none.
fn same_site(word: &str) -> SameSite {
    match word.eq_ignore_ascii_case("no_restriction") {
        true => SameSite::None,
        false => SameSite::read(word.as_bytes()),
    }
}

/// As Cookie-Editor frames and writes it.
pub(super) const FORM: Form = Form {
    open: b"[\n",
    between: b",\n",
    close: b"\n]\n",
    write,
    read: |entry, _| json::read_back(entry, cookie_of),
};

fn write(cookie: &Cookie, _: &Place<'_>) -> Result<Vec<u8>, Loss> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| Loss::NotUtf8);
    let mut entry = json!({ "domain": json::dotted(&cookie.key) });
    if let Some(end) = cookie.expires {
        entry["expirationDate"] = json::seconds(end);
    }
    entry["hostOnly"] = cookie.key.host_only.into();
    entry["httpOnly"] = cookie.http_only.into();
    entry["name"] = text(&cookie.key.name)?.into();
    if let Some(site) = &cookie.key.partition {
        entry["partitionKey"] = json!({ "topLevelSite": json::top_level(site) });
    }
    entry["path"] = text(&cookie.key.path)?.into();
    entry["sameSite"] = match cookie.same_site {
        SameSite::Default => Value::Null,
        SameSite::None => "no_restriction".into(),
        SameSite::Lax => "lax".into(),
        SameSite::Strict => "strict".into(),
    };
    entry["secure"] = cookie.secure.into();
    entry["session"] = cookie.expires.is_none().into();
    entry["storeId"] = Value::Null;
    entry["value"] = text(&cookie.value)?.into();
    Ok(json::indented(&entry, 4, 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Wall;

    fn read_one(more: &str) -> Option<(Cookie, bool)> {
        let entry = format!(r#"{{"name":"a","value":"b","domain":"example.com"{more}}}"#);
        cookie_of(&entry).map(|(cookie, Contradiction(is))| (cookie, is))
    }

    #[test]
    fn same_site_is_read_in_every_browsers_words() {
        let cases = [
            ("", SameSite::Default),
            (r#","sameSite":null"#, SameSite::Default),
            (r#","sameSite":"unspecified""#, SameSite::Default),
            (r#","sameSite":"no_restriction""#, SameSite::None),
            (r#","sameSite":"No_Restriction""#, SameSite::None),
            (r#","sameSite":"None""#, SameSite::None),
            (r#","sameSite":"lax""#, SameSite::Lax),
            (r#","sameSite":"LAX""#, SameSite::Lax),
            (r#","sameSite":"Strict""#, SameSite::Strict),
        ];
        for (more, same_site) in cases {
            assert_eq!(read_one(more).unwrap().0.same_site, same_site, "{more}");
        }
    }

    #[test]
    fn a_session_cookie_is_one_that_says_so_or_has_no_end() {
        let end = Some(Wall(1_900_000_000_500));
        let cases = [
            ("", None),
            (r#","session":true"#, None),
            (r#","session":true,"expirationDate":1900000000.5"#, None),
            (r#","session":false,"expirationDate":1900000000.5"#, end),
            (r#","expirationDate":1900000000.5"#, end),
            (r#","expirationDate":null"#, None),
            (r#","expirationDate":0"#, None),
            (r#","expirationDate":-1"#, None),
        ];
        for (more, expires) in cases {
            assert_eq!(read_one(more).unwrap().0.expires, expires, "{more}");
        }
    }

    #[test]
    fn the_dot_wins_and_without_one_the_flag_decides() {
        let cases = [
            ("example.com", None, true, false),
            ("example.com", Some(true), true, false),
            ("example.com", Some(false), false, false),
            (".example.com", None, false, false),
            (".example.com", Some(false), false, false),
            (".example.com", Some(true), false, true),
        ];
        for (domain, flag, host_only, contradiction) in cases {
            let entry = json!({ "name": "a", "value": "b", "domain": domain, "hostOnly": flag });
            let (cookie, Contradiction(is)) = cookie_of(&entry.to_string()).unwrap();
            assert_eq!((&*cookie.key.domain, cookie.key.host_only), ("example.com", host_only));
            assert_eq!(is, contradiction, "{domain} {flag:?}");
        }
    }

    #[test]
    fn an_entry_that_makes_no_sense_is_none() {
        for entry in [
            "7",
            "null",
            "[]",
            "{}",
            r#"{"name":"a","value":"b"}"#,
            r#"{"name":"a","value":7,"domain":"example.com"}"#,
            r#"{"name":"a","value":"b","domain":"example.com","secure":"yes"}"#,
            r#"{"name":"a","value":"b","domain":"example.com","expirationDate":1e999}"#,
            r#"{"name":"a","value":"b","domain":"example.com","partitionKey":7}"#,
            r#"{"name":"a","value":"\ud800","domain":"example.com"}"#,
        ] {
            assert!(cookie_of(entry).is_none(), "{entry}");
        }
    }
}
