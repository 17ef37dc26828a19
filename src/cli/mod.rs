//! Floor 6: words on a terminal.
