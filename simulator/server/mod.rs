//! The vendor's door: bytes in, bytes out.
//!
//! ```text
//! connection ─► host (which world?) ─► sandbox: route ─► credentials ─► rate ─► faults ─► perform ─► answer
//! ```
//!
//! A sandbox is everything that belongs to one world (fleet, clock, seed, fault
//! plan, journal); nothing is shared between two. Deciding an answer never
//! waits; what waits (a late answer, a withheld one) waits afterwards, on the
//! world's clock, and holds no thread.

mod answer;
mod connection;
mod courier;
mod effects;
mod encryption;
mod exchange;
#[cfg(test)]
mod foreign;
mod host;
mod journal;
mod known;
mod pending;
mod plays;
mod rate;
mod reply;
pub mod reshape;
mod route;
mod sandbox;
mod session;
mod shown;
mod signed;
mod watched;

pub use connection::{Encrypted, HangUp, serve, serve_both};
pub use encryption::Encryption;
pub use host::{Host, door};
pub(super) use host::{deliver, wire_request};
pub use journal::{End, Entry, Journal, Kept};
pub use known::base_path;
pub use plays::Played;
pub use reply::{Reply, Wire};
pub use sandbox::{Sandbox, SandboxOptions};
pub use shown::{Shown, ShownMessage};
