//! Floor 2: the practice site.
