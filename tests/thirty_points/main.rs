//! The thirty points: what a profile must be able to say about a real vendor,
//! each held against the tree, and shown by a dialect that plays it.
//!
//! The dialects in `vendors/locks/test` are named after what they show. Each
//! has exchanges in its own bytes, which are played in both directions here,
//! and is driven through the integration against the simulator where its trick
//! is one of flows.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot go on fails its test"
)]

mod abilities;
mod bench;
mod bridges;
mod callbacks;
mod faults;
mod mistakes;
mod pages;
mod places;
mod table;
mod tokens;
mod touch;
mod values;
mod wires;
