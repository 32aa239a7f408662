//! A run as a whole.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Capability, CriterionResult, Exchange, FunctionAnswer, LimitedLock, Origins};
use crate::harness::criterion::{CertificationLevel, CriterionId};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

/// The name and version of the report's schema.
pub const SCHEMA: &str = "lockstep.report/1";

/// A finished (or interrupted) run. Serialised as `report.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// `lock-vendor`.
    pub programme: String,
    /// `certify` or `run`.
    pub mode: Mode,
    /// Whether the subject was the simulated vendor: a rehearsal never certifies.
    pub rehearsal: bool,
    /// The name of the run, borne by everything that it created.
    pub run: String,
    /// When it began and ended, on the machine's clock.
    #[schemars(with = "String")]
    pub started: Instant,
    /// See `started`.
    #[schemars(with = "String")]
    pub finished: Instant,
    /// The seed of everything random.
    pub seed: u64,
    /// Who was judged.
    pub subject: Subject,
    /// By what.
    pub suite: Suite,
    /// The worst that decides: what the exit code says.
    pub verdict: Verdict,
    /// The level asked for.
    pub asked: CertificationLevel,
    /// The level reached.
    pub level: CertificationLevel,
    /// The decision in one or two sentences for a business reader.
    pub decision: String,
    /// Every exit code that applies, the one returned first.
    pub exit_codes: Vec<u8>,
    /// Criteria that the run set out to judge.
    pub planned: usize,
    /// Criteria that were given a verdict: by running all their scenarios, or by
    /// the statement, an attestation, or what the subject lacks. Left out are
    /// those that nobody selected and those that an interruption cut off.
    pub executed: usize,
    /// Why the run ended early, where it did.
    pub interrupted: Option<String>,
    /// What the vendor says it can do, function by function.
    pub statement: Vec<FunctionAnswer>,
    /// What holds of it: function by function and ability by ability, declared
    /// against observed.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Where the profile says that what it states of the vendor is from: nothing
    /// where it does not say so.
    #[serde(default)]
    pub origins: Origins,
    /// Locks that by their own data cannot do what others can.
    #[serde(default)]
    pub limited_locks: Vec<LimitedLock>,
    /// Every criterion, in order of id.
    pub criteria: Vec<CriterionResult>,
    /// Every exchange, in order of time, with secrets masked.
    pub exchanges: Vec<Exchange>,
    /// Things that the run created and could not remove.
    pub leftovers: Vec<Leftover>,
    /// Faults that were injected, and how often each took effect.
    pub faults: Vec<FaultAccount>,
    /// Shortcomings that somebody accepts for a time, and what became of each.
    #[serde(default)]
    pub waivers: Vec<WaiverAccount>,
    /// Readings taken where Inlet's document leaves room, quoted for the reader.
    pub readings: Vec<String>,
}

/// How free the run was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Locked: every applicable criterion, no filter.
    Certify,
    /// Free selection; never a certification.
    Run,
}

/// Who was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The profile's short name.
    pub name: String,
    /// The product's name for people.
    pub title: String,
    /// Who makes it.
    pub vendor: String,
    /// The version of its API.
    pub version: String,
    /// Where it was reached: an address, or `embedded simulator`.
    pub target: String,
    /// SHA-256 of the profile.
    pub profile_digest: String,
}

/// By what it was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suite {
    /// Version of Lockstep.
    pub version: String,
    /// SHA-256 over criteria and features.
    pub digest: String,
}

/// A thing that the run created and could not remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leftover {
    /// `PIN access`, `mobile key`, `user`, `hold`.
    pub what: String,
    /// The vendor's id.
    pub id: String,
    /// Where: the lock or group.
    pub place: String,
    /// Why it is still there.
    pub why: String,
}

/// A fault that was injected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FaultAccount {
    /// The criterion that asked for it.
    pub criterion: Option<CriterionId>,
    /// What it does and where.
    pub fault: String,
    /// How often it was to take effect.
    pub injected: u32,
    /// How often it did.
    pub consumed: u32,
}

/// A shortcoming that somebody accepts for a time, as the run was told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverAccount {
    /// The criterion.
    pub criterion: CriterionId,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds, in UTC.
    #[schemars(with = "String")]
    pub expires: jiff::civil::Date,
    /// The verdict in whose place “waived” stands; none where it covered nothing.
    pub covers: Option<Verdict>,
    /// Why it is stale, where it is.
    pub stale: Option<String>,
}

/// The programme by which partners are judged.
pub const PARTNERS: &str = "inlet-partner";

impl Report {
    /// Whether it is about a partner and not about a lock vendor.
    pub fn is_of_partner(&self) -> bool {
        self.programme == PARTNERS
    }

    /// How many criteria have each verdict.
    pub fn tally(&self) -> BTreeMap<Verdict, usize> {
        let mut tally = BTreeMap::new();
        for criterion in &self.criteria {
            *tally.entry(criterion.verdict).or_default() += 1;
        }
        tally
    }
}
