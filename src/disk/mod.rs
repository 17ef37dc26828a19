//! Floor 2: files.
