//! The simulated systems: a vendor's world behind its dialect.
//!
//! ```text
//! request ─► fault? ─► dialect.route ─► world.perform(meaning, facts) ─► dialect.answer ─► answer
//! ```
//!
//! [`Simulator::start`] serves one world on a loopback listener; [`Control`] is
//! the door for tests and for the harness: type a PIN, cut a lock off, add a
//! fault, read the journal.

mod control;
mod fault;
mod fleet;
mod misbehaviour;
mod play;
mod world;

pub use control::{Control, DoorAnswer, FixtureView, GroupView, LockView};
pub use fault::{Account, Effect, Fault, FaultId, Place, Schedule};
pub use fleet::Fleet;
pub use misbehaviour::{MISBEHAVIOURS, Misbehaviour, Variation};
pub use play::play;

pub use crate::scenarios::Scenario;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::Clock;

/// What a simulation is started with.
#[derive(Clone)]
pub struct Options {
    /// How the vendor speaks.
    pub dialect: Arc<Dialect>,
    /// Seed of everything random: ids, tokens, probabilities.
    pub seed: u64,
    /// The world's clock.
    pub clock: Clock,
    /// What stands in the world at its start.
    pub fleet: Fleet,
    /// How the vendor breaks its promises, for `selftest`.
    pub misbehaviour: Option<&'static Misbehaviour>,
    /// How the vendor is unusual but correct, for `selftest`.
    pub variation: Option<Variation>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
}

/// A running simulation; dropping it stops the server.
pub struct Simulator {
    control: Control,
}

impl Simulator {
    /// Starts serving. Errors when the address cannot be bound.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let _ = options;
        todo!()
    }

    /// The address of the profile's server of that name (`api`, `identity`),
    /// with the base path that the profile gives it and no slash at the end.
    pub fn url(&self, server: &str) -> String {
        let _ = server;
        todo!()
    }

    /// The door for tests and for the harness.
    pub fn control(&self) -> &Control {
        &self.control
    }
}
