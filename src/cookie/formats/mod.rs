//! Cookies in the formats of other programs: bytes in, bytes out.

pub mod netscape;
