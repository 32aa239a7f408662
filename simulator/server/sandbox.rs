//! Everything that belongs to one world.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::courier::Outbox;
use super::journal::Journal;
use super::known::{Known, known_operations};
use super::pending::UnderWay;
use super::plays::Plays;
use super::rate::RateGates;
use super::signed::Wrong;
use super::watched::StateGuard;
use crate::simulator::fault_plan::FaultPlan;
use crate::simulator::misbehaviour::{Misbehaviour, Twist};
use crate::simulator::recent::Recent;
use crate::simulator::world::{Setup, World};
use crate::simulator::{Fleet, Variation};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::RateLimit;
use crate::vendors::vocabulary::{Clock, Datum, Facts, FailureKind, Field, Meaning, Secret};
use crate::vendors::wire::WireResponse;

/// What a sandbox is made from.
#[derive(Clone)]
pub struct SandboxOptions {
    /// Its name, which is also its address in a host of many.
    pub name: String,
    /// How the vendor speaks.
    pub dialect: Arc<Dialect>,
    /// Seed of everything random.
    pub seed: u64,
    /// The clock.
    pub clock: Clock,
    /// What stands in the world.
    pub fleet: Fleet,
    /// How the vendor breaks its promises.
    pub misbehaviour: Option<&'static Misbehaviour>,
    /// How the vendor is unusual but right.
    pub variation: Option<Variation>,
}

/// One world with its dialect, its faults and its journal.
pub struct Sandbox {
    options: SandboxOptions,
    pub(super) known: Vec<Known>,
    /// Base paths of the servers, longest first.
    pub(super) bases: Vec<Arc<str>>,
    /// The world's secrets, against which digests in requests are verified.
    pub(super) secrets: Facts,
    state: Mutex<SandboxState>,
    /// Grows with every change, whoever makes it.
    changes: watch::Sender<u64>,
    retired: AtomicBool,
    plays: Plays,
    /// Held by who carries callbacks.
    pub(super) courier: tokio::sync::Mutex<()>,
    /// Tells that something may have happened that is told.
    pub(super) news: tokio::sync::Notify,
}

/// What changes in a sandbox.
pub struct SandboxState {
    /// The world.
    pub world: World,
    /// Its faults.
    pub faults: FaultPlan,
    /// Its exchanges.
    pub journal: Journal,
    /// Its documented rate limits.
    pub rate: RateGates,
    /// What it refused by its own rules, faults apart, and how often.
    pub refused: BTreeMap<FailureKind, u64>,
    /// Wrong signatures in a row, where too many block them.
    pub wrong: Wrong,
    /// Commands under way, where the vendor takes so many at once only.
    pub under_way: UnderWay,
    /// Answers of reads, for stale ones.
    pub reads: HashMap<String, ReadAnswers>,
    /// The operation that began each job.
    pub starters: Recent<String, Arc<str>>,
    /// Values of the vendor's own fields, made when first needed.
    pub own: Facts,
    /// Names of requests that came, where they bear one.
    pub nonces: Recent<String>,
    /// Its callbacks.
    pub outbox: Outbox,
    /// Tokens whose session was begun as the profile says.
    pub begun: Recent<Secret>,
    /// Which making of the world this is: another number for every world, also
    /// one of the same name in another process, and one more at every reset.
    pub generation: u64,
}

impl SandboxState {
    /// Counts what is refused by the world's own rules.
    pub(super) fn count_refusal(&mut self, kind: FailureKind) {
        *self.refused.entry(kind).or_default() += 1;
    }
}

/// What one read answered.
#[derive(Clone, Debug)]
pub struct ReadAnswers {
    /// The world's revision at the latest answer.
    pub revision: u64,
    /// The latest answer.
    pub latest: WireResponse,
    /// The answer before the change that came before the latest.
    pub before: Option<WireResponse>,
}

