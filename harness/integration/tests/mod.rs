//! The integration against answers that no simulator made.

mod accesses;
mod bench;
mod lists;
mod nuki_bytes;
mod repeats;
mod sessions;
mod steps;
mod transcripts;
mod transport;
mod ttlock_bytes;
