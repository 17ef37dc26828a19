//! The formats as files: in, out and in again.
