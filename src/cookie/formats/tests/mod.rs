//! The formats as files: read, put into a jar, written, and read again.

mod files;
mod jars;
mod losses;
mod properties;
mod round_trips;

use super::*;
use crate::base::Wall;
use crate::cookie::{Cookie, Jar, Key, Limits, SameSite};
use url::Url;

/// 2027-01-15T08:00:00Z.
const NOW: Wall = Wall(1_800_000_000_000);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A file's cookies in a jar of their own, and what became of them.
fn import(format: Format, bytes: &[u8], from: Option<&str>) -> (Jar, Imported) {
    let mut jar = Jar::with_limits(Limits::NONE);
    let from = from.map(url);
    let read = read(format, bytes, from.as_ref(), NOW).unwrap();
    let imported = read.into_jar(&mut jar, NOW);
    (jar, imported)
}

/// All of a cookie that a request or a browser could care for, in one line.
fn shown(cookie: &Cookie) -> String {
    let key = &cookie.key;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let dot = if key.host_only { "" } else { "." };
    let mut line = format!(
        "{dot}{}{} {}={}",
        key.domain,
        text(&key.path),
        text(&key.name),
        text(&cookie.value)
    );
    if cookie.secure {
        line.push_str(" secure");
    }
    if cookie.http_only {
        line.push_str(" http_only");
    }
    if cookie.same_site != SameSite::Default {
        line.push_str(&format!(" {}", cookie.same_site.as_str()));
    }
    if let Some(Wall(end)) = cookie.expires {
        line.push_str(&format!(" until {end}"));
    }
    if let Some(site) = &key.partition {
        line.push_str(&format!(" in {}", site.0));
    }
    line
}

/// Every cookie of a jar in the order of creation.
fn all(jar: &Jar) -> Vec<String> {
    jar.in_order().into_iter().map(shown).collect()
}

/// A cookie without history: what no format holds is not there to be lost.
fn plain(domain: &str, name: &str, value: &str) -> Cookie {
    let bare = domain.trim_start_matches('.');
    let key = Key {
        domain: bare.into(),
        path: b"/"[..].into(),
        name: name.as_bytes().into(),
        host_only: bare == domain,
        partition: None,
    };
    Cookie::new(key, value.as_bytes(), Wall(0))
}
