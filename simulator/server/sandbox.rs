//! Everything that belongs to one world.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::courier::Outbox;
use super::journal::Journal;
use super::known::{Known, known_operations};
use super::rate::RateGates;
use crate::simulator::fault_plan::FaultPlan;
use crate::simulator::misbehaviour::{Misbehaviour, Twist};
use crate::simulator::world::{Setup, World};
use crate::simulator::{Fleet, Variation};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::RateLimit;
use crate::vendors::vocabulary::{Clock, Datum, Facts, Field, Meaning, Secret};
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
    /// Answers of reads, for stale ones.
    pub reads: HashMap<String, ReadAnswers>,
    /// Values of the vendor's own fields, made when first needed.
    pub own: Facts,
    /// Names of requests that came, where they bear one.
    pub nonces: HashSet<String>,
    /// Its callbacks.
    pub outbox: Outbox,
    /// Tokens whose session was begun as the profile says.
    pub begun: HashSet<Secret>,
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
        let state = fresh(&options);
        let mut secrets = Facts::new();
        for (name, secret) in state.world.secrets() {
            secrets.set(Field::Secret(name.as_str().into()), Datum::Secret(secret.clone()));
        }
        // The zone of a lock is known once the request has said which.
        secrets.set(Field::LockZone, Datum::text(""));
        let (courier, news) = (tokio::sync::Mutex::new(()), tokio::sync::Notify::new());
        Self { options, known, bases, secrets, state: Mutex::new(state), courier, news }
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
        *self.state() = fresh(&self.options);
    }

    /// What changes in it.
    pub fn state(&self) -> MutexGuard<'_, SandboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

fn fresh(options: &SandboxOptions) -> SandboxState {
    let mut limits = options.dialect.limits.clone();
    let rules = &options.fleet.rules;
    limits.codes_per_lock = rules.codes_per_lock.or(limits.codes_per_lock);
    limits.rate = rules.rate.map(|(calls, per)| RateLimit { calls, per }).or(limits.rate);
    let rate = RateGates::new(&limits, options.clock.now());
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
        rate,
        reads: HashMap::new(),
        own: Facts::new(),
        nonces: HashSet::new(),
        outbox: Outbox::default(),
        begun: HashSet::new(),
    }
}