impl Sandbox {
    /// Makes a world with everything around it.
    pub fn new(options: SandboxOptions) -> Self {
        let known = known_operations(&options.dialect);
        let mut bases: Vec<Arc<str>> = known.iter().map(|operation| operation.base.clone()).collect();
        bases.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
        bases.dedup();
        let state = SandboxState { generation: first_generation(), ..fresh(&options) };
        let mut secrets = Facts::new();
        for (name, secret) in state.world.secrets() {
            secrets.set(Field::Secret(name.as_str().into()), Datum::Secret(secret.clone()));
        }
        // The zone of a lock is known once the request has said which.
        secrets.set(Field::LockZone, Datum::text(""));
        Self {
            options,
            known,
            bases,
            secrets,
            state: Mutex::new(state),
            courier: tokio::sync::Mutex::new(()),
            news: tokio::sync::Notify::new(),
            changes: watch::Sender::new(0),
            retired: AtomicBool::new(false),
            plays: Plays::default(),
        }
    }

    /// What it was made from.
    pub fn options(&self) -> &SandboxOptions {
        &self.options
    }

    /// How its vendor speaks.
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.options.dialect
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// Makes everything anew, as a whole, under the same seed. Time does not
    /// go back.
    pub fn reset(&self) {
        self.plays.stop();
        let mut state = self.state();
        let generation = state.generation + 1;
        *state = SandboxState { generation, ..fresh(&self.options) };
    }

    /// What changes in it. Whoever watches is told when the guard is dropped and
    /// something is not as it was.
    pub fn state(&self) -> StateGuard<'_> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        StateGuard::new(state, &self.changes, &self.options.clock)
    }

    /// The scenarios that play in it; a reset stops them.
    pub fn plays(&self) -> &Plays {
        &self.plays
    }

    /// Tells of every change from now on, many at once as one.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Tells whoever watches to look again.
    pub fn touch(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// Tells whoever watches that the world is gone.
    pub fn retire(&self) {
        self.plays.stop();
        self.retired.store(true, Ordering::SeqCst);
        self.touch();
    }

    /// Whether the world was taken away.
    pub fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }

    /// The settings that the profile asks for.
    pub fn settings(&self) -> Vec<(String, String)> {
        let value = |name: &str| format!("{name}-{}", self.options.name);
        self.options.dialect.settings.iter().map(|(name, _)| (name.clone(), value(name))).collect()
    }

    /// What digests and signatures in requests are verified against.
    pub(super) fn known_facts(&self) -> Facts {
        let mut known = self.setting_facts();
        known.merge(&self.secrets);
        known.with(Field::Now, Datum::Instant(self.clock().now()))
    }

    pub(super) fn setting_facts(&self) -> Facts {
        let mut facts = Facts::new();
        for (name, value) in self.settings() {
            facts.set(Field::Setting(name.as_str().into()), Datum::text(value));
        }
        facts
    }
}

/// A number of at most 14 digits that no other world has.
fn first_generation() -> u64 {
    RandomState::new().build_hasher().finish() % 100_000_000_000_000
}

fn fresh(options: &SandboxOptions) -> SandboxState {
    let mut limits = options.dialect.limits.clone();
    let rules = &options.fleet.rules;
    limits.codes_per_lock = rules.codes_per_lock.or(limits.codes_per_lock);
    limits.rate = rules.rate.map(|(calls, per)| RateLimit { calls, per }).or(limits.rate);
    let rate = RateGates::new(&limits, options.clock.now());
    let under_way = UnderWay::new(&limits.pending);
    let quirk = options.misbehaviour.and_then(|misbehaviour| match misbehaviour.twist {
        Twist::World(quirk) => Some(quirk),
        _ => None,
    });
    let mut world = World::new(Setup {
        clock: options.clock.clone(),
        limits,
        seed: options.seed,
        fleet: options.fleet.clone(),
        secrets: options.dialect.secrets.iter().map(|(name, _)| name.clone()).collect(),
        needs_schedule: options
            .dialect
            .operations()
            .iter()
            .any(|operation| operation.meaning() == Meaning::SetSchedule),
        quirk,
        variation: options.variation,
    });
    world.set_token_rules(rules.token_life.or(options.dialect.auth.life), options.dialect.auth.rotates);
    SandboxState {
        world,
        faults: FaultPlan::new(options.seed),
        journal: Journal::default(),
        wrong: Wrong::default(),
        rate,
        refused: BTreeMap::new(),
        reads: HashMap::new(),
        under_way,
        starters: Recent::default(),
        own: Facts::new(),
        nonces: Recent::default(),
        outbox: Outbox::default(),
        begun: Recent::default(),
        generation: 0,
    }
}
