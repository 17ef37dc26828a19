//! Floor 3: one fetch.
