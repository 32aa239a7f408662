//! The simulated world: places, people, accesses and time.
//!
//! A world does no I/O. [`World::perform`] carries out what a request means and
//! answers with facts or a [`Refusal`]; the door truth ([`World::keypad`],
//! [`World::phone`]) is kept apart from what the vendor tells. Effects in time
//! stand in one ordered queue that is settled up to the clock's present before
//! anything is read or changed, so one long step and many short ones end alike.

mod access;
mod accesses;
mod actuation;
mod algo;
mod call;
mod census;
mod dice;
mod door;
mod due;
mod events;
mod jobs;
mod lists;
mod locks;
mod mobile;
mod paging;
mod perform;
mod pin_rules;
mod places;
mod placing;
mod probe;
mod quirk;
mod refusal;
#[cfg(test)]
mod rule_tests;
mod sessions;
mod setup;
mod slots;
mod state;
mod survey;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_setup;
mod tidings;
mod users;
mod windows;

pub(super) use call::Call;
pub(super) use dice::Dice;
pub(super) use events::Event;
pub(super) use quirk::Quirk;
pub(super) use refusal::Refusal;
pub(super) use state::{Setup, World};
pub(super) use survey::{Census, CredentialKind, CredentialView, GroupCensus, Only, Sought};
pub(super) use tidings::{Tiding, may_listen};
