//! What all URLs of an operation have in common: the typed words as a [`Fetch`].

use super::conditional;
use super::data;
use super::env::Env;
use super::exit::{self, Failure};
use super::input;
use super::local;
use super::netrc;
use super::protocols;
use super::proxies;
use super::tls;
use super::typed::{DataPiece, Typed};
use super::values;
use crate::base::{Content, Method, Scheme, Version};
use crate::client::{Address, Credentials, Fetch, HeaderLine, Protocols, Redirects, Referer};
use crate::h1::{Limits, Target};
use std::time::Duration;

/// Redirects followed by `-L`, as in curl: no honest chain is longer.
const MAX_REDIRECTS: u32 = 50;

/// How long making a connection may take where nobody said, as in curl: longer than any
/// system tries, and shorter than for ever.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(300);

/// What `-d` sends, and what `--json` sends and accepts.
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What a client says it is.
const USER_AGENT: &str = concat!("cruller/", env!("CARGO_PKG_VERSION"));

/// Values understood, files read: what is wanted of every URL of an operation.
///
/// # Errors
/// Whatever makes the operation meaningless.
pub(super) fn fetch(typed: &Typed, env: &Env) -> Result<Fetch, Failure> {
    let data = match data::joined(&typed.data)? {
        Some(data) if !typed.get => Content::from(data),
        _ => Content::None,
    };
    let most = typed.max_redirs.as_deref().map(values::redirects).transpose()?;
    let most = most.unwrap_or(Some(MAX_REDIRECTS));
    let mut headers = headers("-H", &typed.headers)?;
    if let Some(file) = &typed.conditional.etag_compare {
        headers.push(conditional::etag_field(file)?);
    }
    let protocols = |flag, text: &Option<String>| {
        text.as_deref().map_or(Ok(Protocols::ALL), |text| protocols::parse(flag, text))
    };
    let json = typed.data.iter().any(|piece| matches!(piece, DataPiece::Json(_)));
    if json {
        // As if the person had added them, where they said nothing of the kind.
        for name in ["Content-Type", "Accept"] {
            if !headers.iter().any(|line| line.is(name)) {
                headers.push(HeaderLine::Set(name.to_owned(), JSON.to_owned()));
            }
        }
    }
    let (content, content_type) = match typed.form.content(&mut headers)? {
        Some(form) => (form.content, Some(form.media_type)),
        None => {
            let form = !data.is_none() && !json;
            (data, form.then(|| FORM.to_owned()))
        }
    };
    let method = match content {
        _ if typed.head => Method::HEAD,
        Content::None => Method::GET,
        _ => Method::POST,
    };
    let range = typed.range.as_deref().map(values::range).transpose()?;
    let length = content.length().filter(|_| !content.is_none());
    let content_range = range.as_ref().zip(length);
    let logins = netrc::logins(typed, env)?;
    Ok(Fetch {
        method,
        custom_method: typed.method.as_deref().map(custom_method).transpose()?,
        content,
        content_type,
        headers,
        user_agent: Some(one_line("-A", typed.user_agent.as_deref().unwrap_or(USER_AGENT))?),
        referer: referer(typed.referer.as_deref())?,
        content_range: content_range.map(|(range, length)| format!("{range}/{length}")),
        range,
        if_range: None,
        condition: typed.conditional.time_cond.as_deref().and_then(conditional::condition),
        login: typed.login.unwrap_or_default(),
        credentials: match &typed.user {
            // The file may know the password.
            Some(user) if logins.is_some() && !user.contains(':') => None,
            user => user.as_deref().map(credentials).transpose()?,
        },
        logins,
        bearer: typed
            .bearer
            .as_deref()
            .map(|token| one_line("--oauth2-bearer", token))
            .transpose()?,
        version: if typed.http10 { Version::Http10 } else { Version::Http11 },
        request_target: typed.request_target.as_deref().map(request_target).transpose()?,
        max_content: typed
            .max_filesize
            .as_deref()
            .map(|text| values::bytes("max-filesize", text))
            .transpose()?,
        ignore_length: typed.ignore_content_length,
        speeds: typed.speeds.speeds()?,
        keep_post: typed.keep_post,
        trust_everybody: typed.location_trusted,
        cookie_text: cookie_text(&typed.cookies)?,
        compressed: typed.compressed,
        transfer_codings: typed.tr_encoding,
        raw: typed.raw,
        redirects: if typed.location { Redirects::Followed(most) } else { Redirects::Shown },
        protocols: protocols("proto", &typed.protocols.all)?,
        redirect_protocols: protocols("proto-redir", &typed.protocols.redirects)?,
        no_login_in_url: typed.disallow_username,
        connect_to: all(&typed.connect_to, values::connect_to)?,
        pins: all(&typed.resolve, values::resolve)?,
        family: typed.family,
        local: local::of(&typed.local)?,
        announced: local::announced(&typed.local)?,
        unix: typed.unix_socket.clone(),
        proxies: proxies::of(typed, env)?,
        tls: tls::settings(&typed.tls, env)?,
        total: seconds("max-time", typed.max_time.as_deref())?,
        connect_timeout: seconds("connect-timeout", typed.connect_timeout.as_deref())?
            .or(Some(CONNECT_TIMEOUT)),
        limits: limits(typed)?,
    })
}

