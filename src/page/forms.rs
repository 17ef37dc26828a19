//! Forms: where they lead and what they ask for.

use super::entities::attribute;
use super::gather::collapsed;
use super::links::resolve;
use super::tokens::Tag;
use encoding_rs::Encoding;
use url::Url;

/// The most forms that are kept; the others are counted.
const MOST_FORMS: usize = 50;

/// The most names of fields that are kept for one form.
const MOST_NAMES: usize = 40;

/// The longest name that is kept.
const MOST_NAME: usize = 80;

/// The longest address that is kept.
const MOST_ACTION: usize = 2000;

/// What names of hidden fields hold whose value must be sent back as it came.
const TOKENS: [&str; 11] = [
    "csrf",
    "xsrf",
    "authenticity_token",
    "_token",
    "requestverificationtoken",
    "nonce",
    "form_key",
    "form_build_id",
    "form_token",
    "securitytoken",
    "__viewstate",
];

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// `GET`, `POST` or `DIALOG`.
    pub method: &'static str,
    /// Where it is sent, resolved; as it stands there where that is neither http nor https.
    pub action: String,
    /// Fields, buttons aside.
    pub fields: usize,
    /// The names of the first of them, hidden ones too.
    pub names: Vec<String>,
    /// One of them takes a password.
    pub password: bool,
    /// One of them takes a file.
    pub upload: bool,
    /// Names of hidden fields that look like tokens against forged requests: they have to be
    /// sent back.
    pub tokens: Vec<String>,
}

/// The forms of a page, as they are read.
#[derive(Debug, Default)]
pub(super) struct Forms {
    pub(super) kept: Vec<Form>,
    pub(super) count: usize,
    /// Password fields, in forms or not.
    pub(super) passwords: usize,
    open: bool,
}

impl Forms {
    /// `<form>`: inside another one it is none (HTML standard, 13.2.6.4.7).
    pub(super) fn begin(&mut self, tag: &Tag<'_>, encoding: &'static Encoding) {
        if self.open {
            return;
        }
        self.open = true;
        self.count += 1;
        if self.count <= MOST_FORMS {
            let method = match tag.get("method") {
                Some(value) if value.eq_ignore_ascii_case(b"post") => "POST",
                Some(value) if value.eq_ignore_ascii_case(b"dialog") => "DIALOG",
                _ => "GET",
            };
            let action = tag.get("action").map(|raw| attribute(raw, encoding));
            let action = action.and_then(|text| collapsed(&text, MOST_ACTION)).unwrap_or_default();
            self.kept.push(Form { method, action, ..Form::default() });
        }
    }

    /// `</form>`.
    pub(super) fn end(&mut self) {
        self.open = false;
    }

    /// `<input>`, `<select>` or `<textarea>`.
    pub(super) fn field(&mut self, tag: &Tag<'_>, encoding: &'static Encoding) {
        let kind = if tag.is("input") { tag.get("type").unwrap_or_default() } else { b"" };
        let kind = kind.trim_ascii().to_ascii_lowercase();
        if matches!(kind.as_slice(), b"submit" | b"button" | b"reset" | b"image") {
            return;
        }
        self.passwords += usize::from(kind == b"password");
        if !self.open || self.count > MOST_FORMS {
            return;
        }
        let Some(form) = self.kept.last_mut() else { return };
        form.fields += 1;
        form.password |= kind == b"password";
        form.upload |= kind == b"file";
        let name = tag.get("name").map(|raw| attribute(raw, encoding));
        let Some(name) = name.and_then(|name| collapsed(&name, MOST_NAME)) else { return };
        if form.names.len() == MOST_NAMES {
            return;
        }
        let plain = name.to_ascii_lowercase();
        if kind == b"hidden" && TOKENS.iter().any(|token| plain.contains(token)) {
            form.tokens.push(name.clone());
        }
        form.names.push(name);
    }

    /// Resolves where the forms lead: without an action, to the page itself.
    pub(super) fn finish(&mut self, base: &Url, page: &Url) {
        for form in &mut self.kept {
            let url = if form.action.is_empty() {
                Some(page.clone()).filter(|page| !page.cannot_be_a_base())
            } else {
                resolve(&form.action, base)
            };
            if let Some(mut url) = url {
                url.set_fragment(None);
                form.action = url.into();
            }
        }
    }
}
