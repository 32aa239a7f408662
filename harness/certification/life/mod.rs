//! The states of a certification and the steps between them. Pure.
//!
//! ```text
//!             ┌──────────── correct ◄── feedback ──┐
//!             ▼                                    │
//! prepare ─► attest … ─► submit ─► review ─► (in review) ─► approve ─► (approved) ─► renew ─► …
//!                                                                 suspend ⇄ resume, revoke
//! ```
//!
//! A stage is a type, and only the stage that allows a step has a method for it:
//! nothing but a review leads to an approval, and nothing but a submission to a
//! review. A certification is what its history of events makes of it; events are
//! added and never changed. While a renewal is under way, the former certificate
//! holds until its own end.

mod certification;
mod event;
mod refused;
mod stage;

pub use certification::{Certification, Issued};
pub use event::{Attestation, Event, Step};
pub use refused::Refused;
pub use stage::{Approved, Correcting, InReview, Issue, Preparing, Stage, Submitted};

#[cfg(test)]
mod tests;
