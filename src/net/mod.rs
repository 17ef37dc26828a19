//! Floor 2: sockets.
