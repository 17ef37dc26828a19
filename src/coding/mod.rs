//! Floor 1: content codings.
