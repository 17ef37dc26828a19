//! Playwright's storage state: an object with `cookies` and `origins`, or only the list of cookies.
//!
//! A domain with a dot is for the hosts below it too; one without is for the very host. `origins`
//! holds local storage, which is no cookie: ignored when reading, empty when writing.

use super::export::{Form, Place};
use super::json::{self, Contradiction};
use super::{Error, Import, Loss};
use crate::cookie::{Cookie, SameSite};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    value: String,
    domain: String,
    path: Option<String>,
    expires: Option<f64>,
    http_only: Option<bool>,
    secure: Option<bool>,
    same_site: Option<String>,
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
        json::cookie(&read.domain, None, path, &read.name, &read.value);
    cookie.key.partition = json::partition(read.partition_key.as_ref()).ok()?;
    cookie.secure = read.secure.unwrap_or(false);
    cookie.http_only = read.http_only.unwrap_or(false);
    cookie.same_site = SameSite::read(read.same_site.as_deref().unwrap_or_default().as_bytes());
    cookie.expires = read.expires.and_then(json::time);
    Some((cookie, contradiction))
}

/// As Playwright frames and writes it.
pub(super) const FORM: Form = Form {
    open: b"{\n  \"cookies\": [\n",
    between: b",\n",
    close: b"\n  ],\n  \"origins\": []\n}\n",
    write,
    read: |entry, _| json::read_back(entry, cookie_of),
};

fn write(cookie: &Cookie, _: &Place<'_>) -> Result<Vec<u8>, Loss> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| Loss::NotUtf8);
    let mut entry = json!({
        "name": text(&cookie.key.name)?,
        "value": text(&cookie.value)?,
        "domain": json::dotted(&cookie.key),
        "path": text(&cookie.key.path)?,
        "expires": cookie.expires.map_or(json!(-1), json::seconds),
        "httpOnly": cookie.http_only,
        "secure": cookie.secure,
    });
    // Playwright takes a cookie without the member, and knows no word for the default.
    match cookie.same_site {
        SameSite::Default => {}
        SameSite::None => entry["sameSite"] = "None".into(),
        SameSite::Lax => entry["sameSite"] = "Lax".into(),
        SameSite::Strict => entry["sameSite"] = "Strict".into(),
    }
    if let Some(site) = &cookie.key.partition {
        entry["partitionKey"] = json::top_level(site).into();
    }
    Ok(json::indented(&entry, 4, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Site, Wall};

    #[test]
    fn an_object_or_a_bare_list_is_read_and_local_storage_is_not() {
        let list = r#"[{"name":"a","value":"b","domain":".example.com","path":"/x","expires":-1,
            "httpOnly":true,"secure":true,"sameSite":"None","partitionKey":"https://top.example"}]"#;
        let state = format!(
            r#"{{"cookies":{list},"origins":[{{"origin":"https://example.com","localStorage":[
            {{"name":"token","value":"x"}}]}}]}}"#
        );
        for text in [list, &state] {
            let import = read(text.as_bytes()).unwrap();
            let [cookie] = import.cookies.try_into().unwrap();
            assert_eq!((&*cookie.key.domain, cookie.key.host_only), ("example.com", false));
            assert_eq!((&*cookie.key.path, cookie.expires), (&b"/x"[..], None));
            assert_eq!((cookie.secure, cookie.http_only), (true, true));
            assert_eq!(cookie.same_site, SameSite::None);
            assert_eq!(cookie.key.partition, Some(Site("top.example".into())));
        }
    }

    #[test]
    fn a_bad_entry_is_counted_and_the_others_are_read() {
        let text = r#"{"cookies":[{"name":"a"},7,{"name":"b","value":"c","domain":"d.example",
            "expires":1900000000.25}]}"#;
        let import = read(text.as_bytes()).unwrap();
        assert_eq!((import.cookies.len(), import.malformed), (1, 2));
        assert_eq!(import.cookies[0].expires, Some(Wall(1_900_000_000_250)));
    }

    #[test]
    fn an_error_names_the_place_and_never_quotes() {
        let cases = [
            ("{\"cookies\": [\n  {\"name\": hush}]}", 2, 12, "not JSON"),
            ("{\"cookies\": \"hush\"}", 1, 18, "not what the format has there"),
            ("{\"origins\": [\"hush\"]}", 1, 21, "not what the format has there"),
            ("[{\"name\": \"hush\",\n", 2, 0, "it ends too early"),
            ("\"hush\"", 1, 6, "not what the format has there"),
            ("[] hush", 1, 4, "not JSON"),
        ];
        for (text, line, column, what) in cases {
            let error = read(text.as_bytes()).unwrap_err();
            assert_eq!(error, Error::Json { line, column, what }, "{text}");
            assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
        }
    }

    #[test]
    fn nesting_costs_nothing() {
        let deep = "[".repeat(1_000_000);
        let shut = "]".repeat(1_000_000);
        assert!(read(deep.as_bytes()).is_err());
        let import = read(format!("[{deep}{shut}]").as_bytes()).unwrap();
        assert_eq!(import.malformed, 1);
        let inside = format!(
            r#"{{"cookies":[{{"name":"a","value":"b","domain":"c.example","x":{deep}{shut}}}]}}"#
        );
        assert_eq!(read(inside.as_bytes()).unwrap().cookies.len(), 1);
    }
}
