//! Which of the two schemes may be spoken.

use crate::base::Scheme;

/// The schemes that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocols {
    /// `http`.
    pub http: bool,
    /// `https`.
    pub https: bool,
}

impl Protocols {
    /// Both.
    pub const ALL: Protocols = Protocols { http: true, https: true };

    /// Neither.
    pub const NONE: Protocols = Protocols { http: false, https: false };

    pub(super) fn allow(self, scheme: Scheme) -> bool {
        match scheme {
            Scheme::Http => self.http,
            Scheme::Https => self.https,
        }
    }
}
