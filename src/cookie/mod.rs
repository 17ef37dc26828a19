//! Floor 1: the RFC 6265bis cookie engine.
