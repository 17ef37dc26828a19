//! What a session holds, as a row, as a page, or as JSON; counts and names, never a value.

use super::{counted, failed, note, shown};
use crate::base::{Span, Wall, iso_time};
use crate::cli::env::Env;
use crate::cli::exit::Failure;
use crate::cli::plan;
use crate::cli::print;
use crate::cli::table::table;
use crate::cookie;
use crate::disk::sessions::{self, Look};
use crate::net::clock;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const HEAD: [&str; 7] = ["NAME", "COOKIES", "SESSION", "EXPIRED", "HOSTS", "CHANGED", "RECORDING"];

/// Lists them all. One that cannot be read does not hide the others; then the exit code is its own.
pub(super) fn list(env: &Env, json: bool) -> Result<u8, Failure> {
    let home = plan::sessions_dir(env)?;
    let now = clock::wall();
    let names = sessions::names(&home).map_err(|error| failed(&error))?;
    if names.is_empty() {
        note(&format!(
            "no sessions in {} yet; --session NAME on any command begins one",
            home.display()
        ));
        return Ok(0);
    }
    let (mut found, mut code) = (Vec::new(), 0);
    for name in names {
        match sessions::look(&home.join(&name), now) {
            Ok(look) => found.push((name, look)),
            // It was removed since.
            Err(crate::disk::Error::NoSession { .. }) => {}
            Err(error) => {
                let failure = failed(&error);
                failure.print();
                code = failure.code;
            }
        }
    }
    shown(&match json {
        true => found.iter().map(|(name, look)| line(name, &home.join(name), look)).collect(),
        false => table(HEAD, found.iter().map(|(name, look)| row(name, look, now))),
    })?;
    Ok(code)
}

/// Shows one.
pub(super) fn show(name: &str, dir: &Path, json: bool) -> Result<u8, Failure> {
    let now = clock::wall();
    let look = sessions::look(dir, now).map_err(|error| failed(&error))?;
    shown(&if json { line(name, dir, &look) } else { page(dir, &look, now) })?;
    Ok(0)
}

fn row(name: &str, look: &Look, now: Wall) -> [String; 7] {
    [
        name.to_owned(),
        look.loaded.cookies.to_string(),
        session_cookies(look).to_string(),
        look.loaded.expired.to_string(),
        hosts(look).to_string(),
        ago(look.changed, now),
        look.recording.map_or(String::new(), size),
    ]
}

fn page(dir: &Path, look: &Look, now: Wall) -> String {
    let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let mut rows = vec![
        ("folder", whole.display().to_string()),
        ("changed", format!("{}, {}", iso_time(look.changed), ago(look.changed, now))),
        ("locked", if look.locked { "by another process, which saves" } else { "no" }.to_owned()),
        ("recording", look.recording.map_or("none".to_owned(), size)),
    ];
    if !look.others.is_empty() {
        let others = look.others.iter().map(|(name, n)| format!("{name} ({n})"));
        rows.push(("also holds", others.collect::<Vec<_>>().join(", ")));
    }
    let (session, loaded) = (session_cookies(look), &look.loaded);
    let mut cookies = format!("{}, {session} of them until the browser closes", loaded.cookies);
    if loaded.expired > 0 {
        cookies.push_str(&format!("; {} expired", loaded.expired));
    }
    if loaded.skipped > 0 {
        cookies.push_str(&format!("; {} that no server could have set", loaded.skipped));
    }
    rows.push(("cookies", cookies));
    let mut text = String::new();
    for (what, value) in rows {
        text.push_str(&format!("{what:<12}{}\n", print::escaped(&value)));
    }
    for (site, cookies) in sites(look) {
        text.push_str(&format!("  {}: {}\n", print::escaped(&site), counted(cookies, "cookie")));
    }
    text
}

/// One JSON line, the same for a list and for one.
fn line(name: &str, dir: &Path, look: &Look) -> String {
    let sites: Map<String, Value> =
        sites(look).into_iter().map(|(site, n)| (site, json!(n))).collect();
    let others: Map<String, Value> =
        look.others.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
    let object = json!({
        "name": name,
        "folder": dir.to_string_lossy(),
        "cookies": look.loaded.cookies,
        "session_cookies": session_cookies(look),
        "expired": look.loaded.expired,
        "refused": look.loaded.skipped,
        "hosts": hosts(look),
        "sites": sites,
        "also_holds": others,
        "changed": look.changed.0,
        "recording": look.recording,
        "locked": look.locked,
    });
    format!("{object}\n")
}

fn session_cookies(look: &Look) -> usize {
    look.jar.iter().filter(|cookie| cookie.expires.is_none()).count()
}

fn hosts(look: &Look) -> usize {
    look.jar.iter().map(|cookie| &cookie.key.domain).collect::<BTreeSet<_>>().len()
}

/// Cookies by site: a host and all that belong to it.
fn sites(look: &Look) -> BTreeMap<String, usize> {
    let mut sites = BTreeMap::new();
    for cookie in look.jar.iter() {
        *sites.entry(cookie::site(&cookie.key.domain).0.into()).or_insert(0) += 1;
    }
    sites
}

fn ago(time: Wall, now: Wall) -> String {
    format!("{} ago", Span(u64::try_from(now.secs() - time.secs()).unwrap_or(0)))
}

/// `512 B`, `12.3 KiB`.
pub(super) fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB"];
    let mut tenths = bytes.saturating_mul(10) / 1024;
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut unit = 0;
    while tenths >= 10 * 1024 && unit + 1 < units.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_unit_that_fits() {
        for (bytes, words) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (12_700, "12.4 KiB"),
            (3 << 20, "3.0 MiB"),
            (5 << 40, "5120.0 GiB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }
}
