//! The simulated Inlet: its API before a lock system, for booking systems.
//!
//! ```text
//! request ─► who calls? ─► read ─► fault? ─► book of accesses ─► lock system ─► answer
//!                                                    │          ([`LockUpstream`])
//!                                                    └─► messages (outbox)
//! ```
//!
//! What is received is written down and not mended: whether a phone number is
//! one, whether a booking came too early, whether a retry was in time is the
//! judge's question, who reads [`InletControl::received`]. The lock system behind
//! it is reached through a trait, so that an upstream timeout, an offline or a
//! full lock come from a vendor and not from a switch. Faults of Inlet's own
//! strike by operation, as those of a vendor do.

mod access;
mod book;
mod carry_out;
mod control;
mod control_api;
mod customers;
mod document;
mod effects;
mod exchange;
mod http_words;
mod known;
mod messages;
mod received;
mod sandbox;
mod shown;
mod start;
mod sweep;
#[cfg(test)]
mod tests;
mod upstream;
mod wording;

pub use access::{AccessState, GrantedView};
pub use control::InletControl;
pub use customers::Customer;
pub use known::KnowsLock;
pub use messages::{Firetime, Medium, Message, MessageRule, Occasion};
pub use received::{Received, Sent};
pub use start::{InletOptions, InletSimulator};
pub use upstream::{Answering, Given, LockUpstream, UpstreamFailure, Wanted};
pub use wording::Wording;
