//! A simulated partner: a small booking system that grants access through
//! Inlet's API as it should be done, or breaks one criterion on purpose.
//!
//! ```text
//! desk (book, change, cancel) ─► wish ─► worker, one for each access ──wire──► Inlet
//!                                          └──mail──► support
//! ```
//!
//! A worker brings what Inlet has granted in line with what the desk wishes, and
//! nothing else: a change or a cancellation that overtakes a pending retry needs
//! no rule of its own.

mod desk;
mod form;
mod journal;
mod mail;
mod office;
mod own_clock;
mod quirk;
mod variation;
mod wire;
mod wish;
mod worker;

pub use desk::{PartnerOptions, Shown, SimulatedPartner, Taken};
pub use journal::Journal;
pub use quirk::{PARTNER_MISBEHAVIOURS, PartnerMisbehaviour, Quirk};
pub use variation::PartnerVariation;
pub use wish::Served;
