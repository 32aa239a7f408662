//! The integration against answers that no simulator made.

mod accesses;
mod accounts;
mod bench;
mod danalock_bytes;
mod lists;
mod nuki_bytes;
mod repeats;
mod sessions;
mod setups;
mod steps;
mod tedee_bytes;
mod transcripts;
mod transport;
mod ttlock_bytes;
mod words;
