//! The test bench: a subject, Inlet's side of it, and the instruments around it.
//!
//! A step asks the bench for what it needs ("an offline lock", "somebody who
//! types this PIN"); the bench takes it from the simulated world or from the
//! subject file, or says what is missing. Steps never ask which it is.

mod created;
mod doors;
mod fixtures;
mod foreign;
mod losses;
mod person;
mod simulated;
mod traces;
mod unknown;
mod waited;

pub use created::{Created, Creations, clean, tidy};
pub use foreign::Foreign;
pub use simulated::SimulatedPlan;
pub use waited::Waited;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::harness::evidence::Recorder;
use crate::harness::integration::{Connection, Integration};
use crate::harness::runner::Instruments;
use crate::simulator::Simulator;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{self, Clock, Instant, RunName};

/// Something that a step needs and the subject does not have. The verdict is
/// then inconclusive, with this as its reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// What happened at a door when somebody tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Whether it opened.
    pub opened: bool,
    /// Why, or who says so.
    pub why: String,
}

/// How the answer to the next fitting call is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// No answer comes until the caller gives up.
    Withheld,
    /// The connection is reset.
    Reset,
}

/// A subject with everything around it, for one scenario.
pub struct Bench {
    inlet: Integration,
    recorder: Recorder,
    run: RunName,
    api_url: String,
    side: Side,
    names: AtomicU32,
    created: Creations,
}

/// The other side of the wire.
enum Side {
    /// A world of its own, thrown away with the bench.
    Simulated(Box<Simulator>),
    /// A target that outlives the scenario.
    Foreign(Box<Foreign>),
}
impl Bench {
    fn new(inlet: Integration, recorder: Recorder, run: RunName, api_url: String, side: Side) -> Self {
        Self { inlet, recorder, run, api_url, side, names: AtomicU32::new(0), created: Creations::default() }
    }

    /// Inlet's side, retries off.
    pub fn inlet(&self) -> &Integration {
        &self.inlet
    }

    /// What the vendor says of itself.
    pub fn dialect(&self) -> &Dialect {
        self.inlet.dialect()
    }

    /// The evidence so far.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The present at the subject.
    pub fn now(&self) -> Instant {
        self.inlet.clocks().subject.now()
    }

    /// Lets time pass at the subject: at once in a simulated world, really (and
    /// only up to a bound) on a foreign target, else missing.
    pub async fn pass(&self, span: Duration) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().advance(span).await;
                Ok(())
            }
            Side::Foreign(foreign) => foreign.pass(span).await,
        }
    }

    /// How far from the edge of a window something is tried: a second in a
    /// simulated world, minutes where a person has to be asked and to answer.
    pub fn margin(&self) -> Duration {
        match &self.side {
            Side::Simulated(_) => Duration::from_secs(1),
            Side::Foreign(_) => person::ANSWER_WITHIN + Duration::from_secs(60),
        }
    }

    /// Whether what is tried now is over before an instant: at once in a
    /// simulated world, after the longest time for an answer with a person.
    pub fn tried_before(&self, edge: Instant) -> Result<(), Missing> {
        match &self.side {
            Side::Foreign(_) if self.now() + person::ANSWER_WITHIN > edge => Err(Missing(format!(
                "it is too late to try something before {edge} by hand: earlier answers took too long"
            ))),
            _ => Ok(()),
        }
    }

    /// What people said in the scenario under way; a verdict that rests on it
    /// is attested. Each is told once.
    pub fn testimony(&self) -> Vec<String> {
        match &self.side {
            Side::Simulated(_) => Vec::new(),
            Side::Foreign(foreign) => foreign.testimony(),
        }
    }

    /// Answers of people that nothing has asked for.
    pub async fn unused_answers(&self) -> Vec<String> {
        match &self.side {
            Side::Simulated(_) => Vec::new(),
            Side::Foreign(foreign) => foreign.unused().await,
        }
    }

    /// Whether the gaps between attempts at a creation really pass: in a
    /// simulated world all of them do, on its own clock.
    pub fn real_gaps(&self) -> bool {
        match &self.side {
            Side::Simulated(_) => true,
            Side::Foreign(foreign) => foreign.real_gaps(),
        }
    }

    /// Whether the subject is the simulated vendor.
    pub fn is_simulated(&self) -> bool {
        matches!(self.side, Side::Simulated(_))
    }

    /// Whether the subject is reached over loopback.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.api_url)
    }

    /// The address that calls go to, for criteria on the connection.
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// A name for the `nth` thing of this scenario; bears the run's name.
    pub fn name(&self, what: &str) -> String {
        let nth = self.names.fetch_add(1, Ordering::Relaxed);
        match nth {
            0 => format!("{} {what}", self.run),
            more => format!("{} {what} {}", self.run, more + 1),
        }
    }
}

impl Instruments for Bench {
    fn clock(&self) -> &Clock {
        &self.inlet.clocks().harness
    }

    fn waited(&self) -> Waited {
        match &self.side {
            Side::Simulated(_) => Waited::default(),
            Side::Foreign(foreign) => foreign.waited(),
        }
    }
}

/// Whether an address leads to this machine.
pub fn is_loopback(address: &str) -> bool {
    let url = url::Url::parse(address);
    url.is_ok_and(|url| url.host().is_some_and(|host| vocabulary::is_loopback(&host)))
}

/// The address of the server `api`, or of the first.
fn api_of(connection: &Connection) -> String {
    let api = connection.servers.get("api").or_else(|| connection.servers.values().next());
    api.cloned().unwrap_or_default()
}
