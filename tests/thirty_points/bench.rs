//! A fictitious vendor simulated, and the integration against it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lockstep::harness::evidence::Recorder;
use lockstep::harness::integration::{Clocks, Connection, Contact, Integration, PinRequest, Scope, Timeouts};
use lockstep::simulator::{Control, Fleet, Options, Simulator};
use lockstep::vendors::dialect::Dialect;
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::{Clock, Instant, LockId, RunName, Window};

/// 1 March 2026, noon.
const NOON: i64 = 1_772_366_400_000;

/// A simulated vendor with Inlet's side of it.
pub struct Bench {
    pub simulator: Simulator,
    pub integration: Integration,
    pub clock: Clock,
    pub recorder: Recorder,
}

/// A fictitious dialect by its name.
pub fn dialect(name: &str) -> Arc<Dialect> {
    let file = format!("{}/vendors/locks/test/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    profile::load(&file).unwrap_or_else(|errors| panic!("{}", profile::render(&errors)))
}

/// The same with one text of its profile replaced.
pub fn altered(name: &str, from: &str, to: &str) -> Arc<Dialect> {
    let file = format!("{}/vendors/locks/test/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from}");
    profile::compile(&file, &text.replace(from, to))
        .unwrap_or_else(|errors| panic!("{}", profile::render(&errors)))
}

impl Bench {
    pub async fn of(name: &str) -> Self {
        Self::with(dialect(name)).await
    }

    /// A dialect with one text of its profile replaced.
    pub async fn altered(name: &str, from: &str, to: &str) -> Self {
        Self::with(altered(name, from, to)).await
    }

    pub async fn with(dialect: Arc<Dialect>) -> Self {
        Self::given(dialect, &[]).await
    }

    /// With other addresses for some of the servers.
    pub async fn given(dialect: Arc<Dialect>, addresses: &[(&str, &str)]) -> Self {
        let clock = Clock::stepped(Instant::from_epoch_ms(NOON));
        let simulator = Simulator::start(Options {
            dialect: dialect.clone(),
            seed: 7,
            clock: clock.clone(),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        })
        .await
        .unwrap();
        let mut servers: BTreeMap<String, String> =
            dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
        servers.extend(addresses.iter().map(|(name, address)| ((*name).to_owned(), (*address).to_owned())));
        let connection = Connection {
            servers,
            secrets: simulator.control().secrets().into_iter().collect(),
            settings: simulator.control().settings().into_iter().collect(),
        };
        let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
        let recorder = Recorder::new();
        let run = RunName::new("t1");
        let integration =
            Integration::new(dialect, connection, clocks, Timeouts::default(), run, recorder.clone())
                .unwrap();
        Self { simulator, integration, clock, recorder }
    }

    pub fn control(&self) -> &Control {
        self.simulator.control()
    }

    /// The nth lock that is reachable and free.
    pub fn lock(&self, n: usize) -> LockId {
        self.control().fixture().free_locks[n].clone()
    }

    /// A PIN for the first lock, for two hours from the next full hour on.
    pub fn pin_request(&self) -> PinRequest {
        let from = self.clock.now().ceil(Duration::from_secs(3600)) + Duration::from_secs(3600);
        PinRequest {
            user: Contact { reference: "ref-1".into(), name: Some("Guest".into()), email: None },
            scope: Scope::Locks(vec![self.lock(0)]),
            window: Window::new(from, from + Duration::from_secs(7200)),
            pin: None,
            name: "stay".into(),
        }
    }

    /// The operations of the exchanges so far, in order.
    pub fn asked(&self) -> Vec<String> {
        self.recorder.exchanges().into_iter().map(|exchange| exchange.operation).collect()
    }
}
