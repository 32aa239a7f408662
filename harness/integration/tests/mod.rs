//! The integration against answers that no simulator made.

mod accesses;
mod bench;
mod danalock_bytes;
mod lists;
mod repeats;
mod sessions;
mod steps;
mod tedee_bytes;
mod transcripts;
mod transport;
