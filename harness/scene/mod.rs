//! Scenarios as tests: our integration, driven as Inlet would drive it, against
//! a simulated vendor on whose world a scenario is played.
//!
//! ```text
//! scenario ─► course: world, doors, bookings, looks, in the order of their time
//!                │        │        │        └─► watch: state of locks ─► notices
//!                │        │        └─► desk: PINs made, tried again, escalated
//!                │        └─► guests type at keypads
//!                └─► record ─► what was expected, held against it
//! ```
//!
//! Everything is one task on the world's clock, over real loopback HTTP. A
//! scenario names no vendor; what a vendor cannot do makes it not applicable.

mod claims;
mod course;
mod crowd;
mod desk;
mod listen;
mod needs;
mod outcome;
mod record;
mod skew;
#[cfg(test)]
mod tests;
mod under_way;
mod watch;

pub use claims::span;
pub use outcome::{Holding, Outcome};
pub use record::{Booking, DoorTry, Record, Told};

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use under_way::Scene;

use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration, Retries, Timeouts};
use crate::simulator::{Fleet, Misbehaviour, Options, Scenario, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, RunName};

/// The seed of scenarios that name none.
const SEED: u64 = 1;

/// Against whom, and as whom, scenarios are run.
#[derive(Clone)]
pub struct ScenePlan {
    /// How the simulated vendor speaks.
    pub dialect: Arc<Dialect>,
    /// How it breaks its promises, to show that an expectation can fail.
    pub misbehaviour: Option<&'static Misbehaviour>,
    /// Whether our side keeps Inlet's rule of retrying.
    pub is_persistent: bool,
    /// The seed; that of the scenario, unless given.
    pub seed: Option<u64>,
}

impl ScenePlan {
    /// A well-behaved vendor, and our side as it is.
    pub fn new(dialect: Arc<Dialect>) -> Self {
        Self { dialect, misbehaviour: None, is_persistent: true, seed: None }
    }
}

/// Runs a scenario. Errors, for people, where the simulated vendor cannot be started.
pub async fn run(scenario: Arc<Scenario>, plan: &ScenePlan) -> Result<Outcome, String> {
    let began = std::time::Instant::now();
    if let Some(why) = needs::missing(&plan.dialect, &scenario) {
        return Ok(Outcome::without(&scenario, Holding::NotApplicable(why)));
    }
    if scenario.expect.is_empty() {
        return Ok(Outcome::without(&scenario, Holding::Vacuous));
    }
    let scenario = needs::as_played(&plan.dialect, scenario);
    let clock = Clock::stepped(scenario.start);
    let seed = plan.seed.or(scenario.seed).unwrap_or(SEED);
    let simulator = Simulator::start(Options {
        dialect: Arc::clone(&plan.dialect),
        seed,
        clock: clock.clone(),
        fleet: Fleet::of(&scenario),
        misbehaviour: plan.misbehaviour,
        variation: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    })
    .await
    .map_err(|why| format!("the simulated vendor could not be started: {why}"))?;
    let recorder = Recorder::new();
    let inlet = inlet(plan, &simulator, &clock, seed, &recorder)?;
    let scene = Arc::new(Scene::new(scenario, simulator.control().clone(), inlet, recorder));
    clock.drive(course::run(Arc::clone(&scene))).await;
    let broken = claims::broken(&scene);
    let holding = match (broken.is_empty(), scene.recorder.mark()) {
        (false, _) => Holding::NotHeld(broken),
        (true, 0) => Holding::NothingRun,
        (true, _) => Holding::Held,
    };
    Ok(Outcome::of(&scene, holding, began.elapsed()))
}

fn inlet(
    plan: &ScenePlan,
    simulator: &Simulator,
    clock: &Clock,
    seed: u64,
    recorder: &Recorder,
) -> Result<Integration, String> {
    let dialect = &plan.dialect;
    let servers = dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
    let connection = Connection {
        servers,
        secrets: simulator.control().secrets().into_iter().collect(),
        settings: simulator.control().settings().into_iter().collect(),
    };
    let integration = Integration::new(
        Arc::clone(dialect),
        connection,
        Clocks { harness: clock.clone(), subject: clock.clone() },
        Timeouts::allowing(&dialect.limits.delays),
        RunName::new(format!("s{seed}")),
        recorder.clone(),
    );
    let integration = integration.and_then(|integration| integration.keeping_connections());
    let integration = integration.map_err(|failure| failure.to_string())?;
    let retries = if plan.is_persistent { Retries::InletRule { seed } } else { Retries::Off };
    Ok(integration.with_retries(retries))
}
