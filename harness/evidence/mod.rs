//! What was said on the wire, kept as evidence.
