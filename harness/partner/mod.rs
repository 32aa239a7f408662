//! A partner's system as the subject: driven, started, stopped.
//!
//! ```text
//! description ─► driver ─► the partner's system ──wire──► the simulated Inlet
//!                                   └──mail──► Inlet's support mailbox
//! ```
//!
//! What the system answers here decides nothing: verdicts come from what Inlet
//! received. An answer only tells by which number a booking can be changed.

mod bench;
mod command;
mod driver;
mod folder;
mod http;
mod instructions;
pub mod own;
mod person;
mod process;
mod values;

#[cfg(test)]
mod tests;

pub use bench::{
    Arrival, BenchPlan, Booked, Case, Contact, Experiment, Laboratory, LogMark, Manner, Overtaken, Own,
    PartnerBench, Standing, System, Who, Withdrawal, longest_shared, stay_zone,
};
pub use driver::{Done, Driver, DriverError, Number};
pub use person::can_be_told as person_can_be_told;
pub use process::{Running, Surroundings, free_port};
