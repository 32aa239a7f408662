//! The simulated systems: a vendor's world behind its dialect.
//!
//! ```text
//! request ─► fault? ─► dialect.route ─► world.perform(meaning, facts) ─► dialect.answer ─► answer
//! ```
//!
//! [`Simulator::start`] serves one world on a loopback listener; [`Control`] is
//! the door for tests and for the harness: type a PIN, cut a lock off, add a
//! fault, read the journal.

mod callbacks;
mod console;
mod control;
mod control_api;
mod fault;
mod fault_plan;
mod fleet;
mod inlet;
mod misbehaviour;
mod partner;
mod play;
mod recent;
mod server;
mod simulation;
mod start;
mod support;
#[cfg(test)]
mod tests;
mod world;

pub use callbacks::SentCallback;
pub use control::{AccessView, Control, DoorAnswer, FixtureView, GroupView, LockView};
pub use fault::{Account, Effect, Fault, FaultId, Place, Schedule};
pub use fleet::{Fleet, Rules};
pub use inlet::{
    AccessState, Answering, Customer, Firetime, Given, GrantedView, InletControl, InletOptions,
    InletSimulator, KnowsLock, LockUpstream, Medium, Message, MessageRule, Occasion, Received, Sent,
    UpstreamFailure, Wanted, Wording,
};
pub use misbehaviour::{MISBEHAVIOURS, Misbehaviour, Variation};
pub use partner::{
    Journal, PARTNER_MISBEHAVIOURS, PartnerMisbehaviour, PartnerOptions, PartnerVariation, Quirk, Served,
    Shown, SimulatedPartner, Taken,
};
pub use play::{Stage, play};

pub use crate::scenarios::{
    Claim, ClockError, Count, Disturbance, Event, Expectation, FaultPlan, Guest, Happening, Notice, Scenario,
    Stay, VendorRules, Watch, json_schema as scenario_schema,
};

pub use server::Encryption;
pub use simulation::{Pace, Simulation, SimulationOptions, StartError};
pub use start::{Options, Simulator};
pub use support::{Mail, Mailbox, SUPPORT};