/// What is put into the query of every URL: the data of `-G`, and each `--url-query`.
///
/// # Errors
/// A file that cannot be read, or bytes that no URL can hold.
pub(super) fn query(typed: &Typed) -> Result<Option<String>, Failure> {
    let mut parts = Vec::new();
    if let Some(data) = data::joined(&typed.data)?.filter(|_| typed.get) {
        let text = String::from_utf8(data);
        parts.push(text.map_err(|_| Failure::usage("-G: data for a URL must be text"))?);
    }
    for text in &typed.url_query {
        parts.push(match text.strip_prefix('+') {
            Some(plain) => plain.to_owned(),
            None => data::urlencoded(text)?,
        });
    }
    Ok((!parts.is_empty()).then(|| parts.join("&")))
}

/// The address of a URL as it was typed, with `query` put into it; without a scheme, in `scheme`.
///
/// # Errors
/// Exit 3 or 1.
pub(super) fn address(
    url: &str,
    query: Option<&str>,
    scheme: Scheme,
    as_is: bool,
) -> Result<Address, Failure> {
    let text = match query {
        Some(query) => data::with_query(url, query),
        None => url.to_owned(),
    };
    let address = Address::typed(&text, scheme);
    let address = address.map(|address| if as_is { address.path_as_is(&text) } else { address });
    address.map_err(|why| Failure::new(exit::address_code(&why), why.to_string()))
}

fn all<T>(texts: &[String], read: impl Fn(&str) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    texts.iter().map(|text| read(text)).collect()
}

fn limits(typed: &Typed) -> Result<Limits, Failure> {
    let mut limits = Limits { http09: typed.http09, ..Limits::default() };
    if let Some(text) = &typed.expect100_timeout {
        limits.expect_timeout =
            values::seconds("expect100-timeout", text)?.unwrap_or(Duration::ZERO);
    }
    Ok(limits)
}

fn request_target(text: &str) -> Result<Target, Failure> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Failure::usage(format!(
            "--request-target: \"{text}\" cannot stand in a request"
        )));
    }
    Ok(Target::literal(text))
}

fn seconds(flag: &str, text: Option<&str>) -> Result<Option<Duration>, Failure> {
    text.map_or(Ok(None), |text| values::seconds(flag, text))
}

/// What `-b` gave as text, not as files.
fn cookie_text(cookies: &[String]) -> Result<Option<String>, Failure> {
    let texts: Vec<&str> =
        cookies.iter().filter(|text| text.contains('=')).map(String::as_str).collect();
    if texts.is_empty() { Ok(None) } else { one_line("-b", &texts.join(";")).map(Some) }
}

/// The fields that `flag` gave, in lines and in files of lines.
pub(super) fn headers(flag: &str, lines: &[String]) -> Result<Vec<HeaderLine>, Failure> {
    let mut headers = Vec::new();
    for line in lines {
        match line.strip_prefix('@') {
            Some(file) => {
                let text = String::from_utf8(input::read(file)?)
                    .map_err(|_| Failure::usage(format!("{flag} @{file}: not text")))?;
                for line in text.lines() {
                    headers.extend(values::header(flag, line.trim_end_matches('\r'))?);
                }
            }
            None => headers.extend(values::header(flag, line)?),
        }
    }
    Ok(headers)
}

fn custom_method(name: &str) -> Result<Method, Failure> {
    if !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Method::new(name))
    } else {
        Err(Failure::usage(format!("-X: \"{name}\" is not a method")))
    }
}

fn referer(text: Option<&str>) -> Result<Referer, Failure> {
    let Some(text) = text else { return Ok(Referer::default()) };
    let (given, auto) = match text.strip_suffix(";auto") {
        Some(given) => (given, true),
        None => (text, false),
    };
    let given = if given.is_empty() { None } else { Some(one_line("-e", given)?) };
    Ok(Referer { given, auto })
}

/// `user:password`; a password that was not given is asked for, without an echo.
fn credentials(text: &str) -> Result<Credentials, Failure> {
    let (user, password) = match text.split_once(':') {
        Some((user, password)) => (user, password.to_owned()),
        None => (text, input::password("-u", text)?),
    };
    Ok(Credentials { user: user.into(), password: password.into() })
}

fn one_line(flag: &str, text: &str) -> Result<String, Failure> {
    if text.bytes().any(|b| matches!(b, b'\r' | b'\n' | 0)) {
        return Err(Failure::usage(format!("{flag}: a line break in a header")));
    }
    Ok(text.to_owned())
}
