//! A bench over a simulated world of its own.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::{Bench, Side, api_of};
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration, Timeouts};
use crate::harness::result::FaultAccount;
use crate::simulator::{Account, Fleet, Misbehaviour, Options, Simulator, Variation};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, Instant, RunName};

/// The instant at which every simulated world begins: 2027-03-01, 09:00 UTC.
const BEGINNING_MS: i64 = 1_803_891_600_000;

/// How a simulated subject is set up for each scenario.
#[derive(Clone, Debug)]
pub struct SimulatedPlan {
    /// How it speaks.
    pub dialect: Arc<Dialect>,
    /// How it breaks its promises.
    pub misbehaviour: Option<&'static Misbehaviour>,
    /// How it is unusual but right.
    pub variation: Option<Variation>,
    /// Seed of everything random in its world.
    pub seed: u64,
}

impl Bench {
    /// A fresh world with the fixture's fleet, at its beginning. Errors, for
    /// people, when it cannot be started.
    pub async fn simulated(plan: &SimulatedPlan, run: RunName, recorder: Recorder) -> Result<Self, String> {
        let clock = Clock::stepped(Instant::from_epoch_ms(BEGINNING_MS));
        let simulator = Simulator::start(Options {
            dialect: Arc::clone(&plan.dialect),
            seed: plan.seed,
            clock: clock.clone(),
            fleet: Fleet::fixture(),
            misbehaviour: plan.misbehaviour,
            variation: plan.variation,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        })
        .await
        .map_err(|why| format!("the simulated vendor could not be started: {why}"))?;
        let servers: BTreeMap<String, String> =
            plan.dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
        let connection = Connection {
            servers,
            secrets: simulator.control().secrets().into_iter().collect(),
            settings: simulator.control().settings().into_iter().collect(),
        };
        let api_url = api_of(&connection);
        let inlet = Integration::new(
            Arc::clone(&plan.dialect),
            connection,
            Clocks { harness: clock.clone(), subject: clock },
            Timeouts::allowing(&plan.dialect.limits.delays),
            run.clone(),
            recorder.clone(),
        )
        .map_err(|failure| failure.to_string())?;
        Ok(Self::new(inlet, recorder, run, api_url, Side::Simulated(Box::new(simulator))))
    }
}

/// A fault's account in the words of the report.
pub(super) fn told(account: &Account, criterion: Option<CriterionId>) -> FaultAccount {
    FaultAccount {
        criterion,
        fault: account.fault.to_string(),
        injected: account.fault.schedule.times.unwrap_or(1),
        consumed: account.consumed,
    }
}
