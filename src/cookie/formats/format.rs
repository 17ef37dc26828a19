//! The formats by name.

use std::fmt;
use std::str::FromStr;

/// A format that cookies come in or go out in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The cookie file of curl, Wget, Python and browser add-ons.
    Netscape,
    /// What the add-ons Cookie-Editor and `EditThisCookie` export.
    ExtensionJson,
    /// Playwright's storage state.
    StorageState,
    /// An HTTP archive; comes in only.
    Har,
    /// A `curl …` command line, as browsers copy it; comes in only.
    CurlLine,
    /// A `Cookie` field, with or without its name.
    CookieHeader,
    /// `Set-Cookie` lines, alone or in whole heads.
    SetCookieDump,
}

impl Format {
    /// Every format, in the order in which help texts list them.
    pub const ALL: [Format; 7] = [
        Format::Netscape,
        Format::ExtensionJson,
        Format::StorageState,
        Format::Har,
        Format::CurlLine,
        Format::CookieHeader,
        Format::SetCookieDump,
    ];

    /// The name that `--format` takes.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Netscape => "netscape",
            Format::ExtensionJson => "cookie-editor",
            Format::StorageState => "storage-state",
            Format::Har => "har",
            Format::CurlLine => "curl",
            Format::CookieHeader => "cookie-header",
            Format::SetCookieDump => "set-cookie",
        }
    }

    /// Whether cookies can be written in it.
    pub const fn is_written(self) -> bool {
        !matches!(self, Format::Har | Format::CurlLine)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}

/// A name that is no format's. `Display` lists those that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFormat;

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such format; there are")?;
        for (i, format) in Format::ALL.into_iter().enumerate() {
            write!(f, "{} {format}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownFormat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_names_its_format() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let unknown = "Netscape".parse::<Format>().unwrap_err().to_string();
        assert!(
            unknown.ends_with(
                "netscape, cookie-editor, storage-state, har, curl, cookie-header, set-cookie"
            ),
            "{unknown}"
        );
    }
}
